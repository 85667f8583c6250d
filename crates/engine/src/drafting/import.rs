//! Taking in a file of rules: all of them, or none.

use std::collections::{BTreeMap, BTreeSet};

use api::{ApiError, ErrorCode};
use model::rule::{Finding, FindingKind, MOST_RULES, Path, RuleBody, RuleFileEntry};
use model::{Moment, RuleId};

use super::{file, is_error};
use crate::rules::Rules;
use crate::rules::check::{self, OtherRules};
use crate::{Effect, Engine};

/// Most findings that are told of a file.
const MOST_TOLD: usize = 200;

/// The rules of the home, and those of a file beside them.
struct Together<'a> {
    home: &'a Rules,
    file: BTreeMap<&'a RuleId, &'a RuleBody>,
}

impl OtherRules for Together<'_> {
    fn body(&self, id: &RuleId) -> Option<&RuleBody> {
        self.file.get(id).copied().or_else(|| self.home.body(id))
    }

    fn bodies(&self) -> Box<dyn Iterator<Item = (&RuleId, &RuleBody)> + '_> {
        let file = self.file.iter().map(|(id, body)| (*id, *body));
        Box::new(self.home.bodies().chain(file))
    }
}

impl Engine {
    /// Takes in a file; the ids that its rules have here.
    pub(super) fn import(
        &mut self,
        text: &str,
        now: Moment,
        out: &mut Vec<Effect>,
    ) -> Result<Vec<RuleId>, ApiError> {
        let entries = self.settled(file::read(text)?.rules)?;
        let refused = self.refused(&entries);
        if !refused.is_empty() {
            let words = "not all rules of the file can be saved like this, so none was";
            return Err(ApiError::new(ErrorCode::RuleRefused(refused), words));
        }
        let added = entries.iter().map(|it| it.id.clone()).collect();
        for RuleFileEntry { id, enabled, body } in entries {
            self.let_rules(now, out, |rules, world| rules.save(id, body, enabled, world, now));
        }
        Ok(added)
    }

    /// The rules of a file under ids that are free here, and naming each other by these.
    fn settled(&self, mut entries: Vec<RuleFileEntry>) -> Result<Vec<RuleFileEntry>, ApiError> {
        let mut taken: BTreeSet<RuleId> = BTreeSet::new();
        for entry in &entries {
            if !taken.insert(entry.id.clone()) {
                let words = format!("two rules of the file have the id `{}`", entry.id);
                return Err(file::unreadable(&words));
            }
        }
        let mut new = BTreeMap::new();
        for entry in entries.iter().filter(|it| self.rules.rule(&it.id).is_some()) {
            let is_taken = |id: &RuleId| taken.contains(id) || self.rules.rule(id).is_some();
            let id = file::free_id(&entry.id, &is_taken);
            taken.insert(id.clone());
            new.insert(entry.id.clone(), id);
        }
        for entry in &mut entries {
            if let Some(id) = new.get(&entry.id) {
                entry.id = id.clone();
            }
            file::rename(&mut entry.body, &new);
        }
        Ok(entries)
    }

    /// What keeps rules of a file from being saved, and which.
    fn refused(&self, entries: &[RuleFileEntry]) -> Vec<(u32, Finding)> {
        let room = MOST_RULES.saturating_sub(self.rules.count());
        if entries.len() > room {
            let most = u32::try_from(MOST_RULES).unwrap_or(u32::MAX);
            let finding = Finding { at: Path::default(), kind: FindingKind::TooMany(most) };
            return vec![(u32::try_from(room).unwrap_or(u32::MAX), finding)];
        }
        let file = entries.iter().map(|it| (&it.id, &it.body)).collect();
        let together = Together { home: &self.rules, file };
        let alone = (0..).zip(entries).flat_map(|(index, it)| {
            let found = check::alone(&it.id, &it.body, self, &together);
            found.into_iter().filter(is_error).map(move |finding| (index, finding))
        });
        let mut refused: Vec<(u32, Finding)> = alone.take(MOST_TOLD).collect();
        // What is too deep or not there has been found by now, so the ways between rules are sound.
        if refused.is_empty() {
            let suspects = check::suspects(&together);
            let circle = (0..).zip(entries).find_map(|(index, it)| {
                let circle = || check::circle(&it.id, &it.body, &together);
                suspects.contains(&it.id).then(circle).flatten().map(|found| (index, found))
            });
            refused.extend(circle);
        }
        refused
    }
}

//! The rules of a home by what they listen to, do and are called, so that a rule is held against
//! those alone that have to do with it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::rule::RuleBody;
use model::{Name, RuleId};

use crate::rules::World;

/// The rules of a home, for the linter. To be told of every rule that is saved, enabled, disabled or
/// removed, and made anew when roles, rooms, groups or scenes have changed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Neighbours {
    rules: BTreeMap<RuleId, Neighbour>,
    by_name: BTreeMap<String, BTreeSet<RuleId>>,
}

#[derive(Debug, Clone)]
struct Neighbour {
    body: Arc<RuleBody>,
}

impl Neighbours {
    /// Takes up a rule, in place of what it said before. One that is not enabled does nothing, so it
    /// only has its name.
    pub(crate) fn put(
        &mut self,
        id: &RuleId,
        _is_enabled: bool,
        body: &Arc<RuleBody>,
        _world: &dyn World,
    ) {
        self.forget(id);
        self.by_name.entry(spoken(&body.name)).or_default().insert(id.clone());
        self.rules.insert(id.clone(), Neighbour { body: Arc::clone(body) });
    }

    /// Forgets a rule.
    pub(crate) fn forget(&mut self, id: &RuleId) {
        let Some(neighbour) = self.rules.remove(id) else { return };
        if let Some(ids) = self.by_name.get_mut(&spoken(&neighbour.body.name)) {
            ids.remove(id);
        }
    }

    /// The rules of that name, by id.
    pub(super) fn namesakes(&self, name: &Name) -> impl Iterator<Item = &RuleId> {
        self.by_name.get(&spoken(name)).into_iter().flatten()
    }
}

/// A name as it is heard: capital or small is the same.
fn spoken(name: &Name) -> String {
    name.as_str().to_lowercase()
}

//! Conditions that can never hold, and conditions that always do.

use model::rule::{Condition, FindingKind, Path, PathPart};

use super::logic::{Literal, flat, never};
use super::{Draft, phrases};

impl Draft<'_> {
    pub(super) fn truths(&mut self) {
        for (_, parts) in phrases::questions(self.body) {
            self.all(parts);
        }
    }

    /// What has to hold together.
    fn all(&mut self, parts: Vec<(Path, &Condition)>) {
        let parts = flat(parts.into_iter().map(|(at, it)| (at, Literal::yes(it))));
        let clash = never(parts.iter().map(|(_, literal)| *literal));
        if let Some((at, _)) = clash.and_then(|index| parts.get(index)) {
            self.find(at, FindingKind::NeverHolds);
        }
        for (at, literal) in parts {
            self.one(&at, literal);
        }
    }

    /// One part that could not be taken apart.
    fn one(&mut self, at: &Path, literal: Literal<'_>) {
        match literal.condition {
            Condition::All(parts) if parts.is_empty() => self.find(at, FindingKind::AlwaysHolds),
            Condition::Any(parts) if parts.is_empty() => self.find(at, FindingKind::NeverHolds),
            Condition::All(parts) => self.all(numbered(at, parts)),
            Condition::Any(parts) => self.any(at, numbered(at, parts)),
            Condition::Time { after: None, before: None, on } if on.is_every_day() => {
                self.find(at, FindingKind::AlwaysHolds);
            }
            Condition::Not(_)
            | Condition::State { .. }
            | Condition::Number { .. }
            | Condition::Time { .. }
            | Condition::Sun { .. }
            | Condition::Home(_)
            | Condition::Away(_)
            | Condition::Variable { .. }
            | Condition::Reachable { .. } => {}
        }
    }

    /// At least one of these holds always when none of them can never be so.
    fn any(&mut self, at: &Path, parts: Vec<(Path, &Condition)>) {
        let none =
            parts.iter().map(|(at, condition)| (at.clone(), Literal { condition, holds: false }));
        if never(flat(none).into_iter().map(|(_, literal)| literal)).is_some() {
            self.find(at, FindingKind::AlwaysHolds);
        }
        for part in parts {
            self.all(vec![part]);
        }
    }
}

fn numbered<'a>(at: &Path, parts: &'a [Condition]) -> Vec<(Path, &'a Condition)> {
    (0..).zip(parts).map(|(index, it)| (at.then(PathPart::Condition(index)), it)).collect()
}

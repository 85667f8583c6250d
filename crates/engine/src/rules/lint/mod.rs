//! What is doubtful about a rule: it hardly does what is meant, or may be meant otherwise.
//!
//! Speaks of a rule in the home as it is, beside the rules that are there. Never refuses anything:
//! what keeps a rule from being saved is [`super::check`]'s. What the linter doubts can be meant so;
//! what it cannot prove it leaves unsaid.

mod clocks;
mod contradictions;
mod effects;
mod events;
mod flow;
mod hardware;
mod logic;
mod loops;
mod neighbours;
mod offs;
mod phrases;
mod shadows;
#[cfg(test)]
mod tests;
mod truth;
mod week;

use model::rule::{Finding, FindingKind, Path, RuleBody};
use model::{RuleId, Timestamp};

pub(crate) use contradictions::opposes;
pub(crate) use neighbours::Neighbours;

use super::World;
use super::check::MOST_FINDINGS;
use effects::Effects;

/// What is doubtful about a rule that can be saved, in the order of the rule; at most
/// [`MOST_FINDINGS`]. Costs what the rule and those that have to do with the same things cost, not
/// what all do.
pub(crate) fn lint(
    id: &RuleId,
    body: &RuleBody,
    world: &dyn World,
    neighbours: &Neighbours,
    now: Timestamp,
) -> Vec<Finding> {
    let effects = Effects::of(body, world);
    let mut draft = Draft { id, body, world, neighbours, effects, findings: Vec::new() };
    draft.namesakes();
    draft.hardware();
    draft.truths();
    draft.flow();
    draft.shadows();
    draft.clocks(now);
    draft.offs();
    draft.contradictions();
    draft.loops();
    draft.told()
}

/// A rule being looked at.
struct Draft<'a> {
    id: &'a RuleId,
    body: &'a RuleBody,
    world: &'a dyn World,
    neighbours: &'a Neighbours,
    effects: Effects<'a>,
    findings: Vec<Finding>,
}

impl Draft<'_> {
    fn find(&mut self, at: &Path, kind: FindingKind) {
        let finding = Finding { at: at.clone(), kind };
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }

    fn find_all(&mut self, findings: impl IntoIterator<Item = (Path, FindingKind)>) {
        for (at, kind) in findings {
            self.find(&at, kind);
        }
    }

    fn namesakes(&mut self) {
        let mut others = self.neighbours.namesakes(&self.body.name);
        let first = others.find(|other| *other != self.id).cloned();
        self.find_all(first.map(|other| (Path::default(), FindingKind::SameName(other))));
    }

    fn told(mut self) -> Vec<Finding> {
        self.findings.sort_by(|one, other| one.at.cmp(&other.at));
        self.findings.truncate(MOST_FINDINGS);
        self.findings
    }
}

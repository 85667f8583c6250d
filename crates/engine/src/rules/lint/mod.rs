//! What is doubtful about a rule: it hardly does what is meant, or may be meant otherwise.
//!
//! Speaks of a rule in the home as it is, beside the rules that are there. Never refuses anything:
//! what keeps a rule from being saved is [`super::check`]'s. What the linter doubts can be wrong;
//! what it cannot prove it leaves unsaid.

mod neighbours;

use model::rule::{Finding, FindingKind, Path, RuleBody};
use model::{RuleId, Timestamp};

pub(crate) use neighbours::Neighbours;

use super::World;
use super::check::MOST_FINDINGS;

/// What is doubtful about a rule that can be saved, in the order of the rule; at most
/// [`MOST_FINDINGS`]. Costs what the rule and those that touch the same things cost, not what all
/// do.
pub(crate) fn lint(
    id: &RuleId,
    body: &RuleBody,
    _world: &dyn World,
    neighbours: &Neighbours,
    _now: Timestamp,
) -> Vec<Finding> {
    let mut findings: Vec<Finding> = neighbours
        .namesakes(&body.name)
        .filter(|other| *other != id)
        .map(|other| Finding { at: Path::default(), kind: FindingKind::SameName(other.clone()) })
        .collect();
    findings.truncate(MOST_FINDINGS);
    findings
}

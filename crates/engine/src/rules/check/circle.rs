//! Rules that run each other in a circle, with nothing to stop them: no wait, no condition, no way
//! out. What may stop by itself is the linter's to doubt.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use model::rule::{Path, PathPart, Repetition, RuleBody, Step, Trigger};
use model::{Name, RuleId};

use super::OtherRules;

/// Most names of a circle that are told.
const MOST_NAMES: usize = 10;

/// The shortest circle through a draft: where in the draft it begins, and the names of its rules in
/// the order in which they run, the draft first; at most ten.
pub(super) fn through(
    id: &RuleId,
    draft: &RuleBody,
    others: &dyn OtherRules,
) -> Option<(Path, Vec<Name>)> {
    let rules = Rules { id, draft, others };
    let followers = rules.followers();
    // From each rule that is reached, the one that it is reached from.
    let mut from: BTreeMap<&RuleId, &RuleId> = BTreeMap::new();
    let mut ahead = VecDeque::from([id]);
    while let Some(rule) = ahead.pop_front() {
        for next in rules.next(rule, &followers) {
            if next == id {
                let circle = back(rule, id, &from);
                return Some((rules.begins(circle.get(1).copied()), rules.names(&circle)));
            }
            if !from.contains_key(next) {
                from.insert(next, rule);
                ahead.push_back(next);
            }
        }
    }
    None
}

/// The rules that may be part of a circle: those that are left when, again and again, each that runs
/// none of the others and each that is run by none of them is left out.
pub(crate) fn suspects(others: &dyn OtherRules) -> BTreeSet<RuleId> {
    let followers = followers(others.bodies());
    let ways: Vec<Way<'_>> = others
        .bodies()
        .flat_map(|(id, body)| next(id, body, &followers).into_iter().map(move |it| (id, it)))
        .collect();
    // Once along the ways, once against them.
    let back = without_sources(ways).into_iter().map(|(from, to)| (to, from)).collect();
    let left = without_sources(back);
    left.into_iter().map(|(rule, _)| rule.clone()).collect()
}

/// From a rule to one that it runs.
type Way<'a> = (&'a RuleId, &'a RuleId);

/// What is left of ways when, again and again, those are left out that begin where none leads to.
fn without_sources(ways: Vec<Way<'_>>) -> Vec<Way<'_>> {
    let mut leading: BTreeMap<&RuleId, usize> = BTreeMap::new();
    let mut leaving: BTreeMap<&RuleId, Vec<&RuleId>> = BTreeMap::new();
    for (from, to) in &ways {
        leading.entry(from).or_default();
        *leading.entry(to).or_default() += 1;
        leaving.entry(from).or_default().push(to);
    }
    let sources = leading.iter().filter(|(_, count)| **count == 0);
    let mut ahead: Vec<&RuleId> = sources.map(|(rule, _)| *rule).collect();
    while let Some(rule) = ahead.pop() {
        for next in leaving.remove(rule).unwrap_or_default() {
            let Some(count) = leading.get_mut(next) else { continue };
            *count = count.saturating_sub(1);
            if *count == 0 {
                ahead.push(next);
            }
        }
    }
    ways.into_iter().filter(|(from, _)| leaving.contains_key(from)).collect()
}

/// Each rule, with those that run without fail when it has run to its end.
type Followers<'a> = BTreeMap<&'a RuleId, Vec<&'a RuleId>>;

fn followers<'a>(bodies: impl Iterator<Item = (&'a RuleId, &'a RuleBody)>) -> Followers<'a> {
    let mut followers = Followers::new();
    for (id, body) in bodies.filter(|(_, body)| body.conditions.is_empty()) {
        for trigger in &body.triggers {
            if let Trigger::RuleRan(leader) = trigger {
                followers.entry(leader).or_default().push(id);
            }
        }
    }
    followers
}

/// The rules that a rule runs without fail.
fn next<'a>(id: &RuleId, body: &'a RuleBody, followers: &Followers<'a>) -> Vec<&'a RuleId> {
    let mut runs = Vec::new();
    let ends = runs_at_once(&body.steps, &Path::default(), &mut runs);
    let followers = followers.get(id).filter(|_| ends).into_iter().flatten().copied();
    runs.into_iter().map(|(_, rule)| rule).chain(followers).collect()
}

/// From the draft to the last rule of a circle.
fn back<'a>(
    last: &'a RuleId,
    id: &RuleId,
    from: &BTreeMap<&RuleId, &'a RuleId>,
) -> Vec<&'a RuleId> {
    let mut circle = vec![last];
    let mut at = last;
    while at != id {
        let Some(before) = from.get(at) else { break };
        at = before;
        circle.push(at);
    }
    circle.reverse();
    circle
}

struct Rules<'a> {
    id: &'a RuleId,
    draft: &'a RuleBody,
    others: &'a dyn OtherRules,
}

impl<'a> Rules<'a> {
    fn body(&self, id: &RuleId) -> Option<&'a RuleBody> {
        if id == self.id { Some(self.draft) } else { self.others.body(id) }
    }

    fn followers(&self) -> Followers<'a> {
        let others = self.others.bodies().filter(|(id, _)| *id != self.id);
        followers(others.chain([(self.id, self.draft)]))
    }

    /// The rules that a rule runs without fail.
    fn next(&self, id: &'a RuleId, followers: &Followers<'a>) -> Vec<&'a RuleId> {
        self.body(id).map_or_else(Vec::new, |body| next(id, body, followers))
    }

    /// Where in the draft the way to the next rule of the circle begins: the step that runs it, or,
    /// when none does, the trigger by which the circle comes back.
    fn begins(&self, next: Option<&RuleId>) -> Path {
        let next = next.unwrap_or(self.id);
        let mut runs = Vec::new();
        runs_at_once(&self.draft.steps, &Path::default(), &mut runs);
        let step = runs.into_iter().find(|(_, rule)| *rule == next).map(|(at, _)| at);
        let is_follower = |it: &Trigger| matches!(it, Trigger::RuleRan(_));
        let trigger = || {
            let at = self.draft.triggers.iter().position(is_follower)?;
            Some(Path(vec![PathPart::Trigger(u16::try_from(at).ok()?)]))
        };
        step.or_else(trigger).unwrap_or_default()
    }

    fn names(&self, circle: &[&RuleId]) -> Vec<Name> {
        let bodies = circle.iter().filter_map(|id| self.body(id));
        bodies.take(MOST_NAMES).map(|it| it.name.clone()).collect()
    }
}

/// Gathers the rules that steps run at once and without fail; whether the steps come to their end
/// at once and without fail.
fn runs_at_once<'a>(steps: &'a [Step], at: &Path, out: &mut Vec<(Path, &'a RuleId)>) -> bool {
    (0..).zip(steps).all(|(index, step)| {
        let at = at.then(PathPart::Step(index));
        let inner = at.then(PathPart::Then);
        match step {
            Step::RunRule(rule) => {
                out.push((at, rule));
                true
            }
            Step::Wait(span) => span.is_zero(),
            Step::WaitUntil { .. } | Step::Stop => false,
            // Neither way is taken without fail.
            Step::If { then, otherwise, .. } => {
                let mut perhaps = Vec::new();
                [then, otherwise].into_iter().all(|it| runs_at_once(it, &inner, &mut perhaps))
            }
            Step::Repeat { repetition: Repetition::While(_), steps } => {
                runs_at_once(steps, &inner, &mut Vec::new())
            }
            Step::Repeat { repetition: Repetition::Times(_) | Repetition::Until(_), steps } => {
                runs_at_once(steps, &inner, out)
            }
            Step::Command { .. }
            | Step::Toggle(_)
            | Step::Adjust { .. }
            | Step::Pulse { .. }
            | Step::Scene { .. }
            | Step::Notify { .. }
            | Step::SetVariable { .. } => true,
        }
    })
}

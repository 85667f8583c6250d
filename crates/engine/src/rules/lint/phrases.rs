//! The phrases of a rule, each with its place. For bodies that can be saved: those are not deep.

use model::rule::{Condition, NoticeAction, Path, PathPart, Repetition, RuleBody, Step, Target};

/// The places that conditions stand in: those of the rule together, and each that a step asks.
pub(super) fn questions(body: &RuleBody) -> Vec<(Path, Vec<(Path, &Condition)>)> {
    let top = Path::default();
    let parts = (0..).zip(&body.conditions);
    let own = parts.map(|(at, it)| (top.then(PathPart::Condition(at)), it)).collect();
    let asked = steps(body).into_iter().filter_map(|(at, step)| {
        let at = at.then(PathPart::Asks);
        asks(step).map(|condition| (at.clone(), vec![(at, condition)]))
    });
    [(top, own)].into_iter().chain(asked).collect()
}

/// What a step asks.
pub(super) fn asks(step: &Step) -> Option<&Condition> {
    match step {
        Step::WaitUntil { condition, .. }
        | Step::If { condition, .. }
        | Step::Repeat {
            repetition: Repetition::While(condition) | Repetition::Until(condition),
            ..
        } => Some(condition),
        Step::Repeat { repetition: Repetition::Times(_), .. }
        | Step::Command { .. }
        | Step::Toggle(_)
        | Step::Adjust { .. }
        | Step::Pulse { .. }
        | Step::Scene { .. }
        | Step::Wait(_)
        | Step::Notify { .. }
        | Step::SetVariable { .. }
        | Step::RunRule(_)
        | Step::Stop => None,
    }
}

/// Every condition that has no parts, with its place.
pub(super) fn leaves(body: &RuleBody) -> Vec<(Path, &Condition)> {
    let mut out = Vec::new();
    for (at, condition) in questions(body).into_iter().flat_map(|(_, parts)| parts) {
        gather(at, condition, &mut out);
    }
    out
}

fn gather<'a>(at: Path, condition: &'a Condition, out: &mut Vec<(Path, &'a Condition)>) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            for (index, part) in (0..).zip(parts) {
                gather(at.then(PathPart::Condition(index)), part, out);
            }
        }
        Condition::Not(inner) => gather(at.then(PathPart::Asks), inner, out),
        Condition::State { .. }
        | Condition::Number { .. }
        | Condition::Time { .. }
        | Condition::Sun { .. }
        | Condition::Home(_)
        | Condition::Away(_)
        | Condition::Variable { .. }
        | Condition::Reachable { .. } => out.push((at, condition)),
    }
}

/// Every step, with its place, in order.
pub(super) fn steps(body: &RuleBody) -> Vec<(Path, &Step)> {
    let mut out = Vec::new();
    walk(&Path::default(), &body.steps, &mut out);
    out
}

fn walk<'a>(block: &Path, steps: &'a [Step], out: &mut Vec<(Path, &'a Step)>) {
    for (index, step) in (0..).zip(steps) {
        let at = block.then(PathPart::Step(index));
        out.push((at.clone(), step));
        for (part, inner) in blocks(step) {
            walk(&at.then(part), inner, out);
        }
    }
}

/// The blocks within a step.
pub(super) fn blocks(step: &Step) -> Vec<(PathPart, &[Step])> {
    match step {
        Step::If { then, otherwise, .. } => {
            vec![(PathPart::Then, then), (PathPart::Otherwise, otherwise)]
        }
        Step::Repeat { steps, .. } => vec![(PathPart::Then, steps)],
        Step::Command { .. }
        | Step::Toggle(_)
        | Step::Adjust { .. }
        | Step::Pulse { .. }
        | Step::Scene { .. }
        | Step::Wait(_)
        | Step::WaitUntil { .. }
        | Step::Notify { .. }
        | Step::SetVariable { .. }
        | Step::RunRule(_)
        | Step::Stop => Vec::new(),
    }
}

/// What the buttons under a notice make things do.
pub(super) fn offered(step: &Step) -> impl Iterator<Item = (&Target, &model::Action)> {
    let buttons = if let Step::Notify { buttons, .. } = step { buttons.as_slice() } else { &[] };
    buttons.iter().filter_map(|button| match &button.does {
        NoticeAction::Command { to, action } => Some((to, action)),
        NoticeAction::RunRule(_) | NoticeAction::Scene(_) => None,
    })
}

//! Steps that are never reached, and loops that never pause.

use model::rule::{FindingKind, Path, PathPart, Repetition, Step};

use super::{Draft, phrases};

impl Draft<'_> {
    pub(super) fn flow(&mut self) {
        self.block(&Path::default(), &self.body.steps);
    }

    fn block(&mut self, at: &Path, steps: &[Step]) {
        let end = steps.iter().position(ends);
        if let Some(end) = end.filter(|end| end + 1 < steps.len()) {
            let end = u16::try_from(end).unwrap_or(u16::MAX);
            self.find(&at.then(PathPart::Step(end)), FindingKind::Unreachable);
        }
        for (index, step) in (0..).zip(steps) {
            let at = at.then(PathPart::Step(index));
            if is_busy(step) {
                self.find(&at, FindingKind::BusyLoop);
            }
            for (part, inner) in phrases::blocks(step) {
                self.block(&at.then(part), inner);
            }
        }
    }
}

/// Whether a run always ends in this step.
fn ends(step: &Step) -> bool {
    match step {
        Step::Stop => true,
        Step::If { then, otherwise, .. } => then.iter().any(ends) && otherwise.iter().any(ends),
        Step::Repeat { repetition: Repetition::Times(_) | Repetition::Until(_), steps } => {
            steps.iter().any(ends)
        }
        Step::Repeat { repetition: Repetition::While(_), .. }
        | Step::Command { .. }
        | Step::Toggle(_)
        | Step::Adjust { .. }
        | Step::Pulse { .. }
        | Step::Scene { .. }
        | Step::Wait(_)
        | Step::WaitUntil { .. }
        | Step::Notify { .. }
        | Step::SetVariable { .. }
        | Step::RunRule(_) => false,
    }
}

/// Whether a step goes round as fast as it can, for as long as something is so.
fn is_busy(step: &Step) -> bool {
    match step {
        Step::Repeat { repetition: Repetition::While(_) | Repetition::Until(_), steps } => {
            !steps.iter().any(|it| pauses(it) || ends(it))
        }
        Step::Repeat { repetition: Repetition::Times(_), .. }
        | Step::If { .. }
        | Step::Stop
        | Step::Command { .. }
        | Step::Toggle(_)
        | Step::Adjust { .. }
        | Step::Pulse { .. }
        | Step::Scene { .. }
        | Step::Wait(_)
        | Step::WaitUntil { .. }
        | Step::Notify { .. }
        | Step::SetVariable { .. }
        | Step::RunRule(_) => false,
    }
}

/// Whether time always passes in a step.
fn pauses(step: &Step) -> bool {
    match step {
        Step::Wait(span) => !span.is_zero(),
        Step::WaitUntil { .. } => true,
        Step::If { then, otherwise, .. } => then.iter().any(pauses) && otherwise.iter().any(pauses),
        Step::Repeat { repetition: Repetition::Times(_) | Repetition::Until(_), steps } => {
            steps.iter().any(pauses)
        }
        Step::Repeat { repetition: Repetition::While(_), .. }
        | Step::Stop
        | Step::Command { .. }
        | Step::Toggle(_)
        | Step::Adjust { .. }
        | Step::Pulse { .. }
        | Step::Scene { .. }
        | Step::Notify { .. }
        | Step::SetVariable { .. }
        | Step::RunRule(_) => false,
    }
}

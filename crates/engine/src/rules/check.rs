//! What keeps a rule from being saved, in words and with the place.
//!
//! Everything of severity *error* is found here, and nothing else is: what is merely doubtful is the
//! linter's. Never looks deeper into a body than a body may be deep, so no body makes it run long or
//! out of stack.

mod circle;
#[cfg(test)]
pub(crate) mod house;
mod phrases;
#[cfg(test)]
mod tests;

use model::rule::{
    Condition, DEEPEST, Finding, FindingKind, LONGEST_WAIT, MOST_CONDITIONS, MOST_STEPS,
    MOST_TRIGGERS, Missed, NoticeAction, NoticeButton, Path, PathPart, Repetition, RuleBody,
    RunMode, Step, Target, Who,
};
use model::{PersonId, RuleId, SceneId, Span, VariableId, VariableValue};

use super::World;
pub(crate) use circle::suspects;
pub(crate) use phrases::bounds;

/// Most findings that are told of one rule; more help nobody.
pub(crate) const MOST_FINDINGS: usize = 100;

/// The rules of the home, to hold a draft against. The draft's old version may be among them.
pub(crate) trait OtherRules {
    /// What a rule says.
    fn body(&self, id: &RuleId) -> Option<&RuleBody>;
    /// All of them, by id.
    fn bodies(&self) -> Box<dyn Iterator<Item = (&RuleId, &RuleBody)> + '_>;
}

/// What keeps a rule from being saved; empty when nothing does. In the order of the rule; at most
/// [`MOST_FINDINGS`].
pub(crate) fn check(
    id: &RuleId,
    body: &RuleBody,
    world: &dyn World,
    others: &dyn OtherRules,
) -> Vec<Finding> {
    let mut findings = alone(id, body, world, others);
    // A body that is too deep is not walked by anything that trusts it not to be.
    if findings.iter().all(|it| !matches!(it.kind, FindingKind::TooDeep(_))) {
        findings.extend(circle(id, body, others));
    }
    findings
}

/// The same, save that rules may run each other in a circle.
pub(crate) fn alone(
    id: &RuleId,
    body: &RuleBody,
    world: &dyn World,
    others: &dyn OtherRules,
) -> Vec<Finding> {
    let mut check = Check { id, world, others, findings: Vec::new(), conditions: 0, steps: 0 };
    check.whole(body);
    check.findings
}

/// The shortest circle through a rule in which rules run each other with nothing to stop them.
pub(crate) fn circle(id: &RuleId, body: &RuleBody, others: &dyn OtherRules) -> Option<Finding> {
    let (at, names) = circle::through(id, body, others)?;
    Some(Finding { at, kind: FindingKind::RunsItself(names) })
}

/// One rule being checked.
struct Check<'a> {
    id: &'a RuleId,
    world: &'a dyn World,
    others: &'a dyn OtherRules,
    findings: Vec<Finding>,
    /// Conditions seen so far, inner ones counted.
    conditions: usize,
    /// Steps seen so far, inner ones counted.
    steps: usize,
}

impl Check<'_> {
    fn whole(&mut self, body: &RuleBody) {
        let top = Path::default();
        self.mode(&top, body);
        self.triggers(&top, body);
        self.parts(&top, &body.conditions, 1);
        self.too_many(&top, self.conditions, MOST_CONDITIONS);
        if body.steps.is_empty() {
            self.find(&top, FindingKind::NoStep);
        }
        self.block(&top, &body.steps, 1);
        self.too_many(&top, self.steps, MOST_STEPS);
    }

    fn find(&mut self, at: &Path, kind: FindingKind) {
        if self.findings.len() < MOST_FINDINGS {
            self.findings.push(Finding { at: at.clone(), kind });
        }
    }

    fn find_some(&mut self, at: &Path, kind: Option<FindingKind>) {
        if let Some(kind) = kind {
            self.find(at, kind);
        }
    }

    fn too_many(&mut self, at: &Path, count: usize, most: usize) {
        if count > most {
            self.find(at, FindingKind::TooMany(u32::try_from(most).unwrap_or(u32::MAX)));
        }
    }

    fn mode(&mut self, top: &Path, body: &RuleBody) {
        match body.mode {
            RunMode::Single | RunMode::Restart => {}
            RunMode::Queued(most) | RunMode::Parallel(most) => {
                self.find_some(top, phrases::within(f64::from(most), 1.0, 100.0));
            }
        }
        if let Missed::RunIfLate(late) = body.missed {
            self.no_longer(top, late, LONGEST_WAIT);
        }
    }

    fn triggers(&mut self, top: &Path, body: &RuleBody) {
        if body.triggers.is_empty() {
            self.find(top, FindingKind::NoTrigger);
        }
        self.too_many(top, body.triggers.len(), MOST_TRIGGERS);
        for (at, trigger) in (0..).zip(body.triggers.iter().take(MOST_TRIGGERS)) {
            self.trigger(&top.then(PathPart::Trigger(at)), trigger);
        }
    }

    /// The parts of an `all` or `any`, or the conditions of the rule, that many deep.
    fn parts(&mut self, at: &Path, parts: &[Condition], depth: usize) {
        for (index, part) in (0..).zip(parts.iter().take(MOST_CONDITIONS + 1)) {
            self.condition(&at.then(PathPart::Condition(index)), part, depth);
        }
    }

    fn condition(&mut self, at: &Path, condition: &Condition, depth: usize) {
        self.conditions = self.conditions.saturating_add(1);
        if depth > DEEPEST {
            return self.too_deep(at);
        }
        if self.conditions > MOST_CONDITIONS {
            return;
        }
        match condition {
            Condition::All(parts) | Condition::Any(parts) => self.parts(at, parts, depth + 1),
            Condition::Not(inner) => {
                self.condition(&at.then(PathPart::Asks), inner, depth + 1);
            }
            Condition::State { .. }
            | Condition::Number { .. }
            | Condition::Time { .. }
            | Condition::Sun { .. }
            | Condition::Home(_)
            | Condition::Away(_)
            | Condition::Variable { .. }
            | Condition::Reachable { .. } => self.leaf(at, condition),
        }
    }

    fn too_deep(&mut self, at: &Path) {
        let deepest = FindingKind::TooDeep(u32::try_from(DEEPEST).unwrap_or(u32::MAX));
        self.find(at, deepest);
    }

    /// A block of steps, that many deep.
    fn block(&mut self, at: &Path, steps: &[Step], depth: usize) {
        for (index, step) in (0..).zip(steps.iter().take(MOST_STEPS + 1)) {
            self.steps = self.steps.saturating_add(1);
            let at = at.then(PathPart::Step(index));
            if depth > DEEPEST {
                return self.too_deep(&at);
            }
            if self.steps > MOST_STEPS {
                return;
            }
            self.step(&at, step, depth);
        }
    }

    fn step(&mut self, at: &Path, step: &Step, depth: usize) {
        match step {
            Step::If { condition, then, otherwise } => {
                self.condition(&at.then(PathPart::Asks), condition, 1);
                if then.is_empty() && otherwise.is_empty() {
                    self.find(at, FindingKind::NoStep);
                }
                self.block(&at.then(PathPart::Then), then, depth + 1);
                self.block(&at.then(PathPart::Otherwise), otherwise, depth + 1);
            }
            Step::Repeat { repetition, steps } => {
                self.repetition(at, repetition);
                if steps.is_empty() {
                    self.find(at, FindingKind::NoStep);
                }
                self.block(&at.then(PathPart::Then), steps, depth + 1);
            }
            Step::WaitUntil { condition, timeout, timed_out: _ } => {
                self.condition(&at.then(PathPart::Asks), condition, 1);
                self.no_longer(at, timeout.unwrap_or_default(), LONGEST_WAIT);
            }
            Step::Notify { title, body, buttons } => self.notify(at, (title, body), buttons),
            Step::Command { .. }
            | Step::Toggle(_)
            | Step::Adjust { .. }
            | Step::Pulse { .. }
            | Step::Scene { .. }
            | Step::Wait(_)
            | Step::SetVariable { .. }
            | Step::RunRule(_)
            | Step::Stop => self.plain(at, step),
        }
    }

    fn repetition(&mut self, at: &Path, repetition: &Repetition) {
        match repetition {
            Repetition::Times(times) => {
                let most = f64::from(model::rule::MOST_REPETITIONS);
                self.find_some(at, phrases::within(f64::from(*times), 1.0, most));
            }
            Repetition::While(condition) | Repetition::Until(condition) => {
                self.condition(&at.then(PathPart::Asks), condition, 1);
            }
        }
    }

    fn notify(&mut self, at: &Path, (title, body): (&str, &str), buttons: &[NoticeButton]) {
        self.find_some(at, phrases::text(title, 1, 120));
        self.find_some(at, phrases::text(body, 0, 500));
        self.too_many(at, buttons.len(), 3);
        for button in buttons.iter().take(3) {
            self.find_some(at, phrases::text(&button.label, 1, 40));
            match &button.does {
                NoticeAction::RunRule(rule) => self.rule(at, rule),
                NoticeAction::Scene(scene) => self.scene(at, scene),
                NoticeAction::Command { to, action } => {
                    self.target(at, to);
                    self.find_some(at, phrases::action(action));
                }
            }
        }
    }

    fn no_longer(&mut self, at: &Path, span: Span, most: Span) {
        if span > most {
            self.find(at, FindingKind::TooLong(most));
        }
    }

    fn no_shorter(&mut self, at: &Path, span: Span, least: Span) {
        if span < least {
            self.find(at, FindingKind::TooShort(least));
        }
    }

    fn missing(&mut self, at: &Path, id: &str) {
        self.find(at, FindingKind::Missing(id.to_owned()));
    }

    fn target(&mut self, at: &Path, target: &Target) {
        if self.world.is_there(target) {
            return;
        }
        match target {
            Target::Role(role) => self.missing(at, role.as_str()),
            Target::Room { room, only: _ } => self.missing(at, room.as_str()),
            Target::Group(group) => self.missing(at, group.as_str()),
            Target::All(_) => {}
        }
    }

    fn rule(&mut self, at: &Path, rule: &RuleId) {
        if rule != self.id && self.others.body(rule).is_none() {
            self.missing(at, rule.as_str());
        }
    }

    fn scene(&mut self, at: &Path, scene: &SceneId) {
        if self.world.scene(scene).is_none() {
            self.missing(at, scene.as_str());
        }
    }

    fn who(&mut self, at: &Path, who: &Who) {
        if let Who::Person(person) = who {
            self.person(at, person);
        }
    }

    fn person(&mut self, at: &Path, person: &PersonId) {
        if self.world.person(person).is_none() {
            self.missing(at, person.as_str());
        }
    }

    /// A variable that is there, and of a kind that what is said of it fits.
    fn variable(
        &mut self,
        at: &Path,
        variable: &VariableId,
        fits: impl FnOnce(&VariableValue) -> bool,
    ) {
        match self.world.variable(variable) {
            None => self.missing(at, variable.as_str()),
            Some(it) if !fits(&it.value) => self.find(at, FindingKind::OutOfRange(None)),
            Some(_) => {}
        }
    }

    fn sun(&mut self, at: &Path, offset: i16) {
        if self.world.calendar().place.is_none() {
            self.find(at, FindingKind::NoPlace);
        }
        self.find_some(at, phrases::within(f64::from(offset), -720.0, 720.0));
    }
}

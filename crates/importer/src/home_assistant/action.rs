//! Actions: what an automation does, in order. A step that waits or decides and cannot be carried
//! over takes all that follows it in its sequence along.

use api::LostWhy;
use model::Span;
use model::rule::{Condition, Repetition, Step, TimedOut, Trigger, Which};

use super::condition::{always, never, simple};
use super::duration::{duration, of_text};
use super::reader::Reader;
use crate::yaml::Node;

/// Deepest nesting of actions that is carried over.
const DEEPEST: usize = 10;
/// Most rounds of a list that is gone through, which becomes as many copies of its steps.
const MOST_ROUNDS: usize = 50;

/// What comes of one action.
enum Done {
    /// These steps.
    Steps(Vec<Step>),
    /// Nothing; the sequence goes on without it.
    Nothing,
    /// The sequence cannot go on without it.
    Cut,
}

impl From<Option<Vec<Step>>> for Done {
    fn from(steps: Option<Vec<Step>>) -> Self {
        steps.map_or(Self::Nothing, Self::Steps)
    }
}

impl Reader<'_> {
    /// A sequence of actions.
    pub(crate) fn sequence(&mut self, node: &Node, depth: usize) -> Vec<Step> {
        self.actions(&node.items(), 1, depth)
    }

    fn actions(&mut self, items: &[&Node], number: usize, depth: usize) -> Vec<Step> {
        let Some((first, rest)) = items.split_first() else { return Vec::new() };
        if depth > DEEPEST {
            self.lose(LostWhy::Setting, "nested too deeply");
            return Vec::new();
        }
        let place = format!("action {number}");
        if first.get("enabled").and_then(Node::truth) == Some(false) {
            return self.actions(rest, number + 1, depth);
        }
        if is_condition(first) {
            return self.only_if(first, rest, number, depth);
        }
        match self.within(place, |reader| reader.action(first, depth)) {
            Done::Steps(mut steps) => {
                let ends = steps.last() == Some(&Step::Stop);
                if !ends {
                    steps.extend(self.actions(rest, number + 1, depth));
                }
                steps
            }
            Done::Nothing => self.actions(rest, number + 1, depth),
            Done::Cut => {
                self.cut(rest, number + 1, depth);
                Vec::new()
            }
        }
    }

    /// What follows cannot be carried over either. Where only a thing was not mapped, it is looked
    /// through all the same, so that everything that is missing is told at once.
    fn cut(&mut self, rest: &[&Node], number: usize, depth: usize) {
        if rest.is_empty() {
            return;
        }
        if self.lost.last().is_some_and(|it| it.why == LostWhy::Unmapped)
            || !self.missing.is_empty()
        {
            let kept = self.lost.clone();
            self.actions(rest, number, depth);
            self.lost = kept;
        }
        let after = format!("action {number} and what follows");
        self.within(after, |it| it.lose(LostWhy::Action, "what comes before it"));
    }

    /// A condition among actions: what follows in its sequence happens only if it holds.
    fn only_if(&mut self, node: &Node, rest: &[&Node], number: usize, depth: usize) -> Vec<Step> {
        let place = format!("action {number}");
        let asked = self.within(place, |reader| reader.condition(node));
        let Some(condition) = asked.map(simple) else {
            self.cut(rest, number + 1, depth);
            return Vec::new();
        };
        if condition == never() {
            return Vec::new();
        }
        let then = self.actions(rest, number + 1, depth);
        either(condition, then, Vec::new())
    }

    fn action(&mut self, node: &Node, depth: usize) -> Done {
        if node.get("delay").is_some() {
            return self.delay(node);
        }
        if let Some(template) = node.text_of("wait_template") {
            let condition = self.template_condition(template);
            return self.wait_until(node, condition);
        }
        if let Some(triggers) = node.get("wait_for_trigger") {
            let condition = self.awaited(triggers);
            return self.wait_until(node, condition);
        }
        if node.get("choose").is_some() {
            return self.choose(node, depth).into();
        }
        if let Some(asked) = node.get("if") {
            return self.if_else(asked, node, depth).into();
        }
        if let Some(repeat) = node.get("repeat") {
            return self.repeat(repeat, depth).into();
        }
        if let Some(inner) = node.get("sequence") {
            return Done::Steps(self.sequence(inner, depth + 1));
        }
        if let Some(branches) = node.get("parallel") {
            return self.parallel(branches, depth).into();
        }
        if node.get("stop").is_some() {
            return Done::Steps(vec![Step::Stop]);
        }
        if let Some(variables) = node.get("variables") {
            self.set_names(variables);
            return Done::Nothing;
        }
        self.call(node).into()
    }

    fn span(&mut self, node: &Node) -> Option<Span> {
        let node = self.resolved(node);
        duration(&node).or_else(|| of_text(node.text()?))
    }

    fn delay(&mut self, node: &Node) -> Done {
        let given = node.get("delay").and_then(|it| self.span(it));
        match given {
            Some(span) if span.is_zero() => Done::Nothing,
            Some(span) => Done::Steps(vec![Step::Wait(span)]),
            None => {
                self.lose(LostWhy::Template, "delay");
                Done::Cut
            }
        }
    }

    fn wait_until(&mut self, node: &Node, condition: Option<Condition>) -> Done {
        let Some(condition) = condition else { return Done::Cut };
        if condition == always() {
            return Done::Nothing;
        }
        let timeout = match node.get("timeout") {
            None => None,
            Some(it) => match self.span(it) {
                Some(span) => Some(span),
                None => {
                    self.lose(LostWhy::Template, "timeout");
                    return Done::Cut;
                }
            },
        };
        let goes_on = node.get("continue_on_timeout").and_then(Node::truth) != Some(false);
        let timed_out = if goes_on { TimedOut::Continue } else { TimedOut::Stop };
        Done::Steps(vec![Step::WaitUntil { condition, timeout, timed_out }])
    }

    /// What a wait for triggers waits for: that it is so, whether or not it was so before.
    fn awaited(&mut self, triggers: &Node) -> Option<Condition> {
        let fired = self.triggers(triggers);
        let count = triggers.items().len();
        let all: Vec<Trigger> = fired.into_iter().flat_map(|it| it.triggers).collect();
        if all.is_empty() || all.len() < count {
            return None;
        }
        let conditions: Option<Vec<Condition>> = all.into_iter().map(as_condition).collect();
        match conditions {
            Some(conditions) => Some(simple(Condition::Any(conditions))),
            None => self.nothing(LostWhy::Action, "wait_for_trigger"),
        }
    }

    /// The first way whose conditions hold.
    fn choose(&mut self, node: &Node, depth: usize) -> Option<Vec<Step>> {
        let otherwise = node.get("default").map_or_else(Vec::new, |it| {
            self.within("default".to_owned(), |reader| reader.sequence(it, depth + 1))
        });
        let ways = node.get("choose").map(Node::items).unwrap_or_default();
        let mut read = Vec::new();
        for (number, way) in (1..).zip(ways) {
            let place = format!("choose {number}");
            read.push(self.within(place, |reader| {
                let asked = way.any(&["conditions", "condition"]).cloned();
                let condition = reader.conditions(&asked.unwrap_or(Node::List(Vec::new())));
                let steps = way.get("sequence").map(|it| reader.sequence(it, depth + 1));
                condition.map(|it| (it, steps.unwrap_or_default()))
            }));
        }
        // With one way unknown, the others would be taken when they should not.
        let read: Option<Vec<(Condition, Vec<Step>)>> = read.into_iter().collect();
        let steps = read?
            .into_iter()
            .rev()
            .fold(otherwise, |rest, (condition, steps)| either(condition, steps, rest));
        Some(steps)
    }

    fn if_else(&mut self, asked: &Node, node: &Node, depth: usize) -> Option<Vec<Step>> {
        let condition = self.within("if".to_owned(), |reader| reader.conditions(asked));
        let mut block = |key: &str| {
            let steps = node.get(key).cloned();
            steps.map_or_else(Vec::new, |it| {
                self.within(key.to_owned(), |reader| reader.sequence(&it, depth + 1))
            })
        };
        let (then, otherwise) = (block("then"), block("else"));
        Some(either(condition?, then, otherwise))
    }

    fn repeat(&mut self, node: &Node, depth: usize) -> Option<Vec<Step>> {
        let sequence = node.get("sequence")?;
        if let Some(list) = node.get("for_each") {
            return self.for_each(list, sequence, depth);
        }
        let repetition = if let Some(count) = node.get("count") {
            let times = count.number().filter(|it| (1.0..=1_000.0).contains(it));
            times.map(|it| Repetition::Times(it as u16))
        } else if let Some(asked) = node.get("while") {
            self.conditions(asked).map(Repetition::While)
        } else {
            node.get("until").and_then(|asked| self.conditions(asked)).map(Repetition::Until)
        };
        let steps = self.sequence(sequence, depth + 1);
        match repetition {
            Some(_) if steps.is_empty() => None,
            Some(repetition) => Some(vec![Step::Repeat { repetition, steps }]),
            None => self.nothing(LostWhy::Template, "repeat"),
        }
    }

    fn for_each(&mut self, list: &Node, sequence: &Node, depth: usize) -> Option<Vec<Step>> {
        let list = self.resolved(list);
        let items: Option<Vec<String>> =
            list.items().iter().map(|it| it.text().map(str::to_owned)).collect();
        let items = items.filter(|it| {
            it.len() <= MOST_ROUNDS && !it.iter().any(|text| super::reader::is_template(text))
        });
        let Some(items) = items else { return self.nothing(LostWhy::Template, "for_each") };
        let former = self.item.take();
        let mut steps = Vec::new();
        for item in items {
            self.item = Some(item);
            steps.extend(self.sequence(sequence, depth + 1));
        }
        self.item = former;
        Some(steps)
    }

    /// What happens at once can happen one after the other, as long as nothing waits.
    fn parallel(&mut self, branches: &Node, depth: usize) -> Option<Vec<Step>> {
        let mut steps = Vec::new();
        for branch in branches.items() {
            steps.extend(self.sequence(branch, depth + 1));
        }
        if steps.iter().any(waits) {
            self.nothing(LostWhy::Action, "parallel")
        } else {
            Some(steps)
        }
    }
}

/// One way or the other; what is known is not asked.
fn either(condition: Condition, then: Vec<Step>, otherwise: Vec<Step>) -> Vec<Step> {
    if condition == always() || then == otherwise {
        then
    } else if condition == never() {
        otherwise
    } else if then.is_empty() {
        let condition = simple(Condition::Not(Box::new(condition)));
        vec![Step::If { condition, then: otherwise, otherwise: Vec::new() }]
    } else {
        vec![Step::If { condition, then, otherwise }]
    }
}

fn is_condition(node: &Node) -> bool {
    let asks = ["condition", "and", "or", "not"];
    node.any(&asks).is_some() && node.any(&["sequence", "service", "action"]).is_none()
}

fn waits(step: &Step) -> bool {
    match step {
        Step::Wait(_) | Step::WaitUntil { .. } => true,
        Step::If { then, otherwise, .. } => then.iter().chain(otherwise).any(waits),
        Step::Repeat { steps, .. } => steps.iter().any(waits),
        _ => false,
    }
}

/// What is so once that has happened.
fn as_condition(trigger: Trigger) -> Option<Condition> {
    let which = Which::Some;
    match trigger {
        Trigger::Changes { of, to: Some(is), held_for, .. } => {
            Some(Condition::State { of, which, is, held_for })
        }
        Trigger::Crosses { of, measure, direction, threshold, held_for, .. } => {
            let (above, below) = match direction {
                model::rule::Direction::Above => (Some(threshold), None),
                model::rule::Direction::Below => (None, Some(threshold)),
            };
            Some(Condition::Number { of, which, measure, above, below, held_for })
        }
        Trigger::Arrives(who) => Some(Condition::Home(who)),
        Trigger::Leaves(who) => Some(Condition::Away(who)),
        Trigger::Variable { variable, becomes } => {
            Some(Condition::Variable { variable, is: becomes })
        }
        _ => None,
    }
}

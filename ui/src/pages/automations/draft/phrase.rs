//! The phrases of a rule by their places, and how they change.

use model::rule::{Condition, Path, PathPart, Repetition, RuleBody, Step, Trigger};

/// One phrase of a rule.
#[derive(Debug, Clone, PartialEq)]
pub enum Phrase {
    /// When.
    Trigger(Trigger),
    /// Only if.
    Condition(Condition),
    /// Then.
    Step(Step),
}

/// What is inside a phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// How its path goes on from that of the phrase; `None`: directly with its parts.
    pub part: Option<PathPart>,
    /// What is in it.
    pub kind: BlockKind,
}

/// What is in a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// The triggers of the rule.
    Triggers,
    /// Conditions, one below the other.
    Conditions,
    /// Steps, one after the other.
    Steps,
    /// One condition.
    Asks,
}

/// A change at a place.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// This stands there now.
    Put(Phrase),
    /// This comes in before what stands there.
    Insert(Phrase),
    /// It goes.
    Remove,
    /// It changes places with the one before (true) or after it.
    Shift(bool),
}

enum Node<'a> {
    Rule(&'a RuleBody),
    Trigger(&'a Trigger),
    Condition(&'a Condition),
    Step(&'a Step),
    Steps(&'a [Step]),
}

fn asked(step: &Step) -> Option<&Condition> {
    match step {
        Step::If { condition, .. }
        | Step::WaitUntil { condition, .. }
        | Step::Repeat { repetition: Repetition::While(condition), .. }
        | Step::Repeat { repetition: Repetition::Until(condition), .. } => Some(condition),
        _ => None,
    }
}

fn inner<'a>(node: Node<'a>, part: PathPart) -> Option<Node<'a>> {
    let at = |index: u16| usize::from(index);
    match (node, part) {
        (Node::Rule(rule), PathPart::Trigger(index)) => {
            rule.triggers.get(at(index)).map(Node::Trigger)
        }
        (Node::Rule(rule), PathPart::Condition(index)) => {
            rule.conditions.get(at(index)).map(Node::Condition)
        }
        (Node::Rule(rule), PathPart::Step(index)) => rule.steps.get(at(index)).map(Node::Step),
        (
            Node::Condition(Condition::All(parts) | Condition::Any(parts)),
            PathPart::Condition(index),
        ) => parts.get(at(index)).map(Node::Condition),
        (Node::Condition(Condition::Not(inner)), PathPart::Asks) => Some(Node::Condition(inner)),
        (Node::Step(step), PathPart::Asks) => asked(step).map(Node::Condition),
        (Node::Step(Step::If { then: steps, .. } | Step::Repeat { steps, .. }), PathPart::Then) => {
            Some(Node::Steps(steps))
        }
        (Node::Step(Step::If { otherwise, .. }), PathPart::Otherwise) => {
            Some(Node::Steps(otherwise))
        }
        (Node::Steps(steps), PathPart::Step(index)) => steps.get(at(index)).map(Node::Step),
        _ => None,
    }
}

fn walk<'a>(body: &'a RuleBody, path: &[PathPart]) -> Option<Node<'a>> {
    path.iter().try_fold(Node::Rule(body), |node, part| inner(node, *part))
}

/// The phrase at a place.
pub fn find(body: &RuleBody, path: &Path) -> Option<Phrase> {
    match walk(body, &path.0)? {
        Node::Trigger(it) => Some(Phrase::Trigger(it.clone())),
        Node::Condition(it) => Some(Phrase::Condition(it.clone())),
        Node::Step(it) => Some(Phrase::Step(it.clone())),
        Node::Rule(_) | Node::Steps(_) => None,
    }
}

/// How many phrases of a kind are in the list at a place.
pub fn list_len(body: &RuleBody, list: &Path, kind: BlockKind) -> usize {
    match (walk(body, &list.0), kind) {
        (Some(Node::Rule(rule)), BlockKind::Triggers) => rule.triggers.len(),
        (Some(Node::Rule(rule)), BlockKind::Conditions) => rule.conditions.len(),
        (Some(Node::Rule(rule)), BlockKind::Steps) => rule.steps.len(),
        (
            Some(Node::Condition(Condition::All(parts) | Condition::Any(parts))),
            BlockKind::Conditions,
        ) => parts.len(),
        (Some(Node::Steps(steps)), BlockKind::Steps) => steps.len(),
        _ => 0,
    }
}

enum NodeMut<'a> {
    Rule(&'a mut RuleBody),
    Condition(&'a mut Condition),
    Step(&'a mut Step),
    Steps(&'a mut Vec<Step>),
}

fn inner_mut<'a>(node: NodeMut<'a>, part: PathPart) -> Option<NodeMut<'a>> {
    let at = |index: u16| usize::from(index);
    match (node, part) {
        (NodeMut::Rule(rule), PathPart::Condition(index)) => {
            rule.conditions.get_mut(at(index)).map(NodeMut::Condition)
        }
        (NodeMut::Rule(rule), PathPart::Step(index)) => {
            rule.steps.get_mut(at(index)).map(NodeMut::Step)
        }
        (
            NodeMut::Condition(Condition::All(parts) | Condition::Any(parts)),
            PathPart::Condition(index),
        ) => parts.get_mut(at(index)).map(NodeMut::Condition),
        (NodeMut::Condition(Condition::Not(inner)), PathPart::Asks) => {
            Some(NodeMut::Condition(inner))
        }
        (
            NodeMut::Step(
                Step::If { condition, .. }
                | Step::WaitUntil { condition, .. }
                | Step::Repeat {
                    repetition: Repetition::While(condition) | Repetition::Until(condition),
                    ..
                },
            ),
            PathPart::Asks,
        ) => Some(NodeMut::Condition(condition)),
        (
            NodeMut::Step(Step::If { then: steps, .. } | Step::Repeat { steps, .. }),
            PathPart::Then,
        ) => Some(NodeMut::Steps(steps)),
        (NodeMut::Step(Step::If { otherwise, .. }), PathPart::Otherwise) => {
            Some(NodeMut::Steps(otherwise))
        }
        (NodeMut::Steps(steps), PathPart::Step(index)) => {
            steps.get_mut(at(index)).map(NodeMut::Step)
        }
        _ => None,
    }
}

/// Changes the rule at a place. Nothing changes when there is no such place, or what comes there
/// does not belong there.
pub fn edit(body: &mut RuleBody, path: &Path, edit: Edit) {
    let Some((last, before)) = path.0.split_last() else { return };
    let node = before.iter().try_fold(NodeMut::Rule(body), |node, part| inner_mut(node, *part));
    match (node, *last) {
        (Some(NodeMut::Rule(rule)), PathPart::Trigger(at)) => {
            change(&mut rule.triggers, at, edit, trigger);
        }
        (Some(NodeMut::Rule(rule)), PathPart::Condition(at)) => {
            change(&mut rule.conditions, at, edit, condition);
        }
        (Some(NodeMut::Rule(rule)), PathPart::Step(at)) => {
            change(&mut rule.steps, at, edit, step);
        }
        (
            Some(NodeMut::Condition(Condition::All(parts) | Condition::Any(parts))),
            PathPart::Condition(at),
        ) => change(parts, at, edit, condition),
        (Some(NodeMut::Steps(steps)), PathPart::Step(at)) => change(steps, at, edit, step),
        (Some(node), PathPart::Asks) => {
            if let (Some(NodeMut::Condition(asked)), Edit::Put(Phrase::Condition(new))) =
                (inner_mut(node, PathPart::Asks), edit)
            {
                *asked = new;
            }
        }
        _ => {}
    }
}

fn trigger(phrase: Phrase) -> Option<Trigger> {
    if let Phrase::Trigger(it) = phrase { Some(it) } else { None }
}

fn condition(phrase: Phrase) -> Option<Condition> {
    if let Phrase::Condition(it) = phrase { Some(it) } else { None }
}

fn step(phrase: Phrase) -> Option<Step> {
    if let Phrase::Step(it) = phrase { Some(it) } else { None }
}

fn change<T>(list: &mut Vec<T>, at: u16, edit: Edit, read: fn(Phrase) -> Option<T>) {
    let at = usize::from(at);
    match edit {
        Edit::Put(phrase) => {
            if let (Some(place), Some(new)) = (list.get_mut(at), read(phrase)) {
                *place = new;
            }
        }
        Edit::Insert(phrase) => {
            if let Some(new) = read(phrase).filter(|_| at <= list.len()) {
                list.insert(at, new);
            }
        }
        Edit::Remove if at < list.len() => drop(list.remove(at)),
        Edit::Shift(true) if at > 0 && at < list.len() => list.swap(at, at - 1),
        Edit::Shift(false) if at + 1 < list.len() => list.swap(at, at + 1),
        Edit::Remove | Edit::Shift(_) => {}
    }
}

/// What is inside a phrase, in the order of reading.
pub fn blocks(phrase: &Phrase) -> Vec<Block> {
    let asks = Block { part: Some(PathPart::Asks), kind: BlockKind::Asks };
    let steps = |part| Block { part: Some(part), kind: BlockKind::Steps };
    match phrase {
        Phrase::Condition(Condition::All(_) | Condition::Any(_)) => {
            vec![Block { part: None, kind: BlockKind::Conditions }]
        }
        Phrase::Condition(Condition::Not(_)) | Phrase::Step(Step::WaitUntil { .. }) => vec![asks],
        Phrase::Step(Step::If { .. }) => {
            vec![asks, steps(PathPart::Then), steps(PathPart::Otherwise)]
        }
        Phrase::Step(Step::Repeat { repetition, .. }) => match repetition {
            Repetition::Times(_) => vec![steps(PathPart::Then)],
            Repetition::While(_) => vec![asks, steps(PathPart::Then)],
            Repetition::Until(_) => vec![steps(PathPart::Then), asks],
        },
        _ => Vec::new(),
    }
}

//! Rules that set each other off, round and round.
//!
//! A round goes on only if something changes in each of its turns: rules that all want the same come
//! to rest after one. So a way from rule to rule counts when what is commanded can set the next rule
//! off, its conditions do not forbid it, and within the circle it is also commanded otherwise.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use model::rule::{
    Comparison, Condition, FindingKind, Is, Path, PathPart, RuleBody, Target, Trigger,
    VariableChange, Which,
};
use model::{Capability, RoleId, RuleId, Span, Value, VariableId, VariableValue};

use super::Draft;
use super::effects::{Effects, Wanted, Wish};
use super::events::{Event, can_set_off};
use super::logic::{Literal, flat, never};

/// Most rules that are followed.
const MOST_FOLLOWED: usize = 200;

/// A way from one rule to the next.
struct Way {
    from: usize,
    to: usize,
    /// Where in the first rule.
    at: Path,
    /// Over what.
    over: Over,
}

/// What one rule changes and the next listens for.
#[derive(PartialEq)]
enum Over {
    Value(RoleId, Capability),
    Variable(VariableId),
    Run,
}

/// What a rule makes of something.
#[derive(PartialEq)]
enum Made {
    /// That.
    Value(Value),
    /// Always the same, whatever it says.
    Action(Wanted),
    /// Set to that.
    Set(VariableValue),
    /// Another than before.
    Another,
}

impl Draft<'_> {
    pub(super) fn loops(&mut self) {
        let mut web = Web::new(self);
        web.follow();
        if let Some((at, others)) = web.shortest() {
            self.find(&at, FindingKind::Loop(others));
        }
    }
}

struct Node<'a> {
    id: &'a RuleId,
    body: &'a RuleBody,
    effects: Effects<'a>,
}

/// The rules that a draft may set off, one after the other, and the ways between them.
struct Web<'a> {
    draft: &'a Draft<'a>,
    own: BTreeSet<Event>,
    nodes: Vec<Node<'a>>,
    numbers: BTreeMap<&'a RuleId, usize>,
    ways: Vec<Way>,
    made: Vec<(usize, Over, Made)>,
}

impl<'a> Web<'a> {
    fn new(draft: &'a Draft<'a>) -> Self {
        let triggers = draft.body.triggers.iter();
        let own = triggers.flat_map(|it| Event::of(it, draft.world)).collect();
        let effects = draft.effects.clone();
        let node = Node { id: draft.id, body: draft.body, effects };
        let numbers = BTreeMap::from([(draft.id, 0)]);
        Self { draft, own, nodes: vec![node], numbers, ways: Vec::new(), made: Vec::new() }
    }

    /// Lays all ways from all rules that are reached.
    fn follow(&mut self) {
        let mut at = 0;
        while at < self.nodes.len() {
            self.by_commands(at);
            self.by_variables(at);
            self.by_runs(at);
            at += 1;
        }
    }

    /// The number of a rule in the web; `None` when it is not enabled or there are too many.
    fn number(&mut self, id: &'a RuleId) -> Option<usize> {
        if let Some(number) = self.numbers.get(id) {
            return Some(*number);
        }
        let body = self.draft.neighbours.body(id).filter(|_| self.nodes.len() < MOST_FOLLOWED)?;
        let number = self.nodes.len();
        self.nodes.push(Node { id, body, effects: Effects::of(body, self.draft.world) });
        self.numbers.insert(id, number);
        Some(number)
    }

    fn listening(&self, event: &Event) -> Vec<&'a RuleId> {
        let draft = self.draft.id;
        let others = self.draft.neighbours.listening(event).filter(|id| *id != draft);
        others.chain(self.own.contains(event).then_some(draft)).collect()
    }

    fn body(&self, id: &RuleId) -> Option<&'a RuleBody> {
        if id == self.draft.id { Some(self.draft.body) } else { self.draft.neighbours.body(id) }
    }

    fn by_commands(&mut self, from: usize) {
        let Some(node) = self.nodes.get(from) else { return };
        let body = node.body;
        for wish in node.effects.wishes.clone() {
            for (what, value) in wish.what.changes() {
                let value = value.or_else(|| toggled(body, &wish));
                let event = Event::Value(wish.role.clone(), what);
                let over = || Over::Value(wish.role.clone(), what);
                let made = match (&value, &wish.what) {
                    (Some(value), _) => Made::Value(value.clone()),
                    (None, Wanted::Action(_)) => Made::Action(wish.what.clone()),
                    (None, Wanted::Toggled | Wanted::Adjusted | Wanted::Pulsed) => Made::Another,
                };
                self.made.push((from, over(), made));
                for id in self.listening(&event) {
                    let is_set_off = self.body(id).is_some_and(|body| {
                        let mut triggers = body.triggers.iter();
                        let hears = |it: &Trigger| {
                            can_set_off(it, what, value.as_ref())
                                && Event::of(it, self.draft.world).contains(&event)
                        };
                        triggers.any(hears) && allows(body, state(&wish.role, value.as_ref()))
                    });
                    if let Some(to) = is_set_off.then(|| self.number(id)).flatten() {
                        self.ways.push(Way { from, to, at: wish.at.clone(), over: over() });
                    }
                }
            }
        }
    }

    fn by_variables(&mut self, from: usize) {
        let Some(node) = self.nodes.get(from) else { return };
        let body = node.body;
        for (variable, to) in node.effects.sets.clone() {
            let set = match to {
                VariableChange::Set(value) => Some(value.clone()),
                VariableChange::Flip => flipped(body, variable),
                VariableChange::Add(_) => None,
            };
            let made = set.clone().map_or(Made::Another, Made::Set);
            self.made.push((from, Over::Variable(variable.clone()), made));
            for id in self.listening(&Event::Variable(variable.clone())) {
                let is_set_off = self.body(id).is_some_and(|body| {
                    let hears = |it: &Trigger| {
                        matches!(it, Trigger::Variable { variable: of, becomes }
                            if of == variable && set.as_ref().is_none_or(|it| becomes.holds(it)))
                    };
                    body.triggers.iter().any(hears) && allows(body, now_is(variable, set.as_ref()))
                });
                if let Some(to) = is_set_off.then(|| self.number(id)).flatten() {
                    let over = Over::Variable(variable.clone());
                    self.ways.push(Way { from, to, at: Path::default(), over });
                }
            }
        }
    }

    fn by_runs(&mut self, from: usize) {
        let Some(node) = self.nodes.get(from) else { return };
        let runs = node.effects.runs.clone();
        let followers = self.listening(&Event::Ran(node.id.clone()));
        for id in runs.into_iter().chain(followers) {
            if let Some(to) = self.number(id) {
                self.ways.push(Way { from, to, at: Path::default(), over: Over::Run });
            }
        }
    }

    /// The shortest round through the draft that goes on: where it begins, and the other rules.
    fn shortest(mut self) -> Option<(Path, Vec<RuleId>)> {
        // What keeps a round going may itself only be in it thanks to ways that do not count.
        loop {
            let inside = self.inside();
            let count = self.ways.len();
            let made = std::mem::take(&mut self.made);
            self.ways.retain(|way| {
                let is_inside = inside.contains(&way.from) && inside.contains(&way.to);
                is_inside && goes_on(&way.over, &made, &inside)
            });
            self.made = made;
            if self.ways.len() == count {
                break;
            }
        }
        let round = self.round()?;
        let first = round.first().and_then(|way| self.ways.get(*way))?;
        let others = round.iter().filter_map(|way| self.nodes.get(self.ways.get(*way)?.from));
        let at = if first.at == Path::default() { self.first_step() } else { first.at.clone() };
        let others: Vec<RuleId> = others.skip(1).map(|it| it.id.clone()).collect();
        // A rule that needs no other goes round with itself.
        let others = if others.is_empty() { vec![self.draft.id.clone()] } else { others };
        Some((at, others))
    }

    fn first_step(&self) -> Path {
        Path(vec![PathPart::Step(0)])
    }

    /// The rules that the draft sets off and that set off the draft.
    fn inside(&self) -> BTreeSet<usize> {
        let ahead = self.reached(|way| (way.from, way.to));
        let behind = self.reached(|way| (way.to, way.from));
        ahead.intersection(&behind).copied().collect()
    }

    fn reached(&self, ends: impl Fn(&Way) -> (usize, usize)) -> BTreeSet<usize> {
        let mut next: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (from, to) in self.ways.iter().map(ends) {
            next.entry(from).or_default().push(to);
        }
        let (mut reached, mut ahead) = (BTreeSet::from([0]), vec![0]);
        while let Some(at) = ahead.pop() {
            let new = next.get(&at).into_iter().flatten().filter(|it| reached.insert(**it));
            ahead.extend(new.copied().collect::<Vec<_>>());
        }
        reached
    }

    /// The ways of the shortest round, the first from the draft.
    fn round(&self) -> Option<Vec<usize>> {
        let mut leaving: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (number, way) in self.ways.iter().enumerate() {
            leaving.entry(way.from).or_default().push(number);
        }
        let mut came: BTreeMap<usize, usize> = BTreeMap::new();
        let mut ahead = VecDeque::from([0]);
        while let Some(at) = ahead.pop_front() {
            for number in leaving.get(&at).into_iter().flatten() {
                let Some(way) = self.ways.get(*number) else { continue };
                if way.to == 0 {
                    return Some(self.back(*number, &came));
                }
                if came.insert(way.to, *number).is_none() {
                    ahead.push_back(way.to);
                }
            }
        }
        None
    }

    fn back(&self, last: usize, came: &BTreeMap<usize, usize>) -> Vec<usize> {
        let mut round = vec![last];
        let mut way = self.ways.get(last);
        while let Some(number) = way.filter(|it| it.from != 0).and_then(|it| came.get(&it.from)) {
            round.push(*number);
            way = self.ways.get(*number);
        }
        round.reverse();
        round
    }
}

/// Whether what is changed here is also changed otherwise by the rules of the round.
fn goes_on(over: &Over, made: &[(usize, Over, Made)], inside: &BTreeSet<usize>) -> bool {
    if *over == Over::Run {
        return true;
    }
    let mut made = made
        .iter()
        .filter(|(by, it, _)| inside.contains(by) && it == over)
        .map(|(_, _, made)| made);
    let Some(first) = made.next() else { return false };
    *first == Made::Another || made.any(|it| it != first)
}

/// What toggling comes to in a rule that runs only when what it toggles has just come on, or has
/// just gone off.
fn toggled(body: &RuleBody, wish: &Wish<'_>) -> Option<Value> {
    let role = Target::Role(wish.role.clone());
    let was = |trigger: &Trigger| {
        let Trigger::Changes { of, to: Some(Is::OnOff(on)), .. } = trigger else { return None };
        (*of == role).then_some(*on)
    };
    let is_toggled = wish.what == Wanted::Toggled;
    is_toggled.then(|| always(body, was)).flatten().map(|on| Value::OnOff(!on))
}

/// What flipping comes to in a rule that runs only when what it flips has just become yes, or no.
fn flipped(body: &RuleBody, variable: &VariableId) -> Option<VariableValue> {
    let was = |trigger: &Trigger| {
        let Trigger::Variable { variable: of, becomes } = trigger else { return None };
        let Comparison::YesNo(yes) = becomes else { return None };
        (of == variable).then_some(*yes)
    };
    always(body, was).map(|yes| VariableValue::YesNo(!yes))
}

/// What is so whichever trigger sets a rule off.
fn always(body: &RuleBody, was: impl Fn(&Trigger) -> Option<bool>) -> Option<bool> {
    let mut known = body.triggers.iter().map(was);
    let first = known.next()??;
    known.all(|it| it == Some(first)).then_some(first)
}

/// What is then known of a role; only of what is on or off, as conditions mostly ask.
fn state(role: &RoleId, value: Option<&Value>) -> Option<Condition> {
    let Some(Value::OnOff(on)) = value else { return None };
    let (of, which) = (Target::Role(role.clone()), Which::Every);
    Some(Condition::State { of, which, is: Is::OnOff(*on), held_for: Span::ZERO })
}

/// What is then known of a variable.
fn now_is(variable: &VariableId, value: Option<&VariableValue>) -> Option<Condition> {
    let is = match value? {
        VariableValue::YesNo(it) => Comparison::YesNo(*it),
        VariableValue::Number(it) => Comparison::Equals(*it),
        VariableValue::Text(it) => Comparison::Text(it.clone()),
    };
    Some(Condition::Variable { variable: variable.clone(), is })
}

/// Whether the conditions of a rule can hold while that is so.
fn allows(body: &RuleBody, known: Option<Condition>) -> bool {
    let conditions = body.conditions.iter().chain(&known).map(Literal::yes);
    let literals = flat(conditions.map(|it| (Path::default(), it)));
    never(literals.into_iter().map(|(_, literal)| literal)).is_none()
}

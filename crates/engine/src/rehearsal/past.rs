//! The home as the records tell it: its things and people are those of today, what they say is what
//! they said.

use std::collections::{BTreeMap, HashMap};

use model::rule::{Target, Unknown};
use model::{
    Action, Capability, Command, CoverMotion, CoverMove, CoverState, DeviceId, EndpointId, Percent,
    Person, PersonId, Presence, Reachability, RoleId, Scene, SceneId, Spec, Timestamp, Value,
    Variable, VariableId, VariableValue,
};

use crate::Engine;
use crate::rules::{Calendar, News, Rules, World};

/// A home made of records.
#[derive(Debug, Clone)]
pub(super) struct Past {
    /// The home of today. What it says is not looked at.
    home: Engine,
    parts: HashMap<EndpointId, Part>,
    /// Whether devices can be reached.
    reach: BTreeMap<DeviceId, bool>,
    people: BTreeMap<PersonId, Person>,
    variables: BTreeMap<VariableId, Variable>,
}

/// What an endpoint says; it has but a few capabilities.
type Part = Vec<(Capability, Said)>;

/// What a capability says.
#[derive(Debug, Clone)]
struct Said {
    /// What counts: what was recorded, or what a rule has made of it since.
    value: Value,
    since: Timestamp,
    /// What was recorded last.
    recorded: Value,
    /// Heard since its device was last away.
    is_heard: bool,
}

/// What a record means to rules.
#[derive(Debug)]
pub(super) struct Heard {
    pub(super) was: Option<Value>,
    pub(super) news: News,
}

impl Past {
    /// The home as it is known to have been then: what has not changed since is as it is now.
    pub(super) fn new(home: &Engine, from: Timestamp) -> Self {
        let mut parts = HashMap::new();
        let mut reach = BTreeMap::new();
        for (id, device) in &home.devices {
            let was_lost = matches!(device.reachability,
                Reachability::Unreachable { since, .. } if since <= from);
            reach.insert(id.clone(), !was_lost);
            for (key, slots) in &device.parts {
                let said = slots.iter().filter_map(|(what, slot)| {
                    let since = slot.state.since.filter(|since| *since <= from)?;
                    Some((*what, Said::first(slot.state.value.clone()?, since)))
                });
                parts.insert(EndpointId::new(id.clone(), key.clone()), said.collect());
            }
        }
        let people = home.people().into_iter().map(|it| (it.id.clone(), as_of(it, from)));
        let (people, variables) = (people.collect(), home.household.variables.clone());
        let home = Engine { rules: Rules::default(), ..home.clone() };
        Self { home, parts, reach, people, variables }
    }

    /// Takes in what was recorded; what it means to rules, if anything.
    pub(super) fn hear(
        &mut self,
        endpoint: &EndpointId,
        value: &Value,
        now: Timestamp,
    ) -> Option<Heard> {
        // What is no longer in the home fills no role.
        let part = self.parts.get_mut(endpoint)?;
        let what = value.capability();
        let Some((_, said)) = part.iter_mut().find(|(it, _)| *it == what) else {
            part.push((what, Said::first(value.clone(), now)));
            return Some(Heard { was: None, news: News::Baseline });
        };
        let is_first = !std::mem::replace(&mut said.is_heard, true);
        if said.recorded == *value {
            return None;
        }
        said.recorded = value.clone();
        if said.value == *value {
            return None;
        }
        said.since = now;
        let was = Some(std::mem::replace(&mut said.value, value.clone()));
        Some(Heard { was, news: if is_first { News::Baseline } else { News::Change } })
    }

    /// A device can be reached or not; whether that is news.
    pub(super) fn reach(&mut self, device: &DeviceId, is_reachable: bool) -> bool {
        let is_news = self.reach.get(device).is_some_and(|it| *it != is_reachable);
        if is_news {
            self.reach.insert(device.clone(), is_reachable);
            for endpoint in self.home.endpoints_of(device) {
                self.unhear(&endpoint);
            }
        }
        is_news
    }

    fn unhear(&mut self, endpoint: &EndpointId) {
        for (_, said) in self.parts.get_mut(endpoint).into_iter().flatten() {
            said.is_heard = false;
        }
    }

    /// Hearth was started anew: until they speak, things are only remembered.
    pub(super) fn restart(&mut self) {
        let devices: Vec<DeviceId> = self.reach.keys().cloned().collect();
        for device in devices {
            for endpoint in self.home.endpoints_of(&device) {
                self.unhear(&endpoint);
            }
        }
    }

    /// Somebody came or left; whether that is news.
    pub(super) fn come(&mut self, person: &PersonId, is_home: bool, now: Timestamp) -> bool {
        let Some(person) = self.people.get_mut(person) else { return false };
        let is_news = person.presence.home != Some(is_home);
        if is_news {
            person.presence = Presence { home: Some(is_home), since: now, ..person.presence };
        }
        is_news
    }

    /// Sets a variable; what it was, if it is another now.
    pub(super) fn set(&mut self, id: &VariableId, value: &VariableValue) -> Option<VariableValue> {
        let variable = self.variables.get_mut(id).filter(|it| it.value.is_like(value))?;
        (variable.value != *value).then(|| std::mem::replace(&mut variable.value, value.clone()))
    }

    /// Does at once what was asked; what has changed, from what to what.
    pub(super) fn carry_out(
        &mut self,
        command: &Command,
        now: Timestamp,
    ) -> Vec<(Option<Value>, Value)> {
        let role = self.home.role_of(&command.endpoint);
        let specs = role.map_or_else(Vec::new, |role| self.home.specs(&role).to_vec());
        let part = self.parts.entry(command.endpoint.clone()).or_default();
        let mut changed = Vec::new();
        for value in come_true(&command.action, part) {
            let what = value.capability();
            if specs.iter().all(|spec| spec.capability() != what) {
                continue;
            }
            match part.iter_mut().find(|(it, _)| *it == what) {
                Some((_, said)) if said.value == value => {}
                Some((_, said)) => {
                    said.since = now;
                    changed.push((Some(std::mem::replace(&mut said.value, value.clone())), value));
                }
                None => {
                    part.push((what, Said::first(value.clone(), now)));
                    changed.push((None, value));
                }
            }
        }
        changed
    }
}

impl Said {
    fn first(value: Value, since: Timestamp) -> Self {
        Self { recorded: value.clone(), value, since, is_heard: true }
    }
}

/// Somebody as they are known to have been: where they are now says nothing of where they were
/// before they came there.
fn as_of(person: &Person, from: Timestamp) -> Person {
    let is_known = person.presence.since <= from;
    let home = person.presence.home.filter(|_| is_known);
    let since = person.presence.since.min(from);
    Person { presence: Presence { home, since, ..person.presence }, ..person.clone() }
}

/// What is so once an action is done.
fn come_true(action: &Action, part: &Part) -> Vec<Value> {
    let says = |what: Capability| part.iter().find(|(it, _)| *it == what).map(|(_, it)| &it.value);
    match action {
        // A level above nothing switches on, as lights do.
        Action::SetLevel(level) if level.get() > 0 => {
            vec![Value::OnOff(true), Value::Level(*level)]
        }
        Action::SetLevel(_) => vec![Value::OnOff(false)],
        // No covering needs time in a rehearsal.
        Action::MoveCover(to) => {
            let is = says(Capability::WindowCovering);
            let open = match (to, is) {
                (CoverMove::Open, _) => Some(Percent::FULL),
                (CoverMove::Close, _) => Some(Percent::ZERO),
                (CoverMove::To(target), _) => Some(*target),
                (CoverMove::Stop, Some(Value::WindowCovering(state))) => state.open,
                (CoverMove::Stop, _) => None,
            };
            vec![Value::WindowCovering(CoverState { open, motion: CoverMotion::Stopped })]
        }
        Action::SetOnOff(_)
        | Action::SetColor(_)
        | Action::SetEffect(_)
        | Action::SetPalette(_)
        | Action::SetLocked(_)
        | Action::SetThermostat(_)
        | Action::SelectMode(_)
        | Action::SetNumber(_)
        | Action::Press => action.wanted(says(action.capability())).into_iter().collect(),
    }
}

impl World for Past {
    fn roles(&self, target: &Target) -> Vec<RoleId> {
        self.home.roles(target)
    }

    fn is_there(&self, target: &Target) -> bool {
        self.home.is_there(target)
    }

    fn endpoint(&self, role: &RoleId) -> Option<EndpointId> {
        self.home.endpoint(role)
    }

    fn role_of(&self, endpoint: &EndpointId) -> Option<RoleId> {
        self.home.role_of(endpoint)
    }

    fn specs(&self, role: &RoleId) -> &[Spec] {
        self.home.specs(role)
    }

    fn known(&self, role: &RoleId, what: Capability) -> Result<(&Value, Timestamp), Unknown> {
        let endpoint = self.home.endpoint(role).ok_or(Unknown::Vacant)?;
        if self.specs(role).iter().all(|spec| spec.capability() != what) {
            return Err(Unknown::Unable);
        }
        if self.reach.get(&endpoint.device) == Some(&false) {
            return Err(Unknown::Unreachable);
        }
        let part = self.parts.get(&endpoint).ok_or(Unknown::NeverSaid)?;
        let said = part.iter().find(|(it, _)| *it == what).ok_or(Unknown::NeverSaid)?;
        Ok((&said.1.value, said.1.since))
    }

    fn is_reachable(&self, role: &RoleId) -> Option<bool> {
        self.reach.get(&self.home.endpoint(role)?.device).copied()
    }

    fn endpoints_of(&self, device: &DeviceId) -> Vec<EndpointId> {
        self.home.endpoints_of(device)
    }

    fn people(&self) -> Vec<&Person> {
        self.people.values().collect()
    }

    fn person(&self, id: &PersonId) -> Option<&Person> {
        self.people.get(id)
    }

    fn variable(&self, id: &VariableId) -> Option<&Variable> {
        self.variables.get(id)
    }

    fn scene(&self, id: &SceneId) -> Option<&Scene> {
        self.home.scene(id)
    }

    fn calendar(&self) -> &Calendar {
        self.home.calendar()
    }

    fn called(&self, role: &RoleId) -> Option<String> {
        self.home.called(role)
    }
}

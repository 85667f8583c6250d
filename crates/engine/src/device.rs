//! One device of the home: its record, what its parts last said, and how it can be reached.
//! Never publishes or persists anything: it changes, and says whether that is news.

use std::collections::BTreeMap;
use std::time::Duration;

use api::{CapabilityState, Failure, Pending};
use model::{
    Action, Address, Capability, Cause, CommandId, CommandState, CoverMotion, DeviceDescription,
    DeviceRecord, EndpointDescription, EndpointKey, FailReason, LastReport, Moment, Origin,
    Reachability, RoomId, Sighting, Source, Span, Timestamp, Value,
};

use crate::household::is_of_lights;
use crate::rules::News;

/// At most that many addresses are tried for one device.
pub(crate) const MAX_ADDRESSES: usize = 8;

/// A value that has not changed is told again at most this often: its age stays honest to a
/// second, and a device that repeats itself floods nobody.
pub(crate) const UNCHANGED_INTERVAL: Duration = Duration::from_secs(1);

/// For how long a command accounts for what changes with it: a light that gets a level goes on.
const IMPLIED_WITHIN: Duration = Duration::from_secs(2);

/// A device of the home.
#[derive(Debug, Clone)]
pub(crate) struct Device {
    pub(crate) record: DeviceRecord,
    /// What it is called; unlike others of the same name where its people have not named it.
    pub(crate) label: String,
    pub(crate) reachability: Reachability,
    pub(crate) heard_at: Option<Timestamp>,
    /// Its driver has a proven connection. A device that said goodbye may still have one.
    pub(crate) connected: bool,
    pub(crate) farewell: Farewell,
    /// What discovery says of it, as long as it does.
    pub(crate) sighting: Option<Sighting>,
    /// Where its driver tries.
    pub(crate) driven: Vec<Address>,
    /// When (uptime) a sighting last cut its driver's backoff short.
    pub(crate) tried_at: Option<Duration>,
    pub(crate) parts: BTreeMap<EndpointKey, Part>,
    /// The last command to each part.
    wishes: BTreeMap<EndpointKey, Wish>,
    /// Counts how often it could be heard anew.
    session: u32,
}

/// What a part was last asked for, by whom, and until when (uptime) that accounts for what changes.
#[derive(Debug, Clone)]
struct Wish {
    action: Action,
    origin: Origin,
    until: Duration,
}

/// The slots of an endpoint: one for each capability that it has.
pub(crate) type Part = BTreeMap<Capability, Slot>;

/// Whether a device has taken its leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Farewell {
    /// It has not.
    None,
    /// It has, and until then (uptime) it may still show that it is there.
    Doubted(Duration),
    /// It has.
    Said,
}

/// A capability of an endpoint, whether or not it has ever said anything.
#[derive(Debug, Clone, Default)]
pub(crate) struct Slot {
    pub(crate) state: CapabilityState,
    /// It has been told to clients, or would be: it appears in views.
    pub(crate) listed: bool,
    /// When (uptime) the value was last told.
    told_at: Duration,
    /// In which session of the device it was last heard.
    session: u32,
}

/// What a report of a value means, when it is to be told.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Heard {
    /// It shows that this command was done.
    pub(crate) confirmed: Option<CommandId>,
    /// What was said before.
    pub(crate) was: Option<Value>,
    /// Rules are to be told, and as what.
    pub(crate) news: Option<News>,
}

impl Device {
    pub(crate) fn new(mut record: DeviceRecord) -> Self {
        record.description = tidied(record.description);
        let mut device = Self {
            label: String::new(),
            reachability: Reachability::Unknown,
            heard_at: None,
            connected: false,
            farewell: Farewell::None,
            sighting: None,
            driven: vec![record.address.clone()],
            tried_at: None,
            parts: BTreeMap::new(),
            wishes: BTreeMap::new(),
            session: 1,
            record,
        };
        device.sync_parts();
        device
    }

    pub(crate) fn slot(&self, key: &EndpointKey, capability: Capability) -> Option<&Slot> {
        self.parts.get(key)?.get(&capability)
    }

    pub(crate) fn slot_mut(
        &mut self,
        key: &EndpointKey,
        capability: Capability,
    ) -> Option<&mut Slot> {
        self.parts.get_mut(key)?.get_mut(&capability)
    }

    pub(crate) fn endpoint(&self, key: &EndpointKey) -> Option<&EndpointDescription> {
        self.record.description.endpoints.iter().find(|it| it.key == *key)
    }

    /// The room that a part works in: its own, else its device's.
    pub(crate) fn room_of(&self, key: &EndpointKey) -> Option<&RoomId> {
        let own = self.record.endpoints.get(key).and_then(|it| it.room.as_ref());
        own.or(self.record.room.as_ref())
    }

    /// It can be heard anew: what it says first may have changed at any time since it was last.
    pub(crate) fn begin_session(&mut self) {
        self.session = self.session.saturating_add(1);
    }

    /// Notes what a part is asked for.
    pub(crate) fn wish(
        &mut self,
        key: &EndpointKey,
        action: Action,
        (origin, transition): (Origin, Span),
        now: Moment,
    ) {
        let span = IMPLIED_WITHIN.saturating_add(transition.duration());
        let until = now.uptime.saturating_add(span);
        self.wishes.insert(key.clone(), Wish { action, origin, until });
    }

    /// What a part was asked for before a restart: it accounts for nothing but its own doing.
    pub(crate) fn wished(&mut self, key: &EndpointKey, action: Action, origin: Origin) {
        let until = Duration::ZERO;
        self.wishes.insert(key.clone(), Wish { action, origin, until });
    }

    /// Takes what one of its capabilities says; `None` when it has no such capability, or says
    /// the same again too soon to be told.
    pub(crate) fn hear(
        &mut self,
        key: &EndpointKey,
        value: &Value,
        source: Source,
        now: Moment,
    ) -> Option<(Heard, &CapabilityState)> {
        let wish = self.wishes.get(key);
        let slot = self.parts.get_mut(key)?.get_mut(&value.capability())?;
        let heard = slot.hear(value, source, (self.session, wish), now)?;
        Some((heard, &slot.state))
    }

    /// Takes a new description; whether it says anything new. Slots of what is no longer there
    /// are gone then, together with the commands on their way to them, which are returned.
    pub(crate) fn describe(&mut self, description: DeviceDescription) -> Option<Vec<Pending>> {
        let description = tidied(description);
        if description == self.record.description {
            return None;
        }
        self.record.description = description;
        let vanished = self.sync_parts();
        self.wishes.retain(|key, _| self.parts.contains_key(key));
        Some(vanished)
    }

    /// Makes the slots be those that the description has.
    fn sync_parts(&mut self) -> Vec<Pending> {
        let mut old = std::mem::take(&mut self.parts);
        for endpoint in &self.record.description.endpoints {
            let mut slots = old.remove(&endpoint.key).unwrap_or_default();
            let part = endpoint.specs.iter().map(|spec| {
                let capability = spec.capability();
                (capability, slots.remove(&capability).unwrap_or_default())
            });
            self.parts.insert(endpoint.key.clone(), part.collect());
            old.insert(endpoint.key.clone(), slots);
        }
        let vanished = old.into_values().flat_map(BTreeMap::into_values);
        vanished.filter_map(|slot| slot.state.pending).collect()
    }

    /// Commands on their way to any of its parts.
    pub(crate) fn pending(&self) -> Vec<&Pending> {
        let slots = self.parts.values().flat_map(BTreeMap::values);
        slots.filter_map(|slot| slot.state.pending.as_ref()).collect()
    }

    /// Marks it as not reachable; whether that is news. How long it has been so counts from the
    /// first cause: a device that is off for hours does not come closer by changing its reason.
    pub(crate) fn lose(&mut self, cause: Cause, now: Timestamp) -> bool {
        let since = match self.reachability {
            Reachability::Unreachable { since, .. } => since,
            Reachability::Unknown | Reachability::Reachable => now,
        };
        let lost = Reachability::Unreachable { since, cause };
        std::mem::replace(&mut self.reachability, lost.clone()) != lost
    }

    /// Where it could be: where it last proved itself, then where discovery sees it.
    pub(crate) fn candidates(&self) -> Vec<Address> {
        let seen = self.sighting.iter().flat_map(|it| &it.addresses);
        unique(std::iter::once(&self.record.address).chain(seen))
    }
}

/// The first eight different addresses.
pub(crate) fn unique<'a>(addresses: impl Iterator<Item = &'a Address>) -> Vec<Address> {
    let mut kept: Vec<Address> = Vec::new();
    for address in addresses {
        if kept.len() < MAX_ADDRESSES && !kept.contains(address) {
            kept.push(address.clone());
        }
    }
    kept
}

/// Devices are not trusted to name an endpoint or a capability only once: the first one counts.
pub(crate) fn tidied(mut description: DeviceDescription) -> DeviceDescription {
    let mut keys = std::collections::BTreeSet::new();
    description.endpoints.retain(|it| keys.insert(it.key.clone()));
    for endpoint in &mut description.endpoints {
        let mut capabilities = std::collections::BTreeSet::new();
        endpoint.specs.retain(|it| capabilities.insert(it.capability()));
    }
    description
}

impl Slot {
    /// What was written down before the restart.
    pub(crate) fn remember(&mut self, report: LastReport) {
        self.state.value = Some(report.value);
        self.state.reported_at = Some(report.at);
        self.state.since = Some(report.since);
        self.state.origin = report.origin;
        self.state.source = Some(Source::Remembered);
        self.listed = true;
    }

    /// Takes what the device says. A command counts as done only by what is heard after it left;
    /// a failure is forgotten once the device shows what was wanted after all.
    fn hear(
        &mut self,
        value: &Value,
        source: Source,
        (session, wish): (u32, Option<&Wish>),
        now: Moment,
    ) -> Option<Heard> {
        let confirmed = self.confirmed_by(value);
        let excused =
            self.state.failure.as_ref().is_some_and(|it| it.action.is_confirmed_by(value));
        let is_first = self.session != session;
        let is_same = self.state.value.as_ref() == Some(value);
        let repeats = is_same && !is_first && self.is_fresh(now.uptime);
        if repeats && !excused && confirmed.is_none() {
            return None;
        }
        let mut was = None;
        if !is_same {
            self.state.origin = self.origin_of(value, is_first, wish, now);
            self.state.since = Some(now.wall);
            was = self.state.value.replace(value.clone());
        }
        let news = match (is_first, is_same) {
            (true, _) => Some(News::Baseline),
            (false, false) => Some(News::Change),
            (false, true) => None,
        };
        if news == Some(News::Baseline) && is_same {
            was = Some(value.clone());
        }
        self.state.reported_at = Some(now.wall);
        self.state.source = Some(source);
        self.told_at = now.uptime;
        self.session = session;
        self.listed = true;
        if excused {
            self.state.failure = None;
        }
        if confirmed.is_some() {
            self.state.pending = None;
        }
        Some(Heard { confirmed, was, news })
    }

    /// What made a new value so. What a command on its way, or one that was just given to the
    /// same part, accounts for is its doing; what was different when the device came back, nobody
    /// knows; all else is the device's.
    fn origin_of(&self, value: &Value, is_first: bool, wish: Option<&Wish>, now: Moment) -> Origin {
        let pending = self.state.pending.as_ref();
        let has_left = |it: &&Pending| it.state != CommandState::Requested;
        if let Some(pending) = pending.filter(has_left)
            && (pending.action.is_confirmed_by(value) || !is_first && leads_to(value))
        {
            return pending.origin.clone();
        }
        let missed = self.state.failure.as_ref().map(|it| &it.action);
        if let Some(wish) = wish
            && (wish.is_late(value, missed) || wish.accounts_for(value, now.uptime))
        {
            return wish.origin.clone();
        }
        match &self.state.value {
            None => Origin::Unknown,
            Some(_) if is_first => Origin::Unknown,
            Some(before) if goes_on(before, value) => self.state.origin.clone(),
            Some(_) => Origin::Device,
        }
    }

    fn confirmed_by(&self, value: &Value) -> Option<CommandId> {
        let pending = self.state.pending.as_ref()?;
        let has_left = pending.state != CommandState::Requested;
        (has_left && pending.action.is_confirmed_by(value)).then(|| pending.command.clone())
    }

    fn is_fresh(&self, uptime: Duration) -> bool {
        match self.state.source {
            Some(Source::Pushed | Source::Polled) => {
                uptime < self.told_at.saturating_add(UNCHANGED_INTERVAL)
            }
            Some(Source::Remembered) | None => false,
        }
    }

    /// Puts a command in; what it takes the place of.
    pub(crate) fn begin(&mut self, pending: Pending) -> Option<Pending> {
        self.listed = true;
        self.state.failure = None;
        self.state.pending.replace(pending)
    }

    /// Takes the command out and keeps what went wrong with it.
    pub(crate) fn end(&mut self, outcome: &CommandState, at: Timestamp) {
        if let Some(pending) = self.state.pending.take() {
            self.state.failure = failure(pending, outcome, at);
        }
    }

    /// Shows a command that has come to nothing.
    pub(crate) fn fail(&mut self, failure: Failure) {
        self.listed = true;
        self.state.failure = Some(failure);
    }
}

impl Wish {
    /// Whether it was given up, and this shows that it was done all the same.
    fn is_late(&self, value: &Value, missed: Option<&Action>) -> bool {
        missed == Some(&self.action) && self.action.is_confirmed_by(value)
    }

    /// Whether a light that was asked for this would say that of something else.
    fn accounts_for(&self, value: &Value, now: Duration) -> bool {
        if now > self.until || !is_of_lights(self.action.capability()) {
            return false;
        }
        let is_other = self.action.capability() != value.capability();
        is_other && *value != Value::OnOff(false) && is_of_lights(value.capability())
    }
}

/// Whether a value may lie on the way to what a command asks for; of what is on or off, the
/// contrary does not.
fn leads_to(value: &Value) -> bool {
    !matches!(value, Value::OnOff(_))
}

/// Whether a change only carries on what had begun: a covering moves on, a thermostat measures.
fn goes_on(before: &Value, value: &Value) -> bool {
    match (before, value) {
        (Value::WindowCovering(before), Value::WindowCovering(now)) => {
            before.motion != CoverMotion::Stopped
                && (now.motion == before.motion || now.motion == CoverMotion::Stopped)
        }
        (Value::Thermostat(before), Value::Thermostat(now)) => {
            before.mode == now.mode
                && before.heating_setpoint == now.heating_setpoint
                && before.cooling_setpoint == now.cooling_setpoint
        }
        _ => false,
    }
}

fn failure(pending: Pending, outcome: &CommandState, at: Timestamp) -> Option<Failure> {
    let reason = match outcome {
        CommandState::Failed(FailReason::Superseded) | CommandState::Observed => return None,
        CommandState::Failed(reason) => Some(reason.clone()),
        CommandState::Requested
        | CommandState::Sent
        | CommandState::Acknowledged
        | CommandState::Expired => None,
    };
    Some(Failure { command: pending.command, action: pending.action, reason, at })
}

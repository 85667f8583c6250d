//! One device of the home: its record, what its parts last said, and how it can be reached.
//! Never publishes or persists anything: it changes, and says whether that is news.

use std::collections::BTreeMap;
use std::time::Duration;

use api::{CapabilityState, Failure, Pending};
use model::{
    Address, Capability, Cause, CommandId, CommandState, DeviceDescription, DeviceRecord,
    EndpointDescription, EndpointKey, FailReason, Moment, Reachability, Sighting, Source,
    Timestamp, Value,
};

/// At most that many addresses are tried for one device.
pub(crate) const MAX_ADDRESSES: usize = 8;

/// A value that has not changed is told again at most this often: its age stays honest to a
/// second, and a device that repeats itself floods nobody.
pub(crate) const UNCHANGED_INTERVAL: Duration = Duration::from_secs(1);

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
}

/// What a report of a value means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Heard {
    /// The same again, too soon to be told.
    Nothing,
    /// A state to tell.
    News,
    /// A state to tell, and it shows that this command was done.
    Confirmed(CommandId),
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

    /// Takes a new description; whether it says anything new. Slots of what is no longer there
    /// are gone then, together with the commands on their way to them, which are returned.
    pub(crate) fn describe(&mut self, description: DeviceDescription) -> Option<Vec<Pending>> {
        let description = tidied(description);
        if description == self.record.description {
            return None;
        }
        self.record.description = description;
        Some(self.sync_parts())
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
    pub(crate) fn remember(&mut self, value: Value, at: Timestamp) {
        self.state.value = Some(value);
        self.state.reported_at = Some(at);
        self.state.source = Some(Source::Remembered);
        self.listed = true;
    }

    /// Takes what the device says. A command counts as done only by what is heard after it left;
    /// a failure is forgotten once the device shows what was wanted after all.
    pub(crate) fn hear(&mut self, value: &Value, source: Source, now: Moment) -> Heard {
        let confirmed = self.confirmed_by(value);
        let excused =
            self.state.failure.as_ref().is_some_and(|it| it.action.is_confirmed_by(value));
        let repeats = self.state.value.as_ref() == Some(value) && self.is_fresh(now.uptime);
        if repeats && !excused && confirmed.is_none() {
            return Heard::Nothing;
        }
        self.state.value = Some(value.clone());
        self.state.reported_at = Some(now.wall);
        self.state.source = Some(source);
        self.told_at = now.uptime;
        self.listed = true;
        if excused {
            self.state.failure = None;
        }
        if confirmed.is_some() {
            self.state.pending = None;
        }
        confirmed.map_or(Heard::News, Heard::Confirmed)
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

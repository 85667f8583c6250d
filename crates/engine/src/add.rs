//! Taking a device into the home: ask who is there, and believe only what was proven.

use std::collections::BTreeMap;

use api::{AddTarget, Answer, ApiError, ErrorCode, Update};
use model::{
    Address, Change, DeviceId, DeviceRecord, Family, Home, Moment, Name, ProbeFailure, Probed,
    RoomId, Secret,
};

use crate::device::{Device, tidied, unique};
use crate::{Effect, Engine, Ticket, found, requests};

/// That many devices can be added at a time.
const MAX_ADDS: usize = 64;

/// An `Add` that waits for its probe.
#[derive(Debug, Clone)]
pub(crate) struct Add {
    /// Who was found there; `None` for an address that somebody typed.
    expected: Option<DeviceId>,
    /// Where, for words.
    place: String,
    secret: Option<Secret>,
    name: Option<Name>,
    room: Option<RoomId>,
}

/// Where to ask, in which protocol, and who should answer.
type Whereabouts = (Vec<Address>, Option<Family>, Option<DeviceId>);

/// The `Add`s that wait.
pub(crate) type Adds = BTreeMap<Ticket, Add>;

impl Engine {
    pub(crate) fn add(
        &mut self,
        ticket: Ticket,
        target: AddTarget,
        secret: Option<Secret>,
        (name, room): (Option<Name>, Option<RoomId>),
        out: &mut Vec<Effect>,
    ) -> Result<(), ApiError> {
        self.checked_room(room.as_ref())?;
        self.check_vault(secret.as_ref())?;
        if self.adds.len() >= MAX_ADDS {
            let words = "too many devices are being added at once; try again";
            return Err(ApiError::new(ErrorCode::Busy, words));
        }
        let (addresses, family, expect) = match target {
            AddTarget::At(address, family) => (vec![address], family, None),
            AddTarget::Found(id) => self.found_at(&id)?,
        };
        let place = words_for(&addresses);
        let waiting = Add { expected: expect.clone(), place, secret: secret.clone(), name, room };
        self.adds.insert(ticket, waiting);
        out.push(Effect::Probe { ticket, addresses, family, expect, secret });
        Ok(())
    }

    fn found_at(&self, id: &DeviceId) -> Result<Whereabouts, ApiError> {
        if self.devices.contains_key(id) {
            return Err(already_added(id));
        }
        let found = self.found.get(id).ok_or_else(|| requests::not_found("found device", id))?;
        let addresses = unique(found.sighting.addresses.iter());
        if addresses.is_empty() {
            let words = format!("`{id}` was found, but does not say where it is");
            return Err(ApiError::new(ErrorCode::NoAnswer, words));
        }
        Ok((addresses, Some(found.sighting.family), Some(id.clone())))
    }

    pub(crate) fn probed(
        &mut self,
        ticket: Ticket,
        outcome: Result<Probed, ProbeFailure>,
        now: Moment,
        out: &mut Vec<Effect>,
    ) {
        let Some(add) = self.adds.remove(&ticket) else { return };
        let answer = match outcome {
            Ok(probed) => self.take_in(add, probed, now, out),
            Err(failure) => Err(failed(&add, failure)),
        };
        out.push(Effect::Reply(ticket, answer));
    }

    fn take_in(
        &mut self,
        add: Add,
        probed: Probed,
        now: Moment,
        out: &mut Vec<Effect>,
    ) -> Result<Answer, ApiError> {
        let id = probed.device.clone();
        if add.expected.as_ref().is_some_and(|it| *it != id) {
            let words = format!("at {} answers `{id}`, not the device that was found", add.place);
            return Err(ApiError::new(ErrorCode::WrongIdentity(id), words));
        }
        if self.devices.contains_key(&id) {
            self.follow(&id, probed.address, out);
            return Err(already_added(&id));
        }
        self.insert(add, probed, now, out);
        Ok(Answer::Added(id))
    }

    fn insert(&mut self, add: Add, probed: Probed, now: Moment, out: &mut Vec<Effect>) {
        let id = probed.device.clone();
        let record = DeviceRecord {
            id: probed.device,
            family: probed.family,
            address: probed.address,
            description: tidied(probed.description),
            name: add.name,
            // The room may have been removed while the device was asked.
            room: add.room.filter(|it| self.rooms.iter().any(|room| room.id == *it)),
            endpoints: BTreeMap::new(),
            added_at: now.wall,
        };
        let mut device = Device::new(record);
        let found = self.found.remove(&id);
        let was_found = found.is_some();
        device.sighting = found.map(|it| it.sighting);
        device.driven = device.candidates();
        device.heard_at = Some(now.wall);
        let drive = found::drive(&device);
        self.devices.insert(id.clone(), device);
        self.persist_device(&id, out);
        self.settle_roles(&id, Vec::new(), out);
        if was_found {
            out.push(Effect::Publish(Update::FoundGone(id.clone())));
        }
        self.relabel(&id, out);
        self.publish_device(&id, out);
        if add.secret.is_some() {
            out.push(Effect::KeepSecret(id, add.secret));
        }
        out.push(drive);
        if !self.home.welcomed {
            self.home = Home { welcomed: true, ..self.home.clone() };
            out.push(Effect::Persist(Change::Home(self.home.clone())));
            out.push(Effect::Publish(Update::Home(self.home.clone())));
        }
        self.rewire_rules(now, out);
    }

    /// Somebody added by address a device of the home that is looked for elsewhere.
    fn follow(&mut self, id: &DeviceId, address: Address, out: &mut Vec<Effect>) {
        let Some(device) = self.devices.get_mut(id).filter(|it| !it.connected) else { return };
        if !device.driven.contains(&address) {
            let candidates = device.candidates();
            device.driven = unique(std::iter::once(&address).chain(&candidates));
            out.push(found::drive(device));
        }
    }
}

fn already_added(id: &DeviceId) -> ApiError {
    let words = format!("`{id}` is in the home already");
    ApiError::new(ErrorCode::AlreadyAdded(id.clone()), words)
}

fn words_for(addresses: &[Address]) -> String {
    addresses.iter().map(Address::to_string).collect::<Vec<_>>().join(", ")
}

fn failed(add: &Add, failure: ProbeFailure) -> ApiError {
    let place = &add.place;
    match failure {
        ProbeFailure::NoAnswer => {
            ApiError::new(ErrorCode::NoAnswer, format!("nobody answers at {place}"))
        }
        ProbeFailure::NotADevice(why) => {
            let words = format!("what answers at {place} is no device that Hearth knows: {why}");
            ApiError::new(ErrorCode::NotADevice, words)
        }
        ProbeFailure::NeedsSecret => {
            let words = format!("the device at {place} wants a password or key");
            ApiError::new(ErrorCode::NeedsSecret, words)
        }
        ProbeFailure::WrongSecret => {
            let words = format!("the device at {place} does not accept this password or key");
            ApiError::new(ErrorCode::WrongSecret, words)
        }
    }
}

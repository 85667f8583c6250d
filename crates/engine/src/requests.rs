//! What clients ask, one function an intent. Asking for what is so already changes nothing.

use std::collections::BTreeMap;
use std::fmt::Display;

use api::{Answer, ApiError, ErrorCode, Request, Update, Vault};
use model::{
    Change, Command, DeviceId, EndpointId, EndpointRecord, Home, Moment, Name, Origin, RoomId,
    Secret, Span,
};

use crate::device::Device;
use crate::{Effect, Engine, Stage, Ticket};

/// How many devices a simulated home has when it is entered from the real one.
pub const SANDBOX_DEVICES: usize = 12;

/// The shortest passphrase that a new sealed file is made with, in characters.
const MIN_PASSPHRASE: usize = 8;

/// What comes of a request: the answer, or `None` when somebody gives it later.
pub(crate) type Outcome = Result<Option<Answer>, ApiError>;

pub(crate) fn not_found(kind: &str, id: &impl Display) -> ApiError {
    ApiError::new(ErrorCode::NotFound, format!("there is no {kind} `{id}`"))
}

pub(crate) fn existing<'a>(
    devices: &'a mut BTreeMap<DeviceId, Device>,
    id: &DeviceId,
) -> Result<&'a mut Device, ApiError> {
    devices.get_mut(id).ok_or_else(|| not_found("device", id))
}

fn invalid(words: &str) -> ApiError {
    ApiError::new(ErrorCode::Invalid, words)
}

impl Engine {
    pub(crate) fn request(
        &mut self,
        ticket: Ticket,
        request: Request,
        now: Moment,
        out: &mut Vec<Effect>,
    ) -> Outcome {
        let answer = match request {
            Request::Add { target, secret, name, room } => {
                return self.add(ticket, target, secret, (name, room), out).map(|()| None);
            }
            Request::Unlock { passphrase } => {
                return self.unlock(ticket, passphrase, out).map(|()| None);
            }
            Request::EnterSandbox => return self.enter_sandbox(ticket, out).map(|()| None),
            Request::LeaveSandbox => return self.leave_sandbox(ticket, out).map(|()| None),
            Request::Control { id, endpoint, action } => {
                let (transition, origin) = (Span::ZERO, Origin::App);
                self.control(Command { id, endpoint, action, transition, origin }, now, out)
            }
            Request::SetSecret { device, secret } => self.set_secret(device, secret, out),
            Request::Reconnect(device) => self.reconnect(device, out),
            Request::RemoveDevice(device) => self.remove_device(&device, now, out),
            Request::NameDevice(device, name) => self.name_device(&device, name, out),
            Request::PlaceDevice(device, room) => self.place_device(&device, room, now, out),
            Request::NameEndpoint(endpoint, name) => {
                self.annotate(&endpoint, out, |it| it.name = name)
            }
            Request::PlaceEndpoint(endpoint, room) => {
                self.place_endpoint(&endpoint, room, now, out)
            }
            Request::SetFavourite(endpoint, favourite) => {
                self.annotate(&endpoint, out, |it| it.favourite = favourite)
            }
            Request::CreateRoom(room, name) => self.create_room(room, name, now, out),
            Request::NameRoom(room, name) => self.name_room(&room, name, out),
            Request::MoveRoom(room, to) => self.move_room(&room, to, out),
            Request::RemoveRoom(room) => self.remove_room(&room, now, out),
            Request::NameHome(name) => self.set_home(Home { name, ..self.home.clone() }, out),
            Request::Welcomed => self.set_home(Home { welcomed: true, ..self.home.clone() }, out),
            Request::SetSettings(settings) => self.set_settings(settings, out),
            Request::ResolveIssue(issue) => self.resolve_issue(&issue, out),
            household @ (Request::FillRole(..)
            | Request::ForgetRole(_)
            | Request::SaveScene(_)
            | Request::CaptureScene { .. }
            | Request::RemoveScene(_)
            | Request::SetScene(..)
            | Request::UndoScene(_)
            | Request::SaveGroup(_)
            | Request::RemoveGroup(_)
            | Request::ControlAll { .. }
            | Request::SavePerson(..)
            | Request::RemovePerson(_)
            | Request::SetPresence(..)
            | Request::TrackPhone(..)
            | Request::SaveVariable(_)
            | Request::RemoveVariable(_)
            | Request::DismissNotice(_)
            | Request::PressNotice(..)
            | Request::SetPlace(_)
            | Request::SetZone(_)
            | Request::SetBroker { .. }) => self.household(household, now, out),
            automation @ (Request::SaveRule { .. }
            | Request::EnableRule(..)
            | Request::RemoveRule(_)
            | Request::RunRule(..)
            | Request::StopRun(_)
            | Request::AnswerMissed(..)
            | Request::Examine(..)
            | Request::Rehearse { .. }
            | Request::PastRuns(..)
            | Request::PastRun(_)
            | Request::RuleVersions(_)
            | Request::ExportRules(_)
            | Request::ImportRules(_)
            | Request::ReadForeign { .. }
            | Request::Past { .. }) => return self.automation(ticket, automation, now, out),
        };
        answer.map(Some)
    }

    /// A secret that cannot be kept is not taken.
    pub(crate) fn check_vault(&self, secret: Option<&Secret>) -> Result<(), ApiError> {
        match self.status.vault {
            Vault::Locked if secret.is_some() => {
                let words = "secrets cannot be kept before the passphrase has been entered";
                Err(ApiError::new(ErrorCode::SecretsLocked, words))
            }
            Vault::Absent if secret.is_some() => {
                let words = "secrets cannot be kept before a passphrase has been chosen";
                Err(ApiError::new(ErrorCode::SecretsLocked, words))
            }
            Vault::Keyring | Vault::Passphrase | Vault::Locked | Vault::Absent => Ok(()),
        }
    }

    /// The issue about the old secret stays until the device has accepted the new one.
    fn set_secret(
        &mut self,
        device: DeviceId,
        secret: Option<Secret>,
        out: &mut Vec<Effect>,
    ) -> Result<Answer, ApiError> {
        existing(&mut self.devices, &device)?;
        self.check_vault(secret.as_ref())?;
        out.push(Effect::KeepSecret(device, secret));
        Ok(Answer::Done)
    }

    fn reconnect(&mut self, device: DeviceId, out: &mut Vec<Effect>) -> Result<Answer, ApiError> {
        existing(&mut self.devices, &device)?;
        out.push(Effect::TryNow(device));
        Ok(Answer::Done)
    }

    /// Takes a device out of the home. What discovery still sees can be found again.
    fn remove_device(
        &mut self,
        id: &DeviceId,
        now: Moment,
        out: &mut Vec<Effect>,
    ) -> Result<Answer, ApiError> {
        existing(&mut self.devices, id)?;
        self.fail_in_flight(id, now, out);
        self.clear_issues_of(id, out);
        let faces = self.faces_of(id);
        let Some(mut device) = self.devices.remove(id) else { return Ok(Answer::Done) };
        self.timers.forgive(id, &mut device.farewell);
        out.push(Effect::Undrive(id.clone()));
        out.push(Effect::KeepSecret(id.clone(), None));
        out.push(Effect::Persist(Change::DeviceGone(id.clone())));
        self.settle_roles(id, faces, out);
        out.push(Effect::Publish(Update::DeviceGone(id.clone())));
        self.relabel(id, out);
        self.rewire_rules(now, out);
        if let Some(sighting) = device.sighting {
            self.find(sighting, now, out);
        }
        Ok(Answer::Done)
    }

    fn name_device(
        &mut self,
        id: &DeviceId,
        name: Option<Name>,
        out: &mut Vec<Effect>,
    ) -> Result<Answer, ApiError> {
        let device = existing(&mut self.devices, id)?;
        if device.record.name != name {
            device.record.name = name;
            self.persist_device(id, out);
            self.relabel(id, out);
            self.publish_device(id, out);
        }
        Ok(Answer::Done)
    }

    fn place_device(
        &mut self,
        id: &DeviceId,
        room: Option<RoomId>,
        now: Moment,
        out: &mut Vec<Effect>,
    ) -> Result<Answer, ApiError> {
        self.checked_room(room.as_ref())?;
        let device = existing(&mut self.devices, id)?;
        if device.record.room != room {
            device.record.room = room;
            self.persist_device(id, out);
            self.publish_device(id, out);
            self.rewire_rules(now, out);
        }
        Ok(Answer::Done)
    }

    fn place_endpoint(
        &mut self,
        endpoint: &EndpointId,
        room: Option<RoomId>,
        now: Moment,
        out: &mut Vec<Effect>,
    ) -> Result<Answer, ApiError> {
        self.checked_room(room.as_ref())?;
        self.annotate(endpoint, out, |it| it.room = room)?;
        self.rewire_rules(now, out);
        Ok(Answer::Done)
    }

    /// Writes down what people say of an endpoint.
    fn annotate(
        &mut self,
        endpoint: &EndpointId,
        out: &mut Vec<Effect>,
        say: impl FnOnce(&mut EndpointRecord),
    ) -> Result<Answer, ApiError> {
        let device = existing(&mut self.devices, &endpoint.device)?;
        if !device.parts.contains_key(&endpoint.key) {
            return Err(not_found("endpoint", endpoint));
        }
        let notes = &mut device.record.endpoints;
        let old = notes.remove(&endpoint.key).unwrap_or_default();
        let mut new = old.clone();
        say(&mut new);
        let is_news = new != old;
        if new != EndpointRecord::default() {
            notes.insert(endpoint.key.clone(), new);
        }
        if is_news {
            self.persist_device(&endpoint.device, out);
            self.publish_device(&endpoint.device, out);
        }
        Ok(Answer::Done)
    }

    pub(crate) fn set_home(
        &mut self,
        home: Home,
        out: &mut Vec<Effect>,
    ) -> Result<Answer, ApiError> {
        if self.home != home {
            self.home = home.clone();
            out.push(Effect::Persist(Change::Home(home.clone())));
            out.push(Effect::Publish(Update::Home(home)));
        }
        Ok(Answer::Done)
    }

    fn unlock(
        &self,
        ticket: Ticket,
        passphrase: Option<Secret>,
        out: &mut Vec<Effect>,
    ) -> Result<(), ApiError> {
        let passphrase = passphrase.ok_or_else(|| invalid("a passphrase is needed"))?;
        let length = passphrase.expose().chars().count();
        match self.status.vault {
            Vault::Keyring => {
                return Err(invalid(
                    "the system's keyring keeps the secrets: there is no passphrase",
                ));
            }
            Vault::Absent if length < MIN_PASSPHRASE => {
                return Err(invalid("a new passphrase needs at least 8 characters"));
            }
            Vault::Absent | Vault::Passphrase | Vault::Locked => {}
        }
        out.push(Effect::Unlock(ticket, passphrase));
        Ok(())
    }

    fn enter_sandbox(&self, ticket: Ticket, out: &mut Vec<Effect>) -> Result<(), ApiError> {
        if self.status.sandbox {
            return Err(invalid("this is the simulated home already"));
        }
        if !self.status.sandbox_offered {
            let words = "there is no simulated home here";
            return Err(ApiError::new(ErrorCode::Unsupported, words));
        }
        out.push(Effect::Switch(ticket, Stage::Sandbox(SANDBOX_DEVICES)));
        Ok(())
    }

    fn leave_sandbox(&self, ticket: Ticket, out: &mut Vec<Effect>) -> Result<(), ApiError> {
        if !self.status.sandbox {
            return Err(invalid("this is the real home already"));
        }
        out.push(Effect::Switch(ticket, Stage::Real));
        Ok(())
    }
}

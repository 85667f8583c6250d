//! The client's side of a conversation with a device: bytes in, events and bytes out.
//!
//! Hello → who are you (the identity is compared before anything else is said) → what do you have →
//! what does it say. The password that devices built before 2026 may want goes out only after the
//! device has told the right identity; it travels in the clear, as it always has. A device that
//! was given an encryption key is never spoken to in the clear.

use std::collections::BTreeMap;

use model::{
    Action, Cause, DeviceDescription, DeviceId, EndpointKey, Family, Name, ProbeFailure, Secret,
    Source, Span, Value,
};

use super::entity::{DeviceNames, EntityId, Listed, MAX_ENTITIES, Traits, name_all, state_of};
use super::message::Message;
use super::noise::{Key, Noise, NoiseError};
use super::proto::{self, Nothing};
use super::transport::{Transport, TransportError};

/// How many bytes of words a device may describe itself with.
const MAX_WORDS: usize = 1024 * 1024;

/// Something that came of what a device said.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// It has said who it is, and that is who was expected.
    Identified(DeviceId),
    /// It has said all that it can do. Comes after `Identified`, before any `Values`.
    Described(DeviceDescription),
    /// Its entities say something.
    Values(Source, Vec<(EndpointKey, Value)>),
    /// It wants to know the time; answer with [`Session::tell_time`].
    TimeWanted,
}

/// Why a conversation is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// The device said goodbye.
    Goodbye,
    /// It wants a password or key and we have none.
    NeedsSecret,
    /// It does not accept the password or key that we have.
    WrongSecret,
    /// Somebody else answers.
    WrongIdentity(DeviceId),
    /// What it says cannot be understood, or must not be believed; in words.
    Garbage(String),
}

impl Ending {
    /// What that means to a driver.
    #[must_use]
    pub fn cause(self) -> Cause {
        match self {
            Self::Goodbye => Cause::SaidGoodbye,
            Self::NeedsSecret => Cause::NeedsSecret,
            Self::WrongSecret => Cause::WrongSecret,
            Self::WrongIdentity(found) => Cause::WrongIdentity { found },
            Self::Garbage(words) => Cause::Garbage(words),
        }
    }

    /// What that means to somebody who asked who is there.
    #[must_use]
    pub fn probe_failure(self) -> ProbeFailure {
        match self {
            Self::Goodbye => ProbeFailure::NoAnswer,
            Self::NeedsSecret => ProbeFailure::NeedsSecret,
            Self::WrongSecret => ProbeFailure::WrongSecret,
            Self::WrongIdentity(found) => {
                ProbeFailure::NotADevice(format!("{found} answers there"))
            }
            Self::Garbage(words) => ProbeFailure::NotADevice(words),
        }
    }
}

/// An action that cannot be asked of an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the device has nothing that could do this")]
pub struct Unsupported;

/// One conversation with a device.
#[derive(Debug)]
pub struct Session {
    transport: Transport,
    expected: Option<DeviceId>,
    credential: Credential,
    phase: Phase,
    entities: BTreeMap<EntityId, Known>,
    endpoints: BTreeMap<EndpointKey, EntityId>,
}

/// What a secret is good for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Credential {
    None,
    Key,
    Password(Secret),
}

#[derive(Debug)]
enum Phase {
    /// Said hello and asked who it is.
    Greeting,
    /// It tells what it has.
    Listing(Box<Listing>),
    /// It tells how it is.
    Listening,
    Over(Ending),
}

#[derive(Debug)]
struct Listing {
    description: DeviceDescription,
    names: DeviceNames,
    entities: Vec<Listed>,
    words: usize,
}

#[derive(Debug)]
struct Known {
    endpoint: EndpointKey,
    traits: Traits,
    /// It was asked for its state and has not answered yet.
    asked: bool,
}

impl Session {
    /// Starts a conversation: what is to be written first is in the outbox. A secret that is 32
    /// bytes in base64 is a Noise key, any other is a password. `random` must never be used twice.
    #[must_use]
    pub fn new(expected: Option<DeviceId>, secret: Option<&Secret>, random: [u8; 32]) -> Self {
        let key = secret.and_then(Key::read);
        let (mut transport, credential) = match (key, secret) {
            (Some(key), _) => (Transport::encrypted(Noise::client(&key, random)), Credential::Key),
            (None, Some(password)) => (Transport::clear(), Credential::Password(password.clone())),
            (None, None) => (Transport::clear(), Credential::None),
        };
        // Neither can fail: in the clear nothing does, and encrypted it waits for the handshake.
        let greeted = transport
            .send(Message::HelloRequest(hello()))
            .and_then(|()| transport.send(Message::DeviceInfoRequest(Nothing {})));
        let phase = match greeted {
            Ok(()) => Phase::Greeting,
            Err(error) => Phase::Over(Ending::Garbage(error.to_string())),
        };
        Self {
            transport,
            expected,
            credential,
            phase,
            entities: BTreeMap::new(),
            endpoints: BTreeMap::new(),
        }
    }

    /// Takes bytes that have arrived.
    ///
    /// # Errors
    /// When the conversation is over. What is in the outbox should still be written; everything
    /// that arrives later gives the same error.
    pub fn receive(&mut self, bytes: &[u8], events: &mut Vec<Event>) -> Result<(), Ending> {
        if let Phase::Over(ending) = &self.phase {
            return Err(ending.clone());
        }
        self.transport.receive(bytes);
        let result = self.read_all(events);
        if let Err(ending) = &result {
            self.phase = Phase::Over(ending.clone());
        }
        result
    }

    /// Bytes to be written to the device.
    #[must_use]
    pub fn take_outbox(&mut self) -> Vec<u8> {
        self.transport.take_outbox()
    }

    /// Whether the device has described itself and can be asked for things.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.phase, Phase::Listening)
    }

    /// Asks for the states of all entities. The firmware sends them all again (seen with 2026.6).
    pub fn refresh(&mut self) {
        if self.is_open() {
            for entity in self.entities.values_mut() {
                entity.asked = entity.traits.has_state();
            }
            self.send(Message::SubscribeStatesRequest(Nothing {}));
        }
    }

    /// Asks for a sign of life.
    pub fn ping(&mut self) {
        self.send(Message::PingRequest(Nothing {}));
    }

    /// Says goodbye.
    pub fn say_goodbye(&mut self) {
        self.send(Message::DisconnectRequest(Nothing {}));
    }

    /// Answers [`Event::TimeWanted`] with the seconds since 1970.
    pub fn tell_time(&mut self, epoch_seconds: u32) {
        self.send(Message::GetTimeResponse(proto::GetTimeResponse { epoch_seconds }));
    }

    /// Puts the request for an action into the outbox, to be done slowly over `transition` by
    /// lights that can. A device never answers to one; it reports
    /// its new state, if there is one.
    ///
    /// # Errors
    /// When the endpoint is not there or cannot do that.
    pub fn command(
        &mut self,
        endpoint: &EndpointKey,
        action: &Action,
        transition: Span,
    ) -> Result<(), Unsupported> {
        let id = *self.endpoints.get(endpoint).ok_or(Unsupported)?;
        let entity = self.entities.get_mut(&id).ok_or(Unsupported)?;
        let message = entity.traits.command(id, action, transition).ok_or(Unsupported)?;
        self.send(message);
        Ok(())
    }

    fn send(&mut self, message: Message) {
        if let Err(error) = self.transport.send(message) {
            self.phase = Phase::Over(Ending::Garbage(error.to_string()));
        }
    }

    fn read_all(&mut self, events: &mut Vec<Event>) -> Result<(), Ending> {
        let mut states = States::default();
        let result = loop {
            match self.transport.next_message() {
                Ok(Some(message)) => {
                    if let Err(ending) = self.take(message, &mut states, events) {
                        break Err(ending);
                    }
                }
                Ok(None) => break self.check_claim(),
                Err(error) => break Err(self.ending_of(&error)),
            }
        };
        states.put_into(events);
        result
    }

    fn take(
        &mut self,
        message: Message,
        states: &mut States,
        events: &mut Vec<Event>,
    ) -> Result<(), Ending> {
        match message {
            Message::HelloResponse(hello) => check_version(&hello),
            Message::DeviceInfoResponse(info) => self.meet(info, events),
            Message::AuthenticationResponse(answer) if answer.invalid_password => {
                Err(self.secret_is_wanted())
            }
            Message::ListEntitiesDoneResponse(_) => {
                self.finish_listing(events);
                Ok(())
            }
            Message::PingRequest(_) => {
                self.send(Message::PingResponse(Nothing {}));
                Ok(())
            }
            Message::GetTimeRequest(_) => {
                events.push(Event::TimeWanted);
                Ok(())
            }
            Message::DisconnectRequest(_) => {
                self.send(Message::DisconnectResponse(Nothing {}));
                Err(Ending::Goodbye)
            }
            Message::DisconnectResponse(_) => Err(Ending::Goodbye),
            message => self.take_entity(message, states),
        }
    }

    fn take_entity(&mut self, message: Message, states: &mut States) -> Result<(), Ending> {
        match &mut self.phase {
            Phase::Listing(listing) => listing.take(message),
            Phase::Listening => {
                self.take_state(&message, states);
                Ok(())
            }
            Phase::Greeting | Phase::Over(_) => Ok(()),
        }
    }

    fn take_state(&mut self, message: &Message, states: &mut States) {
        let entity = state_of(message).and_then(|id| self.entities.get_mut(&id));
        if let Some(entity) = entity {
            let asked = std::mem::take(&mut entity.asked);
            let values = entity.traits.values(message);
            states.add(asked, &entity.endpoint, values);
        }
    }

    /// Reads who it is, and goes on only with the one that was expected.
    fn meet(
        &mut self,
        info: proto::DeviceInfoResponse,
        events: &mut Vec<Event>,
    ) -> Result<(), Ending> {
        if !matches!(self.phase, Phase::Greeting) {
            return Ok(());
        }
        let device = identity(&info.mac_address)
            .ok_or_else(|| Ending::Garbage("the device tells no MAC address".to_owned()))?;
        self.expect(&device)?;
        if info.uses_password && self.credential == Credential::None {
            return Err(Ending::NeedsSecret);
        }
        events.push(Event::Identified(device));
        self.phase = Phase::Listing(Box::new(Listing::new(&info)));
        // Firmware before 2026 wants this even where no password is set; newer takes no notice.
        let password = match &self.credential {
            Credential::Password(password) => password.expose().to_owned(),
            Credential::None | Credential::Key => String::new(),
        };
        let authentication = proto::AuthenticationRequest { password };
        self.send(Message::AuthenticationRequest(authentication));
        self.send(Message::ListEntitiesRequest(Nothing {}));
        Ok(())
    }

    fn finish_listing(&mut self, events: &mut Vec<Event>) {
        let phase = std::mem::replace(&mut self.phase, Phase::Listening);
        let Phase::Listing(listing) = phase else {
            self.phase = phase;
            return;
        };
        let Listing { mut description, names, entities, .. } = *listing;
        for (id, endpoint, traits) in name_all(entities, &names) {
            self.endpoints.insert(endpoint.key.clone(), id);
            let known = Known { endpoint: endpoint.key.clone(), traits, asked: false };
            self.entities.insert(id, known);
            description.endpoints.push(endpoint);
        }
        events.push(Event::Described(description));
        self.refresh();
    }

    fn expect(&self, found: &DeviceId) -> Result<(), Ending> {
        match &self.expected {
            Some(expected) if expected != found => Err(Ending::WrongIdentity(found.clone())),
            _ => Ok(()),
        }
    }

    /// An encrypting device says who it is before it proves anything. That is no proof, but when
    /// it says that it is another, its key need not be tried.
    fn check_claim(&self) -> Result<(), Ending> {
        match self.transport.claimed_mac().and_then(identity) {
            Some(claimed) if matches!(self.phase, Phase::Greeting) => self.expect(&claimed),
            _ => Ok(()),
        }
    }

    fn secret_is_wanted(&self) -> Ending {
        match self.credential {
            Credential::None => Ending::NeedsSecret,
            Credential::Key | Credential::Password(_) => Ending::WrongSecret,
        }
    }

    fn ending_of(&self, error: &TransportError) -> Ending {
        match error {
            TransportError::PeerEncrypts => self.secret_is_wanted(),
            TransportError::Noise(NoiseError::WrongKey) => match self.check_claim() {
                Err(somebody_else) => somebody_else,
                Ok(()) => Ending::WrongSecret,
            },
            error => Ending::Garbage(error.to_string()),
        }
    }
}

fn hello() -> proto::HelloRequest {
    proto::HelloRequest {
        client_info: "Hearth".to_owned(),
        api_version_major: 1,
        api_version_minor: 14,
    }
}

fn check_version(hello: &proto::HelloResponse) -> Result<(), Ending> {
    if hello.api_version_major <= 1 {
        Ok(())
    } else {
        let version = format!("{}.{}", hello.api_version_major, hello.api_version_minor);
        Err(Ending::Garbage(format!("the device speaks version {version} of the protocol")))
    }
}

/// Who has that MAC address; `None` when the text is none.
fn identity(mac: &str) -> Option<DeviceId> {
    let digits = mac.chars().filter(char::is_ascii_hexdigit).count();
    let fits = digits == 12 && mac.len() <= 17;
    fits.then(|| DeviceId::from_mac(Family::Esphome.slug(), mac).ok()).flatten()
}

impl Listing {
    fn new(info: &proto::DeviceInfoResponse) -> Self {
        let own = if info.friendly_name.is_empty() { &info.name } else { &info.friendly_name };
        let sub_devices = info.devices.iter().take(MAX_ENTITIES);
        Self {
            description: describe(info, own),
            names: DeviceNames {
                own: own.clone(),
                sub_devices: sub_devices.map(|it| (it.device_id, it.name.clone())).collect(),
            },
            entities: Vec::new(),
            words: 0,
        }
    }

    fn take(&mut self, message: Message) -> Result<(), Ending> {
        let Some(entity) = Listed::read(message) else {
            return Ok(());
        };
        self.words += entity.weight();
        if self.words > MAX_WORDS {
            return Err(Ending::Garbage("the device describes itself without end".to_owned()));
        }
        if self.entities.len() < MAX_ENTITIES {
            self.entities.push(entity);
        }
        Ok(())
    }
}

/// A project names maker and model (`maker.model`) better than its board does.
fn describe(info: &proto::DeviceInfoResponse, own_name: &str) -> DeviceDescription {
    let project = info.project_name.split_once('.');
    let (vendor, model) = project.unwrap_or((info.manufacturer.as_str(), info.model.as_str()));
    let firmware = match info.project_version.as_str() {
        "" => info.esphome_version.clone(),
        project => format!("{project} (ESPHome {})", info.esphome_version),
    };
    DeviceDescription {
        name: Name::lossy(own_name),
        vendor: Name::lossy(vendor),
        model: Name::lossy(model),
        firmware: Name::lossy(&firmware),
        endpoints: Vec::new(),
    }
}

/// The states of one batch, apart by how we come to know them.
#[derive(Default)]
struct States {
    polled: Vec<(EndpointKey, Value)>,
    pushed: Vec<(EndpointKey, Value)>,
}

impl States {
    fn add(&mut self, asked: bool, endpoint: &EndpointKey, values: Vec<Value>) {
        let list = if asked { &mut self.polled } else { &mut self.pushed };
        list.extend(values.into_iter().map(|value| (endpoint.clone(), value)));
    }

    fn put_into(self, events: &mut Vec<Event>) {
        for (source, values) in [(Source::Polled, self.polled), (Source::Pushed, self.pushed)] {
            if !values.is_empty() {
                events.push(Event::Values(source, values));
            }
        }
    }
}

#[cfg(test)]
mod tests;

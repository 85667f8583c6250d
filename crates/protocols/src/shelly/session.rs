//! The conversation with one Shelly: identity, then configuration and status, then whatever comes.
//!
//! One call is in flight until the description is complete; after that, as many as are asked for.
//! The device says nothing by itself before it has seen a request with a `src`.

use std::collections::VecDeque;

use model::{
    Address, Cause, Command, CommandId, DeviceDescription, DeviceId, EndpointKey, FailReason, Name,
    Percent, Progress, Report, Secret, Source, Value,
};
use serde_json::value::RawValue;

use crate::json::{read_object, words};
use crate::{Output, Session};

use super::action::{self, Call};
use super::auth::{Challenge, Digest};
use super::component::{ConfigTree, Kind, PartConfig, PartId, StatusTree};
use super::frame::{ErrorBody, Events, Frame, request};
use super::identity::Identity;
use super::part::{Part, Surroundings};

/// The most calls that wait for an answer. Beyond it the oldest is forgotten: whoever waited for
/// it has given up long ago.
const MAX_CALLS: usize = 64;

/// How often one call is sent again because its nonce had become stale.
const MAX_ATTEMPTS: u8 = 4;

/// What a session is opened with.
#[derive(Debug, Clone)]
pub struct Start {
    /// Who must answer; `None` takes whoever does.
    pub expected: Option<DeviceId>,
    /// Where the connection leads to.
    pub address: Address,
    /// The password, if there is one.
    pub secret: Option<Secret>,
    /// Random bytes, new for each connection: they name us to the device, and salt the digest.
    pub random: [u8; 16],
}

/// A session with one Shelly.
#[derive(Debug)]
pub struct ShellySession {
    start: Start,
    source: String,
    client_nonce: String,
    next_id: u32,
    calls: VecDeque<Pending>,
    digest: Option<Digest>,
    /// The device has accepted our password on this connection.
    is_trusted: bool,
    identity: Option<Identity>,
    /// Kept between its arrival and that of the status that it belongs to.
    config: Option<ConfigTree>,
    /// Every component of the last whole status, described or not.
    seen: Vec<PartId>,
    parts: Vec<Part>,
    is_live: bool,
}

#[derive(Debug)]
struct Pending {
    id: u32,
    call: Call,
    purpose: Purpose,
    attempts: u8,
    was_signed: bool,
}

#[derive(Debug, Clone, PartialEq)]
enum Purpose {
    Identify,
    Configure,
    Survey,
    Look(PartId),
    Perform(CommandId, PartId),
}

impl ShellySession {
    /// Opens the conversation.
    #[must_use]
    pub fn open(start: Start) -> (Self, Vec<Output>) {
        let client_nonce = hex::encode(start.random);
        let mut session = Self {
            source: format!("hearth-{}", client_nonce.get(..12).unwrap_or_default()),
            client_nonce,
            start,
            next_id: 1,
            calls: VecDeque::new(),
            digest: None,
            is_trusted: false,
            identity: None,
            config: None,
            seen: Vec::new(),
            parts: Vec::new(),
            is_live: false,
        };
        let first = session.send(Call::plain("Shelly.GetDeviceInfo"), Purpose::Identify);
        (session, vec![first])
    }

    /// Who answers, once it has said so.
    #[must_use]
    pub fn identity(&self) -> Option<&Identity> {
        self.identity.as_ref()
    }

    fn send(&mut self, call: Call, purpose: Purpose) -> Output {
        let pending = Pending { id: 0, call, purpose, attempts: 0, was_signed: false };
        self.transmit(pending)
    }

    fn transmit(&mut self, mut pending: Pending) -> Output {
        pending.id = self.next_id;
        self.next_id = self.next_id.checked_add(1).unwrap_or(1);
        let auth = self.digest.as_mut().map(Digest::next);
        pending.was_signed = auth.is_some();
        let frame = request(pending.id, &self.source, &pending.call, auth);
        let command = match &pending.purpose {
            Purpose::Perform(command, _) if pending.attempts == 0 => Some(command.clone()),
            _ => None,
        };
        pending.attempts += 1;
        if self.calls.len() >= MAX_CALLS {
            self.calls.pop_front();
        }
        self.calls.push_back(pending);
        Output::Send { frame, command }
    }

    fn is_waiting_for(&self, purpose: &Purpose) -> bool {
        self.calls.iter().any(|it| it.purpose == *purpose)
    }

    fn handle_response(&mut self, frame: &Frame<'_>) -> Vec<Output> {
        let id = frame.id.number();
        let at = self.calls.iter().position(|it| Some(f64::from(it.id)) == id);
        let Some(pending) = at.and_then(|at| self.calls.remove(at)) else { return Vec::new() };
        match &frame.error {
            Some(error) => self.handle_error(pending, &error.0),
            None => {
                self.is_trusted |= pending.was_signed;
                self.handle_result(&pending, frame.result)
            }
        }
    }

    fn handle_error(&mut self, pending: Pending, error: &ErrorBody) -> Vec<Output> {
        if error.code.number() == Some(401.0) {
            return self.handle_challenge(pending, &error.message.0);
        }
        let said = words(&error.message.0);
        match pending.purpose {
            Purpose::Identify | Purpose::Configure | Purpose::Survey => {
                garbage(&format!("it refuses {}: {said}", pending.call.method))
            }
            Purpose::Look(_) => Vec::new(),
            Purpose::Perform(command, _) => vec![failed(command, FailReason::Refused(said))],
        }
    }

    /// The device wants the password, or wants it again. A call that was refused for that has not
    /// been carried out, so it is sent again.
    fn handle_challenge(&mut self, pending: Pending, message: &str) -> Vec<Output> {
        let Some(secret) = self.start.secret.clone() else {
            return unauthorized(pending, Cause::NeedsSecret);
        };
        let Some(challenge) = Challenge::read(message) else {
            return garbage("it asks for the password in a way that we do not know");
        };
        let is_worth_it = !pending.was_signed || self.is_trusted || challenge.is_stale();
        if !is_worth_it || pending.attempts >= MAX_ATTEMPTS {
            return unauthorized(pending, Cause::WrongSecret);
        }
        self.digest = Some(Digest::new(challenge, &secret, &self.client_nonce));
        vec![self.transmit(pending)]
    }

    fn handle_result(&mut self, pending: &Pending, result: Option<&RawValue>) -> Vec<Output> {
        let json = result.map_or("null", RawValue::get);
        match &pending.purpose {
            Purpose::Identify => self.identify(json),
            Purpose::Configure => match serde_json::from_str(json) {
                Ok(config) => {
                    self.config = Some(config);
                    vec![self.survey()]
                }
                Err(error) => garbage(&format!("its configuration is not understood: {error}")),
            },
            Purpose::Survey => self.handle_status(json, Source::Polled),
            Purpose::Look(id) => self.look(*id, json),
            Purpose::Perform(command, id) => {
                let done = Report::Progress(command.clone(), Progress::Acknowledged);
                let call = self.part(*id).map(Call::status_of);
                // A device whose state does not change does not say so by itself.
                let look = call.map(|call| self.send(call, Purpose::Look(*id)));
                std::iter::once(Output::Report(done)).chain(look).collect()
            }
        }
    }

    fn identify(&mut self, json: &str) -> Vec<Output> {
        let identity = match Identity::read(json.as_bytes()) {
            Ok(identity) => identity,
            Err(error) => return garbage(&error.to_string()),
        };
        if self.start.expected.as_ref().is_some_and(|it| *it != identity.device) {
            return vec![Output::End(Cause::WrongIdentity { found: identity.device })];
        }
        let lacks_secret = identity.wants_secret && self.start.secret.is_none();
        self.identity = Some(identity);
        if lacks_secret {
            return vec![Output::End(Cause::NeedsSecret)];
        }
        vec![self.configure()]
    }

    fn configure(&mut self) -> Output {
        self.send(Call::plain("Shelly.GetConfig"), Purpose::Configure)
    }

    fn survey(&mut self) -> Output {
        self.send(Call::plain("Shelly.GetStatus"), Purpose::Survey)
    }

    fn look(&mut self, id: PartId, json: &str) -> Vec<Output> {
        let Ok(status) = serde_json::from_str(json) else { return Vec::new() };
        let tree = StatusTree { parts: vec![(id, status)], ..StatusTree::default() };
        self.overlay(&tree, Source::Polled)
    }

    /// Takes in a whole status.
    fn handle_status(&mut self, json: &str, source: Source) -> Vec<Output> {
        let status: StatusTree = match serde_json::from_str(json) {
            Ok(status) => status,
            Err(error) => return garbage(&format!("its status is not understood: {error}")),
        };
        match self.config.take() {
            Some(config) => self.describe(&status, &config),
            None if self.is_rebuilt(&status) => self.reconfigure(),
            None => self.overlay(&status, source),
        }
    }

    /// Whether the device has other components now, or other abilities.
    fn is_rebuilt(&self, status: &StatusTree) -> bool {
        let ids = status.parts.iter().map(|(id, _)| *id);
        let is_metered = |id| {
            let found = status.parts.iter().find(|(it, _)| *it == id);
            found.is_some_and(|(_, it)| it.power().number().is_some())
        };
        !ids.eq(self.seen.iter().copied())
            || self.parts.iter().any(|it| it.traits.metered != is_metered(it.id))
    }

    fn reconfigure(&mut self) -> Vec<Output> {
        if self.is_waiting_for(&Purpose::Configure) {
            return Vec::new();
        }
        vec![self.configure()]
    }

    fn describe(&mut self, status: &StatusTree, configs: &ConfigTree) -> Vec<Output> {
        let Some(identity) = self.identity.clone() else { return Vec::new() };
        let usual = PartConfig::default();
        let config_of = |id: PartId| {
            configs.parts.iter().find(|(it, _)| *it == id).map_or(&usual, |(_, config)| config)
        };
        self.seen = status.parts.iter().map(|(id, _)| *id).collect();
        self.parts.clear();
        for (id, status) in &status.parts {
            if self.part(*id).is_none() {
                self.parts.extend(Part::new(*id, status, config_of(*id)));
            }
        }
        let works = |kind: Kind| kind.is_light() || matches!(kind, Kind::Switch | Kind::Cover);
        let works_something = self.parts.iter().any(|it| works(it.id.kind));
        let describe = |part: &Part| {
            let siblings = self.parts.iter().filter(|it| it.id.kind == part.id.kind);
            let (config, is_plug) = (config_of(part.id), identity.is_plug);
            let has_siblings = siblings.count() > 1;
            part.describe(Surroundings {
                config,
                sys: &configs.sys,
                is_plug,
                has_siblings,
                works_something,
            })
        };
        let endpoints = self.parts.iter().map(describe).filter(|it| !it.specs.is_empty()).collect();
        let description = DeviceDescription {
            name: configs.sys.device_name().or(identity.name),
            vendor: Name::lossy("Shelly"),
            model: identity.model,
            firmware: identity.firmware,
            endpoints,
        };
        self.report_description(description)
    }

    fn report_description(&mut self, description: DeviceDescription) -> Vec<Output> {
        let values = self.parts.iter().flat_map(values_of).collect();
        let reached = (!self.is_live).then(|| Report::Reached(self.start.address.clone()));
        self.is_live = true;
        reached
            .into_iter()
            .chain([Report::Described(description), Report::Values(Source::Polled, values)])
            .map(Output::Report)
            .collect()
    }

    fn overlay(&mut self, status: &StatusTree, source: Source) -> Vec<Output> {
        let mut said = Vec::new();
        for (id, status) in &status.parts {
            let Some(part) = self.parts.iter_mut().find(|it| it.id == *id) else { continue };
            let values = part.overlay(status);
            said.extend(values.into_iter().map(|it| (part.key.clone(), it)));
        }
        if said.is_empty() {
            Vec::new()
        } else {
            vec![Output::Report(Report::Values(source, said))]
        }
    }

    fn handle_notification(&mut self, method: &str, params: Option<&RawValue>) -> Vec<Output> {
        let Some(params) = params.filter(|_| self.is_live) else { return Vec::new() };
        match method {
            "NotifyStatus" => match serde_json::from_str::<StatusTree>(params.get()) {
                Ok(status) => self.overlay(&status, Source::Pushed),
                Err(error) => garbage(&format!("its notification is not understood: {error}")),
            },
            "NotifyFullStatus" => self.handle_full_status(params.get()),
            "NotifyEvent" => self.handle_events(params.get()),
            _ => Vec::new(),
        }
    }

    /// A whole status that comes while the configuration is on its way belongs to none.
    fn handle_full_status(&mut self, json: &str) -> Vec<Output> {
        let config = self.config.take();
        let outputs = self.handle_status(json, Source::Pushed);
        self.config = self.config.take().or(config);
        outputs
    }

    fn handle_events(&mut self, json: &str) -> Vec<Output> {
        let events: Events = serde_json::from_str(json).unwrap_or_default();
        let mut outputs = Vec::new();
        for event in events.events.0.iter().map(|it| &it.0) {
            if event.is_reconfiguration() {
                outputs.extend(self.reconfigure());
            }
            let part = event.component.text().and_then(|it| self.part(it.parse().ok()?));
            if let (Some(part), Some(button)) = (part, event.button()) {
                outputs.push(Output::Report(Report::Pressed(part.key.clone(), button)));
            }
        }
        outputs
    }

    fn part(&self, id: PartId) -> Option<&Part> {
        self.parts.iter().find(|it| it.id == id)
    }
}

impl Session for ShellySession {
    fn handle_frame(&mut self, frame: &[u8]) -> Vec<Output> {
        let frame: Frame<'_> = match read_object(frame) {
            Ok(frame) => frame,
            Err(error) => return garbage(&format!("a frame is not understood: {error}")),
        };
        match &frame.method {
            Some(method) => self.handle_notification(method, frame.params),
            None => self.handle_response(&frame),
        }
    }

    fn handle_command(&mut self, command: Command) -> Vec<Output> {
        let part = self.parts.iter_mut().find(|it| it.key == command.endpoint.key);
        let Some(part) = part else {
            return vec![refused(command.id, "it has no such part")];
        };
        let Some(call) = action::call(part, &command.action, command.transition) else {
            return vec![refused(command.id, "this part cannot do that")];
        };
        part.dimmed_to_zero |= command.action == model::Action::SetLevel(Percent::ZERO);
        let purpose = Purpose::Perform(command.id, part.id);
        vec![self.send(call, purpose)]
    }

    fn refresh(&mut self) -> Vec<Output> {
        if self.is_waiting_for(&Purpose::Survey) {
            return Vec::new();
        }
        vec![self.survey()]
    }

    fn is_live(&self) -> bool {
        self.is_live
    }

    fn abandon(&mut self) -> Vec<CommandId> {
        let command = |pending: Pending| match pending.purpose {
            Purpose::Perform(command, _) => Some(command),
            _ => None,
        };
        self.calls.drain(..).filter_map(command).collect()
    }
}

fn values_of(part: &Part) -> Vec<(EndpointKey, Value)> {
    part.values().into_iter().map(|value| (part.key.clone(), value)).collect()
}

fn garbage(text: &str) -> Vec<Output> {
    vec![Output::End(Cause::Garbage(words(text)))]
}

fn failed(command: CommandId, reason: FailReason) -> Output {
    Output::Report(Report::Progress(command, Progress::Failed(reason)))
}

fn refused(command: CommandId, why: &str) -> Output {
    failed(command, FailReason::Refused(why.to_owned()))
}

fn unauthorized(pending: Pending, cause: Cause) -> Vec<Output> {
    let command = match pending.purpose {
        Purpose::Perform(command, _) => Some(failed(command, FailReason::NotAuthorized)),
        _ => None,
    };
    command.into_iter().chain([Output::End(cause)]).collect()
}

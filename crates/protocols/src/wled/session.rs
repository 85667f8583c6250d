//! The conversation with one WLED: begun with the whole of `GET /json`, and carried on with what
//! its WebSocket pushes, or where it has none, with what `GET /json/si` answers.
//!
//! Every command asks for the state back (`"v":true`): the next state, or a plain success, is
//! taken as the answer. The device gives requests no number, so the state might be one that was on
//! its way already; whether the command has been carried out is told by the values alone.

use std::collections::{BTreeMap, VecDeque};

use model::{
    Action, Address, Cause, Command, CommandId, DeviceId, EndpointKey, FailReason, Percent,
    Progress, Report, Source, Value,
};
use serde_json::{Value as Json, json};

use crate::json::words;
use crate::{Output, Session};

use super::action;
use super::light::{Lights, Part};
use super::message::Message;
use super::names::Names;

/// The most commands that wait for an answer; beyond it the oldest is forgotten.
const MAX_IN_FLIGHT: usize = 64;

/// A session with one WLED.
#[derive(Debug)]
pub struct WledSession {
    device: DeviceId,
    effects: Names,
    palettes: Names,
    lights: Lights,
    has_websocket: bool,
    in_flight: VecDeque<CommandId>,
    /// We have asked what it says now, and it has not answered yet.
    has_asked: bool,
    /// Parts that were switched off by being dimmed to nothing, and whether they have been seen
    /// dark since. Until they are on again, their level is 0.
    dimmed_to_zero: BTreeMap<Part, bool>,
}

impl WledSession {
    /// Opens the conversation with the answer of `GET /json`.
    ///
    /// # Errors
    /// When it is not understood, or somebody else answers than expected.
    pub fn open(
        expected: Option<&DeviceId>,
        address: &Address,
        json: &[u8],
    ) -> Result<(Self, Vec<Output>), Cause> {
        let message = Message::read(json)?;
        let info = message.info.as_ref().map(|it| &it.0);
        let device = info.and_then(|it| it.device());
        let device = device.ok_or_else(|| garbage("it does not say its MAC address"))?;
        if expected.is_some_and(|it| *it != device) {
            return Err(Cause::WrongIdentity { found: device });
        }
        let lights = Lights::read(&message).ok_or_else(|| garbage("it does not say its state"))?;
        let session = Self {
            device,
            effects: message.effects(),
            palettes: message.palettes(),
            lights,
            has_websocket: info.is_some_and(|it| it.has_websocket()),
            in_flight: VecDeque::new(),
            has_asked: false,
            dimmed_to_zero: BTreeMap::new(),
        };
        let mut outputs = vec![Output::Report(Report::Reached(address.clone()))];
        outputs.extend(session.description());
        outputs.push(session.values(Source::Polled));
        Ok((session, outputs))
    }

    /// Who answers.
    #[must_use]
    pub fn device(&self) -> &DeviceId {
        &self.device
    }

    /// Whether the device has a WebSocket. Without one it must be polled.
    #[must_use]
    pub fn has_websocket(&self) -> bool {
        self.has_websocket
    }

    fn description(&self) -> Option<Output> {
        let description = self.lights.describe(&self.effects, &self.palettes);
        Some(Output::Report(Report::Described(description)))
    }

    fn values(&self, source: Source) -> Output {
        let dark = |part: Part| self.dimmed_to_zero.get(&part) == Some(&true);
        let keyed = |(part, value): (Part, Value)| -> Option<(EndpointKey, Value)> {
            let value = match value {
                Value::Level(_) if dark(part) => Value::Level(Percent::ZERO),
                value => value,
            };
            Some((part.key()?, value))
        };
        let values = self.lights.values(&self.effects, &self.palettes);
        Output::Report(Report::Values(source, values.into_iter().filter_map(keyed).collect()))
    }

    fn handle_state(&mut self, message: &Message) -> Vec<Output> {
        let device = message.info.as_ref().and_then(|it| it.0.device());
        if let Some(found) = device.filter(|it| *it != self.device) {
            return vec![Output::End(Cause::WrongIdentity { found })];
        }
        let Some(lights) = Lights::read(message) else { return Vec::new() };
        let is_new = !lights.is_shaped_like(&self.lights);
        self.lights = lights;
        self.forget_what_is_lit();
        let source = if self.has_asked { Source::Polled } else { Source::Pushed };
        self.has_asked = false;
        let mut outputs = self.acknowledge();
        outputs.extend(is_new.then(|| self.description()).flatten());
        outputs.push(self.values(source));
        outputs
    }

    /// What has been dark and is lit again has the brightness it says.
    fn forget_what_is_lit(&mut self) {
        let lights = &self.lights;
        self.dimmed_to_zero.retain(|part, was_dark| {
            let is_lit = lights.is_lit(*part);
            let goes_on = is_lit && *was_dark;
            *was_dark |= !is_lit;
            !goes_on
        });
    }

    fn acknowledge(&mut self) -> Vec<Output> {
        let done = |id| Output::Report(Report::Progress(id, Progress::Acknowledged));
        self.in_flight.drain(..).map(done).collect()
    }

    fn handle_error(&mut self, error: &str) -> Vec<Output> {
        let id = self.in_flight.pop_front();
        id.into_iter().map(|id| refused(id, &format!("error {error}"))).collect()
    }
}

impl Session for WledSession {
    fn handle_frame(&mut self, frame: &[u8]) -> Vec<Output> {
        if frame == b"pong" {
            return Vec::new();
        }
        match Message::read(frame) {
            Err(cause) => vec![Output::End(cause)],
            Ok(message) if message.state.is_some() => self.handle_state(&message),
            Ok(message) if message.success.flag() == Some(true) => self.acknowledge(),
            Ok(message) => match message.error.number() {
                Some(error) => self.handle_error(&error.to_string()),
                None => Vec::new(),
            },
        }
    }

    fn handle_command(&mut self, command: Command) -> Vec<Output> {
        let names = (&self.effects, &self.palettes);
        let asked = Part::of_key(&command.endpoint.key).and_then(|part| {
            let state = action::state(&self.lights, part, &command.action, names)?;
            Some((part, state))
        });
        let Some((part, mut state)) = asked else {
            return vec![refused(command.id, "this part cannot do that")];
        };
        state["v"] = Json::Bool(true);
        if let Some(units) = action::transition(&command) {
            state["tt"] = units.into();
        }
        if command.action == Action::SetLevel(Percent::ZERO) {
            self.dimmed_to_zero.insert(part, !self.lights.is_lit(part));
        }
        if self.in_flight.len() >= MAX_IN_FLIGHT {
            self.in_flight.pop_front();
        }
        self.in_flight.push_back(command.id.clone());
        vec![Output::Send { frame: state.to_string(), command: Some(command.id) }]
    }

    fn refresh(&mut self) -> Vec<Output> {
        self.has_asked = true;
        vec![Output::Send { frame: json!({ "v": true }).to_string(), command: None }]
    }

    fn is_live(&self) -> bool {
        true
    }

    fn abandon(&mut self) -> Vec<CommandId> {
        self.in_flight.drain(..).collect()
    }
}

fn garbage(text: &str) -> Cause {
    Cause::Garbage(words(text))
}

fn refused(command: CommandId, why: &str) -> Output {
    Output::Report(Report::Progress(command, Progress::Failed(FailReason::Refused(why.to_owned()))))
}

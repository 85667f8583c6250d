//! What devices say, and what becomes of it.

use std::time::Duration;

use api::Update;
use model::{
    Address, Cause, Change, DeviceDescription, DeviceId, EndpointId, EndpointKey, FailReason,
    IssueKind, LastReport, Moment, Progress, Reachability, Recorded, Report, Source, Value,
};

use crate::device::{Farewell, Heard};
use crate::household::{faces, recorded};
use crate::rules::Happening;
use crate::timer::Timer;
use crate::{Effect, Engine};

impl Engine {
    pub(crate) fn report(
        &mut self,
        device: &DeviceId,
        report: Report,
        now: Moment,
        out: &mut Vec<Effect>,
    ) {
        if !self.devices.contains_key(device) {
            return;
        }
        if comes_from_the_device(&report) {
            self.hear(device, now, out);
        }
        match report {
            Report::Reached(address) => self.reached(device, address, now, out),
            Report::Lost(cause) => self.lost(device, cause, now, out),
            Report::Described(description) => self.described(device, description, now, out),
            Report::Values(source, values) => self.values(device, source, values, now, out),
            Report::Pressed(key, event) => {
                if self.devices.get(device).is_some_and(|it| it.parts.contains_key(&key)) {
                    let endpoint = EndpointId::new(device.clone(), key);
                    let what = Recorded::Pressed(endpoint.clone(), event);
                    out.push(recorded(what, now));
                    self.note(Happening::Pressed(&endpoint, event));
                    out.push(Effect::Publish(Update::Pressed(endpoint, event, now.wall)));
                }
            }
            Report::Progress(id, progress) => self.progress(device, &id, progress, now, out),
        }
    }

    /// It is there: whatever goodbye was said in its name is void.
    fn hear(&mut self, id: &DeviceId, now: Moment, out: &mut Vec<Effect>) {
        let Some(device) = self.devices.get_mut(id) else { return };
        device.heard_at = Some(now.wall);
        self.timers.forgive(id, &mut device.farewell);
        let is_back = device.connected && device.reachability != Reachability::Reachable;
        if is_back {
            device.begin_session();
            let before = std::mem::replace(&mut device.reachability, Reachability::Reachable);
            self.publish_device(id, out);
            self.returned(id, &before, now, out);
        }
    }

    fn reached(&mut self, id: &DeviceId, address: Address, now: Moment, out: &mut Vec<Effect>) {
        let Some(device) = self.devices.get_mut(id) else { return };
        device.connected = true;
        device.begin_session();
        let before = std::mem::replace(&mut device.reachability, Reachability::Reachable);
        let is_news = before != Reachability::Reachable;
        let has_moved = device.record.address != address;
        device.record.address = address;
        if has_moved {
            self.persist_device(id, out);
        }
        if is_news || has_moved {
            self.publish_device(id, out);
        }
        self.clear_issues_of(id, out);
        self.returned(id, &before, now, out);
    }

    /// It can be reached: news where it was known to be away. Right after the start nobody knew.
    fn returned(
        &mut self,
        id: &DeviceId,
        before: &Reachability,
        now: Moment,
        out: &mut Vec<Effect>,
    ) {
        if matches!(before, Reachability::Unreachable { .. }) {
            out.push(recorded(Recorded::Reachable(id.clone(), true), now));
            self.note(Happening::Reachable(id, true));
        }
    }

    fn lost(&mut self, id: &DeviceId, cause: Cause, now: Moment, out: &mut Vec<Effect>) {
        let Some(device) = self.devices.get_mut(id) else { return };
        device.connected = false;
        let is_gone = device.farewell != Farewell::None;
        let cause = if cause == Cause::NoAnswer && is_gone { Cause::SaidGoodbye } else { cause };
        if let Some(issue) = issue_of(id, &cause) {
            self.raise(issue, now, out);
        }
        self.unreachable(id, cause, now, out);
        self.drive_elsewhere(id, out);
    }

    /// It cannot be talked to: no command is left hanging.
    pub(crate) fn unreachable(
        &mut self,
        id: &DeviceId,
        cause: Cause,
        now: Moment,
        out: &mut Vec<Effect>,
    ) {
        self.fail_in_flight(id, now, out);
        let Some(device) = self.devices.get_mut(id) else { return };
        let was_there = device.reachability == Reachability::Reachable;
        if device.lose(cause, now.wall) {
            self.publish_device(id, out);
        }
        if was_there {
            out.push(recorded(Recorded::Reachable(id.clone(), false), now));
            self.note(Happening::Reachable(id, false));
        }
    }

    fn described(
        &mut self,
        id: &DeviceId,
        description: DeviceDescription,
        now: Moment,
        out: &mut Vec<Effect>,
    ) {
        let Some(device) = self.devices.get_mut(id) else { return };
        let before = device.clone();
        let Some(vanished) = device.describe(description) else { return };
        self.persist_device(id, out);
        self.fail_all(&vanished, now, out);
        self.settle_roles(id, faces(&before), out);
        self.relabel(id, out);
        self.publish_device(id, out);
        self.rewire_rules(now, out);
    }

    fn values(
        &mut self,
        id: &DeviceId,
        source: Source,
        values: Vec<(EndpointKey, Value)>,
        now: Moment,
        out: &mut Vec<Effect>,
    ) {
        for (key, value) in values.into_iter().filter(|(_, value)| is_a_number(value)) {
            let Some(device) = self.devices.get_mut(id) else { return };
            let Some((heard, state)) = device.hear(&key, &value, source, now) else { continue };
            let endpoint = EndpointId::new(id.clone(), key);
            let report = LastReport {
                endpoint: endpoint.clone(),
                value,
                at: now.wall,
                since: state.since.unwrap_or(now.wall),
                origin: state.origin.clone(),
            };
            let update = Box::new(state.clone());
            self.note_value(&report, &heard);
            let update = Update::State(endpoint, report.value.capability(), update);
            out.push(Effect::Persist(Change::Reported(report)));
            let Some(command) = heard.confirmed else {
                out.push(Effect::Publish(update));
                continue;
            };
            if let Some([persist, publish]) = self.observed(command, now) {
                out.extend([persist, Effect::Publish(update), publish]);
            }
        }
    }

    /// Rules are told once all that was said in one breath stands.
    fn note_value(&mut self, report: &LastReport, heard: &Heard) {
        if let Some(news) = heard.news {
            let (endpoint, value, was) = (&report.endpoint, &report.value, heard.was.as_ref());
            self.note(Happening::Value { endpoint, was, value, news });
        }
    }

    /// Time is up for a device that said goodbye: it has not shown that it is still there.
    pub(crate) fn gone_silent(&mut self, id: &DeviceId, now: Moment, out: &mut Vec<Effect>) {
        if let Some(device) = self.devices.get_mut(id) {
            device.farewell = Farewell::Said;
            self.unreachable(id, Cause::SaidGoodbye, now, out);
        }
    }
}

impl crate::timer::Timers {
    /// Forgets that a device said goodbye.
    pub(crate) fn forgive(&mut self, id: &DeviceId, farewell: &mut Farewell) {
        if let Farewell::Doubted(until) = std::mem::replace(farewell, Farewell::None) {
            self.cancel(until, Timer::Goodbye(id.clone()));
        }
    }

    /// Notes that a device said goodbye, and by when it has to show that it is still there.
    pub(crate) fn doubt(&mut self, id: &DeviceId, farewell: &mut Farewell, until: Duration) {
        self.forgive(id, farewell);
        *farewell = Farewell::Doubted(until);
        self.set(until, Timer::Goodbye(id.clone()));
    }
}

/// Whether the device itself has spoken, rather than its driver about it.
fn comes_from_the_device(report: &Report) -> bool {
    match report {
        Report::Reached(_)
        | Report::Described(_)
        | Report::Values(..)
        | Report::Pressed(..)
        | Report::Progress(
            _,
            Progress::Acknowledged
            | Progress::Failed(FailReason::Refused(_) | FailReason::NotAuthorized),
        ) => true,
        Report::Lost(_)
        | Report::Progress(
            _,
            Progress::Sent
            | Progress::Failed(
                FailReason::Unreachable
                | FailReason::ConnectionLost
                | FailReason::QueueFull
                | FailReason::Superseded
                | FailReason::Interrupted
                | FailReason::NotRecorded,
            ),
        ) => false,
    }
}

/// Bare numbers come straight from devices: what is not a number is no value.
fn is_a_number(value: &Value) -> bool {
    match value {
        Value::NumericControl(number) | Value::GenericMeasurement(number) => number.is_finite(),
        Value::OnOff(_)
        | Value::Level(_)
        | Value::ColorControl(_)
        | Value::LightEffect(_)
        | Value::LightPalette(_)
        | Value::WindowCovering(_)
        | Value::DoorLock(_)
        | Value::Thermostat(_)
        | Value::ModeSelect(_)
        | Value::BooleanState(_)
        | Value::OccupancySensing(_)
        | Value::TemperatureMeasurement(_)
        | Value::RelativeHumidityMeasurement(_)
        | Value::IlluminanceMeasurement(_)
        | Value::AirQuality(_)
        | Value::CarbonDioxideConcentrationMeasurement(_)
        | Value::Pm25ConcentrationMeasurement(_)
        | Value::ElectricalPower(_)
        | Value::ElectricalEnergy(_)
        | Value::PowerSource(_) => true,
    }
}

/// The issue that a person can do something about, for causes that have one.
fn issue_of(device: &DeviceId, cause: &Cause) -> Option<IssueKind> {
    let device = device.clone();
    match cause {
        Cause::NeedsSecret => Some(IssueKind::NeedsSecret(device)),
        Cause::WrongSecret => Some(IssueKind::WrongSecret(device)),
        Cause::WrongIdentity { found } => {
            Some(IssueKind::WrongIdentity { device, found: found.clone() })
        }
        Cause::Garbage(words) => Some(IssueKind::Garbage(device, words.clone())),
        Cause::NoAnswer | Cause::SaidGoodbye | Cause::SecretsLocked => None,
    }
}

//! The pure core of Hearth: reports, requests, sightings and the passing of time go in, effects
//! come out.
//!
//! Everything that a home does is decided here, and nothing is done here: no I/O, no clock, no
//! task, no randomness. The same inputs at the same moments give the same effects, so a test
//! holds time still and reads what would happen.
//!
//! What stands, whatever comes in:
//! - a command is written down before it leaves, and leaves once;
//! - a command is done only when the device itself shows it, after it left;
//! - a device that cannot be reached has no command on its way;
//! - the updates published since a snapshot lead to the next snapshot;
//! - every list has a bound, save those that its people make longer themselves.
#![warn(missing_docs, clippy::wildcard_enum_match_arm)]

mod add;
mod automation;
mod command;
mod device;
mod drafting;
mod effect;
mod found;
mod happenings;
mod household;
mod issues;
mod naming;
mod rehearsal;
mod report;
mod requests;
mod rooms;
mod rules;
mod timer;
mod view;
mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use api::{FoundDevice, HomeView, HubStatus, Request, Update};
use model::{
    DeviceId, DeviceRecord, Home, HookId, Issue, IssueId, IssueKind, LastReport, Moment, PersonId,
    ProbeFailure, Probed, Report, Room, RoomId, SavedHome, Settings, SightingChange,
};

pub use effect::{Effect, Inquiry, Listening, Stage, Ticket};
pub use rehearsal::Rehearsing;
pub use requests::SANDBOX_DEVICES;

use crate::add::Adds;
use crate::command::Commands;
use crate::device::Device;
use crate::happenings::Happenings;
use crate::household::{Household, SavedHousehold};
use crate::naming::Names;
use crate::rules::{Calendar, Happening, Rules};
use crate::timer::{Timer, Timers};

/// The home, and everything that happens to it.
#[derive(Debug, Clone)]
pub struct Engine {
    home: Home,
    settings: Settings,
    status: HubStatus,
    /// In order; positions without gaps.
    rooms: Vec<Room>,
    devices: BTreeMap<DeviceId, Device>,
    names: Names,
    found: BTreeMap<DeviceId, FoundDevice>,
    /// Oldest first.
    issues: Vec<Issue>,
    commands: Commands,
    adds: Adds,
    timers: Timers,
    rules: Rules,
    calendar: Calendar,
    household: Household,
    /// What the rules are still to be told.
    happenings: Happenings,
}

impl Engine {
    /// Opens a home as it was written down. Every value is remembered, not known; no device has
    /// been tried; commands that were on their way have come to nothing and are not sent again.
    /// The effects start a driver for each device.
    #[must_use]
    pub fn new(mut saved: SavedHome, status: HubStatus, now: Moment) -> (Self, Vec<Effect>) {
        let mut out = Vec::new();
        let household = SavedHousehold::of(&mut saved);
        let home = saved.home.unwrap_or_default();
        let calendar = Calendar::new(home.zone.as_ref().unwrap_or(&status.zone), home.place);
        let mut engine = Self {
            home,
            settings: saved.settings.unwrap_or_default(),
            status,
            rooms: Vec::new(),
            devices: BTreeMap::new(),
            names: Names::default(),
            found: BTreeMap::new(),
            issues: Vec::new(),
            commands: Commands::default(),
            adds: Adds::new(),
            timers: Timers::default(),
            rules: Rules::default(),
            calendar,
            household: Household::default(),
            happenings: Happenings::default(),
        };
        engine.restore_rooms(saved.rooms, &mut out);
        engine.restore_devices(saved.devices, saved.reports);
        engine.restore_household(household, now, &mut out);
        engine.restore_commands(saved.open_commands, now, &mut out);
        engine.open_rules(saved.rules, now, &mut out);
        out.extend(engine.devices.values().map(found::drive));
        engine.listen(&mut out);
        engine.tell_rules(now, &mut out);
        (engine, out)
    }

    /// Takes a request. Its reply is among the effects, unless it has to wait for a probe
    /// ([`Effect::Probe`]) or is the hub's to give ([`Effect::Unlock`], [`Effect::Switch`]).
    pub fn handle_request(&mut self, ticket: Ticket, request: Request, now: Moment) -> Vec<Effect> {
        let mut out = Vec::new();
        if let Some(reply) = self.request(ticket, request, now, &mut out).transpose() {
            out.push(Effect::Reply(ticket, reply));
        }
        self.tell_rules(now, &mut out);
        out
    }

    /// Takes what a device said, through its driver. What comes from a device that is not in the
    /// home, or is about parts that it does not have, is ignored.
    pub fn handle_report(&mut self, device: &DeviceId, report: Report, now: Moment) -> Vec<Effect> {
        let mut out = Vec::new();
        self.report(device, report, now, &mut out);
        self.tell_rules(now, &mut out);
        out
    }

    /// Takes what discovery has seen.
    pub fn handle_sighting(&mut self, change: SightingChange, now: Moment) -> Vec<Effect> {
        let mut out = Vec::new();
        match change {
            SightingChange::Seen(sighting) => self.seen(sighting, now, &mut out),
            SightingChange::Gone(device) => self.gone(&device, now, &mut out),
        }
        self.tell_rules(now, &mut out);
        out
    }

    /// Takes the outcome of an [`Effect::Probe`]; the reply to the request that waited for it is
    /// among the effects. An outcome that nothing waits for is ignored.
    pub fn handle_probe(
        &mut self,
        ticket: Ticket,
        outcome: Result<Probed, ProbeFailure>,
        now: Moment,
    ) -> Vec<Effect> {
        let mut out = Vec::new();
        self.probed(ticket, outcome, now, &mut out);
        self.tell_rules(now, &mut out);
        out
    }

    /// Takes a trouble that the hub has seen.
    pub fn handle_trouble(&mut self, kind: IssueKind, now: Moment) -> Vec<Effect> {
        let mut out = Vec::new();
        self.raise(kind, now, &mut out);
        out
    }

    /// Takes the end of a trouble; one that is not known is ignored.
    pub fn handle_trouble_over(&mut self, id: &IssueId, _now: Moment) -> Vec<Effect> {
        let mut out = Vec::new();
        self.end_issue(id, &mut out);
        out
    }

    /// Takes how the hub itself is.
    pub fn handle_status(&mut self, status: HubStatus) -> Vec<Effect> {
        if self.status == status {
            return Vec::new();
        }
        self.status = status.clone();
        let zone = self.home.zone.as_ref().unwrap_or(&status.zone);
        self.calendar = Calendar::new(zone, self.home.place);
        vec![Effect::Publish(Update::Status(status))]
    }

    /// Takes a call of a webhook. One that no rule waits for is ignored.
    pub fn handle_hook(&mut self, hook: &HookId, now: Moment) -> Vec<Effect> {
        let mut out = Vec::new();
        self.happened(Happening::Hook(hook), now, &mut out);
        self.tell_rules(now, &mut out);
        out
    }

    /// Takes a message of the home's MQTT broker.
    pub fn handle_message(&mut self, topic: &str, payload: &str, now: Moment) -> Vec<Effect> {
        let mut out = Vec::new();
        self.happened(Happening::Message(topic, payload), now, &mut out);
        self.tell_rules(now, &mut out);
        out
    }

    /// Takes whether somebody's phone is on the local network.
    pub fn handle_phone(&mut self, person: &PersonId, is_there: bool, now: Moment) -> Vec<Effect> {
        let mut out = Vec::new();
        self.phone_seen(person, is_there, now, &mut out);
        self.tell_rules(now, &mut out);
        out
    }

    /// The uptime at which [`Engine::handle_timeout`] has something to do; `None` when nothing is
    /// due unless something happens. To be asked again after every `handle_*`.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Duration> {
        let rules = self.rules.poll_timeout().into_iter();
        let rules = rules.chain(self.rules.wakes_for(&self.calendar));
        self.timers.next().into_iter().chain(rules).min()
    }

    /// Does what is due by now. To call it too early does nothing; too late does all at once.
    pub fn handle_timeout(&mut self, now: Moment) -> Vec<Effect> {
        let mut out = Vec::new();
        let mut asked = BTreeSet::new();
        while let Some(timer) = self.timers.take_due(now.uptime) {
            match timer {
                Timer::Deadline(command) => {
                    self.close(&command, &model::CommandState::Expired, now, &mut out);
                }
                Timer::Goodbye(device) => self.gone_silent(&device, now, &mut out),
                Timer::Refresh(command) => {
                    asked.extend(self.commands.get(&command).map(|it| it.endpoint.device.clone()));
                }
            }
        }
        out.extend(asked.into_iter().map(Effect::Refresh));
        self.tell_rules(now, &mut out);
        self.rules_timeout(now, &mut out);
        self.tell_rules(now, &mut out);
        out
    }

    /// The whole home, for a client that has just come.
    #[must_use]
    pub fn snapshot(&self) -> HomeView {
        self.view()
    }

    fn restore_devices(&mut self, records: Vec<DeviceRecord>, reports: Vec<LastReport>) {
        let rooms: BTreeSet<RoomId> = self.rooms.iter().map(|it| it.id.clone()).collect();
        for mut record in records {
            forget_lost_rooms(&mut record, &rooms);
            self.devices.insert(record.id.clone(), Device::new(record));
        }
        for report in reports {
            let LastReport { endpoint, value, at, .. } = &report;
            let Some(device) = self.devices.get_mut(&endpoint.device) else { continue };
            device.heard_at = device.heard_at.max(Some(*at));
            if let Some(slot) = device.slot_mut(&endpoint.key, value.capability()) {
                slot.remember(report);
            }
        }
        self.label_all();
    }
}

/// A record that names a room which is not there is in no room.
fn forget_lost_rooms(record: &mut DeviceRecord, rooms: &BTreeSet<RoomId>) {
    let places = record.endpoints.values_mut().map(|it| &mut it.room);
    for place in places.chain([&mut record.room]) {
        if place.as_ref().is_some_and(|it| !rooms.contains(it)) {
            *place = None;
        }
    }
}

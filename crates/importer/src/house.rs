//! The home that rules are read for: what is in a target, and what it can say.

use api::{EndpointView, HomeView};
use model::rule::{CoverIs, Is, Measure, Target};
use model::{
    AirQuality, Capability, Category, EndpointKind, LockState, RoleId, Spec, ThermostatMode,
    VariableId, VariableValue,
};

/// The home that rules are read for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct House<'a>(pub(crate) &'a HomeView);

impl<'a> House<'a> {
    fn endpoints(self) -> impl Iterator<Item = &'a EndpointView> {
        self.0.devices.iter().flat_map(|device| &device.endpoints)
    }

    /// The endpoints that a target means.
    fn meant(self, target: &Target) -> Vec<&'a EndpointView> {
        let is_kind = |it: &EndpointView, only: Option<EndpointKind>| {
            it.category == Category::Primary && only.is_none_or(|kind| kind == it.kind)
        };
        let members: Vec<RoleId> = match target {
            Target::Group(id) => {
                let group = self.0.groups.iter().find(|it| it.id == *id);
                group.map(|it| it.members.clone()).unwrap_or_default()
            }
            Target::Role(_) | Target::Room { .. } | Target::All(_) => Vec::new(),
        };
        let belongs = |it: &&EndpointView| match target {
            Target::Role(role) => it.role == *role,
            Target::Room { room, only } => it.room.as_ref() == Some(room) && is_kind(it, *only),
            Target::Group(_) => members.contains(&it.role),
            Target::All(kind) => is_kind(it, Some(*kind)),
        };
        self.endpoints().filter(belongs).collect()
    }

    fn specs(self, target: &Target) -> impl Iterator<Item = &'a Spec> {
        self.meant(target).into_iter().flat_map(|it| &it.specs)
    }

    /// Whether anything in the target has that capability.
    pub(crate) fn has(self, target: &Target, capability: Capability) -> bool {
        self.specs(target).any(|spec| spec.capability() == capability)
    }

    /// What a state's name means of that target; `None` when nothing in it can be so.
    pub(crate) fn state(self, target: &Target, name: &str) -> Option<Is> {
        let meanings = meanings_of(name);
        let known = meanings.into_iter().find(|is| self.has(target, is.capability()));
        known.or_else(|| {
            let has = |it: &Spec| matches!(it, Spec::ModeSelect(names) if names.iter().any(|it| it == name));
            self.specs(target).any(has).then(|| Is::Mode(name.to_owned()))
        })
    }

    /// The number that the target tells first of all: what a number of it means where nothing
    /// more is said.
    pub(crate) fn measure(self, target: &Target) -> Option<Measure> {
        let told = [
            Measure::Temperature,
            Measure::Humidity,
            Measure::Illuminance,
            Measure::CarbonDioxide,
            Measure::Pm25,
            Measure::Power,
            Measure::Energy,
            Measure::Other,
            Measure::Setting,
            Measure::RoomTemperature,
            Measure::Level,
            Measure::Open,
            Measure::Battery,
        ];
        told.into_iter().find(|it| self.has(target, it.capability()))
    }

    /// What a variable is.
    pub(crate) fn variable(self, id: &VariableId) -> Option<&'a VariableValue> {
        self.0.variables.iter().find(|it| it.id == *id).map(|it| &it.value)
    }
}

/// What the other system's word for a state can mean here, the most usual first.
fn meanings_of(name: &str) -> Vec<Is> {
    match name {
        "on" => vec![Is::OnOff(true), Is::Occupied(true), Is::Boolean(true), Is::Running(true)],
        "off" => vec![
            Is::OnOff(false),
            Is::Occupied(false),
            Is::Boolean(false),
            Is::Thermostat(ThermostatMode::Off),
        ],
        "open" => vec![Is::Cover(CoverIs::Open), Is::Boolean(true)],
        "closed" => vec![Is::Cover(CoverIs::Closed), Is::Boolean(false)],
        "opening" | "closing" => vec![Is::Cover(CoverIs::Moving)],
        "locked" => vec![Is::Lock(LockState::Locked)],
        "unlocked" => vec![Is::Lock(LockState::Unlocked)],
        "locking" => vec![Is::Lock(LockState::Locking)],
        "unlocking" => vec![Is::Lock(LockState::Unlocking)],
        "jammed" => vec![Is::Lock(LockState::Jammed)],
        "heat" => vec![Is::Thermostat(ThermostatMode::Heat)],
        "cool" => vec![Is::Thermostat(ThermostatMode::Cool)],
        "auto" | "heat_cool" => vec![Is::Thermostat(ThermostatMode::Auto)],
        "dry" => vec![Is::Thermostat(ThermostatMode::Dry)],
        "fan_only" => vec![Is::Thermostat(ThermostatMode::FanOnly)],
        "good" => vec![Is::Air(AirQuality::Good)],
        "fair" => vec![Is::Air(AirQuality::Fair)],
        "moderate" => vec![Is::Air(AirQuality::Moderate)],
        "poor" => vec![Is::Air(AirQuality::Poor)],
        "very_poor" => vec![Is::Air(AirQuality::VeryPoor)],
        "extremely_poor" => vec![Is::Air(AirQuality::ExtremelyPoor)],
        _ => Vec::new(),
    }
}

//! Whom a phrase is about, in words.

use model::EndpointKind;
use model::rule::{Target, Which, Who};

use super::{Words, apart};

/// How a target of several is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Number {
    /// Any one of them does something.
    Any,
    /// Every one of them is so.
    Every,
    /// All of them are made to do something.
    All,
}

impl From<Which> for Number {
    fn from(which: Which) -> Self {
        match which {
            Which::Every => Self::Every,
            Which::Some => Self::Any,
        }
    }
}

impl Words<'_> {
    /// Whom a phrase is about.
    pub fn target(self, target: &Target, number: Number) -> String {
        let t = self.t;
        match target {
            Target::Role(role) => self.names.role(t, role),
            Target::Room { room, only: Some(kind) } => {
                t.in_room(&self.kind(*kind, number), &self.names.room(t, room))
            }
            Target::Room { room, only: None } if number == Number::Any => {
                t.anything_in_room(&self.names.room(t, room))
            }
            Target::Room { room, only: None } => t.everything_in_room(&self.names.room(t, room)),
            Target::Group(group) => {
                let name = self.names.groups.get(group);
                let name = name.map_or_else(|| t.name_gone(), |(name, _)| apart(name));
                if number == Number::Any {
                    t.anything_in_group(&name)
                } else {
                    t.everything_in_group(&name)
                }
            }
            Target::All(kind) => self.kind(*kind, number),
        }
    }

    /// Things of a kind.
    pub fn kind(self, kind: EndpointKind, number: Number) -> String {
        let t = self.t;
        match (kind, number) {
            (EndpointKind::Light, Number::Any) => t.any_light(),
            (EndpointKind::Light, Number::Every) => t.every_light(),
            (EndpointKind::Light, Number::All) => t.all_lights(),
            (EndpointKind::Plug, Number::Any) => t.any_plug(),
            (EndpointKind::Plug, Number::Every) => t.every_plug(),
            (EndpointKind::Plug, Number::All) => t.all_plugs(),
            (EndpointKind::Switch, Number::Any) => t.any_switch(),
            (EndpointKind::Switch, Number::Every) => t.every_switch(),
            (EndpointKind::Switch, Number::All) => t.all_switches(),
            (EndpointKind::Fan, Number::Any) => t.any_fan(),
            (EndpointKind::Fan, Number::Every) => t.every_fan(),
            (EndpointKind::Fan, Number::All) => t.all_fans(),
            (EndpointKind::Cover, Number::Any) => t.any_cover(),
            (EndpointKind::Cover, Number::Every) => t.every_cover(),
            (EndpointKind::Cover, Number::All) => t.all_covers(),
            (EndpointKind::Lock, Number::Any) => t.any_lock(),
            (EndpointKind::Lock, Number::Every) => t.every_lock(),
            (EndpointKind::Lock, Number::All) => t.all_locks(),
            (EndpointKind::Thermostat, Number::Any) => t.any_thermostat(),
            (EndpointKind::Thermostat, Number::Every) => t.every_thermostat(),
            (EndpointKind::Thermostat, Number::All) => t.all_thermostats(),
            (EndpointKind::Sensor, Number::Any) => t.any_sensor(),
            (EndpointKind::Sensor, Number::Every) => t.every_sensor(),
            (EndpointKind::Sensor, Number::All) => t.all_sensors(),
            (EndpointKind::Button, Number::Any) => t.any_button(),
            (EndpointKind::Button, Number::Every) => t.every_button(),
            (EndpointKind::Button, Number::All) => t.all_buttons(),
            (EndpointKind::Control, Number::Any) => t.any_control(),
            (EndpointKind::Control, Number::Every) => t.every_control(),
            (EndpointKind::Control, Number::All) => t.all_controls(),
        }
    }

    /// Somebody who comes, goes, or is home.
    pub fn who(self, who: &Who) -> String {
        match who {
            Who::Person(person) => self.names.person(self.t, person),
            Who::Anyone | Who::Household => self.t.someone(),
            Who::Everyone => self.t.everyone(),
        }
    }
}

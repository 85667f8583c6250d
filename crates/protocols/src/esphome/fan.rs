//! Fans. ESPHome counts speeds in a few steps, we in percent.

use model::{Action, Percent, Spec, Value};

use super::entity::EntityId;
use super::message::Message;
use super::proto::{FanCommandRequest, FanStateResponse, ListEntitiesFanResponse};

/// A fan, and the percentage that it was last asked for: several percents are one step, and a fan
/// that reports the step that was asked for runs at what was asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Fan {
    /// How many speeds it has besides standing still; 0 when it only runs or does not.
    steps: i32,
    asked: Option<Percent>,
}

impl Fan {
    pub(super) fn read(listed: &ListEntitiesFanResponse) -> Self {
        let steps = if listed.supports_speed { listed.supported_speed_count } else { 0 };
        Self { steps: steps.clamp(0, 100), asked: None }
    }

    pub(super) fn specs(&self) -> Vec<Spec> {
        if self.steps > 0 { vec![Spec::OnOff, Spec::Level] } else { vec![Spec::OnOff] }
    }

    pub(super) fn values(&self, state: &FanStateResponse) -> Vec<Value> {
        let mut values = vec![Value::OnOff(state.state)];
        if self.steps > 0 {
            let asked = self.asked.filter(|asked| self.step(*asked) == state.speed_level);
            let exact = Percent::of(f64::from(state.speed_level), f64::from(self.steps));
            values.push(Value::Level(asked.unwrap_or(exact)));
        }
        values
    }

    pub(super) fn command(&mut self, id: EntityId, action: &Action) -> Option<Message> {
        let command = FanCommandRequest { key: id.key, device_id: id.device, ..Default::default() };
        let on = |state| FanCommandRequest { has_state: true, state, ..command.clone() };
        match action {
            Action::SetOnOff(state) => Some(on(*state)),
            Action::SetLevel(Percent::ZERO) => Some(on(false)),
            Action::SetLevel(level) if self.steps > 0 => {
                self.asked = Some(*level);
                let speed_level = self.step(*level);
                Some(FanCommandRequest { has_speed_level: true, speed_level, ..on(true) })
            }
            _ => None,
        }
        .map(Message::FanCommandRequest)
    }

    /// The lowest step that gives at least that much.
    fn step(&self, level: Percent) -> i32 {
        (i32::from(level.get()) * self.steps + 99) / 100
    }
}

#[cfg(test)]
mod tests {
    use super::super::entity::EntityKind;
    use super::*;

    const ID: EntityId = EntityId { kind: EntityKind::Fan, device: 0, key: 1 };

    fn fan(supported_speed_count: i32) -> Fan {
        Fan::read(&ListEntitiesFanResponse {
            supports_speed: true,
            supported_speed_count,
            ..Default::default()
        })
    }

    fn level(fan: Fan, speed_level: i32) -> Value {
        let state = FanStateResponse { state: true, speed_level, ..Default::default() };
        fan.values(&state).remove(1)
    }

    fn percent(value: u8) -> Percent {
        value.try_into().unwrap()
    }

    #[test]
    fn what_was_asked_is_what_the_step_means() {
        let mut fan = fan(5);
        assert_eq!(level(fan, 2), Value::Level(percent(40)));
        let message = fan.command(ID, &Action::SetLevel(percent(33))).unwrap();
        let Message::FanCommandRequest(command) = message else { panic!("no fan command") };
        assert!(command.has_state && command.state && command.has_speed_level);
        assert_eq!(command.speed_level, 2);
        assert_eq!(level(fan, 2), Value::Level(percent(33)));
        assert_eq!(level(fan, 4), Value::Level(percent(80)));
    }

    #[test]
    fn a_fan_of_a_hundred_steps_takes_every_percent() {
        let fan = fan(100);
        for value in 1..=100 {
            assert_eq!(level(fan, fan.step(percent(value))), Value::Level(percent(value)));
        }
    }

    #[test]
    fn no_speed_is_off() {
        let command = fan(3).command(ID, &Action::SetLevel(Percent::ZERO));
        let Some(Message::FanCommandRequest(command)) = command else { panic!("no command") };
        assert!(command.has_state && !command.state && !command.has_speed_level);
    }

    #[test]
    fn a_fan_without_speeds_has_no_level() {
        let mut fan = Fan::read(&ListEntitiesFanResponse::default());
        assert_eq!(fan.specs(), [Spec::OnOff]);
        assert_eq!(fan.command(ID, &Action::SetLevel(percent(50))), None);
    }
}

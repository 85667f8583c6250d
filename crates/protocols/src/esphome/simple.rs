//! Entities that need no memory: binary sensors, buttons, covers, locks, numbers, selects, switches.

use std::collections::BTreeSet;

use model::{Action, CoverMotion, CoverMove, CoverState, LockState, Name, Percent, Spec, Value};

use super::entity::EntityId;
use super::message::Message;
use super::proto;

/// The longest list of choices that is offered.
const MAX_CHOICES: usize = 256;

/// A number of 32 bits as people would write it: 0.1, not 0.10000000149.
pub(super) fn widened(number: f32) -> f64 {
    number.to_string().parse().unwrap_or(f64::NAN)
}

/// A choice that can be shown and sent back as it is.
fn is_presentable(text: &str) -> bool {
    Name::lossy(text).is_some_and(|name| name.as_str() == text)
}

/// The choices of a list, each once, in the device's order.
pub(super) fn choices(texts: &[String]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let presentable = texts.iter().filter(|text| is_presentable(text));
    presentable.filter(|text| seen.insert(text.as_str())).take(MAX_CHOICES).cloned().collect()
}

pub(super) fn binary_sensor(
    occupancy: bool,
    state: &proto::BinarySensorStateResponse,
) -> Option<Value> {
    let value = if occupancy { Value::OccupancySensing } else { Value::BooleanState };
    (!state.missing_state).then(|| value(state.state))
}

pub(super) fn cover(state: &proto::CoverStateResponse) -> Value {
    let motion = match state.current_operation {
        1 => CoverMotion::Opening,
        2 => CoverMotion::Closing,
        _ => CoverMotion::Stopped,
    };
    let known = (0.0..=1.0).contains(&state.position);
    let open = known.then(|| Percent::of(f64::from(state.position), 1.0));
    Value::WindowCovering(CoverState { open, motion })
}

/// A latch that is pulled (`OPENING`, `OPEN`) is unlocked all the more.
pub(super) fn lock(state: &proto::LockStateResponse) -> Option<Value> {
    let state = match state.state {
        1 => LockState::Locked,
        2 | 6 | 7 => LockState::Unlocked,
        3 => LockState::Jammed,
        4 => LockState::Locking,
        5 => LockState::Unlocking,
        _ => return None,
    };
    Some(Value::DoorLock(state))
}

pub(super) fn number(state: &proto::NumberStateResponse) -> Option<Value> {
    let known = !state.missing_state && state.state.is_finite();
    known.then(|| Value::NumericControl(widened(state.state)))
}

pub(super) fn number_spec(listed: &proto::ListEntitiesNumberResponse) -> Spec {
    let finite = |number: f32, or: f64| if number.is_finite() { widened(number) } else { or };
    let unit = Name::lossy(&listed.unit_of_measurement).map_or_else(String::new, String::from);
    Spec::NumericControl {
        min: finite(listed.min_value, f64::from(f32::MIN)),
        max: finite(listed.max_value, f64::from(f32::MAX)),
        step: finite(listed.step, 0.0).max(0.0),
        unit,
    }
}

pub(super) fn select(state: &proto::SelectStateResponse) -> Option<Value> {
    let known = !state.missing_state && is_presentable(&state.state);
    known.then(|| Value::ModeSelect(state.state.clone()))
}

/// The name of an effect in a light's state.
pub(super) fn effect(name: &str) -> Option<Value> {
    is_presentable(name).then(|| Value::LightEffect(name.to_owned()))
}

pub(super) fn press(id: EntityId, action: &Action) -> Option<Message> {
    matches!(action, Action::Press).then(|| {
        Message::ButtonCommandRequest(proto::ButtonCommandRequest {
            key: id.key,
            device_id: id.device,
        })
    })
}

pub(super) fn move_cover(id: EntityId, action: &Action) -> Option<Message> {
    let Action::MoveCover(to) = action else {
        return None;
    };
    let position = match to {
        CoverMove::Open => Some(1.0),
        CoverMove::Close => Some(0.0),
        CoverMove::Stop => None,
        CoverMove::To(open) => Some(open.times(1.0) as f32),
    };
    Some(Message::CoverCommandRequest(proto::CoverCommandRequest {
        key: id.key,
        has_position: position.is_some(),
        position: position.unwrap_or_default(),
        stop: position.is_none(),
        device_id: id.device,
    }))
}

pub(super) fn turn_lock(id: EntityId, action: &Action) -> Option<Message> {
    let Action::SetLocked(locked) = action else {
        return None;
    };
    Some(Message::LockCommandRequest(proto::LockCommandRequest {
        key: id.key,
        command: i32::from(*locked),
        device_id: id.device,
    }))
}

pub(super) fn set_number(id: EntityId, action: &Action) -> Option<Message> {
    let Action::SetNumber(number) = action else {
        return None;
    };
    Some(Message::NumberCommandRequest(proto::NumberCommandRequest {
        key: id.key,
        state: *number as f32,
        device_id: id.device,
    }))
}

pub(super) fn choose(id: EntityId, action: &Action) -> Option<Message> {
    let Action::SelectMode(mode) = action else {
        return None;
    };
    Some(Message::SelectCommandRequest(proto::SelectCommandRequest {
        key: id.key,
        state: mode.clone(),
        device_id: id.device,
    }))
}

pub(super) fn switch(id: EntityId, action: &Action) -> Option<Message> {
    let Action::SetOnOff(on) = action else {
        return None;
    };
    Some(Message::SwitchCommandRequest(proto::SwitchCommandRequest {
        key: id.key,
        state: *on,
        device_id: id.device,
    }))
}

#[cfg(test)]
mod tests {
    use super::super::entity::EntityKind;
    use super::*;

    const COVER: EntityId = EntityId { kind: EntityKind::Cover, device: 0, key: 1 };

    #[test]
    fn numbers_are_widened_as_people_write_them() {
        for (narrow, wide) in [(0.1_f32, 0.1_f64), (21.3, 21.3), (-58.0, -58.0), (1e9, 1e9)] {
            assert_eq!(widened(narrow), wide);
        }
        assert!(widened(f32::NAN).is_nan());
    }

    #[test]
    fn an_entity_without_a_state_says_nothing() {
        let missing =
            proto::BinarySensorStateResponse { missing_state: true, ..Default::default() };
        assert_eq!(binary_sensor(true, &missing), None);
        let missing = proto::NumberStateResponse { missing_state: true, ..Default::default() };
        assert_eq!(number(&missing), None);
        let nan = proto::NumberStateResponse { state: f32::NAN, ..Default::default() };
        assert_eq!(number(&nan), None);
        let missing = proto::SelectStateResponse { missing_state: true, ..Default::default() };
        assert_eq!(select(&missing), None);
        assert_eq!(lock(&proto::LockStateResponse::default()), None);
    }

    #[test]
    fn a_cover_counts_from_closed_to_open() {
        let state = |position, current_operation| {
            cover(&proto::CoverStateResponse { position, current_operation, ..Default::default() })
        };
        let is = |open: Option<u8>, motion| {
            let open = open.map(|it| it.try_into().unwrap());
            Value::WindowCovering(CoverState { open, motion })
        };
        assert_eq!(state(1.0, 0), is(Some(100), CoverMotion::Stopped));
        assert_eq!(state(0.25, 1), is(Some(25), CoverMotion::Opening));
        assert_eq!(state(0.0, 2), is(Some(0), CoverMotion::Closing));
        assert_eq!(state(f32::NAN, 9), is(None, CoverMotion::Stopped));
    }

    #[test]
    fn a_cover_is_moved_or_stopped() {
        let message = |to| match move_cover(COVER, &Action::MoveCover(to)) {
            Some(Message::CoverCommandRequest(it)) => (it.has_position, it.position, it.stop),
            other => panic!("{other:?}"),
        };
        assert_eq!(message(CoverMove::Open), (true, 1.0, false));
        assert_eq!(message(CoverMove::Close), (true, 0.0, false));
        assert_eq!(message(CoverMove::Stop), (false, 0.0, true));
        assert_eq!(message(CoverMove::To(40.try_into().unwrap())), (true, 0.4, false));
        assert_eq!(move_cover(COVER, &Action::Press), None);
    }

    #[test]
    fn choices_that_cannot_be_shown_are_not_offered() {
        let texts = ["Eco", "Eco", "", "\u{202E}live", "Comfort"].map(str::to_owned);
        assert_eq!(choices(&texts), ["Eco", "Comfort"]);
        assert_eq!(choices(&["x".repeat(70_000)]), Vec::<String>::new());
        let many: Vec<String> = (0..1_000).map(|it| it.to_string()).collect();
        assert_eq!(choices(&many).len(), MAX_CHOICES);
    }
}

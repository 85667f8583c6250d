//! The shape of what `ctl` prints: one JSON object a line.

use std::collections::BTreeMap;

use api::{CapabilityState, DeviceView, EndpointView, RuleView, Update};
use model::{Capability, Cause, Reachability, Scene, Source, Timestamp};
use serde_json::{Map, Value, json};

/// A device: `{"id","name","family","address","reachability","endpoints":[…]}`.
pub(crate) fn device(device: &DeviceView, now: Timestamp) -> Value {
    let endpoints: Vec<Value> = device.endpoints.iter().map(|it| endpoint(it, now)).collect();
    let mut line = json!({
        "id": device.id,
        "name": device.name,
        "family": device.family,
        "address": device.address,
        "model": device.model,
        "room": device.room,
        "endpoints": endpoints,
    });
    let (reachability, cause) = reachability(&device.reachability);
    line["reachability"] = reachability.into();
    if let Some(cause) = cause {
        line["cause"] = cause.into();
    }
    line
}

/// An endpoint: `{"id","name","capabilities":{"OnOff":{"value","age_s","source","pending"}}}`.
pub(crate) fn endpoint(endpoint: &EndpointView, now: Timestamp) -> Value {
    let unknown = CapabilityState::default();
    let mut capabilities = Map::new();
    for capability in endpoint.specs.iter().map(model::Spec::capability) {
        let known = endpoint.states.get(&capability).unwrap_or(&unknown);
        capabilities.insert(capability.to_string(), state(known, now));
    }
    json!({
        "id": endpoint.id,
        "name": endpoint.name,
        "role": endpoint.role,
        "capabilities": capabilities,
    })
}

/// What a capability last said; nulls where it has not said anything.
fn state(state: &CapabilityState, now: Timestamp) -> Value {
    json!({
        "value": state.value.as_ref().map(bare),
        "origin": state.origin,
        "age_s": state.reported_at.map(|at| age(at, now)),
        "source": state.source.map(source),
        "pending": state.pending.is_some(),
    })
}

/// A rule and how it fares: `{"id","name","version","enabled","runs","last","next","findings"}`.
pub(crate) fn rule(view: &RuleView) -> Value {
    json!({
        "id": view.rule.id,
        "name": view.rule.body.name,
        "version": view.rule.version,
        "enabled": view.rule.enabled,
        "runs": view.runs,
        "last": view.last,
        "next": view.next,
        "findings": view.findings,
    })
}

/// A scene: `{"id","name","room","sets"}`.
pub(crate) fn scene(scene: &Scene) -> Value {
    json!({
        "id": scene.id,
        "name": scene.name,
        "room": scene.room,
        "sets": scene.settings.len(),
    })
}

fn age(at: Timestamp, now: Timestamp) -> f64 {
    let milliseconds = at.age_at(now).as_millis();
    milliseconds as f64 / 1_000.0
}

/// A value without the name of its capability, which stands before it already.
fn bare(value: &model::Value) -> Value {
    match serde_json::to_value(value) {
        Ok(Value::Object(tagged)) => tagged.into_iter().next().map_or(Value::Null, |it| it.1),
        _ => Value::Null,
    }
}

fn source(source: Source) -> &'static str {
    match source {
        Source::Pushed => "pushed",
        Source::Polled => "polled",
        Source::Remembered => "remembered",
    }
}

fn reachability(reachability: &Reachability) -> (&'static str, Option<String>) {
    match reachability {
        Reachability::Unknown => ("unknown", None),
        Reachability::Reachable => ("reachable", None),
        Reachability::Unreachable { cause, .. } => ("unreachable", Some(self::cause(cause))),
    }
}

fn cause(cause: &Cause) -> String {
    match cause {
        Cause::NoAnswer => "nobody answers there".to_owned(),
        Cause::SaidGoodbye => "it said goodbye".to_owned(),
        Cause::NeedsSecret => "it wants a password or key".to_owned(),
        Cause::WrongSecret => "it does not accept the password or key".to_owned(),
        Cause::WrongIdentity { found } => format!("{found} answers there instead"),
        Cause::Garbage(words) => format!("what it says cannot be understood: {words}"),
        Cause::SecretsLocked => "its password or key is sealed, and the vault is locked".to_owned(),
    }
}

/// A change, under the name of its kind. `None` for what is no line of its own.
pub(crate) fn update(update: &Update, now: Timestamp) -> Option<Value> {
    Some(match update {
        Update::Snapshot(_) => return None,
        Update::Device(it) => json!({ "device": device(it, now) }),
        Update::DeviceGone(id) => json!({ "device_gone": id }),
        Update::State(endpoint, capability, it) => {
            let states = BTreeMap::<Capability, Value>::from([(*capability, state(it, now))]);
            json!({ "endpoint": endpoint, "capabilities": states })
        }
        Update::Pressed(endpoint, event, _) => json!({ "pressed": endpoint, "event": event }),
        Update::Command(id, state) => json!({ "command": id, "state": state }),
        Update::Rooms(rooms) => json!({ "rooms": rooms }),
        Update::Home(home) => json!({ "home": home }),
        Update::Settings(settings) => json!({ "settings": settings }),
        Update::Found(found) => json!({ "found": found.sighting }),
        Update::FoundGone(id) => json!({ "found_gone": id }),
        Update::Issue(issue) => json!({ "issue": issue }),
        Update::IssueGone(id) => json!({ "issue_gone": id }),
        Update::Status(status) => json!({ "status": status }),
        Update::Vacant(roles) => json!({ "vacant": roles }),
        Update::Rule(it) => json!({ "rule": rule(it) }),
        Update::RuleGone(id) => json!({ "rule_gone": id }),
        Update::Ran(rule, head) => json!({ "ran": rule, "run": head }),
        Update::Scene(it) => json!({ "scene": scene(it) }),
        Update::SceneGone(id) => json!({ "scene_gone": id }),
        Update::Group(group) => json!({ "group": group }),
        Update::GroupGone(id) => json!({ "group_gone": id }),
        Update::Person(person) => json!({ "person": person }),
        Update::PersonGone(id) => json!({ "person_gone": id }),
        Update::Variable(variable) => json!({ "variable": variable }),
        Update::VariableGone(id) => json!({ "variable_gone": id }),
        Update::Notice(notice) => json!({ "notice": notice }),
        Update::NoticeGone(id) => json!({ "notice_gone": id }),
    })
}

#[cfg(test)]
mod tests {
    use model::{Category, EndpointKind, Family, Spec};

    use super::*;

    #[test]
    fn a_device_has_the_shape_that_scripts_rely_on() {
        let on = CapabilityState {
            value: Some(model::Value::OnOff(true)),
            reported_at: Some(Timestamp(1_000)),
            source: Some(Source::Pushed),
            ..CapabilityState::default()
        };
        let view = DeviceView {
            id: "shelly-aa".parse().unwrap(),
            family: Family::Shelly,
            name: "Lamp".to_owned(),
            vendor: None,
            model: None,
            firmware: None,
            address: "10.0.0.2:80".parse().unwrap(),
            room: None,
            reachability: Reachability::Reachable,
            heard_at: None,
            endpoints: vec![EndpointView {
                id: "shelly-aa/switch-0".parse().unwrap(),
                name: "Lamp".to_owned(),
                room: None,
                kind: EndpointKind::Plug,
                role: "r-1".parse().unwrap(),
                category: Category::Primary,
                favourite: false,
                specs: vec![Spec::OnOff, Spec::ElectricalPower],
                states: BTreeMap::from([(Capability::OnOff, on)]),
            }],
        };
        let line = device(&view, Timestamp(2_200));
        assert_eq!(line["id"], "shelly-aa");
        assert_eq!(line["family"], "shelly");
        assert_eq!(line["address"], "10.0.0.2:80");
        assert_eq!(line["reachability"], "reachable");
        assert_eq!(line["endpoints"][0]["id"], "shelly-aa/switch-0");
        let capabilities = &line["endpoints"][0]["capabilities"];
        assert_eq!(
            capabilities["OnOff"],
            json!({ "value": true, "origin": "Unknown", "age_s": 1.2, "source": "pushed", "pending": false })
        );
        assert_eq!(capabilities["ElectricalPower"]["value"], Value::Null);
    }
}

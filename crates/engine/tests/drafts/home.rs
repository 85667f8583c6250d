//! A home with a lamp, a fan, a sensor and a button, and records of its past.

use std::collections::BTreeMap;
use std::time::Duration;

use api::{Answer, ApiError, HubStatus, Request, Vault};
use engine::{Effect, Engine, Ticket};
use model::rule::RuleBody;
use model::{
    Category, DeviceDescription, DeviceId, DeviceRecord, EndpointDescription, EndpointId,
    EndpointKind, Family, Home, Moment, Name, Person, Place, Presence, Record, Recorded, RoleId,
    Rule, RuleId, SavedHome, SavedRules, Spec, Timestamp, Value, Variable, VariableValue, Zone,
};

/// 2026-11-22T12:00:00Z, a Sunday; 13:00 in Berlin.
pub(crate) const NOW: Timestamp = Timestamp(1_795_348_800_000);
pub(crate) const MINUTE: i64 = 60_000;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

pub(crate) struct House {
    pub(crate) engine: Engine,
    pub(crate) now: Moment,
    ticket: u64,
}

impl House {
    pub(crate) fn new(rules: &[(&str, RuleBody)]) -> Self {
        Self::opened(saved(rules))
    }

    pub(crate) fn opened(saved: SavedHome) -> Self {
        let now = Moment { uptime: Duration::from_secs(1_000), wall: NOW };
        let (engine, _) = Engine::new(saved, status(), now);
        Self { engine, now, ticket: 0 }
    }

    pub(crate) fn ask(&mut self, request: Request) -> (Result<Answer, ApiError>, Vec<Effect>) {
        self.ticket += 1;
        let ticket = Ticket(self.ticket);
        let mut effects = self.engine.handle_request(ticket, request, self.now);
        let replies = effects.iter().position(|it| matches!(it, Effect::Reply(..)));
        let reply = effects.remove(replies.expect("it is answered at once"));
        let Effect::Reply(of, outcome) = reply else { unreachable!() };
        assert_eq!(of, ticket);
        (outcome, effects)
    }

    /// Asks for something that is refused; nothing must come of it.
    pub(crate) fn refused(&mut self, request: Request) -> ApiError {
        let before = self.engine.snapshot();
        let (outcome, effects) = self.ask(request);
        assert_eq!(effects, [], "nothing is done");
        assert_eq!(self.engine.snapshot(), before, "nothing is changed");
        outcome.expect_err("it is refused")
    }

    pub(crate) fn rule(&self, id: &str) -> Option<Rule> {
        let rules = self.engine.snapshot().rules;
        rules.into_iter().map(|it| it.rule).find(|it| it.id.as_str() == id)
    }
}

pub(crate) fn status() -> HubStatus {
    let (vault, zone, webhooks) = (Vault::Keyring, Zone::utc(), Vec::new());
    HubStatus { sandbox: false, sandbox_offered: false, discovering: false, vault, zone, webhooks }
}

pub(crate) fn endpoint(device: &str) -> EndpointId {
    format!("shelly-{device}/part").parse().expect("an endpoint id")
}

pub(crate) fn role(device: &str) -> RoleId {
    RoleId::of(&endpoint(device))
}

pub(crate) fn id(text: &str) -> RuleId {
    text.parse().expect("a rule id")
}

pub(crate) fn name(text: &str) -> Name {
    Name::try_from(text).expect("a name")
}

/// A rule as people write it; `@lamp` stands for the role of the lamp.
pub(crate) fn rule(triggers: &str, conditions: &str, steps: &str) -> RuleBody {
    let mut text = format!(
        r#"{{"name":"Draft","triggers":[{triggers}],"conditions":[{conditions}],"steps":[{steps}]}}"#
    );
    for device in ["lamp", "fan", "motion", "warm", "knob"] {
        text = text.replace(&format!("@{device}"), role(device).as_str());
    }
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn device(name: &str, kind: EndpointKind, specs: Vec<Spec>) -> DeviceRecord {
    let id: DeviceId = format!("shelly-{name}").parse().expect("a device id");
    let part = EndpointDescription {
        key: "part".parse().expect("a key"),
        name: None,
        kind,
        category: Category::Primary,
        specs,
    };
    DeviceRecord {
        id,
        family: Family::Shelly,
        address: "10.0.0.1:80".parse().expect("an address"),
        description: DeviceDescription {
            name: Name::lossy(name),
            vendor: None,
            model: None,
            firmware: None,
            endpoints: vec![part],
        },
        name: None,
        room: None,
        endpoints: BTreeMap::new(),
        added_at: Timestamp(0),
    }
}

pub(crate) fn saved(rules: &[(&str, RuleBody)]) -> SavedHome {
    let rule = |(at, body): &(&str, RuleBody)| Rule {
        id: id(at),
        version: 1,
        enabled: true,
        saved_at: Timestamp(0),
        body: body.clone(),
    };
    SavedHome {
        home: Some(Home {
            place: Place::new(52.5, 13.4).ok(),
            zone: Zone::try_from("Europe/Berlin".to_owned()).ok(),
            ..Home::default()
        }),
        devices: vec![
            device("lamp", EndpointKind::Light, vec![Spec::OnOff, Spec::Level]),
            device("fan", EndpointKind::Fan, vec![Spec::OnOff]),
            device("motion", EndpointKind::Sensor, vec![Spec::OccupancySensing]),
            device("warm", EndpointKind::Sensor, vec![Spec::TemperatureMeasurement]),
            device("knob", EndpointKind::Button, vec![Spec::Button]),
        ],
        people: vec![Person {
            id: "ann".parse().expect("a person id"),
            name: name("Ann"),
            phone: None,
            presence: Presence::default(),
        }],
        variables: vec![Variable {
            id: "guests".parse().expect("a variable id"),
            name: name("Guests"),
            value: VariableValue::YesNo(false),
        }],
        rules: SavedRules {
            rules: rules.iter().map(rule).collect(),
            seen_to: Some(NOW),
            ..SavedRules::default()
        },
        ..SavedHome::default()
    }
}

/// A record, that many milliseconds before now.
pub(crate) fn ago(millis: i64, what: Recorded) -> Record {
    Record { at: Timestamp(NOW.0 - millis), what }
}

pub(crate) fn said(millis: i64, device: &str, value: Value) -> Record {
    ago(millis, Recorded::Value(endpoint(device), value))
}

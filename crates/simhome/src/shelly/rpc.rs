//! The methods of a Shelly device's JSON-RPC.
//! Source: Shelly's public API reference; recorded answers and errors.

use std::time::Duration;

use serde_json::{Value, json};

use super::part::{Course, Part};
use super::product::METHODS;
use super::{Shelly, State};
use crate::Verdict;
use crate::core::lock;

/// An error as JSON-RPC carries it.
#[derive(Debug, PartialEq)]
pub(crate) struct Refusal {
    pub(crate) code: i64,
    pub(crate) message: String,
}

/// What came of a call, and whether to say so.
pub(crate) struct Outcome {
    pub(crate) result: Result<Value, Refusal>,
    pub(crate) verdict: Verdict,
}

type Answer = Result<Value, Refusal>;

impl Refusal {
    fn unknown(method: &str) -> Self {
        Self { code: 404, message: format!("No handler for {method}") }
    }

    fn argument(name: &str) -> Self {
        Self { code: -103, message: format!("Missing or bad argument '{name}'!") }
    }

    fn component(id: u64) -> Self {
        Self { code: -105, message: format!("Argument 'id', value {id} not found!") }
    }

    pub(crate) fn json(&self) -> Value {
        json!({ "code": self.code, "message": self.message })
    }
}

impl Shelly {
    /// Performs a call that may be performed. `source` is how it came in: `HTTP_in`, `WS_in`.
    pub(crate) fn perform(&self, method: &str, params: &Value, source: &'static str) -> Outcome {
        let lower = method.to_ascii_lowercase();
        let (component, verb) = lower.split_once('.').unwrap_or((&lower, ""));
        if let Some(result) = self.ask(component, verb, params) {
            return Outcome { result, verdict: Verdict::Obey };
        }
        let id = match self.find(component, params) {
            Ok(index) => index,
            Err(refusal) => {
                let known = matches!(component, "switch" | "light" | "cover" | "shelly");
                let refusal = if known { refusal } else { Refusal::unknown(method) };
                return Outcome { result: Err(refusal), verdict: Verdict::Obey };
            }
        };
        self.command(method, verb, id, params, source)
    }

    /// What only asks; `None` for all else.
    fn ask(&self, component: &str, verb: &str, params: &Value) -> Option<Answer> {
        let answer = match (component, verb) {
            ("shelly", "getdeviceinfo") => self.info(),
            ("shelly", "getstatus") => self.status(),
            ("shelly", "getconfig") => self.config(),
            ("shelly", "listmethods") => METHODS.clone(),
            ("shelly", "checkforupdate") => json!({}),
            ("shelly", "getcomponents") => {
                json!({ "components": [], "cfg_rev": 9, "offset": 0, "total": 0 })
            }
            ("script", "list") => json!({ "scripts": [] }),
            ("rpc", "ping") => json!({ "pong": true }),
            (_, "getstatus") => return Some(pick(&self.status(), component, params)),
            (_, "getconfig") => return Some(pick(&self.config(), component, params)),
            _ => return None,
        };
        Some(Ok(answer))
    }

    /// The place of the component that is meant; of the whole device, any.
    fn find(&self, component: &str, params: &Value) -> Result<usize, Refusal> {
        if component == "shelly" {
            return Ok(0);
        }
        let id = params["id"].as_u64().ok_or_else(|| Refusal::argument("id"))?;
        let state = lock(&self.state);
        let mut parts = state.parts.iter().enumerate();
        let mut same = parts.by_ref().filter(|(_, part)| part.kind() == component);
        let index = usize::try_from(id).ok().and_then(|id| same.nth(id));
        index.map(|(index, _)| index).ok_or_else(|| Refusal::component(id))
    }

    fn command(
        &self,
        method: &str,
        verb: &str,
        index: usize,
        params: &Value,
        source: &'static str,
    ) -> Outcome {
        let mut state = lock(&self.state);
        let deed = match plan(&state, method, verb, index, params) {
            Ok(deed) => deed,
            Err(refusal) => {
                return Outcome { result: Err(refusal), verdict: Verdict::Obey };
            }
        };
        let verdict = self.core.receive_command(&format!("{method} {params}"));
        if !verdict.acts() {
            return Outcome { result: Ok(deed.result(&state, index)), verdict };
        }
        let result = deed.result(&state, index);
        let changed = deed.act(&mut state, index, source);
        drop(state);
        if changed {
            self.core.stir();
            self.push_parts(&[index]);
        }
        Outcome { result: Ok(result), verdict }
    }
}

/// A sound command.
enum Deed {
    Switch(bool),
    Light(Option<bool>, Option<u8>),
    Steer(Course),
    Reboot(Duration),
}

fn plan(
    state: &State,
    method: &str,
    verb: &str,
    index: usize,
    params: &Value,
) -> Result<Deed, Refusal> {
    let on = || params["on"].as_bool();
    let needed = |name| Refusal::argument(name);
    if method.eq_ignore_ascii_case("Shelly.Reboot") {
        let delay = params["delay_ms"].as_u64().unwrap_or(1000);
        return Ok(Deed::Reboot(Duration::from_millis(delay)));
    }
    match (state.parts.get(index), verb) {
        (Some(Part::Switch(_)), "set") => Ok(Deed::Switch(on().ok_or_else(|| needed("on"))?)),
        (Some(Part::Switch(it)), "toggle") => Ok(Deed::Switch(!it.on)),
        (Some(Part::Light(_)), "set") => {
            let level = level(params)?;
            let any = on().is_some() || level.is_some();
            any.then(|| Deed::Light(on(), level)).ok_or_else(|| needed("on"))
        }
        (Some(Part::Light(it)), "toggle") => Ok(Deed::Light(Some(!it.on), None)),
        (Some(Part::Cover(_)), "open") => Ok(Deed::Steer(Course::To(100.0))),
        (Some(Part::Cover(_)), "close") => Ok(Deed::Steer(Course::To(0.0))),
        (Some(Part::Cover(_)), "stop") => Ok(Deed::Steer(Course::Stop)),
        (Some(Part::Cover(_)), "gotoposition") => {
            let to = params["pos"].as_f64().filter(|to| (0.0..=100.0).contains(to));
            Ok(Deed::Steer(Course::To(to.ok_or_else(|| needed("pos"))?)))
        }
        _ => Err(Refusal::unknown(method)),
    }
}

fn level(params: &Value) -> Result<Option<u8>, Refusal> {
    let Some(level) = params.get("brightness").filter(|it| !it.is_null()) else {
        return Ok(None);
    };
    let level = level.as_f64().filter(|it| (0.0..=100.0).contains(it));
    level.map(|it| Some(it.round() as u8)).ok_or_else(|| Refusal::argument("brightness"))
}

impl Deed {
    /// What is answered, by the state before the deed.
    fn result(&self, state: &State, index: usize) -> Value {
        match (self, state.parts.get(index)) {
            (Self::Switch(_), Some(Part::Switch(it))) => json!({ "was_on": it.on }),
            _ => Value::Null,
        }
    }

    /// Does it; tells whether anything changed.
    fn act(self, state: &mut State, index: usize, source: &'static str) -> bool {
        match (self, state.parts.get_mut(index)) {
            (Self::Switch(on), Some(Part::Switch(it))) => it.switch(on, source) != on,
            (Self::Light(on, level), Some(Part::Light(it))) => it.set(on, level, source),
            (Self::Steer(course), Some(Part::Cover(it))) => {
                it.steer(course, source);
                true
            }
            (Self::Reboot(delay), _) => {
                state.reboot_in = Some(delay);
                true
            }
            _ => false,
        }
    }
}

/// The status or configuration of one component out of that of all.
fn pick(all: &Value, component: &str, params: &Value) -> Answer {
    let alone = all.get(component);
    let id = params["id"].as_u64();
    let one = id.and_then(|id| all.get(format!("{component}:{id}")));
    match (alone.or(one), id) {
        (Some(found), _) => Ok(found.clone()),
        (None, Some(id)) => Err(Refusal::component(id)),
        (None, None) => Err(Refusal::argument("id")),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use model::Family;
    use proptest::prelude::*;

    use super::*;
    use crate::shelly::{Product, new};
    use crate::{Core, Device as _};

    fn shelly(product: Product) -> Shelly {
        let core = Core::alone(Family::Shelly, "a8032a000001", None);
        new(Arc::new(core), product, 40.0, &["One"])
    }

    fn result(shelly: &Shelly, method: &str, params: Value) -> Answer {
        shelly.perform(method, &params, "WS_in").result
    }

    #[test]
    fn one_component_can_be_asked_alone() {
        let strip = shelly(Product::Pro4Pm);
        let status = result(&strip, "switch.getstatus", json!({ "id": 3 })).unwrap();
        assert_eq!(status["id"], 3);
        let config = result(&strip, "Switch.GetConfig", json!({ "id": 0 })).unwrap();
        assert_eq!(config["name"], "One");
        assert!(result(&strip, "Sys.GetStatus", json!({})).unwrap()["mac"].is_string());
        assert_eq!(result(&strip, "Switch.GetStatus", json!({ "id": 9 })).unwrap_err().code, -105);
        assert_eq!(result(&strip, "Switch.GetStatus", json!({})).unwrap_err().code, -103);
    }

    #[test]
    fn outputs_are_switched_apart() {
        let strip = shelly(Product::Pro4Pm);
        result(&strip, "Switch.Set", json!({ "id": 1, "on": true })).unwrap();
        let state = strip.state();
        let on = |id| state[format!("switch:{id}")]["output"] == true;
        assert_eq!([on(0), on(1), on(2), on(3)], [true, true, true, false]);
    }

    #[test]
    fn asking_is_no_command() {
        let blinds = shelly(Product::Cover2PmGen3);
        for method in ["Shelly.GetStatus", "Shelly.GetConfig", "Shelly.ListMethods", "Script.List"]
        {
            result(&blinds, method, json!({})).unwrap();
        }
        assert_eq!(blinds.core().executed(), 0);
    }

    fn anything() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            ".{0,12}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            let key = prop_oneof![
                Just("id".to_owned()),
                Just("on".to_owned()),
                Just("pos".to_owned()),
                ".{0,6}"
            ];
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(key, inner, 0..4)
                    .prop_map(|it| Value::Object(it.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn no_call_whatever_breaks_a_device(
            method in prop_oneof![
                Just("Switch.Set".to_owned()), Just("Light.Set".to_owned()),
                Just("Cover.GoToPosition".to_owned()), Just("Input.GetStatus".to_owned()),
                "[A-Za-z]{0,8}\\.?[A-Za-z]{0,8}",
            ],
            params in anything(),
        ) {
            for product in [Product::Pro4Pm, Product::Cover2PmGen3, Product::DimmerGen3] {
                let device = shelly(product);
                let done = result(&device, &method, params.clone()).is_ok();
                prop_assert!(done || device.core().executed() == 0);
                device.live(Duration::from_secs(1));
            }
        }
    }
}

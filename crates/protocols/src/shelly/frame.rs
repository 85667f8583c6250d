//! Frames: requests, responses, notifications.

use std::borrow::Cow;

use model::ButtonEvent;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::json::{List, Object, Scalar};

use super::action::Call;

/// The most events of one notification that are looked at.
const MAX_EVENTS: usize = 64;

/// A frame from a device. A response has an `id` that we gave; a notification has a method.
#[derive(Debug, Deserialize)]
pub(crate) struct Frame<'a> {
    #[serde(default)]
    pub(crate) id: Scalar,
    #[serde(borrow, default)]
    pub(crate) method: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub(crate) params: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(crate) result: Option<&'a RawValue>,
    #[serde(default)]
    pub(crate) error: Option<Object<ErrorBody>>,
}

/// Why a call failed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ErrorBody {
    pub(crate) code: Scalar,
    /// Words; of a 401, the challenge as JSON. Not cut to a scalar's length, as challenges are long.
    pub(crate) message: Text,
}

/// A text, or nothing.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Text(pub(crate) String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw: &RawValue = Deserialize::deserialize(deserializer)?;
        Ok(Self(serde_json::from_str(raw.get()).unwrap_or_default()))
    }
}

/// The parameters of `NotifyEvent`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Events {
    pub(crate) events: List<Object<Event>, MAX_EVENTS>,
}

/// One event.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Event {
    pub(crate) component: Scalar,
    pub(crate) event: Scalar,
}

impl Event {
    /// What happened to a button, if that is what it is.
    pub(crate) fn button(&self) -> Option<ButtonEvent> {
        match self.event.text()? {
            "btn_down" => Some(ButtonEvent::Down),
            "btn_up" => Some(ButtonEvent::Up),
            "single_push" => Some(ButtonEvent::Pressed(1)),
            "double_push" => Some(ButtonEvent::Pressed(2)),
            "triple_push" => Some(ButtonEvent::Pressed(3)),
            "long_push" => Some(ButtonEvent::Held),
            _ => None,
        }
    }

    /// Somebody changed the configuration: names and kinds may be new.
    pub(crate) fn is_reconfiguration(&self) -> bool {
        self.event.text() == Some("config_changed")
    }
}

/// A request as it goes over the wire.
pub(crate) fn request(id: u32, source: &str, call: &Call, auth: Option<Value>) -> String {
    let mut frame = json!({ "id": id, "src": source, "method": call.method });
    if let Some(params) = &call.params {
        frame["params"] = params.clone();
    }
    if let Some(auth) = auth {
        frame["auth"] = auth;
    }
    frame.to_string()
}

//! When: what sets a rule off.

use serde::{Deserialize, Serialize};

use super::{Comparison, Days, Is, LocalTime, Measure, Target};
use crate::{ButtonEvent, Capability, HookId, PersonId, RuleId, Span, VariableId};

/// What sets a rule off. Only news does: a value that a device repeats, or that it tells anew
/// after it could not be reached, is no news.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Trigger {
    /// A capability changes.
    Changes {
        /// Whose; of several, each by itself.
        of: Target,
        /// Which.
        what: Capability,
        /// Only when it was so before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<Is>,
        /// Only when it is so now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<Is>,
        /// Only once it has stayed so for that long.
        #[serde(default, skip_serializing_if = "Span::is_zero_ref")]
        held_for: Span,
    },
    /// A number crosses a threshold.
    Crosses {
        /// Whose; of several, each by itself.
        of: Target,
        /// Which number.
        measure: Measure,
        /// Which way.
        direction: Direction,
        /// In the measure's unit.
        threshold: f64,
        /// How far it has to go back before it can cross again; 0 or more, in the same unit.
        #[serde(default)]
        #[cfg_attr(feature = "schema", schemars(range(min = 0.0)))]
        hysteresis: f64,
        /// Only once it has stayed beyond for that long.
        #[serde(default, skip_serializing_if = "Span::is_zero_ref")]
        held_for: Span,
    },
    /// Somebody presses a button on a device.
    Button {
        /// Which button.
        of: Target,
        /// How.
        press: ButtonPress,
    },
    /// A time of day. One that does not exist on a day (the clock is put forward) is the first
    /// instant after the gap; one that exists twice (it is put back) is the first of the two.
    Time {
        /// In the home's time zone.
        at: LocalTime,
        /// On which days.
        #[serde(default, skip_serializing_if = "Days::is_every_day")]
        on: Days,
    },
    /// The sun rises or sets over the home.
    Sun {
        /// Which.
        event: SunEvent,
        /// Minutes after it; before it when negative. At most 12 hours.
        #[serde(default)]
        #[cfg_attr(feature = "schema", schemars(range(min = -720, max = 720)))]
        offset: i16,
        /// On which days.
        #[serde(default, skip_serializing_if = "Days::is_every_day")]
        on: Days,
    },
    /// Again and again, counted from midnight of the home's time: `15m` is at :00, :15, :30, :45.
    Every(Span),
    /// Somebody comes home.
    Arrives(Who),
    /// Somebody leaves.
    Leaves(Who),
    /// A device can no longer be reached.
    Unreachable {
        /// Which; of several, each by itself.
        of: Target,
        /// Only once it has stayed so for that long.
        #[serde(default, skip_serializing_if = "Span::is_zero_ref")]
        held_for: Span,
    },
    /// A device can be reached again.
    Returns {
        /// Which; of several, each by itself.
        of: Target,
    },
    /// Hearth has started.
    Started,
    /// A variable becomes so, and was not so before.
    Variable {
        /// Which.
        variable: VariableId,
        /// How.
        becomes: Comparison,
    },
    /// Another rule has run to its end.
    RuleRan(RuleId),
    /// Somebody on the local network calls this webhook.
    Webhook(HookId),
    /// The home's MQTT broker brings a message.
    Mqtt {
        /// On this topic, or one that matches (`+`, `#`); 1 to 256 bytes.
        #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 256)))]
        topic: String,
        /// Only with exactly this text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        payload: Option<String>,
    },
}

/// Which way a number crosses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Above the threshold.
    Above,
    /// Below the threshold.
    Below,
}

/// How a button is pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ButtonPress {
    /// Shortly, that many times in a row (1 to 9).
    Times(#[cfg_attr(feature = "schema", schemars(range(min = 1, max = 9)))] u8),
    /// Held.
    Held,
    /// Pressed down, whatever follows.
    Down,
    /// Let go.
    Up,
}

impl ButtonPress {
    /// Whether this is that event.
    #[must_use]
    pub fn is(self, event: ButtonEvent) -> bool {
        match (self, event) {
            (Self::Times(wanted), ButtonEvent::Pressed(times)) => wanted == times,
            (Self::Held, ButtonEvent::Held)
            | (Self::Down, ButtonEvent::Down)
            | (Self::Up, ButtonEvent::Up) => true,
            _ => false,
        }
    }
}

/// What the sun does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SunEvent {
    /// It rises.
    Sunrise,
    /// It sets.
    Sunset,
}

/// Who of the people who live here.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// This one.
    Person(PersonId),
    /// Any one of them: arrives when one does; is home when at least one is.
    Anyone,
    /// All of them: arrives when the last does, leaves when the last has left; is home when all
    /// are, away when all are.
    Everyone,
    /// As a trigger: the first comes to an empty home, or the last leaves it.
    Household,
}

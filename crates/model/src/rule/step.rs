//! Then: what a rule does.

use serde::{Deserialize, Serialize};

use super::{Condition, MOST_REPETITIONS, Target};
use crate::{Action, RuleId, SceneId, Span, VariableId, VariableValue};

/// One step of a rule. A step that commands devices is over when each of them has done it or has
/// failed; a failure is told in the trace, and the rule goes on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Step {
    /// Make them do something; of several, all that can.
    Command {
        /// Whom.
        to: Target,
        /// What.
        action: Action,
        /// Slowly, over that long (lights that can).
        #[serde(default, skip_serializing_if = "Span::is_zero_ref")]
        transition: Span,
    },
    /// Switch what is on off, and what is off on; what is not known is left alone. Of several:
    /// all off when any is on.
    Toggle(Target),
    /// Make it brighter or faster by that many percent (−100 to 100); darker when negative.
    Adjust {
        /// Whom.
        of: Target,
        /// Percent to add.
        #[cfg_attr(feature = "schema", schemars(range(min = -100, max = 100)))]
        by: i8,
    },
    /// Switch on, and off again after that long (a door opener, a doorbell). Never on twice.
    Pulse {
        /// Whom.
        of: Target,
        /// How long; 100 ms to 1 h.
        lasting: Span,
    },
    /// Set a scene.
    Scene {
        /// Which.
        scene: SceneId,
        /// Over that long rather than the scene's own transition.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        transition: Option<Span>,
    },
    /// Let that much time pass. Survives a restart.
    Wait(Span),
    /// Go on once this holds. Survives a restart.
    WaitUntil {
        /// What has to hold.
        condition: Condition,
        /// Not longer than that; at most [`super::LONGEST_WAIT`], which is also the default.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        timeout: Option<Span>,
        /// What then.
        #[serde(default)]
        timed_out: TimedOut,
    },
    /// One way or the other.
    If {
        /// What decides; what cannot be known counts as no.
        condition: Condition,
        /// If it holds.
        then: Vec<Self>,
        /// If it does not.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        otherwise: Vec<Self>,
    },
    /// Again and again.
    Repeat {
        /// How often.
        repetition: Repetition,
        /// What.
        steps: Vec<Self>,
    },
    /// Tell the people of the home.
    Notify {
        /// In a few words; 1 to 120 characters. `{who}` and `{value}` stand for what set the
        /// rule off.
        #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 120)))]
        title: String,
        /// In more words; at most 500 characters. May be empty.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        #[cfg_attr(feature = "schema", schemars(length(max = 500)))]
        body: String,
        /// What they can do about it at once; at most 3.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(feature = "schema", schemars(length(max = 3)))]
        buttons: Vec<NoticeButton>,
    },
    /// Change a variable.
    SetVariable {
        /// Which.
        variable: VariableId,
        /// How.
        to: VariableChange,
    },
    /// Run another rule: its steps, whatever its conditions say. This rule does not wait for it.
    RunRule(RuleId),
    /// End this run here.
    Stop,
}

/// How often a block is repeated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Repetition {
    /// That many times (1 to [`MOST_REPETITIONS`]).
    Times(#[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1_000)))] u16),
    /// As long as this holds, asked before each time; at most [`MOST_REPETITIONS`] times.
    While(Condition),
    /// Until this holds, asked after each time; at most [`MOST_REPETITIONS`] times.
    Until(Condition),
}

impl Repetition {
    /// After that many times it is over, whatever else.
    #[must_use]
    pub fn at_most(&self) -> u16 {
        match self {
            Self::Times(times) => (*times).min(MOST_REPETITIONS),
            Self::While(_) | Self::Until(_) => MOST_REPETITIONS,
        }
    }
}

/// What happens when a wait has lasted too long.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum TimedOut {
    /// The rule goes on.
    #[default]
    Continue,
    /// The rule ends there.
    Stop,
}

/// A button under a notice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NoticeButton {
    /// What is written on it; 1 to 40 characters.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 40)))]
    pub label: String,
    /// What it does.
    pub does: NoticeAction,
}

/// What a button under a notice does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum NoticeAction {
    /// Runs a rule: its steps, whatever its conditions say.
    RunRule(RuleId),
    /// Sets a scene.
    Scene(SceneId),
    /// Makes things do something.
    Command {
        /// Whom.
        to: Target,
        /// What.
        action: Action,
    },
}

/// How a variable changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum VariableChange {
    /// To this.
    Set(VariableValue),
    /// By this much, where it is a number.
    Add(f64),
    /// Yes becomes no, no becomes yes.
    Flip,
}

//! The home's recorded past.

use serde::{Deserialize, Serialize};

use crate::rule::Measure;
use crate::{
    ButtonEvent, Capability, DeviceId, EndpointId, PersonId, Timestamp, Value, VariableId,
    VariableValue,
};

/// Something that happened, as it is recorded. With these alone, in order, rules can be rehearsed.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: Recorded,
}

/// What is recorded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Recorded {
    /// A capability said something.
    Value(EndpointId, Value),
    /// A button was pressed.
    Pressed(EndpointId, ButtonEvent),
    /// A device could be reached again (true), or no longer.
    Reachable(DeviceId, bool),
    /// Somebody came home (true), or left.
    Home(PersonId, bool),
    /// A variable became this.
    Variable(VariableId, VariableValue),
    /// Hearth started.
    Started,
}

/// What of an endpoint is charted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Charted {
    /// A number.
    Measure(Measure),
    /// States one after the other.
    States(Capability),
}

/// The past of one number or state of one endpoint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Series {
    /// Spans of equal length, in order; those in which nothing was said are left out.
    Numbers(Vec<Bucket>),
    /// The states, each from then on, in order; the first may have begun before the window. At
    /// most 1,000; then the latest.
    States(Vec<(Timestamp, Value)>),
}

/// What a number did within a span of time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bucket {
    /// When the span begins.
    pub at: Timestamp,
    /// The least.
    pub min: f64,
    /// The mean of what was said.
    pub mean: f64,
    /// The most.
    pub max: f64,
}

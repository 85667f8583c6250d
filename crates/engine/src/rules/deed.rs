//! What rules are told, and what they ask for.

use api::Update;
use model::{ButtonEvent, Command};
use model::{
    Change, CommandId, CommandState, DeviceId, EndpointId, HookId, IssueId, IssueKind, Notice,
    PersonId, RunId, SceneId, Value, VariableId, VariableValue,
};

/// Something that happened in the home and that rules may care about.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Happening<'a> {
    /// A capability said something. The world says so already.
    Value {
        endpoint: &'a EndpointId,
        /// What it said before, if anything.
        was: Option<&'a Value>,
        value: &'a Value,
        news: News,
    },
    /// A button was pressed.
    Pressed(&'a EndpointId, ButtonEvent),
    /// A device can be reached again (true), or no longer.
    Reachable(&'a DeviceId, bool),
    /// Somebody came home (true), or left. The world says so already.
    Home(&'a PersonId, bool),
    /// A variable has changed; what it was before, if it was there. The world says what it is.
    Variable(&'a VariableId, Option<&'a VariableValue>),
    /// A webhook was called.
    Hook(&'a HookId),
    /// A message came, on that topic, with that payload.
    Message(&'a str, &'a str),
    /// A command has come to its end.
    Outcome(&'a CommandId, &'a CommandState),
    /// Hearth has started; comes once, first of all.
    Started,
}

/// Whether a value is news.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum News {
    /// It came while the device could be heard: what is different has just changed.
    Change,
    /// It is the first that is heard since the device was away, or at all: what is different has
    /// changed some time, and sets nothing off.
    Baseline,
}

/// Something that rules ask for. To be done in order: what is written down comes before what
/// follows from it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Deed {
    /// Write this down.
    Journal(Change),
    /// Send a command; how it ends comes back as [`Happening::Outcome`], possibly at once.
    Command(Command),
    /// Set a variable; comes back as [`Happening::Variable`].
    SetVariable(VariableId, VariableValue),
    /// Tell the people. The notice is not written down yet.
    Notify(Box<Notice>),
    /// A scene was set by a run (the commands follow by themselves); for the record.
    SceneSet(SceneId, RunId),
    /// Tell clients.
    Publish(Update),
    /// A trouble that a person can fix.
    Raise(IssueKind),
    /// That trouble is over.
    End(IssueId),
}

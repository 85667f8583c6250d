//! What the rules are still to be told. They are told once everything that came with it stands,
//! written down and published: a rule never looks at half of what a device said in one breath.

use std::collections::VecDeque;

use model::{
    ButtonEvent, CommandId, CommandState, DeviceId, EndpointId, Moment, PersonId, Value,
    VariableId, VariableValue,
};

use crate::rules::{Happening, News};
use crate::{Effect, Engine};

/// What the rules are still to be told, in order.
pub(crate) type Happenings = VecDeque<Happened>;

/// A [`Happening`] that is kept for later.
#[derive(Debug, Clone)]
pub(crate) enum Happened {
    Value { endpoint: EndpointId, was: Option<Value>, value: Value, news: News },
    Pressed(EndpointId, ButtonEvent),
    Reachable(DeviceId, bool),
    Home(PersonId, bool),
    Variable(VariableId, Option<VariableValue>),
    Outcome(CommandId, CommandState),
}

impl Happened {
    /// `None` for what is told at once.
    fn of(happening: Happening<'_>) -> Option<Self> {
        Some(match happening {
            Happening::Value { endpoint, was, value, news } => {
                let (endpoint, was, value) = (endpoint.clone(), was.cloned(), value.clone());
                Self::Value { endpoint, was, value, news }
            }
            Happening::Pressed(endpoint, event) => Self::Pressed(endpoint.clone(), event),
            Happening::Reachable(device, is) => Self::Reachable(device.clone(), is),
            Happening::Home(person, is) => Self::Home(person.clone(), is),
            Happening::Variable(id, was) => Self::Variable(id.clone(), was.cloned()),
            Happening::Outcome(id, state) => Self::Outcome(id.clone(), state.clone()),
            Happening::Hook(_) | Happening::Message(..) | Happening::Started => return None,
        })
    }

    fn happening(&self) -> Happening<'_> {
        match self {
            Self::Value { endpoint, was, value, news } => {
                Happening::Value { endpoint, was: was.as_ref(), value, news: *news }
            }
            Self::Pressed(endpoint, event) => Happening::Pressed(endpoint, *event),
            Self::Reachable(device, is) => Happening::Reachable(device, *is),
            Self::Home(person, is) => Happening::Home(person, *is),
            Self::Variable(id, was) => Happening::Variable(id, was.as_ref()),
            Self::Outcome(id, state) => Happening::Outcome(id, state),
        }
    }
}

impl Engine {
    /// Keeps something that happened for the rules, if any looks at it.
    pub(crate) fn note(&mut self, happening: Happening<'_>) {
        if self.rules.looks_at(happening) {
            self.happenings.extend(Happened::of(happening));
        }
    }

    /// Tells the rules what has happened, and does what they ask for, until nothing is left.
    pub(crate) fn tell_rules(&mut self, now: Moment, out: &mut Vec<Effect>) {
        while let Some(happened) = self.happenings.pop_front() {
            self.happened(happened.happening(), now, out);
        }
    }
}

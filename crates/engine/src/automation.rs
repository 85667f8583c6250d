//! Between the home and its rules: what happens is told to them, what they ask for is done.

use api::{ApiError, ErrorCode, Request};
use model::Moment;

use crate::requests::Outcome;
use crate::rules::{Deed, Happening};
use crate::{Effect, Engine, Ticket};

impl Engine {
    /// Tells the rules what happened, and does what they ask for.
    pub(crate) fn happened(&mut self, what: Happening<'_>, now: Moment, out: &mut Vec<Effect>) {
        if !self.rules.looks_at(what) {
            return;
        }
        let mut rules = std::mem::take(&mut self.rules);
        let deeds = rules.handle(what, &*self, now);
        self.rules = rules;
        self.perform(deeds, now, out);
    }

    /// Lets the rules do what is due.
    pub(crate) fn rules_timeout(&mut self, now: Moment, out: &mut Vec<Effect>) {
        let mut rules = std::mem::take(&mut self.rules);
        let deeds = rules.handle_timeout(&*self, now);
        self.rules = rules;
        self.perform(deeds, now, out);
    }

    pub(crate) fn perform(&mut self, _deeds: Vec<Deed>, _now: Moment, _out: &mut Vec<Effect>) {}

    /// A request about rules or the recorded past.
    pub(crate) fn automation(
        &mut self,
        _ticket: Ticket,
        _request: Request,
        _now: Moment,
        _out: &mut Vec<Effect>,
    ) -> Outcome {
        Err(ApiError::new(ErrorCode::Unsupported, "not yet"))
    }
}

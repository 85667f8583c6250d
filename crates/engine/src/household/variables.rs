//! Variables: what the home remembers for its rules.

use api::{Answer, ApiError, Update};
use model::{Change, Moment, Recorded, Variable, VariableId, VariableValue};

use super::uses::Named;
use super::{in_use, invalid, recorded};
use crate::requests::not_found;
use crate::rules::Happening;
use crate::{Effect, Engine};

impl Engine {
    pub(super) fn save_variable(
        &mut self,
        variable: Variable,
        now: Moment,
        out: &mut Vec<Effect>,
    ) -> Result<Answer, ApiError> {
        if !variable.value.is_allowed() {
            return Err(invalid("a variable holds no such value"));
        }
        let known = self.household.variables.get(&variable.id);
        if known.is_some_and(|it| !it.value.is_like(&variable.value)) {
            return Err(invalid("a variable never changes its kind"));
        }
        let is_new = known.is_none();
        if known != Some(&variable) {
            self.keep_variable(variable, now, out);
        }
        if is_new {
            self.rewire_rules(now, out);
        }
        Ok(Answer::Done)
    }

    fn keep_variable(&mut self, variable: Variable, now: Moment, out: &mut Vec<Effect>) {
        let id = variable.id.clone();
        let before = self.household.variables.insert(id.clone(), variable.clone());
        out.push(Effect::Persist(Change::Variable(variable.clone())));
        out.push(Effect::Publish(Update::Variable(variable.clone())));
        let before = before.map(|it| it.value);
        if before.as_ref() != Some(&variable.value) {
            out.push(recorded(Recorded::Variable(id.clone(), variable.value), now));
            self.note(Happening::Variable(&id, before.as_ref()));
        }
    }

    /// What a rule asks for. A variable that is gone, or would change its kind, is left alone.
    pub(crate) fn set_variable(
        &mut self,
        id: &VariableId,
        value: VariableValue,
        now: Moment,
        out: &mut Vec<Effect>,
    ) {
        let Some(known) = self.household.variables.get(id) else { return };
        if value.is_allowed() && value.is_like(&known.value) && value != known.value {
            let variable = Variable { value, ..known.clone() };
            self.keep_variable(variable, now, out);
        }
    }

    pub(super) fn remove_variable(
        &mut self,
        id: &VariableId,
        out: &mut Vec<Effect>,
    ) -> Result<Answer, ApiError> {
        if !self.household.variables.contains_key(id) {
            return Err(not_found("variable", id));
        }
        let naming = self.rules_naming(&Named::Variable(id));
        if !naming.is_empty() {
            return Err(in_use(naming));
        }
        self.household.variables.remove(id);
        out.push(Effect::Persist(Change::VariableGone(id.clone())));
        out.push(Effect::Publish(Update::VariableGone(id.clone())));
        Ok(Answer::Done)
    }
}

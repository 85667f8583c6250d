//! A whole rule as one sentence.

use model::rule::RuleBody;

use super::{Words, joined};

/// So many steps are told in a sentence; of more, their number.
const STEPS_TOLD: usize = 4;

impl Words<'_> {
    /// The rule as one sentence.
    pub fn rule(self, body: &RuleBody) -> String {
        let t = self.t;
        let triggers = body.triggers.iter().map(|it| self.trigger(it)).collect::<Vec<_>>();
        let when = if triggers.is_empty() {
            t.sentence_no_trigger()
        } else {
            joined(triggers, |first, second| t.sentence_or(first, second))
        };
        let then = if body.steps.is_empty() {
            t.sentence_no_step()
        } else {
            self.steps(&body.steps, STEPS_TOLD)
        };
        if body.conditions.is_empty() {
            return t.sentence_plain(&when, &then);
        }
        let all = model::rule::Condition::All(body.conditions.clone());
        t.sentence_full(&when, &self.condition(&all), &then)
    }
}

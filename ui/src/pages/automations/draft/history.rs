//! The way back and forth: every wording that a draft has had.

use model::rule::RuleBody;

/// So many steps back are kept.
const KEPT: usize = 200;

/// The wordings of a draft.
#[derive(Debug, Clone, PartialEq)]
pub struct History {
    past: Vec<RuleBody>,
    future: Vec<RuleBody>,
    /// Of what the last change was; the same again (typing on) is the same step.
    last: String,
}

impl History {
    /// No change yet.
    pub fn new() -> Self {
        Self { past: Vec::new(), future: Vec::new(), last: String::new() }
    }

    /// The draft is about to change from `now`. Changes of the same `what` in a row are one step;
    /// an empty `what` is always a step of its own.
    pub fn note(&mut self, now: &RuleBody, what: &str) {
        let goes_on = !what.is_empty() && self.last == what && self.future.is_empty();
        if !goes_on {
            self.past.push(now.clone());
            if self.past.len() > KEPT {
                self.past.remove(0);
            }
        }
        self.future.clear();
        what.clone_into(&mut self.last);
    }

    /// One step back from `now`.
    pub fn undo(&mut self, now: &RuleBody) -> Option<RuleBody> {
        self.last.clear();
        let before = self.past.pop()?;
        self.future.push(now.clone());
        Some(before)
    }

    /// One step forth again from `now`.
    pub fn redo(&mut self, now: &RuleBody) -> Option<RuleBody> {
        self.last.clear();
        let after = self.future.pop()?;
        self.past.push(now.clone());
        Some(after)
    }

    /// Whether there is a step back.
    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    /// Whether there is a step forth.
    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }
}

//! Between the home and its rules: what happens is told to them, what they ask for is done.

use api::{Answer, ApiError, ErrorCode, Request};
use model::rule::{Finding, FindingKind, MOST_RULES, Path, RuleBody, Severity};
use model::{Moment, RuleId, SavedRules};

use crate::requests::{Outcome, not_found};
use crate::rules::{Deed, Happening, Rules, World, check};
use crate::{Effect, Engine, Ticket};

impl Engine {
    /// Takes the rules up as they were written down; then Hearth has started.
    pub(crate) fn open_rules(&mut self, saved: SavedRules, now: Moment, out: &mut Vec<Effect>) {
        let (rules, deeds) = Rules::open(saved, &*self, now);
        self.rules = rules;
        self.perform(deeds, now, out);
        self.happened(Happening::Started, now, out);
    }

    /// Tells the rules what happened, and does what they ask for.
    pub(crate) fn happened(&mut self, what: Happening<'_>, now: Moment, out: &mut Vec<Effect>) {
        if self.rules.looks_at(what) {
            self.let_rules(now, out, |rules, world| rules.handle(what, world, now));
        }
    }

    /// Lets the rules do what is due.
    pub(crate) fn rules_timeout(&mut self, now: Moment, out: &mut Vec<Effect>) {
        self.let_rules(now, out, |rules, world| rules.handle_timeout(world, now));
    }

    /// What roles, rooms, groups, people or clocks there are has changed.
    pub(crate) fn rewire_rules(&mut self, now: Moment, out: &mut Vec<Effect>) {
        self.let_rules(now, out, |rules, world| rules.rewire(world, now));
    }

    /// Lets the rules see the home, and does what they ask for.
    pub(crate) fn let_rules(
        &mut self,
        now: Moment,
        out: &mut Vec<Effect>,
        act: impl FnOnce(&mut Rules, &dyn World) -> Vec<Deed>,
    ) {
        let mut rules = std::mem::take(&mut self.rules);
        let deeds = act(&mut rules, &*self);
        self.rules = rules;
        self.perform(deeds, now, out);
    }

    pub(crate) fn perform(&mut self, deeds: Vec<Deed>, now: Moment, out: &mut Vec<Effect>) {
        for deed in deeds {
            match deed {
                Deed::Journal(change) => out.push(Effect::Persist(change)),
                Deed::Publish(update) => out.push(Effect::Publish(update)),
                Deed::Raise(kind) => self.raise(kind, now, out),
                Deed::End(issue) => self.end_issue(&issue, out),
                Deed::Command(_) | Deed::SetVariable(..) | Deed::Notify(_) | Deed::SceneSet(..) => {
                }
            }
        }
    }

    /// A request about rules or the recorded past.
    pub(crate) fn automation(
        &mut self,
        _ticket: Ticket,
        request: Request,
        now: Moment,
        out: &mut Vec<Effect>,
    ) -> Outcome {
        let answer = match request {
            Request::SaveRule { id, body, expects } => self.save_rule(id, *body, expects, now, out),
            Request::EnableRule(rule, enabled) => self.enable_rule(&rule, enabled, now, out),
            Request::RemoveRule(rule) => self.remove_rule(&rule, now, out),
            _ => Err(ApiError::new(ErrorCode::Unsupported, "not yet")),
        };
        answer.map(Some)
    }

    fn save_rule(
        &mut self,
        id: RuleId,
        body: RuleBody,
        expects: u32,
        now: Moment,
        out: &mut Vec<Effect>,
    ) -> Result<Answer, ApiError> {
        let known = self.rules.rule(&id);
        let (version, enabled) = known.map_or((0, true), |it| (it.version, it.enabled));
        if known.is_some_and(|it| it.body == body) {
            return Ok(Answer::Done);
        }
        if version != expects {
            let words = format!("rule `{id}` is at version {version}");
            return Err(ApiError::new(ErrorCode::Outdated(version), words));
        }
        let mut refused = check::check(&id, &body, &*self, &self.rules);
        refused.retain(|it| it.kind.severity() == Severity::Error);
        if version == 0 && self.rules.count() >= MOST_RULES {
            let most = u32::try_from(MOST_RULES).unwrap_or(u32::MAX);
            refused.push(Finding { at: Path::default(), kind: FindingKind::TooMany(most) });
        }
        if !refused.is_empty() {
            let findings = refused.into_iter().map(|it| (0, it)).collect();
            let words = format!("rule `{id}` cannot be saved like this");
            return Err(ApiError::new(ErrorCode::RuleRefused(findings), words));
        }
        self.let_rules(now, out, |rules, world| rules.save(id, body, enabled, world, now));
        Ok(Answer::Done)
    }

    fn enable_rule(
        &mut self,
        id: &RuleId,
        enabled: bool,
        now: Moment,
        out: &mut Vec<Effect>,
    ) -> Result<Answer, ApiError> {
        self.existing_rule(id)?;
        self.let_rules(now, out, |rules, world| rules.enable(id, enabled, world, now));
        Ok(Answer::Done)
    }

    fn remove_rule(
        &mut self,
        id: &RuleId,
        now: Moment,
        out: &mut Vec<Effect>,
    ) -> Result<Answer, ApiError> {
        self.existing_rule(id)?;
        self.let_rules(now, out, |rules, world| rules.remove(id, world, now));
        Ok(Answer::Done)
    }

    fn existing_rule(&self, id: &RuleId) -> Result<(), ApiError> {
        self.rules.rule(id).map(drop).ok_or_else(|| not_found("rule", id))
    }
}

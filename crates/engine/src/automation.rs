//! Between the home and its rules: what happens is told to them, what they ask for is done.

use api::{Answer, ApiError, ErrorCode, Request};
use model::rule::{
    Finding, FindingKind, LARGEST_FILE, MOST_RULES, Path, RuleBody, Severity, TRACES_KEPT,
};
use model::{
    Change, Command, CommandState, FailReason, Moment, NoticeId, RuleId, RunId, SavedRules,
};

use crate::requests::{Outcome, not_found};
use crate::rules::{Deed, Happening, Rules, World, check};
use crate::{Effect, Engine, Inquiry, Ticket};

/// In how many spans the past is told at most.
const MOST_BUCKETS: u16 = 1_000;

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

    /// Does what the rules ask for, in order. What comes of it is told to them later, so nothing
    /// here goes round in itself.
    pub(crate) fn perform(&mut self, deeds: Vec<Deed>, now: Moment, out: &mut Vec<Effect>) {
        let mut rules_changed = false;
        // Shown once all of them are written down, in one piece with what the rules wrote.
        let mut shown = Vec::new();
        for deed in deeds {
            match deed {
                Deed::Journal(change) => {
                    rules_changed |= matches!(change, Change::Rule(_) | Change::RuleGone(_));
                    out.push(Effect::Persist(change));
                }
                Deed::Publish(update) => out.push(Effect::Publish(update)),
                Deed::Raise(kind) => self.raise(kind, now, out),
                Deed::End(issue) => self.end_issue(&issue, out),
                Deed::Command(command) => {
                    out.append(&mut shown);
                    self.order(command, now, out);
                }
                Deed::SetVariable(id, value) => self.set_variable(&id, value, now, out),
                Deed::Notify(notice) => {
                    let mut told = Vec::new();
                    self.notify(*notice, &mut told);
                    let is_shown = |it: &mut Effect| matches!(it, Effect::Notify(_));
                    shown.extend(told.extract_if(.., is_shown));
                    out.append(&mut told);
                }
                // The commands of a scene follow by themselves.
                Deed::SceneSet(..) => {}
            }
        }
        out.append(&mut shown);
        if rules_changed {
            self.listen(out);
        }
    }

    /// Sends a command of a run. One that is not taken has come to its end.
    fn order(&mut self, command: Command, now: Moment, out: &mut Vec<Effect>) {
        let id = command.id.clone();
        if let Err(refused) = self.control(command, now, out) {
            let outcome = CommandState::Failed(FailReason::Refused(refused.message));
            self.note(Happening::Outcome(&id, &outcome));
        }
    }

    /// A request about rules or the recorded past.
    #[expect(clippy::wildcard_enum_match_arm, reason = "only such requests are handed on to here")]
    pub(crate) fn automation(
        &mut self,
        ticket: Ticket,
        request: Request,
        now: Moment,
        out: &mut Vec<Effect>,
    ) -> Outcome {
        match request {
            Request::SaveRule { id, body, expects } => {
                self.save_rule(id, *body, expects, now, out).map(Some)
            }
            Request::EnableRule(rule, enabled) => {
                self.enable_rule(&rule, enabled, now, out).map(Some)
            }
            Request::RemoveRule(rule) => self.remove_rule(&rule, now, out).map(Some),
            Request::RunRule(run, rule) => self.run_rule(run, &rule, now, out).map(Some),
            Request::StopRun(run) => self.stop_run(&run, now, out).map(Some),
            Request::AnswerMissed(run, runs) => self.answer_missed(&run, runs, now, out).map(Some),
            draft @ (Request::Examine(..)
            | Request::Rehearse { .. }
            | Request::ExportRules(_)
            | Request::ImportRules(_)) => self.drafting(ticket, draft, now, out),
            other => self.consult(ticket, other, out).map(|()| None),
        }
    }

    /// A question that somebody else answers: the store, or whoever rehearses.
    #[expect(clippy::wildcard_enum_match_arm, reason = "only such requests are handed on to here")]
    fn consult(
        &mut self,
        ticket: Ticket,
        request: Request,
        out: &mut Vec<Effect>,
    ) -> Result<(), ApiError> {
        let inquiry = match request {
            Request::PastRuns(rule, most) => {
                self.existing_rule(&rule)?;
                let kept = u16::try_from(TRACES_KEPT).unwrap_or(u16::MAX);
                Inquiry::PastRuns(rule, most.clamp(1, kept))
            }
            Request::PastRun(run) => Inquiry::PastRun(run),
            Request::RuleVersions(rule) => {
                self.existing_rule(&rule)?;
                Inquiry::Versions(rule)
            }
            Request::Past { endpoint, what, from, until, buckets } => {
                if from >= until || !(1..=MOST_BUCKETS).contains(&buckets) {
                    let words =
                        "the past is asked for from earlier until later, in 1 to 1,000 spans";
                    return Err(ApiError::new(ErrorCode::Invalid, words));
                }
                Inquiry::Past { endpoint, what, from, until, buckets }
            }
            Request::ReadForeign { format, text, meanings } => {
                if text.len() > LARGEST_FILE {
                    let words = "the file is larger than 4 MiB";
                    let code = ErrorCode::Unreadable(words.to_owned());
                    return Err(ApiError::new(code, words));
                }
                out.push(Effect::ReadForeign(ticket, format, text, meanings));
                return Ok(());
            }
            _ => return Err(ApiError::new(ErrorCode::Unsupported, "this is not offered here")),
        };
        out.push(Effect::Consult(ticket, inquiry));
        Ok(())
    }

    /// A person runs a rule: its steps, whatever its conditions say. Once a run id.
    fn run_rule(
        &mut self,
        run: RunId,
        rule: &RuleId,
        now: Moment,
        out: &mut Vec<Effect>,
    ) -> Result<Answer, ApiError> {
        self.existing_rule(rule)?;
        if self.rules.knows(rule, &run) {
            let words = format!("run `{run}` was asked for before");
            return Err(ApiError::new(ErrorCode::Duplicate, words));
        }
        self.let_rules(now, out, |rules, world| rules.run_by_hand(run, rule, world, now));
        Ok(Answer::Done)
    }

    /// A button under a notice runs a rule. A notice is acted on once.
    pub(crate) fn run_by_notice(
        &mut self,
        notice: &NoticeId,
        rule: &RuleId,
        now: Moment,
        out: &mut Vec<Effect>,
    ) -> Result<Answer, ApiError> {
        self.existing_rule(rule)?;
        self.let_rules(now, out, |rules, world| rules.run_by_notice(notice, rule, world, now));
        Ok(Answer::Done)
    }

    fn stop_run(
        &mut self,
        run: &RunId,
        now: Moment,
        out: &mut Vec<Effect>,
    ) -> Result<Answer, ApiError> {
        if !self.rules.is_running(run) {
            return Err(not_found("run", run));
        }
        self.let_rules(now, out, |rules, world| rules.stop_by_hand(run, world, now));
        Ok(Answer::Done)
    }

    fn answer_missed(
        &mut self,
        run: &RunId,
        runs: bool,
        now: Moment,
        out: &mut Vec<Effect>,
    ) -> Result<Answer, ApiError> {
        if !self.rules.is_asked(run) {
            return Err(not_found("question about the run", run));
        }
        self.let_rules(now, out, |rules, world| rules.answer_missed(run, runs, world, now));
        Ok(Answer::Done)
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

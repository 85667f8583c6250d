//! Drafts and files of rules: looked at, rehearsed, handed out and taken in. A draft changes
//! nothing; a file is taken in as a whole or not at all.

mod file;
mod import;

use api::{Answer, ApiError, ErrorCode, Examined, Request};
use model::rule::{Finding, FindingKind, RuleBody, RuleFile, RuleFileEntry, Severity};
use model::{Moment, RuleId};

use crate::rehearsal::Rehearsing;
use crate::requests::{Outcome, not_found};
use crate::rules::{check, lint, schedule, truth};
use crate::{Effect, Engine, Ticket};

/// How many days a rehearsal goes back.
const DAYS: std::ops::RangeInclusive<u8> = 1..=31;

impl Engine {
    /// A request about a draft or a file of rules.
    pub(crate) fn drafting(
        &mut self,
        ticket: Ticket,
        request: Request,
        now: Moment,
        out: &mut Vec<Effect>,
    ) -> Outcome {
        if let Request::Examine(rule, body) = request {
            let examined = self.examine(rule, &body, now);
            Ok(Some(Answer::Examined(Box::new(examined))))
        } else if let Request::Rehearse { rule, body, days } = request {
            let rehearsing = self.rehearse(rule, *body, days, now)?;
            out.push(Effect::Rehearse(ticket, Box::new(rehearsing)));
            Ok(None)
        } else if let Request::ExportRules(rules) = request {
            self.export(&rules).map(|text| Some(Answer::File(text)))
        } else if let Request::ImportRules(text) = request {
            let added = self.import(&text, now, out)?;
            Ok(Some(Answer::RulesAdded(added)))
        } else {
            Err(ApiError::new(ErrorCode::Unsupported, "this is not about drafts"))
        }
    }

    fn examine(&self, rule: Option<RuleId>, body: &RuleBody, now: Moment) -> Examined {
        let id = self.draft_id(rule);
        let mut findings = check::check(&id, body, self, &self.rules);
        if !is_within_limits(&findings) {
            return Examined { conditions: Vec::new(), findings, next: None };
        }
        findings.extend(lint::lint(&id, body, self, self.rules.neighbours(), now.wall));
        findings.sort_by(|one, other| one.at.cmp(&other.at));
        let judged = |it| truth::judge(it, self, &truth::Unwatched, now.wall);
        let conditions = body.conditions.iter().map(judged).collect();
        let due = |it| schedule::next_after(it, &self.calendar, now.wall).map(|(at, _)| at);
        let next = body.triggers.iter().filter_map(due).min();
        Examined { conditions, findings, next }
    }

    fn rehearse(
        &self,
        rule: Option<RuleId>,
        body: RuleBody,
        days: u8,
        now: Moment,
    ) -> Result<Rehearsing, ApiError> {
        if !DAYS.contains(&days) {
            return Err(ApiError::new(ErrorCode::Invalid, "a rehearsal goes back 1 to 31 days"));
        }
        let id = self.draft_id(rule);
        let findings = check::check(&id, &body, self, &self.rules);
        if !findings.is_empty() {
            let findings = findings.into_iter().map(|it| (0, it)).collect();
            let words = "the draft cannot be rehearsed like this";
            return Err(ApiError::new(ErrorCode::RuleRefused(findings), words));
        }
        Ok(Rehearsing::new(self, id, body, days, now))
    }

    /// The rule that a draft would take the place of, or an id that none has.
    fn draft_id(&self, rule: Option<RuleId>) -> RuleId {
        let is_taken = |id: &RuleId| self.rules.rule(id).is_some();
        rule.unwrap_or_else(|| file::free_id(&RuleId::draft(), &is_taken))
    }

    fn export(&self, ids: &[RuleId]) -> Result<String, ApiError> {
        let chosen: Result<Vec<_>, _> = if ids.is_empty() {
            Ok(self.rules.all().collect())
        } else {
            let chosen = |id| self.rules.rule(id).ok_or_else(|| not_found("rule", id));
            ids.iter().map(chosen).collect()
        };
        let entry = |rule: &model::Rule| RuleFileEntry {
            id: rule.id.clone(),
            enabled: rule.enabled,
            body: rule.body.clone(),
        };
        let rules = chosen?.into_iter().map(entry).collect();
        file::write(&RuleFile { hearth_rules: model::rule::FILE_FORMAT, rules })
    }
}

/// Whether a body is small enough to be looked at closely.
fn is_within_limits(findings: &[Finding]) -> bool {
    !findings.iter().any(|it| matches!(it.kind, FindingKind::TooDeep(_) | FindingKind::TooMany(_)))
}

/// Whether a finding keeps a rule from being saved.
fn is_error(finding: &Finding) -> bool {
    finding.kind.severity() == Severity::Error
}

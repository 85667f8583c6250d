//! Troubles that a person can fix: they come and go with the trouble.

use api::{Answer, ApiError, ErrorCode, Update};
use model::{DeviceId, Issue, IssueAction, IssueId, IssueKind, Moment};

use crate::{Effect, Engine, requests};

impl Engine {
    /// Raises an issue, or updates the one of the same id. A device has one trouble at a time:
    /// what was wrong with it before is over then.
    pub(crate) fn raise(&mut self, kind: IssueKind, now: Moment, out: &mut Vec<Effect>) {
        let id = kind.id();
        if let Some(device) = kind.device() {
            if !self.devices.contains_key(device) {
                return;
            }
            let device = device.clone();
            self.end_issues(out, |it| it.kind.device() == Some(&device) && it.id != id);
        }
        if let Some(known) = self.issues.iter_mut().find(|it| it.id == id) {
            if known.kind != kind {
                known.kind = kind;
                out.push(Effect::Publish(Update::Issue(known.clone())));
            }
            return;
        }
        let issue = Issue { id, since: now.wall, kind };
        self.issues.push(issue.clone());
        out.push(Effect::Publish(Update::Issue(issue)));
    }

    pub(crate) fn clear_issues_of(&mut self, device: &DeviceId, out: &mut Vec<Effect>) {
        self.end_issues(out, |it| it.kind.device() == Some(device));
    }

    pub(crate) fn end_issue(&mut self, id: &IssueId, out: &mut Vec<Effect>) {
        self.end_issues(out, |it| it.id == *id);
    }

    fn end_issues(&mut self, out: &mut Vec<Effect>, is_over: impl Fn(&Issue) -> bool) {
        for issue in self.issues.extract_if(.., |it| is_over(it)) {
            out.push(Effect::Publish(Update::IssueGone(issue.id)));
        }
    }

    pub(crate) fn resolve_issue(
        &mut self,
        id: &IssueId,
        out: &mut Vec<Effect>,
    ) -> Result<Answer, ApiError> {
        let Some(issue) = self.issues.iter().find(|it| it.id == *id) else {
            return Err(requests::not_found("issue", &id.0));
        };
        if let Some(device) = issue.kind.device() {
            out.push(Effect::TryNow(device.clone()));
            return Ok(Answer::Done);
        }
        match issue.kind.action() {
            IssueAction::Dismiss | IssueAction::AddByAddress => self.end_issue(id, out),
            IssueAction::Retry => out.push(Effect::RetryWrites),
            IssueAction::EnterPassphrase | IssueAction::ChoosePassphrase => {
                return Err(ApiError::new(ErrorCode::Invalid, "this needs the passphrase"));
            }
            IssueAction::EnterSecret
            | IssueAction::OpenDevice
            | IssueAction::RunOrLeave
            | IssueAction::OpenRule
            | IssueAction::OpenSettings => {
                let words = "this has to be done elsewhere";
                return Err(ApiError::new(ErrorCode::Invalid, words));
            }
        }
        Ok(Answer::Done)
    }
}

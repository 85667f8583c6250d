//! Notices: what rules tell the people of the home. Each is written down before it is shown, and
//! acted on once.

use api::{Answer, ApiError, ErrorCode, Update};
use model::rule::NoticeAction;
use model::{Change, Moment, NOTICES_KEPT, Notice, NoticeId};

use super::invalid;
use super::scenes::derived;
use crate::requests::not_found;
use crate::{Effect, Engine};

impl Engine {
    /// Tells the people; the oldest notices make room.
    pub(crate) fn notify(&mut self, notice: Notice, out: &mut Vec<Effect>) {
        if self.household.notices.iter().any(|it| it.id == notice.id) {
            return;
        }
        while self.household.notices.len() >= NOTICES_KEPT {
            let oldest = self.household.notices.remove(0);
            forget(oldest.id, out);
        }
        self.household.notices.push(notice.clone());
        out.push(Effect::Persist(Change::Notice(Box::new(notice.clone()))));
        out.push(Effect::Notify(Box::new(notice)));
    }

    fn notice_at(&self, id: &NoticeId) -> Result<usize, ApiError> {
        let at = self.household.notices.iter().position(|it| it.id == *id);
        at.ok_or_else(|| not_found("notice", id))
    }

    pub(super) fn dismiss_notice(
        &mut self,
        id: &NoticeId,
        out: &mut Vec<Effect>,
    ) -> Result<Answer, ApiError> {
        let at = self.notice_at(id)?;
        let notice = self.household.notices.remove(at);
        forget(notice.id, out);
        Ok(Answer::Done)
    }

    /// Does what a button says, once: the press is written down first, and counts whatever comes
    /// of it.
    pub(super) fn press_notice(
        &mut self,
        id: &NoticeId,
        button: u8,
        now: Moment,
        out: &mut Vec<Effect>,
    ) -> Result<Answer, ApiError> {
        let at = self.notice_at(id)?;
        let notice = self.household.notices.get_mut(at).ok_or_else(|| not_found("notice", id))?;
        let Some(pressed) = notice.buttons.get(usize::from(button)).cloned() else {
            return Err(invalid("the notice has no such button"));
        };
        if notice.pressed.is_some() {
            let words = "a button under this notice was pressed before";
            return Err(ApiError::new(ErrorCode::Duplicate, words));
        }
        notice.pressed = Some(button);
        let notice = notice.clone();
        out.push(Effect::Persist(Change::Notice(Box::new(notice.clone()))));
        out.push(Effect::Publish(Update::Notice(Box::new(notice))));
        match pressed.does {
            NoticeAction::RunRule(rule) => self.run_by_notice(id, &rule, now, out),
            NoticeAction::Scene(scene) => {
                self.set_scene(derived(id.as_str(), "n", 0)?, &scene, now, out)
            }
            NoticeAction::Command { to, action } => {
                self.control_all(derived(id.as_str(), "n", 0)?, &to, &action, now, out)
            }
        }
    }
}

fn forget(id: NoticeId, out: &mut Vec<Effect>) {
    out.push(Effect::Persist(Change::NoticeGone(id.clone())));
    out.push(Effect::Publish(Update::NoticeGone(id)));
}

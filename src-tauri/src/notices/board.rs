//! Which notices are to be shown: those that come, never those that were there.

use std::collections::BTreeSet;

use api::Update;
use model::{Notice, NoticeId};

/// Something for the desktop to do.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Deed {
    /// Show this.
    Show(Box<Notice>),
    /// It has been dealt with elsewhere, or is gone.
    Withdraw(NoticeId),
}

/// What is known already.
#[derive(Debug, Default)]
pub(super) struct Board {
    known: BTreeSet<NoticeId>,
    /// Which home they are of: whether it is the simulated one. `None` until the first snapshot.
    of: Option<bool>,
}

impl Board {
    /// Takes an update in.
    pub(super) fn take_in(&mut self, update: Update) -> Vec<Deed> {
        match update {
            Update::Snapshot(home) => self.begin(home.status.sandbox, home.notices),
            Update::Notice(notice) => self.notice(*notice).into_iter().collect(),
            Update::NoticeGone(id) if self.known.remove(&id) => vec![Deed::Withdraw(id)],
            _ => Vec::new(),
        }
    }

    /// The notices of a home that has been entered are not news. Those of a home that was merely
    /// looked at anew are, unless they are known.
    fn begin(&mut self, sandbox: bool, notices: Vec<Notice>) -> Vec<Deed> {
        let is_entered = self.of.replace(sandbox) != Some(sandbox);
        let there: BTreeSet<NoticeId> = notices.iter().map(|it| it.id.clone()).collect();
        let mut deeds: Vec<Deed> =
            self.known.difference(&there).cloned().map(Deed::Withdraw).collect();
        self.known.retain(|it| there.contains(it));
        if is_entered {
            self.known = there;
        } else {
            deeds.extend(notices.into_iter().filter_map(|it| self.notice(it)));
        }
        deeds
    }

    fn notice(&mut self, notice: Notice) -> Option<Deed> {
        let is_new = self.known.insert(notice.id.clone());
        match (is_new, notice.pressed) {
            (true, None) => Some(Deed::Show(notice.into())),
            (true, Some(_)) | (false, None) => None,
            (false, Some(_)) => Some(Deed::Withdraw(notice.id)),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use api::{HomeView, HubStatus};
    use model::Timestamp;
    use model::rule::{NoticeAction, NoticeButton};

    use super::*;

    pub(crate) fn notice(id: &str) -> Notice {
        Notice {
            id: id.parse().unwrap(),
            at: Timestamp(1),
            rule: "washing".parse().unwrap(),
            run: "run-1".parse().unwrap(),
            title: "The washing is done".to_owned(),
            body: "1 < 2 & more".to_owned(),
            buttons: vec![NoticeButton {
                label: "Light in the cellar".to_owned(),
                does: NoticeAction::Scene("cellar".parse().unwrap()),
            }],
            pressed: None,
        }
    }

    pub(crate) fn snapshot(sandbox: bool, notices: Vec<Notice>) -> Update {
        let status = HubStatus { sandbox, ..HubStatus::idle() };
        Update::Snapshot(Box::new(HomeView { notices, ..HomeView::empty(status) }))
    }

    pub(crate) fn news(id: &str) -> Update {
        Update::Notice(Box::new(notice(id)))
    }

    fn shown(deeds: &[Deed]) -> Vec<&str> {
        let ids = deeds.iter().filter_map(|it| match it {
            Deed::Show(notice) => Some(notice.id.as_str()),
            Deed::Withdraw(_) => None,
        });
        ids.collect()
    }

    #[test]
    fn what_was_there_is_not_shown_and_what_comes_is_shown_once() {
        let mut board = Board::default();
        assert_eq!(board.take_in(snapshot(false, vec![notice("old")])), []);
        assert_eq!(board.take_in(news("old")), []);
        assert_eq!(shown(&board.take_in(news("new"))), ["new"]);
        assert_eq!(board.take_in(news("new")), []);
    }

    #[test]
    fn what_was_dealt_with_elsewhere_is_withdrawn_and_never_shown() {
        let mut board = Board::default();
        board.take_in(snapshot(false, vec![]));
        let pressed = |id| Update::Notice(Box::new(Notice { pressed: Some(0), ..notice(id) }));
        board.take_in(news("a"));
        assert_eq!(board.take_in(pressed("a")), [Deed::Withdraw("a".parse().unwrap())]);
        assert_eq!(board.take_in(pressed("b")), []);
        board.take_in(news("c"));
        let gone = Update::NoticeGone("c".parse().unwrap());
        assert_eq!(board.take_in(gone.clone()), [Deed::Withdraw("c".parse().unwrap())]);
        assert_eq!(board.take_in(gone), []);
    }

    #[test]
    fn who_was_too_slow_for_the_news_shows_what_it_missed() {
        let mut board = Board::default();
        board.take_in(snapshot(false, vec![notice("a")]));
        let deeds = board.take_in(snapshot(false, vec![notice("b")]));
        assert_eq!(deeds[0], Deed::Withdraw("a".parse().unwrap()));
        assert_eq!(shown(&deeds), ["b"]);
    }

    #[test]
    fn the_notices_of_another_home_are_not_news() {
        let mut board = Board::default();
        board.take_in(snapshot(false, vec![notice("a")]));
        assert_eq!(shown(&board.take_in(snapshot(true, vec![notice("b")]))), [""; 0]);
        assert_eq!(shown(&board.take_in(snapshot(false, vec![notice("a")]))), [""; 0]);
    }
}

//! What is done with rules from more than one page, each with a way back.

use api::Request;
use leptos::prelude::Update as _;
use model::RuleId;

use crate::i18n::t;
use crate::sentence::apart;
use crate::state::Session;

/// Takes a rule away, with time to think again.
pub fn delete(session: Session, id: RuleId, name: &str) {
    session.going.update(|it| {
        it.insert(id.to_string());
    });
    let stay = {
        let id = id.clone();
        move || {
            session.going.update(|it| {
                it.remove(id.as_str());
            });
        }
    };
    let go = {
        let stay = stay.clone();
        move || {
            session.send_or(Request::RemoveRule(id.clone()), || {});
            stay();
        }
    };
    session.toasts.offer_undo(t().automation_deleted(&apart(name)), go, stay);
}

/// Lets a rule run by itself, or no longer: that can be undone.
pub fn enable(session: Session, id: RuleId, name: &str, on: bool) {
    session.send(Request::EnableRule(id.clone(), on));
    if !on {
        let undo = move || session.send(Request::EnableRule(id.clone(), true));
        session.toasts.offer_undo(t().automation_disabled(&apart(name)), || {}, undo);
    }
}

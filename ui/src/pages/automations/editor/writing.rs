//! A rule while it is being written: the draft, what was saved, what is open, what the hub says.

use std::time::Duration;

use api::{Answer, ErrorCode, Examined, Request};
use leptos::prelude::*;
use model::rule::{Finding, Path, PathPart, RuleBody};
use model::{HookId, RuleId};
use wasm_bindgen_futures::spawn_local;

use super::super::draft::{self, BlockKind, Desk, Edit, History, Part, Phrase};
use crate::bridge::random_hex;
use crate::components::{Spoken, use_spoken};
use crate::i18n::t;
use crate::route::{Route, Router};
use crate::sentence::Words;
use crate::state::{Session, use_session};

/// So long after the last change the draft is looked at.
const SETTLED: Duration = Duration::from_millis(200);
/// So often it is looked at anew while nothing changes: the home does.
const AGAIN: Duration = Duration::from_secs(2);

/// What is opened in the editor: one thing at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Open {
    /// Nothing.
    Nothing,
    /// The phrase at that place.
    Phrase(Path),
    /// A new phrase in that list.
    Adder(Path, BlockKind),
}

/// A rule while it is being written: a handle.
#[derive(Clone, Copy)]
pub struct Writing {
    /// Which.
    pub id: StoredValue<RuleId>,
    /// What it says now.
    pub body: RwSignal<RuleBody>,
    /// The version that the draft began with, 0 for none, and what that said.
    pub saved: RwSignal<(u32, Option<RuleBody>)>,
    /// The way back.
    pub history: RwSignal<History>,
    /// What is opened.
    pub open: RwSignal<Open>,
    /// What the hub says of the draft.
    pub examined: RwSignal<Option<Examined>>,
    /// Somebody else has saved it meanwhile.
    pub outdated: RwSignal<bool>,
    /// It is being saved.
    pub saving: RwSignal<bool>,
    /// The draft differs from what was saved.
    pub dirty: Memo<bool>,
    /// What things are called.
    pub spoken: Spoken,
    forgotten: StoredValue<bool>,
    session: Session,
    router: Router,
    hook: StoredValue<Option<HookId>>,
}

impl Writing {
    /// Begins with that wording; `version` 0 is a rule that is not saved yet.
    pub fn start(id: RuleId, version: u32, saved: Option<RuleBody>, body: RuleBody) -> Self {
        let body = RwSignal::new(body);
        let saved = RwSignal::new((version, saved));
        let dirty = Memo::new(move |_| {
            body.with(|body| saved.with(|(_, saved)| saved.as_ref() != Some(body)))
        });
        let writing = Self {
            id: StoredValue::new(id),
            body,
            saved,
            history: RwSignal::new(History::new()),
            open: RwSignal::new(Open::Nothing),
            examined: RwSignal::new(None),
            outdated: RwSignal::new(false),
            saving: RwSignal::new(false),
            dirty,
            spoken: use_spoken(),
            forgotten: StoredValue::new(false),
            session: use_session(),
            router: expect_context(),
            hook: StoredValue::new(random_hex().and_then(|it| it.parse().ok())),
        };
        writing.look();
        writing.follow();
        writing
    }

    /// Whether something would be lost if one left now. What was never more than the page that one
    /// began with is not worth a question.
    pub fn holds(self) -> bool {
        let forgotten = self.forgotten.try_get_value().unwrap_or(true);
        let dirty = self.dirty.try_get_untracked().unwrap_or(false);
        let changed = self.history.try_with_untracked(History::can_undo).unwrap_or(false);
        !forgotten && dirty && changed
    }

    /// What was changed may be lost.
    pub fn forget(self) {
        self.forgotten.set_value(true);
    }

    /// Changes the draft. Changes of the same `what` in a row are undone together.
    pub fn change(self, what: &str, edit: impl FnOnce(&mut RuleBody)) {
        let before = self.body.get_untracked();
        let mut after = before.clone();
        edit(&mut after);
        if after != before {
            self.history.update(|it| it.note(&before, what));
            self.body.set(after);
        }
    }

    /// Puts a phrase at a place.
    pub fn put(self, path: &Path, key: &str, phrase: Phrase) {
        let what = format!("{path:?} {key}");
        self.change(&what, |body| draft::edit(body, path, Edit::Put(phrase)));
    }

    /// Puts a phrase at the end of a list and opens it.
    pub fn add(self, list: &Path, kind: BlockKind, phrase: Phrase) {
        let at = self.body.with_untracked(|it| draft::list_len(it, list, kind));
        let path = list.then(part_of(kind, at));
        self.change("", |body| draft::edit(body, &path, Edit::Insert(phrase)));
        self.open.set(Open::Phrase(path));
    }

    /// Moves a phrase, and what is open goes along.
    pub fn shift(self, path: &Path, up: bool) {
        let Some((last, list)) = path.0.split_last() else { return };
        let (at, make): (u16, fn(u16) -> PathPart) = match *last {
            PathPart::Trigger(at) => (at, PathPart::Trigger),
            PathPart::Condition(at) => (at, PathPart::Condition),
            PathPart::Step(at) => (at, PathPart::Step),
            _ => return,
        };
        let list = Path(list.to_vec());
        let before = self.body.get_untracked();
        self.change("", |body| draft::edit(body, path, Edit::Shift(up)));
        if self.body.with_untracked(|it| *it != before) {
            let to = list.then(make(if up { at.saturating_sub(1) } else { at + 1 }));
            let was_open = self.open.get_untracked() == Open::Phrase(path.clone());
            if was_open {
                self.open.set(Open::Phrase(to.clone()));
            }
            focus(&chip_id(&to));
        }
    }

    /// Takes a phrase out; the focus goes to where one can go on.
    pub fn remove(self, path: &Path, kind: BlockKind) {
        self.open.set(Open::Nothing);
        self.change("", |body| draft::edit(body, path, Edit::Remove));
        let list = Path(path.0.iter().take(path.0.len().saturating_sub(1)).copied().collect());
        focus(&adder_id(&list, kind));
    }

    /// Puts the same phrase behind it once more.
    pub fn duplicate(self, path: &Path, phrase: Phrase) {
        self.change("", |body| draft::edit(body, path, Edit::Insert(phrase)));
        self.shift_open(path);
    }

    fn shift_open(self, path: &Path) {
        if let Some((PathPart::Step(at) | PathPart::Trigger(at) | PathPart::Condition(at), list)) =
            path.0.split_last().map(|(last, list)| (*last, list))
        {
            let make: fn(u16) -> PathPart = match path.0.last() {
                Some(PathPart::Trigger(_)) => PathPart::Trigger,
                Some(PathPart::Condition(_)) => PathPart::Condition,
                _ => PathPart::Step,
            };
            self.open.set(Open::Phrase(Path(list.to_vec()).then(make(at + 1))));
        }
    }

    /// One step back.
    pub fn undo(self) {
        self.travel(History::undo);
    }

    /// One step forth again.
    pub fn redo(self) {
        self.travel(History::redo);
    }

    fn travel(self, step: fn(&mut History, &RuleBody) -> Option<RuleBody>) {
        let now = self.body.get_untracked();
        let to = self.history.try_update(|it| step(it, &now)).flatten();
        if let Some(body) = to {
            self.open.set(Open::Nothing);
            self.body.set(body);
        }
    }

    /// Says something of the draft; tracked.
    pub fn say<T>(self, speak: impl FnOnce(Words<'_>) -> T) -> T {
        self.spoken.say_at(self.session.exact_now(), speak)
    }

    /// All that is needed to talk about the draft; tracked.
    pub fn desk<T>(self, ask: impl FnOnce(Desk<'_>) -> T) -> T {
        let webhooks = self.session.home.status.with(|it| it.webhooks.clone());
        let hook = self.hook.get_value();
        self.say(|words| ask(Desk { words, webhooks: &webhooks, hook: hook.as_ref() }))
    }

    /// Has the draft looked at after each change, and every two seconds while it is open.
    fn look(self) {
        let waiting = StoredValue::new(None::<TimeoutHandle>);
        Effect::new(move || {
            self.body.track();
            if let Some(waits) = waiting.try_update_value(Option::take).flatten() {
                waits.clear();
            }
            let soon = set_timeout_with_handle(move || self.examine(), SETTLED).ok();
            waiting.set_value(soon);
        });
        let again = set_interval_with_handle(move || self.examine(), AGAIN).ok();
        on_cleanup(move || {
            if let Some(again) = again {
                again.clear();
            }
            if let Some(waits) = waiting.try_update_value(Option::take).flatten() {
                waits.clear();
            }
        });
    }

    fn examine(self) {
        let Some(body) = self.body.try_get_untracked() else { return };
        let visible = !document().hidden();
        if !self.session.link.get_untracked().is_up() || !visible {
            return;
        }
        let is_saved = self.saved.with_untracked(|(version, _)| *version > 0);
        let id = is_saved.then(|| self.id.get_value());
        spawn_local(async move {
            let asked = Request::Examine(id, Box::new(body.clone()));
            if let Ok(Answer::Examined(examined)) = self.session.request(asked).await {
                // Of a draft that has changed meanwhile nobody wants to know.
                if self.body.try_get_untracked().as_ref() == Some(&body) {
                    self.examined.try_set(Some(*examined));
                }
            }
        });
    }

    /// Takes over what others save, while nothing is changed here.
    fn follow(self) {
        let rules = self.session.home.rules;
        Effect::new(move || {
            let Some(view) = rules.get(&self.id.get_value()) else { return };
            let (version, saved) = self.saved.get_untracked();
            let (theirs, body) = (view.rule.version, view.rule.body.clone());
            if theirs <= version || self.saving.get_untracked() {
                return;
            }
            if self.body.with_untracked(|it| saved.as_ref() == Some(it)) {
                self.body.set(body.clone());
                self.saved.set((theirs, Some(body)));
            } else {
                self.outdated.set(true);
            }
        });
    }

    /// Takes what others have saved, and gives up what was changed here; that can be undone.
    pub fn load_theirs(self) {
        let Some(view) = self.session.home.rules.get(&self.id.get_value()) else { return };
        let body = view.rule.body.clone();
        self.open.set(Open::Nothing);
        self.change("", |it| it.clone_from(&body));
        self.saved.set((view.rule.version, Some(body)));
        self.outdated.set(false);
    }

    /// Saves over what others have saved.
    pub fn save_over(self) {
        if let Some(view) = self.session.home.rules.get(&self.id.get_value()) {
            self.saved.update(|it| it.0 = view.rule.version);
        }
        self.outdated.set(false);
        self.save();
    }

    /// Saves the draft.
    pub fn save(self) {
        if self.saving.get_untracked() {
            return;
        }
        self.saving.set(true);
        let (id, body) = (self.id.get_value(), self.body.get_untracked());
        let expects = self.saved.get_untracked().0;
        spawn_local(async move {
            let request =
                Request::SaveRule { id: id.clone(), body: Box::new(body.clone()), expects };
            let answer = self.session.request(request).await;
            self.saving.try_set(false);
            match answer {
                Ok(_) => self.is_saved(id, body, expects),
                Err(error) => self.is_refused(&error.code),
            }
        });
    }

    fn is_saved(self, id: RuleId, body: RuleBody, expects: u32) {
        let name = crate::sentence::apart(body.name.as_str());
        self.saved.try_set((expects + 1, Some(body)));
        self.session.toasts.tell(untrack(|| t().automation_saved(&name)));
        if expects == 0 {
            self.settle_at(id, 120);
        }
    }

    /// Goes to the page of the new rule once the hub has told of it: before, there is none.
    fn settle_at(self, id: RuleId, frames: u8) {
        if frames == 0 || untrack(|| self.session.home.rules.has(&id)) {
            self.router.go(Route::Automation(id));
        } else {
            request_animation_frame(move || self.settle_at(id, frames - 1));
        }
    }

    fn is_refused(self, code: &ErrorCode) {
        match code {
            ErrorCode::RuleRefused(findings) => {
                let all: Vec<Finding> = findings.iter().map(|(_, it)| it.clone()).collect();
                let place = all.first().map(|it| it.at.clone());
                self.examined.try_update(|it| match it {
                    Some(it) => it.findings = all,
                    None => {
                        *it = Some(Examined { conditions: Vec::new(), findings: all, next: None });
                    }
                });
                if let Some(place) = place.filter(|it| !it.0.is_empty()) {
                    focus(&chip_id(&place));
                }
            }
            ErrorCode::Outdated(_) => {
                self.outdated.try_set(true);
            }
            _ => {}
        }
        self.session.toasts.tell(untrack(|| t().error(code)));
    }
}

/// The part of a path that names the phrase at that place of a list.
pub fn part_of(kind: BlockKind, at: usize) -> PathPart {
    let at = u16::try_from(at).unwrap_or(u16::MAX);
    match kind {
        BlockKind::Triggers => PathPart::Trigger(at),
        BlockKind::Conditions => PathPart::Condition(at),
        BlockKind::Steps => PathPart::Step(at),
        BlockKind::Asks => PathPart::Asks,
    }
}

/// The part of the rule to which a kind of phrase belongs.
pub fn part(kind: BlockKind) -> Part {
    match kind {
        BlockKind::Triggers => Part::When,
        BlockKind::Conditions | BlockKind::Asks => Part::OnlyIf,
        BlockKind::Steps => Part::Then,
    }
}

/// The id of the chip of a phrase.
pub fn chip_id(path: &Path) -> String {
    format!("chip{}", key_of(path))
}

/// The id of the button that adds to a list.
pub fn adder_id(list: &Path, kind: BlockKind) -> String {
    let kind = match kind {
        BlockKind::Triggers => "trigger",
        BlockKind::Conditions => "condition",
        BlockKind::Steps => "step",
        BlockKind::Asks => "asks",
    };
    format!("add-{kind}{}", key_of(list))
}

/// A place as part of an id.
pub fn key_of(path: &Path) -> String {
    let mut key = String::new();
    for part in &path.0 {
        match part {
            PathPart::Trigger(at) => key.push_str(&format!("-t{at}")),
            PathPart::Condition(at) => key.push_str(&format!("-c{at}")),
            PathPart::Step(at) => key.push_str(&format!("-s{at}")),
            PathPart::Asks => key.push_str("-asks"),
            PathPart::Then => key.push_str("-then"),
            PathPart::Otherwise => key.push_str("-else"),
        }
    }
    key
}

/// Gives the focus to what has that id, once it is there.
pub fn focus(id: &str) {
    let id = id.to_owned();
    request_animation_frame(move || focus_now(&format!("#{id}")));
}

/// Gives the focus to the first control inside of what has that id, once it is there.
pub fn focus_inside(id: &str) {
    let controls = ["input", "select", "textarea", "button"];
    let selector = controls.map(|it| format!("#{id} {it}:not([disabled])")).join(", ");
    request_animation_frame(move || focus_now(&selector));
}

fn focus_now(selector: &str) {
    use wasm_bindgen::JsCast as _;
    let found = document().query_selector(selector).ok().flatten();
    if let Some(element) = found.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok()) {
        drop(element.focus());
    }
}

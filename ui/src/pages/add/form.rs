//! The form that takes a device into the home: its name, its room, its password where it wants one.

use std::time::Duration;

use api::{AddTarget, Answer, ErrorCode, Request};
use leptos::prelude::*;
use model::{DeviceId, RoomId, Secret};
use wasm_bindgen_futures::spawn_local;

use crate::components::{Field, NewRoom, RoomSelect, SecretField, SecretsTarget};
use crate::i18n::t;
use crate::pages::device::wanted_name;
use crate::state::{Session, use_session};

/// How often it is looked whether a device that was added is there, and after how long again.
const TRIES: u32 = 20;
const SOON: Duration = Duration::from_millis(50);

/// Where the form stands.
#[derive(Clone, Copy)]
pub(super) struct Attempt {
    /// The device is being asked.
    pub busy: RwSignal<bool>,
    /// Why it could not be added.
    pub error: RwSignal<Option<ErrorCode>>,
    /// It wants a password or key.
    pub wants_secret: RwSignal<bool>,
}

impl Attempt {
    pub(super) fn new(wants_secret: bool) -> Self {
        Self {
            busy: RwSignal::new(false),
            error: RwSignal::new(None),
            wants_secret: RwSignal::new(wants_secret),
        }
    }

    /// An answer that is about the password belongs to its field.
    fn is_about_secret(self) -> bool {
        matches!(self.error.get(), Some(ErrorCode::NeedsSecret | ErrorCode::WrongSecret))
    }

    fn fail(self, code: ErrorCode) {
        if matches!(code, ErrorCode::NeedsSecret | ErrorCode::WrongSecret) {
            self.wants_secret.set(true);
        }
        self.error.set(Some(code));
    }
}

/// The form for a device that is known by name.
#[component]
pub(super) fn AddForm(
    /// Which device.
    target: AddTarget,
    /// What it calls itself.
    name: String,
    /// It says that it wants a password or key.
    wants_secret: bool,
    /// It is in the home now.
    #[prop(into)]
    on_added: Callback<DeviceId>,
) -> impl IntoView {
    let attempt = Attempt::new(wants_secret);
    let target = Callback::new(move |()| Some(target.clone()));
    view! { <AddFields target attempt suggested=name on_added /> }
}

/// What was typed and chosen.
#[derive(Clone, Copy)]
struct Typed {
    name: RwSignal<String>,
    name_error: RwSignal<String>,
    room: RwSignal<Option<RoomId>>,
    secret: RwSignal<String>,
}

impl Typed {
    fn new(name: String) -> Self {
        Self {
            name: RwSignal::new(name),
            name_error: RwSignal::default(),
            room: RwSignal::new(None),
            secret: RwSignal::default(),
        }
    }

    /// The request that was typed, if it makes sense.
    fn request(self, target: Callback<(), Option<AddTarget>>) -> Option<Request> {
        let name = wanted_name(&self.name.read_untracked());
        self.name_error.set(name.as_ref().map_or_else(|_| t().name_wrong(), |_| String::new()));
        let (target, name) = (target.run(())?, name.ok()?);
        let secret = self.secret.get_untracked();
        let secret = (!secret.is_empty()).then(|| Secret::new(secret));
        Some(Request::Add { target, secret, name, room: self.room.get_untracked() })
    }
}

/// What happens when the form is sent off.
fn submission(
    typed: Typed,
    target: Callback<(), Option<AddTarget>>,
    attempt: Attempt,
    on_added: Callback<DeviceId>,
) -> impl Fn(leptos::ev::SubmitEvent) + 'static {
    let session = use_session();
    let secrets = expect_context::<SecretsTarget>();
    move |event| {
        event.prevent_default();
        let Some(request) = typed.request(target) else { return };
        attempt.error.set(None);
        attempt.busy.set(true);
        spawn_local(async move {
            let answer = session.request(request).await;
            attempt.busy.set(false);
            match answer {
                Ok(Answer::Added(id)) => {
                    tell_added(session, id.clone(), TRIES);
                    // The card of a found device has gone by then, and its form with it.
                    on_added.try_run(id);
                }
                // No other answer belongs to this question.
                Ok(_) => {}
                Err(error) => {
                    if error.code == ErrorCode::SecretsLocked {
                        secrets.open_vault(session.home.status.get_untracked().vault);
                    }
                    attempt.fail(error.code);
                }
            }
        });
    }
}

/// Says that it is in the home, by its name. The answer may be here a moment before the device.
fn tell_added(session: Session, id: DeviceId, tries: u32) {
    if tries > 0 && untrack(|| session.home.device(&id)).is_none() {
        return set_timeout(move || tell_added(session, id, tries - 1), SOON);
    }
    session.toasts.tell(t().was_added(&untrack(|| session.home.device_name(&id))));
}

/// Name, room and password, and the button; `target` is asked for when it is pressed, and gives
/// none when what was typed is no target (it says so itself).
#[component]
pub(super) fn AddFields(
    target: Callback<(), Option<AddTarget>>,
    attempt: Attempt,
    /// The name to start with.
    #[prop(optional)]
    suggested: String,
    #[prop(into)] on_added: Callback<DeviceId>,
    /// Fields that come first.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let typed = Typed::new(suggested);
    let submit = submission(typed, target, attempt, on_added);
    let secret_error = Signal::derive(move || match attempt.error.get() {
        Some(code) if attempt.is_about_secret() => t().error(&code),
        _ => String::new(),
    });
    let failure = move || match attempt.error.get() {
        Some(code) if !attempt.is_about_secret() => Some(t().error(&code)),
        _ => None,
    };
    let words = move || if attempt.busy.get() { t().asking() } else { t().add_to_home() };
    view! {
        <form class="add-form" on:submit=submit>
            {children.map(|it| it())}
            <Field
                label=Signal::derive(|| t().name())
                hint=Signal::derive(|| t().own_name_hint())
                value=typed.name
                error=typed.name_error
            />
            <RoomSelect
                label=Signal::derive(|| t().room())
                room=typed.room
                on_choose=Callback::new(move |it| typed.room.set(it))
            />
            <NewRoom on_made=Callback::new(move |it| typed.room.set(Some(it))) />
            <Show when=move || attempt.wants_secret.get()>
                <SecretField
                    label=Signal::derive(|| t().secret_label())
                    hint=Signal::derive(|| t().secret_where())
                    value=typed.secret
                    error=secret_error
                />
            </Show>
            <div role="alert">
                {move || failure().map(|it| view! { <p class="form-error">{it}</p> })}
            </div>
            <div class="dialog-actions">
                <button
                    type="submit"
                    class="button primary"
                    disabled=attempt.busy
                    aria-busy=move || attempt.busy.get().to_string()
                >
                    {words}
                </button>
            </div>
        </form>
    }
}

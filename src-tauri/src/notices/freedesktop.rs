//! Linux desktops: `org.freedesktop.Notifications` on the session bus (Desktop Notifications
//! Specification 1.2).

use std::collections::{BTreeMap, HashMap};

use futures_util::StreamExt as _;
use model::{Notice, NoticeId};
use zbus::zvariant::Value;
use zbus::{Connection, Result, proxy};

use super::Touched;

/// Begins the key of a button; its number follows.
const BUTTON: &str = "button-";
/// The key of a touch of the notification itself, as the specification has it.
const ITSELF: &str = "default";
/// The desktop decides how long it is shown.
const AS_USUAL: i32 = -1;

#[proxy(
    interface = "org.freedesktop.Notifications",
    default_service = "org.freedesktop.Notifications",
    default_path = "/org/freedesktop/Notifications",
    gen_blocking = false
)]
trait Notifications {
    #[expect(clippy::too_many_arguments, reason = "as specified")]
    fn notify(
        &self,
        app_name: &str,
        replaces_id: u32,
        app_icon: &str,
        summary: &str,
        body: &str,
        actions: &[&str],
        hints: HashMap<&str, Value<'_>>,
        expire_timeout: i32,
    ) -> Result<u32>;
    fn close_notification(&self, id: u32) -> Result<()>;
    fn get_capabilities(&self) -> Result<Vec<String>>;
    #[zbus(signal)]
    fn action_invoked(&self, id: u32, action_key: String) -> Result<()>;
    #[zbus(signal)]
    fn notification_closed(&self, id: u32, reason: u32) -> Result<()>;
}

/// The desktop.
pub(super) struct Desk {
    desktop: NotificationsProxy<'static>,
    actions: ActionInvokedStream,
    closings: NotificationClosedStream,
    /// What the desktop can do: asked for with the first notice, because a desktop starts what
    /// shows notifications only then.
    capabilities: Option<Vec<String>>,
    /// What is shown, by the desktop's numbers.
    shown: BTreeMap<u32, NoticeId>,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Desk").field("shown", &self.shown).finish_non_exhaustive()
    }
}

impl Desk {
    /// The desktop of whoever runs this.
    pub(super) async fn connect() -> Result<Self> {
        Self::on(&Connection::session().await?).await
    }

    async fn on(connection: &Connection) -> Result<Self> {
        let desktop = NotificationsProxy::new(connection).await?;
        let actions = desktop.receive_action_invoked().await?;
        let closings = desktop.receive_notification_closed().await?;
        let (capabilities, shown) = (None, BTreeMap::new());
        Ok(Self { desktop, actions, closings, capabilities, shown })
    }

    /// Shows it, with its buttons where the desktop shows buttons.
    pub(super) async fn show(&mut self, notice: &Notice) -> Result<()> {
        let can = match &mut self.capabilities {
            Some(capabilities) => capabilities,
            none => none.insert(self.desktop.get_capabilities().await?),
        };
        let can = |what: &str| can.iter().any(|it| it == what);
        let keys: Vec<String> =
            (0..notice.buttons.len()).map(|number| format!("{BUTTON}{number}")).collect();
        let mut actions = Vec::new();
        if can("actions") {
            actions.extend([ITSELF, "Hearth"]);
            for (key, button) in keys.iter().zip(&notice.buttons) {
                actions.extend([key.as_str(), button.label.as_str()]);
            }
        }
        // The body may hold markup for the desktop, and is plain text for us.
        let body = if can("body-markup") { escape(&notice.body) } else { notice.body.clone() };
        let hints = HashMap::from([("desktop-entry", Value::from("hearth"))]);
        let shown = self
            .desktop
            .notify("Hearth", 0, "hearth", &notice.title, &body, &actions, hints, AS_USUAL)
            .await?;
        self.shown.insert(shown, notice.id.clone());
        Ok(())
    }

    /// Takes it off the screen, if it is there.
    pub(super) async fn withdraw(&mut self, notice: &NoticeId) -> Result<()> {
        let shown = self.shown.iter().find(|(_, it)| *it == notice).map(|(number, _)| *number);
        let Some(number) = shown else { return Ok(()) };
        self.shown.remove(&number);
        self.desktop.close_notification(number).await
    }

    /// Waits until somebody does something with one of ours. Dropping the future loses nothing.
    pub(super) async fn touched(&mut self) -> Touched {
        loop {
            tokio::select! {
                biased;
                Some(action) = self.actions.next() => {
                    let Ok(action) = action.args() else { continue };
                    let Some(notice) = self.shown.get(&action.id) else { continue };
                    if action.action_key == ITSELF {
                        return Touched::Itself;
                    }
                    let button = action.action_key.strip_prefix(BUTTON);
                    if let Some(button) = button.and_then(|it| it.parse().ok()) {
                        return Touched::Button(notice.clone(), button);
                    }
                }
                Some(closed) = self.closings.next() => {
                    if let Ok(closed) = closed.args() {
                        self.shown.remove(&closed.id);
                    }
                }
                else => return std::future::pending().await,
            }
        }
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader};
    use std::process::{Child, Command, Stdio};
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    use api::{Batch, Update};
    use futures_util::stream;
    use model::Timestamp;
    use tokio::sync::mpsc;
    use tokio::time::timeout;
    use zbus::connection::Builder;
    use zbus::interface;
    use zbus::object_server::SignalEmitter;
    use zbus::zvariant::OwnedValue;

    use super::super::board::tests::{news, snapshot};
    use super::super::run;
    use super::*;

    const SOON: Duration = Duration::from_secs(20);

    /// A session bus of its own. Gone when dropped.
    struct Bus {
        daemon: Child,
        address: String,
    }

    impl Bus {
        #[expect(clippy::unwrap_in_result, reason = "a test; no bus at all is no failure")]
        fn start() -> Option<Self> {
            let started = Command::new("dbus-daemon")
                .args(["--session", "--nofork", "--print-address=1"])
                .args(["--address=unix:tmpdir=/tmp"])
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn();
            let Ok(mut daemon) = started else {
                eprintln!("SKIPPED: there is no dbus-daemon here");
                return None;
            };
            let mut address = String::new();
            let mut out = BufReader::new(daemon.stdout.take().unwrap());
            out.read_line(&mut address).unwrap();
            Some(Self { daemon, address: address.trim().to_owned() })
        }

        async fn connect(&self) -> Connection {
            Builder::address(self.address.as_str()).unwrap().build().await.unwrap()
        }
    }

    impl Drop for Bus {
        fn drop(&mut self) {
            drop((self.daemon.kill(), self.daemon.wait()));
        }
    }

    /// What was shown: number, title, body, actions.
    type Shown = (u32, String, String, Vec<String>);
    /// What was shown, or the number of what was taken away.
    type Seen = std::result::Result<Shown, u32>;

    /// A desktop that shows notifications to the test.
    struct Screen {
        capabilities: Vec<String>,
        shown: Arc<Mutex<u32>>,
        out: mpsc::UnboundedSender<Seen>,
    }

    #[interface(name = "org.freedesktop.Notifications")]
    impl Screen {
        #[expect(clippy::too_many_arguments, reason = "as specified")]
        fn notify(
            &self,
            _app_name: String,
            _replaces_id: u32,
            _app_icon: String,
            summary: String,
            body: String,
            actions: Vec<String>,
            _hints: HashMap<String, OwnedValue>,
            _expire_timeout: i32,
        ) -> u32 {
            let mut number = self.shown.lock().unwrap();
            *number += 1;
            self.out.send(Ok((*number, summary, body, actions))).unwrap();
            *number
        }

        fn close_notification(&self, id: u32) {
            self.out.send(Err(id)).unwrap();
        }

        fn get_capabilities(&self) -> Vec<String> {
            self.capabilities.clone()
        }

        #[zbus(signal)]
        async fn action_invoked(
            emitter: &SignalEmitter<'_>,
            id: u32,
            action_key: &str,
        ) -> Result<()>;

        #[zbus(signal)]
        async fn notification_closed(
            emitter: &SignalEmitter<'_>,
            id: u32,
            reason: u32,
        ) -> Result<()>;
    }

    struct Rig {
        bus: Bus,
        screen: Connection,
        shown: mpsc::UnboundedReceiver<Seen>,
    }

    impl Rig {
        async fn with(capabilities: &[&str]) -> Option<Self> {
            let bus = Bus::start()?;
            let (out, shown) = mpsc::unbounded_channel();
            let capabilities = capabilities.iter().map(|it| (*it).to_owned()).collect();
            let screen = Screen { capabilities, shown: Arc::default(), out };
            let screen = Builder::address(bus.address.as_str())
                .unwrap()
                .name("org.freedesktop.Notifications")
                .unwrap()
                .serve_at("/org/freedesktop/Notifications", screen)
                .unwrap()
                .build()
                .await
                .unwrap();
            Some(Self { bus, screen, shown })
        }

        async fn touch(&self, number: u32, key: &str) {
            let path = "/org/freedesktop/Notifications";
            let emitter = SignalEmitter::new(&self.screen, path).unwrap();
            Screen::action_invoked(&emitter, number, key).await.unwrap();
        }

        async fn next(&mut self) -> Seen {
            timeout(SOON, self.shown.recv()).await.expect("something in time").unwrap()
        }

        /// A window that is told these updates, and says what is touched.
        async fn window(
            &self,
        ) -> (mpsc::UnboundedSender<Update>, mpsc::UnboundedReceiver<Touched>) {
            let (updates, told) = mpsc::unbounded_channel();
            let (out, touched) = mpsc::unbounded_channel();
            let desk = Desk::on(&self.bus.connect().await).await.unwrap();
            let batches = stream::unfold(told, |mut told| async {
                let update: Update = told.recv().await?;
                Some((Batch { first: 0, now: Timestamp(0), updates: vec![update] }, told))
            });
            tokio_util::task::TaskTracker::new().spawn(run(batches, desk, move |it| {
                out.send(it).unwrap();
                std::future::ready(())
            }));
            (updates, touched)
        }
    }

    #[tokio::test]
    async fn a_notice_is_shown_once_and_its_button_comes_back() {
        let Some(mut rig) = Rig::with(&["actions", "body", "body-markup"]).await else { return };
        let (updates, mut touched) = rig.window().await;
        updates.send(snapshot(false, vec![])).unwrap();
        updates.send(news("a")).unwrap();
        updates.send(news("a")).unwrap();
        updates.send(news("b")).unwrap();
        let (number, title, body, actions) = rig.next().await.unwrap();
        assert_eq!((title.as_str(), body.as_str()), ("The washing is done", "1 &lt; 2 &amp; more"));
        assert_eq!(actions, ["default", "Hearth", "button-0", "Light in the cellar"]);
        let (second, ..) = rig.next().await.unwrap();
        assert_ne!(number, second);
        for (foreign, key) in [(999, "button-0"), (number, "button-x"), (number, "other")] {
            rig.touch(foreign, key).await;
        }
        rig.touch(second, "button-0").await;
        rig.touch(number, "default").await;
        let mut next = async || timeout(SOON, touched.recv()).await.unwrap().unwrap();
        assert_eq!(next().await, Touched::Button("b".parse().unwrap(), 0));
        assert_eq!(next().await, Touched::Itself);
        assert!(rig.shown.try_recv().is_err(), "each was shown once");
    }

    #[tokio::test]
    async fn a_window_that_is_opened_again_shows_nothing_that_was_there() {
        let Some(mut rig) = Rig::with(&["actions"]).await else { return };
        let (updates, _touched) = rig.window().await;
        updates.send(snapshot(false, vec![])).unwrap();
        updates.send(news("a")).unwrap();
        rig.next().await.unwrap();
        drop(updates);
        let (updates, _touched) = rig.window().await;
        let notice = super::super::board::tests::notice("a");
        updates.send(snapshot(false, vec![notice])).unwrap();
        updates.send(news("a")).unwrap();
        updates.send(news("b")).unwrap();
        let (number, ..) = rig.next().await.unwrap();
        assert_eq!(number, 2, "only the second notice was shown after that");
        assert!(rig.shown.try_recv().is_err());
    }

    #[tokio::test]
    async fn a_desktop_without_buttons_shows_the_words_and_what_was_dealt_with_goes() {
        let Some(mut rig) = Rig::with(&["body"]).await else { return };
        let (updates, _touched) = rig.window().await;
        updates.send(snapshot(false, vec![])).unwrap();
        updates.send(news("a")).unwrap();
        let (number, _, body, actions) = rig.next().await.unwrap();
        assert_eq!((body.as_str(), actions.len()), ("1 < 2 & more", 0));
        updates.send(Update::NoticeGone("a".parse().unwrap())).unwrap();
        assert_eq!(rig.next().await, Err(number));
    }

    #[tokio::test]
    async fn a_desktop_that_shows_nothing_is_an_error_that_is_told_and_breaks_nothing() {
        let Some(bus) = Bus::start() else { return };
        let mut desk = Desk::on(&bus.connect().await).await.unwrap();
        desk.show(&super::super::board::tests::notice("a")).await.unwrap_err();
        desk.withdraw(&"a".parse().unwrap()).await.unwrap();
    }
}

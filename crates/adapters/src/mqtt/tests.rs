//! Against Mosquitto itself, with users and passwords, on loopback. Where it is not installed the
//! tests say so and prove nothing.

use std::io::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rumqttc::PublishOptions;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::*;

const SOON: Duration = Duration::from_secs(20);

/// A broker. Gone when dropped.
struct Mosquitto {
    dir: tempfile::TempDir,
    port: u16,
    process: Child,
}

impl Drop for Mosquitto {
    fn drop(&mut self) {
        self.stop();
    }
}

fn mosquitto() -> Option<PathBuf> {
    let places = ["/usr/sbin/mosquitto", "/usr/bin/mosquitto", "/usr/local/sbin/mosquitto"];
    let found = places.iter().map(PathBuf::from).find(|it| it.is_file());
    if found.is_none() {
        eprintln!("SKIPPED: there is no mosquitto here");
    }
    found
}

fn spawn(dir: &Path) -> Child {
    Command::new(mosquitto().unwrap())
        .arg("-c")
        .arg(dir.join("mosquitto.conf"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

impl Mosquitto {
    /// One that knows `ada` (password `sesame`) and lets her listen to `home/#`.
    fn start() -> Option<Self> {
        mosquitto()?;
        let dir = tempfile::tempdir().unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let file = |name: &str, text: &str| {
            let path = dir.path().join(name);
            std::fs::File::create(&path).unwrap().write_all(text.as_bytes()).unwrap();
            path.display().to_string()
        };
        let users = file("users", "");
        let status = Command::new("mosquitto_passwd")
            .args(["-b", &users, "ada", "sesame"])
            .stderr(Stdio::null())
            .status();
        assert!(status.unwrap().success());
        let rights = file("rights", "user ada\ntopic readwrite home/#\n");
        let root = if Path::new("/proc/self").exists() { "user root\n" } else { "" };
        file(
            "mosquitto.conf",
            &format!(
                "{root}listener {port} 127.0.0.1\nallow_anonymous false\npassword_file {users}\n\
                 acl_file {rights}\n"
            ),
        );
        let process = spawn(dir.path());
        Some(Self { dir, port, process })
    }

    fn stop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }

    fn restart(&mut self) {
        self.process = spawn(self.dir.path());
    }

    fn account(&self, password: &str) -> Account {
        Account {
            address: Address::parse("127.0.0.1", self.port).unwrap(),
            client: "hearth-test".to_owned(),
            user: Some("ada".to_owned()),
            secret: Some(Secret::new(password.to_owned())),
        }
    }

    /// Publishes, each once, and waits until the broker has all.
    async fn publish(&self, messages: &[(&str, &[u8], bool)]) {
        let mut options = MqttOptions::new("hearth-test-publisher", ("127.0.0.1", self.port));
        options.set_credentials("ada", "sesame");
        options.set_incoming_packet_size_limit(rumqttc::IncomingPacketSizeLimit::Unlimited);
        let (client, mut connection) = AsyncClient::builder(options).capacity(REQUESTS).build();
        for (topic, payload, kept) in messages {
            let options = PublishOptions::new(QoS::AtLeastOnce).retain(*kept);
            client.try_publish(*topic, payload.to_vec(), options).unwrap();
        }
        let mut taken = 0;
        while taken < messages.len() {
            let event = timeout(SOON, connection.poll()).await.unwrap().unwrap();
            taken += usize::from(matches!(event, Event::Incoming(Packet::PubAck(_))));
        }
    }
}

struct Rig {
    heard: mpsc::Receiver<Heard>,
    topics: watch::Sender<BTreeSet<String>>,
    stop: CancellationToken,
    listening: JoinHandle<()>,
}

#[expect(clippy::disallowed_methods, reason = "a test starts its own client")]
fn listen_to(account: Account, topics: &[&str]) -> Rig {
    let (topics, wanted) = watch::channel(topics.iter().map(|it| (*it).to_owned()).collect());
    let (out, heard) = mpsc::channel(64);
    let stop = CancellationToken::new();
    let listening = tokio::spawn(listen(account, wanted, out, stop.clone()));
    Rig { heard, topics, stop, listening }
}

impl Rig {
    async fn next(&mut self) -> Heard {
        timeout(SOON, self.heard.recv()).await.expect("something in time").unwrap()
    }

    async fn well(&mut self) {
        loop {
            match self.next().await {
                Heard::Well => return,
                // It is not up yet.
                Heard::Trouble(BrokerTrouble::Unreachable(_) | BrokerTrouble::Broken(_)) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    async fn end(self) {
        self.stop.cancel();
        timeout(SOON, self.listening).await.unwrap().unwrap();
    }
}

fn message(topic: &str, payload: &str) -> Heard {
    Heard::Message { topic: topic.to_owned(), payload: payload.to_owned() }
}

#[tokio::test]
async fn messages_come_in_once_and_what_was_kept_is_no_news() {
    let Some(broker) = Mosquitto::start() else { return };
    let mut rig = listen_to(broker.account("sesame"), &["home/bell", "home/+/motion"]);
    rig.well().await;
    let messages: [(&str, &[u8], bool); 2] =
        [("home/other", b"nobody asked", false), ("home/hall/motion", b"on", true)];
    broker.publish(&messages).await;
    assert_eq!(rig.next().await, message("home/hall/motion", "on"), "kept, but new");
    rig.end().await;

    let mut rig = listen_to(broker.account("sesame"), &["home/#"]);
    rig.well().await;
    broker.publish(&[("home/bell", b"ring", false)]).await;
    assert_eq!(rig.next().await, message("home/bell", "ring"), "not what was kept");
    rig.end().await;
}

#[tokio::test]
async fn what_is_too_long_or_no_text_is_left_alone_and_the_connection_lives_on() {
    let Some(broker) = Mosquitto::start() else { return };
    let mut rig = listen_to(broker.account("sesame"), &["home/#"]);
    rig.well().await;
    let long = vec![b'x'; LONGEST_PAYLOAD + 1];
    let huge = vec![b'x'; 1 << 20];
    broker
        .publish(&[
            ("home/file", &long, false),
            ("home/file", &huge, false),
            ("home/file", &[0xff, 0xfe], false),
            ("home/file", &long[1..], false),
        ])
        .await;
    assert_eq!(rig.next().await, message("home/file", &"x".repeat(LONGEST_PAYLOAD)));
    rig.end().await;
}

#[tokio::test]
async fn a_wrong_password_is_named_once_however_often_it_is_tried() {
    let Some(broker) = Mosquitto::start() else { return };
    let mut rig = listen_to(broker.account("open"), &["home/#"]);
    loop {
        match rig.next().await {
            Heard::Trouble(BrokerTrouble::WrongPassword) => break,
            Heard::Trouble(BrokerTrouble::Unreachable(_)) => {}
            other => panic!("{other:?}"),
        }
    }
    let more = timeout(Duration::from_secs(4), rig.heard.recv()).await;
    assert!(more.is_err(), "said once, tried twice: {more:?}");
    rig.end().await;
}

#[tokio::test]
async fn nobody_there_and_nobody_who_speaks_mqtt_are_told_apart() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let account = Account {
        address: Address::parse("127.0.0.1", port).unwrap(),
        client: "hearth-test".to_owned(),
        user: None,
        secret: None,
    };
    std::thread::spawn(move || {
        if let Ok((mut stream, _)) = silent.accept() {
            drop(stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n"));
        }
    });
    let mut rig = listen_to(account.clone(), &["home/#"]);
    assert!(matches!(rig.next().await, Heard::Trouble(BrokerTrouble::Broken(_))));
    assert_eq!(rig.next().await, Heard::Trouble(BrokerTrouble::Unreachable(account.address)));
    rig.end().await;
}

#[tokio::test]
async fn it_comes_back_after_the_broker_was_away_and_asks_for_its_topics_again() {
    let Some(mut broker) = Mosquitto::start() else { return };
    let mut rig = listen_to(broker.account("sesame"), &["home/bell"]);
    rig.well().await;
    broker.stop();
    assert!(matches!(rig.next().await, Heard::Trouble(_)));
    broker.restart();
    rig.well().await;
    broker.publish(&[("home/bell", b"ring", false)]).await;
    assert_eq!(rig.next().await, message("home/bell", "ring"));
    rig.end().await;
}

#[tokio::test]
async fn topics_change_without_a_new_connection_and_forbidden_ones_are_named() {
    let Some(broker) = Mosquitto::start() else { return };
    let mut rig = listen_to(broker.account("sesame"), &["home/bell"]);
    rig.well().await;
    rig.topics.send_replace(BTreeSet::from(["home/door".to_owned(), "$bad/#/x".to_owned()]));
    // What the client library itself refuses is no reason to stop listening.
    rig.topics.send_replace(BTreeSet::from(["home/door".to_owned()]));
    let ringing = async {
        loop {
            broker.publish(&[("home/door", b"open", false)]).await;
            sleep(Duration::from_millis(200)).await;
        }
    };
    tokio::select! {
        () = ringing => {}
        heard = rig.next() => assert_eq!(heard, message("home/door", "open")),
    }
    rig.end().await;
}

#[test]
fn a_topic_that_is_refused_is_named() {
    let asked = ["a".to_owned(), "b".to_owned()];
    let fine = SubscribeReasonCode::Success(QoS::AtLeastOnce);
    assert_eq!(refused(&asked, &[fine, fine]), None);
    assert_eq!(refused(&asked, &[fine, SubscribeReasonCode::NotAuthorized]), Some("b".to_owned()));
}

//! Rules in whole homes: the real `hearthd`, devices on real sockets, what sets rules off from
//! outside, and every kind of end that a hub can come to. What was done is told by the devices.
#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "tests, which say what they skip")]

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::{
    Home, LATER, SOON, eventually, free_port, http, is_lost, is_reachable, publish, serve,
    switchable,
};

/// A lamp of a family that can be switched: its device, endpoint, role, and whether it is on.
struct Lamp {
    device: String,
    endpoint: String,
    role: String,
    on: bool,
}

fn lamp(home: &Home, family: &str) -> Lamp {
    let device = home.add_open(family);
    let (endpoint, on) = home.switch(&device);
    let role = home.daemon.role_of(&endpoint);
    Lamp { device, endpoint, role, on }
}

impl Lamp {
    /// As it is called at the device itself.
    fn part(&self) -> String {
        self.endpoint.split_once('/').unwrap().1.replace('-', ":")
    }

    fn is(&self, home: &Home, on: bool) {
        home.daemon.device_once(&self.device, "is switched", SOON, |it| {
            switchable(it).is_some_and(|(_, now)| now == on)
        });
    }
}

fn rule(triggers: &Value, steps: &Value) -> Value {
    json!({ "name": "A rule", "triggers": triggers, "steps": steps })
}

fn switch(lamp: &Lamp, on: bool) -> Value {
    json!({ "command": { "to": { "role": lamp.role }, "action": { "SetOnOff": on } } })
}

fn changes(lamp: &Lamp, to: bool) -> Value {
    json!([{ "changes": {
        "of": { "role": lamp.role }, "what": "OnOff", "to": { "on_off": to } } }])
}

#[test]
fn one_lamp_follows_the_other_and_says_why_it_is_on() {
    let home = Home::with(18);
    let (first, second) = (lamp(&home, "shelly"), lamp(&home, "wled"));
    let steps = json!([switch(&second, !second.on)]);
    home.daemon.save_rule("follow", &rule(&changes(&first, !first.on), &steps));
    home.simulated.set(&first.device, &first.part(), &json!({ "OnOff": !first.on })).unwrap();
    let trace = home.daemon.ran("follow", 1);
    second.is(&home, !second.on);
    assert_eq!(home.executed(&second.device), 1, "the device itself says: once");
    assert_eq!(trace["cause"]["Value"]["role"], first.role.as_str(), "{trace}");
    let got = home.daemon.ctl(["get", &second.endpoint]).unwrap().lines.remove(0);
    let origin = &got["capabilities"]["OnOff"]["origin"];
    assert_eq!(origin["Rule"], json!(["follow", trace["run"]]), "why it is so: {got}");
    let got = home.daemon.ctl(["get", &first.endpoint]).unwrap().lines.remove(0);
    assert_eq!(got["capabilities"]["OnOff"]["origin"], "Device", "{got}");
}

#[test]
fn a_device_that_comes_back_is_no_news() {
    let home = Home::with(18);
    let (first, second) = (lamp(&home, "shelly"), lamp(&home, "wled"));
    let steps = json!([{ "toggle": { "role": second.role } }]);
    home.daemon.save_rule("follow", &rule(&changes(&first, !first.on), &steps));
    home.inflict(&first.device, "unplug");
    home.daemon.device_once(&first.device, "is lost", LATER, is_lost);
    home.simulated.set(&first.device, &first.part(), &json!({ "OnOff": !first.on })).unwrap();
    home.inflict(&first.device, "plug");
    home.daemon.device_once(&first.device, "is back", LATER, is_reachable);
    first.is(&home, !first.on);
    let why = eventually("it is said why not", SOON, || {
        let traces = home.daemon.traces("follow");
        traces.first().map(|it| it["NotRun"]["why"].clone()).ok_or_else(|| "nothing".to_owned())
    });
    assert_eq!(why, "WhileAway");
    home.reboot(&first.device);
    home.daemon.device_once(&first.device, "is back", LATER, is_reachable);
    assert_eq!(home.executed(&second.device), 0);
}

#[test]
fn a_wait_goes_on_where_it_was_when_the_hub_is_killed() {
    const WAIT: Duration = Duration::from_secs(8);
    let mut home = Home::with(18);
    let lamp = lamp(&home, "shelly");
    let steps = json!([{ "wait": "8s" }, switch(&lamp, !lamp.on)]);
    home.daemon.save_rule("wait", &rule(&json!([{ "webhook": "0123456789abcdef" }]), &steps));
    let begun = now();
    assert_eq!(home.daemon.ctl(["rules", "run", "wait"]).unwrap().code, 0);
    std::thread::sleep(Duration::from_secs(4));
    home.kill_hub();
    home.daemon.device_once(&lamp.device, "is back", LATER, is_reachable);
    assert_eq!(home.executed(&lamp.device), 0, "its time has not come");
    let trace = home.daemon.ran("wait", 1);
    let took = begun.elapsed();
    assert!(took >= WAIT, "not before its time: {took:?}");
    let waited = trace["ended"][1].as_i64().unwrap() - trace["started_at"].as_i64().unwrap();
    assert!((8_000..11_500).contains(&waited), "not anew after the restart: {waited} ms {trace}");
    lamp.is(&home, !lamp.on);
    assert_eq!(home.executed(&lamp.device), 1);
}

#[test]
fn a_webhook_sets_a_rule_off_once_a_call() {
    let home = Home::with(18);
    let lamp = lamp(&home, "shelly");
    let port = free_port().unwrap();
    let settings = json!({ "language": null, "theme": "system", "webhooks": port });
    let _done = home.daemon.answer(&json!({ "SetSettings": settings }));
    let hook = "c0ffee00c0ffee00";
    let steps = json!([{ "toggle": { "role": lamp.role } }]);
    home.daemon.save_rule("hook", &rule(&json!([{ "webhook": hook }]), &steps));
    let address: SocketAddr = ([127, 0, 0, 1], port).into();
    let path = format!("/hook/{hook}");
    let status = eventually("webhooks are listened for", SOON, || {
        http("POST", address, &path).map_err(|it| it.to_string())
    });
    assert_eq!(status, 202);
    let trace = home.daemon.ran("hook", 1);
    assert_eq!(trace["cause"]["Webhook"][1], hook);
    assert_eq!(home.executed(&lamp.device), 1);
    assert_eq!(http("POST", address, "/hook/0000000000000000").unwrap(), 404);
    assert_eq!(http("GET", address, &path).unwrap(), 405);
    assert_eq!(home.executed(&lamp.device), 1);
}

/// A broker. Gone when dropped.
struct Broker(Child);

impl Drop for Broker {
    fn drop(&mut self) {
        drop((self.0.kill(), self.0.wait()));
    }
}

fn broker(dir: &Path, port: u16) -> Option<Broker> {
    let program = ["/usr/sbin/mosquitto", "/usr/bin/mosquitto"]
        .into_iter()
        .find(|it| Path::new(it).is_file());
    let Some(program) = program else {
        eprintln!("SKIPPED: there is no mosquitto here");
        return None;
    };
    let users = dir.join("users");
    std::fs::write(&users, "").unwrap();
    let made =
        Command::new("mosquitto_passwd").arg("-b").arg(&users).args(["ada", "sesame"]).status();
    assert!(made.unwrap().success());
    let configuration = format!(
        "user root\nlistener {port} 127.0.0.1\nallow_anonymous false\npassword_file {}\n",
        users.display()
    );
    let path = dir.join("mosquitto.conf");
    std::fs::write(&path, configuration).unwrap();
    let (out, err) = (Stdio::null(), Stdio::null());
    Some(Broker(Command::new(program).arg("-c").arg(path).stdout(out).stderr(err).spawn().unwrap()))
}

#[test]
fn a_message_of_the_broker_sets_a_rule_off_and_its_password_is_kept_sealed() {
    let mut home = Home::with(18);
    let lamp = lamp(&home, "shelly");
    let files = tempfile::tempdir().unwrap();
    let port = free_port().unwrap();
    let Some(_broker) = broker(files.path(), port) else { return };
    let passphrase = files.path().join("passphrase");
    std::fs::write(&passphrase, "correct horse battery").unwrap();
    let passphrase = passphrase.to_str().unwrap();
    let unlock = ["unlock", "--passphrase-file", passphrase];
    assert_eq!(home.daemon.ctl(unlock).unwrap().code, 0);
    let steps = json!([{ "toggle": { "role": lamp.role } }]);
    let triggers = json!([{ "mqtt": { "topic": "home/+/bell", "payload": "ring" } }]);
    home.daemon.save_rule("bell", &rule(&triggers, &steps));
    let address = format!("127.0.0.1:{port}");
    let set = |secret: &str| {
        let broker = json!({ "address": address, "user": "ada" });
        json!({ "SetBroker": { "broker": broker, "secret": secret } })
    };
    assert_eq!(home.daemon.answer(&set("sesame")), "Done");
    let ring = |runs: usize, home: &Home| {
        let address: SocketAddr = ([127, 0, 0, 1], port).into();
        eventually("the bell is heard", SOON, || {
            publish(address, ("ada", "sesame"), "home/door/bell", "ring").unwrap();
            std::thread::sleep(Duration::from_millis(500));
            let count = home.daemon.traces("bell").len();
            if count >= runs { Ok(()) } else { Err(format!("{count} traces")) }
        });
    };
    ring(1, &home);
    let first = home.daemon.traces("bell").len();
    assert_eq!(home.executed(&lamp.device), first as u64, "each message once");

    assert_eq!(home.daemon.process.terminate().unwrap(), Some(0));
    home.daemon = serve(home.directory.path());
    home.daemon.device_once(&lamp.device, "is back", LATER, is_reachable);
    assert_eq!(home.daemon.ctl(unlock).unwrap().code, 0);
    ring(first + 1, &home);
}

#[test]
fn rules_go_out_as_a_file_come_back_and_are_tried_on_the_recorded_past() {
    let home = Home::with(18);
    let (first, second) = (lamp(&home, "shelly"), lamp(&home, "wled"));
    let steps = json!([switch(&second, !second.on)]);
    home.daemon.save_rule("follow", &rule(&changes(&first, !first.on), &steps));
    for on in [!first.on, first.on, !first.on] {
        home.simulated.set(&first.device, &first.part(), &json!({ "OnOff": on })).unwrap();
        first.is(&home, on);
    }
    let _last = home.daemon.ran("follow", 2);
    let executed = home.executed(&second.device);
    let tried = eventually("its past is recorded", SOON, || {
        let said = home.daemon.ctl(["rules", "try", "follow"]).unwrap();
        let tried = said.lines.first().cloned().ok_or(said.errors)?;
        if tried["runs"] == 2 { Ok(tried) } else { Err(tried.to_string()) }
    });
    assert!(tried["records"].as_u64().unwrap() > 3, "{tried}");
    assert_eq!(home.executed(&second.device), executed, "trying sends nothing");
    let states = home.daemon.ctl(["history", &first.endpoint, "OnOff"]).unwrap();
    assert!(states.lines.len() >= 3, "{:?} {}", states.lines, states.errors);

    let file = home.directory.path().join("rules.json");
    let file = file.to_str().unwrap();
    let said = home.daemon.ctl(["rules", "export", "--to", file]).unwrap();
    assert_eq!(said.code, 0, "{}", said.errors);
    let said = home.daemon.ctl(["rules", "import", file]).unwrap();
    assert_eq!(said.code, 0, "{}", said.errors);
    assert_ne!(said.lines[0]["added"], "follow", "the id was taken");
    assert_eq!(home.daemon.ctl(["rules", "list"]).unwrap().lines.len(), 2);
    std::fs::write(file, vec![b' '; 10_000_000]).unwrap();
    let said = home.daemon.ctl(["rules", "import", file]).unwrap();
    assert_eq!(said.code, 5, "{}", said.errors);
    std::fs::write(file, r#"{"hearth_rules":99,"rules":[]}"#).unwrap();
    assert_eq!(home.daemon.ctl(["rules", "import", file]).unwrap().code, 5);
    assert_eq!(home.daemon.ctl(["rules", "list"]).unwrap().lines.len(), 2, "nothing was changed");
}

/// How often the hub is killed: `HEARTH_KILLS`, or so often.
const KILLS: u64 = 25;

#[test]
fn nothing_is_done_twice_and_no_run_is_lost_however_often_the_hub_is_killed() {
    let kills = std::env::var("HEARTH_KILLS").map_or(KILLS, |it| it.parse().unwrap());
    let mut home = Home::with(18);
    let (toggled, pulsed) = (lamp(&home, "shelly"), lamp(&home, "wled"));
    let reachable = |lamp: &Lamp| json!({ "reachable": { "of": { "role": lamp.role } } });
    let until = json!({ "all": [reachable(&toggled), reachable(&pulsed)] });
    let steps = json!([
        { "wait_until": { "condition": until, "timeout": "30s", "timed_out": "stop" } },
        { "toggle": { "role": toggled.role } },
        { "wait": "150ms" },
        { "pulse": { "of": { "role": pulsed.role }, "lasting": "100ms" } },
        { "notify": { "title": "It was done" } },
    ]);
    let mut body = rule(&json!(["started"]), &steps);
    body["mode"] = json!({ "parallel": 100 });
    home.daemon.save_rule("often", &body);
    // Any sequence will do, as long as it is the same again.
    let mut random = 42_u64;
    for _ in 0..kills {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        std::thread::sleep(Duration::from_millis((random >> 33) % 900));
        home.kill_hub();
    }
    home.daemon.device_once(&toggled.device, "is back", LATER, is_reachable);
    let runs = eventually("every run has ended", LATER, || {
        let traces = home.daemon.traces("often");
        let open = traces.iter().filter(|it| it["Ran"]["ended"].is_null()).count();
        if open == 0 { Ok(traces) } else { Err(format!("{open} have not: {traces:?}")) }
    });
    assert!(runs.len() as u64 >= kills / 2, "most starts set it off: {}", runs.len());
    for lamp in [&toggled, &pulsed] {
        let commands: u64 = runs.iter().map(|it| commands_to(it, &lamp.role)).sum();
        let done = home.executed(&lamp.device);
        assert!(done <= commands, "{}: {done} deeds of {commands} commands", lamp.role);
        assert!(done > 0, "something was done at all");
    }
    let notices: Vec<String> = runs.iter().flat_map(notices_of).collect();
    let mut each_once = notices.clone();
    each_once.sort();
    each_once.dedup();
    assert_eq!(each_once.len(), notices.len(), "no notice was told twice");
}

/// How many commands a run has sent to a role.
fn commands_to(trace: &Value, role: &str) -> u64 {
    let steps = trace["Ran"]["steps"].as_array().unwrap();
    steps.iter().filter(|it| it["what"]["Commanded"][1] == role).count() as u64
}

fn notices_of(trace: &Value) -> Vec<String> {
    let steps = trace["Ran"]["steps"].as_array().unwrap();
    steps.iter().filter_map(|it| it["what"]["Notified"].as_str().map(str::to_owned)).collect()
}

#[expect(clippy::disallowed_methods, reason = "tests live in real time")]
fn now() -> Instant {
    Instant::now()
}

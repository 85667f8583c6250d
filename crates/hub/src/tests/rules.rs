//! What rules do waits for the disk, goes there in one piece, and is refused in one piece.

use std::time::Duration;

use adapters::Order;
use api::{Answer, ErrorCode, Request, Update};
use model::{Change, IssueKind, RoleId, Settings};
use serde_json::{Value, json};
use store::StoreError;

use super::harness::{Manner, Rig, hear, snapshot};

/// Saves a rule that looks at the lamp.
async fn save(rig: &mut Rig, id: &str, to: bool, steps: Value) {
    let role = role();
    let body = json!({
        "name": id,
        "triggers": [{ "changes": {
            "of": { "role": role }, "what": "OnOff", "to": { "on_off": to } } }],
        "steps": steps,
    });
    let body = serde_json::from_value(body).unwrap();
    let id = id.parse().unwrap();
    let answer = rig.ask(Request::SaveRule { id, body: Box::new(body), expects: 0 });
    rig.settled().await;
    assert_eq!(answer.await.unwrap(), Ok(Answer::Done));
}

fn role() -> RoleId {
    RoleId::of(&"shelly-1/switch-0".parse().unwrap())
}

fn off() -> Value {
    json!({ "command": { "to": { "role": role() }, "action": { "SetOnOff": false } } })
}

fn begins(change: &Change) -> bool {
    matches!(change, Change::RunBegan(_))
}

#[tokio::test(start_paused = true)]
async fn a_run_is_written_down_with_its_commands_before_they_leave() {
    let mut rig = Rig::new(Manner::Obedient);
    let mut lamp = rig.lamp_up().await;
    save(&mut rig, "off", true, json!([off()])).await;
    lamp.say(true).await;
    let mut write = rig.write().await;
    while !write.changes.iter().any(begins) {
        write.succeed();
        write = rig.write().await;
    }
    let opened = |it: &Change| matches!(it, Change::CommandOpened(..));
    assert!(write.changes.iter().any(opened), "in one batch: {:?}", write.changes);
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(lamp.no_order());
    write.succeed();
    assert!(matches!(lamp.order().await, Order::Command(_)));
}

#[tokio::test(start_paused = true)]
async fn a_run_that_is_known_already_does_nothing_and_tells_nobody() {
    let mut rig = Rig::new(Manner::Obedient);
    let mut lamp = rig.lamp_up().await;
    let notify = json!({ "notify": { "title": "The lamp is on" } });
    save(&mut rig, "off", true, json!([notify, off()])).await;
    let mut subscription = rig.hub.subscribe().await.unwrap();
    lamp.say(true).await;
    loop {
        let write = rig.write().await;
        if write.changes.iter().any(begins) {
            write.refuse(StoreError::KnownRun("r".parse().unwrap()));
            break;
        }
        write.succeed();
    }
    rig.settled().await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    rig.settled().await;
    assert!(lamp.no_order(), "the command went with its run");
    while let Ok(Some(batch)) =
        tokio::time::timeout(Duration::from_millis(1), subscription.next()).await
    {
        assert!(!batch.updates.iter().any(|it| matches!(it, Update::Notice(_))), "nor the notice");
    }
}

#[tokio::test(start_paused = true)]
async fn a_notice_is_told_once_it_is_on_disk_and_not_before() {
    let mut rig = Rig::new(Manner::Obedient);
    let lamp = rig.lamp_up().await;
    save(&mut rig, "tell", true, json!([{ "notify": { "title": "The lamp is on" } }])).await;
    let mut subscription = rig.hub.subscribe().await.unwrap();
    lamp.say(true).await;
    let told = |update: &Update| match update {
        Update::Notice(notice) => Some(notice.title.clone()),
        _ => None,
    };
    let notice = |it: &Change| matches!(it, Change::Notice(_));
    let mut write = rig.write().await;
    while !write.changes.iter().any(notice) {
        write.succeed();
        write = rig.write().await;
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    while let Ok(Some(batch)) =
        tokio::time::timeout(Duration::from_millis(1), subscription.next()).await
    {
        assert!(batch.updates.iter().all(|it| told(it).is_none()), "it is not on disk yet");
    }
    write.succeed();
    assert_eq!(hear(&mut subscription, told).await, "The lamp is on");
}

#[tokio::test]
async fn webhooks_are_listened_for_where_the_status_says_and_a_port_in_use_is_an_issue() {
    let taken = std::net::TcpListener::bind("0.0.0.0:0").unwrap();
    let mut rig = Rig::new(Manner::Obedient);
    let mut subscription = rig.hub.subscribe().await.unwrap();
    let listen = |port| Request::SetSettings(Settings { webhooks: port, ..Settings::default() });
    let answer = rig.ask(listen(Some(taken.local_addr().unwrap().port())));
    rig.settled().await;
    assert_eq!(answer.await.unwrap(), Ok(Answer::Done));
    let issue = hear(&mut subscription, |update| match update {
        Update::Issue(issue) => Some(issue.kind.clone()),
        _ => None,
    });
    let failed = issue.await;
    assert!(matches!(&failed, IssueKind::WebhooksFailed(words) if words.contains("port")));
    let free = {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        free.local_addr().unwrap().port()
    };
    let _answer = rig.ask(listen(Some(free)));
    rig.settled().await;
    let addresses = hear(&mut subscription, |update| match update {
        Update::Status(status) if !status.webhooks.is_empty() => Some(status.webhooks.clone()),
        _ => None,
    });
    assert!(addresses.await[0].ends_with(&format!(":{free}/hook/")));
    assert!(snapshot(&rig.hub).await.issues.iter().all(|it| it.kind.id() != failed.id()));
    let _answer = rig.ask(listen(None));
    rig.settled().await;
    let gone = hear(&mut subscription, |update| match update {
        Update::Status(status) => Some(status.webhooks.is_empty()),
        _ => None,
    });
    assert!(gone.await);
}

#[tokio::test(start_paused = true)]
async fn what_is_kept_is_looked_up_beside_the_loop() {
    let mut rig = Rig::new(Manner::Obedient);
    let _lamp = rig.lamp_up().await;
    save(&mut rig, "off", true, json!([off()])).await;
    let rule = "off".parse().unwrap();
    let runs = rig.hub.request(Request::PastRuns(rule, 5)).await;
    assert_eq!(runs, Ok(Answer::PastRuns(Vec::new())));
    let unknown = rig.hub.request(Request::PastRuns("other".parse().unwrap(), 5)).await;
    assert_eq!(unknown.unwrap_err().code, ErrorCode::NotFound);
}

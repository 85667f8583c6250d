//! Nothing acts on the world, and nothing is promised, before the disk has it.

use std::time::Duration;

use adapters::Order;
use api::{Answer, ErrorCode, Request, Update};
use model::{Change, CommandState, FailReason, IssueKind, Name};

use super::harness::{Manner, Rig, hear, snapshot, switch};

fn is_command(change: &Change) -> bool {
    matches!(change, Change::CommandOpened(..))
}

#[tokio::test(start_paused = true)]
async fn a_command_leaves_and_is_accepted_only_once_it_is_on_disk() {
    let mut rig = Rig::new(Manner::Obedient);
    let mut lamp = rig.lamp_up().await;
    let mut answer = rig.ask(switch("c1", true));
    let write = rig.write().await;
    assert!(write.changes.iter().any(is_command));
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(lamp.no_order() && answer.try_recv().is_err());
    write.succeed();
    assert_eq!(answer.await.unwrap(), Ok(Answer::Done));
    assert!(matches!(lamp.order().await, Order::Command(command) if command.id.as_str() == "c1"));
}

#[tokio::test(start_paused = true)]
async fn commands_leave_in_the_order_in_which_they_were_asked_whatever_the_disk_answers_first() {
    let mut rig = Rig::new(Manner::Obedient);
    let mut lamp = rig.lamp_up().await;
    let mut rename = rig.ask(Request::NameHome(Some(Name::try_from("Ours").unwrap())));
    let first = rig.write().await;
    let _answer = rig.ask(switch("c1", true));
    let second = rig.write().await;
    second.succeed();
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(lamp.no_order() && rename.try_recv().is_err(), "the first is not on disk yet");
    first.succeed();
    assert!(matches!(lamp.order().await, Order::Command(_)));
    assert_eq!(rename.await.unwrap(), Ok(Answer::Done));
}

#[tokio::test(start_paused = true)]
async fn reports_do_not_hold_commands_up() {
    let mut rig = Rig::new(Manner::Obedient);
    let mut lamp = rig.lamp_up().await;
    let answer = rig.ask(switch("c1", true));
    rig.write().await.succeed();
    assert!(matches!(lamp.order().await, Order::Command(_)));
    assert_eq!(answer.await.unwrap(), Ok(Answer::Done));
    for round in 0..50 {
        lamp.say(round % 2 == 0).await;
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(rig.disk.try_recv().is_ok(), "telemetry was handed to a disk that does not answer");
    let answer = rig.ask(switch("c2", true));
    rig.write().await.succeed();
    assert!(matches!(lamp.order().await, Order::Command(_)));
    assert_eq!(answer.await.unwrap(), Ok(Answer::Done));
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_written_does_not_leave_and_is_not_accepted() {
    let mut rig = Rig::new(Manner::Obedient);
    let mut lamp = rig.lamp_up().await;
    let mut subscription = rig.hub.subscribe().await.unwrap();
    let answer = rig.ask(switch("c1", true));
    rig.write().await.fail();
    let error = answer.await.unwrap().unwrap_err();
    assert_eq!(error.code, ErrorCode::CannotWrite);
    assert!(error.message.contains("no room"), "{error}");
    let mut states = Vec::new();
    let mut has_issue = false;
    hear(&mut subscription, |update| {
        match update {
            Update::Command(_, state) => states.push(state.clone()),
            Update::Issue(issue) => {
                has_issue |= matches!(issue.kind, IssueKind::CannotWrite(_));
            }
            _ => {}
        }
        (has_issue && states.last().is_some_and(CommandState::is_final)).then_some(())
    })
    .await;
    assert_eq!(states.last(), Some(&CommandState::Failed(FailReason::NotRecorded)));
    rig.settled().await;
    assert!(lamp.no_order(), "nothing has left");
}

#[tokio::test(start_paused = true)]
async fn the_issue_goes_when_writing_works_again() {
    let mut rig = Rig::new(Manner::Obedient);
    let _lamp = rig.lamp_up().await;
    let answer = rig.ask(Request::NameHome(Some(Name::try_from("Ours").unwrap())));
    rig.write().await.fail();
    assert_eq!(answer.await.unwrap().unwrap_err().code, ErrorCode::CannotWrite);
    assert_eq!(snapshot(&rig.hub).await.issues.len(), 1);
    rig.write().await.fail();
    assert_eq!(snapshot(&rig.hub).await.issues.len(), 1, "tried again by itself, in vain");
    rig.write().await.succeed();
    rig.settled().await;
    assert!(snapshot(&rig.hub).await.issues.is_empty());
}

//! How a device is kept connected, and what happens to orders meanwhile.

use std::time::Duration;

use api::{ErrorCode, Request, Update};
use model::{Cause, CommandState, FailReason, Reachability, Report};

use tokio_util::sync::CancellationToken;

use super::harness::{FakeDrivers, Manner, Rig, address, hear, id, snapshot, switch};
use crate::clock::Clock;
use crate::supervisor::Supervisor;
use crate::tasks::Tasks;

async fn reachability(rig: &Rig) -> Reachability {
    snapshot(&rig.hub).await.devices[0].reachability.clone()
}

#[tokio::test(start_paused = true)]
async fn pauses_double_to_a_minute_and_begin_anew_after_a_connection() {
    let mut rig = Rig::new(Manner::Obedient);
    let clock = Clock::held();
    let mut former = clock.now().uptime;
    rig.connection().await.end(Cause::NoAnswer);
    for expected in [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0] {
        let next = rig.connection().await;
        let pause = (clock.now().uptime - former).as_secs_f64();
        assert!((0.74 * expected..=1.26 * expected).contains(&pause), "{expected}: {pause}");
        former = clock.now().uptime;
        next.end(Cause::NoAnswer);
    }
    let connection = rig.connection().await;
    connection.come_up().await;
    rig.settled().await;
    former = clock.now().uptime;
    connection.end(Cause::NoAnswer);
    rig.connection().await;
    assert!(clock.now().uptime - former < Duration::from_secs(2));
}

#[tokio::test(start_paused = true)]
async fn nonsense_is_not_asked_for_again_soon() {
    let mut rig = Rig::new(Manner::Obedient);
    let clock = Clock::held();
    let former = clock.now().uptime;
    rig.connection().await.end(Cause::Garbage("no JSON".to_owned()));
    rig.connection().await;
    assert!(clock.now().uptime - former > Duration::from_secs(20));
}

#[tokio::test(start_paused = true)]
async fn someone_else_under_its_name_neither_hides_nor_delays_a_device() {
    let (drivers, mut connections) = FakeDrivers::new(Manner::Obedient);
    let (charge, mut reports) = drivers.charge(&[1, 2]);
    let tasks = Tasks::new(CancellationToken::new());
    let _supervisor = Supervisor::start(charge, None, &tasks);
    let clock = Clock::held();
    let begun = clock.now().uptime;
    connections.recv().await.unwrap().end(Cause::NoAnswer);
    let elsewhere = connections.recv().await.unwrap();
    assert_eq!(elsewhere.address, address(2));
    elsewhere.end(Cause::WrongIdentity { found: id("shelly-2") });
    assert_eq!(reports.recv().await.unwrap().1, Report::Lost(Cause::NoAnswer));
    assert_eq!(connections.recv().await.unwrap().address, address(1));
    assert!(clock.now().uptime - begun < Duration::from_secs(2));
}

#[tokio::test(start_paused = true)]
async fn without_its_password_a_device_is_left_alone_until_someone_asks() {
    let mut rig = Rig::new(Manner::Obedient);
    rig.connection().await.end(Cause::NeedsSecret);
    tokio::time::sleep(Duration::from_secs(3_600)).await;
    assert!(rig.connections.try_recv().is_err());
    let answer = rig.ask(Request::Reconnect(id("shelly-1")));
    rig.connection().await;
    rig.settled().await;
    answer.await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_lost_device_is_shown_so_and_comes_back() {
    let mut rig = Rig::new(Manner::Obedient);
    let lamp = rig.lamp_up().await;
    assert_eq!(reachability(&rig).await, Reachability::Reachable);
    lamp.end(Cause::SaidGoodbye);
    rig.settled().await;
    let lost = reachability(&rig).await;
    assert!(
        matches!(lost, Reachability::Unreachable { cause: Cause::SaidGoodbye, .. }),
        "{lost:?}"
    );
    let _lamp = rig.lamp_up().await;
    assert_eq!(reachability(&rig).await, Reachability::Reachable);
}

#[tokio::test(start_paused = true)]
async fn a_full_queue_is_an_error_that_is_seen() {
    let mut rig = Rig::new(Manner::Busy);
    let _lamp = rig.lamp_up().await;
    let mut subscription = rig.hub.subscribe().await.unwrap();
    for round in 0..40 {
        let _answer = rig.ask(switch(&format!("c{round}"), round % 2 == 0));
        rig.write().await.succeed();
        rig.settled().await;
    }
    let failed = hear(&mut subscription, |update| match update {
        Update::Command(_, CommandState::Failed(FailReason::QueueFull)) => Some(()),
        _ => None,
    });
    failed.await;
}

#[tokio::test(start_paused = true)]
async fn an_order_that_was_waiting_when_the_connection_broke_is_answered() {
    let mut rig = Rig::new(Manner::Busy);
    let lamp = rig.lamp_up().await;
    let mut subscription = rig.hub.subscribe().await.unwrap();
    let _answer = rig.ask(switch("c1", true));
    rig.write().await.succeed();
    rig.settled().await;
    lamp.end(Cause::NoAnswer);
    hear(&mut subscription, |update| match update {
        Update::Command(id, CommandState::Failed(FailReason::Unreachable))
            if id.as_str() == "c1" =>
        {
            Some(())
        }
        _ => None,
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_driver_that_breaks_is_started_again() {
    let mut rig = Rig::new(Manner::Panicking);
    drop(rig.connection().await);
    drop(rig.connection().await);
    let lost = reachability(&rig).await;
    assert!(matches!(lost, Reachability::Unreachable { cause: Cause::Garbage(_), .. }));
}

#[tokio::test(start_paused = true)]
async fn a_removed_device_is_let_go() {
    let mut rig = Rig::new(Manner::Obedient);
    let lamp = rig.lamp_up().await;
    let answer = rig.ask(Request::RemoveDevice(id("shelly-1")));
    rig.write().await.succeed();
    rig.settled().await;
    answer.await.unwrap().unwrap();
    lamp.report(Report::Lost(Cause::NoAnswer)).await;
    assert!(snapshot(&rig.hub).await.devices.is_empty());
}

#[tokio::test(start_paused = true)]
async fn stopping_waits_for_goodbyes_but_not_for_ever() {
    let mut rig = Rig::new(Manner::Obedient);
    let _lamp = rig.lamp_up().await;
    assert!(rig.hub.shutdown().await);
    let error = rig.hub.request(Request::Welcomed).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Stopped);

    let clock = Clock::held();
    let mut rig = Rig::new(Manner::Deaf);
    let _lamp = rig.lamp_up().await;
    let begun = clock.now().uptime;
    assert!(!rig.hub.shutdown().await, "and says that not all went well");
    assert!(clock.now().uptime - begun <= Duration::from_secs(5));
}

#[tokio::test(start_paused = true)]
async fn fifty_thousand_reports_leave_the_queue_empty_and_the_last_one_standing() {
    let mut rig = Rig::new(Manner::Obedient);
    let lamp = rig.lamp_up().await;
    let mut subscription = rig.hub.subscribe().await.unwrap();
    for round in 0..50_000 {
        lamp.say(round % 2 == 0).await;
    }
    lamp.say(true).await;
    rig.settled().await;
    hear(&mut subscription, |update| match update {
        Update::State(_, _, state) => {
            (state.value == Some(model::Value::OnOff(true))).then_some(())
        }
        _ => None,
    })
    .await;
}

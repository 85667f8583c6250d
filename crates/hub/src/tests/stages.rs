//! Opening, closing and switching homes on a real disk.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use api::{Answer, ErrorCode, Request, Update};
use engine::Stage;
use futures_util::future::BoxFuture;
use model::{Family, Name};

use super::harness::{FakeDrivers, Manner, address, config, hear, id, snapshot};
use crate::clock::Clock;
use crate::{Config, Hub, Simulated, SimulatedDevice, Simulator, StartError};

/// Counts the homes that it has running.
#[derive(Debug, Default)]
struct Rehearsal {
    running: Arc<AtomicUsize>,
    fails: bool,
}

struct Running(Arc<AtomicUsize>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Simulator for Rehearsal {
    fn start(&self, _: usize) -> BoxFuture<'_, Result<Simulated, String>> {
        Box::pin(async {
            if self.fails {
                return Err("no ports left".to_owned());
            }
            self.running.fetch_add(1, Ordering::SeqCst);
            let device = SimulatedDevice {
                id: id("wled-1"),
                family: Family::Wled,
                address: address(9),
                secret: None,
                name: None,
                room: Some(Name::try_from("Hall").unwrap()),
                known: true,
            };
            let running = Box::new(Running(Arc::clone(&self.running)));
            Ok(Simulated { devices: vec![device], running })
        })
    }
}

async fn open(config: Config) -> Result<Hub, StartError> {
    let (drivers, _connections) = FakeDrivers::new(Manner::Obedient);
    Hub::start_with(config, drivers, Clock::System).await
}

async fn next_snapshot(subscription: &mut crate::Subscription) -> api::HomeView {
    hear(subscription, |update| match update {
        Update::Snapshot(home) => Some((**home).clone()),
        _ => None,
    })
    .await
}

#[tokio::test]
async fn switching_to_the_simulated_home_and_back_keeps_both_apart() {
    let dir = tempfile::tempdir().unwrap();
    let rehearsal = Rehearsal::default();
    let running = Arc::clone(&rehearsal.running);
    let config = Config { simulator: Some(Arc::new(rehearsal)), ..config(dir.path()) };
    let hub = open(config).await.unwrap();
    let ours = Some(Name::try_from("Ours").unwrap());
    hub.request(Request::NameHome(ours.clone())).await.unwrap();
    let mut subscription = hub.subscribe().await.unwrap();
    assert!(next_snapshot(&mut subscription).await.status.sandbox_offered);

    assert_eq!(hub.request(Request::EnterSandbox).await, Ok(Answer::Done));
    let home = next_snapshot(&mut subscription).await;
    assert!(home.status.sandbox);
    assert_eq!(home.home.name, None);
    assert_eq!(home.devices[0].room, Some(home.rooms[0].id.clone()));
    assert_eq!(running.load(Ordering::SeqCst), 1);
    hub.request(Request::NameDevice(id("wled-1"), ours.clone())).await.unwrap();

    assert_eq!(hub.request(Request::LeaveSandbox).await, Ok(Answer::Done));
    let home = next_snapshot(&mut subscription).await;
    assert!(!home.status.sandbox && home.devices.is_empty());
    assert_eq!(home.home.name, ours);
    assert_eq!(running.load(Ordering::SeqCst), 0);

    hub.request(Request::EnterSandbox).await.unwrap();
    assert_eq!(next_snapshot(&mut subscription).await.devices[0].name, "Ours");
    assert!(hub.shutdown().await);
    assert_eq!(running.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn where_no_simulation_is_offered_or_it_does_not_start_the_home_stays_open() {
    let dir = tempfile::tempdir().unwrap();
    let hub = open(config(dir.path())).await.unwrap();
    let error = hub.request(Request::EnterSandbox).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Unsupported);
    assert!(hub.shutdown().await);

    let broken = Rehearsal { fails: true, ..Rehearsal::default() };
    let config = Config { simulator: Some(Arc::new(broken)), ..config(dir.path()) };
    let hub = open(config).await.unwrap();
    let error = hub.request(Request::EnterSandbox).await.unwrap_err();
    assert!(error.message.contains("no ports left"), "{error}");
    assert!(!snapshot(&hub).await.status.sandbox);
    assert_eq!(hub.request(Request::Welcomed).await, Ok(Answer::Done));
    assert!(hub.shutdown().await);
}

#[tokio::test]
async fn a_home_is_open_once_and_remembers() {
    let dir = tempfile::tempdir().unwrap();
    let hub = open(config(dir.path())).await.unwrap();
    assert!(matches!(open(config(dir.path())).await, Err(StartError::InUse)));
    hub.request(Request::NameHome(Some(Name::try_from("Ours").unwrap()))).await.unwrap();
    assert!(hub.shutdown().await);
    let hub = open(config(dir.path())).await.unwrap();
    assert_eq!(snapshot(&hub).await.home.name.unwrap().as_str(), "Ours");
    assert!(hub.shutdown().await);
}

#[tokio::test]
async fn a_hub_without_handles_stops_by_itself() {
    let dir = tempfile::tempdir().unwrap();
    let hub = open(config(dir.path())).await.unwrap();
    let mut ended = hub.ended.clone();
    drop(hub);
    assert_eq!(*ended.wait_for(Option::is_some).await.unwrap(), Some(true));
    let config = Config { stage: Stage::Sandbox(1), ..config(dir.path()) };
    assert!(matches!(open(config).await, Err(StartError::NoSimulator)));
}

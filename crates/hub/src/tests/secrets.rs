//! Passwords and keys: kept only where they can be kept sealed, used only once revealed.

use std::path::Path;
use std::time::Duration;

use api::{AddTarget, Answer, ErrorCode, Request, Vault};
use model::{Cause, IssueKind, Reachability, Secret};
use tokio::sync::mpsc;

use super::harness::{Connection, FakeDrivers, Manner, address, config, id, snapshot};
use crate::clock::Clock;
use crate::{Config, Hub};

fn add(secret: Option<&str>) -> Request {
    Request::Add {
        target: AddTarget::At(address(2), None),
        secret: secret.map(|it| Secret::new(it.to_owned())),
        name: None,
        room: None,
    }
}

fn unlock(passphrase: &str) -> Request {
    Request::Unlock { passphrase: Some(Secret::new(passphrase.to_owned())) }
}

/// A hub on a real disk, with a real vault and no keyring.
async fn open(config: Config) -> (Hub, mpsc::UnboundedReceiver<Connection>) {
    let (drivers, connections) = FakeDrivers::new(Manner::Obedient);
    let hub = Hub::start_with(config, drivers, Clock::System).await.unwrap();
    while hub.request(Request::Welcomed).await.is_err() {}
    (hub, connections)
}

async fn open_with_vault(dir: &Path) -> (Hub, mpsc::UnboundedReceiver<Connection>) {
    let (hub, connections) = open(config(dir)).await;
    let ready = async {
        loop {
            match hub.request(unlock("x")).await {
                Err(error) if error.code == ErrorCode::Busy => {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
                _ => return,
            }
        }
    };
    ready.await;
    (hub, connections)
}

#[tokio::test]
async fn a_password_is_not_taken_where_it_cannot_be_kept() {
    let dir = tempfile::tempdir().unwrap();
    let (hub, mut connections) = open_with_vault(dir.path()).await;
    assert!(snapshot(&hub).await.issues.is_empty(), "no secret, no issue");
    let error = hub.request(add(Some("sesame"))).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::SecretsLocked);
    assert!(connections.try_recv().is_err(), "nobody was asked");
    let home = snapshot(&hub).await;
    assert_eq!(home.status.vault, Vault::Absent);
    assert_eq!(home.issues[0].kind, IssueKind::NoKeyring);
    assert_eq!(hub.request(unlock("short")).await.unwrap_err().code, ErrorCode::Invalid);
    assert_eq!(hub.request(unlock("long enough")).await, Ok(Answer::Done));
    let home = snapshot(&hub).await;
    assert_eq!(home.status.vault, Vault::Passphrase);
    assert!(home.issues.is_empty());
    assert!(hub.shutdown().await);
}

#[tokio::test]
async fn a_kept_password_waits_for_the_passphrase_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let (hub, mut connections) = open_with_vault(dir.path()).await;
    hub.request(unlock("long enough")).await.unwrap();
    assert_eq!(hub.request(add(Some("sesame"))).await, Ok(Answer::Added(id("shelly-2"))));
    let used = secret_used(&mut connections).await;
    assert_eq!(used.expose(), "sesame");
    assert!(hub.shutdown().await);

    let (hub, mut connections) = open(config(dir.path())).await;
    let home = loop {
        let home = snapshot(&hub).await;
        if matches!(home.devices[0].reachability, Reachability::Unreachable { .. })
            && !home.issues.is_empty()
        {
            break home;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    };
    let Reachability::Unreachable { cause, .. } = &home.devices[0].reachability else { panic!() };
    assert_eq!(*cause, Cause::SecretsLocked);
    assert_eq!(home.issues[0].kind, IssueKind::SecretsLocked);
    assert!(connections.try_recv().is_err());
    let error = hub.request(unlock("wrong but long")).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::WrongPassphrase);
    hub.request(unlock("long enough")).await.unwrap();
    assert_eq!(secret_used(&mut connections).await.expose(), "sesame");
    assert!(snapshot(&hub).await.issues.is_empty());
    assert!(hub.shutdown().await);

    let headless =
        Config { passphrase: Some(Secret::new("long enough".to_owned())), ..config(dir.path()) };
    let (hub, mut connections) = open(headless).await;
    assert_eq!(secret_used(&mut connections).await.expose(), "sesame");
    assert!(hub.shutdown().await);
}

#[tokio::test]
async fn no_more_than_eight_strangers_are_asked_at_a_time() {
    let dir = tempfile::tempdir().unwrap();
    let (hub, _connections) = open(config(dir.path())).await;
    let mut asking = Vec::new();
    for _ in 0..12 {
        asking.push(hub.request(add(None)));
    }
    let answers = futures_util::future::join_all(asking).await;
    let busy = |it: &Result<Answer, api::ApiError>| {
        it.as_ref().is_err_and(|error| error.code == ErrorCode::Busy)
    };
    assert_eq!(answers.iter().filter(|it| busy(it)).count(), 4, "{answers:?}");
    assert!(answers.iter().any(Result::is_ok));
}

async fn secret_used(connections: &mut mpsc::UnboundedReceiver<Connection>) -> Secret {
    loop {
        let connection = tokio::time::timeout(Duration::from_secs(20), connections.recv());
        let connection = connection.await.expect("a connection in time").unwrap();
        if let Some(secret) = connection.secret {
            return secret;
        }
    }
}

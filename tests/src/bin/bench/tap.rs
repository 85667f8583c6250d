//! From a tap to the bytes on the wire, and to the device's own confirmation. Between hub and
//! device lies a relay that looks at the clock when the first byte of a command passes.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use api::{AddTarget, Answer, Request, Update};
use hub::{Config, Hub, Keyring, Stage, Subscription};
use model::{Action, Capability, CommandId, CommandState, EndpointId, Family};
use simhome::{Home, Mdns, Options};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::{figure, quantile};

const TAPS: usize = 300;
/// Between two taps, so that each is alone; people do not tap faster.
const REST: Duration = Duration::from_millis(15);
const PATIENCE: Duration = Duration::from_secs(10);

/// When bytes last passed from the hub to the device.
type LastByte = Arc<Mutex<Option<Instant>>>;

/// Prints p50, p95 and p99 of both, for each family.
pub(crate) fn measure() -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    for family in [Family::Shelly, Family::Wled, Family::Esphome] {
        let (mut wire, mut observed) = runtime.block_on(taps(family))?;
        for (what, samples) in [("to_wire", &mut wire), ("to_observed", &mut observed)] {
            for (name, part) in [("p50", 0.5), ("p95", 0.95), ("p99", 0.99)] {
                figure(&format!("tap_{what}_{family}_{name}"), quantile(samples, part), "ms");
            }
        }
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]
async fn taps(family: Family) -> Result<(Vec<f64>, Vec<f64>)> {
    let options =
        Options { devices: 18, strangers: Some(0), mdns: Mdns::Off, ..Options::default() };
    let home = Home::start(options).await?;
    let device = home.devices().iter().find(|it| it.family == family && it.secret.is_none());
    let device = device.context("the simulated home has every family")?;
    let last_byte = LastByte::default();
    let mut relays = JoinSet::new();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let to = device.address.socket().context("a number")?;
    relays.spawn(relay(listener, to, Arc::clone(&last_byte)));
    let directory = tempfile::tempdir()?;
    let hub = Hub::start(config(directory.path().to_owned())).await?;
    let mut subscription = hub.subscribe().await?;
    let target = AddTarget::At(address.into(), Some(family));
    let add = Request::Add { target, secret: None, name: None, room: None };
    let Answer::Added(_) = hub.request(add).await? else { anyhow::bail!("not added") };
    let (endpoint, mut on) = switchable(&mut subscription).await?;
    let (mut wire, mut observed) = (Vec::new(), Vec::new());
    for number in 0..TAPS {
        tokio::time::sleep(REST).await;
        on = !on;
        let id: CommandId = format!("tap-{number}").parse()?;
        let action = Action::SetOnOff(on);
        *last_byte.lock().unwrap_or_else(PoisonError::into_inner) = None;
        let start = Instant::now();
        let control = Request::Control { id: id.clone(), endpoint: endpoint.clone(), action };
        hub.request(control).await?;
        tokio::time::timeout(PATIENCE, confirmed(&mut subscription, &id)).await??;
        observed.push(milliseconds(start.elapsed()));
        let passed = *last_byte.lock().unwrap_or_else(PoisonError::into_inner);
        wire.push(milliseconds(passed.context("bytes have passed")? - start));
    }
    hub.shutdown().await;
    home.stop().await;
    Ok((wire, observed))
}

fn milliseconds(span: Duration) -> f64 {
    span.as_secs_f64() * 1000.0
}

fn config(dir: std::path::PathBuf) -> Config {
    Config {
        dir,
        discovery: None,
        stage: Stage::Real,
        simulator: None,
        keyring: Keyring::None,
        passphrase: None,
    }
}

/// The first endpoint that says whether it is on.
async fn switchable(subscription: &mut Subscription) -> Result<(EndpointId, bool)> {
    loop {
        let batch = subscription.next().await.context("the hub has stopped")?;
        for update in batch.updates {
            if let Update::State(endpoint, Capability::OnOff, state) = update
                && let Some(model::Value::OnOff(on)) = state.value
            {
                return Ok((endpoint, on));
            }
        }
    }
}

async fn confirmed(subscription: &mut Subscription, id: &CommandId) -> Result<()> {
    loop {
        let batch = subscription.next().await.context("the hub has stopped")?;
        for update in batch.updates {
            match update {
                Update::Command(it, CommandState::Observed) if it == *id => return Ok(()),
                Update::Command(it, state) if it == *id && state.is_final() => {
                    anyhow::bail!("{id} ended as {state:?}")
                }
                _ => {}
            }
        }
    }
}

/// Passes everything on between hub and device.
async fn relay(listener: TcpListener, to: std::net::SocketAddr, last_byte: LastByte) {
    let mut connections = JoinSet::new();
    while let Ok((hub, _)) = listener.accept().await {
        let last_byte = Arc::clone(&last_byte);
        connections.spawn(async move {
            let Ok(device) = TcpStream::connect(to).await else { return };
            let _ended = pass(hub, device, last_byte).await;
        });
    }
}

#[expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]
async fn pass(hub: TcpStream, device: TcpStream, last_byte: LastByte) -> std::io::Result<()> {
    hub.set_nodelay(true)?;
    device.set_nodelay(true)?;
    let (mut from_hub, mut to_hub) = hub.into_split();
    let (mut from_device, mut to_device) = device.into_split();
    let forth = async {
        let mut bytes = vec![0; 64 * 1024];
        loop {
            let count = from_hub.read(&mut bytes).await?;
            if count == 0 {
                return to_device.shutdown().await;
            }
            // The first bytes after a tap are the command's; what follows does not matter.
            last_byte
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .get_or_insert_with(Instant::now);
            to_device.write_all(&bytes[..count]).await?;
        }
    };
    let back = tokio::io::copy(&mut from_device, &mut to_hub);
    tokio::select! {
        ended = forth => ended,
        ended = back => ended.map(drop),
    }
}

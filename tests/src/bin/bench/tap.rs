//! From a tap to the bytes on the wire, and to the device's own confirmation: taps on thirty
//! devices of a home, ten of each family, one after the other.
//!
//! What is called "to the wire" ends when the hub has told its subscriber that the bytes are in
//! the socket. That is after they are: the figure is an upper bound.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use api::{EndpointView, HomeView, Request, Update};
use model::{Action, Capability, CommandId, CommandState, EndpointId, Family, Spec, Value};
use tests::{Place, Simulated};

use crate::figures::{figure, milliseconds, now, percentiles, quantile};
use crate::line::Line;
use crate::prepared::met_home;

/// A home of this size has ten lights of each family.
const DEVICES: usize = 168;
const EACH: usize = 10;
const TAPS: usize = 1_200;
const TAPS_OVER_SOCKET: usize = 600;
/// Between two taps, so that each is alone; people do not tap faster.
const REST: Duration = Duration::from_millis(10);
const REST_OVER_SOCKET: Duration = Duration::from_millis(50);
const PATIENCE: Duration = Duration::from_secs(10);

/// What a tap took, in milliseconds.
struct Tap {
    family: Family,
    wire: f64,
    observed: f64,
}

/// Prints what it takes for whoever lives in the hub's own process, as the window does.
pub(crate) fn measure() -> Result<()> {
    let taps = run(TAPS, REST, false)?;
    percentiles("tap_to_wire", &mut wires(&taps, |_| true));
    for family in Family::ALL {
        let mut samples = wires(&taps, |it| it.family == family);
        figure(&format!("tap_to_wire_{family}_p95"), quantile(&mut samples, 0.95), "ms");
    }
    percentiles("tap_to_observed", &mut observations(&taps, |_| true));
    for family in Family::ALL {
        let mut samples = observations(&taps, |it| it.family == family);
        figure(&format!("tap_to_observed_{family}_p95"), quantile(&mut samples, 0.95), "ms");
    }
    Ok(())
}

/// Prints what it takes for a client of `hearthd`, which is told news at most thirty times a
/// second.
pub(crate) fn measure_over_socket() -> Result<()> {
    let taps = run(TAPS_OVER_SOCKET, REST_OVER_SOCKET, true)?;
    percentiles("tap_over_socket_to_observed", &mut observations(&taps, |_| true));
    Ok(())
}

fn wires(taps: &[Tap], of: impl Fn(&Tap) -> bool) -> Vec<f64> {
    taps.iter().filter(|it| of(it)).map(|it| it.wire).collect()
}

fn observations(taps: &[Tap], of: impl Fn(&Tap) -> bool) -> Vec<f64> {
    taps.iter().filter(|it| of(it)).map(|it| it.observed).collect()
}

fn run(count: usize, rest: Duration, over_socket: bool) -> Result<Vec<Tap>> {
    let more = ["--mdns", "off", "--strangers", "0"];
    let simulated = Simulated::start(&Place::Here, DEVICES, &more)?;
    let directory = tempfile::tempdir()?;
    let home = directory.path();
    met_home(home, &simulated.devices, DEVICES)?;
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let mut line =
            if over_socket { Line::socket(home).await? } else { Line::direct(home).await? };
        let mut switches = switches(&mut line).await?;
        let mut taps = Vec::with_capacity(count);
        for number in 0..count {
            tokio::time::sleep(rest).await;
            let place = number % switches.len();
            let Some((family, endpoint, on)) = switches.get_mut(place) else { continue };
            *on = !*on;
            let id: CommandId = format!("tap-{number}").parse()?;
            let control = Request::Control {
                id: id.clone(),
                endpoint: endpoint.clone(),
                action: Action::SetOnOff(*on),
            };
            let tapped = tokio::time::timeout(PATIENCE, tap(&mut line, control, &id)).await;
            let (wire, observed) = tapped.with_context(|| format!("{endpoint} is silent"))??;
            taps.push(Tap { family: *family, wire, observed });
        }
        line.close().await;
        Ok(taps)
    })
}

/// Taps, and waits for the device's own word.
async fn tap(line: &mut Line, control: Request, id: &CommandId) -> Result<(f64, f64)> {
    let start = now();
    line.ask(control).await?;
    let mut wire = f64::NAN;
    loop {
        for update in line.updates().await? {
            match update {
                Update::Command(it, CommandState::Sent) if it == *id => {
                    wire = milliseconds(start.elapsed());
                }
                Update::Command(it, CommandState::Observed) if it == *id => {
                    return Ok((wire, milliseconds(start.elapsed())));
                }
                Update::Command(it, state) if it == *id && state.is_final() => {
                    bail!("{id} ended as {state:?}")
                }
                _ => {}
            }
        }
    }
}

type Switch = (Family, EndpointId, bool);

/// Waits for what can be switched, ten of each family that have said how they are.
async fn switches(line: &mut Line) -> Result<Vec<Switch>> {
    let mut views: BTreeMap<EndpointId, (Family, EndpointView)> = BTreeMap::new();
    let mut known: BTreeMap<EndpointId, Switch> = BTreeMap::new();
    let waiting = async {
        while known.len() < Family::ALL.len() * EACH {
            for update in line.updates().await? {
                learn(update, &mut views, &mut known);
            }
        }
        anyhow::Ok(())
    };
    let waited = tokio::time::timeout(PATIENCE * 3, waiting).await;
    waited.with_context(|| format!("only {} devices can be switched", known.len()))??;
    // One family after the other, so that no device is tapped twice in a row.
    let mut by_family: Vec<Vec<Switch>> = Family::ALL
        .into_iter()
        .map(|family| known.values().filter(|it| it.0 == family).cloned().collect())
        .collect();
    let mut mixed = Vec::with_capacity(known.len());
    for _ in 0..EACH {
        mixed.extend(by_family.iter_mut().filter_map(Vec::pop));
    }
    Ok(mixed)
}

/// Takes note of what an update says of things to switch: the first of each device.
fn learn(
    update: Update,
    views: &mut BTreeMap<EndpointId, (Family, EndpointView)>,
    known: &mut BTreeMap<EndpointId, Switch>,
) {
    match update {
        Update::Snapshot(home) => {
            let HomeView { devices, .. } = *home;
            for device in devices {
                learn(Update::Device(Box::new(device)), views, known);
            }
        }
        Update::Device(device) => {
            for endpoint in device.endpoints.into_iter().filter(is_switch).take(1) {
                views.insert(endpoint.id.clone(), (device.family, endpoint));
            }
        }
        Update::State(endpoint, Capability::OnOff, state) => {
            let Some((family, _)) = views.get(&endpoint) else { return };
            let of_family = known.values().filter(|it| it.0 == *family).count();
            if let (Some(Value::OnOff(on)), true) = (state.value, of_family < EACH) {
                known.entry(endpoint.clone()).or_insert((*family, endpoint, on));
            }
        }
        _ => {}
    }
}

fn is_switch(endpoint: &EndpointView) -> bool {
    endpoint.specs.contains(&Spec::OnOff)
}

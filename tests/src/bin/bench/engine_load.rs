//! What the engine alone can take: reports of a thousand devices, one after the other.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::Result;
use engine::Engine;
use model::{
    Category, DeviceDescription, DeviceId, DeviceRecord, EndpointDescription, EndpointKind, Family,
    Moment, Report, SavedHome, Source, Spec, Timestamp, Value,
};

use crate::figures::figure;

const DEVICES: usize = 1_000;
const REPORTS: usize = 500_000;

/// Prints the reports that it takes a second.
#[expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]
pub(crate) fn measure() -> Result<()> {
    let ids: Vec<DeviceId> = (0..DEVICES)
        .map(|it| DeviceId::from_mac("shelly", &format!("{it:012x}")))
        .collect::<Result<_, _>>()?;
    let devices = ids.iter().map(record).collect::<Result<_>>()?;
    let saved = SavedHome { devices, ..SavedHome::default() };
    let moment = |at: usize| {
        let uptime = Duration::from_micros(at as u64);
        Moment { uptime, wall: Timestamp(at as i64) }
    };
    let (mut engine, _) = Engine::new(saved, status(), moment(0));
    for id in &ids {
        engine.handle_report(id, Report::Reached("127.0.0.1:80".parse()?), moment(0));
    }
    let key: model::EndpointKey = "switch-0".parse()?;
    let start = Instant::now();
    let mut effects = 0;
    for number in 0..REPORTS {
        let on = (number / DEVICES).is_multiple_of(2);
        let report = Report::Values(Source::Pushed, vec![(key.clone(), Value::OnOff(on))]);
        effects += engine.handle_report(&ids[number % DEVICES], report, moment(number)).len();
    }
    let took = start.elapsed().as_secs_f64();
    anyhow::ensure!(effects >= REPORTS, "every report changes something");
    figure("engine_reports_per_second", REPORTS as f64 / took, "1/s");
    Ok(())
}

/// A hub of which nothing particular is to be said.
pub(crate) fn status() -> api::HubStatus {
    api::HubStatus {
        sandbox: false,
        sandbox_offered: false,
        discovering: false,
        vault: api::Vault::Absent,
        zone: model::Zone::utc(),
        webhooks: Vec::new(),
    }
}

fn record(id: &DeviceId) -> Result<DeviceRecord> {
    let endpoint = EndpointDescription {
        key: "switch-0".parse()?,
        name: None,
        kind: EndpointKind::Switch,
        category: Category::Primary,
        specs: vec![Spec::OnOff],
    };
    Ok(DeviceRecord {
        id: id.clone(),
        family: Family::Shelly,
        address: "127.0.0.1:80".parse()?,
        description: DeviceDescription {
            name: None,
            vendor: None,
            model: None,
            firmware: None,
            endpoints: vec![endpoint],
        },
        name: None,
        room: None,
        endpoints: BTreeMap::new(),
        added_at: Timestamp(0),
    })
}

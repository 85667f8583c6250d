//! `ctl history`: the recorded past of one number or state.

use anyhow::{Result, bail};
use api::{Answer, Request};
use model::{Charted, Series, Timestamp};
use serde_json::json;

use super::client::Client;
use super::find;
use crate::exit::Failure;
use crate::print_line;

const HOUR: i64 = 3_600_000;

/// Prints it, oldest first: `{"at","min","mean","max"}` or `{"at","value"}`; times in milliseconds
/// since 1970.
pub(super) async fn print(
    mut client: Client,
    text: &str,
    what: Charted,
    (hours, spans): (u32, u16),
) -> Result<()> {
    let capability = match what {
        Charted::Measure(measure) => measure.capability(),
        Charted::States(capability) => capability,
    };
    let (_, endpoint) = find::endpoint(&client.home, text, Some(capability))?;
    let endpoint = endpoint.id.clone();
    let until = client.now;
    let from = Timestamp(until.0.saturating_sub(i64::from(hours) * HOUR));
    let request = Request::Past { endpoint, what, from, until, buckets: spans };
    match client.request(request).await?.map_err(Failure::from)? {
        Answer::Past(Series::Numbers(spans)) => {
            let mut lines = spans.iter().map(|it| {
                json!({ "at": it.at, "min": it.min, "mean": it.mean, "max": it.max }).to_string()
            });
            lines.try_for_each(|line| print_line(&line))
        }
        Answer::Past(Series::States(states)) => {
            let mut lines =
                states.iter().map(|(at, value)| json!({ "at": at, "value": value }).to_string());
            lines.try_for_each(|line| print_line(&line))
        }
        _ => bail!("the hub's answer is about something else"),
    }
}

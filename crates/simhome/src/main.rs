//! `simhome`: a simulated home from the command line.
//!
//! Prints a JSON line for each device, then `{"ready":true,…}`; ends on SIGINT or SIGTERM with
//! goodbyes.

use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Parser, ValueEnum};
use serde_json::{Value, json};
use simhome::{Home, Mdns, Options, Script};

/// Devices that speak the real protocols on real sockets, and misbehave on demand.
///
/// The device "Dishwasher" wants the password "sesame".
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// How many devices.
    #[arg(long, default_value_t = 18)]
    devices: usize,
    /// How many of them are not known to the home yet [default: a quarter, at most 4].
    #[arg(long)]
    strangers: Option<usize>,
    /// Address that the devices listen on, each with a port of its own.
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    listen: IpAddr,
    /// Where to announce them.
    #[arg(long, value_enum, default_value_t = Scope::Loopback)]
    mdns: Scope,
    /// Script of faults: `[{"at_ms":2000,"device":"Blinds","fault":"silent"}]`.
    #[arg(long, value_name = "FILE")]
    faults: Option<PathBuf>,
    /// Open a control port, such as `127.0.0.1:0`. It has no password.
    #[arg(long, value_name = "ADDRESS")]
    control: Option<SocketAddr>,
    /// Make the devices push this many reports a second in total.
    #[arg(long, value_name = "RATE", default_value_t = 0)]
    storm: u32,
    /// Another seed is another home.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Print JSON lines, as is done in any case.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Scope {
    Loopback,
    All,
    Off,
}

impl From<Scope> for Mdns {
    fn from(scope: Scope) -> Self {
        match scope {
            Scope::Loopback => Self::Loopback,
            Scope::All => Self::All,
            Scope::Off => Self::Off,
        }
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let home = Home::start(Options {
        devices: arguments.devices,
        strangers: arguments.strangers,
        listen: arguments.listen,
        mdns: arguments.mdns.into(),
        seed: arguments.seed,
    })
    .await?;
    if let Some(file) = &arguments.faults {
        let text = std::fs::read_to_string(file)
            .with_context(|| format!("cannot read {}", file.display()))?;
        home.run(Script::parse(&text)?)?;
    }
    let control = match arguments.control {
        Some(address) => Some(home.control(address).await.context("no control port")?.address),
        None => None,
    };
    for device in home.devices() {
        say(&home.device(&device.id).map_or(Value::Null, |it| it.json()))?;
    }
    home.storm(arguments.storm);
    say(&json!({
        "ready": true, "devices": home.devices().len(), "control": control,
        "version": env!("CARGO_PKG_VERSION"),
    }))?;
    told_to_end().await?;
    home.stop().await;
    Ok(())
}

fn say(line: &Value) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}

#[cfg(unix)]
async fn told_to_end() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn told_to_end() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}

//! The command line, as written.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use model::{Charted, DeviceId, Family, Name};

/// What the exit codes mean, for `--help`.
const EXIT_CODES: &str = "\
Exit codes:
  0  done (with --wait: the device itself has confirmed)
  1  something unexpected
  2  the command line makes no sense
  3  no hub is running on that home
  4  there is no such device, endpoint or capability, or nobody answers at that address
  5  refused: a value out of range, a home in use, something that is not offered
  6  the device cannot be reached, said no, or never confirmed
  7  a password, key or passphrase is missing or wrong";

/// Hearth with no window: the same home, over a socket and a command line.
#[derive(Debug, Parser)]
#[command(name = "hearthd", version, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the home and answer clients until it is stopped.
    Serve(Serve),
    /// Print a new sign-in link for the interface of a running hub (see `serve --ui`).
    Link(HomeArg),
    /// List what announces itself on the network.
    Discover(Discover),
    /// Ask a running hub something, or tell it to do something.
    #[command(after_help = EXIT_CODES)]
    Ctl(Ctl),
}

#[derive(Debug, Args)]
pub(crate) struct HomeArg {
    /// Where the home is kept [default: `hearth` in the user's data directory].
    #[arg(long, value_name = "DIR", global = true)]
    pub(crate) home: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) home: HomeArg,
    /// Where to listen; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    pub(crate) listen: SocketAddr,
    /// Allow to listen on more than this machine's loopback. Whoever can listen in on the network
    /// can then read along: put a proxy with TLS in front.
    #[arg(long)]
    pub(crate) allow_network: bool,
    /// A further name under which browsers reach this hub, with its port if that is not the
    /// usual one; may be repeated.
    #[arg(long, value_name = "NAME[:PORT]")]
    pub(crate) allow_host: Vec<String>,
    /// Open a simulated home of N devices instead of the real one.
    #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "20")]
    pub(crate) sandbox: Option<usize>,
    /// Serve the interface too, from that directory [default: `ui` beside this program].
    #[arg(long, value_name = "DIR", num_args = 0..=1)]
    #[expect(clippy::option_option, reason = "absent, given without a value, given with one")]
    pub(crate) ui: Option<Option<PathBuf>>,
    /// Do not look for devices on the network.
    #[arg(long)]
    pub(crate) no_discovery: bool,
    /// The passphrase of the secrets, where there is no keyring: the first line of this file.
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// Do not ask the system's keyring.
    #[arg(long)]
    pub(crate) no_keyring: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Discover {
    /// How long to listen.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=300))]
    pub(crate) seconds: u64,
    /// One JSON object a line instead of words.
    #[arg(long)]
    pub(crate) json: bool,
    /// Look on this machine's loopback alone.
    #[arg(long)]
    pub(crate) loopback: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Ctl {
    #[command(flatten)]
    pub(crate) home: HomeArg,
    #[command(subcommand)]
    pub(crate) action: CtlAction,
}

/// ENDPOINT is `device/endpoint`, or just the device where that is clear.
#[derive(Debug, Subcommand)]
pub(crate) enum CtlAction {
    /// List all devices.
    Devices,
    /// List what discovery has found and the home does not have.
    Found,
    /// Take a device into the home.
    Add {
        /// Where it is, or the id of one that was found.
        #[arg(value_name = "HOST[:PORT]|DEVICE")]
        target: String,
        /// Which protocol it speaks; all are tried otherwise.
        #[arg(long, value_name = "NAME")]
        family: Option<Family>,
        /// Its password or key: the first line of this file, `-` for standard input.
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
        /// What to call it.
        #[arg(long, value_parser = name)]
        name: Option<Name>,
        /// The name of the room it is in; made where there is none.
        #[arg(long, value_parser = name)]
        room: Option<Name>,
    },
    /// Show what an endpoint last said.
    Get {
        #[arg(value_name = "ENDPOINT")]
        endpoint: String,
    },
    /// Make an endpoint do something.
    #[command(after_help = VALUES)]
    Set {
        #[arg(value_name = "ENDPOINT")]
        endpoint: String,
        #[arg(value_name = "CAPABILITY=VALUE")]
        what: String,
        /// Return when the device itself has confirmed.
        #[arg(long)]
        wait: bool,
    },
    /// Rules: look at them, run them, switch them on and off.
    #[command(subcommand)]
    Rules(RulesAction),
    /// Scenes: list them, set one.
    #[command(subcommand)]
    Scenes(ScenesAction),
    /// Print the recorded past of an endpoint, oldest first.
    #[command(after_help = HISTORY)]
    History {
        #[arg(value_name = "ENDPOINT")]
        endpoint: String,
        /// A number, or a capability whose states are wanted.
        #[arg(value_name = "WHAT", value_parser = charted)]
        what: Charted,
        /// How far back.
        #[arg(long, value_name = "N", default_value_t = 24, value_parser = clap::value_parser!(u32).range(1..=8_784))]
        hours: u32,
        /// In at most that many spans.
        #[arg(long, value_name = "N", default_value_t = 96, value_parser = clap::value_parser!(u16).range(1..=1_000))]
        spans: u16,
    },
    /// Ask the hub something in the words of its contract: a request as JSON, `-` for standard
    /// input. Prints the answer.
    Ask {
        #[arg(value_name = "REQUEST")]
        request: String,
    },
    /// Print every change until stopped.
    Watch,
    /// Take a device out of the home.
    Remove {
        #[arg(value_name = "DEVICE")]
        device: DeviceId,
    },
    /// Name a device; without a name, its own counts again.
    Rename {
        #[arg(value_name = "DEVICE")]
        device: DeviceId,
        #[arg(value_name = "NAME", value_parser = name)]
        name: Option<Name>,
    },
    /// Give a device its new password or key.
    Secret {
        #[arg(value_name = "DEVICE")]
        device: DeviceId,
        /// The first line of this file, `-` for standard input.
        #[arg(long, value_name = "FILE")]
        password_file: PathBuf,
    },
    /// Open the secrets with their passphrase, or choose one where there is no keyring.
    Unlock {
        /// The first line of this file, `-` for standard input.
        #[arg(long, value_name = "FILE")]
        passphrase_file: PathBuf,
    },
}

/// RULE is the id of a rule, or its name where that is clear.
#[derive(Debug, Subcommand)]
pub(crate) enum RulesAction {
    /// List all rules and how they fare.
    List,
    /// Show a rule with all it says.
    Show {
        #[arg(value_name = "RULE")]
        rule: String,
    },
    /// Run a rule now, whatever its conditions say.
    Run {
        #[arg(value_name = "RULE")]
        rule: String,
        /// Return when the run has ended.
        #[arg(long)]
        wait: bool,
    },
    /// Let a rule run.
    Enable {
        #[arg(value_name = "RULE")]
        rule: String,
    },
    /// Let a rule run no more; its runs end.
    Disable {
        #[arg(value_name = "RULE")]
        rule: String,
    },
    /// Print what happened when a rule was set off, newest first.
    Traces {
        #[arg(value_name = "RULE")]
        rule: String,
        /// At most that many.
        #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=200))]
        last: u16,
    },
    /// Play the recorded past through a rule as it is. Sends nothing.
    Try {
        #[arg(value_name = "RULE")]
        rule: String,
        /// How far back.
        #[arg(long, value_name = "N", default_value_t = 7, value_parser = clap::value_parser!(u8).range(1..=31))]
        days: u8,
    },
    /// Write rules to a file; all when none is named.
    Export {
        #[arg(value_name = "RULE")]
        rules: Vec<String>,
        /// Where to; standard output otherwise.
        #[arg(long, value_name = "FILE")]
        to: Option<PathBuf>,
    },
    /// Take rules out of a file that `export` wrote; all or none.
    Import {
        /// `-` for standard input.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

/// SCENE is the id of a scene, or its name where that is clear.
#[derive(Debug, Subcommand)]
pub(crate) enum ScenesAction {
    /// List all scenes.
    List,
    /// Set a scene.
    Set {
        #[arg(value_name = "SCENE")]
        scene: String,
    },
}

/// `temperature`, or `OnOff`.
fn charted(text: &str) -> Result<Charted, String> {
    let quoted = serde_json::Value::from(text);
    if let Ok(measure) = serde_json::from_value(quoted.clone()) {
        return Ok(Charted::Measure(measure));
    }
    let states = serde_json::from_value(quoted).map(Charted::States);
    states.map_err(|_| format!("`{text}` is neither a number nor a capability"))
}

fn name(text: &str) -> Result<Name, model::NameError> {
    Name::try_from(text)
}

const HISTORY: &str = "\
WHAT is a number:
  level open temperature humidity illuminance carbon_dioxide pm25 power voltage current energy
  battery room_temperature heating_setpoint cooling_setpoint setting other
or a capability whose states are wanted:
  OnOff BooleanState OccupancySensing DoorLock WindowCovering Thermostat ModeSelect …";

const VALUES: &str = "\
Values:
  OnOff=on|off                      Level=0..100
  ColorControl=#ff8800              ColorControl=2700K
  ColorControl=HUE,SATURATION       WindowCovering=open|close|stop|0..100
  DoorLock=locked|unlocked          Thermostat=21.5 | heat | heat@21.5 | cool@24 | off
  ModeSelect=NAME                   NumericControl=NUMBER
  LightEffect=NAME                  LightPalette=NAME
  Momentary=press";

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn what_is_charted_is_a_number_or_a_capability() {
        use model::{Capability, rule::Measure};
        assert_eq!(charted("temperature"), Ok(Charted::Measure(Measure::Temperature)));
        assert_eq!(charted("OnOff"), Ok(Charted::States(Capability::OnOff)));
        charted("happiness").unwrap_err();
    }

    #[test]
    fn options_whose_value_may_be_left_out_understand_both() {
        let serve = |line: &str| match Cli::parse_from(line.split(' ')).command {
            Command::Serve(serve) => serve,
            other => panic!("{other:?}"),
        };
        assert_eq!(serve("hearthd serve").sandbox, None);
        assert_eq!(serve("hearthd serve --sandbox").sandbox, Some(20));
        assert_eq!(serve("hearthd serve --sandbox 7 --ui").ui, Some(None));
        assert_eq!(serve("hearthd serve --ui x").ui, Some(Some("x".into())));
    }
}

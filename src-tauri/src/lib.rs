//! The shell: a window on the hub, a tray icon, and two commands of three lines.
//!
//! It never decides anything about the home, never talks to a device, and never sees the engine
//! or the adapters: it hands requests to the hub and updates to the interface.
#![warn(missing_docs)]

mod commands;
#[cfg(desktop)]
mod notices;
mod options;
mod simulator;
mod starting;
#[cfg(desktop)]
mod tray;
mod trouble;
mod window;

use std::process::ExitCode;

use tauri::{App, Manager as _, RunEvent};

use crate::options::Options;
use crate::starting::Starting;

/// Opens the window and runs until it is closed for good. Exit codes: 0 closed by a person, 1 the
/// window could not be opened, 2 the arguments make no sense.
pub fn open(arguments: impl Iterator<Item = String>) -> ExitCode {
    init_tracing();
    let options = match Options::read(arguments, |name| std::env::var(name).ok()) {
        Ok(options) => options,
        Err(words) => {
            tracing::error!("{words}\n{}", options::USAGE);
            return ExitCode::from(2);
        }
    };
    match build(options) {
        Ok(app) => {
            app.run(|app, event| match event {
                RunEvent::Exit => {
                    tauri::async_runtime::block_on(app.state::<Starting>().shutdown());
                }
                #[cfg(target_os = "macos")]
                RunEvent::Reopen { .. } => window::show(app),
                _ => {}
            });
            ExitCode::SUCCESS
        }
        Err(error) => {
            tracing::error!("the window could not be opened: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Where a phone's system enters.
#[cfg_attr(mobile, tauri::mobile_entry_point)]
pub fn run() {
    let _code = open(std::iter::empty());
}

fn build(options: Options) -> tauri::Result<App> {
    let builder = tauri::Builder::default();
    // First of all plugins: a second start must end before it does anything else.
    #[cfg(desktop)]
    let builder =
        builder.plugin(tauri_plugin_single_instance::init(|app, _arguments, _directory| {
            window::show(app);
        }));
    builder
        .register_uri_scheme_protocol(trouble::SCHEME, |context, _request| {
            trouble::page(context.app_handle())
        })
        .invoke_handler(tauri::generate_handler![commands::request, commands::subscribe])
        .manage(commands::Streams::default())
        .on_window_event(window::handle)
        .setup(move |app| {
            let dir = options.dir.clone().map_or_else(|| app.path().app_data_dir(), Ok)?;
            app.manage(Starting::begin(app.handle(), dir, &options));
            #[cfg(desktop)]
            app.manage(tray::Tray::build(app.handle()));
            window::open(app.handle())?;
            #[cfg(desktop)]
            notices::begin(app.handle());
            window::close_on_signals(app.handle());
            Ok(())
        })
        .build(tauri::generate_context!())
}

/// To stderr, as much as `RUST_LOG` asks for.
fn init_tracing() {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    let _already =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}

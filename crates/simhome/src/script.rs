//! Faults by script: what goes wrong with whom, and when.
//!
//! ```json
//! [{"at_ms": 2000, "device": "Coffee machine", "fault": "slow", "ms": 400},
//!  {"at_ms": 5000, "device": "*", "fault": "heal"}]
//! ```

use std::time::Duration;

use serde::Deserialize;

use crate::{Fault, Handle, Home};

/// Stands for all devices.
const ALL: &str = "*";

/// What goes wrong, in order of time.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "Vec<Step>")]
pub struct Script(Vec<Step>);

/// One thing that goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Step {
    /// Milliseconds after the script was started.
    pub at_ms: u64,
    /// Id or name of the device; `*` is all of them.
    pub device: String,
    /// What.
    #[serde(flatten)]
    pub fault: Fault,
}

/// A script that cannot be run.
#[derive(Debug, thiserror::Error)]
pub enum ScriptError {
    /// It cannot be read.
    #[error("the script of faults cannot be read: {0}")]
    Syntax(#[from] serde_json::Error),
    /// It names a device that is not there.
    #[error("the script of faults names `{0}`, and there is no such device")]
    Device(String),
}

impl From<Vec<Step>> for Script {
    fn from(mut steps: Vec<Step>) -> Self {
        steps.sort_by_key(|step| step.at_ms);
        Self(steps)
    }
}

impl Script {
    /// Reads a script.
    ///
    /// # Errors
    /// When it is not JSON as above.
    pub fn parse(text: &str) -> Result<Self, ScriptError> {
        Ok(serde_json::from_str(text)?)
    }
}

impl Home {
    /// Runs the script from now on, beside all else.
    ///
    /// # Errors
    /// When it names a device that is not there; then nothing of it is run.
    pub fn run(&self, script: Script) -> Result<(), ScriptError> {
        let cast = |step: Step| {
            let cast: Vec<Handle> = self.handles().filter(|it| step.is_about(it)).collect();
            if cast.is_empty() { Err(ScriptError::Device(step.device)) } else { Ok((step, cast)) }
        };
        let acts = script.0.into_iter().map(cast).collect::<Result<Vec<_>, _>>()?;
        self.spawn(async move {
            let mut now = 0;
            for (step, cast) in acts {
                tokio::time::sleep(Duration::from_millis(step.at_ms - now)).await;
                now = step.at_ms;
                for device in cast {
                    device.inflict(step.fault);
                }
            }
        });
        Ok(())
    }
}

impl Step {
    fn is_about(&self, device: &Handle) -> bool {
        let named = self.device == device.core().name.as_str();
        self.device == ALL || named || self.device == device.id().as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_put_in_order() {
        let text = r#"[{"at_ms":9,"device":"*","fault":"heal"},
                       {"at_ms":2,"device":"Blinds","fault":"reboot","ms":50}]"#;
        let script = Script::parse(text).unwrap();
        assert_eq!(script.0[0].fault, Fault::Reboot { ms: 50 });
        assert_eq!(script.0[1].fault, Fault::Heal);
    }

    #[test]
    fn a_bad_script_is_refused() {
        Script::parse("[{\"at_ms\":1,\"device\":\"x\",\"fault\":\"?\"}]").unwrap_err();
        Script::parse("7").unwrap_err();
    }
}

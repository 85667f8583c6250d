//! What was asked for on the command line and in the environment.

use std::path::PathBuf;

/// Printed with an argument that makes no sense.
pub(crate) const USAGE: &str = "usage: hearth [--sandbox [DEVICES]]\n\
    HEARTH_HOME=DIR     keep the home there\n\
    HEARTH_SANDBOX=N    the same as --sandbox N";

/// Devices of a simulated home of unnamed size.
const DEVICES: usize = 12;

/// What was asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Options {
    /// Where the home is kept; the system's place for it otherwise.
    pub(crate) dir: Option<PathBuf>,
    /// Open on a simulated home of that many devices.
    pub(crate) sandbox: Option<usize>,
}

impl Options {
    /// Reads them; arguments win over the environment.
    pub(crate) fn read(
        arguments: impl Iterator<Item = String>,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, String> {
        let dir = environment("HEARTH_HOME").map(PathBuf::from);
        let sandbox = environment("HEARTH_SANDBOX").map(|it| devices(&it)).transpose()?;
        let mut options = Self { dir, sandbox };
        let mut arguments = arguments.peekable();
        while let Some(argument) = arguments.next() {
            if argument != "--sandbox" {
                return Err(format!("`{argument}` is not understood"));
            }
            let count = arguments.next_if(|it| !it.starts_with('-'));
            options.sandbox = Some(count.map_or(Ok(DEVICES), |it| devices(&it))?);
        }
        Ok(options)
    }
}

fn devices(text: &str) -> Result<usize, String> {
    text.parse().map_err(|_| format!("`{text}` is not a number of devices"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str], environment: &[(&str, &str)]) -> Result<Options, String> {
        let find = |name: &str| {
            environment.iter().find(|it| it.0 == name).map(|(_, value)| (*value).to_owned())
        };
        Options::read(arguments.iter().map(|it| (*it).to_owned()), find)
    }

    #[test]
    fn nothing_asked_is_the_real_home_in_the_usual_place() {
        assert_eq!(read(&[], &[]), Ok(Options::default()));
    }

    #[test]
    fn a_simulated_home_needs_no_number() {
        assert_eq!(read(&["--sandbox"], &[]).unwrap().sandbox, Some(DEVICES));
        assert_eq!(read(&["--sandbox", "40"], &[]).unwrap().sandbox, Some(40));
    }

    #[test]
    fn arguments_win_over_the_environment() {
        let environment = [("HEARTH_SANDBOX", "3"), ("HEARTH_HOME", "somewhere")];
        let options = read(&["--sandbox", "4"], &environment).unwrap();
        assert_eq!(options, Options { dir: Some("somewhere".into()), sandbox: Some(4) });
    }

    #[test]
    fn what_makes_no_sense_is_said() {
        read(&["--sandbox", "many"], &[]).unwrap_err();
        read(&["--sandbx"], &[]).unwrap_err();
        read(&[], &[("HEARTH_SANDBOX", "-1")]).unwrap_err();
    }
}

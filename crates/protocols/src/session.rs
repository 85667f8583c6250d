//! The shape of a session machine: frames and commands in, frames and reports out.
//!
//! A machine holds no socket and never waits. Whoever drives it writes the frames it gives, in
//! order, and hands it the frames that come.

use model::{Cause, Command, CommandId, Report};

/// What a session machine wants done, in this order.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// Write one frame to the device.
    Send {
        /// The frame: JSON text.
        frame: String,
        /// The command that it carries; once the frame is in the socket, the command is `Sent`.
        command: Option<CommandId>,
    },
    /// Tell the hub.
    Report(Report),
    /// There is no going on with this connection.
    End(Cause),
}

/// One conversation with one device, from the moment bytes can flow.
pub trait Session {
    /// Takes in one whole frame from the device. Never panics, whatever it holds.
    fn handle_frame(&mut self, frame: &[u8]) -> Vec<Output>;

    /// Takes in one command. Only while [`Session::is_live`].
    fn handle_command(&mut self, command: Command) -> Vec<Output>;

    /// Asks the device what it says now.
    fn refresh(&mut self) -> Vec<Output>;

    /// Whether identity and description are known, so that commands can be taken.
    fn is_live(&self) -> bool;

    /// Gives up: names the commands that were sent and never answered, and forgets them.
    fn abandon(&mut self) -> Vec<CommandId>;
}

//! What a driver is given, and the one way to start it.

use model::{Address, Cause, Command, DeviceId, Family, Report, Secret};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::{esphome, shelly, wled};

/// Everything a driver needs for one connection to one device.
#[derive(Debug)]
pub struct Link<'a> {
    /// Who must answer there.
    pub device: DeviceId,
    /// Where to connect to.
    pub address: Address,
    /// Password or key, when there is one.
    pub secret: Option<Secret>,
    /// Where reports go, in order. When nobody receives them any more, the driver ends.
    pub reports: mpsc::Sender<(DeviceId, Report)>,
    /// What to ask of the device. Outlives the connection.
    pub orders: &'a mut mpsc::Receiver<Order>,
    /// Ends the connection in good order.
    pub stop: CancellationToken,
}

/// What a driver can be asked to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Order {
    /// Carry out a command, once.
    Command(Command),
    /// Ask the device what it says now.
    Refresh,
}

/// One connection, from connecting to its end, and why it ended.
///
/// Proves the identity first; then reports `Reached`, `Described`, `Values`, then whatever comes.
/// Fails its own commands in flight before it returns. Never reports `Lost` itself.
pub async fn drive(family: Family, link: Link<'_>) -> Cause {
    match family {
        Family::Shelly => shelly::drive(link).await,
        Family::Wled => wled::drive(link).await,
        Family::Esphome => esphome::drive(link).await,
    }
}

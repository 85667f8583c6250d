//! What the home wants of a device of any family.

use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use model::Value;

use crate::{Core, Wire};

/// A device of some family. The home binds its port, accepts, announces, and lets time pass; the
/// family speaks the protocol on each connection.
pub trait Device: Debug + Send + Sync + 'static {
    /// What all families have in common: identity, faults, the count of commands.
    fn core(&self) -> &Arc<Core>;

    /// Speaks on one accepted connection until it ends. Dropped (at any await) when the device
    /// loses power, so it must not leave tasks behind that outlive [`Core::power`].
    fn serve(self: Arc<Self>, wire: Wire) -> BoxFuture<'static, ()>;

    /// What it announces by mDNS now; the home adds host name, address and port.
    fn services(&self) -> Vec<Service>;

    /// `span` of time has passed: readings drift, covers move, pushes go out. Called every 5 s or
    /// so, and every 250 ms while [`Core::stir`] was called since the last time (so: stir when a
    /// command sets something in motion, and here again while it is still moving).
    fn live(&self, span: Duration);

    /// Pushes one report of something that changes (for load tests), to all who are connected.
    fn report(&self);

    /// The state as the family's own JSON, for tests and the control port.
    fn state(&self) -> serde_json::Value;

    /// Changes something as if by hand at the device (or in the world): switches it at the wall,
    /// opens the window, warms the room. Not counted as a command. `endpoint` is the device's own
    /// name of the part (`switch:0`, `0`, `front_door`).
    ///
    /// # Errors
    /// When there is no such part or it has no such value.
    fn set(&self, endpoint: &str, value: &Value) -> Result<(), Unsettable>;

    /// Presses a button or wall switch of the device.
    ///
    /// # Errors
    /// When there is none of that name.
    fn press(&self, endpoint: &str) -> Result<(), Unsettable>;
}

/// One mDNS service of a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Such as `_shelly._tcp`; the home adds `.local.`.
    pub kind: &'static str,
    /// Instance name.
    pub instance: String,
    /// Host name without `.local.`; the same for all services of a device.
    pub host: String,
    /// TXT record.
    pub txt: Vec<(String, String)>,
}

/// A device has no such part, or the part has no such value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this device has no `{0}` that could be changed so")]
pub struct Unsettable(pub String);

//! What talks to devices: the real drivers, or those of a test.

use std::fmt::Debug;

use adapters::Link;
use futures_util::future::BoxFuture;
use model::{Address, Cause, Family, ProbeFailure, Probed, Secret};

/// One connection at a time, and questions to strangers. See `adapters::{drive, probe}`.
pub(crate) trait Drivers: Debug + Send + Sync + 'static {
    /// Runs one connection to its end.
    fn drive<'a>(&'a self, family: Family, link: Link<'a>) -> BoxFuture<'a, Cause>;

    /// Asks who answers there.
    fn probe<'a>(
        &'a self,
        address: &'a Address,
        family: Option<Family>,
        secret: Option<&'a Secret>,
    ) -> BoxFuture<'a, Result<Probed, ProbeFailure>>;
}

/// Sockets on the real network.
#[derive(Debug)]
pub(crate) struct Network;

impl Drivers for Network {
    fn drive<'a>(&'a self, family: Family, link: Link<'a>) -> BoxFuture<'a, Cause> {
        Box::pin(adapters::drive(family, link))
    }

    fn probe<'a>(
        &'a self,
        address: &'a Address,
        family: Option<Family>,
        secret: Option<&'a Secret>,
    ) -> BoxFuture<'a, Result<Probed, ProbeFailure>> {
        Box::pin(adapters::probe(address, family, secret))
    }
}

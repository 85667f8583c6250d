//! One HTTP exchange: no redirects, no proxies, no cookies, no connection kept. Reads at most
//! [`MAX_MESSAGE`] bytes and lets go at the first that is too many.

use std::error::Error as _;
use std::net::{Ipv6Addr, SocketAddr, SocketAddrV6};
use std::sync::{Arc, OnceLock};

use model::{Address, Cause};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, Method, Response, header, redirect};
use tokio::time::timeout;

use crate::net::{MAX_ADDRESSES, MAX_MESSAGE, Patience, authority};

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The body of a 200.
    pub(crate) fn content(self) -> Result<Vec<u8>, Cause> {
        match self.status {
            200 => Ok(self.body),
            status => Err(Cause::Garbage(format!("it answers with HTTP status {status}"))),
        }
    }
}

/// `GET`s a path.
pub(crate) async fn get(
    address: &Address,
    path: &str,
    patience: Patience,
) -> Result<Answer, Cause> {
    exchange(address, Method::GET, path, String::new(), patience).await
}

/// `POST`s JSON to a path.
pub(crate) async fn post(
    address: &Address,
    path: &str,
    json: String,
    patience: Patience,
) -> Result<Answer, Cause> {
    exchange(address, Method::POST, path, json, patience).await
}

async fn exchange(
    address: &Address,
    method: Method,
    path: &str,
    body: String,
    patience: Patience,
) -> Result<Answer, Cause> {
    let request = client()?
        .request(method, format!("http://{}{path}", reachable_authority(address)))
        .header(header::HOST, authority(address))
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::CONNECTION, "close")
        .body(body);
    let exchange = Box::pin(async { read(request.send().await.map_err(cause)?).await });
    timeout(patience.exchange, exchange).await.unwrap_or(Err(Cause::NoAnswer))
}

async fn read(mut response: Response) -> Result<Answer, Cause> {
    let status = response.status().as_u16();
    if response.content_length().is_some_and(|it| it > MAX_MESSAGE as u64) {
        return Err(too_long());
    }
    let mut body = Vec::new();
    while let Some(data) = response.chunk().await.map_err(cause)? {
        if body.len() + data.len() > MAX_MESSAGE {
            return Err(too_long());
        }
        body.extend_from_slice(&data);
    }
    Ok(Answer { status, body })
}

/// One client for all devices.
fn client() -> Result<&'static Client, Cause> {
    static CLIENT: OnceLock<Option<Client>> = OnceLock::new();
    let make = || {
        let builder = Client::builder()
            .no_proxy()
            .redirect(redirect::Policy::none())
            .pool_max_idle_per_host(0)
            .connect_timeout(Patience::USUAL.connect)
            .tcp_nodelay(true)
            .dns_resolver(Arc::new(Lookup));
        builder.build().inspect_err(|error| tracing::error!(%error, "No HTTP client")).ok()
    };
    CLIENT.get_or_init(make).as_ref().ok_or(Cause::NoAnswer)
}

/// The end of a host name that stands for an IPv6 address with its zone.
const SCOPED: &str = ".scoped.invalid";

/// The authority by which the client reaches an address. A URL has no place for the zone of an
/// IPv6 address, so such an address travels to [`Lookup`] as a name.
fn reachable_authority(address: &Address) -> String {
    match address.socket() {
        Some(SocketAddr::V6(it)) if it.scope_id() != 0 => {
            let number = u128::from(*it.ip());
            format!("{number:032x}.{}{SCOPED}:{}", it.scope_id(), it.port())
        }
        _ => authority(address),
    }
}

/// Looks names up with the system's resolver, and takes scoped addresses as what they are.
#[derive(Debug)]
struct Lookup;

impl Resolve for Lookup {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            if let Some(scoped) = scoped(name.as_str()) {
                return Ok(Box::new(std::iter::once(scoped)) as Addrs);
            }
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let found: Vec<SocketAddr> = found.take(MAX_ADDRESSES).collect();
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// The IPv6 address and zone that a name of [`reachable_authority`] stands for.
fn scoped(name: &str) -> Option<SocketAddr> {
    let (number, zone) = name.strip_suffix(SCOPED)?.split_once('.')?;
    let ip = Ipv6Addr::from(u128::from_str_radix(number, 16).ok()?);
    Some(SocketAddrV6::new(ip, 0, 0, zone.parse().ok()?).into())
}

/// What is read and is no HTTP is garbage; what is not read is no answer.
fn cause(error: reqwest::Error) -> Cause {
    let mut source = error.source();
    while let Some(inner) = source {
        if inner.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_parse) {
            return Cause::Garbage(format!("it does not speak HTTP as it should: {inner}"));
        }
        source = inner.source();
    }
    Cause::NoAnswer
}

fn too_long() -> Cause {
    Cause::Garbage("it answers with more than 1 MiB".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_zone_of_an_address_reaches_the_socket() {
        let address: Address = "[fe80::1%3]:80".parse().unwrap();
        let authority = reachable_authority(&address);
        let (name, port) = authority.rsplit_once(':').unwrap();
        assert_eq!(port, "80");
        let SocketAddr::V6(socket) = scoped(name).unwrap() else { panic!("{name}") };
        assert_eq!((socket.ip().to_string().as_str(), socket.scope_id()), ("fe80::1", 3));
    }

    #[test]
    fn a_name_is_no_scoped_address() {
        for name in ["lamp.local", ".scoped.invalid", "x.3.scoped.invalid", "00.x.scoped.invalid"] {
            assert_eq!(scoped(name), None, "{name}");
        }
        let plain: Address = "lamp.local:8080".parse().unwrap();
        assert_eq!(reachable_authority(&plain), "lamp.local:8080");
    }
}

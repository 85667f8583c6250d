//! Finding the way to an address, and how long to wait on it.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use model::{Address, Cause};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// The most bytes of one message or body that are read.
pub(crate) const MAX_MESSAGE: usize = 1 << 20;

/// The most addresses of one name that are tried.
pub(crate) const MAX_ADDRESSES: usize = 4;

/// How long a driver waits for what.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    /// For a connection.
    pub(crate) connect: Duration,
    /// For a whole HTTP exchange, and for one frame to be taken off us.
    pub(crate) exchange: Duration,
    /// The beat on which silence is counted and devices without push are polled.
    pub(crate) beat: Duration,
    /// Beats of silence before the device is asked for a sign of life.
    pub(crate) silent_beats: u32,
    /// Beats after that until it is lost.
    pub(crate) grace_beats: u32,
    /// Beats until a conversation that never got as far as a description is given up.
    pub(crate) opening_beats: u32,
}

impl Patience {
    /// 5 s for a connection, a sign of life after 30 s, lost 10 s later.
    pub(crate) const USUAL: Self = Self {
        connect: Duration::from_secs(5),
        exchange: Duration::from_secs(10),
        beat: Duration::from_secs(5),
        silent_beats: 6,
        grace_beats: 2,
        opening_beats: 3,
    };
}

/// Connects to whichever of the address's numbers answers first.
pub(crate) async fn connect(address: &Address, patience: Patience) -> Result<TcpStream, Cause> {
    match timeout(patience.connect, connect_any(address)).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(_)) | Err(_) => Err(Cause::NoAnswer),
    }
}

async fn connect_any(address: &Address) -> io::Result<TcpStream> {
    let mut attempts: FuturesUnordered<_> =
        resolve(address).await?.into_iter().map(TcpStream::connect).collect();
    let mut last = io::Error::from(io::ErrorKind::NotFound);
    while let Some(attempt) = attempts.next().await {
        match attempt {
            Ok(stream) => {
                // A command is one small frame; waiting for more to send would only delay it.
                stream.set_nodelay(true)?;
                return Ok(stream);
            }
            Err(error) => last = error,
        }
    }
    Err(last)
}

async fn resolve(address: &Address) -> io::Result<Vec<SocketAddr>> {
    if let Some(socket) = address.socket() {
        return Ok(vec![socket]);
    }
    let found = tokio::net::lookup_host((address.host(), address.port())).await?;
    Ok(found.take(MAX_ADDRESSES).collect())
}

/// The address as a URL has it: an IPv6 zone means nothing to the other side.
pub(crate) fn authority(address: &Address) -> String {
    let host = address.host().split('%').next().unwrap_or_default();
    if host.contains(':') {
        format!("[{host}]:{}", address.port())
    } else {
        format!("{host}:{}", address.port())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_stays_on_this_side() {
        for (text, expected) in [
            ("[fe80::1%3]:80", "[fe80::1]:80"),
            ("[::1]:8080", "[::1]:8080"),
            ("lamp.local:80", "lamp.local:80"),
            ("192.168.1.2:80", "192.168.1.2:80"),
        ] {
            assert_eq!(authority(&text.parse().unwrap()), expected);
        }
    }

    #[tokio::test]
    async fn names_and_numbers_lead_to_a_socket() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        for host in ["127.0.0.1", "localhost"] {
            let address = Address::parse(host, port).unwrap();
            connect(&address, Patience::USUAL).await.unwrap();
        }
    }

    #[tokio::test]
    async fn nobody_there_is_no_answer() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = Address::from(listener.local_addr().unwrap());
        drop(listener);
        let cause = connect(&address, Patience::USUAL).await.unwrap_err();
        assert_eq!(cause, Cause::NoAnswer);
    }
}

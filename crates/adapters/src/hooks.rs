//! Webhooks: a small HTTP/1.1 server that takes `POST` and `PUT` of `/hook/<id>` and says nothing
//! else.
//!
//! What a request brings along is read, bounded, and ignored: that somebody knows the unguessable
//! id is all there is to say. Pages in browsers are kept out by what browsers cannot leave away
//! (`Origin`, `Sec-Fetch-Site`). One request a connection; every connection is over after
//! [`PATIENCE`], and one host has at most [`OF_ONE_HOST`] of them, so that nobody slow keeps the
//! others out. Never spawns: all connections live in the future of [`Hooks::serve`].

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use model::HookId;
use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};
use tokio_util::sync::CancellationToken;

/// Most connections at a time.
const CONNECTIONS: usize = 64;
/// Most connections of one host at a time.
const OF_ONE_HOST: usize = 16;
/// How long a connection may take from its first byte to its last.
const PATIENCE: Duration = Duration::from_secs(10);
/// Most bytes of a head that are read.
const HEAD: usize = 16 * 1024;
/// Most bytes of a body that are read.
const BODY: usize = 64 * 1024;
/// Most calls of one webhook a second.
const CALLS_A_SECOND: u32 = 20;
/// Most addresses of this machine that are told.
const ADDRESSES: usize = 8;
/// Connections that may wait to be taken.
const BACKLOG: i32 = 64;
/// After the system has refused a connection (too many files are open, say).
const PAUSE: Duration = Duration::from_millis(200);

/// A port that is listened on.
#[derive(Debug)]
pub struct Hooks {
    listener: TcpListener,
}

impl Hooks {
    /// Listens on that port of all interfaces, IPv6 and IPv4; 0 takes a free one. Needs a runtime.
    ///
    /// # Errors
    /// What the system says: the port is in use, or is not ours to use.
    pub fn bind(port: u16) -> io::Result<Self> {
        let both = bind_to(SocketAddr::from((Ipv6Addr::UNSPECIFIED, port)));
        let socket = match both {
            // A machine without IPv6.
            Err(error) if error.kind() != io::ErrorKind::AddrInUse => {
                bind_to(SocketAddr::from((Ipv4Addr::UNSPECIFIED, port)))?
            }
            socket => socket?,
        };
        Ok(Self { listener: TcpListener::from_std(socket.into())? })
    }

    /// The port.
    ///
    /// # Errors
    /// What the system says.
    pub fn port(&self) -> io::Result<u16> {
        Ok(self.listener.local_addr()?.port())
    }

    /// Answers until the token says so. Calls of webhooks that are `known` go out; when there is
    /// no room for one, the caller is told to try again.
    pub async fn serve(
        self,
        known: watch::Receiver<BTreeSet<HookId>>,
        calls: mpsc::Sender<HookId>,
        stop: CancellationToken,
    ) {
        let door = Door { known, calls, counts: Mutex::default() };
        let mut open = FuturesUnordered::new();
        let mut hosts: BTreeMap<IpAddr, usize> = BTreeMap::new();
        let mut second = interval(Duration::from_secs(1));
        second.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let has_room = open.len() < CONNECTIONS;
            tokio::select! {
                () = stop.cancelled() => return,
                _ = second.tick() => door.forget_counts(),
                Some(host) = open.next(), if !open.is_empty() => release(&mut hosts, host),
                accepted = self.listener.accept(), if has_room => match accepted {
                    Ok((stream, from)) => {
                        if admit(&mut hosts, from.ip()) {
                            open.push(door.converse(stream, from.ip()));
                        }
                    }
                    Err(error) => {
                        tracing::debug!(%error, "A caller of a webhook was not taken in");
                        sleep(PAUSE).await;
                    }
                },
            }
        }
    }
}

/// Where webhooks that are listened for on that port can be called, without their last part: this
/// machine's addresses on its networks, IPv4 first; its loopback when it has no other.
#[must_use]
pub fn addresses(port: u16) -> Vec<String> {
    let interfaces = if_addrs::get_if_addrs().unwrap_or_default();
    let mut ips: Vec<IpAddr> = interfaces
        .iter()
        .map(if_addrs::Interface::ip)
        .filter(|ip| !ip.is_loopback() && !is_of_one_link(*ip))
        .collect();
    ips.sort_by_key(|ip| (ip.is_ipv6(), *ip));
    ips.dedup();
    ips.truncate(ADDRESSES);
    if ips.is_empty() {
        ips.push(Ipv4Addr::LOCALHOST.into());
    }
    ips.into_iter().map(|ip| format!("http://{}/hook/", SocketAddr::new(ip, port))).collect()
}

/// Such an address means nothing without the name of an interface.
fn is_of_one_link(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_unicast_link_local(),
    }
}

fn bind_to(address: SocketAddr) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    if address.is_ipv6() {
        socket.set_only_v6(false)?;
    }
    // Elsewhere this would let two programs have one port.
    #[cfg(unix)]
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket)
}

fn admit(hosts: &mut BTreeMap<IpAddr, usize>, host: IpAddr) -> bool {
    let count = hosts.entry(host).or_default();
    let fits = *count < OF_ONE_HOST;
    *count += usize::from(fits);
    fits
}

fn release(hosts: &mut BTreeMap<IpAddr, usize>, host: IpAddr) {
    if let Some(count) = hosts.get_mut(&host) {
        *count -= 1;
        if *count == 0 {
            hosts.remove(&host);
        }
    }
}

type Reply = Response<Full<Bytes>>;

/// Who is let in.
#[derive(Debug)]
struct Door {
    known: watch::Receiver<BTreeSet<HookId>>,
    calls: mpsc::Sender<HookId>,
    /// Calls of each webhook within this second.
    counts: Mutex<BTreeMap<HookId, u32>>,
}

impl Door {
    /// Hears one request and answers it. Gives back who it was.
    async fn converse(&self, stream: TcpStream, host: IpAddr) -> IpAddr {
        let answering = service_fn(|request| async {
            Ok::<Reply, Infallible>(self.answer(request).await.unwrap_or_else(|refusal| *refusal))
        });
        let connection = hyper::server::conn::http1::Builder::new()
            .keep_alive(false)
            .header_read_timeout(None)
            .max_buf_size(HEAD)
            .serve_connection(TokioIo::new(stream), answering);
        match timeout(PATIENCE, connection).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::debug!(%host, %error, "A caller of a webhook was lost"),
            Err(_) => tracing::debug!(%host, "A caller of a webhook was too slow"),
        }
        host
    }

    async fn answer(&self, request: Request<Incoming>) -> Result<Reply, Box<Reply>> {
        let hook = self.hook_of(request.uri().path())?;
        if !matches!(*request.method(), Method::POST | Method::PUT) {
            let mut refusal = say(StatusCode::METHOD_NOT_ALLOWED, "only POST and PUT\n");
            refusal.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST, PUT"));
            return Err(refusal.into());
        }
        if is_from_a_page(request.headers()) {
            return Err(refuse(StatusCode::FORBIDDEN, "pages in browsers may not call this\n"));
        }
        let body = Limited::new(request.into_body(), BODY).collect().await;
        body.map_err(|_| refuse(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large\n"))?;
        self.count(&hook)?;
        let taken = self.calls.try_send(hook);
        taken.map_err(|_| refuse(StatusCode::SERVICE_UNAVAILABLE, "busy; try again\n"))?;
        Ok(say(StatusCode::ACCEPTED, "taken in\n"))
    }

    fn hook_of(&self, path: &str) -> Result<HookId, Box<Reply>> {
        let id = path.strip_prefix("/hook/").and_then(|id| HookId::try_from(id.to_owned()).ok());
        id.filter(|id| self.known.borrow().contains(id))
            .ok_or_else(|| refuse(StatusCode::NOT_FOUND, "there is no such webhook\n"))
    }

    fn count(&self, hook: &HookId) -> Result<(), Box<Reply>> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(hook.clone()).or_default();
        *count = count.saturating_add(1);
        if *count <= CALLS_A_SECOND {
            return Ok(());
        }
        let mut refusal = say(StatusCode::TOO_MANY_REQUESTS, "too often; at most 20 a second\n");
        refusal.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        Err(refusal.into())
    }

    fn forget_counts(&self) {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// Browsers say so of every request of a page that is not a plain `GET`, and no page can stop them.
fn is_from_a_page(headers: &HeaderMap) -> bool {
    headers.contains_key(header::ORIGIN) || headers.contains_key("sec-fetch-site")
}

fn refuse(status: StatusCode, words: &'static str) -> Box<Reply> {
    say(status, words).into()
}

fn say(status: StatusCode, words: &'static str) -> Reply {
    let mut reply = Response::new(Full::new(Bytes::from_static(words.as_bytes())));
    *reply.status_mut() = status;
    let headers = reply.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    reply
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    const HOOK: &str = "0123456789abcdef";

    struct Rig {
        port: u16,
        calls: mpsc::Receiver<HookId>,
        stop: CancellationToken,
        serving: tokio::task::JoinHandle<()>,
        known: watch::Sender<BTreeSet<HookId>>,
    }

    fn rig() -> Rig {
        let hooks = Hooks::bind(0).unwrap();
        let port = hooks.port().unwrap();
        let (known, reading) = watch::channel(BTreeSet::from([HOOK.parse().unwrap()]));
        let (out, calls) = mpsc::channel(64);
        let stop = CancellationToken::new();
        let serving =
            tokio_util::task::TaskTracker::new().spawn(hooks.serve(reading, out, stop.clone()));
        Rig { port, calls, stop, serving, known }
    }

    impl Rig {
        async fn connect(&self) -> TcpStream {
            TcpStream::connect(("127.0.0.1", self.port)).await.unwrap()
        }

        /// The status of what comes back; 0 when nothing does.
        async fn status(&self, request: &str) -> u16 {
            let mut stream = self.connect().await;
            stream.write_all(request.as_bytes()).await.unwrap();
            let mut answer = Vec::new();
            drop(stream.read_to_end(&mut answer).await);
            let answer = String::from_utf8_lossy(&answer);
            answer.split(' ').nth(1).and_then(|it| it.parse().ok()).unwrap_or(0)
        }

        async fn call(&self, method: &str, more: &str) -> u16 {
            let head = format!("{method} /hook/{HOOK} HTTP/1.1\r\nhost: hub\r\n{more}\r\n");
            self.status(&head).await
        }
    }

    #[tokio::test]
    async fn a_known_webhook_is_told_once_a_call_and_nothing_else_is() {
        let mut rig = rig();
        assert_eq!(rig.call("POST", "content-length: 2\r\n\r\nhi").await, 202);
        assert_eq!(rig.call("PUT", "").await, 202);
        assert_eq!(rig.call("GET", "").await, 405);
        for path in ["/", "/hook/", "/hook/fedcba9876543210", "/hook/../x", "/hook/A b"] {
            let request = format!("POST {path} HTTP/1.1\r\nhost: hub\r\n\r\n");
            assert!([400, 404].contains(&rig.status(&request).await), "{path}");
        }
        for _ in 0..2 {
            assert_eq!(rig.calls.recv().await.unwrap().as_str(), HOOK);
        }
        assert!(rig.calls.try_recv().is_err());
    }

    #[tokio::test]
    async fn a_page_in_a_browser_is_refused() {
        let mut rig = rig();
        assert_eq!(rig.call("POST", "origin: http://elsewhere.example\r\n").await, 403);
        assert_eq!(rig.call("POST", "origin: null\r\n").await, 403);
        assert_eq!(rig.call("POST", "sec-fetch-site: same-origin\r\n").await, 403);
        assert!(rig.calls.try_recv().is_err());
    }

    #[tokio::test]
    async fn what_rules_no_longer_wait_for_is_not_there_any_more() {
        let rig = rig();
        assert_eq!(rig.call("POST", "").await, 202);
        rig.known.send_replace(BTreeSet::new());
        assert_eq!(rig.call("POST", "").await, 404);
    }

    #[tokio::test]
    async fn a_body_is_read_to_a_bound() {
        let mut rig = rig();
        let fits = format!("content-length: {BODY}\r\n\r\n{}", "x".repeat(BODY));
        assert_eq!(rig.call("POST", &fits).await, 202);
        let much = format!("transfer-encoding: chunked\r\n\r\n11000\r\n{}", "x".repeat(0x11000));
        assert_eq!(rig.call("POST", &much).await, 413);
        rig.calls.recv().await.unwrap();
        assert!(rig.calls.try_recv().is_err());
    }

    #[tokio::test]
    async fn who_calls_too_often_is_told_so_and_others_are_not() {
        let rig = rig();
        let other: HookId = "fedcba9876543210".parse().unwrap();
        rig.known.send_modify(|known| known.extend([other]));
        let mut refused = 0;
        for _ in 0..60 {
            refused += u32::from(rig.call("POST", "").await == 429);
        }
        assert!(refused > 0, "sixty in a row are more than twenty a second");
        let request = "POST /hook/fedcba9876543210 HTTP/1.1\r\nhost: hub\r\n\r\n";
        assert_eq!(rig.status(request).await, 202);
    }

    #[tokio::test]
    async fn who_is_slow_keeps_nobody_out_and_nonsense_breaks_nothing() {
        let rig = rig();
        let mut slow = Vec::new();
        for _ in 0..OF_ONE_HOST - 1 {
            let mut stream = rig.connect().await;
            stream.write_all(b"POST /hook/").await.unwrap();
            slow.push(stream);
        }
        assert_eq!(rig.call("POST", "").await, 202);
        for nonsense in ["\u{1}\u{2}\u{3}\r\n\r\n", "POST / HTTP/9.9\r\n\r\n"] {
            assert!([0, 400, 404].contains(&rig.status(nonsense).await), "{nonsense:?}");
        }
        let long = format!("x: {}\r\n", "y".repeat(2 * HEAD));
        assert!([0, 400, 431].contains(&rig.call("POST", &long).await));
        assert_eq!(rig.call("POST", "").await, 202);
    }

    #[test]
    fn where_webhooks_are_called_can_be_told() {
        let all = addresses(8123);
        assert!((1..=ADDRESSES).contains(&all.len()));
        for address in all {
            assert!(
                address.starts_with("http://") && address.ends_with(":8123/hook/"),
                "{address}"
            );
            assert!(!address.contains("fe80"), "{address}");
        }
    }

    #[tokio::test]
    async fn it_ends_when_told_whoever_is_connected_and_the_port_is_free_again() {
        let rig = rig();
        let _silent = rig.connect().await;
        let taken = Hooks::bind(rig.port).unwrap_err();
        assert_eq!(taken.kind(), io::ErrorKind::AddrInUse);
        rig.stop.cancel();
        timeout(Duration::from_secs(5), rig.serving).await.unwrap().unwrap();
        Hooks::bind(rig.port).unwrap();
    }
}

//! Who may come in: by the token of the home, or by a session that a one-time link began.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::sessions::{Mark, Sessions, is_same, mark};
use crate::place::random_hex;
use anyhow::Result;
use axum::http::{HeaderMap, header};
use model::Secret;

/// How long a link can be used.
const LINK_LIFE: Duration = Duration::from_secs(600);
/// Most links that wait to be used; the oldest go first.
const LINKS: usize = 16;
/// How long a browser keeps its session: a year.
const COOKIE_LIFE: u32 = 31_536_000;

/// Lets clients in.
#[derive(Debug)]
pub(crate) struct Doors {
    token: Mark,
    address: SocketAddr,
    /// `Host` headers that name this server.
    hosts: Vec<String>,
    cookie: String,
    links: Mutex<VecDeque<(Mark, Instant)>>,
    sessions: Sessions,
}

impl Doors {
    /// Doors of a server at that address, also known by those names.
    pub(crate) fn new(
        token: &Secret,
        sessions: Sessions,
        address: SocketAddr,
        names: &[String],
    ) -> Self {
        let port = address.port();
        let mut hosts = vec![address.to_string()];
        hosts.extend(["localhost", "127.0.0.1", "[::1]"].map(|host| format!("{host}:{port}")));
        hosts.extend(names.iter().map(|name| name.to_ascii_lowercase()));
        Self {
            token: mark(token.expose()),
            address,
            hosts,
            cookie: format!("hearth-{port}"),
            links: Mutex::default(),
            sessions,
        }
    }

    /// Whether that is a name of this server. One that listens everywhere is also known by any
    /// number: what must not pass are names, which anyone can point here.
    pub(crate) fn is_host(&self, host: &str) -> bool {
        let is_number =
            || host.parse().is_ok_and(|it: SocketAddr| it.port() == self.address.port());
        self.hosts.contains(&host.to_ascii_lowercase())
            || (self.address.ip().is_unspecified() && is_number())
    }

    /// Whether the request bears the token.
    pub(crate) fn has_token(&self, headers: &HeaderMap) -> bool {
        let value = headers.get(header::AUTHORIZATION).and_then(|it| it.to_str().ok());
        let token = value.and_then(|it| it.strip_prefix("Bearer "));
        token.is_some_and(|it| is_same(&mark(it.trim()), &self.token))
    }

    /// Whether the request bears the cookie of a session.
    pub(crate) fn has_session(&self, headers: &HeaderMap) -> bool {
        let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|it| it.to_str().ok());
        let mut values = cookies
            .flat_map(|it| it.split(';'))
            .filter_map(|it| it.trim().strip_prefix(self.cookie.as_str())?.strip_prefix('='));
        values.any(|value| self.sessions.knows(value))
    }

    /// A new link that signs in one browser, once, within ten minutes.
    pub(crate) fn new_link(&self) -> Result<String> {
        let code = random_hex()?;
        let mut links = lock(&self.links);
        if links.len() >= LINKS {
            links.pop_front();
        }
        links.push_back((mark(&code), now()));
        let host = self.link_host();
        Ok(format!("http://{host}/signin?code={code}"))
    }

    fn link_host(&self) -> String {
        if self.address.ip().is_unspecified() {
            format!("localhost:{}", self.address.port())
        } else {
            self.address.to_string()
        }
    }

    /// Trades the code of a link for the cookie of a new session. A code works once.
    pub(crate) fn redeem(&self, code: &str) -> Option<String> {
        let given = mark(code);
        {
            let mut links = lock(&self.links);
            links.retain(|(_, made)| now().duration_since(*made) < LINK_LIFE);
            let index = links.iter().position(|(known, _)| is_same(known, &given))?;
            links.remove(index)?;
        }
        let session = random_hex().ok()?;
        self.sessions.begin(&session);
        let Self { cookie, .. } = self;
        Some(format!(
            "{cookie}={session}; HttpOnly; SameSite=Strict; Path=/; Max-Age={COOKIE_LIFE}"
        ))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[expect(clippy::disallowed_methods, reason = "links grow old whether or not there is a home")]
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doors(address: &str) -> Doors {
        let token = Secret::new("t".repeat(64));
        let file = tempfile::tempdir().unwrap().path().join("sessions");
        let names = ["Home.Example:8080".to_owned()];
        Doors::new(&token, Sessions::open(file), address.parse().unwrap(), &names)
    }

    fn headers(name: header::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().unwrap())])
    }

    #[test]
    fn only_the_token_opens() {
        let doors = doors("127.0.0.1:80");
        let bearer = |token: &str| headers(header::AUTHORIZATION, &format!("Bearer {token}"));
        assert!(doors.has_token(&bearer(&"t".repeat(64))));
        assert!(!doors.has_token(&bearer(&"t".repeat(63))));
        assert!(!doors.has_token(&bearer("")));
        assert!(!doors.has_token(&HeaderMap::new()));
    }

    #[test]
    fn a_link_signs_in_once() {
        let doors = doors("127.0.0.1:4711");
        let link = doors.new_link().unwrap();
        let code = link.strip_prefix("http://127.0.0.1:4711/signin?code=").unwrap();
        assert!(doors.redeem("").is_none());
        let cookie = doors.redeem(code).unwrap();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"));
        assert!(doors.redeem(code).is_none());
        let value = cookie.split(';').next().unwrap();
        assert!(doors.has_session(&headers(header::COOKIE, &format!("a=b; {value}"))));
        assert!(!doors.has_session(&headers(header::COOKIE, "hearth-4711=")));
        assert!(!doors.has_session(&headers(header::COOKIE, &value[..value.len() - 1])));
    }

    #[test]
    fn links_are_bounded() {
        let doors = doors("127.0.0.1:4711");
        for _ in 0..100 {
            doors.new_link().unwrap();
        }
        assert_eq!(lock(&doors.links).len(), LINKS);
    }

    #[test]
    fn a_server_is_known_by_its_own_names_alone() {
        let local = doors("127.0.0.1:4711");
        for host in ["127.0.0.1:4711", "localhost:4711", "[::1]:4711", "home.example:8080"] {
            assert!(local.is_host(host), "{host}");
        }
        for host in ["evil.example:4711", "127.0.0.1", "localhost:80", "192.168.1.5:4711", ""] {
            assert!(!local.is_host(host), "{host}");
        }
        let everywhere = doors("0.0.0.0:4711");
        assert!(everywhere.is_host("192.168.1.5:4711"));
        assert!(!everywhere.is_host("evil.example:4711"));
    }
}

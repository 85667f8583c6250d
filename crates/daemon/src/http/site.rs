//! The built interface: files of one directory, with the policy that the shell's window has.

use std::io;
use std::path::{Path, PathBuf};

use anyhow::Result;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use crate::exit::{Failure, Kind};

/// Nothing but our own, and no script in a page but those that the build has put there.
const POLICY: [&str; 10] = [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
];

/// Which of them is about scripts.
const SCRIPTS: usize = 1;

/// A directory with the built interface in it.
#[derive(Debug, Clone)]
pub(crate) struct Site {
    dir: PathBuf,
}

impl Site {
    /// Finds the interface where it was asked for: there, or beside this program, or (in a debug
    /// build) where the source tree builds it.
    pub(crate) fn locate(asked: Option<&Option<PathBuf>>) -> Result<Option<Self>> {
        let Some(dir) = asked else { return Ok(None) };
        let places = match dir {
            Some(dir) => vec![dir.clone()],
            None => usual_places(),
        };
        let found = places.iter().find(|dir| dir.join("index.html").is_file()).cloned();
        match found {
            Some(dir) => Ok(Some(Self { dir })),
            None => {
                let places: Vec<String> =
                    places.iter().map(|dir| dir.display().to_string()).collect();
                let words = format!("there is no built interface in {}", places.join(" or "));
                Err(Failure::new(Kind::Refused, words).into())
            }
        }
    }

    /// The file of that path; the start page for the paths of its own pages.
    pub(super) async fn answer(&self, path: &str, headers: &HeaderMap) -> Response {
        let name = path.trim_start_matches('/');
        let is_page = name.is_empty() || !name.rsplit('/').next().unwrap_or("").contains('.');
        let outcome = if is_page || name == "index.html" {
            self.page().await
        } else if is_plain(name) {
            self.file(name, headers).await
        } else {
            return StatusCode::NOT_FOUND.into_response();
        };
        outcome.unwrap_or_else(|error| {
            if error.kind() != io::ErrorKind::NotFound {
                tracing::warn!(%error, path, "A file of the interface cannot be read");
            }
            StatusCode::NOT_FOUND.into_response()
        })
    }

    async fn page(&self) -> io::Result<Response> {
        let text = tokio::fs::read_to_string(self.dir.join("index.html")).await?;
        let policy = policy(&text);
        let headers = [
            (header::CONTENT_TYPE, "text/html; charset=utf-8"),
            (header::CACHE_CONTROL, "no-cache"),
            (header::CONTENT_SECURITY_POLICY, &policy),
        ];
        Ok((headers, text).into_response())
    }

    async fn file(&self, name: &str, headers: &HeaderMap) -> io::Result<Response> {
        let path = self.dir.join(name);
        let compressed = if takes_brotli(headers) { read(&with_br(&path)).await? } else { None };
        let is_compressed = compressed.is_some();
        let bytes = match compressed {
            Some(bytes) => bytes,
            None => read(&path).await?.ok_or(io::ErrorKind::NotFound)?,
        };
        let cache =
            if is_hashed(name) { "public, max-age=31536000, immutable" } else { "no-cache" };
        let mut response = (
            [
                (header::CONTENT_TYPE, content_type(name)),
                (header::CACHE_CONTROL, cache),
                (header::VARY, "accept-encoding"),
            ],
            bytes,
        )
            .into_response();
        if is_compressed {
            let encoding = (header::CONTENT_ENCODING, HeaderValue::from_static("br"));
            response.headers_mut().extend([encoding] as [(HeaderName, HeaderValue); 1]);
        }
        Ok(response)
    }
}

fn usual_places() -> Vec<PathBuf> {
    let beside = std::env::current_exe().ok().and_then(|it| Some(it.parent()?.join("ui")));
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/dist");
    beside.into_iter().chain(cfg!(debug_assertions).then_some(source)).collect()
}

async fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match tokio::fs::read(path).await {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn with_br(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".br");
    name.into()
}

/// A relative path of plain names: nothing leads out of the directory, nothing hidden is shown.
fn is_plain(name: &str) -> bool {
    name.split('/').all(|part| {
        !part.is_empty()
            && !part.starts_with('.')
            && part.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | '.'))
    })
}

fn takes_brotli(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|it| it.to_str().ok());
    accepted.unwrap_or_default().split(',').any(|it| {
        let mut parts = it.split(';').map(str::trim);
        parts.next() == Some("br") && parts.next() != Some("q=0")
    })
}

/// The build names files by their content: such a file never changes.
fn is_hashed(name: &str) -> bool {
    let is_hash = |part: &str| part.len() >= 8 && part.chars().all(|it| it.is_ascii_hexdigit());
    name.split(['/', '-', '_', '.']).any(is_hash)
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "wasm" => "application/wasm",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// The policy for a page: scripts inside it are allowed by their hashes, and only those.
fn policy(page: &str) -> String {
    let mut directives: Vec<String> = POLICY.iter().map(|&it| it.to_owned()).collect();
    for script in inline_scripts(page) {
        let hash = STANDARD.encode(Sha256::digest(script.as_bytes()));
        directives[SCRIPTS].push_str(&format!(" 'sha256-{hash}'"));
    }
    directives.join("; ")
}

/// The text of every script in a page that our own build has written.
fn inline_scripts(page: &str) -> Vec<&str> {
    let mut scripts = Vec::new();
    let mut rest = page;
    while let Some((_, after)) = rest.split_once("<script") {
        let Some((tag, body)) = after.split_once('>') else { break };
        let Some((script, after)) = body.split_once("</script>") else { break };
        if !tag.contains(" src=") {
            scripts.push(script);
        }
        rest = after;
    }
    scripts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site() -> (tempfile::TempDir, Site) {
        let dir = tempfile::tempdir().unwrap();
        let page = "<html><script type=\"module\">boot()</script><script src=\"/x.js\"></script>";
        std::fs::write(dir.path().join("index.html"), page).unwrap();
        std::fs::write(dir.path().join("ui-0123456789abcdef_bg.wasm"), "plain").unwrap();
        std::fs::write(dir.path().join("ui-0123456789abcdef_bg.wasm.br"), "small").unwrap();
        let site = Site::locate(Some(&Some(dir.path().to_owned()))).unwrap().unwrap();
        (dir, site)
    }

    fn header_of(response: &Response, name: HeaderName) -> String {
        response.headers().get(name).map(|it| it.to_str().unwrap().to_owned()).unwrap_or_default()
    }

    #[tokio::test]
    async fn pages_carry_the_policy_with_the_hash_of_their_own_scripts() {
        let (_dir, site) = site();
        for path in ["/", "/device/shelly-1", "/index.html"] {
            let response = site.answer(path, &HeaderMap::new()).await;
            assert_eq!(response.status(), StatusCode::OK, "{path}");
            let policy = header_of(&response, header::CONTENT_SECURITY_POLICY);
            let hash = STANDARD.encode(Sha256::digest(b"boot()"));
            assert!(policy.contains(&format!("'wasm-unsafe-eval' 'sha256-{hash}';")), "{policy}");
            assert_eq!(policy.matches("sha256-").count(), 1);
            assert_eq!(header_of(&response, header::CACHE_CONTROL), "no-cache");
        }
    }

    #[tokio::test]
    async fn files_come_compressed_to_those_who_understand_it() {
        let (_dir, site) = site();
        let path = "/ui-0123456789abcdef_bg.wasm";
        let plain = site.answer(path, &HeaderMap::new()).await;
        assert_eq!(header_of(&plain, header::CONTENT_TYPE), "application/wasm");
        assert!(header_of(&plain, header::CACHE_CONTROL).contains("immutable"));
        assert_eq!(header_of(&plain, header::CONTENT_ENCODING), "");
        let accepts = (header::ACCEPT_ENCODING, HeaderValue::from_static("gzip, br"));
        let small = site.answer(path, &HeaderMap::from_iter([accepts])).await;
        assert_eq!(header_of(&small, header::CONTENT_ENCODING), "br");
    }

    #[tokio::test]
    async fn nothing_outside_and_nothing_hidden_is_served() {
        let (dir, site) = site();
        std::fs::write(dir.path().join(".env.txt"), "secret").unwrap();
        for path in ["/../Cargo.toml", "/.env.txt", "/a/../../x.js", "/%2e%2e/x.js", "/none.js"] {
            let response = site.answer(path, &HeaderMap::new()).await;
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        }
    }

    #[test]
    fn a_missing_interface_is_said_in_words() {
        let dir = tempfile::tempdir().unwrap();
        let error = Site::locate(Some(&Some(dir.path().to_owned()))).unwrap_err();
        assert!(error.to_string().contains("no built interface"), "{error}");
    }
}

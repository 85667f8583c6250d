//! Who gets in, and who does not.

use crate::common::{Place, site};

#[test]
fn the_ready_line_is_one_line_and_health_is_open() {
    let place = Place::new();
    let daemon = place.serve(&["--no-discovery"]);
    assert_eq!(daemon.ready["version"], env!("CARGO_PKG_VERSION"));
    assert!(daemon.address.ip().is_loopback());
    let health = daemon.ask("GET /api/v1/health", &[]);
    assert_eq!(health.status, 200);
    assert!(health.body.contains("\"status\":\"ok\""), "{}", health.body);
    let version = format!("\"api\":{}", api::VERSION);
    assert!(health.body.contains(&version), "{}", health.body);
    daemon.signal("-TERM");
    let (status, rest) = daemon.end();
    assert!(status.success() && rest.is_empty(), "{status} {rest}");
    assert!(!place.dir().join("address").exists());
}

#[test]
fn the_socket_opens_to_the_token_alone() {
    let place = Place::new();
    let daemon = place.serve(&["--no-discovery"]);
    let bearer = format!("Bearer {}", daemon.token());
    assert_eq!(daemon.ask_for_socket(&[]), 401);
    assert_eq!(daemon.ask_for_socket(&[("Authorization", "Bearer 00")]), 401);
    assert_eq!(daemon.ask_for_socket(&[("Authorization", &bearer)]), 101);
    let origin = format!("http://{}", daemon.address);
    let own = [("Authorization", bearer.as_str()), ("Origin", origin.as_str())];
    assert_eq!(daemon.ask_for_socket(&own), 101);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(place.dir().join("token")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn other_names_and_other_pages_are_refused() {
    let place = Place::new();
    let daemon = place.serve(&["--no-discovery", "--allow-host", "home.example"]);
    let bearer = format!("Bearer {}", daemon.token());
    let port = daemon.address.port();
    let rebound = format!("evil.example:{port}");
    assert_eq!(daemon.ask("GET /api/v1/health", &[("Host", &rebound)]).status, 403);
    assert_eq!(daemon.ask("GET /api/v1/health", &[("Host", "home.example")]).status, 200);
    let localhost = format!("localhost:{port}");
    assert_eq!(daemon.ask("GET /api/v1/health", &[("Host", &localhost)]).status, 200);
    let evil = [("Authorization", bearer.as_str()), ("Origin", "http://evil.example")];
    assert_eq!(daemon.ask_for_socket(&evil), 403);
    assert_eq!(daemon.ask("POST /api/v1/links", &evil).status, 403);
    let null = [("Authorization", bearer.as_str()), ("Origin", "null")];
    assert_eq!(daemon.ask_for_socket(&null), 403);
}

#[test]
fn a_link_signs_one_browser_in_once() {
    let place = Place::new();
    let ui = site(&place.dir());
    let daemon = place.serve(&["--no-discovery", "--ui", ui.to_str().unwrap()]);
    let stranger = daemon.ask("GET /", &[]);
    assert_eq!(stranger.status, 401);
    assert!(stranger.body.contains("hearthd link"), "{}", stranger.body);

    let link = daemon.ready["link"].as_str().unwrap();
    let path = link.strip_prefix(&format!("http://{}", daemon.address)).unwrap().to_owned();
    let signed_in = daemon.ask(&format!("GET {path}"), &[]);
    assert_eq!(signed_in.status, 303);
    assert_eq!(signed_in.header("location"), Some("/"));
    let cookie = signed_in.header("set-cookie").unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap().to_owned();
    assert_eq!(daemon.ask(&format!("GET {path}"), &[]).status, 401, "used up");

    let page = daemon.ask("GET /", &[("Cookie", &cookie)]);
    assert_eq!(page.status, 200);
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; script-src 'self'"), "{policy}");
    assert!(policy.contains("'sha256-"), "{policy}");
    assert_eq!(page.header("cache-control"), Some("no-cache"));
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
    let wasm = daemon.ask("GET /ui-0123456789abcdef_bg.wasm", &[("Cookie", &cookie)]);
    assert_eq!(wasm.header("content-type"), Some("application/wasm"));

    let origin = format!("http://{}", daemon.address);
    let browser = [("Cookie", cookie.as_str()), ("Origin", origin.as_str())];
    assert_eq!(daemon.ask_for_socket(&browser), 101);
    assert_eq!(daemon.ask_for_socket(&browser[..1]), 403, "browsers say where they come from");

    let another = place.run(&["link"]);
    assert_eq!(another.code, 0, "{another:?}");
    assert!(another.out.starts_with("http://") && another.out.trim() != link);
}

#[test]
fn what_would_be_unsafe_or_impossible_is_refused_in_words() {
    let place = Place::new();
    let open = place.run(&["serve", "--listen", "0.0.0.0:0"]);
    assert_eq!(open.code, 5);
    assert!(open.err.contains("--allow-network"), "{}", open.err);
    let missing = place.run(&["serve", "--ui", "/nonexistent"]);
    assert_eq!(missing.code, 5);
    assert!(missing.err.contains("no built interface"), "{}", missing.err);
    assert_eq!(place.run(&["link"]).code, 3);

    let daemon = place.serve(&["--no-discovery"]);
    let second = place.run(&["serve", "--no-keyring", "--no-discovery"]);
    assert_eq!(second.code, 5);
    assert!(second.err.contains("another Hearth has this home open"), "{}", second.err);
    let still = daemon.ask("GET /api/v1/health", &[]);
    assert_eq!(still.status, 200);
    assert_eq!(place.ctl(&["devices"]).code, 0, "the first still has its address file");
}

//! Digest authentication with SHA-256 as Shelly Gen2+ devices ask for it, on HTTP and inside
//! JSON-RPC frames (there with a fixed stand-in for method and address).
//! Source: Shelly's public API reference, "Authentication"; recorded challenges.

use std::collections::{BTreeMap, VecDeque};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// How many challenges are remembered; an older one must be asked for again.
const CHALLENGES: usize = 16;

/// The challenges a device has given out, and how often each was answered.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    issued: VecDeque<(u32, u32)>,
    count: u32,
}

/// What a client says to be let in.
struct Claim<'a> {
    username: &'a str,
    realm: &'a str,
    nonce: u32,
    /// As it was written, for the hash.
    nonce_text: &'a str,
    nc: u32,
    nc_text: &'a str,
    cnonce: &'a str,
    response: &'a str,
}

impl Gate {
    /// A new challenge's number.
    pub(crate) fn challenge(&mut self, seed: u64) -> u32 {
        self.count += 1;
        let nonce = 1_700_000_000 + (seed as u32 % 90_000_000) + self.count;
        if self.issued.len() == CHALLENGES {
            self.issued.pop_front();
        }
        self.issued.push_back((nonce, 0));
        nonce
    }

    /// Whether the `auth` member of a JSON-RPC frame proves the password.
    pub(crate) fn admits_frame(&mut self, auth: &Value, realm: &str, password: &str) -> bool {
        let text = |key: &str| auth.get(key).and_then(Value::as_str).unwrap_or_default();
        let number = |key: &str| match auth.get(key) {
            Some(Value::Number(number)) => number.to_string(),
            Some(Value::String(text)) => text.clone(),
            _ => String::new(),
        };
        let (nonce_text, nc_text) = (number("nonce"), number("nc"));
        let claim = Claim {
            username: text("username"),
            realm: text("realm"),
            nonce: nonce_text.parse().unwrap_or(0),
            nonce_text: &nonce_text,
            nc: nc_text.parse().unwrap_or(0),
            nc_text: &nc_text,
            cnonce: text("cnonce"),
            response: text("response"),
        };
        self.admits(&claim, realm, password, &sha256("dummy_method:dummy_uri"))
    }

    /// Whether the `Authorization` header of a request proves the password.
    pub(crate) fn admits_header(
        &mut self,
        header: &str,
        request: (&str, &str),
        realm: &str,
        password: &str,
    ) -> bool {
        let Some(fields) = fields(header) else { return false };
        let text = |key: &str| fields.get(key).map(String::as_str).unwrap_or_default();
        let claim = Claim {
            username: text("username"),
            realm: text("realm"),
            nonce: u32::from_str_radix(text("nonce"), 16).unwrap_or(0),
            nonce_text: text("nonce"),
            nc: u32::from_str_radix(text("nc"), 16).unwrap_or(0),
            nc_text: text("nc"),
            cnonce: text("cnonce"),
            response: text("response"),
        };
        let (method, uri) = request;
        text("uri") == uri
            && self.admits(&claim, realm, password, &sha256(&format!("{method}:{uri}")))
    }

    fn admits(&mut self, claim: &Claim<'_>, realm: &str, password: &str, ha2: &str) -> bool {
        let issued = self.issued.iter_mut().find(|(nonce, _)| *nonce == claim.nonce);
        let Some((_, last)) = issued.filter(|(_, last)| *last < claim.nc) else { return false };
        let ha1 = sha256(&format!("admin:{realm}:{password}"));
        let Claim { nonce_text, nc_text, cnonce, .. } = claim;
        let due = sha256(&format!("{ha1}:{nonce_text}:{nc_text}:{cnonce}:auth:{ha2}"));
        let proven = claim.username == "admin" && claim.realm == realm && claim.response == due;
        if proven {
            *last = claim.nc;
        }
        proven
    }
}

/// The challenge for the `WWW-Authenticate` header.
pub(crate) fn header(nonce: u32, realm: &str) -> String {
    format!(r#"Digest qop="auth", realm="{realm}", nonce="{nonce:x}", algorithm=SHA-256"#)
}

/// The challenge for a JSON-RPC error: JSON in a string, as devices send it.
pub(crate) fn frame(nonce: u32, realm: &str) -> Value {
    let message = json!({
        "auth_type": "digest", "nonce": nonce, "nc": 1, "realm": realm, "algorithm": "SHA-256",
    });
    json!({ "code": 401, "message": message.to_string() })
}

fn fields(header: &str) -> Option<BTreeMap<String, String>> {
    let (scheme, rest) = header.trim().split_once(' ')?;
    let field = |part: &str| {
        let (key, value) = part.trim().split_once('=')?;
        Some((key.trim().to_ascii_lowercase(), value.trim().trim_matches('"').to_owned()))
    };
    scheme.eq_ignore_ascii_case("digest").then(|| split(rest).filter_map(field).collect())
}

/// Splits at commas outside quotes.
fn split(text: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |letter| {
        quoted ^= letter == '"';
        letter == ',' && !quoted
    })
}

fn sha256(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(password: &str, nonce: u32, nc: u32) -> Value {
        let ha1 = sha256(&format!("admin:shelly-x:{password}"));
        let ha2 = sha256("dummy_method:dummy_uri");
        let response = sha256(&format!("{ha1}:{nonce}:{nc}:abc:auth:{ha2}"));
        json!({
            "realm": "shelly-x", "username": "admin", "nonce": nonce, "nc": nc, "cnonce": "abc",
            "response": response, "algorithm": "SHA-256",
        })
    }

    #[test]
    fn the_password_opens_and_another_does_not() {
        let mut gate = Gate::default();
        let nonce = gate.challenge(5);
        assert!(gate.admits_frame(&answer("sesame", nonce, 1), "shelly-x", "sesame"));
        assert!(!gate.admits_frame(&answer("guess", nonce, 2), "shelly-x", "sesame"));
        assert!(!gate.admits_frame(&json!({}), "shelly-x", "sesame"));
    }

    #[test]
    fn an_answer_opens_only_once() {
        let mut gate = Gate::default();
        let nonce = gate.challenge(5);
        assert!(gate.admits_frame(&answer("sesame", nonce, 1), "shelly-x", "sesame"));
        assert!(!gate.admits_frame(&answer("sesame", nonce, 1), "shelly-x", "sesame"));
        assert!(gate.admits_frame(&answer("sesame", nonce, 2), "shelly-x", "sesame"));
    }

    #[test]
    fn a_header_is_read_with_commas_in_quotes() {
        let all = fields(r#"Digest username="admin", uri="/rpc?a=1,2", nc=00000001"#).unwrap();
        assert_eq!(all["uri"], "/rpc?a=1,2");
        assert_eq!(all["nc"], "00000001");
        assert!(fields("Basic abc").is_none());
    }

    proptest::proptest! {
        #[test]
        fn nothing_but_the_password_opens(header in "(Digest )?.{0,200}") {
            let mut gate = Gate::default();
            gate.challenge(1);
            assert!(!gate.admits_header(&header, ("GET", "/rpc"), "shelly-x", "sesame"));
        }
    }
}

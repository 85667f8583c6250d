//! Shelly's digest authentication over JSON-RPC.
//!
//! As RFC 7616 with SHA-256, but that a frame has neither method nor address: the second hash is of
//! the constant `dummy_method:dummy_uri` (<https://shelly-api-docs.shelly.cloud/gen2/General/Authentication>).
//! The user is always `admin`.

use model::Secret;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::json::Scalar;

/// A challenge is a few hundred bytes; nothing longer is read.
const MAX_CHALLENGE: usize = 4_096;

/// What a device wants proven: the text of the error message of a 401.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Challenge {
    realm: String,
    /// A number on old firmware, a text on new; echoed as it came.
    nonce: Value,
    /// The first count to use. Some devices send it as a text.
    #[serde(default)]
    nc: Scalar,
    #[serde(default)]
    algorithm: Scalar,
    #[serde(default)]
    stale: Scalar,
}

impl Challenge {
    /// Reads the message of a 401; `None` when it is no challenge that we can meet.
    pub(crate) fn read(message: &str) -> Option<Self> {
        let bounded = message.get(..MAX_CHALLENGE).unwrap_or(message);
        let challenge: Self = serde_json::from_str(bounded).ok()?;
        let known = challenge.algorithm.text().is_none_or(|it| it == "SHA-256");
        let sound = challenge.nonce.is_string() || challenge.nonce.is_number();
        (known && sound).then_some(challenge)
    }

    /// The device says that only the nonce was too old (firmware 2.0 and later).
    pub(crate) fn is_stale(&self) -> bool {
        self.stale.flag() == Some(true)
    }

    fn first_count(&self) -> u32 {
        let number = self.nc.number().or_else(|| self.nc.text()?.parse().ok());
        number.filter(|it| (1.0..1e9).contains(it)).map_or(1, |it| it as u32)
    }

    fn nonce_text(&self) -> String {
        self.nonce.as_str().map_or_else(|| self.nonce.to_string(), str::to_owned)
    }
}

/// Meets a challenge again and again, counting.
#[derive(Clone)]
pub(crate) struct Digest {
    challenge: Challenge,
    first_hash: String,
    client_nonce: String,
    count: u32,
}

impl std::fmt::Debug for Digest {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Digest").field("count", &self.count).finish_non_exhaustive()
    }
}

impl Digest {
    pub(crate) fn new(challenge: Challenge, password: &Secret, client_nonce: &str) -> Self {
        let first_hash = hash(&format!("admin:{}:{}", challenge.realm, password.expose()));
        let count = challenge.first_count();
        Self { challenge, first_hash, client_nonce: client_nonce.to_owned(), count }
    }

    /// The `auth` object of the next frame.
    pub(crate) fn next(&mut self) -> Value {
        let Self { challenge, first_hash, client_nonce, count } = self;
        let second_hash = hash("dummy_method:dummy_uri");
        let nonce = challenge.nonce_text();
        let response =
            hash(&format!("{first_hash}:{nonce}:{count}:{client_nonce}:auth:{second_hash}"));
        let auth = json!({
            "realm": challenge.realm,
            "username": "admin",
            "nonce": challenge.nonce,
            "nc": count,
            "cnonce": client_nonce,
            "response": response,
            "algorithm": "SHA-256",
        });
        self.count = self.count.saturating_add(1);
        auth
    }
}

fn hash(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORDED: &str = include_str!("fixtures/shellyplus2pm/Cover.Close_auth_failure");

    fn recorded() -> Challenge {
        let frame: Value = serde_json::from_str(RECORDED).unwrap();
        Challenge::read(frame["error"]["message"].as_str().unwrap()).unwrap()
    }

    #[test]
    fn a_recorded_challenge_is_met_as_computed_by_hand() {
        let secret = Secret::new("mypassword".to_owned());
        let mut digest = Digest::new(recorded(), &secret, "313273957");
        let auth = digest.next();
        // sha256sum of the three strings of the specification, by coreutils.
        assert_eq!(
            auth["response"],
            "68ed9d74f0b1ddc8670c49ca664ea0fe8a491a75407f50efdf4492f718a1ee57"
        );
        assert_eq!(auth["nonce"], 1_725_185_413);
        assert_eq!((&auth["nc"], &digest.next()["nc"]), (&json!(1), &json!(2)));
    }

    #[test]
    fn counts_and_nonces_come_as_numbers_and_as_texts() {
        let text = r#"{"realm":"r","nonce":"abc","nc":"7","algorithm":"SHA-256","stale":true}"#;
        let challenge = Challenge::read(text).unwrap();
        assert!(challenge.is_stale());
        let auth = Digest::new(challenge, &Secret::new(String::new()), "c").next();
        assert_eq!((&auth["nc"], &auth["nonce"]), (&json!(7), &json!("abc")));
    }

    #[test]
    fn what_is_no_challenge_is_not_met() {
        for text in [
            "",
            "Unauthorized",
            r#"{"realm":"r","nonce":1,"algorithm":"MD5"}"#,
            r#"{"realm":"r","nonce":[1]}"#,
            r#"{"nonce":1}"#,
        ] {
            assert_eq!(Challenge::read(text), None, "{text}");
        }
    }

    #[test]
    fn a_digest_prints_no_hash() {
        let digest = Digest::new(recorded(), &Secret::new("mypassword".to_owned()), "c");
        assert_eq!(format!("{digest:?}"), "Digest { count: 1, .. }");
    }
}

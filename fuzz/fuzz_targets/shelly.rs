//! Whatever a Shelly sends, in whatever order: frames are cut at line breaks.
#![no_main]

use libfuzzer_sys::fuzz_target;
use model::{Address, Secret};
use protocols::Session as _;
use protocols::shelly::{Identity, ShellySession, Start};

fuzz_target!(|bytes: &[u8]| {
    drop(Identity::read(bytes));
    let address: Address = Address::parse("10.0.0.2", 80).unwrap();
    let secret = Some(Secret::new("secret".to_owned()));
    let start = Start { expected: None, address, secret, random: [7; 16] };
    let (mut session, _) = ShellySession::open(start);
    for result in [
        r#"{"id":1,"result":{"mac":"AABBCCDDEEFF","gen":2}}"#.as_bytes(),
        br#"{"id":2,"result":{"input:0":{"type":"button"}}}"#,
    ] {
        drop(session.handle_frame(result));
    }
    for frame in bytes.split(|byte| *byte == b'\n').take(32) {
        assert!(session.handle_frame(frame).len() <= 70);
        // The same as a result of what is asked next, and as what is pushed.
        for id in 1..6 {
            let head = format!(r#"{{"id":{id},"result":"#);
            drop(session.handle_frame(&[head.as_bytes(), frame, b"}"].concat()));
        }
        for method in ["NotifyStatus", "NotifyFullStatus", "NotifyEvent"] {
            let head = format!(r#"{{"method":"{method}","params":"#);
            drop(session.handle_frame(&[head.as_bytes(), frame, b"}"].concat()));
        }
    }
});

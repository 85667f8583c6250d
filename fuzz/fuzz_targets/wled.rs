//! Whatever a WLED answers at first, and pushes later.
#![no_main]

use libfuzzer_sys::fuzz_target;
use model::Address;
use protocols::Session as _;
use protocols::wled::WledSession;

const LAMP: &[u8] = include_bytes!("../../crates/protocols/src/wled/fixtures/wled.json");

fuzz_target!(|bytes: &[u8]| {
    let address = Address::parse("10.0.0.3", 80).unwrap();
    if let Ok((mut session, outputs)) = WledSession::open(None, &address, bytes) {
        assert!(outputs.len() <= 3);
        assert!(session.handle_frame(bytes).len() <= 3);
    }
    let Ok((mut session, _)) = WledSession::open(None, &address, LAMP) else { return };
    for frame in bytes.split(|byte| *byte == b'\n').take(32) {
        assert!(session.handle_frame(frame).len() <= 3);
    }
});

//! Whatever a device sends, a session takes it: in the clear, and where encryption is expected.
#![no_main]

use libfuzzer_sys::fuzz_target;
use model::Secret;
use protocols::esphome::{Message, Session};

fuzz_target!(|data: &[u8]| {
    let key = Secret::new("CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk=".to_owned());
    for secret in [None, Some(&key)] {
        let (mut session, mut events) = (Session::new(None, secret, [7; 32]), Vec::new());
        for chunk in data.chunks(97) {
            if session.receive(chunk, &mut events).is_err() {
                break;
            }
            drop(session.take_outbox());
        }
    }
    if let [kind, body @ ..] = data {
        drop(Message::decode(u32::from(*kind), body));
    }
});

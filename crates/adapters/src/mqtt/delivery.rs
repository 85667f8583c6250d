//! Which deliveries were taken in already.
//!
//! A broker that did not hear our answer delivers once more, with the same number and a mark that
//! it may be a repetition. The number alone says little, because it is used again for other
//! messages; number, topic and payload together say as much as can be known.

use std::collections::VecDeque;

use rumqttc::Publish;

/// So many deliveries are remembered: more than a broker has on its way to us at a time.
const REMEMBERED: usize = 256;

/// The last deliveries.
#[derive(Debug, Default)]
pub(super) struct Deliveries(VecDeque<(u16, u64)>);

impl Deliveries {
    /// Whether this is the repetition of one that was taken in. Remembers it if not.
    pub(super) fn is_known(&mut self, message: &Publish) -> bool {
        if message.pkid == 0 {
            return false;
        }
        let delivery = (message.pkid, fingerprint(message));
        if message.dup && self.0.contains(&delivery) {
            return true;
        }
        if self.0.len() >= REMEMBERED {
            self.0.pop_front();
        }
        self.0.push_back(delivery);
        false
    }
}

/// FNV-1a, 64 bits, of the topic and the payload.
fn fingerprint(message: &Publish) -> u64 {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let bytes = message.topic.iter().chain(&[0xff]).chain(message.payload.iter());
    bytes.fold(OFFSET, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(PRIME))
}

#[cfg(test)]
mod tests {
    use rumqttc::QoS;

    use super::*;

    fn message(number: u16, payload: &str, again: bool) -> Publish {
        let mut message =
            Publish::new("home/bell", QoS::AtLeastOnce, payload.as_bytes().to_vec(), None);
        (message.pkid, message.dup) = (number, again);
        message
    }

    #[test]
    fn a_repetition_is_known_and_a_message_of_the_same_words_is_not() {
        let mut deliveries = Deliveries::default();
        assert!(!deliveries.is_known(&message(7, "ring", false)));
        assert!(deliveries.is_known(&message(7, "ring", true)));
        assert!(!deliveries.is_known(&message(8, "ring", true)), "its first delivery was lost");
        assert!(!deliveries.is_known(&message(7, "ring", false)), "the number was used again");
        assert!(!deliveries.is_known(&message(7, "stop", true)));
        assert!(!deliveries.is_known(&message(0, "ring", true)), "QoS 0 has no numbers");
    }

    #[test]
    fn it_remembers_no_more_than_it_needs() {
        let mut deliveries = Deliveries::default();
        for number in 1..=1_000 {
            assert!(!deliveries.is_known(&message(number, "ring", false)));
        }
        assert_eq!(deliveries.0.len(), REMEMBERED);
        assert!(deliveries.is_known(&message(1_000, "ring", true)));
    }
}

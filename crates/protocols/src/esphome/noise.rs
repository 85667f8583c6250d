//! The encryption of the native API: `Noise_NNpsk0_25519_ChaChaPoly_SHA256`.
//!
//! The client sends an empty hello and the first handshake message; the device answers with a hello
//! (`0x01`, its name and its MAC address, each ended by a zero byte) and the second handshake
//! message. Handshake messages carry a first byte: 0 for good, 1 for a refusal in words. After that
//! a Noise message holds the number and the length of a message (16 bits each, big-endian) and its
//! body. Facts from aioesphomeapi's and the firmware's frame helpers, both 2026.
//!
//! The handshake proves that both know the key. It does not prove which of the devices that know it
//! answers: that is the session's business.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use model::Secret;
use snow::params::{CipherChoice, DHChoice, HashChoice};
use snow::resolvers::{CryptoResolver, DefaultResolver};
use snow::types::{Cipher, Dh, Hash, Random};

const PATTERN: &str = "Noise_NNpsk0_25519_ChaChaPoly_SHA256";
/// The prologue: a magic word and the (empty) frame of the client's hello.
const PROLOGUE: &[u8] = b"NoiseAPIInit\0\0";
/// What firmware answers to a handshake that was made with another key.
const MAC_FAILURE: &str = "Handshake MAC failure";
/// Noise messages are no longer than this.
const MAX_MESSAGE: usize = 65_535;
/// What authentication adds to a Noise message.
const TAG: usize = 16;
/// The first handshake message of either side: a public key and a tag.
const HANDSHAKE: usize = 48;

/// Why encryption failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoiseError {
    /// The peer has another key.
    #[error("the key is not the device's")]
    WrongKey,
    /// The peer refused the handshake; its words.
    #[error("the handshake was refused: {0}")]
    Refused(String),
    /// A message that is not what the handshake has at its place.
    #[error("the handshake is malformed")]
    Handshake,
    /// A message that was not encrypted by the peer of the handshake.
    #[error("a message cannot be decrypted")]
    Undecryptable,
    /// A message that is too long to be sent.
    #[error("a message is too long to be encrypted")]
    TooLong,
}

/// The key that a device and its clients share.
#[derive(Clone, PartialEq, Eq)]
pub struct Key([u8; 32]);

impl Key {
    /// Reads a key as ESPHome writes it: 32 bytes in base64. `None` when the text is no key.
    #[must_use]
    pub fn read(secret: &Secret) -> Option<Self> {
        let bytes = STANDARD.decode(secret.expose().trim()).ok()?;
        bytes.try_into().ok().map(Self)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Key([redacted])")
    }
}

/// One end of an encrypted connection.
pub struct Noise {
    state: State,
    claimed_mac: Option<String>,
}

enum State {
    /// A client that has said hello and waits for the device's.
    ClientHello(Box<snow::HandshakeState>),
    /// A client that waits for the second handshake message.
    ClientHandshake(Box<snow::HandshakeState>),
    /// A device that waits for a client's hello; with the hello that it will answer.
    DeviceHello(Box<snow::HandshakeState>, Vec<u8>),
    /// A device that waits for the first handshake message.
    DeviceHandshake(Box<snow::HandshakeState>),
    Ready(Box<snow::TransportState>),
    Failed,
}

impl fmt::Debug for Noise {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.state {
            State::ClientHello(_) | State::DeviceHello(..) => "hello",
            State::ClientHandshake(_) | State::DeviceHandshake(_) => "handshake",
            State::Ready(_) => "ready",
            State::Failed => "failed",
        };
        formatter.debug_tuple("Noise").field(&state).finish()
    }
}

impl Noise {
    /// The client's end. `random` must never be used twice.
    #[must_use]
    pub fn client(key: &Key, random: [u8; 32]) -> Self {
        let state = builder(key, random)
            .and_then(snow::Builder::build_initiator)
            .map_or(State::Failed, |handshake| State::ClientHello(Box::new(handshake)));
        Self { state, claimed_mac: None }
    }

    /// The device's end, with the name and the MAC address (twelve digits) that it tells every
    /// client. `random` must never be used twice.
    #[must_use]
    pub fn device(key: &Key, name: &str, mac: &str, random: [u8; 32]) -> Self {
        let hello = format!("\u{1}{name}\0{mac}\0").into_bytes();
        let state = builder(key, random)
            .and_then(snow::Builder::build_responder)
            .map_or(State::Failed, |handshake| State::DeviceHello(Box::new(handshake), hello));
        Self { state, claimed_mac: None }
    }

    /// What the peer said its MAC address is, in its hello. Proven by nothing.
    pub(super) fn claimed_mac(&self) -> Option<&str> {
        self.claimed_mac.as_deref()
    }

    pub(super) fn is_ready(&self) -> bool {
        matches!(self.state, State::Ready(_))
    }

    /// A client speaks first: hello and handshake in one go.
    pub(super) fn start(&mut self, out: &mut Vec<u8>) {
        if let State::ClientHello(handshake) = &mut self.state {
            let mut message = [0; HANDSHAKE];
            if handshake.write_message(&[], &mut message).is_ok() {
                put_frame(&[], out);
                put_frame(&[&[0], &message[..]].concat(), out);
            }
        }
    }

    /// Takes the content of a frame: a message's number and body, or `None` while the handshake
    /// goes on.
    pub(super) fn receive(
        &mut self,
        frame: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<Option<(u32, Vec<u8>)>, NoiseError> {
        match std::mem::replace(&mut self.state, State::Failed) {
            State::Ready(mut transport) => {
                let message = decrypt(&mut transport, frame)?;
                self.state = State::Ready(transport);
                return Ok(Some(message));
            }
            State::ClientHello(handshake) => {
                self.claimed_mac = read_hello(frame)?;
                self.state = State::ClientHandshake(handshake);
            }
            State::ClientHandshake(handshake) => self.state = finish_as_client(handshake, frame)?,
            State::DeviceHello(handshake, hello) => {
                put_frame(&hello, out);
                self.state = State::DeviceHandshake(handshake);
            }
            State::DeviceHandshake(handshake) => {
                self.state = finish_as_device(handshake, frame, out)?;
            }
            State::Failed => return Err(NoiseError::Handshake),
        }
        Ok(None)
    }

    /// Puts one message into a frame.
    pub(super) fn put_message(
        &mut self,
        kind: u32,
        body: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), NoiseError> {
        let State::Ready(transport) = &mut self.state else {
            return Err(NoiseError::Handshake);
        };
        let short = |number: usize| u16::try_from(number).map_err(|_| NoiseError::TooLong);
        let head = [short(kind as usize)?.to_be_bytes(), short(body.len())?.to_be_bytes()].concat();
        let plain = [&head[..], body].concat();
        if plain.len() + TAG > MAX_MESSAGE {
            return Err(NoiseError::TooLong);
        }
        let mut sealed = vec![0; plain.len() + TAG];
        transport.write_message(&plain, &mut sealed).map_err(|_| NoiseError::TooLong)?;
        put_frame(&sealed, out);
        Ok(())
    }

    /// Refuses the peer in words.
    pub(super) fn reject(&mut self, words: &str, out: &mut Vec<u8>) {
        if matches!(self.state, State::DeviceHello(..) | State::DeviceHandshake(_)) {
            put_rejection(words, out);
        }
        self.state = State::Failed;
    }
}

fn builder(key: &Key, random: [u8; 32]) -> Result<snow::Builder<'_>, snow::Error> {
    snow::Builder::with_resolver(PATTERN.parse()?, Box::new(Primitives { random }))
        .psk(0, &key.0)?
        .prologue(PROLOGUE)
}

fn put_frame(content: &[u8], out: &mut Vec<u8>) {
    let length = u16::try_from(content.len()).unwrap_or(u16::MAX);
    out.push(1);
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(content);
}

fn put_rejection(words: &str, out: &mut Vec<u8>) {
    put_frame(&[&[1], words.as_bytes()].concat(), out);
}

/// Reads a device's hello for its MAC address. Firmware before 2025.4 does not tell it.
fn read_hello(frame: &[u8]) -> Result<Option<String>, NoiseError> {
    match frame {
        [1, rest @ ..] => {
            let mac = rest.split(|byte| *byte == 0).nth(1);
            let mac = mac.and_then(|mac| std::str::from_utf8(mac).ok());
            Ok(mac.filter(|mac| (12..=17).contains(&mac.len())).map(str::to_owned))
        }
        [0, ..] => Err(NoiseError::Handshake),
        _ => Err(refusal(frame)),
    }
}

fn refusal(frame: &[u8]) -> NoiseError {
    let words: String =
        String::from_utf8_lossy(frame.get(1..).unwrap_or_default()).chars().take(80).collect();
    if words == MAC_FAILURE { NoiseError::WrongKey } else { NoiseError::Refused(words) }
}

fn finish_as_client(
    mut handshake: Box<snow::HandshakeState>,
    frame: &[u8],
) -> Result<State, NoiseError> {
    let Some(message) = frame.strip_prefix(&[0]) else {
        return Err(refusal(frame));
    };
    handshake.read_message(message, &mut [0; HANDSHAKE]).map_err(|error| match error {
        snow::Error::Decrypt => NoiseError::WrongKey,
        _ => NoiseError::Handshake,
    })?;
    into_transport(*handshake)
}

fn finish_as_device(
    mut handshake: Box<snow::HandshakeState>,
    frame: &[u8],
    out: &mut Vec<u8>,
) -> Result<State, NoiseError> {
    let message = frame.strip_prefix(&[0]).ok_or(NoiseError::Handshake)?;
    if let Err(error) = handshake.read_message(message, &mut [0; HANDSHAKE]) {
        let wrong_key = matches!(error, snow::Error::Decrypt);
        put_rejection(if wrong_key { MAC_FAILURE } else { "Handshake error" }, out);
        return Err(if wrong_key { NoiseError::WrongKey } else { NoiseError::Handshake });
    }
    let mut answer = [0; HANDSHAKE];
    handshake.write_message(&[], &mut answer).map_err(|_| NoiseError::Handshake)?;
    put_frame(&[&[0], &answer[..]].concat(), out);
    into_transport(*handshake)
}

fn into_transport(handshake: snow::HandshakeState) -> Result<State, NoiseError> {
    let transport = handshake.into_transport_mode().map_err(|_| NoiseError::Handshake)?;
    Ok(State::Ready(Box::new(transport)))
}

fn decrypt(
    transport: &mut snow::TransportState,
    frame: &[u8],
) -> Result<(u32, Vec<u8>), NoiseError> {
    let mut plain = vec![0; frame.len()];
    let length =
        transport.read_message(frame, &mut plain).map_err(|_| NoiseError::Undecryptable)?;
    plain.truncate(length);
    let &[kind_high, kind_low, length_high, length_low, ..] = plain.as_slice() else {
        return Err(NoiseError::Undecryptable);
    };
    let length = usize::from(u16::from_be_bytes([length_high, length_low]));
    plain.drain(..4);
    plain.truncate(length);
    Ok((u32::from(u16::from_be_bytes([kind_high, kind_low])), plain))
}

/// The usual primitives, but with random bytes that were handed in: one ephemeral key's worth.
struct Primitives {
    random: [u8; 32],
}

impl CryptoResolver for Primitives {
    fn resolve_rng(&self) -> Option<Box<dyn Random>> {
        Some(Box::new(Handed(Some(self.random))))
    }

    fn resolve_dh(&self, choice: &DHChoice) -> Option<Box<dyn Dh>> {
        DefaultResolver.resolve_dh(choice)
    }

    fn resolve_hash(&self, choice: &HashChoice) -> Option<Box<dyn Hash>> {
        DefaultResolver.resolve_hash(choice)
    }

    fn resolve_cipher(&self, choice: &CipherChoice) -> Option<Box<dyn Cipher>> {
        DefaultResolver.resolve_cipher(choice)
    }
}

/// Random bytes that are given out once.
struct Handed(Option<[u8; 32]>);

impl Random for Handed {
    fn try_fill_bytes(&mut self, dest: &mut [u8]) -> Result<(), snow::Error> {
        let random = self.0.take().ok_or(snow::Error::Rng)?;
        let random = random.get(..dest.len()).ok_or(snow::Error::Rng)?;
        dest.copy_from_slice(random);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::message::Message;
    use super::super::proto::{HelloRequest, Nothing};
    use super::super::transport::{Transport, TransportError};
    use super::*;

    fn key(fill: u8) -> Key {
        Key([fill; 32])
    }

    fn client(fill: u8) -> Transport {
        Transport::encrypted(Noise::client(&key(fill), [1; 32]))
    }

    fn device(fill: u8) -> Transport {
        Transport::encrypted(Noise::device(&key(fill), "lamp", "aabbccddeeff", [2; 32]))
    }

    fn carry(from: &mut Transport, to: &mut Transport) -> Result<Vec<Message>, TransportError> {
        to.receive(&from.take_outbox());
        let mut messages = Vec::new();
        loop {
            match to.next_message() {
                Ok(Some(message)) => messages.push(message),
                Ok(None) => return Ok(messages),
                Err(error) => {
                    to.take_leave(&error);
                    return Err(error);
                }
            }
        }
    }

    #[test]
    fn a_client_and_a_device_with_one_key_understand_each_other() {
        let (mut client, mut device) = (client(9), device(9));
        let hello = Message::HelloRequest(HelloRequest {
            client_info: "test".to_owned(),
            ..HelloRequest::default()
        });
        client.send(hello.clone()).unwrap();
        assert_eq!(carry(&mut client, &mut device), Ok(vec![]));
        assert_eq!(carry(&mut device, &mut client), Ok(vec![]));
        assert_eq!(client.claimed_mac(), Some("aabbccddeeff"));
        assert_eq!(carry(&mut client, &mut device), Ok(vec![hello]));
        device.send(Message::PingRequest(Nothing {})).unwrap();
        assert_eq!(carry(&mut device, &mut client), Ok(vec![Message::PingRequest(Nothing {})]));
    }

    #[test]
    fn another_key_is_refused_in_words_that_both_understand() {
        let (mut client, mut device) = (client(9), device(8));
        let wrong = TransportError::Noise(NoiseError::WrongKey);
        assert_eq!(carry(&mut client, &mut device), Err(wrong.clone()));
        assert_eq!(carry(&mut device, &mut client), Err(wrong));
    }

    #[test]
    fn a_message_that_was_touched_on_its_way_is_refused() {
        let (mut client, mut device) = (client(9), device(9));
        carry(&mut client, &mut device).unwrap();
        carry(&mut device, &mut client).unwrap();
        client.send(Message::PingRequest(Nothing {})).unwrap();
        let mut bytes = client.take_outbox();
        *bytes.last_mut().unwrap() ^= 1;
        device.receive(&bytes);
        assert_eq!(device.next_message(), Err(TransportError::Noise(NoiseError::Undecryptable)));
    }

    #[test]
    fn a_device_that_does_not_encrypt_is_not_spoken_to_in_the_clear() {
        let (mut client, mut device) = (client(9), Transport::clear());
        client.send(Message::PingRequest(Nothing {})).unwrap();
        assert_eq!(carry(&mut client, &mut device), Err(TransportError::PeerEncrypts));
        assert_eq!(carry(&mut device, &mut client), Err(TransportError::PeerInTheClear));
        assert!(client.take_outbox().is_empty());
    }

    #[test]
    fn a_device_that_encrypts_tells_a_client_in_the_clear() {
        let (mut client, mut device) = (Transport::clear(), device(9));
        client.send(Message::PingRequest(Nothing {})).unwrap();
        assert_eq!(carry(&mut client, &mut device), Err(TransportError::PeerInTheClear));
        assert_eq!(carry(&mut device, &mut client), Err(TransportError::PeerEncrypts));
    }

    #[test]
    fn a_key_is_32_bytes_in_base64() {
        let read = |text: &str| Key::read(&Secret::new(text.to_owned()));
        assert_eq!(read("CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk=\n"), Some(key(9)));
        assert_eq!(read("CQkJCQk="), None);
        assert_eq!(read("my password"), None);
        assert_eq!(format!("{:?}", key(9)), "Key([redacted])");
    }

    #[test]
    fn old_firmware_tells_no_address_in_its_hello() {
        assert_eq!(read_hello(b"\x01lamp\0"), Ok(None));
        assert_eq!(read_hello(b"\x01lamp\0aabbccddeeff\0"), Ok(Some("aabbccddeeff".to_owned())));
        assert_eq!(read_hello(b""), Err(NoiseError::Refused(String::new())));
        assert_eq!(
            read_hello(b"\x02Bad indicator byte"),
            Err(NoiseError::Refused("Bad indicator byte".to_owned()))
        );
    }
}

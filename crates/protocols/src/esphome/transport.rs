//! Frames on the wire, in the clear or encrypted, for both ends of a connection.
//!
//! In the clear a frame is `0x00`, the body's length and the message's number (both as protobuf
//! varints), and the body. Encrypted it is `0x01`, a big-endian length of 16 bits and a Noise
//! message; see [`noise`](super::noise). The first byte a peer sends tells which of the two it
//! speaks. Nothing here falls back from one to the other: whoever has a key and meets a peer that
//! does not encrypt has met somebody else, or a device that was changed.

use super::message::{Message, UnreadableMessage};
use super::noise::{Noise, NoiseError};

/// The longest body in the clear, in bytes. Firmware itself takes at most 32 KiB; a Noise frame
/// holds at most 65,535 by its nature.
pub const MAX_BODY: usize = 64 * 1024;

/// Buffers that have grown beyond this are given back when they are empty.
const KEPT_CAPACITY: usize = 2 * 1024;

/// First byte of a frame in the clear.
const CLEAR: u8 = 0x00;
/// First byte of an encrypted frame.
const ENCRYPTED: u8 = 0x01;

/// Why the bytes of a peer are not frames.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// The peer encrypts, and we have not.
    #[error("the device wants encryption")]
    PeerEncrypts,
    /// We encrypt, and the peer does not.
    #[error("a key is set, but the device does not encrypt")]
    PeerInTheClear,
    /// The frame starts with neither of the two first bytes.
    #[error("a frame starts with byte {0:#04x}")]
    FirstByte(u8),
    /// The frame announces a longer body than we take.
    #[error("a frame announces more than {MAX_BODY} bytes")]
    TooLong,
    /// A number of more than 32 bits in a frame's head.
    #[error("a number in the head of a frame does not end")]
    EndlessNumber,
    /// The encryption went wrong.
    #[error(transparent)]
    Noise(#[from] NoiseError),
    /// The frame's body is not the message that it should be.
    #[error(transparent)]
    Message(#[from] UnreadableMessage),
}

/// One end of a connection: bytes in, messages out, and the other way round.
#[derive(Debug)]
pub struct Transport {
    security: Security,
    inbox: Vec<u8>,
    /// How much of the inbox has been read.
    read: usize,
    outbox: Vec<u8>,
    /// What was said before the encryption stood.
    waiting: Vec<(u32, Vec<u8>)>,
}

#[derive(Debug)]
enum Security {
    Clear,
    Noise(Box<Noise>),
}

impl Transport {
    /// An end that speaks in the clear.
    #[must_use]
    pub fn clear() -> Self {
        Self::new(Security::Clear)
    }

    /// An end that encrypts.
    #[must_use]
    pub fn encrypted(mut noise: Noise) -> Self {
        let mut outbox = Vec::new();
        noise.start(&mut outbox);
        Self { outbox, ..Self::new(Security::Noise(Box::new(noise))) }
    }

    fn new(security: Security) -> Self {
        Self { security, inbox: Vec::new(), read: 0, outbox: Vec::new(), waiting: Vec::new() }
    }

    /// Takes bytes that have arrived. Call [`Self::next_message`] until there is none.
    pub fn receive(&mut self, bytes: &[u8]) {
        self.inbox.extend_from_slice(bytes);
    }

    /// The next whole message, if there is one.
    ///
    /// # Errors
    /// When what arrived is no frame. The connection is of no use then; a device should still
    /// [`Self::take_leave`].
    pub fn next_message(&mut self) -> Result<Option<Message>, TransportError> {
        loop {
            match self.next_frame()? {
                Step::Starved => {
                    self.forget_what_is_read();
                    return Ok(None);
                }
                Step::Handshake => self.send_what_waited()?,
                Step::Message(message) => return Ok(Some(message)),
            }
        }
    }

    /// Puts a message into the outbox; while the encryption does not stand yet, it waits.
    ///
    /// # Errors
    /// When it cannot be encrypted.
    pub fn send(&mut self, message: Message) -> Result<(), TransportError> {
        self.send_frame(message.kind(), message.body())
    }

    /// Like [`Self::send`], with a body that need not be what the number promises: for simulated
    /// devices that talk nonsense.
    ///
    /// # Errors
    /// When it cannot be encrypted.
    pub fn send_frame(&mut self, kind: u32, body: Vec<u8>) -> Result<(), TransportError> {
        match &mut self.security {
            Security::Clear => put_clear_frame(kind, &body, &mut self.outbox),
            Security::Noise(noise) if noise.is_ready() => {
                noise.put_message(kind, &body, &mut self.outbox)?;
            }
            Security::Noise(_) => self.waiting.push((kind, body)),
        }
        Ok(())
    }

    /// Bytes to be written to the peer; the outbox is empty afterwards.
    #[must_use]
    pub fn take_outbox(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.outbox)
    }

    /// The MAC address that an encrypting device has told before it proved anything.
    #[must_use]
    pub fn claimed_mac(&self) -> Option<&str> {
        match &self.security {
            Security::Clear => None,
            Security::Noise(noise) => noise.claimed_mac(),
        }
    }

    /// Whether messages travel encrypted.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        matches!(self.security, Security::Noise(_))
    }

    /// The device's end tells a client that came with the wrong kind of frame which kind is spoken
    /// here, as firmware does: the first byte alone is understood by either.
    pub fn take_leave(&mut self, error: &TransportError) {
        let wrong_kind = matches!(
            error,
            TransportError::PeerEncrypts
                | TransportError::PeerInTheClear
                | TransportError::FirstByte(_)
        );
        match &mut self.security {
            Security::Noise(noise) if wrong_kind => {
                noise.reject("Bad indicator byte", &mut self.outbox);
            }
            Security::Clear if wrong_kind => self.outbox.extend_from_slice(b"\0Bad indicator byte"),
            Security::Noise(_) | Security::Clear => {}
        }
    }

    fn next_frame(&mut self) -> Result<Step, TransportError> {
        let unread = self.inbox.get(self.read..).unwrap_or_default();
        let Some(first) = unread.first() else {
            return Ok(Step::Starved);
        };
        match (&mut self.security, *first) {
            (Security::Clear, CLEAR) => {
                let Some(frame) = ClearFrame::read(unread)? else {
                    return Ok(Step::Starved);
                };
                self.read += frame.length;
                Ok(Step::Message(Message::decode(frame.kind, frame.body)?))
            }
            (Security::Noise(noise), ENCRYPTED) => {
                let Some(frame) = noise_frame(unread) else {
                    return Ok(Step::Starved);
                };
                self.read += 3 + frame.len();
                match noise.receive(frame, &mut self.outbox)? {
                    Some((kind, body)) => Ok(Step::Message(Message::decode(kind, &body)?)),
                    None => Ok(Step::Handshake),
                }
            }
            (Security::Clear, ENCRYPTED) => Err(TransportError::PeerEncrypts),
            (Security::Noise(_), CLEAR) => Err(TransportError::PeerInTheClear),
            (_, other) => Err(TransportError::FirstByte(other)),
        }
    }

    fn send_what_waited(&mut self) -> Result<(), TransportError> {
        let ready = matches!(&self.security, Security::Noise(noise) if noise.is_ready());
        let waiting = if ready { std::mem::take(&mut self.waiting) } else { Vec::new() };
        waiting.into_iter().try_for_each(|(kind, body)| self.send_frame(kind, body))
    }

    fn forget_what_is_read(&mut self) {
        self.inbox.drain(..self.read.min(self.inbox.len()));
        self.read = 0;
        if self.inbox.is_empty() && self.inbox.capacity() > KEPT_CAPACITY {
            self.inbox = Vec::new();
        }
    }
}

#[expect(clippy::large_enum_variant, reason = "lives for a moment, on the stack")]
enum Step {
    Starved,
    Handshake,
    Message(Message),
}

struct ClearFrame<'a> {
    kind: u32,
    body: &'a [u8],
    length: usize,
}

impl<'a> ClearFrame<'a> {
    /// Reads one frame from its first byte; `None` when it is not all there yet.
    fn read(bytes: &'a [u8]) -> Result<Option<Self>, TransportError> {
        let Some((length, kind_at)) = varint(bytes, 1)? else {
            return Ok(None);
        };
        let length = length as usize;
        if length > MAX_BODY {
            return Err(TransportError::TooLong);
        }
        let Some((kind, body_at)) = varint(bytes, kind_at)? else {
            return Ok(None);
        };
        let end = body_at + length;
        Ok(bytes.get(body_at..end).map(|body| Self { kind, body, length: end }))
    }
}

/// A protobuf varint of at most 32 bits and where it ends; `None` when it is not all there yet.
fn varint(bytes: &[u8], start: usize) -> Result<Option<(u32, usize)>, TransportError> {
    let mut value = 0_u64;
    for (index, byte) in bytes.iter().skip(start).take(5).enumerate() {
        value |= u64::from(byte & 0x7F) << (7 * index);
        if byte & 0x80 == 0 {
            let value = u32::try_from(value).map_err(|_| TransportError::EndlessNumber)?;
            return Ok(Some((value, start + index + 1)));
        }
    }
    if bytes.len() >= start + 5 { Err(TransportError::EndlessNumber) } else { Ok(None) }
}

fn put_clear_frame(kind: u32, body: &[u8], out: &mut Vec<u8>) {
    out.push(CLEAR);
    prost::encoding::encode_varint(body.len() as u64, out);
    prost::encoding::encode_varint(u64::from(kind), out);
    out.extend_from_slice(body);
}

/// The Noise message in the frame that the bytes start with, when it is all there.
fn noise_frame(bytes: &[u8]) -> Option<&[u8]> {
    let [_, high, low, rest @ ..] = bytes else {
        return None;
    };
    rest.get(..usize::from(u16::from_be_bytes([*high, *low])))
}

#[cfg(test)]
mod tests {
    use super::super::proto::{Nothing, SwitchStateResponse};
    use super::*;

    fn all(transport: &mut Transport) -> Result<Vec<Message>, TransportError> {
        let mut messages = Vec::new();
        while let Some(message) = transport.next_message()? {
            messages.push(message);
        }
        Ok(messages)
    }

    fn switch(on: bool) -> Message {
        Message::SwitchStateResponse(SwitchStateResponse { key: 7, state: on, device_id: 0 })
    }

    #[test]
    fn a_ping_in_the_clear_is_three_bytes() {
        let mut transport = Transport::clear();
        transport.send(Message::PingRequest(Nothing {})).unwrap();
        assert_eq!(transport.take_outbox(), [0, 0, 7]);
        assert!(transport.take_outbox().is_empty());
    }

    #[test]
    fn frames_are_found_wherever_the_stream_is_cut() {
        let sent = [switch(true), Message::PingRequest(Nothing {}), switch(false)];
        let mut sender = Transport::clear();
        sent.iter().for_each(|it| sender.send(it.clone()).unwrap());
        let bytes = sender.take_outbox();
        for cut in 0..=bytes.len() {
            let (head, tail) = bytes.split_at(cut);
            let mut receiver = Transport::clear();
            receiver.receive(head);
            let mut messages = all(&mut receiver).unwrap();
            receiver.receive(tail);
            messages.extend(all(&mut receiver).unwrap());
            assert_eq!(messages, sent, "cut at {cut}");
        }
    }

    #[test]
    fn an_announced_monster_is_refused_before_it_arrives() {
        let mut transport = Transport::clear();
        transport.receive(&[0, 0x80, 0x80, 0x80, 0x30, 26]);
        assert_eq!(all(&mut transport), Err(TransportError::TooLong));
    }

    #[test]
    fn a_number_without_end_is_refused() {
        let mut transport = Transport::clear();
        transport.receive(&[0, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80]);
        assert_eq!(all(&mut transport), Err(TransportError::EndlessNumber));
    }

    #[test]
    fn whoever_speaks_in_the_clear_learns_that_the_peer_encrypts() {
        let mut transport = Transport::clear();
        transport.receive(b"\x01\x00\x13\x01Bad indicator byte");
        assert_eq!(all(&mut transport), Err(TransportError::PeerEncrypts));
    }

    #[test]
    fn a_web_page_is_no_frame() {
        let mut transport = Transport::clear();
        transport.receive(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        let error = TransportError::FirstByte(b'H');
        assert_eq!(all(&mut transport), Err(error.clone()));
        transport.take_leave(&error);
        assert_eq!(transport.take_outbox(), b"\0Bad indicator byte");
    }

    #[test]
    fn a_large_buffer_is_given_back() {
        let mut transport = Transport::clear();
        let mut bytes = vec![0, 0x80, 0x80, 0x02, 0x63];
        bytes.extend(vec![0; 32 * 1024]);
        transport.receive(&bytes);
        assert_eq!(all(&mut transport).unwrap(), [Message::Other(99)]);
        assert!(transport.inbox.capacity() <= KEPT_CAPACITY);
    }
}

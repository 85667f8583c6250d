//! What a simulated ESPHome device answers on one connection.

use std::sync::Arc;

use model::Secret;
use protocols::esphome::{Key, Message, Noise, Transport, TransportError, proto};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::broadcast::{self, error::RecvError};

use super::{Esphome, VERSION};
use crate::Wire;
use crate::fault::HUGE;

/// Read at a time.
const CHUNK: usize = 2 * 1024;
/// A key that nobody has: what a device that refuses everybody encrypts with.
const NOBODYS_KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// Whether the conversation goes on.
#[derive(Debug, PartialEq, Eq)]
enum Next {
    Go,
    Over,
}

/// Speaks until the client goes, or talks nonsense.
pub(super) async fn serve(device: Arc<Esphome>, mut wire: Wire) {
    let Some(transport) = transport(&device) else { return };
    let pushes = device.pushes.subscribe();
    let mut connection = Connection { device, transport, pushes, subscribed: false };
    let mut chunk = vec![0; CHUNK];
    loop {
        let next = tokio::select! {
            read = wire.read(&mut chunk) => match read {
                Ok(length @ 1..) => connection.hear(chunk.get(..length).unwrap_or_default()),
                Ok(0) | Err(_) => return,
            },
            pushed = connection.pushes.recv(), if connection.subscribed => {
                connection.pass_on(pushed)
            }
        };
        let bytes = connection.transport.take_outbox();
        let huge = connection.device.core.ailments().huge && !bytes.is_empty();
        let written = if huge { flood(&mut wire).await } else { wire.write_all(&bytes).await };
        if written.is_err() || next == Next::Over {
            return;
        }
    }
}

/// One end of the connection; `None` when the key is none or there is no randomness.
fn transport(device: &Esphome) -> Option<Transport> {
    let Some(secret) = device.core.secret() else {
        return Some(Transport::clear());
    };
    let refusing = device.core.ailments().refuse_auth;
    let nobodys = Secret::new(NOBODYS_KEY.to_owned());
    let key = Key::read(if refusing { &nobodys } else { secret })?;
    let mut random = [0; 32];
    getrandom::fill(&mut random).ok()?;
    Some(Transport::encrypted(Noise::device(&key, &device.node(), &device.core.mac(), random)))
}

/// Announces a body of 100 MB, and sends it.
async fn flood(wire: &mut Wire) -> std::io::Result<()> {
    // 0x00, the length and the number of a DeviceInfoResponse, as varints.
    wire.write_all(&[0, 0x80, 0x80, 0x80, 0x32, 10]).await?;
    let zeros = vec![0; 64 * 1024];
    for _ in 0..HUGE / (64 * 1024) {
        wire.write_all(&zeros).await?;
    }
    Ok(())
}

struct Connection {
    device: Arc<Esphome>,
    transport: Transport,
    pushes: broadcast::Receiver<Message>,
    subscribed: bool,
}

impl Connection {
    fn hear(&mut self, bytes: &[u8]) -> Next {
        self.transport.receive(bytes);
        loop {
            match self.transport.next_message() {
                Ok(Some(message)) => match self.answer(&message) {
                    Ok(Next::Go) => {}
                    Ok(Next::Over) | Err(_) => return Next::Over,
                },
                Ok(None) => return Next::Go,
                Err(error) => {
                    self.transport.take_leave(&error);
                    return Next::Over;
                }
            }
        }
    }

    fn pass_on(&mut self, pushed: Result<Message, RecvError>) -> Next {
        let states = match pushed {
            Ok(state) => vec![state],
            Err(RecvError::Lagged(_)) => self.device.states(),
            Err(RecvError::Closed) => return Next::Over,
        };
        match self.say(states) {
            Ok(()) => Next::Go,
            Err(_) => Next::Over,
        }
    }

    fn answer(&mut self, message: &Message) -> Result<Next, TransportError> {
        let answers = match message {
            Message::HelloRequest(_) => vec![Message::HelloResponse(proto::HelloResponse {
                api_version_major: 1,
                api_version_minor: 14,
                server_info: VERSION.to_owned(),
                name: self.device.node(),
            })],
            Message::AuthenticationRequest(_) if self.refuses_passwords() => {
                let refusal = proto::AuthenticationResponse { invalid_password: true };
                vec![Message::AuthenticationResponse(refusal)]
            }
            Message::DeviceInfoRequest(_) => vec![Message::DeviceInfoResponse(self.info())],
            Message::ListEntitiesRequest(_) => {
                let done = Message::ListEntitiesDoneResponse(proto::Nothing {});
                self.device.lists().into_iter().chain([done]).collect()
            }
            Message::SubscribeStatesRequest(_) => {
                self.subscribed = true;
                self.device.states()
            }
            Message::PingRequest(_) => vec![Message::PingResponse(proto::Nothing {})],
            Message::DisconnectRequest(_) => {
                self.say(vec![Message::DisconnectResponse(proto::Nothing {})])?;
                return Ok(Next::Over);
            }
            command => {
                self.device.obey(command);
                Vec::new()
            }
        };
        self.say(answers)?;
        Ok(Next::Go)
    }

    /// Says it, or nonsense in its place.
    fn say(&mut self, messages: Vec<Message>) -> Result<(), TransportError> {
        let nonsense = self.device.core.ailments().garbage_messages;
        for message in messages {
            if nonsense {
                self.transport.send_frame(message.kind(), vec![0xFF; 24])?;
            } else {
                self.transport.send(message)?;
            }
        }
        Ok(())
    }

    /// In the clear there is only the password to refuse.
    fn refuses_passwords(&self) -> bool {
        self.device.core.ailments().refuse_auth && !self.transport.is_encrypted()
    }

    fn info(&self) -> proto::DeviceInfoResponse {
        let mac = self.device.core.mac().to_uppercase();
        let pairs: Vec<_> = mac.as_bytes().chunks(2).map(String::from_utf8_lossy).collect();
        proto::DeviceInfoResponse {
            uses_password: self.refuses_passwords(),
            name: self.device.node(),
            mac_address: pairs.join(":"),
            esphome_version: VERSION.to_owned(),
            compilation_time: "Nov 22 2026, 12:00:00".to_owned(),
            model: "esp32dev".to_owned(),
            project_name: format!("hearth.{}", self.device.product.model()),
            project_version: "1.0".to_owned(),
            manufacturer: "Espressif".to_owned(),
            friendly_name: self.device.core.name(),
            api_encryption_supported: self.transport.is_encrypted(),
            devices: Vec::new(),
        }
    }
}

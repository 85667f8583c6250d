//! ESPHome devices that pour: twenty of them with twenty sensors each, on real sockets, at any rate.
//! Their frames are made before they are needed, so that pouring costs next to nothing.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{JoinHandle, sleep};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use model::{Change, DeviceId, Family};
use protocols::esphome::{Message, Transport, proto};

use crate::figures::now;
use crate::prepared::stranger;

/// How many devices, and sensors on each.
pub(crate) const DEVICES: usize = 20;
pub(crate) const SENSORS: u16 = 20;
/// The endpoint that carries the marks, on the first device.
pub(crate) const MARKED: &str = "sensor-mark";
/// Every device writes once in this time what has come due: up to 20,000 reports a second, each
/// report is a write of its own.
const TICK: Duration = Duration::from_millis(1);
/// Time between two marks.
const MARKS: Duration = Duration::from_millis(20);
/// Different values that each sensor goes through, round after round.
const ROUNDS: u16 = 256;
/// A state on the wire: three bytes of frame, five of key, five of value.
const FRAME: usize = 13;
/// Key of the sensor that carries the marks.
const MARK: u32 = 0xFFFF;

/// What the sensors of a device are, over and over.
const KINDS: [(&str, &str); 8] = [
    ("temperature", "°C"),
    ("humidity", "%"),
    ("illuminance", "lx"),
    ("carbon_dioxide", "ppm"),
    ("pm25", "µg/m³"),
    ("power", "W"),
    ("energy", "kWh"),
    ("", "dBm"),
];

/// Devices with their listeners.
#[derive(Debug)]
pub(crate) struct Blaster {
    spouts: Vec<Arc<Spout>>,
    marks: Arc<AtomicU32>,
}

/// One device and whoever is connected to it.
#[derive(Debug)]
struct Spout {
    number: usize,
    port: u16,
    /// Nobody until a client wants to know the states.
    client: Mutex<Option<TcpStream>>,
    frames: Vec<u8>,
}

/// What was poured in one go.
#[derive(Debug)]
pub(crate) struct Poured {
    /// Reports written into sockets.
    pub(crate) sent: u64,
    /// Reports that should have been by then.
    pub(crate) due: u64,
    /// Each mark and when it was written.
    pub(crate) marks: Vec<(u32, Instant)>,
}

impl Blaster {
    /// Opens the listeners.
    pub(crate) fn start() -> Result<Self> {
        let frames = frames()?;
        let mut spouts = Vec::with_capacity(DEVICES);
        for number in 0..DEVICES {
            let listener = TcpListener::bind("127.0.0.1:0")?;
            let port = listener.local_addr()?.port();
            let (client, frames) = (Mutex::default(), frames.clone());
            let spout = Arc::new(Spout { number, port, client, frames });
            spouts.push(Arc::clone(&spout));
            std::thread::spawn(move || {
                // One client at a time; when it goes, the next may come.
                for stream in listener.incoming().map_while(Result::ok) {
                    if let Err(error) = spout.serve(stream) {
                        eprintln!("  device {}: {error:#}", spout.number);
                    }
                }
            });
        }
        Ok(Self { spouts, marks: Arc::default() })
    }

    /// The devices as a home knows them.
    pub(crate) fn records(&self) -> Result<Vec<Change>> {
        let record = |spout: &Arc<Spout>| {
            let address = format!("127.0.0.1:{}", spout.port).parse()?;
            let id = DeviceId::from_mac("esphome", &spout.mac())?;
            Ok(stranger(id, Family::Esphome, address))
        };
        self.spouts.iter().map(record).collect()
    }

    /// The ports of its listeners.
    pub(crate) fn ports(&self) -> impl Iterator<Item = u16> {
        self.spouts.iter().map(|it| it.port)
    }

    /// Pours at that rate until told to stop.
    pub(crate) fn pour(&self, rate: u32, stop: &Arc<AtomicBool>) -> JoinHandle<Result<Poured>> {
        let (spouts, marks) = (self.spouts.clone(), Arc::clone(&self.marks));
        let stop = Arc::clone(stop);
        std::thread::spawn(move || pour(&spouts, rate, &marks, &stop))
    }
}

/// Keeps to a timetable rather than to a pace: what was late is made good at once.
fn pour(spouts: &[Arc<Spout>], rate: u32, mark: &AtomicU32, stop: &AtomicBool) -> Result<Poured> {
    let mut poured = Poured { sent: 0, due: 0, marks: Vec::new() };
    let start = now();
    let mut places = vec![0; spouts.len()];
    let mut turn = 0;
    let mut next_mark = Duration::ZERO;
    for tick in 1.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let at = TICK * tick;
        sleep(at.saturating_sub(start.elapsed()));
        poured.due = (at.as_secs_f64() * f64::from(rate)) as u64;
        let count = (poured.due - poured.sent) as usize;
        for (number, (spout, place)) in spouts.iter().zip(&mut places).enumerate() {
            // Even shares; those whose turn it is take the rest.
            let is_next = (number + spouts.len() - turn) % spouts.len() < count % spouts.len();
            let share = count / spouts.len() + usize::from(is_next);
            spout.write(place, share)?;
            poured.sent += share as u64;
        }
        turn = (turn + count) % spouts.len();
        if at >= next_mark {
            next_mark = at + MARKS;
            let value = mark.fetch_add(1, Ordering::Relaxed) + 1;
            poured.marks.push((value, now()));
            spouts.first().context("a device")?.say(&[state(MARK, value as f32)])?;
        }
    }
    poured.due = (start.elapsed().as_secs_f64() * f64::from(rate)) as u64;
    Ok(poured)
}

impl Spout {
    fn mac(&self) -> String {
        format!("7cdfa1{:06x}", self.number + 1)
    }

    fn client(&self) -> MutexGuard<'_, Option<TcpStream>> {
        self.client.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes that many of its frames, from `place` on and round.
    fn write(&self, place: &mut usize, mut count: usize) -> Result<()> {
        let mut client = self.client();
        let client = client.as_mut().context("the hub is not connected any more")?;
        let all = self.frames.len() / FRAME;
        while count > 0 {
            let run = count.min(all - *place);
            client.write_all(&self.frames[*place * FRAME..(*place + run) * FRAME])?;
            *place = (*place + run) % all;
            count -= run;
        }
        Ok(())
    }

    fn say(&self, messages: &[Message]) -> Result<()> {
        let bytes = encoded(messages)?;
        let mut client = self.client();
        client.as_mut().context("the hub is not connected")?.write_all(&bytes)?;
        Ok(())
    }

    /// Answers one client until it goes.
    fn serve(&self, mut stream: TcpStream) -> Result<()> {
        stream.set_nodelay(true)?;
        *self.client() = None;
        let mut transport = Transport::clear();
        let mut chunk = [0; 4_096];
        loop {
            let length = stream.read(&mut chunk)?;
            if length == 0 {
                return Ok(());
            }
            transport.receive(&chunk[..length]);
            while let Some(message) = transport.next_message()? {
                if let Message::SubscribeStatesRequest(_) = message {
                    *self.client() = Some(stream.try_clone()?);
                }
                let answers = encoded(&self.answers(&message))?;
                // Not between two halves of what is poured.
                let _pouring = self.client();
                stream.write_all(&answers)?;
            }
        }
    }

    fn answers(&self, message: &Message) -> Vec<Message> {
        match message {
            Message::HelloRequest(_) => vec![Message::HelloResponse(proto::HelloResponse {
                api_version_major: 1,
                api_version_minor: 14,
                server_info: "2026.6.5".to_owned(),
                name: format!("spout-{}", self.number),
            })],
            Message::DeviceInfoRequest(_) => {
                vec![Message::DeviceInfoResponse(proto::DeviceInfoResponse {
                    name: format!("spout-{}", self.number),
                    mac_address: self.mac(),
                    esphome_version: "2026.6.5".to_owned(),
                    model: "esp32dev".to_owned(),
                    ..Default::default()
                })]
            }
            Message::ListEntitiesRequest(_) => (0..SENSORS)
                .map(listed)
                .chain([
                    sensor(MARK, "Mark", "", ""),
                    Message::ListEntitiesDoneResponse(proto::Nothing {}),
                ])
                .collect(),
            Message::PingRequest(_) => vec![Message::PingResponse(proto::Nothing {})],
            Message::DisconnectRequest(_) => vec![Message::DisconnectResponse(proto::Nothing {})],
            _ => Vec::new(),
        }
    }
}

fn listed(number: u16) -> Message {
    let (class, unit) = KINDS[usize::from(number) % KINDS.len()];
    sensor(key(number), &format!("Sensor {number}"), class, unit)
}

fn sensor(key: u32, name: &str, class: &str, unit: &str) -> Message {
    Message::ListEntitiesSensorResponse(proto::ListEntitiesSensorResponse {
        key,
        name: name.to_owned(),
        device_class: class.to_owned(),
        unit_of_measurement: unit.to_owned(),
        ..Default::default()
    })
}

/// Never 0: what is 0 is left out on the wire.
fn key(number: u16) -> u32 {
    0x0100_0000 + u32::from(number)
}

fn state(key: u32, state: f32) -> Message {
    Message::SensorStateResponse(proto::SensorStateResponse { key, state, ..Default::default() })
}

/// All states of all rounds. No sensor says the same twice in a row.
fn frames() -> Result<Vec<u8>> {
    let rounds = (0..ROUNDS).flat_map(|round| {
        let value = move |number: u16| 1.0 + f32::from(round) * 0.25 + f32::from(number) * 0.01;
        (0..SENSORS).map(move |number| state(key(number), value(number)))
    });
    let bytes = encoded(&rounds.collect::<Vec<_>>())?;
    let expected = usize::from(ROUNDS) * usize::from(SENSORS) * FRAME;
    anyhow::ensure!(bytes.len() == expected, "frames are not of the size they should be");
    Ok(bytes)
}

fn encoded(messages: &[Message]) -> Result<Vec<u8>> {
    let mut transport = Transport::clear();
    for message in messages {
        transport.send(message.clone())?;
    }
    Ok(transport.take_outbox())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_frame_is_a_state_that_differs_from_the_last_of_its_sensor() {
        let bytes = frames().unwrap();
        let mut transport = Transport::clear();
        let mut last = std::collections::BTreeMap::new();
        for frame in bytes.chunks(FRAME) {
            transport.receive(frame);
            let Ok(Some(Message::SensorStateResponse(state))) = transport.next_message() else {
                panic!("no state in {frame:?}")
            };
            let bits = state.state.to_bits();
            assert_ne!(last.insert(state.key, bits), Some(bits));
        }
        assert_eq!(last.len(), usize::from(SENSORS));
    }
}

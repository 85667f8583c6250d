use model::{LockState, Percent, Spec};

use super::*;

const KEY: &str = "CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk=";
const OTHER_KEY: &str = "CAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg=";
const MAC: &str = "AA:BB:CC:DD:EE:FF";

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

fn device_id() -> DeviceId {
    "esphome-aabbccddeeff".parse().unwrap()
}

/// A device that answers by script.
struct Device {
    transport: Transport,
    password: Option<&'static str>,
    info: proto::DeviceInfoResponse,
    /// What the client said, in order.
    heard: Vec<Message>,
}

impl Device {
    fn clear() -> Self {
        let info = proto::DeviceInfoResponse {
            name: "lamp".to_owned(),
            friendly_name: "Hall Lamp".to_owned(),
            mac_address: MAC.to_owned(),
            esphome_version: "2026.6.5".to_owned(),
            manufacturer: "Espressif".to_owned(),
            model: "esp32dev".to_owned(),
            ..Default::default()
        };
        Self { transport: Transport::clear(), password: None, info, heard: Vec::new() }
    }

    fn encrypted(key: &str) -> Self {
        let key = Key::read(&secret(key)).unwrap();
        let noise = Noise::device(&key, "lamp", "aabbccddeeff", [3; 32]);
        Self { transport: Transport::encrypted(noise), ..Self::clear() }
    }

    fn answer(&self, message: &Message) -> Vec<Message> {
        match message {
            Message::HelloRequest(_) => vec![Message::HelloResponse(proto::HelloResponse {
                api_version_major: 1,
                api_version_minor: 14,
                ..Default::default()
            })],
            Message::DeviceInfoRequest(_) => vec![Message::DeviceInfoResponse(self.info.clone())],
            Message::AuthenticationRequest(request) => self
                .password
                .map(|password| request.password != password)
                .map(|invalid_password| proto::AuthenticationResponse { invalid_password })
                .map(Message::AuthenticationResponse)
                .into_iter()
                .collect(),
            Message::ListEntitiesRequest(_) => entities(),
            Message::SubscribeStatesRequest(_) => vec![switch(true), lock(1)],
            _ => vec![],
        }
    }

    /// Hears what the session says, and answers. Returns whether anything was said.
    fn serve(&mut self, session: &mut Session) -> bool {
        let bytes = session.take_outbox();
        self.transport.receive(&bytes);
        loop {
            match self.transport.next_message() {
                Ok(Some(message)) => {
                    for answer in self.answer(&message) {
                        self.transport.send(answer).unwrap();
                    }
                    self.heard.push(message);
                }
                Ok(None) => break,
                Err(error) => {
                    self.transport.take_leave(&error);
                    break;
                }
            }
        }
        !bytes.is_empty()
    }
}

fn entities() -> Vec<Message> {
    vec![
        Message::ListEntitiesSwitchResponse(proto::ListEntitiesSwitchResponse {
            key: 1,
            name: "Relay".to_owned(),
            ..Default::default()
        }),
        Message::ListEntitiesLockResponse(proto::ListEntitiesLockResponse {
            key: 1,
            name: "Relay".to_owned(),
            ..Default::default()
        }),
        Message::ListEntitiesButtonResponse(proto::ListEntitiesButtonResponse {
            key: 2,
            name: "Chime".to_owned(),
            ..Default::default()
        }),
        Message::Other(18),
        Message::ListEntitiesDoneResponse(Nothing {}),
    ]
}

fn switch(state: bool) -> Message {
    Message::SwitchStateResponse(proto::SwitchStateResponse { key: 1, state, device_id: 0 })
}

fn lock(state: i32) -> Message {
    Message::LockStateResponse(proto::LockStateResponse { key: 1, state, device_id: 0 })
}

fn session(text: Option<&str>) -> Session {
    Session::new(Some(device_id()), text.map(secret).as_ref(), [5; 32])
}

/// Lets both talk until neither has anything to say.
fn converse(session: &mut Session, device: &mut Device) -> Result<Vec<Event>, Ending> {
    let mut events = Vec::new();
    while device.serve(session) {
        session.receive(&device.transport.take_outbox(), &mut events)?;
    }
    Ok(events)
}

fn push(
    session: &mut Session,
    device: &mut Device,
    message: Message,
) -> Result<Vec<Event>, Ending> {
    assert_eq!(device.transport.send(message), Ok(()));
    let mut events = Vec::new();
    session.receive(&device.transport.take_outbox(), &mut events)?;
    Ok(events)
}

fn key(text: &str) -> EndpointKey {
    text.parse().unwrap()
}

#[test]
fn a_conversation_runs_from_hello_to_states() {
    for (mut device, text) in [(Device::clear(), None), (Device::encrypted(KEY), Some(KEY))] {
        let mut session = session(text);
        let events = converse(&mut session, &mut device).unwrap();
        let [Event::Identified(id), Event::Described(description), Event::Values(source, values)] =
            events.as_slice()
        else {
            panic!("{events:?}");
        };
        assert_eq!(*id, device_id());
        assert_eq!(description.name.as_ref().unwrap().as_str(), "Hall Lamp");
        assert_eq!(description.firmware.as_ref().unwrap().as_str(), "2026.6.5");
        let keys: Vec<_> = description.endpoints.iter().map(|it| it.key.as_str()).collect();
        assert_eq!(keys, ["switch-relay", "lock-relay", "button-chime"]);
        assert_eq!(description.endpoints[2].specs, [Spec::Momentary]);
        assert_eq!(*source, Source::Polled);
        assert_eq!(values[0], (key("switch-relay"), Value::OnOff(true)));
        assert_eq!(values[1], (key("lock-relay"), Value::DoorLock(LockState::Locked)));
        assert!(session.is_open());
    }
}

#[test]
fn what_comes_unasked_is_pushed_and_what_was_asked_for_is_polled() {
    let (mut session, mut device) = (session(None), Device::clear());
    converse(&mut session, &mut device).unwrap();
    let pushed = push(&mut session, &mut device, switch(false)).unwrap();
    let off = vec![(key("switch-relay"), Value::OnOff(false))];
    assert_eq!(pushed, [Event::Values(Source::Pushed, off)]);
    session.refresh();
    let polled = converse(&mut session, &mut device).unwrap();
    assert!(matches!(&polled[..], [Event::Values(Source::Polled, all)] if all.len() == 2));
}

#[test]
fn a_command_becomes_the_devices_message() {
    let (mut session, mut device) = (session(None), Device::clear());
    converse(&mut session, &mut device).unwrap();
    session.command(&key("switch-relay"), &Action::SetOnOff(true), Span::ZERO).unwrap();
    session.command(&key("button-chime"), &Action::Press, Span::ZERO).unwrap();
    session.command(&key("lock-relay"), &Action::SetLocked(false), Span::ZERO).unwrap();
    converse(&mut session, &mut device).unwrap();
    let kinds: Vec<_> = device.heard.iter().rev().take(3).map(Message::kind).collect();
    assert_eq!(kinds, [60, 62, 33]);
}

#[test]
fn what_an_endpoint_cannot_do_is_not_sent() {
    let (mut session, mut device) = (session(None), Device::clear());
    let early = session.command(&key("switch-relay"), &Action::SetOnOff(true), Span::ZERO);
    assert_eq!(early, Err(Unsupported));
    converse(&mut session, &mut device).unwrap();
    for (endpoint, action) in [
        ("switch-relay", Action::SetLevel(Percent::FULL)),
        ("switch-nowhere", Action::SetOnOff(true)),
        ("button-chime", Action::SetOnOff(true)),
    ] {
        assert_eq!(session.command(&key(endpoint), &action, Span::ZERO), Err(Unsupported));
    }
    assert!(session.take_outbox().is_empty());
}

#[test]
fn somebody_else_hears_nothing_but_hello() {
    let (mut session, mut device) = (session(Some("hunter2")), Device::clear());
    device.info.mac_address = "11:22:33:44:55:66".to_owned();
    let found = "esphome-112233445566".parse().unwrap();
    assert_eq!(converse(&mut session, &mut device), Err(Ending::WrongIdentity(found)));
    let kinds: Vec<_> = device.heard.iter().map(Message::kind).collect();
    assert_eq!(kinds, [1, 9]);
}

#[test]
fn whoever_just_asks_who_is_there_takes_anybody() {
    let mut session = Session::new(None, None, [0; 32]);
    let events = converse(&mut session, &mut Device::clear()).unwrap();
    assert_eq!(events[0], Event::Identified(device_id()));
}

#[test]
fn a_device_without_identity_is_no_device() {
    for mac in ["", "nonsense", "AA:BB", "AA:BB:CC:DD:EE:FF:00:11", "zz:zz:zz:zz:zz:zz"] {
        let (mut session, mut device) = (session(None), Device::clear());
        device.info.mac_address = mac.to_owned();
        let ending = converse(&mut session, &mut device).unwrap_err();
        assert!(matches!(ending, Ending::Garbage(_)), "{mac}: {ending:?}");
    }
}

#[test]
fn secrets_are_asked_for_and_refused() {
    let with_password = || {
        let mut device = Device::clear();
        device.password = Some("hunter2");
        device.info.uses_password = true;
        device
    };
    for (mut device, text, ending) in [
        (Device::encrypted(KEY), None, Ending::NeedsSecret),
        (Device::encrypted(KEY), Some("a password"), Ending::WrongSecret),
        (Device::encrypted(KEY), Some(OTHER_KEY), Ending::WrongSecret),
        (with_password(), None, Ending::NeedsSecret),
        (with_password(), Some("hunter3"), Ending::WrongSecret),
    ] {
        let mut session = session(text);
        assert_eq!(converse(&mut session, &mut device), Err(ending), "{text:?}");
    }
    let mut session = session(Some("hunter2"));
    converse(&mut session, &mut with_password()).unwrap();
    assert!(session.is_open());
}

#[test]
fn a_key_is_not_called_wrong_where_somebody_else_answers() {
    let key = Key::read(&secret(OTHER_KEY)).unwrap();
    let noise = Noise::device(&key, "oven", "112233445566", [3; 32]);
    let mut device = Device { transport: Transport::encrypted(noise), ..Device::clear() };
    let found = "esphome-112233445566".parse().unwrap();
    let ending = converse(&mut session(Some(KEY)), &mut device);
    assert_eq!(ending, Err(Ending::WrongIdentity(found)));
}

#[test]
fn a_key_is_never_given_up_for_a_device_in_the_clear() {
    let (mut session, mut device) = (session(Some(KEY)), Device::clear());
    let ending = converse(&mut session, &mut device).unwrap_err();
    assert!(matches!(&ending, Ending::Garbage(words) if words.contains("does not encrypt")));
    assert!(device.heard.is_empty());
}

#[test]
fn pings_goodbyes_and_questions_of_time_are_answered() {
    let (mut session, mut device) = (session(None), Device::clear());
    converse(&mut session, &mut device).unwrap();
    push(&mut session, &mut device, Message::PingRequest(Nothing {})).unwrap();
    let asked = push(&mut session, &mut device, Message::GetTimeRequest(Nothing {})).unwrap();
    assert_eq!(asked, [Event::TimeWanted]);
    session.tell_time(1_795_000_000);
    let bye = push(&mut session, &mut device, Message::DisconnectRequest(Nothing {}));
    assert_eq!(bye, Err(Ending::Goodbye));
    device.serve(&mut session);
    let kinds: Vec<_> = device.heard.iter().rev().take(3).map(Message::kind).collect();
    assert_eq!(kinds, [6, 37, 8]);
    assert_eq!(session.receive(&[], &mut vec![]), Err(Ending::Goodbye));
}

#[test]
fn states_before_the_list_and_of_strangers_are_ignored() {
    let (mut session, mut device) = (session(None), Device::clear());
    assert_eq!(push(&mut session, &mut device, switch(true)), Ok(vec![]));
    converse(&mut session, &mut device).unwrap();
    let stranger = proto::SwitchStateResponse { key: 99, state: true, device_id: 0 };
    let stranger = Message::SwitchStateResponse(stranger);
    assert_eq!(push(&mut session, &mut device, stranger), Ok(vec![]));
}

#[test]
fn a_device_that_lists_without_end_is_cut_off() {
    let (mut session, mut device) = (session(None), Device::clear());
    device.serve(&mut session);
    session.receive(&device.transport.take_outbox(), &mut vec![]).unwrap();
    let long = |key| {
        Message::ListEntitiesSwitchResponse(proto::ListEntitiesSwitchResponse {
            key,
            name: "n".repeat(60_000),
            ..Default::default()
        })
    };
    let ending = (0..100).find_map(|it| push(&mut session, &mut device, long(it)).err());
    assert!(matches!(ending, Some(Ending::Garbage(_))), "{ending:?}");
}

#[test]
fn more_entities_than_are_read_are_overlooked() {
    let (mut session, mut device) = (session(None), Device::clear());
    device.serve(&mut session);
    session.receive(&device.transport.take_outbox(), &mut vec![]).unwrap();
    for key in 0..2_000 {
        let button = proto::ListEntitiesButtonResponse { key, ..Default::default() };
        push(&mut session, &mut device, Message::ListEntitiesButtonResponse(button)).unwrap();
    }
    let done = Message::ListEntitiesDoneResponse(Nothing {});
    let events = push(&mut session, &mut device, done).unwrap();
    let Event::Described(description) = &events[0] else { panic!("{events:?}") };
    assert_eq!(description.endpoints.len(), MAX_ENTITIES);
}

#[test]
fn a_newer_protocol_is_refused_in_words() {
    let (mut session, mut device) = (session(None), Device::clear());
    let hello = proto::HelloResponse { api_version_major: 2, ..Default::default() };
    let ending = push(&mut session, &mut device, Message::HelloResponse(hello)).unwrap_err();
    assert_eq!(ending, Ending::Garbage("the device speaks version 2.0 of the protocol".to_owned()));
}

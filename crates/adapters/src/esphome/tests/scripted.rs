//! Devices that answer by script, on sockets of this test.

use super::*;

const DEVICE: &str = "esphome-aabbccddeeff";
const KEY: &str = "CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk=";

/// What a device does once it has described itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    Obey,
    HangUpOnCommand,
    SayGoodbye,
    TalkNonsense,
}

async fn listener() -> (TcpListener, Address) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address: SocketAddr = listener.local_addr().unwrap();
    (listener, address.into())
}

fn answers(message: &Message) -> Vec<Message> {
    let state = |state| {
        let state = proto::SwitchStateResponse { key: 1, state, device_id: 0 };
        Message::SwitchStateResponse(state)
    };
    match message {
        Message::HelloRequest(_) => vec![Message::HelloResponse(Default::default())],
        Message::DeviceInfoRequest(_) => {
            vec![Message::DeviceInfoResponse(proto::DeviceInfoResponse {
                mac_address: "AA:BB:CC:DD:EE:FF".to_owned(),
                ..Default::default()
            })]
        }
        Message::ListEntitiesRequest(_) => vec![
            Message::ListEntitiesSwitchResponse(proto::ListEntitiesSwitchResponse {
                key: 1,
                name: "Relay".to_owned(),
                ..Default::default()
            }),
            Message::ListEntitiesDoneResponse(proto::Nothing {}),
        ],
        Message::SubscribeStatesRequest(_) => vec![state(false)],
        Message::SwitchCommandRequest(command) => vec![state(command.state)],
        Message::PingRequest(_) => vec![Message::PingResponse(proto::Nothing {})],
        _ => vec![],
    }
}

/// One connection of a device.
async fn play(mut stream: TcpStream, mut transport: Transport, then: Then) {
    let mut chunk = [0; 4096];
    while let Ok(length @ 1..) = stream.read(&mut chunk).await {
        transport.receive(&chunk[..length]);
        loop {
            let message = match transport.next_message() {
                Ok(Some(message)) => message,
                Ok(None) => break,
                Err(error) => {
                    transport.take_leave(&error);
                    break;
                }
            };
            let command = matches!(message, Message::SwitchCommandRequest(_));
            if command && then == Then::HangUpOnCommand {
                return;
            }
            let subscribed = matches!(message, Message::SubscribeStatesRequest(_));
            answers(&message).into_iter().for_each(|it| transport.send(it).unwrap());
            match then {
                Then::SayGoodbye if subscribed => {
                    transport.send(Message::DisconnectRequest(proto::Nothing {})).unwrap();
                }
                Then::TalkNonsense if subscribed => {
                    transport.send_frame(26, vec![0xFF; 9]).unwrap();
                }
                _ => {}
            }
        }
        if stream.write_all(&transport.take_outbox()).await.is_err() {
            return;
        }
    }
}

/// A driver on a connection to a scripted device.
async fn driven(transport: Transport, then: Then, secret: Option<&str>) -> (Driven, JoinSet<()>) {
    let (listener, address) = listener().await;
    let mut device = JoinSet::new();
    device.spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        play(stream, transport, then).await;
    });
    let secret = secret.map(|it| Secret::new(it.to_owned()));
    (Driven::start(&DEVICE.parse().unwrap(), address, secret), device)
}

fn encrypted() -> Transport {
    let key = Key::read(&Secret::new(KEY.to_owned())).unwrap();
    Transport::encrypted(Noise::device(&key, "relay", "aabbccddeeff", [4; 32]))
}

#[tokio::test]
async fn a_command_is_sent_and_observed() {
    for (transport, secret) in [(Transport::clear(), None), (encrypted(), Some(KEY))] {
        let (mut driven, _device) = driven(transport, Then::Obey, secret).await;
        driven.described().await;
        driven.ask("on", "switch-relay", Action::SetOnOff(true)).await;
        driven.until(|it| (*it == progress("on", Progress::Sent)).then_some(())).await;
        driven.confirmed("switch-relay", &Action::SetOnOff(true)).await;
        driven.end().await;
    }
}

#[tokio::test]
async fn what_the_device_cannot_do_is_refused() {
    let (mut driven, _device) = driven(Transport::clear(), Then::Obey, None).await;
    driven.described().await;
    driven.ask("odd", "switch-relay", Action::Press).await;
    let refused = |report: &Report| match report {
        Report::Progress(_, Progress::Failed(FailReason::Refused(_))) => Some(()),
        _ => None,
    };
    driven.until(refused).await;
    driven.end().await;
}

#[tokio::test]
async fn a_command_that_was_never_confirmed_fails_with_the_connection() {
    let (mut driven, _device) = driven(Transport::clear(), Then::HangUpOnCommand, None).await;
    driven.described().await;
    driven.ask("on", "switch-relay", Action::SetOnOff(true)).await;
    let lost = progress("on", Progress::Failed(FailReason::ConnectionLost));
    driven.until(|report| (*report == lost).then_some(())).await;
    assert_eq!(driven.cause().await, Cause::NoAnswer);
}

#[tokio::test]
async fn endings_have_their_causes() {
    let goodbye = Cause::SaidGoodbye;
    for (transport, then, secret, cause) in [
        (Transport::clear(), Then::SayGoodbye, None, Some(goodbye)),
        (encrypted(), Then::Obey, None, Some(Cause::NeedsSecret)),
        (encrypted(), Then::Obey, Some("password"), Some(Cause::WrongSecret)),
        (Transport::clear(), Then::TalkNonsense, None, None),
        (Transport::clear(), Then::Obey, Some(KEY), None),
    ] {
        let (mut driven, _device) = driven(transport, then, secret).await;
        let found = driven.cause().await;
        match cause {
            Some(cause) => assert_eq!(found, cause),
            None => assert!(matches!(found, Cause::Garbage(_)), "{found:?}"),
        }
    }
}

#[tokio::test]
async fn nobody_there_is_no_answer() {
    let (listener, address) = listener().await;
    drop(listener);
    assert_eq!(probe(&address, None).await, Err(ProbeFailure::NoAnswer));
    let mut driven = Driven::start(&DEVICE.parse().unwrap(), address, None);
    assert_eq!(driven.cause().await, Cause::NoAnswer);
}

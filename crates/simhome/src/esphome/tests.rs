use protocols::esphome::{Event, Session};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::*;
use crate::{Home, Mdns, Options};

/// A client that is connected to a device of the home.
struct Client {
    stream: TcpStream,
    session: Session,
}

impl Client {
    async fn connect(core: &Core) -> Self {
        let stream = TcpStream::connect(core.address()).await.unwrap();
        Self { stream, session: Session::new(Some(core.id().clone()), core.secret(), [7; 32]) }
    }

    /// Talks until an event is the wanted one, or the device ends it.
    async fn until<T>(
        &mut self,
        mut wanted: impl FnMut(&Event) -> Option<T>,
    ) -> Result<T, protocols::esphome::Ending> {
        let mut chunk = [0; 4096];
        loop {
            drop(self.stream.write_all(&self.session.take_outbox()).await);
            let wait = timeout(Duration::from_secs(10), self.stream.read(&mut chunk)).await;
            let length = wait.expect("the device says nothing").expect("the connection broke");
            assert!(length > 0, "the device hung up");
            let mut events = Vec::new();
            self.session.receive(&chunk[..length], &mut events)?;
            if let Some(found) = events.iter().find_map(&mut wanted) {
                return Ok(found);
            }
        }
    }

    async fn says(&mut self, endpoint: &str, value: &Value) {
        let says = |event: &Event| match event {
            Event::Values(_, values) => {
                values.iter().any(|(key, is)| key.as_str() == endpoint && is == value).then_some(())
            }
            _ => None,
        };
        self.until(says).await.unwrap();
    }
}

async fn home() -> Home {
    let options = Options { devices: 18, mdns: Mdns::Off, ..Options::default() };
    Home::start(options).await.unwrap()
}

/// The device that describes itself with this endpoint.
fn device_with(home: &Home, model: &str) -> crate::Handle {
    home.handles().find(|it| it.state().get(model).is_some()).expect("no such device")
}

async fn described(client: &mut Client) -> model::DeviceDescription {
    let described = |event: &Event| match event {
        Event::Described(description) => Some(description.clone()),
        _ => None,
    };
    client.until(described).await.unwrap()
}

#[tokio::test]
async fn every_device_describes_itself_to_the_client_of_the_real_ones() {
    let home = home().await;
    let mut seen = 0;
    for device in home.handles().filter(|it| it.core().family == model::Family::Esphome) {
        let mut client = Client::connect(device.core()).await;
        let description = described(&mut client).await;
        let parts = device.state().as_object().unwrap().len();
        assert_eq!(description.endpoints.len(), parts, "{description:?}");
        assert_eq!(description.name.unwrap(), device.core().name);
        seen += 1;
    }
    assert!(seen >= 8, "{seen}");
    home.stop().await;
}

#[tokio::test]
async fn a_command_is_obeyed_counted_and_reported() {
    let home = home().await;
    let device = device_with(&home, "valve");
    let mut client = Client::connect(device.core()).await;
    described(&mut client).await;
    let valve = "switch-valve".parse().unwrap();
    client.session.command(&valve, &model::Action::SetOnOff(true), model::Span::ZERO).unwrap();
    client.says("switch-valve", &Value::OnOff(true)).await;
    assert_eq!(device.executed(), 1);
    device.press("valve").unwrap();
    client.says("switch-valve", &Value::OnOff(false)).await;
    assert_eq!(device.executed(), 1);
    home.stop().await;
}

#[tokio::test]
async fn a_lock_behind_a_key_takes_its_time() {
    let home = home().await;
    let device = device_with(&home, "lock");
    assert!(device.core().secret().is_some());
    let mut client = Client::connect(device.core()).await;
    described(&mut client).await;
    let lock = "lock-lock".parse().unwrap();
    client.session.command(&lock, &model::Action::SetLocked(false), model::Span::ZERO).unwrap();
    client.says("lock-lock", &Value::DoorLock(model::LockState::Unlocking)).await;
    client.says("lock-lock", &Value::DoorLock(model::LockState::Unlocked)).await;
    home.stop().await;
}

#[tokio::test]
async fn faults_are_what_a_client_takes_them_for() {
    use protocols::esphome::Ending;

    use crate::Fault;

    let home = home().await;
    for (part, fault) in [
        ("lock", Fault::RefuseAuth),
        ("valve", Fault::RefuseAuth),
        ("valve", Fault::WrongIdentity),
        ("valve", Fault::GarbageMessages),
        ("lock", Fault::GarbageMessages),
        ("valve", Fault::GarbageBytes),
        ("valve", Fault::Huge),
    ] {
        let device = device_with(&home, part);
        device.inflict(fault);
        let mut client = Client::connect(device.core()).await;
        let ending = client.until(|_| None::<()>).await.unwrap_err();
        match (fault, part) {
            (Fault::RefuseAuth, "lock") => assert_eq!(ending, Ending::WrongSecret),
            (Fault::RefuseAuth, _) => assert_eq!(ending, Ending::NeedsSecret),
            (Fault::WrongIdentity, _) => assert!(matches!(ending, Ending::WrongIdentity(_))),
            _ => assert!(matches!(ending, Ending::Garbage(_)), "{fault:?}: {ending:?}"),
        }
        device.inflict(Fault::Heal);
    }
    home.stop().await;
}

#[tokio::test]
async fn a_device_that_ignores_commands_does_nothing() {
    let home = home().await;
    let device = device_with(&home, "valve");
    device.inflict(crate::Fault::IgnoreCommands);
    let mut client = Client::connect(device.core()).await;
    described(&mut client).await;
    client.says("switch-valve", &Value::OnOff(false)).await;
    let valve = "switch-valve".parse().unwrap();
    client.session.command(&valve, &model::Action::SetOnOff(true), model::Span::ZERO).unwrap();
    client.session.refresh();
    client.says("switch-valve", &Value::OnOff(false)).await;
    assert_eq!((device.executed(), device.state()["valve"].clone()), (0, json!(false)));
    home.stop().await;
}

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

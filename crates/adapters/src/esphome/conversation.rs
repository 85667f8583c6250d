//! A session and its socket.

use std::io;
use std::time::Duration;

use model::{Action, Address, Cause, DeviceId, EndpointKey, ProbeFailure, Secret, Span};
use protocols::esphome::{Ending, Event, Session, Unsupported};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::net::{Patience, connect};

/// A device that takes nothing for that long is lost.
const WRITE: Duration = Duration::from_secs(10);
/// Goodbyes are a courtesy.
const GOODBYE: Duration = Duration::from_millis(500);
/// Read at a time. On the stack, and only while there is something to read: a thousand silent
/// connections hold no buffers.
const CHUNK: usize = 8 * 1024;

/// Why a conversation cannot go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Loss {
    /// Nobody is there, or nobody any more; or nobody wants to know.
    Silence,
    /// What was said ended it.
    Ended(Ending),
}

impl Loss {
    pub(super) fn cause(self) -> Cause {
        match self {
            Self::Silence => Cause::NoAnswer,
            Self::Ended(ending) => ending.cause(),
        }
    }

    pub(super) fn probe_failure(self) -> ProbeFailure {
        match self {
            Self::Silence => ProbeFailure::NoAnswer,
            Self::Ended(ending) => ending.probe_failure(),
        }
    }
}

impl From<io::Error> for Loss {
    fn from(_: io::Error) -> Self {
        Self::Silence
    }
}

#[derive(Debug)]
pub(super) struct Conversation {
    stream: TcpStream,
    session: Session,
    ending: Option<Ending>,
}

impl Conversation {
    /// Connects and says hello.
    pub(super) async fn open(
        address: &Address,
        expected: Option<DeviceId>,
        secret: Option<&Secret>,
    ) -> Result<Self, Loss> {
        let mut random = [0; 32];
        getrandom::fill(&mut random).map_err(|_| {
            Loss::Ended(Ending::Garbage("the system gives no random numbers".to_owned()))
        })?;
        let stream = connect(address, Patience::USUAL).await.map_err(|_| Loss::Silence)?;
        stream.set_nodelay(true)?;
        let session = Session::new(expected, secret, random);
        let mut conversation = Self { stream, session, ending: None };
        conversation.flush().await?;
        Ok(conversation)
    }

    /// Whether the device has described itself.
    pub(super) fn is_open(&self) -> bool {
        self.session.is_open()
    }

    /// Waits until there is something to hear. Nothing is lost when the wait is given up.
    pub(super) async fn readable(&self) -> Result<(), Loss> {
        Ok(self.stream.readable().await?)
    }

    /// Waits for bytes, reads what has come and answers what wants an answer. What was said
    /// before an ending is given first; then [`Self::ending`] tells.
    pub(super) async fn hear(&mut self) -> Result<Vec<Event>, Loss> {
        self.ending()?;
        let mut events = Vec::new();
        self.stream.readable().await?;
        match self.read_once(&mut events) {
            Err(Loss::Ended(ending)) => {
                self.ending = Some(ending);
                // Whether the last words arrive changes nothing.
                self.flush().await.unwrap_or_default();
            }
            heard => {
                heard?;
                self.flush().await?;
            }
        }
        Ok(events)
    }

    /// Whether the device's own words have ended the conversation.
    pub(super) fn ending(&self) -> Result<(), Loss> {
        self.ending.clone().map_or(Ok(()), |ending| Err(Loss::Ended(ending)))
    }

    fn read_once(&mut self, events: &mut Vec<Event>) -> Result<(), Loss> {
        let mut chunk = [0; CHUNK];
        match self.stream.try_read(&mut chunk) {
            Ok(0) => Err(Loss::Silence),
            Ok(length) => {
                let bytes = chunk.get(..length).unwrap_or_default();
                self.session.receive(bytes, events).map_err(Loss::Ended)
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) async fn command(
        &mut self,
        endpoint: &EndpointKey,
        action: &Action,
        transition: Span,
    ) -> Result<Result<(), Unsupported>, Loss> {
        let asked = self.session.command(endpoint, action, transition);
        self.flush().await?;
        Ok(asked)
    }

    pub(super) async fn refresh(&mut self) -> Result<(), Loss> {
        self.session.refresh();
        self.flush().await
    }

    pub(super) async fn ping(&mut self) -> Result<(), Loss> {
        self.session.ping();
        self.flush().await
    }

    pub(super) async fn tell_time(&mut self) -> Result<(), Loss> {
        self.session.tell_time(epoch_seconds());
        self.flush().await
    }

    pub(super) async fn say_goodbye(&mut self) {
        self.session.say_goodbye();
        if timeout(GOODBYE, self.flush()).await.is_err() {
            tracing::debug!("a device took no goodbye");
        }
    }

    async fn flush(&mut self) -> Result<(), Loss> {
        let bytes = self.session.take_outbox();
        if !bytes.is_empty() {
            let written = timeout(WRITE, self.stream.write_all(&bytes)).await;
            written.map_err(|_| Loss::Silence)??;
        }
        Ok(())
    }
}

/// Devices have no clock of their own and ask; this is the one answer that has to come from here,
/// and nothing in Hearth depends on it.
#[expect(clippy::disallowed_methods, reason = "told to a device that asks; decides nothing here")]
fn epoch_seconds() -> u32 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |it| u32::try_from(it.as_secs()).unwrap_or(u32::MAX))
}

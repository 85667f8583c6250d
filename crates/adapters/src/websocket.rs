//! Drives a session machine over a WebSocket: the frames it gives go out, the frames that come go
//! in, silence is noticed.

use futures_util::{SinkExt as _, StreamExt as _};
use model::{Address, Cause, CommandId, DeviceDescription, FailReason, Progress, Report};
use protocols::{Output, Session};
use tokio::net::TcpStream;
use tokio::time::{Interval, MissedTickBehavior, interval, timeout};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Bytes, Error, Message, error::ProtocolError};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use crate::net::{MAX_MESSAGE, Patience, authority, connect};
use crate::{Link, Order};

/// A WebSocket in the clear, as devices have it.
pub(crate) type Socket = WebSocketStream<TcpStream>;

/// A thousand of these fit in a few megabytes: devices' frames are small.
fn config() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(4 << 10)
        .write_buffer_size(0)
        .max_write_buffer_size(256 << 10)
        .max_message_size(Some(MAX_MESSAGE))
        .max_frame_size(Some(MAX_MESSAGE))
}

/// Why there is no WebSocket.
#[derive(Debug)]
pub(crate) enum Unopened {
    /// Somebody speaks HTTP there, but will not switch to a WebSocket; the status.
    Refused(u16),
    /// Anything else.
    Failed(Cause),
}

/// Opens the WebSocket at a path of a device.
pub(crate) async fn open(
    address: &Address,
    path: &str,
    patience: Patience,
) -> Result<Socket, Unopened> {
    let stream = connect(address, patience).await.map_err(Unopened::Failed)?;
    let url = format!("ws://{}{path}", authority(address));
    let handshake = Box::pin(client_async_with_config(url, stream, Some(config())));
    match timeout(patience.connect, handshake).await {
        Ok(Ok((socket, _))) => Ok(socket),
        Ok(Err(Error::Http(response))) => Err(Unopened::Refused(response.status().as_u16())),
        Ok(Err(error)) => Err(Unopened::Failed(cause(&error))),
        Err(_) => Err(Unopened::Failed(Cause::NoAnswer)),
    }
}

/// What an error on a WebSocket says of the device.
fn cause(error: &Error) -> Cause {
    match error {
        Error::Protocol(
            ProtocolError::ResetWithoutClosingHandshake | ProtocolError::HandshakeIncomplete,
        )
        | Error::Io(_)
        | Error::ConnectionClosed
        | Error::AlreadyClosed => Cause::NoAnswer,
        Error::Capacity(_) => Cause::Garbage("it sends a message of more than 1 MiB".to_owned()),
        error => Cause::Garbage(format!("it does not speak WebSocket as it should: {error}")),
    }
}

/// Where reports go.
#[derive(Debug)]
pub(crate) struct Reporter<'l, 'a>(pub(crate) &'l mut Link<'a>);

impl Reporter<'_, '_> {
    /// Tells the hub. When nobody listens any more, there is no going on.
    pub(crate) async fn report(&self, report: Report) -> Result<(), Cause> {
        let message = (self.0.device.clone(), report);
        self.0.reports.send(message).await.map_err(|_| Cause::NoAnswer)
    }

    /// Tells the hub of commands that the connection took with it.
    pub(crate) async fn lose(&self, commands: Vec<CommandId>) {
        for command in commands {
            let progress = Progress::Failed(FailReason::ConnectionLost);
            // Nobody listening is no reason to do anything else.
            drop(self.report(Report::Progress(command, progress)).await);
        }
    }
}

/// One conversation, until it ends; and why it did.
pub(crate) async fn converse(
    socket: Socket,
    session: &mut impl Session,
    first: Vec<Output>,
    link: &mut Link<'_>,
    patience: Patience,
) -> Cause {
    let mut beats = interval(patience.beat);
    beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let reporter = Reporter(link);
    let mut conversation =
        Conversation { socket, session, reporter, patience, beats, silence: 0, opening: 0 };
    let end = conversation.run(first).await;
    let lost = conversation.session.abandon();
    conversation.reporter.lose(lost).await;
    match end {
        Ok(()) => {
            conversation.close().await;
            Cause::NoAnswer
        }
        Err(cause) => cause,
    }
}

/// Goes as far as the description, for somebody who is about to add the device.
pub(crate) async fn describe(
    mut socket: Socket,
    session: &mut impl Session,
    first: Vec<Output>,
) -> Result<DeviceDescription, Cause> {
    let mut outputs = first;
    loop {
        for output in outputs {
            match output {
                Output::Send { frame, .. } => {
                    socket.send(Message::text(frame)).await.map_err(|error| cause(&error))?;
                }
                Output::Report(Report::Described(description)) => return Ok(description),
                Output::Report(_) => {}
                Output::End(cause) => return Err(cause),
            }
        }
        outputs = match socket.next().await {
            Some(Ok(Message::Text(text))) => session.handle_frame(text.as_bytes()),
            Some(Ok(Message::Close(_))) | None => return Err(Cause::NoAnswer),
            Some(Ok(_)) => Vec::new(),
            Some(Err(error)) => return Err(cause(&error)),
        };
    }
}

struct Conversation<'s, 'l, 'a, S> {
    socket: Socket,
    session: &'s mut S,
    reporter: Reporter<'l, 'a>,
    patience: Patience,
    beats: Interval,
    /// Beats since anything was heard.
    silence: u32,
    /// Beats that went by before the device was described.
    opening: u32,
}

impl<S: Session> Conversation<'_, '_, '_, S> {
    /// Until we are stopped (`Ok`), or cannot go on.
    async fn run(&mut self, first: Vec<Output>) -> Result<(), Cause> {
        self.perform(first).await?;
        self.beats.reset();
        loop {
            let is_live = self.session.is_live();
            let link = &mut *self.reporter.0;
            tokio::select! {
                () = link.stop.cancelled() => return Ok(()),
                message = self.socket.next() => self.hear(message).await?,
                order = link.orders.recv(), if is_live => match order {
                    Some(order) => self.obey(order).await?,
                    None => return Ok(()),
                },
                _ = self.beats.tick() => self.beat().await?,
            }
        }
    }

    async fn hear(&mut self, message: Option<Result<Message, Error>>) -> Result<(), Cause> {
        self.silence = 0;
        match message {
            Some(Ok(Message::Text(text))) => {
                let outputs = self.session.handle_frame(text.as_bytes());
                self.perform(outputs).await
            }
            Some(Ok(Message::Close(_))) | None => Err(Cause::NoAnswer),
            Some(Ok(_)) => Ok(()),
            Some(Err(error)) => Err(cause(&error)),
        }
    }

    async fn obey(&mut self, order: Order) -> Result<(), Cause> {
        let outputs = match order {
            Order::Command(command) => self.session.handle_command(command),
            Order::Refresh => self.session.refresh(),
        };
        self.perform(outputs).await
    }

    /// A device that is silent is asked for a sign of life; one that stays so is lost, and so is
    /// one that talks but never says who it is.
    async fn beat(&mut self) -> Result<(), Cause> {
        let Patience { silent_beats, grace_beats, opening_beats, .. } = self.patience;
        if !self.session.is_live() {
            self.opening += 1;
            return if self.opening < opening_beats { Ok(()) } else { Err(Cause::NoAnswer) };
        }
        self.silence += 1;
        if self.silence >= silent_beats + grace_beats {
            return Err(Cause::NoAnswer);
        }
        if self.silence == silent_beats {
            self.send(Message::Ping(Bytes::new())).await?;
        }
        Ok(())
    }

    async fn perform(&mut self, outputs: Vec<Output>) -> Result<(), Cause> {
        for output in outputs {
            match output {
                Output::Send { frame, command } => {
                    self.send(Message::text(frame)).await?;
                    if let Some(command) = command {
                        self.reporter.report(Report::Progress(command, Progress::Sent)).await?;
                    }
                }
                Output::Report(report) => self.reporter.report(report).await?,
                Output::End(cause) => return Err(cause),
            }
        }
        Ok(())
    }

    async fn send(&mut self, message: Message) -> Result<(), Cause> {
        match timeout(self.patience.exchange, self.socket.send(message)).await {
            Ok(sent) => sent.map_err(|error| cause(&error)),
            Err(_) => Err(Cause::NoAnswer),
        }
    }

    /// Says goodbye, without waiting for an answer.
    async fn close(&mut self) {
        let goodbye = self.socket.send(Message::Close(None));
        // Whether it hears us or not: we go.
        drop(timeout(self.patience.connect / 10, goodbye).await);
    }
}

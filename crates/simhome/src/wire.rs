//! One accepted connection, and what is wrong with it: late, silent, reset, scrambled.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

use crate::Core;

/// A TCP connection that obeys the device's faults `Slow`, `Silent`, `Reset` and `GarbageBytes`,
/// also those that set in while it is open. Families read and write it as any socket.
#[derive(Debug)]
pub struct Wire {
    stream: TcpStream,
    core: Arc<Core>,
    late: Option<Pin<Box<Sleep>>>,
    heard: bool,
    noise: u64,
}

impl Wire {
    pub(crate) fn new(stream: TcpStream, core: Arc<Core>) -> Self {
        // Small messages either way: waiting for company would only make the device slow.
        let _unsupported = stream.set_nodelay(true);
        let noise = core.seed() | 1;
        Self { stream, core, late: None, heard: false, noise }
    }

    /// Something has come in, and was held back as long as the device is slow.
    fn poll_heard(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.heard {
            return Poll::Ready(Ok(()));
        }
        if self.late.is_none() {
            ready!(self.stream.poll_read_ready(context))?;
            let slow = self.core.ailments().slow;
            self.late = (!slow.is_zero()).then(|| Box::pin(sleep(slow)));
        }
        if let Some(late) = &mut self.late {
            ready!(late.as_mut().poll(context));
        }
        self.late = None;
        self.heard = true;
        Poll::Ready(Ok(()))
    }

    fn poll_swallow(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut void = [0; 1024];
        loop {
            let mut buffer = ReadBuf::new(&mut void);
            ready!(Pin::new(&mut self.stream).poll_read(context, &mut buffer))?;
            if buffer.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
        }
    }

    fn reset(&mut self, bytes: &[u8]) -> io::Error {
        let _half = self.stream.try_write(&bytes[..bytes.len() / 2]);
        let _unsupported = self.stream.set_zero_linger();
        io::ErrorKind::ConnectionReset.into()
    }

    fn scrambled(&mut self, length: usize) -> Vec<u8> {
        let next = |_| {
            // xorshift64: any bytes will do, as long as they are the same in every run.
            self.noise ^= self.noise << 13;
            self.noise ^= self.noise >> 7;
            self.noise ^= self.noise << 17;
            self.noise.to_le_bytes()[0]
        };
        (0..length.min(16 * 1024)).map(next).collect()
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let wire = self.get_mut();
        if wire.core.ailments().silent {
            return wire.poll_swallow(context);
        }
        ready!(wire.poll_heard(context))?;
        ready!(Pin::new(&mut wire.stream).poll_read(context, buffer))?;
        wire.heard = false;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let wire = self.get_mut();
        let ailments = wire.core.ailments();
        if ailments.silent {
            Poll::Ready(Ok(bytes.len()))
        } else if ailments.reset {
            Poll::Ready(Err(wire.reset(bytes)))
        } else if ailments.garbage_bytes {
            let scrambled = wire.scrambled(bytes.len());
            Pin::new(&mut wire.stream).poll_write(context, &scrambled)
        } else {
            Pin::new(&mut wire.stream).poll_write(context, bytes)
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}

//! What nothing can be faster than, measured in the same minute: bytes there and back on loopback,
//! and a commit that is really on the disk. A tap needs one commit and one way there.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

use anyhow::Result;
use rusqlite::Connection;

use crate::figures::{milliseconds, now, percentiles};

const ROUNDS: usize = 1_000;
/// About what a command weighs.
const MESSAGE: usize = 64;

/// Prints p50, p95 and p99 of both.
pub(crate) fn measure() -> Result<()> {
    percentiles("floor_tcp_there_and_back", &mut there_and_back()?);
    percentiles("floor_sqlite_commit", &mut commits()?);
    Ok(())
}

fn there_and_back() -> Result<Vec<f64>> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let mut here = TcpStream::connect(listener.local_addr()?)?;
    let (mut there, _) = listener.accept()?;
    for stream in [&here, &there] {
        stream.set_nodelay(true)?;
    }
    let echo = std::thread::spawn(move || {
        let mut bytes = [0; MESSAGE];
        while there.read_exact(&mut bytes).is_ok() && there.write_all(&bytes).is_ok() {}
    });
    let mut bytes = [7; MESSAGE];
    let mut samples = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let start = now();
        here.write_all(&bytes)?;
        here.read_exact(&mut bytes)?;
        samples.push(milliseconds(start.elapsed()));
    }
    drop(here);
    anyhow::ensure!(echo.join().is_ok(), "the echo stopped");
    Ok(samples)
}

/// With the settings under which the store keeps its journal of commands.
fn commits() -> Result<Vec<f64>> {
    let directory = tempfile::tempdir()?;
    let db = Connection::open(directory.path().join("floor.db"))?;
    db.pragma_update(None, "journal_mode", "wal")?;
    db.pragma_update(None, "synchronous", "full")?;
    db.execute("CREATE TABLE command (id INTEGER PRIMARY KEY, words TEXT) STRICT", [])?;
    let mut insert = db.prepare("INSERT INTO command (words) VALUES (?1)")?;
    let words = "x".repeat(MESSAGE);
    let mut samples = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let start = now();
        insert.execute([&words])?;
        samples.push(milliseconds(start.elapsed()));
    }
    Ok(samples)
}

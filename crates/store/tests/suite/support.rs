//! What the tests share.

use std::path::{Path, PathBuf};
use std::sync::mpsc::channel;

use model::Change;
use store::{Opened, Store, StoreError};

use crate::sample::{self, NOW};

pub(crate) fn open(dir: &Path) -> Opened {
    Store::open(dir, NOW).unwrap()
}

/// Writes and waits until it is durable.
pub(crate) fn write(store: &Store, changes: Vec<Change>) -> Result<(), StoreError> {
    let (sender, receiver) = channel();
    store.write(changes, Box::new(move |result| sender.send(result).unwrap())).unwrap();
    receiver.recv().unwrap()
}

pub(crate) fn keep_secret(store: &Store, device: &str, sealed: Option<Vec<u8>>) {
    let (sender, receiver) = channel();
    let device = device.parse().unwrap();
    let done = Box::new(move |result| sender.send(result).unwrap());
    store.keep_secret(&device, sealed, done).unwrap();
    receiver.recv().unwrap().unwrap();
}

pub(crate) fn retry(store: &Store) -> Result<(), StoreError> {
    let (sender, receiver) = channel();
    store.retry(Box::new(move |result| sender.send(result).unwrap())).unwrap();
    receiver.recv().unwrap()
}

/// Makes the sample home and closes it.
pub(crate) fn make(dir: &Path) {
    let opened = open(dir);
    write(&opened.store, sample::changes()).unwrap();
    keep_secret(&opened.store, "wled-a1", Some(sample::SEALED.to_vec()));
    opened.store.close()();
}

/// Opens a home, looks, and closes it.
pub(crate) fn look(dir: &Path) -> Opened {
    let opened = open(dir);
    opened.store.clone().close()();
    opened
}

/// Names of the files in a directory that contain `part`.
pub(crate) fn names(dir: &Path, part: &str) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains(part))
        .collect();
    names.sort();
    names
}

pub(crate) fn copy_dir(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for name in names(from, "") {
        std::fs::copy(from.join(&name), to.join(&name)).unwrap();
    }
}

pub(crate) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

/// A sequence of numbers that looks random and is the same every time.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides as u64).unwrap()
    }
}

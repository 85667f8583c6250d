//! What the system tells of this machine and of a process. Linux: reads `/proc`.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context as _, Result};

/// Ticks of the processor's accounts a second: the same on every Linux.
const TICKS: f64 = 100.0;

/// Says on stderr on what kind of machine the figures were made, so that they can be compared.
pub(crate) fn introduce() {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let kernel = read("/proc/sys/kernel/osrelease");
    let line = |text: &str, key: &str| {
        let line = text.lines().find(|it| it.starts_with(key))?.split_once(':')?.1;
        Some(line.split_whitespace().collect::<Vec<_>>().join(" "))
    };
    let model = line(&read("/proc/cpuinfo"), "model name").unwrap_or_default();
    let memory = line(&read("/proc/meminfo"), "MemTotal").unwrap_or_default();
    let load = read("/proc/loadavg");
    eprintln!(
        "machine: {cores} cores ({model}), {memory}, kernel {}, load {}",
        kernel.trim(),
        load.trim()
    );
}

/// Resident memory of a process, in MB (10⁶ bytes).
#[derive(Debug)]
pub(crate) struct Resident {
    pub(crate) now: f64,
    /// Of that, what is a file's: the program itself, for the most part.
    pub(crate) of_files: f64,
    /// The highest that it ever was.
    pub(crate) most: f64,
}

impl Resident {
    pub(crate) fn of(process: u32) -> Result<Self> {
        Self::read(&fs::read_to_string(format!("/proc/{process}/status"))?)
    }

    fn read(status: &str) -> Result<Self> {
        let megabytes = |key: &str| -> Result<f64> {
            let line = status.lines().find(|it| it.starts_with(key)).context("a resident size")?;
            let kib: f64 = line.split_whitespace().nth(1).context("a number")?.parse()?;
            Ok(kib * 1_024.0 / 1e6)
        };
        let (now, of_files) = (megabytes("VmRSS:")?, megabytes("RssFile:")?);
        Ok(Self { now, of_files, most: megabytes("VmHWM:")? })
    }
}

/// Seconds of processor that a process has used, its own and the kernel's for it.
pub(crate) fn processor(process: u32) -> Result<f64> {
    seconds(&fs::read_to_string(format!("/proc/{process}/stat"))?)
}

fn seconds(stat: &str) -> Result<f64> {
    // The name in parentheses may contain anything; the fields after it are counted.
    let (_, fields) = stat.rsplit_once(") ").context("fields")?;
    let used = fields.split(' ').skip(11).take(2).map(str::parse::<f64>);
    let ticks: Vec<f64> = used.collect::<Result<_, _>>()?;
    Ok(ticks.iter().sum::<f64>() / TICKS)
}

/// Bytes that lie in the queues of all TCP connections from or to these ports: sent, not read.
pub(crate) fn queued(ports: &BTreeSet<u16>) -> Result<u64> {
    let table = fs::read_to_string("/proc/net/tcp")?;
    Ok(table.lines().skip(1).filter_map(|line| queued_of(line, ports)).sum())
}

fn queued_of(line: &str, ports: &BTreeSet<u16>) -> Option<u64> {
    let mut fields = line.split_whitespace().skip(1);
    let port = |address: &str| u16::from_str_radix(address.rsplit_once(':')?.1, 16).ok();
    let (local, remote) = (port(fields.next()?)?, port(fields.next()?)?);
    let is_established = fields.next()? == "01";
    let (sent, received) = fields.next()?.split_once(':')?;
    let bytes = |text| u64::from_str_radix(text, 16).ok();
    let ours = is_established && (ports.contains(&local) || ports.contains(&remote));
    ours.then_some(bytes(sent)? + bytes(received)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_full_of_parentheses_does_not_confuse_the_accounts() {
        let stat = "7 (a) b) S 1 7 7 0 -1 4 5 6 7 8 150 50 0 0 20 0 4 0 100 0 0";
        assert!((seconds(stat).unwrap() - 2.0).abs() < f64::EPSILON);
    }

    #[test]
    fn resident_memory_is_told_in_megabytes() {
        let status = "VmHWM:\t 2000 kB\nVmRSS:\t 1000 kB\nRssFile:\t 500 kB\n";
        let resident = Resident::read(status).unwrap();
        assert!((resident.now - 1.024).abs() < 1e-9 && (resident.of_files - 0.512).abs() < 1e-9);
        assert!((resident.most - 2.048).abs() < 1e-9);
        assert!(Resident::read("").is_err());
    }

    #[test]
    fn what_lies_in_both_queues_of_a_connection_is_counted() {
        let ports = BTreeSet::from([0x1F90]);
        let line = "   1: 0100007F:1F90 0100007F:C001 01 00000010:00000001 00:00000000 0 0 0";
        assert_eq!(queued_of(line, &ports), Some(17));
        let listening = "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000005 00:00000000 0 0 0";
        assert_eq!(queued_of(listening, &ports), None);
        assert_eq!(queued_of(line, &BTreeSet::from([1])), None);
        assert_eq!(queued_of("nonsense", &ports), None);
    }
}

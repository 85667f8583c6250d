//! Whether phones are on the local network, found out by knocking: whoever accepts a connection,
//! or refuses it, is there. Needs no rights, and nothing on the phone.
//!
//! A phone that sleeps answers late or not at all for minutes, so that one counts as away only
//! after it was not seen for long. While this machine itself has no network nothing is known, and
//! nothing is said. Counts rounds, never reads a clock, and never spawns.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use model::PersonId;
use tokio::net::TcpStream;
use tokio::sync::{mpsc, watch};
use tokio::time::{MissedTickBehavior, interval, timeout};
use tokio_util::sync::CancellationToken;

/// Where it is knocked: iPhones listen on the first, and no phone drops both in silence.
const PORTS: [u16; 2] = [62078, 80];
/// How long a phone may take to answer.
const PATIENCE: Duration = Duration::from_secs(4);

/// Where whose phone is.
pub type Phones = BTreeMap<PersonId, IpAddr>;

/// How often it is knocked, and how long not being seen means nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// From one round to the next; more than nothing.
    pub every: Duration,
    /// How long nobody must have answered for a phone to be gone.
    pub grace: Duration,
}

impl Pace {
    /// Every 20 s; gone after 10 minutes.
    pub const USUAL: Self =
        Self { every: Duration::from_secs(20), grace: Duration::from_secs(600) };

    /// After so many rounds without an answer a phone is gone.
    fn rounds(self) -> u32 {
        let rounds = self.grace.as_millis().div_ceil(self.every.as_millis().max(1));
        u32::try_from(rounds).unwrap_or(u32::MAX).max(1)
    }
}

/// What came of knocking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Knocked {
    /// It answered.
    There,
    /// Nobody answered.
    NotSeen,
    /// This machine cannot look: it has no network itself.
    CannotLook,
}

/// Whoever can look whether a phone is there.
pub(crate) trait Prober {
    /// Knocks once.
    fn knock(&self, at: IpAddr) -> impl Future<Output = Knocked> + Send;
}

/// Says when a phone comes (true) or is gone, until the token says so: what is so at the start
/// is said too, as soon as it is known. Who is watched can be changed on the way.
pub async fn watch(
    phones: watch::Receiver<Phones>,
    pace: Pace,
    seen: mpsc::Sender<(PersonId, bool)>,
    stop: CancellationToken,
) {
    stop.run_until_cancelled(watch_with(&Network, phones, pace, seen)).await;
}

async fn watch_with(
    prober: &impl Prober,
    mut phones: watch::Receiver<Phones>,
    pace: Pace,
    seen: mpsc::Sender<(PersonId, bool)>,
) {
    let mut watched: BTreeMap<PersonId, Watched> = BTreeMap::new();
    let mut round = interval(pace.every.max(Duration::from_millis(1)));
    round.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = round.tick() => {}
            changed = phones.changed() => if changed.is_err() { return },
        }
        let now = phones.borrow_and_update().clone();
        watched.retain(|person, it| now.get(person) == Some(&it.at));
        for (person, knocked) in knock_on_all(prober, &now).await {
            let Some(at) = now.get(&person) else { continue };
            let it = watched.entry(person.clone()).or_insert_with(|| Watched::at(*at));
            if let Some(news) = it.take_in(knocked, pace.rounds())
                && seen.send((person, news)).await.is_err()
            {
                return;
            }
        }
    }
}

async fn knock_on_all(prober: &impl Prober, phones: &Phones) -> Vec<(PersonId, Knocked)> {
    let knocking: FuturesUnordered<_> = phones
        .iter()
        .map(|(person, at)| async { (person.clone(), prober.knock(*at).await) })
        .collect();
    let mut outcomes: Vec<_> = knocking.collect().await;
    outcomes.sort_by(|one, other| one.0.cmp(&other.0));
    outcomes
}

/// A phone that is watched.
#[derive(Debug)]
struct Watched {
    at: IpAddr,
    /// What was said of it last.
    said: Option<bool>,
    /// Rounds since it was last seen.
    unseen: u32,
}

impl Watched {
    fn at(at: IpAddr) -> Self {
        Self { at, said: None, unseen: 0 }
    }

    /// What is to be said now, if anything.
    fn take_in(&mut self, knocked: Knocked, most_unseen: u32) -> Option<bool> {
        let is_there = match knocked {
            Knocked::CannotLook => return None,
            Knocked::There => {
                self.unseen = 0;
                true
            }
            Knocked::NotSeen => {
                self.unseen = self.unseen.saturating_add(1);
                if self.unseen < most_unseen {
                    return None;
                }
                false
            }
        };
        let is_news = self.said != Some(is_there);
        self.said = Some(is_there);
        is_news.then_some(is_there)
    }
}

/// Knocks on the real network.
struct Network;

impl Prober for Network {
    async fn knock(&self, at: IpAddr) -> Knocked {
        let mut knocking: FuturesUnordered<_> =
            PORTS.into_iter().map(|port| knock_on(SocketAddr::new(at, port))).collect();
        let mut best = Knocked::CannotLook;
        while let Some(knocked) = knocking.next().await {
            match knocked {
                Knocked::There => return Knocked::There,
                Knocked::NotSeen => best = Knocked::NotSeen,
                Knocked::CannotLook => {}
            }
        }
        best
    }
}

async fn knock_on(address: SocketAddr) -> Knocked {
    let Ok(outcome) = timeout(PATIENCE, TcpStream::connect(address)).await else {
        return Knocked::NotSeen;
    };
    match outcome.map_err(|error| error.kind()) {
        Ok(_) | Err(ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset) => Knocked::There,
        // No way out of this machine, or no more sockets: that says nothing of the phone.
        Err(
            ErrorKind::NetworkUnreachable
            | ErrorKind::NetworkDown
            | ErrorKind::AddrNotAvailable
            | ErrorKind::PermissionDenied,
        ) => Knocked::CannotLook,
        Err(_) => Knocked::NotSeen,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    const PACE: Pace = Pace { every: Duration::from_secs(20), grace: Duration::from_secs(60) };

    /// Answers as the test says, round by round, and then as in the last round.
    #[derive(Debug)]
    struct Scripted(Mutex<BTreeMap<IpAddr, Vec<Knocked>>>);

    impl Prober for Scripted {
        async fn knock(&self, at: IpAddr) -> Knocked {
            let mut scripts = self.0.lock().unwrap();
            let script = scripts.get_mut(&at).unwrap();
            if script.len() > 1 { script.remove(0) } else { script[0] }
        }
    }

    fn person(name: &str) -> PersonId {
        name.parse().unwrap()
    }

    fn at(number: u8) -> IpAddr {
        IpAddr::from([192, 168, 1, number])
    }

    /// What is said of one phone within so many rounds.
    async fn said(script: &[Knocked], rounds: u32) -> Vec<bool> {
        let prober = Scripted(Mutex::new(BTreeMap::from([(at(2), script.to_vec())])));
        let (_hold, phones) = watch::channel(Phones::from([(person("ada"), at(2))]));
        let (out, mut seen) = mpsc::channel(64);
        let watching = watch_with(&prober, phones, PACE, out);
        drop(timeout(PACE.every * rounds - Duration::from_secs(1), watching).await);
        let mut all = Vec::new();
        while let Ok((who, is_there)) = seen.try_recv() {
            assert_eq!(who, person("ada"));
            all.push(is_there);
        }
        all
    }

    #[tokio::test(start_paused = true)]
    async fn a_phone_is_home_at_first_sight_and_away_only_after_the_grace() {
        use Knocked::{NotSeen, There};
        assert_eq!(said(&[There], 10).await, [true]);
        assert_eq!(said(&[There, NotSeen, NotSeen, There], 10).await, [true], "it slept");
        assert_eq!(said(&[There, NotSeen, NotSeen, NotSeen, There], 10).await, [true, false, true]);
        assert_eq!(said(&[NotSeen], 2).await, [false; 0], "nothing is known yet");
        assert_eq!(said(&[NotSeen], 10).await, [false]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_machine_without_a_network_says_nothing_of_phones() {
        use Knocked::{CannotLook, There};
        assert_eq!(said(&[CannotLook], 100).await, [false; 0]);
        assert_eq!(said(&[There, CannotLook], 100).await, [true]);
    }

    #[tokio::test(start_paused = true)]
    async fn another_phone_counts_anew_and_the_others_go_on() {
        let scripts =
            BTreeMap::from([(at(2), vec![Knocked::There]), (at(3), vec![Knocked::There])]);
        let prober = Scripted(Mutex::new(scripts));
        let (phones, watched) = watch::channel(Phones::from([(person("ada"), at(2))]));
        let (out, mut seen) = mpsc::channel(64);
        let test = async {
            assert_eq!(seen.recv().await, Some((person("ada"), true)));
            phones.send_modify(|it| it.extend([(person("bob"), at(3))]));
            assert_eq!(seen.recv().await, Some((person("bob"), true)));
            phones.send_modify(|it| it.extend([(person("bob"), at(2))]));
            assert_eq!(seen.recv().await, Some((person("bob"), true)), "another address");
            drop(phones);
        };
        tokio::join!(watch_with(&prober, watched, PACE, out), test);
        assert_eq!(seen.recv().await, None);
    }

    #[tokio::test]
    async fn whoever_refuses_is_there() {
        assert_eq!(Network.knock(IpAddr::from([127, 0, 0, 1])).await, Knocked::There);
    }

    #[test]
    fn the_usual_grace_is_ten_minutes_of_rounds() {
        assert_eq!(Pace::USUAL.rounds(), 30);
        assert_eq!(Pace { every: Duration::ZERO, grace: Duration::ZERO }.rounds(), 1);
    }
}

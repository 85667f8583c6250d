//! The life of commands, told a second time as simply as possible, and both tellings compared.
//!
//! The reference knows one endpoint with two capabilities and keeps no clever state: after each
//! step it says what has become of every command so far.

use std::collections::BTreeMap;

use api::Update;
use engine::Effect;
use model::{Action, Cause, CommandId, CommandState, FailReason, Progress, Report, Source, Value};
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof};

use crate::home::{Home, LAMP, at, command_id, endpoint_id, id, level};

const LIGHT: &str = "wled-lamp/light-0";

#[derive(Debug, Clone)]
enum Step {
    Ask(Thing),
    Sent(usize),
    Acknowledged(usize),
    Refused(usize),
    Says(Thing),
    Lost,
    Reached,
    Wait(u64),
}

/// One wish, or the value that shows it.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Thing {
    On(bool),
    Level(u8),
}

impl Thing {
    fn action(self) -> Action {
        match self {
            Self::On(on) => Action::SetOnOff(on),
            Self::Level(percent) => Action::SetLevel(level(percent)),
        }
    }

    fn value(self) -> Value {
        match self {
            Self::On(on) => Value::OnOff(on),
            Self::Level(percent) => Value::Level(level(percent)),
        }
    }

    /// A level of nothing means off.
    fn meant(self) -> Self {
        if self == Self::Level(0) { Self::On(false) } else { self }
    }

    fn is_same_capability(self, other: Self) -> bool {
        matches!((self, other), (Self::On(_), Self::On(_)) | (Self::Level(_), Self::Level(_)))
    }
}

struct Wish {
    thing: Thing,
    asked_at: u64,
    state: CommandState,
}

#[derive(Default)]
struct Reference {
    wishes: Vec<Wish>,
    is_lost: bool,
    millis: u64,
}

impl Reference {
    fn step(&mut self, step: &Step) {
        match *step {
            Step::Ask(thing) => self.ask(thing),
            Step::Sent(index) => self.progress(index, CommandState::Sent),
            Step::Acknowledged(index) => self.progress(index, CommandState::Acknowledged),
            Step::Refused(index) => {
                let refused = FailReason::Refused("no".to_owned());
                self.progress(index, CommandState::Failed(refused));
            }
            Step::Says(thing) => self.end(|wish| {
                let has_left = wish.state != CommandState::Requested;
                (has_left && wish.thing == thing).then_some(CommandState::Observed)
            }),
            Step::Lost => {
                self.is_lost = true;
                self.end(|wish| match wish.state {
                    CommandState::Requested => Some(CommandState::Failed(FailReason::Unreachable)),
                    _ => Some(CommandState::Failed(FailReason::ConnectionLost)),
                });
            }
            Step::Reached => self.is_lost = false,
            Step::Wait(millis) => {
                self.millis += millis;
                let now = self.millis;
                self.end(|wish| (wish.asked_at + 3_000 <= now).then_some(CommandState::Expired));
            }
        }
    }

    fn ask(&mut self, thing: Thing) {
        let thing = thing.meant();
        let state = if self.is_lost {
            CommandState::Failed(FailReason::Unreachable)
        } else {
            self.end(|wish| {
                let superseded = CommandState::Failed(FailReason::Superseded);
                wish.thing.is_same_capability(thing).then_some(superseded)
            });
            CommandState::Requested
        };
        self.wishes.push(Wish { thing, asked_at: self.millis, state });
    }

    fn progress(&mut self, index: usize, to: CommandState) {
        let Some(wish) = self.wishes.get_mut(index) else { return };
        let goes_back = wish.state == CommandState::Acknowledged && to == CommandState::Sent;
        if !wish.state.is_final() && !goes_back {
            wish.state = to;
        }
    }

    fn end(&mut self, outcome: impl Fn(&Wish) -> Option<CommandState>) {
        for wish in self.wishes.iter_mut().filter(|it| !it.state.is_final()) {
            if let Some(outcome) = outcome(wish) {
                wish.state = outcome;
            }
        }
    }
}

/// The engine, and the last that was told of each command.
struct Subject {
    home: Home,
    told: BTreeMap<CommandId, CommandState>,
    asked: usize,
}

impl Subject {
    fn step(&mut self, step: &Step) {
        let now = self.home.now;
        let progress =
            |index: &usize, to: Progress| Report::Progress(command_id(&format!("c{index}")), to);
        let report = match step {
            Step::Ask(thing) => {
                let command = format!("c{}", self.asked);
                self.asked += 1;
                let (id, endpoint) = (command_id(&command), endpoint_id(LIGHT));
                let request = api::Request::Control { id, endpoint, action: thing.action() };
                let ticket = engine::Ticket(self.home.next_ticket());
                let effects = self.home.engine.handle_request(ticket, request, now);
                return self.hear(effects);
            }
            Step::Wait(millis) => return self.wait(*millis),
            Step::Sent(index) => progress(index, Progress::Sent),
            Step::Acknowledged(index) => progress(index, Progress::Acknowledged),
            Step::Refused(index) => {
                progress(index, Progress::Failed(FailReason::Refused("no".to_owned())))
            }
            Step::Says(thing) => {
                Report::Values(Source::Pushed, vec![(endpoint_id(LIGHT).key, thing.value())])
            }
            Step::Lost => Report::Lost(Cause::NoAnswer),
            Step::Reached => Report::Reached(at("10.0.0.2:80")),
        };
        let effects = self.home.engine.handle_report(&id(LAMP), report, now);
        self.hear(effects);
    }

    fn wait(&mut self, millis: u64) {
        let end = self.home.now.after(std::time::Duration::from_millis(millis));
        while let Some(at) = self.home.engine.poll_timeout().filter(|it| *it <= end.uptime) {
            self.home.now = self.home.now.after(at.saturating_sub(self.home.now.uptime));
            let effects = self.home.engine.handle_timeout(self.home.now);
            self.hear(effects);
        }
        self.home.now = end;
    }

    fn hear(&mut self, effects: Vec<Effect>) {
        for effect in &effects {
            if let Effect::Publish(Update::Command(id, state)) = effect {
                self.told.insert(id.clone(), state.clone());
            }
        }
        self.home.done(effects);
    }
}

fn thing() -> impl Strategy<Value = Thing> {
    prop_oneof![any::<bool>().prop_map(Thing::On), (0..3_u8).prop_map(|it| Thing::Level(it * 50)),]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => thing().prop_map(Step::Ask),
        4 => (0..12_usize).prop_map(Step::Sent),
        2 => (0..12_usize).prop_map(Step::Acknowledged),
        1 => (0..12_usize).prop_map(Step::Refused),
        4 => thing().prop_map(Step::Says),
        1 => Just(Step::Lost),
        2 => Just(Step::Reached),
        3 => (0..2_000_u64).prop_map(Step::Wait),
    ]
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config {
        cases: 512,
        failure_persistence: None,
        ..proptest::test_runner::Config::default()
    })]

    #[test]
    fn the_engine_and_the_reference_agree_on_every_command(steps in vec(step(), 1..60)) {
        let mut reference = Reference::default();
        let mut subject = Subject { home: Home::new(), told: BTreeMap::new(), asked: 0 };
        for step in &steps {
            reference.step(step);
            subject.step(step);
            for (index, wish) in reference.wishes.iter().enumerate() {
                let told = &subject.told[&command_id(&format!("c{index}"))];
                assert_eq!(told, &wish.state, "c{index} after {step:?}");
            }
        }
    }
}

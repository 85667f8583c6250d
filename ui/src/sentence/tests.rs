//! Every phrase in every language, and whole rules as people would say them.

use model::rule::{
    ButtonPress, Cause, Comparison, Condition, CoverIs, Days, Direction, Finding, FindingKind, Is,
    Judged, LocalTime, Measure, NoticeButton, Path, Repetition, RuleBody, RunOutcome, Saw, Step,
    SunEvent, SunState, Target, TimedOut, Trigger, Truth, Unknown, VariableChange, Weekday,
    Weekdays, Which, Who, WhyNot,
};
use model::{
    Action, BooleanMeaning, Capability, Celsius, Color, CoverMove, EndpointKind, Language,
    LockState, RoleId, Spec, ThermostatChange, ThermostatMode, Value, VariableValue,
};

use super::*;
use crate::i18n::Locale;

const LANGUAGES: [Language; 3] = [Language::En, Language::De, Language::Ar];

fn id<T: std::str::FromStr>(text: &str) -> T
where
    T::Err: std::fmt::Debug,
{
    text.parse().unwrap()
}

fn role(name: &str) -> Target {
    Target::Role(id(name))
}

fn names() -> Names {
    let mut names = Names::default();
    let subject = |name: &str, kind, specs| Subject {
        name: name.to_owned(),
        kind,
        room: Some(id("kitchen")),
        specs,
        filled: true,
        everyday: true,
    };
    let lamp = vec![Spec::OnOff, Spec::Level];
    let door = vec![Spec::BooleanState(BooleanMeaning::Open)];
    let motion = vec![Spec::OccupancySensing, Spec::TemperatureMeasurement];
    names.roles.insert(id("lamp"), subject("Lamp", EndpointKind::Light, lamp));
    names.roles.insert(id("door"), subject("Door", EndpointKind::Sensor, door));
    names.roles.insert(id("motion"), subject("Hall", EndpointKind::Sensor, motion));
    let room = model::Room {
        id: id("kitchen"),
        name: "Kitchen".to_owned().try_into().unwrap(),
        position: 0,
    };
    names.rooms.push(room);
    names.groups.insert(id("down"), ("Downstairs".to_owned(), vec![id("lamp")]));
    names.scenes.insert(id("film"), "Film".to_owned());
    names.people.insert(id("ada"), "Ada".to_owned());
    names.variables.insert(id("guests"), ("Guests".to_owned(), VariableValue::YesNo(true)));
    names.rules.insert(id("night"), "Night".to_owned());
    names
}

fn texts(language: Language) -> Texts {
    Texts::of(Locale { language, pseudo: false })
}

/// What is said, with the isolates left out.
fn plain(text: &str) -> String {
    text.replace(['\u{2066}', '\u{2068}', '\u{2069}'], "").replace('\u{a0}', " ")
}

fn say(language: Language, speak: impl Fn(Words<'_>) -> String) -> String {
    plain(&speak(Words::new(texts(language), &names(), Timestamp(0))))
}

fn every_target() -> Vec<Target> {
    let mut all = vec![
        role("lamp"),
        role("gone"),
        Target::Group(id("down")),
        Target::Room { room: id("kitchen"), only: None },
        Target::Room { room: id("kitchen"), only: Some(EndpointKind::Light) },
    ];
    let kinds = [
        EndpointKind::Light,
        EndpointKind::Plug,
        EndpointKind::Switch,
        EndpointKind::Fan,
        EndpointKind::Cover,
        EndpointKind::Lock,
        EndpointKind::Thermostat,
        EndpointKind::Sensor,
        EndpointKind::Button,
        EndpointKind::Control,
    ];
    all.extend(kinds.map(Target::All));
    all
}

fn every_state() -> Vec<Is> {
    let mut all = vec![
        Is::Thermostat(ThermostatMode::Heat),
        Is::Mode("Eco".to_owned()),
        Is::Effect("Rain".to_owned()),
        Is::Air(model::AirQuality::Poor),
        Is::Cover(CoverIs::Open),
        Is::Cover(CoverIs::Closed),
        Is::Cover(CoverIs::Moving),
    ];
    for yes in [true, false] {
        all.extend([Is::OnOff(yes), Is::Boolean(yes), Is::Occupied(yes), Is::Running(yes)]);
    }
    let locks = [
        LockState::Locked,
        LockState::Unlocked,
        LockState::Locking,
        LockState::Unlocking,
        LockState::Jammed,
    ];
    all.extend(locks.map(Is::Lock));
    all
}

fn every_trigger() -> Vec<Trigger> {
    let at = LocalTime::new(7, 30).unwrap();
    let on = Days { weekdays: Weekdays::from(vec![Weekday::Tue]), ..Days::default() };
    let mut all = vec![
        Trigger::Changes {
            of: role("lamp"),
            what: Capability::OnOff,
            from: Some(Is::OnOff(true)),
            to: None,
            held_for: Span::seconds(90),
        },
        Trigger::Time { at, on: on.clone() },
        Trigger::Every(Span::minutes(15)),
        Trigger::Unreachable { of: role("lamp"), held_for: Span::minutes(5) },
        Trigger::Returns { of: role("lamp") },
        Trigger::Started,
        Trigger::Variable { variable: id("guests"), becomes: Comparison::YesNo(true) },
        Trigger::RuleRan(id("night")),
        Trigger::Webhook(id("0123456789abcdef0123")),
        Trigger::Mqtt { topic: "a/+".to_owned(), payload: None },
        Trigger::Mqtt { topic: "a/+".to_owned(), payload: Some("on".to_owned()) },
    ];
    all.extend(every_target().into_iter().zip(every_state().into_iter().cycle()).map(
        |(of, is)| Trigger::Changes {
            of,
            what: is.capability(),
            from: None,
            to: Some(is),
            held_for: Span::ZERO,
        },
    ));
    for direction in [Direction::Above, Direction::Below] {
        all.extend(Measure::ALL.map(|measure| Trigger::Crosses {
            of: role("motion"),
            measure,
            direction,
            threshold: 21.5,
            hysteresis: 0.5,
            held_for: Span::ZERO,
        }));
    }
    let presses = [
        ButtonPress::Times(1),
        ButtonPress::Times(2),
        ButtonPress::Times(3),
        ButtonPress::Held,
        ButtonPress::Down,
        ButtonPress::Up,
    ];
    all.extend(presses.map(|press| Trigger::Button { of: role("lamp"), press }));
    for event in [SunEvent::Sunrise, SunEvent::Sunset] {
        all.extend([-20, 0, 20].map(|offset| Trigger::Sun { event, offset, on: on.clone() }));
    }
    for who in every_who() {
        all.extend([Trigger::Arrives(who.clone()), Trigger::Leaves(who)]);
    }
    all
}

fn every_who() -> [Who; 4] {
    [Who::Person(id("ada")), Who::Anyone, Who::Everyone, Who::Household]
}

fn state(of: Target, is: Is) -> Condition {
    Condition::State { of, which: Which::Every, is, held_for: Span::ZERO }
}

fn every_condition() -> Vec<Condition> {
    let lit = || state(role("lamp"), Is::OnOff(true));
    let at = LocalTime::new(22, 0);
    let on = Days::default();
    let mut all = vec![
        Condition::All(vec![]),
        Condition::Any(vec![]),
        Condition::All(vec![lit(), Condition::Any(vec![lit(), lit()])]),
        Condition::Not(Box::new(lit())),
        Condition::Time { after: at, before: at, on: on.clone() },
        Condition::Time { after: at, before: None, on: on.clone() },
        Condition::Time { after: None, before: at, on: on.clone() },
        Condition::Time { after: None, before: None, on },
        Condition::Reachable { of: role("lamp"), which: Which::Some },
    ];
    all.extend(every_target().into_iter().zip(every_state().into_iter().cycle()).map(
        |(of, is)| Condition::State { of, which: Which::Some, is, held_for: Span::minutes(1) },
    ));
    for (above, below) in
        [(Some(1.0), Some(2.5)), (Some(1.0), None), (None, Some(2.0)), (None, None)]
    {
        all.extend(Measure::ALL.map(|measure| Condition::Number {
            of: role("motion"),
            which: Which::Every,
            measure,
            above,
            below,
            held_for: Span::ZERO,
        }));
    }
    for is in [SunState::Up, SunState::Down] {
        all.extend([-30, 0, 30].map(|offset| Condition::Sun { is, offset }));
    }
    for who in every_who() {
        all.extend([Condition::Home(who.clone()), Condition::Away(who)]);
    }
    let comparisons = [
        Comparison::YesNo(true),
        Comparison::YesNo(false),
        Comparison::Text("x".to_owned()),
        Comparison::Equals(1.5),
        Comparison::Above(1.0),
        Comparison::Below(1.0),
    ];
    all.extend(comparisons.map(|is| Condition::Variable { variable: id("guests"), is }));
    all
}

fn every_action() -> Vec<Action> {
    let change = |heat: f64| ThermostatChange {
        mode: Some(ThermostatMode::Heat),
        heating_setpoint: Some(Celsius::clamped(heat)),
        cooling_setpoint: Some(Celsius::clamped(26.0)),
    };
    let level = 40.try_into().unwrap();
    vec![
        Action::SetOnOff(true),
        Action::SetOnOff(false),
        Action::SetLevel(level),
        Action::SetColor(Color::from_rgb([255, 0, 0])),
        Action::SetEffect("Rain".to_owned()),
        Action::SetPalette("Lava".to_owned()),
        Action::MoveCover(CoverMove::Open),
        Action::MoveCover(CoverMove::Close),
        Action::MoveCover(CoverMove::Stop),
        Action::MoveCover(CoverMove::To(level)),
        Action::SetLocked(true),
        Action::SetLocked(false),
        Action::SetThermostat(change(21.0)),
        Action::SetThermostat(ThermostatChange::default()),
        Action::SelectMode("Eco".to_owned()),
        Action::SetNumber(3.5),
        Action::Press,
    ]
}

fn command(action: Action) -> Step {
    Step::Command { to: role("lamp"), action, transition: Span::ZERO }
}

fn every_step() -> Vec<Step> {
    let lit = || state(role("lamp"), Is::OnOff(true));
    let until = |timeout, timed_out| Step::WaitUntil { condition: lit(), timeout, timed_out };
    let repeat = |repetition| Step::Repeat { repetition, steps: vec![Step::Stop] };
    let set = |to| Step::SetVariable { variable: id("guests"), to };
    let mut all = vec![
        Step::Toggle(role("lamp")),
        Step::Adjust { of: role("lamp"), by: -10 },
        Step::Adjust { of: role("lamp"), by: 10 },
        Step::Pulse { of: role("lamp"), lasting: Span::seconds(2) },
        Step::Scene { scene: id("film"), transition: Some(Span::seconds(5)) },
        Step::Scene { scene: id("gone"), transition: None },
        Step::Wait(Span::seconds(3_690)),
        until(None, TimedOut::Continue),
        until(Some(Span::minutes(5)), TimedOut::Continue),
        until(Some(Span::minutes(5)), TimedOut::Stop),
        Step::If { condition: lit(), then: vec![], otherwise: vec![] },
        Step::If { condition: lit(), then: vec![Step::Stop], otherwise: vec![Step::Stop] },
        repeat(Repetition::Times(3)),
        repeat(Repetition::While(lit())),
        repeat(Repetition::Until(lit())),
        Step::Notify {
            title: "Wet".to_owned(),
            body: String::new(),
            buttons: Vec::<NoticeButton>::new(),
        },
        set(VariableChange::Set(VariableValue::YesNo(true))),
        set(VariableChange::Set(VariableValue::Text("a".to_owned()))),
        set(VariableChange::Add(2.0)),
        set(VariableChange::Add(-2.0)),
        set(VariableChange::Flip),
        Step::RunRule(id("night")),
        Step::Stop,
    ];
    all.extend(every_action().into_iter().map(command));
    all
}

fn every_finding() -> Vec<FindingKind> {
    let lamp = || id::<RoleId>("lamp");
    vec![
        FindingKind::NoTrigger,
        FindingKind::NoStep,
        FindingKind::TooMany(32),
        FindingKind::TooDeep(12),
        FindingKind::TooLong(Span::seconds(60)),
        FindingKind::TooShort(Span::seconds(60)),
        FindingKind::OutOfRange(None),
        FindingKind::OutOfRange(Some((0.0, 1.0))),
        FindingKind::Missing("lamp".to_owned()),
        FindingKind::RunsItself(vec!["Night".to_owned().try_into().unwrap()]),
        FindingKind::NoPlace,
        FindingKind::CannotDo(lamp(), Action::Press),
        FindingKind::NeverSays(lamp(), Capability::OnOff),
        FindingKind::Vacant(lamp()),
        FindingKind::Nobody,
        FindingKind::Loop(vec![id("night")]),
        FindingKind::Contradicts(id("night")),
        FindingKind::NeverHolds,
        FindingKind::AlwaysHolds,
        FindingKind::Shadowed(0),
        FindingKind::Unreachable,
        FindingKind::BusyLoop,
        FindingKind::NoOff(lamp()),
        FindingKind::SameName(id("night")),
        FindingKind::SkippedByDst,
        FindingKind::TwiceByDst,
        FindingKind::WindowAcrossDst,
        FindingKind::NowUnreachable(id("shelly-aa")),
    ]
}

fn every_saw() -> Vec<Saw> {
    let lamp = || id::<RoleId>("lamp");
    vec![
        Saw::Value { role: lamp(), value: Value::OnOff(true), since: Timestamp(0) },
        Saw::Unknown(lamp(), Unknown::Vacant),
        Saw::Unknown(lamp(), Unknown::NeverSaid),
        Saw::Unknown(lamp(), Unknown::Unreachable),
        Saw::Unknown(lamp(), Unknown::Unable),
        Saw::Time(3_600),
        Saw::Sun(true),
        Saw::Sun(false),
        Saw::Home(1, 2),
        Saw::Variable(Some(VariableValue::Number(2.0))),
        Saw::Variable(None),
        Saw::Reachable(lamp(), true),
        Saw::Reachable(lamp(), false),
        Saw::Nobody,
    ]
}

fn every_cause() -> Vec<Cause> {
    let lamp = || id::<RoleId>("lamp");
    let on = Value::OnOff(true);
    vec![
        Cause::Value {
            trigger: 0,
            role: lamp(),
            was: Some(Value::OnOff(false)),
            value: on.clone(),
        },
        Cause::Value { trigger: 0, role: lamp(), was: None, value: on },
        Cause::Pressed(0, lamp(), model::ButtonEvent::Held),
        Cause::Due(0, Timestamp(0)),
        Cause::Arrived(0, id("ada")),
        Cause::Left(0, id("ada")),
        Cause::Unreachable(0, lamp()),
        Cause::Returned(0, lamp()),
        Cause::Variable(0, id("guests"), VariableValue::YesNo(true)),
        Cause::Started(0),
        Cause::Rule(Some(0), id("night"), id("run")),
        Cause::Rule(None, id("night"), id("run")),
        Cause::Webhook(0, id("0123456789abcdef0123")),
        Cause::Message(0, "a".to_owned()),
        Cause::Person,
        Cause::Notice(id("n")),
    ]
}

/// It is said in every language, differently, with nothing left open.
fn said_everywhere(speak: impl Fn(Words<'_>) -> String) {
    let said = LANGUAGES.map(|language| say(language, &speak));
    for words in &said {
        assert!(words.chars().count() >= 3, "{said:?}");
        assert!(!words.contains(['{', '}']), "{said:?}");
        assert!(!words.contains("  "), "{said:?}");
    }
    assert_ne!(said[0], said[1]);
    assert!(said[2].chars().any(|it| ('\u{600}'..='\u{6ff}').contains(&it)), "{said:?}");
}

#[test]
fn every_trigger_is_said_in_every_language() {
    for trigger in every_trigger() {
        said_everywhere(|words| words.trigger(&trigger));
    }
}

#[test]
fn every_condition_is_said_in_every_language() {
    for condition in every_condition() {
        said_everywhere(|words| words.condition(&condition));
    }
}

#[test]
fn every_step_is_said_in_every_language() {
    for step in every_step() {
        said_everywhere(|words| words.step(&step));
    }
}

#[test]
fn everything_that_explains_is_said_in_every_language() {
    for kind in every_finding() {
        let finding = Finding { at: Path::default(), kind };
        said_everywhere(|words| words.finding(&finding));
    }
    for saw in every_saw() {
        let judged = Judged { truth: Truth::Unknown, saw: vec![saw], parts: vec![] };
        said_everywhere(|words| words.judged(&judged));
        said_everywhere(|words| words.why_not(&WhyNot::Conditions(vec![judged.clone()])));
    }
    for cause in every_cause() {
        let says = |language| say(language, |words| words.cause(&cause));
        assert_ne!(says(Language::En), says(Language::De), "{cause:?}");
    }
    let outcomes = [
        RunOutcome::Finished { failed: 0 },
        RunOutcome::Finished { failed: 2 },
        RunOutcome::Stopped,
        RunOutcome::TimedOut,
        RunOutcome::Restarted,
        RunOutcome::Cancelled,
        RunOutcome::Runaway,
    ];
    for outcome in outcomes {
        said_everywhere(|words| words.outcome(&outcome));
    }
    let reasons = [
        WhyNot::Running,
        WhyNot::Full,
        WhyNot::WhileAway,
        WhyNot::Missed,
        WhyNot::Asked,
        WhyNot::Declined,
        WhyNot::TooDeep,
        WhyNot::Runaway,
    ];
    for why in reasons {
        said_everywhere(|words| words.why_not(&why));
    }
}

fn night_light() -> RuleBody {
    RuleBody {
        name: "Night".to_owned().try_into().unwrap(),
        triggers: vec![Trigger::Changes {
            of: role("motion"),
            what: Capability::OccupancySensing,
            from: None,
            to: Some(Is::Occupied(true)),
            held_for: Span::ZERO,
        }],
        conditions: vec![
            Condition::Sun { is: SunState::Down, offset: 0 },
            state(
                Target::Room { room: id("kitchen"), only: Some(EndpointKind::Light) },
                Is::OnOff(false),
            ),
        ],
        steps: vec![
            command(Action::SetLevel(20.try_into().unwrap())),
            Step::Wait(Span::minutes(5)),
            command(Action::SetOnOff(false)),
        ],
        mode: model::rule::RunMode::Restart,
        missed: model::rule::Missed::Skip,
    }
}

#[test]
fn a_rule_is_one_sentence() {
    let rule = |language| say(language, |words| words.rule(&night_light()));
    assert_eq!(
        rule(Language::En),
        "When Hall detects motion, but only if the sun is down and every light in Kitchen is off: \
         set Lamp to 20%, then wait 5 minute, then turn off Lamp."
    );
    assert_eq!(
        rule(Language::De),
        "Wenn Hall Bewegung meldet, aber nur wenn die Sonne untergegangen ist und jedes Licht im \
         Raum Kitchen aus ist: Lamp auf 20% stellen, dann 5 minute warten, dann Lamp ausschalten."
    );
    assert!(rule(Language::Ar).starts_with("عندما تُرصد حركة عبر Hall، وفقط عندما"));
}

#[test]
fn a_rule_without_anything_says_so() {
    let body = RuleBody { triggers: vec![], conditions: vec![], steps: vec![], ..night_light() };
    let words = say(Language::En, |words| words.rule(&body));
    assert_eq!(words, "When you run it by hand: nothing happens yet.");
}

#[test]
fn a_long_rule_tells_how_much_more_it_does() {
    let body = RuleBody { steps: vec![Step::Stop; 9], conditions: vec![], ..night_light() };
    let words = say(Language::En, |words| words.rule(&body));
    assert!(words.ends_with("then stop here, then 5 more steps."), "{words}");
}

#[test]
fn alternatives_inside_a_list_stand_in_brackets() {
    let on = || state(role("lamp"), Is::OnOff(true));
    let open = || state(role("door"), Is::Boolean(true));
    let all = Condition::All(vec![on(), Condition::Any(vec![on(), open()])]);
    let words = say(Language::En, |words| words.condition(&all));
    assert_eq!(words, "Lamp is on and (Lamp is on or Door is open)");
}

#[test]
fn the_meaning_of_a_sensor_decides_its_words() {
    let condition = state(role("door"), Is::Boolean(true));
    assert_eq!(say(Language::De, |words| words.condition(&condition)), "Door offen ist");
}

#[test]
fn names_are_set_apart_from_the_words_around_them() {
    let names = names();
    let words = Words::new(texts(Language::Ar), &names, Timestamp(0));
    assert!(words.step(&Step::Toggle(role("lamp"))).contains("\u{2068}Lamp\u{2069}"));
}

#[test]
fn a_length_of_time_tells_all_its_units() {
    let t = texts(Language::En);
    assert_eq!(plain(&span_words(t, Span::seconds(5_430))), "1 hour 30 minute 30 second");
    assert_eq!(plain(&span_words(t, Span::millis(500))), "0.5 s");
    assert_eq!(plain(&span_words(t, Span::seconds(86_400 * 3))), "3 day");
}

#[test]
fn what_stopped_a_rule_is_the_innermost_reason() {
    let saw = Saw::Sun(true);
    let leaf = Judged { truth: Truth::False, saw: vec![saw], parts: vec![] };
    let held = Judged { truth: Truth::True, saw: vec![], parts: vec![] };
    let all = Judged { truth: Truth::False, saw: vec![], parts: vec![held.clone(), leaf] };
    let words = say(Language::En, |words| {
        words.why_not(&WhyNot::Conditions(vec![held.clone(), all.clone()]))
    });
    assert_eq!(words, "Did not hold: the sun is up");
}

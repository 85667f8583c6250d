//! Drafts: every phrase can be made, found, changed and moved; templates make whole rules.

use model::rule::{
    Condition, Is, LocalTime, Missed, Path, PathPart, Repetition, RuleBody, RunMode, Step,
    SunState, Target, Trigger,
};
use model::{
    BooleanMeaning, Celsius, EndpointKind, Language, Span, Spec, ThermostatMode, Timestamp,
};

use super::*;
use crate::i18n::{Locale, Texts};
use crate::sentence::{Names, Subject};

fn english() -> Texts {
    Texts::of(Locale { language: Language::En, pseudo: false })
}

fn thermostat() -> Spec {
    Spec::Thermostat {
        modes: vec![ThermostatMode::Off, ThermostatMode::Heat],
        range: (Celsius::clamped(5.0), Celsius::clamped(30.0)),
        heating: true,
        cooling: true,
    }
}

fn every_spec() -> Vec<Spec> {
    let names = || vec!["One".to_owned(), "Two".to_owned()];
    vec![
        Spec::OnOff,
        Spec::Level,
        Spec::ColorControl { hue_saturation: true, temperature: None },
        Spec::LightEffect(names()),
        Spec::LightPalette(names()),
        Spec::WindowCovering { positions: true },
        Spec::DoorLock,
        thermostat(),
        Spec::ModeSelect(names()),
        Spec::NumericControl { min: 0.0, max: 9.0, step: 0.5, unit: "min".to_owned() },
        Spec::Momentary,
        Spec::Button,
        Spec::BooleanState(BooleanMeaning::Open),
        Spec::OccupancySensing,
        Spec::TemperatureMeasurement,
        Spec::RelativeHumidityMeasurement,
        Spec::IlluminanceMeasurement,
        Spec::AirQuality,
        Spec::CarbonDioxideConcentrationMeasurement,
        Spec::Pm25ConcentrationMeasurement,
        Spec::ElectricalPower,
        Spec::ElectricalEnergy,
        Spec::PowerSource,
        Spec::GenericMeasurement { unit: "hPa".to_owned() },
    ]
}

/// A home with one thing that can do everything, and a lamp.
fn names() -> Names {
    let mut names = Names::default();
    let subject = |name: &str, specs| Subject {
        name: name.to_owned(),
        kind: EndpointKind::Light,
        room: Some("kitchen".parse().unwrap()),
        specs,
        filled: true,
        everyday: true,
    };
    names.roles.insert("all".parse().unwrap(), subject("Everything", every_spec()));
    names.roles.insert("lamp".parse().unwrap(), subject("Lamp", vec![Spec::OnOff]));
    names.scenes.insert("film".parse().unwrap(), "Film".to_owned());
    names.people.insert("ada".parse().unwrap(), "Ada".to_owned());
    names.rules.insert("night".parse().unwrap(), "Night".to_owned());
    let yes = model::VariableValue::YesNo(true);
    names.variables.insert("guests".parse().unwrap(), ("Guests".to_owned(), yes));
    names
}

fn role(id: &str) -> Target {
    Target::Role(id.parse().unwrap())
}

fn with_desk<T>(ask: impl FnOnce(Desk<'_>) -> T) -> T {
    let names = names();
    let words = Words::new(english(), &names, Timestamp(0));
    let hook = "0123456789abcdef0123".parse().unwrap();
    let webhooks = ["http://hub:1".to_owned()];
    ask(Desk { words, webhooks: &webhooks, hook: Some(&hook) })
}

fn everything_on_offer(part: Part) -> Vec<Offer> {
    with_desk(|desk| {
        let special = specials(desk, part).into_iter().flat_map(|it| it.offers);
        let mut all = offers(desk, part, &role("all"));
        all.extend(special);
        all
    })
}

const PARTS: [Part; 3] = [Part::When, Part::OnlyIf, Part::Then];

fn body() -> RuleBody {
    let lit = Condition::State {
        of: role("lamp"),
        which: model::rule::Which::Every,
        is: Is::OnOff(true),
        held_for: Span::ZERO,
    };
    let not = Condition::Not(Box::new(lit.clone()));
    let either = Step::If {
        condition: Condition::Any(vec![lit.clone(), not.clone()]),
        then: vec![Step::Stop],
        otherwise: vec![Step::Wait(Span::seconds(1)), Step::Toggle(role("lamp"))],
    };
    let repeat = Step::Repeat { repetition: Repetition::While(lit.clone()), steps: vec![either] };
    RuleBody {
        name: "Test".to_owned().try_into().unwrap(),
        triggers: vec![Trigger::Started, Trigger::Every(Span::minutes(5))],
        conditions: vec![Condition::All(vec![lit, not])],
        steps: vec![repeat, Step::Stop],
        mode: RunMode::Single,
        missed: Missed::Skip,
    }
}

fn path(parts: &[PathPart]) -> Path {
    Path(parts.to_vec())
}

#[test]
fn every_kind_of_phrase_is_on_offer() {
    let debug = |part| {
        let all = everything_on_offer(part);
        all.iter().map(|(_, it)| format!("{it:?}")).collect::<Vec<_>>().join("\n")
    };
    let when = debug(Part::When);
    let triggers = [
        "Changes",
        "Crosses",
        "Button",
        "Time",
        "Sun",
        "Every",
        "Arrives",
        "Leaves",
        "Unreachable",
        "Returns",
        "Started",
        "Variable",
        "RuleRan",
        "Webhook",
        "Mqtt",
    ];
    for kind in triggers {
        assert!(when.contains(&format!("Trigger({kind}")), "{kind}");
    }
    let only_if = debug(Part::OnlyIf);
    let conditions = [
        "All",
        "Any",
        "Not",
        "State",
        "Number",
        "Time",
        "Sun",
        "Home",
        "Away",
        "Variable",
        "Reachable",
    ];
    for kind in conditions {
        assert!(only_if.contains(&format!("Condition({kind}")), "{kind}");
    }
    let then = debug(Part::Then);
    let steps = [
        "Command",
        "Toggle",
        "Adjust",
        "Pulse",
        "Scene",
        "Wait(",
        "WaitUntil",
        "If",
        "Repeat",
        "Notify",
        "SetVariable",
        "RunRule",
        "Stop",
    ];
    for kind in steps {
        assert!(then.contains(&format!("Step({kind}")), "{kind}");
    }
}

#[test]
fn only_what_the_hardware_can_do_is_on_offer() {
    let offers = with_desk(|desk| offers(desk, Part::Then, &role("lamp")));
    let says: Vec<String> =
        offers.into_iter().map(|(says, _)| says.replace(['\u{2068}', '\u{2069}'], "")).collect();
    assert_eq!(says, ["turn on Lamp", "turn off Lamp", "toggle Lamp", "turn on Lamp for 2 second"]);
}

#[test]
fn every_field_of_every_phrase_can_be_changed_and_says_what_it_is() {
    for part in PARTS {
        for (_, phrase) in everything_on_offer(part) {
            for field in with_desk(|desk| fields(desk, part, &phrase)) {
                assert!(
                    !field.label.is_empty() || matches!(field.input, Input::Note(_)),
                    "{phrase:?}"
                );
                same_kind(&phrase, field);
            }
        }
    }
}

/// Whatever is put into a field, a trigger stays a trigger.
fn same_kind(phrase: &Phrase, field: Field) {
    let like = |it: &Phrase| std::mem::discriminant(it) == std::mem::discriminant(phrase);
    match field.input {
        Input::Target(_, _, put) => assert!(like(&put(role("lamp")))),
        Input::Choice(options, chosen) => {
            assert!(options.iter().all(|(says, it)| !says.is_empty() && like(it)), "{}", field.key);
            assert!(chosen.is_some(), "{} of {phrase:?}", field.key);
        }
        Input::Number { value, put, bounds, .. } => {
            assert!(value.is_none_or(|it| (bounds.0..=bounds.1).contains(&it)), "{}", field.key);
            assert!(like(&put(Some(7.0))) && like(&put(None)));
        }
        Input::Slide { value, put, bounds, .. } => {
            assert!((bounds.0..=bounds.1).contains(&value), "{}", field.key);
            assert_ne!(&put(bounds.0), &put(bounds.1));
        }
        Input::Span { put, .. } => assert_ne!(&put(Span::seconds(77)), &put(Span::seconds(78))),
        Input::Time { put, .. } => {
            assert_ne!(&put(LocalTime::new(1, 2)), &put(LocalTime::new(1, 3)));
        }
        Input::Weekdays(days, put) => {
            assert_ne!(&put(days.toggled(model::rule::Weekday::Mon)), phrase);
        }
        Input::Dates(_, put) => assert_ne!(&put(vec!["2026-12-24".parse().unwrap()]), phrase),
        Input::Text { put, .. } => assert_ne!(&put("a".to_owned()), &put("b".to_owned())),
        Input::Note(words) => assert!(!words.is_empty()),
    }
}

#[test]
fn choosing_somebody_who_cannot_do_it_gives_what_they_can() {
    let dim = everything_on_offer(Part::Then)
        .into_iter()
        .map(|(_, it)| it)
        .find(|it| matches!(it, Phrase::Step(Step::Adjust { .. })))
        .unwrap();
    let fields = with_desk(|desk| fields(desk, Part::Then, &dim));
    let Input::Target(_, _, put) = &fields[0].input else { panic!() };
    let Phrase::Step(step) = put(role("lamp")) else { panic!() };
    assert!(matches!(step, Step::Command { to, .. } if to == role("lamp")));
}

#[test]
fn every_phrase_is_found_at_its_place() {
    use PathPart::{Asks, Condition as C, Otherwise, Step as S, Then, Trigger as T};
    let body = body();
    for (at, wanted) in [
        (vec![T(1)], "Trigger(Every"),
        (vec![C(0), C(1), Asks], "Condition(State"),
        (vec![S(0), Asks], "Condition(State"),
        (vec![S(0), Then, S(0), Asks, C(1)], "Condition(Not"),
        (vec![S(0), Then, S(0), Otherwise, S(1)], "Step(Toggle"),
    ] {
        let phrase = find(&body, &Path(at.clone()));
        assert!(format!("{phrase:?}").contains(wanted), "{at:?}: {phrase:?}");
    }
    for nowhere in [vec![T(2)], vec![S(1), Then], vec![S(0), Otherwise], vec![Asks], vec![]] {
        assert_eq!(find(&body, &Path(nowhere)), None);
    }
}

#[test]
fn phrases_are_put_in_moved_and_taken_out_where_they_are() {
    use PathPart::{Asks, Otherwise, Step as S, Then};
    let inner = [S(0), Then, S(0), Otherwise];
    let at = |index| path(&[&inner[..], &[S(index)]].concat());
    let mut body = body();
    edit(&mut body, &at(1), Edit::Shift(true));
    assert!(matches!(find(&body, &at(0)), Some(Phrase::Step(Step::Toggle(_)))));
    edit(&mut body, &at(2), Edit::Insert(Phrase::Step(Step::Stop)));
    assert_eq!(list_len(&body, &path(&inner), BlockKind::Steps), 3);
    edit(&mut body, &at(0), Edit::Remove);
    assert_eq!(list_len(&body, &path(&inner), BlockKind::Steps), 2);
    let dark = Condition::Sun { is: SunState::Down, offset: 0 };
    let asked = path(&[S(0), Asks]);
    edit(&mut body, &asked, Edit::Put(Phrase::Condition(dark.clone())));
    assert_eq!(find(&body, &asked), Some(Phrase::Condition(dark)));
}

#[test]
fn what_does_not_belong_there_changes_nothing() {
    let before = body();
    let mut body = before.clone();
    let first = path(&[PathPart::Trigger(0)]);
    edit(&mut body, &first, Edit::Put(Phrase::Step(Step::Stop)));
    edit(&mut body, &first, Edit::Shift(true));
    edit(&mut body, &path(&[PathPart::Step(9)]), Edit::Remove);
    edit(&mut body, &path(&[PathPart::Step(9)]), Edit::Insert(Phrase::Step(Step::Stop)));
    edit(&mut body, &Path::default(), Edit::Remove);
    assert_eq!(body, before);
}

#[test]
fn a_loop_asks_where_it_asks() {
    let parts = |repetition| {
        let step = Step::Repeat { repetition, steps: vec![] };
        blocks(&Phrase::Step(step)).into_iter().map(|it| it.part).collect::<Vec<_>>()
    };
    let all = || Condition::All(vec![]);
    let (asks, then) = (Some(PathPart::Asks), Some(PathPart::Then));
    assert_eq!(parts(Repetition::Times(3)), [then]);
    assert_eq!(parts(Repetition::While(all())), [asks, then]);
    assert_eq!(parts(Repetition::Until(all())), [then, asks]);
}

fn named(name: &str) -> RuleBody {
    RuleBody { name: name.to_owned().try_into().unwrap(), ..body() }
}

#[test]
fn what_was_typed_in_one_go_is_undone_in_one() {
    let mut history = History::new();
    history.note(&named("a"), "name");
    history.note(&named("ab"), "name");
    history.note(&named("abc"), "");
    let back = history.undo(&named("abcd")).unwrap();
    assert_eq!(back, named("abc"));
    let back = history.undo(&back).unwrap();
    assert_eq!(back, named("a"));
    assert!(!history.can_undo());
    assert_eq!(history.redo(&back), Some(named("abc")));
    history.note(&named("x"), "");
    assert!(!history.can_redo());
}

#[test]
fn every_template_makes_a_rule_that_does_something() {
    let mut keys = std::collections::BTreeSet::new();
    for template in TEMPLATES {
        assert!(keys.insert(template.key));
        let targets: Vec<Target> = template.needs.iter().map(|_| role("all")).collect();
        for sun in [true, false] {
            let body = template.body(english(), &targets, sun).unwrap();
            assert!(!body.triggers.is_empty() && !body.steps.is_empty(), "{}", template.key);
            assert_eq!(body.name.as_str(), (template.name)(english()));
            let uses_sun = format!("{body:?}").contains("Sun {");
            assert!(sun || !uses_sun, "{} needs the sun", template.key);
        }
        assert!(template.needs.is_empty() || template.body(english(), &[], true).is_none());
    }
    assert!(keys.len() >= 12);
}

#[test]
fn a_template_asks_only_for_what_can_do_it() {
    for template in TEMPLATES {
        for need in template.needs {
            assert!(!(need.fits)(&[]), "{}", template.key);
        }
    }
    let door = TEMPLATES.iter().find(|it| it.key == "door-left-open").unwrap();
    assert!((door.needs[0].fits)(&[Spec::BooleanState(BooleanMeaning::Open)]));
    assert!(!(door.needs[0].fits)(&[Spec::BooleanState(BooleanMeaning::Leak)]));
}

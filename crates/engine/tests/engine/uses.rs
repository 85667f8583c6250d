//! What a rule names stays; and what rules tell people.

use api::Request;
use model::rule::{
    Missed, NoticeAction, NoticeButton, RuleBody, RunMode, Step, Target, Trigger, VariableChange,
    Who,
};
use model::{
    Action, Capability, Group, NOTICES_KEPT, RoleId, RuleId, RunId, Scene, SceneSetting, Span,
    Value, Variable, VariableValue,
};

use crate::home::{Home, PLUG, check, endpoint_id, id, name, on};

const SWITCH: &str = "shelly-plug/switch-0";

fn own(endpoint: &str) -> RoleId {
    RoleId::of(&endpoint_id(endpoint))
}

/// A home with a scene, a group, a person and a variable, and a rule that does these steps.
fn with_rule(triggers: Vec<Trigger>, steps: Vec<Step>) -> Home {
    let mut home = Home::new();
    let setting = SceneSetting { role: own("wled-lamp/light-0"), actions: vec![on()] };
    let scene = Scene {
        id: "dusk".parse().unwrap(),
        name: name("Dusk"),
        room: None,
        settings: vec![setting],
        transition: Span::ZERO,
    };
    let members = vec![own("wled-lamp/light-0")];
    let value = VariableValue::Number(0.0);
    for request in [
        Request::SaveScene(scene),
        Request::SaveGroup(Group { id: "some".parse().unwrap(), name: name("Some"), members }),
        Request::SavePerson("ada".parse().unwrap(), name("Ada")),
        Request::SaveVariable(Variable {
            id: "loads".parse().unwrap(),
            name: name("Loads"),
            value,
        }),
        save(triggers, steps),
    ] {
        let happened = home.ask(request);
        assert_eq!(happened.last().map(String::as_str), Some("reply Done"), "{happened:?}");
    }
    home
}

fn save(triggers: Vec<Trigger>, steps: Vec<Step>) -> Request {
    let (conditions, mode, missed) = (Vec::new(), RunMode::Single, Missed::Skip);
    let body = RuleBody { name: name("Ours"), triggers, conditions, steps, mode, missed };
    Request::SaveRule { id: rule(), body: Box::new(body), expects: 0 }
}

fn rule() -> RuleId {
    "rule".parse().unwrap()
}

fn run(home: &mut Home, id: &str) -> Vec<String> {
    let run: RunId = id.parse().unwrap();
    home.ask(Request::RunRule(run, rule()))
}

#[test]
fn what_a_rule_names_does_not_go_before_the_rule() {
    let add = VariableChange::Add(1.0);
    let steps = vec![
        Step::Scene { scene: "dusk".parse().unwrap(), transition: None },
        Step::Toggle(Target::Group("some".parse().unwrap())),
        Step::SetVariable { variable: "loads".parse().unwrap(), to: add },
    ];
    let arrives = Trigger::Arrives(Who::Person("ada".parse().unwrap()));
    let mut home = with_rule(vec![arrives], steps);
    let removals = || {
        [
            Request::RemoveScene("dusk".parse().unwrap()),
            Request::RemoveGroup("some".parse().unwrap()),
            Request::RemovePerson("ada".parse().unwrap()),
            Request::RemoveVariable("loads".parse().unwrap()),
        ]
    };
    for removal in removals() {
        check(&home.ask(removal), "reply InUse([Ours])");
    }
    home.ask(Request::RemoveRule(rule()));
    for removal in removals() {
        let happened = home.ask(removal);
        assert_eq!(happened.last().map(String::as_str), Some("reply Done"));
    }
}

#[test]
fn a_role_that_a_rule_names_is_vacant_when_its_hardware_goes_and_another_carries_on() {
    let command =
        Step::Command { to: Target::Role(own(SWITCH)), action: on(), transition: Span::ZERO };
    let mut home = with_rule(vec![Trigger::Started], vec![command]);
    home.ask(Request::RemoveDevice(id(PLUG)));
    assert_eq!(home.engine.snapshot().vacant[0].id, own(SWITCH));
    check(&home.ask(Request::ForgetRole(own(SWITCH))), "reply InUse([Ours])");
    let light = endpoint_id("wled-lamp/light-0");
    home.ask(Request::FillRole(own(SWITCH), Some(light)));
    let happened = run(&mut home, "run-1");
    let pending = home.state("wled-lamp/light-0", Capability::OnOff).pending;
    assert!(pending.is_some_and(|it| it.action == on()), "{happened:?}");
}

#[test]
fn a_rule_sets_a_variable_and_that_is_recorded() {
    let add =
        Step::SetVariable { variable: "loads".parse().unwrap(), to: VariableChange::Add(2.5) };
    let mut home = with_rule(vec![Trigger::Started], vec![add]);
    let happened = run(&mut home, "run-1");
    assert!(happened.contains(&"write record loads Number(2.5)".to_owned()), "{happened:?}");
    assert_eq!(home.engine.snapshot().variables[0].value, VariableValue::Number(2.5));
}

fn tells(does: NoticeAction) -> Step {
    let buttons = vec![NoticeButton { label: "Do it".to_owned(), does }];
    Step::Notify { title: "Look".to_owned(), body: String::new(), buttons }
}

#[test]
fn a_notice_is_written_down_before_it_is_shown_and_the_oldest_make_room() {
    let scene = NoticeAction::Scene("dusk".parse().unwrap());
    let mut home = with_rule(vec![Trigger::Started], vec![tells(scene)]);
    let happened = run(&mut home, "run-0");
    let written = happened.iter().position(|it| it.starts_with("write notice"));
    let shown = happened.iter().position(|it| it.starts_with("notify"));
    assert!(written.is_some() && written < shown, "{happened:?}");
    let first = home.engine.snapshot().notices[0].id.clone();
    for count in 1..=NOTICES_KEPT {
        home.wait(60_000);
        run(&mut home, &format!("run-{count}"));
    }
    let notices = home.engine.snapshot().notices;
    assert_eq!(notices.len(), NOTICES_KEPT);
    assert!(notices.iter().all(|it| it.id != first), "the oldest is gone");
}

#[test]
fn a_button_runs_a_rule_once() {
    let mut home = with_rule(vec![Trigger::Started], vec![tells(NoticeAction::RunRule(rule()))]);
    run(&mut home, "run-0");
    let notice = home.engine.snapshot().notices[0].id.clone();
    let happened = home.ask(Request::PressNotice(notice.clone(), 0));
    assert_eq!(happened.last().map(String::as_str), Some("reply Done"), "{happened:?}");
    assert_eq!(home.engine.snapshot().notices.len(), 2, "it has told them once more");
    check(&home.ask(Request::PressNotice(notice, 0)), "reply Duplicate");
}

#[test]
fn rules_see_all_that_a_device_says_in_one_breath() {
    use model::rule::{Condition, Is, Measure, Which};
    let lamp = || Target::Role(own("wled-lamp/light-0"));
    let above = Condition::Number {
        of: lamp(),
        which: Which::Every,
        measure: Measure::Level,
        above: Some(50.0),
        below: None,
        held_for: Span::ZERO,
    };
    let goes_on = Trigger::Changes {
        of: lamp(),
        what: Capability::OnOff,
        from: None,
        to: Some(Is::OnOff(true)),
        held_for: Span::ZERO,
    };
    let action = Action::SetOnOff(true);
    let then = Step::Command { to: Target::Role(own(SWITCH)), action, transition: Span::ZERO };
    let body = RuleBody {
        name: name("Ours"),
        triggers: vec![goes_on],
        conditions: vec![above],
        steps: vec![then],
        mode: RunMode::Single,
        missed: Missed::Skip,
    };
    let mut home = Home::new();
    home.ask(Request::SaveRule { id: rule(), body: Box::new(body), expects: 0 });
    let light = endpoint_id("wled-lamp/light-0");
    let says = |on: bool, percent: u8| {
        let values = [Value::OnOff(on), Value::Level(crate::home::level(percent))];
        let values = values.map(|it| (light.key.clone(), it)).to_vec();
        model::Report::Values(model::Source::Pushed, values)
    };
    home.hear("wled-lamp", says(false, 10));
    let happened = home.hear("wled-lamp", says(true, 90));
    let told = happened.iter().position(|it| it.contains("Level Level(Percent(90))"));
    let sent = happened.iter().position(|it| it.starts_with("send"));
    assert!(told.is_some() && told < sent, "{happened:?}");
}

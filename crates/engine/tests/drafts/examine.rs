use api::{Answer, Examined, Request};
use model::Timestamp;
use model::rule::{FindingKind, RuleBody, Truth};

use crate::home::{HOUR, House, NOW, rule};

fn examine(house: &mut House, body: RuleBody) -> Examined {
    let (outcome, effects) = house.ask(Request::Examine(None, Box::new(body)));
    assert_eq!(effects, [], "looking at a draft changes nothing");
    match outcome {
        Ok(Answer::Examined(examined)) => *examined,
        other => panic!("{other:?}"),
    }
}

const NOTIFY: &str = r#"{"notify":{"title":"t"}}"#;

#[test]
fn conditions_are_judged_as_they_stand() {
    let mut house = House::new(&[]);
    let asks = r#"{"sun":{"is":"up"}},{"time":{"after":"20:00","before":"22:00"}},{"state":{"of":{"role":"@lamp"},"is":{"on_off":true}}}"#;
    let draft = rule(r#"{"time":{"at":"07:00"}}"#, asks, NOTIFY);
    let truths: Vec<_> = examine(&mut house, draft).conditions.iter().map(|it| it.truth).collect();
    assert_eq!(truths, [Truth::True, Truth::False, Truth::Unknown]);
}

#[test]
fn the_next_time_is_that_of_the_first_trigger_that_comes() {
    let mut house = House::new(&[]);
    let draft = rule(r#"{"time":{"at":"18:00"}},{"time":{"at":"15:00"}},"started""#, "", NOTIFY);
    assert_eq!(examine(&mut house, draft).next, Some(Timestamp(NOW.0 + 2 * HOUR)));
    let draft = rule(r#""started""#, "", NOTIFY);
    assert_eq!(examine(&mut house, draft).next, None);
}

#[test]
fn errors_and_doubts_are_told_together_in_the_order_of_the_rule() {
    let mut house = House::new(&[]);
    let steps = r#"{"toggle":{"role":"@warm"}},{"scene":{"scene":"gone"}}"#;
    let draft = rule(r#"{"every":"1s"}"#, r#"{"any":[]}"#, steps);
    let kinds: Vec<_> = examine(&mut house, draft).findings.into_iter().map(|it| it.kind).collect();
    assert!(
        matches!(
            kinds.as_slice(),
            [
                FindingKind::TooShort(_),
                FindingKind::NeverHolds,
                FindingKind::CannotDo(..),
                FindingKind::Missing(_)
            ]
        ),
        "{kinds:?}"
    );
}

#[test]
fn a_draft_that_is_far_too_deep_is_not_looked_into() {
    let mut house = House::new(&[]);
    let mut draft = rule(r#""started""#, r#"{"home":"anyone"}"#, NOTIFY);
    for _ in 0..1_000 {
        let inner = draft.conditions.remove(0);
        draft.conditions = vec![model::rule::Condition::Not(Box::new(inner))];
    }
    let examined = examine(&mut house, draft);
    assert!(matches!(examined.findings[..], [ref it] if it.kind == FindingKind::TooDeep(12)));
    assert_eq!(examined.conditions, []);
}

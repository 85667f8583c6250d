//! What of a phrase can be changed: its fields, each with what the phrase becomes. One list for
//! every kind of phrase, so that one piece of interface shows them all.

use std::sync::Arc;

use model::rule::{
    Comparison, Date, Days, Is, LocalTime, Measure, MonthDay, SunEvent, Target, Trigger, Weekdays,
    Which, Who,
};
use model::{Capability, Span, Spec, VariableId, VariableValue};

use super::form_condition::condition_fields;
use super::form_step::step_fields;
use super::offers::{bare, comparison, is_several, offers, retarget, target};
use super::{Desk, Offer, Part, Phrase};
use crate::sentence::unit;

/// What the phrase becomes when a field gets a value.
pub type Put<T> = Arc<dyn Fn(T) -> Phrase + Send + Sync>;

/// Something of a phrase that can be changed.
#[derive(Clone)]
pub struct Field {
    /// Tells it apart from the other fields of its phrase.
    pub key: &'static str,
    /// What it is.
    pub label: String,
    /// Most people need it seldom.
    pub rare: bool,
    /// How it is changed.
    pub input: Input,
}

/// How a field is changed.
#[derive(Clone)]
pub enum Input {
    /// Whom the phrase is about, in that part of a rule.
    Target(Target, Part, Put<Target>),
    /// One of several; what the phrase becomes.
    Choice(Vec<Offer>, Option<usize>),
    /// A number within bounds; `None` where it may be left out.
    Number {
        value: Option<f64>,
        needed: bool,
        bounds: (f64, f64),
        step: f64,
        unit: String,
        put: Put<Option<f64>>,
    },
    /// A number to slide, with the look of its track.
    Slide {
        value: f64,
        bounds: (f64, f64),
        step: f64,
        unit: &'static str,
        track: &'static str,
        put: Put<f64>,
    },
    /// A length of time; zero where there is none.
    Span { value: Span, needed: bool, put: Put<Span> },
    /// A time of day; `None` where it may be left out.
    Time { value: Option<LocalTime>, needed: bool, put: Put<Option<LocalTime>> },
    /// Days of the week.
    Weekdays(Weekdays, Put<Weekdays>),
    /// Days of the calendar.
    Dates(Vec<Date>, Put<Vec<Date>>),
    /// Words: most characters, in several lines.
    Text { value: String, most: u16, long: bool, put: Put<String> },
    /// Something to read, or to copy.
    Note(String),
}

/// A setter of a field: the phrase with that put in.
macro_rules! put {
    ($phrase:expr, $pattern:pat => |$value:ident $(: $kind:ty)?| $change:expr) => {{
        let base = $phrase.clone();
        let put: Put<_> = Arc::new(move |$value $(: $kind)?| {
            let mut phrase = base.clone();
            if let $pattern = &mut phrase {
                $change;
            }
            phrase
        });
        put
    }};
}
pub(super) use put;

impl Field {
    pub(super) fn new(key: &'static str, label: String, input: Input) -> Self {
        Self { key, label, rare: false, input }
    }

    pub(super) fn rare(self) -> Self {
        Self { rare: true, ..self }
    }

    /// One of several phrases; chosen is the one that is there.
    pub(super) fn choice(
        key: &'static str,
        label: String,
        options: Vec<Offer>,
        now: &Phrase,
    ) -> Self {
        let chosen = options.iter().position(|(_, it)| it == now);
        Self::new(key, label, Input::Choice(options, chosen))
    }

    /// A length of time that may be left out.
    pub(super) fn held(desk: Desk<'_>, value: Span, put: Put<Span>) -> Self {
        let t = desk.words.t;
        Self::new("held", t.field_held(), Input::Span { value, needed: false, put })
    }
}

/// The fields of a phrase.
pub fn fields(desk: Desk<'_>, part: Part, phrase: &Phrase) -> Vec<Field> {
    let mut fields = subject_fields(desk, part, phrase);
    match phrase {
        Phrase::Trigger(trigger) => trigger_fields(desk, phrase, trigger, &mut fields),
        Phrase::Condition(condition) => condition_fields(desk, phrase, condition, &mut fields),
        Phrase::Step(step) => step_fields(desk, phrase, step, &mut fields),
    }
    fields
}

/// Whom it is about, and what is said of them.
fn subject_fields(desk: Desk<'_>, part: Part, phrase: &Phrase) -> Vec<Field> {
    let t = desk.words.t;
    let Some(of) = target(phrase) else { return Vec::new() };
    let (base, names) = (phrase.clone(), Arc::new(desk.words.names.clone()));
    let (texts, now) = (t, desk.words.now);
    let put: Put<Target> = Arc::new(move |to| {
        let words = crate::sentence::Words::new(texts, &names, now);
        retarget(Desk { words, webhooks: &[], hook: None }, part, &base, &to)
    });
    let mut all = offers(desk, part, of);
    let mut chosen = all.iter().position(|(_, it)| bare(it) == bare(phrase));
    if let Some(at) = chosen {
        // The very phrase, with all that was set of it.
        all.iter_mut().skip(at).take(1).for_each(|(_, it)| it.clone_from(phrase));
    } else {
        let says = match phrase {
            Phrase::Trigger(it) => desk.words.trigger(it),
            Phrase::Condition(it) => desk.words.condition(it),
            Phrase::Step(it) => desk.words.step(it),
        };
        all.insert(0, (says, phrase.clone()));
        chosen = Some(0);
    }
    vec![
        Field::new("of", t.field_of(), Input::Target(of.clone(), part, put)),
        Field::new("what", t.field_what(), Input::Choice(all, chosen)),
    ]
}

fn trigger_fields(desk: Desk<'_>, phrase: &Phrase, trigger: &Trigger, fields: &mut Vec<Field>) {
    let t = desk.words.t;
    match trigger {
        Trigger::Changes { of, what, from, to, held_for } => {
            fields.extend(to.as_ref().and_then(|is| state_field(desk, phrase, of, is)));
            fields.extend(from_field(desk, phrase, of, *what, from.as_ref()));
            let put = put!(phrase, Phrase::Trigger(Trigger::Changes { held_for, .. }) => |it| *held_for = it);
            fields.push(Field::held(desk, *held_for, put));
        }
        Trigger::Crosses { of, measure, threshold, hysteresis, held_for, .. } => {
            let put = put!(phrase, Phrase::Trigger(Trigger::Crosses { threshold, .. }) => |it: Option<f64>| *threshold = it.unwrap_or(*threshold));
            fields.push(number_field(
                desk,
                "threshold",
                t.field_threshold(),
                of,
                *measure,
                Some(*threshold),
                true,
                put,
            ));
            let put = put!(phrase, Phrase::Trigger(Trigger::Crosses { held_for, .. }) => |it| *held_for = it);
            fields.push(Field::held(desk, *held_for, put));
            let put = put!(phrase, Phrase::Trigger(Trigger::Crosses { hysteresis, .. }) => |it: Option<f64>| *hysteresis = it.unwrap_or(0.0).max(0.0));
            let back = number_field(
                desk,
                "hysteresis",
                t.field_hysteresis(),
                of,
                *measure,
                Some(*hysteresis),
                true,
                put,
            );
            fields.push(back.rare());
        }
        Trigger::Button { .. } | Trigger::Returns { .. } | Trigger::Started => {}
        Trigger::Unreachable { held_for, .. } => {
            let put = put!(phrase, Phrase::Trigger(Trigger::Unreachable { held_for, .. }) => |it| *held_for = it);
            fields.push(Field::held(desk, *held_for, put));
        }
        _ => other_trigger_fields(desk, phrase, trigger, fields),
    }
}

/// The fields of a trigger that is about no thing of the home.
fn other_trigger_fields(
    desk: Desk<'_>,
    phrase: &Phrase,
    trigger: &Trigger,
    fields: &mut Vec<Field>,
) {
    let t = desk.words.t;
    match trigger {
        Trigger::Time { at, on } => {
            let put = put!(phrase, Phrase::Trigger(Trigger::Time { at, .. }) => |it: Option<LocalTime>| *at = it.unwrap_or(*at));
            let value = Some(*at);
            fields.push(Field::new("at", t.field_time(), Input::Time { value, needed: true, put }));
            let put = put!(phrase, Phrase::Trigger(Trigger::Time { on, .. }) => |it| *on = it);
            days_fields(desk, on, &put, fields);
        }
        Trigger::Sun { offset, on, .. } => {
            let sun =
                |event| Phrase::Trigger(Trigger::Sun { event, offset: *offset, on: on.clone() });
            let options =
                vec![(t.sunrise(), sun(SunEvent::Sunrise)), (t.sunset(), sun(SunEvent::Sunset))];
            fields.push(Field::choice("event", t.field_what(), options, phrase));
            let put = put!(phrase, Phrase::Trigger(Trigger::Sun { offset, .. }) => |it| *offset = minutes(it));
            fields.push(offset_field(desk, *offset, put));
            let put = put!(phrase, Phrase::Trigger(Trigger::Sun { on, .. }) => |it| *on = it);
            days_fields(desk, on, &put, fields);
        }
        Trigger::Every(span) => {
            let put = put!(phrase, Phrase::Trigger(Trigger::Every(span)) => |it| *span = it);
            let input = Input::Span { value: *span, needed: true, put };
            fields.push(Field::new("every", t.field_every(), input));
        }
        Trigger::Arrives(_) | Trigger::Leaves(_) => {
            let say = |it: Trigger| (desk.words.trigger(&it), Phrase::Trigger(it));
            let whos = everybody(desk);
            let arrives = whos.iter().cloned().map(Trigger::Arrives).map(say);
            let leaves = whos.iter().filter(|it| **it != Who::Everyone).cloned();
            let options = arrives.chain(leaves.map(Trigger::Leaves).map(say)).collect();
            fields.push(Field::choice("who", t.field_what(), options, phrase));
        }
        Trigger::Variable { variable, becomes } => {
            let options = variables(desk, |variable, value| {
                Phrase::Trigger(Trigger::Variable { variable, becomes: comparison(value) })
            });
            let chosen = desk.words.names.variables.keys().position(|it| it == variable);
            fields.push(Field::new("variable", t.field_variable(), Input::Choice(options, chosen)));
            let put: Put<Comparison> = put!(phrase, Phrase::Trigger(Trigger::Variable { becomes, .. }) => |it| *becomes = it);
            comparison_fields(desk, becomes, &put, fields);
        }
        Trigger::RuleRan(_) => {
            let rules = desk.words.names.rules.iter();
            let options = rules
                .map(|(id, name)| (name.clone(), Phrase::Trigger(Trigger::RuleRan(id.clone()))))
                .collect();
            fields.push(Field::choice("rule", t.field_rule(), options, phrase));
        }
        Trigger::Webhook(hook) => {
            for address in desk.webhooks {
                let address = format!("{}/{hook}", address.trim_end_matches('/'));
                fields.push(Field::new("hook", t.field_webhook(), Input::Note(address)));
            }
            if desk.webhooks.is_empty() {
                fields.push(Field::new("hook", t.field_webhook(), Input::Note(t.webhooks_off())));
            }
        }
        Trigger::Mqtt { topic, payload } => {
            let put =
                put!(phrase, Phrase::Trigger(Trigger::Mqtt { topic, .. }) => |it| *topic = it);
            fields.push(text_field("topic", t.field_topic(), topic, 256, put));
            let put = put!(phrase, Phrase::Trigger(Trigger::Mqtt { payload, .. }) => |it: String| *payload = Some(it).filter(|it| !it.is_empty()));
            let value = payload.clone().unwrap_or_default();
            fields.push(text_field("payload", t.field_payload(), &value, 1_000, put));
        }
        _ => {}
    }
}

pub(super) fn text_field(
    key: &'static str,
    label: String,
    value: &str,
    most: u16,
    put: Put<String>,
) -> Field {
    Field::new(key, label, Input::Text { value: value.to_owned(), most, long: false, put })
}

/// Which of the names, modes or qualities a state means; for those that have several.
pub(super) fn state_field(desk: Desk<'_>, phrase: &Phrase, of: &Target, is: &Is) -> Option<Field> {
    let specs = desk.words.names.specs(of);
    let spec = specs.iter().find(|it| it.capability() == is.capability())?;
    let states: Vec<Is> = match (is, spec) {
        (Is::Mode(_), Spec::ModeSelect(names)) => names.iter().cloned().map(Is::Mode).collect(),
        (Is::Effect(_), Spec::LightEffect(names)) => {
            names.iter().cloned().map(Is::Effect).collect()
        }
        (Is::Thermostat(_), Spec::Thermostat { modes, .. }) => {
            modes.iter().copied().map(Is::Thermostat).collect()
        }
        (Is::Air(_), _) => qualities().map(Is::Air).into(),
        _ => return None,
    };
    let set = |state: Is| {
        let mut phrase = phrase.clone();
        match &mut phrase {
            Phrase::Trigger(Trigger::Changes { to, .. }) => *to = Some(state),
            Phrase::Condition(model::rule::Condition::State { is, .. }) => *is = state,
            _ => {}
        }
        phrase
    };
    let options = states.into_iter().map(|it| (desk.words.state(of, &it), set(it))).collect();
    Some(Field::choice("state", desk.words.t.field_state(), options, phrase))
}

fn qualities() -> [model::AirQuality; 6] {
    use model::AirQuality as Air;
    [Air::Good, Air::Fair, Air::Moderate, Air::Poor, Air::VeryPoor, Air::ExtremelyPoor]
}

/// Only when it was so before: for what has more states than two.
fn from_field(
    desk: Desk<'_>,
    phrase: &Phrase,
    of: &Target,
    what: Capability,
    from: Option<&Is>,
) -> Option<Field> {
    let states: Vec<Is> = offers(desk, Part::OnlyIf, of)
        .into_iter()
        .filter_map(|(_, it)| match it {
            Phrase::Condition(model::rule::Condition::State { is, .. }) => Some(is),
            _ => None,
        })
        .filter(|is| is.capability() == what)
        .collect();
    if states.len() < 3 && from.is_none() {
        return None;
    }
    let set = |state: Option<Is>| {
        let mut phrase = phrase.clone();
        if let Phrase::Trigger(Trigger::Changes { from, .. }) = &mut phrase {
            *from = state;
        }
        phrase
    };
    let known = from.filter(|it| !states.contains(it)).cloned();
    let each = known.into_iter().chain(states).map(|it| (desk.words.state(of, &it), set(Some(it))));
    let options = std::iter::once((desk.words.t.any_state(), set(None))).chain(each).collect();
    Some(Field::choice("from", desk.words.t.field_from(), options, phrase).rare())
}

#[expect(clippy::too_many_arguments, reason = "each of them differs from field to field")]
pub(super) fn number_field(
    desk: Desk<'_>,
    key: &'static str,
    label: String,
    of: &Target,
    measure: Measure,
    value: Option<f64>,
    needed: bool,
    put: Put<Option<f64>>,
) -> Field {
    let own = || desk.words.names.unit(of, measure.capability());
    let unit = unit(measure).map_or_else(own, str::to_owned);
    let bounds = match unit.as_str() {
        "%" => (0.0, 100.0),
        "°C" => (-100.0, 300.0),
        _ => (-1e9, 1e9),
    };
    let step = if matches!(unit.as_str(), "°C" | "A" | "kWh") { 0.1 } else { 1.0 };
    Field::new(key, label, Input::Number { value, needed, bounds, step, unit, put })
}

/// Minutes within twelve hours either way.
pub(super) fn minutes(value: Option<f64>) -> i16 {
    value.unwrap_or(0.0).clamp(-720.0, 720.0) as i16
}

/// Minutes after sunrise or sunset.
pub(super) fn offset_field(desk: Desk<'_>, offset: i16, put: Put<Option<f64>>) -> Field {
    let t = desk.words.t;
    let input = Input::Number {
        value: Some(f64::from(offset)),
        needed: true,
        bounds: (-720.0, 720.0),
        step: 5.0,
        unit: t.unit_minutes(),
        put,
    };
    Field::new("offset", t.field_offset(), input)
}

/// Everybody whom a rule can be about.
pub(super) fn everybody(desk: Desk<'_>) -> Vec<Who> {
    let people = desk.words.names.people.keys().cloned().map(Who::Person);
    [Who::Household, Who::Anyone, Who::Everyone].into_iter().chain(people).collect()
}

/// Of several, which.
pub(super) fn which_field(
    desk: Desk<'_>,
    phrase: &Phrase,
    of: &Target,
    set: impl Fn(Which) -> Phrase,
) -> Option<Field> {
    let t = desk.words.t;
    let options = vec![(t.which_every(), set(Which::Every)), (t.which_some(), set(Which::Some))];
    is_several(of).then(|| Field::choice("which", t.field_which(), options, phrase))
}

/// Every variable, and what the phrase becomes with it.
pub(super) fn variables(
    desk: Desk<'_>,
    make: impl Fn(VariableId, &VariableValue) -> Phrase,
) -> Vec<Offer> {
    let all = desk.words.names.variables.iter();
    all.map(|(id, (name, value))| (name.clone(), make(id.clone(), value))).collect()
}

/// How a variable compares.
pub(super) fn comparison_fields(
    desk: Desk<'_>,
    is: &Comparison,
    put: &Put<Comparison>,
    fields: &mut Vec<Field>,
) {
    let t = desk.words.t;
    let choice = |options: Vec<(String, Comparison)>| {
        let chosen = options.iter().position(|(_, it)| it == is);
        let options = options.into_iter().map(|(says, it)| (says, put(it))).collect();
        Field::new("compare", t.field_is(), Input::Choice(options, chosen))
    };
    let number = |value: f64, make: fn(f64) -> Comparison| {
        let put = put.clone();
        let put: Put<Option<f64>> = Arc::new(move |it| put(make(it.unwrap_or(value))));
        let (bounds, unit) = ((-1e9, 1e9), String::new());
        let input =
            Input::Number { value: Some(value), needed: true, bounds, step: 1.0, unit, put };
        Field::new("value", t.field_value(), input)
    };
    match is {
        Comparison::YesNo(_) => fields.push(choice(vec![
            (t.yes(), Comparison::YesNo(true)),
            (t.no(), Comparison::YesNo(false)),
        ])),
        Comparison::Text(text) => {
            let put = put.clone();
            let put: Put<String> = Arc::new(move |it| put(Comparison::Text(it)));
            fields.push(text_field("value", t.field_value(), text, 256, put));
        }
        Comparison::Equals(value) | Comparison::Above(value) | Comparison::Below(value) => {
            fields.push(choice(vec![
                (t.compare_equals(), Comparison::Equals(*value)),
                (t.compare_above(), Comparison::Above(*value)),
                (t.compare_below(), Comparison::Below(*value)),
            ]));
            let make = match is {
                Comparison::Above(_) => Comparison::Above,
                Comparison::Below(_) => Comparison::Below,
                _ => Comparison::Equals,
            };
            fields.push(number(*value, make));
        }
    }
}

/// On which days.
pub(super) fn days_fields(desk: Desk<'_>, on: &Days, put: &Put<Days>, fields: &mut Vec<Field>) {
    let t = desk.words.t;
    let with = |change: fn(&mut Days, Weekdays)| {
        let (put, on) = (put.clone(), on.clone());
        let put: Put<Weekdays> = Arc::new(move |it| {
            let mut on = on.clone();
            change(&mut on, it);
            put(on)
        });
        put
    };
    let weekdays = Input::Weekdays(on.weekdays, with(|on, it| on.weekdays = it));
    fields.push(Field::new("weekdays", t.field_weekdays(), weekdays));
    let (put_dates, days) = (put.clone(), on.clone());
    let put_dates: Put<Vec<Date>> =
        Arc::new(move |dates| put_dates(Days { dates, ..days.clone() }));
    fields.push(
        Field::new("dates", t.field_dates(), Input::Dates(on.dates.clone(), put_dates)).rare(),
    );
    season_fields(desk, on, put, fields);
}

fn season_fields(desk: Desk<'_>, on: &Days, put: &Put<Days>, fields: &mut Vec<Field>) {
    let t = desk.words.t;
    let with = |season| put(Days { season, ..on.clone() });
    let year = MonthDay::new(1, 1).zip(MonthDay::new(12, 31));
    let options = vec![(t.season_all(), with(None)), (t.season_part(), with(on.season.or(year)))];
    let chosen = Some(usize::from(on.season.is_some()));
    fields.push(Field::new("season", t.field_season(), Input::Choice(options, chosen)).rare());
    let Some((first, last)) = on.season else { return };
    let locale = t.locale();
    let month = |it: u8| crate::i18n::calendar_month(locale, it);
    let mut ends = |keys: [&'static str; 2],
                    labels: [String; 2],
                    end: MonthDay,
                    set: &dyn Fn(MonthDay) -> Phrase| {
        let [month_key, day_key] = keys;
        let [month_label, day_label] = labels;
        let fitting = |month: u8| {
            (1..=end.day()).rev().find_map(|day| MonthDay::new(month, day)).unwrap_or(end)
        };
        let months = (1..=12).map(|it| (month(it), set(fitting(it)))).collect();
        let chosen = Some(usize::from(end.month()) - 1);
        fields.push(Field::new(month_key, month_label, Input::Choice(months, chosen)).rare());
        let days = (1..=31).filter_map(|it| MonthDay::new(end.month(), it));
        let days = days.map(|it| (it.day().to_string(), set(it))).collect();
        let chosen = Some(usize::from(end.day()) - 1);
        fields.push(Field::new(day_key, day_label, Input::Choice(days, chosen)).rare());
    };
    ends(["from-month", "from-day"], [t.season_from_month(), t.season_from_day()], first, &|it| {
        with(Some((it, last)))
    });
    ends(["to-month", "to-day"], [t.season_to_month(), t.season_to_day()], last, &|it| {
        with(Some((first, it)))
    });
}

//! What of a step can be changed.

use std::sync::Arc;

use model::rule::{
    Condition, NoticeAction, NoticeButton, Repetition, Step, Target, TimedOut, VariableChange,
};
use model::{
    Action, Capability, Celsius, Color, CoverMove, Hue, Kelvin, Percent, Span, Spec,
    ThermostatChange, VariableValue,
};

use super::form::{Field, Input, Put, put, text_field, variables};
use super::offers::offers;
use super::{Desk, Offer, Part, Phrase};

/// Most buttons of a notice.
const MOST_BUTTONS: usize = 3;

pub(super) fn step_fields(desk: Desk<'_>, phrase: &Phrase, step: &Step, fields: &mut Vec<Field>) {
    let t = desk.words.t;
    match step {
        Step::Command { to, action, transition } => {
            let put: Put<Action> =
                put!(phrase, Phrase::Step(Step::Command { action, .. }) => |it| *action = it);
            action_fields(desk, to, action, &put, fields);
            let dims = matches!(
                action.capability(),
                Capability::OnOff | Capability::Level | Capability::ColorControl
            );
            if dims && desk.words.names.specs(to).contains(&Spec::Level) {
                let put = put!(phrase, Phrase::Step(Step::Command { transition, .. }) => |it| *transition = it);
                let input = Input::Span { value: *transition, needed: false, put };
                fields.push(Field::new("transition", t.field_transition(), input).rare());
            }
        }
        Step::Toggle(_) | Step::If { .. } | Step::Stop => {}
        Step::Adjust { by, .. } => {
            let put = put!(phrase, Phrase::Step(Step::Adjust { by, .. }) => |it: Option<f64>| *by = it.unwrap_or(0.0).clamp(-100.0, 100.0) as i8);
            let input = Input::Number {
                value: Some(f64::from(*by)),
                needed: true,
                bounds: (-100.0, 100.0),
                step: 5.0,
                unit: "%".to_owned(),
                put,
            };
            fields.push(Field::new("by", t.field_by(), input));
        }
        Step::Pulse { lasting, .. } => {
            let put = put!(phrase, Phrase::Step(Step::Pulse { lasting, .. }) => |it| *lasting = it);
            let input = Input::Span { value: *lasting, needed: true, put };
            fields.push(Field::new("lasting", t.field_lasting(), input));
        }
        Step::Scene { transition, .. } => {
            let make = |scene| Step::Scene { scene, transition: *transition };
            let scenes = desk.words.names.scenes.iter();
            let options =
                scenes.map(|(id, name)| (name.clone(), Phrase::Step(make(id.clone())))).collect();
            fields.push(Field::choice("scene", t.field_scene(), options, phrase));
            let put = put!(phrase, Phrase::Step(Step::Scene { transition, .. }) => |it: Span| *transition = Some(it).filter(|it| !it.is_zero()));
            let value = transition.unwrap_or(Span::ZERO);
            let input = Input::Span { value, needed: false, put };
            fields.push(Field::new("transition", t.field_transition(), input).rare());
        }
        Step::Wait(span) => {
            let put = put!(phrase, Phrase::Step(Step::Wait(span)) => |it| *span = it);
            let input = Input::Span { value: *span, needed: true, put };
            fields.push(Field::new("span", t.field_span(), input));
        }
        _ => other_step_fields(desk, phrase, step, fields),
    }
}

/// The fields of a step that waits, repeats, tells, or changes something that is no thing.
fn other_step_fields(desk: Desk<'_>, phrase: &Phrase, step: &Step, fields: &mut Vec<Field>) {
    let t = desk.words.t;
    match step {
        Step::WaitUntil { timeout, timed_out, .. } => {
            let put = put!(phrase, Phrase::Step(Step::WaitUntil { timeout, .. }) => |it: Span| *timeout = Some(it).filter(|it| !it.is_zero()));
            let value = timeout.unwrap_or(Span::ZERO);
            let input = Input::Span { value, needed: false, put };
            fields.push(Field::new("timeout", t.field_timeout(), input));
            let set = put!(phrase, Phrase::Step(Step::WaitUntil { timed_out, .. }) => |it| *timed_out = it);
            let options = vec![
                (t.timed_out_continue(), set(TimedOut::Continue)),
                (t.timed_out_stop(), set(TimedOut::Stop)),
            ];
            let chosen = Some(usize::from(*timed_out == TimedOut::Stop));
            let input = Input::Choice(options, chosen);
            fields.push(Field::new("timed-out", t.field_timed_out(), input));
        }
        Step::Repeat { repetition, steps } => {
            repeat_fields(desk, phrase, repetition, steps, fields);
        }
        Step::Notify { title, body, buttons } => {
            let put = put!(phrase, Phrase::Step(Step::Notify { title, .. }) => |it| *title = it);
            fields.push(text_field("title", t.field_title(), title, 120, put));
            let put = put!(phrase, Phrase::Step(Step::Notify { body, .. }) => |it| *body = it);
            let input = Input::Text { value: body.clone(), most: 500, long: true, put };
            fields.push(Field::new("body", t.field_body(), input));
            fields.push(Field::new(
                "stands-for",
                String::new(),
                Input::Note(t.notice_stands_for()),
            ));
            button_fields(desk, phrase, buttons, fields);
        }
        Step::SetVariable { variable, to } => {
            let options = variables(desk, |variable, value| {
                Phrase::Step(Step::SetVariable { variable, to: VariableChange::Set(value.clone()) })
            });
            let chosen = desk.words.names.variables.keys().position(|it| it == variable);
            fields.push(Field::new("variable", t.field_variable(), Input::Choice(options, chosen)));
            let put: Put<VariableChange> =
                put!(phrase, Phrase::Step(Step::SetVariable { to, .. }) => |it| *to = it);
            change_fields(desk, to, &put, fields);
        }
        Step::RunRule(_) => {
            let rules = desk.words.names.rules.iter();
            let options = rules
                .map(|(id, name)| (name.clone(), Phrase::Step(Step::RunRule(id.clone()))))
                .collect();
            fields.push(Field::choice("rule", t.field_rule(), options, phrase));
        }
        _ => {}
    }
}

fn repeat_fields(
    desk: Desk<'_>,
    phrase: &Phrase,
    repetition: &Repetition,
    steps: &[Step],
    fields: &mut Vec<Field>,
) {
    let t = desk.words.t;
    let asked = match repetition {
        Repetition::While(condition) | Repetition::Until(condition) => condition.clone(),
        Repetition::Times(_) => Condition::All(Vec::new()),
    };
    let times = if let Repetition::Times(times) = repetition { *times } else { 3 };
    let make = |repetition| Phrase::Step(Step::Repeat { repetition, steps: steps.to_vec() });
    let options = vec![
        (t.repeat_kind_times(), make(Repetition::Times(times))),
        (t.repeat_kind_while(), make(Repetition::While(asked.clone()))),
        (t.repeat_kind_until(), make(Repetition::Until(asked))),
    ];
    fields.push(Field::choice("repeat", t.field_repeat(), options, phrase));
    if let Repetition::Times(times) = repetition {
        let put = put!(phrase, Phrase::Step(Step::Repeat { repetition: Repetition::Times(times), .. }) => |it: Option<f64>| *times = it.unwrap_or(1.0).clamp(1.0, 1_000.0) as u16);
        let input = Input::Number {
            value: Some(f64::from(*times)),
            needed: true,
            bounds: (1.0, 1_000.0),
            step: 1.0,
            unit: String::new(),
            put,
        };
        fields.push(Field::new("times", t.field_times(), input));
    }
}

fn slide(
    key: &'static str,
    label: String,
    (value, unit): (f64, &'static str),
    bounds: (f64, f64),
    track: &'static str,
    put: Put<f64>,
) -> Field {
    let step = if unit == "K" { 50.0 } else { 1.0 };
    Field::new(key, label, Input::Slide { value, bounds, step, unit, track, put })
}

fn percent(value: f64) -> Percent {
    Percent::of(value.clamp(0.0, 100.0), 100.0)
}

/// What of an action can be changed.
fn action_fields(
    desk: Desk<'_>,
    to: &Target,
    action: &Action,
    put: &Put<Action>,
    fields: &mut Vec<Field>,
) {
    let t = desk.words.t;
    let specs = desk.words.names.specs(to);
    let spec = specs.iter().find(|it| it.capability() == action.capability());
    let set = |make: fn(f64) -> Action| -> Put<f64> {
        let put = put.clone();
        Arc::new(move |it| put(make(it)))
    };
    let full = (0.0, 100.0);
    let names = |names: &[String], chosen: &str, make: fn(String) -> Action| {
        let at = names.iter().position(|it| it == chosen);
        let options = names.iter().map(|it| (it.clone(), put(make(it.clone())))).collect();
        Field::new("name", t.field_state(), Input::Choice(options, at))
    };
    match (action, spec) {
        (Action::SetLevel(level), _) => {
            let put = set(|it| Action::SetLevel(percent(it)));
            let value = (f64::from(level.get()), "%");
            fields.push(slide("level", t.level(), value, full, "", put));
        }
        (Action::MoveCover(CoverMove::To(level)), _) => {
            let put = set(|it| Action::MoveCover(CoverMove::To(percent(it))));
            let value = (f64::from(level.get()), "%");
            fields.push(slide("level", t.position(), value, full, "", put));
        }
        (Action::SetColor(color), spec) => color_fields(desk, *color, spec, put, fields),
        (Action::SetEffect(name), Some(Spec::LightEffect(all))) => {
            fields.push(names(all, name, Action::SetEffect));
        }
        (Action::SetPalette(name), Some(Spec::LightPalette(all))) => {
            fields.push(names(all, name, Action::SetPalette));
        }
        (Action::SelectMode(name), Some(Spec::ModeSelect(all))) => {
            fields.push(names(all, name, Action::SelectMode));
        }
        (Action::SetNumber(number), Some(Spec::NumericControl { min, max, step, unit })) => {
            let (now, put) = (*number, put.clone());
            let put: Put<Option<f64>> =
                Arc::new(move |it| put(Action::SetNumber(it.unwrap_or(now))));
            let (bounds, step) = ((*min, *max), if *step > 0.0 { *step } else { 0.1 });
            let unit = unit.clone();
            let input =
                Input::Number { value: Some(*number), needed: true, bounds, step, unit, put };
            fields.push(Field::new("number", t.field_value(), input));
        }
        (Action::SetThermostat(change), spec) => {
            thermostat_fields(desk, *change, spec, put, fields);
        }
        _ => {}
    }
}

fn color_fields(
    desk: Desk<'_>,
    color: Color,
    spec: Option<&Spec>,
    put: &Put<Action>,
    fields: &mut Vec<Field>,
) {
    let t = desk.words.t;
    let set = |make: Arc<dyn Fn(f64) -> Color + Send + Sync>| -> Put<f64> {
        let put = put.clone();
        Arc::new(move |it| put(Action::SetColor(make(it))))
    };
    let (colourful, white) = match spec {
        Some(Spec::ColorControl { hue_saturation, temperature }) => (*hue_saturation, *temperature),
        _ => (true, None),
    };
    if let (true, Some((low, _))) = (colourful, white) {
        let warm = Color::Temperature(Kelvin::clamped(low.get().max(2_700.0)));
        let options = vec![
            (t.in_white(), put(Action::SetColor(warm))),
            (t.in_colour(), put(Action::SetColor(Color::from_rgb([255, 120, 40])))),
        ];
        let chosen = Some(usize::from(matches!(color, Color::HueSaturation(..))));
        fields.push(Field::new("kind", t.color(), Input::Choice(options, chosen)));
    }
    match color {
        Color::Temperature(kelvin) => {
            let bounds = white.map_or((2_000.0, 6_500.0), |(low, high)| (low.get(), high.get()));
            let put = set(Arc::new(|it| Color::Temperature(Kelvin::clamped(it))));
            fields.push(slide("warmth", t.warmth(), (kelvin.get(), "K"), bounds, "warmth", put));
        }
        Color::HueSaturation(hue, saturation) => {
            let turned = move |it: f64| Hue::try_from(it.clamp(0.0, 359.0) as u16).unwrap_or(hue);
            let put = set(Arc::new(move |it| Color::HueSaturation(turned(it), saturation)));
            let value = (f64::from(hue.degrees()), "°");
            fields.push(slide("hue", t.hue(), value, (0.0, 359.0), "hue", put));
            let put = set(Arc::new(move |it| Color::HueSaturation(hue, percent(it))));
            let value = (f64::from(saturation.get()), "%");
            fields.push(slide("saturation", t.saturation(), value, (0.0, 100.0), "", put));
        }
    }
}

fn thermostat_fields(
    desk: Desk<'_>,
    change: ThermostatChange,
    spec: Option<&Spec>,
    put: &Put<Action>,
    fields: &mut Vec<Field>,
) {
    let t = desk.words.t;
    let Some(Spec::Thermostat { modes, range, .. }) = spec else { return };
    if let Some(mode) = change.mode {
        let with =
            |mode| put(Action::SetThermostat(ThermostatChange { mode: Some(mode), ..change }));
        let options = modes.iter().map(|it| (t.thermostat_mode(*it), with(*it))).collect();
        let chosen = modes.iter().position(|it| *it == mode);
        fields.push(Field::new("mode", t.mode(), Input::Choice(options, chosen)));
    }
    let degrees = |key, label, value: Option<Celsius>, set: fn(&mut ThermostatChange, Celsius)| {
        let (now, put) = (value?, put.clone());
        let put: Put<Option<f64>> = Arc::new(move |it| {
            let mut change = change;
            set(&mut change, it.map_or(now, Celsius::clamped));
            put(Action::SetThermostat(change))
        });
        let (bounds, unit) = ((range.0.get(), range.1.get()), "°C".to_owned());
        let input =
            Input::Number { value: Some(now.get()), needed: true, bounds, step: 0.5, unit, put };
        Some(Field::new(key, label, input))
    };
    let heat = change.heating_setpoint;
    fields.extend(degrees("heat", t.heat_to(), heat, |it, to| it.heating_setpoint = Some(to)));
    let cool = change.cooling_setpoint;
    fields.extend(degrees("cool", t.cool_to(), cool, |it, to| it.cooling_setpoint = Some(to)));
}

/// How a variable changes.
fn change_fields(
    desk: Desk<'_>,
    change: &VariableChange,
    put: &Put<VariableChange>,
    fields: &mut Vec<Field>,
) {
    let t = desk.words.t;
    let choice = |options: Vec<(String, VariableChange)>,
                  same: fn(&VariableChange, &VariableChange) -> bool| {
        let chosen = options.iter().position(|(_, it)| same(it, change));
        let options = options.into_iter().map(|(says, it)| (says, put(it))).collect();
        Field::new("change", t.field_to(), Input::Choice(options, chosen))
    };
    let number = |value: f64, make: fn(f64) -> VariableChange| {
        let put = put.clone();
        let put: Put<Option<f64>> = Arc::new(move |it| put(make(it.unwrap_or(value))));
        let (bounds, unit) = ((-1e9, 1e9), String::new());
        let input =
            Input::Number { value: Some(value), needed: true, bounds, step: 1.0, unit, put };
        Field::new("value", t.field_value(), input)
    };
    match change {
        VariableChange::Set(VariableValue::YesNo(_)) | VariableChange::Flip => {
            let yes = |it| VariableChange::Set(VariableValue::YesNo(it));
            let options = vec![
                (t.yes(), yes(true)),
                (t.no(), yes(false)),
                (t.change_flip(), VariableChange::Flip),
            ];
            fields.push(choice(options, |a, b| a == b));
        }
        VariableChange::Set(VariableValue::Text(text)) => {
            let put = put.clone();
            let put: Put<String> =
                Arc::new(move |it| put(VariableChange::Set(VariableValue::Text(it))));
            fields.push(text_field("value", t.field_value(), text, 256, put));
        }
        VariableChange::Set(VariableValue::Number(value)) | VariableChange::Add(value) => {
            let set = |it| VariableChange::Set(VariableValue::Number(it));
            let options =
                vec![(t.change_set(), set(*value)), (t.change_add(), VariableChange::Add(*value))];
            fields.push(choice(options, |a, b| {
                std::mem::discriminant(a) == std::mem::discriminant(b)
            }));
            let adds = matches!(change, VariableChange::Add(_));
            let make = if adds { VariableChange::Add } else { set };
            fields.push(number(*value, make));
        }
    }
}

/// The buttons under a notice.
fn button_fields(
    desk: Desk<'_>,
    phrase: &Phrase,
    buttons: &[NoticeButton],
    fields: &mut Vec<Field>,
) {
    let t = desk.words.t;
    let actions = button_actions(desk);
    let Some((_, first)) = actions.first() else { return };
    let with = |buttons: Vec<NoticeButton>| {
        let mut changed = phrase.clone();
        if let Phrase::Step(Step::Notify { buttons: now, .. }) = &mut changed {
            *now = buttons;
        }
        changed
    };
    let counts = (0..=MOST_BUTTONS).map(|count| {
        let new = || NoticeButton { label: t.button_label_example(), does: first.clone() };
        let mut some: Vec<NoticeButton> = buttons.iter().take(count).cloned().collect();
        some.resize_with(count, new);
        (crate::i18n::decimal(t.locale(), count as f64, 0), with(some))
    });
    let options: Vec<Offer> = counts.collect();
    let count = Input::Choice(options, Some(buttons.len().min(MOST_BUTTONS)));
    fields.push(Field::new("buttons", t.field_buttons(), count).rare());
    let keys = [["label-0", "does-0"], ["label-1", "does-1"], ["label-2", "does-2"]];
    for (at, (button, [label_key, does_key])) in buttons.iter().zip(keys).enumerate() {
        let change = |edit: &dyn Fn(&mut NoticeButton)| {
            let mut all = buttons.to_vec();
            all.iter_mut().skip(at).take(1).for_each(edit);
            with(all)
        };
        let base = phrase.clone();
        let put: Put<String> = Arc::new(move |label: String| {
            let mut changed = base.clone();
            if let Phrase::Step(Step::Notify { buttons, .. }) = &mut changed {
                buttons.iter_mut().skip(at).take(1).for_each(|it| it.label.clone_from(&label));
            }
            changed
        });
        fields.push(text_field(label_key, t.field_button_label(), &button.label, 40, put).rare());
        let mut does = actions.clone();
        if !does.iter().any(|(_, it)| *it == button.does) {
            does.insert(0, (notice_action_words(desk, &button.does), button.does.clone()));
        }
        let chosen = does.iter().position(|(_, it)| *it == button.does);
        let options = does
            .iter()
            .map(|(says, it)| (says.clone(), change(&|button| button.does = it.clone())))
            .collect();
        fields.push(
            Field::new(does_key, t.field_button_does(), Input::Choice(options, chosen)).rare(),
        );
    }
}

fn notice_action_words(desk: Desk<'_>, does: &NoticeAction) -> String {
    let step = match does {
        NoticeAction::RunRule(rule) => Step::RunRule(rule.clone()),
        NoticeAction::Scene(scene) => Step::Scene { scene: scene.clone(), transition: None },
        NoticeAction::Command { to, action } => {
            Step::Command { to: to.clone(), action: action.clone(), transition: Span::ZERO }
        }
    };
    desk.words.step(&step)
}

/// What a button under a notice can do: scenes, rules, and what each thing can be made to do.
fn button_actions(desk: Desk<'_>) -> Vec<(String, NoticeAction)> {
    let names = desk.words.names;
    let scenes = names.scenes.keys().cloned().map(NoticeAction::Scene);
    let rules = names.rules.keys().cloned().map(NoticeAction::RunRule);
    let everyday = names.roles.iter().filter(|(_, it)| it.everyday && it.filled);
    let commands = everyday.flat_map(|(id, _)| {
        let offers = offers(desk, Part::Then, &Target::Role(id.clone()));
        offers.into_iter().filter_map(|(_, phrase)| match phrase {
            Phrase::Step(Step::Command { to, action, .. }) => {
                Some(NoticeAction::Command { to, action })
            }
            _ => None,
        })
    });
    let all = scenes.chain(rules).chain(commands);
    all.map(|it| (notice_action_words(desk, &it), it)).collect()
}

//! What of a condition can be changed.

use std::sync::Arc;

use model::rule::{Comparison, Condition, SunState};

use super::form::{
    Field, Input, Put, comparison_fields, days_fields, everybody, minutes, number_field,
    offset_field, put, state_field, variables, which_field,
};
use super::offers::comparison;
use super::{Desk, Phrase};

pub(super) fn condition_fields(
    desk: Desk<'_>,
    phrase: &Phrase,
    condition: &Condition,
    fields: &mut Vec<Field>,
) {
    let t = desk.words.t;
    let set = |change: &dyn Fn(&mut Condition)| {
        let mut changed = condition.clone();
        change(&mut changed);
        Phrase::Condition(changed)
    };
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            let options = vec![
                (t.group_all(), Phrase::Condition(Condition::All(parts.clone()))),
                (t.group_any(), Phrase::Condition(Condition::Any(parts.clone()))),
            ];
            fields.push(Field::choice("group", t.field_group(), options, phrase));
        }
        Condition::Not(_) => {}
        Condition::State { of, is, held_for, .. } => {
            fields.extend(state_field(desk, phrase, of, is));
            fields.extend(which_field(desk, phrase, of, |which| {
                set(&|it| {
                    if let Condition::State { which: is, .. } = it {
                        *is = which;
                    }
                })
            }));
            let put = put!(phrase, Phrase::Condition(Condition::State { held_for, .. }) => |it| *held_for = it);
            fields.push(Field::held(desk, *held_for, put));
        }
        Condition::Number { of, measure, above, below, held_for, .. } => {
            let put = put!(phrase, Phrase::Condition(Condition::Number { above, .. }) => |it| *above = it);
            let label = t.field_above();
            fields.push(number_field(desk, "above", label, of, *measure, *above, false, put));
            let put = put!(phrase, Phrase::Condition(Condition::Number { below, .. }) => |it| *below = it);
            let label = t.field_below();
            fields.push(number_field(desk, "below", label, of, *measure, *below, false, put));
            fields.extend(which_field(desk, phrase, of, |which| {
                set(&|it| {
                    if let Condition::Number { which: is, .. } = it {
                        *is = which;
                    }
                })
            }));
            let put = put!(phrase, Phrase::Condition(Condition::Number { held_for, .. }) => |it| *held_for = it);
            fields.push(Field::held(desk, *held_for, put));
        }
        Condition::Reachable { of, .. } => {
            fields.extend(which_field(desk, phrase, of, |which| {
                set(&|it| {
                    if let Condition::Reachable { which: is, .. } = it {
                        *is = which;
                    }
                })
            }));
        }
        _ => other_condition_fields(desk, phrase, condition, fields),
    }
}

/// The fields of a condition that is about no thing of the home.
fn other_condition_fields(
    desk: Desk<'_>,
    phrase: &Phrase,
    condition: &Condition,
    fields: &mut Vec<Field>,
) {
    let t = desk.words.t;
    match condition {
        Condition::Time { after, before, on } => {
            let put =
                put!(phrase, Phrase::Condition(Condition::Time { after, .. }) => |it| *after = it);
            let (value, needed) = (*after, false);
            fields.push(Field::new("after", t.field_after(), Input::Time { value, needed, put }));
            let put = put!(phrase, Phrase::Condition(Condition::Time { before, .. }) => |it| *before = it);
            let value = *before;
            fields.push(Field::new("before", t.field_before(), Input::Time { value, needed, put }));
            let put = put!(phrase, Phrase::Condition(Condition::Time { on, .. }) => |it| *on = it);
            days_fields(desk, on, &put, fields);
        }
        Condition::Sun { offset, .. } => {
            let sun = |is| Phrase::Condition(Condition::Sun { is, offset: *offset });
            let options =
                vec![(t.so_sun_down(), sun(SunState::Down)), (t.so_sun_up(), sun(SunState::Up))];
            fields.push(Field::choice("sun", t.field_what(), options, phrase));
            let put = put!(phrase, Phrase::Condition(Condition::Sun { offset, .. }) => |it| *offset = minutes(it));
            fields.push(offset_field(desk, *offset, put).rare());
        }
        Condition::Home(_) | Condition::Away(_) => {
            let say = |it: Condition| (desk.words.condition(&it), Phrase::Condition(it));
            let whos: Vec<_> = everybody(desk)
                .into_iter()
                .filter(|it| *it != model::rule::Who::Household)
                .collect();
            let homes = whos.iter().cloned().map(Condition::Home).map(say);
            let options = homes.chain(whos.iter().cloned().map(Condition::Away).map(say)).collect();
            fields.push(Field::choice("who", t.field_what(), options, phrase));
        }
        Condition::Variable { variable, is } => {
            let options = variables(desk, |variable, value| {
                Phrase::Condition(Condition::Variable { variable, is: comparison(value) })
            });
            let chosen = desk.words.names.variables.keys().position(|it| it == variable);
            fields.push(Field::new("variable", t.field_variable(), Input::Choice(options, chosen)));
            let put: Put<Comparison> =
                put!(phrase, Phrase::Condition(Condition::Variable { is, .. }) => |it| *is = it);
            comparison_fields(desk, is, &put, fields);
        }
        _ => {}
    }
}

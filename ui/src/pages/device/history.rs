//! The recorded past of the device: a chart, and the same as a table.

use std::sync::Arc;
use std::time::Duration;

use api::{Answer, DeviceView, ErrorCode, Request};
use leptos::prelude::*;
use model::rule::Measure;
use model::{Bucket, Capability, Charted, EndpointId, Series, Spec, Timestamp};
use wasm_bindgen_futures::spawn_local;

use super::chart::{self, HEIGHT, Plane, WIDTH};
use super::short_name;
use crate::components::{Segmented, Select};
use crate::face::{capability_name, value_words};
use crate::i18n::{Texts, moment, t, with_unit};
use crate::sentence::{measure_name, span_words, unit};
use crate::state::{Session, use_session};

/// So many rows has a table at most.
const ROWS: usize = 48;

/// How far back the chart goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    Day,
    Week,
    TenDays,
}

impl Reach {
    fn span(self) -> Duration {
        Duration::from_secs(
            3_600
                * match self {
                    Self::Day => 24,
                    Self::Week => 7 * 24,
                    Self::TenDays => 10 * 24,
                },
        )
    }

    fn buckets(self) -> u16 {
        match self {
            Self::Day => 144,
            Self::Week => 168,
            Self::TenDays => 240,
        }
    }
}

/// What can be charted.
#[derive(Debug, Clone, PartialEq)]
struct Subject {
    endpoint: EndpointId,
    what: Charted,
    spec: Spec,
}

/// What came of the question.
#[derive(Debug, Clone, PartialEq)]
enum Told {
    Waiting,
    Failed(ErrorCode),
    Known { from: Timestamp, until: Timestamp, series: Arc<Series> },
}

#[component]
pub(super) fn History(device: Signal<Arc<DeviceView>>) -> impl IntoView {
    let subjects = Memo::new(move |_| device.with(|it| subjects(it)));
    move || subjects.with(|it| !it.is_empty()).then(|| view! { <Card device subjects /> })
}

#[component]
fn Card(device: Signal<Arc<DeviceView>>, subjects: Memo<Vec<Subject>>) -> impl IntoView {
    let session = use_session();
    let chosen = RwSignal::new(0_usize);
    let reach = RwSignal::new(Reach::Day);
    let told = RwSignal::new(Told::Waiting);
    let again = RwSignal::new(0_u32);
    let subject =
        Memo::new(move |_| subjects.with(|it| it.get(chosen.get()).or(it.first()).cloned()));
    let asked = StoredValue::new(0_u64);
    // Every minute there is a little more of the past.
    let minute = Memo::new(move |_| session.now.get().0 / 60_000);
    Effect::new(move || {
        minute.with(|_| ());
        again.track();
        if let Some(subject) = subject.get() {
            asked.update_value(|it| *it += 1);
            ask(session, subject, reach.get(), told, asked);
        }
    });
    let choices = Signal::derive(move || {
        let named = |(index, it): (usize, Subject)| (index, subject_name(t(), &device.read(), &it));
        subjects.get().into_iter().enumerate().map(named).collect::<Vec<_>>()
    });
    let reaches = Signal::derive(|| {
        vec![
            (Reach::Day, t().last_day()),
            (Reach::Week, t().days(7)),
            (Reach::TenDays, t().days(10)),
        ]
    });
    view! {
        <section class="card history" aria-labelledby="history">
            <h2 id="history">{|| t().history()}</h2>
            <div class="history-choice">
                <Select
                    label=Signal::derive(|| t().history_of())
                    choices
                    chosen=Signal::derive(move || Some(chosen.get()))
                    on_choose=Callback::new(move |it| {
                        told.set(Told::Waiting);
                        chosen.set(it);
                    })
                />
                <Segmented
                    label=Signal::derive(|| t().how_far_back())
                    choices=reaches
                    chosen=Signal::derive(move || Some(reach.get()))
                    on_choose=Callback::new(move |it| {
                        told.set(Told::Waiting);
                        reach.set(it);
                    })
                />
            </div>
            {move || subject.get().map(|it| shown(it, told, again))}
        </section>
    }
}

fn ask(
    session: Session,
    subject: Subject,
    reach: Reach,
    told: RwSignal<Told>,
    asked: StoredValue<u64>,
) {
    let until = session.exact_now();
    let from = Timestamp(until.0 - reach.span().as_millis() as i64);
    let Subject { endpoint, what, .. } = subject;
    let buckets = reach.buckets();
    let request = Request::Past { endpoint, what, from, until, buckets };
    let number = asked.get_value();
    spawn_local(async move {
        let answer = session.request(request).await;
        // Only the answer to the last question counts.
        if asked.try_get_value() != Some(number) {
            return;
        }
        told.try_set(match answer {
            Ok(Answer::Past(series)) => Told::Known { from, until, series: Arc::new(series) },
            Ok(_) => Told::Failed(ErrorCode::Unsupported),
            Err(error) => Told::Failed(error.code),
        });
    });
}

fn shown(subject: Subject, told: RwSignal<Told>, again: RwSignal<u32>) -> impl IntoView {
    move || match told.get() {
        Told::Waiting => view! {
            <div class="chart-wait" aria-busy="true">
                <div class="progress"></div>
                <p class="quiet">{t().history_loading()}</p>
            </div>
        }
        .into_any(),
        Told::Failed(code) => view! {
            <div role="alert" class="control-failure">
                <span>{t().error(&code)}</span>
                <button
                    type="button"
                    class="button quiet"
                    on:click=move |_| again.update(|it| *it += 1)
                >
                    {t().retry()}
                </button>
            </div>
        }
        .into_any(),
        Told::Known { from, until, series } => match &*series {
            Series::Numbers(buckets) if !buckets.is_empty() => {
                numbers(&subject, buckets, from, until)
            }
            Series::States(states) if !states.is_empty() => {
                let spells = chart::spells(states, from, until);
                strips(&subject, &spells, from, until)
            }
            _ => view! { <p class="quiet">{t().history_empty()}</p> }.into_any(),
        },
    }
}

fn numbers(subject: &Subject, buckets: &[Bucket], from: Timestamp, until: Timestamp) -> AnyView {
    let plane = Plane::of(buckets, from, until);
    let step = (until.0 - from.0) / 100;
    let stretches = chart::stretches(buckets, step.max(1) * 6);
    let bands = stretches.iter().map(|it| chart::band(plane, it)).collect::<String>();
    let lines = stretches.iter().map(|it| chart::line(plane, it)).collect::<String>();
    let words = |value: f64| number_words(t(), subject, value);
    let marks = plane.marks().map(|it| view! { <span>{words(it)}</span> });
    view! {
        <div class="chart" aria-hidden="true">
            <div class="chart-marks">{marks.into_iter().collect_view()}</div>
            <svg
                class="chart-plane"
                viewBox=format!("0 0 {WIDTH} {HEIGHT}")
                preserveAspectRatio="none"
                focusable="false"
            >
                <path class="chart-grid" d="M0 0H1000M0 50H1000M0 100H1000"></path>
                <path class="chart-band" d=bands></path>
                <path class="chart-line" d=lines></path>
            </svg>
            {times(from, until)}
        </div>
        {number_table(subject, buckets, until)}
    }
    .into_any()
}

/// The times below a chart: its beginning, its middle, its end.
fn times(from: Timestamp, until: Timestamp) -> AnyView {
    let middle = Timestamp(i64::midpoint(from.0, until.0));
    let time = |at| view! { <span>{moment(t().locale(), at, until)}</span> };
    view! { <div class="chart-times">{time(from)}{time(middle)}{time(until)}</div> }.into_any()
}

fn number_table(subject: &Subject, buckets: &[Bucket], until: Timestamp) -> AnyView {
    let row = |it: Bucket| {
        let words = |value: f64| number_words(t(), subject, value);
        view! {
            <tr>
                <th scope="row">{moment(t().locale(), it.at, until)}</th>
                <td>{words(it.min)}</td>
                <td>{words(it.mean)}</td>
                <td>{words(it.max)}</td>
            </tr>
        }
    };
    let rows = chart::fewer(buckets, ROWS).into_iter().map(row).collect_view();
    table(
        vec![t().table_from(), t().table_least(), t().table_mean(), t().table_most()],
        rows.into_any(),
    )
}

/// A lane for each state: which it was shows by its place, not by its colour alone.
fn strips(
    subject: &Subject,
    spells: &[chart::Spell],
    from: Timestamp,
    until: Timestamp,
) -> AnyView {
    let plane = Plane { from, until, low: 0.0, high: 1.0 };
    let mut words: Vec<String> = Vec::new();
    for spell in spells {
        let said = value_words(t(), &subject.spec, &spell.value);
        if !words.contains(&said) {
            words.push(said);
        }
    }
    words.sort();
    let lane = |said: String| {
        let mine = spells.iter().filter(|it| value_words(t(), &subject.spec, &it.value) == said);
        let piece = |it: &chart::Spell| {
            let (x, end) = (plane.x(it.from), plane.x(it.until));
            view! { <rect x=x y="0" width=(end - x).max(2.0) height="100"></rect> }
        };
        view! {
            <div class="lane">
                <span class="lane-name">{said.clone()}</span>
                <svg viewBox="0 0 1000 100" preserveAspectRatio="none" focusable="false">
                    {mine.map(piece).collect_view()}
                </svg>
            </div>
        }
    };
    let row = |it: &chart::Spell| {
        let lasting = model::Span::seconds(((it.until.0 - it.from.0) / 1_000).max(0) as u64);
        view! {
            <tr>
                <th scope="row">{moment(t().locale(), it.from, until)}</th>
                <td>{value_words(t(), &subject.spec, &it.value)}</td>
                <td>{span_words(t(), lasting)}</td>
            </tr>
        }
    };
    let rows = spells.iter().rev().take(ROWS).map(row).collect_view().into_any();
    view! {
        <div class="lanes" aria-hidden="true">
            {words.into_iter().map(lane).collect_view()}
            {times(from, until)}
        </div>
        {table(vec![t().table_from(), t().value(), t().table_lasting()], rows)}
    }
    .into_any()
}

fn table(heads: Vec<String>, rows: AnyView) -> AnyView {
    let head = |it: String| view! { <th scope="col">{it}</th> };
    view! {
        <details class="fold">
            <summary>{t().as_table()}</summary>
            <div class="table-scroll tall" tabindex="0" role="group" aria-label=t().as_table()>
                <table class="known">
                    <thead>
                        <tr>{heads.into_iter().map(head).collect_view()}</tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </details>
    }
    .into_any()
}

fn number_words(t: Texts, subject: &Subject, value: f64) -> String {
    let own = match &subject.spec {
        Spec::NumericControl { unit, .. } | Spec::GenericMeasurement { unit } => unit.as_str(),
        _ => "",
    };
    let sign = match subject.what {
        Charted::Measure(measure) => unit(measure).unwrap_or(own),
        Charted::States(_) => own,
    };
    let decimals = if value.abs() < 100.0 { 1 } else { 0 };
    with_unit(t.locale(), value, decimals, sign)
}

/// What of a device can be charted, most telling first.
fn subjects(device: &DeviceView) -> Vec<Subject> {
    let of = |endpoint: &api::EndpointView| {
        let id = endpoint.id.clone();
        let specs = endpoint.specs.clone();
        specs.into_iter().flat_map(move |spec| {
            let id = id.clone();
            charted(&spec).into_iter().map(move |what| Subject {
                endpoint: id.clone(),
                what,
                spec: spec.clone(),
            })
        })
    };
    device.endpoints.iter().flat_map(of).collect()
}

fn charted(spec: &Spec) -> Vec<Charted> {
    let capability = spec.capability();
    let numbers = Measure::ALL
        .into_iter()
        .filter(|it| it.capability() == capability && has(spec, *it))
        .map(Charted::Measure);
    let has_states = matches!(
        capability,
        Capability::OnOff
            | Capability::DoorLock
            | Capability::ModeSelect
            | Capability::BooleanState
            | Capability::OccupancySensing
            | Capability::AirQuality
    );
    numbers.chain(has_states.then_some(Charted::States(capability))).collect()
}

/// Whether the hardware can tell that number.
fn has(spec: &Spec, measure: Measure) -> bool {
    match (spec, measure) {
        (Spec::Thermostat { heating, .. }, Measure::HeatingSetpoint) => *heating,
        (Spec::Thermostat { cooling, .. }, Measure::CoolingSetpoint) => *cooling,
        (Spec::WindowCovering { positions }, Measure::Open) => *positions,
        _ => true,
    }
}

fn subject_name(t: Texts, device: &DeviceView, subject: &Subject) -> String {
    let what = match subject.what {
        Charted::Measure(measure) => measure_name(t, measure),
        Charted::States(capability) => capability_name(t, capability),
    };
    let part = device.endpoints.iter().find(|it| it.id == subject.endpoint);
    match part.map(|it| short_name(device, it)) {
        Some(part) if device.endpoints.len() > 1 && part != what => t.joined(&part, &what),
        _ => what,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_hardware_tells_can_be_charted_and_nothing_else() {
        assert_eq!(charted(&Spec::OnOff), [Charted::States(Capability::OnOff)]);
        assert_eq!(charted(&Spec::Level), [Charted::Measure(Measure::Level)]);
        assert_eq!(charted(&Spec::WindowCovering { positions: false }), []);
        assert_eq!(charted(&Spec::Momentary), []);
        assert_eq!(charted(&Spec::ElectricalPower).len(), 3);
    }
}

//! Piece by piece: what each trigger, condition and action of the other system is here.

use std::collections::BTreeMap;

use api::{ForeignFormat, ImportedRule};

use crate::house;

/// Reads a text in a home that has all that it names.
pub(crate) fn imported(text: &str) -> Vec<ImportedRule> {
    let format = ForeignFormat::HomeAssistant;
    let first = importer::read(format, text, &BTreeMap::new(), &house::empty()).unwrap();
    let (home, meanings) = house::with(&first.unmapped);
    importer::read(format, text, &meanings, &home).unwrap().rules
}

fn json<T: serde::Serialize>(parts: &[T]) -> String {
    let texts: Vec<String> = parts.iter().map(|it| serde_json::to_string(it).unwrap()).collect();
    readable(&texts.join(" "))
}

/// Roles by the names of what fills them, so that a person can read what is expected.
fn readable(text: &str) -> String {
    ["light.a", "light.b", "switch.a", "cover.a", "lock.a", "sensor.a", "binary_sensor.motion"]
        .iter()
        .fold(text.to_owned(), |text, entity| text.replace(&role(entity), entity))
        .replace('"', "")
}

fn role(entity: &str) -> String {
    let bare = entity.replace(['.', '_'], "");
    let endpoint = format!("shelly-{bare}/part").parse().unwrap();
    model::RoleId::of(&endpoint).to_string()
}

fn losses(rules: &[ImportedRule]) -> Vec<String> {
    rules.iter().flat_map(|it| &it.lost).map(|it| format!("{:?} {}", it.why, it.what)).collect()
}

#[track_caller]
fn check_trigger(trigger: &str, expected: &str) {
    let text = format!(
        "triggers: [{trigger}]\nactions: [{{action: lock.lock, target: {{entity_id: lock.a}}}}]"
    );
    let rules = imported(&text);
    let found = rules[0].body.as_ref().map(|it| json(&it.triggers));
    let found = found.unwrap_or_else(|| format!("lost: {}", losses(&rules).join("; ")));
    assert_eq!(found, expected, "{trigger}");
}

#[track_caller]
fn check_condition(condition: &str, expected: &str) {
    let text = format!(
        "trigger: {{platform: homeassistant, event: start}}\ncondition: [{condition}]\n\
         action: {{service: lock.lock, entity_id: lock.a}}"
    );
    let rules = imported(&text);
    let found = rules[0].body.as_ref().map(|it| json(&it.conditions));
    let found = found.unwrap_or_else(|| format!("lost: {}", losses(&rules).join("; ")));
    assert_eq!(found, expected, "{condition}");
}

#[track_caller]
fn check_actions(actions: &str, expected: &str) {
    let text = format!("trigger: {{platform: homeassistant, event: start}}\naction: [{actions}]");
    let rules = imported(&text);
    let found = rules[0].body.as_ref().map(|it| json(&it.steps));
    let found = found.unwrap_or_else(|| format!("lost: {}", losses(&rules).join("; ")));
    assert_eq!(found, expected, "{actions}");
}

#[test]
fn triggers_are_what_they_say() {
    for (trigger, expected) in [
        (
            "{trigger: state, entity_id: light.a, to: 'on'}",
            "{changes:{of:{role:light.a},what:OnOff,to:{on_off:true}}}",
        ),
        (
            "{platform: state, entity_id: light.a, to: on}",
            "{changes:{of:{role:light.a},what:OnOff,to:{on_off:true}}}",
        ),
        ("{trigger: state, entity_id: light.a}", "{changes:{of:{role:light.a},what:OnOff}}"),
        (
            "{trigger: state, entity_id: binary_sensor.motion, to: 'off', for: {minutes: 2}}",
            "{changes:{of:{role:binary_sensor.motion},what:OccupancySensing,to:{occupied:false},held_for:2m}}",
        ),
        (
            "{trigger: state, entity_id: light.a, to: unavailable}",
            "{unreachable:{of:{role:light.a}}}",
        ),
        ("{trigger: state, entity_id: person.kim, to: home}", "{arrives:{person:person-kim}}"),
        (
            "{trigger: zone, entity_id: person.kim, zone: zone.home, event: leave}",
            "{leaves:{person:person-kim}}",
        ),
        (
            "{trigger: numeric_state, entity_id: sensor.a, above: 20.5, for: '00:01:00'}",
            "{crosses:{of:{role:sensor.a},measure:other,direction:above,threshold:20.5,hysteresis:0.0,held_for:1m}}",
        ),
        (
            "{trigger: numeric_state, entity_id: light.a, attribute: brightness, below: 51}",
            "{crosses:{of:{role:light.a},measure:level,direction:below,threshold:20.0,hysteresis:0.0}}",
        ),
        ("{trigger: time, at: '07:30:00'}", "{time:{at:07:30}}"),
        (
            "{trigger: time, at: ['07:30', '8:15:10'], weekday: [mon, fri]}",
            "{time:{at:07:30,on:{weekdays:[mon,fri]}}} {time:{at:08:15:10,on:{weekdays:[mon,fri]}}}",
        ),
        ("{trigger: time_pattern, minutes: /15}", "{every:15m}"),
        ("{trigger: time_pattern, hours: /2}", "{every:2h}"),
        ("{trigger: time_pattern, seconds: /10}", "{every:10s}"),
        ("{trigger: time_pattern, hours: 5, minutes: 30}", "{time:{at:05:30}}"),
        ("{trigger: time_pattern, minutes: /7}", "lost: Trigger *:/7:0"),
        ("{trigger: sun, event: sunset, offset: '-00:45:00'}", "{sun:{event:sunset,offset:-45}}"),
        ("{trigger: homeassistant, event: start}", "started"),
        ("{trigger: mqtt, topic: bell, payload: ding}", "{mqtt:{topic:bell,payload:ding}}"),
        ("{trigger: webhook, webhook_id: 0123456789abcdef}", "{webhook:0123456789abcdef}"),
        ("{trigger: webhook, webhook_id: bell}", "lost: Setting webhook bell"),
        ("{trigger: event, event_type: x}", "lost: Trigger event x"),
        ("{trigger: device, device_id: 1, domain: zha, type: press}", "lost: Trigger device zha"),
        (
            "{trigger: template, value_template: \"{{ is_state('light.a', 'on') }}\"}",
            "{changes:{of:{role:light.a},what:OnOff,to:{on_off:true}}}",
        ),
        (
            "{trigger: state, entity_id: input_boolean.x, from: 'off', to: 'on'}",
            "{variable:{variable:input_boolean-x,becomes:{yes_no:true}}}",
        ),
        ("{trigger: state, entity_id: media_player.x, to: playing}", "lost: Thing media_player.x"),
    ] {
        check_trigger(trigger, expected);
    }
}

#[test]
fn conditions_are_what_they_say() {
    for (condition, expected) in [
        (
            "{condition: state, entity_id: light.a, state: 'on'}",
            "{state:{of:{role:light.a},which:every,is:{on_off:true}}}",
        ),
        (
            "{condition: state, entity_id: lock.a, state: [locked, jammed], for: {minutes: 5}}",
            "{any:[{state:{of:{role:lock.a},which:every,is:{lock:Locked},held_for:5m}},{state:{of:{role:lock.a},which:every,is:{lock:Jammed},held_for:5m}}]}",
        ),
        (
            "{not: [{condition: state, entity_id: person.kim, state: home}]}",
            "{not:{home:{person:person-kim}}}",
        ),
        (
            "{condition: numeric_state, entity_id: sensor.a, above: 1, below: 5}",
            "{number:{of:{role:sensor.a},which:every,measure:other,above:1.0,below:5.0}}",
        ),
        ("{condition: time, after: '22:00', before: '06:00'}", "{time:{after:22:00,before:06:00}}"),
        (
            "{condition: time, after: '22:00', before: '06:00', weekday: sat}",
            "{any:[{time:{after:22:00,on:{weekdays:[sat]}}},{time:{before:06:00,on:{weekdays:[sat]}}}]}",
        ),
        ("{condition: sun, after: sunset, before: sunrise}", "{sun:{is:down,offset:0}}"),
        ("{condition: sun, after: sunrise, before: sunset}", "{sun:{is:up,offset:0}}"),
        ("{condition: sun, before: sunrise}", "{sun:{is:down,offset:0}} {time:{before:12:00}}"),
        ("{condition: state, entity_id: sun.sun, state: above_horizon}", "{sun:{is:up,offset:0}}"),
        (
            "\"{{ states('sensor.a') | float(0) > 3 }}\"",
            "{number:{of:{role:sensor.a},which:every,measure:other,above:3.0}}",
        ),
        ("\"{{ now().weekday() < 5 }}\"", "{time:{on:{weekdays:[mon,tue,wed,thu,fri]}}}"),
        ("\"{{ now().hour >= 22 }}\"", "{time:{after:22:00}}"),
        (
            "\"{{ not is_state('light.a', 'on') }}\"",
            "{not:{state:{of:{role:light.a},which:every,is:{on_off:true}}}}",
        ),
        (
            "\"{{ states.light | list | count > 3 }}\"",
            "lost: Template {{ states.light | list | count > 3 }}",
        ),
        ("{condition: device, device_id: 1}", "lost: Condition device"),
        ("{condition: state, entity_id: light.a, state: 'on', enabled: false}", ""),
    ] {
        check_condition(condition, expected);
    }
}

#[test]
fn actions_are_what_they_say() {
    for (actions, expected) in [
        (
            "{action: light.turn_on, target: {entity_id: light.a}, data: {brightness_pct: 40, transition: 2}}",
            "{command:{to:{role:light.a},action:{SetLevel:40},transition:2s}}",
        ),
        (
            "{service: light.turn_on, entity_id: 'light.a, light.b', data: {brightness: 255}}",
            "{command:{to:{role:light.a},action:{SetLevel:100}}} {command:{to:{role:light.b},action:{SetLevel:100}}}",
        ),
        (
            "{action: light.turn_on, target: {entity_id: light.a}, data: {brightness: 0}}",
            "{command:{to:{role:light.a},action:{SetOnOff:false}}}",
        ),
        ("{action: light.toggle, target: {entity_id: light.a}}", "{toggle:{role:light.a}}"),
        (
            "{action: light.turn_on, target: {entity_id: light.a}, data: {brightness_step_pct: -10}}",
            "{adjust:{of:{role:light.a},by:-10}}",
        ),
        (
            "{action: light.turn_off, target: {entity_id: all}}",
            "{command:{to:{all:Light},action:{SetOnOff:false}}}",
        ),
        (
            "{action: cover.set_cover_position, target: {entity_id: cover.a}, data: {position: 30}}",
            "{command:{to:{role:cover.a},action:{MoveCover:{To:30}}}}",
        ),
        (
            "{action: lock.unlock, target: {entity_id: lock.a}}",
            "{command:{to:{role:lock.a},action:{SetLocked:false}}}",
        ),
        ("{scene: scene.night}", "{scene:{scene:scene-night}}"),
        (
            "{action: scene.turn_on, target: {entity_id: scene.night}, data: {transition: 3}}",
            "{scene:{scene:scene-night,transition:3s}}",
        ),
        ("{action: notify.phone, data: {message: Door}}", "{notify:{title:Door}}"),
        (
            "{delay: '00:00:05'}, {action: lock.lock, target: {entity_id: lock.a}}",
            "{wait:5s} {command:{to:{role:lock.a},action:{SetLocked:true}}}",
        ),
        (
            "{condition: state, entity_id: light.a, state: 'on'}, {action: lock.lock, entity_id: lock.a}",
            "{if:{condition:{state:{of:{role:light.a},which:every,is:{on_off:true}}},then:[{command:{to:{role:lock.a},action:{SetLocked:true}}}]}}",
        ),
        (
            "{if: {condition: state, entity_id: light.a, state: 'on'}, then: {action: light.turn_off, entity_id: light.a}, else: {action: light.turn_on, entity_id: light.a}}",
            "{if:{condition:{state:{of:{role:light.a},which:every,is:{on_off:true}}},then:[{command:{to:{role:light.a},action:{SetOnOff:false}}}],otherwise:[{command:{to:{role:light.a},action:{SetOnOff:true}}}]}}",
        ),
        (
            "{repeat: {count: 3, sequence: [{action: light.toggle, entity_id: light.a}, {delay: 1}]}}",
            "{repeat:{repetition:{times:3},steps:[{toggle:{role:light.a}},{wait:1s}]}}",
        ),
        (
            "{repeat: {for_each: [light.a, light.b], sequence: {action: light.turn_on, target: {entity_id: '{{ repeat.item }}'}}}}",
            "{command:{to:{role:light.a},action:{SetOnOff:true}}} {command:{to:{role:light.b},action:{SetOnOff:true}}}",
        ),
        (
            "{wait_for_trigger: {trigger: state, entity_id: binary_sensor.motion, to: 'off', for: 60}, timeout: 600, continue_on_timeout: false}, {action: light.turn_off, entity_id: light.a}",
            "{wait_until:{condition:{state:{of:{role:binary_sensor.motion},which:some,is:{occupied:false},held_for:1m}},timeout:10m,timed_out:stop}} {command:{to:{role:light.a},action:{SetOnOff:false}}}",
        ),
        ("{stop: done}, {action: lock.lock, entity_id: lock.a}", "lost: "),
        (
            "{variables: {pct: 30}}, {action: light.turn_on, entity_id: light.a, data: {brightness_pct: '{{ pct }}'}}",
            "{command:{to:{role:light.a},action:{SetLevel:30}}}",
        ),
    ] {
        check_actions(actions, expected);
    }
}

#[test]
fn what_cannot_wait_or_decide_takes_what_follows_along() {
    let lock = "{action: lock.lock, entity_id: lock.a}";
    for (step, expected) in [
        ("{delay: \"{{ x }}\"}", "{command:{to:{role:lock.a},action:{SetLocked:true}}}"),
        ("\"{{ states('x') | random }}\"", "{command:{to:{role:lock.a},action:{SetLocked:true}}}"),
        ("{wait_template: \"{{ x }}\"}", "{command:{to:{role:lock.a},action:{SetLocked:true}}}"),
    ] {
        let step =
            if step.starts_with('"') { format!("{{condition: {step}}}") } else { step.to_owned() };
        let unlock = "{action: lock.unlock, entity_id: lock.a}";
        check_actions(&format!("{lock}, {step}, {unlock}"), expected);
    }
}

#[test]
fn an_automation_that_asks_what_set_it_off_becomes_several_rules() {
    let text = "
alias: Door
mode: restart
triggers:
  - {trigger: state, entity_id: binary_sensor.door, to: 'on', id: opened}
  - {trigger: state, entity_id: binary_sensor.door, to: 'off', id: closed}
actions:
  - choose:
      - conditions: {condition: trigger, id: opened}
        sequence: {action: light.turn_on, target: {entity_id: light.a}}
      - conditions: \"{{ trigger.id == 'closed' }}\"
        sequence: {action: light.turn_off, target: {entity_id: light.a}}
";
    let rules = imported(text);
    let told: Vec<String> = rules
        .iter()
        .map(|rule| {
            let body = rule.body.as_ref().unwrap();
            format!("{} {} {:?}", body.triggers.len(), json(&body.steps), body.mode)
        })
        .collect();
    assert_eq!(
        told,
        [
            "1 {command:{to:{role:light.a},action:{SetOnOff:true}}} Restart",
            "1 {command:{to:{role:light.a},action:{SetOnOff:false}}} Restart",
        ]
    );
}

//! The JSON Schema of files of rules (`docs/rule.schema.json`), made from the types themselves.
//!
//! Types whose text or number is checked when it is read say here what that check is, as far as a
//! schema can say it. Only for tests and `cargo xtask schema`: no program that ships holds this.

use std::borrow::Cow;

use schemars::transform::{RecursiveTransform, Transform};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::rule::{Date, LocalTime, MonthDay, RuleFile, Weekday, Weekdays};
use crate::{
    Celsius, GroupId, HookId, Hue, Kelvin, Name, Percent, PersonId, RoleId, RoomId, RuleId,
    SceneId, Span, VariableId,
};

/// The schema of a file of rules.
#[must_use]
pub fn of_rule_files() -> Schema {
    let mut schema = SchemaGenerator::default().into_root_schema_for::<RuleFile>();
    RecursiveTransform(plain).transform(&mut schema);
    schema.insert("title".to_owned(), "Rules of Hearth".into());
    schema
}

/// Descriptions are those of the types; what only makes sense in their documentation goes.
fn plain(schema: &mut Schema) {
    let Some(description) = schema.get("description").and_then(|it| it.as_str()) else { return };
    let text = description.replace("[`", "`").replace("`]", "`");
    // What stands in a block of lines is one paragraph.
    let paragraphs: Vec<String> = text.split("\n\n").map(|it| it.replace('\n', " ")).collect();
    let text = paragraphs.join("\n\n").replace("super::", "").replace("crate::", "");
    schema.insert("description".to_owned(), text.into());
}

macro_rules! schema {
    ($($name:ident = $schema:tt;)*) => {$(
        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    )*};
}

macro_rules! ids {
    ($($name:ident, $about:literal;)*) => {
        schema! {$(
            $name = {
                "description": $about,
                "type": "string",
                "pattern": "^[a-z0-9_-]{1,64}$",
            };
        )*}
    };
}

ids! {
    GroupId, "Which group of roles.";
    PersonId, "Who of the people who live here.";
    RoleId, "What something is for; hardware fills roles.";
    RoomId, "Which room.";
    RuleId, "Which rule.";
    SceneId, "Which scene.";
    VariableId, "Which variable.";
}

schema! {
    HookId = {
        "description": "The unguessable last part of a webhook's address.",
        "type": "string",
        "pattern": "^[a-z0-9_-]{16,64}$",
    };
    Name = {
        "description": "A name: 1 to 64 characters, one line, nothing invisible.",
        "type": "string",
        "minLength": 1,
        "maxLength": 64,
        "pattern": "^[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f][^\\u0000-\\u001f\\u007f-\\u009f]*$",
    };
    Span = {
        "description": "A length of time: numbers with units (d, h, m, s, ms), longest first.",
        "type": "string",
        "pattern": "^([0-9]{1,7}d([0-9]{1,8}h)?([0-9]{1,9}m)?([0-9]{1,11}s)?([0-9]{1,14}ms)?|[0-9]{1,8}h([0-9]{1,9}m)?([0-9]{1,11}s)?([0-9]{1,14}ms)?|[0-9]{1,9}m([0-9]{1,11}s)?([0-9]{1,14}ms)?|[0-9]{1,11}s([0-9]{1,14}ms)?|[0-9]{1,14}ms)$",
        "examples": ["90s", "1h30m", "500ms"],
    };
    LocalTime = {
        "description": "A time of day in the home's time zone.",
        "type": "string",
        "pattern": "^([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$",
        "examples": ["07:30", "22:15:30"],
    };
    Date = {
        "description": "A day of the calendar, year first.",
        "type": "string",
        "pattern": "^(19[7-9][0-9]|[2-9][0-9]{3})-(0?[1-9]|1[0-2])-(0?[1-9]|[12][0-9]|3[01])$",
        "examples": ["2026-12-24"],
    };
    MonthDay = {
        "description": "A day of every year, month first.",
        "type": "string",
        "pattern": "^(0?[1-9]|1[0-2])-(0?[1-9]|[12][0-9]|3[01])$",
        "examples": ["12-24"],
    };
    Percent = { "description": "Percent.", "type": "integer", "minimum": 0, "maximum": 100 };
    Hue = {
        "description": "An angle on the colour circle: 0 red, 120 green, 240 blue.",
        "type": "integer",
        "minimum": 0,
        "maximum": 359,
    };
    Kelvin = {
        "description": "Colour temperature in kelvin.",
        "type": "number",
        "minimum": 1000,
        "maximum": 20000,
    };
    Celsius = {
        "description": "Temperature in °C.",
        "type": "number",
        "minimum": -273.15,
        "maximum": 327.67,
    };
}

impl JsonSchema for Weekdays {
    fn schema_name() -> Cow<'static, str> {
        "Weekdays".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let day = generator.subschema_for::<Weekday>();
        json_schema!({
            "description": "Days of the week.",
            "type": "array",
            "items": day,
            "minItems": 1,
        })
    }
}

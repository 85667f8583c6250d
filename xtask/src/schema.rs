//! `cargo xtask schema`: the JSON Schema of rules, as the types have it.

use anyhow::{Context as _, Result};

use crate::place::Place;

/// Writes `docs/rule.schema.json` anew.
pub(crate) fn write(place: &Place) -> Result<()> {
    let ask =
        ["run", "--quiet", "--package", "model", "--features", "schema", "--example", "schema"];
    let printed = place.cargo().args(ask).output();
    let schema = printed.context("the schema cannot be made: does `model` compile?")?;
    let path = place.path("docs/rule.schema.json");
    std::fs::write(&path, schema).with_context(|| format!("cannot write {}", path.display()))?;
    println!("docs/rule.schema.json is up to date");
    Ok(())
}

//! Prints the JSON Schema of files of rules: `cargo xtask schema` keeps it in
//! `docs/rule.schema.json`.
#![expect(clippy::print_stdout, reason = "that is all it does")]

fn main() {
    println!("{:#}", model::schema::of_rule_files().as_value());
}

//! Writes the sample home of the tests into a directory: every release keeps one as a fixture.
//! `cargo run -p store --example fixture -- DIR`

#[path = "../tests/suite/sample.rs"]
#[expect(clippy::unwrap_used, reason = "made for the tests, of constants")]
mod sample;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let dir = std::env::args().nth(1).ok_or("give a directory")?;
    let store = store::Store::open(dir.as_ref(), sample::NOW)?.store;
    store.write(sample::changes(), Box::new(drop))?;
    store.keep_secret(&"wled-a1".parse()?, Some(sample::SEALED.to_vec()), Box::new(drop))?;
    store.close()();
    Ok(())
}

//! `ctl rules`.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use api::{Answer, Request, RuleView, Update};
use model::rule::LARGEST_FILE;
use model::{RuleId, RunId};
use serde_json::json;

use super::actions::simply;
use super::client::Client;
use super::find::named;
use super::show;
use crate::cli::RulesAction;
use crate::exit::{Failure, Kind};
use crate::place::random_hex;
use crate::print_line;

/// Does one thing.
pub(super) async fn perform(client: Client, action: RulesAction) -> Result<()> {
    match action {
        RulesAction::List => {
            let mut lines = client.home.rules.iter().map(|it| show::rule(it).to_string());
            lines.try_for_each(|line| print_line(&line))
        }
        RulesAction::Show { rule } => print_line(&json!(find(&client, &rule)?.rule).to_string()),
        RulesAction::Run { rule, wait } => {
            let rule = id(&client, &rule)?;
            run(client, rule, wait).await
        }
        RulesAction::Enable { rule } => enable(client, &rule, true).await,
        RulesAction::Disable { rule } => enable(client, &rule, false).await,
        RulesAction::Traces { rule, last } => {
            let rule = id(&client, &rule)?;
            traces(client, rule, last).await
        }
        RulesAction::Try { rule, days } => rehearse(client, &rule, days).await,
        RulesAction::Export { rules, to } => {
            let rules = rules.iter().map(|it| id(&client, it)).collect::<Result<_, _>>()?;
            export(client, rules, to.as_deref()).await
        }
        RulesAction::Import { file } => import(client, &file).await,
    }
}

fn find<'a>(client: &'a Client, text: &str) -> Result<&'a RuleView, Failure> {
    named("rule", text, &client.home.rules, |it| (it.rule.id.as_str(), it.rule.body.name.as_str()))
}

fn id(client: &Client, text: &str) -> Result<RuleId, Failure> {
    find(client, text).map(|it| it.rule.id.clone())
}

async fn enable(client: Client, rule: &str, enabled: bool) -> Result<()> {
    let rule = id(&client, rule)?;
    simply(client, Request::EnableRule(rule, enabled)).await
}

async fn run(mut client: Client, rule: RuleId, wait: bool) -> Result<()> {
    let run = RunId::try_from(random_hex()?)?;
    let asked = client.request(Request::RunRule(run.clone(), rule)).await?;
    asked.map_err(Failure::from)?;
    if !wait {
        return print_line(&json!({ "run": run }).to_string());
    }
    loop {
        for update in client.updates().await?.updates {
            match update {
                Update::Ran(_, head) if head.run == run && head.outcome.is_some() => {
                    return print_line(&json!(head).to_string());
                }
                _ => {}
            }
        }
    }
}

async fn traces(mut client: Client, rule: RuleId, last: u16) -> Result<()> {
    match client.request(Request::PastRuns(rule, last)).await?.map_err(Failure::from)? {
        Answer::PastRuns(runs) => {
            let mut lines = runs.iter().map(|it| json!(it).to_string());
            lines.try_for_each(|line| print_line(&line))
        }
        other => bail!("the hub's answer is about something else: {other:?}"),
    }
}

async fn rehearse(mut client: Client, rule: &str, days: u8) -> Result<()> {
    let rule = find(&client, rule)?.rule.clone();
    let request = Request::Rehearse { rule: Some(rule.id), body: Box::new(rule.body), days };
    match client.request(request).await?.map_err(Failure::from)? {
        Answer::Rehearsed(rehearsal) => print_line(&json!(rehearsal).to_string()),
        other => bail!("the hub's answer is about something else: {other:?}"),
    }
}

async fn export(mut client: Client, rules: Vec<RuleId>, to: Option<&Path>) -> Result<()> {
    match client.request(Request::ExportRules(rules)).await?.map_err(Failure::from)? {
        Answer::File(text) => match to {
            Some(path) => {
                std::fs::write(path, text).with_context(|| path.display().to_string())?;
                print_line(&json!({ "written": path }).to_string())
            }
            None => print_line(text.trim_end()),
        },
        other => bail!("the hub's answer is about something else: {other:?}"),
    }
}

async fn import(mut client: Client, path: &Path) -> Result<()> {
    let text = read(path)?;
    match client.request(Request::ImportRules(text)).await?.map_err(Failure::from)? {
        Answer::RulesAdded(ids) => {
            let mut lines = ids.iter().map(|id| json!({ "added": id }).to_string());
            lines.try_for_each(|line| print_line(&line))
        }
        other => bail!("the hub's answer is about something else: {other:?}"),
    }
}

/// A file of rules: never more of it than a hub would take.
fn read(path: &Path) -> Result<String> {
    use std::io::Read as _;
    let limit = LARGEST_FILE as u64 + 1;
    let unreadable =
        |error: std::io::Error| Failure::new(Kind::Usage, format!("{}: {error}", path.display()));
    let mut text = String::new();
    if path == Path::new("-") {
        std::io::stdin().take(limit).read_to_string(&mut text).map_err(unreadable)?;
    } else {
        let file = std::fs::File::open(path).map_err(unreadable)?;
        file.take(limit).read_to_string(&mut text).map_err(unreadable)?;
    }
    if text.len() > LARGEST_FILE {
        let words = format!("a file of rules is {} MB at most", LARGEST_FILE / 1024 / 1024);
        return Err(Failure::new(Kind::Refused, words).into());
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_too_large_is_refused_in_words_and_not_read_to_its_end() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("rules.json");
        std::fs::write(&path, vec![b' '; 10_000_000]).unwrap();
        let words = read(&path).unwrap_err().to_string();
        assert!(words.contains("4 MB"), "{words}");
        std::fs::write(&path, "{}").unwrap();
        assert_eq!(read(&path).unwrap(), "{}");
        read(&dir.path().join("missing")).unwrap_err();
    }
}

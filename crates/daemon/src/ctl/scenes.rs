//! `ctl scenes`.

use anyhow::Result;
use api::Request;
use model::{RunId, Scene};

use super::actions::simply;
use super::client::Client;
use super::find::named;
use super::show;
use crate::cli::ScenesAction;
use crate::exit::Failure;
use crate::place::random_hex;
use crate::print_line;

/// Does one thing.
pub(super) async fn perform(client: Client, action: ScenesAction) -> Result<()> {
    match action {
        ScenesAction::List => {
            let mut lines = client.home.scenes.iter().map(|it| show::scene(it).to_string());
            lines.try_for_each(|line| print_line(&line))
        }
        ScenesAction::Set { scene } => {
            let id = find(&client, &scene)?.id.clone();
            simply(client, Request::SetScene(RunId::try_from(random_hex()?)?, id)).await
        }
    }
}

fn find<'a>(client: &'a Client, text: &str) -> Result<&'a Scene, Failure> {
    named("scene", text, &client.home.scenes, |it| (it.id.as_str(), it.name.as_str()))
}

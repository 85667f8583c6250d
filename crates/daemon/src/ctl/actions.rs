//! What `ctl` can be told to do, one function each.

use anyhow::Result;
use api::{AddTarget, Answer, ErrorCode, Request, Update};
use model::{Address, CommandId, CommandState, DeviceId, Family, Name, RoomId, Secret, Spec};
use serde_json::json;

use super::client::Client;
use super::{find, show, value};
use crate::cli::CtlAction;
use crate::exit::{Failure, Kind};
use crate::place::{random_hex, read_secret};
use crate::print_line;

/// Does one thing.
pub(crate) async fn perform(mut client: Client, action: CtlAction) -> Result<()> {
    match action {
        CtlAction::Devices => devices(&client),
        CtlAction::Found => found(&client),
        CtlAction::Add { target, family, password_file, name, room } => {
            let secret = password_file.as_deref().map(read_secret).transpose()?;
            let room = match room {
                Some(room) => Some(room_of(&mut client, room).await?),
                None => None,
            };
            add(client, &target, family, Newcomer { secret, name, room }).await
        }
        CtlAction::Get { endpoint } => get(&client, &endpoint),
        CtlAction::Set { endpoint, what, wait } => set(client, &endpoint, &what, wait).await,
        CtlAction::Rules(action) => super::rules::perform(client, action).await,
        CtlAction::Scenes(action) => super::scenes::perform(client, action).await,
        CtlAction::History { endpoint, what, hours, spans } => {
            super::history::print(client, &endpoint, what, (hours, spans)).await
        }
        CtlAction::Ask { request } => ask(client, &request).await,
        CtlAction::Watch => watch(client).await,
        CtlAction::Remove { device } => simply(client, Request::RemoveDevice(device)).await,
        CtlAction::Rename { device, name } => {
            simply(client, Request::NameDevice(device, name)).await
        }
        CtlAction::Secret { device, password_file } => {
            let secret = Some(read_secret(&password_file)?);
            simply(client, Request::SetSecret { device, secret }).await
        }
        CtlAction::Unlock { passphrase_file } => {
            let passphrase = Some(read_secret(&passphrase_file)?);
            simply(client, Request::Unlock { passphrase }).await
        }
    }
}

fn devices(client: &Client) -> Result<()> {
    let mut lines = client.home.devices.iter().map(|it| show::device(it, client.now).to_string());
    lines.try_for_each(|line| print_line(&line))
}

fn found(client: &Client) -> Result<()> {
    let mut lines = client.home.found.iter().map(|it| json!(it.sighting).to_string());
    lines.try_for_each(|line| print_line(&line))
}

fn get(client: &Client, text: &str) -> Result<()> {
    let (device, endpoint) = find::endpoint(&client.home, text, None)?;
    let mut line = show::endpoint(endpoint, client.now);
    line["reachability"] = show::device(device, client.now)["reachability"].take();
    print_line(&line.to_string())
}

/// Asks what was asked for, and prints the answer as it is.
async fn ask(mut client: Client, text: &str) -> Result<()> {
    let text = match text {
        "-" => std::io::read_to_string(std::io::stdin())?,
        text => text.to_owned(),
    };
    let request: Request = serde_json::from_str(&text)
        .map_err(|error| Failure::new(Kind::Usage, format!("this is no request: {error}")))?;
    let answer = client.request(request).await?.map_err(Failure::from)?;
    print_line(&serde_json::to_string(&answer)?)
}

pub(super) async fn simply(mut client: Client, request: Request) -> Result<()> {
    client.request(request).await?.map_err(Failure::from)?;
    print_line(&json!({ "done": true }).to_string())
}

/// What people say of a device that they add.
struct Newcomer {
    secret: Option<Secret>,
    name: Option<Name>,
    room: Option<RoomId>,
}

/// The room of that name; a new one where there is none.
async fn room_of(client: &mut Client, name: Name) -> Result<RoomId> {
    if let Some(room) = client.home.rooms.iter().find(|it| it.name == name) {
        return Ok(room.id.clone());
    }
    let id = RoomId::try_from(format!("room-{}", &random_hex()?[..16]))?;
    client.request(Request::CreateRoom(id.clone(), name)).await?.map_err(Failure::from)?;
    Ok(id)
}

async fn add(
    mut client: Client,
    text: &str,
    family: Option<Family>,
    newcomer: Newcomer,
) -> Result<()> {
    let mut refusal = None;
    for target in targets(&client, text, family)? {
        let request = Request::Add {
            target,
            secret: newcomer.secret.clone(),
            name: newcomer.name.clone(),
            room: newcomer.room.clone(),
        };
        match client.request(request).await? {
            Ok(Answer::Added(id)) => return added(client, &id).await,
            Ok(_) => return Ok(()),
            Err(error) => {
                let is_nobody = matches!(error.code, ErrorCode::NoAnswer | ErrorCode::NotADevice);
                refusal = Some(Failure::from(error));
                if !is_nobody {
                    break;
                }
            }
        }
    }
    let nowhere = || Failure::new(Kind::NotFound, "there is nowhere to look");
    Err(refusal.unwrap_or_else(nowhere).into())
}

/// Where to look, in that order: a device that was found, or an address; without a port, where
/// devices of that family, or of any, listen.
fn targets(client: &Client, text: &str, family: Option<Family>) -> Result<Vec<AddTarget>> {
    let found = client.home.found.iter().find(|it| it.sighting.device.as_str() == text);
    if let Some(found) = found {
        return Ok(vec![AddTarget::Found(found.sighting.device.clone())]);
    }
    let usage =
        |error: model::AddressError| Failure::new(Kind::Usage, format!("`{text}`: {error}"));
    let at = |port: u16| Address::parse(text, port).map_err(usage);
    if let Some(family) = family {
        return Ok(vec![AddTarget::At(at(family.default_port())?, Some(family))]);
    }
    let mut addresses: Vec<Address> = Vec::new();
    for family in Family::ALL {
        let address = at(family.default_port())?;
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    Ok(addresses.into_iter().map(|address| AddTarget::At(address, None)).collect())
}

/// Prints the device as soon as the hub has told of it.
async fn added(mut client: Client, id: &DeviceId) -> Result<()> {
    loop {
        let batch = client.updates().await?;
        let mut devices = batch.updates.iter().filter_map(|update| match update {
            Update::Device(device) if device.id == *id => Some(device),
            _ => None,
        });
        if let Some(device) = devices.next_back() {
            return print_line(&show::device(device, batch.now).to_string());
        }
    }
}

async fn set(mut client: Client, text: &str, what: &str, wait: bool) -> Result<()> {
    let (capability, wanted) = value::split(what)?;
    let (_, endpoint) = find::endpoint(&client.home, text, Some(capability))?;
    let spec: Option<&Spec> = endpoint.specs.iter().find(|it| it.capability() == capability);
    let spec = spec.ok_or_else(|| Failure::new(Kind::NotFound, "it has no such capability"))?;
    let action = value::action(spec, wanted)?;
    let id = CommandId::try_from(random_hex()?)?;
    let request = Request::Control { id: id.clone(), endpoint: endpoint.id.clone(), action };
    client.request(request).await?.map_err(Failure::from)?;
    if wait {
        confirmed(client, &id).await
    } else {
        print_line(&json!({ "command": id, "state": CommandState::Requested }).to_string())
    }
}

/// Waits until the device itself has confirmed. The hub gives every command an end.
async fn confirmed(mut client: Client, id: &CommandId) -> Result<()> {
    loop {
        let batch = client.updates().await?;
        for update in batch.updates {
            match update {
                Update::Command(of, state) if of == *id && state.is_final() => {
                    print_line(&json!({ "command": id, "state": state }).to_string())?;
                    return end_of(state);
                }
                _ => {}
            }
        }
    }
}

fn end_of(state: CommandState) -> Result<()> {
    match state {
        CommandState::Failed(reason) => Err(Failure::from(reason).into()),
        CommandState::Expired => {
            let words = "the device never confirmed; it may or may not have done it";
            Err(Failure::new(Kind::Device, words).into())
        }
        _ => Ok(()),
    }
}

/// Prints all devices, then every change.
async fn watch(mut client: Client) -> Result<()> {
    for device in &client.home.devices {
        print_line(&json!({ "device": show::device(device, client.now) }).to_string())?;
    }
    loop {
        let batch = client.updates().await?;
        for update in &batch.updates {
            if let Some(line) = show::update(update, batch.now) {
                print_line(&line.to_string())?;
            }
        }
    }
}

//! The control port: for tests in other languages. Never a part of a device.
//!
//! `GET /devices`, `GET /devices/<id>`, `POST /devices/<id>/fault` (`{"fault":"silent"}`),
//! `POST /devices/<id>/press` (`{"endpoint":"input:0"}`), `POST /devices/<id>/set`
//! (`{"endpoint":"switch:0","value":{"OnOff":true}}`), `POST /storm` (`{"rate":200}`).

use std::net::SocketAddr;

use axum::extract::{Json, Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Router, serve};
use model::{DeviceId, Value};
use serde::Deserialize;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::{Fault, Handle, Home, Unsettable};

/// A control port of a home; closed when the home stops.
#[derive(Debug)]
pub struct Control {
    /// Where it listens.
    pub address: SocketAddr,
}

#[derive(Clone)]
struct Reach {
    handles: std::sync::Arc<std::collections::BTreeMap<DeviceId, Handle>>,
    storm: watch::Sender<u32>,
}

type Refused = (StatusCode, String);
type Said = Json<serde_json::Value>;

#[derive(Deserialize)]
struct Press {
    #[serde(default)]
    endpoint: String,
}

#[derive(Deserialize)]
struct Setting {
    endpoint: String,
    value: Value,
}

#[derive(Deserialize)]
struct Storm {
    rate: u32,
}

impl Home {
    /// Opens a control port. There is no password to it: loopback only.
    ///
    /// # Errors
    /// When the port cannot be bound.
    pub async fn control(&self, listen: SocketAddr) -> std::io::Result<Control> {
        let listener = TcpListener::bind(listen).await?;
        let address = listener.local_addr()?;
        let handles = self.handles().map(|it| (it.id().clone(), it)).collect();
        let reach = Reach { handles: std::sync::Arc::new(handles), storm: self.weather() };
        let router = Router::new()
            .route("/devices", get(list))
            .route("/devices/{id}", get(one))
            .route("/devices/{id}/fault", post(fault))
            .route("/devices/{id}/press", post(press))
            .route("/devices/{id}/set", post(set))
            .route("/storm", post(storm))
            .with_state(reach);
        self.spawn(async move {
            if let Err(error) = serve(listener, router).await {
                tracing::warn!(%error, "the control port is gone");
            }
        });
        Ok(Control { address })
    }
}

impl Reach {
    fn find(&self, id: &str) -> Result<&Handle, Refused> {
        let id = DeviceId::try_from(id).ok();
        let found = id.and_then(|id| self.handles.get(&id));
        found.ok_or((StatusCode::NOT_FOUND, "there is no such device".to_owned()))
    }
}

impl Handle {
    /// All that can be told of the device, as the control port and the binary print it.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        let core = self.core();
        json!({
            "id": core.id, "family": core.family, "name": core.name, "room": core.room,
            "known": core.known, "address": core.address().to_string(),
            "secret": core.secret.as_ref().map(model::Secret::expose),
            "executed": core.executed(),
        })
    }

    fn full(&self) -> serde_json::Value {
        let mut full = self.json();
        full["deeds"] = self.deeds().into();
        full["ailments"] = json!(self.core().ailments());
        full["state"] = self.state();
        full
    }
}

async fn list(State(reach): State<Reach>) -> Said {
    Json(reach.handles.values().map(Handle::json).collect())
}

async fn one(State(reach): State<Reach>, Path(id): Path<String>) -> Result<Said, Refused> {
    Ok(Json(reach.find(&id)?.full()))
}

async fn fault(
    State(reach): State<Reach>,
    Path(id): Path<String>,
    Json(fault): Json<Fault>,
) -> Result<Said, Refused> {
    let device = reach.find(&id)?;
    device.inflict(fault);
    Ok(Json(device.full()))
}

async fn press(
    State(reach): State<Reach>,
    Path(id): Path<String>,
    Json(press): Json<Press>,
) -> Result<Said, Refused> {
    let device = reach.find(&id)?;
    device.press(&press.endpoint).map_err(unsettable)?;
    Ok(Json(device.full()))
}

async fn set(
    State(reach): State<Reach>,
    Path(id): Path<String>,
    Json(setting): Json<Setting>,
) -> Result<Said, Refused> {
    let device = reach.find(&id)?;
    device.set(&setting.endpoint, &setting.value).map_err(unsettable)?;
    Ok(Json(device.full()))
}

async fn storm(State(reach): State<Reach>, Json(storm): Json<Storm>) -> Said {
    reach.storm.send_replace(storm.rate);
    Json(json!({ "rate": storm.rate }))
}

fn unsettable(error: Unsettable) -> Refused {
    (StatusCode::BAD_REQUEST, error.to_string())
}

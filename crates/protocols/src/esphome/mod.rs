//! ESPHome native API. Under construction.

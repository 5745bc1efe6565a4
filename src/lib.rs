//! Declarative PostgreSQL schemas for Rust: models in TOML, proven migrations, typed repositories.
//!
//! The rooms and their floors are described in `docs/ARCHITECTURE.md`; a room imports only from
//! floors below its own, and `tests/architecture.rs` checks it.

pub mod disk;
pub mod model;
pub mod name;
pub mod sql;

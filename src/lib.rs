//! Declarative PostgreSQL schemas for Rust: models in TOML, proven migrations, typed repositories.
//!
//! The rooms and their floors are described in `docs/ARCHITECTURE.md`; a room imports only from
//! floors below its own, and `tests/architecture.rs` checks it.

pub mod catalog;
pub mod cli;
pub mod codegen;
pub mod command;
pub mod dag;
pub mod db;
pub mod diff;
pub mod disk;
pub mod facet;
pub mod kind;
pub mod model;
pub mod name;
pub mod plan;
pub mod rename;
pub mod revision;
pub mod scope;
pub mod sql;
pub mod statement;

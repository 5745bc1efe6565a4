//! Alone speaks to a server.

pub mod apply;
pub mod hazard;
pub mod ledger;
pub mod lock;
pub mod progress;

//! The room that speaks to servers: connections, private clusters, shadows.

pub mod cluster;
pub mod connect;
#[cfg(feature = "embedded")]
pub mod embedded;
pub mod machine;
pub mod marker;
pub mod server;
pub mod shadow_place;

//! The room that speaks to servers: connections, private clusters, shadows.

pub mod connect;
pub mod machine;

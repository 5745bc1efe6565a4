//! The room that speaks to servers: connections, private clusters, shadows.

pub mod cluster;
pub mod connect;
pub mod machine;
pub mod marker;

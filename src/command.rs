//! The use cases, one file each: a request in, a report out, nothing printed.

pub mod serve;

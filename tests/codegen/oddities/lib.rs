//! The repositories of a schema with every oddity.

pub mod db;

//! A small application on generated repositories.

pub mod db;

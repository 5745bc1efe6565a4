//! models.toml as typed models with source spans. Pure: text in, models or every mistake out.
//!
//! One declaration of a type (`shape`) gives its decoding, its JSON Schema and its documentation.

pub mod check;
pub mod collection;
pub mod column;
pub mod constraint;
pub mod decode;
pub mod diagnostic;
pub mod docs;
pub mod element;
pub mod form;
pub mod format;
pub mod index;
pub mod lower;
pub mod merge;
pub mod models;
pub mod names;
pub mod object;
pub mod raise;
pub(crate) mod shape;
pub mod table;
#[cfg(test)]
mod tests;

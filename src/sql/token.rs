//! SQL tokens.

//! Splits SQL text into statements.

//! Indexes of models and materialized views.

use super::collection::{Map, PathText, Some1};
use super::column::Setting;
use super::decode::{Flag, Ident, Integer, Text};
use super::shape::shape;

shape! {
    /// An index: a list of columns and expressions, or a table.
    pub struct Index | Some1<Text> = index_of {
        /// Columns and expressions as in SQL, with what may stand behind them: `created_at desc nulls last`,
        /// `lower(email) text_pattern_ops`, `(a + b)`.
        columns: Some1<Text>,
        /// `btree` unless given; `hash`, `gin`, `gist`, `brin`, `spgist`, or an extension's.
        method: Option<Ident>,
        /// Two rows may not have the same values.
        unique: Option<Flag>,
        /// Only rows for which this holds.
        r#where: Option<Text>,
        /// Further columns that the index carries along.
        include: Some1<Ident>,
        /// Storage parameters: `fillfactor = 70`.
        with: Map<Text, Setting>,
        /// Two nulls are equal (PostgreSQL 15).
        nulls_not_distinct: Option<Flag>,
        /// Where it is stored.
        tablespace: Option<Ident>,
        /// On a partitioned table: not on its partitions.
        only: Option<Flag>,
        /// The index of the partitioned table that it belongs to: `name`, or `schema.name` where that is in another schema.
        partition_of: Option<PathText>,
        /// How much `ANALYZE` keeps about its expressions, by position from 1.
        statistics: Map<Text, Integer>,
        /// A comment.
        comment: Option<Text>,
        /// What it was called before.
        renamed_from: Option<Ident>,
    }
}

fn index_of(columns: Some1<Text>) -> Index {
    Index { columns, ..Default::default() }
}

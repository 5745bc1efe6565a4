//! How values of a column are stored and counted: what columns of tables and of materialized views share.

use serde::{Deserialize, Serialize};

use super::options::set_and_reset;
use crate::sql;
use crate::sql::Sql;

/// Storage, compression, statistics target and options of a column.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tuning {
    /// `PLAIN`, `EXTERNAL`, …, where it is not the type's.
    pub storage: Option<String>,
    /// The type's own storage, to go back to.
    pub type_storage: String,
    /// `pglz` or `lz4`, where it was set.
    pub compression: Option<String>,
    /// Statistics target, where it was set.
    pub statistics: Option<i32>,
    /// `n_distinct=…`.
    pub options: Vec<String>,
}

impl Tuning {
    /// The fields, from `pg_attribute a` and its type `pg_type t`.
    pub fn fields(version: u32) -> String {
        let word = |column: &str| {
            format!(
                "CASE {column} WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END"
            )
        };
        let (storage, type_storage) = (word("a.attstorage"), word("t.typstorage"));
        let compression = match version {
            140_000.. => "CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END",
            _ => "NULL",
        };
        format!(
            "CASE WHEN a.attstorage <> t.typstorage THEN {storage} END AS storage, {type_storage} AS type_storage,
             {compression} AS compression, CASE WHEN a.attstattarget >= 0 THEN a.attstattarget END AS statistics,
             COALESCE(a.attoptions, '{{}}') AS options"
        )
    }

    /// What there is to say of it beside another one.
    pub fn beside(&self, other: &Tuning) -> Tuning {
        let own = |own: &Option<String>, other: &Option<String>| own.clone().filter(|_| own != other);
        Tuning {
            storage: own(&self.storage, &other.storage),
            compression: own(&self.compression, &other.compression),
            ..self.clone()
        }
    }

    /// What a column has as soon as its table is made and this was said, where a parent's has that.
    pub fn over(&self, led: &Tuning) -> Tuning {
        let or = |own: &Option<String>, led: &Option<String>| own.as_ref().or(led.as_ref()).cloned();
        let (storage, compression) = (or(&self.storage, &led.storage), or(&self.compression, &led.compression));
        Tuning { storage, compression, ..self.clone() }
    }

    /// What the columns of heirs have of this one, as it is added and then changed.
    pub fn of_new_column(self) -> Tuning {
        Tuning { compression: None, options: Vec::new(), ..self }
    }

    /// What `ALTER COLUMN …` has to do to come here from `before`; from the type's own settings if there is none.
    pub fn actions(&self, before: Option<&Tuning>) -> Vec<Sql> {
        let standard = Tuning { type_storage: self.type_storage.clone(), ..Tuning::default() };
        let before = before.unwrap_or(&standard);
        let mut out = Vec::new();
        let as_type = self.storage.is_none() && self.type_storage != before.type_storage;
        if self.storage != before.storage || as_type {
            out.push(sql!("SET STORAGE {}", Sql::raw(self.storage.as_ref().unwrap_or(&self.type_storage).as_str())));
        }
        if self.compression != before.compression {
            out.push(sql!("SET COMPRESSION {}", Sql::raw(self.compression.as_deref().unwrap_or("default"))));
        }
        if self.statistics != before.statistics {
            out.push(sql!("SET STATISTICS {}", self.statistics.unwrap_or(-1)));
        }
        out.extend(set_and_reset(&before.options, &self.options));
        out
    }
}

//! Constraints of tables: primary keys, uniques, checks, foreign keys, exclusions.
//!
//! They share one name space a table, one catalog and one syntax, so they are one kind:
//! <https://www.postgresql.org/docs/current/ddl-constraints.html>.

mod hazard;
mod key;
pub mod text;

use serde::{Deserialize, Serialize};

pub use self::key::index_behind;
use self::text::{end_of_columns, terms};
use super::index::Marks;
use super::inheritance::is_kept_by_heirs;
use super::options::{USER_SCHEMA, not_member, parameters, set_and_reset};
use super::{Alteration, Cx, Id, Kind, Standing, Style, constraint_slot, relation_slot, table};
use crate::catalog::{Catalog, Need};
use crate::facet::remark;
use crate::name::Name;
use crate::sql;
use crate::sql::Sql;
use crate::sql::respell::is_no_fixed_point;
use crate::statement::{Statement, Transaction, one};

/// A constraint of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Constraint {
    /// Which sort.
    pub form: Form,
    /// What stands behind `CONSTRAINT name`, as the server deparses it, without `NOT VALID`.
    pub definition: Sql,
    /// The rows that are there were never looked at.
    #[serde(default)]
    pub not_valid: bool,
    /// Storage parameters of the index behind it.
    #[serde(default)]
    pub options: Vec<String>,
    /// Tablespace of the index behind it.
    pub tablespace: Option<Name>,
    /// `CLUSTER ON` the index behind it.
    pub clustered: bool,
    /// The index behind it is the replica identity.
    pub replica_identity: bool,
    /// The comment on the index behind it, which may differ from its own.
    #[serde(default)]
    pub index_comment: Option<String>,
}

/// The sorts of constraint, by `contype`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// `PRIMARY KEY`
    #[serde(rename = "p")]
    PrimaryKey,
    /// `UNIQUE`
    #[serde(rename = "u")]
    Unique,
    /// `CHECK`
    #[serde(rename = "c")]
    Check,
    /// `FOREIGN KEY`
    #[serde(rename = "f")]
    ForeignKey,
    /// `EXCLUDE`
    #[serde(rename = "x")]
    Exclusion,
}

/// The definition of the constraint `k`, and apart from it whether it is not valid: `CREATE TABLE` takes no notice of
/// that word, so it is no part of what can be written anywhere. An heir's check is as valid as it happens to be.
pub const UNVALIDATED: &str = "regexp_replace(pg_get_constraintdef(k.oid), \
     CASE k.contype WHEN 'x' THEN ' WITH \\([^)]*\\)' ELSE ' NOT VALID$' END, '') AS definition, \
     pg_get_constraintdef(k.oid) LIKE '% NOT VALID' AND (k.conislocal OR k.contype <> 'c') AS not_valid";

impl Form {
    /// Whether an index stands behind it.
    pub fn has_index(self) -> bool {
        matches!(self, Form::PrimaryKey | Form::Unique | Form::Exclusion)
    }
}

impl Constraint {
    /// The line inside `CREATE TABLE`.
    pub fn inline(&self, id: &Id) -> Sql {
        sql!("CONSTRAINT {} {}", id.name(), self.with_storage())
    }

    /// The definition with the storage of its index, which stands before `WHERE` and deferrability.
    fn with_storage(&self) -> Sql {
        let mut storage = Sql::default();
        if !self.options.is_empty() {
            storage.push(&sql!(" WITH ({})", parameters(&self.options)));
        }
        if let Some(tablespace) = &self.tablespace {
            storage.push(&sql!(" USING INDEX TABLESPACE {}", tablespace));
        }
        if storage.is_empty() {
            return self.definition.clone();
        }
        let text = self.definition.as_str();
        let end = end_of_columns(text);
        Sql::raw(format!("{}{}{}", &text[..end], storage, &text[end..]))
    }

    /// What the definition cannot say: marks and the comment of the index behind it.
    pub fn extras(&self, before: Option<&Constraint>, cx: &Cx) -> Vec<Statement> {
        let marks = |constraint: &Constraint| Marks::new(constraint.clustered, constraint.replica_identity);
        let mut out = marks(self).change(before.map(marks), cx);
        if self.index_comment.as_ref() != before.and_then(|before| before.index_comment.as_ref()) {
            out.push(remark(&sql!("INDEX {}.{}", cx.id.part(0), cx.id.name()), self.index_comment.as_deref()));
        }
        out
    }

    /// Whether it is a foreign key whose two sides have one type at any time: that of periods, which an index compares.
    pub fn is_of_periods(&self) -> bool {
        self.form == Form::ForeignKey && self.definition.as_str().contains(", PERIOD ")
    }

    /// The expression of a check, without `CHECK (…)` and what stands behind.
    pub fn condition(&self) -> Option<Sql> {
        let text = self.definition.as_str().strip_prefix("CHECK (")?;
        let text = text.trim_end_matches(" NOT ENFORCED").trim_end_matches(" NO INHERIT");
        text.strip_suffix(')').map(Sql::raw)
    }
}

impl Kind for Constraint {
    const WORD: &'static str = "constraint";
    const CATALOG: &'static str = "pg_constraint";

    fn query(_version: u32) -> Option<String> {
        // A foreign key of a partition that its parent's made (conparentid) is the parent's. Of exclusion constraints the
        // definition has the storage parameters as well.
        Some(format!(
            "SELECT k.oid, 0 AS sub, NULL::int AS position, ARRAY[n.nspname, c.relname, k.conname]::text[] AS path,
                    NULL::text AS owner, NULL::text[] AS acl, k.contype::text AS form,
                    {UNVALIDATED}, COALESCE(ic.reloptions, '{{}}') AS options,
                    (SELECT s.spcname FROM pg_tablespace s WHERE s.oid = ic.reltablespace) AS tablespace,
                    COALESCE(i.indisclustered, false) AS clustered,
                    COALESCE(i.indisreplident, false) AS replica_identity,
                    obj_description(ic.oid, 'pg_class') AS index_comment
             FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
             LEFT JOIN pg_class ic ON ic.oid = k.conindid AND k.contype IN ('p', 'u', 'x')
             LEFT JOIN pg_index i ON i.indexrelid = ic.oid
             WHERE k.contype IN ('c', 'f', 'p', 'u', 'x') AND (k.contype <> 'f' OR k.conparentid = 0)
               AND c.relpersistence <> 't' AND {USER_SCHEMA} AND {}",
            not_member("pg_class", "c.oid")
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        let (table, name) = (cx.id.relation(), cx.id.name());
        let partitioned = cx.after.is_partitioned(&cx.id.path[..2]);
        let only = Sql::raw(if partitioned && self.form.has_index() { "ONLY " } else { "" });
        let risky = |statement: Statement| {
            if self.is_of_nulls(cx) || !self.is_enforced() || self.stays_true(cx) {
                return statement;
            }
            let (danger, why, count) = self.hazard(cx);
            statement.hazard(danger, why, count)
        };
        let existing = cx.before.has(&table::of(cx.id));
        let definition = self.with_storage();
        let waits =
            !partitioned || self.form == Form::Check || self.form == Form::ForeignKey && cx.version() >= 180_000;
        let online = cx.style == Style::Online && existing && waits && !self.not_valid;
        let beside = online && !cx.before.has(cx.id) && !self.makes_own(cx.id, cx.before, cx.after);
        let by_index = if beside { self.by_index(cx.id, &cx.id.name()) } else { None };
        let mut statements = match (self.form, by_index) {
            (_, Some([_, key])) if self.takes_over(cx.id, cx.before, cx.after) => vec![key.into()],
            (_, Some([index, key])) => {
                vec![risky(Statement::new(index).in_transaction(Transaction::Outside)), key.into()]
            }
            (Form::Check | Form::ForeignKey, _) if online && self.is_enforced() => {
                let add = sql!("ALTER TABLE {} ADD CONSTRAINT {} {} NOT VALID", table, name, definition);
                let validate = sql!("ALTER TABLE {} VALIDATE CONSTRAINT {}", table, name);
                // Validation takes a weak lock of its own: after the commit, so that the strong one is gone.
                vec![add.into(), risky(Statement::new(validate).in_transaction(Transaction::Last))]
            }
            _ => {
                let end = Sql::raw(if self.not_valid { " NOT VALID" } else { "" });
                let add = sql!("ALTER TABLE {}{} ADD CONSTRAINT {} {}{}", only, table, name, definition, end);
                // That of a partitioned table alone has no rows; those of its partitions say what they fail on.
                let looks = existing && !self.not_valid && only.is_empty();
                vec![if looks { risky(add.into()) } else { add.into() }]
            }
        };
        statements.extend(self.extras(None, cx));
        statements
    }

    fn drop(&self, cx: &Cx) -> Vec<Statement> {
        let only = Sql::raw(if is_kept_by_heirs(cx.id, cx.before, cx.after) { "ONLY " } else { "" });
        one(sql!("ALTER TABLE {}{} DROP CONSTRAINT {}", only, cx.id.relation(), cx.id.name()))
    }

    fn alter(&self, after: &Self, cx: &Cx) -> Alteration {
        let (table, name) = (cx.id.relation(), cx.id.name());
        let mut statements: Vec<Statement> = Vec::new();
        if self.definition != after.definition {
            let ((key, timing, enforced), is) = (terms(self.definition.as_str()), terms(after.definition.as_str()));
            // What begins to be enforced is made again, so that the rows are looked at under a weak lock.
            if self.form != Form::ForeignKey || key != is.0 || is.2 && !enforced {
                return after.successor(cx).map_or(Alteration::Rebuild, Alteration::in_place);
            }
            let mut words = String::new();
            if timing != is.1 {
                words += if is.1.is_empty() { " NOT DEFERRABLE" } else { is.1 };
            }
            if enforced != is.2 {
                words += " NOT ENFORCED";
            }
            statements.push(sql!("ALTER TABLE {} ALTER CONSTRAINT {}{}", table, name, Sql::raw(words)).into());
        }
        if self.form != after.form || (after.not_valid && !self.not_valid) {
            return Alteration::Rebuild;
        }
        if self.not_valid && !after.not_valid && after.is_enforced() {
            let (danger, why, count) = after.hazard(cx);
            let validate = Statement::new(sql!("ALTER TABLE {} VALIDATE CONSTRAINT {}", table, name));
            let transaction = if cx.style == Style::Online { Transaction::Last } else { Transaction::Inside };
            statements.push(validate.hazard(danger, why, count).in_transaction(transaction));
        }
        let index = sql!("{}.{}", cx.id.part(0), name);
        for action in set_and_reset(&self.options, &after.options) {
            statements.push(sql!("ALTER INDEX {} {}", index, action).into());
        }
        if self.tablespace != after.tablespace {
            statements.push(sql!("ALTER INDEX {} SET TABLESPACE {}", index, cx.tablespace(&after.tablespace)).into());
        }
        statements.extend(after.extras(Some(self), cx));
        Alteration::in_place(statements)
    }

    fn designation(&self, id: &Id) -> Sql {
        sql!("CONSTRAINT {} ON {}", id.name(), id.relation())
    }

    fn rename(&self, id: &Id, to: &Name) -> Option<Sql> {
        Some(sql!("ALTER TABLE {} RENAME CONSTRAINT {} TO {}", id.relation(), id.name(), to))
    }

    /// The server looks at the rows when it makes the copy.
    fn into_heir(self) -> Self {
        Constraint { not_valid: false, ..self }
    }

    fn followed(self, _was: &Self, _from: &Self, _to: &Self) -> Self {
        self.into_heir()
    }

    fn slots(&self, id: &Id) -> Vec<String> {
        let index = self.form.has_index().then(|| relation_slot(&id.part(0), &id.part(2)));
        index.into_iter().chain([constraint_slot(id, &id.name())]).collect()
    }

    fn needs(&self, id: &Id, all: &Catalog) -> Vec<Need> {
        let mut needs = vec![Need::auto(table::of(id))];
        let keys = self.keys_referred_to(all);
        // Of several the server takes the oldest, which is no part of the schema.
        if keys.len() > 1 {
            needs.extend(keys.iter().map(|(id, _)| Need::normal(id.clone())));
        }
        // It records the columns that are the key, and drops that for any other in it that changes its type.
        needs.extend(keys.into_iter().flat_map(|(_, included)| included).map(Need::normal));
        needs
    }

    fn without_name(&self, _id: &Id) -> Option<Self> {
        Some(self.clone())
    }

    fn under_retyping(&self) -> Standing {
        match self.form {
            _ if self.is_of_periods() || is_no_fixed_point(self.definition.as_str()) => Standing::Misread,
            Form::ForeignKey => Standing::GivesWay,
            _ => Standing::Stays,
        }
    }

    fn texts(&mut self) -> Vec<&mut Sql> {
        vec![&mut self.definition]
    }
}

//! Operators: <https://www.postgresql.org/docs/current/sql-createoperator.html>.

use serde::{Deserialize, Serialize};

use super::options::{USER_SCHEMA, not_member};
use super::{Alteration, Cx, Id, Kind, Tag};
use crate::catalog::Catalog;
use crate::name::Name;
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Statement, one};

/// An operator; its path is schema, symbol, left type (`NONE` for none), right type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operator {
    /// What it calls.
    pub function: Sql,
    /// `OPERATOR(…)` with the sides exchanged.
    pub commutator: Option<Sql>,
    /// `OPERATOR(…)` that is its opposite.
    pub negator: Option<Sql>,
    /// Selectivity estimator.
    pub restrict: Option<Sql>,
    /// Selectivity estimator of joins.
    pub join: Option<Sql>,
    /// Can be hashed.
    pub hashes: bool,
    /// Can be merged.
    pub merges: bool,
}

impl Kind for Operator {
    const WORD: &'static str = "operator";
    const CATALOG: &'static str = "pg_operator";
    const NAMES_TYPES: bool = true;

    fn query(_version: u32) -> Option<String> {
        let other = |column: &str| {
            format!(
                "CASE WHEN o.{column} <> 0 THEN (SELECT format('OPERATOR(%I.%s)', xn.nspname, x.oprname)
                  FROM pg_operator x JOIN pg_namespace xn ON xn.oid = x.oprnamespace WHERE x.oid = o.{column}) END"
            )
        };
        // An operator that was only named by another one has no function yet.
        Some(format!(
            "SELECT o.oid, 0 AS sub, NULL::int AS position,
                    ARRAY[n.nspname, o.oprname, CASE WHEN o.oprleft = 0 THEN 'NONE' ELSE format_type(o.oprleft, NULL) END,
                          format_type(o.oprright, NULL)]::text[] AS path,
                    pg_get_userbyid(o.oprowner)::text AS owner, NULL::text[] AS acl,
                    o.oprcode::regproc::text AS function, {} AS commutator, {} AS negator,
                    NULLIF(o.oprrest, 0)::regproc::text AS restrict, NULLIF(o.oprjoin, 0)::regproc::text AS join,
                    o.oprcanhash AS hashes, o.oprcanmerge AS merges
             FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace
             WHERE o.oprcode <> 0 AND {USER_SCHEMA} AND {}",
            other("oprcom"),
            other("oprnegate"),
            not_member("pg_operator", "o.oid")
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        let mut items = vec![sql!("FUNCTION = {}", self.function)];
        if cx.id.part(2).as_str() != "NONE" {
            items.push(sql!("LEFTARG = {}", Sql::raw(cx.id.part(2).as_str())));
        }
        items.push(sql!("RIGHTARG = {}", Sql::raw(cx.id.part(3).as_str())));
        let mut push = |word: &'static str, value: &Option<Sql>| {
            items.extend(value.as_ref().map(|value| sql!("{} = {}", Sql::raw(word), value)));
        };
        push("COMMUTATOR", &self.commutator);
        push("NEGATOR", &self.negator);
        push("RESTRICT", &self.restrict);
        push("JOIN", &self.join);
        for (is, word) in [(self.hashes, "HASHES"), (self.merges, "MERGES")] {
            items.extend(is.then(|| Sql::raw(word)));
        }
        let items = items.into_iter().map(|item| sql!("\n    {}", item));
        one(sql!("CREATE OPERATOR {} ({}\n)", name(cx.id), Sql::join(items, ",")))
    }

    fn alter(&self, after: &Self, cx: &Cx) -> Alteration {
        let mut rest = Operator { restrict: self.restrict.clone(), join: self.join.clone(), ..after.clone() };
        // The server writes and clears these links itself where the other operator is made and dropped.
        if follows(&self.commutator, &after.commutator, cx, Side::Exchanged) {
            rest.commutator.clone_from(&self.commutator);
        }
        if follows(&self.negator, &after.negator, cx, Side::Same) {
            rest.negator.clone_from(&self.negator);
        }
        // What nobody said so far can be said from PostgreSQL 17 on, once.
        let mut items: Vec<Sql> = Vec::new();
        if cx.version() >= 170_000 {
            for (word, old, new) in
                [("COMMUTATOR", &self.commutator, &mut rest.commutator), ("NEGATOR", &self.negator, &mut rest.negator)]
            {
                items.extend(new.take_if(|_| old.is_none()).map(|new| sql!("{} = {}", Sql::raw(word), new)));
            }
            for (word, old, new) in
                [("HASHES", self.hashes, &mut rest.hashes), ("MERGES", self.merges, &mut rest.merges)]
            {
                if *new && !old {
                    *new = false;
                    items.push(Sql::raw(word));
                }
            }
        }
        if *self != rest {
            return Alteration::Rebuild;
        }
        let estimator = |word: &'static str, old: &Option<Sql>, new: &Option<Sql>| {
            let value = new.clone().unwrap_or_else(|| Sql::raw("NONE"));
            (old != new).then(|| sql!("{} = {}", Sql::raw(word), value))
        };
        items.extend(estimator("RESTRICT", &self.restrict, &after.restrict));
        items.extend(estimator("JOIN", &self.join, &after.join));
        if items.is_empty() {
            return Alteration::in_place(Vec::new());
        }
        Alteration::in_place(one(sql!("ALTER {} SET ({})", self.designation(cx.id), Sql::join(items, ", "))))
    }

    fn designation(&self, id: &Id) -> Sql {
        sql!("OPERATOR {} ({}, {})", name(id), Sql::raw(id.part(2).as_str()), Sql::raw(id.part(3).as_str()))
    }

    fn rename(&self, _id: &Id, _to: &Name) -> Option<Sql> {
        None
    }
}

/// How the types of a commutator and of a negator stand to an operator's own.
#[derive(Clone, Copy)]
enum Side {
    Same,
    Exchanged,
}

/// Whether a link changes only because the operator at its other end comes or goes.
fn follows(old: &Option<Sql>, new: &Option<Sql>, cx: &Cx, side: Side) -> bool {
    let (left, right) = match side {
        Side::Same => (cx.id.part(2), cx.id.part(3)),
        Side::Exchanged => (cx.id.part(3), cx.id.part(2)),
    };
    let has = |catalog: &Catalog, link: &Sql| {
        let mut others = catalog.below(Tag::Operator, &[]).map(|(id, _)| id);
        others.any(|id| id.part(2) == left && id.part(3) == right && sql!("OPERATOR({})", name(id)) == *link)
    };
    old == new
        || old.as_ref().is_none_or(|link| !has(cx.after, link)) && new.as_ref().is_none_or(|link| !has(cx.before, link))
}

/// `schema.symbol`: the symbol is no identifier.
fn name(id: &Id) -> Sql {
    sql!("{}.{}", id.part(0), Sql::raw(id.part(1).as_str()))
}

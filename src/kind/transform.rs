//! Transforms, how a language sees a type: <https://www.postgresql.org/docs/current/sql-createtransform.html>.

use serde::{Deserialize, Serialize};

use super::options::not_member;
use super::{Alteration, Cx, Id, Kind};
use crate::name::Name;
use crate::sql;
use crate::sql::Sql;
use crate::statement::Statement;

/// A transform; its path is the type and the language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transform {
    /// What makes the language's value of an SQL one.
    pub from_sql: Option<Sql>,
    /// What makes an SQL value of the language's.
    pub to_sql: Option<Sql>,
}

impl Transform {
    fn definition(&self, id: &Id, verb: &'static str) -> Statement {
        let ways = [("FROM SQL", &self.from_sql), ("TO SQL", &self.to_sql)];
        let ways = ways.into_iter().filter_map(|(word, function)| {
            function.as_ref().map(|function| sql!("\n    {} WITH FUNCTION {}", Sql::raw(word), function))
        });
        sql!("{} {} ({}\n)", Sql::raw(verb), self.designation(id), Sql::join(ways, ",")).into()
    }
}

impl Kind for Transform {
    const WORD: &'static str = "transform";
    const CATALOG: &'static str = "pg_transform";
    const NAMES_TYPES: bool = true;
    const GLOBAL: bool = true;

    fn query(_version: u32) -> Option<String> {
        Some(format!(
            "SELECT t.oid, 0 AS sub, NULL::int AS position, ARRAY[format_type(t.trftype, NULL), l.lanname]::text[] AS path,
                    NULL::text AS owner, NULL::text[] AS acl,
                    NULLIF(t.trffromsql, 0)::regprocedure::text AS from_sql,
                    NULLIF(t.trftosql, 0)::regprocedure::text AS to_sql
             FROM pg_transform t JOIN pg_language l ON l.oid = t.trflang WHERE {}",
            not_member("pg_transform", "t.oid")
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        vec![self.definition(cx.id, "CREATE")]
    }

    fn alter(&self, after: &Self, cx: &Cx) -> Alteration {
        Alteration::in_place(vec![after.definition(cx.id, "CREATE OR REPLACE")])
    }

    fn designation(&self, id: &Id) -> Sql {
        sql!("TRANSFORM FOR {} LANGUAGE {}", Sql::raw(id.part(0).as_str()), id.part(1))
    }

    fn rename(&self, _id: &Id, _to: &Name) -> Option<Sql> {
        None
    }
}

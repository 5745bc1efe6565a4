//! Range types with their multirange: <https://www.postgresql.org/docs/current/rangetypes.html>.

use serde::{Deserialize, Serialize};

use super::base_type::drop_type;
use super::options::{USER_SCHEMA, not_member};
use super::retype::is_type;
use super::{Cx, Id, Kind, dotted, type_slot};
use crate::name::Name;
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Statement, one};

/// A range type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// The type of its bounds.
    pub subtype: Sql,
    /// The operator class that orders them, where it is not the default one.
    pub operator_class: Option<Sql>,
    /// Their collation, where it is not the type's.
    pub collation: Option<Sql>,
    /// The function that makes two spellings of a range one.
    pub canonical: Option<Sql>,
    /// The function that measures the distance of two bounds.
    pub difference: Option<Sql>,
    /// The name of its multirange type.
    pub multirange: Option<Name>,
}

impl Kind for Range {
    const WORD: &'static str = "type";
    const CATALOG: &'static str = "pg_type";
    const ACL: Option<char> = Some('T');
    const PUBLIC: Option<&'static str> = Some("USAGE");

    fn query(version: u32) -> Option<String> {
        let multirange =
            if version >= 140_000 { "(SELECT m.typname FROM pg_type m WHERE m.oid = r.rngmultitypid)" } else { "NULL" };
        Some(format!(
            "SELECT t.oid, 0 AS sub, NULL::int AS position, ARRAY[n.nspname, t.typname]::text[] AS path,
                    pg_get_userbyid(t.typowner)::text AS owner, t.typacl::text[] AS acl,
                    format_type(r.rngsubtype, NULL) AS subtype,
                    CASE WHEN NOT o.opcdefault
                         THEN (SELECT format('%I.%I', s.nspname, o.opcname) FROM pg_namespace s WHERE s.oid = o.opcnamespace)
                    END AS operator_class,
                    CASE WHEN r.rngcollation <> b.typcollation THEN r.rngcollation::regcollation::text END AS collation,
                    NULLIF(r.rngcanonical, 0)::regproc::text AS canonical,
                    NULLIF(r.rngsubdiff, 0)::regproc::text AS difference, {multirange} AS multirange
             FROM pg_range r JOIN pg_type t ON t.oid = r.rngtypid JOIN pg_namespace n ON n.oid = t.typnamespace
             JOIN pg_type b ON b.oid = r.rngsubtype JOIN pg_opclass o ON o.oid = r.rngsubopc
             WHERE {USER_SCHEMA} AND {}",
            not_member("pg_type", "t.oid")
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        let mut items = vec![sql!("SUBTYPE = {}", self.subtype)];
        let mut push = |word: &'static str, value: Option<Sql>| {
            items.extend(value.map(|value| sql!("{} = {}", Sql::raw(word), value)));
        };
        push("SUBTYPE_OPCLASS", self.operator_class.clone());
        push("COLLATION", self.collation.clone());
        push("CANONICAL", self.canonical.clone());
        push("SUBTYPE_DIFF", self.difference.clone());
        let multirange = self.multirange.as_ref().map(|name| dotted(&[cx.id.part(0), name.clone()]));
        push("MULTIRANGE_TYPE_NAME", multirange);
        let items = items.into_iter().map(|item| sql!("\n    {}", item));
        one(sql!("CREATE TYPE {} AS RANGE ({}\n)", dotted(&cx.id.path), Sql::join(items, ",")))
    }

    /// The shell, which the function can name that makes two spellings one.
    fn announce(&self, id: &Id) -> Option<Sql> {
        self.canonical.as_ref().map(|_| sql!("CREATE TYPE {}", dotted(&id.path)))
    }

    fn drop(&self, cx: &Cx) -> Vec<Statement> {
        drop_type(cx.id, self.canonical.is_some())
    }

    /// The functions that make ranges and multiranges keep the names that the types had, and may stand in the way.
    fn put_aside(&self, id: &Id, others: &[&Id]) -> Vec<Statement> {
        let (schema, name) = (id.part(0), id.part(1));
        let rename = |what: &'static str, name: &Name, arguments: Sql| {
            sql!(
                "ALTER {} {}{} RENAME TO {}",
                Sql::raw(what),
                dotted(&[schema.clone(), name.clone()]),
                arguments,
                name.aside()
            )
        };
        let mut out = Vec::new();
        // Those of bounds of another type are other functions.
        if !others.iter().any(|other| is_type(other)) {
            out.push(rename("FUNCTION", &name, sql!("({}, {})", self.subtype, self.subtype)));
            out.push(rename("FUNCTION", &name, sql!("({}, {}, text)", self.subtype, self.subtype)));
        }
        if let Some(multirange) = &self.multirange {
            out.push(rename("FUNCTION", multirange, sql!("()")));
            out.push(rename("TYPE", multirange, sql!("")));
        }
        out.push(rename("TYPE", &name, sql!("")));
        out.into_iter().map(Statement::new).collect()
    }

    fn grantable(&self, id: &Id) -> Option<Sql> {
        Some(self.designation(id))
    }

    fn slots(&self, id: &Id) -> Vec<String> {
        let names = [Some(id.part(1)), self.multirange.clone()];
        names.into_iter().flatten().map(|name| type_slot(&id.part(0), &name)).collect()
    }
}

//! Operator classes: <https://www.postgresql.org/docs/current/sql-createopclass.html>.

use serde::{Deserialize, Serialize};

use super::operator_family::{members, place, using};
use super::options::{USER_SCHEMA, not_member};
use super::{Cx, Id, Kind};
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Statement, one};

/// An operator class; its path is schema, name, access method.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorClass {
    /// Used where no class is named.
    pub default: bool,
    /// What it indexes.
    pub r#type: Sql,
    /// Its family.
    pub family: Sql,
    /// What the index stores, if something else.
    pub storage: Option<Sql>,
    /// `OPERATOR …` and `FUNCTION …`.
    pub members: Vec<Sql>,
}

impl Kind for OperatorClass {
    const WORD: &'static str = "operator class";
    const CATALOG: &'static str = "pg_opclass";

    fn query(_version: u32) -> Option<String> {
        Some(format!(
            "SELECT c.oid, 0 AS sub, NULL::int AS position, ARRAY[n.nspname, c.opcname, m.amname]::text[] AS path,
                    pg_get_userbyid(c.opcowner)::text AS owner, NULL::text[] AS acl, c.opcdefault AS default,
                    format_type(c.opcintype, NULL) AS type, format('%I.%I', fn.nspname, f.opfname) AS family,
                    CASE WHEN c.opckeytype <> 0 THEN format_type(c.opckeytype, NULL) END AS storage, {} AS members
             FROM pg_opclass c JOIN pg_namespace n ON n.oid = c.opcnamespace JOIN pg_am m ON m.oid = c.opcmethod
             JOIN pg_opfamily f ON f.oid = c.opcfamily JOIN pg_namespace fn ON fn.oid = f.opfnamespace
             WHERE {USER_SCHEMA} AND {}",
            members("pg_opclass", "c.oid", "i"),
            not_member("pg_opclass", "c.oid")
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        let mut items = self.members.clone();
        items.extend(self.storage.as_ref().map(|storage| sql!("STORAGE {}", storage)));
        if items.is_empty() {
            items.push(sql!("STORAGE {}", self.r#type));
        }
        let items = items.into_iter().map(|item| sql!("\n    {}", item));
        one(sql!(
            "CREATE OPERATOR CLASS {}.{}{} FOR TYPE {} USING {} FAMILY {} AS{}",
            cx.id.part(0),
            cx.id.part(1),
            Sql::raw(if self.default { " DEFAULT" } else { "" }),
            self.r#type,
            cx.id.part(2),
            self.family,
            Sql::join(items, ",")
        ))
    }

    fn designation(&self, id: &Id) -> Sql {
        sql!("OPERATOR CLASS {}", using(id))
    }

    /// Its places in the family, and that of the type's default.
    fn slots(&self, id: &Id) -> Vec<String> {
        let method = id.part(2);
        let places = self.members.iter().filter_map(place);
        let default = self.default.then(|| format!("default operator class {method} {}", self.r#type));
        places.map(|place| format!("member {method} {} {place}", self.family)).chain(default).collect()
    }

    fn without_name(&self, _id: &Id) -> Option<Self> {
        Some(self.clone())
    }
}

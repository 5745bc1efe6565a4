//! Operator families: <https://www.postgresql.org/docs/current/sql-createopfamily.html>.

use serde::{Deserialize, Serialize};

use super::options::{USER_SCHEMA, not_member};
use super::{Alteration, Cx, Id, Kind};
use crate::sql;
use crate::sql::Sql;
use crate::sql::token::tokens;
use crate::statement::{Statement, one};

/// An operator family; its path is schema, name, access method. A class makes the family of its own name by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorFamily {
    /// `OPERATOR …` and `FUNCTION …` that belong to the family itself and to no class.
    pub loose: Vec<Sql>,
}

/// `schema.name USING method` of operator classes and families.
pub fn using(id: &Id) -> Sql {
    sql!("{}.{} USING {}", id.part(0), id.part(1), id.part(2))
}

/// The operators and functions that depend on an object (`class`, `oid`) in the manner of `deptype`.
pub fn members(class: &str, oid: &str, deptype: &str) -> String {
    format!(
        "COALESCE((SELECT json_agg(m.text ORDER BY m.text) FROM
           (SELECT format('OPERATOR %s %I.%s (%s, %s)%s', o.amopstrategy, pn.nspname, p.oprname,
                          format_type(o.amoplefttype, NULL), format_type(o.amoprighttype, NULL),
                          CASE WHEN o.amopsortfamily <> 0 THEN (SELECT format(' FOR ORDER BY %I.%I', sn.nspname, s.opfname)
                            FROM pg_opfamily s JOIN pg_namespace sn ON sn.oid = s.opfnamespace
                            WHERE s.oid = o.amopsortfamily) ELSE '' END) AS text
            FROM pg_depend d JOIN pg_amop o ON o.oid = d.objid JOIN pg_operator p ON p.oid = o.amopopr
            JOIN pg_namespace pn ON pn.oid = p.oprnamespace
            WHERE d.classid = 'pg_amop'::regclass AND d.refclassid = '{class}'::regclass AND d.refobjid = {oid}
              AND d.deptype = '{deptype}'
            UNION ALL
            SELECT format('FUNCTION %s (%s, %s) %s', r.amprocnum, format_type(r.amproclefttype, NULL),
                          format_type(r.amprocrighttype, NULL), r.amproc::regprocedure)
            FROM pg_depend d JOIN pg_amproc r ON r.oid = d.objid
            WHERE d.classid = 'pg_amproc'::regclass AND d.refclassid = '{class}'::regclass AND d.refobjid = {oid}
              AND d.deptype = '{deptype}') m), '[]')"
    )
}

impl Kind for OperatorFamily {
    const WORD: &'static str = "operator family";
    const CATALOG: &'static str = "pg_opfamily";

    fn query(_version: u32) -> Option<String> {
        Some(format!(
            "SELECT f.oid, 0 AS sub, NULL::int AS position, ARRAY[n.nspname, f.opfname, m.amname]::text[] AS path,
                    pg_get_userbyid(f.opfowner)::text AS owner, NULL::text[] AS acl, {} AS loose
             FROM pg_opfamily f JOIN pg_namespace n ON n.oid = f.opfnamespace JOIN pg_am m ON m.oid = f.opfmethod
             WHERE {USER_SCHEMA} AND {}",
            members("pg_opfamily", "f.oid", "a"),
            not_member("pg_opfamily", "f.oid")
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        let mut statements = one(sql!("CREATE OPERATOR FAMILY {}", using(cx.id)));
        if !self.loose.is_empty() {
            let items = self.loose.iter().map(|item| sql!("\n    {}", item));
            statements.push(sql!("ALTER OPERATOR FAMILY {} ADD{}", using(cx.id), Sql::join(items, ",")).into());
        }
        statements
    }

    fn alter(&self, after: &Self, cx: &Cx) -> Alteration {
        let gone: Vec<Sql> = self.loose.iter().filter(|item| !after.loose.contains(item)).filter_map(place).collect();
        let come: Vec<Sql> = after.loose.iter().filter(|item| !self.loose.contains(item)).cloned().collect();
        let change = |(verb, items): (&'static str, Vec<Sql>)| {
            let items = items.iter().map(|item| sql!("\n    {}", item));
            sql!("ALTER OPERATOR FAMILY {} {}{}", using(cx.id), Sql::raw(verb), Sql::join(items, ",")).into()
        };
        let changes = [("DROP", gone), ("ADD", come)].into_iter().filter(|(_, items)| !items.is_empty());
        Alteration::in_place(changes.map(change).collect())
    }

    fn designation(&self, id: &Id) -> Sql {
        sql!("OPERATOR FAMILY {}", using(id))
    }

    fn without_name(&self, _id: &Id) -> Option<Self> {
        Some(self.clone())
    }
}

/// `OPERATOR 1 (types)` of a member, by which it is dropped: without the name of the operator or function.
pub fn place(member: &Sql) -> Option<Sql> {
    let mut words = member.as_str().splitn(3, ' ');
    let (what, number, rest) = (words.next()?, words.next()?, words.next()?);
    // A name in quotes may have parentheses of its own.
    let mut signs = tokens(rest).skip_while(|token| !token.is_punct("("));
    let (open, close) = (signs.next()?.start, signs.find(|token| token.is_punct(")"))?.start);
    let types = &rest[open..=close];
    Some(sql!("{} {} {}", Sql::raw(what), Sql::raw(number), Sql::raw(types)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_dropped_by_number_and_types() {
        let place = |text: &str| place(&Sql::raw(text)).unwrap_or_default().0;
        assert_eq!(place("OPERATOR 1 public.<% (integer, text) FOR ORDER BY s.f"), "OPERATOR 1 (integer, text)");
        assert_eq!(place("FUNCTION 2 (integer, text) public.f(integer,text)"), "FUNCTION 2 (integer, text)");
        assert_eq!(place("OPERATOR 1 \"a)b\".< (s.\"(\", text)"), "OPERATOR 1 (s.\"(\", text)");
    }
}

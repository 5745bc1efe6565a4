//! Aggregates: <https://www.postgresql.org/docs/current/sql-createaggregate.html>.

use serde::{Deserialize, Serialize};

use super::function::routine;
use super::options::{USER_SCHEMA, not_member};
use super::{Alteration, Cx, Id, Kind};
use crate::name::Literal;
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Statement, one};

/// An aggregate; the last element of its path is the list of its input types.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Aggregate {
    /// Its arguments as `CREATE AGGREGATE` takes them (`ORDER BY` inside for ordered-set ones).
    pub arguments: Sql,
    /// The options that are identifiers or types, `SFUNC` to `SORTOP`, in the manual's order.
    pub clauses: Vec<(String, Sql)>,
    /// First value of the state.
    pub initial: Option<String>,
    /// First value of the moving state.
    pub moving_initial: Option<String>,
    /// A hypothetical-set aggregate.
    pub hypothetical: bool,
    /// What it returns.
    pub result: Sql,
}

impl Aggregate {
    fn definition(&self, verb: &'static str, id: &Id) -> Sql {
        let mut items: Vec<Sql> = self
            .clauses
            .iter()
            .map(|(word, value)| match value.is_empty() {
                true => Sql::raw(word.as_str()),
                false => sql!("{} = {}", Sql::raw(word.as_str()), value),
            })
            .collect();
        items.extend(self.initial.as_ref().map(|value| sql!("INITCOND = {}", Literal(value))));
        items.extend(self.moving_initial.as_ref().map(|value| sql!("MINITCOND = {}", Literal(value))));
        if self.hypothetical {
            items.push(Sql::raw("HYPOTHETICAL"));
        }
        let items = items.into_iter().map(|item| sql!("\n    {}", item));
        let items = Sql::join(items, ",");
        sql!("{} AGGREGATE {}({}) ({}\n)", Sql::raw(verb), id.relation(), self.arguments, items)
    }
}

impl Kind for Aggregate {
    const WORD: &'static str = "aggregate";
    const CATALOG: &'static str = "pg_proc";
    const NAMES_TYPES: bool = true;
    const ACL: Option<char> = Some('f');
    const PUBLIC: Option<&'static str> = Some("EXECUTE");

    fn query(_version: u32) -> Option<String> {
        let function = |word: &str, column: &str| {
            format!(
                "('{word}', CASE WHEN g.{column} <> 0 THEN (SELECT format('%I.%I', fn.nspname, f.proname) \
                     FROM pg_proc f JOIN pg_namespace fn ON fn.oid = f.pronamespace WHERE f.oid = g.{column}) END)"
            )
        };
        let clauses = [
            function("SFUNC", "aggtransfn"),
            "('STYPE', format_type(g.aggtranstype, NULL))".into(),
            "('SSPACE', NULLIF(g.aggtransspace, 0)::text)".into(),
            function("FINALFUNC", "aggfinalfn"),
            "('FINALFUNC_EXTRA', CASE WHEN g.aggfinalextra THEN '' END)".into(),
            "('FINALFUNC_MODIFY', CASE WHEN g.aggfinalfn <> 0 AND g.aggfinalmodify <> CASE WHEN g.aggkind = 'n' \
              THEN 'r' ELSE 'w' END::\"char\" THEN CASE g.aggfinalmodify WHEN 'r' THEN 'READ_ONLY' \
              WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END END)"
                .into(),
            function("COMBINEFUNC", "aggcombinefn"),
            function("SERIALFUNC", "aggserialfn"),
            function("DESERIALFUNC", "aggdeserialfn"),
            function("MSFUNC", "aggmtransfn"),
            function("MINVFUNC", "aggminvtransfn"),
            "('MSTYPE', CASE WHEN g.aggmtranstype <> 0 THEN format_type(g.aggmtranstype, NULL) END)".into(),
            "('MSSPACE', NULLIF(g.aggmtransspace, 0)::text)".into(),
            function("MFINALFUNC", "aggmfinalfn"),
            "('MFINALFUNC_EXTRA', CASE WHEN g.aggmfinalextra THEN '' END)".into(),
            "('MFINALFUNC_MODIFY', CASE WHEN g.aggmfinalfn <> 0 AND g.aggmfinalmodify <> CASE WHEN g.aggkind = 'n' \
              THEN 'r' ELSE 'w' END::\"char\" THEN CASE g.aggmfinalmodify WHEN 'r' THEN 'READ_ONLY' \
              WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END END)"
                .into(),
            "('SORTOP', CASE WHEN g.aggsortop <> 0 THEN (SELECT format('OPERATOR(%I.%s)', sn.nspname, s.oprname) \
              FROM pg_operator s JOIN pg_namespace sn ON sn.oid = s.oprnamespace WHERE s.oid = g.aggsortop) END)"
                .into(),
            "('PARALLEL', CASE p.proparallel WHEN 's' THEN 'SAFE' WHEN 'r' THEN 'RESTRICTED' END)".into(),
        ];
        Some(format!(
            "SELECT p.oid, 0 AS sub, NULL::int AS position,
                    ARRAY[n.nspname, p.proname, oidvectortypes(p.proargtypes)]::text[] AS path,
                    pg_get_userbyid(p.proowner)::text AS owner, p.proacl::text[] AS acl,
                    CASE WHEN p.pronargs = 0 THEN '*' ELSE pg_get_function_arguments(p.oid) END AS arguments,
                    (SELECT json_agg(json_build_array(k.word, k.value))
                     FROM (VALUES {}) AS k(word, value)
                     WHERE k.value IS NOT NULL) AS clauses,
                    g.agginitval AS initial, g.aggminitval AS moving_initial, g.aggkind = 'h' AS hypothetical,
                    pg_get_function_result(p.oid) AS result
             FROM pg_aggregate g JOIN pg_proc p ON p.oid = g.aggfnoid JOIN pg_namespace n ON n.oid = p.pronamespace
             WHERE {USER_SCHEMA} AND {}",
            clauses.join(", "),
            not_member("pg_proc", "p.oid")
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        one(self.definition("CREATE", cx.id))
    }

    fn alter(&self, after: &Self, cx: &Cx) -> Alteration {
        let face = |aggregate: &Self| (aggregate.arguments.clone(), aggregate.hypothetical, aggregate.result.clone());
        match face(self) == face(after) {
            true => Alteration::in_place(one(after.definition("CREATE OR REPLACE", cx.id))),
            false => Alteration::Rebuild,
        }
    }

    fn designation(&self, id: &Id) -> Sql {
        sql!("AGGREGATE {}({})", id.relation(), self.arguments)
    }

    fn grantable(&self, id: &Id) -> Option<Sql> {
        Some(routine("FUNCTION", id))
    }

    fn slots(&self, id: &Id) -> Vec<String> {
        vec![routine("routine", id).0]
    }
}

//! Text search configurations: <https://www.postgresql.org/docs/current/sql-createtsconfig.html>.

use serde::{Deserialize, Serialize};

use super::options::{USER_SCHEMA, not_member};
use super::{Alteration, Cx, Kind, dotted};
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Statement, one};

/// A text search configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextSearchConfiguration {
    /// What splits the text.
    pub parser: Sql,
    /// The dictionaries of each sort of token, in order.
    pub mappings: Vec<(Sql, Vec<Sql>)>,
}

impl Kind for TextSearchConfiguration {
    const WORD: &'static str = "text search configuration";
    const CATALOG: &'static str = "pg_ts_config";

    fn query(_version: u32) -> Option<String> {
        Some(format!(
            "SELECT c.oid, 0 AS sub, NULL::int AS position, ARRAY[n.nspname, c.cfgname]::text[] AS path,
                    pg_get_userbyid(c.cfgowner)::text AS owner, NULL::text[] AS acl,
                    (SELECT format('%I.%I', pn.nspname, p.prsname) FROM pg_ts_parser p
                     JOIN pg_namespace pn ON pn.oid = p.prsnamespace WHERE p.oid = c.cfgparser) AS parser,
                    COALESCE((SELECT json_agg(json_build_array(m.token, m.dicts) ORDER BY m.token) FROM
                       (SELECT (SELECT quote_ident(t.alias) FROM ts_token_type(c.cfgparser) t WHERE t.tokid = x.maptokentype) AS token,
                               json_agg(x.mapdict::regdictionary::text ORDER BY x.mapseqno) AS dicts
                        FROM pg_ts_config_map x WHERE x.mapcfg = c.oid GROUP BY x.maptokentype) m), '[]') AS mappings
             FROM pg_ts_config c JOIN pg_namespace n ON n.oid = c.cfgnamespace
             WHERE {USER_SCHEMA} AND {}",
            not_member("pg_ts_config", "c.oid")
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        let mut statements =
            one(sql!("CREATE TEXT SEARCH CONFIGURATION {} (PARSER = {})", dotted(&cx.id.path), self.parser));
        statements.extend(self.mappings.iter().map(|mapping| change(cx, "ADD MAPPING FOR", mapping)));
        statements
    }

    fn alter(&self, after: &Self, cx: &Cx) -> Alteration {
        if self.parser != after.parser {
            return Alteration::Rebuild;
        }
        let has = |list: &[(Sql, Vec<Sql>)], token: &Sql| list.iter().any(|(other, _)| other == token);
        let mut statements: Vec<Statement> = Vec::new();
        for (token, _) in self.mappings.iter().filter(|(token, _)| !has(&after.mappings, token)) {
            let name = dotted(&cx.id.path);
            statements.push(sql!("ALTER TEXT SEARCH CONFIGURATION {} DROP MAPPING FOR {}", name, token).into());
        }
        for mapping in after.mappings.iter().filter(|mapping| !self.mappings.contains(mapping)) {
            let verb = if has(&self.mappings, &mapping.0) { "ALTER MAPPING FOR" } else { "ADD MAPPING FOR" };
            statements.push(change(cx, verb, mapping));
        }
        Alteration::in_place(statements)
    }
}

fn change(cx: &Cx, verb: &str, (token, dictionaries): &(Sql, Vec<Sql>)) -> Statement {
    let (name, dictionaries) = (dotted(&cx.id.path), Sql::join(dictionaries, ", "));
    sql!("ALTER TEXT SEARCH CONFIGURATION {} {} {} WITH {}", name, Sql::raw(verb), token, dictionaries).into()
}

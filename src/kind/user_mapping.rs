//! User mappings: <https://www.postgresql.org/docs/current/sql-createusermapping.html>.
//!
//! Options that are secrets are neither read nor written: a mapping is made without them, and set by hand.

use serde::{Deserialize, Serialize};

use super::options::{alter_foreign_options, foreign_options};
use super::{Alteration, Cx, Id, Incidental, Kind, Tag};
use crate::catalog::{Catalog, Need};
use crate::name::Name;
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Danger, Statement, one};

/// A user mapping; its path is the server and the role (`public` for everybody).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserMapping {
    /// Its options, without secrets.
    pub options: Vec<String>,
    /// Whether it has secrets besides.
    #[serde(default)]
    pub has_secrets: Incidental<bool>,
}

/// The names of options that are secrets; a file's name is none.
const SECRET: &str = "split_part(o, '=', 1) ~* 'pass|pwd|^pw$|secret|token|key|auth|cred|^pin$|conn|dsn|^ur[il]$' AND split_part(o, '=', 1) NOT IN ('password_required', 'passfile', 'sslkey')";

impl Kind for UserMapping {
    const WORD: &'static str = "user mapping";
    const CATALOG: &'static str = "pg_user_mapping";
    // Only superusers may look into its own.
    const LISTED: Option<&'static str> = Some("pg_foreign_server");
    const HIDDEN: bool = true;
    const GLOBAL: bool = true;

    fn query(_version: u32) -> Option<String> {
        Some(format!(
            "SELECT m.umid AS oid, 0 AS sub, NULL::int AS position, ARRAY[m.srvname, m.usename]::text[] AS path,
                    NULL::text AS owner, NULL::text[] AS acl,
                    COALESCE((SELECT array_agg(o) FROM unnest(m.umoptions) o WHERE NOT ({SECRET})), '{{}}') AS options,
                    EXISTS (SELECT FROM unnest(m.umoptions) o WHERE {SECRET}) AS has_secrets
             FROM pg_user_mappings m"
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        let mut text = sql!("CREATE {}", self.designation(cx.id));
        if !self.options.is_empty() {
            text.push(&sql!(" {}", foreign_options(&self.options)));
        }
        one(text)
    }

    fn drop(&self, cx: &Cx) -> Vec<Statement> {
        let drop = Statement::new(sql!("DROP {}", self.designation(cx.id)));
        let why = "its secret options are lost: set them by hand where it is made again";
        vec![if self.has_secrets.0 { drop.hazard(Danger::DataLoss, why, None) } else { drop }]
    }

    fn alter(&self, after: &Self, cx: &Cx) -> Alteration {
        let options = alter_foreign_options(&self.options, &after.options).into_iter();
        Alteration::in_place(options.map(|text| sql!("ALTER {} {}", self.designation(cx.id), text).into()).collect())
    }

    fn designation(&self, id: &Id) -> Sql {
        let role = match id.part(1).as_str() {
            "public" => Sql::raw("PUBLIC"),
            _ => sql!("{}", id.part(1)),
        };
        sql!("USER MAPPING FOR {} SERVER {}", role, id.part(0))
    }

    fn rename(&self, _id: &Id, _to: &Name) -> Option<Sql> {
        None
    }

    fn needs(&self, id: &Id, _all: &Catalog) -> Vec<Need> {
        vec![Need::normal(id.prefix(Tag::ForeignServer, 1))]
    }
}

//! Privileges on what the server and the extensions brought, where they are not those that it came with:
//! <https://www.postgresql.org/docs/current/catalog-pg-init-privs.html>.

use serde::{Deserialize, Serialize};

use super::default_privileges::{Granted, exploded, regrant};
use super::{Alteration, Cx, Id, Kind, Tag};
use crate::catalog::{Catalog, Need};
use crate::name::Name;
use crate::sql::Sql;
use crate::statement::Statement;

/// The privileges on one such object; its path is what `GRANT` calls it: `ROUTINE` and the like, and its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SystemPrivileges {
    /// What is granted.
    pub grants: Vec<Granted>,
    /// What was granted when it came.
    pub initial: Vec<Granted>,
    /// The extension that brought it; none if the server did.
    pub extension: Option<Name>,
}

impl SystemPrivileges {
    fn change(id: &Id, from: &[Granted], to: &[Granted]) -> Vec<Statement> {
        let on = Sql::raw(format!("{} {}", id.part(0).as_str(), id.part(1).as_str()));
        regrant(&Sql::default(), &on, from, to)
    }
}

impl Kind for SystemPrivileges {
    const WORD: &'static str = "privileges on";
    const CATALOG: &'static str = "pg_init_privs";
    // What the server brought is always there.
    const LISTED: Option<&'static str> = None;
    const GLOBAL: bool = true;
    const ONLY_PRIVILEGES: bool = true;

    fn query(_version: u32) -> Option<String> {
        let named = "quote_ident(n.nspname) || '.' || quote_ident";
        let (routine, class) = (
            format!("{named}(o.proname) || '(' || oidvectortypes(o.proargtypes) || ')'"),
            format!("{named}(o.relname)"),
        );
        let r#type = format!("{named}(o.typname)");
        let sources = [
            ("ROUTINE", "pg_proc", "pro", "'f'", routine, "JOIN pg_namespace n ON n.oid = o.pronamespace"),
            (
                "TABLE",
                "pg_class",
                "rel",
                "'r'",
                class.clone(),
                "JOIN pg_namespace n ON n.oid = o.relnamespace AND o.relkind IN ('r', 'v', 'm', 'f', 'p')",
            ),
            (
                "SEQUENCE",
                "pg_class",
                "rel",
                "'s'",
                class,
                "JOIN pg_namespace n ON n.oid = o.relnamespace AND o.relkind = 'S'",
            ),
            ("TYPE", "pg_type", "typ", "'T'", r#type, "JOIN pg_namespace n ON n.oid = o.typnamespace"),
            ("SCHEMA", "pg_namespace", "nsp", "'n'", "quote_ident(o.nspname)".into(), ""),
            ("LANGUAGE", "pg_language", "lan", "'l'", "quote_ident(o.lanname)".into(), ""),
            ("FOREIGN DATA WRAPPER", "pg_foreign_data_wrapper", "fdw", "'F'", "quote_ident(o.fdwname)".into(), ""),
        ];
        let each = sources.map(|(word, catalog, prefix, letter, name, join)| {
            // The schema public is an object of its own; of the information schema nobody keeps what it came with.
            format!(
                "SELECT o.oid, o.tableoid, '{word}' AS word, {name} AS name, e.extname,
                        COALESCE(o.{prefix}acl, acldefault({letter}, o.{prefix}owner)) AS acl,
                        COALESCE(i.initprivs, acldefault({letter}, o.{prefix}owner)) AS first
                 FROM {catalog} o {join}
                 LEFT JOIN pg_init_privs i ON i.classoid = o.tableoid AND i.objoid = o.oid AND i.objsubid = 0
                 LEFT JOIN (pg_depend d JOIN pg_extension e ON e.oid = d.refobjid)
                   ON d.classid = o.tableoid AND d.objid = o.oid AND d.objsubid = 0 AND d.deptype = 'e'
                   AND d.refclassid = 'pg_extension'::regclass
                 WHERE o.{prefix}acl IS DISTINCT FROM i.initprivs AND (o.oid < 16384 OR e.oid IS NOT NULL)
                   AND {name} <> 'public' AND {name} !~ '^information_schema'"
            )
        });
        Some(format!(
            "SELECT s.oid, s.tableoid::int AS sub, NULL::int AS position, ARRAY[s.word, s.name]::text[] AS path,
                    NULL::text AS owner, NULL::text[] AS acl, {} AS grants, {} AS initial, s.extname AS extension
             FROM ({}) s WHERE NOT (s.acl @> s.first AND s.first @> s.acl)",
            exploded("s.acl"),
            exploded("s.first"),
            each.join(" UNION ALL ")
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        Self::change(cx.id, &self.initial, &self.grants)
    }

    fn drop(&self, cx: &Cx) -> Vec<Statement> {
        Self::change(cx.id, &self.grants, &self.initial)
    }

    fn alter(&self, after: &Self, cx: &Cx) -> Alteration {
        Alteration::in_place(Self::change(cx.id, &self.grants, &after.grants))
    }

    fn rename(&self, _id: &Id, _to: &Name) -> Option<Sql> {
        None
    }

    fn needs(&self, _id: &Id, _all: &Catalog) -> Vec<Need> {
        let extension = self.extension.clone().map(|name| Need::auto(Id::new(Tag::Extension, [name])));
        extension.into_iter().collect()
    }
}

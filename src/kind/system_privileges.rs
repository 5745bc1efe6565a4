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
        let relation =
            |sequence: &str, table: &str| format!("CASE o.relkind WHEN 'S' THEN '{sequence}' ELSE '{table}' END");
        let (word, letter) = (relation("SEQUENCE", "TABLE"), relation("s", "r"));
        let relations = "WHERE o.relkind IN ('r', 'v', 'm', 'f', 'p', 'S')";
        // The schema public is an object of its own.
        let schemas = "WHERE o.nspname <> 'public'";
        let sources = [
            ("'ROUTINE'", "'f'", "pg_proc", "pro", ["o.pronamespace", "o.proargtypes"], ""),
            (&word, &letter, "pg_class", "rel", ["o.relnamespace", "NULL"], relations),
            ("'TYPE'", "'T'", "pg_type", "typ", ["o.typnamespace", "NULL"], ""),
            ("'SCHEMA'", "'n'", "pg_namespace", "nsp", ["NULL", "NULL"], schemas),
            ("'LANGUAGE'", "'l'", "pg_language", "lan", ["NULL", "NULL"], ""),
            ("'FOREIGN DATA WRAPPER'", "'F'", "pg_foreign_data_wrapper", "fdw", ["NULL", "NULL"], ""),
        ];
        let each = sources.map(|(word, letter, catalog, prefix, [schema, arguments], condition)| {
            format!(
                "SELECT o.oid, o.tableoid, {word} AS word, {letter}::\"char\" AS letter, {schema}::oid AS schema,
                        o.{prefix}name AS name, {arguments}::oidvector AS arguments, o.{prefix}owner AS owner,
                        o.{prefix}acl AS acl
                 FROM {catalog} o {condition}"
            )
        });
        // Of the information schema nobody keeps what it came with.
        Some(format!(
            "SELECT s.oid, s.tableoid::int AS sub, NULL::int AS position, ARRAY[s.word, s.full_name]::text[] AS path,
                    NULL::text AS owner, NULL::text[] AS acl, {} AS grants, {} AS initial, s.extname AS extension
             FROM (SELECT o.oid, o.tableoid, o.word, e.extname,
                          concat(quote_ident(n.nspname) || '.', quote_ident(o.name),
                                 '(' || oidvectortypes(o.arguments) || ')') AS full_name,
                          COALESCE(o.acl, acldefault(o.letter, o.owner)) AS acl,
                          COALESCE(i.initprivs, acldefault(o.letter, o.owner)) AS first
                   FROM ({}) o
                   LEFT JOIN pg_namespace n ON n.oid = o.schema
                   LEFT JOIN pg_init_privs i ON i.classoid = o.tableoid AND i.objoid = o.oid AND i.objsubid = 0
                   LEFT JOIN (pg_depend d JOIN pg_extension e ON e.oid = d.refobjid)
                     ON d.classid = o.tableoid AND d.objid = o.oid AND d.objsubid = 0 AND d.deptype = 'e'
                     AND d.refclassid = 'pg_extension'::regclass
                   WHERE o.acl IS DISTINCT FROM i.initprivs AND (o.oid < 16384 OR e.oid IS NOT NULL)
                     AND COALESCE(n.nspname, o.name) <> 'information_schema') s
             WHERE NOT (s.acl @> s.first AND s.first @> s.acl)",
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

//! Default privileges: <https://www.postgresql.org/docs/current/sql-alterdefaultprivileges.html>.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::column::Column;
use super::{Alteration, Body, Cx, Id, Incidental, Kind, Tag};
use crate::catalog::{Catalog, Need};
use crate::facet::{self, Facets, Grant};
use crate::name::Name;
use crate::sql;
use crate::sql::Sql;
use crate::statement::Statement;

/// What is granted on objects that a role will make; its path is the role, `TABLES` and the like, and the schema or nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DefaultPrivileges {
    /// What is granted.
    pub grants: Vec<Granted>,
    /// What holds where nothing is said.
    pub built_in: Vec<Granted>,
}

/// Grantee (`PUBLIC` for everybody), privilege, and whether with the grant option.
pub type Granted = (String, String, bool);

/// An `aclitem[]` as JSON of [`Granted`]s.
pub fn exploded(acl: &str) -> String {
    format!(
        "COALESCE((SELECT json_agg(json_build_array(CASE WHEN x.grantee = 0 THEN 'PUBLIC'
                     ELSE pg_get_userbyid(x.grantee) END, x.privilege_type, x.is_grantable)
                     ORDER BY x.grantee::text, x.privilege_type) FROM aclexplode({acl}) x), '[]')"
    )
}

/// What leads from some grants to others; `head` stands before each `GRANT` and `REVOKE`.
pub fn regrant(head: &Sql, on: &Sql, from: &[Granted], to: &[Granted]) -> Vec<Statement> {
    let [held, wanted] = [from, to].map(|grants| grants.iter().map(grant).collect());
    let statements = facet::exchange(on, &Sql::default(), &held, &wanted).into_iter();
    statements.map(|statement| sql!("{}{}", head, statement.sql).into()).collect()
}

fn grant((grantee, privilege, grantable): &Granted) -> Grant {
    let grantee = (grantee != "PUBLIC").then(|| Name::from(grantee.as_str()));
    Grant { grantee, privilege: privilege.clone(), grantable: *grantable, by: Incidental(None) }
}

impl DefaultPrivileges {
    fn change(id: &Id, from: &[Granted], to: &[Granted]) -> Vec<Statement> {
        let schema = match id.part(2).as_str() {
            "" => sql!(""),
            _ => sql!("IN SCHEMA {} ", id.part(2)),
        };
        let head = sql!("ALTER DEFAULT PRIVILEGES FOR ROLE {} {}", id.part(0), schema);
        regrant(&head, &Sql::raw(id.part(1).as_str()), from, to)
    }
}

impl Kind for DefaultPrivileges {
    const WORD: &'static str = "default privileges";
    const CATALOG: &'static str = "pg_default_acl";
    const GLOBAL: bool = true;
    const ONLY_PRIVILEGES: bool = true;

    fn query(_version: u32) -> Option<String> {
        // A rule for one schema adds to what holds anyway, one for all replaces it.
        Some(format!(
            "SELECT d.oid, 0 AS sub, NULL::int AS position,
                    ARRAY[pg_get_userbyid(d.defaclrole),
                          CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS'
                               WHEN 'T' THEN 'TYPES' WHEN 'n' THEN 'SCHEMAS' ELSE 'LARGE OBJECTS' END,
                          COALESCE(n.nspname, '')]::text[] AS path,
                    NULL::text AS owner, NULL::text[] AS acl, {} AS grants,
                    CASE WHEN d.defaclnamespace = 0 THEN {} ELSE '[]' END AS built_in
             FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace",
            exploded("d.defaclacl"),
            exploded("acldefault(CASE d.defaclobjtype WHEN 'S' THEN 's' ELSE d.defaclobjtype END, d.defaclrole)")
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        Self::change(cx.id, &self.built_in, &self.grants)
    }

    fn drop(&self, cx: &Cx) -> Vec<Statement> {
        Self::change(cx.id, &self.grants, &self.built_in)
    }

    fn alter(&self, after: &Self, cx: &Cx) -> Alteration {
        Alteration::in_place(Self::change(cx.id, &self.grants, &after.grants))
    }

    fn rename(&self, _id: &Id, _to: &Name) -> Option<Sql> {
        None
    }

    fn needs(&self, id: &Id, _all: &Catalog) -> Vec<Need> {
        let schema = id.part(2);
        if schema.as_str().is_empty() {
            Vec::new()
        } else {
            vec![Need::auto(Id { tag: Tag::Schema, path: [schema].into() })]
        }
    }
}

/// What the rules of `catalog`, without those that go, grant on an object that is made.
pub fn of_new(catalog: &Catalog, id: &Id, body: &Body, goes: impl Fn(&Id) -> bool) -> Facets {
    let mut facets = Facets::default();
    match body {
        Body::Column(Column { identity: Some(identity), .. }) => {
            let [schema, sequence] = identity.sequence(id);
            let given = given(catalog, 's', &schema, BTreeSet::new(), goes);
            facets.column_grants.extend(given.map(|grants| (sequence, grants)));
        }
        _ => {
            let built_in = facet::effective(body, &facets);
            facets.grants =
                body.tag().acl_letter().and_then(|letter| given(catalog, letter, &id.part(0), built_in, goes));
        }
    }
    facets
}

/// What is granted on a new object of a sort; `None` where no rule says anything.
fn given(
    catalog: &Catalog,
    letter: char,
    schema: &Name,
    built_in: BTreeSet<Grant>,
    goes: impl Fn(&Id) -> bool,
) -> Option<BTreeSet<Grant>> {
    let sort = match letter {
        'r' => "TABLES",
        's' => "SEQUENCES",
        'f' => "FUNCTIONS",
        'T' => "TYPES",
        'n' => "SCHEMAS",
        _ => return None,
    };
    let role = &catalog.server.role;
    let rule = |schema: &Name| {
        let id = Id::new(Tag::DefaultPrivileges, [role.clone(), Name::from(sort), schema.clone()]);
        match catalog.get(&id).map(|object| &object.body) {
            Some(Body::DefaultPrivileges(rule)) if !goes(&id) => Some(rule),
            _ => None,
        }
    };
    let grants = |rule: &DefaultPrivileges| {
        let others = rule.grants.iter().filter(|(grantee, ..)| grantee != role.as_str());
        others.map(grant).collect::<BTreeSet<_>>()
    };
    let (everywhere, here) = (rule(&Name::from("")).map(grants), rule(schema).map(grants));
    match (everywhere, here) {
        (None, None) => None,
        (everywhere, here) => Some(&everywhere.unwrap_or(built_in) | &here.unwrap_or_default()),
    }
}

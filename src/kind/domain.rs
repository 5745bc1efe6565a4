//! Domains: <https://www.postgresql.org/docs/current/sql-createdomain.html>.

use serde::{Deserialize, Serialize};

use super::options::{USER_SCHEMA, collate, not_member};
use super::{Alteration, Body, Cx, Id, Kind, Tag, dotted, type_slot};
use crate::catalog::{Catalog, Object};
use crate::facet::remark;
use crate::name::{Name, object_name};
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Danger, Statement};

/// A domain without its constraints, which are objects of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Domain {
    /// The type below it.
    pub base: Sql,
    /// Its collation, where it is not the type's.
    pub collation: Option<Sql>,
    /// Its default.
    pub default: Option<Sql>,
    /// Null is no value of it.
    pub not_null: bool,
    /// The name of the constraint that says so, where it is not the one that the server would choose.
    #[serde(default)]
    pub not_null_as: Option<Name>,
    /// What is said about it.
    #[serde(default)]
    pub not_null_comment: Option<String>,
}

/// What the server calls the constraint of NOT NULL.
fn usual_not_null(id: &Id) -> Name {
    Name::from(object_name(id.name().as_str(), None, "not_null"))
}

impl Domain {
    /// The name that NOT NULL has to say: its own, or the usual one where another domain has that for now.
    fn said_not_null(&self, cx: &Cx, is_taken: bool) -> Option<Name> {
        let usual = usual_not_null(cx.id);
        let is_taken = is_taken || [cx.before, cx.after].iter().any(|side| side.has_lent(&usual));
        self.not_null_as.clone().or_else(|| (cx.version() >= 170_000 && is_taken).then_some(usual))
    }

    /// What is said about NOT NULL, where that differs.
    fn remark(&self, before: Option<&Domain>, id: &Id) -> Option<Statement> {
        let was = before.filter(|before| before.not_null).and_then(|before| before.not_null_comment.as_ref());
        let on = || sql!("CONSTRAINT {} ON DOMAIN {}", self.not_null_name(id), dotted(&id.path));
        let differs = self.not_null && self.not_null_comment.as_ref() != was;
        differs.then(|| remark(&on(), self.not_null_comment.as_deref()))
    }

    /// What the constraint of NOT NULL is called.
    fn not_null_name(&self, id: &Id) -> Name {
        self.not_null_as.clone().unwrap_or_else(|| usual_not_null(id))
    }
}

impl Kind for Domain {
    const WORD: &'static str = "domain";
    const CATALOG: &'static str = "pg_type";
    const ACL: Option<char> = Some('T');
    const PUBLIC: Option<&'static str> = Some("USAGE");

    fn query(version: u32) -> Option<String> {
        let not_null = |what: &str| match version {
            170_000.. => format!("(SELECT {what} FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'n')"),
            _ => "NULL".to_owned(),
        };
        let name = not_null("CASE WHEN k.conname <> t.typname || '_not_null' THEN k.conname END");
        let comment = not_null("obj_description(k.oid, 'pg_constraint')");
        Some(format!(
            "SELECT t.oid, 0 AS sub, NULL::int AS position, ARRAY[n.nspname, t.typname]::text[] AS path,
                    pg_get_userbyid(t.typowner)::text AS owner, t.typacl::text[] AS acl,
                    format_type(t.typbasetype, t.typtypmod) AS base,
                    CASE WHEN t.typcollation <> b.typcollation THEN t.typcollation::regcollation::text END AS collation,
                    pg_get_expr(t.typdefaultbin, 0) AS default, t.typnotnull AS not_null,
                    {name} AS not_null_as, {comment} AS not_null_comment
             FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_type b ON b.oid = t.typbasetype
             WHERE t.typtype = 'd' AND {USER_SCHEMA} AND {}",
            not_member("pg_type", "t.oid")
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        let collation = collate(self.collation.as_ref());
        let mut text = sql!("CREATE DOMAIN {} AS {}{}", dotted(&cx.id.path), self.base, collation);
        if let Some(default) = &self.default {
            text.push(&sql!(" DEFAULT {}", default));
        }
        // One that was put aside has kept the name of its constraint.
        match self.said_not_null(cx, cx.before.has(cx.id)) {
            _ if !self.not_null => {}
            Some(name) => text.push(&sql!(" CONSTRAINT {} NOT NULL", name)),
            None => text.push(&Sql::raw(" NOT NULL")),
        }
        for id in cx.members {
            if let Some(super::Body::DomainConstraint(check)) = cx.after.get(id).map(|object| &object.body) {
                text.push(&sql!("\n    CONSTRAINT {} {}", id.name(), check.definition));
            }
        }
        [text.into()].into_iter().chain(self.remark(None, cx.id)).collect()
    }

    fn alter(&self, after: &Self, cx: &Cx) -> Alteration {
        if self.base != after.base || self.collation != after.collation {
            return Alteration::Rebuild;
        }
        let domain = self.designation(cx.id);
        let mut statements = Vec::new();
        if self.default != after.default {
            statements.push(match &after.default {
                Some(default) => sql!("ALTER {} SET DEFAULT {}", domain, default).into(),
                None => sql!("ALTER {} DROP DEFAULT", domain).into(),
            });
        }
        if self.not_null != after.not_null {
            let action = match after.said_not_null(cx, false) {
                _ if !after.not_null => Sql::raw("DROP NOT NULL"),
                Some(name) => sql!("ADD CONSTRAINT {} NOT NULL", name),
                None => Sql::raw("SET NOT NULL"),
            };
            let statement = Statement::new(sql!("ALTER {} {}", domain, action));
            statements.push(match after.not_null {
                true => statement.hazard(Danger::MayFail, "fails if a column of this domain holds null", None),
                false => statement,
            });
        }
        if self.not_null && after.not_null && self.not_null_as != after.not_null_as {
            let names = [self, after].map(|domain| domain.not_null_name(cx.id));
            statements.push(sql!("ALTER {} RENAME CONSTRAINT {} TO {}", domain, names[0], names[1]).into());
        }
        statements.extend(after.remark(Some(self), cx.id));
        Alteration::in_place(statements)
    }

    fn grantable(&self, id: &Id) -> Option<Sql> {
        Some(self.designation(id))
    }

    fn slots(&self, id: &Id) -> Vec<String> {
        vec![type_slot(&id.part(0), &id.part(1))]
    }

    fn texts(&mut self) -> Vec<&mut Sql> {
        self.default.iter_mut().collect()
    }
}

/// Whether this is a domain that says NOT NULL, or may say it in a check, be it by one below it; one that fills in something
/// does not where there are defaults.
pub fn refuses_null(id: &Id, catalog: &Catalog, are_defaults: bool) -> bool {
    let Some(Object { body: Body::Domain(domain), needs, .. }) = catalog.get(id) else { return false };
    let mut checks = catalog.below(Tag::DomainConstraint, &id.path).map(|(_, object)| &object.body);
    let speaks =
        |check: &Body| matches!(check, Body::DomainConstraint(check) if check.definition.as_str().contains("NULL"));
    let below = || needs.iter().any(|need| refuses_null(&need.id, catalog, are_defaults));
    !(are_defaults && domain.default.is_some()) && (domain.not_null || checks.any(speaks) || below())
}

/// The domain that something, which needs it, has values of, or arrays of such.
pub fn domain_of<'a>(user: &Id, r#type: &Sql, catalog: &'a Catalog) -> Option<(&'a Id, &'a Domain)> {
    let element = r#type.as_str().trim_end_matches("[]");
    catalog.needs(user).find_map(|need| match &catalog.get(&need.id)?.body {
        Body::Domain(domain) if dotted(&need.id.path).as_str() == element => Some((&need.id, domain)),
        _ => None,
    })
}

/// The type of a column's values, or of those in its arrays, below any domains.
pub fn base_type<'a>(column: &Id, r#type: &'a Sql, catalog: &'a Catalog) -> &'a Sql {
    domain_of(column, r#type, catalog).map_or(r#type, |(id, domain)| base_type(id, &domain.base, catalog))
}

/// Whether this is a domain that some values of its base type are none of, be it by one below it.
pub fn is_checked(id: &Id, catalog: &Catalog) -> bool {
    let Some(Object { body: Body::Domain(domain), needs, .. }) = catalog.get(id) else { return false };
    let has_checks = catalog.below(Tag::DomainConstraint, &id.path).next().is_some();
    domain.not_null || has_checks || needs.iter().any(|need| is_checked(&need.id, catalog))
}

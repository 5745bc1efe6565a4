//! Composite types: <https://www.postgresql.org/docs/current/sql-createtype.html>.

use serde::{Deserialize, Serialize};

use super::options::{USER_SCHEMA, collate, not_member};
use super::{Alteration, Cx, Id, Kind, Tag, dotted, relation_slot, type_slot};
use crate::name::Name;
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Danger, Statement, one};

/// A composite type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Composite {
    /// Its attributes, in order.
    pub attributes: Vec<Attribute>,
}

/// One attribute of a composite type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub r#type: Sql,
    /// Its collation, where it is not the type's.
    pub collation: Option<Sql>,
}

impl Attribute {
    fn definition(&self) -> Sql {
        sql!("{} {}{}", self.name, self.r#type, collate(self.collation.as_ref()))
    }
}

/// Tables of the type, and expressions with values of it: the server would fill these up with nulls.
const DISTURBS: &[Tag] = &[
    Tag::OfType,
    Tag::Column,
    Tag::ColumnDefault,
    Tag::Constraint,
    Tag::DomainConstraint,
    Tag::Index,
    Tag::View,
    Tag::MaterializedView,
    Tag::Rule,
    Tag::Policy,
    Tag::Trigger,
    Tag::Function,
];

impl Kind for Composite {
    const WORD: &'static str = "type";
    const CATALOG: &'static str = "pg_type";
    const ACL: Option<char> = Some('T');
    const PUBLIC: Option<&'static str> = Some("USAGE");

    fn query(_version: u32) -> Option<String> {
        Some(format!(
            "SELECT t.oid, 0 AS sub, NULL::int AS position, ARRAY[n.nspname, t.typname]::text[] AS path,
                    pg_get_userbyid(t.typowner)::text AS owner, t.typacl::text[] AS acl,
                    COALESCE((SELECT json_agg(json_build_object('name', a.attname,
                                'type', format_type(a.atttypid, a.atttypmod), 'collation',
                                CASE WHEN a.attcollation <> y.typcollation THEN a.attcollation::regcollation::text END)
                                ORDER BY a.attnum)
                              FROM pg_attribute a JOIN pg_type y ON y.oid = a.atttypid
                              WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '[]') AS attributes
             FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_class c ON c.oid = t.typrelid
             WHERE c.relkind = 'c' AND {USER_SCHEMA} AND {}",
            not_member("pg_type", "t.oid")
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        let attributes = self.attributes.iter().map(|attribute| sql!("\n    {}", attribute.definition()));
        let end = Sql::raw(if self.attributes.is_empty() { "" } else { "\n" });
        one(sql!("CREATE TYPE {} AS ({}{})", dotted(&cx.id.path), Sql::join(attributes, ","), end))
    }

    fn alter(&self, after: &Self, cx: &Cx) -> Alteration {
        let names = |composite: &Composite| composite.attributes.iter().map(|a| a.name.clone()).collect::<Vec<_>>();
        if !grows_into(&names(self), &names(after)) {
            return Alteration::Rebuild;
        }
        let find = |list: &'_ [Attribute], name: &Name| list.iter().find(|other| other.name == *name).cloned();
        let mut statements = Vec::new();
        let alter = |action: Sql| Statement::new(sql!("ALTER TYPE {} {}", dotted(&cx.id.path), action));
        for old in &self.attributes {
            match find(&after.attributes, &old.name) {
                None => {
                    let drop = alter(sql!("DROP ATTRIBUTE {}", old.name));
                    let why = format!("{} of all values of this type is lost", old.name);
                    statements.push(match cx.before.is_held(cx.id) {
                        true => drop.hazard(Danger::DataLoss, why, None),
                        false => drop,
                    });
                }
                // Refused while a column uses the type.
                Some(new) if new != *old && cx.before.is_held(cx.id) => return Alteration::Rebuild,
                Some(new) if new != *old => {
                    let collation = collate(new.collation.as_ref());
                    statements.push(alter(sql!("ALTER ATTRIBUTE {} TYPE {}{}", new.name, new.r#type, collation)));
                }
                Some(_) => {}
            }
        }
        for new in after.attributes.iter().filter(|new| find(&self.attributes, &new.name).is_none()) {
            statements.push(alter(sql!("ADD ATTRIBUTE {}", new.definition())));
        }
        Alteration::InPlace { statements, disturbs: DISTURBS }
    }

    fn grantable(&self, id: &Id) -> Option<Sql> {
        Some(self.designation(id))
    }

    fn slots(&self, id: &Id) -> Vec<String> {
        vec![type_slot(&id.part(0), &id.part(1)), relation_slot(&id.part(0), &id.part(1))]
    }
}

/// Whether names become others by dropping some and adding some at the end: attributes and columns keep their place.
pub fn grows_into(before: &[Name], after: &[Name]) -> bool {
    let kept: Vec<&Name> = before.iter().filter(|name| after.contains(name)).collect();
    kept == after.iter().take(kept.len()).collect::<Vec<_>>()
}

//! Base types, and the shells that announce them: <https://www.postgresql.org/docs/current/sql-createtype.html>.

use serde::{Deserialize, Serialize};

use super::options::{USER_SCHEMA, not_member};
use super::{Alteration, Cx, Id, Kind, Tag, dotted, type_slot};
use crate::name::Literal;
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Statement, one};

/// A base type: functions that read and write its values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BaseType {
    /// Nothing for a shell.
    pub definition: Option<Definition>,
}

/// What a base type is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Definition {
    /// Makes a value of its text.
    pub input: Sql,
    /// And the other way round.
    pub output: Sql,
    /// What can be exchanged where it is.
    #[serde(flatten)]
    pub functions: Functions,
    /// In bytes; negative where values differ.
    pub length: i16,
    /// Whether values are handed over, rather than their place.
    pub by_value: bool,
    /// The letter of `pg_type.typalign`.
    pub alignment: String,
    /// The letter of `pg_type.typstorage`.
    pub storage: String,
    /// The letter of its category.
    pub category: String,
    /// Preferred among the types of its category.
    pub preferred: bool,
    /// A value as text.
    pub default: Option<String>,
    /// What it is an array of.
    pub element: Option<Sql>,
    /// Stands between the elements of arrays of it.
    pub delimiter: String,
    /// Whether its values have collations.
    pub collatable: bool,
}

/// The functions that a type can do without.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Functions {
    /// Makes a value of its bytes.
    pub receive: Option<Sql>,
    /// And the other way round.
    pub send: Option<Sql>,
    /// Reads modifiers, as in `type(3)`.
    pub typmod_in: Option<Sql>,
    /// Writes them.
    pub typmod_out: Option<Sql>,
    /// Gathers statistics.
    pub analyze: Option<Sql>,
    /// Reads and sets elements.
    pub subscript: Option<Sql>,
}

impl Functions {
    fn all(&self) -> [(&'static str, &Option<Sql>); 6] {
        [
            ("RECEIVE", &self.receive),
            ("SEND", &self.send),
            ("TYPMOD_IN", &self.typmod_in),
            ("TYPMOD_OUT", &self.typmod_out),
            ("ANALYZE", &self.analyze),
            ("SUBSCRIPT", &self.subscript),
        ]
    }
}

const PLAIN: &str = "p";

/// The word for a letter of `pg_type.typstorage`.
fn storage(letter: &str) -> Sql {
    Sql::raw(match letter {
        "e" => "external",
        "x" => "extended",
        "m" => "main",
        _ => "plain",
    })
}

impl Definition {
    fn items(&self) -> Vec<Sql> {
        let mut items = vec![sql!("INPUT = {}", self.input), sql!("OUTPUT = {}", self.output)];
        let given = self.functions.all().into_iter().filter_map(|(word, value)| Some((word, value.clone()?)));
        items.extend(given.map(|(word, value)| sql!("{} = {}", Sql::raw(word), value)));
        if self.length > 0 {
            items.push(sql!("INTERNALLENGTH = {}", self.length));
        }
        items.extend(self.by_value.then(|| Sql::raw("PASSEDBYVALUE")));
        let alignment = match self.alignment.as_str() {
            "c" => Some("char"),
            "s" => Some("int2"),
            "d" => Some("double"),
            _ => None,
        };
        items.extend(alignment.map(|word| sql!("ALIGNMENT = {}", Sql::raw(word))));
        items.extend((self.storage != PLAIN).then(|| sql!("STORAGE = {}", storage(&self.storage))));
        items.extend((self.category != "U").then(|| sql!("CATEGORY = {}", Literal(&self.category))));
        items.extend(self.preferred.then(|| Sql::raw("PREFERRED = true")));
        items.extend(self.default.as_ref().map(|text| sql!("DEFAULT = {}", Literal(text))));
        items.extend(self.element.as_ref().map(|element| sql!("ELEMENT = {}", element)));
        items.extend((self.delimiter != ",").then(|| sql!("DELIMITER = {}", Literal(&self.delimiter))));
        items.extend(self.collatable.then(|| Sql::raw("COLLATABLE = true")));
        items
    }

    /// What leads to `after` where that can be done in place.
    fn settings(&self, after: &Definition) -> Option<Vec<Sql>> {
        let same = Definition { functions: self.functions.clone(), storage: self.storage.clone(), ..after.clone() };
        let stored = self.storage != after.storage;
        if same != *self || stored && after.storage == PLAIN {
            return None;
        }
        let pairs = self.functions.all().into_iter().zip(after.functions.all());
        let mut items: Vec<Sql> = pairs
            .filter(|((_, old), (_, new))| old != new)
            .map(|(_, (word, new))| sql!("{} = {}", Sql::raw(word), new.clone().unwrap_or_else(|| Sql::raw("NONE"))))
            .collect();
        items.extend(stored.then(|| sql!("STORAGE = {}", storage(&after.storage))));
        Some(items)
    }
}

impl Kind for BaseType {
    const WORD: &'static str = "type";
    const CATALOG: &'static str = "pg_type";
    const ACL: Option<char> = Some('T');
    const PUBLIC: Option<&'static str> = Some("USAGE");

    fn query(version: u32) -> Option<String> {
        let function = |column: &str| format!("NULLIF(t.{column}, 0)::regproc::text");
        let subscript = if version >= 140_000 { function("typsubscript") } else { "NULL".to_owned() };
        let [receive, send, typmod_in, typmod_out, analyze] =
            ["typreceive", "typsend", "typmodin", "typmodout", "typanalyze"].map(function);
        Some(format!(
            "SELECT t.oid, 0 AS sub, NULL::int AS position, ARRAY[n.nspname, t.typname]::text[] AS path,
                    pg_get_userbyid(t.typowner)::text AS owner, t.typacl::text[] AS acl,
                    CASE WHEN t.typisdefined THEN json_build_object(
                        'input', t.typinput::regproc::text, 'output', t.typoutput::regproc::text,
                        'receive', {receive}, 'send', {send}, 'typmod_in', {typmod_in}, 'typmod_out', {typmod_out},
                        'analyze', {analyze}, 'subscript', {subscript}, 'length', t.typlen, 'by_value', t.typbyval,
                        'alignment', t.typalign, 'storage', t.typstorage, 'category', t.typcategory,
                        'preferred', t.typispreferred, 'default', t.typdefault,
                        'element', CASE WHEN t.typelem <> 0 THEN format_type(t.typelem, NULL) END,
                        'delimiter', t.typdelim, 'collatable', t.typcollation <> 0) END AS definition
             FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
             WHERE (t.typtype = 'b' OR NOT t.typisdefined) AND {USER_SCHEMA}
               AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid) AND {}",
            not_member("pg_type", "t.oid")
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        let name = dotted(&cx.id.path);
        one(match &self.definition {
            None => sql!("CREATE TYPE {}", name),
            Some(definition) => {
                let items = definition.items().into_iter().map(|item| sql!("\n    {}", item));
                sql!("CREATE TYPE {} ({}\n)", name, Sql::join(items, ","))
            }
        })
    }

    /// The shell, which the functions can name that the type is made of.
    fn announce(&self, id: &Id) -> Option<Sql> {
        self.definition.as_ref().map(|_| sql!("CREATE TYPE {}", dotted(&id.path)))
    }

    fn drop(&self, cx: &Cx) -> Vec<Statement> {
        drop_type(cx.id, self.definition.is_some())
    }

    fn alter(&self, after: &Self, cx: &Cx) -> Alteration {
        let (old, new) = match (&self.definition, &after.definition) {
            (Some(old), Some(new)) => (old, new),
            // Nobody but its owner gives a shell its definition.
            (None, Some(_)) if is_own(cx) => return Alteration::in_place(after.create(cx)),
            _ => return Alteration::Rebuild,
        };
        match old.settings(new) {
            Some(items) if items.is_empty() => Alteration::in_place(Vec::new()),
            Some(items) => {
                let set = sql!("ALTER {} SET ({})", self.designation(cx.id), Sql::join(items, ", "));
                // Columns of tables are stored as they were, and can be told otherwise.
                let disturbs = if old.storage == new.storage { &[][..] } else { &[Tag::MaterializedView] };
                Alteration::InPlace { statements: one(set), disturbs }
            }
            None => Alteration::Rebuild,
        }
    }

    fn grantable(&self, id: &Id) -> Option<Sql> {
        self.definition.as_ref().map(|_| self.designation(id))
    }

    fn slots(&self, id: &Id) -> Vec<String> {
        vec![type_slot(&id.part(0), &id.part(1))]
    }
}

/// A type and functions that it was announced for need each other: only `CASCADE` drops them, and takes along whatever else is
/// there. Nothing else is.
pub fn drop_type(id: &Id, is_announced: bool) -> Vec<Statement> {
    let name = dotted(&id.path);
    if !is_announced {
        return one(sql!("DROP TYPE {}", name));
    }
    let text = name.to_string();
    let guard = sql!(
        "DO $$ BEGIN IF EXISTS (
    SELECT FROM pg_type t LEFT JOIN pg_range r ON r.rngtypid = t.oid,
        LATERAL (VALUES (array_remove(ARRAY[t.oid, t.typarray, t.typinput, t.typoutput, t.typreceive, t.typsend,
            r.rngcanonical, (to_jsonb(r) ->> 'rngmultitypid')::oid], NULL))) own(ids), pg_depend d
    WHERE t.oid = to_regtype({}) AND d.refclassid IN ('pg_type'::regclass, 'pg_proc'::regclass)
        AND d.refobjid = ANY (own.ids) AND d.objid <> ALL (own.ids) AND d.deptype <> 'p'
        AND NOT EXISTS (SELECT FROM pg_depend i WHERE i.classid = d.classid AND i.objid = d.objid AND i.refobjid = ANY (own.ids)
            AND i.deptype = 'i')
) THEN RAISE EXCEPTION 'type % is still in use', {}; END IF; END $$",
        Literal(&text),
        Literal(&text)
    );
    vec![guard.into(), sql!("DROP TYPE {} CASCADE", name).into()]
}

fn is_own(cx: &Cx) -> bool {
    let owner = cx.before.get(cx.id).and_then(|object| object.facets.owner.as_ref());
    owner.is_none_or(|owner| *owner == cx.before.server.role)
}

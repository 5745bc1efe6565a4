//! Sequences: <https://www.postgresql.org/docs/current/sql-createsequence.html>.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::column::column_of;
use super::domain::base_type;
use super::options::{USER_SCHEMA, not_member};
use super::retype::INTEGERS;
use super::table::Table;
use super::{Alteration, Body, Cx, Id, Kind, Tag, dotted, relation_slot, table};
use crate::catalog::Catalog;
use crate::name::Literal;
use crate::name::Name;
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Danger, Statement, one};

/// What a sequence, or the one behind an identity column, can be told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counter {
    /// `smallint`, `integer` or `bigint`.
    pub r#type: String,
    /// First value.
    pub start: i64,
    /// Step, not 0.
    pub increment: i64,
    /// Smallest value.
    pub min: i64,
    /// Largest value.
    pub max: i64,
    /// How many values a session takes at a time.
    pub cache: i64,
    /// Starts again at the other end.
    pub cycle: bool,
}

/// A sequence of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sequence {
    /// Its options.
    #[serde(flatten)]
    pub counter: Counter,
    /// Not written to the log.
    #[serde(default)]
    pub unlogged: bool,
}

/// The columns of `pg_sequence q` as the fields of [`Counter`].
pub const COUNTER_FIELDS: &str = "format_type(q.seqtypid, NULL) AS type, q.seqstart AS start, \
     q.seqincrement AS increment, q.seqmin AS min, q.seqmax AS max, q.seqcache AS cache, q.seqcycle AS cycle";

impl Counter {
    /// The options that differ from the server's defaults; `shown_type` is the type that need not be said.
    pub fn clauses(&self, shown_type: &str) -> Vec<Sql> {
        let default = Counter::new(&self.r#type, self.increment);
        let mut out = Vec::new();
        if self.r#type != shown_type {
            out.push(sql!("AS {}", Sql::raw(self.r#type.as_str())));
        }
        if self.increment != 1 {
            out.push(sql!("INCREMENT BY {}", self.increment));
        }
        if self.min != default.min {
            out.push(sql!("MINVALUE {}", self.min));
        }
        if self.max != default.max {
            out.push(sql!("MAXVALUE {}", self.max));
        }
        if self.start != if self.increment > 0 { self.min } else { self.max } {
            out.push(sql!("START WITH {}", self.start));
        }
        if self.cache != 1 {
            out.push(sql!("CACHE {}", self.cache));
        }
        if self.cycle {
            out.push(Sql::raw("CYCLE"));
        }
        out
    }

    /// The options that change this counter into `after`, each with its value.
    pub fn changes(&self, after: &Counter) -> Vec<Sql> {
        let mut out = Vec::new();
        if self.r#type != after.r#type {
            out.push(sql!("AS {}", Sql::raw(after.r#type.as_str())));
        }
        if self.increment != after.increment {
            out.push(sql!("INCREMENT BY {}", after.increment));
        }
        // A change of type moves the limits by itself where they were the old type's.
        let (old, new) = (range(&self.r#type), range(&after.r#type));
        let moved = |own: i64, old: i64, new: i64| if own == old { new } else { own };
        if after.min != moved(self.min, *old.start(), *new.start()) {
            out.push(sql!("MINVALUE {}", after.min));
        }
        if after.max != moved(self.max, *old.end(), *new.end()) {
            out.push(sql!("MAXVALUE {}", after.max));
        }
        if self.start != after.start {
            out.push(sql!("START WITH {}", after.start));
        }
        if self.restarts(after) {
            out.push(sql!("RESTART WITH {}", after.start));
        }
        if self.cache != after.cache {
            out.push(sql!("CACHE {}", after.cache));
        }
        if self.cycle != after.cycle {
            out.push(Sql::raw(if after.cycle { "CYCLE" } else { "NO CYCLE" }));
        }
        out
    }

    /// Whether the other's type has fewer values.
    pub fn narrows_type(&self, after: &Counter) -> bool {
        range(&self.r#type).end() > range(&after.r#type).end()
    }

    /// Whether both count up, or both down.
    pub fn runs_with(&self, other: &Counter) -> bool {
        (self.increment > 0) == (other.increment > 0)
    }

    /// Whether it runs the other way, from the other end, or no value of it is one of `after`.
    fn restarts(&self, after: &Counter) -> bool {
        !self.runs_with(after) || self.max < after.min || self.min > after.max
    }

    /// Moves a counter to the limits to come. It stands at its start as long as nobody has used it.
    pub fn step_inside(&self, after: &Counter, sequence: &Sql) -> Option<Statement> {
        let Counter { min, max, .. } = after;
        let text = sql!(
            "SELECT setval({}, least(greatest(last_value, {}), {}), is_called) FROM {}",
            Literal(sequence.as_str()),
            min,
            max,
            sequence
        );
        (!self.restarts(after) && !(*min..=*max).contains(&self.start)).then(|| text.into())
    }

    /// Says of a statement that its new limits may leave out the value where the counter stands, or that it begins again.
    pub fn narrows(&self, after: &Counter, sequence: &Sql, statement: Statement) -> Statement {
        let (min, max) = (after.min, after.max);
        if self.restarts(after) {
            let why = format!(
                "{sequence} begins again at {}: what takes its numbers fails where these are in use",
                after.start
            );
            return statement.hazard(Danger::MayFail, why, None);
        }
        let moved = !(min..=max).contains(&self.start);
        if moved || min <= self.min && self.max <= max {
            return statement;
        }
        let count = sql!("SELECT count(*) FROM {} WHERE last_value NOT BETWEEN {} AND {}", sequence, min, max);
        let why = format!("fails if {sequence} has given out numbers that are not from {min} to {max}");
        statement.hazard(Danger::MayFail, why, Some(count))
    }

    /// Lets a new sequence that fills a column go on behind the values that are there, where these are numbers: from where it
    /// begins, or another column has brought it.
    pub fn go_on(&self, sequence: &Sql, column: &Id, after: &Catalog) -> Option<Statement> {
        let r#type = base_type(column, &column_of(after, column)?.r#type, after).as_str();
        let is_numeric = r#type.starts_with("numeric");
        if self.cycle || !INTEGERS.contains(&r#type) && !is_numeric {
            return None;
        }
        let (last, than, end, is_short) = match self.increment > 0 {
            true => ("max", Sql::raw(">"), self.max, self.max < *range(r#type).end()),
            false => ("min", Sql::raw("<"), self.min, self.min > *range(r#type).start()),
        };
        let (name, table) = (column.name(), column.relation());
        let value = sql!("{}({}){}", Sql::raw(last), name, Sql::raw(if is_numeric { "::bigint" } else { "" }));
        let rows = sql!("FROM {} WHERE {} {}= (SELECT last_value FROM {})", table, name, than, sequence);
        let set = Statement::new(sql!("SELECT setval({}, {}) {}", Literal(sequence.as_str()), value, rows));
        let count = sql!("SELECT count(*) FROM {} WHERE {} {} {}", table, name, than, end);
        let why = format!("fails if {name} has values behind {end}, the last number of {sequence}");
        Some(if is_short { set.hazard(Danger::MayFail, why, Some(count)) } else { set })
    }

    /// Lets a counter go on from where `old` is: its predecessor, or what is remembered of that.
    pub fn go_on_from(&self, old: &Sql, sequence: &Sql) -> Statement {
        let value = sql!("least(greatest(last_value, {}), {})", self.min, self.max);
        sql!("SELECT setval({}, {}, is_called) FROM {}", Literal(sequence.as_str()), value, old).into()
    }

    /// The server's defaults for a type and a step.
    pub fn new(r#type: &str, increment: i64) -> Self {
        let all = range(r#type);
        let (min, max) = if increment > 0 { (1, *all.end()) } else { (*all.start(), -1) };
        let start = if increment > 0 { min } else { max };
        Counter { r#type: r#type.into(), start, increment, min, max, cache: 1, cycle: false }
    }
}

/// The values of a type.
fn range(r#type: &str) -> RangeInclusive<i64> {
    match r#type {
        "smallint" => i64::from(i16::MIN)..=i64::from(i16::MAX),
        "integer" => i64::from(i32::MIN)..=i64::from(i32::MAX),
        _ => i64::MIN..=i64::MAX,
    }
}

impl Kind for Sequence {
    const WORD: &'static str = "sequence";
    const CATALOG: &'static str = "pg_class";
    const ACL: Option<char> = Some('s');

    fn query(_version: u32) -> Option<String> {
        Some(format!(
            "SELECT c.oid, 0 AS sub, NULL::int AS position, ARRAY[n.nspname, c.relname]::text[] AS path,
                    pg_get_userbyid(c.relowner)::text AS owner, c.relacl::text[] AS acl,
                    c.relpersistence = 'u' AS unlogged, {COUNTER_FIELDS}
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_sequence q ON q.seqrelid = c.oid
             WHERE c.relkind = 'S' AND c.relpersistence <> 't' AND {USER_SCHEMA} AND {}
               AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
                               AND d.objid = c.oid AND d.deptype = 'i')",
            not_member("pg_class", "c.oid")
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        let unlogged = Sql::raw(if self.unlogged { "UNLOGGED " } else { "" });
        let clauses = self.counter.clauses("bigint").into_iter().map(|clause| sql!("\n    {}", clause));
        let mut out = one(sql!("CREATE {}SEQUENCE {}{}", unlogged, dotted(&cx.id.path), Sql::join(clauses, "")));
        if let Some((column, [schema, name])) = identity_instead(cx.id, cx.after, cx.before) {
            let is_aside = schema == cx.id.part(0) && name == cx.id.part(1);
            let old = dotted(&[schema, if is_aside { name.aside() } else { name }]);
            out.push(self.counter.go_on_from(&old, &dotted(&cx.id.path)));
            out.push(sql!("ALTER TABLE {} ALTER COLUMN {} DROP IDENTITY", column.relation(), column.name()).into());
        }
        out
    }

    /// How far one has come that belongs to a column, the column's values tell.
    fn drop(&self, cx: &Cx) -> Vec<Statement> {
        let drop = Statement::new(sql!("DROP {}", self.designation(cx.id)));
        let is_alone = cx.before.has(cx.id) && !cx.before.has(&Id { tag: Tag::OwnedBy, path: cx.id.path.clone() });
        let name = dotted(&cx.id.path);
        let why = format!("drops sequence {name}, and nothing else knows how far it has come");
        let count = sql!("SELECT count(*) FROM {} WHERE is_called", name);
        vec![if is_alone { drop.hazard(Danger::DataLoss, why, Some(count)) } else { drop }]
    }

    fn alter(&self, after: &Self, cx: &Cx) -> Alteration {
        let mut statements = Vec::new();
        let changes = self.counter.changes(&after.counter);
        if !changes.is_empty() {
            statements.extend(self.counter.step_inside(&after.counter, &dotted(&cx.id.path)));
            let alter = sql!("ALTER {} {}", self.designation(cx.id), Sql::join(changes, " "));
            statements.push(self.counter.narrows(&after.counter, &dotted(&cx.id.path), alter.into()));
        }
        if self.unlogged != after.unlogged {
            statements.push(after.persistence(cx.id));
        }
        Alteration::in_place(statements)
    }

    fn grantable(&self, id: &Id) -> Option<Sql> {
        Some(self.designation(id))
    }

    fn slots(&self, id: &Id) -> Vec<String> {
        vec![relation_slot(&id.part(0), &id.part(1))]
    }

    fn without_name(&self, _id: &Id) -> Option<Self> {
        Some(self.clone())
    }
}

/// The column that a sequence belongs to, and the name of the identity's that the column has on the other side instead: the same
/// one, or that of the only sequence of the column.
pub fn identity_instead(sequence: &Id, own: &Catalog, other: &Catalog) -> Option<(Id, [Name; 2])> {
    if sequence.tag != Tag::Sequence {
        return None;
    }
    let line = Id { tag: Tag::OwnedBy, path: sequence.path.clone() };
    let Body::OwnedBy(owned) = &own.get(&line)?.body else { return None };
    let column = Id::new(Tag::Column, owned.column.iter().cloned());
    let identity = |side: &Catalog| column_of(side, &column)?.identity.as_ref().map(|own| own.sequence(&column));
    let name = identity(other).filter(|_| identity(own).is_none())?;
    // A table that is made again takes what belongs to it along.
    let table = table::of(&column);
    let stays = !Table::of(&table, own)?.is_made_again(Table::of(&table, other)?, own.server.version);
    let is_only = || !other.has(sequence) && own.sequences_of(&column.path) == [sequence.clone()];
    (stays && (name[..] == sequence.path[..] || is_only())).then_some((column, name))
}

impl Sequence {
    /// Makes it logged or unlogged, as it is to be.
    pub fn persistence(&self, id: &Id) -> Statement {
        sql!("ALTER {} SET {}", self.designation(id), Sql::raw(if self.unlogged { "UNLOGGED" } else { "LOGGED" }))
            .into()
    }
}

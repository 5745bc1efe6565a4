//! Columns of tables: <https://www.postgresql.org/docs/current/sql-altertable.html>.

use serde::{Deserialize, Serialize};

pub use identity::Identity;
pub use not_null::{NotNull, is_led_anew, is_renamed, lines_that_lose_names, nulls_around, says};

use super::constraint::Form;
use super::inheritance::is_kept_by_heirs;
use super::options::{USER_SCHEMA, alter_foreign_options, not_member};
use super::retype::{self, can_refer, computes_alike, is_free};
use super::sequence::COUNTER_FIELDS;
use super::tuning::Tuning;
use super::{
    Alteration, Body, Cx, Id, Incidental, Kind, Standing, Style, Tag, constraint_slot, domain, dotted, relation_slot,
    table,
};
use crate::catalog::{Catalog, Need, Object};
use crate::name::Name;
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Danger, Statement};

mod definition;
mod identity;
mod not_null;

/// A column; its default is an object of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its type.
    pub r#type: Sql,
    /// Its collation, where it is not the type's.
    pub collation: Option<Sql>,
    /// Null is refused.
    pub not_null: bool,
    /// What there is to say of that, from PostgreSQL 18 on.
    #[serde(default)]
    pub not_null_as: Option<Box<NotNull>>,
    /// What that is called where it is inherited, be it only that or the column's own as well.
    #[serde(default)]
    pub led_not_null: Incidental<Option<Name>>,
    /// The sequence behind an identity column.
    pub identity: Option<Box<Identity>>,
    /// The expression of a generated column.
    pub generated: Option<Sql>,
    /// Computed when read (PostgreSQL 18), not when written.
    #[serde(default)]
    pub r#virtual: bool,
    /// Its storage and statistics.
    #[serde(flatten)]
    pub tuning: Tuning,
    /// Options for the foreign server.
    pub foreign_options: Vec<String>,
    /// What makes a value of its type from one of another: said in the models, where the server's own cast is not meant.
    #[serde(skip)]
    pub using: Incidental<Option<Sql>>,
}

impl Column {
    /// Whether foreign keys cannot stay while the collation changes: from 18 on, both sides have the same one where values may be
    /// equal and not the same.
    fn parts_with_keys(&self, after: &Self, cx: &Cx) -> bool {
        let is_loose = |side| is_loose(cx.id, side);
        cx.version() >= 180_000 && self.collation != after.collation && (is_loose(cx.before) || is_loose(cx.after))
    }

    /// What the definition cannot say: storage, compression, statistics, options, NOT NULL that is not valid.
    pub fn extras(&self, id: &Id) -> Vec<Statement> {
        let alter = sql!("ALTER TABLE {}", id.relation());
        let actions = self.tuning.actions(None).into_iter();
        let actions = actions.map(|action| sql!("{} ALTER COLUMN {} {}", alter, id.name(), action).into());
        let not_null = self.not_null_as.as_ref().filter(|_| self.not_null);
        let added = not_null.filter(|not_null| not_null.not_valid);
        let added = added.map(|not_null| sql!("{} {}", alter, not_null.addition(id)).into());
        let remark = not_null.and_then(|not_null| not_null.remark(None, id));
        added.into_iter().chain(remark).chain(actions).collect()
    }
}

impl Kind for Column {
    const WORD: &'static str = "column";
    const CATALOG: &'static str = "pg_class";
    const OWN: &'static [&'static str] = &["identity", "compression", "options"];

    fn query(version: u32) -> Option<String> {
        let tuning = Tuning::fields(version);
        let (not_null_as, led_not_null) = match version {
            180_000.. => (
                "(SELECT json_build_object('name', k.conname, 'not_valid', NOT k.convalidated, 'no_inherit', k.connoinherit,
                                           'comment', obj_description(k.oid, 'pg_constraint'), 'is_parts', c.relispartition)
                  FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'n' AND k.conkey = ARRAY[a.attnum]
                    AND (k.conislocal OR c.relispartition))",
                "CASE WHEN a.attinhcount > 0 AND a.attnotnull THEN
                   (SELECT k.conname FROM pg_constraint k
                    WHERE k.conrelid = c.oid AND k.contype = 'n' AND k.conkey = ARRAY[a.attnum] AND k.coninhcount > 0) END",
            ),
            _ => ("NULL", "NULL"),
        };
        Some(format!(
            "SELECT c.oid, a.attnum::int AS sub, a.attnum::int AS position,
                    ARRAY[n.nspname, c.relname, a.attname]::text[] AS path,
                    NULL::text AS owner, a.attacl::text[] AS acl,
                    format_type(a.atttypid, a.atttypmod) AS type,
                    CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation::text END AS collation,
                    a.attnotnull AS not_null, {not_null_as} AS not_null_as,
                    {led_not_null} AS led_not_null,
                    CASE WHEN a.attidentity <> '' THEN
                      (SELECT to_json(s) FROM
                        (SELECT a.attidentity = 'a' AS always,
                                CASE WHEN qc.relname <> c.relname || '_' || a.attname || '_seq' OR qn.oid <> n.oid
                                     THEN ARRAY[qn.nspname, qc.relname] END AS sequence, {COUNTER_FIELDS}
                         FROM pg_depend d JOIN pg_sequence q ON q.seqrelid = d.objid
                         JOIN pg_class qc ON qc.oid = q.seqrelid JOIN pg_namespace qn ON qn.oid = qc.relnamespace
                         WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
                           AND d.refobjid = c.oid AND d.refobjsubid = a.attnum AND d.deptype = 'i') s) END AS identity,
                    CASE WHEN a.attgenerated <> '' THEN pg_get_expr(x.adbin, x.adrelid) END AS generated,
                    a.attgenerated = 'v' AS virtual,
                    {tuning}, COALESCE(a.attfdwoptions, '{{}}') AS foreign_options
             FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
             JOIN pg_type t ON t.oid = a.atttypid
             LEFT JOIN pg_attrdef x ON x.adrelid = a.attrelid AND x.adnum = a.attnum AND a.attgenerated <> ''
             WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't'
               AND {USER_SCHEMA} AND {}",
            not_member("pg_class", "c.oid")
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        let table = sql!("ALTER TABLE {}", cx.id.relation());
        let default = self.default_inside(cx.id, cx);
        if let Some(default) = default.filter(|_| cx.before.is_held(&cx.id.prefix(Tag::Table, 2))) {
            return self.create_in_steps(&table, default, cx);
        }
        // Heirs get no identity, so the server does not add it together with the column; partitions do, from 17 on.
        let has_heirs = cx.before.has_heirs(&cx.id.path[..2]);
        let has_apart = has_heirs && (cx.version() < 170_000 || !cx.before.is_partitioned(&cx.id.path[..2]));
        let identity = self.identity.as_ref().filter(|_| has_apart);
        // Nor do they get a NOT NULL by another name than its own.
        let is_apart = has_heirs && !not_null::renamed_in_heirs(cx.id, cx.after).is_empty();
        let bare = Column {
            identity: self.identity.clone().filter(|_| identity.is_none()),
            not_null: self.not_null && !is_apart,
            not_null_as: self.not_null_as.clone().filter(|_| !is_apart),
            ..self.clone()
        };
        let mut add = Statement::new(sql!("{} ADD COLUMN {}", table, bare.definition(cx.id, cx)));
        let is_stored = self.generated.is_some() && !self.r#virtual;
        let is_volatile = |default| definition::is_volatile(default, cx);
        // The server asks such a domain for the value of each row, and writes it there.
        let is_checked = || cx.after.needs(cx.id).any(|need| domain::is_checked(&need.id, cx.after));
        if is_stored || bare.identity.is_some() || default.is_some_and(is_volatile) || is_checked() {
            let fails = if is_stored { ", and fails where its expression does" } else { "" };
            add = add.hazard(Danger::Rewrite, format!("computes {} for every row{fails}", cx.id.name()), None);
        }
        let filled = default.is_some() || bare.identity.is_some() || self.generated.is_some();
        let refuses = || cx.after.needs(cx.id).any(|need| domain::refuses_null(&need.id, cx.after, true));
        if !filled && (self.not_null || refuses()) {
            let count = sql!("SELECT count(*) FROM {}", cx.id.relation());
            add =
                add.hazard(Danger::MayFail, "the new column has no default: fails if the table has rows", Some(count));
        }
        if let Some(expression) = self.generated.as_ref().filter(|_| self.not_null) {
            let count = sql!("SELECT count(*) FROM {} WHERE ({}) IS NULL", cx.id.relation(), expression);
            let why = format!("fails if the expression of {} is null for a row", cx.id.name());
            add = add.hazard(Danger::MayFail, why, Some(count));
        }
        let mut statements = vec![add];
        let own = |identity: &Identity| {
            sql!("{} ALTER COLUMN {} ADD {}", table, cx.id.name(), identity.clause(self.r#type.as_str()))
        };
        statements.extend(identity.map(|identity| own(identity).into()));
        if is_apart {
            statements.extend(bare.nulls(self, cx, false));
        }
        statements.extend(self.extras(cx.id));
        statements
    }

    fn without_name(&self, id: &Id) -> Option<Self> {
        let not_null_as = self.not_null_as.clone().filter(|not_null| !not_null.is_plain(id));
        Some(Column { not_null_as, led_not_null: Default::default(), ..self.clone() })
    }

    /// A NOT NULL of an heir's own stays its own when its parent's covers it: the server takes it from neither.
    fn serves_as(&self, wanted: &Self) -> bool {
        let own = self.not_null_as.as_ref();
        let names = || own.map(|not_null| &not_null.name) == wanted.led_not_null.0.as_ref();
        let is_valid = self.not_null && !own.is_some_and(|not_null| not_null.not_valid);
        let is_led = is_valid && wanted.not_null && wanted.not_null_as.is_none();
        let serves = || Column { not_null_as: None, ..self.clone() } == *wanted;
        self == wanted || is_led && (self.led_not_null.0.is_some() || names()) && serves()
    }

    fn drop(&self, cx: &Cx) -> Vec<Statement> {
        let only = Sql::raw(if is_kept_by_heirs(cx.id, cx.before, cx.after) { "ONLY " } else { "" });
        let statement = sql!("ALTER TABLE {}{} DROP COLUMN {}", only, cx.id.relation(), cx.id.name());
        let count = sql!("SELECT count({}) FROM {}{}", cx.id.name(), only, cx.id.relation());
        let statement = Statement::new(statement);
        vec![match column_of(cx.after, cx.id) {
            // It holds nothing, or comes back so.
            None if self.r#virtual => statement,
            Some(next) if self.generated.is_some() && next.r#virtual => statement,
            Some(next) if self.generated.is_some() && next.generated.is_some() => {
                statement.hazard(Danger::Rewrite, format!("every value of {} is computed anew", cx.id.name()), None)
            }
            _ => {
                let why = format!("drops column {} with its values", dotted(&cx.id.path));
                statement.hazard(Danger::DataLoss, why, Some(count))
            }
        }]
    }

    fn alter(&self, after: &Self, cx: &Cx) -> Alteration {
        let retyped = self.is_retyped(after);
        let is_stored = self.generated.is_some() && after.generated.is_some() && !self.r#virtual;
        if retyped && is_stored && !computes_alike(self.r#type.as_str(), after.r#type.as_str()) {
            // The server would cast what was computed for the old type.
            return Alteration::Rebuild;
        }
        if self.generated != after.generated || self.r#virtual != after.r#virtual {
            let in_place = !self.r#virtual && !has_heirs_of_heirs(cx) && !after.waits_for_neighbour(cx);
            let only_dropped = after.generated.is_none() && in_place;
            let both = self.generated.is_some() && after.generated.is_some() && self.r#virtual == after.r#virtual;
            let set = cx.version() >= 170_000 && both && !retyped && !(self.r#virtual && has_checks(cx));
            if !only_dropped && !set {
                return Alteration::Rebuild;
            }
        }
        let table = sql!("ALTER TABLE {}", cx.id.relation());
        let name = cx.id.name();
        let act = |action: Sql| Statement::from(sql!("{} ALTER COLUMN {} {}", table, name, action));
        let [mut statements, identity, mut last] = self.identity_steps(after, cx);
        if self.generated != after.generated {
            statements.push(match &after.generated {
                Some(expression) => {
                    let set = act(sql!("SET EXPRESSION AS ({})", expression));
                    let why = || format!("every value of {name} is computed anew");
                    if after.r#virtual { set } else { set.hazard(Danger::Rewrite, why(), None) }
                }
                None => act(Sql::raw("DROP EXPRESSION")),
            });
        }
        let (off, back) = retyped.then(|| nulls_around(cx)).flatten().unzip();
        match off {
            Some(off) => statements.extend(off),
            None if self.not_null && !after.not_null => statements.extend(self.admit_nulls(cx)),
            None => {}
        }
        if retyped {
            statements.push(act(retype::retype(self, after, cx)));
        }
        let online = cx.style == Style::Online
            && after.identity.is_none()
            && cx.after.is_ordinary_table(&cx.id.path[..2])
            && (self.not_null, &self.not_null_as) != (after.not_null, &after.not_null_as)
            && !is_rewritten(cx);
        statements.extend(back.unwrap_or_else(|| self.nulls(after, cx, online)));
        statements.extend(identity);
        let was = self.not_null_as.as_ref().filter(|_| self.not_null);
        let is = after.not_null_as.as_ref().filter(|_| after.not_null);
        last.extend(is.and_then(|is| is.remark(was.map(|was| &**was), cx.id)));
        if let Some(options) = alter_foreign_options(&self.foreign_options, &after.foreign_options) {
            statements.push(act(options));
        }
        annotate(&mut statements, self, after, cx);
        statements.extend(last);
        let tuning = if retyped { self.retyped(after).tuning } else { self.tuning.clone() };
        let tuning = after.tuning.actions(Some(&tuning)).into_iter();
        statements.extend(tuning.map(|action| sql!("{} ALTER COLUMN {} {}", table, name, action).into()));
        let keeps_keys = can_refer(self.r#type.as_str(), after.r#type.as_str()) && !self.parts_with_keys(after, cx);
        let disturbs = match (retyped, keeps_keys) {
            (false, _) => &[][..],
            (true, true) => &RETYPE_DISTURBS[1..],
            (true, false) => RETYPE_DISTURBS,
        };
        Alteration::InPlace { statements, disturbs }
    }

    fn designation(&self, id: &Id) -> Sql {
        sql!("COLUMN {}", dotted(&id.path))
    }

    fn grantable(&self, id: &Id) -> Option<Sql> {
        Some(sql!("TABLE {}", id.relation()))
    }

    fn granted_part(&self, id: &Id) -> Sql {
        sql!(" ({})", id.name())
    }

    fn rename(&self, id: &Id, to: &Name) -> Option<Sql> {
        Some(sql!("ALTER TABLE {} RENAME COLUMN {} TO {}", id.relation(), id.name(), to))
    }

    /// The sequence of an identity is its table's alone, and so is a NOT NULL that says so.
    fn into_heir(self) -> Self {
        let alone = self.not_null_as.as_ref().is_some_and(|not_null| not_null.no_inherit);
        let not_null_as = self.not_null_as.filter(|_| !alone);
        Column { identity: None, not_null: self.not_null && !alone, not_null_as, ..self }
    }

    fn followed(self, was: &Self, from: &Self, to: &Self) -> Self {
        let own = if from.r#type == to.r#type { self } else { self.retyped(to) };
        // From 18 on its own comes to be its parent's as well under its own name, and is left when that goes.
        let stays = |not_null: &NotNull| from.not_null != to.not_null && (to.not_null || !not_null.is_parts.0);
        if let Some(kept) = was.not_null_as.as_ref().filter(|not_null| was.not_null && stays(not_null)) {
            return Column { not_null: true, not_null_as: Some(kept.clone()), ..own };
        }
        let alone =
            |column: &Column| column.not_null_as.clone().filter(|not_null| column.not_null && not_null.no_inherit);
        match alone(to).filter(|_| from.not_null && alone(from).is_none()) {
            // What a parent keeps for itself from now on stays with its heirs as their own.
            Some(kept) => {
                let kept = NotNull { no_inherit: false, comment: None, ..*kept };
                Column { not_null: true, not_null_as: Some(Box::new(kept)), ..own }
            }
            None => own,
        }
    }

    fn slots(&self, id: &Id) -> Vec<String> {
        let sequence = self.identity.as_ref().map(|identity| identity.sequence(id));
        let sequence = sequence.map(|[schema, name]| relation_slot(&schema, &name));
        let not_null = self.not_null_as.as_ref().map(|not_null| constraint_slot(id, &not_null.name));
        sequence.into_iter().chain(not_null).collect()
    }

    /// The sequence of its identity, or else its NOT NULL, under another name.
    fn interim(&self, id: &Id, after: &Self) -> Option<(Self, Statement)> {
        let mut interim = self.clone();
        if let (Some(old), Some(new)) = (&mut interim.identity, &after.identity)
            && let names @ [schema, name] = &old.sequence(id)
            && *names != new.sequence(id)
        {
            let rename = sql!("ALTER SEQUENCE {} RENAME TO {}", dotted(names), name.aside());
            old.sequence = Some(vec![schema.clone(), name.aside()]);
            return Some((interim, rename.into()));
        }
        let (old, new) = (interim.not_null_as.as_mut()?, after.not_null_as.as_ref()?);
        let aside = old.name.aside();
        let rename = sql!("ALTER TABLE {} RENAME CONSTRAINT {} TO {}", id.relation(), old.name, aside);
        let differs = std::mem::replace(&mut old.name, aside) != new.name;
        differs.then(|| (interim, rename.into()))
    }

    fn needs(&self, id: &Id, _all: &Catalog) -> Vec<Need> {
        vec![Need::auto(table::of(id))]
    }

    /// A generated one has to be of the new type first.
    fn under_retyping(&self) -> Standing {
        if self.generated.is_some() { Standing::GivesWay } else { Standing::Stays }
    }

    fn texts(&mut self) -> Vec<&mut Sql> {
        self.generated.iter_mut().collect()
    }
}

/// What the server refuses to keep, or keeps in part, while the type of a column changes. Constraints, the first of them, are foreign keys,
/// which stay where values of both types can be compared.
const RETYPE_DISTURBS: &[Tag] = &[
    Tag::Constraint,
    Tag::Column,
    Tag::Index,
    // It would be made anew by whoever changes the column, and be his.
    Tag::Statistics,
    Tag::ColumnDefault,
    Tag::View,
    Tag::MaterializedView,
    Tag::Rule,
    Tag::Policy,
    Tag::Trigger,
    Tag::Function,
    Tag::PublicationTable,
];

/// Those of them that read a column in an expression of their own.
pub const CODE: &[Tag] = RETYPE_DISTURBS.split_at(4).1;

/// `DROP EXPRESSION` reaches a table's heirs and not theirs, and the server refuses it then.
fn has_heirs_of_heirs(cx: &Cx) -> bool {
    cx.before.heirs_of(&cx.id.path[..2]).iter().any(|line| cx.before.has_heirs(&line.path[..2]))
}

/// The server sets no expression of a virtual column where the table, or an heir of it, has a check.
fn has_checks(cx: &Cx) -> bool {
    let has_check = |side: &Catalog, table: &[Name]| {
        let mut constraints = side.below(Tag::Constraint, table);
        constraints.any(|(_, object)| matches!(&object.body, Body::Constraint(own) if own.form == Form::Check))
    };
    let table = &cx.id.path[..2];
    [cx.before, cx.after].iter().any(|side| {
        has_check(side, table) || side.descent_of(table).iter().any(|line| has_check(side, &line.path[..2]))
    })
}

/// The column of this id.
pub fn column_of<'a>(side: &'a Catalog, id: &Id) -> Option<&'a Column> {
    match &side.get(id)?.body {
        Body::Column(column) => Some(column),
        _ => None,
    }
}

impl Column {
    /// Whether it becomes one of another type, or of values that are ordered otherwise.
    pub fn is_retyped(&self, after: &Column) -> bool {
        self.r#type != after.r#type || self.collation != after.collation
    }

    /// A column of rows as one of texts, and how it becomes that: whose columns those are may be changed meanwhile.
    pub fn as_text(&self, id: &Id) -> (Column, Statement) {
        let (name, array) = (id.name(), if self.r#type.as_str().ends_with(']') { "[]" } else { "" });
        let r#type = sql!("text{}", Sql::raw(array));
        let alter =
            sql!("ALTER TABLE {} ALTER COLUMN {} TYPE {} USING {}::{}", id.relation(), name, r#type, name, r#type);
        let alter =
            Statement::new(alter).hazard(Danger::Rewrite, format!("every value of {name} is a text for a while"), None);
        (Column { r#type, ..self.clone() }, alter)
    }

    /// The column after it got the type of `to`: the server sets storage and compression back with it.
    pub fn retyped(&self, to: &Column) -> Column {
        let type_storage = to.tuning.type_storage.clone();
        let tuning = Tuning { storage: None, type_storage, compression: None, ..self.tuning.clone() };
        Column { tuning, ..self.clone() }
    }
}

/// Whether the table's rows are written anew, or its indexes made anew: under a lock that stops everybody in any case.
fn is_rewritten(cx: &Cx) -> bool {
    let changes = |(id, old): (&Id, &Object)| match (&old.body, column_of(cx.after, id)) {
        (Body::Column(old), Some(new)) => {
            old.collation != new.collation || !is_free(old.r#type.as_str(), new.r#type.as_str())
        }
        _ => false,
    };
    cx.before.below(Tag::Column, &cx.id.path[..2]).any(changes)
}

/// Whether values of a column may be equal and not the same.
fn is_loose(column: &Id, side: &Catalog) -> bool {
    side.needs(column).any(|need| match side.get(&need.id).map(|object| &object.body) {
        Some(Body::Collation(collation)) => !collation.deterministic,
        _ => false,
    })
}

/// Hazards of an alteration, on the statements that carry them.
fn annotate(statements: &mut [Statement], before: &Column, after: &Column, cx: &Cx) {
    for statement in statements {
        let text = statement.sql.as_str();
        // What is virtual has no values.
        if !text.contains(" TYPE ") || after.r#virtual {
            continue;
        }
        if before.r#type != after.r#type {
            statement.hazards.extend(retype::hazards(before, after, cx));
        } else if is_loose(cx.id, cx.after) && before.collation != after.collation {
            statement.hazards.extend(retype::become_equal(cx));
        }
    }
}

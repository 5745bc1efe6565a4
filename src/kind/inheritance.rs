//! What a table inherits from: as an heir (`INHERITS`) or as a partition (`ATTACH PARTITION`).
//!
//! <https://www.postgresql.org/docs/current/ddl-partitioning.html>

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::column::{Column, Identity, column_of};
use super::constraint::Form;
use super::options::{USER_SCHEMA, collate, not_member};
use super::retype::{stays, stays_true_of};
use super::table::Table;
use super::{Alteration, Body, Cx, Id, Incidental, Kind, Parts, Tag, dotted};
use crate::catalog::{Catalog, Need, Object, Strength};
use crate::name::Name;
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Danger, Statement, one};

/// One line of descent; its path is the heir's schema and name, then the parent's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inheritance {
    /// `FOR VALUES …` or `DEFAULT` of a partition; nothing for an heir.
    pub bound: Option<Sql>,
    /// Names of the partition's copies of its parent's foreign keys, which become its own when it is detached. No dump tells them.
    #[serde(default)]
    pub copies: Incidental<Vec<Name>>,
}

impl Kind for Inheritance {
    const WORD: &'static str = "inheritance";
    const CATALOG: &'static str = "";

    fn query(_version: u32) -> Option<String> {
        Some(format!(
            "SELECT c.oid, 0 AS sub, h.inhseqno AS position,
                    ARRAY[n.nspname, c.relname, pn.nspname, p.relname]::text[] AS path,
                    NULL::text AS owner, NULL::text[] AS acl,
                    CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END AS bound,
                    CASE WHEN c.relispartition THEN
                      COALESCE((SELECT array_agg(k.conname ORDER BY k.conname)
                                FROM pg_constraint k JOIN pg_constraint p ON p.oid = k.conparentid
                                WHERE k.conrelid = c.oid AND k.contype = 'f' AND p.conrelid = h.inhparent), '{{}}')
                    ELSE '{{}}' END AS copies
             FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhrelid JOIN pg_namespace n ON n.oid = c.relnamespace
             JOIN pg_class p ON p.oid = h.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace
             WHERE c.relkind IN ('r', 'p', 'f') AND {USER_SCHEMA} AND {}",
            not_member("pg_class", "c.oid")
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        let (child, parent) = (cx.id.relation(), dotted(&cx.id.path[2..]));
        let Some(bound) = &self.bound else { return inherit(cx) };
        let mut attach = Statement::new(sql!("ALTER TABLE {} ATTACH PARTITION {} {}", parent, child, bound));
        let may_fail = |attach: Statement, why: String| attach.hazard(Danger::MayFail, why, None);
        if may_have_rows(&cx.id.path[..2], cx) && !self.keeps_rows(cx) {
            attach = may_fail(attach, format!("fails if {child} has rows outside of these bounds"));
        }
        for (line, _) in default_partitions(&cx.id.path[2..], cx.after) {
            if line != cx.id && may_have_rows(&line.path[..2], cx) {
                attach = may_fail(attach, format!("fails if {} has rows that belong here", line.relation()));
            }
        }
        let mut out = vec![attach];
        if !cx.before.has(&Id::new(Tag::Table, cx.id.path[2..].iter().cloned())) && may_have_rows(&cx.id.path[..2], cx)
        {
            out.extend(counted_from(cx));
        }
        out
    }

    fn drop(&self, cx: &Cx) -> Vec<Statement> {
        let (child, parent) = (cx.id.relation(), dotted(&cx.id.path[2..]));
        let mut out = one(match &self.bound {
            Some(_) => sql!("ALTER TABLE {} DETACH PARTITION {}", parent, child),
            None => sql!("ALTER TABLE {} NO INHERIT {}", child, parent),
        });
        let keys = cx.before.referring_to(&cx.id.path[2..]);
        let stays = keys.iter().find(|key| cx.after.has(key));
        if let (Some(key), Some(_)) = (stays, &self.bound)
            && !cx.after.has(cx.id)
        {
            let why = format!("fails if rows of {} refer to rows of {child}", key.relation());
            out = out.into_iter().map(|detach| detach.hazard(Danger::MayFail, why.clone(), None)).collect();
        }
        // What the table is to have itself is made of itself. A key that goes, or refers to its own table, may have gone before,
        // with its copies.
        let if_exists = Sql::raw(if may_lose_keys_first(cx) { "IF EXISTS " } else { "" });
        let own = self.copies.0.iter();
        out.extend(own.map(|name| sql!("ALTER TABLE {} DROP CONSTRAINT {}{}", child, if_exists, name).into()));
        out
    }

    fn alter(&self, _after: &Self, _cx: &Cx) -> Alteration {
        Alteration::Rebuild
    }

    fn rename(&self, _id: &Id, _to: &Name) -> Option<Sql> {
        None
    }

    /// Bounds exclude each other: partitions go before others come. So do the parents of one partition.
    fn slots(&self, id: &Id) -> Vec<String> {
        let slots = ["partition of", "partition"].into_iter().zip([&id.path[2..], &id.path[..2]]);
        slots.filter(|_| self.bound.is_some()).map(|(what, table)| format!("{what} {}", dotted(table))).collect()
    }

    fn needs(&self, id: &Id, _all: &Catalog) -> Vec<Need> {
        let parent = Id::new(Tag::Table, id.path[2..].iter().cloned());
        vec![Need::auto(id.prefix(Tag::Table, 2)), Need::normal(parent)]
    }

    /// What an attached partition lacks the server makes itself, under names of its own, and what changes in a parent
    /// changes in its children.
    fn after_parts(&self, id: &Id) -> Vec<Parts> {
        let (child, parent) = (id.path[..2].to_vec(), id.path[2..].to_vec());
        let of_parent = [Tag::Column, Tag::ColumnDefault, Tag::Constraint].map(|tag| (tag, parent.clone()));
        let mut parts = [&of_parent[..], &[(Tag::Column, child.clone()), (Tag::Constraint, child.clone())]].concat();
        if self.bound.is_some() {
            parts.push((Tag::Index, child));
        }
        parts
    }

    fn texts(&mut self) -> Vec<&mut Sql> {
        self.bound.iter_mut().collect()
    }
}

/// An heir has to have its parent's columns and checks before, and then they stay its own besides. So a parent that only stands in
/// brings those that it lacks.
fn inherit(cx: &Cx) -> Vec<Statement> {
    let (child, parent) = (cx.id.relation(), dotted(&cx.id.path[2..]));
    let is_computed = |id: &Id| column_of(cx.after, id).is_some_and(|column| column.generated.is_some());
    let objects = |tag| {
        let mut own: Vec<_> = cx.members.iter().filter(|id| id.tag == tag && id.path[..2] == cx.id.path[..2]).collect();
        own.sort_by_key(|id| (is_computed(id), cx.after.get(id).map(|object| object.position)));
        own.into_iter().filter_map(|id| Some((*id, cx.after.get(id)?))).collect::<Vec<_>>()
    };
    let (columns, checks) = (objects(Tag::Column), objects(Tag::Constraint));
    if columns.is_empty() && checks.is_empty() {
        return one(sql!("ALTER TABLE {} INHERIT {}", child, parent));
    }
    let stand_in = dotted(&[cx.id.part(0), cx.id.part(1).successor()]);
    let (to_child, to_parent) = (format!("ALTER TABLE {child} ADD "), format!("ALTER TABLE {stand_in} ADD "));
    let create = |(id, object): &(&Id, &Object)| object.body.create(&Cx { id, ..*cx });
    let passed_on = |mut statement: Statement| {
        if let Some(what) = statement.sql.as_str().strip_prefix(&to_child) {
            statement.sql = Sql::raw(format!("{to_parent}{what}"));
        }
        statement
    };
    // What they read has to be there, too.
    let read = columns.iter().chain(&checks).flat_map(|(id, _)| cx.after.needs(id)).map(|need| &need.id);
    let is_read = |id: &Id| {
        id.tag == Tag::Column && id.path[..2] == cx.id.path[..2] && columns.iter().all(|(column, _)| *column != id)
    };
    let read: BTreeSet<&Id> = read.filter(|id| is_read(id)).collect();
    let read = read.into_iter().filter_map(|id| {
        let column = column_of(cx.after, id)?;
        let collate = collate(column.collation.as_ref());
        Some(sql!("ALTER TABLE {} ADD COLUMN {} {}{}", stand_in, id.name(), column.r#type, collate).into())
    });
    let mut out: Vec<Statement> =
        vec![sql!("CREATE TABLE {} ()", stand_in).into(), sql!("ALTER TABLE {} INHERIT {}", child, stand_in).into()];
    out.extend(read);
    out.extend(columns.iter().flat_map(create).map(passed_on));
    out.extend(checks.iter().flat_map(create).map(passed_on));
    out.push(sql!("ALTER TABLE {} INHERIT {}, NO INHERIT {}", child, parent, stand_in).into());
    out.push(sql!("DROP TABLE {}", stand_in).into());
    out
}

/// The line by which a table that is there comes to have a parent's column or check.
pub fn brings(id: &Id, before: &Catalog, after: &Catalog) -> Option<Id> {
    let line = line(&id.path, &after.get(id)?.parent()?.path);
    (is_heir(&line, after) && !before.has(&line) && before.is_ordinary_table(&id.path[..2])).then_some(line)
}

/// The identities of a new table begin behind the numbers that its partition brings.
fn counted_from(cx: &Cx) -> Vec<Statement> {
    let columns = cx.after.below(Tag::Column, &cx.id.path[2..]).filter_map(|(id, object)| match &object.body {
        Body::Column(Column { identity: Some(identity), .. }) => Some((id, &**identity)),
        _ => None,
    });
    let go_on = |(id, identity): (&Id, &Identity)| {
        identity.counter.go_on(&dotted(&identity.sequence(id)), &in_table(id, &cx.id.path), cx.after)
    };
    columns.filter_map(go_on).collect()
}

/// Whether a parent of the partition, at any height, has a foreign key that does not stay, or refers to the parent itself.
fn may_lose_keys_first(cx: &Cx) -> bool {
    let mut above = vec![cx.id];
    while let Some(line) = above.pop() {
        let parent = &line.path[2..];
        let is_foreign = |body: &Body| matches!(body, Body::Constraint(key) if key.form == Form::ForeignKey);
        let refers_to_itself = |key: &Id| cx.before.referring_to(parent).contains(&key);
        let keys = cx.before.below(Tag::Constraint, parent).filter(|(_, object)| is_foreign(&object.body));
        if keys.map(|(key, _)| key).any(|key| refers_to_itself(key) || !stays(key, cx.before, cx.after)) {
            return true;
        }
        above.extend(cx.before.below(Tag::Inheritance, parent).map(|(line, _)| line));
    }
    false
}

/// Whether a table, or one of its partitions, is there already.
fn may_have_rows(table: &[Name], cx: &Cx) -> bool {
    cx.before.has(&Id::new(Tag::Table, table.iter().cloned()))
        || cx.after.heirs_of(table).iter().any(|line| may_have_rows(&line.path[..2], cx))
}

impl Inheritance {
    /// Whether all rows of the partition were within these bounds, and are so still.
    fn keeps_rows(&self, cx: &Cx) -> bool {
        let is_same = matches!(cx.before.get(cx.id).map(|object| &object.body), Some(Body::Inheritance(old)) if old.bound == self.bound);
        let parent = Id::new(Tag::Table, cx.id.path[2..].iter().cloned());
        let key = |side: &Catalog| Table::of(&parent, side).and_then(|table| table.partition_key.clone());
        let by_hash = key(cx.after).is_some_and(|key| key.as_str().starts_with("HASH"));
        let stays = |id: &Id| if by_hash { stays(id, cx.before, cx.after) } else { stays_true_of(id, cx) };
        is_same
            && key(cx.before) == key(cx.after)
            && cx.after.below(Tag::Column, &cx.id.path[..2]).all(|(id, _)| stays(id))
    }
}

/// The partition that takes what no other does.
fn default_partitions<'a>(table: &'a [Name], catalog: &'a Catalog) -> impl Iterator<Item = (&'a Id, &'a Object)> {
    let lines = catalog.heirs_of(table).iter().filter_map(|line| Some((line, catalog.get(line)?)));
    let takes_all = |body: &Body| matches!(body, Body::Inheritance(Inheritance { bound: Some(bound), .. }) if bound.as_str() == "DEFAULT");
    lines.filter(move |(_, object)| takes_all(&object.body))
}

/// The line of descent of one object's table from another's.
pub fn line(child: &[Name], parent: &[Name]) -> Id {
    Id::new(Tag::Inheritance, child.iter().take(2).chain(parent.iter().take(2)).cloned())
}

/// Whether heirs, or theirs, are to keep a column, or a check, that their parent loses and that the server would take along: each
/// becomes the heir's own where it is dropped from `ONLY` the parent. A partition keeps no column like this, and a check not like this.
pub fn is_kept_by_heirs(id: &Id, before: &Catalog, after: &Catalog) -> bool {
    let is_partitioned = before.heirs_of(table_of(id)).first().is_some_and(|line| !is_heir(line, before));
    let is_handed_on =
        |heir: &Id| comes_from(id, heir, before) && !after.has(heir) && is_kept_by_heirs(heir, before, after);
    let keeps = |heir: &Id| loses(id, heir, before, after) || is_handed_on(heir);
    !is_partitioned && heirs_of(id, before).any(|(line, heir)| is_heir(line, after) && keeps(&heir))
}

/// The table that a line of descent makes another one a partition of.
pub fn partitioned_parent<'a>(id: &'a Id, body: &Body) -> Option<&'a [Name]> {
    matches!(body, Body::Inheritance(line) if line.bound.is_some()).then(|| &id.path[2..])
}

/// Whether a line of descent is that of an heir, and no partition's.
pub fn is_heir(line: &Id, catalog: &Catalog) -> bool {
    matches!(catalog.get(line).map(|object| &object.body), Some(Body::Inheritance(line)) if line.bound.is_none())
}

/// Whether an heir is to keep a column, or a check, that it only inherits, and from this parent, which loses it.
pub fn loses(id: &Id, heir: &Id, before: &Catalog, after: &Catalog) -> bool {
    comes_from(id, heir, before) && after.get(heir).is_some_and(|object| object.leader().is_none())
}

/// Whether an heir has this of the parent alone.
fn comes_from(id: &Id, heir: &Id, catalog: &Catalog) -> bool {
    let from = |need: &Need| need.strength == Strength::Inherited && need.id == *id;
    catalog.get(heir).is_some_and(|object| object.needs.iter().any(from))
}

/// The lines that lead to the table of a column or constraint, each with what that is in the heir.
pub fn heirs_of<'a>(id: &'a Id, catalog: &'a Catalog) -> impl Iterator<Item = (&'a Id, Id)> {
    catalog.heirs_of(table_of(id)).iter().map(move |line| (line, in_table(id, &line.path)))
}

/// The same part of another table, whose path this begins with.
pub fn in_table(part: &Id, table: &[Name]) -> Id {
    Id::new(part.tag, table[..2].iter().chain(&part.path[2..]).cloned())
}

/// The path of the table that a column or constraint is part of; no table's for anything else.
fn table_of(id: &Id) -> &[Name] {
    if [Tag::Column, Tag::Constraint].contains(&id.tag) { &id.path[..2] } else { &[] }
}

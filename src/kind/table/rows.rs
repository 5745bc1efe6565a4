//! The rows of a table that is made again because no statement makes a partitioned one of an ordinary one, or partitions it
//! by another key: they wait in a table of their own meanwhile.

use std::collections::{BTreeMap, BTreeSet};

use super::Table;
use crate::catalog::{Catalog, Object};
use crate::kind::column::Column;
use crate::kind::inheritance::partitioned_parent;
use crate::kind::retype::{TYPES, below_domains, cast_to, hazards};
use crate::kind::sequence::Counter;
use crate::kind::{Body, Cx, Id, Style, Tag, dotted};
use crate::name::Name;
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Danger, Hazard, Statement};

/// Whether a table is made again and its rows go over: both have rows, its partitions go with it (those that stay keep theirs,
/// foreign ones have none here).
pub fn go_over(id: &Id, before: &Catalog, after: &Catalog) -> bool {
    let (Some(was), Some(is)) = (Table::of(id, before), Table::of(id, after)) else { return false };
    let has_rows = |table: &Table| table.form != "f";
    let goes = |part: &Id| !after.has(part) && !before.is_foreign_table(&part.path);
    let is_partitioned = was.form == "p" || is.form == "p";
    is_partitioned
        && has_rows(was)
        && has_rows(is)
        && was.is_made_again(is, before.server.version)
        && (was.form != "p" || parts(id, before).all(|part| goes(&part)))
        && !kept(id, before, after).is_empty()
}

/// Whether a partition's rows go over with those of the table that it is, however indirectly, a part of.
pub fn go_with_whole(part: &Id, before: &Catalog, after: &Catalog) -> bool {
    let mut lines = before.below(Tag::Inheritance, &part.path);
    let whole = lines.find_map(|(line, object)| partitioned_parent(line, &object.body));
    let whole = whole.map(|path| Id::new(Tag::Table, path.iter().cloned()));
    whole.is_some_and(|whole| go_over(&whole, before, after) || go_with_whole(&whole, before, after))
}

/// The partitions of a table, and theirs.
pub fn parts<'a>(table: &Id, catalog: &'a Catalog) -> impl Iterator<Item = Id> + use<'a> {
    catalog.descent_of(&table.path).into_iter().map(|line| line.prefix(Tag::Table, 2))
}

/// The columns that both have, and that can be written, in order, as they were and as they are to be.
fn kept<'a>(id: &'a Id, before: &'a Catalog, after: &'a Catalog) -> Vec<(&'a Id, &'a Column, &'a Column)> {
    let written =
        before.columns_of(&id.path).into_iter().filter_map(|(id, object)| match (&object.body, &after.get(id)?.body) {
            (Body::Column(was), Body::Column(is)) if is.generated.is_none() => Some((id, was, is)),
            _ => None,
        });
    written.collect()
}

/// Where the rows wait.
fn waiting(id: &Id) -> Sql {
    dotted(&[id.part(0), id.name().aside()])
}

/// Whether the type of a column is one that somebody made, and that may be made again.
fn is_made(column: &Id, catalog: &Catalog) -> bool {
    let is_type = |id: &Id| {
        TYPES.contains(&id.tag) || id.tag == Tag::Extension || id.tag == Tag::Table && id.path[..] != column.path[..2]
    };
    catalog.get(column).is_some_and(|object| object.needs.iter().any(|need| is_type(&need.id)))
}

/// Whether something of a table that is made again is put by meanwhile: its rows, or how far its counters have come.
pub fn waits(id: &Id, before: &Catalog, after: &Catalog) -> bool {
    go_over(id, before, after) || !new_counters(id, before, after).is_empty()
}

/// Whether rows that go over wait where they are: under another name the table is in nobody's way, once its indexes and counters have
/// others, too. What it is made of stays what it is until then; `changes` says what does not.
pub fn steps_aside(id: &Id, before: &Catalog, after: &Catalog, changes: impl Fn(&Id) -> bool) -> bool {
    let new = new_counters(id, before, after);
    let old = old_counters(&new);
    let is_alone = || {
        let needed = |object: &Object| object.needs.iter().any(|need| need.id.path.starts_with(&id.path));
        before.heirs_of(&id.path).is_empty()
            && [Tag::Inheritance, Tag::OfType].iter().all(|tag| before.below(*tag, &id.path).next().is_none())
            && !before.below(Tag::Statistics, &[]).any(|(_, object)| needed(object))
    };
    // It goes with the table, or stays where it is.
    let is_owned = |sequence: &Id| {
        let line = Id { tag: Tag::OwnedBy, ..sequence.clone() };
        before.needs(&line).any(|need| need.id.path.starts_with(&id.path))
    };
    let is_free = |sequence: &Id| match (before.has(sequence), after.has(sequence)) {
        (true, true) => !old.contains(sequence),
        (true, false) => old.contains(sequence) && is_owned(sequence),
        (false, false) => old.contains(sequence),
        (false, true) => false,
    };
    let stays = |needed: &Id| needed.path.starts_with(&id.path) || old.contains(needed) || !changes(needed);
    // Rows of another table are in the way of what becomes of that.
    let is_row = |part: &Id, needed: &Id| {
        part.tag == Tag::Column
            && [Tag::Table, Tag::View, Tag::MaterializedView].contains(&needed.tag)
            && !needed.path.starts_with(&id.path)
    };
    let keeps = |tag: &Tag| {
        let mut parts = before.below(*tag, &id.path);
        parts.all(|(part, object)| object.needs.iter().all(|need| stays(&need.id) && !is_row(part, &need.id)))
    };
    go_over(id, before, after)
        && Table::of(id, before).is_some_and(|table| table.form == "r")
        && is_alone()
        && counters(id, before).values().all(|(sequence, _)| is_free(sequence))
        && Tag::ALL.iter().all(keeps)
}

/// Gives the table its other name, and what has one beside it.
pub fn put_aside(id: &Id, before: &Catalog, after: &Catalog) -> Vec<Statement> {
    let rename = |what: &'static str, path: [Name; 2]| {
        let aside = path[1].aside();
        Statement::from(sql!("ALTER {} {} RENAME TO {}", Sql::raw(what), dotted(&path), aside))
    };
    let has_index = |object: &Object| match &object.body {
        Body::Constraint(key) => key.form.has_index(),
        _ => true,
    };
    let keys = [Tag::Constraint, Tag::Index].into_iter().flat_map(|tag| before.below(tag, &id.path));
    let keys = keys.filter(|(_, object)| has_index(object)).map(|(key, _)| rename("INDEX", [id.part(0), key.name()]));
    let new = new_counters(id, before, after);
    let sequences = old_counters(&new).into_iter().map(|old| rename("SEQUENCE", [old.part(0), old.name()]));
    // The server would choose others for the new table's.
    let not_nulls = before.below(Tag::Column, &id.path).filter_map(|(_, object)| match &object.body {
        Body::Column(Column { not_null_as: Some(not_null), .. }) => Some(&not_null.name),
        _ => None,
    });
    let not_nulls = not_nulls.map(|name| {
        Statement::from(sql!("ALTER TABLE {} RENAME CONSTRAINT {} TO {}", waiting(id), name, name.aside()))
    });
    let table = rename("TABLE", [id.part(0), id.name()]);
    force(id, before, false).into_iter().chain([table]).chain(not_nulls).chain(keys).chain(sequences).collect()
}

/// Puts the rows where they wait, and how far counters have come. Values of types that somebody made wait as text.
pub fn put_by(id: &Id, before: &Catalog, after: &Catalog) -> Vec<Statement> {
    let columns =
        kept(id, before, after).into_iter().map(|(column, ..)| match (column.name(), is_made(column, before)) {
            (name, true) => sql!("{}::text AS {}", name, name),
            (name, false) => sql!("{}", name),
        });
    let only = Sql::raw(if before.is_partitioned(&id.path) { "" } else { "ONLY " });
    let (table, columns) = (dotted(&id.path), Sql::join(columns, ", "));
    let rows = sql!("CREATE TABLE {} AS SELECT {} FROM {}{}", waiting(id), columns, only, table);
    let rows = Some(rows).filter(|_| go_over(id, before, after));
    let counters = old_counters(&new_counters(id, before, after))
        .into_iter()
        .map(|old| sql!("CREATE TABLE {} AS SELECT last_value, is_called FROM {}", waiting(old), dotted(&old.path)))
        .collect::<Vec<_>>();
    let mut out: Vec<Statement> = rows.into_iter().chain(counters).map(Statement::new).collect();
    if !out.is_empty() {
        let lock = sql!("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", table).into();
        out.splice(0..0, [lock].into_iter().chain(force(id, before, false)));
    }
    out
}

/// The statement that puts the owner of a table under its policies, where he is to be, or frees him: rows that these hide from him go
/// over, too.
fn force(id: &Id, side: &Catalog, forced: bool) -> Option<Statement> {
    let is_forced = Table::of(id, side).is_some_and(|table| table.force_row_security);
    let no = Sql::raw(if forced { "" } else { "NO " });
    is_forced.then(|| sql!("ALTER TABLE {} {}FORCE ROW LEVEL SECURITY", dotted(&id.path), no).into())
}

/// The sequences that fill the columns of a table.
fn counters<'a>(table: &Id, side: &'a Catalog) -> BTreeMap<Id, (Id, &'a Counter)> {
    let counter = |(id, object): (&Id, &'a Object)| match &object.body {
        Body::Column(Column { identity: Some(identity), .. }) => {
            Some((id.clone(), (Id::new(Tag::Sequence, identity.sequence(id)), &identity.counter)))
        }
        _ => {
            side.needs(&Id { tag: Tag::ColumnDefault, ..id.clone() }).find_map(|need| match &side.get(&need.id)?.body {
                Body::Sequence(sequence) => Some((id.clone(), (need.id.clone(), &sequence.counter))),
                _ => None,
            })
        }
    };
    side.below(Tag::Column, &table.path).filter_map(counter).collect()
}

/// A counter that a column of the table gets when that is made again.
struct NewCounter<'a> {
    column: Id,
    counter: &'a Counter,
    sequence: Id,
    /// The sequence that has filled the column until then.
    old: Option<Id>,
}

fn new_counters<'a>(table: &Id, before: &Catalog, after: &'a Catalog) -> Vec<NewCounter<'a>> {
    let mut all = counters(table, before);
    let stays = |sequence: &Id| before.has(sequence) && after.has(sequence);
    let new = counters(table, after).into_iter().filter(|(column, (new, _))| before.has(column) && !stays(new));
    new.map(|(column, (sequence, counter))| {
        let old = all.remove(&column).filter(|(_, old)| old.runs_with(counter));
        NewCounter { column, counter, sequence, old: old.map(|(id, _)| id) }
    })
    .collect()
}

/// The sequences whose positions are remembered.
fn old_counters<'a>(new: &'a [NewCounter]) -> BTreeSet<&'a Id> {
    new.iter().filter_map(|new| new.old.as_ref()).collect()
}

/// A column's value from where the rows wait, as its new type has it.
fn value(id: &Id, was: &Column, is: &Column, [before, after]: [&Catalog; 2], aside: bool) -> Sql {
    let is_made = !aside && is_made(id, before);
    let name = sql!("{}", id.name());
    match &is.using.0 {
        Some(using) => using.clone(),
        None if is_made && was.r#type == is.r#type => sql!("{}::{}", name, is.r#type),
        None => {
            let from = if is_made { Sql::raw("text") } else { below_domains(id, &was.r#type, before) };
            cast_to(from.as_str(), &below_domains(id, &is.r#type, after), &name).unwrap_or(name)
        }
    }
}

/// Brings the rows back, be it from the table that went `aside`, and lets the counters of the columns go on.
pub fn bring_back(id: &Id, before: &Catalog, after: &Catalog, aside: bool) -> Vec<Statement> {
    let goes_over = go_over(id, before, after);
    let mut out = if goes_over { insert(id, before, after, aside) } else { Vec::new() };
    let new = new_counters(id, before, after);
    out.extend(new.iter().filter_map(|NewCounter { column, counter, sequence, old }| match old {
        Some(old) => Some(counter.go_on_from(&waiting(old), &dotted(&sequence.path))),
        None => counter.go_on(&dotted(&sequence.path), column, after),
    }));
    if goes_over {
        let cx = Cx { id, before, after, members: &[], style: Style::Plain };
        let hazards = if aside { losses(&cx) } else { Vec::new() };
        out.push(Statement { hazards, ..sql!("DROP TABLE {}", waiting(id)).into() });
    }
    // Those of a table that went aside go with it.
    let old = old_counters(&new).into_iter().filter(|_| !aside);
    out.extend(old.map(|old| sql!("DROP TABLE {}", waiting(old)).into()));
    out
}

/// The rows come from where they wait.
fn insert(id: &Id, before: &Catalog, after: &Catalog, aside: bool) -> Vec<Statement> {
    let all = kept(id, before, after);
    let names = Sql::join(all.iter().map(|(column, ..)| sql!("{}", column.name())), ", ");
    let values = Sql::join(all.iter().map(|(column, was, is)| value(column, was, is, [before, after], aside)), ", ");
    let given = all.iter().any(|(.., column)| column.identity.as_ref().is_some_and(|identity| identity.always));
    let overriding = Sql::raw(if given { " OVERRIDING SYSTEM VALUE" } else { "" });
    let (table, from) = (dotted(&id.path), waiting(id));
    let insert = sql!("INSERT INTO {} ({}){}\n    SELECT {} FROM {}", table, names, overriding, values, from);
    let mut insert = Statement::new(insert)
        .hazard(Danger::Rewrite, format!("every row of {} is written anew", id.name()), None)
        .hazard(Danger::MayFail, format!("fails on rows that the new {} does not take", id.name()), None);
    for (column, was, is) in all.iter().filter(|(_, was, is)| was.r#type != is.r#type) {
        insert.hazards.extend(hazards(was, is, &Cx { id: column, before, after, members: &[], style: Style::Plain }));
    }
    force(id, after, false).into_iter().chain([insert]).chain(force(id, after, true)).collect()
}

/// What is lost though the rows go over: the values of columns that do not.
pub(super) fn losses(cx: &Cx) -> Vec<Hazard> {
    let gone = cx.before.below(Tag::Column, &cx.id.path).filter(|(column, _)| !cx.after.has(column));
    let drops = gone.flat_map(|(id, object)| object.body.drop(&Cx { id, ..*cx }));
    drops.flat_map(|statement| statement.hazards).collect()
}

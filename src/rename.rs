//! Renames: which were asked for, and what comes before and behind a plan for them.
//!
//! No SQL text is rewritten but that of counts (`ask_before`). The shadow, which holds the desired side, takes the old names
//! back and is read again; that is what the plan leads to, and the renames follow it. On the way down they come first.

mod counts;
mod unasked;

use std::collections::{BTreeSet, HashMap};

pub use counts::ask_before;
pub use unasked::{likely, unasked};

use crate::catalog::{Catalog, Object};
use crate::kind::materialized_view::MaterializedView;
use crate::kind::view::View;
use crate::kind::{Body, Id, Tag, dotted};
use crate::name::{self, Literal, Name};
use crate::sql;
use crate::sql::Sql;
use crate::statement::Statement;

/// That an object, a value of an enum, an attribute of a composite type or a column of a view was called otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// The object under the names that the models have.
    pub to: Id,
    /// What it was called.
    pub from: Name,
    /// The schema that it was in, where that is said.
    pub schema: Option<Name>,
    /// The value, attribute or column of `to` that has the new name; the object itself if there is none.
    pub value: Option<String>,
}

/// A rename as it is asked for: `public.users.name=full_name`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The old name, with as much in front of it as is needed.
    pub from: Vec<Name>,
    /// The new one, in front of it the schema that it comes to be in.
    pub to: Vec<Name>,
    /// The argument types of a function: `public.add(integer, integer)=plus`.
    pub types: Option<String>,
}

impl std::str::FromStr for Asked {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (from, to) = name::split_unquoted(text, '=').ok_or("say what becomes what: old=new")?;
        let parts = |text: &str| name::parts(text.trim()).ok_or("a name with a dot or a quote in it stands in quotes");
        let typed = |text: &'_ str| -> Result<(Vec<Name>, Option<String>), String> {
            let Some((name, types)) =
                text.trim_end().strip_suffix(')').and_then(|text| name::split_unquoted(text, '('))
            else {
                return Ok((parts(text)?, None));
            };
            Ok((parts(name)?, Some(types.split(',').map(str::trim).collect::<Vec<_>>().join(", "))))
        };
        let ((from, types), (to, same)) = (typed(from)?, typed(to)?);
        if same.is_some() && same != types {
            return Err("argument types have to be the same on both sides".to_owned());
        }
        Ok(Asked { from, to, types })
    }
}

impl std::fmt::Display for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let types = self.types.as_ref().map(|types| format!("({types})")).unwrap_or_default();
        write!(f, "{}{types}={}", dotted(&self.from), dotted(&self.to))
    }
}

/// The wish behind each; `None` if there is no such thing to rename, or nothing that has the new name.
///
/// What stands in front of a name may have its old name or its new one.
pub fn wishes(asked: &[Asked], actual: &Catalog, desired: &Catalog) -> Vec<Option<Wish>> {
    let mut by_name: HashMap<Name, Vec<&Id>> = HashMap::new();
    for id in desired.objects.keys().filter(|_| !asked.is_empty()) {
        by_name.entry(id.name()).or_default().push(id);
    }
    let mut wishes: Vec<Option<Wish>> = vec![None; asked.len()];
    // A schema, a table in it, a column of that.
    for _ in 0..3 {
        let known: Vec<Wish> = wishes.iter().flatten().cloned().collect();
        let sides = Sides { actual, desired, by_name: &by_name, renames: resolve(&known, actual, desired) };
        for (asked, wish) in asked.iter().zip(&mut wishes).filter(|(_, wish)| wish.is_none()) {
            *wish = asked.wish(&sides).or_else(|| asked.wish_inside(&sides));
        }
    }
    wishes
}

/// Where what is asked for is looked for.
struct Sides<'a> {
    actual: &'a Catalog,
    desired: &'a Catalog,
    by_name: &'a HashMap<Name, Vec<&'a Id>>,
    renames: Vec<Rename>,
}

impl Asked {
    fn wish(&self, sides: &Sides) -> Option<Wish> {
        let Sides { actual, desired, by_name, .. } = sides;
        let ((from, outer), (to, home)) = (self.from.split_last()?, self.to.split_last()?);
        let moves = |id: &Id| home.len() == 1 && outer.len() == 1 && home != outer && id.home() == home;
        let old = |id: &Id| {
            let renamed = old_of(id, &sides.renames).renamed(from.clone());
            if moves(id) { renamed.moved(outer[0].clone()) } else { renamed }
        };
        // An index is a table's, and SQL names it by the schema.
        let is_in = |id: &Id| id.home().ends_with(outer) || id.tag == Tag::Index && id.home()[..1] == *outer;
        let fits = |id: &&Id| {
            !actual.has(id)
                && !desired.get(id).is_some_and(Object::is_inherited)
                && (moves(id) || is_in(id) || is_in(&old_of(id, &sides.renames)))
                && self.takes(id)
                && (actual.has(&old(id)) || id.home().len() > 1)
        };
        let mut ids: Vec<&Id> = by_name.get(to)?.iter().copied().filter(fits).collect();
        // A table and a column of one name: the one that was there under the old name, and of those the outermost.
        let rank = |id: &&Id| (!actual.has(&old(id)), id.path.len(), id.tag);
        ids.sort_by_key(rank);
        // Of several that are alike nobody knows which is meant.
        if matches!(&ids[..], [one, other, ..] if rank(one) == rank(other)) {
            return None;
        }
        let id = ids.first()?;
        let schema = outer.first().filter(|_| moves(id)).cloned();
        Some(Wish { to: (*id).clone(), from: from.clone(), schema, value: None })
    }

    /// Whether a routine takes what was said, where something was; types of `public` may be said without it, as everywhere.
    fn takes(&self, routine: &Id) -> bool {
        let Some(types) = &self.types else { return true };
        let taken = routine.path.last().map_or("", Name::as_str);
        let is_said = |(said, taken): (&str, &str)| said == taken || taken.strip_prefix("public.") == Some(said);
        types.split(", ").count() == taken.split(", ").count() && types.split(", ").zip(taken.split(", ")).all(is_said)
    }

    /// The wish for a value of an enum, an attribute of a composite type, or a column of a view.
    fn wish_inside(&self, sides: &Sides) -> Option<Wish> {
        let (from, outer) = self.from.split_last().filter(|(_, outer)| !outer.is_empty())?;
        let [to] = &self.to[..] else { return None };
        let has = |body: &Body, name: &Name| parts(body).iter().any(|part| *part == name.as_str());
        let fits = |(id, object): &(&Id, &Object)| {
            has(&object.body, to)
                && !has(&object.body, from)
                && (id.path.ends_with(outer) || old_of(id, &sides.renames).path.ends_with(outer))
        };
        let mut holders = sides.desired.objects.iter().filter(fits);
        let (holder, None) = (holders.next()?.0, holders.next()) else { return None };
        Some(Wish { to: holder.clone(), from: from.clone(), schema: None, value: Some(to.as_str().to_owned()) })
    }
}

/// What has names inside an object without being objects: values, attributes, columns of views.
fn parts(body: &Body) -> Vec<&str> {
    match body {
        Body::Enum(body) => body.labels.iter().map(String::as_str).collect(),
        Body::Composite(body) => body.attributes.iter().map(|attribute| attribute.name.as_str()).collect(),
        Body::View(View { columns, .. }) | Body::MaterializedView(MaterializedView { columns, .. }) => {
            columns.iter().map(|(name, _)| name.as_str()).collect()
        }
        _ => Vec::new(),
    }
}

/// A rename that applies: both its ends are there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rename {
    /// What was wished.
    pub wish: Wish,
    /// The id on the actual side.
    pub old: Id,
    /// Whether this was never there: it takes the old name of what another rename is about, and has one of its own until then.
    pub is_successor: bool,
    forward: Vec<Sql>,
    back: Vec<Sql>,
}

impl std::fmt::Display for Rename {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.wish.value {
            None if self.old.tag == Tag::Extension => write!(f, "move {} to another schema", self.old),
            None if self.wish.schema.is_some() => write!(f, "move {} to {}", self.old, dotted(&self.wish.to.path)),
            None => write!(f, "rename {} to {}", self.old, self.wish.to.name()),
            Some(value) => {
                let part = match self.old.tag {
                    Tag::Composite => "attribute",
                    Tag::Enum => "value",
                    _ => "column",
                };
                write!(f, "rename {part} {} of {} to {value}", self.wish.from.as_str(), self.old)
            }
        }
    }
}

/// The wishes that are not fulfilled yet, tables before their columns, and types before their values. Behind each is what
/// takes the old name.
pub fn resolve(wishes: &[Wish], actual: &Catalog, desired: &Catalog) -> Vec<Rename> {
    let mut wishes: Vec<&Wish> = wishes.iter().collect();
    wishes.sort_by_key(|wish| (wish.to.path.len(), wish.value.is_some()));
    if wishes.is_empty() {
        return Vec::new();
    }
    let taken = (slots(actual), slots(desired));
    let mut found: Vec<Rename> = Vec::new();
    for wish in wishes {
        let old = old_of(&wish.to, &found);
        // What is said of a schema that has another name itself is no move.
        let schema = wish.schema.clone().filter(|schema| old.home().len() == 1 && *schema != old.part(0));
        let wish = &Wish { schema, ..wish.clone() };
        match &wish.value {
            Some(value) => found.extend(of_value(wish, value, &old, actual, desired)),
            None => found.extend(of_object(wish, &found, actual, desired, &taken).unwrap_or_default()),
        }
    }
    found
}

impl Wish {
    /// An id as it was before this: under its old name, in its old schema.
    fn was(&self, id: &Id) -> Id {
        let old = id.renamed(self.from.clone());
        self.schema.iter().fold(old, |old, schema| old.moved(schema.clone()))
    }
}

/// A wish that cannot be fulfilled, since something else is to have the old name.
pub fn blocked<'w>(wishes: &'w [Wish], renames: &[Rename], actual: &Catalog, desired: &Catalog) -> Option<&'w Wish> {
    let is_open = |wish: &&Wish| {
        let here = old_of(&wish.to, renames);
        let waits = actual.has(&wish.was(&here)) && !actual.has(&here) && desired.has(&wish.to);
        wish.value.is_none() && waits && !renames.iter().any(|rename| rename.wish.to == wish.to)
    };
    wishes.iter().find(is_open)
}

/// Every name that is taken, and by what.
fn slots(catalog: &Catalog) -> HashMap<String, &Id> {
    let objects = catalog.objects.iter();
    objects.flat_map(|(id, object)| object.body.slots(id).into_iter().map(move |slot| (slot, id))).collect()
}

fn of_object(
    wish: &Wish,
    found: &[Rename],
    actual: &Catalog,
    desired: &Catalog,
    (actual_slots, desired_slots): &(HashMap<String, &Id>, HashMap<String, &Id>),
) -> Option<Vec<Rename>> {
    let here = old_of(&wish.to, found);
    let old = wish.was(&here);
    let (among, body) = (wish.was(&wish.to), &desired.get(&wish.to)?.body);
    let renamed = match wish.schema {
        Some(_) => wish.to.clone(),
        None => old.renamed(wish.to.name()),
    };
    let homeless = |schema: &Name| !desired.has(&Id::schema(schema));
    if !actual.has(&old) || actual.has(&renamed) || wish.schema.as_ref().is_some_and(homeless) {
        return None;
    }
    // A table's name is gone from its type, too, and an index may want the name of a sequence.
    // What it has itself is nobody else's: the NOT NULL of a column keeps its name.
    let own = (actual.get(&old).map(|was| was.body.slots(&old)).unwrap_or_default(), body.slots(&wish.to));
    let takers = |id: &Id, slots: &HashMap<String, &Id>, own: &[String]| {
        let wanted = body.slots(id).into_iter().filter(|slot| !own.contains(slot));
        wanted.filter_map(|slot| slots.get(&slot).copied().cloned()).collect::<BTreeSet<Id>>()
    };
    let is_taken = |id: &Id, slots: &HashMap<String, &Id>, own: &[String]| !takers(id, slots, own).is_empty();
    let mut successors = takers(&among, desired_slots, &own.1);
    successors.extend(desired.has(&among).then(|| among.clone()));
    // What has another name itself is none.
    let is_renamed = |id: &Id| wish.to == *id || found.iter().any(|rename| rename.wish.to == *id);
    if is_taken(&renamed, actual_slots, &own.0) || successors.iter().any(is_renamed) {
        return None;
    }
    let is_blocked = |side: &Catalog, id: &Id, name: &Name| match id.tag {
        Tag::Constraint => !can_be_called(side, id, name),
        Tag::DomainConstraint => matches!(side.get(&id.prefix(Tag::Domain, 2)).map(|object| &object.body),
            Some(Body::Domain(domain)) if domain.not_null_as.as_ref() == Some(name)),
        _ => false,
    };
    if is_blocked(desired, &wish.to, &wish.from) || is_blocked(actual, &old, &wish.to.name()) {
        return None;
    }
    // On the way between two schemas it has its old name in the new one.
    let between = wish.to.renamed(wish.from.clone());
    let (mut forward, mut back) = (Vec::new(), Vec::new());
    if between != wish.to {
        if wish.schema.is_some()
            && (is_taken(&between, desired_slots, &own.1) || is_taken(&between, actual_slots, &own.0))
        {
            return None;
        }
        forward.push(body.rename(&between, &wish.to.name())?);
        back.push(body.rename(&wish.to, &wish.from)?);
    }
    if let Some(schema) = &wish.schema {
        let alter = |id: &Id, schema: &Name| sql!("ALTER {} SET SCHEMA {}", body.designation(id), schema);
        forward.insert(0, alter(&among, &wish.to.part(0)));
        back.push(alter(&between, schema));
    }
    let rename = Rename { wish: wish.clone(), old, is_successor: false, forward, back };
    let aside = |id: &Id| {
        let free = body.slots(&among);
        let aside = successor(id, &old_of(id, found), actual, desired)?;
        let still = desired.get(id)?.body.slots(&id.renamed(aside.wish.from.clone()));
        (!still.iter().any(|slot| free.contains(slot))).then_some(aside)
    };
    let asides = successors.iter().map(aside).collect::<Option<Vec<_>>>()?;
    Some([rename].into_iter().chain(asides).collect())
}

/// What takes the old name, and is called otherwise until the plan is through; `here` is its id as long as others have their old
/// names.
fn successor(id: &Id, here: &Id, actual: &Catalog, desired: &Catalog) -> Option<Rename> {
    let object = desired.get(id).filter(|object| !object.is_inherited())?;
    let name = id.name().successor();
    let aside = id.renamed(name.clone());
    let old = here.renamed(name.clone());
    let wish = Wish { to: id.clone(), from: name.clone(), schema: None, value: None };
    let forward = vec![object.body.rename(&aside, &id.name())?];
    let back = vec![object.body.rename(id, &name)?];
    let is_free = !desired.has(&aside) && !actual.has(&old);
    is_free.then_some(Rename { wish, old, is_successor: true, forward, back })
}

/// Whether the server can give a constraint a name: never on a table made of a type, and not where an heir has one of that name,
/// or has this one of somebody else as well.
fn can_be_called(catalog: &Catalog, id: &Id, name: &Name) -> bool {
    let of = |line: &Id, name: &Name| catalog.get(&Id::new(id.tag, line.path[..2].iter().chain([name]).cloned()));
    let leaders = |object: &Object| object.needs.iter().filter(|need| need.id.tag == id.tag).count();
    let is_free = |line: &&Id| of(line, name).is_none() && of(line, &id.name()).is_none_or(|own| leaders(own) < 2);
    let table = &id.path[..2];
    catalog.below(Tag::OfType, table).next().is_none() && catalog.descent_of(table).iter().all(is_free)
}

fn of_value(wish: &Wish, value: &str, old: &Id, actual: &Catalog, desired: &Catalog) -> Option<Rename> {
    let (before, after) = (parts(&actual.get(old)?.body), parts(&desired.get(&wish.to)?.body));
    let has = |values: &[&str], value: &str| values.contains(&value);
    let from = wish.from.as_str();
    if !has(&before, from) || has(&before, value) || has(&after, from) || !has(&after, value) {
        return None;
    }
    let on = desired.get(&wish.to)?.body.designation(&wish.to);
    let rename = |a: &str, b: &str| match wish.to.tag {
        Tag::Composite => sql!("ALTER {} RENAME ATTRIBUTE {} TO {} CASCADE", on, Name::from(a), Name::from(b)),
        Tag::Enum => sql!("ALTER {} RENAME VALUE {} TO {}", on, Literal(a), Literal(b)),
        _ => sql!("ALTER {} RENAME COLUMN {} TO {}", on, Name::from(a), Name::from(b)),
    };
    let (forward, back) = (vec![rename(from, value)], vec![rename(value, from)]);
    Some(Rename { wish: wish.clone(), old: old.clone(), is_successor: false, forward, back })
}

/// Extensions that come to be in another schema: what is made of their types and functions has only other words then.
pub fn moved_extensions(actual: &Catalog, desired: &Catalog) -> Vec<Rename> {
    let moved = |(id, object): (&Id, &Object)| {
        let (Body::Extension(old), Body::Extension(new)) = (&actual.get(id)?.body, &object.body) else { return None };
        let moves = old.schema != new.schema && old.relocatable && desired.has(&Id::schema(&old.schema));
        let to = |schema: &Name| vec![sql!("ALTER EXTENSION {} SET SCHEMA {}", id.name(), schema)];
        let wish = Wish { to: id.clone(), from: id.name(), schema: Some(old.schema.clone()), value: None };
        moves.then(|| Rename {
            wish,
            old: id.clone(),
            is_successor: false,
            forward: to(&new.schema),
            back: to(&old.schema),
        })
    };
    desired.below(Tag::Extension, &[]).filter_map(moved).collect()
}

/// Those that somebody knows of.
pub fn asked_for(renames: &[Rename]) -> impl Iterator<Item = &Rename> {
    renames.iter().filter(|rename| !rename.is_successor)
}

/// What an object is called until the renames are made: what it stands in, a table or a schema, may have another name too.
pub fn old_of(id: &Id, renames: &[Rename]) -> Id {
    let contains = |outer: &Id| outer.tag == Tag::Schema || outer.path.len() == 2;
    let is_inside =
        |outer: &Id| contains(outer) && outer.path.len() < id.path.len() && id.path.starts_with(&outer.path);
    let objects = renames.iter().filter(|rename| rename.wish.value.is_none());
    let renamed = objects.filter(|rename| rename.wish.to == *id || is_inside(&rename.wish.to));
    match renamed.max_by_key(|rename| rename.wish.to.path.len()) {
        Some(Rename { old, .. }) => Id::new(id.tag, old.path.iter().chain(&id.path[old.path.len()..]).cloned()),
        None => id.clone(),
    }
}

/// The statements that give the old names back: what is inside a table first.
pub fn back(renames: &[Rename]) -> Vec<Statement> {
    renames.iter().rev().flat_map(|rename| &rename.back).map(|sql| sql.clone().into()).collect()
}

/// The statements that give the new names.
pub fn forward(renames: &[Rename]) -> Vec<Statement> {
    renames.iter().flat_map(|rename| &rename.forward).map(|sql| sql.clone().into()).collect()
}

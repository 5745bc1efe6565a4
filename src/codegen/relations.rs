//! What tables have to do with each other: from foreign keys, and as the options name it.

use super::definition::ForeignKey;
use super::tables::{Column, Table, Taken};
use super::{Error, LeftOut, Options, RelationKind, Relationship, naming};
use crate::kind::dotted;
use crate::model::table::Cascade;
use crate::name::Name;
use crate::sql::Sql;

/// A way from the rows of one table to those of another.
#[derive(Clone, Debug)]
pub struct Relation {
    /// What it is called.
    pub name: String,
    /// The number of the other table.
    pub target: usize,
    /// Whether a row may have several of the other.
    pub many: bool,
    /// The columns of this table that lead there.
    pub own: Vec<usize>,
    /// The columns of the other table that they lead to.
    pub theirs: Vec<usize>,
    /// The table in between.
    pub through: Option<Through>,
    /// Their order.
    pub order: Option<Sql>,
    /// For the documentation.
    pub comment: Option<String>,
    /// What becomes of the others before a row is deleted, where the server does not do it by itself.
    pub cascade: Option<Cascade>,
}

/// A table in between, and its columns that refer to both ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Through {
    /// Its number.
    pub table: usize,
    /// Its columns that refer to this table's.
    pub own: Vec<usize>,
    /// Its columns that refer to the other's.
    pub theirs: Vec<usize>,
}

impl Relation {
    fn is_same_way(&self, other: &Relation) -> bool {
        let way = |of: &Relation| (of.target, of.own.clone(), of.theirs.clone(), of.through.clone());
        way(self) == way(other)
    }

    /// The table that holds the other ends of the keys, and those columns of it: the target's, or the link's.
    pub fn far_side<'t>(&self, tables: &'t [Table]) -> Vec<&'t Column> {
        let (table, numbers) = match &self.through {
            Some(through) => (through.table, &through.own),
            None => (self.target, &self.theirs),
        };
        numbers.iter().map(|number| &tables[table].columns[*number]).collect()
    }

    /// The columns of this table, `at`, and what they meet.
    pub fn pairs<'t>(&self, at: usize, tables: &'t [Table]) -> Vec<(&'t Column, &'t Column)> {
        let own = self.own.iter().map(|number| &tables[at].columns[*number]);
        own.zip(self.far_side(tables)).collect()
    }
}

/// The relations of every table, by number: those that the options name, then those that foreign keys tell.
///
/// # Errors
/// If there is no foreign key, or more than one, behind one that the options name.
pub fn all(tables: &[Table], options: &Options, left_out: &mut Vec<LeftOut>) -> Result<Vec<Vec<Relation>>, Error> {
    (0..tables.len()).map(|at| of(at, tables, options, left_out)).collect()
}

fn of(at: usize, tables: &[Table], options: &Options, left_out: &mut Vec<LeftOut>) -> Result<Vec<Relation>, Error> {
    let here = &tables[at];
    let mut out: Vec<Relation> = Vec::new();
    for wanted in options.relationships.iter().filter(|wanted| wanted.table == here.path) {
        match wanted.through.iter().chain([&wanted.target]).find(|path| number(tables, *path).is_none()) {
            None => out.push(named(at, tables, wanted)?),
            Some(missing) => {
                let why = format!("no relationship `{}`: there is no code for {}", wanted.name, dotted(missing));
                left_out.push(LeftOut::new(format!("table {}", dotted(&here.path)), why));
            }
        }
    }
    let derived = derived(at, tables);
    out.extend(derived.into_iter().filter(|one| !out.iter().any(|other| other.is_same_way(one))).collect::<Vec<_>>());
    for key in here.foreign_keys.iter().filter(|key| number(tables, &key.table).is_none()) {
        let columns = Sql::join(&key.columns, ", ");
        let why = format!("no relationship by ({columns}): there is no code for {}", dotted(&key.table));
        left_out.push(LeftOut::new(format!("table {}", dotted(&here.path)), why));
    }
    let mut taken = Taken::new();
    for relation in &mut out {
        let plain = naming::snake(&relation.name).trim_start_matches("r#").to_owned();
        relation.name = naming::unique(plain, "_", &mut taken);
    }
    // Keys of a map have to be equal and hashable.
    out.retain(|relation| {
        let odd = relation.own.iter().map(|own| &here.columns[*own]).find(|column| !column.rust.hashable);
        left_out.extend(odd.map(|column| {
            let why = format!("no `load_{}`: {} is no key of a map", relation.name, column.rust.text);
            LeftOut::new(format!("column {}.{}", dotted(&here.path), column.name), why)
        }));
        odd.is_none()
    });
    Ok(out)
}

fn derived(at: usize, tables: &[Table]) -> Vec<Relation> {
    let here = &tables[at];
    let mut out: Vec<Relation> = here.foreign_keys.iter().filter_map(|key| belongs_to(at, tables, key)).collect();
    for (from, table) in tables.iter().enumerate() {
        let keys: Vec<&ForeignKey> = table.foreign_keys.iter().filter(|key| key.table == here.path).collect();
        for key in &keys {
            let by = keys.len() > 1 || from == at;
            out.extend(has(at, tables, from, key, by));
        }
    }
    for (middle, table) in tables.iter().enumerate() {
        if let [first, second] = table.foreign_keys.as_slice()
            && is_only_a_link(table, first, second)
        {
            out.extend(through(at, tables, middle, first, second));
            out.extend(through(at, tables, middle, second, first));
        }
    }
    out
}

/// Whether the primary key is made of these two foreign keys and nothing else.
fn is_only_a_link(table: &Table, first: &ForeignKey, second: &ForeignKey) -> bool {
    let mut both = [first.columns.as_slice(), second.columns.as_slice()].concat();
    let mut key: Vec<Name> = table.key.iter().map(|number| table.columns[*number].name.clone()).collect();
    both.sort();
    key.sort();
    !key.is_empty() && both == key
}

fn number(tables: &[Table], path: &[Name]) -> Option<usize> {
    tables.iter().position(|table| table.path == path)
}

/// `user_id` belongs to `user`.
fn belongs_name(tables: &[Table], key: &ForeignKey) -> String {
    let target = || number(tables, &key.table).map_or_else(String::new, |at| naming::snake(&tables[at].struct_name));
    match key.columns.as_slice() {
        [column] => {
            let column = naming::snake(column.as_str());
            column.strip_suffix("_id").map_or_else(|| column.clone(), str::to_owned)
        }
        _ => target(),
    }
}

fn belongs_to(at: usize, tables: &[Table], key: &ForeignKey) -> Option<Relation> {
    let target = number(tables, &key.table)?;
    Some(Relation {
        name: belongs_name(tables, key),
        target,
        many: false,
        own: tables[at].numbers(&key.columns)?,
        theirs: tables[target].numbers(&key.targets)?,
        through: None,
        order: None,
        comment: None,
        cascade: None,
    })
}

fn has(at: usize, tables: &[Table], from: usize, key: &ForeignKey, by: bool) -> Option<Relation> {
    let many = !tables[from].is_unique(&key.columns);
    let name =
        if many { naming::snake(tables[from].path[1].as_str()) } else { naming::snake(&tables[from].struct_name) };
    Some(Relation {
        name: if by { format!("{name}_by_{}", belongs_name(tables, key)) } else { name },
        target: from,
        many,
        own: tables[at].numbers(&key.targets)?,
        theirs: tables[from].numbers(&key.columns)?,
        through: None,
        order: None,
        comment: None,
        cascade: None,
    })
}

/// From this table over `near` of the table in between to what `far` refers to.
fn through(at: usize, tables: &[Table], middle: usize, near: &ForeignKey, far: &ForeignKey) -> Option<Relation> {
    if near.table != tables[at].path {
        return None;
    }
    let target = number(tables, &far.table)?;
    let link = &tables[middle];
    let name = naming::snake(tables[target].path[1].as_str());
    Some(Relation {
        name: if target == at { format!("{name}_by_{}", belongs_name(tables, near)) } else { name },
        target,
        many: true,
        own: tables[at].numbers(&near.targets)?,
        theirs: tables[target].numbers(&far.targets)?,
        through: Some(Through {
            table: middle,
            own: link.numbers(&near.columns)?,
            theirs: link.numbers(&far.columns)?,
        }),
        order: None,
        comment: None,
        cascade: None,
    })
}

/// A relation that the options name.
fn named(at: usize, tables: &[Table], wanted: &Relationship) -> Result<Relation, Error> {
    let path = |path: &[Name; 2]| format!("{}.{}", path[0], path[1]);
    let wrong = |why: &str| Error::Relationship {
        table: path(&wanted.table),
        name: wanted.name.clone(),
        target: path(&wanted.target),
        why: why.to_owned(),
    };
    let target = number(tables, &wanted.target).ok_or_else(|| wrong("no code is generated for that table"))?;
    let fits =
        |key: &&ForeignKey, to: &[Name; 2]| key.table == *to && (wanted.via.is_empty() || key.columns == wanted.via);
    let keys = |from: usize, to: usize| {
        tables[from].foreign_keys.iter().filter(move |key| fits(key, &tables[to].path)).collect::<Vec<_>>()
    };
    let only = |keys: Vec<&ForeignKey>| match keys.as_slice() {
        [key] => Ok((*key).clone()),
        [] => Err(wrong("no foreign key is behind it")),
        _ => Err(wrong("several foreign keys may be behind it: say which with `via`")),
    };
    let mut by_server = None;
    let found = match (&wanted.through, wanted.kind) {
        (Some(middle), _) => {
            let middle =
                number(tables, middle).ok_or_else(|| wrong("no code is generated for the table in between"))?;
            let near = only(keys(middle, at))?;
            let to_target = |key: &&ForeignKey| key.table == wanted.target && **key != near;
            let far = only(tables[middle].foreign_keys.iter().filter(to_target).collect())?;
            through(at, tables, middle, &near, &far)
        }
        (None, RelationKind::BelongsTo) => belongs_to(at, tables, &only(keys(at, target))?),
        (None, RelationKind::HasOne | RelationKind::HasMany) => {
            let key = only(keys(target, at))?;
            by_server = key.on_delete;
            has(at, tables, target, &key, false)
        }
    };
    let mut relation = found.ok_or_else(|| wrong("its foreign key names a column that is not there"))?;
    if wanted.kind == RelationKind::HasOne && relation.many && wanted.order.is_none() {
        return Err(wrong(
            "no unique key says that there is only one: make it `has_many`, or say with `order` which is the first",
        ));
    }
    relation.name.clone_from(&wanted.name);
    relation.many = wanted.kind == RelationKind::HasMany;
    relation.order.clone_from(&wanted.order);
    relation.comment.clone_from(&wanted.comment);
    if wanted.cascade.is_some() && (wanted.through.is_some() || wanted.kind == RelationKind::BelongsTo) {
        return Err(wrong("`cascade` is for rows that refer to this table themselves"));
    }
    relation.cascade = wanted.cascade.filter(|cascade| by_server != Some(*cascade));
    Ok(relation)
}

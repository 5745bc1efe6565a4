//! What tables have to do with each other: from foreign keys, and as the options name it.

use super::definition::ForeignKey;
use super::tables::{Table, Taken};
use super::{Error, Options, RelationKind, Relationship, naming};
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
}

/// The relations of the table of number `at`: those that the options name, then those that foreign keys tell.
///
/// # Errors
/// If there is no foreign key, or more than one, behind one that the options name.
pub fn of(at: usize, tables: &[Table], options: &Options) -> Result<Vec<Relation>, Error> {
    let path = &tables[at].path;
    let derived = derived(at, tables);
    let mut out = Vec::new();
    for wanted in options.relationships.iter().filter(|wanted| wanted.table == *path) {
        let relation = named(at, tables, wanted)?;
        if is_usable(at, tables, &relation) {
            out.push(relation);
        }
    }
    let unnamed = derived.into_iter().filter(|one| !out.iter().any(|other: &Relation| other.is_same_way(one)));
    let unnamed: Vec<Relation> = unnamed.filter(|one| is_usable(at, tables, one)).collect();
    out.extend(unnamed);
    let mut taken = Taken::new();
    for relation in &mut out {
        let plain = naming::snake(&relation.name).trim_start_matches("r#").to_owned();
        relation.name = naming::unique(plain, "_", &mut taken);
    }
    Ok(out)
}

/// Keys of a map have to be equal and hashable, and of one type on both sides.
fn is_usable(at: usize, tables: &[Table], relation: &Relation) -> bool {
    let target = &tables[relation.target];
    relation.own.iter().zip(&relation.theirs).all(|(own, theirs)| {
        let (own, theirs) = (&tables[at].columns[*own].rust, &target.columns[*theirs].rust);
        own.hashable && (relation.through.is_some() || own.text == theirs.text)
    })
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

fn number(tables: &[Table], path: &[Name; 2]) -> Option<usize> {
    tables.iter().position(|table| table.path == *path)
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
            has(at, tables, target, &only(keys(target, at))?, false)
        }
    };
    let mut relation = found.ok_or_else(|| wrong("its foreign key names a column that is not there"))?;
    relation.name.clone_from(&wanted.name);
    relation.many = wanted.kind == RelationKind::HasMany;
    relation.order.clone_from(&wanted.order);
    relation.comment.clone_from(&wanted.comment);
    Ok(relation)
}

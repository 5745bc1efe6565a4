//! A schema as plain data: objects by id, and what each needs.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::facet;
use crate::kind::constraint::Form;
use crate::kind::inheritance::partitioned_parent;
use crate::kind::{Body, Id, Tag};
use crate::name::Name;

/// What is true of the server and database as a whole.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Server {
    /// `server_version_num`, 150018 for 15.18.
    pub version: u32,
    /// How many locks all its transactions together can hold; every object that one touches takes at least one.
    pub locks: u32,
    /// The role that reads, and will make what is new.
    #[serde(default)]
    pub role: Name,
    /// Where the database's tables are, unless that is `pg_default`.
    #[serde(default)]
    pub tablespace: Option<Name>,
    /// The casts that its extensions bring: `source AS target`, and `pg_cast.castcontext`.
    #[serde(default)]
    pub casts: BTreeMap<String, String>,
}

/// How a thing hangs on another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Strength {
    /// Dropping the other is refused while this exists.
    Normal,
    /// Dropping the other takes this along.
    Auto,
    /// Dropping the other takes this along, and yet this is made first (a sequence and its column).
    Owned,
    /// A copy of the other that the server keeps in step (a column of a partition, of an heir).
    Inherited,
    /// Its own and a copy of the other too: the other goes first, and changes it.
    Merged,
}

/// One thing that an object needs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Need {
    /// What is needed.
    pub id: Id,
    /// How.
    pub strength: Strength,
}

impl Need {
    /// Something without which this cannot be.
    pub fn normal(id: Id) -> Self {
        Need { id, strength: Strength::Normal }
    }

    /// Something that takes this along when it goes.
    pub fn auto(id: Id) -> Self {
        Need { id, strength: Strength::Auto }
    }
}

/// An object with all that hangs on it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Object {
    /// Its own definition.
    pub body: Body,
    /// What every kind may have: comment, owner, privileges.
    pub facets: facet::Boxed,
    /// Order among its siblings (a column's number); never compared.
    pub position: i32,
    /// What it needs, sorted.
    pub needs: Vec<Need>,
}

impl Object {
    /// The same thing of a parent table, which the server keeps this in step with.
    pub fn parent(&self) -> Option<&Id> {
        self.needs.iter().find(|need| need.strength == Strength::Inherited).map(|need| &need.id)
    }

    /// The same thing of a parent table, whose changes become its own.
    pub fn leader(&self) -> Option<&Id> {
        let leads = |need: &&Need| matches!(need.strength, Strength::Inherited | Strength::Merged);
        self.needs.iter().find(leads).map(|need| &need.id)
    }

    /// Whether the server keeps it in step with the same thing of a parent table.
    pub fn is_inherited(&self) -> bool {
        self.parent().is_some()
    }
}

/// Types whose values may hold those of others.
const HOLDERS: &[Tag] = &[Tag::Table, Tag::Composite, Tag::Domain, Tag::Range];

/// A schema: objects by id.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Catalog {
    /// Where it was read.
    pub server: Server,
    /// All objects.
    #[serde(with = "pairs")]
    pub objects: BTreeMap<Id, Object>,
    /// Objects of kinds that there are not, in the server's words: named to the user and left alone.
    #[serde(default)]
    pub strangers: Vec<String>,
    /// What the server made of objects that took over the other side's texts, which mean the same.
    #[serde(skip)]
    pub settled: BTreeMap<Id, Body>,
    /// By a parent: the lines of descent from it.
    #[serde(skip)]
    heirs: OnceLock<HashMap<Vec<Name>, Vec<Id>>>,
    /// By a column: the sequences that belong to it.
    #[serde(skip)]
    owned: OnceLock<HashMap<Vec<Name>, Vec<Id>>>,
    /// By a table: the foreign keys that refer to it.
    #[serde(skip)]
    referring: OnceLock<HashMap<Vec<Name>, Vec<Id>>>,
    /// Keys and indexes that something else than foreign keys and partitions stands on.
    #[serde(skip)]
    stood_on: OnceLock<HashSet<Id>>,
    #[serde(skip)]
    held: OnceLock<HashSet<Id>>,
    #[serde(skip)]
    lent: OnceLock<HashSet<Name>>,
    #[serde(skip)]
    inherited: OnceLock<HashSet<Name>>,
}

impl Catalog {
    /// An empty catalog of a server.
    pub fn empty(server: Server) -> Self {
        Catalog { server, ..Catalog::default() }
    }

    /// The object of this id.
    pub fn get(&self, id: &Id) -> Option<&Object> {
        self.objects.get(id)
    }

    /// What an object needs; nothing if it is not there.
    pub fn needs<'a>(&'a self, id: &Id) -> impl Iterator<Item = &'a Need> + use<'a> {
        self.get(id).into_iter().flat_map(|object| &object.needs)
    }

    /// The objects of a kind whose path begins with `prefix`, in order of their path.
    pub fn below<'a, 'p>(
        &'a self,
        tag: Tag,
        prefix: &'p [Name],
    ) -> impl Iterator<Item = (&'a Id, &'a Object)> + use<'a, 'p> {
        let first = Id::new(tag, prefix.iter().cloned());
        self.objects.range(first..).take_while(move |(id, _)| id.tag == tag && id.path.starts_with(prefix))
    }

    /// The columns of a table in their order.
    pub fn columns_of(&self, table: &[Name]) -> Vec<(&Id, &Object)> {
        let mut columns: Vec<_> = self.below(Tag::Column, table).collect();
        columns.sort_by_key(|(_, object)| object.position);
        columns
    }

    /// Which sort of table this is, by the letter of `pg_class`; empty where there is none.
    fn form_of(&self, table: &[Name]) -> &str {
        let id = Id::new(Tag::Table, table.iter().cloned());
        match self.get(&id).map(|object| &object.body) {
            Some(Body::Table(table)) => &table.form,
            _ => "",
        }
    }

    /// Whether this is a partitioned table.
    pub fn is_partitioned(&self, table: &[Name]) -> bool {
        self.form_of(table) == "p"
    }

    /// Whether the table has rows of its own, and is no foreign one.
    pub fn is_ordinary_table(&self, table: &[Name]) -> bool {
        self.form_of(table) == "r"
    }

    /// Whether its rows are on a foreign server.
    pub fn is_foreign_table(&self, table: &[Name]) -> bool {
        self.form_of(table) == "f"
    }

    /// Whether tables inherit from this one, as heirs or as partitions.
    pub fn has_heirs(&self, table: &[Name]) -> bool {
        !self.heirs_of(table).is_empty()
    }

    /// Whether a table has such, or is one.
    pub fn has_kin(&self, table: &[Name]) -> bool {
        self.has_heirs(table) || self.below(Tag::Inheritance, table).next().is_some()
    }

    /// The lines of descent from a table, to heirs or to partitions.
    pub fn heirs_of(&self, table: &[Name]) -> &[Id] {
        let heirs = self.heirs.get_or_init(|| {
            let mut heirs: HashMap<Vec<Name>, Vec<Id>> = HashMap::new();
            for (line, _) in self.below(Tag::Inheritance, &[]) {
                heirs.entry(line.path[2..].to_vec()).or_default().push(line.clone());
            }
            heirs
        });
        heirs.get(table).map_or(&[], Vec::as_slice)
    }

    /// The sequences that belong to a column.
    pub fn sequences_of(&self, column: &[Name]) -> &[Id] {
        let owned = self.owned.get_or_init(|| {
            let mut owned: HashMap<Vec<Name>, Vec<Id>> = HashMap::new();
            for (line, object) in self.below(Tag::OwnedBy, &[]) {
                if let Body::OwnedBy(own) = &object.body {
                    owned.entry(own.column.to_vec()).or_default().push(line.anchor());
                }
            }
            owned
        });
        owned.get(column).map_or(&[], Vec::as_slice)
    }

    /// The lines of descent from a table at any depth.
    pub fn descent_of(&self, table: &[Name]) -> Vec<&Id> {
        let mut found: Vec<&Id> = self.heirs_of(table).iter().collect();
        let mut at = 0;
        while let Some(line) = found.get(at) {
            found.extend(self.heirs_of(&line.path[..2]));
            at += 1;
        }
        found
    }

    /// Whether code stands on a key or an index: a query that groups by the key, an insert that names it.
    pub fn is_stood_on(&self, key: &Id) -> bool {
        let stood_on = self.stood_on.get_or_init(|| {
            let is_code = |id: &Id| ![Tag::Constraint, Tag::Index, Tag::IndexPartition].contains(&id.tag);
            let code = self.objects.iter().filter(|(id, _)| is_code(id));
            let needs = code.flat_map(|(_, object)| &object.needs).map(|need| &need.id);
            needs.filter(|id| [Tag::Constraint, Tag::Index].contains(&id.tag)).cloned().collect()
        });
        stood_on.contains(key)
    }

    /// The foreign keys that refer to the rows of a table, as its own or as a partition's.
    pub fn referring_to(&self, table: &[Name]) -> Vec<&Id> {
        let referring = self.referring.get_or_init(|| {
            let mut referring: HashMap<Vec<Name>, Vec<Id>> = HashMap::new();
            for (id, object) in self.below(Tag::Constraint, &[]) {
                if matches!(&object.body, Body::Constraint(constraint) if constraint.form == Form::ForeignKey) {
                    // The key that it goes by is the other table's.
                    let keys = object.needs.iter().filter(|need| [Tag::Constraint, Tag::Index].contains(&need.id.tag));
                    let mut tables: Vec<_> = keys.map(|need| need.id.path[..2].to_vec()).collect();
                    tables.dedup();
                    tables.into_iter().for_each(|table| referring.entry(table).or_default().push(id.clone()));
                }
            }
            referring
        });
        let mut found: Vec<&Id> = referring.get(table).into_iter().flatten().collect();
        for (line, object) in self.below(Tag::Inheritance, table) {
            found.extend(
                partitioned_parent(line, &object.body).into_iter().flat_map(|parent| self.referring_to(parent)),
            );
        }
        found
    }

    /// Whether columns, be it of materialized views, hold values of this type, or rows of this table, be it within others.
    pub fn is_held(&self, id: &Id) -> bool {
        let held = self.held.get_or_init(|| {
            let parts = |id: &Id, object: &Object| -> Vec<Id> {
                let others = object.needs.iter().filter(|need| !id.path.starts_with(&need.id.path));
                others.map(|need| need.id.clone()).filter(|of| HOLDERS.contains(&of.tag)).collect()
            };
            let views = self.below(Tag::MaterializedView, &[]).flat_map(|(id, object)| {
                let holds = |of: &Id| matches!(&object.body, Body::MaterializedView(view) if view.holds(of));
                parts(id, object).into_iter().filter(holds).collect::<Vec<_>>()
            });
            let columns = self.below(Tag::Column, &[]).flat_map(|(id, object)| parts(id, object));
            let mut next: Vec<Id> = columns.chain(views).collect();
            let mut held = HashSet::new();
            while let Some(id) = next.pop() {
                if held.insert(id.clone()) {
                    next.extend(
                        self.get(&id).filter(|_| id.tag != Tag::Table).into_iter().flat_map(|of| parts(&id, of)),
                    );
                }
            }
            held
        });
        held.contains(id)
    }

    /// Whether a NOT NULL elsewhere has this name, which is another column's or domain's by right: the server would not choose it again.
    pub fn has_lent(&self, name: &Name) -> bool {
        let lent = self.lent.get_or_init(|| {
            let columns = self.below(Tag::Column, &[]).filter_map(|(id, object)| match &object.body {
                Body::Column(column) => column.not_null_as.as_ref().filter(|not_null| !not_null.is_plain(id)),
                _ => None,
            });
            let domains = self.below(Tag::Domain, &[]).filter_map(|(_, object)| match &object.body {
                Body::Domain(domain) => domain.not_null_as.clone(),
                _ => None,
            });
            columns.map(|not_null| not_null.name.clone()).chain(domains).collect()
        });
        lent.contains(name)
    }

    /// Whether heirs or partitions have a NOT NULL of this name of their parents: nor would the server choose that.
    pub fn has_inherited(&self, name: &Name) -> bool {
        let inherited = self.inherited.get_or_init(|| {
            let columns = self.below(Tag::Column, &[]).filter_map(|(_, object)| match &object.body {
                Body::Column(column) => column.led_not_null.0.clone(),
                _ => None,
            });
            columns.collect()
        });
        inherited.contains(name)
    }

    /// Whether `part` is made once `whole` is announced, and goes with it: the functions of a base type.
    pub fn is_part(&self, part: &Id, whole: &Id) -> bool {
        let needs = |a: &Object, b: &Id| a.needs.iter().any(|need| need.id == *b);
        let (Some(own), Some(object)) = (self.get(part), self.get(whole)) else { return false };
        object.body.announce(whole).is_some() && needs(object, part) && needs(own, whole)
    }

    /// The object that a part belongs to: the table, view or materialized view of an index, trigger, …; else itself.
    pub fn whole(&self, id: &Id) -> Id {
        let anchor = id.anchor();
        let holders = [anchor.tag, Tag::View, Tag::MaterializedView].map(|tag| anchor.prefix(tag, anchor.path.len()));
        match (anchor == *id, anchor.tag) {
            (false, Tag::Table) => holders.into_iter().find(|id| self.has(id)).unwrap_or(anchor),
            _ => anchor,
        }
    }

    /// Whether there is such an object.
    pub fn has(&self, id: &Id) -> bool {
        self.objects.contains_key(id)
    }
}

/// A catalog that a server wrote: the only sort that can be compared.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Canonical(Catalog);

impl Canonical {
    /// Vouches that a server deparsed every text in it. For `db::read`.
    pub(crate) fn from_server(catalog: Catalog) -> Self {
        Canonical(catalog)
    }

    /// What a server has before anything is made, as far as a catalog looks at that.
    pub(crate) fn nothing(server: Server) -> Self {
        Canonical(Catalog::empty(server))
    }

    /// The same catalog changed by a rule that keeps the texts the server's (filters, facets carried over).
    pub(crate) fn map(mut self, change: impl FnOnce(&mut Catalog)) -> Self {
        self.change(change);
        self
    }

    /// The same in place.
    pub(crate) fn change(&mut self, change: impl FnOnce(&mut Catalog)) {
        change(&mut self.0);
    }
}

impl std::ops::Deref for Canonical {
    type Target = Catalog;

    fn deref(&self) -> &Catalog {
        &self.0
    }
}

/// JSON has no maps with structured keys: a list of pairs.
mod pairs {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serializer};

    use super::{Id, Object};

    pub fn serialize<S: Serializer>(map: &BTreeMap<Id, Object>, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(map)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<Id, Object>, D::Error> {
        Ok(Vec::<(Id, Object)>::deserialize(from)?.into_iter().collect())
    }
}

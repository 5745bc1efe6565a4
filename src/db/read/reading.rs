//! Makes a catalog of rows: objects of their addresses, and needs of the lines between these.

use std::collections::{BTreeSet, HashMap, HashSet};

use tokio_postgres::Row;

use super::acl::{grants, owner_rights};
use crate::catalog::{Catalog, Need, Object, Server, Strength};
use crate::db::Error;
use crate::facet::{self, Facets};
use crate::kind::function::Function;
use crate::kind::{Body, Id, Tag};
use crate::name::Name;
use crate::sql::aliases::without_lists;

/// Catalog, object and part, as `pg_depend` has them.
pub type Address = (u32, u32, i32);

/// A schema as far as it is read.
#[derive(Default)]
pub struct Reading {
    pub catalog: Catalog,
    ids: HashMap<Address, Id>,
    /// What an address is a part of.
    whole: HashMap<Address, Address>,
    names: HashMap<String, Name>,
    dependencies: Vec<Dependency>,
}

/// A row of `pg_depend`, or a line from a parent's column or check to an heir's.
struct Dependency {
    from: Address,
    to: Address,
    sort: Sort,
}

enum Sort {
    /// `deptype`
    Recorded(char),
    Descent(Strength),
}

/// The oid of `pg_namespace`, `src/include/catalog/pg_namespace.h`.
const SCHEMAS: u32 = 2615;

fn address(row: &Row, at: usize) -> Result<Address, Error> {
    Ok((row.try_get(at)?, row.try_get(at + 1)?, row.try_get(at + 2)?))
}

/// The object at an address, or the one that the address is a part of.
fn resolve<'a>(ids: &'a HashMap<Address, Id>, whole: &HashMap<Address, Address>, mut at: Address) -> Option<&'a Id> {
    for _ in 0..8 {
        if let Some(id) = ids.get(&at).or_else(|| ids.get(&(at.0, at.1, 0))) {
            return Some(id);
        }
        at = *whole.get(&at).or_else(|| whole.get(&(at.0, at.1, 0)))?;
    }
    None
}

impl Reading {
    /// Nothing read yet.
    pub fn of(server: Server) -> Reading {
        Reading { catalog: Catalog::empty(server), ..Reading::default() }
    }

    pub fn object(&mut self, tag: Tag, row: &Row) -> Result<(), Error> {
        let path: Vec<&str> = row.try_get("path")?;
        let path = path.into_iter().map(|text| self.name(text)).collect::<Vec<_>>();
        let id = Id::new(tag, path);
        let json: &str = row.try_get("body")?;
        let body = tag.parse(json).map_err(|source| Error::Row { id: id.clone(), source })?;
        let owner: Option<&str> = row.try_get("owner")?;
        let owner = owner.map(|text| self.name(text));
        let acl: Option<Vec<String>> = row.try_get("acl")?;
        let grants = acl.as_ref().map(|items| grants(items, owner.as_ref()));
        let full: Option<Vec<String>> = row.try_get("full_acl")?;
        let owner_rights = acl.zip(full).and_then(|(items, full)| owner_rights(&items, &full, owner.as_ref()));
        let facets = Facets { owner, grants, owner_rights, ..Facets::default() };
        let position = row.try_get::<_, Option<i32>>("position")?.unwrap_or_default();
        if let Some(class) = row.try_get("class")? {
            self.ids.insert((class, row.try_get("oid")?, row.try_get("sub")?), id.clone());
        }
        self.catalog.objects.insert(id, Object { body, facets: facets.into(), position, needs: Vec::new() });
        Ok(())
    }

    /// One allocation for equal names.
    fn name(&mut self, text: &str) -> Name {
        match self.names.get(text) {
            Some(name) => name.clone(),
            None => {
                let name = Name::from(text);
                self.names.insert(text.to_owned(), name.clone());
                name
            }
        }
    }

    pub fn comment(&mut self, row: &Row) -> Result<(), Error> {
        let (class, oid, sub) = address(row, 0)?;
        let text: String = row.try_get(3)?;
        if let Some(id) = self.ids.get(&(class, oid, sub)) {
            if let Some(object) = self.catalog.objects.get_mut(id) {
                object.facets.comment = Some(text);
            }
        } else if let (Some(id), Some(column)) =
            (resolve(&self.ids, &self.whole, (class, oid, 0)), row.try_get::<_, Option<&str>>(4)?)
            && let Some(object) = self.catalog.objects.get_mut(id)
        {
            object.facets.column_comments.insert(Name::from(column), text);
        }
        Ok(())
    }

    pub fn leave_out_usual_comments(&mut self) {
        for (id, object) in &mut self.catalog.objects {
            let Some(usual) = facet::usual_comment(id) else { continue };
            let comment = object.facets.comment.take().unwrap_or_default();
            object.facets.comment = (comment != usual).then_some(comment);
        }
    }

    /// The object whose address a row begins with.
    fn object_at(&mut self, row: &Row) -> Result<Option<&mut Object>, Error> {
        let id = self.ids.get(&address(row, 0)?);
        Ok(id.and_then(|id| self.catalog.objects.get_mut(id)))
    }

    pub fn label(&mut self, row: &Row) -> Result<(), Error> {
        if let Some(object) = self.object_at(row)? {
            object.facets.labels.insert(Name::from(row.try_get::<_, &str>(3)?), row.try_get(4)?);
        }
        Ok(())
    }

    pub fn extension(&mut self, row: &Row) -> Result<(), Error> {
        if let Some(object) = self.object_at(row)? {
            object.facets.extensions.insert(Name::from(row.try_get::<_, &str>(3)?));
        }
        Ok(())
    }

    pub fn column_grant(&mut self, row: &Row) -> Result<(), Error> {
        if let Some(object) = self.object_at(row)? {
            let items: Vec<String> = row.try_get(4)?;
            let column = Name::from(row.try_get::<_, &str>(3)?);
            let owner = row.try_get::<_, Option<&str>>(5)?.map(Name::from);
            let grants = grants(&items, owner.as_ref());
            if !grants.is_empty() {
                object.facets.column_grants.insert(column, grants);
            }
        }
        Ok(())
    }

    /// What is part of something else (a row type, the index of a constraint, a member of an extension) stands for that.
    pub fn dependency(&mut self, row: &Row) -> Result<(), Error> {
        let (from, to) = (address(row, 0)?, address(row, 3)?);
        let sort = row.try_get::<_, &str>(6)?.chars().next().unwrap_or_default();
        if matches!(sort, 'i' | 'e') && !self.ids.contains_key(&from) {
            self.whole.insert(from, to);
        }
        self.dependencies.push(Dependency { from, to, sort: Sort::Recorded(sort) });
        Ok(())
    }

    pub fn heir(&mut self, row: &Row) -> Result<(), Error> {
        let strength = if row.try_get(6)? { Strength::Merged } else { Strength::Inherited };
        self.dependencies.push(Dependency {
            from: address(row, 0)?,
            to: address(row, 3)?,
            sort: Sort::Descent(strength),
        });
        Ok(())
    }

    pub fn needs(&mut self) {
        let resolve = |at: Address| resolve(&self.ids, &self.whole, at);
        let mut needs: Vec<(Id, Need)> = Vec::new();
        for Dependency { from: at, to, sort } in &self.dependencies {
            let strength = match sort {
                Sort::Descent(strength) => *strength,
                // What is only a part of something, as a key's index is, does not take the whole along.
                Sort::Recorded('a') if !self.ids.contains_key(at) => Strength::Normal,
                Sort::Recorded('n') => Strength::Normal,
                Sort::Recorded('a' | 'i' | 'P' | 'S' | 'x') => Strength::Auto,
                Sort::Recorded(_) => continue,
            };
            if let (Some(from), Some(to)) = (resolve(*at), resolve(*to))
                && from != to
                && let Some(strength) = weigh(from, to, strength)
            {
                needs.push((from.clone(), Need { id: to.clone(), strength }));
            }
        }
        for (id, object) in &self.catalog.objects {
            needs.extend(object.body.needs(id, &self.catalog).into_iter().map(|need| (id.clone(), need)));
        }
        needs.sort_unstable();
        needs.dedup();
        let mut needs = needs.into_iter().peekable();
        for (id, object) in &mut self.catalog.objects {
            // What is not there any more has none.
            while needs.next_if(|(from, _)| from < id).is_some() {}
            let mut own = Vec::new();
            while let Some((_, need)) = needs.next_if(|(from, _)| from == id) {
                own.push(need);
            }
            own.shrink_to_fit();
            object.needs = own;
        }
    }

    /// Rows of a table have its names wherever a function returns them, in whatever order its columns are.
    pub fn leave_out_lists(&mut self) {
        let catalog = &self.catalog;
        let rows = |(id, object): (&Id, &Object)| {
            let Body::Function(Function { result: Some(result), .. }) = &object.body else { return None };
            let result = result.as_str().trim_start_matches("SETOF ");
            let mut tables = object.needs.iter().map(|need| &need.id).filter(|id| id.tag == Tag::Table);
            let table = tables.find(|table| table.relation().as_str() == result)?;
            let columns = catalog.columns_of(&table.path).into_iter().map(|(column, _)| column.name());
            Some((id.clone(), columns.collect::<Vec<Name>>()))
        };
        let returning: HashMap<Id, Vec<Name>> = catalog.below(Tag::Function, &[]).filter_map(rows).collect();
        if returning.is_empty() {
            return;
        }
        for object in self.catalog.objects.values_mut() {
            let called = object.needs.iter().filter(|need| need.id.tag == Tag::Function);
            for (function, columns) in called.filter_map(|need| returning.get_key_value(&need.id)) {
                for text in object.body.texts() {
                    if let Some(shorter) = without_lists(text.as_str(), &function.part(1), columns) {
                        text.0 = shorter;
                    }
                }
            }
        }
    }

    /// What stands in a managed schema, is no part of anything known, and is of no kind that there is.
    pub fn strangers(&self) -> BTreeSet<Address> {
        let is_known = |address: &Address| self.ids.contains_key(address) || self.whole.contains_key(address);
        let in_schema = |on: &Address| on.0 == SCHEMAS && self.ids.contains_key(on);
        let strange = |line: &&Dependency| in_schema(&line.to) && !is_known(&line.from);
        self.dependencies.iter().filter(strange).map(|line| line.from).collect()
    }

    /// What stands on strangers cannot be made without them, and becomes one.
    pub fn leave_to(&mut self, strangers: &BTreeSet<Address>) {
        let mut left: HashSet<Id> = HashSet::new();
        for Dependency { from, to, .. } in &self.dependencies {
            let whole = self.whole.get(to).unwrap_or(to);
            if strangers.contains(to) || strangers.contains(whole) {
                left.extend(resolve(&self.ids, &self.whole, *from).cloned());
            }
        }
        self.leave(left);
    }

    /// The tool's own ledger is nobody's schema; nor is what stands on it, which can be made only where one is.
    pub fn leave_out(&mut self, ledger: &str) {
        let is_ledger = |id: &Id| id.path.len() >= 2 && id.path[1].as_str() == ledger && id.tag != Tag::Function;
        self.catalog.objects.retain(|id, _| !is_ledger(id));
        let stands = |object: &Object| object.needs.iter().any(|need| is_ledger(&need.id));
        let left = self.catalog.objects.iter().filter(|(_, object)| stands(object));
        self.leave(left.map(|(id, _)| id.clone()).collect());
    }

    /// Leaves out objects, and what stands on them, and keeps their names.
    fn leave(&mut self, mut left: HashSet<Id>) {
        let mut found = !left.is_empty();
        while found {
            let stands = |object: &Object| object.needs.iter().any(|need| left.contains(&need.id));
            let objects = self.catalog.objects.iter();
            let more = objects.filter(|(id, object)| !left.contains(*id) && stands(object));
            let more: Vec<Id> = more.map(|(id, _)| id.clone()).collect();
            found = !more.is_empty();
            left.extend(more);
        }
        self.catalog.objects.retain(|id, _| !left.contains(id));
        let mut left: Vec<String> = left.iter().map(Id::to_string).collect();
        left.sort();
        self.catalog.strangers.extend(left);
    }
}

/// A dependency as the planner sees it; `None` for those that something else says better.
fn weigh(from: &Id, to: &Id, strength: Strength) -> Option<Strength> {
    match (from.tag, to.tag) {
        // The ownership of a sequence, and descent, are objects of their own.
        (Tag::Sequence, Tag::Column | Tag::Table) => Some(Strength::Owned),
        (Tag::Table, Tag::Table | Tag::Composite) => None,
        (Tag::Column, Tag::Column) if strength == Strength::Auto => Some(Strength::Normal),
        _ => Some(strength),
    }
}

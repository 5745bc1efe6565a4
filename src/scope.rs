//! What is managed: which schemas, which objects, and whether owners and privileges too.
//!
//! Everything is always read. What is not managed is copied from the actual side onto the desired one before the two are
//! compared, so that it never differs, and still comes back where an object has to be made again.

use std::collections::BTreeSet;

use crate::catalog::{Canonical, Catalog, Need, Object, Strength};
use crate::facet::{Boxed, Facets, Stated};
use crate::kind::materialized_view::MaterializedView;
use crate::kind::owned_by::OwnedBy;
use crate::kind::view::View;
use crate::kind::{Body, Id, Tag, default_privileges};
use crate::rename::{self, Rename};

/// The rule that says what is managed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// Schemas by name, or `*`.
    pub schemas: Vec<String>,
    /// Patterns of `schema.name` that are left alone; `*` stands for any run of characters.
    pub exclude: Vec<String>,
    /// Owners are compared.
    pub owners: bool,
    /// Privileges are compared.
    pub privileges: bool,
    /// Where they are compared in any case.
    pub stated: Stated,
}

/// Everything but owners and privileges.
impl Default for Scope {
    fn default() -> Self {
        Scope {
            schemas: vec!["*".into()],
            exclude: Vec::new(),
            owners: false,
            privileges: false,
            stated: Stated::default(),
        }
    }
}

impl Scope {
    /// Whether an object is managed.
    pub fn covers(&self, id: &Id) -> bool {
        let schema = id.part(0);
        if id.tag.is_only_privileges() && !self.privileges {
            return false;
        }
        let in_schema = id.tag.is_global() || self.schemas.iter().any(|wanted| matches(wanted, schema.as_str()));
        if !in_schema || self.exclude.is_empty() {
            return in_schema;
        }
        let full = match id.path.len() {
            0 | 1 => schema.as_str().to_owned(),
            _ => format!("{}.{}", schema.as_str(), id.part(1).as_str()),
        };
        let hangs = matches!(id.tag, Tag::Index).then(|| format!("{}.{}", schema.as_str(), id.name().as_str()));
        !self
            .exclude
            .iter()
            .any(|pattern| matches(pattern, &full) || hangs.as_ref().is_some_and(|name| matches(pattern, name)))
    }

    /// Whether the owner of an object is compared.
    fn manages_owner(&self, id: &Id) -> bool {
        self.owners || is_part_of(&self.stated.owners, id)
    }

    /// Whether privileges on an object are compared.
    fn manages_privileges(&self, id: &Id) -> bool {
        self.privileges || is_part_of(&self.stated.privileges, id)
    }

    /// What is managed under a new name is so under its old one.
    pub fn with_old_names(mut self, renames: &[Rename]) -> Scope {
        for stated in [&mut self.stated.owners, &mut self.stated.privileges] {
            let old: Vec<Id> = stated.iter().map(|id| rename::old_of(id, renames)).collect();
            stated.extend(old);
        }
        let schemas = renames.iter().filter(|rename| rename.old.tag == Tag::Schema);
        self.schemas.extend(schemas.map(|rename| rename.old.name().as_str().to_owned()));
        self
    }

    /// What is managed and needs what is not, each with that.
    pub fn strays(&self, catalog: &Catalog) -> BTreeSet<(Id, Id)> {
        let managed = catalog.objects.iter().filter(|(id, _)| self.covers(id));
        let strays = managed.flat_map(|(id, object)| {
            let others = object.needs.iter().filter(|need| catalog.has(&need.id) && !self.covers(&need.id));
            others.map(|need| (catalog.whole(id), catalog.whole(&need.id)))
        });
        strays.collect()
    }

    /// Makes `desired` say of all that is not managed what `actual` says; `home`, the ledger's schema, stays in any case.
    pub fn carry_over(&self, actual: &Canonical, desired: Canonical, home: &Id) -> Canonical {
        desired.map(|desired| {
            desired.objects.retain(|id, _| self.covers(id));
            let goes_along = |object: &Object, desired: &Catalog| {
                let gone =
                    |need: &Need| need.strength == Strength::Auto && !desired.has(&need.id) && self.covers(&need.id);
                object.needs.iter().any(gone)
            };
            for (id, object) in &actual.objects {
                if !self.covers(id) && !goes_along(object, desired) || id == home && !desired.has(id) {
                    desired.objects.insert(id.clone(), object.clone());
                }
            }
            for (id, object) in &mut desired.objects {
                // What is new gets what it gets.
                let given = || default_privileges::of_new(actual, id, &object.body, |_| false);
                let from = actual.get(id).map_or_else(given, |object| Facets::clone(&object.facets));
                let mut facets = Facets::clone(&object.facets);
                if !self.manages_owner(id) {
                    facets.owner = from.owner;
                }
                if !self.manages_privileges(id) {
                    facets.grants = from.grants;
                    facets.owner_rights = from.owner_rights;
                    facets.column_grants = from.column_grants;
                    if let Body::View(View { columns, .. }) | Body::MaterializedView(MaterializedView { columns, .. }) =
                        &object.body
                    {
                        facets.column_grants.retain(|column, _| columns.iter().any(|(name, _)| name == column));
                    }
                }
                object.facets = facets.into();
            }
            if !self.owners {
                own_with_tables(desired);
            }
        })
    }

    /// What belongs to the role that reads belongs to whoever makes it again: revisions then name no owner.
    pub fn leave_owner(&self, catalog: Canonical) -> Canonical {
        if self.owners || self.privileges {
            return catalog;
        }
        catalog.map(|catalog| {
            let own = Some(catalog.server.role.clone());
            let named = |id: &Id| self.manages_owner(id) || self.manages_privileges(id);
            let objects = catalog.objects.iter_mut().filter(|(id, object)| object.facets.owner == own && !named(id));
            objects.for_each(|(_, object)| object.facets.reduce(|facets| facets.owner = None));
        })
    }

    /// Leaves of a catalog what is managed.
    pub fn keep(&self, catalog: &mut Catalog) {
        catalog.objects.retain(|id, _| self.covers(id));
        self.strip(catalog);
    }

    /// Leaves of the facets of all objects those that are managed.
    pub fn strip(&self, catalog: &mut Catalog) {
        catalog.objects.iter_mut().for_each(|(id, object)| self.strip_facets(id, &mut object.facets));
    }

    /// Facets as they are written where nobody asked for owners and privileges.
    fn strip_facets(&self, id: &Id, facets: &mut Boxed) {
        facets.reduce(|facets| {
            if !self.manages_owner(id) {
                facets.owner = None;
            }
            if !self.manages_privileges(id) {
                facets.grants = None;
                facets.owner_rights = None;
                facets.column_grants.clear();
            }
        });
    }

    /// Whether two objects have the same managed facets.
    pub fn same_facets(&self, id: &Id, a: &Object, b: &Object) -> bool {
        let (mut a, mut b) = (a.facets.clone(), b.facets.clone());
        self.strip_facets(id, &mut a);
        self.strip_facets(id, &mut b);
        *a == *b
    }

    /// Managed objects that are not the same on both sides.
    pub fn differing(&self, a: &Canonical, b: &Canonical) -> Vec<Id> {
        let equal = |id: &Id, a: &Object, b: &Object| a.body == b.body && self.same_facets(id, a, b);
        let deltas = crate::diff::diff(a, b).into_iter();
        let unequal = deltas.filter(|delta| match delta {
            crate::diff::Delta::Alter(id, old, new) => !equal(id, old, new),
            _ => true,
        });
        unequal.map(|delta| delta.id().clone()).filter(|id| self.covers(id)).collect()
    }
}

/// Whether an object is one of these, or part of one.
fn is_part_of(some: &BTreeSet<Id>, id: &Id) -> bool {
    !some.is_empty() && some.contains(&id.anchor())
}

/// A sequence of a column belongs to whom the table belongs to.
fn own_with_tables(catalog: &mut Catalog) {
    let owned = catalog.below(Tag::OwnedBy, &[]).filter_map(|(id, object)| {
        let Body::OwnedBy(OwnedBy { column }) = &object.body else { return None };
        let table = catalog.get(&Id::new(Tag::Table, column[..2].iter().cloned()))?;
        Some((id.prefix(Tag::Sequence, 2), table.facets.owner.clone()))
    });
    for (sequence, owner) in owned.collect::<Vec<_>>() {
        if let Some(object) = catalog.objects.get_mut(&sequence).filter(|object| object.facets.owner != owner) {
            object.facets = Facets { owner, ..Facets::clone(&object.facets) }.into();
        }
    }
}

/// Whether `text` fits a pattern in which `*` stands for any run of characters.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((head, tail)) => text.strip_prefix(head).is_some_and(|rest| {
            (0..=rest.len()).filter(|&at| rest.is_char_boundary(at)).any(|at| matches(tail, &rest[at..]))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::Name;

    #[test]
    fn patterns() {
        assert!(matches("audit.*", "audit.log") && matches("*", "") && matches("a*c", "abc"));
        assert!(!matches("audit.*", "public.log") && !matches("a*c", "ab"));
    }

    #[test]
    fn what_is_excluded_is_not_covered() {
        let scope =
            Scope { schemas: vec!["public".into()], exclude: vec!["public.spatial_*".into()], ..Scope::default() };
        let table = |schema: &str, name: &str| Id::new(Tag::Table, [Name::from(schema), Name::from(name)]);
        assert!(scope.covers(&table("public", "users")));
        assert!(!scope.covers(&table("public", "spatial_ref_sys")));
        assert!(!scope.covers(&table("audit", "log")));
    }
}

//! How the values of columns become those of a type that takes another one's place.

use super::hazards::{Unfit, hazard, labels_of, refused_by_check, unfit};
use super::{BITS, TEXTS, cast_to, is_type, parts, using};
use crate::catalog::Catalog;
use crate::kind::column::Column;
use crate::kind::composite::Attribute;
use crate::kind::{Body, Id, Tag, domain, dotted};
use crate::name::Literal;
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Danger, Hazard};

/// Types that others take the place of, on the way from one catalog to another.
pub struct Swaps<'a, F: Fn(&Id) -> bool> {
    /// Where the types are that go aside.
    pub before: &'a Catalog,
    /// Where those are that come.
    pub after: &'a Catalog,
    /// Which they are.
    pub is_swapped: F,
}

impl<F: Fn(&Id) -> bool> Swaps<'_, F> {
    /// How the values of the column `id` become values of the type that takes the place of `of`, and what that may do to them.
    pub fn way(&self, id: &Id, column: &Column, of: &Id) -> (Sql, Vec<Hazard>) {
        let (name, to) = (sql!("{}", id.name()), &column.r#type);
        let element = to.as_str().strip_suffix("[]");
        // An explicit cast to a length cuts off what is too long, and says nothing.
        let cuts = |base: &Sql| [TEXTS, BITS].iter().any(|group| group.contains(&&*parts(base.as_str()).0));
        // Arrays of arrays are arrays, but those of a domain over arrays are not.
        let is_array = |base: &Sql| base.as_str().ends_with(']');
        let is_of_domain = |[old, new]: [&Sql; 2]| {
            let by_base = !self.is_aside(of, old) && !cuts(new) && !is_array(old) && !is_array(new);
            element == Some(dotted(&of.path).as_str()) && by_base
        };
        let bodies = self.bodies(of).filter(|_| dotted(&of.path) == *to || element.is_some());
        let (using, unfit) = match bodies {
            Some((Body::Domain(old), Body::Domain(new)))
                if old.base != new.base && is_of_domain([&old.base, &new.base]) =>
            {
                let [from, goal] = [&old.base, &new.base].map(|base| sql!("{}[]", base));
                let unfit = unfit(&name, from.as_str(), goal.as_str(), None, self.after.server.version);
                let values = sql!("{}::{}", name, from);
                let values = cast_to(from.as_str(), &goal, &values).unwrap_or_else(|| sql!("{}::{}", values, goal));
                (sql!(" USING {}::{}", values, to), unfit)
            }
            _ if element.is_some() => self.by_text(&name, to, of),
            Some((Body::Domain(old), Body::Domain(new))) if old.base != new.base && !self.is_aside(of, &old.base) => {
                let labels = labels_of(self.after, new.base.as_str());
                let (from, version) = (old.base.as_str(), self.after.server.version);
                let unfit = unfit(&name, from, new.base.as_str(), labels.as_deref(), version);
                (using(from, &new.base, &name), unfit)
            }
            Some((Body::Composite(old), Body::Composite(new))) if old.attributes != new.attributes => {
                let (row, mut unfit) = self.row(&name, of, &old.attributes, &new.attributes);
                unfit.extend(refused_by_check(id, self.after));
                let some = sql!("{} IS DISTINCT FROM NULL", name);
                (sql!(" USING CASE WHEN {} THEN {}::{} END", some, row, to), unfit)
            }
            _ => self.by_text(&name, to, of),
        };
        let rewrite =
            (Danger::Rewrite, format!("every value of {name} becomes one of the new {}", dotted(&of.path)), None);
        (using, [rewrite].into_iter().chain(unfit).map(|unfit| hazard(id, unfit)).collect())
    }

    fn by_text(&self, name: &Sql, to: &Sql, of: &Id) -> (Sql, Vec<Unfit>) {
        let unfit = self.unreadable(of).map(|gone| self.unread(name, to, of, gone));
        let why = || format!("values of {name} go to the attributes of the new {} by their place", dotted(&of.path));
        let misplaced = self.misplaces(of).then(|| (Danger::DataLoss, why(), None));
        (sql!(" USING {}::text::{}", name, to), unfit.into_iter().chain(misplaced).collect())
    }

    fn bodies(&self, of: &Id) -> Option<(&Body, &Body)> {
        Some((&self.before.get(of)?.body, &self.after.get(of)?.body))
    }

    /// The types that `of` is made of and that go aside as well.
    fn aside(&self, of: &Id) -> impl Iterator<Item = &Id> {
        let needs = self.before.needs(of);
        needs.map(|need| &need.id).filter(|id| is_type(id) && (self.is_swapped)(id))
    }

    fn is_aside(&self, of: &Id, part: &Sql) -> bool {
        self.aside(of).any(|id| dotted(&id.path).as_str() == part.as_str().trim_end_matches("[]"))
    }

    /// The new row of an old one's attributes.
    fn row(&self, name: &Sql, of: &Id, old: &[Attribute], new: &[Attribute]) -> (Sql, Vec<Unfit>) {
        let mut out = Vec::new();
        for gone in old.iter().filter(|old| new.iter().all(|new| new.name != old.name)) {
            let value = sql!("({}).{}", name, gone.name);
            let why = format!("attribute {} of {name} is lost", gone.name);
            out.push((Danger::DataLoss, why, Some(sql!("{} IS DISTINCT FROM NULL", value))));
        }
        let values = new.iter().map(|new| {
            let Some(old) = old.iter().find(|old| old.name == new.name) else {
                if self.refuses_null(of, new) {
                    let why = format!(
                        "the new attribute {} is null, which its domain refuses: fails on values of {name}",
                        new.name
                    );
                    out.push((Danger::MayFail, why, Some(sql!("{} IS DISTINCT FROM NULL", name))));
                }
                return Sql::raw("NULL");
            };
            let value = sql!("({}).{}", name, new.name);
            if self.is_aside(of, &old.r#type) {
                let why = format!("fails on values of {value} whose text the new {} does not read", new.r#type);
                out.push((Danger::MayFail, why, None));
                return sql!("{}::text::{}", value, new.r#type);
            }
            let (from, to, version) = (old.r#type.as_str(), new.r#type.as_str(), self.after.server.version);
            let unfit = unfit(&value, from, to, labels_of(self.after, to).as_deref(), version);
            let (base, length) = parts(to);
            out.extend(unfit.into_iter().map(|unfit| match TEXTS.contains(&base.as_str()) && !length.is_empty() {
                true => (Danger::DataLoss, format!("values of {value} are cut off to {to}"), unfit.2),
                false => unfit,
            }));
            cast_to(from, &new.r#type, &value).unwrap_or(value)
        });
        let values = Sql::join(values.collect::<Vec<_>>(), ", ");
        (sql!("ROW({})", values), out)
    }

    /// Whether an attribute of the new type is of a domain that has no nulls.
    fn refuses_null(&self, of: &Id, attribute: &Attribute) -> bool {
        let mut needs = self.after.needs(of);
        needs.any(|need| dotted(&need.id.path) == attribute.r#type && domain::refuses_null(&need.id, self.after, false))
    }

    /// Whether attributes have another place in the new type, or in a part of it: texts have no names.
    fn misplaces(&self, of: &Id) -> bool {
        let among_parts = || self.aside(of).any(|part| self.misplaces(part));
        match self.bodies(of) {
            Some((Body::Composite(old), Body::Composite(new))) => {
                old.attributes.iter().zip(&new.attributes).any(|(old, new)| old.name != new.name) || among_parts()
            }
            Some((Body::Domain(_) | Body::Range(_), _)) => among_parts(),
            _ => false,
        }
    }

    /// Whether the new type may not read every text of the old one, and which ones where that is known.
    fn unreadable(&self, of: &Id) -> Option<Option<Sql>> {
        let among_parts = || self.aside(of).find_map(|part| self.unreadable(part));
        match self.bodies(of) {
            // A type of another kind.
            None => self.before.get(of).map(|_| None),
            Some((Body::Enum(old), Body::Enum(new))) => {
                let gone: Vec<_> = old.labels.iter().filter(|label| !new.labels.contains(label)).collect();
                let list = Sql::join(gone.iter().map(|label| sql!("{}", Literal(label))), ", ");
                (!gone.is_empty()).then_some(Some(list))
            }
            Some((Body::Domain(old), Body::Domain(new))) => {
                let checks = |catalog: &Catalog| {
                    let checks = catalog.below(Tag::DomainConstraint, &of.path);
                    checks.map(|(_, object)| object.body.clone()).collect::<Vec<_>>()
                };
                let same = old.base == new.base && (old.not_null || !new.not_null);
                if same && checks(self.before) == checks(self.after) { among_parts() } else { Some(None) }
            }
            Some((Body::Range(_), _)) if self.aside(of).any(|part| self.reorders(part)) => Some(None),
            Some((old @ (Body::Composite(_) | Body::Range(_)), new)) if old == new => among_parts(),
            Some(_) => Some(None),
        }
    }

    /// Whether values have another order in the new type: a range may begin behind its end there.
    fn reorders(&self, of: &Id) -> bool {
        match self.bodies(of) {
            Some((Body::Enum(old), Body::Enum(new))) => {
                let both = |one: &[String], other: &[String]| -> Vec<String> {
                    one.iter().filter(|label| other.contains(label)).cloned().collect()
                };
                both(&old.labels, &new.labels) != both(&new.labels, &old.labels)
            }
            _ => self.aside(of).any(|part| self.reorders(part)),
        }
    }

    fn unread(&self, name: &Sql, to: &Sql, of: &Id, gone: Option<Sql>) -> Unfit {
        let why = match &gone {
            Some(gone) => format!("fails on rows whose {name} holds {gone}"),
            None => format!("fails on values of {name} whose text the new {} does not read", dotted(&of.path)),
        };
        let (element, is_array) = match to.as_str().strip_suffix("[]") {
            Some(element) => (element, true),
            None => (to.as_str(), false),
        };
        // Of types that only contain the enum, the text says too little.
        let contains =
            matches!(self.before.get(of).map(|object| &object.body), Some(Body::Composite(_) | Body::Range(_)));
        let gone = gone.filter(|_| !contains && element == dotted(&of.path).as_str());
        let rows = gone.map(|list| match is_array {
            true => sql!("{}::text[] && ARRAY[{}]", name, list),
            false => sql!("{}::text IN ({})", name, list),
        });
        (Danger::MayFail, why, rows)
    }
}

//! Whom an object belongs to, and who may do what with it.

use std::collections::{BTreeMap, BTreeSet};

use toml_edit::{InlineTable, Value};

use super::{Fields, Raising};
use crate::facet::{Grant, effective, usual_grants};
use crate::kind::{Body, Id, Tag};
use crate::name::Name;

/// The keys for it.
#[derive(Default)]
pub(super) struct Rights {
    pub(super) owner: Option<Value>,
    pub(super) privileges: Option<InlineTable>,
}

impl Rights {
    /// Adds them to the other keys of an entry.
    pub(super) fn put(self, fields: &mut Fields) {
        fields.some("owner", self.owner);
        fields.some("privileges", self.privileges.map(Value::InlineTable));
    }
}

/// What is granted to a role: privileges with the columns that they are for, none where they are for all.
type Held<'a> = BTreeMap<(bool, Vec<&'a Name>), Vec<String>>;

impl<'a> Raising<'a> {
    /// What is managed of it: the rest is not in the catalog.
    pub(super) fn rights(&self, id: &Id) -> Rights {
        let Some(object) = self.catalog.get(id) else { return Rights::default() };
        // A sequence of a column belongs to whom the table belongs to.
        let is_own = id.tag != Tag::Sequence || !self.catalog.has(&id.prefix(Tag::OwnedBy, 2));
        let owner = object.facets.owner.as_ref().filter(|_| is_own).map(|owner| Value::from(owner.as_str()));
        let mut roles: BTreeMap<Option<&Name>, Held<'_>> = BTreeMap::new();
        let (all, usual) = (effective(&object.body, &object.facets), usual_grants(&object.body));
        // What is usual is everybody's.
        let is_usual = all.iter().filter(|grant| grant.grantee.is_none()).eq(&usual);
        for grant in all.iter().filter(|grant| grant.grantee.is_some() || !is_usual) {
            let held = roles.entry(grant.grantee.as_ref()).or_default();
            held.entry((grant.grantable, Vec::new())).or_default().push(grant.privilege.to_lowercase());
        }
        // Nobody has what everybody usually has.
        if !is_usual {
            roles.entry(None).or_default();
        }
        let mut of_columns: BTreeMap<&Grant, Vec<&Name>> = BTreeMap::new();
        let columns = self.column_grants(id);
        for (column, grants) in &columns {
            grants.iter().for_each(|grant| of_columns.entry(grant).or_default().push(column));
        }
        for (grant, columns) in of_columns {
            let held = roles.entry(grant.grantee.as_ref()).or_default();
            held.entry((grant.grantable, columns)).or_default().push(grant.privilege.to_lowercase());
        }
        let mut privileges = InlineTable::new();
        for (role, held) in &roles {
            privileges.insert(role.map_or("public", Name::as_str), words(held));
        }
        Rights { owner, privileges: (!privileges.is_empty()).then_some(privileges) }
    }

    /// The columns on which something is granted, in their order.
    fn column_grants(&self, id: &Id) -> Vec<(Name, &'a BTreeSet<Grant>)> {
        let Some(object) = self.catalog.get(id) else { return Vec::new() };
        match &object.body {
            Body::Table(_) => {
                let columns = self.in_order(id).into_iter();
                columns.filter_map(|(id, column)| Some((id.name(), column.facets.grants.as_ref()?))).collect()
            }
            _ => object.facets.column_grants.iter().map(|(column, grants)| (column.clone(), grants)).collect(),
        }
    }
}

/// The privileges of one role as a word, or a list of them.
fn words(held: &Held<'_>) -> Value {
    let mut out: Vec<String> = Vec::new();
    for ((grantable, columns), privileges) in held {
        let columns: Vec<String> = columns.iter().map(|column| column.to_string()).collect();
        let columns = if columns.is_empty() { String::new() } else { format!(" ({})", columns.join(", ")) };
        let option = if *grantable { " with grant option" } else { "" };
        out.extend(privileges.iter().map(|privilege| format!("{privilege}{columns}{option}")));
    }
    match &out[..] {
        [one] => Value::from(one.as_str()),
        _ => Value::Array(out.iter().map(String::as_str).collect()),
    }
}

//! The difference of two schemas. Pure: no server, no clock.

use crate::catalog::{Canonical, Object};
use crate::facet;
use crate::kind::Id;

/// One difference, with both its ends.
#[derive(Clone, Copy, Debug)]
pub enum Delta<'a> {
    /// Only the second schema has it.
    Create(&'a Id, &'a Object),
    /// Only the first schema has it.
    Drop(&'a Id, &'a Object),
    /// Both have it, and it differs.
    Alter(&'a Id, &'a Object, &'a Object),
}

impl<'a> Delta<'a> {
    /// The object's id.
    pub fn id(&self) -> &'a Id {
        match self {
            Delta::Create(id, _) | Delta::Drop(id, _) | Delta::Alter(id, _, _) => id,
        }
    }
}

/// Whether an object is what is wanted; where it stands among its siblings does not count.
pub fn same(a: &Object, b: &Object) -> bool {
    a.body.serves_as(&b.body) && facet::same(&a.body, &a.facets, &b.facets)
}

/// Every difference between two schemas, in the order of ids.
pub fn diff<'a>(before: &'a Canonical, after: &'a Canonical) -> Vec<Delta<'a>> {
    let mut out = Vec::new();
    let (mut left, mut right) = (before.objects.iter().peekable(), after.objects.iter().peekable());
    loop {
        let order = match (left.peek(), right.peek()) {
            (None, None) => return out,
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (Some((a, _)), Some((b, _))) => a.cmp(b),
        };
        let old = if order.is_le() { left.next() } else { None };
        let new = if order.is_ge() { right.next() } else { None };
        match (old, new) {
            (Some((id, a)), Some((_, b))) if !same(a, b) => out.push(Delta::Alter(id, a, b)),
            (Some((id, a)), None) => out.push(Delta::Drop(id, a)),
            (None, Some((id, b))) => out.push(Delta::Create(id, b)),
            _ => {}
        }
    }
}

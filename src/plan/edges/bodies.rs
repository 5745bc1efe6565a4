//! What functions say in texts, which the server reads only as they run: it is there before something runs them.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::catalog::Object;
use crate::kind::{Body, Id, Tag};
use crate::name::Name;
use crate::plan::order::{Act, Node, Sorter};

/// What is evaluated for every row of a table that is written anew.
const WRITTEN: [Tag; 4] = [Tag::Column, Tag::ColumnDefault, Tag::Constraint, Tag::Index];
/// What is evaluated as it comes, if there are rows.
const LOOKING: &[Tag] = &[Tag::Constraint, Tag::Index, Tag::MaterializedView, Tag::DomainConstraint, Tag::Inheritance];
/// What runs nothing by itself.
const SILENT: &[Tag] = &[Tag::Schema, Tag::Table, Tag::Column];
/// What a text may name.
const NAMED: &[Tag] = &[
    Tag::Enum,
    Tag::Domain,
    Tag::Composite,
    Tag::Range,
    Tag::BaseType,
    Tag::Function,
    Tag::Aggregate,
    Tag::Sequence,
    Tag::Table,
    Tag::View,
    Tag::MaterializedView,
    Tag::TextSearchConfiguration,
];

/// What functions speak of, as far as anybody asked.
struct Bodies<'s, 'a> {
    sorter: &'s Sorter<'a>,
    /// By the first word of their names.
    named: OnceCell<HashMap<String, Vec<&'a Id>>>,
    /// By tables: what has to be there before their rows are written anew.
    tables: HashMap<&'a [Name], Rc<[usize]>>,
}

impl<'a> Sorter<'a> {
    /// What functions speak of goes before what runs them. Words are no proof: it gives way where it cannot.
    pub(super) fn wishes_of_bodies(&self) -> Vec<(usize, usize)> {
        let mut bodies = Bodies { sorter: self, named: OnceCell::new(), tables: HashMap::new() };
        let nodes = self.nodes.iter().enumerate();
        nodes
            .flat_map(|(index, node)| bodies.spoken_of(node).iter().map(|&first| (first, index)).collect::<Vec<_>>())
            .collect()
    }
}

impl<'a> Bodies<'_, 'a> {
    /// The nodes that a node's statement has need of by what the functions say that it runs.
    fn spoken_of(&mut self, node: &Node<'a>) -> Rc<[usize]> {
        let Node { id, act } = *node;
        let is_new =
            |id: &Id| self.sorter.making.get(id).is_some_and(|&making| self.sorter.nodes[making].act == Act::Make);
        match (act, id.tag) {
            (Act::BringBack, _) => {}
            (Act::Make, _) if is_new(&id.anchor()) => {
                let looks = self.sorter.after.get(id).is_some_and(|object| looks_inside(&object.body));
                return if looks { self.reached(vec![id]).into() } else { Rc::new([]) };
            }
            (Act::Make, tag) if LOOKING.contains(&tag) => return self.reached(vec![id]).into(),
            (Act::Make | Act::Alter, Tag::Column) | (Act::Alter, Tag::Table) => {}
            _ => return Rc::new([]),
        }
        let table = &id.path[..id.path.len().min(2)];
        if let Some(known) = self.tables.get(table) {
            return known.clone();
        }
        let roots = WRITTEN.iter().flat_map(|&tag| self.sorter.after.below(tag, table)).map(|(id, _)| id);
        let reached: Rc<[usize]> = self.reached(roots.collect()).into();
        self.tables.insert(table, reached.clone());
        reached
    }

    /// Follows what is needed, and what texts name.
    fn reached(&self, mut roots: Vec<&'a Id>) -> Vec<usize> {
        let (mut seen, mut out) = (HashSet::new(), Vec::new());
        while let Some(id) = roots.pop() {
            let Some(object) = self.sorter.after.get(id) else { continue };
            let mut next: Vec<&'a Id> = object.needs.iter().map(|need| &need.id).collect();
            if id.tag == Tag::Domain {
                next.extend(self.sorter.after.below(Tag::DomainConstraint, &id.path).map(|(id, _)| id));
            }
            if let Some(text) = text(object) {
                let text = text.to_lowercase();
                let words: HashSet<&str> = words(&text).collect();
                let said = words.iter().filter_map(|word| self.named().get(*word)).flatten();
                for id in said.copied().filter(|id| text.contains(&id.name().as_str().to_lowercase())) {
                    out.extend(self.sorter.making.get(id));
                    out.extend(self.parts(id, &words));
                    next.push(id);
                }
            }
            roots.extend(next.into_iter().filter(|id| !SILENT.contains(&id.tag) && seen.insert(*id)));
        }
        out
    }

    /// What changes of a table that a text names: columns that it names, too, and what keeps rows apart.
    fn parts(&self, table: &'a Id, words: &HashSet<&str>) -> impl Iterator<Item = usize> {
        [Tag::Column, Tag::Constraint, Tag::Index].into_iter().flat_map(move |tag| {
            let first = Id { tag, path: table.path.clone() };
            let inside = self.sorter.changes.range::<Id, _>(&first..).map(|(id, _)| *id);
            let inside = inside.take_while(move |id| id.tag == tag && id.path.starts_with(&table.path));
            let named = |id: &&Id| id.tag != Tag::Column || words.contains(id.name().as_str().to_lowercase().as_str());
            inside.filter(named).filter_map(|id| self.sorter.making.get(id).copied()).collect::<Vec<_>>()
        })
    }

    fn named(&self) -> &HashMap<String, Vec<&'a Id>> {
        self.named.get_or_init(|| {
            let mut named: HashMap<String, Vec<&Id>> = HashMap::new();
            for id in self.sorter.after.objects.keys().filter(|id| NAMED.contains(&id.tag)) {
                let name = id.name().as_str().to_lowercase();
                named.entry(words(&name).next().unwrap_or_default().to_owned()).or_default().push(id);
            }
            named
        })
    }
}

/// Whether the server runs functions as it makes this all new, or looks into them to see whether they change.
fn looks_inside(body: &Body) -> bool {
    match body {
        Body::Table(table) => table.partition_key.is_some(),
        Body::Column(column) => column.generated.is_some(),
        Body::Constraint(constraint) => constraint.form.has_index(),
        Body::Index(_) | Body::MaterializedView(_) => true,
        _ => false,
    }
}

/// What a function does, if the server keeps it as it was written.
fn text(object: &Object) -> Option<&str> {
    match &object.body {
        Body::Function(function) => Some(function.computes()).filter(|text| text.starts_with("\nAS ")),
        _ => None,
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

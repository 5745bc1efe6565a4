//! What functions say in texts, which the server reads only as they run: it is there before something runs them.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::catalog::Object;
use crate::kind::{Body, Id, Tag};
use crate::name::Name;
use crate::plan::order::{Act, Node, Sorter};
use crate::sql::words;

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
    /// By functions: what their texts name.
    said: HashMap<&'a Id, Rc<Said<'a>>>,
    /// By tables: what has to be there before their rows are written anew.
    tables: HashMap<&'a [Name], Rc<[usize]>>,
}

/// What the text of a function names.
struct Said<'a> {
    ids: Vec<&'a Id>,
    /// The nodes that make them, or something of them.
    nodes: Vec<usize>,
}

impl<'a> Sorter<'a> {
    /// What functions speak of goes before what runs them. Words are no proof: it gives way where it cannot.
    pub(super) fn wishes_of_bodies(&self) -> Vec<(usize, usize)> {
        let mut bodies = Bodies { sorter: self, named: OnceCell::new(), said: HashMap::new(), tables: HashMap::new() };
        let mut wishes = Vec::new();
        for (index, node) in self.nodes.iter().enumerate() {
            wishes.extend(bodies.spoken_of(node).iter().map(|&first| (first, index)));
        }
        wishes
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
    fn reached(&mut self, mut roots: Vec<&'a Id>) -> Vec<usize> {
        let (mut seen, mut out) = (HashSet::new(), Vec::new());
        while let Some(id) = roots.pop() {
            let Some(object) = self.sorter.after.get(id) else { continue };
            let mut next: Vec<&'a Id> = object.needs.iter().map(|need| &need.id).collect();
            if id.tag == Tag::Domain {
                next.extend(self.sorter.after.below(Tag::DomainConstraint, &id.path).map(|(id, _)| id));
            }
            if let Some(text) = text(object) {
                let said = self.said(id, text);
                out.extend(&said.nodes);
                next.extend(&said.ids);
            }
            roots.extend(next.into_iter().filter(|id| !SILENT.contains(&id.tag) && seen.insert(*id)));
        }
        out
    }

    fn said(&mut self, function: &'a Id, text: &str) -> Rc<Said<'a>> {
        if let Some(known) = self.said.get(function) {
            return known.clone();
        }
        let text = text.to_lowercase();
        let words: HashSet<&str> = words(&text).collect();
        let ids = words.iter().filter_map(|word| self.named().get(*word)).flatten().copied();
        let ids: Vec<&Id> = ids.filter(|id| text.contains(&id.name().as_str().to_lowercase())).collect();
        let mut nodes = Vec::new();
        for id in &ids {
            nodes.extend(self.sorter.making.get(id));
            nodes.extend(self.parts(id, &words));
        }
        let said = Rc::new(Said { ids, nodes });
        self.said.insert(function, said.clone());
        said
    }

    /// What changes of a table that a text names: columns that it names, too, and what keeps rows apart.
    fn parts(&self, table: &Id, words: &HashSet<&str>) -> Vec<usize> {
        let tags = [Tag::Column, Tag::Constraint, Tag::Index];
        let changed = tags.into_iter().flat_map(|tag| self.sorter.changes_below(tag, &table.path));
        let named = |id: &Id| id.tag != Tag::Column || words.contains(id.name().as_str().to_lowercase().as_str());
        changed.filter(|(id, _)| named(id)).filter_map(|(id, _)| self.sorter.making.get(id).copied()).collect()
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

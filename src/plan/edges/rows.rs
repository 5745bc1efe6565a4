//! What rows ask for: that they are put by in time, that a table is logged as long as others refer to it, and that its
//! columns keep their types while its rows are values elsewhere.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::catalog::{Catalog, Need, Object};
use crate::dag::Graph;
use crate::kind::column::{Column, column_of};
use crate::kind::constraint::Form;
use crate::kind::table::rows;
use crate::kind::{Body, Id, Tag, table};
use crate::plan::change::{Change, switched, writes_values};
use crate::plan::order::{Act, Node, Sorter};
use crate::sql::token::{Token, TokenKind, tokens};

/// What may be asked for rows as soon as it is made, by a materialized view.
const READERS: &[Tag] = &[Tag::View, Tag::MaterializedView, Tag::Function];

impl Sorter<'_> {
    /// No logged table refers to an unlogged one, at any time.
    pub(super) fn edges_of_persistence(&self, graph: &mut Graph) {
        let nodes =
            self.nodes.iter().enumerate().filter(|(_, node)| node.act == Act::Alter && node.id.tag == Tag::Table);
        let tables: HashMap<&Id, (usize, bool)> = nodes
            .filter_map(|(index, node)| Some((node.id, (index, switched(node.id, self.before, self.after)?))))
            .collect();
        if tables.is_empty() {
            return;
        }
        for (catalog, acts) in [(self.before, &self.removal), (self.after, &self.making)] {
            for (id, object) in catalog.below(Tag::Constraint, &[]) {
                if !matches!(&object.body, Body::Constraint(constraint) if constraint.form == Form::ForeignKey) {
                    continue;
                }
                let own = table::of(id);
                let referred: BTreeSet<Id> =
                    object.needs.iter().map(|need| table::of(&need.id)).filter(|to| *to != own).collect();
                for &(other, unlogged) in referred.iter().filter_map(|to| tables.get(to)) {
                    match (acts.get(id), tables.get(&own)) {
                        (Some(&key), _) if std::ptr::eq(catalog, self.before) => graph.edge(key, other),
                        (Some(&key), _) => graph.edge(other, key),
                        (None, Some(&(table, _))) if unlogged => graph.edge(table, other),
                        (None, Some(&(table, _))) => graph.edge(other, table),
                        (None, None) => {}
                    }
                }
            }
        }
    }

    /// Rows are put by before anything goes; they come back when all partitions are there, and before what would act on each,
    /// look at it, or copy it.
    pub(super) fn edges_of_rows(&self, graph: &mut Graph, wishes: &mut Vec<(usize, usize)>) {
        for &(away, back) in &self.moving {
            let table = self.nodes[away].id;
            let family: HashSet<Id> = rows::parts(table, self.after).chain([table.clone()]).collect();
            let is_of = |id: &Id| family.contains(&table::of(id));
            let is_read = |need: &Need| matches!(need.id.tag, Tag::Table | Tag::Column) && is_of(&need.id);
            for (index, Node { id, act }) in self.nodes.iter().enumerate() {
                let reads = || self.after.get(id).is_some_and(|object| object.needs.iter().any(is_read));
                match (act, id.tag) {
                    (Act::Drop | Act::SwapIn | Act::Announce, _) => graph.edge(away, index),
                    (Act::Make, Tag::Table | Tag::Column | Tag::Inheritance) if is_of(id) => graph.edge(index, back),
                    (Act::Make, Tag::Constraint) if !is_of(id) && reads() => graph.edge(back, index),
                    (Act::Make, Tag::Trigger | Tag::Rule | Tag::Policy) if is_of(id) => graph.edge(back, index),
                    // What the table's own defaults call has to be there.
                    (Act::Make, tag) if READERS.contains(&tag) && reads() => wishes.push((back, index)),
                    _ => {}
                }
            }
        }
    }

    /// What stands on one of several columns of a table that change their types waits for all of them: the rows are written anew once.
    pub(super) fn wishes_of_rewrites(&self) -> Vec<(usize, usize)> {
        let mut retyped: HashMap<Id, Vec<usize>> = HashMap::new();
        for (index, node) in self.nodes.iter().enumerate().filter(|(_, node)| node.act == Act::Alter) {
            let columns = [self.before, self.after].map(|side| column_of(side, node.id));
            if matches!(columns, [Some(old), Some(new)] if old.is_retyped(new)) {
                retyped.entry(table::of(node.id)).or_default().push(index);
            }
        }
        retyped.retain(|_, columns| columns.len() > 1);
        if retyped.is_empty() {
            return Vec::new();
        }
        let mut wishes = Vec::new();
        for (index, node) in self.nodes.iter().enumerate() {
            let side = match node.act {
                Act::Drop => self.before,
                Act::Make => self.after,
                _ => continue,
            };
            let columns = side.needs(node.id).filter(|need| need.id.tag == Tag::Column);
            let tables: BTreeSet<Id> = columns.map(|need| table::of(&need.id)).collect();
            for &column in tables.iter().filter_map(|table| retyped.get(table)).flatten() {
                wishes.push(if node.act == Act::Drop { (index, column) } else { (column, index) });
            }
        }
        wishes
    }

    /// Values that are the numbers of objects (`regclass`) change their type while these are there to be named.
    pub(super) fn wishes_of_numbers(&self) -> Vec<(usize, usize)> {
        let is_number = |column: &Column| column.r#type.as_str().starts_with("reg");
        let mut wishes = Vec::new();
        for (index, node) in self.nodes.iter().enumerate().filter(|(_, node)| node.act == Act::Alter) {
            let columns = [self.before, self.after].map(|side| column_of(side, node.id));
            let [Some(old), Some(new)] = columns else { continue };
            if !old.is_retyped(new) || !is_number(old) && !is_number(new) {
                continue;
            }
            let elsewhere = |other: &Node| !other.id.path.starts_with(&node.id.path[..2]);
            wishes.extend(self.nodes.iter().enumerate().filter_map(|(at, other)| match other.act {
                Act::Drop if is_number(old) && elsewhere(other) => Some((index, at)),
                Act::Make if is_number(new) && elsewhere(other) => Some((at, index)),
                _ => None,
            }));
        }
        wishes
    }

    /// The columns of a table keep their types while its rows are values of a column, or written in an expression.
    pub(super) fn edges_of_row_types(&self, graph: &mut Graph) {
        let holds = |catalog: &Catalog, id: &Id| -> Vec<Id> {
            let tables = catalog.needs(id).map(|need| &need.id);
            tables.filter(|need| need.tag == Tag::Table && need.path[..] != id.path[..2]).cloned().collect()
        };
        let rows = |catalog: &Catalog, id: &Id| {
            let tables = holds(catalog, id);
            let written =
                |object: &Object| id.tag == Tag::Column || writes_values(&object.body) || lists_columns(&object.body);
            if !tables.is_empty() && catalog.get(id).is_some_and(written) { tables } else { Vec::new() }
        };
        for (index, node) in self.nodes.iter().enumerate() {
            let was = if node.act == Act::Make { Vec::new() } else { rows(self.before, node.id) };
            let is = if node.act == Act::Drop { Vec::new() } else { rows(self.after, node.id) };
            let moves = |table: &&Id| node.id.tag != Tag::Column || was.contains(table) != is.contains(table);
            // A row is written with as many values as its table has columns by then.
            for table in is.iter().filter(|_| node.id.tag != Tag::Column) {
                let columns = [(self.before, &self.removal), (self.after, &self.making)];
                let nodes =
                    columns.map(|(side, acts)| side.below(Tag::Column, &table.path).filter_map(|(id, _)| acts.get(id)));
                nodes.into_iter().flatten().for_each(|&part| graph.edge(part, index));
            }
            for table in was.iter().chain(&is).filter(moves) {
                for (id, _) in self.after.below(Tag::Column, &table.path) {
                    if let (Some(Change::InPlace(..) | Change::Retype), Some(&part)) =
                        (self.changes.get(id), self.making.get(id))
                    {
                        if is.contains(table) { graph.edge(part, index) } else { graph.edge(index, part) }
                    }
                }
            }
        }
    }
}

/// Whether the body of a function gives names to the columns of rows that another one returns, all of them: `unnest(rows) r(a, b)`.
fn lists_columns(body: &Body) -> bool {
    let Body::Function(function) = body else { return false };
    let tokens: Vec<Token> = tokens(function.parsed()).filter(Token::is_code).collect();
    let is_alias = |token: &Token| {
        let is_keyword = token.text.chars().all(|letter| letter.is_ascii_uppercase());
        token.kind == TokenKind::QuotedIdent || token.kind == TokenKind::Word && !is_keyword
    };
    tokens.windows(3).any(|next| next[0].is_punct(")") && is_alias(&next[1]) && next[2].is_punct("("))
}

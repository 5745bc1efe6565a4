//! The statements of each node.

use super::change::{self, Change};
use super::order::{Act, Node, Sorter};
use crate::catalog::Object;
use crate::dag::Graph;
use crate::facet::{self, Facets};
use crate::kind::column::{Column, NotNull, nulls_around};
use crate::kind::options::collate;
use crate::kind::retype::{Swaps, TYPES};
use crate::kind::table::rows;
use crate::kind::{Body, Cx, Id, Kind, Style, Tag, constraint, default_privileges, dotted};
use crate::sql;
use crate::statement::{Statement, Transaction};

impl<'a> Sorter<'a> {
    fn is_swapped(&self, id: &Id) -> bool {
        matches!(self.changes.get(id), Some(Change::Swap | Change::Aside))
    }

    /// Moves a column to the type, or collation, that took the place of its own.
    fn retype(&self, id: &Id, old: &Object, new: &Object) -> Vec<Statement> {
        let (Body::Column(column), Body::Column(after)) = (&old.body, &new.body) else { return Vec::new() };
        let (table, name, to) = (id.relation(), id.name(), &column.r#type);
        let swaps = Swaps { before: self.before, after: self.after, is_swapped: |of: &Id| self.is_swapped(of) };
        let of = old.needs.iter().map(|need| &need.id).find(|of| of.tag != Tag::Collation && self.is_swapped(of));
        let of = of.filter(|_| !self.before.is_foreign_table(&id.path[..2]));
        let (using, hazards) = of.map_or_else(Default::default, |of| swaps.way(id, column, of));
        let collate = collate(column.collation.as_ref());
        let alter = sql!("ALTER TABLE {} ALTER COLUMN {} TYPE {}{}{}", table, name, to, collate, using);
        let moved = Statement { hazards, ..Statement::new(alter) };
        // The table is rewritten: nobody reads it meanwhile.
        let cx = Cx { id, before: self.before, after: self.after, members: &[], style: Style::Plain };
        let mut reached = column.retyped(after);
        let mut out = vec![moved];
        if let Some((off, back)) = nulls_around(&cx) {
            out.splice(..0, off);
            out.extend(back);
            reached = Column { not_null: after.not_null, not_null_as: after.not_null_as.clone(), ..reached };
        }
        if reached != *after {
            out.extend(reached.alter(after, &cx).statements());
        }
        out
    }

    /// What is left to do for an object whose parent's change the server made for it too.
    fn rest_of_step(&self, id: &Id, old: Option<&Object>, members: &[&Id]) -> Vec<Statement> {
        let Some(after) = self.after.get(id) else { return Vec::new() };
        let Some(parent) = after.leader() else { return Vec::new() };
        let Some(led) = self.after.get(parent) else { return Vec::new() };
        let reached = match (old, self.before.get(parent)) {
            (Some(old), Some(from)) => old.body.in_step(&from.body, &led.body),
            _ => Some(self.as_made(id, led.body.clone().into_heir(), members)),
        };
        // Nobody waits for what was just made, and what was before is not its past.
        let (style, before) = if old.is_some() { (self.style, self.before) } else { (Style::Plain, self.after) };
        let cx = Cx { id, before, after: self.after, members: &[], style };
        match reached {
            Some(reached) if reached != after.body => reached.alter(&after.body, &cx).statements(),
            _ => Vec::new(),
        }
    }

    /// The default of a column that the server made with its parent's, where it is to have another; one of a column that is
    /// the table's own as well stands with that.
    fn own_default(&self, column: &Id) -> Vec<Statement> {
        let object = self.after.get(column);
        let (Tag::Column, Some(parent)) = (column.tag, object.and_then(Object::leader)) else { return Vec::new() };
        let is_copy = object.is_some_and(Object::is_inherited);
        let id = |column: &Id| Id { tag: Tag::ColumnDefault, path: column.path.clone() };
        let find = |column: &Id| self.after.get(&id(column)).map(|object| &object.body);
        let id = id(column);
        let cx = Cx { id: &id, before: self.before, after: self.after, members: &[], style: self.style };
        match (find(parent), find(column)) {
            (led, own) if led == own => Vec::new(),
            (_, Some(own)) if is_copy => own.create(&cx),
            (Some(led), None) => led.drop(&cx),
            (_, _) => Vec::new(),
        }
    }

    /// What an heir's column is as soon as its table is made: that of its parent, but a primary key of its own, made together with it,
    /// brings a NOT NULL of its own. A column that is its own as well is made as it says, but stored as its parent's.
    fn as_made(&self, id: &Id, mut body: Body, members: &[&Id]) -> Body {
        let wanted = self.after.get(id);
        if let (Body::Column(led), Some(Body::Column(own))) = (&mut body, wanted.map(|object| &object.body)) {
            let with_table = members.iter().any(|member| member.tag == Tag::Inheritance);
            let tuning = std::mem::take(&mut led.tuning);
            led.tuning = if with_table { own.tuning.over(&tuning) } else { tuning.of_new_column() };
            if wanted.is_some_and(|object| !object.is_inherited()) {
                *led = Column { tuning: led.tuning.clone(), ..own.clone() };
                return body;
            }
            // What that is called was said before.
            if led.not_null && own.not_null {
                led.not_null_as.clone_from(&own.not_null_as);
            }
        }
        let keyed = |member: &&Id| match self.after.get(member).map(|object| &object.body) {
            Some(Body::Constraint(constraint)) => {
                constraint.form == constraint::Form::PrimaryKey && constraint.has(&id.name())
            }
            _ => false,
        };
        if let Body::Column(column) = &mut body
            && members.iter().any(keyed)
        {
            column.not_null = true;
            let has_name = self.after.server.version >= 180_000;
            column.not_null_as = has_name.then(|| Box::new(NotNull::plain(id)));
        }
        body
    }

    /// What default privileges give an object that is made.
    fn given(&self, id: &Id, object: &Object) -> Facets {
        let goes = |rule: &Id| matches!(self.changes.get(rule), Some(Change::Drop));
        default_privileges::of_new(self.before, id, &object.body, goes)
    }

    /// The facets of an object that was just made.
    fn fresh_facets(&self, id: &Id, object: &Object) -> Vec<Statement> {
        let comment = match &object.body {
            Body::Extension(extension) => extension.remark.0.clone(),
            _ => facet::usual_comment(id).map(|_| String::new()),
        };
        facet::change(id, &object.body, &Facets { comment, ..self.given(id, object) }, &object.facets)
    }

    /// What something is called while its successor has its name: its own name stays where types that went aside tell the two apart.
    fn aside(&self, id: &Id) -> Id {
        let mut path = id.path.to_vec();
        for need in self.before.needs(id).filter(|_| id.tag.names_types()) {
            if TYPES.contains(&need.id.tag) && self.is_swapped(&need.id) && !self.before.is_part(id, &need.id) {
                let [from, to] = [&need.id, &self.aside(&need.id)].map(|id| dotted(&id.path));
                for part in &mut path[2..] {
                    let words = part.as_str().split(", ").map(|word| match word.strip_prefix(from.as_str()) {
                        Some(end @ ("" | "[]")) => format!("{to}{end}"),
                        _ => word.to_owned(),
                    });
                    *part = words.collect::<Vec<_>>().join(", ").into();
                }
            }
        }
        match path[..] == id.path[..] {
            true => id.renamed(id.name().aside()),
            false => Id::new(id.tag, path),
        }
    }

    fn put_aside(&self, id: &Id, old: &Object) -> Vec<Statement> {
        if self.aside(id).name() == id.name() {
            return Vec::new();
        }
        let needed = old.needs.iter().map(|need| &need.id);
        let others: Vec<&Id> = needed.filter(|id| self.is_swapped(id)).collect();
        old.body.put_aside(id, &others)
    }

    /// The statements that make an object with the members folded into it.
    fn make(&self, new: &Object, members: &[&Id], cx: &Cx) -> Vec<Statement> {
        let mut out = match self.outlines.contains_key(cx.id) {
            true => new.body.alter(&new.body, cx).statements(),
            false => new.body.create(cx),
        };
        out.extend(self.fresh_facets(cx.id, new));
        let inherits = members.iter().any(|member| member.tag == Tag::Inheritance);
        for member in members {
            // What a line of descent brings its heir is made as it says.
            let is_made = cx.id.tag == Tag::Inheritance && member.path.starts_with(&cx.id.path[..2]);
            if (cx.id.tag != Tag::Table || inherits) && !is_made {
                out.extend(self.rest_of_step(member, None, members));
                out.extend(self.own_default(member));
            }
            out.extend(self.after.get(member).into_iter().flat_map(|object| self.fresh_facets(member, object)));
        }
        out
    }

    /// How an index comes or goes: what nobody can use meanwhile is no better for being built beside its work, and
    /// what others wait for goes in the transaction that they are in, as does what is `awaited` by something that is away.
    pub(super) fn style_of(&self, index: usize, graph: &Graph, awaited: &[bool]) -> Style {
        let Node { id, act } = self.nodes[index];
        let is_rebuilt = |of: &Id| matches!(self.changes.get(of), Some(Change::Rebuild));
        let comes_back = || self.lines_that_change(&id.path[..2]).any(|(_, change)| matches!(change, Change::Rebuild));
        let is_made_index = || act == Act::Make && self.is_index(id);
        // A primary key cannot do without it.
        let cuts = || self.changes.get(id).is_some_and(|change| change.runs(Transaction::Outside));
        // A key that an index becomes takes no time.
        let index_of = |key: &Id| Id { tag: Tag::Index, ..key.clone() };
        let takes_index = |key: &Id| self.before.has(&index_of(key)) && !self.changes.contains_key(&index_of(key));
        match id.tag {
            Tag::Constraint if act == Act::Make && takes_index(id) => self.style,
            _ if awaited[index] && (is_made_index() || id.tag == Tag::Column && cuts()) => Style::Plain,
            Tag::Index if act == Act::Drop && graph.is_awaited(index) => Style::Plain,
            Tag::Index | Tag::Constraint if is_rebuilt(&id.prefix(Tag::MaterializedView, 2)) || comes_back() => {
                Style::Plain
            }
            _ => self.style,
        }
    }

    /// The statements of a node with those folded into it.
    pub(super) fn write(&self, index: usize, members: &[&Id], style: Style) -> Vec<Statement> {
        let Node { id, act } = self.nodes[index];
        let cx = Cx { id, before: self.before, after: self.after, members, style };
        let (old, new) = (self.before.get(id), self.after.get(id));
        match (act, old, new) {
            (Act::Drop, ..) if self.aside.contains(id) => rows::put_aside(id, self.before, self.after),
            (Act::Drop, Some(old), _) => old.body.drop(&cx),
            (Act::Make, _, Some(new)) => self.make(new, members, &cx),
            (Act::Hollow, ..) if self.is_altered(id) => {
                self.interim(id).map(|(_, statement)| statement).into_iter().collect()
            }
            (Act::Hollow, Some(old), _) => old.body.outline(id).map(Statement::new).into_iter().collect(),
            (Act::PutBy, ..) if self.aside.contains(id) => Vec::new(),
            (Act::PutBy, ..) => rows::put_by(id, self.before, self.after),
            (Act::BringBack, ..) => rows::bring_back(id, self.before, self.after, self.aside.contains(id)),
            (Act::Alter, Some(old), Some(new)) => {
                let interim = self.hollowing.get(id).and_then(|_| self.interim(id));
                let mut out = match (interim, self.changes.get(id)) {
                    (Some((interim, _)), _) => interim.alter(&new.body, &cx).statements(),
                    // Somebody who is away waits for it.
                    (None, Some(Change::InPlace(statements, _))) if style != self.style => statements
                        .iter()
                        .map(|statement| statement.clone().in_transaction(Transaction::Inside))
                        .collect(),
                    (None, Some(Change::InPlace(statements, _))) => statements.clone(),
                    _ => self.retype(id, old, new),
                };
                let mut facets = Facets::clone(&old.facets);
                if matches!((&old.body, &new.body), (Body::Column(a), Body::Column(b)) if a.identity.is_none() && b.identity.is_some())
                {
                    facets.column_grants = self.given(id, new).column_grants;
                }
                if id.tag == Tag::Column
                    && let Some(left) =
                        facets.grants.as_ref().and_then(|own| change::left_on_column(id, own, self.before, self.after))
                {
                    facets.grants = Some(left);
                }
                let facets = facet::change(id, &new.body, &facets, &new.facets);
                let at = if old.body.facets_first(&new.body) { 0 } else { out.len() };
                out.splice(at..at, facets);
                for member in members {
                    out.extend(self.rest_of_step(member, self.before.get(member), members));
                    if let (Some(old), Some(new)) = (self.before.get(member), self.after.get(member)) {
                        out.extend(facet::change(member, &new.body, &old.facets, &new.facets));
                    }
                }
                out
            }
            (Act::Announce, old, Some(new)) => {
                let mut out = old.filter(|_| self.is_swapped(id)).map_or(Vec::new(), |old| self.put_aside(id, old));
                let outline = || self.outlines.contains_key(id).then(|| new.body.outline(id))?;
                out.extend(new.body.announce(id).or_else(outline).map(Statement::new));
                out
            }
            (Act::SwapIn, Some(old), new) => {
                let mut out = match self.announcing.contains_key(id) {
                    true => Vec::new(),
                    false => self.put_aside(id, old),
                };
                out.extend(new.into_iter().flat_map(|new| self.make(new, members, &cx)));
                out
            }
            (Act::SwapOut, Some(old), _) => old.body.drop(&Cx { id: &self.aside(id), ..cx }),
            _ => Vec::new(),
        }
    }
}

//! What an object of any kind may have besides its definition: comment, owner, privileges.
//!
//! Written once over all kinds; a kind only says what stands after `ON`.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Deref, DerefMut};
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::kind::{Body, Id, Incidental, Tag, dotted};
use crate::name::{Literal, Name};
use crate::sql;
use crate::sql::Sql;
use crate::statement::Statement;

/// Facets of an object, and those of its columns where these are no objects of their own (views, composites).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facets {
    /// `COMMENT ON`.
    pub comment: Option<String>,
    /// The owning role.
    pub owner: Option<Name>,
    /// What was granted; `None` stands for the defaults of its kind.
    pub grants: Option<BTreeSet<Grant>>,
    /// The owner's own privileges, where they are not all that there are.
    #[serde(default)]
    pub owner_rights: Option<BTreeSet<String>>,
    /// Security labels by provider.
    pub labels: BTreeMap<Name, String>,
    /// Extensions that take it along when they go (`DEPENDS ON EXTENSION`).
    #[serde(default)]
    pub extensions: BTreeSet<Name>,
    /// Comments on columns that are no objects of their own.
    pub column_comments: BTreeMap<Name, String>,
    /// What was granted on columns that are no objects of their own, and on the sequence of an identity column.
    #[serde(default)]
    pub column_grants: BTreeMap<Name, BTreeSet<Grant>>,
}

/// The facets of an object, which take no room where there is nothing to say, as for most columns.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(from = "Facets", into = "Facets")]
pub struct Boxed(Option<Box<Facets>>);

impl From<Facets> for Boxed {
    fn from(facets: Facets) -> Self {
        Boxed((facets != Facets::default()).then(|| Box::new(facets)))
    }
}

impl From<Boxed> for Facets {
    fn from(Boxed(facets): Boxed) -> Self {
        facets.map_or_else(Facets::default, |facets| *facets)
    }
}

impl Boxed {
    /// Takes some of them away.
    pub fn reduce(&mut self, reduce: impl FnOnce(&mut Facets)) {
        if let Some(mut facets) = self.0.take() {
            reduce(&mut facets);
            *self = Boxed::from(*facets);
        }
    }
}

impl Deref for Boxed {
    type Target = Facets;

    fn deref(&self) -> &Facets {
        static NOTHING: LazyLock<Facets> = LazyLock::new(Facets::default);
        self.0.as_deref().unwrap_or(&NOTHING)
    }
}

impl DerefMut for Boxed {
    fn deref_mut(&mut self) -> &mut Facets {
        self.0.get_or_insert_default()
    }
}

/// The objects whose owner, or whose privileges, the models state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stated {
    /// Whose owner.
    pub owners: BTreeSet<Id>,
    /// Whose privileges.
    pub privileges: BTreeSet<Id>,
}

/// One privilege of one role.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Grant {
    /// The role; `None` for `PUBLIC`.
    pub grantee: Option<Name>,
    /// `SELECT`, `USAGE`, …
    pub privilege: String,
    /// Granted with the grant option.
    pub grantable: bool,
    /// Who granted it, if not the owner: nobody else can revoke it.
    #[serde(default)]
    pub by: Incidental<Option<Name>>,
}

impl Grant {
    fn handed_over(&self, from: &Name, to: &Name) -> Grant {
        let grantee = if self.grantee.as_ref() == Some(from) { Some(to.clone()) } else { self.grantee.clone() };
        Grant { grantee, ..self.clone() }
    }
}

/// Whether two objects' facets say the same: the defaults of a kind may be written out or not.
pub fn same(body: &Body, a: &Facets, b: &Facets) -> bool {
    let plain = |facets: &Facets| Facets { grants: Some(effective(body, facets)), ..facets.clone() };
    a == b || (a.grants != b.grants && plain(a) == plain(b))
}

/// The statements that lead an object's facets from `before` to `after`.
pub fn change(id: &Id, body: &Body, before: &Facets, after: &Facets) -> Vec<Statement> {
    let on = body.designation(id);
    let mut out = Vec::new();
    if before.owner != after.owner
        && let Some(owner) = &after.owner
    {
        out.push(sql!("ALTER {} OWNER TO {}", on, owner).into());
    }
    if before.comment != after.comment {
        out.push(remark(&on, after.comment.as_deref().or(usual_comment(id))));
    }
    out.extend(column_comments(id, body, before, after));
    for (provider, text) in changed(&before.labels, &after.labels) {
        out.push(sql!("SECURITY LABEL FOR {} ON {} IS {}", provider, on, text_or_null(text)).into());
    }
    for name in before.extensions.difference(&after.extensions) {
        out.push(sql!("ALTER {} NO DEPENDS ON EXTENSION {}", on, name).into());
    }
    for name in after.extensions.difference(&before.extensions) {
        out.push(sql!("ALTER {} DEPENDS ON EXTENSION {}", on, name).into());
    }
    if let Some(target) = body.grantable(id) {
        let part = body.granted_part(id);
        if before.owner_rights != after.owner_rights {
            out.extend(owner_rights(&target, after));
        }
        if before.grants != after.grants {
            let mut held = effective(body, before);
            // What a new owner held before is part of what an owner may do.
            held.retain(|grant| grant.grantee.is_none() || grant.grantee != after.owner);
            let owners = |mut grant: Grant| {
                grant.by.0 = grant.by.0.filter(|by| after.owner.as_ref() != Some(by));
                grant
            };
            let held = held.into_iter().map(owners).collect();
            out.extend(exchange(&target, &part, &held, &effective(body, after)));
        }
        out.extend(column_grants(id, body, &target, before, after));
    }
    out
}

/// The sequence of an identity column.
fn identity(id: &Id, body: &Body) -> Option<Sql> {
    let Body::Column(column) = body else { return None };
    column.identity.as_ref().map(|identity| dotted(&identity.sequence(id)))
}

/// What is said of parts that are no objects: columns of views and composites, the one sequence of an identity column.
fn column_comments(id: &Id, body: &Body, before: &Facets, after: &Facets) -> Vec<Statement> {
    if body.tag() == Tag::Column {
        let (held, wanted) = (before.column_comments.values().next(), after.column_comments.values().next());
        let change = |sequence| remark(&sql!("SEQUENCE {}", sequence), wanted.map(String::as_str));
        return identity(id, body).filter(|_| held != wanted).map(change).into_iter().collect();
    }
    // What goes takes its comment along.
    let goes =
        |column: &Name| matches!(body, Body::Composite(body) if body.attributes.iter().all(|own| own.name != *column));
    let changes = changed(&before.column_comments, &after.column_comments).filter(|(column, _)| !goes(column));
    changes.map(|(column, text)| remark(&sql!("COLUMN {}.{}", id.relation(), column), text)).collect()
}

/// What is granted on parts that are no objects: columns of views, the one sequence of an identity column.
fn column_grants(id: &Id, body: &Body, target: &Sql, before: &Facets, after: &Facets) -> Vec<Statement> {
    let of = |grants: Option<&BTreeSet<Grant>>| grants.cloned().unwrap_or_default();
    if body.tag() == Tag::Column {
        let sequence = identity(id, body);
        let (held, wanted) = (before.column_grants.values().next(), after.column_grants.values().next());
        let change = |sequence| exchange(&sql!("SEQUENCE {}", sequence), &Sql::default(), &of(held), &of(wanted));
        return sequence.map(change).unwrap_or_default();
    }
    let columns: BTreeSet<&Name> = before.column_grants.keys().chain(after.column_grants.keys()).collect();
    let change = |column: &Name| {
        let held = left_on_column(&of(before.column_grants.get(column)), body, before, after);
        exchange(target, &sql!(" ({})", column), &held, &of(after.column_grants.get(column)))
    };
    columns.into_iter().flat_map(change).collect()
}

/// The comment that an object has if nobody says anything: every database comes with one.
pub fn usual_comment(id: &Id) -> Option<&'static str> {
    (id.tag == Tag::Schema && id.name().as_str() == "public").then_some("standard public schema")
}

/// What is said about something, called by kind and name.
pub fn remark(on: &Sql, text: Option<&str>) -> Statement {
    sql!("COMMENT ON {} IS {}", on, text_or_null(text)).into()
}

/// A text as SQL.
fn text_or_null(text: Option<&str>) -> Sql {
    text.map_or(Sql::raw("NULL"), |text| sql!("{}", Literal(text)))
}

fn changed<'a>(
    before: &'a BTreeMap<Name, String>,
    after: &'a BTreeMap<Name, String>,
) -> impl Iterator<Item = (&'a Name, Option<&'a str>)> {
    let gone = before.keys().filter(|key| !after.contains_key(*key)).map(|key| (key, None));
    let set = after.iter().filter(|(key, text)| before.get(*key) != Some(text));
    gone.chain(set.map(|(key, text)| (key, Some(text.as_str()))))
}

/// Takes from the owner what it is not to have, or gives it back.
fn owner_rights(target: &Sql, after: &Facets) -> Vec<Statement> {
    let Some(owner) = &after.owner else { return Vec::new() };
    match &after.owner_rights {
        None => vec![sql!("GRANT ALL ON {} TO {}", target, owner).into()],
        Some(rights) => {
            let mut out = vec![sql!("REVOKE ALL ON {} FROM {}", target, owner).into()];
            if !rights.is_empty() {
                let rights = Sql::join(rights.iter().map(|right| Sql::raw(right.as_str())), ", ");
                out.push(sql!("GRANT {} ON {} TO {}", rights, target, owner).into());
            }
            out
        }
    }
}

/// What is left of a column's grants when its relation's facets change: the server puts a new owner in the place of the
/// old one, and what is revoked from a relation is revoked from its columns too.
pub fn left_on_column(grants: &BTreeSet<Grant>, relation: &Body, before: &Facets, after: &Facets) -> BTreeSet<Grant> {
    let hands = before.owner.as_ref().zip(after.owner.as_ref()).filter(|(from, to)| from != to);
    let over = |grants: &BTreeSet<Grant>| match hands {
        Some((from, to)) => grants.iter().map(|grant| grant.handed_over(from, to)).collect(),
        None => grants.clone(),
    };
    let wanted = effective(relation, after);
    let revoked: BTreeSet<Grant> = over(&effective(relation, before)).difference(&wanted).cloned().collect();
    let is_of = |a: &Grant, b: &Grant| (&a.grantee, &a.privilege) == (&b.grantee, &b.privilege);
    over(grants).into_iter().filter(|grant| !revoked.iter().any(|other| is_of(grant, other))).collect()
}

/// `REVOKE` what is too much, `GRANT` what is missing: a statement for each role.
pub fn exchange(target: &Sql, part: &Sql, held: &BTreeSet<Grant>, wanted: &BTreeSet<Grant>) -> Vec<Statement> {
    let list = |grants: &[&Grant]| {
        Sql::join(grants.iter().map(|grant| sql!("{}{}", Sql::raw(grant.privilege.as_str()), part)), ", ")
    };
    let too_much: Vec<&Grant> = held.difference(wanted).collect();
    let first = passed_on(target, part, held, &too_much);
    let revoke = too_much
        .chunk_by(|a, b| a.grantee == b.grantee)
        .map(|grants| sql!("REVOKE {} ON {} FROM {}", list(grants), target, role(grants[0].grantee.as_ref())));
    let mut missing: Vec<&Grant> = wanted.difference(held).collect();
    missing.sort_by_key(|grant| (&grant.grantee, grant.grantable));
    let grant = missing.chunk_by(|a, b| (&a.grantee, a.grantable) == (&b.grantee, b.grantable)).map(|grants| {
        let grant_option = if grants[0].grantable { " WITH GRANT OPTION" } else { "" };
        let to = role(grants[0].grantee.as_ref());
        sql!("GRANT {} ON {} TO {}{}", list(grants), target, to, Sql::raw(grant_option))
    });
    first.into_iter().chain(revoke).chain(grant).map(Statement::new).collect()
}

/// What others than the owner granted they revoke themselves, before the privilege that they did it by goes; where it is to stay,
/// the owner has granted it too by then.
fn passed_on(target: &Sql, part: &Sql, held: &BTreeSet<Grant>, too_much: &[&Grant]) -> Vec<Sql> {
    let may = |privilege: &Grant| sql!("{}{} ON {}", Sql::raw(privilege.privilege.as_str()), part, target);
    let loses = |by: &Name, privilege: &str| {
        too_much.iter().any(|grant| grant.grantee.as_ref() == Some(by) && grant.privilege == privilege)
    };
    let (mut goes, mut out) = (Vec::new(), Vec::new());
    for grant in held {
        let Some(by) = &grant.by.0 else { continue };
        let stays = !too_much.contains(&grant);
        if stays && !loses(by, &grant.privilege) {
            continue;
        }
        if stays {
            let option = Sql::raw(if grant.grantable { " WITH GRANT OPTION" } else { "" });
            out.push(sql!("GRANT {} TO {}{}", may(grant), role(grant.grantee.as_ref()), option));
        }
        goes.push((by, grant));
    }
    // Who was granted by somebody who was granted goes before him.
    let depth = |by: &Name, privilege: &str| {
        let (mut depth, mut by) = (0, by);
        let above =
            |by: &Name| held.iter().find(|grant| grant.grantee.as_ref() == Some(by) && grant.privilege == privilege);
        while let Some(next) = above(by).and_then(|grant| grant.by.0.as_ref()).filter(|_| depth < held.len()) {
            (depth, by) = (depth + 1, next);
        }
        depth
    };
    goes.sort_by_key(|(by, grant)| std::cmp::Reverse(depth(by, &grant.privilege)));
    for (by, grant) in goes {
        let revoke = sql!("REVOKE {} FROM {}", may(grant), role(grant.grantee.as_ref()));
        out.extend([sql!("SET LOCAL ROLE {}", by), revoke, Sql::raw("RESET ROLE")]);
    }
    out
}

fn role(grantee: Option<&Name>) -> Sql {
    grantee.map_or(Sql::raw("PUBLIC"), |name| sql!("{}", name))
}

/// Grants with the kind's default for everybody written out.
pub fn effective(body: &Body, facets: &Facets) -> BTreeSet<Grant> {
    facets.grants.clone().unwrap_or_else(|| usual_grants(body))
}

/// What everybody may do if nobody says anything.
pub fn usual_grants(body: &Body) -> BTreeSet<Grant> {
    let usual = body.tag().public_privilege();
    usual
        .map(|privilege| Grant { grantee: None, privilege: privilege.into(), grantable: false, by: Incidental(None) })
        .into_iter()
        .collect()
}

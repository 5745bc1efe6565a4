//! The desired side: the models, run in the shadow and read back.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::declared::Declared;
use super::{Error, Session};
use crate::catalog::{Canonical, Catalog, Object};
use crate::db::apply_plan::run_each;
use crate::db::prove::settle;
use crate::db::read::read;
use crate::db::shadow::{Source, build, explained};
use crate::db::shadow_place::{self, Shadow};
use crate::facet::{self, Facets};
use crate::kind::materialized_view::without_rows;
use crate::kind::{Body, Id, Tag};
use crate::name::Name;
use crate::plan;
use crate::rename::{self, Asked, Rename, Wish};
use crate::scope::Scope;
use crate::sql::Sql;

/// Both sides, and the shadow that holds the desired one.
#[derive(Debug)]
pub struct Sides {
    /// The live database.
    pub actual: Canonical,
    /// The models, with what is not managed carried over from the live database.
    pub desired: Canonical,
    /// What is renamed once the desired side is reached, which has the old names until then.
    pub renames: Vec<Rename>,
    /// The desired side under its new names.
    pub renamed: Canonical,
    /// How the models have values change their type.
    pub usings: Vec<Source>,
    /// What is managed.
    pub scope: Scope,
    /// Where the models were run.
    pub shadow: Shadow,
}

/// Reads the live database, and the models by way of a new shadow. Close the shadow afterwards.
///
/// `asked` are renames besides those that the models declare.
pub async fn sides(session: &Session, declared: Declared, asked: &[Asked]) -> Result<Sides, Error> {
    let scope = declared.scope(session);
    let Declared { statements, mut wishes, usings, models } = declared;
    drop(models);
    let facts = shadow_place::facts(&session.live).await.map_err(Error::from)?;
    // Two processes of the server, and often two cores.
    let (actual, filled) = tokio::join!(read(&session.live, session.ledger()), async {
        let shadow = session.shadow_of(facts).await?;
        let renamed = made(session, &shadow, statements).await;
        Ok::<_, Error>((shadow, renamed))
    });
    let (shadow, renamed) = filled?;
    let desired = async {
        let (actual, renamed) = (actual?, renamed?);
        let meant = rename::wishes(asked, &actual, &renamed);
        wishes.extend(meant.iter().flatten().cloned());
        let (desired, renamed, renames) = under_old_names(session, &shadow, &actual, renamed, &wishes).await?;
        let shown = if renames.is_empty() { &desired } else { &renamed };
        if let Some(wish) = rename::blocked(&wishes, &renames, &actual, shown) {
            return Err(Error::RenameBlocked { to: wish.to.clone().into(), from: wish.from.to_string() });
        }
        let is_heard =
            |wish: &Wish| renames.iter().any(|rename| rename.wish.to == wish.to && rename.wish.value == wish.value);
        let unheard = |(_, wish): &(&Asked, &Option<Wish>)| !wish.as_ref().is_some_and(is_heard);
        if let Some((asked, _)) = asked.iter().zip(&meant).find(unheard) {
            return Err(Error::NoSuchRename(asked.to_string()));
        }
        let scope = scope.with_old_names(&renames);
        let actual = scope.leave_owner(actual);
        let desired = carried_over(session, &shadow, &actual, &session.ledger.schema, &scope, desired).await?;
        let desired = desired.map(|desired| say_usings(desired, &usings, &renames));
        Ok::<_, Error>((actual, desired, renames, renamed, scope))
    };
    match desired.await {
        Ok((actual, desired, renames, renamed, scope)) => {
            let usings = usings.into_iter().map(|(_, expression)| expression).collect();
            Ok(Sides { actual, desired, renames, renamed, usings, scope, shadow })
        }
        Err(error) => {
            shadow.close().await?;
            Err(error)
        }
    }
}

/// Notes how values change their type, at the columns and at those of heirs, which change with them.
fn say_usings(desired: &mut Catalog, usings: &[(Id, Source)], renames: &[Rename]) {
    let mut said: BTreeMap<Id, Sql> = BTreeMap::new();
    for (column, expression) in usings {
        said.insert(rename::old_of(column, renames), Sql::raw(expression.sql.as_str()));
    }
    while !said.is_empty() {
        let mut next = BTreeMap::new();
        for (id, object) in &mut desired.objects {
            let leader = object.leader().and_then(|leader| said.get(leader)).cloned();
            let (own, Body::Column(column)) = (said.get(id).cloned(), &mut object.body) else { continue };
            if let Some(expression) = own.or(leader.filter(|_| column.using.0.is_none())) {
                next.extend((!said.contains_key(id)).then(|| (id.clone(), expression.clone())));
                column.using.0.get_or_insert(expression);
            }
        }
        said = next;
    }
}

/// Gives what was renamed its old name back in the shadow: what was asked for, then what follows from that. The schema under the old
/// names, and under the new ones where these are others.
async fn under_old_names(
    session: &Session,
    shadow: &Shadow,
    actual: &Canonical,
    made: Canonical,
    wishes: &[Wish],
) -> Result<(Canonical, Canonical, Vec<Rename>), Error> {
    let (mut old, mut renames) = (None, Vec::new());
    let mut next = rename::resolve(wishes, actual, &made);
    next.extend(rename::moved_extensions(actual, &made));
    // A class follows its family, and that one the class that was asked for.
    for _ in 0..3 {
        if !next.is_empty() {
            run_each(&shadow.connected, &rename::back(&next)).await?;
            let filled = |id: &Id| match made.get(id).map(|object| &object.body) {
                Some(Body::MaterializedView(view)) => view.filled.0,
                _ => true,
            };
            old = Some(say_filled(read(&shadow.connected, session.ledger()).await?, filled));
            // What comes later is renamed first, under the old names that the others still have.
            next.append(&mut renames);
            renames = next;
        }
        let desired = old.as_ref().unwrap_or(&made);
        next = rename::resolve(&rename::unasked(actual, desired), actual, desired);
    }
    Ok(match old {
        Some(desired) => (desired, made, renames),
        None => (made, Canonical::default(), renames),
    })
}

/// What the statements make in an empty shadow, to be compared with `actual`; `home` is the schema of the ledger there.
pub(super) async fn beside(
    session: &Session,
    shadow: &Shadow,
    actual: &Canonical,
    home: &Name,
    scope: &Scope,
    statements: Vec<Source>,
) -> Result<Canonical, Error> {
    let desired = made(session, shadow, statements).await?;
    carried_over(session, shadow, actual, home, scope, desired).await
}

async fn carried_over(
    session: &Session,
    shadow: &Shadow,
    actual: &Canonical,
    home: &Name,
    scope: &Scope,
    desired: Canonical,
) -> Result<Canonical, Error> {
    let home = Id::schema(home);
    let has_home = desired.has(&home);
    let made = other_facets(actual, &desired);
    let desired = scope.carry_over(actual, desired, &home);
    hand_over(shadow, &made, actual, &desired).await;
    // The ledger's schema stays, whatever the models say, and so the shadow has it too.
    if !has_home {
        run_each(&shadow.connected, &plan::creation_of(&home, &desired)?).await?;
    }
    Ok(settle(&shadow.connected, actual, desired, session.ledger()).await?)
}

/// The facets of what was made and has others in the live database.
fn other_facets(actual: &Catalog, made: &Catalog) -> HashMap<Id, Facets> {
    let other = |(id, object): (&Id, &Object)| {
        let mut facets = Facets::clone(&object.facets);
        facets.owner = facets.owner.filter(|owner| *owner != made.server.role);
        (facets != *actual.get(id)?.facets).then(|| (id.clone(), facets))
    };
    made.objects.iter().filter_map(other).collect()
}

/// Gives what a change may touch to those in the shadow whom it belongs to, and who may use it: a view is read with the rights of
/// its owner, who may make it in its schema. What the server refuses stays as it is.
async fn hand_over(shadow: &Shadow, made: &HashMap<Id, Facets>, actual: &Canonical, desired: &Canonical) {
    if made.is_empty() {
        return;
    }
    let touched = plan::touched(actual, desired);
    let schemas: BTreeSet<Id> =
        touched.iter().filter(|id| id.path.len() > 1).map(|id| Id::schema(&id.part(0))).collect();
    for id in schemas.into_iter().chain(touched) {
        let Some((before, object)) = made.get(&id).zip(desired.get(&id)) else { continue };
        for statement in facet::change(&id, &object.body, before, &object.facets) {
            let _ = shadow.connected.batch_execute(statement.sql.as_str()).await;
        }
    }
}

/// What the statements make in an empty database, without a look at the live one's schema.
pub async fn alone(session: &Session, statements: Vec<Source>) -> Result<Canonical, Error> {
    let shadow = session.shadow().await?;
    let made = made(session, &shadow, statements).await;
    shadow.close().await?;
    made
}

async fn made(session: &Session, shadow: &Shadow, statements: Vec<Source>) -> Result<Canonical, Error> {
    let views = statements.iter().filter_map(|source| without_rows(&source.sql));
    let filled: HashMap<Vec<Name>, bool> = views.map(|(path, filling)| (path, filling.is_some())).collect();
    let refused = build(&shadow.connected, statements).await?;
    if !refused.is_empty() {
        return Err(Error::Refused(explained(&shadow.connected, refused).await?));
    }
    let made = read(&shadow.connected, session.ledger()).await?;
    // A name without a schema is that of the one that no other statement means.
    let said = |id: &Id| filled.get(&id.path[..]).or_else(|| filled.get(&id.path[1..])).copied();
    Ok(say_filled(made, |id| said(id).unwrap_or(true)))
}

/// Notes which materialized views have rows: in the shadow none has.
fn say_filled(made: Canonical, filled: impl Fn(&Id) -> bool) -> Canonical {
    if made.below(Tag::MaterializedView, &[]).next().is_none() {
        return made;
    }
    made.map(|made| {
        for (id, object) in &mut made.objects {
            if let Body::MaterializedView(view) = &mut object.body {
                view.filled.0 = filled(id);
            }
        }
    })
}

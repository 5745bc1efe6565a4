//! Trying the places for a shadow in turn.

use std::time::Duration;

use super::slot::{self, Locale};
use super::{
    APPLICATION, Cluster, Error, Facts, Home, Kept, Place, Private, Purpose, Request, Shadow, clean, given, query,
};
use crate::db::connect::{Connected, Refusal, Target, connect};
use crate::name::Name;
use crate::sql;

/// The key of the lock on a given database: `alud`, `shad`.
const GIVEN_LOCK: (i32, i32) = (0x616c_7564, 0x7368_6164);
/// How long to wait for another process to be done with it.
const PATIENCE: Duration = Duration::from_secs(10);

/// The database that the user gave.
pub(super) async fn in_given(target: &Target, facts: Facts) -> Result<Shadow, Error> {
    let url = target.to_string();
    let connected = connect(target, APPLICATION).await?;
    let found = Facts::read(&connected).await.map_err(query("reading the shadow's properties"))?;
    if found.identity == facts.identity {
        return Err(Error::Live(url));
    }
    let mut waited = Duration::ZERO;
    while !hold(&connected).await.map_err(query("locking the shadow"))? {
        if waited >= PATIENCE {
            return Err(Error::Busy(url));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        waited += Duration::from_millis(50);
    }
    let mut left = clean::left(&connected).await.map_err(query("looking into the shadow"))?;
    if !left.is_empty() && given::is_marked(&connected).await.map_err(query("looking at the shadow"))? {
        left = clean::empty(&connected).await.map_err(query("emptying the shadow"))?;
    }
    if !left.is_empty() {
        return Err(Error::NotEmpty { url, left });
    }
    given::mark(&connected).await;
    let mut notes = Vec::new();
    if found.encoding != facts.encoding || found.collate != facts.collate {
        notes.push(format!(
            "the shadow has encoding {} and collation {}, the live database {} and {}",
            found.encoding, found.collate, facts.encoding, facts.collate
        ));
    }
    let version = connected.version_num();
    Ok(Shadow { connected, place: Place::Given { url }, version, notes, facts, home: Home::Given })
}

async fn hold(session: &Connected) -> Result<bool, tokio_postgres::Error> {
    let (class, key) = GIVEN_LOCK;
    Ok(session.query_one("SELECT pg_try_advisory_lock($1, $2)", &[&class, &key]).await?.get(0))
}

/// The first place that will do.
pub(super) async fn anywhere(request: &Request<'_>, facts: Facts) -> Result<Shadow, Error> {
    let live = request.live.target();
    let mut reasons = Vec::new();
    // What went wrong where it should have worked; to be known even if another place does.
    let mut notes = Vec::new();
    match why_not_same_server(live, &facts) {
        Some(reason) => reasons.push(format!("the live server: {reason}")),
        None => match same_server(live, &facts).await {
            Ok(shadow) => return Ok(shadow),
            Err(error) => notes.push(format!("no shadow on the live server: {error}")),
        },
    }
    if !live.serves_one_connection() {
        match private(request, &facts).await {
            Ok(shadow) => return Ok(noted(shadow, notes)),
            Err(error) => reasons.push(format!("a private cluster: {error}")),
        }
    }
    match in_process(&facts).await {
        Ok(shadow) => return Ok(noted(shadow, notes)),
        Err(reason) => reasons.push(format!("the PostgreSQL inside aludel: {reason}")),
    }
    reasons.splice(0..0, notes);
    let name = slot::name(live);
    let owner = sql!(" OWNER {}", Name::from(live.user()));
    let mut statement = facts.create(&name, request.live.version_num());
    statement.push(&owner);
    let url = live.with_database(name.as_str()).to_string().replace(":***@", "@");
    Err(Error::Nowhere { reasons, statement: statement.to_string(), url })
}

fn noted(mut shadow: Shadow, notes: Vec<String>) -> Shadow {
    shadow.notes.splice(0..0, notes);
    shadow
}

fn why_not_same_server(live: &Target, facts: &Facts) -> Option<String> {
    if live.serves_one_connection() {
        Some("it serves one connection at a time".to_owned())
    } else if !live.is_local() {
        Some("it is not this machine, and nothing is made there unasked".to_owned())
    } else if !facts.may_create {
        Some(format!("user {} may not create databases (ALTER ROLE … CREATEDB)", Name::from(live.user())))
    } else {
        None
    }
}

async fn same_server(live: &Target, facts: &Facts) -> Result<Shadow, Error> {
    let keeper = connect(live, APPLICATION).await?;
    let (shadow, name) = in_slot(keeper, live, live, facts, None).await?;
    Ok(Shadow { place: Place::SameServer { database: name }, ..shadow })
}

async fn private(request: &Request<'_>, facts: &Facts) -> Result<Shadow, Error> {
    let major = request.live.major();
    let folder = request.folder.join(format!("shadow-{major}"));
    let cluster = Cluster::open(&folder, Purpose::Shadow, Some(major), request.search).await?;
    let server = Private::Cluster(cluster);
    let admin = server.target(server.first_database());
    let keeper = connect(&admin, APPLICATION).await?;
    let available = "SELECT name FROM unnest($1::text[]) name
        WHERE NOT EXISTS (SELECT FROM pg_available_extensions a WHERE a.name = name.name)";
    let wanted = facts.added_extensions();
    let wanted: Vec<&str> = wanted.iter().map(Name::as_str).collect();
    let missing = keeper.query(available, &[&wanted]).await.map_err(query("looking for extensions"))?;
    if let Some(row) = missing.first() {
        let name = Name::new(row.get::<_, &str>(0));
        keeper.close().await;
        server.close().await?;
        return Err(Error::Extension { name, major });
    }
    let notes: Vec<String> = server.note().map(str::to_owned).into_iter().collect();
    // It has no tablespaces but its own.
    let facts = Facts { tablespace: None, ..facts.clone() };
    let (mut shadow, _) = in_slot(keeper, &admin, request.live.target(), &facts, Some(server)).await?;
    shadow.notes.extend(notes);
    Ok(Shadow { place: Place::Cluster { major }, ..shadow })
}

/// A database of ours: kept from an earlier run and emptied, or made. The place is the caller's to say.
async fn in_slot(
    keeper: Connected,
    admin: &Target,
    live: &Target,
    facts: &Facts,
    server: Option<Private>,
) -> Result<(Shadow, Name), Error> {
    let locale = if server.is_some() { Locale::Nearest } else { Locale::Exact };
    let Some(slot) = slot::take(keeper, live).await.map_err(query("taking a shadow"))? else {
        return Err(Error::Busy(admin.to_string()));
    };
    let name = slot.name.clone();
    let target = admin.with_database(name.as_str());
    let kept = slot.fits(facts).await.map_err(query("looking for the shadow"))?;
    let mut notes = Vec::new();
    if kept {
        slot.touch(facts).await.map_err(query("taking the shadow"))?;
    } else {
        notes.extend(slot.make(facts, locale).await.map_err(query("making the shadow"))?);
    }
    let connected = match connect(&target, APPLICATION).await {
        Err(error) if kept && error.refusal() == Some(Refusal::Other) => {
            // Left broken by a crash in the middle of a drop.
            notes.extend(slot.make(facts, locale).await.map_err(query("making the shadow"))?);
            connect(&target, APPLICATION).await?
        }
        other => other?,
    };
    let version = connected.version_num();
    let place = Place::SameServer { database: name.clone() };
    let home = Home::Slot(Box::new(Kept { slot, server }));
    let mut shadow = Shadow { connected, place, version, notes, facts: facts.clone(), home };
    if kept {
        shadow.reset().await?;
    }
    Ok((shadow, name))
}

#[cfg(feature = "embedded")]
async fn in_process(facts: &Facts) -> Result<Shadow, String> {
    use crate::db::embedded::{FIRST_DATABASE, InProcess};
    use crate::db::server;
    if facts.encoding != "UTF8" {
        return Err(format!("it is always UTF8, and the live database is {}", facts.encoding));
    }
    let said = |error: server::Error| error.to_string();
    let opened = InProcess::temporary(&facts.added_extensions()).await;
    let server = opened.map_err(|error| said(error.into()))?;
    let target = server.target(FIRST_DATABASE);
    let connected = connect(&target, APPLICATION).await.map_err(|error| error.to_string())?;
    let version = connected.version_num();
    // The extensions that it was started with are made on connecting.
    clean::empty(&connected).await.map_err(|error| error.to_string())?;
    let home = Home::InProcess(Box::new(server));
    Ok(Shadow { connected, place: Place::InProcess, version, notes: Vec::new(), facts: facts.clone(), home })
}

#[cfg(not(feature = "embedded"))]
async fn in_process(_: &Facts) -> Result<Shadow, String> {
    Err("this aludel was built without the feature `embedded`".to_owned())
}

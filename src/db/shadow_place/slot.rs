//! A shadow's database on a server: its name, the lock that holds it, its making and its sweeping.
//!
//! The lock is an advisory one of a session on another database, so that the shadow itself can be dropped. Whoever
//! finds it taken takes the next name. `pg_locks` shows such locks to every database, so a sweep sees them too.

use std::time::Duration;

use sha2::{Digest, Sha256};
use tokio_postgres::error::SqlState;

use super::facts::Facts;
use super::{APPLICATION, Error, clean, query};
use crate::db::connect::{Connected, Target, connect};
use crate::name::{Literal, Name, hex};
use crate::sql;

/// How the name of every shadow begins.
const PREFIX: &str = "aludel_shadow_";
/// How the comment on every shadow begins: a database without it is never touched.
const COMMENT: &str = "aludel shadow of ";
/// The first key of our advisory locks: `alud`.
const LOCK_CLASS: i32 = 0x616c_7564;
/// How many shadows of one database may be in use at once.
const MOST: u32 = 64;
/// What the comment says besides of a shadow that is not on its database's server.
const ELSEWHERE: &str = " on another server";
/// After how long an unused leftover is swept, in seconds.
const LEFTOVER: &str = "3600";
/// And one whose database was on this server, and is gone: nobody comes back for it.
const ORPHAN: &str = "300";

/// A name that this process holds.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) name: Name,
    /// The session that holds the lock and makes and drops the database.
    pub(super) keeper: Connected,
    source: String,
}

/// Whether a server that lacks the locale may have another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Locale {
    Exact,
    Nearest,
}

/// The name that the first shadow of a database gets.
pub(super) fn name(live: &Target) -> Name {
    let mut hash = Sha256::new();
    for part in [live.server().as_str(), live.database(), live.user()] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    Name::from(format!("{PREFIX}{}", hex(&hash.finalize()[..4])))
}

/// Takes the first name that nobody holds. `None` if all are taken.
pub(super) async fn take(keeper: Connected, live: &Target) -> Result<Option<Slot>, tokio_postgres::Error> {
    let first = name(live);
    for number in 1..=MOST {
        let name = if number == 1 { first.clone() } else { Name::from(format!("{}_{number}", first.as_str())) };
        let query = "SELECT pg_try_advisory_lock($1, hashtext($2))";
        let taken: bool = keeper.query_one(query, &[&LOCK_CLASS, &name.as_str()]).await?.get(0);
        if !taken {
            continue;
        }
        if !is_foreign(&keeper, &name).await? {
            let place = if keeper.target().server() == live.server() { "" } else { ELSEWHERE };
            return Ok(Some(Slot { name, source: format!("{}{place}", Name::from(live.database())), keeper }));
        }
        keeper.query_one("SELECT pg_advisory_unlock($1, hashtext($2))", &[&LOCK_CLASS, &name.as_str()]).await?;
    }
    Ok(None)
}

/// Whether a database of that name is somebody else's.
async fn is_foreign(keeper: &Connected, name: &Name) -> Result<bool, tokio_postgres::Error> {
    let query = "SELECT coalesce(shobj_description(oid, 'pg_database'), '') NOT LIKE $2 || '%'
                     OR NOT pg_has_role(datdba, 'USAGE')
                 FROM pg_database WHERE datname = $1";
    Ok(keeper.query_opt(query, &[&name.as_str(), &COMMENT]).await?.is_some_and(|row| row.get(0)))
}

impl Slot {
    /// Whether the database is there and as the facts want it.
    pub(super) async fn fits(&self, facts: &Facts) -> Result<bool, tokio_postgres::Error> {
        let query = "SELECT pg_encoding_to_char(encoding) = $2 AND datcollate = $3 AND datctype = $4
                AND coalesce(to_jsonb(d) ->> 'datlocprovider', 'c') = $5
                AND coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale') IS NOT DISTINCT FROM $6
                AND (SELECT t.spcname = coalesce($7, 'pg_default') FROM pg_tablespace t WHERE t.oid = d.dattablespace)
                AND shobj_description(d.oid, 'pg_database') LIKE '%' || $8
            FROM pg_database d WHERE datname = $1";
        let row = self
            .keeper
            .query_opt(
                query,
                &[
                    &self.name.as_str(),
                    &facts.encoding,
                    &facts.collate,
                    &facts.ctype,
                    &facts.provider,
                    &facts.locale,
                    &facts.tablespace,
                    &settings(facts),
                ],
            )
            .await?;
        Ok(row.is_some_and(|row| row.get(0)))
    }

    /// Makes the database, in the place of what may be there. Returns a remark if it is not quite what was wanted.
    pub(super) async fn make(&self, facts: &Facts, locale: Locale) -> Result<Option<String>, tokio_postgres::Error> {
        self.remove().await?;
        let exact = facts.create(&self.name, self.keeper.version_num());
        let remark = match self.create(&exact).await {
            Err(error) if locale == Locale::Nearest && lacks_locale(&error) => {
                self.create(&facts.create_plain(&self.name)).await?;
                Some(format!("the shadow's server has no locale {}: its own is used", facts.collate))
            }
            other => other.map(|()| None)?,
        };
        self.touch(facts).await?;
        for statement in facts.set(&self.name) {
            match self.keeper.batch_execute(statement.as_str()).await {
                // A superuser's setting, or one of an extension that this server lacks.
                Err(error) if is_about_rights(&error) || locale == Locale::Nearest => {}
                other => other?,
            }
        }
        Ok(remark)
    }

    async fn create(&self, statement: &sql::Sql) -> Result<(), tokio_postgres::Error> {
        // template0 can be copied by one at a time.
        for _ in 0..50 {
            match self.keeper.batch_execute(statement.as_str()).await {
                Err(error) if error.code() == Some(&SqlState::OBJECT_IN_USE) => {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                other => return other,
            }
        }
        self.keeper.batch_execute(statement.as_str()).await
    }

    /// Drops the database, whoever is still connected to it.
    pub(super) async fn remove(&self) -> Result<(), tokio_postgres::Error> {
        drop_database(&self.keeper, &self.name).await
    }

    /// Whether it stands in the way of dropping some role but this session's.
    pub(super) async fn holds_roles(&self) -> Result<bool, tokio_postgres::Error> {
        let query = "SELECT EXISTS (SELECT FROM pg_shdepend s JOIN pg_database d ON d.oid = s.dbid
            WHERE d.datname = $1 AND s.refclassid = 'pg_authid'::regclass
              AND s.refobjid <> (SELECT r.oid FROM pg_roles r WHERE r.rolname = current_user))";
        Ok(self.keeper.query_one(query, &[&self.name.as_str()]).await?.get(0))
    }

    /// Notes that the shadow is in use now, by which a sweep goes, and what settings it was made for.
    pub(super) async fn touch(&self, facts: &Facts) -> Result<(), tokio_postgres::Error> {
        let query = "SELECT extract(epoch FROM now())::bigint::text";
        let now: String = self.keeper.query_one(query, &[]).await?.get(0);
        let (source, settings) = (&self.source, settings(facts));
        let comment = format!("{COMMENT}{source}; last used {now} (seconds since 1970){settings}");
        let statement = sql!("COMMENT ON DATABASE {} IS {}", self.name, Literal(&comment));
        self.keeper.batch_execute(statement.as_str()).await
    }

    /// Drops the subscriptions of a database that is left over.
    async fn unsubscribe(&self, database: &Name) -> Result<(), Error> {
        let session = connect(&self.keeper.target().with_database(database.as_str()), APPLICATION).await?;
        let done = clean::unsubscribe(&session).await;
        session.close().await;
        done.map_err(query("dropping subscriptions"))
    }

    /// Drops what earlier runs left: numbered shadows, and those of databases that are gone, if they are unused for an
    /// hour, or for minutes where those were on this server, and nobody holds them. Returns their names.
    pub(super) async fn sweep(&self) -> Result<Vec<Name>, tokio_postgres::Error> {
        let query = r"
            SELECT d.datname, EXISTS (SELECT FROM pg_subscription s WHERE s.subdbid = d.oid) FROM pg_database d,
                   regexp_match(shobj_description(d.oid, 'pg_database'), '^aludel shadow of (.*); last used (\d+) ') m,
                   LATERAL (SELECT d.datname ~ '_\d+$' AND d.datname !~ '^aludel_shadow_\d{8}$') n(numbered)
            WHERE d.datname ~ '^aludel_shadow_[0-9a-f]{8}(_\d+)?$' AND d.datname <> $1
              AND pg_has_role(d.datdba, 'USAGE')
              AND (n.numbered
                   OR NOT EXISTS (SELECT FROM pg_database o WHERE quote_ident(o.datname) = m[1] OR o.datname = m[1]))
              AND m[2]::bigint < extract(epoch FROM now())
                  - CASE WHEN n.numbered OR right(m[1], length($4)) = $4 THEN $2 ELSE $3 END::text::bigint
              AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datid = d.oid)
            ORDER BY d.datname LIMIT 4";
        let mut swept = Vec::new();
        for row in self.keeper.query(query, &[&self.name.as_str(), &LEFTOVER, &ORPHAN, &ELSEWHERE]).await? {
            let name = Name::new(row.get::<_, &str>(0));
            let held = "SELECT EXISTS (SELECT FROM pg_locks
                WHERE locktype = 'advisory' AND classid = $1::int::oid AND objid = (hashtext($2)::bigint & 4294967295)::oid)";
            let held: bool = self.keeper.query_one(held, &[&LOCK_CLASS, &name.as_str()]).await?.get(0);
            if !held {
                if row.get(1) && self.unsubscribe(&name).await.is_err() {
                    continue;
                }
                // Not by force: somebody may have come in meanwhile.
                let statement = sql!("DROP DATABASE IF EXISTS {}", name);
                if self.keeper.batch_execute(statement.as_str()).await.is_ok() {
                    swept.push(name);
                }
            }
        }
        Ok(swept)
    }
}

/// How the comment ends of a shadow that was made for these settings: not all of them may be given to it.
fn settings(facts: &Facts) -> String {
    let text = facts.wanted_settings().iter().map(|setting| setting.as_str()).collect::<Vec<_>>().join("\n");
    format!("; settings {}", hex(&Sha256::digest(text)[..4]))
}

async fn drop_database(keeper: &Connected, name: &Name) -> Result<(), tokio_postgres::Error> {
    if keeper.major() >= 13 {
        return keeper.batch_execute(sql!("DROP DATABASE IF EXISTS {} WITH (FORCE)", name).as_str()).await;
    }
    let end = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = $1";
    keeper.query_one(end, &[&name.as_str()]).await?;
    keeper.batch_execute(sql!("DROP DATABASE IF EXISTS {}", name).as_str()).await
}

fn lacks_locale(error: &tokio_postgres::Error) -> bool {
    let codes = [
        SqlState::WRONG_OBJECT_TYPE,
        SqlState::INVALID_PARAMETER_VALUE,
        SqlState::FEATURE_NOT_SUPPORTED,
        SqlState::INVALID_OBJECT_DEFINITION,
    ];
    error.code().is_some_and(|code| codes.contains(code))
}

fn is_about_rights(error: &tokio_postgres::Error) -> bool {
    error.code().is_some_and(|code| [SqlState::INSUFFICIENT_PRIVILEGE, SqlState::UNDEFINED_OBJECT].contains(code))
}

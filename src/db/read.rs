//! Reads a whole schema: a fixed number of set-based queries, whatever its size.
//!
//! All of them are sent at once on one connection, in one short read-only transaction. Under an empty `search_path` and
//! pinned settings, so that the same schema gives the same texts everywhere. A fingerprint of the catalogs before
//! and after tells whether somebody changed the schema meanwhile; then it is read again.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::pin::pin;

use futures_util::StreamExt;
use futures_util::future::join_all;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Row};

use self::acl::{grants, owner_rights};
use super::Error;
use crate::catalog::{Canonical, Catalog, Need, Object, Server, Strength};
use crate::facet::{self, Facets};
use crate::kind::{Body, Id, Tag};
use crate::name::Name;

mod acl;

/// What the texts of the catalogs depend on.
pub const SETTINGS: &str = "SET LOCAL search_path = ''; SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, MDY'; \
     SET LOCAL intervalstyle = 'postgres'; SET LOCAL extra_float_digits = 1; SET LOCAL quote_all_identifiers = off; \
     SET LOCAL lock_timeout = '4s'; SET LOCAL jit = off";

/// How often a schema that changes under our eyes is read again.
const TRIES: usize = 5;

/// Reads the schema of the database that `client` is connected to.
///
/// Tables of this tool's own ledger are left out: `ledger` is their name.
pub async fn read(client: &Client, ledger: &str) -> Result<Canonical, Error> {
    for attempt in 1..=TRIES {
        match read_once(client, ledger).await {
            Err(error) if attempt < TRIES && vanished(&error) => {}
            Err(Error::Server(error)) if error.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE) => {
                return Err(Error::Hidden(error));
            }
            Err(error) => return Err(error),
            Ok(Some(catalog)) => return Ok(catalog),
            Ok(None) if attempt == TRIES => return Err(Error::Moving { tries: TRIES }),
            Ok(None) => {}
        }
    }
    Err(Error::Moving { tries: TRIES })
}

/// An object that was dropped between two of our queries.
fn vanished(error: &Error) -> bool {
    matches!(error, Error::Server(error) if error.code().is_some_and(|code| {
        ["42P01", "42704", "42703", "XX000"].contains(&code.code())
    }))
}

/// Counts and newest transactions of the catalogs that hold the schema.
const FINGERPRINT: &str = "SELECT concat_ws(',', \
     (SELECT concat(count(*), '/', max(xmin::text::bigint)) FROM pg_class), \
     (SELECT concat(count(*), '/', max(xmin::text::bigint)) FROM pg_attribute), \
     (SELECT concat(count(*), '/', max(xmin::text::bigint)) FROM pg_constraint), \
     (SELECT concat(count(*), '/', max(xmin::text::bigint)) FROM pg_proc), \
     (SELECT concat(count(*), '/', max(xmin::text::bigint)) FROM pg_type))";

/// Reads the schema as the open transaction sees it, its own uncommitted changes included.
pub async fn read_uncommitted(client: &Client, ledger: &str) -> Result<Canonical, Error> {
    client.batch_execute(SETTINGS).await?;
    read_inside(client, ledger).await?.ok_or(Error::Moving { tries: 1 })
}

async fn read_once(client: &Client, ledger: &str) -> Result<Option<Canonical>, Error> {
    client.batch_execute(&format!("BEGIN READ ONLY; {SETTINGS}")).await?;
    let result = read_inside(client, ledger).await;
    client.batch_execute("ROLLBACK").await?;
    result
}

async fn read_inside(client: &Client, ledger: &str) -> Result<Option<Canonical>, Error> {
    let server = server(client).await?;
    let version = server.version;
    let fingerprint = || async { client.query_one(FINGERPRINT, &[]).await?.try_get::<_, String>(0) };
    let (before, listed) = (fingerprint().await?, listed(client, version).await?);
    let kinds: Vec<(Tag, String)> = Tag::ALL
        .iter()
        .filter(|tag| tag.listed().is_none_or(|catalog| listed.iter().any(|listed| listed == catalog)))
        .filter_map(|tag| Some((*tag, wrap(*tag, &tag.query(version)?))))
        .collect();
    let mut reading = Reading { catalog: Catalog::empty(server), ..Reading::default() };
    let objects = kinds.iter().map(|(_, sql)| sql.as_str());
    each(client, objects, |query, row| reading.object(kinds[query].0, row)).await?;
    each(client, [DEPENDENCIES, HEIRS].into_iter(), |query, row| match query {
        0 => reading.dependency(row),
        _ => reading.heir(row),
    })
    .await?;
    each(client, [COMMENTS, LABELS, EXTENSIONS, COLUMN_GRANTS].into_iter(), |query, row| match query {
        0 => reading.comment(row),
        1 => reading.label(row),
        2 => reading.extension(row),
        _ => reading.column_grant(row),
    })
    .await?;
    if fingerprint().await? != before {
        return Ok(None);
    }
    reading.leave_out_usual_comments();
    reading.needs();
    reading.leave_out(ledger);
    let strangers = reading.strangers();
    if !strangers.is_empty() {
        let (classes, oids): (Vec<u32>, Vec<u32>) = strangers.iter().map(|(class, oid, _)| (class, oid)).unzip();
        for row in client.query(DESCRIBE, &[&classes, &oids]).await? {
            reading.catalog.strangers.push(row.try_get(0)?);
        }
        reading.leave_to(&strangers);
    }
    Ok(Some(Canonical::from_server(reading.catalog)))
}

/// The catalogs that have a row of somebody's own. To plan a query takes longer than to find that it has no rows.
async fn listed(client: &Client, version: u32) -> Result<Vec<String>, Error> {
    let there = Tag::ALL.iter().filter(|tag| tag.query(version).is_some());
    let catalogs: BTreeSet<&str> = there.filter_map(|tag| tag.listed()).collect();
    let one = |catalog| format!("SELECT '{catalog}' WHERE EXISTS (SELECT FROM {catalog} WHERE oid >= 16384)");
    let sql = catalogs.into_iter().map(one).collect::<Vec<_>>().join(" UNION ALL ");
    client.query(&sql, &[]).await?.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// Runs queries in one pipeline and hands on each row, with the number of its query, as it comes: few are held at once. Of several
/// errors it is the one that caused the others.
async fn each(
    client: &Client,
    queries: impl Iterator<Item = &str>,
    mut take: impl FnMut(usize, &Row) -> Result<(), Error>,
) -> Result<(), Error> {
    let take = RefCell::new(&mut take);
    let one = async |(query, sql): (usize, &str)| {
        let none: [&(dyn ToSql + Sync); 0] = [];
        let mut stream = pin!(client.query_raw(sql, none).await?);
        while let Some(row) = stream.next().await {
            (take.borrow_mut())(query, &row?)?;
        }
        Ok::<_, Error>(())
    };
    let results = join_all(queries.enumerate().map(one)).await;
    let aborted = |error: &Error| matches!(error, Error::Server(error) if error.code() == Some(&SqlState::IN_FAILED_SQL_TRANSACTION));
    let errors = results.into_iter().filter_map(Result::err);
    errors.min_by_key(aborted).map_or(Ok(()), Err)
}

/// What kind of server is connected.
pub async fn server(client: &Client) -> Result<Server, Error> {
    let query = "SELECT current_setting('server_version_num')::int, current_setting('max_locks_per_transaction')::int \
                 * (current_setting('max_connections')::int + current_setting('max_prepared_transactions')::int), \
                 current_user::text";
    let row = client.query_one(query, &[]).await?;
    let (version, locks) = (row.try_get::<_, i32>(0)? as u32, row.try_get::<_, i32>(1)? as u32);
    Ok(Server { version, locks, role: row.try_get::<_, &str>(2)?.into() })
}

fn wrap(tag: Tag, query: &str) -> String {
    let full = match tag.acl_letter() {
        Some(letter) => {
            format!(
                "CASE WHEN q.acl IS NOT NULL THEN acldefault('{letter}', quote_ident(q.owner)::regrole)::text[] END"
            )
        }
        None => "NULL::text[]".to_owned(),
    };
    format!(
        "SELECT q.oid, q.sub, q.position, q.path, q.owner, q.acl, {full} AS full_acl, to_json(q)::text AS body \
         FROM ({query}) q"
    )
}

const COMMENTS: &str = "SELECT d.classoid, d.objoid, d.objsubid, d.description, a.attname::text
     FROM pg_description d
     LEFT JOIN pg_attribute a ON d.objsubid > 0 AND d.classoid = 'pg_class'::regclass
                             AND a.attrelid = d.objoid AND a.attnum = d.objsubid
     WHERE d.objoid >= 16384 OR d.classoid = 'pg_namespace'::regclass";

/// Columns of views are no objects of their own, nor are the sequences of identity columns.
const COLUMN_GRANTS: &str = "SELECT c.tableoid, c.oid, 0, a.attname::text, a.attacl::text[], NULL::text AS owner
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
     WHERE a.attacl IS NOT NULL AND NOT a.attisdropped AND c.relkind IN ('v', 'm') AND c.oid >= 16384
     UNION ALL
     SELECT d.refclassid, d.refobjid, d.refobjsubid, s.relname::text, s.relacl::text[], pg_get_userbyid(s.relowner)::text
     FROM pg_class s JOIN pg_depend d ON d.classid = s.tableoid AND d.objid = s.oid AND d.deptype = 'i' AND d.refobjsubid > 0
     WHERE s.relkind = 'S' AND s.relacl IS NOT NULL AND d.refclassid = s.tableoid";

const LABELS: &str = "SELECT l.classoid, l.objoid, l.objsubid, l.provider, l.label FROM pg_seclabel l";

const EXTENSIONS: &str = "SELECT d.classid, d.objid, d.objsubid, x.extname::text
     FROM pg_depend d JOIN pg_extension x ON d.refclassid = 'pg_extension'::regclass AND x.oid = d.refobjid
     WHERE d.deptype = 'x'";

const DEPENDENCIES: &str = "SELECT d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid,
            CASE WHEN d.classid NOT IN ('pg_amop'::regclass, 'pg_amproc'::regclass) THEN d.deptype::text
                 WHEN d.refclassid IN ('pg_opclass'::regclass, 'pg_opfamily'::regclass) THEN 'i' ELSE 'n' END
     FROM pg_depend d WHERE d.objid >= 16384 AND (d.refobjid >= 16384 OR d.refclassid = 'pg_namespace'::regclass)
     UNION ALL
     SELECT a.tableoid, a.oid, 0, t.tableoid, t.oid, 0, 'i' FROM pg_type t JOIN pg_type a ON a.oid = t.typarray
     WHERE t.oid >= 16384
     UNION ALL
     SELECT s.tableoid, s.oid, 0, o.tableoid, o.oid, 0, 'i' FROM pg_operator s
     JOIN pg_operator o ON s.oid IN (o.oprcom, o.oprnegate) WHERE s.oprcode = 0 AND o.oprcode <> 0
     UNION ALL
     SELECT x.tableoid, x.oid, 0, 'pg_class'::regclass, x.adrelid, x.adnum, 'i'
     FROM pg_attrdef x JOIN pg_attribute a ON a.attrelid = x.adrelid AND a.attnum = x.adnum WHERE a.attgenerated <> ''
     UNION ALL
     -- A materialized view that holds rows of a table stands in the way of each of its columns.
     SELECT m.tableoid, m.oid, 0, m.tableoid, t.typrelid, a.attnum, 'n'
     FROM pg_class m JOIN pg_attribute x ON x.attrelid = m.oid AND x.attnum > 0 JOIN pg_type h ON h.oid = x.atttypid
     JOIN pg_type t ON t.oid = CASE h.typelem WHEN 0 THEN h.oid ELSE h.typelem END
     JOIN pg_class c ON c.oid = t.typrelid AND c.relkind IN ('r', 'p')
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE m.relkind = 'm'";

/// What the server calls objects.
const DESCRIBE: &str = "SELECT pg_describe_object(o.class, o.oid, 0) AS words
     FROM unnest($1::oid[], $2::oid[]) AS o(class, oid) WHERE pg_describe_object(o.class, o.oid, 0) IS NOT NULL ORDER BY words";

/// Columns and checks that are copies of a parent's, and whether they are their table's own as well.
const HEIRS: &str =
    "SELECT 'pg_class'::regclass::oid, a.attrelid, a.attnum::int, 'pg_class'::regclass::oid, p.attrelid, p.attnum::int,
            a.attislocal
     FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhrelid AND c.relkind NOT IN ('i', 'I')
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
     JOIN pg_attribute p ON p.attrelid = h.inhparent AND p.attname = a.attname
     UNION ALL
     SELECT k.tableoid, k.oid, 0, p.tableoid, p.oid, 0, k.conislocal
     FROM pg_inherits h JOIN pg_constraint k ON k.conrelid = h.inhrelid AND k.coninhcount > 0 AND k.contype = 'c'
     JOIN pg_constraint p ON p.conrelid = h.inhparent AND p.conname = k.conname";

type Address = (u32, u32, i32);

#[derive(Default)]
struct Reading {
    catalog: Catalog,
    ids: HashMap<Address, Id>,
    /// What an address is a part of.
    whole: HashMap<Address, Address>,
    names: HashMap<String, Name>,
    dependencies: Vec<Dependency>,
}

/// A row of `pg_depend`, or a line from a parent's column or check to an heir's.
struct Dependency {
    from: Address,
    to: Address,
    sort: Sort,
}

enum Sort {
    /// `deptype`
    Recorded(char),
    Descent(Strength),
}

/// Oids of the system catalogs: fixed since 7.x, `src/include/catalog/*.h`.
fn class_oid(catalog: &str) -> Option<u32> {
    const OIDS: &[(&str, u32)] = &[
        ("pg_type", 1247),
        ("pg_proc", 1255),
        ("pg_class", 1259),
        ("pg_foreign_server", 1417),
        ("pg_user_mapping", 1418),
        ("pg_foreign_data_wrapper", 2328),
        ("pg_am", 2601),
        ("pg_attrdef", 2604),
        ("pg_cast", 2605),
        ("pg_constraint", 2606),
        ("pg_conversion", 2607),
        ("pg_language", 2612),
        ("pg_namespace", 2615),
        ("pg_opclass", 2616),
        ("pg_operator", 2617),
        ("pg_rewrite", 2618),
        ("pg_trigger", 2620),
        ("pg_opfamily", 2753),
        ("pg_extension", 3079),
        ("pg_policy", 3256),
        ("pg_statistic_ext", 3381),
        ("pg_collation", 3456),
        ("pg_event_trigger", 3466),
        ("pg_transform", 3576),
        ("pg_ts_dict", 3600),
        ("pg_ts_parser", 3601),
        ("pg_ts_config", 3602),
        ("pg_ts_template", 3764),
        ("pg_publication", 6104),
        ("pg_subscription", 6100),
        ("pg_publication_rel", 6106),
        ("pg_publication_namespace", 6237),
        ("pg_default_acl", 826),
        ("pg_init_privs", 3394),
    ];
    OIDS.iter().find(|(name, _)| *name == catalog).map(|(_, oid)| *oid)
}

fn address(row: &Row, at: usize) -> Result<Address, Error> {
    Ok((row.try_get(at)?, row.try_get(at + 1)?, row.try_get(at + 2)?))
}

/// The object at an address, or the one that the address is a part of.
fn resolve<'a>(ids: &'a HashMap<Address, Id>, whole: &HashMap<Address, Address>, mut at: Address) -> Option<&'a Id> {
    for _ in 0..8 {
        if let Some(id) = ids.get(&at).or_else(|| ids.get(&(at.0, at.1, 0))) {
            return Some(id);
        }
        at = *whole.get(&at).or_else(|| whole.get(&(at.0, at.1, 0)))?;
    }
    None
}

impl Reading {
    fn object(&mut self, tag: Tag, row: &Row) -> Result<(), Error> {
        let path: Vec<&str> = row.try_get("path")?;
        let path = path.into_iter().map(|text| self.name(text)).collect::<Vec<_>>();
        let id = Id::new(tag, path);
        let json: &str = row.try_get("body")?;
        let body = tag.parse(json).map_err(|source| Error::Row { id: id.clone(), source })?;
        let owner: Option<&str> = row.try_get("owner")?;
        let owner = owner.map(|text| self.name(text));
        let acl: Option<Vec<String>> = row.try_get("acl")?;
        let grants = acl.as_ref().map(|items| grants(items, owner.as_ref()));
        let full: Option<Vec<String>> = row.try_get("full_acl")?;
        let owner_rights = acl.zip(full).and_then(|(items, full)| owner_rights(&items, &full, owner.as_ref()));
        let facets = Facets { owner, grants, owner_rights, ..Facets::default() };
        let position = row.try_get::<_, Option<i32>>("position")?.unwrap_or_default();
        if let Some(class) = class_oid(tag.catalog()) {
            self.ids.insert((class, row.try_get("oid")?, row.try_get("sub")?), id.clone());
        }
        self.catalog.objects.insert(id, Object { body, facets: facets.into(), position, needs: Vec::new() });
        Ok(())
    }

    /// One allocation for equal names.
    fn name(&mut self, text: &str) -> Name {
        match self.names.get(text) {
            Some(name) => name.clone(),
            None => {
                let name = Name::from(text);
                self.names.insert(text.to_owned(), name.clone());
                name
            }
        }
    }

    fn comment(&mut self, row: &Row) -> Result<(), Error> {
        let (class, oid, sub) = address(row, 0)?;
        let text: String = row.try_get(3)?;
        if let Some(id) = self.ids.get(&(class, oid, sub)) {
            if let Some(object) = self.catalog.objects.get_mut(id) {
                object.facets.comment = Some(text);
            }
        } else if let (Some(id), Some(column)) =
            (resolve(&self.ids, &self.whole, (class, oid, 0)), row.try_get::<_, Option<&str>>(4)?)
            && let Some(object) = self.catalog.objects.get_mut(id)
        {
            object.facets.column_comments.insert(Name::from(column), text);
        }
        Ok(())
    }

    fn leave_out_usual_comments(&mut self) {
        for (id, object) in &mut self.catalog.objects {
            let Some(usual) = facet::usual_comment(id) else { continue };
            let comment = object.facets.comment.take().unwrap_or_default();
            object.facets.comment = (comment != usual).then_some(comment);
        }
    }

    /// The object whose address a row begins with.
    fn object_at(&mut self, row: &Row) -> Result<Option<&mut Object>, Error> {
        let id = self.ids.get(&address(row, 0)?);
        Ok(id.and_then(|id| self.catalog.objects.get_mut(id)))
    }

    fn label(&mut self, row: &Row) -> Result<(), Error> {
        if let Some(object) = self.object_at(row)? {
            object.facets.labels.insert(Name::from(row.try_get::<_, &str>(3)?), row.try_get(4)?);
        }
        Ok(())
    }

    fn extension(&mut self, row: &Row) -> Result<(), Error> {
        if let Some(object) = self.object_at(row)? {
            object.facets.extensions.insert(Name::from(row.try_get::<_, &str>(3)?));
        }
        Ok(())
    }

    fn column_grant(&mut self, row: &Row) -> Result<(), Error> {
        if let Some(object) = self.object_at(row)? {
            let items: Vec<String> = row.try_get(4)?;
            let column = Name::from(row.try_get::<_, &str>(3)?);
            let owner = row.try_get::<_, Option<&str>>(5)?.map(Name::from);
            let grants = grants(&items, owner.as_ref());
            if !grants.is_empty() {
                object.facets.column_grants.insert(column, grants);
            }
        }
        Ok(())
    }

    /// What is part of something else (a row type, the index of a constraint, a member of an extension) stands for that.
    fn dependency(&mut self, row: &Row) -> Result<(), Error> {
        let (from, to) = (address(row, 0)?, address(row, 3)?);
        let sort = row.try_get::<_, &str>(6)?.chars().next().unwrap_or_default();
        if matches!(sort, 'i' | 'e') && !self.ids.contains_key(&from) {
            self.whole.insert(from, to);
        }
        self.dependencies.push(Dependency { from, to, sort: Sort::Recorded(sort) });
        Ok(())
    }

    fn heir(&mut self, row: &Row) -> Result<(), Error> {
        let strength = if row.try_get(6)? { Strength::Merged } else { Strength::Inherited };
        self.dependencies.push(Dependency {
            from: address(row, 0)?,
            to: address(row, 3)?,
            sort: Sort::Descent(strength),
        });
        Ok(())
    }

    fn needs(&mut self) {
        let resolve = |at: Address| resolve(&self.ids, &self.whole, at);
        let mut needs: Vec<(Id, Need)> = Vec::new();
        for Dependency { from: at, to, sort } in &self.dependencies {
            let strength = match sort {
                Sort::Descent(strength) => *strength,
                // What is only a part of something, as a key's index is, does not take the whole along.
                Sort::Recorded('a') if !self.ids.contains_key(at) => Strength::Normal,
                Sort::Recorded('n') => Strength::Normal,
                Sort::Recorded('a' | 'i' | 'P' | 'S' | 'x') => Strength::Auto,
                Sort::Recorded(_) => continue,
            };
            if let (Some(from), Some(to)) = (resolve(*at), resolve(*to))
                && from != to
                && let Some(strength) = weigh(from, to, strength)
            {
                needs.push((from.clone(), Need { id: to.clone(), strength }));
            }
        }
        for (id, object) in &self.catalog.objects {
            needs.extend(object.body.needs(id, &self.catalog).into_iter().map(|need| (id.clone(), need)));
        }
        needs.sort_unstable();
        needs.dedup();
        let mut needs = needs.into_iter().peekable();
        for (id, object) in &mut self.catalog.objects {
            // What is not there any more has none.
            while needs.next_if(|(from, _)| from < id).is_some() {}
            let mut own = Vec::new();
            while let Some((_, need)) = needs.next_if(|(from, _)| from == id) {
                own.push(need);
            }
            own.shrink_to_fit();
            object.needs = own;
        }
    }

    /// What stands in a managed schema, is no part of anything known, and is of no kind that there is.
    fn strangers(&self) -> BTreeSet<Address> {
        let schemas = class_oid("pg_namespace");
        let is_known = |address: &Address| self.ids.contains_key(address) || self.whole.contains_key(address);
        let in_schema = |on: &Address| schemas == Some(on.0) && self.ids.contains_key(on);
        let strange = |line: &&Dependency| in_schema(&line.to) && !is_known(&line.from);
        self.dependencies.iter().filter(strange).map(|line| line.from).collect()
    }

    /// What stands on strangers cannot be made without them, and becomes one.
    fn leave_to(&mut self, strangers: &BTreeSet<Address>) {
        let mut left: HashSet<Id> = HashSet::new();
        for Dependency { from, to, .. } in &self.dependencies {
            let whole = self.whole.get(to).unwrap_or(to);
            if strangers.contains(to) || strangers.contains(whole) {
                left.extend(resolve(&self.ids, &self.whole, *from).cloned());
            }
        }
        loop {
            let stands = |object: &Object| object.needs.iter().any(|need| left.contains(&need.id));
            let more: Vec<Id> = self
                .catalog
                .objects
                .iter()
                .filter(|(id, object)| !left.contains(*id) && stands(object))
                .map(|(id, _)| id.clone())
                .collect();
            if more.is_empty() {
                break;
            }
            left.extend(more);
        }
        self.catalog.objects.retain(|id, _| !left.contains(id));
        let mut left: Vec<String> = left.iter().map(Id::to_string).collect();
        left.sort();
        self.catalog.strangers.extend(left);
    }

    /// The tool's own ledger is nobody's schema.
    fn leave_out(&mut self, ledger: &str) {
        let is_ledger = |id: &Id| id.path.len() >= 2 && id.path[1].as_str() == ledger && id.tag != Tag::Function;
        self.catalog.objects.retain(|id, _| !is_ledger(id));
    }
}

/// A dependency as the planner sees it; `None` for those that something else says better.
fn weigh(from: &Id, to: &Id, strength: Strength) -> Option<Strength> {
    match (from.tag, to.tag) {
        // The ownership of a sequence, and descent, are objects of their own.
        (Tag::Sequence, Tag::Column | Tag::Table) => Some(Strength::Owned),
        (Tag::Table, Tag::Table | Tag::Composite) => None,
        (Tag::Column, Tag::Column) if strength == Strength::Auto => Some(Strength::Normal),
        _ => Some(strength),
    }
}

/// Whether an object's body differs from another, and only in texts that the server deparsed.
pub fn differs_in_texts_only(a: &Body, b: &Body) -> bool {
    let blank = |body: &Body| {
        let mut body = body.clone();
        body.texts().into_iter().for_each(|text| text.0.clear());
        body
    };
    a != b && blank(a) == blank(b)
}

//! What must hold of any two schemas, on a real server.

use std::collections::{BTreeMap, BTreeSet};

use aludel::catalog::Canonical;
use aludel::db::apply_plan::run;
use aludel::db::prove::while_spelled;
use aludel::db::read::read;
use aludel::db::server_words;
use aludel::diff::diff;
use aludel::kind::column::column_of;
use aludel::kind::table::rows::{go_over, go_with_whole};
use aludel::kind::{Body, Id, Style, Tag};
use aludel::name::Name;
use aludel::plan::{Plan, plan};
use aludel::statement::{Danger, Statement};
use futures_util::future::join;
use tokio_postgres::Client;

use super::gene::{Life, sides};
use super::pulled::pulled;
use super::render::{Script, script};
use super::rows::{Lasting, fill, holds_changed_rows, is_foreseen};
use super::support::Database;
use super::support::dump::{compare, dump};

/// Roles that own and are granted; whatever a pair makes belongs to them, so that one statement clears a database.
const ROLES: [&str; 3] = ["aludel_law", "aludel_law_a", "aludel_law_b"];

/// A broken law. Failures of one class have one cause, more or less: a pair shrinks within its class.
#[derive(Debug)]
pub struct Broken {
    pub class: String,
    pub text: String,
}

/// Two databases that pairs are tried in, one after the other.
pub struct Bench {
    old: Database,
    new: Database,
    version: u32,
    /// Statements of the generator: how many there were, and those that the server refused.
    pub made: usize,
    pub refused: BTreeMap<String, usize>,
}

/// Makes the roles; once for all benches.
pub async fn roles(client: &Client) {
    for role in ROLES {
        let _ = client.batch_execute(&format!("CREATE ROLE {role} SUPERUSER")).await;
    }
}

async fn prepare(database: &Database) {
    let settings = format!(
        "SET SESSION AUTHORIZATION {}; SET synchronous_commit = off; SET client_min_messages = error",
        ROLES[0]
    );
    database.client.batch_execute(&settings).await.expect("a session");
}

/// What PostgreSQL refuses and no plan gets around: a column that holds rows of a table whose columns change their types,
/// a materialized view that is to have rows of a foreign table which nothing can read, a table that its publication lets nobody
/// update, a row made of values in another order than its table's columns have by then.
const KNOWN: &[&str] = &[
    "uses its row type",
    "has no handler",
    "Column list used by the publication does not cover the replica identity",
    "cannot cast type record to",
];

/// What a table's and a column's identity is to the server.
type Identities = BTreeMap<Vec<String>, (u32, i16)>;

async fn identities(client: &Client) -> Identities {
    let rows = client.query(
        "SELECT ARRAY[n.nspname, c.relname]::text[] || COALESCE(a.attname::text, ''), c.oid, a.attnum FROM pg_class c
         JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
         WHERE c.relkind IN ('r', 'p', 'f') AND NOT a.attisdropped AND c.oid >= 16384",
        &[],
    );
    rows.await.expect("tables").iter().map(|row| (row.get(0), (row.get(1), row.get(2)))).collect()
}

/// Runs statements that may be refused one by one; gives those that were not.
pub async fn build(client: &Client, statements: &[String]) -> (Vec<String>, Vec<String>) {
    let (mut done, mut refused) = (Vec::new(), Vec::new());
    client.batch_execute("BEGIN").await.expect("begin");
    for statement in statements {
        match client.batch_execute(&format!("SAVEPOINT s; {statement}; RELEASE s")).await {
            Ok(()) => done.push(statement.clone()),
            Err(error) => {
                refused.push(format!("{}\n    {statement}", server_words(&error)));
                client.batch_execute("ROLLBACK TO s; RELEASE s").await.expect("rollback");
            }
        }
    }
    client.batch_execute("COMMIT").await.expect("commit");
    (done, refused)
}

fn differences(is: &Canonical, should: &Canonical) -> Vec<String> {
    diff(is, should).iter().map(|delta| format!("{delta:?}")).collect()
}

impl Bench {
    pub async fn open() -> Bench {
        let (old, new) = (Database::empty().await, Database::empty().await);
        prepare(&old).await;
        prepare(&new).await;
        let number = old.client.query_one("SELECT current_setting('server_version_num')::integer", &[]).await;
        let version = number.expect("a version").get::<_, i32>(0) as u32;
        Bench { old, new, version, made: 0, refused: BTreeMap::new() }
    }

    pub async fn close(self) {
        self.old.drop_it().await;
        self.new.drop_it().await;
    }

    async fn clear(&self) {
        // The server trips over ranges that it drops after their multiranges.
        let ranges = "DO $$ DECLARE name text; BEGIN FOR name IN SELECT unnest(array_agg(oid::regtype::text)) FROM pg_type \
                      WHERE typtype = 'r' AND oid >= 16384 LOOP EXECUTE 'DROP TYPE IF EXISTS ' || name || ' CASCADE'; END LOOP; END $$";
        // These have no owner, or one whose things are not only here; one may take another along.
        let lone = "DO $$ DECLARE what text; BEGIN FOR what IN
                        SELECT format('ACCESS METHOD IF EXISTS %I CASCADE', amname) FROM pg_am WHERE oid >= 16384
                        UNION ALL SELECT format('TEXT SEARCH PARSER IF EXISTS %s.%I CASCADE', prsnamespace::regnamespace, prsname) FROM pg_ts_parser WHERE oid >= 16384
                        UNION ALL SELECT format('TEXT SEARCH TEMPLATE IF EXISTS %s.%I CASCADE', tmplnamespace::regnamespace, tmplname) FROM pg_ts_template WHERE oid >= 16384
                        UNION ALL SELECT format('TRANSFORM IF EXISTS FOR %s LANGUAGE %I CASCADE', trftype::regtype, lanname) FROM pg_transform t JOIN pg_language l ON l.oid = trflang WHERE t.oid >= 16384
                        UNION ALL SELECT format('SUBSCRIPTION IF EXISTS %I', subname) FROM pg_subscription JOIN pg_database d ON d.oid = subdbid WHERE datname = current_database()
                    LOOP EXECUTE 'DROP ' || what; END LOOP; END $$";
        let owned = ROLES.map(|role| format!("DROP OWNED BY {role} CASCADE")).join("; ");
        let clear = format!("{ranges}; {lone}; {owned}");
        let (old, new) = join(self.old.client.batch_execute(&clear), self.new.client.batch_execute(&clear)).await;
        old.and(new).expect("what a pair made is gone");
    }

    /// Makes the old side again, without rows.
    async fn again(&self, statements: &[String]) {
        self.clear().await;
        build(&self.old.client, statements).await;
    }

    /// Whether every law holds of a pair; those that take longer only on the whole road.
    pub async fn check(&mut self, lives: &[Life], style: Style, road: bool) -> Result<(), Broken> {
        self.clear().await;
        let [before, after] = sides(lives).map(|genes| script(&genes, self.version));
        let making = join(build(&self.old.client, &before.statements), build(&self.new.client, &after.statements));
        let (one, two) = making.await;
        self.made += before.statements.len() + after.statements.len();
        for refusal in one.1.into_iter().chain(two.1) {
            *self.refused.entry(refusal).or_default() += 1;
        }
        let pair = format!("{};\n-- after\n{};\n", one.0.join(";\n"), two.0.join(";\n"));
        self.laws(style, road, [&before, &after])
            .await
            .map_err(|(law, text)| Broken { class: class(law, &text), text: format!("{law}: {text}\n{pair}") })
    }

    async fn laws(&mut self, style: Style, road: bool, scripts: [&Script; 2]) -> Result<(), (&'static str, String)> {
        let dumped = |database: &Database| dump(database).map_err(|error| ("dump", error));
        let dumps = if road { Some((dumped(&self.old)?, dumped(&self.new)?)) } else { None };
        if road {
            pulled(&self.old, &self.new).await?;
        }
        let (before, after) = join(read(&self.old.client, "none"), read(&self.new.client, "none")).await;
        let before = before.map_err(|error| ("reading", error.to_string()))?;
        let after = after.map_err(|error| ("reading", error.to_string()))?;
        for (way, from, to, script) in [("up", &before, &after, scripts[0]), ("down", &after, &before, scripts[1])] {
            let (mut from_spell, mut to_spell, none) = (from.clone(), to.clone(), Default::default());
            let planned = while_spelled(&mut from_spell, &none, |from| {
                while_spelled(&mut to_spell, &none, |to| plan(from, to, style))
            });
            let plan = match planned.map_err(|error| error.to_string()) {
                Err(error) if error.contains("in a circle") && holds_changed_rows(from, to) => return Ok(()),
                planned => planned.map_err(|error| ("no plan", error))?,
            };
            let text: String = plan.statements().map(|statement| format!("  {};\n", statement.sql)).collect();
            let lasting = Lasting::of(from, to);
            fill(&self.old.client, &script.rows).await;
            let noted = async || (identities(&self.old.client).await, lasting.rows(&self.old.client).await);
            let mut was = noted().await;
            let mut done = run(&self.old.client, &plan).await;
            if done.as_ref().is_err_and(|error| is_foreseen(&plan, error)) {
                self.again(&script.statements).await;
                was = noted().await;
                done = run(&self.old.client, &plan).await;
            }
            match done.map_err(|error| error.to_string()) {
                Err(error) if KNOWN.iter().any(|known| error.contains(known)) => return Ok(()),
                done => done.map_err(|error| ("refused", format!("{error}\n({way})\n{text}")))?,
            }
            let now = read(&self.old.client, "none").await.map_err(|error| ("reading", error.to_string()))?;
            let mut rest = differences(&now, to);
            let descent = has_descent(from) || has_descent(to);
            rest.retain(|line| !(is_row_by_place(line) || descent && is_about_validity(line)));
            if !rest.is_empty() {
                return Err(("elsewhere", format!("{}\n({way})\n{text}", rest.join("\n"))));
            }
            let is = noted().await;
            if let Some(lost) = lasting.lost(&was.1, &is.1, &plan) {
                return Err(("rows", format!("{lost}\n({way})\n{text}")));
            }
            kept(&was.0, &is.0, from, to).map_err(|lost| ("lost", format!("{lost}\n({way})\n{text}")))?;
            silent(&plan, from, to).map_err(|why| ("silent", format!("{why}\n({way})\n{text}")))?;
            if let Some((old, new)) = dumps.as_ref().filter(|_| !has_descent(from) && !has_descent(to)) {
                let should = if way == "up" { new } else { old };
                compare("dump", &dumped(&self.old)?, should)
                    .map_err(|why| ("dump", format!("{why}\n({way})\n{text}")))?;
            }
        }
        Ok(())
    }
}

/// Whether it is a view, or a default, that makes a row out of values: they go by the place of the columns, which no plan changes.
fn is_row_by_place(difference: &str) -> bool {
    let of_table = [")::public.t", ")::public.\\\"T"].iter().any(|cast| difference.contains(cast));
    let readers = ["Alter(view ", "Alter(materialized view ", "Alter(column default "];
    let is_reader = of_table && readers.iter().any(|kind| difference.starts_with(kind));
    (is_reader || difference.starts_with("Alter(domain ")) && difference.contains("ROW(")
}

/// Whether it is a check, or a NOT NULL, that one side never validated: whether heirs' are, nobody keeps (docs/ARCHITECTURE.md).
fn is_about_validity(difference: &str) -> bool {
    let is_one = ["Alter(constraint ", "Alter(column "].iter().any(|kind| difference.starts_with(kind));
    is_one && difference.contains("not_valid: true")
}

/// Whether tables come from others: what is their own of what their parents have too shows in dumps, and nothing changes it.
fn has_descent(catalog: &Canonical) -> bool {
    catalog.below(Tag::Inheritance, &[]).next().is_some()
}

/// Tables and columns that both sides have are the same ones afterwards, where PostgreSQL can do that.
fn kept(was: &Identities, is: &Identities, from: &Canonical, to: &Canonical) -> Result<(), String> {
    for (path, (oid, number)) in was {
        let Some((oid_now, number_now)) = is.get(path) else { continue };
        let table = Id::new(Tag::Table, path[..2].iter().map(|name| Name::from(name.as_str())));
        let column = Id::new(Tag::Column, path.iter().map(|name| Name::from(name.as_str())));
        let body = |catalog: &Canonical, id: &Id| catalog.get(id).map(|object| object.body.clone());
        let same_table = match (body(from, &table), body(to, &table)) {
            (Some(Body::Table(a)), Some(Body::Table(b))) => {
                (a.form, a.partition_key, a.key_types, a.server) == (b.form, b.partition_key, b.key_types, b.server)
                    && (a.type_order.is_none() || a.type_order == b.type_order)
            }
            _ => false,
        };
        if !same_table {
            continue;
        }
        if oid != oid_now {
            return Err(format!("table {path:?} was made anew"));
        }
        let plain = |body| matches!(body, Some(Body::Column(column)) if column.generated.is_none());
        if number != number_now && plain(body(from, &column)) && plain(body(to, &column)) {
            return Err(format!("column {path:?} was made anew"));
        }
    }
    Ok(())
}

/// Every table with rows and every column that goes is announced.
fn silent(plan: &Plan, from: &Canonical, to: &Canonical) -> Result<(), String> {
    // Partitioned tables have no rows of their own, and those of others may go over.
    let goes_over = |id: &Id| go_over(id, from, to) || go_with_whole(id, from, to) || from.is_partitioned(&id.path);
    let harmless = from.below(Tag::Table, &[]).map(|(id, _)| id).filter(|id| goes_over(id));
    // They may wait in the old one.
    let names = harmless.flat_map(|id| [id.clone(), id.renamed(id.name().aside())]);
    let harmless = names.map(|id| format!("DROP TABLE {}", id.relation()));
    // What is computed when it is read holds nothing; nor does what was computed before, and will be so.
    let is_computed = |id: &Id| {
        let (was, is) = (column_of(from, id), column_of(to, id));
        let was_generated = was.is_some_and(|column| column.generated.is_some());
        was.is_some_and(|column| column.r#virtual) || was_generated && is.is_some_and(|column| column.r#virtual)
    };
    let computed = from.below(Tag::Column, &[]).map(|(id, _)| id).filter(|id| is_computed(id));
    let computed = computed.map(|id| format!("ALTER TABLE {} DROP COLUMN {}", id.relation(), id.name()));
    let harmless: Vec<String> = harmless.chain(computed).collect();
    let is_told = |danger: Danger| [Danger::DataLoss, Danger::Rewrite].contains(&danger);
    let mut before: Vec<&str> = Vec::new();
    for Statement { sql, hazards, .. } in plan.statements() {
        let text = sql.as_str();
        let drops = text.starts_with("DROP TABLE") || text.contains(" DROP COLUMN ");
        // What the plan made itself, whatever waited there, was not there before.
        let made = text.strip_prefix("DROP TABLE ").map(|table| format!("CREATE TABLE {table} "));
        let is_own = made.is_some_and(|made| before.iter().any(|text| text.starts_with(&made)));
        if drops && !is_own && !harmless.contains(&sql.0) && !hazards.iter().any(|hazard| is_told(hazard.danger)) {
            return Err(text.to_owned());
        }
        before.push(text);
    }
    Ok(())
}

/// A law with the words of its breach, without names and numbers.
fn class(law: &str, text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let mut out = String::new();
    let mut quoted = false;
    for c in line.chars().take(120) {
        match c {
            '"' => quoted = !quoted,
            _ if quoted || c.is_ascii_digit() => {}
            _ => out.push(c),
        }
    }
    let words: BTreeSet<&str> = out.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 3).collect();
    format!("{law}: {}", words.into_iter().collect::<Vec<_>>().join(" "))
}

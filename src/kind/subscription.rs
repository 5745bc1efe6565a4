//! Subscriptions: <https://www.postgresql.org/docs/current/sql-createsubscription.html>.
//!
//! No statement of this tool connects to a publisher, and a connection string, which may hold a password, is neither
//! read nor written. A subscription is made without one and disabled; whether it is enabled is the business of who
//! runs it and never compared. Its slot is only named, as `pg_dump` does it.

use serde::{Deserialize, Serialize};

use super::{Alteration, Cx, Kind};
use crate::name::{Literal, Name};
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Danger, Statement, one};

/// A subscription, as far as it is schema.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// The publications that it follows.
    pub publications: Vec<Name>,
    /// Options and their values, in order of their names.
    pub options: Vec<(String, String)>,
}

/// An option, its value in the catalog, its default, and the first version that has it.
const OPTIONS: &[(&str, &str, &str, u32)] = &[
    ("binary", "s.subbinary::text", "false", 0),
    ("disable_on_error", "s.subdisableonerr::text", "false", 150_000),
    ("failover", "s.subfailover::text", "false", 170_000),
    ("origin", "s.suborigin", "any", 160_000),
    ("password_required", "s.subpasswordrequired::text", "true", 160_000),
    ("run_as_owner", "s.subrunasowner::text", "false", 160_000),
    ("synchronous_commit", "s.subsynccommit", "off", 0),
];

/// `synchronous_commit` on 14, which may hide that column, too, and then fails a query that so much as names it.
const COMMIT_WHERE_SEEN: &str = "CASE WHEN has_column_privilege('pg_subscription', 'subsynccommit', 'SELECT')
     THEN (xpath('//subsynccommit/text()', query_to_xml(format('SELECT subsynccommit FROM pg_subscription
           WHERE subname = %L AND subdbid = %s', s.subname, s.subdbid), true, true, '')))[1]::text ELSE 'off' END";

/// `streaming`, `off` by default until 18.
fn streaming(version: u32) -> (&'static str, &'static str) {
    const WORDS: &str = "CASE s.substream WHEN 't' THEN 'on' WHEN 'p' THEN 'parallel' ELSE 'off' END";
    match version {
        180_000.. => (WORDS, "parallel"),
        160_000.. => (WORDS, "off"),
        _ => ("CASE WHEN s.substream THEN 'on' ELSE 'off' END", "off"),
    }
}

impl Subscription {
    fn with(&self, more: &[&str]) -> Sql {
        let own = self.options.iter().map(|(name, value)| sql!("{} = {}", Sql::raw(name.as_str()), Literal(value)));
        let more = more.iter().map(|text| Sql::raw(*text));
        Sql::join(more.chain(own).collect::<Vec<_>>(), ", ")
    }
}

impl Kind for Subscription {
    const WORD: &'static str = "subscription";
    const CATALOG: &'static str = "pg_subscription";
    const LISTED: Option<&'static str> = None; // 14 may hide its oid
    const HIDDEN: bool = true;
    const GLOBAL: bool = true;

    fn query(version: u32) -> Option<String> {
        if version < 140_000 {
            return None; // most of its columns are hidden from all but superusers, and one such column fails the whole query
        }
        let hides = version < 150_000;
        let oid = if hides { "(pg_get_object_address('subscription', ARRAY[s.subname], '{}')).objid" } else { "s.oid" };
        let known = OPTIONS.iter().filter(|(.., since)| version >= *since);
        let item = |(name, value, default, _): &(&str, &str, &str, u32)| {
            let value = if hides && *name == "synchronous_commit" { COMMIT_WHERE_SEEN } else { value };
            format!("('{name}', {value}, '{default}')")
        };
        let mut items: Vec<String> = known.map(item).collect();
        let (value, default) = streaming(version);
        items.push(format!("('streaming', {value}, '{default}')"));
        items.push("('slot_name', COALESCE(s.subslotname::text, 'none'), s.subname::text)".into());
        if version >= 150_000 {
            items.push("('two_phase', CASE s.subtwophasestate WHEN 'd' THEN 'off' ELSE 'on' END, 'off')".into());
        }
        Some(format!(
            "SELECT {oid} AS oid, 0 AS sub, NULL::int AS position, ARRAY[s.subname]::text[] AS path,
                    pg_get_userbyid(s.subowner)::text AS owner, NULL::text[] AS acl, s.subpublications AS publications,
                    COALESCE((SELECT json_agg(json_build_array(o.name, o.value) ORDER BY o.name)
                              FROM (VALUES {}) AS o(name, value, standard) WHERE o.value <> o.standard), '[]') AS options
             FROM pg_subscription s WHERE s.subdbid = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())",
            items.join(", ")
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        let name = cx.id.name();
        let text = sql!(
            "CREATE SUBSCRIPTION {} CONNECTION '' PUBLICATION {}\n    WITH ({})",
            name,
            Sql::join(&self.publications, ", "),
            self.with(&["connect = false", "enabled = false"])
        );
        let why = format!(
            "subscription {name} is made without its connection string and tables, and its slot is not made on the \
             publisher: go on with ALTER SUBSCRIPTION … CONNECTION, ENABLE and REFRESH PUBLICATION"
        );
        vec![Statement::new(text).hazard(Danger::CannotUndo, why, None)]
    }

    fn drop(&self, cx: &Cx) -> Vec<Statement> {
        // With a slot the server would connect to the publisher to drop it, and refuse to do so in a transaction.
        let name = cx.id.name();
        let why = format!(
            "subscription {name} goes with its connection string; drop its replication slot on the publisher by hand, \
             or that keeps its write-ahead log for ever"
        );
        vec![
            sql!("ALTER SUBSCRIPTION {} DISABLE", name).into(),
            sql!("ALTER SUBSCRIPTION {} SET (slot_name = NONE)", name).into(),
            Statement::new(sql!("DROP SUBSCRIPTION {}", name)).hazard(Danger::CannotUndo, why, None),
        ]
    }

    fn alter(&self, after: &Self, cx: &Cx) -> Alteration {
        let value = |all: &'_ [(String, String)], name: &str| {
            all.iter().find(|(other, _)| other == name).map(|(_, value)| value.clone())
        };
        // The first is fixed when it is made, until 18; neither is changed in a transaction.
        if ["two_phase", "failover"].iter().any(|option| value(&self.options, option) != value(&after.options, option))
        {
            return Alteration::Rebuild;
        }
        let name = cx.id.name();
        let mut statements: Vec<Statement> = Vec::new();
        if self.publications != after.publications {
            let publications = Sql::join(&after.publications, ", ");
            let text = sql!("ALTER SUBSCRIPTION {} SET PUBLICATION {} WITH (refresh = false)", name, publications);
            statements.push(text.into());
        }
        let standard = |option: &str| match option {
            "streaming" => Some(streaming(cx.version()).1.to_owned()),
            "slot_name" => Some(name.as_str().to_owned()),
            _ => OPTIONS.iter().find(|(other, ..)| *other == option).map(|(_, _, standard, _)| (*standard).to_owned()),
        };
        let gone = self.options.iter().filter(|(option, _)| value(&after.options, option).is_none());
        let gone = gone.filter_map(|(option, _)| Some((option.clone(), standard(option)?)));
        let set = after.options.iter().filter(|option| !self.options.contains(option));
        let set = set.cloned();
        let items: Vec<Sql> =
            gone.chain(set).map(|(name, value)| sql!("{} = {}", Sql::raw(name), Literal(&value))).collect();
        if value(&after.options, "slot_name").as_deref() == Some("none") {
            statements.push(sql!("ALTER SUBSCRIPTION {} DISABLE", name).into()); // without a slot it cannot run
        }
        if !items.is_empty() {
            statements.extend(one(sql!("ALTER SUBSCRIPTION {} SET ({})", name, Sql::join(items, ", "))));
        }
        Alteration::in_place(statements)
    }
}

//! What a shadow has to have in common with the live database.

use serde::Deserialize;

use crate::db::connect::Connected;
use crate::name::{Literal, Name};
use crate::sql;
use crate::sql::Sql;

/// What was read of the live database.
#[derive(Clone, Debug, Deserialize)]
pub struct Facts {
    /// Its name.
    pub database: String,
    /// `UTF8`, …
    pub encoding: String,
    /// `LC_COLLATE`.
    pub collate: String,
    /// `LC_CTYPE`.
    pub ctype: String,
    /// `c` libc, `i` ICU, `b` builtin.
    pub provider: String,
    /// The locale of ICU or the builtin provider.
    pub locale: Option<String>,
    /// Tailoring of the ICU locale.
    pub icu_rules: Option<String>,
    /// Where its tables are, unless that is `pg_default`.
    pub tablespace: Option<String>,
    /// What `ALTER DATABASE … SET` stored, as `name=value`.
    pub settings: Vec<String>,
    /// Whether this user may create databases.
    pub may_create: bool,
    /// The extensions installed.
    pub extensions: Vec<String>,
    /// What tells this database from every other one: the server's start and the database's oid.
    pub identity: String,
}

/// One query, so that it is the same on every version: columns that a version does not have are null in its JSON.
const QUERY: &str = "
SELECT jsonb_build_object(
    'database', d.datname,
    'encoding', pg_encoding_to_char(d.encoding),
    'collate', d.datcollate,
    'ctype', d.datctype,
    'provider', coalesce(to_jsonb(d) ->> 'datlocprovider', 'c'),
    'locale', coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale'),
    'icu_rules', to_jsonb(d) ->> 'daticurules',
    'tablespace', (SELECT t.spcname FROM pg_catalog.pg_tablespace t WHERE t.oid = d.dattablespace AND t.spcname <> 'pg_default'),
    'settings', coalesce(
        (SELECT to_jsonb(s.setconfig) FROM pg_catalog.pg_db_role_setting s
         WHERE s.setdatabase = d.oid AND s.setrole = 0), '[]'),
    'may_create', (SELECT r.rolsuper OR r.rolcreatedb FROM pg_catalog.pg_roles r WHERE r.rolname = current_user),
    'extensions', coalesce((SELECT jsonb_agg(e.extname ORDER BY e.extname) FROM pg_catalog.pg_extension e), '[]'),
    'identity', extract(epoch FROM pg_postmaster_start_time())::text || '/' || d.oid::text)
FROM pg_catalog.pg_database d WHERE d.datname = current_database()";

/// Settings that say how the live database is run, not what its schema means.
const NOT_COPIED: [&str; 8] = [
    "default_transaction_read_only",
    "statement_timeout",
    "lock_timeout",
    "idle_in_transaction_session_timeout",
    "idle_session_timeout",
    "transaction_timeout",
    "role",
    "session_preload_libraries",
];

impl Facts {
    /// Reads them through a session on the live database.
    ///
    /// # Errors
    /// What the driver says.
    pub async fn read(live: &Connected) -> Result<Facts, tokio_postgres::Error> {
        let row = live.query_one(QUERY, &[]).await?;
        row.try_get::<_, tokio_postgres::types::Json<Facts>>(0).map(|json| json.0)
    }

    /// The statement that makes a database with these facts. `version` is the server's that makes it.
    pub(super) fn create(&self, name: &Name, version: u32) -> Sql {
        let mut made = sql!(
            "CREATE DATABASE {} TEMPLATE template0 ENCODING {} LC_COLLATE {} LC_CTYPE {}",
            name,
            Literal(&self.encoding),
            Literal(&self.collate),
            Literal(&self.ctype)
        );
        match (self.provider.as_str(), &self.locale) {
            ("i", Some(locale)) if version >= 150_000 => {
                made.push(&sql!(" LOCALE_PROVIDER icu ICU_LOCALE {}", Literal(locale)));
            }
            ("b", Some(locale)) if version >= 170_000 => {
                made.push(&sql!(" LOCALE_PROVIDER builtin BUILTIN_LOCALE {}", Literal(locale)));
            }
            // The server may have been set up with another.
            ("c", _) if version >= 150_000 => made.push(&Sql::raw(" LOCALE_PROVIDER libc")),
            _ => {}
        }
        if let (Some(rules), "i", true) = (&self.icu_rules, self.provider.as_str(), version >= 160_000) {
            made.push(&sql!(" ICU_RULES {}", Literal(rules)));
        }
        if let Some(tablespace) = &self.tablespace {
            made.push(&sql!(" TABLESPACE {}", Name::new(tablespace)));
        }
        made
    }

    /// The statement for a server that lacks the locale: only the encoding is kept.
    pub(super) fn create_plain(&self, name: &Name) -> Sql {
        sql!("CREATE DATABASE {} TEMPLATE template0 ENCODING {}", name, Literal(&self.encoding))
    }

    /// The statements that give a database the live one's settings.
    pub(super) fn set(&self, name: &Name) -> Vec<Sql> {
        self.wanted_settings()
            .iter()
            .filter_map(|setting| setting.split_once('='))
            .map(|(key, value)| sql!("ALTER DATABASE {} SET {} TO {}", name, parameter(key), setting_value(key, value)))
            .collect()
    }

    /// The settings that a shadow is to have: those that would only get in its way are left out.
    pub(super) fn wanted_settings(&self) -> Vec<&String> {
        let key = |setting: &str| setting.split_once('=').map(|(key, _)| key.to_ascii_lowercase());
        self.settings.iter().filter(|setting| key(setting).is_some_and(|key| !NOT_COPIED.contains(&&*key))).collect()
    }

    /// Extensions beyond the one that every database has.
    pub(super) fn added_extensions(&self) -> Vec<Name> {
        self.extensions.iter().filter(|name| *name != "plpgsql").map(Name::new).collect()
    }
}

/// A parameter's name: `work_mem`, or `my.setting` of an extension or the user.
fn parameter(key: &str) -> Sql {
    Sql::join(key.split('.').map(Name::new), ".")
}

/// Lists are stored as SQL already: `"$user", public`; quoting them whole would make them one name.
fn setting_value(key: &str, value: &str) -> Sql {
    const LISTS: [&str; 8] = [
        "search_path",
        "datestyle",
        "temp_tablespaces",
        "session_preload_libraries",
        "local_preload_libraries",
        "shared_preload_libraries",
        "unix_socket_directories",
        "listen_addresses",
    ];
    if !LISTS.contains(&key.to_ascii_lowercase().as_str()) {
        return sql!("{}", Literal(value));
    }
    let items = value.split(',').map(|item| {
        let item = item.trim();
        let inner = item.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        inner.map_or_else(|| item.to_owned(), |inner| inner.replace("\"\"", "\""))
    });
    let items: Vec<String> = items.collect();
    Sql::join(items.iter().map(|item| Literal(item)), ", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(provider: &str, locale: Option<&str>) -> Facts {
        Facts {
            database: "shop".to_owned(),
            encoding: "UTF8".to_owned(),
            collate: "C".to_owned(),
            ctype: "de_DE".to_owned(),
            provider: provider.to_owned(),
            locale: locale.map(str::to_owned),
            icu_rules: Some("&a < b".to_owned()),
            tablespace: None,
            settings: vec!["search_path=\"$user\", public, \"A b\"".to_owned(), "my.x=it's".to_owned()],
            may_create: true,
            extensions: vec!["citext".to_owned(), "plpgsql".to_owned()],
            identity: String::new(),
        }
    }

    #[test]
    fn a_shadow_is_made_as_the_live_database_was() {
        let name = Name::from("s");
        let base = "CREATE DATABASE s TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'de_DE'";
        assert_eq!(facts("c", None).create(&name, 140_000).as_str(), base);
        let apart = Facts { tablespace: Some("fast".to_owned()), ..facts("c", None) };
        assert_eq!(apart.create(&name, 150_000).as_str(), format!("{base} LOCALE_PROVIDER libc TABLESPACE fast"));
        assert_eq!(
            facts("i", Some("de")).create(&name, 160_000).as_str(),
            format!("{base} LOCALE_PROVIDER icu ICU_LOCALE 'de' ICU_RULES '&a < b'")
        );
        assert_eq!(
            facts("b", Some("C.UTF-8")).create(&name, 170_000).as_str(),
            format!("{base} LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'")
        );
    }

    #[test]
    fn settings_are_copied_as_they_are_meant() {
        let set: Vec<String> = facts("c", None).set(&Name::from("s")).iter().map(Sql::to_string).collect();
        assert_eq!(
            set,
            ["ALTER DATABASE s SET search_path TO '$user', 'public', 'A b'", "ALTER DATABASE s SET my.x TO 'it''s'"]
        );
    }
}

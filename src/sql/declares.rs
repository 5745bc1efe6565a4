//! Which statements may stand in a file that declares a schema: such a file is run in a shadow on the user's own server, by
//! commands that are to change nothing there.

use super::settings::configures;
use super::token::{Token, tokens};

/// Why a statement has no place in such a file; `None` if it declares a part of a schema of this database.
///
/// What a function does that a statement calls is not looked at.
pub fn objection(statement: &str) -> Option<&'static str> {
    const ROWS: &str = "it acts on rows, and only declares no part of the schema: write it into a revision by hand";
    const BEYOND: &str = "it reaches beyond the database: run it on the server, where all databases see what it does";
    const OTHERS: &str = "it declares no part of the schema";
    const WHOSE: &str = "whose an object is has to stand at the object: ALTER … OWNER TO";
    let code: Vec<Token> = tokens(statement).filter(Token::is_code).collect();
    let is = |at: usize, words: &[&str]| code.get(at).is_some_and(|token| words.iter().any(|word| token.is_word(word)));
    let is_global = |at: usize| {
        is(at, &["DATABASE", "ROLE", "GROUP", "SYSTEM", "TABLESPACE", "PARAMETER"])
            || is(at, &["USER"]) && !is(at + 1, &["MAPPING"])
    };
    let on = || code.iter().position(|token| token.is_word("ON"));
    match () {
        () if is(0, &["CREATE"]) && is(1, &["SUBSCRIPTION"]) => {
            let connects = code.windows(3).all(|three| {
                !three[0].is_word("connect") || !["false", "off", "0"].contains(&three[2].text.trim_matches('\''))
            });
            connects.then_some("it would connect to the publisher: say `connect = false`")
        }
        () if is(0, &["CREATE", "ALTER", "DROP"]) => (is_global(1) || is(1, &["OWNED"])).then_some(BEYOND),
        () if is(0, &["COMMENT", "SECURITY"]) => on().is_some_and(|on| is_global(on + 1)).then_some(BEYOND),
        // Without ON it makes one role a member of another.
        () if is(0, &["GRANT", "REVOKE"]) => on().is_none_or(|on| is_global(on + 1)).then_some(BEYOND),
        () if is(0, &["REASSIGN", "COPY", "IMPORT", "LOAD", "NOTIFY"]) => Some(BEYOND),
        () if is(0, &["SET"]) && is(1, &["ROLE"]) => Some(WHOSE),
        () if is(0, &["SET"]) && is(1, &["SESSION", "LOCAL"]) && is(2, &["ROLE", "AUTHORIZATION"]) => Some(WHOSE),
        () if is(0, &["SET"]) && is(1, &["SESSION"]) && is(2, &["CHARACTERISTICS"]) => Some(OTHERS),
        () if is(0, &["SET"]) && !is(1, &["CONSTRAINTS", "TRANSACTION"]) => None,
        // pg_dump begins so.
        () if is(0, &["SELECT"]) && configures(&code[1..]).is_some() => None,
        () if is(0, &["INSERT", "UPDATE", "DELETE", "MERGE", "TRUNCATE", "SELECT", "WITH", "VALUES", "TABLE"]) => {
            Some(ROWS)
        }
        () if is(0, &["DO", "CALL"]) => Some("what it does cannot be told before it runs: say what it makes"),
        () => Some(OTHERS),
    }
}

/// What a statement says of whom things belong to, and who may use them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rights {
    /// Whom something belongs to.
    Owner,
    /// Who may use it.
    Privileges,
}

/// Whether a statement is about owners or privileges.
pub fn rights(statement: &str) -> Option<Rights> {
    let code: Vec<Token> = tokens(statement).filter(Token::is_code).collect();
    let is = |at: usize, word: &str| code.get(at).is_some_and(|token| token.is_word(word));
    match () {
        () if is(0, "GRANT") || is(0, "REVOKE") => Some(Rights::Privileges),
        () if is(0, "ALTER") && is(1, "DEFAULT") && is(2, "PRIVILEGES") => Some(Rights::Privileges),
        () if is(0, "ALTER") => match &code[2.min(code.len())..] {
            // `RENAME owner TO holder`, of a table or its column.
            [_, .., rename, _, to, _] if to.is_word("TO") && (rename.is_word("RENAME") || rename.is_word("COLUMN")) => {
                None
            }
            [.., owner, to, _] if owner.is_word("OWNER") && to.is_word("TO") => Some(Rights::Owner),
            _ => None,
        },
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_about_rights() {
        let of = |text: &str| rights(text).map(|rights| format!("{rights:?}")).unwrap_or_default();
        assert_eq!(of("grant select on t to app"), "Privileges");
        assert_eq!(of("alter default privileges in schema s revoke all on tables from app"), "Privileges");
        assert_eq!(of("ALTER FUNCTION f(integer) OWNER TO \"App\""), "Owner");
        assert_eq!(of("alter table t rename owner to holder") + &of("create table owner ()"), "");
    }

    #[test]
    fn what_declares_a_schema_may_stand() {
        for statement in [
            "CREATE TABLE t (role text, \"database\" text)",
            "create or replace view v as select 1",
            "CREATE USER MAPPING FOR u SERVER s",
            "ALTER USER MAPPING FOR u SERVER s OPTIONS (a 'b')",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO r",
            "GRANT SELECT (a), UPDATE (b) ON t TO r",
            "COMMENT ON COLUMN t.role IS 'ON ROLE x'",
            "SECURITY LABEL FOR p ON TABLE t IS 'x'",
            "SET search_path = public",
            "SELECT pg_catalog.set_config('search_path', '', false)",
            "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p WITH (enabled = 'false', connect = 'false')",
            "DROP TABLE t",
        ] {
            assert_eq!(objection(statement), None, "{statement}");
        }
    }

    #[test]
    fn what_reaches_further_or_does_something_may_not() {
        for statement in [
            "CREATE ROLE r",
            "ALTER USER r SET work_mem = 1",
            "DROP GROUP r",
            "ALTER SYSTEM SET a = 1",
            "ALTER DATABASE d SET a = 1",
            "CREATE TABLESPACE t LOCATION 'x'",
            "DROP OWNED BY r",
            "COMMENT ON ROLE r IS 'x'",
            "COMMENT ON DATABASE d IS 'x'",
            "SECURITY LABEL FOR p ON ROLE r IS 'x'",
            "GRANT a TO b",
            "GRANT CONNECT ON DATABASE d TO r",
            "REVOKE ALL ON PARAMETER p FROM r",
            "REASSIGN OWNED BY a TO b",
            "COPY t TO PROGRAM 'x'",
            "IMPORT FOREIGN SCHEMA a FROM SERVER s INTO b",
            "CREATE SUBSCRIPTION s CONNECTION 'host=a' PUBLICATION p",
            "INSERT INTO t VALUES (1)",
            "WITH a AS (DELETE FROM t) SELECT 1",
            "SELECT pg_terminate_backend(1)",
            "SELECT set_config('a', pg_terminate_backend(1)::text, false)",
            "SELECT pg_terminate_backend(1), set_config('a', 'b', false)",
            "SELECT",
            "DO $$ BEGIN END $$",
            "CALL p()",
            "COMMIT",
            "PREPARE TRANSACTION 'x'",
            "SET TRANSACTION READ ONLY",
            "SET ROLE r",
            "SET SESSION AUTHORIZATION r",
            "SET LOCAL ROLE r",
            "VACUUM",
            "/* never closed",
        ] {
            assert!(objection(statement).is_some(), "{statement}");
        }
    }
}

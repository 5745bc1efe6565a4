//! What the server in the process cannot do, said with the way out.

/// The way out of each of these.
const WAY_OUT: &str =
    "install PostgreSQL on this machine (aludel then uses its programs), or name a server in url or shadow";

/// A sentence to add to an error of the server in the process, if the error comes from what it lacks.
///
/// `code` is the SQLSTATE, `message` what the server said.
pub fn explain(code: &str, message: &str) -> Option<String> {
    let about = |what: &str| message.contains(what);
    let lack = match code {
        // undefined_file, feature_not_supported
        "58P01" | "0A000" if about("extension \"") => {
            "the PostgreSQL inside aludel has only the extensions that are built into it"
        }
        "42704" if about("text search configuration") || about("text search dictionary") => {
            "the PostgreSQL inside aludel has only the text search configuration `simple`"
        }
        // config_file_error
        "F0000" if about("stop-word file") || about("dictionary file") => {
            "the PostgreSQL inside aludel has no dictionaries but `simple` for text search"
        }
        "42704" if about("collation") => "the PostgreSQL inside aludel has only the collations C, POSIX and C.UTF-8",
        "42704" if about("language \"") => "the PostgreSQL inside aludel has only the languages sql and plpgsql",
        "0A000" if about("ICU") => "the PostgreSQL inside aludel is built without ICU",
        "0A000" if about("unsupported XML") || about("libxml") => "the PostgreSQL inside aludel is built without XML",
        "53200" if about("shared memory") => "the lock table of the PostgreSQL inside aludel is full",
        // in_failed_sql_transaction: an error passed its handler.
        "25P02" => "in the PostgreSQL inside aludel, PL/pgSQL's EXCEPTION blocks do not catch",
        _ => return None,
    };
    Some(format!("{lack}: {WAY_OUT}"))
}

/// Whether SQL uses `EXCEPTION WHEN`, which does not catch in the server in the process: a sentence that says so.
pub fn caution(sql: &str) -> Option<String> {
    let mut words = sql.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).peekable();
    while let Some(word) = words.next() {
        let next_is_when = words.peek().is_some_and(|next| next.eq_ignore_ascii_case("when"));
        if word.eq_ignore_ascii_case("exception") && next_is_when {
            return Some(format!(
                "EXCEPTION WHEN does not catch in the PostgreSQL inside aludel, the error ends the transaction: {WAY_OUT}"
            ));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lacking_is_said_with_the_way_out() {
        for (code, message, needle) in [
            ("0A000", "extension \"pgcrypto\" is not available", "built into it"),
            ("42704", "text search configuration \"english\" does not exist", "simple"),
            ("F0000", "could not open stop-word file \"/share/english.stop\"", "simple"),
            ("42704", "collation \"de_DE\" for encoding \"UTF8\" does not exist", "C.UTF-8"),
            ("42704", "language \"plpython3u\" does not exist", "plpgsql"),
            ("25P02", "current transaction is aborted", "EXCEPTION"),
            ("42601", "syntax error", ""),
        ] {
            let found = explain(code, message);
            assert_eq!(found.is_some(), !needle.is_empty(), "{message}");
            assert!(found.is_none_or(|text| text.contains(needle) && text.contains("install PostgreSQL")), "{message}");
        }
    }

    #[test]
    fn exception_blocks_are_seen() {
        assert!(caution("BEGIN x(); EXCEPTION\n  WHEN others THEN NULL; END").is_some());
        assert!(caution("RAISE EXCEPTION 'when'").is_none_or(|text| text.contains("EXCEPTION")));
        assert!(caution("CREATE TABLE exceptions ()").is_none());
    }
}

//! Text search dictionaries: <https://www.postgresql.org/docs/current/sql-createtsdictionary.html>.

use serde::{Deserialize, Serialize};

use super::options::{USER_SCHEMA, not_member};
use super::{Alteration, Cx, Kind, dotted};
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Statement, one};

/// A text search dictionary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextSearchDictionary {
    /// Its template.
    pub template: Sql,
    /// `name = 'value', …`, as the server keeps it.
    pub options: Option<Sql>,
}

impl Kind for TextSearchDictionary {
    const WORD: &'static str = "text search dictionary";
    const CATALOG: &'static str = "pg_ts_dict";

    fn query(_version: u32) -> Option<String> {
        Some(format!(
            "SELECT d.oid, 0 AS sub, NULL::int AS position, ARRAY[n.nspname, d.dictname]::text[] AS path,
                    pg_get_userbyid(d.dictowner)::text AS owner, NULL::text[] AS acl,
                    (SELECT format('%I.%I', tn.nspname, t.tmplname) FROM pg_ts_template t
                     JOIN pg_namespace tn ON tn.oid = t.tmplnamespace WHERE t.oid = d.dicttemplate) AS template,
                    d.dictinitoption AS options
             FROM pg_ts_dict d JOIN pg_namespace n ON n.oid = d.dictnamespace
             WHERE {USER_SCHEMA} AND {}",
            not_member("pg_ts_dict", "d.oid")
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        let options = self.options.as_ref().map(|options| sql!(",\n    {}", options)).unwrap_or_default();
        let name = dotted(&cx.id.path);
        one(sql!("CREATE TEXT SEARCH DICTIONARY {} (\n    TEMPLATE = {}{}\n)", name, self.template, options))
    }

    fn alter(&self, after: &Self, cx: &Cx) -> Alteration {
        if self.template != after.template {
            return Alteration::Rebuild;
        }
        // A name without a value takes that option away; what is set afterwards is appended, so they end in order.
        let gone = self.options.as_ref().map(|options| names(options.as_str())).unwrap_or_default();
        let items: Vec<Sql> = gone.into_iter().chain(after.options.clone()).collect();
        let name = dotted(&cx.id.path);
        Alteration::in_place(one(sql!("ALTER TEXT SEARCH DICTIONARY {} ({})", name, Sql::join(items, ", "))))
    }
}

/// The names, as they are written, in `name = 'value', …`.
fn names(options: &str) -> Vec<Sql> {
    let (mut names, mut start, mut quote) = (Vec::new(), 0, None);
    for (at, c) in options.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None, // a doubled quote opens the next at once
            (None, '\'' | '"') => quote = Some(c),
            (None, '=') => names.push(Sql::raw(options[start..at].trim())),
            (None, ',') => start = at + 1,
            _ => {}
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_options() {
        let shown = |text: &str| Sql::join(names(text), " ").0;
        assert_eq!(shown(r#"stopwords = 'a, b = ''c''', "Odd, =" = 'x'"#), r#"stopwords "Odd, =""#);
    }
}

//! Procedural languages: <https://www.postgresql.org/docs/current/sql-createlanguage.html>.

use serde::{Deserialize, Serialize};

use super::options::not_member;
use super::{Alteration, Cx, Id, Kind};
use crate::sql;
use crate::sql::Sql;
use crate::statement::Statement;

/// A procedural language that no extension owns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Language {
    /// Whoever may use it can do no more with it than with SQL.
    pub trusted: bool,
    /// The function that runs its functions.
    pub handler: Sql,
    /// The function that runs `DO` blocks.
    pub inline: Option<Sql>,
    /// The function that checks new functions.
    pub validator: Option<Sql>,
}

impl Language {
    fn definition(&self, id: &Id, verb: &'static str) -> Statement {
        let trusted = Sql::raw(if self.trusted { "TRUSTED " } else { "" });
        let mut text = sql!("{} {}LANGUAGE {} HANDLER {}", Sql::raw(verb), trusted, id.name(), self.handler);
        for (word, function) in [("INLINE", &self.inline), ("VALIDATOR", &self.validator)] {
            if let Some(function) = function {
                text.push(&sql!(" {} {}", Sql::raw(word), function));
            }
        }
        text.into()
    }
}

impl Kind for Language {
    const WORD: &'static str = "language";
    const CATALOG: &'static str = "pg_language";
    const ACL: Option<char> = Some('l');
    const GLOBAL: bool = true;
    const PUBLIC: Option<&'static str> = Some("USAGE");

    fn query(_version: u32) -> Option<String> {
        Some(format!(
            "SELECT l.oid, 0 AS sub, NULL::int AS position, ARRAY[l.lanname]::text[] AS path,
                    pg_get_userbyid(l.lanowner)::text AS owner, l.lanacl::text[] AS acl, l.lanpltrusted AS trusted,
                    l.lanplcallfoid::regproc::text AS handler, NULLIF(l.laninline, 0)::regproc::text AS inline,
                    NULLIF(l.lanvalidator, 0)::regproc::text AS validator
             FROM pg_language l WHERE l.lanispl AND {}",
            not_member("pg_language", "l.oid")
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        vec![self.definition(cx.id, "CREATE")]
    }

    fn alter(&self, after: &Self, cx: &Cx) -> Alteration {
        Alteration::in_place(vec![after.definition(cx.id, "CREATE OR REPLACE")])
    }

    /// On one that is not trusted nothing is granted, nor revoked.
    fn facets_first(&self, after: &Self) -> bool {
        self.trusted && !after.trusted
    }

    fn grantable(&self, id: &Id) -> Option<Sql> {
        Some(self.designation(id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::Tag;
    use crate::name::Name;

    #[test]
    fn only_what_it_has_is_written() {
        let id = Id::new(Tag::Language, [Name::from("pl")]);
        let language = Language {
            trusted: true,
            handler: Sql::raw("public.h"),
            inline: None,
            validator: Some(Sql::raw("public.v")),
        };
        let text = language.definition(&id, "CREATE").sql;
        assert_eq!(text.as_str(), "CREATE TRUSTED LANGUAGE pl HANDLER public.h VALIDATOR public.v");
    }
}

//! Functions, window functions and procedures: <https://www.postgresql.org/docs/current/sql-createfunction.html>.

use serde::{Deserialize, Serialize};

use super::options::USER_SCHEMA;
use super::{Alteration, Cx, Id, Kind, Tag};
use crate::catalog::{Catalog, Need, Object};
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Statement, one};

/// A function or procedure; the last element of its path is the list of its input types.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Function {
    /// `f` function, `p` procedure, `w` window function.
    pub form: String,
    /// `CREATE OR REPLACE …`, whole.
    pub definition: Sql,
    /// What it returns; nothing for procedures.
    pub result: Option<Sql>,
    /// Names, modes and types of its arguments.
    pub arguments: Sql,
    /// How many of them have defaults.
    pub defaults: i16,
}

/// `FUNCTION schema.name(types)` for ids whose last element is a signature.
pub fn routine(word: &str, id: &Id) -> Sql {
    sql!("{} {}({})", Sql::raw(word), id.relation(), Sql::raw(id.part(2).as_str()))
}

impl Function {
    /// What it does, without what it is called and how it is planned.
    pub fn computes(&self) -> &str {
        let text = self.definition.as_str();
        let starts = ["\nAS ", "\nBEGIN ATOMIC", "\nRETURN "].into_iter().filter_map(|word| text.find(word));
        starts.min().map_or(text, |at| &text[at..])
    }

    /// What the server keeps as trees: the defaults of arguments, and a body that is no string.
    pub fn parsed(&self) -> &str {
        let (text, body) = (self.definition.as_str(), self.computes());
        if body.starts_with("\nAS ") { &text[..text.len() - body.len()] } else { text }
    }

    /// Whether two calls with the same arguments may differ.
    pub fn is_volatile(&self) -> bool {
        let head = &self.definition.as_str()[..self.definition.as_str().len() - self.computes().len()];
        !head.split_whitespace().any(|word| ["IMMUTABLE", "STABLE"].contains(&word))
    }
}

impl Kind for Function {
    const WORD: &'static str = "function";
    const CATALOG: &'static str = "pg_proc";
    const NAMES_TYPES: bool = true;
    const ACL: Option<char> = Some('f');
    const PUBLIC: Option<&'static str> = Some("EXECUTE");

    fn query(_version: u32) -> Option<String> {
        // A range type makes its own constructors: those hang on the type ('i').
        Some(format!(
            "SELECT p.oid, 0 AS sub, NULL::int AS position,
                    ARRAY[n.nspname, p.proname, oidvectortypes(p.proargtypes)]::text[] AS path,
                    pg_get_userbyid(p.proowner)::text AS owner, p.proacl::text[] AS acl,
                    p.prokind::text AS form, rtrim(pg_get_functiondef(p.oid), E'\\n') AS definition,
                    pg_get_function_result(p.oid) AS result,
                    pg_get_function_identity_arguments(p.oid) AS arguments, p.pronargdefaults AS defaults
             FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
             WHERE p.prokind <> 'a' AND {USER_SCHEMA}
               AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_proc'::regclass
                               AND e.objid = p.oid AND e.deptype IN ('e', 'i'))"
        ))
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        let create = |text: &Sql| Sql::raw(text.as_str().replacen("CREATE OR REPLACE ", "CREATE ", 1));
        // One that calls itself is there before it does.
        match self.outline(cx.id).filter(|_| self.computes().contains(&format!("{}(", cx.id.relation()))) {
            Some(outline) => vec![create(&outline).into(), self.definition.clone().into()],
            None => one(create(&self.definition)),
        }
    }

    /// Its head with a body that nothing reads; none where the body is a string anyway.
    fn outline(&self, _id: &Id) -> Option<Sql> {
        let (text, body) = (self.definition.as_str(), self.computes());
        let head = &text[..text.len() - body.len()];
        (!body.starts_with("\nAS ")).then(|| Sql::raw(format!("{head}\nAS $function$$function$")))
    }

    fn alter(&self, after: &Self, _cx: &Cx) -> Alteration {
        let same_face = self.form == after.form && self.result == after.result && self.arguments == after.arguments;
        if !same_face || after.defaults < self.defaults {
            return Alteration::Rebuild;
        }
        Alteration::in_place(one(after.definition.clone()))
    }

    /// The server records the transforms of its types for its language that are there when it is made: so they all are.
    fn needs(&self, id: &Id, all: &Catalog) -> Vec<Need> {
        let signature = id.part(2);
        let result = self.result.as_ref().map_or("", |result| result.as_str().trim_start_matches("SETOF "));
        let is_seen = |(transform, object): &(&Id, &Object)| {
            let r#type = transform.part(0);
            let takes = result == r#type.as_str() || signature.as_str().split(", ").any(|own| own == r#type.as_str());
            let language = sql!("\n LANGUAGE {}\n", transform.part(1));
            takes
                && self.definition.as_str().contains(language.as_str())
                && !object.needs.iter().any(|need| need.id == *id)
        };
        all.below(Tag::Transform, &[]).filter(is_seen).map(|(transform, _)| Need::normal(transform.clone())).collect()
    }

    fn texts(&mut self) -> Vec<&mut Sql> {
        // The body of most is a string, and stays as it was written.
        let is_parsed = !self.definition.as_str().contains("\nAS ");
        is_parsed.then_some(&mut self.definition).into_iter().collect()
    }

    fn designation(&self, id: &Id) -> Sql {
        // Without modes the types of a procedure may be those of another one's OUT arguments too.
        if self.form == "p" {
            return sql!("PROCEDURE {}({})", id.relation(), Sql::raw(self.arguments.as_str()));
        }
        routine("FUNCTION", id)
    }

    fn grantable(&self, id: &Id) -> Option<Sql> {
        Some(self.designation(id))
    }

    fn slots(&self, id: &Id) -> Vec<String> {
        vec![routine("routine", id).0]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::Tag;
    use crate::name::Name;

    #[test]
    fn a_signature_is_not_quoted() {
        let id = Id::new(Tag::Function, ["public", "Add", "integer, text[]"].map(Name::from));
        assert_eq!(routine("FUNCTION", &id).as_str(), "FUNCTION public.\"Add\"(integer, text[])");
    }
}

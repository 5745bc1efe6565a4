//! How a column is written: in its table's statement, and one that is added.

use super::Column;
use crate::kind::inheritance::line;
use crate::kind::options::{collate, foreign_options};
use crate::kind::{Body, Cx, Id, Tag};
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Danger, Statement};

impl Column {
    /// The line of `CREATE TABLE` or `ADD COLUMN`, with the default if that is a member of the statement.
    pub fn definition(&self, id: &Id, cx: &Cx) -> Sql {
        let mut text = sql!("{} {}", id.name(), self.r#type);
        if !self.foreign_options.is_empty() {
            text.push(&sql!(" {}", foreign_options(&self.foreign_options)));
        }
        text.push(&collate(self.collation.as_ref()));
        text.push(&self.constraints(id, cx));
        text
    }

    /// The line of a table made of a type, where there is anything to say.
    pub fn typed_definition(&self, id: &Id, cx: &Cx) -> Option<Sql> {
        let constraints = self.constraints(id, cx);
        (!constraints.is_empty()).then(|| sql!("{} WITH OPTIONS{}", id.name(), constraints))
    }

    /// The default that is written together with the column.
    pub(super) fn default_inside<'a>(&self, id: &Id, cx: &Cx<'a>) -> Option<&'a Sql> {
        let id = Id { tag: Tag::ColumnDefault, path: id.path.clone() };
        match &cx.after.get(&id).filter(|_| cx.members.contains(&&id))?.body {
            Body::ColumnDefault(default) => Some(&default.expression),
            _ => None,
        }
    }

    /// Where other tables hold rows of this one, the server adds no column that is filled at once.
    pub(super) fn create_in_steps(&self, table: &Sql, default: &Sql, cx: &Cx) -> Vec<Statement> {
        let name = cx.id.name();
        let empty = Column { not_null: false, not_null_as: None, ..self.clone() };
        let alone = Cx { members: &[], ..*cx };
        let update = Statement::new(sql!("UPDATE {} SET {} = DEFAULT", cx.id.relation(), name));
        let mut out: Vec<Statement> = vec![
            sql!("{} ADD COLUMN {}", table, empty.definition(cx.id, &alone)).into(),
            sql!("{} ALTER COLUMN {} SET DEFAULT {}", table, name, default).into(),
            update.hazard(
                Danger::Rewrite,
                format!("computes {name} for every row, and fires triggers of UPDATE"),
                None,
            ),
        ];
        match &self.not_null_as {
            _ if !self.not_null => {}
            Some(not_null) if not_null.not_valid => {} // it comes with the extras
            Some(not_null) => out.push(sql!("{} {}", table, not_null.addition(cx.id)).into()),
            None => out.push(sql!("{} ALTER COLUMN {} SET NOT NULL", table, name).into()),
        }
        out.extend(self.extras(cx.id));
        out
    }

    fn constraints(&self, id: &Id, cx: &Cx) -> Sql {
        let mut text = Sql::default();
        if let Some(default) = self.default_inside(id, cx) {
            text.push(&sql!(" DEFAULT {}", default));
        }
        if let Some(identity) = &self.identity {
            text.push(&sql!(" {}", identity.clause(self.r#type.as_str())));
        }
        if let Some(expression) = &self.generated {
            let form = Sql::raw(if self.r#virtual { "VIRTUAL" } else { "STORED" });
            text.push(&sql!(" GENERATED ALWAYS AS ({}) {}", expression, form));
        }
        let with_parents = cx.members.iter().any(|member| member.tag == Tag::Inheritance);
        let leader = || cx.after.get(id).and_then(|object| object.leader());
        let is_led = || leader().is_some_and(|parent| with_parents || cx.before.has(&line(&id.path, &parent.path)));
        match &self.not_null_as {
            _ if !self.not_null => {}
            None if cx.version() >= 180_000 && is_led() => {} // a parent's brings it
            Some(not_null) if not_null.not_valid => {}        // only ADD CONSTRAINT can say that
            Some(not_null) if not_null.is_said(id, cx) => {
                let no_inherit = Sql::raw(if not_null.no_inherit { " NO INHERIT" } else { "" });
                text.push(&sql!(" CONSTRAINT {} NOT NULL{}", not_null.name, no_inherit));
            }
            _ => text.push(&Sql::raw(" NOT NULL")),
        }
        text
    }
}

/// Functions of the server and of well-known extensions that give each row another value.
const VOLATILE: &[&str] = &[
    "nextval(",
    "random(",
    "gen_random_uuid(",
    "uuidv4(",
    "uuidv7(",
    "uuid_generate_v1(",
    "uuid_generate_v4(",
    "clock_timestamp(",
    "timeofday(",
    "gen_random_bytes(",
];

/// Whether each row gets a value of its own from a default, so that the table is written anew.
pub(super) fn is_volatile(default: &Sql, cx: &Cx) -> bool {
    let id = Id { tag: Tag::ColumnDefault, path: cx.id.path.clone() };
    let needs = cx.after.needs(&id);
    let own = |id: &Id| matches!(cx.after.get(id).map(|object| &object.body), Some(Body::Function(function)) if function.is_volatile());
    VOLATILE.iter().any(|call| default.as_str().contains(call)) || needs.into_iter().any(|need| own(&need.id))
}

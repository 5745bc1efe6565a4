//! Lists of `name=value` options as the catalogs keep them, and small SQL fragments that kinds share.

use crate::name::{Literal, Name};
use crate::sql;
use crate::sql::Sql;

/// Leaves the system's own schemas out; `n` is `pg_namespace`.
pub const USER_SCHEMA: &str = r"n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'";

/// Leaves out what an extension owns.
pub fn not_member(catalog: &str, oid: &str) -> String {
    format!(
        "NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '{catalog}'::regclass \
         AND e.objid = {oid} AND e.deptype = 'e')"
    )
}

/// `name = 'value', …` as storage parameters are written; a name may carry the `toast.` prefix.
pub fn parameters(options: &[String]) -> Sql {
    Sql::join(options.iter().map(|option| parameter(option)), ", ")
}

fn parameter(option: &str) -> Sql {
    match option.split_once('=') {
        Some((name, value)) if is_bare(value) => sql!("{} = {}", parameter_name(name), Sql::raw(value)),
        Some((name, value)) => sql!("{} = {}", parameter_name(name), Literal(value)),
        None => parameter_name(option),
    }
}

fn parameter_name(name: &str) -> Sql {
    Sql::join(name.split('.').map(Name::from), ".")
}

fn is_bare(value: &str) -> bool {
    matches!(value, "true" | "false" | "on" | "off") || (!value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()))
}

/// `SET (…)` and `RESET (…)` actions that lead from one list to another; no action where they are equal.
pub fn set_and_reset(before: &[String], after: &[String]) -> Vec<Sql> {
    let name = |option: &String| option.split('=').next().unwrap_or_default().to_owned();
    let gone: Vec<Sql> = before
        .iter()
        .filter(|old| !after.iter().any(|new| name(new) == name(old)))
        .map(|old| parameter_name(&name(old)))
        .collect();
    let set: Vec<String> = after.iter().filter(|new| !before.contains(new)).cloned().collect();
    let mut actions = Vec::new();
    if !gone.is_empty() {
        actions.push(sql!("RESET ({})", Sql::join(gone, ", ")));
    }
    if !set.is_empty() {
        actions.push(sql!("SET ({})", parameters(&set)));
    }
    actions
}

/// `OPTIONS (name 'value', …)` of foreign objects; empty for none.
pub fn foreign_options(options: &[String]) -> Sql {
    if options.is_empty() {
        return Sql::default();
    }
    let items = options.iter().map(|option| {
        let (name, value) = option.split_once('=').unwrap_or((option, ""));
        sql!("{} {}", Name::from(name), Literal(value))
    });
    sql!("OPTIONS ({})", Sql::join(items, ", "))
}

/// `OPTIONS (ADD …, SET …, DROP …)` that leads from one list to another; `None` where they are equal.
pub fn alter_foreign_options(before: &[String], after: &[String]) -> Option<Sql> {
    fn split(option: &str) -> (&str, &str) {
        option.split_once('=').unwrap_or((option, ""))
    }
    let mut actions = Vec::new();
    for (name, _) in before.iter().map(|option| split(option)) {
        if !after.iter().any(|option| split(option).0 == name) {
            actions.push(sql!("DROP {}", Name::from(name)));
        }
    }
    for (name, value) in after.iter().map(|option| split(option)) {
        match before.iter().map(|option| split(option)).find(|(old, _)| *old == name) {
            None => actions.push(sql!("ADD {} {}", Name::from(name), Literal(value))),
            Some((_, old)) if old != value => actions.push(sql!("SET {} {}", Name::from(name), Literal(value))),
            Some(_) => {}
        }
    }
    (!actions.is_empty()).then(|| sql!("OPTIONS ({})", Sql::join(actions, ", ")))
}

//! Lists of `name=value` options as the catalogs keep them, and small SQL fragments that kinds share.

use crate::name::{Literal, Name};
use crate::sql;
use crate::sql::Sql;

/// Leaves the system's own schemas out; `n` is `pg_namespace`.
pub const USER_SCHEMA: &str = r"n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'";

/// Leaves out what an extension owns.
pub fn not_member(catalog: &str, oid: &str) -> String {
    format!(
        "NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = '{catalog}'::regclass \
         AND x.objid = {oid} AND x.deptype = 'e')"
    )
}

/// ` COLLATE …`, where there is a collation.
pub fn collate(collation: Option<&Sql>) -> Sql {
    collation.map(|collation| sql!(" COLLATE {}", collation)).unwrap_or_default()
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
///
/// The server appends what is set, and the order of options shows in a dump: where it would be another, all are set anew.
pub fn set_and_reset(before: &[String], after: &[String]) -> Vec<Sql> {
    let Steps { gone, set } = steps(before, after);
    let mut actions = Vec::new();
    if !gone.is_empty() {
        actions.push(sql!("RESET ({})", Sql::join(gone.into_iter().map(parameter_name), ", ")));
    }
    if !set.is_empty() {
        actions.push(sql!("SET ({})", parameters(&set)));
    }
    actions
}

/// What to take away from a list of options and what to append.
struct Steps<'a> {
    gone: Vec<&'a str>,
    set: Vec<String>,
}

fn steps<'a>(before: &'a [String], after: &[String]) -> Steps<'a> {
    let kept: Vec<&String> = before.iter().filter(|old| after.contains(old)).collect();
    let starts = after.iter().zip(&kept).all(|(new, old)| new == *old);
    if !starts {
        return Steps { gone: before.iter().map(|old| split(old).0).collect(), set: after.to_vec() };
    }
    let gone = before.iter().map(|old| split(old).0).filter(|name| !after.iter().any(|new| split(new).0 == *name));
    Steps { gone: gone.collect(), set: after.iter().filter(|new| !before.contains(new)).cloned().collect() }
}

fn split(option: &str) -> (&str, &str) {
    option.split_once('=').unwrap_or((option, ""))
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

/// `OPTIONS (ADD …, DROP …)` that leads from one list to another; `None` where they are equal.
pub fn alter_foreign_options(before: &[String], after: &[String]) -> Option<Sql> {
    if before == after {
        return None;
    }
    let kept = before.iter().zip(after).take_while(|(old, new)| old == new).count();
    let drops = before[kept..].iter().map(|option| sql!("DROP {}", Name::from(split(option).0)));
    let adds = after[kept..].iter().map(|option| {
        let (name, value) = split(option);
        sql!("ADD {} {}", Name::from(name), Literal(value))
    });
    Some(sql!("OPTIONS ({})", Sql::join(drops.chain(adds).collect::<Vec<_>>(), ", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn options_end_in_the_order_that_is_wanted() {
        let shown = |a, b| Sql::join(set_and_reset(&list(a), &list(b)), " ").0;
        assert_eq!(shown("a=1", "a=1"), "");
        assert_eq!(shown("a=1 b=2", "b=2 c=x"), "RESET (a) SET (c = 'x')");
        assert_eq!(shown("a=1 b=2", "a=3 b=2"), "RESET (a, b) SET (a = 3, b = 2)");
        let foreign = alter_foreign_options(&list("a=1 b=2"), &list("a=1 c=3"));
        assert_eq!(foreign.unwrap_or_default().as_str(), "OPTIONS (DROP b, ADD c '3')");
    }
}

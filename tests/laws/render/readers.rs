//! What reads tables: indexes, views, statistics, policies.

use super::super::gene::{Dice, Gene};
use super::super::world::{Col, Form, Rel, World, condition, ident, pick, value};
use super::Made;
use super::tables::{add, rel};

pub fn index(world: &mut World, gene: &Gene) -> Made {
    let mut dice = gene.dice();
    let suits =
        |rel: &Rel| matches!(rel.form, Form::Table | Form::Partitioned(_) | Form::MatView) && !rel.cols.is_empty();
    let table = world.rel(&mut dice, suits)?.clone();
    let name = ident("i", gene.slot);
    let full = format!("{}.{name}", table.schema);
    if world.is_taken(full.clone()) {
        return None;
    }
    let number = dice.byte();
    let ordered = table.cols.iter().filter(|col| col.ty.is_ordered());
    let col = pick(ordered, number, |col| &col.name)?.clone();
    let (form, end) = (dice.below(10), dice.below(8));
    let partitioned = matches!(table.form, Form::Partitioned(_));
    let (unique, key) = match form {
        1 if !partitioned => ("UNIQUE ", col.name.clone()),
        2 if table.cols[0].ty.is_ordered() => ("", format!("{} DESC NULLS LAST, {}", col.name, table.cols[0].name)),
        3 if col.ty.is_text() => ("", format!("lower({}), {} text_pattern_ops", col.name, col.name)),
        4 => ("", format!("({})", condition(world, &table.cols, &mut dice, "", true)?)),
        5 if col.ty.is_int() => ("", format!("({} + 1)", col.name)),
        6 if col.ty.is_text() && !world.collations.is_empty() => {
            ("", format!("{} COLLATE {}", col.name, pick(world.collations.iter(), number, |name| name)?))
        }
        7 | 8 => {
            let suits = |fun: &super::super::world::Fun| {
                fun.immutable
                    && fun.args == [col.ty.clone()]
                    && matches!(&fun.ret, super::super::world::Ret::One(ty) if ty.is_ordered())
            };
            match world.fun(&mut dice, suits) {
                Some(fun) => ("", format!("{}({})", fun.sql, col.name)),
                None => ("", col.name.clone()),
            }
        }
        _ => ("", col.name.clone()),
    };
    let tail = match end {
        1 => format!(" INCLUDE ({})", table.cols[0].name),
        2 => " WITH (fillfactor = 70)".to_owned(),
        3 | 4 => format!(" WHERE {}", condition(world, &table.cols, &mut dice, "", true)?),
        _ => String::new(),
    };
    let family = world.family(&table.sql);
    if !world.alone(&family, &format!("{key}{}", tail.split(" WITH").next().unwrap_or(""))) {
        return None;
    }
    world.thing(format!("INDEX {full}"), false);
    let mut out = vec![format!("CREATE {unique}INDEX {name} ON {} ({key}){tail}", table.sql)];
    if table.form == Form::Table && dice.one_in(8) && end < 3 && form == 0 {
        out.push(format!("ALTER TABLE {} CLUSTER ON {name}", table.sql));
    }
    Some(out)
}

/// A query on one or two relations, and its columns.
fn query(world: &World, dice: &mut Dice) -> Option<(String, Vec<Col>, bool)> {
    let from = world.rel(dice, |rel| !rel.cols.is_empty())?.clone();
    let other = world.rel(dice, |rel| !rel.cols.is_empty())?.clone();
    let (form, count) = (dice.below(12), 1 + dice.below(3));
    let all: Vec<Col> = from.cols.clone();
    let mut cols = Vec::new();
    let mut list = Vec::new();
    for i in 0..count {
        let (text, ty) = value(world, &all, dice, "a.")?;
        let name = format!("x{i}");
        list.push(format!("{text} AS {name}"));
        cols.push(Col { name, ty, generated: false, not_null: false, filled: false });
    }
    let list = list.join(", ");
    let sql = match form {
        3 | 4 => format!("SELECT {list} FROM {} a WHERE {}", from.sql, condition(world, &all, dice, "a.", false)?),
        5 => format!("SELECT {list} FROM {} a CROSS JOIN {} b", from.sql, other.sql),
        6 => format!(
            "SELECT {list} FROM {} a LEFT JOIN {} b ON {}",
            from.sql,
            other.sql,
            condition(world, &other.cols, dice, "b.", false)?
        ),
        7 => format!("SELECT {list} FROM {} a UNION ALL SELECT {list} FROM {} a", from.sql, from.sql),
        8 => format!(
            "WITH w AS (SELECT * FROM {}) SELECT {list} FROM w a WHERE EXISTS (SELECT 1 FROM {})",
            from.sql, other.sql
        ),
        9 if all.iter().all(|col| col.ty.is_ordered()) => {
            let col = all.first()?;
            cols = vec![col.clone()];
            format!("SELECT a.{} FROM {} a GROUP BY a.{}", col.name, from.sql, col.name)
        }
        10 => {
            cols = all;
            format!("SELECT * FROM {}", from.sql)
        }
        _ => format!("SELECT {list} FROM {} a", from.sql),
    };
    Some((sql, cols, from.readable && other.readable))
}

pub fn view(world: &mut World, gene: &Gene) -> Made {
    let mut dice = gene.dice();
    let (schema, name) = world.name("v", gene.slot, &mut dice)?;
    let (query, cols, readable) = query(world, &mut dice)?;
    let options = dice.among(&["", "", "", "", " WITH (security_barrier)", " WITH (security_invoker = true)"]);
    add(world, Rel { readable, ..rel(schema, name.clone(), Form::View, cols) });
    Some(vec![format!("CREATE VIEW {name}{options} AS {query}")])
}

pub fn materialized_view(world: &mut World, gene: &Gene) -> Made {
    let mut dice = gene.dice();
    let (schema, name) = world.name("m", gene.slot, &mut dice)?;
    let (query, cols, readable) = query(world, &mut dice)?;
    let readable = readable && !dice.one_in(3);
    let end = if readable { "" } else { " WITH NO DATA" };
    add(world, Rel { readable, ..rel(schema, name.clone(), Form::MatView, cols) });
    Some(vec![format!("CREATE MATERIALIZED VIEW {name} AS {query}{end}")])
}

pub fn statistics(world: &mut World, gene: &Gene) -> Made {
    let mut dice = gene.dice();
    let table = world.rel(&mut dice, |rel| rel.form == Form::Table && rel.cols.len() > 1)?.clone();
    let (_, name) = world.name("st", gene.slot, &mut dice)?;
    let ordered: Vec<_> = table.cols.iter().filter(|col| col.ty.is_ordered() && !col.generated).collect();
    let number = dice.byte();
    let first = pick(ordered.iter(), number, |col| &col.name)?;
    let second = pick(ordered.iter().filter(|col| col.name != first.name), number, |col| &col.name)?;
    let kinds = dice.among(&["", "(ndistinct) ", "(mcv, dependencies) "]);
    world.thing(format!("STATISTICS {name}"), true);
    let expression = match dice.one_in(3) && first.ty.is_int() {
        true => format!("({} * 2)", first.name),
        false => first.name.clone(),
    };
    Some(vec![format!("CREATE STATISTICS {name} {kinds}ON {expression}, {} FROM {}", second.name, table.sql)])
}

pub fn policy(world: &mut World, gene: &Gene) -> Made {
    let mut dice = gene.dice();
    let suits = |rel: &Rel| matches!(rel.form, Form::Table | Form::Partitioned(_)) && !rel.cols.is_empty();
    let table = world.rel(&mut dice, suits)?.clone();
    let name = ident("po", gene.slot);
    if world.is_taken(format!("POLICY {name} ON {}", table.sql)) {
        return None;
    }
    world.thing(format!("POLICY {name} ON {}", table.sql), false);
    let test = condition(world, &table.cols, &mut dice, "", false)?;
    let command = dice.among(&["ALL", "SELECT", "UPDATE", "INSERT"]);
    let other = world.rel(&mut dice, |rel| !rel.cols.is_empty())?;
    let test = if dice.one_in(3) { format!("EXISTS (SELECT 1 FROM {} o)", other.sql) } else { test };
    let role = dice.among(&["PUBLIC", "aludel_law_a", "CURRENT_USER"]);
    let clause = if command == "INSERT" { "WITH CHECK" } else { "USING" };
    let mut out = vec![format!("CREATE POLICY {name} ON {} FOR {command} TO {role} {clause} ({test})", table.sql)];
    if dice.one_in(2) {
        out.push(format!("ALTER TABLE {} ENABLE ROW LEVEL SECURITY", table.sql));
    }
    Some(out)
}

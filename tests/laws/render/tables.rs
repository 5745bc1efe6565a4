//! Tables and what belongs to them.

use super::super::gene::Gene;
use super::super::world::{Class, Col, Form, Fun, Rel, Ret, Ty, World, condition, ident, pick, plain};
use super::Made;

fn col(name: &str, ty: Ty) -> Col {
    Col { name: name.into(), ty, generated: false, not_null: false, filled: false }
}

pub fn rel(schema: String, sql: String, form: Form, cols: Vec<Col>) -> Rel {
    Rel {
        sql,
        schema,
        form,
        cols,
        keys: Vec::new(),
        parent: None,
        is_partition: false,
        typed: false,
        unlogged: false,
        readable: true,
        bounds: Default::default(),
        names: Default::default(),
        has_pk: false,
    }
}

const PRIVILEGES: &[&str] = &["SELECT", "INSERT", "UPDATE", "TRUNCATE", "ALL"];

pub fn add(world: &mut World, rel: Rel) {
    world.granted(format!("{} {}", rel.word(), rel.sql), format!("TABLE {}", rel.sql), PRIVILEGES);
    for col in &rel.cols {
        world.thing(format!("COLUMN {}.{}", rel.sql, col.name), false);
    }
    world.rels.push(rel);
}

fn list(cols: &[Col]) -> String {
    let list: Vec<_> = cols.iter().map(|col| format!("{} {}", col.name, col.ty.sql)).collect();
    list.join(", ")
}

pub fn table(world: &mut World, gene: &Gene) -> Made {
    let mut dice = gene.dice();
    let (schema, name) = world.name("t", gene.slot, &mut dice)?;
    let form = dice.below(16);
    let key = plain([0, 3, 1, 7, 5, 0][dice.below(6)]);
    let mut cols = vec![col("id", key), col("v", world.ty(&mut dice))];
    if form == 6 {
        cols.reverse();
    }
    let made = match form {
        8..=10 => {
            let strategy = dice.among(&["RANGE", "LIST", "HASH"]);
            let sql = format!("CREATE TABLE {name} ({}) PARTITION BY {strategy} (id)", list(&cols));
            let rel = rel(schema, name, Form::Partitioned(strategy), cols);
            add(world, rel);
            sql
        }
        11 | 12 => {
            let parent =
                world.rel(&mut dice, |rel| rel.form == Form::Table && !rel.is_partition && !rel.typed)?.clone();
            let own = match dice.one_in(2) {
                true => vec![col("own", cols[1].ty.clone())],
                false => Vec::new(),
            };
            let sql = format!("CREATE TABLE {name} ({}) INHERITS ({})", list(&own), parent.sql);
            let cols = parent.cols.iter().cloned().chain(own).collect();
            add(world, Rel { parent: Some(parent.sql), names: parent.names, ..rel(schema, name, Form::Table, cols) });
            sql
        }
        13 => {
            let number = dice.byte();
            let row = |ty: &Ty| world.rels.iter().any(|rel| rel.sql == ty.sql);
            let types = world.types.iter().filter(|ty| matches!(ty.class, Class::Composite(_)) && !row(ty));
            let of = pick(types, number, |ty| &ty.sql)?.clone();
            let Class::Composite(_) = &of.class else { return None };
            add(world, Rel { typed: true, ..rel(schema, name.clone(), Form::Table, Vec::new()) });
            format!("CREATE TABLE {name} OF {}", of.sql)
        }
        14 => {
            let number = dice.byte();
            let server = pick(world.servers.iter(), number, |name| name)?.clone();
            let sql = format!("CREATE FOREIGN TABLE {name} ({}) SERVER {server}", list(&cols));
            add(world, Rel { readable: false, ..rel(schema, name, Form::Foreign, cols) });
            sql
        }
        _ => {
            let word = if form == 15 { "UNLOGGED TABLE" } else { "TABLE" };
            let own = world.access_methods.iter().filter(|(what, _)| *what == "TABLE").map(|(_, name)| name);
            let using = match pick(own, gene.slot, |name| name) {
                Some(method) if dice.one_in(2) => format!(" USING {method}"),
                _ => String::new(),
            };
            let sql = format!("CREATE {word} {name} ({}){using}", list(&cols));
            if form < 7 {
                let class = Class::Composite(cols.iter().map(|col| col.ty.clone()).collect());
                // Its row type, as long as nobody adds columns: those that use it come later.
                if form == 5 {
                    world.types.push(Ty { sql: name.clone(), class });
                }
            }
            add(world, Rel { unlogged: form == 15, ..rel(schema, name, Form::Table, cols) });
            sql
        }
    };
    Some(vec![made])
}

pub fn column(world: &mut World, gene: &Gene) -> Made {
    let mut dice = gene.dice();
    let is_row_type = |rel: &Rel| world.types.iter().any(|ty| ty.sql == rel.sql);
    let table = world.rel(&mut dice, |rel| {
        rel.is_table() && !rel.is_partition && !rel.typed && rel.parent.is_none() && !is_row_type(rel)
    })?;
    let (table, foreign) = (table.clone(), table.form == Form::Foreign);
    let name = ident("c", gene.slot);
    let family = world.family(&table.sql);
    if family.iter().any(|of| world.rels.iter().any(|rel| rel.sql == *of && rel.cols.iter().any(|c| c.name == name))) {
        return None;
    }
    let mut new = col(&name, world.ty(&mut dice));
    let form = dice.below(16);
    let mut after = Vec::new();
    let mut sql = format!("ALTER TABLE {} ADD COLUMN {name} ", table.sql);
    match form {
        8 | 9 => {
            new.ty = plain([0, 3, 11][dice.below(3)]);
            let always = dice.among(&["BY DEFAULT", "ALWAYS"]);
            let options =
                dice.among(&["", " (START WITH 5)", " (INCREMENT BY 2 CACHE 3)", " (SEQUENCE NAME public.odd)"]);
            let kin = table.form != Form::Table || family.len() > 1;
            if kin || options.contains("odd") && world.is_taken(format!("{}.odd", table.schema)) {
                sql += &new.ty.sql;
            } else {
                new.not_null = true;
                new.filled = true;
                let options =
                    if options.contains("odd") { options.replace("public", &table.schema) } else { options.into() };
                sql += &format!("{} GENERATED {always} AS IDENTITY{options}", new.ty.sql);
            }
        }
        10..=12 if !foreign => {
            let plain: Vec<Col> = table.cols.iter().filter(|col| !col.generated).cloned().collect();
            let number = dice.byte();
            let from = pick(plain.iter(), number, |col| &col.name)?.clone();
            let suits = |fun: &Fun| fun.immutable && fun.args == [from.ty.clone()] && matches!(fun.ret, Ret::One(_));
            let expression = match world.fun(&mut dice, suits) {
                Some(Fun { sql, ret: Ret::One(ret), .. }) => {
                    new.ty = ret.clone();
                    format!("{sql}({})", from.name)
                }
                _ if from.ty.is_int() => {
                    new.ty = super::super::world::plain(3);
                    format!("({} + {})", from.name, 1 + number % 3)
                }
                _ => {
                    new.ty = from.ty.clone();
                    format!(
                        "COALESCE({}, {})",
                        from.name,
                        if from.ty.sql == "citext" { "NULL".into() } else { from.ty.literal(number) }
                    )
                }
            };
            new.generated = true;
            sql += &format!("{} GENERATED ALWAYS AS ({expression}) STORED", new.ty.sql);
        }
        13 if new.ty.is_text() && !world.collations.is_empty() => {
            let number = dice.byte();
            let collation = pick(world.collations.iter(), number, |name| name)?;
            sql += &format!("{} COLLATE {collation}", new.ty.sql);
        }
        14 => {
            sql += &format!("{} NOT NULL", new.ty.sql);
            new.not_null = true;
        }
        15 => {
            sql += &new.ty.sql;
            after.push(format!("ALTER TABLE {} DROP COLUMN {name}", table.sql));
        }
        6 | 7 => {
            sql += &format!("{} DEFAULT {} NOT NULL", new.ty.sql, new.ty.literal(dice.byte()));
            new.not_null = true;
            new.filled = true;
        }
        _ => sql += &new.ty.sql,
    }
    if after.is_empty() {
        for of in family {
            world.rel_mut(&of).cols.push(new.clone());
            world.thing(format!("COLUMN {of}.{name}"), false);
        }
    }
    Some([vec![sql], after].concat())
}

/// A value of a table's first key.
fn point(key: &Ty, n: usize) -> String {
    match key.sql.as_str() {
        "text" => format!("'{n}'"),
        "uuid" => format!("'00000000-0000-0000-0000-00000000000{n}'"),
        "date" => format!("'2020-01-0{}'", n + 1),
        "integer" | "bigint" => n.to_string(),
        _ => key.literal(n as u8),
    }
}

/// Statements that put rows into every table; the server need not take them all.
pub fn rows(world: &World) -> Vec<String> {
    let mut rows = Vec::new();
    let tables = || world.rels.iter().filter(|rel| rel.form == Form::Table);
    for n in 0..4 {
        for table in tables() {
            let cols: Vec<_> = table.cols.iter().filter(|col| !col.generated).collect();
            let names: Vec<_> = cols.iter().map(|col| col.name.as_str()).collect();
            let value = |col: &&Col| if col.name == "id" { point(&col.ty, n) } else { col.ty.literal(n as u8) };
            let values: Vec<_> = cols.iter().map(value).collect();
            let (names, values) = (names.join(", "), values.join(", "));
            rows.push(match cols.len() {
                0 => format!("INSERT INTO {} DEFAULT VALUES", table.sql),
                _ => format!("INSERT INTO {} ({names}) OVERRIDING SYSTEM VALUE VALUES ({values})", table.sql),
            });
        }
    }
    rows
}

pub fn partition(world: &mut World, gene: &Gene) -> Made {
    let mut dice = gene.dice();
    let parent = world.rel(&mut dice, |rel| matches!(rel.form, Form::Partitioned(_)))?.clone();
    let (schema, name) = world.name("p", gene.slot, &mut dice)?;
    let Form::Partitioned(strategy) = parent.form else { return None };
    let number = dice.below(4);
    let key = parent.cols.iter().find(|col| col.name == "id")?.ty.clone();
    let point = |n: usize| point(&key, n);
    let is_default = strategy != "HASH" && dice.one_in(6);
    let bound = match strategy {
        _ if is_default => "DEFAULT".to_owned(),
        "RANGE" => format!("FOR VALUES FROM ({}) TO ({})", point(number), point(number + 1)),
        "LIST" => format!("FOR VALUES IN ({})", point(number)),
        _ => format!("FOR VALUES WITH (MODULUS 4, REMAINDER {number})"),
    };
    if !world.rel_mut(&parent.sql).bounds.insert(bound.clone()) {
        return None;
    }
    let way = dice.below(8);
    let form = if way == 7 { Form::Partitioned("HASH") } else { Form::Table };
    let child = Rel {
        parent: Some(parent.sql.clone()),
        is_partition: true,
        names: parent.names.clone(),
        has_pk: parent.has_pk,
        bounds: parent
            .bounds
            .iter()
            .filter(|bound| !bound.starts_with("FOR") && *bound != "DEFAULT")
            .cloned()
            .collect(),
        ..rel(schema, name.clone(), form, parent.cols.clone())
    };
    add(world, child);
    Some(match way {
        6 if parent.names.is_empty() && parent.cols.iter().all(|col| !col.generated) => {
            let mut cols = parent.cols.clone();
            cols.reverse();
            let not_null =
                |col: &Col| format!("{} {}{}", col.name, col.ty.sql, if col.not_null { " NOT NULL" } else { "" });
            let cols: Vec<_> = cols.iter().map(not_null).collect();
            vec![
                format!("CREATE TABLE {name} ({})", cols.join(", ")),
                format!("ALTER TABLE {} ATTACH PARTITION {name} {bound}", parent.sql),
            ]
        }
        7 => vec![format!("CREATE TABLE {name} PARTITION OF {} {bound} PARTITION BY HASH (id)", parent.sql)],
        _ => vec![format!("CREATE TABLE {name} PARTITION OF {} {bound}", parent.sql)],
    })
}

pub fn default(world: &mut World, gene: &Gene) -> Made {
    let mut dice = gene.dice();
    let table = world.rel(&mut dice, |rel| rel.is_table() || rel.form == Form::View)?.clone();
    let number = dice.byte();
    let free = table.cols.iter().filter(|col| !col.generated && !col.filled);
    let col = pick(free, number, |col| &col.name)?.clone();
    let suits = |fun: &Fun| fun.args.is_empty() && fun.ret == Ret::One(col.ty.clone());
    let form = dice.below(4);
    let sequence = pick(world.sequences.iter(), number, |name| name);
    let value = match (form, world.fun(&mut dice, suits), sequence) {
        (1 | 2, Some(fun), _) => format!("{}()", fun.sql),
        (2 | 3, _, Some(name)) if col.ty.is_int() => format!("nextval('{name}'::regclass)"),
        _ => col.ty.literal(dice.byte()),
    };
    let only = if dice.one_in(6) && table.is_table() { "ONLY " } else { "" };
    let word = if table.form == Form::View { "VIEW" } else { "TABLE" };
    Some(vec![format!("ALTER {word} {only}{} ALTER COLUMN {} SET DEFAULT {value}", table.sql, col.name)])
}

pub fn constraint(world: &mut World, gene: &Gene) -> Made {
    let mut dice = gene.dice();
    let table = world.rel(&mut dice, |rel| rel.is_table() && !rel.cols.is_empty())?.clone();
    let name = ident("k", gene.slot);
    let number = dice.byte();
    let form = dice.below(12);
    let family = world.family(&table.sql);
    if family.iter().any(|of| world.rel_mut(of).names.contains(&name)) {
        return None;
    }
    let (plain, partitioned) = (table.form == Form::Table, matches!(table.form, Form::Partitioned(_)));
    let ordered: Vec<Col> = table.cols.iter().filter(|col| col.ty.is_ordered()).cloned().collect();
    let mut key = vec!["id".to_owned()];
    let second = pick(ordered.iter(), number, |col| &col.name).map(|col| col.name.clone());
    key.retain(|name| ordered.iter().any(|col| col.name == *name));
    let more = dice.below(3);
    if let Some(second) = second
        && (more == 1 || key.is_empty())
        && !key.contains(&second)
    {
        key.push(second);
    }
    let definition = match form {
        0..=3 => {
            let test = condition(world, &table.cols, &mut dice, "", false)?;
            let end = if dice.one_in(5) { " NOT VALID" } else { "" };
            let no_inherit = if plain && dice.one_in(6) && family.len() == 1 { " NO INHERIT" } else { "" };
            format!("CHECK ({test}){no_inherit}{end}")
        }
        4 | 5 if plain || partitioned => {
            if key.is_empty() || world.is_taken(format!("{}.{name}", table.schema)) {
                return None;
            }
            world.rel_mut(&table.sql).keys.push(key.clone());
            let end = dice.among(&["", " DEFERRABLE", " DEFERRABLE INITIALLY DEFERRED"]);
            if !end.is_empty() {
                world.rel_mut(&table.sql).keys.pop();
            }
            if !world.alone(&family, &key.join(", ")) {
                return None;
            }
            let nulls = if dice.one_in(5) { "NULLS NOT DISTINCT " } else { "" };
            let include = if dice.one_in(5) { format!(" INCLUDE ({})", table.cols[0].name) } else { String::new() };
            format!("UNIQUE {nulls}({}){include}{end}", key.join(", "))
        }
        6 | 7 if plain || partitioned => {
            if !world.alone(&family, &key.join(", ")) {
                return None;
            }
            let has_one = family.iter().any(|of| world.rel_mut(of).has_pk);
            let up = table.is_partition
                && world.rels.iter().any(|rel| Some(&rel.sql) == table.parent.as_ref() && rel.has_pk);
            if has_one || up || key.is_empty() || world.is_taken(format!("{}.{name}", table.schema)) {
                return None;
            }
            for of in &family {
                world.rel_mut(of).has_pk = true;
                for col in world.rel_mut(of).cols.iter_mut().filter(|col| key.contains(&col.name)) {
                    col.not_null = true;
                }
            }
            world.rel_mut(&table.sql).keys.push(key.clone());
            format!("PRIMARY KEY ({})", key.join(", "))
        }
        8..=10 if plain || partitioned => {
            let suits = |from: &Col, to: &Rel, key: &[String]| {
                key.len() == 1 && to.cols.iter().any(|col| col.name == key[0] && col.ty == from.ty)
            };
            let mut pairs = Vec::new();
            for to in world.rels.iter().filter(|rel| !rel.is_partition) {
                for key in &to.keys {
                    let from = table.cols.iter().filter(|col| !col.generated && suits(col, to, key));
                    pairs.extend(from.map(|from| (format!("{} {} {}", from.name, to.sql, key[0]), from, to, key)));
                }
            }
            let (_, from, to, key) = pick(pairs.into_iter(), number, |(name, ..)| name)?;
            let action =
                dice.among(&["", " ON DELETE CASCADE", " ON DELETE SET NULL", " ON UPDATE CASCADE DEFERRABLE"]);
            let both = partitioned || matches!(to.form, Form::Partitioned(_)) || table.is_partition;
            let end = if dice.one_in(5) && !both { " NOT VALID" } else { "" };
            format!("FOREIGN KEY ({}) REFERENCES {} ({}){action}{end}", from.name, to.sql, key[0])
        }
        _ if plain => {
            let range = |col: &&Col| col.ty.sql == "int4range" || matches!(col.ty.class, Class::Range(_));
            let ranged = table.cols.iter().find(range);
            if world.is_taken(format!("{}.{name}", table.schema)) {
                return None;
            }
            match ranged {
                Some(col) => format!("EXCLUDE USING gist ({} WITH &&)", col.name),
                None => format!("EXCLUDE USING btree ({} WITH =) WHERE ({} IS NOT NULL)", key.first()?, key.first()?),
            }
        }
        _ => return None,
    };
    for of in &family {
        world.rel_mut(of).names.insert(name.clone());
    }
    world.thing(format!("CONSTRAINT {name} ON {}", table.sql), false);
    Some(vec![format!("ALTER TABLE {} ADD CONSTRAINT {name} {definition}", table.sql)])
}

pub fn setting(world: &mut World, gene: &Gene) -> Made {
    let mut dice = gene.dice();
    let table = world.rel(&mut dice, |rel| rel.form == Form::Table && !rel.cols.is_empty())?;
    let number = dice.byte();
    let col = pick(table.cols.iter(), number, |col| &col.name)?;
    let alter = format!("ALTER TABLE {}", table.sql);
    Some(vec![match dice.below(8) {
        0 => format!("{alter} SET (fillfactor = {})", 50 + number % 3),
        1 => format!("{alter} SET (autovacuum_enabled = off)"),
        2 => format!("{alter} ALTER COLUMN {} SET STATISTICS {}", col.name, 10 + number % 3),
        3 if col.ty.is_text() => {
            format!("{alter} ALTER COLUMN {} SET STORAGE {}", col.name, dice.among(&["EXTERNAL", "MAIN"]))
        }
        4 if col.ty.is_text() => format!("{alter} ALTER COLUMN {} SET COMPRESSION pglz", col.name),
        5 => format!("{alter} REPLICA IDENTITY {}", dice.among(&["FULL", "NOTHING"])),
        6 => format!("{alter} ALTER COLUMN {} SET (n_distinct = {})", col.name, 5 + number % 2),
        _ => format!("{alter} FORCE ROW LEVEL SECURITY"),
    }])
}

//! Kinds that few schemas have.

use super::super::gene::{Dice, Gene};
use super::super::world::{Class, Col, Form, Rel, World, ident, pick, plain};
use super::Made;
use super::types::made;

pub fn language(world: &mut World, gene: &Gene) -> Made {
    let mut dice = gene.dice();
    let name = ident("la", gene.slot);
    if world.is_taken(format!("LANGUAGE {name}")) {
        return None;
    }
    let trusted = dice.among(&["TRUSTED ", "TRUSTED ", "TRUSTED ", ""]);
    let more = dice.among(&["", " INLINE plpgsql_inline_handler", " VALIDATOR plpgsql_validator"]);
    match trusted {
        "" => world.thing(format!("LANGUAGE {name}"), true),
        _ => world.granted(format!("LANGUAGE {name}"), format!("LANGUAGE {name}"), &["USAGE"]),
    }
    world.languages.push(name.clone());
    Some(vec![format!("CREATE {trusted}LANGUAGE {name} HANDLER plpgsql_call_handler{more}")])
}

/// A base type whose values are texts or numbers, or one that is only announced.
pub fn base_type(world: &mut World, gene: &Gene) -> Made {
    let mut dice = gene.dice();
    let (_, name) = world.name("b", gene.slot, &mut dice)?;
    let form = dice.below(4);
    let shell = format!("CREATE TYPE {name}");
    if form == 3 {
        world.thing(format!("TYPE {name}"), true);
        return Some(vec![shell]);
    }
    let (like, literal) = [("text", "'a'"), ("int4", "'1'"), ("text", "'a'")][form];
    let plain_name = name.replace('"', "").replace(' ', "_").replacen("S_2.", "\"S 2\".", 1);
    let [input, output] = ["in", "out"].map(|way| format!("{plain_name}_{way}"));
    let rest = "LANGUAGE internal IMMUTABLE STRICT";
    let options = match like {
        "text" => {
            dice.among(&["", ", CATEGORY = 'S'", ", COLLATABLE = true", ", STORAGE = external", ", DELIMITER = '|'"])
        }
        _ => dice.among(&["", ", CATEGORY = 'N', PREFERRED = true", ", DEFAULT = '7'"]),
    };
    made(world, "TYPE", name.clone(), Class::Unordered(literal));
    Some(vec![
        shell,
        format!("CREATE FUNCTION {input}(cstring) RETURNS {name} {rest} AS '{like}in'"),
        format!("CREATE FUNCTION {output}({name}) RETURNS cstring {rest} AS '{like}out'"),
        format!("CREATE TYPE {name} (INPUT = {input}, OUTPUT = {output}, LIKE = {like}{options})"),
    ])
}

pub fn access_method(world: &mut World, gene: &Gene) -> Made {
    let name = ident("am", gene.slot);
    if world.is_taken(format!("ACCESS METHOD {name}")) {
        return None;
    }
    let (what, handler) = match gene.dice().below(3) {
        2 => ("INDEX", "bthandler"),
        _ => ("TABLE", "heap_tableam_handler"),
    };
    world.access_methods.push((what, name.clone()));
    world.thing(format!("ACCESS METHOD {name}"), false);
    Some(vec![format!("CREATE ACCESS METHOD {name} TYPE {what} HANDLER {handler}")])
}

pub fn conversion(world: &mut World, gene: &Gene) -> Made {
    let mut dice = gene.dice();
    let (_, name) = world.name("cv", gene.slot, &mut dice)?;
    let default = dice.among(&["", "DEFAULT "]);
    let how = dice.among(&[
        "'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8",
        "'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1",
        "'KOI8R' TO 'UTF8' FROM koi8r_to_utf8",
    ]);
    world.thing(format!("CONVERSION {name}"), true);
    Some(vec![format!("CREATE {default}CONVERSION {name} FOR {how}")])
}

/// A parser or a template for texts.
pub fn search_part(world: &mut World, gene: &Gene) -> Made {
    let mut dice = gene.dice();
    let (_, name) = world.name("tp", gene.slot, &mut dice)?;
    if dice.one_in(2) {
        let init = dice.among(&["INIT = dsimple_init, LEXIZE = dsimple_lexize", "LEXIZE = dsimple_lexize"]);
        world.templates.push(name.clone());
        world.thing(format!("TEXT SEARCH TEMPLATE {name}"), false);
        return Some(vec![format!("CREATE TEXT SEARCH TEMPLATE {name} ({init})")]);
    }
    let headline = dice.among(&["", ", HEADLINE = prsd_headline"]);
    let parts = "START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype";
    world.parsers.push(name.clone());
    world.thing(format!("TEXT SEARCH PARSER {name}"), false);
    Some(vec![format!("CREATE TEXT SEARCH PARSER {name} ({parts}{headline})")])
}

pub fn wrapper(world: &mut World, gene: &Gene) -> Made {
    let mut dice = gene.dice();
    let name = ident("w", gene.slot / 3);
    if world.is_taken(format!("WRAPPER {name}")) {
        return None;
    }
    let validator = dice.among(&["", " VALIDATOR postgresql_fdw_validator", " NO VALIDATOR"]);
    let options = match validator.ends_with("validator") {
        true => "",
        false => dice.among(&["", " OPTIONS (host 'a')", " OPTIONS (host 'b', dbname 'c')"]),
    };
    let on = format!("FOREIGN DATA WRAPPER {name}");
    world.granted(on.clone(), on.clone(), &["USAGE"]);
    Some(vec![format!("CREATE {on}{validator}{options}")])
}

pub fn user_mapping(world: &mut World, gene: &Gene) -> Made {
    let mut dice = gene.dice();
    let server = pick(world.servers.iter(), dice.byte(), |name| name)?;
    let role = dice.among(&["PUBLIC", "aludel_law_b"]);
    let options = dice.among(&["", " OPTIONS (user 'a')", " OPTIONS (user 'b', dbname 'c')"]);
    Some(vec![format!("CREATE USER MAPPING FOR {role} SERVER {server}{options}")])
}

pub fn transform(world: &mut World, gene: &Gene) -> Made {
    let mut dice = gene.dice();
    let own = world.types.iter().filter(|ty| !matches!(ty.class, Class::Domain(_)));
    let ty = pick(own, dice.byte(), |ty| &ty.sql).map_or("integer".to_owned(), |ty| ty.sql.clone());
    let number = dice.byte();
    let language = match pick(world.languages.iter(), number, |name| name) {
        Some(language) if number >= 64 => language.clone(),
        _ => "plpgsql".to_owned(),
    };
    let name = format!("TRANSFORM FOR {ty} LANGUAGE {language}");
    if world.is_taken(name.clone()) {
        return None;
    }
    world.thing(name.clone(), false);
    Some(vec![format!("CREATE {name} (FROM SQL WITH FUNCTION prsd_lextype(internal))")])
}

/// A class of operators for whole numbers, in a family of its own or one that others are in.
pub fn operator_class(world: &mut World, gene: &Gene) -> Made {
    let mut dice = gene.dice();
    let (_, name) = world.name("oc", gene.slot, &mut dice)?;
    let number = dice.byte();
    let own = world.access_methods.iter().filter(|(what, _)| *what == "INDEX").map(|(_, name)| name);
    let method = match pick(own, number, |name| name) {
        Some(method) if number.is_multiple_of(2) => method.clone(),
        _ => dice.among(&["btree", "btree", "hash"]).to_owned(),
    };
    let mut out = Vec::new();
    let family = match dice.below(3) {
        0 => String::new(),
        form => {
            let family = format!("public.of_{}", method.replace('"', "").replace(' ', "_"));
            if !world.is_taken(format!("OPERATOR FAMILY {family}")) {
                world.thing(format!("OPERATOR FAMILY {family} USING {method}"), true);
                out.push(format!("CREATE OPERATOR FAMILY {family} USING {method}"));
                if form == 2 && method != "hash" {
                    out.push(format!(
                        "ALTER OPERATOR FAMILY {family} USING {method} ADD OPERATOR 1 <(integer, bigint), \
                         FUNCTION 1 (integer, bigint) btint48cmp(integer, bigint)"
                    ));
                }
            }
            format!(" FAMILY {family}")
        }
    };
    let ordered = [
        "OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(integer, integer)",
        "OPERATOR 1 >, OPERATOR 3 =, OPERATOR 5 <, FUNCTION 1 btint4cmp(integer, integer)",
    ];
    let members = match method.as_str() {
        "hash" => "OPERATOR 1 =, FUNCTION 1 hashint4(integer)",
        _ => dice.among(&ordered),
    };
    let default = if !["btree", "hash"].contains(&method.as_str()) && dice.one_in(2) { "DEFAULT " } else { "" };
    out.push(format!("CREATE OPERATOR CLASS {name} {default}FOR TYPE integer USING {method}{family} AS {members}"));
    world.operator_classes.push((method.clone(), name.clone()));
    world.thing(format!("OPERATOR CLASS {name} USING {method}"), true);
    Some(out)
}

/// An index by a class that somebody made.
pub fn own_index(world: &mut World, gene: &Gene) -> Made {
    let mut dice = gene.dice();
    let is_int = |col: &&Col| col.ty.sql == "integer";
    let table = world.rel(&mut dice, |rel| rel.form == Form::Table && rel.cols.iter().any(|col| is_int(&col)))?.clone();
    let (method, class) = pick(world.operator_classes.iter(), dice.byte(), |(_, name)| name)?.clone();
    let (name, col) = (ident("oi", gene.slot), table.cols.iter().find(is_int)?);
    let full = format!("{}.{name}", table.schema);
    if world.is_taken(full.clone()) || !world.alone(&world.family(&table.sql), &class) {
        return None;
    }
    world.thing(format!("INDEX {full}"), false);
    let sql = format!("CREATE INDEX {name} ON {} USING {method} ({} {class})", table.sql, col.name);
    Some(vec![sql])
}

/// Aggregates with all that they can have.
pub fn large_aggregate(world: &mut World, gene: &Gene) -> Made {
    let mut dice = gene.dice();
    let (_, name) = world.name("al", gene.slot, &mut dice)?;
    let moving = "MSFUNC = int4pl, MINVFUNC = int4mi, MSTYPE = integer, MINITCOND = '0'";
    let (arguments, definition) = match dice.below(4) {
        0 => ("integer".to_owned(), format!("SFUNC = int4pl, STYPE = integer, {moving}")),
        1 => {
            let more = dice.among(&["", ", PARALLEL = safe", ", SORTOP = OPERATOR(pg_catalog.<)"]);
            ("integer".to_owned(), format!("SFUNC = int4larger, STYPE = integer, COMBINEFUNC = int4larger{more}"))
        }
        2 => {
            let modify = dice.among(&["", ", FINALFUNC_MODIFY = read_write"]);
            let last = "SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA";
            ("double precision ORDER BY anyelement".to_owned(), format!("{last}{modify}"))
        }
        _ => (
            "VARIADIC \"any\" ORDER BY VARIADIC \"any\"".to_owned(),
            "SFUNC = ordered_set_transition_multi, STYPE = internal, FINALFUNC = rank_final, FINALFUNC_EXTRA, HYPOTHETICAL"
                .to_owned(),
        ),
    };
    world.thing(format!("AGGREGATE {name}({arguments})"), true);
    Some(vec![format!("CREATE AGGREGATE {name}({arguments}) ({definition})")])
}

/// What the server has since version 18.
pub fn modern(world: &mut World, gene: &Gene) -> Made {
    if world.version < 180_000 {
        return None;
    }
    let mut dice = gene.dice();
    let (number, form) = (dice.byte(), dice.below(6));
    let may_be_part = ![0, 1, 4].contains(&form);
    let suits =
        |rel: &Rel| rel.form == Form::Table && !rel.typed && !rel.cols.is_empty() && (may_be_part || !rel.is_partition);
    let table = world.rel(&mut dice, suits)?.clone();
    let col = pick(table.cols.iter(), number, |col| &col.name)?.clone();
    let alter = format!("ALTER TABLE {}", table.sql);
    let family = world.family(&table.sql);
    let name = ident("m", gene.slot);
    if family.iter().any(|of| world.rel_mut(of).names.contains(&name)) {
        return None;
    }
    for of in &family {
        world.rel_mut(of).names.insert(name.clone());
    }
    Some(vec![match form {
        0 | 1 => virtual_column(world, &table.sql, &family, &name, &mut dice)?,
        2 => {
            let end = dice.among(&["", " NOT VALID", ""]);
            format!("{alter} ADD CONSTRAINT {name} NOT NULL {}{end}", col.name)
        }
        3 => format!("{alter} ADD CONSTRAINT {name} CHECK ({} IS NOT NULL) NOT ENFORCED", col.name),
        4 if !world.is_taken(format!("{}.{name}", table.schema)) => {
            let [room, period] =
                [name.clone(), ident("mp", gene.slot)].map(|name| new_column(world, &family, &name, 10));
            let key = format!("CONSTRAINT {name} UNIQUE ({room}, {period} WITHOUT OVERLAPS)");
            format!("{alter} ADD COLUMN {room} int4range, ADD COLUMN {period} int4range, ADD {key}")
        }
        _ => {
            let to = world.rels.iter().find(|rel| !rel.keys.is_empty() && rel.keys[0] == ["id"])?;
            let ty = &to.cols.iter().find(|col| col.name == "id")?.ty;
            let from = table.cols.iter().find(|col| col.ty == *ty && !col.generated)?;
            format!("{alter} ADD CONSTRAINT {name} FOREIGN KEY ({}) REFERENCES {} (id) NOT ENFORCED", from.name, to.sql)
        }
    }])
}

fn virtual_column(world: &mut World, table: &str, family: &[String], name: &str, dice: &mut Dice) -> Option<String> {
    let from = world.rel_mut(table).cols.iter().find(|col| col.ty.is_int() && !col.generated)?.name.clone();
    let name = new_column(world, family, name, 3);
    let stored = dice.among(&[" VIRTUAL", " VIRTUAL", " STORED"]);
    Some(format!("ALTER TABLE {table} ADD COLUMN {name} bigint GENERATED ALWAYS AS ({from} + 1){stored}"))
}

/// Notes a column that nobody fills.
fn new_column(world: &mut World, family: &[String], name: &str, ty: usize) -> String {
    for of in family {
        let (name, ty) = (name.to_owned(), plain(ty));
        world.rel_mut(of).cols.push(Col { name, ty, generated: true, not_null: false, filled: false });
    }
    name.to_owned()
}

pub fn subscription(world: &mut World, gene: &Gene) -> Made {
    let mut dice = gene.dice();
    let name = ident("sub", gene.slot);
    if world.is_taken(format!("SUBSCRIPTION {name}")) {
        return None;
    }
    let to = dice.among(&["one", "one, two"]);
    let options = dice.among(&["", ", binary = true", ", synchronous_commit = local", ", copy_data = false"]);
    world.thing(format!("SUBSCRIPTION {name}"), true);
    let with = format!("connect = false, slot_name = NONE{options}");
    Some(vec![format!("CREATE SUBSCRIPTION {name} CONNECTION 'host=127.0.0.1' PUBLICATION {to} WITH ({with})")])
}

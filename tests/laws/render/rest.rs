//! Sequences, foreign servers, text search, publications.

use super::super::gene::Gene;
use super::super::world::{Class, Form, Ty, World, condition, ident, pick};
use super::Made;

pub fn sequence(world: &mut World, gene: &Gene) -> Made {
    let mut dice = gene.dice();
    let (schema, name) = world.name("q", gene.slot, &mut dice)?;
    let options =
        dice.among(&["", "", " AS smallint", " INCREMENT BY 2 START WITH 5", " MAXVALUE 99 CYCLE", " CACHE 7"]);
    let owner = world.rel(&mut dice, |rel| rel.form == Form::Table && rel.schema == schema && !rel.cols.is_empty());
    let number = dice.byte();
    let owned = match owner.filter(|_| number >= 128) {
        Some(rel) => format!(" OWNED BY {}.{}", rel.sql, pick(rel.cols.iter(), number, |col| &col.name)?.name),
        None => String::new(),
    };
    if owned.is_empty() {
        world.granted(format!("SEQUENCE {name}"), format!("SEQUENCE {name}"), &["USAGE", "SELECT"]);
    }
    world.sequences.push(name.clone());
    Some(vec![format!("CREATE SEQUENCE {name}{options}{owned}")])
}

pub fn server(world: &mut World, gene: &Gene) -> Made {
    let mut dice = gene.dice();
    let (wrapper, server) = (ident("w", gene.slot / 3), ident("srv", gene.slot));
    if world.is_taken(format!("SERVER {server}")) {
        return None;
    }
    let mut out = Vec::new();
    if !world.is_taken(format!("WRAPPER {wrapper}")) {
        out.push(format!("CREATE FOREIGN DATA WRAPPER {wrapper}"));
    }
    let options = dice.among(&["", " OPTIONS (host 'a')", " OPTIONS (host 'b', port '1')"]);
    out.push(format!("CREATE SERVER {server} FOREIGN DATA WRAPPER {wrapper}{options}"));
    if dice.one_in(3) {
        out.push(format!("CREATE USER MAPPING FOR aludel_law_a SERVER {server}"));
    }
    world.granted(format!("SERVER {server}"), format!("FOREIGN SERVER {server}"), &["USAGE"]);
    world.servers.push(server);
    Some(out)
}

pub fn search(world: &mut World, gene: &Gene) -> Made {
    let mut dice = gene.dice();
    let (_, name) = world.name("ts", gene.slot, &mut dice)?;
    let language = dice.among(&["english", "german"]);
    let dictionary = format!("{name}_d").replace("\"_d", "_d\"");
    world.thing(format!("TEXT SEARCH CONFIGURATION {name}"), true);
    let mapped = match dice.below(3) {
        0 => "pg_catalog.simple".to_owned(),
        1 => dictionary.clone(),
        _ => format!("{dictionary}, pg_catalog.simple"),
    };
    let number = dice.byte();
    let template = match pick(world.templates.iter(), number, |name| name) {
        Some(template) if number >= 64 => template.clone(),
        _ => format!("snowball, LANGUAGE = '{language}'"),
    };
    let parser = pick(world.parsers.iter(), number, |name| name).map_or("default", |name| name);
    Some(vec![
        format!("CREATE TEXT SEARCH DICTIONARY {dictionary} (TEMPLATE = {template})"),
        format!("CREATE TEXT SEARCH CONFIGURATION {name} (PARSER = {parser})"),
        format!("ALTER TEXT SEARCH CONFIGURATION {name} ADD MAPPING FOR asciiword, word WITH {mapped}"),
    ])
}

pub fn publication(world: &mut World, gene: &Gene) -> Made {
    let mut dice = gene.dice();
    let name = ident("pub", gene.slot);
    if world.is_taken(format!("PUBLICATION {name}")) {
        return None;
    }
    let table = world.rel(&mut dice, |rel| rel.form == Form::Table && !rel.unlogged && !rel.cols.is_empty())?;
    let test = condition(world, &table.cols, &mut dice, "", true)?;
    let own = |ty: &Ty| matches!(&ty.class, Class::Plain(_) | Class::Unordered(_)) && !ty.sql.contains('.');
    let simple = table.cols.iter().all(|col| own(&col.ty))
        && !test.contains("f0")
        && !test.contains('.')
        && !test.contains("::");
    let what = match dice.below(6) {
        1 => format!("FOR TABLE {} ({})", table.sql, table.cols[0].name),
        2 if simple => format!("FOR TABLE {} WHERE ({test})", table.sql),
        3 => format!("FOR TABLES IN SCHEMA {}", pick(world.schemas.iter(), dice.byte(), |name| name)?),
        4 => "FOR ALL TABLES".to_owned(),
        _ => format!("FOR TABLE {}", table.sql),
    };
    let options = dice.among(&["", " WITH (publish = 'insert')"]);
    world.thing(format!("PUBLICATION {name}"), true);
    Some(vec![format!("CREATE PUBLICATION {name} {what}{options}")])
}

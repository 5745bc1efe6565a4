//! Schemas, extensions, collations and types.

use super::super::gene::Gene;
use super::super::world::{Class, Ret, Ty, World, pick, plain};
use super::Made;

pub fn schema(world: &mut World, gene: &Gene) -> Made {
    let name = ["s1", "\"S 2\"", "s1", "s4", "s1"][usize::from(gene.slot)].to_owned();
    if world.schemas.contains(&name) {
        return None;
    }
    world.granted(format!("SCHEMA {name}"), format!("SCHEMA {name}"), &["USAGE", "CREATE"]);
    world.schemas.push(name.clone());
    Some(vec![format!("CREATE SCHEMA {name}")])
}

pub fn extension(world: &mut World, gene: &Gene) -> Made {
    let mut dice = gene.dice();
    let name = dice.among(&["citext", "hstore", "ltree"]);
    let number = dice.byte();
    let schema = pick(world.schemas.iter(), number, |name| name)?.clone();
    if world.is_taken(format!("EXTENSION {name}")) {
        return None;
    }
    let class = match name {
        "hstore" => Class::Unordered("'a=>1'"),
        "ltree" => Class::Unordered("'a.b'"),
        _ => Class::Plain(&["'a'", "'B'"]),
    };
    world.types.push(Ty { sql: format!("{schema}.{name}"), class });
    world.thing(format!("EXTENSION {name}"), false);
    Some(vec![format!("CREATE EXTENSION {name} SCHEMA {schema}")])
}

pub fn collation(world: &mut World, gene: &Gene) -> Made {
    let mut dice = gene.dice();
    let (_, name) = world.name("co", gene.slot, &mut dice)?;
    let locale = dice.among(&["C", "POSIX"]);
    world.collations.push(name.clone());
    world.thing(format!("COLLATION {name}"), true);
    Some(vec![format!("CREATE COLLATION {name} (PROVIDER = libc, LOCALE = '{locale}')")])
}

pub fn made(world: &mut World, word: &str, sql: String, class: Class) {
    world.granted(format!("{word} {sql}"), format!("{word} {sql}"), &["USAGE"]);
    world.types.push(Ty { sql, class });
}

pub fn enumeration(world: &mut World, gene: &Gene) -> Made {
    let mut dice = gene.dice();
    let (_, name) = world.name("e", gene.slot, &mut dice)?;
    const LABELS: [&str; 6] = ["a", "b", "c", "d e", "x", "y"];
    let (count, first) = (1 + dice.below(4), dice.below(3));
    let mut labels: Vec<String> = LABELS[first..].iter().take(count).map(|label| label.to_string()).collect();
    if dice.one_in(4) {
        labels.reverse();
    }
    let list: Vec<_> = labels.iter().map(|label| format!("'{label}'")).collect();
    made(world, "TYPE", name.clone(), Class::Enum(labels));
    Some(vec![format!("CREATE TYPE {name} AS ENUM ({})", list.join(", "))])
}

pub fn domain(world: &mut World, gene: &Gene) -> Made {
    let mut dice = gene.dice();
    let (_, name) = world.name("d", gene.slot, &mut dice)?;
    let base = world.ty(&mut dice);
    let mut sql = format!("CREATE DOMAIN {name} AS {}", base.sql);
    let (default, check) = (dice.below(4), dice.below(6));
    if default == 1 {
        sql += &format!(" DEFAULT {}", base.literal(dice.byte()));
    }
    if default == 2 {
        sql += " NOT NULL";
    }
    let test = |fun: &super::super::world::Fun| {
        fun.args == [base.clone()] && matches!(&fun.ret, Ret::One(ret) if ret.sql == "boolean")
    };
    match check {
        1 => sql += " CHECK ((VALUE)::text <> 'zz')",
        2 => sql += " CONSTRAINT one CHECK (VALUE IS NOT NULL) CONSTRAINT two CHECK ((VALUE)::text <> 'zz')",
        3 if base.is_comparable() => {
            sql += &format!(" CONSTRAINT one CHECK (VALUE = VALUE OR VALUE = {})", base.literal(0))
        }
        4 | 5 => {
            if let Some(fun) = world.fun(&mut dice, test) {
                sql += &format!(" CONSTRAINT f CHECK ({}(VALUE))", fun.sql);
            }
        }
        _ => {}
    }
    made(world, "DOMAIN", name, Class::Domain(Box::new(base)));
    Some(vec![sql])
}

pub fn composite(world: &mut World, gene: &Gene) -> Made {
    let mut dice = gene.dice();
    let (_, name) = world.name("c", gene.slot, &mut dice)?;
    let parts: Vec<Ty> = (0..1 + dice.below(3)).map(|_| world.ty(&mut dice)).collect();
    let names = if dice.one_in(3) { ["y", "x", "z"] } else { ["x", "y", "z"] };
    let list: Vec<_> = names.iter().zip(&parts).map(|(name, ty)| format!("{name} {}", ty.sql)).collect();
    let sql = format!("CREATE TYPE {name} AS ({})", list.join(", "));
    made(world, "TYPE", name, Class::Composite(parts));
    Some(vec![sql])
}

pub fn range(world: &mut World, gene: &Gene) -> Made {
    let mut dice = gene.dice();
    let (_, name) = world.name("r", gene.slot, &mut dice)?;
    let mut of = world.ty(&mut dice);
    if !of.is_ordered() {
        of = plain(0);
    }
    let diff = |fun: &super::super::world::Fun| {
        let double = matches!(&fun.ret, Ret::One(ret) if ret.sql == "double precision");
        fun.args == [of.clone(), of.clone()] && double && fun.immutable
    };
    let diff = world.fun(&mut dice, diff).map(|fun| format!(", SUBTYPE_DIFF = {}", fun.sql)).unwrap_or_default();
    let sql = format!("CREATE TYPE {name} AS RANGE (SUBTYPE = {}{diff})", of.sql);
    made(world, "TYPE", name, Class::Range(Box::new(of)));
    Some(vec![sql])
}

//! Functions and what calls them.

use super::super::gene::Gene;
use super::super::world::{Class, Form, Fun, Rel, Ret, Ty, World, condition, ident, pick, plain, value};
use super::Made;

pub fn function(world: &mut World, gene: &Gene) -> Made {
    let mut dice = gene.dice();
    let number = dice.byte();
    let schema = if number < 128 { "public" } else { pick(world.schemas.iter(), number, |name| name)? };
    let name = format!("{schema}.{}", ident("f", gene.slot));
    let form = dice.below(20);
    let ty = world.ty(&mut dice);
    let relation = world.rel(&mut dice, |rel| !rel.cols.is_empty()).cloned();
    let body = dice.byte();
    let attributes = dice.among(&[
        "",
        "",
        "",
        "",
        " STRICT",
        " SECURITY DEFINER",
        " PARALLEL SAFE COST 5",
        " SET search_path TO ''",
    ]);
    let boolean = plain(2);
    let mut immutable = true;
    let mut args: Vec<Ty> = Vec::new();
    let mut names = vec!["a", "b"];
    let quoted = |text: String| format!("LANGUAGE sql IMMUTABLE{attributes} AS $${text}$$");
    let stable = |text: String| format!("LANGUAGE sql STABLE{attributes} AS $${text}$$");
    let atomic = |text: String| format!("LANGUAGE sql STABLE{attributes} BEGIN ATOMIC {text}; END");
    let mut word = "FUNCTION";
    let mut default = false;
    let (ret, returns, rest) = match form {
        // A test of one value; a constant; a value to a value.
        0..=3 => {
            args = vec![ty.clone()];
            let text = ["$1 IS NOT NULL", "true", "$1 IS NULL OR true"][usize::from(body) % 3];
            (Ret::One(boolean), "boolean".into(), quoted(format!("SELECT {text}")))
        }
        4 | 5 => (Ret::One(ty.clone()), ty.sql.clone(), quoted(format!("SELECT {}", ty.literal(body)))),
        6 => {
            let from = world.ty(&mut dice);
            args = vec![from];
            if body % 4 == 3 {
                names = vec!["renamed"];
            }
            default = body % 3 == 1;
            (Ret::One(ty.clone()), ty.sql.clone(), quoted(format!("SELECT {}", ty.literal(body))))
        }
        7 => {
            args = vec![ty.clone(), ty.clone()];
            (Ret::One(ty.clone()), ty.sql.clone(), quoted(format!("SELECT ${}", 1 + body % 2)))
        }
        8 => {
            args = vec![ty.clone(), ty.clone()];
            (Ret::One(boolean), "boolean".into(), quoted("SELECT $1 IS NOT NULL AND $2 IS NOT NULL".into()))
        }
        9 | 10 => {
            immutable = false;
            let from = relation?;
            let (text, ty) = value(world, &from.cols, &mut dice, "a.")?;
            let text = format!("SELECT {text} FROM {} a LIMIT 1", from.sql);
            let rest = if body.is_multiple_of(2) { atomic(text) } else { stable(text) };
            (Ret::One(ty.clone()), ty.sql, rest)
        }
        11 => {
            immutable = false;
            let from = relation?;
            let text = format!("SELECT * FROM {}", from.sql);
            let rest = if body.is_multiple_of(2) { atomic(text) } else { stable(text) };
            (Ret::Rows, format!("SETOF {}", from.sql), rest)
        }
        12 => {
            immutable = false;
            let rest = stable(format!("SELECT 1, {}", ty.literal(body)));
            (Ret::Rows, format!("TABLE (p integer, q {})", ty.sql), rest)
        }
        13 | 14 => {
            let text = ["RETURN NEW;", "RAISE NOTICE 'x'; RETURN NEW;"][usize::from(body) % 2];
            (Ret::Trigger, "trigger".into(), format!("LANGUAGE plpgsql{attributes} AS $$ BEGIN {text} END $$"))
        }
        15 => {
            args = vec![ty.clone()];
            let test = format!("DECLARE x {}; BEGIN x := a; RETURN x IS NOT NULL; END", ty.sql);
            (Ret::One(boolean), "boolean".into(), format!("LANGUAGE plpgsql IMMUTABLE{attributes} AS $$ {test} $$"))
        }
        16 => {
            // A row of a relation.
            let from = relation?;
            args = vec![Ty { sql: from.sql.clone(), class: Class::Composite(Vec::new()) }];
            (Ret::One(plain(1)), "text".into(), quoted("SELECT 'a'::text".into()))
        }
        17 => {
            word = "PROCEDURE";
            let text = format!("LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE '{body}'; END $$");
            args = vec![ty.clone()];
            (Ret::Nothing, String::new(), text)
        }
        18 => {
            immutable = false;
            let called = world.fun(&mut dice, |fun| fun.args.is_empty() && matches!(fun.ret, Ret::One(_)))?.clone();
            let Ret::One(ret) = called.ret else { return None };
            let text = format!("SELECT {}()", called.sql);
            let rest = if body.is_multiple_of(3) { stable(text) } else { atomic(text) };
            (Ret::One(ret.clone()), ret.sql, rest)
        }
        _ if body.is_multiple_of(2) => {
            (Ret::EventTrigger, "event_trigger".into(), "LANGUAGE plpgsql AS $$ BEGIN NULL; END $$".into())
        }
        _ => {
            immutable = false;
            let from = relation?;
            let test = condition(world, &from.cols, &mut dice, "a.", false)?;
            let rest = atomic(format!("SELECT EXISTS (SELECT 1 FROM {} a WHERE {test})", from.sql));
            (Ret::One(boolean), "boolean".into(), rest)
        }
    };
    let fun = Fun { sql: name.clone(), args, ret, immutable };
    if world.is_taken(format!("{}()", fun.signature())) {
        return None;
    }
    let list: Vec<_> = fun
        .args
        .iter()
        .zip(names)
        .map(|(ty, name)| {
            let default = if default { format!(" DEFAULT {}", ty.literal(body)) } else { String::new() };
            format!("{name} {}{default}", ty.sql)
        })
        .collect();
    let rest = match pick(world.languages.iter(), number, |name| name) {
        Some(language) if body >= 64 => rest.replace("LANGUAGE plpgsql", &format!("LANGUAGE {language}")),
        _ => rest,
    };
    let returns = if word == "FUNCTION" { format!(" RETURNS {returns}") } else { returns };
    let on = format!("{word} {}", fun.signature());
    world.granted(on.clone(), on, &["EXECUTE"]);
    if word == "FUNCTION" {
        world.funs.push(fun);
    }
    Some(vec![format!("CREATE {word} {name}({}){returns} {rest}", list.join(", "))])
}

pub fn aggregate(world: &mut World, gene: &Gene) -> Made {
    let mut dice = gene.dice();
    let state = |fun: &Fun| matches!(&fun.ret, Ret::One(ret) if fun.args == [ret.clone(), ret.clone()]);
    let step = world.fun(&mut dice, state)?.clone();
    let (_, name) = world.name("ag", gene.slot, &mut dice)?;
    let ty = step.args[0].clone();
    if world.is_taken(format!("{name}({})()", ty.sql)) {
        return None;
    }
    let start = if dice.one_in(3) && ty.is_int() { ", INITCOND = '0'" } else { "" };
    world.thing(format!("AGGREGATE {name}({})", ty.sql), true);
    Some(vec![format!("CREATE AGGREGATE {name}({}) (SFUNC = {}, STYPE = {}{start})", ty.sql, step.sql, ty.sql)])
}

pub fn operator(world: &mut World, gene: &Gene) -> Made {
    let mut dice = gene.dice();
    let number = dice.byte();
    let test = |fun: &Fun| {
        matches!(&fun.ret, Ret::One(ret) if ret.sql == "boolean") && fun.args.len() == 2 && fun.args[0] == fun.args[1]
    };
    let fun = world.fun(&mut dice, test)?.clone();
    let schema = pick(world.schemas.iter(), number, |name| name)?.clone();
    let sign = ["===", "<#>", "&&&", "@@@", "==="][usize::from(gene.slot)];
    let ty = fun.args[0].clone();
    if world.is_taken(format!("OPERATOR {schema}{sign}{}", ty.sql)) {
        return None;
    }
    let more = dice.among(&["", ", HASHES", ", RESTRICT = eqsel, JOIN = eqjoinsel"]);
    let commutes = if dice.one_in(2) { format!(", COMMUTATOR = OPERATOR({schema}.{sign})") } else { String::new() };
    world.operators.push((format!("OPERATOR({schema}.{sign})"), ty.clone()));
    world.thing(format!("OPERATOR {schema}.{sign}({}, {})", ty.sql, ty.sql), true);
    let sides = format!("LEFTARG = {}, RIGHTARG = {}", ty.sql, ty.sql);
    Some(vec![format!("CREATE OPERATOR {schema}.{sign} (FUNCTION = {}, {sides}{commutes}{more})", fun.sql)])
}

pub fn cast(world: &mut World, gene: &Gene) -> Made {
    let mut dice = gene.dice();
    let own = |ty: &Ty| matches!(ty.class, Class::Enum(_) | Class::Composite(_) | Class::Range(_));
    let suits = |fun: &Fun| {
        let Ret::One(ret) = &fun.ret else { return false };
        fun.args.len() == 1
            && fun.args[0] != *ret
            && (own(&fun.args[0]) || own(ret))
            && !fun.args[0].sql.contains("[]")
            && world.types.iter().chain([&plain(1), &plain(0)]).any(|ty| ty == ret)
    };
    let fun = world.fun(&mut dice, suits)?.clone();
    let Ret::One(ret) = &fun.ret else { return None };
    let name = format!("CAST ({} AS {})", fun.args[0].sql, ret.sql);
    if world.is_taken(name.clone()) {
        return None;
    }
    world.thing(name.clone(), false);
    let how = dice.among(&["", " AS ASSIGNMENT"]);
    Some(vec![format!("CREATE {name} WITH FUNCTION {}{how}", fun.signature())])
}

pub fn trigger(world: &mut World, gene: &Gene) -> Made {
    let mut dice = gene.dice();
    let suits = |rel: &Rel| matches!(rel.form, Form::Table | Form::Partitioned(_) | Form::View) && !rel.cols.is_empty();
    let table = world.rel(&mut dice, suits)?.clone();
    let fun = world.fun(&mut dice, |fun| fun.ret == Ret::Trigger)?.clone();
    let name = ident("tr", gene.slot);
    let family = world.family(&table.sql);
    if family.iter().any(|of| world.taken.contains(&format!("TRIGGER {name} ON {of}"))) {
        return None;
    }
    for of in &family {
        world.is_taken(format!("TRIGGER {name} ON {of}"));
    }
    let number = dice.byte();
    let col = pick(table.cols.iter(), number, |col| &col.name)?;
    let form = if table.form == Form::View { 8 } else { dice.below(8) };
    let test = condition(
        world,
        &table.cols.iter().filter(|col| !col.generated).cloned().collect::<Vec<_>>(),
        &mut dice,
        "NEW.",
        true,
    )?;
    let call = format!("EXECUTE FUNCTION {}({})", fun.sql, ["", "'x'"][usize::from(number) % 2]);
    let on = &table.sql;
    let sql = match form {
        1 => format!("CREATE TRIGGER {name} AFTER INSERT OR UPDATE ON {on} FOR EACH ROW WHEN ({test}) {call}"),
        2 => format!("CREATE TRIGGER {name} AFTER UPDATE OF {} ON {on} FOR EACH ROW {call}", col.name),
        3 => format!("CREATE CONSTRAINT TRIGGER {name} AFTER INSERT ON {on} DEFERRABLE FOR EACH ROW {call}"),
        4 if table.form == Form::Table => {
            format!("CREATE TRIGGER {name} AFTER INSERT ON {on} REFERENCING NEW TABLE AS n FOR EACH STATEMENT {call}")
        }
        5 => format!("CREATE TRIGGER {name} AFTER DELETE OR TRUNCATE ON {on} {call}"),
        8 => format!("CREATE TRIGGER {name} INSTEAD OF INSERT ON {on} FOR EACH ROW {call}"),
        _ => format!("CREATE TRIGGER {name} BEFORE INSERT ON {on} FOR EACH ROW {call}"),
    };
    world.thing(format!("TRIGGER {name} ON {on}"), false);
    let mut out = vec![sql];
    if dice.one_in(6) && table.form == Form::Table {
        out.push(format!("ALTER TABLE {on} {} TRIGGER {name}", dice.among(&["DISABLE", "ENABLE ALWAYS"])));
    }
    Some(out)
}

pub fn rule(world: &mut World, gene: &Gene) -> Made {
    let mut dice = gene.dice();
    let suits = |rel: &Rel| matches!(rel.form, Form::Table | Form::View) && !rel.cols.is_empty();
    let table = world.rel(&mut dice, suits)?.clone();
    let name = ident("ru", gene.slot);
    if world.is_taken(format!("RULE {name} ON {}", table.sql)) {
        return None;
    }
    let other = world.rel(&mut dice, |rel| rel.form == Form::Table && rel.sql != table.sql)?.clone();
    let test = condition(world, &table.cols, &mut dice, "NEW.", true)?;
    let sql = match dice.below(4) {
        0 => format!("ON DELETE TO {} DO INSTEAD NOTHING", table.sql),
        1 => format!("ON INSERT TO {} DO ALSO INSERT INTO {} DEFAULT VALUES", table.sql, other.sql),
        2 => format!("ON INSERT TO {} WHERE {test} DO INSTEAD NOTHING", table.sql),
        _ => format!("ON UPDATE TO {} DO ALSO NOTIFY x", table.sql),
    };
    world.thing(format!("RULE {name} ON {}", table.sql), false);
    Some(vec![format!("CREATE RULE {name} AS {sql}")])
}

pub fn event_trigger(world: &mut World, gene: &Gene) -> Made {
    let mut dice = gene.dice();
    let fun = world.fun(&mut dice, |fun| fun.ret == Ret::EventTrigger)?.clone();
    let name = ident("et", gene.slot);
    let event = dice.among(&["ddl_command_end", "ddl_command_start", "sql_drop"]);
    if world.is_taken(format!("EVENT TRIGGER {name}")) {
        return None;
    }
    world.thing(format!("EVENT TRIGGER {name}"), false);
    Some(vec![format!("CREATE EVENT TRIGGER {name} ON {event} EXECUTE FUNCTION {}()", fun.sql)])
}

//! The typed model of a schema: what there is so far, for later genes to refer to.
//!
//! References are drawn by a hash of a number and the name, so that what comes or goes leaves other references alone.

use std::collections::HashSet;

use super::gene::Dice;

#[derive(Clone, Debug, PartialEq)]
pub struct Ty {
    pub sql: String,
    pub class: Class,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Class {
    /// With literals of it.
    Plain(&'static [&'static str]),
    /// Without any order.
    Unordered(&'static str),
    Enum(Vec<String>),
    Domain(Box<Ty>),
    Composite(Vec<Ty>),
    Array(Box<Ty>),
    Range(Box<Ty>),
}

const INT: Class = Class::Plain(&["1", "2", "3"]);
const TEXT: Class = Class::Plain(&["'a'", "'b c'", "'it''s'"]);
const DATE: Class = Class::Plain(&["'2020-01-01'", "'2021-02-03'"]);

/// Types that every server has; the first ones are the plainest.
fn builtin() -> Vec<Ty> {
    let ty = |sql: &str, class: &Class| Ty { sql: sql.into(), class: class.clone() };
    vec![
        ty("integer", &INT),
        ty("text", &TEXT),
        ty("boolean", &Class::Plain(&["true", "false"])),
        ty("bigint", &INT),
        ty("numeric(10,2)", &Class::Plain(&["1.5", "2"])),
        ty("date", &DATE),
        ty("timestamp with time zone", &DATE),
        ty("uuid", &Class::Plain(&["'00000000-0000-0000-0000-000000000001'"])),
        ty("jsonb", &Class::Plain(&["'{}'", "'[1]'"])),
        ty("character varying(20)", &TEXT),
        ty("int4range", &Class::Plain(&["'[1,5)'", "'empty'"])),
        ty("smallint", &INT),
        ty("json", &Class::Unordered("'{}'")),
        ty("double precision", &INT),
        ty("character(3)", &TEXT),
        ty("interval", &Class::Plain(&["'1 day'", "'01:00:00'"])),
        ty("inet", &Class::Plain(&["'10.0.0.1'"])),
        ty("point", &Class::Unordered("'(1,2)'")),
        ty("bytea", &Class::Plain(&["'\\x01'"])),
        ty("numeric", &INT),
        ty("bit(3)", &Class::Plain(&["'101'"])),
    ]
}

pub fn plain(index: usize) -> Ty {
    builtin()[index].clone()
}

impl Ty {
    pub fn array(self) -> Ty {
        Ty { sql: format!("{}[]", self.sql), class: Class::Array(Box::new(self)) }
    }

    pub fn literal(&self, n: u8) -> String {
        let n = usize::from(n);
        match &self.class {
            Class::Plain(texts) => format!("{}::{}", texts[n % texts.len()], self.sql),
            Class::Unordered(text) => format!("{text}::{}", self.sql),
            Class::Enum(labels) => format!("'{}'::{}", labels[n % labels.len()], self.sql),
            Class::Domain(base) => format!("({})::{}", base.literal(n as u8), self.sql),
            Class::Composite(parts) => {
                let parts: Vec<_> = parts.iter().map(|part| part.literal(n as u8)).collect();
                format!("ROW({})::{}", parts.join(", "), self.sql)
            }
            Class::Array(of) => format!("ARRAY[{}]::{}", of.literal(n as u8), self.sql),
            Class::Range(_) => format!("'empty'::{}", self.sql),
        }
    }

    pub fn is_ordered(&self) -> bool {
        match &self.class {
            Class::Unordered(_) => false,
            Class::Domain(of) | Class::Array(of) => of.is_ordered(),
            Class::Composite(parts) => parts.iter().all(Ty::is_ordered),
            _ => true,
        }
    }

    /// Whether `=` is found for it.
    pub fn is_comparable(&self) -> bool {
        match &self.class {
            Class::Domain(of) => matches!(of.class, Class::Plain(_)),
            Class::Array(of) => of.is_comparable(),
            Class::Composite(parts) => parts.iter().all(Ty::is_comparable),
            _ => self.is_ordered(),
        }
    }

    pub fn is_text(&self) -> bool {
        ["text", "character varying(20)"].contains(&self.sql.as_str())
    }

    pub fn is_int(&self) -> bool {
        ["integer", "bigint", "smallint"].contains(&self.sql.as_str())
    }
}

#[derive(Clone, Debug)]
pub struct Col {
    pub name: String,
    pub ty: Ty,
    pub generated: bool,
    pub not_null: bool,
    pub filled: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Form {
    Table,
    Partitioned(&'static str),
    Foreign,
    View,
    MatView,
}

#[derive(Clone, Debug)]
pub struct Rel {
    pub sql: String,
    pub schema: String,
    pub form: Form,
    pub cols: Vec<Col>,
    pub keys: Vec<Vec<String>>,
    /// The table it is a partition or heir of.
    pub parent: Option<String>,
    pub is_partition: bool,
    pub typed: bool,
    pub unlogged: bool,
    /// It can be read: it has rows, or may have, and so has all that it reads.
    pub readable: bool,
    /// Bounds of its partitions, and keys of its indexes.
    pub bounds: HashSet<String>,
    pub names: HashSet<String>,
    pub has_pk: bool,
}

impl Rel {
    pub fn is_table(&self) -> bool {
        matches!(self.form, Form::Table | Form::Partitioned(_) | Form::Foreign)
    }

    pub fn word(&self) -> &'static str {
        match self.form {
            Form::View => "VIEW",
            Form::MatView => "MATERIALIZED VIEW",
            Form::Foreign => "FOREIGN TABLE",
            _ => "TABLE",
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum Ret {
    One(Ty),
    Rows,
    Trigger,
    EventTrigger,
    Nothing,
}

#[derive(Clone, Debug)]
pub struct Fun {
    pub sql: String,
    pub args: Vec<Ty>,
    pub ret: Ret,
    pub immutable: bool,
}

impl Fun {
    pub fn signature(&self) -> String {
        let args: Vec<_> = self.args.iter().map(|ty| ty.sql.as_str()).collect();
        format!("{}({})", self.sql, args.join(", "))
    }
}

/// Something that `COMMENT ON`, `ALTER … OWNER TO` and `GRANT … ON` can name.
#[derive(Clone, Debug)]
pub struct Thing {
    pub name: String,
    pub owned: bool,
    pub grant: Option<(String, &'static [&'static str])>,
}

#[derive(Default)]
pub struct World {
    pub schemas: Vec<String>,
    pub types: Vec<Ty>,
    pub rels: Vec<Rel>,
    pub funs: Vec<Fun>,
    pub sequences: Vec<String>,
    pub collations: Vec<String>,
    pub servers: Vec<String>,
    pub operators: Vec<(String, Ty)>,
    pub languages: Vec<String>,
    pub parsers: Vec<String>,
    pub templates: Vec<String>,
    /// Each with its sort, `TABLE` or `INDEX`.
    pub access_methods: Vec<(&'static str, String)>,
    /// Each with its access method.
    pub operator_classes: Vec<(String, String)>,
    /// The server's, as in `server_version_num`.
    pub version: u32,
    pub things: Vec<Thing>,
    pub taken: HashSet<String>,
}

fn hash(number: u8, name: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ u64::from(number);
    for byte in name.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    hash ^ (hash >> 29)
}

/// One of the candidates; those that come and go seldom matter to it.
pub fn pick<T>(candidates: impl Iterator<Item = T>, number: u8, name: impl Fn(&T) -> &str) -> Option<T> {
    candidates.max_by_key(|candidate| hash(number, name(candidate)))
}

impl World {
    pub fn new(version: u32) -> World {
        World { schemas: vec!["public".into()], version, ..World::default() }
    }

    /// A name for a new thing, in a schema; `None` where it is taken.
    pub fn name(&mut self, prefix: &str, slot: u8, dice: &mut Dice) -> Option<(String, String)> {
        let number = dice.byte();
        let schema = match number {
            0..96 => "public".to_owned(),
            _ => pick(self.schemas.iter(), number, |name| name)?.clone(),
        };
        let name = ident(prefix, slot);
        let sql = format!("{schema}.{name}");
        self.taken.insert(sql.clone()).then_some((schema, sql))
    }

    pub fn ty(&self, dice: &mut Dice) -> Ty {
        let (byte, number) = (dice.byte(), dice.byte());
        let all = builtin();
        let user = if byte >= 112 { pick(self.types.iter(), number, |ty| &ty.sql).cloned() } else { None };
        let ty = user.unwrap_or_else(|| all[usize::from(byte) % 112 * all.len() / 112].clone());
        if number % 8 == 7 { ty.array() } else { ty }
    }

    pub fn rel(&self, dice: &mut Dice, suits: impl Fn(&Rel) -> bool) -> Option<&Rel> {
        let number = dice.byte();
        pick(self.rels.iter().filter(|rel| suits(rel)), number, |rel| &rel.sql)
    }

    pub fn fun(&self, dice: &mut Dice, suits: impl Fn(&Fun) -> bool) -> Option<&Fun> {
        let number = dice.byte();
        pick(self.funs.iter().filter(|fun| suits(fun)), number, |fun| &fun.sql)
    }

    pub fn rel_mut(&mut self, sql: &str) -> &mut Rel {
        self.rels.iter_mut().find(|rel| rel.sql == sql).expect("a relation that was just found")
    }

    /// A table and all below it.
    pub fn family(&self, sql: &str) -> Vec<String> {
        let mut family = vec![sql.to_owned()];
        let mut at = 0;
        while at < family.len() {
            let children = self.rels.iter().filter(|rel| rel.parent.as_deref() == Some(&family[at]));
            let children: Vec<_> = children.map(|rel| rel.sql.clone()).collect();
            family.extend(children);
            at += 1;
        }
        family
    }

    /// Whether no index of these tables has this key: of two that are alike the server takes either for a partition.
    pub fn alone(&mut self, family: &[String], key: &str) -> bool {
        let partitioned = |rel: &Rel| rel.is_partition || matches!(rel.form, Form::Partitioned(_));
        !partitioned(self.rel_mut(&family[0])) || family.iter().all(|of| self.rel_mut(of).bounds.insert(key.to_owned()))
    }

    pub fn thing(&mut self, name: impl Into<String>, owned: bool) {
        self.things.push(Thing { name: name.into(), owned, grant: None });
    }

    pub fn granted(&mut self, name: String, on: String, privileges: &'static [&'static str]) {
        self.things.push(Thing { name, owned: true, grant: Some((on, privileges)) });
    }

    pub fn is_taken(&mut self, name: String) -> bool {
        !self.taken.insert(name)
    }
}

/// A name, some of which need quotes.
pub fn ident(prefix: &str, slot: u8) -> String {
    match slot {
        3 => format!("\"{} 3\"", prefix.to_uppercase()),
        _ => format!("{prefix}{slot}"),
    }
}

/// A condition on the columns of a relation.
pub fn condition(world: &World, cols: &[Col], dice: &mut Dice, of: &str, immutable: bool) -> Option<String> {
    let number = dice.byte();
    let col = pick(cols.iter(), number, |col| &col.name)?;
    let (name, ty) = (format!("{of}{}", col.name), &col.ty);
    let test = |fun: &Fun| fun.args == [ty.clone()] && matches!(&fun.ret, Ret::One(ret) if ret.sql == "boolean");
    let form = dice.below(8);
    Some(match form {
        1 if ty.is_comparable() => format!("{name} = {}", ty.literal(number)),
        2 if ty.is_comparable() => {
            format!("{name} IN ({}, {})", ty.literal(number), ty.literal(number.wrapping_add(1)))
        }
        3 | 4 => match world.fun(dice, |fun| test(fun) && (fun.immutable || !immutable)) {
            Some(fun) => format!("{}({name})", fun.sql),
            None => format!("{name} IS NOT NULL"),
        },
        5 if !immutable => format!("({name})::text <> 'zz'"),
        6 if !immutable => match pick(world.operators.iter().filter(|(_, of)| of == ty), number, |(name, _)| name) {
            Some((operator, _)) => format!("{name} {operator} {name}"),
            None => format!("NOT ({name} IS NULL)"),
        },
        7 if ty.is_int() => format!("({name} + 1) > 0 OR {name} IS NULL"),
        _ => format!("{name} IS NOT NULL"),
    })
}

/// A value made of the columns of a relation, and its type.
pub fn value(world: &World, cols: &[Col], dice: &mut Dice, of: &str) -> Option<(String, Ty)> {
    let number = dice.byte();
    let col = pick(cols.iter(), number, |col| &col.name)?;
    let (name, ty) = (format!("{of}{}", col.name), &col.ty);
    Some(match dice.below(8) {
        1 => (format!("({name})::text"), plain(1)),
        2 | 3 => match world.fun(dice, |fun| fun.args == [ty.clone()] && matches!(fun.ret, Ret::One(_))) {
            Some(Fun { sql, ret: Ret::One(ret), .. }) => (format!("{sql}({name})"), ret.clone()),
            _ => (name, ty.clone()),
        },
        4 => match pick(world.types.iter(), number, |ty| &ty.sql) {
            Some(ty) => (ty.literal(number), ty.clone()),
            None => (plain(0).literal(number), plain(0)),
        },
        5 => match world.fun(dice, |fun| fun.args.is_empty() && matches!(fun.ret, Ret::One(_))) {
            Some(Fun { sql, ret: Ret::One(ret), .. }) => (format!("{sql}()"), ret.clone()),
            _ => (name, ty.clone()),
        },
        6 if ty.is_int() => (format!("({name} + 1)"), if ty.sql == "bigint" { plain(3) } else { plain(0) }),
        7 if ty.is_ordered() => (format!("COALESCE({name}, {})", ty.literal(number)), ty.clone()),
        _ => (name, ty.clone()),
    })
}

//! What it does to the values of a column that they become values of another type.

use super::{
    BITS, Cast, FIELDS, INTEGERS, JSON, NUMBERS, TEXTS, TIMES, cast, finest, is_free, keeps_types, own_cast, parts,
    range_of, values,
};
use crate::catalog::{Catalog, Object};
use crate::kind::column::Column;
use crate::kind::constraint::{Constraint, Form};
use crate::kind::domain::{domain_of, is_checked};
use crate::kind::{Body, Cx, Id, Tag, dotted};
use crate::name::{Literal, Name};
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Danger, Hazard};

/// What holds so many bytes of a text, and cuts off the rest.
const CUT: &[(&str, usize)] = &[("name", 63), ("\"char\"", 1)];
/// What types do not keep of the texts that they read.
const UNREAD: &[(&str, &str)] = &[
    ("date", "the time of day"),
    ("time without time zone", "the date, or time zone,"),
    ("time with time zone", "the date"),
    ("jsonb", DOUBLE_KEYS),
    ("tsvector", "the order of words, and how often they occur,"),
];
const DOUBLE_KEYS: &str = "the order of keys, and all but the last of those that occur twice,";
/// A time of day with something behind it, which is no half of the day.
const ZONED: &str = "':[0-9.]+ *([ap]m)? *([-+]|(?![ap]m)[a-z])'";
const SHAPES: &[&str] = &["box", "circle", "lseg", "path", "point", "polygon"];

/// What a change from the type of `before` to that of `after` may do to the values of column `cx.id`.
pub fn hazards(before: &Column, after: &Column, cx: &Cx) -> Vec<Hazard> {
    let (shown, goal) = (before.r#type.as_str(), after.r#type.as_str());
    let keeps = keeps_types(cx.id, cx.before, cx.after);
    let [from, to] = values(before, after, keeps, cx);
    let (from, to) = (from.as_str(), to.as_str());
    let name = cx.id.name();
    if after.using.0.is_some() {
        let rewrite = format!("every value of {name} is made anew by the expression of the models");
        let fails = format!("fails on values of {name} that this expression makes no {goal} of");
        return [(Danger::Rewrite, rewrite), (Danger::MayFail, fails)]
            .map(|(danger, why)| Hazard { danger, why, count: None })
            .into();
    }
    let mut out = Vec::new();
    let by_text = !keeps && matches!(cast(from, to), Cast::Implied | Cast::IntoArray | Cast::FirstElement);
    let is_checked = domain_of(cx.id, &after.r#type, cx.after).is_some_and(|(domain, _)| is_checked(domain, cx.after));
    if !is_free(from, to) || by_text || is_checked {
        let zoned = |text: &str| text.ends_with(" with time zone");
        let by_zone = TIMES.contains(&&*parts(from).0) && TIMES.contains(&&*parts(to).0) && zoned(from) != zoned(to);
        let zone = if by_zone { ", by the time zone of the session that runs this" } else { "" };
        let why = format!("every value of {name} is cast from {shown} to {goal}{zone}");
        out.push(Hazard { danger: Danger::Rewrite, why, count: None });
    }
    let refused = || (Danger::MayFail, format!("fails on values of {name} that the cast to {goal} refuses"), None);
    let unfit = match own_cast(from, to, cx) {
        Some(_) if !is_free(from, to) && !TEXTS.contains(&&*parts(to).0) => vec![refused()],
        _ => unfit(&sql!("{}", name), from, to, labels_of(cx.after, to).as_deref(), cx.version()),
    };
    out.extend(unfit.into_iter().map(|unfit| hazard(cx.id, unfit)));
    if let (Some(old), Some(new)) = (attributes_of(cx.before, from), attributes_of(cx.after, to))
        && old.iter().zip(&new).any(|(old, new)| old != new)
    {
        let why = format!("values of {name} go to the attributes of {goal} by their place");
        out.push(Hazard { danger: Danger::DataLoss, why, count: None });
    }
    if is_checked {
        let why = format!("fails on values of {name} that {goal} refuses");
        out.push(Hazard { danger: Danger::MayFail, why, count: None });
    }
    let loses = out.iter().any(|hazard| hazard.danger == Danger::DataLoss);
    // Texts that differ in case, or in blanks at their end, are one to these.
    let is_text = |text: &str| TEXTS.contains(&&*parts(text).0);
    let is_read = is_text(from) && !is_text(to) && to != "bytea";
    let blind = |text: &str| ["character", "citext"].contains(&parts(text).0.rsplit('.').next().unwrap_or(text));
    if loses || is_read || blind(to) && !blind(from) {
        out.extend(become_equal(cx));
    }
    if by_text {
        let why = format!("fails on values of {name} whose text the new {goal} does not read");
        out.push(Hazard { danger: Danger::MayFail, why, count: None });
    }
    out
}

/// What values fail on that become equal: keys, and checks.
pub fn become_equal(cx: &Cx) -> Vec<Hazard> {
    let equal = |key: &Id| {
        let why = format!("fails if values of {} become equal under {}", cx.id.name(), key.name());
        Hazard { danger: Danger::MayFail, why, count: None }
    };
    let refused = refused_by_check(cx.id, cx.after).map(|unfit| hazard(cx.id, unfit));
    unique_over(cx).map(equal).into_iter().chain(refused).collect()
}

/// A unique index or key of the column, or of an heir's, which the server builds anew for values of another type.
fn unique_over<'a>(cx: &Cx<'a>) -> Option<&'a Id> {
    over(cx.id, cx.after, |body| match body {
        Body::Index(index) => index.unique,
        Body::Constraint(key) => [Form::PrimaryKey, Form::Unique].contains(&key.form),
        _ => false,
    })
}

/// A check of the column, or of an heir's, is asked again of its new values.
pub(super) fn refused_by_check(id: &Id, after: &Catalog) -> Option<Unfit> {
    let check = over(id, after, |body| matches!(body, Body::Constraint(Constraint { form: Form::Check, .. })))?;
    Some((Danger::MayFail, format!("fails on values of {} that {} then refuses", id.name(), check.name()), None))
}

/// An index or constraint of this sort that stands on the column, or on an heir's.
fn over<'a>(id: &'a Id, after: &'a Catalog, is_of_sort: impl Fn(&Body) -> bool) -> Option<&'a Id> {
    let found = |table: &'a [Name]| {
        let column = Id::new(Tag::Column, table.iter().cloned().chain([id.name()]));
        let names_it = |object: &Object| object.needs.iter().any(|need| need.id == column);
        let mut all = after.below(Tag::Index, table).chain(after.below(Tag::Constraint, table));
        all.find(|(_, object)| is_of_sort(&object.body) && names_it(object)).map(|(id, _)| id)
    };
    let table = &id.path[..2];
    found(table).or_else(|| after.descent_of(table).into_iter().find_map(|line| found(&line.path[..2])))
}

/// A danger, the sentence, and which rows are concerned as a condition where one can be written.
pub(super) type Unfit = (Danger, String, Option<Sql>);

/// A hazard of the column `id`.
pub(super) fn hazard(id: &Id, (danger, why, rows): Unfit) -> Hazard {
    let count = rows.map(|rows| sql!("SELECT count(*) FROM {} WHERE {}", id.relation(), rows));
    Hazard { danger, why, count }
}

/// The type of a kind that columns have by this name.
fn called<'a>(catalog: &'a Catalog, tag: Tag, r#type: &str) -> Option<&'a Body> {
    let mut types = catalog.below(tag, &[]);
    types.find(|(id, _)| dotted(&id.path).as_str() == r#type).map(|(_, object)| &object.body)
}

/// The values of an enum by the name that columns have of it.
pub(super) fn labels_of(catalog: &Catalog, r#type: &str) -> Option<Vec<String>> {
    match called(catalog, Tag::Enum, r#type)? {
        Body::Enum(body) => Some(body.labels.clone()),
        _ => None,
    }
}

/// The attributes of a composite type, or of arrays of it, by the name that columns have of it.
fn attributes_of(catalog: &Catalog, r#type: &str) -> Option<Vec<Name>> {
    match called(catalog, Tag::Composite, r#type.trim_end_matches("[]"))? {
        Body::Composite(body) => Some(body.attributes.iter().map(|attribute| attribute.name.clone()).collect()),
        _ => None,
    }
}

/// Values that have no place in the other type, or lose something on the way.
pub(super) fn unfit(name: &Sql, from: &str, to: &str, labels: Option<&[String]>, version: u32) -> Vec<Unfit> {
    let fails = |rows| vec![(Danger::MayFail, format!("fails on values of {name} that are no {to}"), rows)];
    let loses = |what: &str, rows| (Danger::DataLoss, format!("{what} of {name} is lost"), rows);
    let wraps =
        |rows| (Danger::DataLoss, format!("values of {name} that are out of range of {to} become others"), Some(rows));
    let rounds = || (Danger::DataLoss, format!("values of {name} that {to} has no digits for are rounded"), None);
    match cast(from, to) {
        _ if is_free(from, to) || to.ends_with(".citext") => return Vec::new(),
        Cast::IntoArray => return unfit(name, from, to.strip_suffix("[]").unwrap_or(to), labels, version),
        Cast::FirstElement => {
            let first = unfit(name, from.strip_suffix("[]").unwrap_or(from), to, labels, version);
            let rows = sql!("cardinality({}) > 1 OR array_lower({}, 1) <> 1", name, name);
            let others = loses("all but the first element", Some(rows));
            return [others].into_iter().chain(first.into_iter().map(|(danger, why, _)| (danger, why, None))).collect();
        }
        _ => {}
    }
    if let (Some(from), Some(to)) = (from.strip_suffix("[]"), to.strip_suffix("[]")) {
        match cast(from, to) {
            Cast::ToJson | Cast::FromJson => return fails(None),
            Cast::ToBytes | Cast::FromBytes => {
                let why =
                    format!("values of {name} are read as the text of {to}, where a backslash stands for something");
                return fails(None).into_iter().chain([(Danger::DataLoss, why, None)]).collect();
            }
            _ => {}
        }
        let elements = unfit(name, from, to, labels, version).into_iter();
        return elements.map(|(danger, why, _)| (danger, why, None)).collect();
    }
    let ((base, had), (goal, has)) = (parts(from), parts(to));
    if base.ends_with(']') || goal.ends_with(']') {
        let is_any = TEXTS.contains(&goal.as_str()) && has.is_empty() || cast(from, to) == Cast::ToJson;
        return if is_any { Vec::new() } else { fails(None) };
    }
    if let Some(labels) = labels {
        let list = Sql::join(labels.iter().map(|label| sql!("{}", Literal(label))), ", ");
        return fails((!labels.is_empty()).then(|| sql!("{}::text NOT IN ({})", name, list)));
    }
    match cast(from, to) {
        Cast::ToBytes => return Vec::new(),
        Cast::FromBytes => {
            let form = if to == "uuid" { "" } else { " in UTF-8" };
            let why = format!("fails on values of {name} that are no {to}{form}");
            return vec![(Danger::MayFail, why, None)];
        }
        _ => {}
    }
    let is = |text: &String, group: &[&str]| group.contains(&text.as_str());
    if let Some((_, bytes)) = CUT.iter().find(|(cutting, _)| goal == *cutting && base != goal) {
        let why = format!("values of {name} are cut off to fit into {goal}");
        return vec![(Danger::DataLoss, why, Some(sql!("octet_length({}::text) > {}", name, *bytes)))];
    }
    if is(&goal, TEXTS) {
        let Some(length) = has.first() else { return Vec::new() };
        let shorter = !is(&base, TEXTS) || had.first().is_none_or(|had| had > length);
        let rows = sql!("char_length(rtrim({}::text, ' ')) > {}", name, *length);
        let blanks = if is(&base, TEXTS) { ", but for blanks at their end, which are cut off" } else { "" };
        let why = format!("fails on values of {name} that are no {to}{blanks}");
        return if shorter { vec![(Danger::MayFail, why, Some(rows))] } else { Vec::new() };
    }
    let from_text = || {
        let valid = sql!("NOT pg_input_is_valid({}::text, {})", name, Literal(to));
        let mut out = fails((version >= 160_000).then_some(valid));
        out.extend(UNREAD.iter().filter(|(r#type, _)| goal == *r#type).map(|(_, what)| loses(what, None)));
        if goal == "timestamp without time zone" {
            out.push(loses("the time zone", Some(sql!("{}::text ~* {}", name, Sql::raw(ZONED)))));
        }
        if !has.is_empty() && !is(&goal, BITS) || ["real", "money"].contains(&goal.as_str()) {
            out.push(rounds());
        }
        out
    };
    // Seconds are the finest field of all but some intervals.
    let coarser = || {
        let finest_had = if base == "interval" { finest(from) } else { FIELDS.len() - 1 };
        (goal == "interval" && finest(to) < finest_had)
            .then(|| loses(&format!("what is less than a {}", FIELDS[finest(to)]), None))
    };
    if is(&base, TEXTS) {
        return from_text().into_iter().chain(coarser()).collect();
    }
    if is(&base, NUMBERS) && is(&goal, NUMBERS) {
        return fewer_digits(name, (&base, &had), (&goal, &has), to);
    }
    if base == "money" && is(&goal, NUMBERS) {
        return fewer_digits(&sql!("{}::numeric", name), ("numeric", &[19, 2]), (&goal, &has), to);
    }
    if let Some(coarser) = coarser() {
        return vec![coarser];
    }
    // Seconds have six digits where nothing else is said.
    let digits = |base: &str, said: &[i64]| if base == "date" { 0 } else { said.first().copied().unwrap_or(6) };
    let is_time = |text: &str| text.starts_with("time") || text == "interval";
    let fewer = is_time(&goal) && base != goal && digits(&goal, &has) < digits(&base, &had);
    let imprecise = fewer.then(|| loses("precision", None));
    let unfit = match (base.as_str(), goal.as_str()) {
        ("tsrange" | "tstzrange" | "tsmultirange" | "tstzmultirange", "daterange" | "datemultirange") => {
            fails(None).into_iter().chain([loses("the time of day", None)]).collect()
        }
        (from, to) if from.ends_with("multirange") && range_of(from) == to => {
            vec![loses("what is between the ranges", None)]
        }
        (from, "date") if from.starts_with("timestamp") => vec![loses("the time of day", None)],
        (from, to) if from.starts_with("timestamp") && to.starts_with("time ") => vec![loses("the date", None)],
        ("interval", to) if to.starts_with("time ") => vec![loses("what is more than a day", None)],
        ("time with time zone", "time without time zone")
        | ("timestamp with time zone", "timestamp without time zone") => vec![loses("the time zone", None)],
        ("inet", "cidr") => vec![loses("the address within its network", Some(sql!("{} <> network({})", name, name)))],
        ("json", "jsonb") => fails(None).into_iter().chain([loses(DOUBLE_KEYS, None)]).collect(),
        ("box", "polygon") | ("point", "box") | ("polygon", "path") => Vec::new(),
        ("path", "polygon") | ("macaddr8", "macaddr") => fails(None),
        ("bit", to @ ("integer" | "bigint")) if had.first().is_none_or(|had| *had <= bits(to)) => Vec::new(),
        ("bit", to) if NUMBERS.contains(&to) => fails(None),
        (from, to) if from != to && SHAPES.contains(&from) && SHAPES.contains(&to) => {
            let may_fail = if cast(from, to) == Cast::By("text") { fails(None) } else { Vec::new() };
            may_fail.into_iter().chain([loses("the shape", None)]).collect()
        }
        ("oid", "integer") => vec![wraps(sql!("{}::bigint > {}", name, i32::MAX))],
        ("smallint" | "integer", "oid") => vec![wraps(sql!("{} < 0", name))],
        ("bigint", to) if to == "oid" || to.starts_with("reg") => {
            fails(Some(sql!("{} NOT BETWEEN 0 AND {}", name, i64::from(u32::MAX))))
        }
        (from, "boolean") if NUMBERS.contains(&from) => {
            vec![loses("every number but 0 and 1", Some(sql!("{} NOT IN (0, 1)", name)))]
        }
        (from, to) if BITS.contains(&from) && BITS.contains(&to) => match has.first() {
            Some(length) if to == "bit varying" && had.first().is_some_and(|had| had <= length) => Vec::new(),
            Some(length) => {
                fails(Some(sql!("length({}) {} {}", name, Sql::raw(if to == "bit" { "<>" } else { ">" }), *length)))
            }
            None => Vec::new(),
        },
        (from @ ("smallint" | "integer" | "bigint"), "bit") if has.first().is_some_and(|has| *has >= bits(from)) => {
            Vec::new()
        }
        (from, "bit") if NUMBERS.contains(&from) => {
            let loses = loses("what has no place in so many bits", None);
            if INTEGERS.contains(&from) { vec![loses] } else { fails(None).into_iter().chain([loses]).collect() }
        }
        (from, "money") if NUMBERS.contains(&from) => {
            let mut out = fewer_digits(name, (from, &had), ("numeric", &[19, 2]), to);
            if had.get(1).is_some_and(|scale| *scale <= 2) {
                out.retain(|(danger, ..)| *danger != Danger::DataLoss);
            }
            out
        }
        (from, to) if from == to => vec![loses("precision", None)],
        ("jsonb", to) if NUMBERS.contains(&to) && (to, &has[..]) != ("numeric", &[]) => {
            fails(None).into_iter().chain([rounds()]).collect()
        }
        ("jsonb", to) if NUMBERS.contains(&to) || to == "boolean" => fails(None),
        ("int4range", "int8range" | "numrange")
        | ("int8range", "numrange")
        | ("int4multirange", "int8multirange" | "nummultirange")
        | ("int8multirange", "nummultirange") => Vec::new(),
        (from, to) if cast(from, to) == Cast::By("text") && (BITS.contains(&from) || BITS.contains(&to)) => {
            let why = format!("bits of {name} are taken for decimal digits");
            fails(None).into_iter().chain([(Danger::DataLoss, why, None)]).collect()
        }
        // What is in a JSON string is counted with its quotes.
        (from, _) if JSON.contains(&from) => {
            from_text().into_iter().map(|(danger, why, _)| (danger, why, None)).collect()
        }
        // A type that the server does not bring may hold any text.
        (from, to) if cast(from, to) == Cast::By("text") && from.contains('.') => from_text(),
        (from, to) if cast(from, to) == Cast::By("text") => fails(None),
        _ => Vec::new(),
    };
    unfit.into_iter().chain(imprecise).collect()
}

/// How many there are in a number that becomes bits.
fn bits(integer: &str) -> i64 {
    if integer == "bigint" { 64 } else { 32 }
}

/// Numbers that are out of range, and digits that have no place.
fn fewer_digits(name: &Sql, (from, had): (&str, &[i64]), (to, has): (&str, &[i64]), shown: &str) -> Vec<Unfit> {
    /// Bits and decimal digits of an integer.
    fn size(base: &str) -> Option<(u32, i64)> {
        [("smallint", 16, 5), ("integer", 32, 10), ("bigint", 64, 19)]
            .iter()
            .find(|(name, ..)| *name == base)
            .map(|(_, bits, digits)| (*bits, *digits))
    }
    let out_of_range = |rows| {
        let why = format!("fails on values of {name} that are out of range of {shown}");
        Some((Danger::MayFail, why, Some(rows)))
    };
    let rounds =
        |rows| Some((Danger::DataLoss, format!("values of {name} that {shown} has no digits for are rounded"), rows));
    let whole = size(from);
    let (fails, loses) = match (size(to), has) {
        (Some((bits, digits)), _) => {
            let most = i64::MAX >> (64 - bits);
            let range = sql!("{} NOT BETWEEN {} AND {}", name, -most - 1, most);
            let had_digits = whole.map(|(_, digits)| digits).or_else(|| Some(had.first()? - had.get(1)?));
            let fits = had_digits.is_some_and(|had| if whole.is_some() { had <= digits } else { had < digits });
            let fraction = whole.is_none() && had.get(1) != Some(&0);
            let rounded = || rounds(Some(sql!("{} <> round({}::numeric)", name, name)));
            (if fits { None } else { out_of_range(range) }, fraction.then(rounded).flatten())
        }
        (None, [precision, scale]) if to == "numeric" => {
            let digits = precision - scale;
            let too_large = sql!("abs({}::numeric) >= 10::numeric ^ {}", name, digits);
            let had_digits = whole.map(|(_, digits)| digits).or_else(|| Some(had.first()? - had.get(1)?));
            let had_scale = if whole.is_some() { Some(&0) } else { had.get(1) };
            let rounded = || rounds(Some(sql!("{} <> round({}::numeric, {})", name, name, *scale)));
            let fits = had_digits.is_some_and(|had| had <= digits);
            (
                if fits { None } else { out_of_range(too_large) },
                had_scale.is_none_or(|had| had > scale).then(rounded).flatten(),
            )
        }
        // Of floating point come 15 digits, or 6.
        _ if to == "numeric" => (None, (whole.is_none() && from != "numeric").then(|| rounds(None)).flatten()),
        _ => {
            let inexact =
                whole.map_or(from == "numeric" || to == "real", |(bits, _)| bits > 32 || to == "real" && bits > 16);
            let (largest, digits) = if to == "real" { ("3.4028235e38", 38) } else { ("1.7976931348623157e308", 308) };
            let is_wide = from == "double precision" && to == "real"
                || from == "numeric" && had.first().is_none_or(|had| *had > digits);
            let outside = || {
                sql!("abs({}) > {} AND {}::text NOT IN ('Infinity', '-Infinity', 'NaN')", name, Sql::raw(largest), name)
            };
            (is_wide.then(|| out_of_range(outside())).flatten(), inexact.then(|| rounds(None)).flatten())
        }
    };
    fails.into_iter().chain(loses).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(from: &str, to: &str) -> Option<(Danger, String)> {
        let (danger, _, rows) = unfit(&Sql::raw("c"), from, to, None, 150_000).into_iter().next()?;
        Some((danger, rows.map_or(String::new(), |rows| rows.as_str().to_owned())))
    }

    #[test]
    fn values_that_do_not_fit_are_counted() {
        let fails = |rows: &str| Some((Danger::MayFail, rows.to_owned()));
        assert_eq!(told("bigint", "smallint"), fails("c NOT BETWEEN -32768 AND 32767"));
        assert_eq!(told("integer", "character varying(3)"), fails("char_length(rtrim(c::text, ' ')) > 3"));
        assert_eq!(told("text", "integer"), fails(""));
        assert_eq!(told("integer", "numeric(5,2)"), fails("abs(c::numeric) >= 10::numeric ^ 3"));
        let outside = "abs(c) > 3.4028235e38 AND c::text NOT IN ('Infinity', '-Infinity', 'NaN')";
        assert_eq!(told("double precision", "real"), fails(outside));
        assert_eq!(told("money", "numeric(5,1)"), fails("abs(c::numeric::numeric) >= 10::numeric ^ 4"));
        assert_eq!(told("numeric", "money"), fails("abs(c::numeric) >= 10::numeric ^ 17"));
        let rounded = Some((Danger::DataLoss, "c <> round(c::numeric, 1)".to_owned()));
        assert_eq!(told("numeric(5,2)", "numeric(9,1)"), rounded);
        for (from, to) in [
            ("smallint", "bigint"),
            ("text", "character varying"),
            ("character varying(3)", "text"),
            ("bit(3)", "bit varying(8)"),
        ] {
            assert_eq!(told(from, to), None, "{from} to {to}");
        }
    }

    #[test]
    fn all_that_happens_to_values_is_told() {
        let dangers = |from, to| -> Vec<Danger> {
            unfit(&Sql::raw("c"), from, to, None, 150_000).into_iter().map(|(danger, ..)| danger).collect()
        };
        let both = vec![Danger::MayFail, Danger::DataLoss];
        for (from, to) in [
            ("numeric(12,2)", "integer"),
            ("double precision", "bigint"),
            ("numeric", "numeric(5,2)"),
            ("text", "numeric(5,2)"),
            ("text", "date"),
            ("character varying(40)", "timestamp(0) with time zone"),
            ("text", "timestamp without time zone"),
            ("text", "tsvector"),
            ("text[]", "jsonb[]"),
            ("jsonb", "integer"),
            ("numeric(12,2)[]", "integer[]"),
            ("json", "jsonb"),
            ("numeric", "money"),
            ("money", "numeric(5,1)"),
            ("double precision", "real"),
        ] {
            assert_eq!(dangers(from, to), both, "{from} to {to}");
        }
        let fails = [
            ("bit(3)", "bit(5)"),
            ("bit varying(9)", "bit varying(5)"),
            ("text", "integer"),
            ("integer[]", "date[]"),
            ("boolean[]", "jsonb[]"),
            ("path", "polygon"),
            ("jsonb", "numeric"),
            ("macaddr8", "macaddr"),
            ("bigint", "oid"),
            ("bytea", "text"),
            ("jsonb", "integer[]"),
        ];
        for (from, to) in fails {
            assert_eq!(dangers(from, to), [Danger::MayFail], "{from} to {to}");
        }
        let loses = [
            ("numeric(5,2)", "integer"),
            ("integer", "bit(3)"),
            ("text", "\"char\""),
            ("real", "numeric"),
            ("inet", "cidr"),
            ("time(3) with time zone", "time without time zone"),
            ("box", "point"),
            ("interval", "time without time zone"),
            ("interval", "interval year to month"),
            ("interval day to second(3)", "interval hour to minute"),
            ("timestamp without time zone", "timestamp(3) with time zone"),
            ("int4multirange", "int4range"),
            ("bigint", "bit(60)"),
            ("oid", "integer"),
        ];
        for (from, to) in loses {
            assert_eq!(dangers(from, to), [Danger::DataLoss], "{from} to {to}");
        }
        let harmless = [
            ("integer", "integer[]"),
            ("public.state[]", "text[]"),
            ("public.citext", "text"),
            ("bit(3)", "bit varying"),
            ("cidr", "inet"),
            ("text[]", "jsonb"),
            ("integer", "bit(32)"),
            ("bit(8)", "integer"),
            ("date", "timestamp(0) without time zone"),
            ("box", "polygon"),
            ("text", "bytea"),
            ("uuid", "bytea"),
        ];
        for (from, to) in harmless {
            assert_eq!(dangers(from, to), [], "{from} to {to}");
        }
    }
}

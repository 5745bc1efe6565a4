//! How the values of a column become values of another type.
//!
//! <https://www.postgresql.org/docs/current/sql-createcast.html>, <https://www.postgresql.org/docs/current/typeconv-query.html>

use super::column::{Column, column_of};
use super::domain::domain_of;
use super::options::collate;
use super::{Body, Cx, Id, Tag};
use crate::catalog::Catalog;
use crate::name::Name;
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Danger, Hazard};

mod hazards;
mod swaps;

pub use hazards::{become_equal, hazards};
pub use swaps::Swaps;

/// Kinds that columns hold values of, or order them by.
pub const TYPES: &[Tag] = &[Tag::Collation, Tag::Enum, Tag::BaseType, Tag::Domain, Tag::Composite, Tag::Range];

/// Whether this is a type: what columns hold values of, not what they order them by.
pub fn is_type(id: &Id) -> bool {
    TYPES.contains(&id.tag) && id.tag != Tag::Collation
}

/// The way from one type to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cast {
    /// The server does it unasked.
    Implied,
    /// `value::type`
    Explicit,
    /// `value::text::type`, or another type between the two
    By(&'static str),
    /// `to_jsonb(value)::type`
    ToJson,
    /// `(value #>> '{}')::type`
    FromJson,
    /// `value <> 0`
    NotZero,
    /// `ARRAY[value]::type`
    IntoArray,
    /// `value[1]`
    FirstElement,
    /// `range_merge(value)`
    Merge,
    /// `convert_to(value::text, 'UTF8')`, or what a UUID is sent as
    ToBytes,
    /// `convert_from(value, 'UTF8')::type`, or the UUID of the bytes
    FromBytes,
    /// `translate(value::text, '[]', '{}')::type`
    FromJsonArray,
}

const NUMBERS: &[&str] = &["smallint", "integer", "bigint", "numeric", "real", "double precision"];
const TEXTS: &[&str] = &["text", "character varying", "character", "name"];
const JSON: &[&str] = &["json", "jsonb"];
const TIMES: &[&str] = &["date", "timestamp without time zone", "timestamp with time zone"];
/// The types of whole numbers.
pub const INTEGERS: &[&str] = &["smallint", "integer", "bigint"];
const FLOATS: &[&str] = &["real", "double precision"];
const BITS: &[&str] = &["bit", "bit varying"];
const ADDRESSES: &[&str] = &["macaddr", "macaddr8"];
/// What else a type is cast to, as `pg_cast` has it.
const CASTS: &[(&str, &[&str])] = &[
    ("time without time zone", &["time with time zone", "interval"]),
    ("time with time zone", &["time without time zone"]),
    ("timestamp without time zone", &["time without time zone"]),
    ("timestamp with time zone", &["time without time zone", "time with time zone"]),
    ("interval", &["time without time zone"]),
    ("point", &["box"]),
    ("lseg", &["point"]),
    ("path", &["polygon"]),
    ("box", &["point", "lseg", "polygon", "circle"]),
    ("polygon", &["point", "path", "box", "circle"]),
    ("circle", &["point", "box", "polygon"]),
];
/// The fields of an interval, from the largest on.
const FIELDS: [&str; 6] = ["year", "month", "day", "hour", "minute", "second"];

/// A type's name without its modifiers, and these: length, or precision and scale.
fn parts(text: &str) -> (String, Vec<i64>) {
    match (text.find('('), text.find(')')) {
        (Some(open), Some(close)) if open < close => {
            let modifiers = text[open + 1..close].split(',').filter_map(|part| part.trim().parse().ok()).collect();
            (without_fields(&format!("{}{}", &text[..open], &text[close + 1..])), modifiers)
        }
        _ => (without_fields(text), Vec::new()),
    }
}

/// `interval` of `interval day to second`.
fn without_fields(text: &str) -> String {
    let dimensions = text.find("[]").map_or("", |at| &text[at..]);
    if text.starts_with("interval ") { format!("interval{dimensions}") } else { text.to_owned() }
}

/// The place in [`FIELDS`] of the last that an interval keeps.
fn finest(text: &str) -> usize {
    let fields = text.split(['(', '[']).next().unwrap_or_default();
    FIELDS.iter().rposition(|field| fields.ends_with(field)).unwrap_or(FIELDS.len() - 1)
}

/// Only built-in types are known to cast by themselves.
pub fn cast(from: &str, to: &str) -> Cast {
    let ((from, _), (to, _)) = (parts(from), parts(to));
    if let (Some(from), Some(to)) = (from.strip_suffix("[]"), to.strip_suffix("[]")) {
        // Nothing does such to each element of an array but a query, which has no place there.
        return match cast(from, to) {
            Cast::ToJson | Cast::FromJson | Cast::ToBytes | Cast::FromBytes => Cast::By("text"),
            Cast::NotZero => Cast::By("integer"),
            cast => cast,
        };
    }
    let is = |text: &str, group: &[&str]| group.contains(&text);
    // A text may be how somebody wrote an array.
    let element_of = |array: &str, element: &str| {
        array.strip_suffix("[]") == Some(element) && ![TEXTS, BITS].iter().any(|group| is(element, group))
    };
    if element_of(&to, &from) {
        return Cast::IntoArray;
    } else if element_of(&from, &to) {
        return Cast::FirstElement;
    }
    // How texts are written in JSON is not how arrays have them.
    let is_flat = |element: &str| is(element, NUMBERS) || is(element, TIMES) || is(element, &["boolean", "uuid"]);
    if is(&from, JSON) && to.strip_suffix("[]").is_some_and(is_flat) {
        return Cast::FromJsonArray;
    }
    // What a text looks like is no matter: a backslash would be read, and an \x.
    match (from.as_str(), to.as_str()) {
        ("bytea", "bytea") => return Cast::Implied,
        ("bytea", other) if !other.ends_with(']') => return Cast::FromBytes,
        (other, "bytea") if !other.ends_with(']') => return Cast::ToBytes,
        _ => {}
    }
    let both = |group: &[&str]| is(&from, group) && is(&to, group);
    let either = |one: &str, group: &[&str]| from == one && is(&to, group) || to == one && is(&from, group);
    let to_money = to == "money" && is(&from, &["integer", "bigint", "numeric"]);
    let is_oid = |text: &str| text == "oid" || text.starts_with("reg");
    let oids = is_oid(&from) && (is(&to, &["integer", "bigint"]) || is_oid(&to) && (from == "oid" || to == "oid"))
        || is_oid(&to) && is(&from, INTEGERS);
    let pairs = from == "money" && to == "numeric" || to_money || oids || both(&["cidr", "inet"]);
    if from == to || [TEXTS, NUMBERS, BITS, ADDRESSES].into_iter().any(both) || pairs {
        Cast::Implied
    } else if is(&from, TEXTS)
        || is(&to, TEXTS)
        || [JSON, TIMES, &["integer", "boolean"]].into_iter().any(both)
        || CASTS.iter().any(|(source, targets)| from == *source && is(&to, targets))
        || from == "jsonb" && (to == "boolean" || is(&to, NUMBERS))
        || either("bit", &["integer", "bigint"])
        || to.ends_with("multirange") && range_of(&to) == from
    {
        Cast::Explicit
    } else if from.ends_with("multirange") && range_of(&from) == to {
        Cast::Merge
    } else if to == "boolean" && is(&from, NUMBERS) {
        Cast::NotZero
    } else if from == "boolean" && is(&to, NUMBERS) || either("bit", &["smallint"]) {
        Cast::By("integer")
    } else if either("bit", NUMBERS) {
        Cast::By("bigint")
    } else if either("money", NUMBERS) {
        Cast::By("numeric")
    } else if is(&to, JSON) {
        Cast::ToJson
    } else if is(&from, JSON) {
        Cast::FromJson
    } else {
        Cast::By("text")
    }
}

/// The range type of a multirange that the server brings.
fn range_of(multirange: &str) -> String {
    multirange.replace("multirange", "range")
}

/// Whether a key of either type can be referred to by values of the other, with casts that are implicit at most.
pub fn can_refer(from: &str, to: &str) -> bool {
    let ((from, _), (to, _)) = (parts(from), parts(to));
    let groups = [INTEGERS, FLOATS, TEXTS, BITS, ADDRESSES, &["cidr", "inet"]];
    from == to || groups.iter().any(|group| group.contains(&from.as_str()) && group.contains(&to.as_str()))
}

/// `TYPE … USING …` for a column that gets the type of `after`. A foreign table has no values to cast.
pub fn retype(before: &Column, after: &Column, cx: &Cx) -> Sql {
    let foreign = cx.before.is_foreign_table(&cx.id.path[..2]);
    let using = match &after.using.0 {
        _ if foreign => Sql::default(),
        Some(expression) => sql!(" USING {}", expression),
        // It is computed anew.
        None if after.generated.is_some() => Sql::default(),
        None => {
            let name = sql!("{}", cx.id.name());
            let keeps = keeps_types(cx.id, cx.before, cx.after);
            let [from, to] = values(before, after, keeps, cx);
            let element = if keeps { None } else { through_text(from.as_str(), &to, &name) };
            let own = own_cast(from.as_str(), to.as_str(), cx).map(|context| match context {
                "e" => sql!(" USING {}::{}", name, to),
                _ => Sql::default(),
            });
            element.or(own).unwrap_or_else(|| using(from.as_str(), &to, &name))
        }
    };
    sql!("TYPE {}{}{}", after.r#type, collate(after.collation.as_ref()), using)
}

/// The types of a column's values, below any domains: to become those of a domain, they are cast to its base type and taken as they
/// are, since an explicit cast to the domain would cut off what is too long.
fn values(before: &Column, after: &Column, keeps: bool, cx: &Cx) -> [Sql; 2] {
    if !keeps {
        return [before, after].map(|column| column.r#type.clone());
    }
    [(before, cx.before), (after, cx.after)].map(|(column, side)| below_domains(cx.id, &column.r#type, side))
}

/// The type of a column's values, arrays of domains included; those of domains over arrays are no arrays of arrays.
pub fn below_domains(user: &Id, r#type: &Sql, side: &Catalog) -> Sql {
    let Some((id, domain)) = domain_of(user, r#type, side) else { return r#type.clone() };
    let base = below_domains(id, &domain.base, side);
    match (r#type.as_str().ends_with(']'), base.as_str().ends_with(']')) {
        (false, _) => base,
        (true, false) => sql!("{}[]", base),
        (true, true) => r#type.clone(),
    }
}

/// By a cast that the server does not bring, but a person or an extension does, and that is there all the time: its `castcontext`.
fn own_cast<'a>(from: &str, to: &str, cx: &Cx<'a>) -> Option<&'a str> {
    let ((from, _), (to, _)) = (parts(from), parts(to));
    let (from, to) = from.strip_suffix("[]").zip(to.strip_suffix("[]")).unwrap_or((&from, &to));
    let id = Id::new(Tag::Cast, [from, to].map(Name::from));
    if let Some(Body::Cast(cast)) = cx.before.get(&id).map(|object| &object.body) {
        return Some(cast.context.as_str()).filter(|_| stays(&id, cx.before, cx.after));
    }
    let words = format!("{from} AS {to}");
    let context = |side: &'a Catalog| side.server.casts.get(&words).map(String::as_str);
    context(cx.before).filter(|_| context(cx.after).is_some())
}

/// Whether the types that something is made of, and those that they are made of, stay what they are, or only go once nothing is made of them.
pub fn keeps_types(id: &Id, before: &Catalog, after: &Catalog) -> bool {
    let rows = [Tag::Table, Tag::View, Tag::MaterializedView];
    let goes = |id: &Id| {
        let mut tags = TYPES.iter().chain(&rows);
        id.tag == Tag::Domain && tags.all(|tag| !after.has(&Id { tag: *tag, path: id.path.clone() }))
    };
    let needs = before.needs(id);
    let mut types = needs.map(|need| &need.id).filter(|id| is_type(id));
    types.all(|id| (stays(id, before, after) || goes(id)) && keeps_types(id, before, after))
}

/// Whether the values of a column that is there stay, or go over to its type to come unasked.
pub fn is_implied(column: &Id, cx: &Cx) -> bool {
    let types = |side| column_of(side, column).map(|column| column.r#type.as_str());
    let is_cast = |(from, to)| cast(from, to) == Cast::Implied;
    types(cx.before).zip(types(cx.after)).is_some_and(is_cast) && keeps_types(column, cx.before, cx.after)
}

/// Whether values of a column that were unlike are so in its type to come, and those that were equal are equal.
pub fn stays_true_of(column: &Id, cx: &Cx) -> bool {
    let (Some(old), Some(new)) = (column_of(cx.before, column), column_of(cx.after, column)) else { return false };
    let is_harmless = |hazard: &Hazard| hazard.danger == Danger::Rewrite;
    let goes_over = || hazards(old, new, &Cx { id: column, ..*cx }).iter().all(is_harmless);
    is_implied(column, cx) && (!old.is_retyped(new) || goes_over())
}

/// Whether the definition of something is the same on both sides.
pub fn stays(id: &Id, before: &Catalog, after: &Catalog) -> bool {
    before.get(id).map(|object| &object.body) == after.get(id).map(|object| &object.body)
}

/// Where only texts lead from one type to the other, though they are called alike, or are an array and its element.
fn through_text(from: &str, to: &Sql, value: &Sql) -> Option<Sql> {
    match cast(from, to.as_str()) {
        Cast::Implied => Some(sql!(" USING {}::text::{}", value, to)),
        Cast::IntoArray => Some(sql!(" USING {}", into_array(value, &sql!("{}::text", value), to))),
        Cast::FirstElement => Some(sql!(" USING ({})[1]::text::{}", value, to)),
        _ => None,
    }
}

/// An array of the one element, or none. In tables with heirs the server reads the wrong column in `IS NOT NULL`, which
/// is also false of rows that have a null.
fn into_array(value: &Sql, element: &Sql, to: &Sql) -> Sql {
    sql!("CASE WHEN {} IS DISTINCT FROM NULL THEN ARRAY[{}]::{} END", value, element, to)
}

fn using(from: &str, to: &Sql, value: &Sql) -> Sql {
    cast_to(from, to, value).map_or(Sql::default(), |cast| sql!(" USING {}", cast))
}

/// A value as one of another type; `None` where the server casts by itself.
pub fn cast_to(from: &str, to: &Sql, value: &Sql) -> Option<Sql> {
    let (base, length) = parts(to.as_str());
    // An explicit cast to a length cuts off what is too long, and says nothing.
    let [source, element] = [&parts(from).0, &base].map(|name| name.trim_end_matches("[]").to_owned());
    let is = |name: &str, group: &[&str]| group.contains(&name);
    let uncut = match if is(&element, BITS) { "bit varying" } else { "text" } {
        long if !length.is_empty() && (is(&element, TEXTS) || is(&element, BITS)) => {
            sql!("{}{}", Sql::raw(long), Sql::raw(if base.ends_with(']') { "[]" } else { "" }))
        }
        _ => to.clone(),
    };
    Some(match cast(from, to.as_str()) {
        Cast::Implied => return None,
        Cast::Explicit if is(&element, TEXTS) || is(&element, BITS) && is(&source, TEXTS) => {
            sql!("{}::{}", value, uncut)
        }
        // Blanks that only fill it up are none of the text.
        Cast::Explicit if parts(from).0 == "character" => sql!("{}::text::{}", value, to),
        Cast::Explicit => sql!("{}::{}", value, to),
        Cast::By("text") => sql!("{}::text::{}", value, uncut),
        Cast::By(between) => {
            sql!("{}::{}{}::{}", value, Sql::raw(between), Sql::raw(if from.ends_with(']') { "[]" } else { "" }), to)
        }
        Cast::ToJson if base == "jsonb" => sql!("to_jsonb({})", value),
        Cast::ToJson => sql!("to_jsonb({})::{}", value, to),
        Cast::NotZero => sql!("{} <> 0", value),
        Cast::IntoArray => into_array(value, value, to),
        Cast::FirstElement => sql!("({})[1]", value),
        Cast::Merge => sql!("range_merge({})", value),
        Cast::ToBytes if from == "uuid" => sql!("uuid_send({})", value),
        Cast::FromBytes if base == "uuid" => sql!("encode({}, 'hex')::uuid", value),
        Cast::ToBytes if is(&source, TEXTS) => sql!("convert_to({}, 'UTF8')", value),
        Cast::ToBytes => sql!("convert_to({}::text, 'UTF8')", value),
        Cast::FromBytes if is(&element, TEXTS) => sql!("convert_from({}, 'UTF8')", value),
        Cast::FromBytes => sql!("convert_from({}, 'UTF8')::{}", value, uncut),
        Cast::FromJson => sql!("({} #>> '{{}}')::{}", value, uncut),
        Cast::FromJsonArray => sql!("translate({}::text, '[]', '{{}}')::{}", value, to),
    })
}

/// Whether an expression's values of either type are the same, once they are: of whole numbers, of texts, and of as many decimal digits.
pub fn computes_alike(from: &str, to: &str) -> bool {
    let both = |group: &[&str]| [from, to].iter().all(|text| group.contains(&&*parts(text).0));
    both(INTEGERS) || is_free(from, to) && (both(TEXTS) || both(&["numeric"]) && !parts(to).1.is_empty())
}

/// Whether the server only writes down another type, and touches no row.
pub fn is_free(shown: &str, goal: &str) -> bool {
    let ((from, had), (to, has)) = (parts(shown), parts(goal));
    // Digits of seconds that they have anyway.
    let is_time = from.starts_with("time") || from.starts_with("interval");
    let has = if is_time && has == [6] { Vec::new() } else { has };
    let wider = match (&had[..], &has[..]) {
        (_, []) => true,
        ([had], [has]) => has >= had,
        ([precision, scale], [more, same]) => more >= precision && scale == same,
        _ => false,
    };
    // citext is a text that is compared otherwise.
    let varying =
        |text: &str| ["character varying", "text", "citext"].contains(&text.rsplit('.').next().unwrap_or(text));
    match from.as_str() {
        from if varying(from) => varying(&to) && wider,
        "character" | "bit" => from == to && had == has,
        "cidr" => to == "inet",
        array if array.ends_with(']') => from == to && (has.is_empty() || had == has) && finest(shown) == finest(goal),
        "interval" => from == to && wider && finest(goal) >= finest(shown),
        _ => from == to && wider,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wider_types_touch_no_row() {
        let free = [
            ("character varying(5)", "character varying(9)"),
            ("character varying(5)", "text"),
            ("text", "character varying"),
            ("numeric(5,2)", "numeric(9,2)"),
            ("timestamp(3) with time zone", "timestamp with time zone"),
            ("timestamp with time zone", "timestamp(6) with time zone"),
            ("character varying(5)[]", "character varying[]"),
            ("interval year to month", "interval"),
            ("interval day", "interval day to second"),
        ];
        let not = [
            ("character varying(9)", "character varying(5)"),
            ("integer", "bigint"),
            ("numeric(5,2)", "numeric(9,3)"),
            ("character(3)", "character(5)"),
            ("text", "integer"),
            ("character varying(5)[]", "character varying(9)[]"),
            ("interval", "interval year to month"),
            ("interval day to second(3)", "interval hour"),
            ("interval(3)", "interval(1)"),
        ];
        assert!(free.iter().all(|(from, to)| is_free(from, to)));
        assert!(!not.iter().any(|(from, to)| is_free(from, to)));
    }

    #[test]
    fn no_type_is_cast_where_the_server_has_no_cast() {
        for (from, to) in
            [("point", "circle"), ("time without time zone", "timestamp with time zone"), ("circle", "path")]
        {
            assert_eq!(cast(from, to), Cast::By("text"), "{from} to {to}");
        }
        for (from, to) in [("interval day", "time(3) without time zone"), ("box", "circle")] {
            assert_eq!(cast(from, to), Cast::Explicit, "{from} to {to}");
        }
        assert_eq!(cast("interval", "interval year to month"), Cast::Implied);
        assert_eq!(cast("money", "double precision"), Cast::By("numeric"));
        assert_eq!(cast("bit(3)", "smallint"), Cast::By("integer"));
    }

    #[test]
    fn a_length_is_never_reached_by_cutting() {
        let text = using("integer", &Sql::raw("character varying(3)"), &Sql::raw("c"));
        assert_eq!(text.as_str(), " USING c::text");
        let text = using("integer[]", &Sql::raw("character varying(3)[]"), &Sql::raw("c"));
        assert_eq!(text.as_str(), " USING c::text[]");
    }
}

//! How the values of a column become values of another type, and what that does to them.
//!
//! <https://www.postgresql.org/docs/current/sql-createcast.html>, <https://www.postgresql.org/docs/current/typeconv-query.html>

use super::column::Column;
use super::composite::Attribute;
use super::options::collate;
use super::{Body, Cx, Id, Tag, dotted};
use crate::catalog::Catalog;
use crate::name::{Literal, Name};
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Danger, Hazard};

/// The way from one type to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cast {
    /// The server does it unasked.
    Implied,
    /// `value::type`
    Explicit,
    /// `value::text::type`
    ByText,
    /// `value::integer::type`
    ByInteger,
    /// `to_jsonb(value)::type`
    ToJson,
}

const NUMBERS: &[&str] = &["smallint", "integer", "bigint", "numeric", "real", "double precision"];
const TEXTS: &[&str] = &["text", "character varying", "character", "name"];
const JSON: &[&str] = &["json", "jsonb"];
const TIMES: &[&str] = &["date", "timestamp without time zone", "timestamp with time zone"];
const INTEGERS: &[&str] = &["smallint", "integer", "bigint"];
const BITS: &[&str] = &["bit", "bit varying"];
const SHAPES: &[&str] = &["box", "circle", "lseg", "path", "point", "polygon"];
const ADDRESSES: &[&str] = &["macaddr", "macaddr8"];
const CLOCKS: &[&str] = &["timestamp with time zone", "time with time zone", "time without time zone"];

/// A type's name without its modifiers, and these: length, or precision and scale.
fn parts(text: &str) -> (String, Vec<i64>) {
    match (text.find('('), text.find(')')) {
        (Some(open), Some(close)) if open < close => {
            let modifiers = text[open + 1..close].split(',').filter_map(|part| part.trim().parse().ok()).collect();
            (format!("{}{}", &text[..open], &text[close + 1..]), modifiers)
        }
        _ => (text.to_owned(), Vec::new()),
    }
}

/// Only built-in types are known to cast by themselves.
pub fn cast(from: &str, to: &str) -> Cast {
    let ((from, _), (to, _)) = (parts(from), parts(to));
    if let (Some(from), Some(to)) = (from.strip_suffix("[]"), to.strip_suffix("[]")) {
        // Nothing makes an array of the elements of a JSON array but a query, which has no place there.
        return if cast(from, to) == Cast::ToJson { Cast::ByText } else { cast(from, to) };
    }
    let is = |text: &str, group: &[&str]| group.contains(&text);
    let both = |group: &[&str]| is(&from, group) && is(&to, group);
    let either = |one: &str, group: &[&str]| from == one && is(&to, group) || to == one && is(&from, group);
    let to_money = to == "money" && is(&from, &["integer", "bigint", "numeric"]);
    let pairs = from == "money" && to == "numeric" || to_money || either("oid", INTEGERS) || both(&["cidr", "inet"]);
    if from == to || [TEXTS, NUMBERS, BITS, ADDRESSES].into_iter().any(both) || pairs {
        Cast::Implied
    } else if is(&from, TEXTS)
        || is(&to, TEXTS)
        || [JSON, TIMES, CLOCKS, SHAPES, &["integer", "boolean"]].into_iter().any(both)
        || from == "jsonb" && (to == "boolean" || is(&to, NUMBERS))
        || either("bit", &["integer", "bigint"])
        || to.ends_with("multirange") && to == from.replace("range", "multirange")
    {
        Cast::Explicit
    } else if either("boolean", NUMBERS) {
        Cast::ByInteger
    } else if is(&to, JSON) {
        Cast::ToJson
    } else {
        Cast::ByText
    }
}

/// `TYPE … USING …` for a column that gets the type of `after`. A foreign table has no values to cast.
pub fn retype(before: &Column, after: &Column, name: &Name, foreign: bool) -> Sql {
    let using = match &after.using.0 {
        _ if foreign => Sql::default(),
        Some(expression) => sql!(" USING {}", expression),
        // It is computed anew.
        None if after.generated.is_some() => Sql::default(),
        None => using(before.r#type.as_str(), &after.r#type, &sql!("{}", name)),
    };
    sql!("TYPE {}{}{}", after.r#type, collate(after.collation.as_ref()), using)
}

fn using(from: &str, to: &Sql, value: &Sql) -> Sql {
    cast_to(from, to, value).map_or(Sql::default(), |cast| sql!(" USING {}", cast))
}

/// A value as one of another type; `None` where the server casts by itself.
fn cast_to(from: &str, to: &Sql, value: &Sql) -> Option<Sql> {
    let (base, length) = parts(to.as_str());
    Some(match cast(from, to.as_str()) {
        Cast::Implied => return None,
        // An explicit cast to a length cuts off what is too long, and says nothing.
        Cast::Explicit if TEXTS.contains(&base.as_str()) && !length.is_empty() => sql!("{}::text", value),
        Cast::Explicit => sql!("{}::{}", value, to),
        Cast::ByText => sql!("{}::text::{}", value, to),
        Cast::ByInteger => sql!("{}::integer{}::{}", value, Sql::raw(if from.ends_with(']') { "[]" } else { "" }), to),
        Cast::ToJson => sql!("to_jsonb({})::{}", value, to),
    })
}

/// What a change from the type of `before` to that of `after` may do to the values of column `cx.id`.
pub fn hazards(before: &Column, after: &Column, cx: &Cx) -> Vec<Hazard> {
    let (from, to) = (before.r#type.as_str(), after.r#type.as_str());
    let name = cx.id.name();
    if after.using.0.is_some() {
        let rewrite = format!("every value of {name} is made anew by the expression of the models");
        let fails = format!("fails on values of {name} that this expression makes no {to} of");
        return [(Danger::Rewrite, rewrite), (Danger::MayFail, fails)]
            .map(|(danger, why)| Hazard { danger, why, count: None })
            .into();
    }
    let mut out = Vec::new();
    if !is_free(from, to) {
        let why = format!("every value of {name} is cast from {from} to {to}");
        out.push(Hazard { danger: Danger::Rewrite, why, count: None });
    }
    let labels = labels_of(cx.after, to);
    let unfit = unfit(&sql!("{}", name), from, to, labels.as_deref(), cx.version());
    out.extend(unfit.map(|unfit| hazard(cx.id, unfit)));
    out
}

/// Types that others take the place of, on the way from one catalog to another.
pub struct Swaps<'a, F: Fn(&Id) -> bool> {
    /// Where the types are that go aside.
    pub before: &'a Catalog,
    /// Where those are that come.
    pub after: &'a Catalog,
    /// Which they are.
    pub is_swapped: F,
}

impl<F: Fn(&Id) -> bool> Swaps<'_, F> {
    /// How the values of the column `id` become values of the type that takes the place of `of`, and what that may do to them.
    pub fn way(&self, id: &Id, column: &Column, of: &Id) -> (Sql, Vec<Hazard>) {
        let (name, to) = (sql!("{}", id.name()), &column.r#type);
        let bodies = self.bodies(of).filter(|_| dotted(&of.path) == *to);
        let (using, unfit) = match bodies {
            Some((Body::Domain(old), Body::Domain(new))) if old.base != new.base && !self.is_aside(of, &old.base) => {
                let labels = labels_of(self.after, new.base.as_str());
                let (from, version) = (old.base.as_str(), self.after.server.version);
                let unfit = unfit(&name, from, new.base.as_str(), labels.as_deref(), version);
                (using(from, &new.base, &name), unfit.into_iter().collect())
            }
            Some((Body::Composite(old), Body::Composite(new))) if old.attributes != new.attributes => {
                let (row, unfit) = self.row(&name, of, &old.attributes, &new.attributes);
                let some = sql!("{} IS DISTINCT FROM NULL", name);
                (sql!(" USING CASE WHEN {} THEN {}::{} END", some, row, to), unfit)
            }
            _ => {
                let unfit = self.unreadable(of).map(|gone| self.unread(&name, to, of, gone));
                let why =
                    || format!("values of {name} go to the attributes of the new {} by their place", dotted(&of.path));
                let misplaced = self.misplaces(of).then(|| (Danger::DataLoss, why(), None));
                (sql!(" USING {}::text::{}", name, to), unfit.into_iter().chain(misplaced).collect())
            }
        };
        let rewrite =
            (Danger::Rewrite, format!("every value of {name} becomes one of the new {}", dotted(&of.path)), None);
        (using, [rewrite].into_iter().chain(unfit).map(|unfit| hazard(id, unfit)).collect())
    }

    fn bodies(&self, of: &Id) -> Option<(&Body, &Body)> {
        Some((&self.before.get(of)?.body, &self.after.get(of)?.body))
    }

    /// The types that `of` is made of and that go aside as well.
    fn aside(&self, of: &Id) -> impl Iterator<Item = &Id> {
        let needs = self.before.get(of).into_iter().flat_map(|object| &object.needs);
        needs.map(|need| &need.id).filter(|id| id.tag != Tag::Collation && (self.is_swapped)(id))
    }

    fn is_aside(&self, of: &Id, part: &Sql) -> bool {
        self.aside(of).any(|id| dotted(&id.path).as_str() == part.as_str().trim_end_matches("[]"))
    }

    /// The new row of an old one's attributes.
    fn row(&self, name: &Sql, of: &Id, old: &[Attribute], new: &[Attribute]) -> (Sql, Vec<Unfit>) {
        let mut out = Vec::new();
        for gone in old.iter().filter(|old| new.iter().all(|new| new.name != old.name)) {
            let value = sql!("({}).{}", name, gone.name);
            let why = format!("attribute {} of {name} is lost", gone.name);
            out.push((Danger::DataLoss, why, Some(sql!("{} IS NOT NULL", value))));
        }
        let values = new.iter().map(|new| {
            let Some(old) = old.iter().find(|old| old.name == new.name) else { return Sql::raw("NULL") };
            let value = sql!("({}).{}", name, new.name);
            if self.is_aside(of, &old.r#type) {
                let why = format!("fails on values of {value} whose text the new {} does not read", new.r#type);
                out.push((Danger::MayFail, why, None));
                return sql!("{}::text::{}", value, new.r#type);
            }
            let (from, to, version) = (old.r#type.as_str(), new.r#type.as_str(), self.after.server.version);
            let unfit = unfit(&value, from, to, labels_of(self.after, to).as_deref(), version);
            let (base, length) = parts(to);
            out.extend(unfit.map(|unfit| match TEXTS.contains(&base.as_str()) && !length.is_empty() {
                true => (Danger::DataLoss, format!("values of {value} are cut off to {to}"), unfit.2),
                false => unfit,
            }));
            cast_to(from, &new.r#type, &value).unwrap_or(value)
        });
        let values = Sql::join(values.collect::<Vec<_>>(), ", ");
        (sql!("ROW({})", values), out)
    }

    /// Whether attributes have another place in the new type, or in a part of it: texts have no names.
    fn misplaces(&self, of: &Id) -> bool {
        let among_parts = || self.aside(of).any(|part| self.misplaces(part));
        match self.bodies(of) {
            Some((Body::Composite(old), Body::Composite(new))) => {
                old.attributes.iter().zip(&new.attributes).any(|(old, new)| old.name != new.name) || among_parts()
            }
            Some((Body::Domain(_) | Body::Range(_), _)) => among_parts(),
            _ => false,
        }
    }

    /// Whether the new type may not read every text of the old one, and which ones where that is known.
    fn unreadable(&self, of: &Id) -> Option<Option<Sql>> {
        let among_parts = || self.aside(of).find_map(|part| self.unreadable(part));
        match self.bodies(of) {
            None => None,
            Some((Body::Enum(old), Body::Enum(new))) => {
                let gone: Vec<_> = old.labels.iter().filter(|label| !new.labels.contains(label)).collect();
                let list = Sql::join(gone.iter().map(|label| sql!("{}", Literal(label))), ", ");
                (!gone.is_empty()).then_some(Some(list))
            }
            Some((Body::Domain(old), Body::Domain(new))) => {
                let checks = |catalog: &Catalog| {
                    let checks = catalog.below(Tag::DomainConstraint, &of.path);
                    checks.map(|(_, object)| object.body.clone()).collect::<Vec<_>>()
                };
                let same = old.base == new.base && (old.not_null || !new.not_null);
                if same && checks(self.before) == checks(self.after) { among_parts() } else { Some(None) }
            }
            Some((old @ (Body::Composite(_) | Body::Range(_)), new)) if old == new => among_parts(),
            Some(_) => Some(None),
        }
    }

    fn unread(&self, name: &Sql, to: &Sql, of: &Id, gone: Option<Sql>) -> Unfit {
        let why = match &gone {
            Some(gone) => format!("fails on rows whose {name} holds {gone}"),
            None => format!("fails on values of {name} whose text the new {} does not read", dotted(&of.path)),
        };
        let (element, is_array) = match to.as_str().strip_suffix("[]") {
            Some(element) => (element, true),
            None => (to.as_str(), false),
        };
        // Of types that only contain the enum, the text says too little.
        let gone = gone.filter(|_| element == dotted(&of.path).as_str());
        let rows = gone.map(|list| match is_array {
            true => sql!("{}::text[] && ARRAY[{}]", name, list),
            false => sql!("{}::text IN ({})", name, list),
        });
        (Danger::MayFail, why, rows)
    }
}

/// A danger, the sentence, and which rows are concerned as a condition where one can be written.
type Unfit = (Danger, String, Option<Sql>);

/// A hazard of the column `id`.
fn hazard(id: &Id, (danger, why, rows): Unfit) -> Hazard {
    let count = rows.map(|rows| sql!("SELECT count(*) FROM {} WHERE {}", id.relation(), rows));
    Hazard { danger, why, count }
}

/// The values of an enum by the name that columns have of it.
fn labels_of(catalog: &Catalog, r#type: &str) -> Option<Vec<String>> {
    let named = |id: &Id| dotted(&id.path).as_str() == r#type;
    catalog.below(Tag::Enum, &[]).find(|(id, _)| named(id)).and_then(|(_, object)| match &object.body {
        Body::Enum(body) => Some(body.labels.clone()),
        _ => None,
    })
}

/// Whether the server only writes down another type, and touches no row.
fn is_free(from: &str, to: &str) -> bool {
    let ((from, had), (to, has)) = (parts(from), parts(to));
    let wider = match (&had[..], &has[..]) {
        (_, []) => true,
        ([had], [has]) => has >= had,
        ([precision, scale], [more, same]) => more >= precision && scale == same,
        _ => false,
    };
    let varying = ["character varying", "text"];
    match from.as_str() {
        "character varying" | "text" => varying.contains(&to.as_str()) && wider,
        "character" | "bit" => from == to && had == has,
        "cidr" => to == "inet",
        _ => from == to && wider,
    }
}

/// Values that have no place in the other type, or lose something on the way.
fn unfit(name: &Sql, from: &str, to: &str, labels: Option<&[String]>, version: u32) -> Option<Unfit> {
    let fails = |rows| Some((Danger::MayFail, format!("fails on values of {name} that are no {to}"), rows));
    let ((base, had), (goal, has)) = (parts(from), parts(to));
    if base.ends_with(']') || goal.ends_with(']') {
        return if is_free(from, to) { None } else { fails(None) };
    }
    if let Some(labels) = labels {
        let list = Sql::join(labels.iter().map(|label| sql!("{}", Literal(label))), ", ");
        return fails((!labels.is_empty()).then(|| sql!("{}::text NOT IN ({})", name, list)));
    }
    let is = |text: &String, group: &[&str]| group.contains(&text.as_str());
    if goal == "name" && base != "name" {
        let why = format!("values of {name} are cut off after 63 bytes");
        return Some((Danger::DataLoss, why, Some(sql!("octet_length({}::text) > 63", name))));
    }
    if is(&goal, TEXTS) {
        let length = *has.first()?;
        let shorter = !is(&base, TEXTS) || had.first().is_none_or(|had| *had > length);
        let rows = sql!("char_length(rtrim({}::text, ' ')) > {}", name, length);
        return shorter.then_some(rows).and_then(|rows| fails(Some(rows)));
    }
    if is(&base, TEXTS) {
        let valid = sql!("NOT pg_input_is_valid({}::text, {})", name, Literal(to));
        return fails((version >= 160_000).then_some(valid));
    }
    if is(&base, NUMBERS) && is(&goal, NUMBERS) {
        return fewer_digits(name, (&base, &had), (&goal, &has), to);
    }
    let loses = |what: &str| Some((Danger::DataLoss, format!("{what} of {name} is lost"), None));
    match (base.as_str(), goal.as_str()) {
        (from, "date") if from.starts_with("timestamp") => loses("the time of day"),
        (from, to) if from.starts_with("timestamp") && to.starts_with("time ") => loses("the date"),
        (from, "boolean") if NUMBERS.contains(&from) => loses("every number but 0 and 1"),
        (from, to) if from == to && !is_free(from, to) => loses("precision"),
        ("jsonb", to) if !JSON.contains(&to) => fails(None),
        (from, to) if cast(from, to) == Cast::ByText && from != to => fails(None),
        _ => None,
    }
}

fn fewer_digits(name: &Sql, (from, had): (&str, &[i64]), (to, has): (&str, &[i64]), shown: &str) -> Option<Unfit> {
    /// Bits of an integer.
    fn bits(base: &str) -> Option<u32> {
        [("smallint", 16), ("integer", 32), ("bigint", 64)]
            .iter()
            .find(|(name, _)| *name == base)
            .map(|(_, bits)| *bits)
    }
    let out_of_range = || format!("fails on values of {name} that are out of range of {shown}");
    let rounds = || format!("values of {name} that {shown} has no digits for are rounded");
    match (bits(from), bits(to)) {
        (Some(had), Some(has)) if had <= has => None,
        (whole, Some(has)) => {
            let most = i64::MAX >> (64 - has);
            let range = sql!("{} NOT BETWEEN {} AND {}", name, -most - 1, most);
            match whole {
                Some(_) => Some((Danger::MayFail, out_of_range(), Some(range))),
                None => Some((Danger::DataLoss, rounds(), Some(sql!("{} <> round({}::numeric)", name, name)))),
            }
        }
        (whole, None) if to == "numeric" => {
            let [precision, scale] = has else { return None };
            let digits = precision - scale;
            let too_large = sql!("abs({}::numeric) >= 10::numeric ^ {}", name, digits);
            let had_digits = match (whole, had) {
                (Some(bits), _) => Some(match bits {
                    16 => 5,
                    32 => 10,
                    _ => 19,
                }),
                (None, [precision, scale]) => Some(precision - scale),
                _ => None,
            };
            let had_scale = if whole.is_some() { Some(0) } else { had.get(1).copied() };
            if had_digits.is_none_or(|had| had > digits) {
                Some((Danger::MayFail, out_of_range(), Some(too_large)))
            } else if had_scale.is_none_or(|had| had > *scale) {
                Some((Danger::DataLoss, rounds(), Some(sql!("{} <> round({}::numeric, {})", name, name, *scale))))
            } else {
                None
            }
        }
        // Floating point keeps 15 digits, or 6.
        (Some(bits), None) if bits > 32 || to == "real" && bits > 16 => Some((Danger::DataLoss, rounds(), None)),
        (None, None) if from == "numeric" || to == "real" => Some((Danger::DataLoss, rounds(), None)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(from: &str, to: &str) -> Option<(Danger, String)> {
        let (danger, _, rows) = unfit(&Sql::raw("c"), from, to, None, 150_000)?;
        Some((danger, rows.map_or(String::new(), |rows| rows.as_str().to_owned())))
    }

    #[test]
    fn wider_types_touch_no_row() {
        let free = [
            ("character varying(5)", "character varying(9)"),
            ("character varying(5)", "text"),
            ("text", "character varying"),
            ("numeric(5,2)", "numeric(9,2)"),
            ("timestamp(3) with time zone", "timestamp with time zone"),
        ];
        let not = [
            ("character varying(9)", "character varying(5)"),
            ("integer", "bigint"),
            ("numeric(5,2)", "numeric(9,3)"),
            ("character(3)", "character(5)"),
            ("text", "integer"),
        ];
        assert!(free.iter().all(|(from, to)| is_free(from, to)));
        assert!(!not.iter().any(|(from, to)| is_free(from, to)));
    }

    #[test]
    fn values_that_do_not_fit_are_counted() {
        let fails = |rows: &str| Some((Danger::MayFail, rows.to_owned()));
        assert_eq!(told("bigint", "smallint"), fails("c NOT BETWEEN -32768 AND 32767"));
        assert_eq!(told("integer", "character varying(3)"), fails("char_length(rtrim(c::text, ' ')) > 3"));
        assert_eq!(told("text", "integer"), fails(""));
        assert_eq!(told("integer", "numeric(5,2)"), fails("abs(c::numeric) >= 10::numeric ^ 3"));
        let rounded = Some((Danger::DataLoss, "c <> round(c::numeric, 1)".to_owned()));
        assert_eq!(told("numeric(5,2)", "numeric(9,1)"), rounded);
        for (from, to) in [("smallint", "bigint"), ("text", "character varying"), ("character varying(3)", "text")] {
            assert_eq!(told(from, to), None, "{from} to {to}");
        }
    }

    #[test]
    fn a_length_is_never_reached_by_cutting() {
        let text = using("integer", &Sql::raw("character varying(3)"), &Sql::raw("c"));
        assert_eq!(text.as_str(), " USING c::text");
    }
}

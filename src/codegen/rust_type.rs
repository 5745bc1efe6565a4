//! Types of PostgreSQL as types of Rust, and the casts that stand between the two.
//!
//! What the driver has no type for travels as text: `ip::text` is read and `$1::text::inet` written.
//! Names that are not built in are looked up in the catalog.

use std::collections::BTreeMap;

use super::definition;
use crate::catalog::Catalog;
use crate::kind::{Body, Id, Tag};
use crate::name::Name;
use crate::sql;
use crate::sql::Sql;
use crate::sql::token::{Token, tokens};

/// A type of Rust for values of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RustType {
    /// As Rust writes it, without `Option`.
    pub text: String,
    /// As a function takes it.
    pub parameter: String,
    /// The element of an array.
    pub element: Option<String>,
    /// Whether it can be the key of a `HashMap`.
    pub hashable: bool,
    /// Whether the server can compare two of them.
    pub comparable: bool,
    /// What the application needs for it besides the driver.
    pub needs: Option<Package>,
    /// What stands behind a column that is read, a parameter, a parameter with an array of them.
    pub casts: Casts,
}

/// Casts with their `::`, or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Casts {
    /// Behind a column that is read.
    pub read: Sql,
    /// Behind a parameter.
    pub write: Sql,
    /// Behind a parameter that is an array of values.
    pub write_many: Sql,
}

/// A package that holds types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Package {
    /// Dates and times.
    Chrono,
    /// `numeric`.
    RustDecimal,
    /// `json` and `jsonb`.
    SerdeJson,
    /// `uuid`.
    Uuid,
}

/// Enums of Rust by schema and name of the type.
pub type Enums = BTreeMap<[Name; 2], String>;

/// The type for values of `sql_type`, which is the server's own spelling under an empty `search_path`.
pub fn of(sql_type: &Sql, catalog: &Catalog, enums: &Enums) -> RustType {
    let Base { name, array } = base(sql_type);
    let element = scalar(&name, catalog, enums);
    if array { element.array(&name) } else { element.value }
}

/// A type without its modifier, `numeric` for `numeric(10,2)[]`.
struct Base {
    name: String,
    array: bool,
}

fn base(sql_type: &Sql) -> Base {
    let text = sql_type.as_str();
    let array = text.ends_with("[]");
    let (mut name, mut depth) = (String::new(), 0_usize);
    for token in tokens(text.trim_end_matches("[]")).filter(Token::is_code) {
        depth += usize::from(token.is_punct("("));
        if depth == 0 {
            let joined = name.is_empty() || name.ends_with('.') || token.is_punct(".");
            name.push_str(if joined { "" } else { " " });
            name.push_str(token.text);
        }
        depth -= usize::from(token.is_punct(")") && depth > 0);
    }
    // A length is checked when the value is stored; an explicit cast would cut it off. Fields are no type.
    let name = match name.as_str() {
        "bit" => "bit varying".to_owned(),
        other if other.starts_with("interval ") => "interval".to_owned(),
        _ => name,
    };
    Base { name, array }
}

/// A type that is no array.
struct Scalar {
    value: RustType,
    /// The type below a domain.
    below: Option<Sql>,
}

impl Scalar {
    fn array(self, name: &str) -> RustType {
        let element = self.value;
        let of_name = Sql::raw(format!("::{name}[]"));
        let casts = match (&self.below, element.casts.read.is_empty()) {
            // The driver does not look below the domain of an element.
            (Some(below), true) => same(&sql!("::{}[]", below), &of_name),
            (None, true) => Casts::default(),
            (_, false) => {
                let steps = element.casts.read.as_str().split("::").skip(1);
                let read = Sql(steps.map(|step| format!("::{step}[]")).collect());
                Casts { read, ..same(&Sql::raw("::text[]"), &of_name) }
            }
        };
        RustType { casts, element: Some(element.text.clone()), ..element }.with_elements("Option<", ">")
    }
}

/// Read as `driver`, written as that and then as the type itself. Arrays of arrays have no cast: only `=` knows them.
fn same(driver: &Sql, own: &Sql) -> Casts {
    let write = sql!("{}{}", driver, own);
    Casts { read: driver.clone(), write_many: write.clone(), write }
}

fn scalar(name: &str, catalog: &Catalog, enums: &Enums) -> Scalar {
    if let Some(value) = built_in(name) {
        return Scalar { value, below: None };
    }
    let path = definition::path(name).unwrap_or_default();
    if let Some(text) = <[Name; 2]>::try_from(path.clone()).ok().and_then(|path| enums.get(&path)) {
        return Scalar { value: RustType::plain(&format!("types::{text}")), below: None };
    }
    if let Some(Body::Domain(domain)) = catalog.get(&Id::new(Tag::Domain, path.clone())).map(|object| &object.body) {
        let below = Sql::raw(base(&domain.base).name);
        let mut value = of(&domain.base, catalog, enums);
        if value.casts.write.is_empty() && !domain.base.as_str().ends_with("[]") {
            // The server takes the parameter for the domain, of which the driver knows nothing.
            value.casts.write = sql!("::{}", below);
            value.casts.write_many = sql!("::{}[]", below);
        }
        return Scalar { value, below: Some(below) };
    }
    let case_insensitive_text = path.last().is_some_and(|last| last.as_str() == "citext");
    let of_both =
        |(id, _): (&Id, _)| id.part(1).as_str() == "=" && id.part(2).as_str() == name && id.part(3).as_str() == name;
    let comparable = !catalog.has(&Id::new(Tag::BaseType, path)) || catalog.below(Tag::Operator, &[]).any(of_both);
    let value = if case_insensitive_text { RustType::string() } else { RustType::as_text(name, comparable) };
    Scalar { value, below: None }
}

fn built_in(name: &str) -> Option<RustType> {
    let packaged = |text: &str, package| RustType { needs: Some(package), ..RustType::plain(text) };
    let chrono = |text: &str| packaged(text, Package::Chrono);
    Some(match name {
        "boolean" => RustType::plain("bool"),
        "smallint" => RustType::plain("i16"),
        "integer" => RustType::plain("i32"),
        "bigint" => RustType::plain("i64"),
        "oid" => RustType::plain("u32"),
        "\"char\"" => RustType::plain("i8"),
        "real" => RustType { hashable: false, ..RustType::plain("f32") },
        "double precision" => RustType { hashable: false, ..RustType::plain("f64") },
        "numeric" => packaged("rust_decimal::Decimal", Package::RustDecimal),
        "uuid" => packaged("uuid::Uuid", Package::Uuid),
        "date" => chrono("chrono::NaiveDate"),
        "time without time zone" => chrono("chrono::NaiveTime"),
        "timestamp without time zone" => chrono("chrono::NaiveDateTime"),
        "timestamp with time zone" => chrono("chrono::DateTime<chrono::Utc>"),
        "text" | "character varying" | "character" | "name" => RustType::string(),
        "bytea" => RustType::owned("Vec<u8>", "&[u8]"),
        "jsonb" => RustType::json(),
        "json" => RustType { comparable: false, ..RustType::json() },
        "xml" | "jsonpath" | "point" | "line" | "lseg" | "box" | "path" | "polygon" | "circle" => {
            RustType::as_text(name, false)
        }
        _ => return None,
    })
}

impl RustType {
    /// An array of which it is known that no element is null.
    pub fn without_null_elements(self) -> Self {
        self.with_elements("", "")
    }

    fn with_elements(self, before: &str, after: &str) -> Self {
        let Some(element) = &self.element else { return self };
        let element = format!("{before}{element}{after}");
        RustType { text: format!("Vec<{element}>"), parameter: format!("&[{element}]"), ..self }
    }

    fn plain(text: &str) -> Self {
        RustType {
            text: text.to_owned(),
            parameter: text.to_owned(),
            element: None,
            hashable: true,
            comparable: true,
            needs: None,
            casts: Casts::default(),
        }
    }

    fn owned(text: &str, parameter: &str) -> Self {
        RustType { parameter: parameter.to_owned(), ..RustType::plain(text) }
    }

    fn string() -> Self {
        RustType::owned("String", "&str")
    }

    fn json() -> Self {
        let value = RustType::owned("serde_json::Value", "&serde_json::Value");
        RustType { needs: Some(Package::SerdeJson), ..value }
    }

    fn as_text(name: &str, comparable: bool) -> Self {
        // Cast to a text, an address gets its mask also where that says nothing; read as a name, it is what the server prints.
        let read = if name == "inet" { "::name::text" } else { "::text" };
        let casts = Casts {
            read: Sql::raw(read),
            write: Sql::raw(format!("::text::{name}")),
            write_many: Sql::raw(format!("::text[]::{name}[]")),
        };
        RustType { comparable, casts, ..RustType::string() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(sql_type: &str) -> String {
        let enums = [([Name::from("public"), Name::from("Mood")], "Mood".to_owned())].into();
        let found = of(&Sql::raw(sql_type), &Catalog::default(), &enums);
        format!("{} {}{}", found.text, found.casts.read, found.casts.write)
    }

    #[test]
    fn types_have_their_match() {
        let cases = [
            ("bigint", "i64 "),
            ("character varying(255)", "String "),
            ("numeric(10,2)", "rust_decimal::Decimal "),
            ("timestamp(3) with time zone", "chrono::DateTime<chrono::Utc> "),
            ("integer[]", "Vec<Option<i32>> "),
            ("bytea[]", "Vec<Option<Vec<u8>>> "),
            ("public.\"Mood\"", "types::Mood "),
            ("public.\"Mood\"[]", "Vec<Option<types::Mood>> "),
            ("\"char\"", "i8 "),
            ("public.citext", "String "),
            ("inet", "String ::name::text::text::inet"),
            ("inet[]", "Vec<Option<String>> ::name[]::text[]::text[]::inet[]"),
            ("interval day to second(3)", "String ::text::text::interval"),
            ("bit(3)", "String ::text::text::bit varying"),
            ("public.geometry(Point,4326)", "String ::text::text::public.geometry"),
        ];
        for (sql_type, expected) in cases {
            assert_eq!(shown(sql_type), expected, "{sql_type}");
        }
    }

    #[test]
    fn a_domain_is_what_is_below_it() {
        let mut catalog = Catalog::default();
        let body = Tag::Domain.parse(r#"{"base":"text","collation":null,"default":null,"not_null":false}"#).unwrap();
        let object = crate::catalog::Object { body, facets: Default::default(), position: 0, needs: vec![] };
        catalog.objects.insert(Id::new(Tag::Domain, [Name::from("public"), Name::from("email")]), object);
        let of = |sql_type: &str| of(&Sql::raw(sql_type), &catalog, &Enums::new());
        let one = of("public.email");
        assert_eq!((one.text.as_str(), one.casts.write.as_str()), ("String", "::text"));
        let many = of("public.email[]");
        assert_eq!(many.text, "Vec<Option<String>>");
        assert_eq!(many.clone().without_null_elements().text, "Vec<String>");
        assert_eq!((many.casts.read.as_str(), many.casts.write.as_str()), ("::text[]", "::text[]::public.email[]"));
    }
}

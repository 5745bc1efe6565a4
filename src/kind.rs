//! Kinds of object: the trait, the one registry, and what is derived from it.
//!
//! A kind is one file below `kind/` and one line in the registry at the end of this file. The order of the
//! lines is the order in which a person would create the objects when no dependency says otherwise.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::catalog::{Catalog, Need};
use crate::name::Name;
use crate::sql::Sql;
use crate::statement::{Statement, one};

mod id;
pub mod options;
pub mod retype;
pub mod tuning;

pub use id::{Id, dotted};

/// What a kind is told when it writes SQL.
#[derive(Clone, Copy)]
pub struct Cx<'a> {
    /// The object's id.
    pub id: &'a Id,
    /// The catalog that the statement starts from.
    pub before: &'a Catalog,
    /// The catalog that the statement leads to.
    pub after: &'a Catalog,
    /// Objects that are written inside this one's statement (columns inside `CREATE TABLE`).
    pub members: &'a [&'a Id],
    /// Which forms of statement to choose.
    pub style: Style,
}

impl Cx<'_> {
    /// The server's version number, 150018 for 15.18.
    pub fn version(&self) -> u32 {
        self.after.server.version
    }

    /// A tablespace by name; none is the database's own.
    pub fn tablespace(&self, own: &Option<Name>) -> Name {
        own.clone().or_else(|| self.after.server.tablespace.clone()).unwrap_or_else(|| "pg_default".into())
    }
}

/// Which forms of statement to choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Forms that do not hold up a busy database, though they take more statements.
    Online,
    /// The plain forms.
    Plain,
}

/// How an object gets from one state to another.
#[derive(Debug)]
pub enum Alteration {
    /// Statements that change it where it is.
    InPlace {
        /// In order.
        statements: Vec<Statement>,
        /// Dependants of these kinds have to be dropped before and made again after.
        disturbs: &'static [Tag],
    },
    /// Only by dropping it and making it again, with all that stands on it.
    Rebuild,
}

impl Alteration {
    /// Statements that disturb nothing else.
    pub fn in_place(statements: Vec<Statement>) -> Self {
        Alteration::InPlace { statements, disturbs: &[] }
    }

    /// What changes it where it is; nothing where that is no way.
    pub fn statements(self) -> Vec<Statement> {
        match self {
            Alteration::InPlace { statements, .. } => statements,
            Alteration::Rebuild => Vec::new(),
        }
    }
}

/// What becomes of an object while a column that it reads changes its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The server refuses to keep it, or keeps it in part: it goes, and comes back.
    GivesWay,
    /// The server would make it anew from a text that it misreads, or where the types do not fit for a while: so it goes, too.
    Misread,
    /// The server makes it fit.
    Stays,
}

/// What is known of an object and is never a difference.
#[derive(Clone, Copy, Debug, Default, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Incidental<T>(pub T);

impl<T> PartialEq for Incidental<T> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<T: Eq> PartialOrd for Incidental<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T: Eq> Ord for Incidental<T> {
    fn cmp(&self, _: &Self) -> std::cmp::Ordering {
        std::cmp::Ordering::Equal
    }
}

/// All objects of a kind whose path begins so.
pub type Parts = (Tag, Vec<Name>);

/// One kind of object.
///
/// `query` lists every object of the kind in one statement. Its first columns are the same for all kinds:
/// `oid` and `sub` (the object's address in `pg_depend`, with [`Kind::CATALOG`]), `position` (order among its
/// siblings, or null), `path` (text array, the id), `owner` (role name or null), `acl` (`aclitem[]` as text array or null);
/// all further columns are the fields of the type.
pub trait Kind: Clone + PartialEq + Serialize + DeserializeOwned {
    /// What people call it, in lower case.
    const WORD: &'static str;
    /// The system catalog that its `oid` belongs to.
    const CATALOG: &'static str;
    /// The catalog that has a row of somebody's own whenever there is one of the kind; `None` where that is always so.
    const LISTED: Option<&'static str> = Some(if Self::CATALOG.is_empty() { "pg_class" } else { Self::CATALOG });
    /// Whether not every user may read that catalog, but only what the kind's own query shows.
    const HIDDEN: bool = false;
    /// The letter by which `acldefault` knows it; `None` where nothing can be granted on a whole object.
    const ACL: Option<char> = None;
    /// The privilege that everybody has by default (`EXECUTE`, `USAGE`).
    const PUBLIC: Option<&'static str> = None;

    /// The fields that a change of the parent table's leaves alone.
    const OWN: &'static [&'static str] = &[];
    /// Whether it lives in the database rather than in a schema.
    const GLOBAL: bool = false;
    /// Whether it says nothing but who may do what.
    const ONLY_PRIVILEGES: bool = false;
    /// Whether the types that it needs are part of its name: it can be named only as long as they have theirs.
    const NAMES_TYPES: bool = false;

    /// The statement that lists all of them; `None` where the server has no such thing.
    fn query(version: u32) -> Option<String>;

    /// Makes it.
    fn create(&self, cx: &Cx) -> Vec<Statement>;

    /// Removes it.
    fn drop(&self, cx: &Cx) -> Vec<Statement> {
        one(crate::sql!("DROP {}", self.designation(cx.id)))
    }

    /// Changes it into `after`.
    fn alter(&self, _after: &Self, _cx: &Cx) -> Alteration {
        Alteration::Rebuild
    }

    /// What stands after `COMMENT ON`, `ALTER` and `DROP`: kind and name.
    fn designation(&self, id: &Id) -> Sql {
        crate::sql!("{} {}", Sql(Self::WORD.to_uppercase()), dotted(&id.path))
    }

    /// Whether comment, owner and privileges change before the rest does.
    fn facets_first(&self, _after: &Self) -> bool {
        false
    }

    /// What stands after `ON` in `GRANT`; `None` where nothing can be granted.
    fn grantable(&self, _id: &Id) -> Option<Sql> {
        None
    }

    /// What stands after the privilege in `GRANT`: the column's name in parentheses.
    fn granted_part(&self, _id: &Id) -> Sql {
        Sql::default()
    }

    /// The statement that gives it another name; `None` where PostgreSQL cannot.
    fn rename(&self, id: &Id, to: &Name) -> Option<Sql> {
        Some(crate::sql!("ALTER {} RENAME TO {}", self.designation(id), to))
    }

    /// What can be there before that which it needs and which needs it: the shell of a type, before its functions.
    fn announce(&self, _id: &Id) -> Option<Sql> {
        None
    }

    /// What stands for it, or takes its place, where it and what it needs need each other; [`Kind::alter`] makes it whole.
    fn outline(&self, _id: &Id) -> Option<Sql> {
        None
    }

    /// What it is for a while where others are to take a name that it leaves for one of theirs, and how it becomes that.
    fn interim(&self, _id: &Id, _after: &Self) -> Option<(Self, Statement)> {
        None
    }

    /// Gives a type another name while its successor takes its place; `others` were put aside before.
    fn put_aside(&self, id: &Id, _others: &[&Id]) -> Vec<Statement> {
        self.rename(id, &id.name().aside()).into_iter().map(Statement::new).collect()
    }

    /// The same thing as a copy of a parent's.
    fn into_heir(self) -> Self {
        self
    }

    /// What the server's following a parent's change from `from` to `to` does to what `was` beside that change.
    fn followed(self, _was: &Self, _from: &Self, _to: &Self) -> Self {
        self
    }

    /// Names that it occupies besides its own id: one string each, equal strings exclude each other.
    fn slots(&self, _id: &Id) -> Vec<String> {
        Vec::new()
    }

    /// What it needs that the server does not record; `all` is the catalog being read.
    fn needs(&self, _id: &Id, _all: &Catalog) -> Vec<Need> {
        Vec::new()
    }

    /// Parts of other objects that change only while this is not there: it is made after them, and goes before.
    fn after_parts(&self, _id: &Id) -> Vec<Parts> {
        Vec::new()
    }

    /// The same object as it would be under another name, for matching what was merely renamed.
    fn without_name(&self, _id: &Id) -> Option<Self> {
        None
    }

    /// Whether there is nothing to do where this is there and that is wanted: it is that, or as near as the server lets it come.
    fn serves_as(&self, wanted: &Self) -> bool {
        self == wanted
    }

    /// What becomes of it while a column that it reads changes its type.
    fn under_retyping(&self) -> Standing {
        Standing::GivesWay
    }

    /// Every text in it that the server deparsed, for comparison by replay.
    fn texts(&mut self) -> Vec<&mut Sql> {
        Vec::new()
    }
}

/// The slot of a name among the relations (tables, views, indexes, sequences) of a schema.
pub fn relation_slot(schema: &Name, name: &Name) -> String {
    format!("relation {schema}.{name}")
}

/// The slot of a name among the constraints of the table that something is below.
pub fn constraint_slot(id: &Id, name: &Name) -> String {
    format!("{} {name}", dotted(&id.path[..2]))
}

/// The slot of a name among the types of a schema.
pub fn type_slot(schema: &Name, name: &Name) -> String {
    format!("type {schema}.{name}")
}

impl Body {
    /// Which fields of it are not those of another one of its kind; without one it is the facets that differ.
    pub fn unlike(&self, other: &Body) -> Vec<String> {
        let fields = |body: &Body| match serde_json::to_value(body) {
            Ok(Value::Object(kind)) => kind.into_iter().next().map(|(_, fields)| fields),
            _ => None,
        };
        let (Some(Value::Object(own)), Some(other)) = (fields(self), fields(other)) else { return Vec::new() };
        let unlike: Vec<String> =
            own.into_iter().filter(|(name, value)| other.get(name) != Some(value)).map(|(name, _)| name).collect();
        if unlike.is_empty() { vec!["comment, owner or privileges".to_owned()] } else { unlike }
    }

    /// What becomes of this when the server does to it what leads `from` to `to`: their fields that differ change.
    pub fn in_step(&self, from: &Body, to: &Body) -> Option<Body> {
        fn follow(own: &mut Value, from: &Value, to: &Value, alone: &[&str]) {
            match (own, from, to) {
                (Value::Object(own), Value::Object(from), Value::Object(to)) => {
                    for (name, value) in own.iter_mut().filter(|(name, _)| !alone.contains(&name.as_str())) {
                        if let (Some(from), Some(to)) = (from.get(name), to.get(name)) {
                            follow(value, from, to, alone);
                        }
                    }
                }
                (own, from, to) if from != to => *own = to.clone(),
                _ => {}
            }
        }
        let value = |body: &Body| serde_json::to_value(body).ok();
        let mut own = value(self)?;
        let [seen, seen_then] = [from, to].map(|body| value(&body.clone().into_heir()));
        follow(&mut own, &seen?, &seen_then?, self.own_fields());
        Some(serde_json::from_value::<Body>(own).ok()?.followed(self, from, to))
    }
}

macro_rules! registry {
    ($($tag:ident in $module:ident),* $(,)?) => {
        $(pub mod $module;)*

        /// Which kind; the order is the order of creation.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Tag { $(#[doc = concat!("See [`mod@", stringify!($module), "`].")] $tag),* }

        /// An object of any kind.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        pub enum Body { $(#[doc = concat!("See [`mod@", stringify!($module), "`].")] $tag($module::$tag)),* }

        impl Tag {
            /// All kinds, in order of creation.
            pub const ALL: &'static [Tag] = &[$(Tag::$tag),*];

            /// What people call it.
            pub fn word(self) -> &'static str {
                match self { $(Tag::$tag => <$module::$tag as Kind>::WORD),* }
            }

            /// The system catalog of its address.
            pub fn catalog(self) -> &'static str {
                match self { $(Tag::$tag => <$module::$tag as Kind>::CATALOG),* }
            }

            /// See [`Kind::LISTED`].
            pub fn listed(self) -> Option<&'static str> {
                match self { $(Tag::$tag => <$module::$tag as Kind>::LISTED),* }
            }

            /// See [`Kind::HIDDEN`].
            pub fn is_hidden(self) -> bool {
                match self { $(Tag::$tag => <$module::$tag as Kind>::HIDDEN),* }
            }

            /// See [`Kind::ACL`].
            pub fn acl_letter(self) -> Option<char> {
                match self { $(Tag::$tag => <$module::$tag as Kind>::ACL),* }
            }

            /// Whether it lives in the database rather than in a schema.
            pub fn is_global(self) -> bool {
                match self { $(Tag::$tag => <$module::$tag as Kind>::GLOBAL),* }
            }

            /// See [`Kind::ONLY_PRIVILEGES`].
            pub fn is_only_privileges(self) -> bool {
                match self { $(Tag::$tag => <$module::$tag as Kind>::ONLY_PRIVILEGES),* }
            }

            /// See [`Kind::NAMES_TYPES`].
            pub fn names_types(self) -> bool {
                match self { $(Tag::$tag => <$module::$tag as Kind>::NAMES_TYPES),* }
            }

            /// The privilege that everybody has on it by default.
            pub fn public_privilege(self) -> Option<&'static str> {
                match self { $(Tag::$tag => <$module::$tag as Kind>::PUBLIC),* }
            }

            /// The statement that lists all of this kind.
            pub fn query(self, version: u32) -> Option<String> {
                match self { $(Tag::$tag => <$module::$tag as Kind>::query(version)),* }
            }

            /// Reads one object from a row as JSON.
            pub fn parse(self, json: &str) -> Result<Body, serde_json::Error> {
                Ok(match self { $(Tag::$tag => Body::$tag(serde_json::from_str(json)?)),* })
            }
        }

        impl Body {
            /// Which kind it is.
            pub fn tag(&self) -> Tag {
                match self { $(Body::$tag(_) => Tag::$tag),* }
            }

            /// See [`Kind::create`].
            pub fn create(&self, cx: &Cx) -> Vec<Statement> {
                match self { $(Body::$tag(body) => body.create(cx)),* }
            }

            /// See [`Kind::drop`].
            pub fn drop(&self, cx: &Cx) -> Vec<Statement> {
                match self { $(Body::$tag(body) => Kind::drop(body, cx)),* }
            }

            /// See [`Kind::alter`]; another kind is a rebuild.
            pub fn alter(&self, after: &Body, cx: &Cx) -> Alteration {
                match (self, after) {
                    $((Body::$tag(before), Body::$tag(after)) => before.alter(after, cx),)*
                    _ => Alteration::Rebuild,
                }
            }

            /// See [`Kind::designation`].
            pub fn designation(&self, id: &Id) -> Sql {
                match self { $(Body::$tag(body) => body.designation(id)),* }
            }

            /// See [`Kind::facets_first`].
            pub fn facets_first(&self, after: &Body) -> bool {
                match (self, after) {
                    $((Body::$tag(own), Body::$tag(after)) => own.facets_first(after),)*
                    _ => false,
                }
            }

            /// See [`Kind::grantable`].
            pub fn grantable(&self, id: &Id) -> Option<Sql> {
                match self { $(Body::$tag(body) => body.grantable(id)),* }
            }

            /// See [`Kind::granted_part`].
            pub fn granted_part(&self, id: &Id) -> Sql {
                match self { $(Body::$tag(body) => body.granted_part(id)),* }
            }

            /// See [`Kind::rename`].
            pub fn rename(&self, id: &Id, to: &Name) -> Option<Sql> {
                match self { $(Body::$tag(body) => body.rename(id, to)),* }
            }

            /// See [`Kind::announce`].
            pub fn announce(&self, id: &Id) -> Option<Sql> {
                match self { $(Body::$tag(body) => body.announce(id)),* }
            }

            /// See [`Kind::outline`].
            pub fn outline(&self, id: &Id) -> Option<Sql> {
                match self { $(Body::$tag(body) => body.outline(id)),* }
            }

            /// See [`Kind::interim`].
            pub fn interim(&self, id: &Id, after: &Body) -> Option<(Body, Statement)> {
                match (self, after) {
                    $((Body::$tag(body), Body::$tag(after)) => {
                        body.interim(id, after).map(|(interim, statement)| (Body::$tag(interim), statement))
                    })*
                    _ => None,
                }
            }

            /// See [`Kind::put_aside`].
            pub fn put_aside(&self, id: &Id, others: &[&Id]) -> Vec<Statement> {
                match self { $(Body::$tag(body) => body.put_aside(id, others)),* }
            }

            /// See [`Kind::into_heir`].
            pub fn into_heir(self) -> Body {
                match self { $(Body::$tag(body) => Body::$tag(body.into_heir())),* }
            }

            /// See [`Kind::followed`].
            pub fn followed(self, was: &Body, from: &Body, to: &Body) -> Body {
                match (self, was, from, to) {
                    $((Body::$tag(own), Body::$tag(was), Body::$tag(from), Body::$tag(to)) => Body::$tag(own.followed(was, from, to)),)*
                    (own, ..) => own,
                }
            }

            /// See [`Kind::slots`].
            pub fn slots(&self, id: &Id) -> Vec<String> {
                match self { $(Body::$tag(body) => body.slots(id)),* }
            }

            /// See [`Kind::needs`].
            pub fn needs(&self, id: &Id, all: &Catalog) -> Vec<Need> {
                match self { $(Body::$tag(body) => body.needs(id, all)),* }
            }

            /// See [`Kind::after_parts`].
            pub fn after_parts(&self, id: &Id) -> Vec<Parts> {
                match self { $(Body::$tag(body) => body.after_parts(id)),* }
            }

            /// See [`Kind::OWN`].
            pub fn own_fields(&self) -> &'static [&'static str] {
                match self { $(Body::$tag(_) => $module::$tag::OWN),* }
            }

            /// See [`Kind::without_name`].
            pub fn without_name(&self, id: &Id) -> Option<Body> {
                match self { $(Body::$tag(body) => body.without_name(id).map(Body::$tag)),* }
            }

            /// See [`Kind::serves_as`].
            pub fn serves_as(&self, wanted: &Body) -> bool {
                match (self, wanted) {
                    $((Body::$tag(body), Body::$tag(wanted)) => body.serves_as(wanted),)*
                    _ => false,
                }
            }

            /// See [`Kind::under_retyping`].
            pub fn under_retyping(&self) -> Standing {
                match self { $(Body::$tag(body) => body.under_retyping()),* }
            }

            /// See [`Kind::texts`].
            pub fn texts(&mut self) -> Vec<&mut Sql> {
                match self { $(Body::$tag(body) => body.texts()),* }
            }

            /// Takes the texts of one that differs in these alone; what is incidental stays its own.
            pub fn put_texts_of(&mut self, other: &Body) {
                let mut other = other.clone();
                self.texts().into_iter().zip(other.texts()).for_each(|(own, text)| std::mem::swap(own, text));
            }
        }
    };
}

registry! {
    Schema in schema,
    Extension in extension,
    Language in language,
    Collation in collation,
    Enum in enum_type,
    BaseType in base_type,
    Sequence in sequence,
    Domain in domain,
    DomainConstraint in domain_constraint,
    Composite in composite,
    Range in range,
    Function in function,
    Aggregate in aggregate,
    AccessMethod in access_method,
    Operator in operator,
    OperatorFamily in operator_family,
    OperatorClass in operator_class,
    Cast in cast,
    Transform in transform,
    Conversion in conversion,
    TextSearchParser in text_search_parser,
    TextSearchTemplate in text_search_template,
    TextSearchDictionary in text_search_dictionary,
    TextSearchConfiguration in text_search_configuration,
    ForeignDataWrapper in foreign_data_wrapper,
    ForeignServer in foreign_server,
    UserMapping in user_mapping,
    Table in table,
    Column in column,
    ColumnDefault in column_default,
    OwnedBy in owned_by,
    Constraint in constraint,
    Index in index,
    Inheritance in inheritance,
    OfType in of_type,
    IndexPartition in index_partition,
    Statistics in statistics,
    View in view,
    MaterializedView in materialized_view,
    Rule in rule,
    Trigger in trigger,
    Policy in policy,
    Publication in publication,
    PublicationTable in publication_table,
    PublicationSchema in publication_schema,
    Subscription in subscription,
    EventTrigger in event_trigger,
    DefaultPrivileges in default_privileges,
    SystemPrivileges in system_privileges,
}

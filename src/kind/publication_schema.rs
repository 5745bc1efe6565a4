//! Which schemas a publication has all tables of (`ALTER PUBLICATION … ADD TABLES IN SCHEMA`).

use serde::{Deserialize, Serialize};

use super::{Cx, Id, Kind};
use crate::name::Name;
use crate::sql;
use crate::sql::Sql;
use crate::statement::{Statement, one};

/// A schema of a publication; its path is the publication and the schema.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicationSchema {}

impl PublicationSchema {
    /// `TABLES IN SCHEMA schema`.
    pub fn element(&self, id: &Id) -> Sql {
        sql!("TABLES IN SCHEMA {}", id.part(1))
    }
}

impl Kind for PublicationSchema {
    const WORD: &'static str = "publication schema";
    const CATALOG: &'static str = "pg_publication_namespace";
    const GLOBAL: bool = true;

    fn query(version: u32) -> Option<String> {
        (version >= 150_000).then(|| {
            "SELECT m.oid, 0 AS sub, NULL::int AS position, ARRAY[p.pubname, n.nspname]::text[] AS path,
                    NULL::text AS owner, NULL::text[] AS acl
             FROM pg_publication_namespace m JOIN pg_publication p ON p.oid = m.pnpubid
             JOIN pg_namespace n ON n.oid = m.pnnspid"
                .into()
        })
    }

    fn create(&self, cx: &Cx) -> Vec<Statement> {
        one(sql!("ALTER PUBLICATION {} ADD {}", cx.id.part(0), self.element(cx.id)))
    }

    fn drop(&self, cx: &Cx) -> Vec<Statement> {
        one(sql!("ALTER PUBLICATION {} DROP {}", cx.id.part(0), self.element(cx.id)))
    }

    fn rename(&self, _id: &Id, _to: &Name) -> Option<Sql> {
        None
    }
}

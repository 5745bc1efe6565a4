//! The files that a pull finds, and what they make.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::files;
use crate::catalog::Canonical;
use crate::command::declared::statements_of;
use crate::command::{Error, Session};
use crate::db::prove::settle;
use crate::db::read::read;
use crate::db::shadow::{Source, build};
use crate::disk::models::{self, Loaded};
use crate::disk::{Mistakes, sources};
use crate::kind::Id;
use crate::model::diagnostic::Source as ModelSource;
use crate::model::merge;
use crate::model::models::Models;
use crate::scope::Scope;

/// The files of models and what they say, if there are any.
pub(super) fn load(session: &Session) -> Result<Option<(Loaded, Vec<Source>)>, Error> {
    let path = &session.config.models.path;
    if !session.root.join(path).exists() {
        return Ok(None);
    }
    let loaded = models::load(&session.root, path)?;
    match statements_of(&loaded.sources, &loaded.models, &loaded.sql) {
        Ok(statements) => Ok(Some((loaded, statements))),
        Err(list) => Err(Error::Models(Box::new(Mistakes { sources: loaded.sources, list }))),
    }
}

/// The files that are there.
pub(super) struct Project {
    /// What is managed.
    pub(super) scope: Scope,
    /// The files of models, the main one first.
    pub(super) toml: Vec<ModelSource>,
    /// What they say.
    pub(super) models: Models,
    /// The objects that have entries.
    declared: BTreeSet<Id>,
    /// SQL files that a person wrote.
    pub(super) sql: Vec<ModelSource>,
    /// Those that an earlier pull wrote.
    pulled: BTreeSet<PathBuf>,
    /// What all of them make; nothing for what the server refuses.
    pub(super) made: Canonical,
    /// There were files.
    pub(super) is_written: bool,
}

impl Project {
    pub(super) fn empty(session: &Session, scope: Scope, actual: &Canonical) -> Project {
        let shown = session.config.models.path.to_string_lossy().replace('\\', "/");
        Project {
            scope,
            toml: vec![ModelSource::new(&shown, String::new())],
            models: Models::default(),
            declared: BTreeSet::new(),
            sql: Vec::new(),
            pulled: BTreeSet::new(),
            made: Canonical::nothing(actual.server.clone()),
            is_written: false,
        }
    }

    pub(super) async fn build(
        session: &Session,
        scope: Scope,
        loaded: Loaded,
        statements: Vec<Source>,
        actual: &Canonical,
    ) -> Result<Project, Error> {
        let Loaded { sources, models, sql } = loaded;
        let shadow = session.shadow().await?;
        let built = async {
            build(&shadow.connected, statements).await?;
            let made = read(&shadow.connected, session.ledger()).await?.map(|catalog| {
                scope.keep(catalog);
            });
            settle(&shadow.connected, actual, made, session.ledger()).await
        }
        .await;
        shadow.close().await?;
        let is_sql = |at: usize| sql.iter().any(|file| file.0 as usize == at);
        let (sql, toml): (Vec<_>, Vec<_>) = sources.into_iter().enumerate().partition(|(at, _)| is_sql(*at));
        let toml = toml.into_iter().map(|(_, source)| source).collect();
        let (pulled, sql): (Vec<_>, Vec<_>) =
            sql.into_iter().map(|(_, source)| source).partition(|source| source.text.starts_with(sources::PULLED));
        let pulled = pulled.into_iter().map(|source| PathBuf::from(source.path)).collect();
        let entries = merge::objects(&models).into_iter().map(|(_, id)| id);
        let declared = entries.chain(merge::parts(&models)).collect();
        Ok(Project { scope, toml, models, declared, sql, pulled, made: built?, is_written: true })
    }

    /// What a person's SQL files make: all that is there and stands neither in models.toml nor in a pulled file.
    pub(super) fn by_hand(&self, actual: &Canonical) -> BTreeSet<Id> {
        if self.sql.is_empty() {
            return BTreeSet::new();
        }
        let own = self.made.objects.keys().map(|id| self.made.whole(id)).filter(|id| {
            actual.has(id) && !self.declares(id) && !self.pulled.contains(&files::path_of(id, &self.made))
        });
        own.collect()
    }

    /// Whether an object has an entry in models.toml.
    pub(super) fn declares(&self, id: &Id) -> bool {
        self.declared.contains(id)
    }
}

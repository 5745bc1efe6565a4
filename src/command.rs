//! One file a use case: takes a request, returns a report, prints nothing. The library's face.

use std::path::{Path, PathBuf};

use crate::db::apply::about_a_role;
use crate::db::cluster::{Purpose, Search};
use crate::db::connect::{self, Connected, Target};
use crate::db::ledger::Ledger;
use crate::db::prove::Failure;
use crate::db::server::{self, DATA_FOLDER, DATABASE, Private};
use crate::db::shadow::Refused;
use crate::db::shadow_place::{self, Facts, Setting, Shadow, open_shadow};
use crate::disk::config::Config;
use crate::disk::revisions;
use crate::kind::{Id, Style, dotted};
use crate::name::Name;
use crate::revision::Graph;
use crate::{db, disk, plan};

pub mod baseline;
pub mod branches;
pub mod check;
pub mod current;
pub mod declared;
pub mod demo;
pub mod describe;
pub mod desired;
pub mod diff;
pub mod downgrade;
pub mod exit;
pub mod generate;
pub mod heads;
pub mod history;
pub mod init;
pub mod merge;
pub mod pull;
pub mod replay;
pub mod revision;
pub mod run;
pub mod serve;
pub mod show;
pub mod stamp;
pub mod upgrade;
pub mod warnings;

pub use exit::Exit;

/// What can go wrong in a command.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Files.
    #[error(transparent)]
    Disk(#[from] disk::Error),
    /// The models.
    #[error("{0}")]
    Models(#[from] Box<disk::Mistakes>),
    /// The server.
    #[error(transparent)]
    Db(#[from] db::Error),
    /// Connecting.
    #[error(transparent)]
    Connect(#[from] connect::Error),
    /// The shadow.
    #[error(transparent)]
    Shadow(#[from] shadow_place::Error),
    /// The private server.
    #[error(transparent)]
    Server(#[from] server::Error),
    /// Serving.
    #[error(transparent)]
    Serve(#[from] serve::Error),
    /// Planning.
    #[error(transparent)]
    Plan(#[from] plan::Error),
    /// What was asked for, or the graph of revisions, is wrong.
    #[error(transparent)]
    Revision(#[from] crate::revision::Error),
    /// A run stopped.
    #[error(transparent)]
    Run(#[from] crate::db::apply::Error),
    /// Autogenerate needs a database that has every revision.
    #[error("the database is not at the head of its migrations (it lacks {missing}): run `aludel upgrade head` first")]
    Behind {
        /// The revisions that it lacks.
        missing: String,
    },
    /// A statement of the migrations that does not run where there is nothing but what they made.
    #[error("replayed in an empty shadow database, the migrations stop: {0}")]
    Replay(Box<crate::db::apply::Failure>),
    /// A baseline is the first revision.
    #[error(
        "--baseline writes the first revision, and {there}: leave the flag out, and `aludel revision --autogenerate` writes the next one"
    )]
    Begun {
        /// What there is already.
        there: String,
    },
    /// Something was dropped and something like it added: perhaps it has only another name.
    #[error("{}\nsay which with --rename old=new (or `renamed_from` in the models); with --no-renames they are drops and adds", candidates(.0))]
    Undecided(Vec<(Id, Id)>),
    /// A rename that was asked for has no object behind it.
    #[error(
        "--rename {0}: the database has nothing, or several things, of the old name that the models have under the new one; say schema.table.column=new, or schema.function(types)=new"
    )]
    NoSuchRename(String),
    /// A rename whose old name is taken again, or whose old schema goes.
    #[error(
        "{to} cannot be what was called {from}: that name is taken again, or its schema goes, in the same step; write one revision with the rename, and a second with the rest"
    )]
    RenameBlocked {
        /// What the models call it.
        to: Box<Id>,
        /// What it was called.
        from: String,
    },
    /// Proof.
    #[error(transparent)]
    Proof(#[from] Failure),
    /// Proof, where columns are named by their place and that is another one.
    #[error("{failure}\n{}", .named.join("\n"))]
    ByPlace {
        /// What the shadow showed.
        failure: Box<Failure>,
        /// A sentence about each object that does.
        named: Vec<String>,
    },
    /// Code.
    #[error(transparent)]
    Codegen(#[from] crate::codegen::Error),
    /// What is managed and needs what is not.
    #[error("{}\nadd what is missing to `schemas` of [database] in aludel.toml, or leave the others out with `exclude`", strays(.0))]
    Strays(Vec<(Id, Id)>),
    /// Nobody said what this is about.
    #[error("there is no aludel.toml in {}: `aludel init` makes one, `-C` names another folder, `--database-url` a database", .0.display())]
    NoProject(PathBuf),
    /// Ctrl-C.
    #[error(
        "interrupted: what was not committed is rolled back; `aludel current` says where the database stands, and `upgrade` goes on from there"
    )]
    Interrupted,
    /// The models name things that the server does not take.
    #[error("the server refuses {} of the models' statements:\n{}", .0.len(), shown(.0))]
    Refused(Vec<Refused>),
}

fn candidates(pairs: &[(Id, Id)]) -> String {
    let line = |(old, new): &(Id, Id)| {
        format!("{old} may now be called {}: --rename {}={}", new.name(), dotted(&old.path), new.name())
    };
    pairs.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn strays(pairs: &[(Id, Id)]) -> String {
    let line = |(id, needed): &(Id, Id)| format!("{id} needs {needed}, which is not managed");
    pairs.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn shown(refused: &[Refused]) -> String {
    const NO_RIGHT: &str = "hint: this user may not make it in the shadow either: name an empty database of one who may with `shadow` in \
        aludel.toml, or leave the object out with `exclude`";
    let line = |r: &Refused| format!("{}:{}: {}", r.source.file, r.line, r.words);
    let mut lines: Vec<String> = refused.iter().map(line).collect();
    let lacks_right = |r: &Refused| r.words.contains("(SQLSTATE 42501)");
    lines.extend(refused.iter().find_map(|r| about_a_role(&r.words)).map(|hint| format!("hint: {hint}")));
    lines.extend(refused.iter().any(lacks_right).then(|| NO_RIGHT.to_owned()));
    lines.join("\n")
}

impl Error {
    /// How a command ends that fails so.
    pub fn exit(&self) -> Exit {
        match self {
            Error::Replay(_) => Exit::Found,
            Error::Disk(_)
            | Error::Models(_)
            | Error::Refused(_)
            | Error::Revision(_)
            | Error::Codegen(_)
            | Error::Begun { .. }
            | Error::NoSuchRename(_)
            | Error::NoProject(_)
            | Error::Strays(_)
            | Error::RenameBlocked { .. }
            | Error::Behind { .. } => Exit::Mistake,
            Error::Connect(error) if error.is_setting() => Exit::Mistake,
            Error::Run(error) if error.is_lock() => Exit::Locked,
            Error::Undecided(_) => Exit::Undecided,
            Error::Interrupted => Exit::Interrupted,
            Error::Run(_)
            | Error::Db(_)
            | Error::Shadow(_)
            | Error::Server(_)
            | Error::Serve(_)
            | Error::Connect(_)
            | Error::Plan(_)
            | Error::Proof(_)
            | Error::ByPlace { .. } => Exit::Refused,
        }
    }
}

/// A project's folder with its configuration, and the database that it is about.
#[derive(Debug)]
pub struct Session {
    /// The folder that holds aludel.toml.
    pub root: PathBuf,
    /// Its configuration.
    pub config: Config,
    /// Where the database is.
    pub target: Target,
    /// The session in it.
    pub live: Connected,
    /// Where the database keeps its revisions.
    ledger: Ledger,
    /// The private server of `url = "embedded"`; stops with this value.
    _private: Option<Private>,
}

impl Session {
    /// Reads the configuration of `root` and connects; `url` wins over `DATABASE_URL`, that over the file, and that over the
    /// variables of psql.
    pub async fn open(root: PathBuf, url: Option<String>) -> Result<Session, Error> {
        let config = Config::load(&root)?;
        let from_environment = std::env::var("DATABASE_URL").ok();
        let env = |name: &str| std::env::var(name).ok();
        let url = match url.or(from_environment).or_else(|| config.database.url.clone()) {
            Some(url) => url,
            None if ["PGHOST", "PGHOSTADDR", "PGSERVICE", "PGDATABASE"].iter().any(|name| env(name).is_some()) => {
                "postgres://".into()
            }
            None if root.join(disk::config::FILE).exists() => "embedded".into(),
            None => return Err(Error::NoProject(root)),
        };
        let (private, target) = match url.as_str() {
            "embedded" => {
                let folder = root.join(".aludel").join(DATA_FOLDER);
                let search = Search::new(&env);
                let server = Private::open(&folder, Purpose::Data, None, &search, &[]).await?;
                let target = server.ensure_database(&Name::from(DATABASE)).await?;
                (Some(server), target)
            }
            url => (None, Target::parse(url, &env)?),
        };
        let live = connect::connect(&target, "aludel").await?;
        let ledger = Ledger::find(&live, &config.migrations.version_table).await?;
        Ok(Session { root, config, target, live, ledger, _private: private })
    }

    /// The name of the ledger's table.
    pub fn ledger(&self) -> &str {
        &self.config.migrations.version_table
    }

    /// The ledger of the database.
    pub fn run_ledger(&self) -> Ledger {
        self.ledger.clone()
    }

    /// The revisions of the project.
    pub fn graph(&self) -> Result<Graph, Error> {
        graph(&self.root, &self.config)
    }

    /// Which forms of statement the project wants.
    pub fn style(&self) -> Style {
        if self.config.migrations.online { Style::Online } else { Style::Plain }
    }

    /// An empty shadow for this database.
    pub async fn shadow(&self) -> Result<Shadow, Error> {
        self.shadow_of(shadow_place::facts(&self.live).await?).await
    }

    /// An empty shadow for this database, of which these are the facts.
    pub async fn shadow_of(&self, facts: Facts) -> Result<Shadow, Error> {
        let setting = Setting::parse(&self.config.database.shadow, &|name| std::env::var(name).ok())?;
        let (folder, search) = (self.root.join(".aludel"), Search::new(&|name| std::env::var(name).ok()));
        let request = shadow_place::Request { setting: &setting, live: &self.live, folder: &folder, search: &search };
        let shadow = open_shadow(&request, facts).await?;
        let managed = !self.config.database.manage.is_empty();
        match shadow.stand_in(&self.live, managed).await {
            Ok(()) => Ok(shadow),
            Err(error) => {
                shadow.close().await?;
                Err(error.into())
            }
        }
    }
}

/// The major versions of PostgreSQL that every case is run on.
const TESTED: std::ops::RangeInclusive<u32> = 14..=18;

/// What there is to know of a server that is none of those; nothing of one that is.
pub fn untested(major: u32) -> Option<String> {
    let (first, last) = (TESTED.start(), TESTED.end());
    let what = match major {
        _ if TESTED.contains(&major) => return None,
        _ if major < *first => "it may refuse what is written, and queries of its catalogs may fail".to_owned(),
        _ => format!("what it has and {last} has not is not seen"),
    };
    Some(format!("PostgreSQL {major} is none of those that this aludel is tested on, {first} to {last}: {what}"))
}

/// The revisions of a project, for which no database is needed.
pub fn graph(root: &Path, config: &Config) -> Result<Graph, Error> {
    Ok(revisions::read(&root.join(&config.migrations.dir))?)
}

/// The revisions of a project that may have none yet, not even the folder.
pub fn graph_or_none(root: &Path, config: &Config) -> Result<Graph, Error> {
    match revisions::read(&root.join(&config.migrations.dir)) {
        Err(disk::Error::NoFolder { .. }) => Ok(Graph::default()),
        read => Ok(read?),
    }
}

#[cfg(test)]
mod tests {
    use super::untested;

    #[test]
    fn servers_that_nobody_tried_are_told() {
        assert!((14..=18).all(|major| untested(major).is_none()));
        assert!(untested(13).is_some_and(|words| words.starts_with("PostgreSQL 13 is none of those")));
        assert!(untested(19).is_some_and(|words| words.ends_with("what it has and 18 has not is not seen")));
    }
}

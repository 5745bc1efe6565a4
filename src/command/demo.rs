//! `demo`: the whole story in a folder of its own, on a private server.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Serialize;

use super::diff::between;
use super::{Error, Session, downgrade, generate, revision, run, upgrade};
use crate::db;
use crate::db::apply::Options;
use crate::disk::{self, read_text, write_atomic};

const BEFORE: &str = include_str!("../../templates/demo/before.toml");
const AFTER: &str = include_str!("../../templates/demo/after.toml");
const CONFIG: &str = "[database]\nurl = \"embedded\"    # a server of its own, in .aludel/\n";
const ROWS: &str = "INSERT INTO users (email) VALUES ('ada@example.org'); \
    INSERT INTO posts (user_id, title, state) VALUES (1, 'Notes on the engine', 'published')";

/// The story.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The folder that it leaves.
    pub folder: PathBuf,
    /// What happened, in order.
    pub scenes: Vec<Scene>,
}

/// One step of the story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Scene {
    /// What a person would have done: a command, or an edit in words.
    pub does: String,
    /// What came of it: files and answers, each with its name.
    pub shows: Vec<(String, String)>,
}

/// Plays the story in a new folder; `watch` sees each scene as it ends. No database but the folder's own is touched.
///
/// # Errors
/// If the folder is there already, or there is no server to be had.
pub async fn demo(folder: &Path, watch: &mut dyn FnMut(&Scene)) -> Result<Report, Error> {
    if folder.exists() {
        return Err(disk::Error::Exists { path: folder.to_owned() }.into());
    }
    let mut story = Story { folder, scenes: Vec::new(), watch };
    story.write("aludel.toml", CONFIG)?;
    story.write("models.toml", BEFORE)?;
    story.tell("write models.toml", vec![("models.toml".into(), BEFORE.into())]);

    let session = Session::open(folder.to_owned(), Some("embedded".into())).await?;
    story.revision(&session, "users and posts").await?;
    story.upgrade(&session).await?;
    session.live.batch_execute(ROWS).await.map_err(db::Error::from)?;
    story.tell("put something in", vec![("SQL".into(), ROWS.replace("; ", ";\n"))]);

    let changes = between(("a/models.toml", Some(BEFORE)), ("b/models.toml", Some(AFTER)));
    story.write("models.toml", AFTER)?;
    story.tell("change models.toml: a column is renamed", vec![("diff".into(), changes)]);
    story.revision(&session, "status and bio").await?;
    story.upgrade(&session).await?;
    story.look(&session, "SELECT title || ': ' || status FROM posts", "the row is still there").await?;

    let request = request("-1")?;
    let report = downgrade::downgrade(&session.live, &session.graph()?, &session.ledger, &request, &mut ()).await?;
    story.tell("aludel downgrade -1", vec![("ran".into(), moved(&report))]);
    story.look(&session, "SELECT title || ': ' || state FROM posts", "and under its old name").await?;
    story.upgrade(&session).await?;
    story.generate(&session).await?;
    Ok(Report { folder: folder.to_owned(), scenes: story.scenes })
}

struct Story<'a> {
    folder: &'a Path,
    scenes: Vec<Scene>,
    watch: &'a mut dyn FnMut(&Scene),
}

impl Story<'_> {
    fn tell(&mut self, does: &str, shows: Vec<(String, String)>) {
        let scene = Scene { does: does.to_owned(), shows };
        (self.watch)(&scene);
        self.scenes.push(scene);
    }

    fn write(&self, file: &str, text: &str) -> Result<(), Error> {
        Ok(write_atomic(&self.folder.join(file), text.as_bytes())?)
    }

    /// A file of the folder with its name in it.
    fn file(&self, path: &Path) -> Result<(String, String), Error> {
        let name = path.strip_prefix(self.folder).unwrap_or(path);
        Ok((name.display().to_string(), read_text(path)?))
    }

    async fn revision(&mut self, session: &Session, message: &str) -> Result<(), Error> {
        let request = revision::Request { message: message.into(), autogenerate: true, ..Default::default() };
        let report = revision::revision(session, &request).await?;
        let files = report.files.iter().map(|path| self.file(path)).collect::<Result<_, _>>()?;
        self.tell(&format!("aludel revision --autogenerate -m \"{message}\""), files);
        Ok(())
    }

    async fn upgrade(&mut self, session: &Session) -> Result<(), Error> {
        let request = request("head")?;
        let report = upgrade::upgrade(&session.live, &session.graph()?, &session.ledger, &request, &mut ()).await?;
        self.tell("aludel upgrade", vec![("ran".into(), moved(&report))]);
        Ok(())
    }

    async fn look(&mut self, session: &Session, query: &str, what: &str) -> Result<(), Error> {
        let row = session.live.query_one(query, &[]).await.map_err(db::Error::from)?;
        self.tell(&format!("look: {what}"), vec![("SQL".into(), query.into()), ("row".into(), row.get(0))]);
        Ok(())
    }

    async fn generate(&mut self, session: &Session) -> Result<(), Error> {
        let report = generate::generate(session).await?;
        let folder = self.folder.join(&report.folder);
        let post = self.file(&folder.join("post.rs"))?;
        let names = report.files.written.iter().map(|file| report.folder.join(file).display().to_string());
        let names = names.collect::<Vec<_>>().join("\n");
        self.tell("aludel generate", vec![("wrote".into(), names), post]);
        Ok(())
    }
}

fn request(target: &str) -> Result<run::Request, Error> {
    Ok(run::Request { target: target.parse()?, options: Options::default(), lock_wait: Duration::from_secs(10) })
}

fn moved(report: &run::Report) -> String {
    let line = |moved: &run::Moved| format!("{} {} {}", moved.direction, moved.revision, moved.message);
    report.moved.iter().map(line).collect::<Vec<_>>().join("\n")
}

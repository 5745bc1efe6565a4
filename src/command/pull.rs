//! `pull`: the live database as models.

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;

use serde::Serialize;
use toml_edit::{Array, DocumentMut};

use super::{Error, Session};
use crate::catalog::Canonical;
use crate::db::prove::while_spelled;
use crate::db::read::{differs_in_texts_only, read};
use crate::db::shadow::{Source, build};
use crate::disk::{sources, write_atomic};
use crate::kind::Id;
use crate::{disk, plan};

/// What was pulled.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// The files that were written.
    pub files: Vec<PathBuf>,
    /// Objects that `schemas` and `exclude` of aludel.toml leave out.
    pub not_managed: Vec<String>,
    /// Objects that the files do not make as they are.
    pub not_carried: Vec<String>,
    /// Objects whose texts the server would write otherwise; they mean the same.
    pub respelled: Vec<String>,
}

/// Writes the models of the live database, after building them in a shadow and comparing the two.
pub async fn pull(session: &Session) -> Result<Report, Error> {
    let scope = session.config.scope();
    let mut not_managed = Vec::new();
    let mut actual = read(&session.live, session.ledger()).await?.map(|catalog| {
        let left_out = catalog.objects.keys().filter(|id| !scope.covers(id) && id.anchor() == **id);
        not_managed = left_out.map(Id::to_string).collect();
        catalog.objects.retain(|id, _| scope.covers(id));
        catalog.objects.values_mut().for_each(|object| scope.strip(&mut object.facets));
    });
    let mut as_shown = HashSet::new();
    loop {
        let shadow = session.shadow().await?;
        let attempt = attempt(session, &shadow, &mut actual, &as_shown).await;
        shadow.close().await?;
        let (files, differing) = attempt?;
        let ids = |texts: bool| differing.iter().filter(move |item| item.1 == texts).map(|item| item.0.clone());
        let (texts, others): (Vec<Id>, Vec<Id>) = (ids(true).collect(), ids(false).collect());
        let before = as_shown.len();
        as_shown.extend(texts.iter().cloned());
        if as_shown.len() == before || !others.is_empty() {
            write(session, &files)?;
            let words = |ids: Vec<Id>| ids.iter().map(Id::to_string).collect::<Vec<_>>();
            let files = files.into_keys().collect();
            let not_carried = words(others).into_iter().chain(actual.strangers.clone()).collect();
            return Ok(Report { files, not_managed, not_carried, respelled: words(texts) });
        }
    }
}

type Files = BTreeMap<PathBuf, String>;

/// The files, and what differs once they are built: ids, and whether it is only a matter of spelling.
async fn attempt(
    session: &Session,
    shadow: &crate::db::shadow_place::Shadow,
    actual: &mut Canonical,
    as_shown: &HashSet<Id>,
) -> Result<(Files, Vec<(Id, bool)>), Error> {
    let scope = session.config.scope();
    let empty = read(&shadow.connected, session.ledger()).await?.map(|catalog| {
        catalog.objects.values_mut().for_each(|object| scope.strip(&mut object.facets));
    });
    let files = files(&while_spelled(actual, as_shown, |spelled| plan::creation(&empty, spelled))?);
    let mut statements: Vec<Source> = Vec::new();
    for (file, text) in &files {
        statements.extend(Source::of_file(&file.to_string_lossy(), text));
    }
    let refused = build(&shadow.connected, statements).await?;
    if !refused.is_empty() {
        return Err(Error::Refused(refused));
    }
    let built = read(&shadow.connected, session.ledger()).await?;
    let ids = scope.differing(&built, actual).into_iter();
    let texts_only = |id: &Id| match (built.get(id), actual.get(id)) {
        (Some(a), Some(b)) => scope.same_facets(a, b) && differs_in_texts_only(&a.body, &b.body),
        _ => false,
    };
    let differing = ids.map(|id| (id.clone(), texts_only(&id))).collect();
    Ok((files, differing))
}

/// One file an object, with all that hangs on it.
fn files(statements: &[(Id, crate::statement::Statement)]) -> Files {
    let mut files = Files::new();
    for (id, statement) in statements {
        let text = files.entry(file_of(id)).or_insert_with(|| format!("{}\n", sources::PULLED));
        text.push_str(&format!("\n{};\n", statement.sql));
    }
    files
}

fn file_of(id: &Id) -> PathBuf {
    let anchor = id.anchor();
    let kind = anchor.tag.word().replace(' ', "_");
    let names: Vec<&str> = anchor.path.iter().map(|name| name.as_str()).collect();
    let safe = |c: char| if c.is_alphanumeric() || "._-".contains(c) { c } else { '_' };
    let mut stem: String = names.join(".").chars().map(safe).collect();
    if stem != names.join(".") || stem.len() > 150 {
        // Two names may become one: tell them apart.
        let hash = names
            .join("\u{1f}")
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
        stem = format!("{}.{:08x}", stem.chars().take(100).collect::<String>(), hash >> 32);
    }
    ["sql", &kind, &format!("{stem}.sql")].iter().collect()
}

fn write(session: &Session, files: &Files) -> Result<(), Error> {
    sources::replace_pulled(&session.root, files)?;
    let path = session.root.join(&session.config.models.path);
    let pattern = "sql/**/*.sql";
    let text = if path.exists() { disk::read_text(&path)? } else { String::new() };
    let mut document: DocumentMut =
        text.parse().map_err(|error| disk::Error::NotToml { path: path.clone(), message: format!("{error}") })?;
    let table = document.entry("sql").or_insert(toml_edit::table());
    let files = table.as_table_like_mut().map(|sql| sql.entry("files").or_insert(toml_edit::value(Array::new())));
    if let Some(list) = files.and_then(|files| files.as_array_mut())
        && !list.iter().any(|item| item.as_str() == Some(pattern))
    {
        list.push(pattern);
        write_atomic(&path, document.to_string().as_bytes())?;
    }
    Ok(())
}

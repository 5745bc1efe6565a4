//! The desired side: the models, run in the shadow and read back.

use super::{Error, Session};
use crate::catalog::Canonical;
use crate::db::prove::settle;
use crate::db::read::read;
use crate::db::shadow::{Source, build};
use crate::db::shadow_place::Shadow;
use crate::disk::{models, sources};

/// Both sides, and the shadow that holds the desired one.
#[derive(Debug)]
pub struct Sides {
    /// The live database.
    pub actual: Canonical,
    /// The models, with what is not managed carried over from the live database.
    pub desired: Canonical,
    /// Where the models were run.
    pub shadow: Shadow,
}

/// The statements that make the models.
pub fn statements(session: &Session) -> Result<Vec<Source>, Error> {
    let models = models::load(&session.root, &session.config.models.path)?;
    let sources = sources::load(&session.root, &models.sql.files)?;
    Ok(sources.into_iter().map(Source::from).collect())
}

/// Reads the live database, and the models by way of a new shadow. Close the shadow afterwards.
pub async fn sides(session: &Session) -> Result<Sides, Error> {
    let sources = statements(session)?;
    let actual = read(&session.live, session.ledger()).await?;
    let shadow = session.shadow().await?;
    match desired(session, &actual, &shadow, sources).await {
        Ok(desired) => Ok(Sides { actual, desired, shadow }),
        Err(error) => {
            shadow.close().await?;
            Err(error)
        }
    }
}

async fn desired(
    session: &Session,
    actual: &Canonical,
    shadow: &Shadow,
    sources: Vec<Source>,
) -> Result<Canonical, Error> {
    let refused = build(&shadow.connected, sources).await?;
    if !refused.is_empty() {
        return Err(Error::Refused(refused));
    }
    let desired = read(&shadow.connected, session.ledger()).await?;
    let desired = session.config.scope().carry_over(actual, desired);
    Ok(settle(&shadow.connected, actual, desired, session.ledger()).await?)
}

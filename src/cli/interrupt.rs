//! Ctrl-C while a database is changed.

use std::future::Future;
use std::time::Duration;

use tokio::signal::ctrl_c;
use tokio::time::sleep;

use crate::command::{Error, Session};

/// How long a cancelled statement has to say how it ended.
const GRACE: Duration = Duration::from_secs(3);

/// Does work on the session's database; at Ctrl-C the server is asked to cancel what it runs, so that the work ends as after
/// any statement that failed. At a second Ctrl-C, or where nothing ends, the session is given up.
pub async fn cancellable<T>(session: &Session, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    tokio::pin!(work);
    tokio::select! {
        done = &mut work => return done,
        _ = ctrl_c() => {}
    }
    if session.live.canceller().cancel().await.is_err() {
        return Err(Error::Interrupted);
    }
    tokio::select! {
        done = &mut work => done,
        () = sleep(GRACE) => Err(Error::Interrupted),
        _ = ctrl_c() => Err(Error::Interrupted),
    }
}

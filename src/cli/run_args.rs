//! Flags of the commands that change a database.

use std::time::Duration;

use crate::command::run::Request;
use crate::command::{Error, Session};
use crate::db::apply::{Options, Resume};

/// How to run.
#[derive(Debug, clap::Args)]
pub struct RunArgs {
    /// How long to wait for another runner, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub lock_wait: u64,
    /// After a crash: run the statement of which nobody knows whether it happened again
    #[arg(long, conflicts_with = "skip")]
    pub resume: bool,
    /// After a crash: take that statement as done
    #[arg(long)]
    pub skip: bool,
}

impl RunArgs {
    /// The request for a target.
    pub fn request(&self, session: &Session, target: &str) -> Result<Request, Error> {
        let resume = match (self.resume, self.skip) {
            (true, _) => Resume::Again,
            (_, true) => Resume::Skip,
            _ => Resume::Ask,
        };
        let lock_timeout = session.config.migrations.lock_timeout.clone();
        let options = Options { lock_timeout, resume, ..Options::default() };
        Ok(Request { target: target.parse()?, options, lock_wait: Duration::from_secs(self.lock_wait) })
    }
}

//! Flags of the commands that change a database.

use std::time::Duration;

use clap::ValueEnum;

use crate::command::run::Request;
use crate::command::{Error, Session};
use crate::db::apply::{Options, Resume};

/// How to run.
#[derive(Debug, clap::Args)]
pub struct RunArgs {
    /// How long to wait for another runner, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub lock_wait: u64,
    /// After a crash, for the statement of which nobody knows whether it happened: run it again, or take it as done
    #[arg(long, value_enum, value_name = "HOW")]
    pub resume: Option<How>,
}

/// What to do with a statement of which nobody knows whether it happened.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum How {
    /// Run it.
    Again,
    /// Take it as done.
    Skip,
}

impl RunArgs {
    /// The request for a target.
    pub fn request(&self, session: &Session, target: &str) -> Result<Request, Error> {
        let resume = match self.resume {
            Some(How::Again) => Resume::Again,
            Some(How::Skip) => Resume::Skip,
            None => Resume::Ask,
        };
        let lock_timeout = session.config.migrations.lock_timeout.clone();
        let options = Options { lock_timeout, resume, ..Options::default() };
        Ok(Request { target: target.parse()?, options, lock_wait: Duration::from_secs(self.lock_wait) })
    }
}

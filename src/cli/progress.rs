//! What a run tells while it runs, as lines on standard error.

use super::render;
use crate::db::progress::{Event, Progress};

/// Plain lines.
#[derive(Debug)]
pub struct Lines;

impl Progress for Lines {
    fn hear(&mut self, event: Event<'_>) {
        match event {
            Event::Waiting { holder, left } => eprintln!("waiting for {holder}; {left:?} left"),
            Event::Retry { why, attempt, .. } => eprintln!("attempt {attempt}: {why}; trying again"),
            Event::Cleanup { index } => eprintln!("removing the invalid index {index}"),
            Event::Revision { revision, direction, .. } => eprintln!("{} {}", direction.as_str(), revision.id),
            Event::Hazard { counted } => eprintln!("hazard: {}", render::counted(counted)),
            Event::Statement { .. } | Event::Done { .. } => {}
        }
    }
}

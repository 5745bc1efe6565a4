//! What a run tells while it runs, on standard error: a bar on a terminal, else lines.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::render;
use crate::db::progress::{Event, Progress};

/// What fits where standard error leads.
pub fn shown() -> Box<dyn Progress> {
    if std::io::stderr().is_terminal() { Box::new(Bar { bar: ProgressBar::hidden() }) } else { Box::new(Lines) }
}

/// Plain lines.
#[derive(Debug)]
struct Lines;

impl Progress for Lines {
    fn hear(&mut self, event: Event<'_>) {
        if let Some(line) = line(event) {
            eprintln!("{line}");
        }
    }
}

/// A bar for each revision, which goes when that is done; lines stand above it.
#[derive(Debug)]
struct Bar {
    bar: ProgressBar,
}

impl Progress for Bar {
    fn hear(&mut self, event: Event<'_>) {
        let line = line(event);
        self.bar.suspend(|| line.iter().for_each(|line| eprintln!("{line}")));
        match event {
            Event::Revision { finished, statements, .. } => {
                let style = "{bar:24} {pos}/{len} {elapsed} {wide_msg}";
                self.bar = ProgressBar::new(statements as u64).with_position(finished as u64);
                self.bar
                    .set_style(ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()));
                self.bar.enable_steady_tick(Duration::from_millis(200));
            }
            Event::Statement { statement, number, .. } => {
                self.bar.set_position(number as u64 - 1);
                self.bar.set_message(statement.bare().lines().next().unwrap_or_default().to_owned());
            }
            Event::Done { .. } => self.bar.finish_and_clear(),
            Event::Waiting { .. } | Event::Retry { .. } | Event::Cleanup { .. } | Event::Hazard { .. } => {}
        }
    }
}

/// What happened, where it is worth a line.
fn line(event: Event<'_>) -> Option<String> {
    Some(match event {
        Event::Waiting { holder, left } => format!("waiting for {holder}; {} s left", left.as_secs_f64().ceil()),
        Event::Retry { why, attempt, .. } => format!("attempt {attempt}: {why}; trying again"),
        Event::Cleanup { index } => format!("removing the invalid index {index}"),
        Event::Revision { revision, direction, .. } => format!("{} {}", direction.as_str(), revision.id),
        Event::Hazard { counted } => format!("hazard: {}", render::counted(counted)),
        Event::Statement { .. } | Event::Done { .. } => return None,
    })
}

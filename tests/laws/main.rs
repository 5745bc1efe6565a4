//! Laws over random pairs of schemas: the plan from the one to the other runs, leads exactly there and back, and keeps
//! the tables and columns that both have; what `pull` writes of them makes them again; `pg_dump` sees no difference.
//!
//! A schema is made of genes (`gene`), which `render` makes SQL of with the help of a typed model of what there is so
//! far (`world`); `law` builds both schemas on a real server and tries the plans. What fails is shrunk by proptest and
//! printed as a case for `tests/cases/laws.sql`.
//!
//! `LAWS=50000 cargo nextest run --no-default-features --release --test laws --no-capture` tries as many pairs;
//! `LAWS_SEED=7` begins elsewhere, and `LAWS_PAIR=123` tries that pair alone, and `LAWS_FROM=123` goes on from there. `LAWS_JOBS` is how many run at once,
//! `LAWS_STOP` after how many failures to stop. Every `LAWS_ROAD`th pair is also pulled and dumped, which takes longer.
#![allow(missing_docs, clippy::disallowed_macros, clippy::disallowed_methods, clippy::disallowed_types)]

mod gene;
mod law;
mod pulled;
mod render;
mod rows;
#[path = "../support/mod.rs"]
mod support;
mod world;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use aludel::kind::Style;
use law::{Bench, Broken};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

struct Run {
    seed: u64,
    next: AtomicU64,
    end: u64,
    failures: Mutex<Vec<String>>,
    classes: Mutex<BTreeMap<String, usize>>,
    made: AtomicUsize,
    refused: Mutex<BTreeMap<String, usize>>,
    started: std::time::Instant,
}

/// Tries one pair and, where a law is broken, smaller and smaller ones that break it in the same way.
fn pair(run: &Run, index: u64, bench: &mut Bench, runtime: &tokio::runtime::Runtime) {
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&run.seed.to_le_bytes());
    seed[8..16].copy_from_slice(&index.to_le_bytes());
    let shrinks = number("LAWS_SHRINK", 600) as u32;
    let config = Config { cases: 1, failure_persistence: None, max_shrink_iters: shrinks, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let road = index.is_multiple_of(number("LAWS_ROAD", 50));
    let style = if index.is_multiple_of(2) { Style::Plain } else { Style::Online };
    let (bench, last) = (std::cell::RefCell::new(bench), std::cell::RefCell::new(None::<Broken>));
    let done = runner.run(&gene::lives(), |lives| {
        let checked = runtime.block_on(bench.borrow_mut().check(&lives, style, road));
        let Err(broken) = checked else { return Ok(()) };
        let mut last = last.borrow_mut();
        if last.is_none() {
            let seen =
                *run.classes.lock().expect("classes").entry(broken.class.clone()).and_modify(|n| *n += 1).or_insert(1);
            if seen > number("LAWS_EACH", 1) as usize {
                return Ok(());
            }
        }
        if last.as_ref().is_some_and(|last| last.class != broken.class) {
            return Ok(());
        }
        *last = Some(broken);
        Err(TestCaseError::fail("broken"))
    });
    match (done, last.into_inner()) {
        (Err(TestError::Fail(..)), Some(broken)) => {
            let text = format!("pair {index} of seed {}, {style:?}: {}\n{}", run.seed, broken.class, broken.text);
            eprintln!("{text}");
            run.failures.lock().expect("failures").push(text);
        }
        (Err(other), _) => run.failures.lock().expect("failures").push(format!("pair {index}: {other}")),
        _ => {}
    }
}

fn work(run: &Run) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut bench = runtime.block_on(Bench::open());
    let stop = number("LAWS_STOP", 5) as usize;
    loop {
        let index = run.next.fetch_add(1, Ordering::Relaxed);
        if index >= run.end || run.failures.lock().expect("failures").len() >= stop {
            break;
        }
        pair(run, index, &mut bench, &runtime);
        if index % 1000 == 999 {
            eprintln!("{index} pairs by {:?}", run.started.elapsed());
        }
    }
    run.made.fetch_add(bench.made, Ordering::Relaxed);
    let mut refused = run.refused.lock().expect("refused");
    for (what, count) in std::mem::take(&mut bench.refused) {
        *refused.entry(what).or_default() += count;
    }
    runtime.block_on(bench.close());
}

#[test]
fn every_pair_goes_up_and_down() {
    let first = number("LAWS_PAIR", number("LAWS_FROM", 0));
    let end = if std::env::var("LAWS_PAIR").is_ok() { first + 1 } else { number("LAWS", 2000) };
    let run = Run {
        seed: number("LAWS_SEED", 1),
        next: AtomicU64::new(first),
        end,
        failures: Mutex::default(),
        classes: Mutex::default(),
        made: AtomicUsize::new(0),
        refused: Mutex::default(),
        started: std::time::Instant::now(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async { law::roles(&support::connect(&support::server_url()).await).await });
    std::thread::scope(|scope| {
        for _ in 0..number("LAWS_JOBS", 2) {
            scope.spawn(|| work(&run));
        }
    });
    let refused = run.refused.into_inner().expect("refused");
    let (made, refusals) = (run.made.into_inner(), refused.values().sum::<usize>());
    if std::env::var("LAWS_SHOW").is_ok() {
        let mut often: Vec<_> = refused.iter().collect();
        often.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        often.iter().take(60).for_each(|(what, count)| println!("{count} × {what}"));
    }
    println!("{} pairs in {:?}: {made} statements, {refusals} refused", end - first, run.started.elapsed());
    for (class, count) in run.classes.into_inner().expect("classes") {
        println!("{count} × {class}");
    }
    let failures = run.failures.into_inner().expect("failures");
    assert!(failures.is_empty(), "{} pairs break a law", failures.len());
    assert!(refusals * 50 < made, "the generator is to make valid SQL: {refusals} of {made} statements were refused");
}

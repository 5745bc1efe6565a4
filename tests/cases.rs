//! Every case of `tests/cases`: a before and an after, planned and run up and down on a real server.
//!
//! A file holds cases: `-- case: what it shows`, the SQL before, `-- after`, the SQL after. `CASE=words` runs those
//! whose name contains the words; `SHOW=1` prints their plans. The plain plans of all cases are kept in `tests/plans`, as
//! PostgreSQL 15 spells them; `INSTA_UPDATE=always` writes them anew.
#![allow(missing_docs, clippy::disallowed_macros, clippy::disallowed_methods, clippy::disallowed_types)]

mod support;

use std::collections::BTreeMap;
use std::sync::Mutex;

use aludel::catalog::{Canonical, Object};
use aludel::db::apply_plan::run;
use aludel::db::connect::Connected;
use aludel::db::prove::while_spelled;
use aludel::db::read::read;
use aludel::diff::diff;
use aludel::kind::{Body, Id, Style, Tag};
use aludel::plan::{Plan, plan};
use support::{Case, Database, Pool, cases, failures};

fn differences(a: &Canonical, b: &Canonical) -> String {
    diff(a, b).iter().map(|delta| format!("  {delta:?}\n")).collect()
}

/// What a plan does, as one text.
fn text(plan: &Plan) -> String {
    plan.statements().map(|statement| format!("{};\n", statement.sql)).collect()
}

/// The plain plans of cases, by their names.
type Plans = Mutex<BTreeMap<String, String>>;

async fn check(case: &Case, old: &Database, new: &Database, kept: &Plans) -> Result<(), String> {
    old.client.batch_execute(&case.before).await.map_err(|e| format!("before: {}", aludel::db::server_words(&e)))?;
    new.client.batch_execute(&case.after).await.map_err(|e| format!("after: {}", aludel::db::server_words(&e)))?;
    let before = read(&old.client, "aludel_version").await.map_err(|e| e.to_string())?;
    let after = read(&new.client, "aludel_version").await.map_err(|e| e.to_string())?;
    let none = Default::default();
    let planned = |from: &Canonical, to: &Canonical, style| {
        let (mut from, mut to) = (from.clone(), to.clone());
        while_spelled(&mut from, &none, |from| while_spelled(&mut to, &none, |to| plan(from, to, style)))
    };
    let mut done: Vec<[String; 2]> = Vec::new();
    for style in [Style::Plain, Style::Online] {
        let ways = [("up", &before, &after), ("down", &after, &before)];
        let [up, down] = ways.map(|(way, from, to)| planned(from, to, style).map_err(|e| format!("{way}: {e}")));
        let plans = [up?, down?];
        let texts = plans.each_ref().map(text);
        if style == Style::Plain && before.server.version / 10_000 == 15 {
            let role = format!(" OWNER TO {};", before.server.role);
            let text = format!("-- up\n{}-- down\n{}", texts[0], texts[1]);
            // Whoever runs this is no part of it.
            let lines = text.lines().filter(|line| !line.ends_with(&role));
            let text = lines.map(|line| format!("{line}\n")).collect();
            kept.lock().expect("the plans").insert(case.name.clone(), text);
        }
        if done.contains(&texts) {
            continue;
        }
        for (((way, from, to), plan), text) in ways.into_iter().zip(&plans).zip(&texts) {
            if std::env::var("SHOW").is_ok() {
                println!("== {} {way} {style:?}\n{text}", case.name);
            }
            let ran = run_and_look(&old.client, plan, from, to).await;
            ran.map_err(|e| format!("{way}, {style:?}: {e}\n{text}"))?;
            let now = read(&old.client, "aludel_version").await.map_err(|e| e.to_string())?;
            let rest = differences(&now, to);
            if !rest.is_empty() {
                return Err(format!("{way}, {style:?}: differs:\n{rest}{text}"));
            }
        }
        done.push(texts);
    }
    Ok(())
}

/// Runs a plan; between its sections nothing is away that both sides have.
async fn run_and_look(client: &Connected, plan: &Plan, from: &Canonical, to: &Canonical) -> Result<(), String> {
    let ids = from.objects.keys().filter(|id| to.has(id) && !is_built_late(id, from));
    let ids: Vec<&Id> = ids.collect();
    for (number, section) in plan.sections.iter().enumerate() {
        let alone = Plan { sections: vec![section.clone()] };
        run(client, &alone).await.map_err(|e| e.to_string())?;
        if number + 1 < plan.sections.len() {
            let now = read(client, "aludel_version").await.map_err(|e| e.to_string())?;
            if let Some(gone) = ids.iter().find(|id| !now.has(id)) {
                return Err(format!("after section {} of {} there is no {gone}", number + 1, plan.sections.len()));
            }
        }
    }
    Ok(())
}

/// Indexes that are made anew are so while the table is in use, and so are keys.
fn is_built_late(id: &Id, side: &Canonical) -> bool {
    let is_key = |object: &Object| matches!(&object.body, Body::Constraint(key) if key.form.has_index());
    [Tag::Index, Tag::IndexPartition].contains(&id.tag) || side.get(id).is_some_and(is_key)
}

#[tokio::test]
async fn every_case_goes_up_and_down() {
    let cases = cases().await;
    assert!(!cases.is_empty(), "no case matches");
    let (pool, plans) = (&Pool::default(), &Plans::default());
    let both = |case| async move {
        let (old, new) = (pool.take().await, pool.take().await);
        let result = check(case, &old, &new, plans).await;
        pool.give(old).await;
        pool.give(new).await;
        result
    };
    let failures = failures(&cases, both).await;
    pool.close().await;
    assert!(failures.is_empty(), "{} of {} failed\n\n{}", failures.len(), cases.len(), failures.join("\n"));
    println!("{} cases, both styles, both ways", cases.len());
    if std::env::var("CASE").is_err() {
        compare(&plans.lock().expect("the plans"));
    }
}

/// Compares plans with what they were, file by file.
fn compare(plans: &BTreeMap<String, String>) {
    let mut files: BTreeMap<&str, String> = BTreeMap::new();
    for (name, text) in plans {
        let (file, title) = name.split_once(": ").expect("a file and a title");
        files.entry(file).or_default().push_str(&format!("-- case: {title}\n{text}\n"));
    }
    insta::with_settings!({ snapshot_path => "plans", prepend_module_to_snapshot => false, omit_expression => true }, {
        files.iter().for_each(|(file, text)| insta::assert_snapshot!(*file, text));
    });
}

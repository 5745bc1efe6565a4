//! Branches and merges on the command line, with the real binary.
#![allow(missing_docs, clippy::disallowed_methods, clippy::disallowed_types)]

mod support;

use support::Project;

fn refused(project: &Project, arguments: &str) -> String {
    // No database is asked: nothing listens there.
    let ran = project.run_on("postgres://127.0.0.1:1/none", arguments);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{arguments}: {}", ran.stderr);
    ran.stderr
}

fn written(project: &Project, arguments: &str) {
    let ran = project.run_on("postgres://127.0.0.1:1/none", arguments);
    assert_eq!(ran.code, 0, "{arguments}: {}", ran.stderr);
}

fn header(project: &Project, file: &str) -> String {
    let text = project.read(&format!("migrations/{file}"));
    text.lines().filter(|line| !line.contains("created_at")).map(|line| format!("{line}\n")).collect()
}

#[tokio::test]
async fn a_history_forks_and_comes_together() {
    let project = Project::new("").await;
    written(&project, "revision -m base --rev-id a1");
    written(&project, "revision -m users --rev-id b1 --branch-label accounts");
    assert!(refused(&project, "revision -m x --head a1").contains("a1 is no head (b1 follows it): --splice begins"));
    written(&project, "revision -m money --rev-id c1 --head a1 --splice --branch-label billing --depends-on accounts");
    let again = refused(&project, "revision -m x --rev-id b1 --head b1");
    assert!(again.contains("both hold revision b1"), "{again}");
    let again = refused(&project, "revision -m x --head b1 --branch-label billing");
    assert!(again.contains("both carry the branch label billing"), "{again}");
    assert!(
        refused(&project, "revision -m x").contains("there are 2 heads: b1, c1; say `heads`, name one, or merge them")
    );
    insta::assert_snapshot!(header(&project, "c1_money.up.sql"), @r#"
    -- aludel:revision
    -- revision = "c1"
    -- down_revision = "a1"
    -- branch_labels = ["billing"]
    -- depends_on = ["accounts"]
    -- message = "money"
    "#);
    insta::assert_snapshot!(project.done("branches"), @r#"
    a1 base (branch point)
        -> b1 users [accounts] (head)
        -> c1 money [billing] (head)
    "#);
    insta::assert_snapshot!(project.done("heads"), @r#"
    b1 users [accounts] (head)
    c1 money [billing] (head)
    "#);

    assert!(
        refused(&project, "merge accounts@head")
            .contains("a merge needs several revisions, and accounts@head means b1")
    );
    written(&project, "merge heads --rev-id d1");
    insta::assert_snapshot!(header(&project, "d1_merge_b1_and_c1.up.sql"), @r#"
    -- aludel:revision
    -- revision = "d1"
    -- down_revision = ["b1", "c1"]
    -- message = "merge b1 and c1"
    "#);
    insta::assert_snapshot!(project.done("history"), @r#"
    d1 merge b1 and c1 (merge point) (head)
    c1 money [billing]
    b1 users [accounts]
    a1 base (branch point)
    "#);

    project
        .write("migrations/b1_users.up.sql", project.read("migrations/b1_users.up.sql") + "\nCREATE TABLE users ();\n");
    project.write("migrations/b1_users.down.sql", "DROP TABLE users;\n");
    let moved = project.done("upgrade head");
    let order: Vec<&str> = moved.lines().map(|line| &line[..5]).collect();
    assert_eq!(order, ["up a1", "up b1", "up c1", "up d1"]);
    let ran = project.run("downgrade -2");
    assert_eq!(ran.code, 2, "two ways lead down from a merge: {}{}", ran.stdout, ran.stderr);
    assert!(project.done("downgrade accounts@-1").starts_with("down d1"), "the merge goes, the branches stay");
    assert!(project.done("current").contains("(current)"));
    project.drop_it().await;
}

#[tokio::test]
async fn a_revision_can_be_printed_instead() {
    let project = Project::new("[models.User.columns]\nid = { type = \"int\", primary_key = true }\n").await;
    let text = project.done("revision --autogenerate --sql -m users");
    assert!(text.starts_with("-- aludel:revision\n") && text.contains("CREATE TABLE public.users (\n"), "{text}");
    assert!(text.contains("DROP TABLE public.users;\n"), "{text}");
    assert!(!project.path("migrations").exists());
    project.drop_it().await;
}

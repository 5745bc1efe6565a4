//! Renames on a real server: data stays, nothing is dropped, and the way back has the old names.
#![allow(missing_docs, clippy::disallowed_macros, clippy::disallowed_methods, clippy::disallowed_types)]

mod support;

use std::path::Path;
use std::time::Duration;

use aludel::command::{Error, Exit, Session, check, downgrade, revision, run, upgrade};
use aludel::rename::Asked;
use support::{Database, Project};

const BEFORE: &str = r#"
[models.User.columns]
id = { type = "bigint", primary_key = true, identity = "always" }
number = { type = "serial" }
name = { type = "text", unique = true }
mood = { type = "mood", default = "sad" }

[models.Post.columns]
id = { type = "serial", primary_key = true }
user_id = { references = "User.id", index = true }

[schemas.store]

[composites."store.point"]
attributes = { x = "integer", y = "integer" }

[models."store.Item".columns]
id = { type = "integer", primary_key = true }
place = "store.point?"
price = "text?"

[enums]
mood = ["sad", "happy"]

[views.names]
query = "select id, name from users where mood = 'sad'"
"#;

const AFTER: &str = r#"
[models.Person]
renamed_from = "users"

[models.Person.columns]
id = { type = "bigint", primary_key = true, identity = "always" }
number = { type = "serial" }
full_name = { type = "text", unique = true, renamed_from = "name" }
feeling = { type = "feeling", default = "blue", renamed_from = "mood" }
note = "text?"
born = "date?"

[models.Post.columns]
id = { type = "serial", primary_key = true }
person_id = { references = "Person.id", index = true, renamed_from = "user_id" }

[schemas.shop]
renamed_from = "store"

[composites."shop.spot"]
renamed_from = "point"
attributes = { across = { type = "integer", renamed_from = "x" }, y = "integer" }

[models."shop.Article"]
renamed_from = "items"

[models."shop.Article".columns]
id = { type = "integer", primary_key = true }
place = "shop.spot?"
price = { type = "integer?", using = "length(price)" }

[enums.feeling]
values = ["blue", "happy"]
renamed_from = "mood"
renamed_values = { blue = "sad" }

[views.names]
query = "select id, full_name as name from people where feeling = 'blue'"
"#;

async fn session(folder: &Path, database: &Database) -> Session {
    Session::open(folder.to_owned(), Some(database.url())).await.expect("a session")
}

async fn write(session: &Session, request: revision::Request) -> Result<String, Error> {
    let request = revision::Request { message: "step".into(), autogenerate: true, ..request };
    let report = revision::revision(session, &request).await?;
    Ok(std::fs::read_to_string(&report.files[0]).expect("the file that was written"))
}

fn to(target: &str) -> run::Request {
    run::Request {
        target: target.parse().expect("a target"),
        options: Default::default(),
        lock_wait: Duration::from_secs(5),
    }
}

/// The counts that speak of something, in files that go down.
fn down_counts(folder: &std::path::Path, of: &str) -> Vec<String> {
    let files =
        std::fs::read_dir(folder.join("migrations")).expect("migrations").map(|file| file.expect("a file").path());
    let downs = files.filter(|path| path.to_string_lossy().ends_with(".down.sql"));
    let lines: Vec<String> = downs
        .flat_map(|path| {
            let text = std::fs::read_to_string(path).expect("a file");
            text.lines().filter_map(|line| Some(line.strip_prefix("-- count: ")?.to_owned())).collect::<Vec<_>>()
        })
        .collect();
    lines.into_iter().filter(|count| count.contains(of)).collect()
}

async fn up(session: &Session) {
    upgrade::upgrade(&session.live, &session.graph().expect("graph"), &session.run_ledger(), &to("head"), &mut ())
        .await
        .expect("upgrade");
}

#[tokio::test]
async fn what_is_renamed_keeps_its_data() {
    let database = Database::empty().await;
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("models.toml"), BEFORE).expect("models");
    let session = session(folder.path(), &database).await;
    write(&session, Default::default()).await.expect("the first revision");
    up(&session).await;
    let rows = "INSERT INTO users (name) VALUES ('ada'), ('bob'); INSERT INTO posts (user_id) VALUES (2); \
                INSERT INTO store.items VALUES (1, ROW(7, 8), 'abc')";
    database.client.batch_execute(rows).await.expect("rows");

    std::fs::write(folder.path().join("models.toml"), AFTER).expect("models");
    let sql = write(&session, Default::default()).await.expect("the second revision");
    assert!(!sql.contains("DROP TABLE") && !sql.contains("DROP COLUMN") && !sql.contains("DROP CONSTRAINT"), "{sql}");
    up(&session).await;
    database.client.batch_execute("UPDATE people SET note = 'x' WHERE id = 1").await.expect("a note");
    let counts = down_counts(folder.path(), "note");
    assert_eq!(counts.len(), 1, "{counts:?}");
    let row = database.client.query_one(&counts[0], &[]).await.expect("a count that can be asked before the downgrade");
    assert_eq!(row.get::<_, i64>(0), 1);
    let one = "SELECT full_name || feeling FROM people JOIN posts ON person_id = people.id";
    let row = database.client.query_one(one, &[]).await.expect("the row that was there");
    assert_eq!(row.get::<_, String>(0), "bobblue");
    let number = async |sql: &str| database.client.query_one(sql, &[]).await.expect("a row").get::<_, i32>(0);
    assert_eq!(number("SELECT (place).across FROM shop.articles").await, 7);
    assert_eq!(number("SELECT price FROM shop.articles").await, 3);
    assert_eq!(check::check(&session).await.expect("check").differences, Vec::<String>::new());

    let graph = session.graph().expect("graph");
    downgrade::downgrade(&session.live, &graph, &session.run_ledger(), &to("-1"), &mut ()).await.expect("downgrade");
    let row = database.client.query_one("SELECT name FROM users WHERE mood = 'sad' AND id = 2", &[]).await;
    assert_eq!(row.expect("the row that was there").get::<_, String>(0), "bob");
    assert_eq!(number("SELECT (place).x FROM store.items").await, 7);
    database.drop_it().await;
}

#[tokio::test]
async fn what_moves_to_another_schema_keeps_its_data() {
    let database = Database::empty().await;
    let folder = tempfile::tempdir().expect("a folder");
    let models = |at: &str, old: &str, name: &str| {
        format!(
            "[schemas.app]\n[enums.\"{at}kind\"]\nvalues = [\"a\"]\n{old}\n[models.\"{at}{name}\"]\ntable = \"{at}{}\"\n{}\n\
             [models.\"{at}{name}\".columns]\nid = {{ type = \"serial\", primary_key = true }}\nkind = \"{at}kind\"\n",
            name.to_lowercase(),
            old.replace("kind", "thing"),
        )
    };
    std::fs::write(folder.path().join("models.toml"), models("", "", "Thing")).expect("models");
    let session = session(folder.path(), &database).await;
    write(&session, Default::default()).await.expect("the first revision");
    up(&session).await;
    database.client.batch_execute("INSERT INTO thing (kind) VALUES ('a')").await.expect("a row");
    // In the models, and as it is asked for.
    let said = models("app.", "renamed_from = \"public.kind\"", "Item");
    let unsaid = models("app.", "", "Item");
    for (models, asked) in [(said, vec![]), (unsaid, vec!["public.kind=app.kind", "public.thing=app.item"])] {
        std::fs::write(folder.path().join("models.toml"), models).expect("models");
        let renames = asked.into_iter().map(|asked| asked.parse().expect("a rename")).collect();
        let sql = write(&session, revision::Request { renames, ..Default::default() }).await.expect("a revision");
        assert!(sql.contains("ALTER TABLE public.thing SET SCHEMA app") && !sql.contains("DROP"), "{sql}");
        up(&session).await;
        let kind = database.client.query_one("SELECT kind::text FROM app.item WHERE id = 1", &[]).await;
        assert_eq!(kind.expect("the row that was there").get::<_, String>(0), "a");
        assert_eq!(check::check(&session).await.expect("check").differences, Vec::<String>::new());
        let graph = session.graph().expect("graph");
        downgrade::downgrade(&session.live, &graph, &session.run_ledger(), &to("-1"), &mut ())
            .await
            .expect("downgrade");
        database.client.query_one("SELECT FROM public.thing WHERE kind = 'a'", &[]).await.expect("the row");
        for file in std::fs::read_dir(folder.path().join("migrations")).expect("migrations") {
            let path = file.expect("a file").path();
            let text = std::fs::read_to_string(&path).expect("a file");
            if text.contains("SET SCHEMA") {
                std::fs::remove_file(path).expect("removed");
            }
        }
    }
    database.drop_it().await;
}

#[tokio::test]
async fn a_likely_rename_is_a_question() {
    let database = Database::empty().await;
    let folder = tempfile::tempdir().expect("a folder");
    let models = |column: &str| {
        format!("[models.T.columns]\nid = {{ type = \"int\", primary_key = true }}\n{column} = \"text\"\n")
    };
    std::fs::write(folder.path().join("models.toml"), models("title")).expect("models");
    let session = session(folder.path(), &database).await;
    write(&session, Default::default()).await.expect("the first revision");
    up(&session).await;
    std::fs::write(folder.path().join("models.toml"), models("subtitle")).expect("models");
    let error = write(&session, Default::default()).await.expect_err("a decision");
    assert_eq!(error.exit(), Exit::Undecided);
    assert!(error.to_string().contains("--rename public.ts.title=subtitle"), "{error}");
    let wrong = revision::Request { renames: vec!["ts.x=subtitle".parse().expect("a rename")], ..Default::default() };
    assert_eq!(write(&session, wrong).await.expect_err("no such column").exit(), Exit::Mistake);
    let asked: Asked = "ts.title=subtitle".parse().expect("a rename");
    let sql = write(&session, revision::Request { renames: vec![asked], ..Default::default() }).await.expect("renamed");
    assert!(sql.contains("RENAME COLUMN title TO subtitle") && !sql.contains("DROP"), "{sql}");
    database.drop_it().await;
}

/// Values go the way that the models say, under the names that columns had; back they go the tool's.
#[tokio::test]
async fn what_changes_its_type_goes_by_the_models_expression() {
    let database = Database::empty().await;
    let folder = tempfile::tempdir().expect("a folder");
    let models = |item: &str, price: &str, state: &str| {
        format!(
            "[models.{item}.columns]\nid = {{ type = \"int\", primary_key = true }}\n{price}\nstate = {state}\n\
             [models.Sub]\ninherits = \"{item}\"\ncolumns.more = \"int\"\n"
        )
    };
    let before = models("Item", "price = \"numeric(8, 2)?\"", "{ type = \"text?\", default = \"new\", index = true }");
    std::fs::write(folder.path().join("models.toml"), before).expect("models");
    let session = session(folder.path(), &database).await;
    write(&session, Default::default()).await.expect("the first revision");
    up(&session).await;
    let rows = "INSERT INTO items VALUES (1, 1.25, 'new'), (2, 3, 'old'); INSERT INTO subs VALUES (3, 4.5, 'new', 0)";
    database.client.batch_execute(rows).await.expect("rows");

    let after = models(
        "Thing",
        "cents = { type = \"int?\", using = \"price * 100\", renamed_from = \"price\" }",
        "{ type = \"int?\", default = 1, using = \"case state when 'new' then 1 else 2 end\", index = true }",
    );
    let after =
        after.replace("[models.Thing.columns]", "[models.Thing]\nrenamed_from = \"items\"\n[models.Thing.columns]");
    std::fs::write(folder.path().join("models.toml"), after).expect("models");
    let sql = write(&session, Default::default()).await.expect("the second revision");
    let joined =
        "ALTER TABLE public.items\n    ALTER COLUMN price TYPE integer USING price * 100,\n    ALTER COLUMN state";
    assert!(sql.contains(joined), "{sql}");
    assert!(sql.contains("-- hazard: may fail on existing data: fails on values of price"), "{sql}");
    up(&session).await;
    let all = "SELECT string_agg(cents || ' ' || state, ', ' ORDER BY id) FROM things";
    let row = database.client.query_one(all, &[]).await.expect("the rows");
    assert_eq!(row.get::<_, String>(0), "125 1, 300 2, 450 1");
    assert_eq!(check::check(&session).await.expect("check").differences, Vec::<String>::new());

    let graph = session.graph().expect("graph");
    downgrade::downgrade(&session.live, &graph, &session.run_ledger(), &to("-1"), &mut ()).await.expect("downgrade");
    let all = "SELECT string_agg(price || ' ' || state, ', ' ORDER BY id) FROM items";
    let row = database.client.query_one(all, &[]).await.expect("the rows");
    assert_eq!(row.get::<_, String>(0), "125.00 1, 300.00 2, 450.00 1");
    database.drop_it().await;
}

#[tokio::test]
async fn what_cannot_be_renamed_is_told() {
    let database = Database::empty().await;
    let folder = tempfile::tempdir().expect("a folder");
    let table = |name: &str, column: &str| format!("[models.{name}.columns]\nid = \"int\"\n{column} = \"text?\"\n");
    let put = |models: String| std::fs::write(folder.path().join("models.toml"), models).expect("models");
    put(table("User", "name") + &table("Group", "name") + &table("\"gone.Note\"", "name") + "[schemas.gone]\n");
    let session = session(folder.path(), &database).await;
    write(&session, Default::default()).await.expect("the first revision");
    up(&session).await;
    put(table("User", "title") + &table("Group", "title"));
    let ask = |asked: &str| {
        let renames = vec![asked.parse().expect("a rename")];
        write(&session, revision::Request { renames, no_renames: true, ..Default::default() })
    };
    let error = ask("name=title").await.expect_err("two columns that it could be");
    assert!(error.to_string().contains("several things"), "{error}");
    // It would have to leave a schema that goes.
    let moved = table("Note", "name").replace(".columns]", "]\nrenamed_from = \"gone.notes\"\n[models.Note.columns]");
    put(table("User", "name") + &table("Group", "name") + &moved);
    let error = write(&session, Default::default()).await.expect_err("the schema goes");
    assert!(error.to_string().contains("table public.notes cannot be what was called notes"), "{error}");
    assert_eq!(error.exit(), Exit::Mistake);
    database.drop_it().await;
}

#[tokio::test]
async fn a_unified_diff_shows_each_object_that_differs() {
    let project = Project::new(
        "[models.Gone]\ncolumns.id = \"int\"\n[models.User]\ncomment = \"x\"\ncolumns = { id = \"int\", old = \"text?\" }\n\
         [models.Same]\ncolumns.id = \"int\"\n[views.v]\nquery = \"select id from users\"\n",
    )
    .await;
    project.done("revision --autogenerate -m first");
    project.done("upgrade");
    assert_eq!(project.done("diff --unified --exit-code"), "");
    project.write(
        "models.toml",
        "[models.User]\ncolumns = { id = { type = \"bigint\", index = true }, new = { type = \"text?\", renamed_from = \"old\" } }\n\
         [models.Same]\ncolumns.id = \"int\"\n[models.New]\ncolumns.id = \"int\"\n[views.v]\nquery = \"select id from users\"\n",
    );
    let shown = project.run("diff --unified --exit-code");
    assert_eq!(shown.code, 1, "{shown:?}");
    insta::assert_snapshot!("unified", shown.stdout);
    let json: serde_json::Value = serde_json::from_str(&project.done("diff --unified --format json")).expect("JSON");
    assert_eq!(json["renames"][0], "rename column public.users.old to new");
    assert_eq!(json["objects"][2]["object"], "table public.users");
    project.drop_it().await;
}

#[tokio::test]
async fn a_type_that_is_asked_for_takes_its_values_names_along() {
    let project = Project::new("[enums.old]\nvalues = [\"v1\", \"v2\"]\n[models.A]\ncolumns.e = \"old\"\n").await;
    project.done("revision --autogenerate -m first");
    project.done("upgrade");
    let models =
        "[enums.new]\nvalues = [\"w1\", \"v2\"]\nrenamed_values = { w1 = \"v1\" }\n[models.A]\ncolumns.e = \"new\"\n";
    project.write("models.toml", models);
    let sql = project.done("revision --autogenerate --rename old=new --sql");
    for statement in ["ALTER TYPE public.old RENAME TO new;", "ALTER TYPE public.new RENAME VALUE 'v1' TO 'w1';"] {
        assert!(sql.contains(statement), "{statement}: {sql}");
    }
    assert!(!sql.contains("hazard"), "{sql}");
    project.drop_it().await;
}

/// Functions by their name, of several by their types too; classes; and what has names inside without being an object.
#[tokio::test]
async fn what_has_more_than_a_name_is_renamed_as_asked() {
    let models = |one: &str, column: &str| {
        format!(
            "[sql]\nfiles = \"own.sql\"\n[enums]\nstate = [\"{one}1\", \"b\"]\n[composites.pair.attributes]\n{one}2 = \"int\"\n\
             [models.T.columns]\nid = {{ type = \"int\", default = {{ sql = \"{one}3(1)\" }} }}\n\
             [views]\nv = {{ query = \"select id as {one}4 from ts\"{column} }}\n"
        )
    };
    let own = |one: &str| {
        format!(
            "create function {one}3(int) returns int language sql as 'select 1';\n\
             create function {one}3(text) returns int language sql as 'select 2';\n\
             create procedure {one}5() language sql as '';\ncreate aggregate {one}6(int) (sfunc = int4pl, stype = int);\n\
             create operator family {one}7 using hash;\ncreate function {one}8(state[]) returns int language sql as 'select 1';\n"
        )
    };
    let project = support::Project::new(&models("a", "")).await;
    project.write("own.sql", own("a"));
    project.done("revision --autogenerate -m first");
    project.done("upgrade");
    project.write("models.toml", models("b", ""));
    project.write("own.sql", own("b"));
    assert!(project.run("revision --autogenerate --rename a3=b3 --sql").stderr.contains("several things"));
    let asked = [
        "public.a3(int)=b3(int)".replace("int", "integer"),
        "a3(text)=b3".into(),
        "a5=b5".into(),
        "a6=b6".into(),
        "public.a8(state[])=b8".into(),
        "state.a1=b1".into(),
        "pair.a2=b2".into(),
        "v.a4=b4".into(),
    ];
    assert!(project.run("revision --autogenerate --rename a3(int)=b3(text)").stderr.contains("the same on both sides"));
    let asked: String = asked.iter().map(|one| format!(" --rename '{one}'")).collect();
    let sql = project.done(&format!("revision --autogenerate --sql{asked}"));
    let (up, down) = sql.split_once("-- downgrade").unwrap_or((&sql, ""));
    assert!(!up.contains("DROP") && !up.contains("CREATE") && !down.contains("DROP"), "{sql}");
    assert!(up.contains("ALTER VIEW public.v RENAME COLUMN a4 TO b4;"), "{sql}");
    // The models can say it of a view, too.
    project.write("models.toml", models("b", ", renamed_columns = { b4 = \"a4\" }"));
    let without = asked.replace(" --rename 'v.a4=b4'", "");
    assert_eq!(project.done(&format!("revision --autogenerate --sql{without}")).matches("COLUMN a4 TO b4").count(), 1);
    project.done(&format!("revision --autogenerate -m second{without}"));
    project.done("upgrade");
    project.done("check");
    project.done("downgrade base");
    project.drop_it().await;
}

#[tokio::test]
async fn a_schema_with_all_that_is_in_it_is_a_question() {
    let models = |schema: &str| format!("[models.\"{schema}.T\".columns]\nid = \"int\"\n[schemas]\n{schema} = {{}}\n");
    let project = support::Project::new(&models("shop")).await;
    project.write("aludel.toml", "[database]\nschemas = [\"*\"]\n");
    project.done("revision --autogenerate -m first");
    project.done("upgrade");
    project.write("models.toml", models("shops"));
    let asked = project.run("revision --autogenerate");
    assert!(asked.code == 5 && asked.stderr.contains("--rename shop=shops"), "{asked:?}");
    let sql = project.done("revision --autogenerate --rename shop=shops --sql");
    assert!(sql.contains("ALTER SCHEMA shop RENAME TO shops;") && !sql.contains("DROP"), "{sql}");
    project.drop_it().await;
}

/// What stands in front may be called like it, and have another name itself; a dot, a quote or a sign may be in a name.
#[tokio::test]
async fn names_that_occur_twice_and_odd_ones_are_renamed_as_asked() {
    let models = |store: &str, full: &str, people: &str, odd: &str, sign: &str| {
        format!(
            "[schemas.shop]\n[models.\"shop.Shop\"]\ntable = \"shop.{store}\"\ncolumns.id = \"int\"\n\
             [models.User]\ntable = \"{people}\"\ncolumns = {{ users = \"text?\", {full} = \"int?\" }}\n\
             [models.Post]\ncolumns = {{ id = \"int?\", {people} = \"text?\" }}\n\
             [models.Odd]\ntable = '\"{odd}\"'\ncolumns.'{sign}' = \"int?\"\n"
        )
    };
    let project = support::Project::new(&models("shop", "name", "users", "a.b", "x=\"y")).await;
    project.write("aludel.toml", "[database]\nschemas = [\"*\"]\n");
    project.done("revision --autogenerate -m first");
    project.done("upgrade");
    project.write("models.toml", models("store", "full_name", "people", "a.c", "x z"));
    let asked = ["shop.shop=store", "users.name=full_name", "posts.users=people", "public.users=people"];
    let odd = [r#"public."a.b"="a.c""#, r#""a.b"."x=""y"="x z""#];
    let asked: String = asked.iter().chain(&odd).map(|one| format!(" --rename '{one}'")).collect();
    let sql = project.done(&format!("revision --autogenerate --sql{asked}"));
    for statement in [
        "ALTER TABLE shop.shop RENAME TO store;",
        "ALTER TABLE public.people RENAME COLUMN name TO full_name;",
        "ALTER TABLE public.posts RENAME COLUMN users TO people;",
        "ALTER TABLE public.users RENAME TO people;",
        "ALTER TABLE public.\"a.b\" RENAME TO \"a.c\";",
        "ALTER TABLE public.\"a.c\" RENAME COLUMN \"x=\"\"y\" TO \"x z\";",
    ] {
        assert!(sql.contains(statement), "{statement}: {sql}");
    }
    assert!(!sql.contains("DROP"), "{sql}");
    let wrong = project.run("revision --autogenerate --rename '\"a\"b=c' --sql");
    assert!(wrong.code == 2 && wrong.stderr.contains("stands in quotes"), "{wrong:?}");
    project.drop_it().await;
}

/// The counts of the way down are made before its renames: also where it is the schema, or a parent's column, that has another name.
#[tokio::test]
async fn counts_are_made_under_the_names_that_there_are() {
    let models = |schema: &str, column: &str, needs: &str| {
        format!(
            "[schemas.{schema}]\n[models.\"{schema}.T\".columns]\na = \"int{needs}\"\n[models.P]\ncolumns.{column} = \"int?\"\n\
             [models.H]\ninherits = \"P\"\ncolumns.b = \"int?\"\n{}",
            if needs.is_empty() { format!("checks.k = \"{column} > 0\"\n") } else { String::new() }
        )
    };
    let project = support::Project::new(&models("s1", "old_a", "")).await;
    project.write("aludel.toml", "[database]\nschemas = [\"*\"]\n");
    project.done("revision --autogenerate -m first");
    project.done("upgrade");
    project.write("models.toml", models("s2", "new_a", "?"));
    project.done("revision --autogenerate -m second --rename s1=s2 --rename ps.old_a=new_a");
    project.done("upgrade");
    project
        .database
        .client
        .batch_execute("INSERT INTO s2.ts VALUES (NULL); INSERT INTO hs VALUES (0), (-1)")
        .await
        .expect("rows");
    let back = project.run("downgrade -1");
    for count in ["where a is null (1 row)", "do not satisfy it (2 rows)"] {
        assert!(back.stderr.contains(count), "{count}: {back:?}");
    }
    project.drop_it().await;
}

/// A view stands where the table was, and a column where another was: both are made beside the old, and take the name with the rest.
#[tokio::test]
async fn what_takes_an_old_name_comes_to_have_it() {
    let models = |model: &str, column: &str, more: &str| {
        format!(
            "[models.{model}]\ncolumns = {{ id = {{ type = \"serial\", primary_key = true }}, {column} = \"text?\" }}\n\
             checks = [\"{column} <> ''\"]\n{more}"
        )
    };
    let project = support::Project::new(&models("User", "name", "")).await;
    project.done("revision --autogenerate -m first");
    project.done("upgrade");
    let client = &project.database.client;
    client.batch_execute("INSERT INTO users (name) VALUES ('ada'), ('bob')").await.expect("rows");
    let view = "[views.users]\nquery = \"select id, full_name as name from people\"\n";
    project.write(
        "models.toml",
        models("Person", "full_name", view).replace("full_name = \"text?\"", "full_name = \"text?\", name = \"text?\""),
    );
    project.done("revision --autogenerate -m second --rename users=people --rename people.name=full_name");
    project.done("upgrade");
    project.done("check");
    client.batch_execute("UPDATE people SET name = 'b' WHERE id = 2").await.expect("the new column");
    let row = client.query_one("SELECT u.name || p.name FROM users u JOIN people p USING (id) WHERE id = 2", &[]).await;
    assert_eq!(row.expect("the row that was there").get::<_, String>(0), "bobb");
    let back = project.run("downgrade -1");
    assert!(back.code == 0 && back.stderr.contains("with its values (1 row)"), "{back:?}");
    let row = client.query_one("SELECT string_agg(name, ' ' ORDER BY id) FROM users", &[]).await;
    assert_eq!(row.expect("the rows").get::<_, String>(0), "ada bob");
    project.drop_it().await;
}

/// A check that the server shows otherwise than it would write it is left alone, whatever else is made.
#[tokio::test]
async fn what_means_the_same_is_not_made_again() {
    let models =
        |more: &str| format!("[models.T]\ncolumns = {{ c = \"varchar?\"{more} }}\nchecks.k = \"c in ('a', 'b')\"\n");
    let project = support::Project::new(&models(", d = \"int?\"")).await;
    let table = "CREATE TABLE ts (c varchar, CONSTRAINT k CHECK (c::text = ANY (ARRAY['a'::varchar::text, 'b'::varchar::text])))";
    project.database.client.batch_execute(table).await.expect("a table");
    let sql = project.done("revision --autogenerate --sql");
    assert!(sql.contains("ADD COLUMN d") && !sql.contains("CONSTRAINT"), "{sql}");
    project.drop_it().await;
}

#[tokio::test]
async fn a_body_that_names_what_is_renamed_is_no_surprise() {
    let models = |name: &str| format!("[sql]\nfiles = \"own.sql\"\n[models.T.columns]\n{name} = \"text\"\n");
    let own = |name: &str| {
        format!(
            "create function f() returns setof text language sql begin atomic select {name} from ts; end;\n\
             create function g() returns setof text language sql as 'select {name} from ts';\n"
        )
    };
    let project = support::Project::new(&models("nm")).await;
    project.write("own.sql", own("nm"));
    project.done("revision --autogenerate -m first");
    project.done("upgrade");
    project.write("models.toml", models("name"));
    project.write("own.sql", own("name"));
    let ran = project.run("revision --autogenerate -m second --rename ts.nm=name");
    let words = format!("{}{}", ran.stdout, ran.stderr);
    assert!(ran.code == 0 && words.contains("alter function public.f()") && !words.contains("warning"), "{words}");
    project.drop_it().await;
}

#[tokio::test]
async fn a_body_that_waits_for_a_name_is_told() {
    let models = |name: &str, check: &str| {
        format!("[sql]\nfiles = \"own.sql\"\n[models.T.columns]\n{name} = \"int\"\nc = \"int\"\n{check}")
    };
    let own = |name: &str| {
        format!(
            "create function f() returns trigger language plpgsql as 'begin new.{name} = 1; return new; end';\n\
             create trigger g before update on ts for each row execute function f();\n"
        )
    };
    let project = support::Project::new(&models("old_one", "")).await;
    project.write("own.sql", own("old_one"));
    project.done("revision --autogenerate -m first");
    project.done("upgrade");
    let told = |check: &str| {
        project.write("models.toml", models("new_one", check));
        project.write("own.sql", own("new_one"));
        let ran = project.run("revision --autogenerate --sql --rename ts.old_one=new_one");
        let said = "function public.f() gets a body that names new_one, which is called so only when";
        (ran.code == 0 && format!("{}{}", ran.stdout, ran.stderr).contains(said), ran)
    };
    let (is_told, ran) = told("");
    assert!(ran.code == 0 && !is_told, "{ran:?}");
    let (is_told, ran) = told("[models.T.checks]\npositive = \"c > 0\"\n");
    assert!(is_told, "{ran:?}");
    project.drop_it().await;
}

#[tokio::test]
async fn indexes_of_partitions_are_renamed_with_them() {
    let models = |part: &str, column: &str| {
        format!(
            "[models.T]\npartition_by = \"list (id)\"\nprimary_key = [\"id\"]\nindexes = [\"{column}\"]\n\
             columns = {{ id = \"int\", {column} = \"int?\" }}\npartitions = {{ {part} = \"in (1)\" }}\n"
        )
    };
    let project = support::Project::new(&models("one", "a")).await;
    project.done("revision --autogenerate -m first");
    project.done("upgrade");
    project.write("models.toml", models("uno", "b"));
    let asked = "--rename public.one=uno --rename ts.a=b";
    let sql = project.done(&format!("revision --autogenerate --sql {asked}"));
    let statements: Vec<&str> = sql.lines().filter(|line| !line.is_empty() && !line.starts_with("--")).collect();
    assert!(statements.iter().all(|statement| statement.contains(" RENAME ")), "{sql}");
    assert!(statements.contains(&"ALTER INDEX public.one_a_idx RENAME TO uno_b_idx;"), "{sql}");
    project.done(&format!("revision --autogenerate -m second {asked}"));
    project.done("upgrade");
    project.done("check");
    project.done("downgrade -1");
    project.drop_it().await;
}

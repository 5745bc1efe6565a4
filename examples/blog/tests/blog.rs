//! The generated repositories against a server: `ALUDEL_TEST_URL` names it, and each test makes a database of its own.

use std::sync::atomic::{AtomicUsize, Ordering};

use blog::db::connection::Params;
use blog::db::{
    ActiveUser, ActiveUserRepository, Connection, Error, NewPost, NewPostTag, NewTag, NewUser,
    Pool, PoolOptions, Post, PostFilter, PostQuery, PostRepository, PostStatus, PostTagRepository,
    PostUpdate, TagRepository, User, UserFilter, UserQuery, UserRepository, UserUpdate,
    in_transaction, pool,
};
use deadpool_postgres::ClientWrapper;
use futures_util::TryStreamExt;
use tokio_postgres::{NoTls, RowStream};

static DATABASES: AtomicUsize = AtomicUsize::new(0);

struct Blog {
    admin: tokio_postgres::Client,
    name: String,
    url: String,
    pool: Pool,
}

async fn connect(url: &str) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls)
        .await
        .expect("the test server answers");
    tokio::spawn(connection);
    client
}

impl Blog {
    async fn open() -> Blog {
        let server =
            std::env::var("ALUDEL_TEST_URL").expect("ALUDEL_TEST_URL names a PostgreSQL server");
        let number = DATABASES.fetch_add(1, Ordering::Relaxed);
        let name = format!("aludel_blog_{}_{number}", std::process::id());
        let admin = connect(&server).await;
        admin
            .batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0"))
            .await
            .expect("a database");
        let url = format!(
            "{}/{name}",
            server.rsplit_once('/').expect("a URL ends in /database").0
        );
        connect(&url)
            .await
            .batch_execute(include_str!(
                "../../../migrations/0001c0ffee01_create_the_blog.up.sql"
            ))
            .await
            .expect("the schema");
        let pool = pool(&url).expect("a pool");
        Blog {
            admin,
            name,
            url,
            pool,
        }
    }

    async fn close(self) {
        self.pool.close();
        self.admin
            .batch_execute(&format!("DROP DATABASE {} WITH (FORCE)", self.name))
            .await
            .expect("dropped");
    }
}

async fn user<C: Connection>(client: &C, name: &str) -> User {
    let new = NewUser::new(format!("{name}@example.com"), name.to_owned());
    UserRepository::new(client)
        .create(&new)
        .await
        .expect("a user")
}

async fn post<C: Connection>(client: &C, user: &User, title: &str) -> Post {
    let new = NewPost::new(user.id, title.to_owned(), String::new());
    PostRepository::new(client)
        .create(&new)
        .await
        .expect("a post")
}

#[tokio::test]
async fn rows_are_made_read_changed_and_deleted() {
    let blog = Blog::open().await;
    let client = blog.pool.get().await.expect("a connection");
    let users = UserRepository::new(&client);
    let ada = user(&client, "ada").await;
    assert!(ada.is_active && ada.bio.is_none());
    let given = NewUser {
        is_active: Some(false),
        bio: Some("x".into()),
        ..NewUser::new("b".into(), "bob".into())
    };
    let bob = users.create(&given).await.expect("a user");
    assert_eq!((bob.is_active, bob.bio.as_deref()), (false, Some("x")));

    assert_eq!(users.get(ada.id).await.expect("read").as_ref(), Some(&ada));
    assert_eq!(users.get(0).await.expect("read"), None);

    let changes = UserUpdate {
        bio: Some(None),
        username: Some("rob".into()),
        ..UserUpdate::default()
    };
    let rob = users
        .update(bob.id, &changes)
        .await
        .expect("changed")
        .expect("there");
    assert_eq!(
        rob,
        User {
            bio: None,
            username: "rob".into(),
            ..bob.clone()
        }
    );
    assert_eq!(users.update(0, &changes).await.expect("nothing"), None);
    assert_eq!(
        users
            .update(rob.id, &UserUpdate::default())
            .await
            .expect("nothing"),
        Some(rob.clone())
    );

    assert!(users.delete(rob.id).await.expect("deleted"));
    assert!(!users.delete(rob.id).await.expect("nothing"));
    assert_eq!(users.find(UserQuery::all()).await.expect("read"), [ada]);
    drop(client);
    blog.close().await;
}

#[tokio::test]
async fn filters_orders_and_pages() {
    let blog = Blog::open().await;
    let client = blog.pool.get().await.expect("a connection");
    let posts = PostRepository::new(&client);
    let (ada, bob) = (user(&client, "ada").await, user(&client, "bob").await);
    for (author, title) in [(&ada, "One"), (&ada, "Two"), (&bob, "Three")] {
        post(&client, author, title).await;
    }
    let two = posts
        .first(Post::TITLE.eq("Two"))
        .await
        .expect("read")
        .expect("there");
    let publish = PostUpdate {
        status: Some(PostStatus::Published),
        ..PostUpdate::default()
    };
    posts.update(two.id, &publish).await.expect("changed");

    let cases: Vec<(PostFilter, &[&str])> = vec![
        (PostFilter::all(), &["One", "Three", "Two"]),
        (Post::USER_ID.eq(ada.id), &["One", "Two"]),
        (Post::USER_ID.ne(ada.id), &["Three"]),
        (
            Post::USER_ID.is_in([ada.id, bob.id]) & Post::TITLE.like("T%"),
            &["Three", "Two"],
        ),
        (Post::USER_ID.is_in(Vec::<i64>::new()), &[]),
        (Post::TITLE.ilike("t%"), &["Three", "Two"]),
        (Post::STATUS.eq(PostStatus::Published), &["Two"]),
        (
            Post::STATUS.is_in([PostStatus::Draft, PostStatus::Archived]),
            &["One", "Three"],
        ),
        (!(Post::TITLE.eq("One") | Post::TITLE.eq("Two")), &["Three"]),
        (Post::ID.gt(two.id) | Post::ID.lt(two.id), &["One", "Three"]),
        (Post::ID.ge(two.id) & Post::ID.le(two.id), &["Two"]),
        (Post::TITLE.is_null(), &[]),
        (
            Post::TITLE.is_not_null() & !Post::TITLE.eq("'; DROP TABLE posts; --"),
            &["One", "Three", "Two"],
        ),
    ];
    for (filter, expected) in cases {
        let shown = format!("{filter:?}");
        assert_eq!(
            posts.count(filter.clone()).await.expect("counted"),
            expected.len() as i64,
            "{shown}"
        );
        assert_eq!(
            posts.exists(filter.clone()).await.expect("asked"),
            !expected.is_empty(),
            "{shown}"
        );
        let found = posts
            .find(PostQuery::from(filter).order_by(Post::TITLE.asc()))
            .await
            .expect("read");
        assert_eq!(
            found
                .iter()
                .map(|post| post.title.as_str())
                .collect::<Vec<_>>(),
            expected,
            "{shown}"
        );
    }
    let page = PostQuery::all()
        .order_by(Post::USER_ID.desc())
        .order_by(Post::ID.desc())
        .skip(1)
        .limit(1);
    assert_eq!(
        posts.find(page.clone()).await.expect("read")[0].title,
        "Two"
    );
    assert_eq!(
        posts
            .first(page.skip(2))
            .await
            .expect("read")
            .expect("there")
            .title,
        "One"
    );
    drop(client);
    blog.close().await;
}

/// A connection that counts the statements it is asked for.
struct Counting<'c, C>(&'c C, AtomicUsize);

impl<C: Connection> Connection for Counting<'_, C> {
    async fn run(&self, sql: &str, params: Params<'_>) -> blog::db::Result<RowStream> {
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0.run(sql, params).await
    }
}

#[tokio::test]
async fn relations_take_one_query_for_a_page() {
    let blog = Blog::open().await;
    let client = blog.pool.get().await.expect("a connection");
    let (ada, bob, eve) = (
        user(&client, "ada").await,
        user(&client, "bob").await,
        user(&client, "eve").await,
    );
    let one = post(&client, &ada, "One").await;
    let two = post(&client, &ada, "Two").await;
    let three = post(&client, &bob, "Three").await;
    let tags = TagRepository::new(&client);
    let (red, blue) = (
        tags.create(&NewTag::new("red".into())).await,
        tags.create(&NewTag::new("blue".into())).await,
    );
    let (red, blue) = (red.expect("a tag"), blue.expect("a tag"));
    let links = PostTagRepository::new(&client);
    for (post, tag) in [(&one, &red), (&one, &blue), (&three, &red)] {
        links
            .create(&NewPostTag::new(post.id, tag.id))
            .await
            .expect("a link");
    }

    let counting = Counting(&client, AtomicUsize::new(0));
    let by_user = UserRepository::new(&counting)
        .load_posts(&[ada.clone(), bob.clone(), eve.clone()])
        .await
        .expect("posts");
    assert_eq!(by_user[&ada.id], [one.clone(), two.clone()]);
    assert_eq!(by_user[&bob.id], std::slice::from_ref(&three));
    assert!(!by_user.contains_key(&eve.id));
    let page = [one.clone(), two.clone(), three.clone()];
    let authors = PostRepository::new(&counting)
        .load_user(&page)
        .await
        .expect("users");
    assert_eq!(
        (
            &authors[&one.user_id],
            &authors[&three.user_id],
            authors.len()
        ),
        (&ada, &bob, 2)
    );
    let of_post = PostRepository::new(&counting)
        .load_tags(&page)
        .await
        .expect("tags");
    assert_eq!(of_post[&one.id], [red.clone(), blue.clone()]);
    assert_eq!(
        (&of_post[&three.id], of_post.len()),
        (&vec![red.clone()], 2)
    );
    let of_tag = TagRepository::new(&counting)
        .load_posts(std::slice::from_ref(&red))
        .await
        .expect("posts");
    assert_eq!(of_tag[&red.id], [one.clone(), three]);
    assert_eq!(counting.1.into_inner(), 4);

    assert!(links.get(one.id, blue.id).await.expect("read").is_some());
    assert!(links.delete(one.id, blue.id).await.expect("deleted"));
    assert!(links.get(one.id, blue.id).await.expect("read").is_none());
    drop(client);
    blog.close().await;
}

#[tokio::test]
async fn transactions_are_all_or_nothing() {
    let blog = Blog::open().await;
    // Spawned, as a server would: the work has to be able to move between threads.
    let pool = blog.pool.clone();
    let made = tokio::spawn(async move {
        in_transaction(&pool, async |transaction| {
            let ada = user(transaction, "ada").await;
            Ok::<_, Error>(post(transaction, &ada, "One").await)
        })
        .await
    });
    let made = made.await.expect("no panic").expect("committed");
    let failed: Result<(), Error> = in_transaction(&blog.pool, async |transaction| {
        let posts = PostRepository::new(transaction);
        assert!(posts.delete(made.id).await?);
        posts
            .create(&NewPost::new(made.user_id, String::new(), String::new()))
            .await?;
        Ok(())
    })
    .await;
    let error = failed.expect_err("a blank title");
    assert_eq!(error.constraint(), Some("title_not_blank"));
    assert!(error.to_string().contains("title_not_blank"), "{error}");
    let client = blog.pool.get().await.expect("a connection");
    assert_eq!(
        PostRepository::new(&client)
            .get(made.id)
            .await
            .expect("read"),
        Some(made)
    );
    drop(client);
    blog.close().await;
}

#[tokio::test]
async fn statements_are_prepared_once_a_connection() {
    const PREPARED: &str = "SELECT count(*) FROM pg_prepared_statements
        WHERE statement LIKE '%public.users%' AND statement NOT LIKE '%pg_prepared%'";
    let blog = Blog::open().await;
    let client = blog.pool.get().await.expect("a connection");
    let ada = user(&client, "ada").await;
    for _ in 0..3 {
        UserRepository::new(&client)
            .get(ada.id)
            .await
            .expect("read");
        UserRepository::new(&client)
            .find(User::USERNAME.eq("ada"))
            .await
            .expect("read");
    }
    let count: i64 = client
        .query_one(PREPARED, &[])
        .await
        .expect("counted")
        .get(0);
    assert_eq!(count, 3, "insert, get, find");

    // Every other connection, and transactions on it.
    let mut plain = connect(&blog.url).await;
    assert_eq!(
        UserRepository::new(&plain)
            .get(ada.id)
            .await
            .expect("read")
            .as_ref(),
        Some(&ada)
    );
    let transaction = plain.transaction().await.expect("begun");
    assert_eq!(
        UserRepository::new(&transaction)
            .get(ada.id)
            .await
            .expect("read")
            .as_ref(),
        Some(&ada)
    );
    transaction.rollback().await.expect("rolled back");
    let (plain, connection) = tokio_postgres::connect(&blog.url, NoTls)
        .await
        .expect("connected");
    let task = tokio::spawn(async { connection.await.expect("served") });
    let kept = ClientWrapper::new(plain, task);
    for _ in 0..3 {
        assert_eq!(
            UserRepository::new(&kept)
                .get(ada.id)
                .await
                .expect("read")
                .as_ref(),
            Some(&ada)
        );
    }
    let count: i64 = kept.query_one(PREPARED, &[]).await.expect("counted").get(0);
    assert_eq!(count, 1);
    drop(client);
    blog.close().await;
}

#[tokio::test]
async fn the_pool_has_its_limits() {
    let blog = Blog::open().await;
    assert_eq!(
        (blog.pool.status().max_size, PoolOptions::default().max_size),
        (15, 15)
    );
    let short = PoolOptions {
        max_size: 1,
        wait: std::time::Duration::from_millis(50),
        ..PoolOptions::default()
    };
    let config = blog.url.parse().expect("a URL");
    let small = blog::db::pool_with(config, NoTls, &short).expect("a pool");
    let first = small.get().await.expect("a connection");
    let error = Error::from(small.get().await.expect_err("none left"));
    assert!(
        error.to_string().to_lowercase().contains("timeout"),
        "{error}"
    );

    // A connection that died meanwhile is noticed before it is given out.
    let pid: i32 = first
        .query_one("SELECT pg_backend_pid()", &[])
        .await
        .expect("asked")
        .get(0);
    drop(first);
    blog.admin
        .execute("SELECT pg_terminate_backend($1)", &[&pid])
        .await
        .expect("ended");
    let again = small.get().await.expect("another connection");
    assert_eq!(
        UserRepository::new(&again)
            .count(UserFilter::all())
            .await
            .expect("counted"),
        0
    );
    drop(again);
    blog.close().await;
}

#[tokio::test]
async fn a_row_that_is_there_is_changed_instead() {
    let blog = Blog::open().await;
    let client = blog.pool.get().await.expect("a connection");
    let users = UserRepository::new(&client);
    let new = NewUser {
        bio: Some("first".into()),
        ..NewUser::new("ada@example.com".into(), "ada".into())
    };
    let made = users.upsert_by_email(&new).await.expect("inserted");
    let again = NewUser::new("ada@example.com".into(), "countess".into());
    let changed = users.upsert_by_email(&again).await.expect("changed");
    let expected = User {
        username: "countess".into(),
        ..made
    };
    assert_eq!(changed, expected, "what is not given stays");
    let tags = TagRepository::new(&client);
    let red = tags.upsert_by_name(&NewTag::new("red".into())).await;
    let same = tags.upsert_by_name(&NewTag::new("red".into())).await;
    assert_eq!(red.expect("a tag"), same.expect("the same"));
    let one = post(&client, &changed, "One").await;
    let tag = tags.first(blog::db::Tag::NAME.eq("red")).await;
    let link = NewPostTag::new(one.id, tag.expect("read").expect("there").id);
    let links = PostTagRepository::new(&client);
    let first = links.upsert(&link).await.expect("linked");
    assert_eq!(links.upsert(&link).await.expect("linked"), first);
    drop(client);
    blog.close().await;
}

#[tokio::test]
async fn rows_come_one_by_one() {
    let blog = Blog::open().await;
    let client = blog.pool.get().await.expect("a connection");
    let ada = user(&client, "ada").await;
    for number in 0..100 {
        post(&client, &ada, &format!("{number:03}")).await;
    }
    let posts = PostRepository::new(&client);
    let query = PostQuery::all().order_by(Post::TITLE.desc());
    let mut rows = posts.stream(query.clone()).await.expect("begun");
    let mut titles = Vec::new();
    while let Some(post) = rows.try_next().await.expect("a row") {
        titles.push(post.title);
    }
    let expected: Vec<String> = (0..100)
        .rev()
        .map(|number| format!("{number:03}"))
        .collect();
    assert_eq!(titles, expected);
    // One that is left in the middle does not stand in the way of the next statement.
    let mut rows = posts.stream(query).await.expect("begun");
    assert!(rows.try_next().await.expect("a row").is_some());
    drop(rows);
    assert_eq!(posts.count(PostFilter::all()).await.expect("counted"), 100);
    drop(client);
    blog.close().await;
}

#[tokio::test]
async fn views_are_read() {
    let blog = Blog::open().await;
    let client = blog.pool.get().await.expect("a connection");
    let ada = user(&client, "ada").await;
    let away = NewUser {
        is_active: Some(false),
        ..NewUser::new("bob@example.com".into(), "bob".into())
    };
    UserRepository::new(&client)
        .create(&away)
        .await
        .expect("a user");
    let active = ActiveUserRepository::new(&client);
    let expected = ActiveUser {
        id: Some(ada.id),
        email: Some(ada.email),
    };
    let found = active
        .find(ActiveUser::EMAIL.like("%@example.com"))
        .await
        .expect("read");
    assert_eq!(found, [expected]);
    drop(client);
    blog.close().await;
}

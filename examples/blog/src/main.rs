//! Writes a post with its tags and shows the front page. The folder `db` is what `aludel generate` makes of models.toml.
//!
//! ```sh
//! aludel -C ../.. upgrade
//! cargo run
//! ```

use blog::db::{
    Error, NewPost, NewPostTag, NewTag, NewUser, Post, PostQuery, PostRepository, PostStatus,
    PostTagRepository, Tag, TagRepository, User, UserRepository, in_transaction, pool,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url =
        std::env::var("DATABASE_URL").map_err(|_| "DATABASE_URL names the blog's database")?;
    let pool = pool(&url)?;

    // All of it or nothing.
    in_transaction(&pool, async |transaction| {
        let users = UserRepository::new(transaction);
        let author = match users.first(User::USERNAME.eq("ada")).await? {
            Some(author) => author,
            None => {
                users
                    .create(&NewUser::new("ada@example.com".into(), "ada".into()))
                    .await?
            }
        };
        let post = NewPost {
            status: Some(PostStatus::Published),
            ..NewPost::new(author.id, "Notes".into(), "On the analytical engine".into())
        };
        let post = PostRepository::new(transaction).create(&post).await?;
        let tags = TagRepository::new(transaction);
        let tag = match tags.first(Tag::NAME.eq("machines")).await? {
            Some(tag) => tag,
            None => tags.create(&NewTag::new("machines".into())).await?,
        };
        PostTagRepository::new(transaction)
            .create(&NewPostTag::new(post.id, tag.id))
            .await?;
        Ok::<_, Error>(())
    })
    .await?;

    // One query for the page, one for its authors, one for its tags.
    let client = pool.get().await?;
    let posts = PostRepository::new(&client);
    let published = PostQuery::all().filter(Post::STATUS.eq(PostStatus::Published));
    let page = posts
        .find(published.order_by(Post::CREATED_AT.desc()).limit(10))
        .await?;
    let authors = posts.load_user(&page).await?;
    let tags = posts.load_tags(&page).await?;
    for post in &page {
        let author = authors
            .get(&post.user_id)
            .map_or("?", |user| user.username.as_str());
        let names: Vec<&str> = tags
            .get(&post.id)
            .into_iter()
            .flatten()
            .map(|tag| tag.name.as_str())
            .collect();
        println!("{} by {author} [{}]", post.title, names.join(", "));
    }
    Ok(())
}

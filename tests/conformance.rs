//! The whole road for every case of `tests/cases`: pull the after, autogenerate against the before, upgrade, check,
//! downgrade; and `pg_dump` must not be able to tell the databases from what they should be.
#![allow(missing_docs, clippy::disallowed_macros, clippy::disallowed_methods, clippy::disallowed_types)]

mod support;

#[tokio::test]
async fn every_case_travels_the_whole_road() {
    let mut cases = support::cases().await;
    // What is a column's or check's own beside its parent's shows in dumps, and nothing changes it.
    cases.retain(|case| !case.name.contains("(catalogs)"));
    support::road::all_travel(&cases).await;
}

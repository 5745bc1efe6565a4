//! The whole road for every case of `tests/cases`: pull the after, autogenerate against the before, upgrade, check,
//! downgrade; and `pg_dump` must not be able to tell the databases from what they should be.
#![allow(missing_docs, clippy::disallowed_macros)]

mod support;

#[tokio::test]
async fn every_case_travels_the_whole_road() {
    support::road::all_travel(&support::cases().await).await;
}

//! Values of every type go in and come out; `ODDITIES_URL` is a database with oddities.sql in it.

use oddities::db::*;

async fn client() -> deadpool_postgres::Client {
    let url = std::env::var("ODDITIES_URL").expect("ODDITIES_URL names a database");
    pool(&url).expect("a pool").get().await.expect("a connection")
}

fn text(value: &str) -> Option<String> {
    Some(value.to_owned())
}

#[tokio::test]
async fn values_of_every_type_come_back() {
    let client = client().await;
    let rows = EveryTypeRepository::new(&client);
    let day = chrono::NaiveDate::from_ymd_opt(2026, 11, 25).expect("a day");
    let time = day.and_hms_milli_opt(1, 2, 3, 456).expect("a time");
    let json = serde_json::json!({"a": [1, null]});
    let new = NewEveryType {
        a_bool: Some(true),
        an_i16: Some(-1),
        an_i32: Some(i32::MIN),
        an_i64: Some(1 << 40),
        an_f32: Some(1.5),
        an_f64: Some(-0.25),
        a_numeric: Some(rust_decimal::Decimal::new(12345, 2)),
        some_money: text("$1.00"),
        a_char: Some(b'x' as i8),
        some_chars: text("abc"),
        a_varchar: text("ä"),
        a_name: text("name"),
        some_text: text("it's \"text\" $1"),
        some_bytes: Some(vec![0, 255]),
        a_date: Some(day),
        a_time: Some(time.time()),
        a_timetz: text("01:02:03+00"),
        a_timestamp: Some(time),
        a_timestamptz: Some(time.and_utc()),
        an_interval: text("1 day 02:00:00"),
        a_json: Some(json.clone()),
        a_jsonb: Some(json.clone()),
        an_xml: text("<a/>"),
        an_inet: text("10.0.0.1"),
        a_cidr: text("10.0.0.0/8"),
        a_macaddr: text("08:00:2b:01:02:03"),
        a_bit: text("101"),
        a_varbit: text("1"),
        a_vector: text("'a' 'b'"),
        a_range: text("[1,5)"),
        a_point: text("(1,2)"),
        an_oid: Some(u32::MAX),
        a_lsn: text("0/16"),
        a_mood: Some(Mood::VeryHappy),
        an_email: text("a@b"),
        a_score: Some(7),
        a_pair: text("(1,x)"),
        some_ints: Some(vec![Some(1), None]),
        some_moods: Some(vec![None, Some(Mood::Happy)]),
        some_inets: Some(vec![text("10.0.0.1"), None]),
        some_emails: Some(vec![text("a@b"), None]),
        some_json: Some(vec![Some(json.clone()), None]),
        a_default: Some(Some(json.clone())),
        ..NewEveryType::new(uuid::Uuid::from_u128(1), vec![text("a"), None])
    };
    let row = rows.create(&new).await.expect("inserted");
    assert_eq!(row.some_texts, [text("a"), None]);
    assert_eq!((row.twice, row.a_mood, row.a_score), (Some(2 << 40), Some(Mood::VeryHappy), 7));
    let expected = EveryType {
        id: new.id,
        a_bool: new.a_bool,
        an_i16: new.an_i16,
        an_i32: new.an_i32,
        an_i64: new.an_i64,
        an_f32: new.an_f32,
        an_f64: new.an_f64,
        a_numeric: new.a_numeric,
        some_money: new.some_money.clone(),
        a_char: new.a_char,
        some_chars: new.some_chars.clone(),
        a_varchar: new.a_varchar.clone(),
        a_name: new.a_name.clone(),
        some_text: new.some_text.clone(),
        some_bytes: new.some_bytes.clone(),
        a_date: new.a_date,
        a_time: new.a_time,
        a_timetz: new.a_timetz.clone(),
        a_timestamp: new.a_timestamp,
        a_timestamptz: new.a_timestamptz,
        an_interval: new.an_interval.clone(),
        a_json: new.a_json.clone(),
        a_jsonb: new.a_jsonb.clone(),
        an_xml: new.an_xml.clone(),
        an_inet: text("10.0.0.1"),
        a_cidr: new.a_cidr.clone(),
        a_macaddr: new.a_macaddr.clone(),
        a_bit: new.a_bit.clone(),
        a_varbit: new.a_varbit.clone(),
        a_vector: new.a_vector.clone(),
        a_range: new.a_range.clone(),
        a_point: new.a_point.clone(),
        an_oid: new.an_oid,
        a_lsn: text("0/16"),
        an_email: new.an_email.clone(),
        a_pair: new.a_pair.clone(),
        some_ints: new.some_ints.clone(),
        some_moods: new.some_moods.clone(),
        some_inets: new.some_inets.clone(),
        some_emails: new.some_emails.clone(),
        some_json: new.some_json.clone(),
        a_default: Some(json),
        ..row.clone()
    };
    assert_eq!(row, expected);

    let filters = [
        EveryType::ID.eq(new.id),
        EveryType::A_NUMERIC.gt(rust_decimal::Decimal::ONE),
        EveryType::SOME_MONEY.eq("$1.00"),
        EveryType::A_TIMESTAMPTZ.le(time.and_utc()),
        EveryType::AN_INTERVAL.lt("2 days"),
        EveryType::A_JSONB.eq(row.a_jsonb.clone().expect("JSON")),
        EveryType::A_JSON.is_not_null(),
        EveryType::AN_INET.is_in(["10.0.0.1", "10.0.0.2"]),
        EveryType::AN_INET.like("10.%"),
        EveryType::A_BIT.eq("101"),
        EveryType::A_RANGE.ne("empty"),
        EveryType::A_MOOD.is_in([Mood::VeryHappy]),
        EveryType::A_MOOD.ge(Mood::Happy),
        EveryType::AN_EMAIL.eq("a@b"),
        EveryType::AN_EMAIL.is_in(["a@b"]),
        EveryType::A_SCORE.eq(7),
        EveryType::A_PAIR.eq("(1,x)"),
        EveryType::SOME_INTS.contains([1]),
        EveryType::SOME_INTS.eq([Some(1), None]),
        EveryType::SOME_TEXTS.overlaps(["a".to_owned(), "z".to_owned()]),
        EveryType::SOME_MOODS.contains([Mood::Happy]),
        EveryType::SOME_INETS.contains(["10.0.0.1".to_owned()]),
        EveryType::SOME_EMAILS.overlaps(["a@b".to_owned()]),
    ];
    for filter in filters {
        let shown = format!("{filter:?}");
        assert_eq!(rows.count(filter).await.unwrap_or_else(|error| panic!("{shown}: {error}")), 1, "{shown}");
    }
    let cleared = EveryTypeUpdate { a_mood: Some(None), a_default: Some(None), ..Default::default() };
    let cleared = rows.update(row.id, &cleared).await.expect("changed").expect("there");
    assert_eq!((cleared.a_mood, cleared.a_default, cleared.a_score), (None, None, 7));
    assert!(rows.delete(row.id).await.expect("deleted"));
}

#[tokio::test]
async fn elements_that_cannot_be_null_are_not_optional() {
    let client = client().await;
    let rows = TaggedRepository::new(&client);
    let new = NewTagged {
        short: Some(vec!["b".to_owned()]),
        r#type: text("t"),
        slug: text("s"),
        ..NewTagged::new(vec!["a".to_owned()])
    };
    let row = rows.create(&new).await.expect("inserted");
    assert_eq!((row.tags.as_slice(), row.short.as_deref()), (&["a".to_owned()][..], Some(&["b".to_owned()][..])));
    let again = NewTagged { tags: vec!["c".to_owned()], ..new };
    let changed = rows.upsert_by_type_slug(&again).await.expect("changed");
    assert_eq!((changed.id, changed.tags), (row.id, vec!["c".to_owned()]));
    let found = rows.find(Tagged::TAGS.contains(["c".to_owned()])).await.expect("found");
    assert_eq!(found[0].id, row.id);
}

#[tokio::test]
async fn keys_of_two_types_and_of_two_columns_meet() {
    let client = client().await;
    let (narrow, wide) = (NarrowRepository::new(&client), WideRepository::new(&client));
    let keys = NewTwoKey::new(1, "x".to_owned(), 3);
    let two = TwoKeyRepository::new(&client).create(&keys).await.expect("inserted");
    let new = NewNarrow { two_a: Some(1), two_b: text("x"), ..NewNarrow::default() };
    let one = narrow.create(&new).await.expect("inserted");
    let none = narrow.create(&NewNarrow::default()).await.expect("inserted");
    let refers = NewWide { narrow: Some(one.id.into()), ..NewWide::default() };
    let refers = wide.create(&refers).await.expect("inserted");
    let page = [one.clone(), none.clone()];
    let of_narrow = narrow.load_wide(&page).await.expect("loaded");
    assert_eq!((&of_narrow[&one.id], of_narrow.len()), (&vec![refers], 1));
    let of_wide = wide.load_narrow(&of_narrow[&one.id]).await.expect("loaded");
    assert_eq!(of_wide[&i64::from(one.id)], one);
    let of_two = narrow.load_two_key(&page).await.expect("loaded");
    assert_eq!((&of_two[&(1, "x".to_owned())], of_two.len()), (&two, 1));
    let back = TwoKeyRepository::new(&client).load_narrow(&[two]).await.expect("loaded");
    assert_eq!(back[&(1, "x".to_owned())], [one]);
}

#[tokio::test]
async fn views_are_read_and_refreshed() {
    let client = client().await;
    let counted = CountedRepository::new(&client);
    let before = counted.first(CountedQuery::all()).await.expect("read").expect("a row");
    UserRepository::new(&client).create(&NewUser::default()).await.expect("inserted");
    counted.refresh().await.expect("refreshed");
    let after = counted.first(CountedQuery::all()).await.expect("read").expect("a row");
    assert!(after.number > before.number);
    counted.refresh_concurrently().await.expect("refreshed");
    assert_eq!(after.self_.as_deref(), Some("a"));
    assert_eq!(FeelingRepository::new(&client).count(FeelingFilter::all()).await.expect("counted"), 0);
}

#[tokio::test]
async fn what_refers_to_a_deleted_row_goes_with_it_or_lets_go() {
    let client = client().await;
    let (two_keys, narrow, wide) =
        (TwoKeyRepository::new(&client), NarrowRepository::new(&client), WideRepository::new(&client));
    two_keys.create(&NewTwoKey::new(2, "y".to_owned(), 0)).await.expect("inserted");
    let new = NewNarrow { two_a: Some(2), two_b: text("y"), ..NewNarrow::default() };
    let one = narrow.create(&new).await.expect("inserted");
    let refers = NewWide { narrow: Some(one.id.into()), ..NewWide::default() };
    let refers = wide.create(&refers).await.expect("inserted");

    assert!(two_keys.delete(2, "y").await.expect("deleted"));
    let one = narrow.get(one.id).await.expect("read").expect("there");
    assert_eq!((one.two_a, one.two_b), (None, None));
    assert!(narrow.delete(one.id).await.expect("deleted"));
    assert_eq!(wide.get(refers.id).await.expect("read"), None);
    assert!(!narrow.delete(one.id).await.expect("nothing"));
}

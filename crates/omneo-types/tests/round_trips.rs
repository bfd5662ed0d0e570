//! What was written and read again is equal, through text, a slice and a `Value`.

// clippy.toml allows it in tests only, not in what tests share.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::hash::{DefaultHasher, Hash, Hasher};

use omneo_types::jiff::civil::{Date, DateTime};
use omneo_types::{
    Amount, Data, Decimal, Field, Flag, Id, Integer, Links, List, Map, MaybeData, Meta, MetaLink,
    OpenEnum, Page, RawPage, Record, Scalar, Timestamp, jiff,
};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Each way that serde has to pass a value on.
fn again<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) -> String {
    let json = serde_json::to_string(value).unwrap();
    assert_eq!(
        &serde_json::from_str::<T>(&json).unwrap(),
        value,
        "from {json}"
    );
    assert_eq!(
        &serde_json::from_slice::<T>(json.as_bytes()).unwrap(),
        value,
        "from {json}"
    );
    json
}

/// The same, and through a `Value`, whose numbers are floats: not for amounts of many digits.
fn again_by_value<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    let json = again(value);
    let tree = serde_json::to_value(value).unwrap();
    assert_eq!(
        tree,
        serde_json::from_str::<serde_json::Value>(&json).unwrap()
    );
    assert_eq!(
        &serde_json::from_value::<T>(tree).unwrap(),
        value,
        "from {json}"
    );
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

fn decimals() -> impl Strategy<Value = Decimal> {
    (
        -79_228_162_514_264_337_593_543_950_335_i128..=79_228_162_514_264_337_593_543_950_335,
        0_u32..=28,
    )
        .prop_map(|(digits, scale)| Decimal::from_i128_with_scale(digits, scale))
}

/// Amounts as money has them, exact as floats too.
fn prices() -> impl Strategy<Value = Amount> {
    (-99_999_999_i64..=99_999_999, 0_u32..=4)
        .prop_map(|(digits, scale)| Decimal::new(digits, scale).into())
}

fn ids() -> impl Strategy<Value = Id> {
    prop_oneof![
        any::<i64>().prop_map(Id::from),
        any::<u64>().prop_map(Id::from),
        any::<String>().prop_map(Id::from)
    ]
}

fn scalars() -> impl Strategy<Value = Scalar> {
    prop_oneof![
        any::<bool>().prop_map(Scalar::from),
        any::<i64>().prop_map(Scalar::from),
        prices().prop_map(Scalar::from),
        any::<String>().prop_map(Scalar::from),
    ]
}

fn civil_times() -> impl Strategy<Value = DateTime> {
    (
        -9999_i16..=9999,
        1_i8..=12,
        1_i8..=28,
        0_i8..24,
        0_i8..60,
        0_i8..60,
        0_i32..1_000_000_000,
    )
        .prop_map(|(year, month, day, hour, minute, second, nanos)| {
            DateTime::constant(year, month, day, hour, minute, second, nanos)
        })
}

fn instants() -> impl Strategy<Value = jiff::Timestamp> {
    (
        jiff::Timestamp::MIN.as_second()..jiff::Timestamp::MAX.as_second(),
        0_i32..1_000_000_000,
    )
        .prop_map(|(seconds, nanos)| {
            jiff::Timestamp::new(seconds, nanos).unwrap_or(jiff::Timestamp::MAX)
        })
}

fn links() -> impl Strategy<Value = Links> {
    let url = || option::of(any::<String>());
    (url(), url(), url(), url()).prop_map(|(first, last, prev, next)| Links {
        first,
        last,
        prev,
        next,
    })
}

fn meta() -> impl Strategy<Value = Meta> {
    let number = || option::of(any::<i64>().prop_map(Integer::from));
    let link = (
        option::of(any::<String>()),
        option::of(scalars()),
        option::of(any::<bool>().prop_map(Flag::from)),
    )
        .prop_map(|(url, label, active)| MetaLink { url, label, active });
    let links = option::of(vec(link, 0..4).prop_map(List::from));
    (
        number(),
        number(),
        number(),
        number(),
        number(),
        number(),
        option::of(any::<String>()),
        links,
    )
        .prop_map(
            |(current_page, from, last_page, per_page, to, total, path, links)| Meta {
                current_page,
                from,
                last_page,
                per_page,
                to,
                total,
                path,
                links,
            },
        )
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Never;

impl std::fmt::Display for Never {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("never")
    }
}

impl std::str::FromStr for Never {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if text == "never" { Ok(Self) } else { Err(()) }
    }
}

proptest! {
    #[test]
    fn ids_of_each_kind(id in ids()) {
        again_by_value(&id);
    }

    #[test]
    fn an_id_equals_hashes_and_sorts_as_its_text(a in ids(), b in ids()) {
        let text = Id::from(a.to_string());
        prop_assert_eq!(&a, &text);
        prop_assert_eq!(hash(&a), hash(&text));
        prop_assert_eq!(a.as_i64(), text.as_i64());
        prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
    }

    #[test]
    fn amounts(decimal in decimals()) {
        let amount = Amount::from(decimal);
        let json = again_exactly(amount);
        prop_assert_eq!(json.parse::<Amount>().unwrap(), amount);
        prop_assert_eq!(amount.to_string().parse::<Amount>().unwrap().to_string(), amount.to_string());
    }

    #[test]
    fn prices_also_as_numbers(price in prices()) {
        again_by_value(&price);
    }

    #[test]
    fn an_amount_of_a_float_is_its_shortest_text(float in -1e12..1e12_f64) {
        let amount: Amount = serde_json::from_str(&serde_json::to_string(&float).unwrap()).unwrap();
        prop_assert_eq!(amount, float.to_string().parse::<Amount>().unwrap());
        prop_assert_eq!(amount, Amount::try_from(float).unwrap());
    }

    #[test]
    fn integers(number: i64) {
        again_by_value(&Integer::from(number));
        prop_assert_eq!(number.to_string().parse::<Integer>().unwrap(), number);
        prop_assert_eq!(serde_json::from_value::<Integer>(number.to_string().into()).unwrap(), number);
    }

    #[test]
    fn flags(flag: bool) {
        again_by_value(&Flag::from(flag));
    }

    #[test]
    fn scalars_of_each_kind(scalar in scalars()) {
        again_by_value(&scalar);
    }

    #[test]
    fn open_enums(scalar in scalars()) {
        let json = serde_json::to_string(&scalar).unwrap();
        let value: OpenEnum<Never> = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(again(&value), json);
    }

    #[test]
    fn times_by_the_text_they_were_read_from(civil in civil_times(), fraction in 0_u8..=9, sep in "[ T]", zone in "|Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9]| UTC| Australia/Perth| AWST") {
        let digits = if fraction == 0 { String::new() } else { format!(".{:09}", civil.subsec_nanosecond())[..=usize::from(fraction)].to_owned() };
        let text = format!("{}{sep}{}{digits}{zone}", civil.date(), civil.time().strftime("%H:%M:%S"));
        let time: Timestamp = text.parse().unwrap();
        prop_assert_eq!(again(&time), format!("{text:?}"));
        prop_assert_eq!(time.civil().date(), civil.date());
        prop_assert_eq!(time.has_zone(), !["", " Australia/Perth", " AWST"].contains(&zone.as_str()));
    }

    #[test]
    fn times_by_constructor(civil in civil_times(), instant in instants(), minutes in -1500_i32..=1500) {
        let date: Date = civil.date();
        let offset = jiff::tz::Offset::from_seconds(minutes * 60).unwrap();
        for time in [
            Timestamp::from(civil),
            Timestamp::from(date),
            Timestamp::from(instant),
            Timestamp::from(instant.to_zoned(jiff::tz::TimeZone::fixed(offset))),
        ] {
            again_by_value(&time);
        }
        prop_assert_eq!(Timestamp::from(instant).to_instant_utc().as_second().abs_diff(instant.as_second()) <= 1, true);
    }

    #[test]
    fn times_from_php_s_object(civil in civil_times(), zone in "UTC|[+-]0[0-9]:[0-5][0-9]|Australia/Perth|AWST|") {
        let date = format!("{} {}.{:06}", civil.date(), civil.time().strftime("%H:%M:%S"), civil.subsec_nanosecond() / 1000);
        let time: Timestamp = serde_json::from_value(serde_json::json!({"date": date, "timezone_type": 3, "timezone": zone})).unwrap();
        again_by_value(&time);
        prop_assert_eq!(time.civil().second(), civil.second());
    }

    #[test]
    fn equal_times_hash_alike(civil in civil_times(), hours in -14_i8..=14) {
        let bare: Timestamp = Timestamp::from(civil);
        let spelled: Timestamp = bare.as_str().replace(' ', "T").parse().unwrap();
        prop_assert_eq!(&bare, &spelled);
        prop_assert_eq!(hash(&bare), hash(&spelled));
        let offset = jiff::tz::Offset::constant(hours);
        if let Ok(instant) = offset.to_timestamp(bare.civil()) {
            let here = Timestamp::from(instant.to_zoned(jiff::tz::TimeZone::fixed(offset)));
            let utc = Timestamp::from(instant.to_zoned(jiff::tz::TimeZone::UTC));
            prop_assert_eq!(&here, &utc);
            prop_assert_eq!(hash(&here), hash(&utc));
        }
    }

    #[test]
    fn maps(map in btree_map(any::<String>(), prices(), 0..8)) {
        again_by_value(&Map::from(map));
    }

    #[test]
    fn a_list_reads_as_a_map_with_its_positions(list in vec(any::<i64>(), 0..20)) {
        let map: Map<i64> = serde_json::from_value(serde_json::json!(list)).unwrap();
        let expected: BTreeMap<String, i64> = list.iter().enumerate().map(|(i, n)| (i.to_string(), *n)).collect();
        prop_assert_eq!(map.into_inner(), expected);
    }

    #[test]
    fn lists(list in vec(ids(), 0..8)) {
        again_by_value(&List::from(list));
    }

    #[test]
    fn an_object_reads_as_a_list_in_the_order_of_its_keys(entries in btree_map(any::<u32>(), any::<i64>(), 0..20)) {
        let list: List<i64> = serde_json::from_value(serde_json::json!(entries)).unwrap();
        prop_assert_eq!(list.into_inner(), entries.into_values().collect::<Vec<_>>());
    }

    #[test]
    fn records(record in option::of(btree_map(any::<String>(), any::<i64>(), 0..4))) {
        let record: Record<Map<i64>> = record.map(Map::from).into();
        again_by_value(&record);
    }

    #[test]
    fn fields(value in option::of(ids())) {
        again_by_value(&Field::or_clear(value));
    }

    #[test]
    fn data(value in ids()) {
        again_by_value(&Data::from(value));
    }

    #[test]
    fn data_or_bare(value in vec(any::<i64>(), 0..4), enveloped: bool) {
        let value = List::from(value);
        again_by_value(&if enveloped { MaybeData::Data(value) } else { MaybeData::Bare(value) });
    }

    #[test]
    fn pages(data in vec(ids(), 0..4), links in option::of(links()), meta in option::of(meta())) {
        again_by_value(&Page { data: data.into(), links, meta });
    }

    #[test]
    fn raw_pages(data in vec(ids(), 0..4), meta in meta(), links in links()) {
        let Meta { current_page, from, last_page, per_page, to, total, path, links: buttons } = meta;
        let Links { first, last, prev, next } = links;
        again_by_value(&RawPage {
            current_page, data: data.into(), first_page_url: first, from, last_page, last_page_url: last, links: buttons,
            next_page_url: next, path, per_page, prev_page_url: prev, to, total,
        });
    }
}

/// An amount of any size is exact as text; as a JSON number what is read is at best a float, so only its digits are compared.
fn again_exactly(amount: Amount) -> String {
    let json = serde_json::to_string(&amount).unwrap();
    let quoted = format!("\"{json}\"");
    assert_eq!(serde_json::from_str::<Amount>(&quoted).unwrap(), amount);
    json
}

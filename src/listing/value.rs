//! How values are written in a query.

use std::fmt::Display;

use omneo_types::jiff::{Timestamp as Instant, Zoned, civil};
use omneo_types::{Amount, Decimal, Flag, Id as AnyId, Integer, OpenEnum, Timestamp};

use super::kind::{Any, Bool, Each, Id, Number, Text, Time};

/// A value that a field of this kind is compared with.
///
/// | kind | values | sent as |
/// |---|---|---|
/// | [`Bool`] | `bool`, [`Flag`] | `1`, `0` |
/// | [`Number`] | integers, [`Decimal`], [`Amount`], [`Integer`] | `49.90` |
/// | [`Time`] | [`jiff::Timestamp`](Instant), [`Zoned`], civil times and dates, [`Timestamp`] | `2026-01-31 13:00:00` |
/// | [`Id`] | [`omneo_types::Id`](AnyId), integers, text | `7` |
/// | [`Text`] | text, the schema's enums, [`OpenEnum`] | as it is |
/// | [`Any`] | all of these | as above |
///
/// A moment is sent in UTC, in which the server keeps `created_at`, `updated_at` and the times of rewards. A civil
/// time, and a [`Timestamp`] that came without an offset, is sent as it is written; where a record has a `timezone` of
/// its own and the field is not in UTC, that is what to pass. A date is its midnight, so that `lte` of a date has
/// nothing of that day.
///
/// It may be implemented for a type of your own, such as an enum of your handles.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no value for a `{K}` field",
    note = "`Bool` takes a bool, `Number` an integer or a `Decimal`, `Time` a jiff time, `Id` a number or a text, `Text` a text"
)]
pub trait FilterValue<K> {
    /// The value as the server reads it.
    fn to_filter(&self) -> String;
}

impl<K, V: FilterValue<K> + ?Sized> FilterValue<K> for &V {
    fn to_filter(&self) -> String {
        (**self).to_filter()
    }
}

/// The kinds of a type's value, and how it is written.
macro_rules! values {
    ($($($type:ty)+ : $($kind:ident)+ => |$value:ident| $text:expr;)+) => {$(
        values!(@types [$($type)+] [$($kind)+] |$value| $text);
    )+};
    (@types [$($type:ty)+] $kinds:tt |$value:ident| $text:expr) => {$(
        values!(@kinds $type, $kinds |$value| $text);
    )+};
    (@kinds $type:ty, [$($kind:ident)+] |$value:ident| $text:expr) => {$(
        impl FilterValue<$kind> for $type {
            fn to_filter(&self) -> String {
                let $value = self;
                $text
            }
        }
    )+};
}

values! {
    bool: Any Bool => |value| u8::from(*value).to_string();
    Flag: Any Bool => |value| u8::from(value.get()).to_string();
    i8 i16 u8 u16 isize usize: Any Number => |value| value.to_string();
    i32 i64 u32 u64: Any Number Id => |value| value.to_string();
    Decimal Amount Integer: Any Number => |value| value.to_string();
    AnyId: Any Id => |value| value.to_string();
    str: Any Id Text Each => |value| value.to_owned();
    String: Any Id Text Each => |value| value.clone();
    Instant: Any Time => |value| Timestamp::from(*value).as_str().to_owned();
    Zoned: Any Time => |value| FilterValue::<Time>::to_filter(&value.timestamp());
    civil::DateTime: Any Time => |value| Timestamp::from(*value).as_str().to_owned();
    civil::Date: Any Time => |value| FilterValue::<Time>::to_filter(&value.at(0, 0, 0, 0));
    Timestamp: Any Time => |value| match value.has_zone() {
        true => FilterValue::<Time>::to_filter(&value.to_instant_utc()),
        false => FilterValue::<Time>::to_filter(&value.civil()),
    };
}

impl<E: Display> FilterValue<Text> for OpenEnum<E> {
    fn to_filter(&self) -> String {
        self.to_string()
    }
}

impl<E: Display> FilterValue<Any> for OpenEnum<E> {
    fn to_filter(&self) -> String {
        self.to_string()
    }
}

#[cfg(test)]
mod tests {
    use omneo_types::jiff::civil;
    use omneo_types::jiff::tz::{Offset, TimeZone};

    use super::*;

    fn time(value: impl FilterValue<Time>) -> String {
        value.to_filter()
    }

    #[test]
    fn a_moment_is_sent_in_utc_without_a_zone() {
        let zone = TimeZone::fixed(Offset::constant(10));
        let zoned = civil::datetime(2026, 1, 31, 9, 30, 5, 999_000_000)
            .to_zoned(zone)
            .unwrap();
        assert_eq!(time(&zoned), "2026-01-30 23:30:05");
        assert_eq!(time(zoned.timestamp()), "2026-01-30 23:30:05");
        let read = |text: &str| time(text.parse::<Timestamp>().unwrap());
        assert_eq!(read("2026-01-31T09:30:05+10:00"), "2026-01-30 23:30:05");
        assert_eq!(read("2026-01-31T09:30:05.000000Z"), "2026-01-31 09:30:05");
    }

    #[test]
    fn a_time_without_an_offset_is_sent_as_it_is_written() {
        let read = |text: &str| time(text.parse::<Timestamp>().unwrap());
        assert_eq!(read("2026-01-31 09:30:05"), "2026-01-31 09:30:05");
        assert_eq!(read("2026-01-31 09:30:05.5"), "2026-01-31 09:30:05");
        assert_eq!(
            read("2026-01-31 09:30:05 Australia/Melbourne"),
            "2026-01-31 09:30:05"
        );
        assert_eq!(
            time(civil::datetime(2026, 1, 31, 9, 0, 0, 0)),
            "2026-01-31 09:00:00"
        );
    }

    #[test]
    fn a_date_is_its_midnight() {
        assert_eq!(time(civil::date(2026, 1, 31)), "2026-01-31 00:00:00");
        let read: Timestamp = "2026-01-31".parse().unwrap();
        assert_eq!(time(read), "2026-01-31 00:00:00");
    }

    #[test]
    fn a_boolean_is_one_or_zero() {
        assert_eq!(FilterValue::<Bool>::to_filter(&true), "1");
        assert_eq!(FilterValue::<Bool>::to_filter(&false), "0");
        assert_eq!(FilterValue::<Any>::to_filter(&Flag::from(true)), "1");
    }

    #[test]
    fn a_number_keeps_its_digits() {
        let number = |value: &dyn FilterValue<Number>| value.to_filter();
        assert_eq!(number(&i64::MIN), "-9223372036854775808");
        assert_eq!(number(&u64::MAX), "18446744073709551615");
        assert_eq!(number(&Decimal::new(1990, 2)), "19.90");
        assert_eq!(number(&"0.10".parse::<Amount>().unwrap()), "0.10");
        assert_eq!(number(&Integer::from(7)), "7");
    }

    #[test]
    fn an_id_and_a_text_are_sent_as_they_are() {
        let id = |value: &dyn FilterValue<Id>| value.to_filter();
        assert_eq!(id(&AnyId::from("003")), "003");
        assert_eq!(id(&AnyId::from(3)), "3");
        assert_eq!(id(&"a b,c"), "a b,c");
        let text = FilterValue::<Text>::to_filter(&OpenEnum::<String>::from("days".to_owned()));
        assert_eq!(text, "days");
    }
}

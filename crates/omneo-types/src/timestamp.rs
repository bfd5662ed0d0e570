//! Points in time, of which the API has four spellings and few zones.

use std::cmp::Ordering;
use std::fmt::{self, Display};
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use jiff::fmt::temporal::{DateTimeParser, DateTimePrinter, Pieces, PiecesOffset};
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Unit, Zoned, civil};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use crate::ParseError;
use crate::error::{unexpected, unexpected_seq};

const EXPECTED: &str = "a date or a time";

static PARSER: DateTimeParser = DateTimeParser::new();
static PRINTER: DateTimePrinter = DateTimePrinter::new().separator(b' ');

/// A time, or a date, with or without a zone.
///
/// | reads | zone | writes |
/// |---|---|---|
/// | `"2024-01-02 03:04:05"`, also with a fraction | none | the same text |
/// | `"2024-01-02"` | none, [date only](Self::is_date_only), midnight | the same text |
/// | `"2024-01-02T03:04:05.000000Z"`, `"2024-01-02T03:04:05+10:00"` | that | the same text |
/// | `"2024-01-02 03:04:05 UTC"`, `"2024-01-02 03:04:05 +10:00"` | that | the same text |
/// | `"2024-01-02 03:04:05 Australia/Melbourne"` | a [name](Self::zone_name) | the same text |
/// | PHP's `{"date": "2024-01-02 03:04:05.000000", "timezone": "UTC", ..}` | that | `"2024-01-02T03:04:05Z"` |
/// | the same with `"+10:00"` | that | `"2024-01-02T03:04:05+10:00"` |
/// | the same with `"Australia/Melbourne"` or `"AEST"` | a name | `"2024-01-02 03:04:05 Australia/Melbourne"` |
/// | the same without `timezone` | none | `"2024-01-02 03:04:05"` |
///
/// Errors: an empty text, a number, `24:00:00`, a year beyond ±9999. A leap second (`:60`) counts as `:59`.
///
/// # Zones
/// Most texts have none. `created_at` and `updated_at` are UTC; business times are civil times of the zone in the record's own `timezone`
/// member, or UTC, by resource. So the type does not guess: [`civil`](Self::civil) is what was sent, [`to_instant_utc`](Self::to_instant_utc)
/// and [`to_instant_in`](Self::to_instant_in) say what to take it for. A zone's name alone is kept and not looked up: no zone database is needed
/// for reading.
///
/// # Making one
/// | from | writes |
/// |---|---|
/// | [`civil::DateTime`] | `2024-01-02 03:04:05` |
/// | [`civil::Date`] | `2024-01-02` |
/// | [`jiff::Timestamp`] | `2024-01-02 03:04:05`: UTC and without a zone, as the API writes its own |
/// | [`Zoned`] | `2024-01-02T03:04:05+10:00` |
///
/// Fractions of a second are dropped: the API's form has none. For a business time that is sent beside a `timezone`, start from the civil time
/// in that zone, as the server reads it there: `Timestamp::from(zoned.datetime())`.
///
/// # Equality
/// Two are equal if they are the same moment and of the same kind, however they are spelled: `…T00:00:00Z` equals `…T10:00:00+10:00`, and
/// not the civil time `… 00:00:00`, nor the plain date. Order is by moment, taking UTC where there is no zone, then by kind.
///
/// ```
/// use omneo_types::{Timestamp, jiff};
///
/// let created: Timestamp = "2024-01-02 03:04:05".parse()?;
/// assert!(!created.has_zone());
/// assert_eq!(created.to_instant_utc(), "2024-01-02T03:04:05Z".parse()?);
/// assert_eq!(Timestamp::from(jiff::civil::date(2024, 12, 6)).as_str(), "2024-12-06");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Timestamp(Repr);

#[derive(Clone)]
enum Repr {
    /// Without a zone and as long as `2024-01-02 03:04:05`: nearly all are, so this one is held without an allocation.
    Plain {
        text: [u8; PLAIN],
        civil: civil::DateTime,
    },
    Other(Box<Other>),
}

const PLAIN: usize = "2024-01-02 03:04:05".len();

#[derive(Clone)]
struct Other {
    text: Box<str>,
    civil: civil::DateTime,
    zone: Zone,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Zone {
    /// A date, which has no zone.
    DateOnly,
    Unknown,
    /// The last word of the text.
    Named,
    Offset(Offset),
}

impl Timestamp {
    fn new(text: &str, civil: civil::DateTime, zone: Zone) -> Self {
        Self(match (text.as_bytes().try_into(), zone) {
            (Ok(text), Zone::Unknown) => Repr::Plain { text, civil },
            _ => Repr::Other(Box::new(Other {
                text: text.into(),
                civil,
                zone,
            })),
        })
    }

    /// The text as it was read, which is the text that is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            // It came from a text.
            Repr::Plain { text, .. } => str::from_utf8(text).unwrap_or_default(),
            Repr::Other(other) => &other.text,
        }
    }

    /// The date and time as written, whatever the zone. A date's time is midnight.
    #[must_use]
    pub fn civil(&self) -> civil::DateTime {
        match &self.0 {
            Repr::Plain { civil, .. } => *civil,
            Repr::Other(other) => other.civil,
        }
    }

    fn zone(&self) -> Zone {
        match &self.0 {
            Repr::Plain { .. } => Zone::Unknown,
            Repr::Other(other) => other.zone,
        }
    }

    /// Whether it came with UTC or an offset, so that its moment is certain. A name alone does not make it so.
    #[must_use]
    pub fn has_zone(&self) -> bool {
        self.offset().is_some()
    }

    /// Whether it is a date without a time.
    #[must_use]
    pub fn is_date_only(&self) -> bool {
        self.zone() == Zone::DateOnly
    }

    /// The offset from UTC that it came with.
    #[must_use]
    pub fn offset(&self) -> Option<Offset> {
        match self.zone() {
            Zone::Offset(offset) => Some(offset),
            Zone::DateOnly | Zone::Unknown | Zone::Named => None,
        }
    }

    /// The zone's name, if it came with a name in place of an offset: `Australia/Melbourne`, `AEST`. Never `UTC`, which is an offset.
    ///
    /// For an IANA name, [`in_tz`](Self::in_tz) with it gives the moment.
    #[must_use]
    pub fn zone_name(&self) -> Option<&str> {
        match self.zone() {
            Zone::Named => self.as_str().split_whitespace().next_back(),
            Zone::DateOnly | Zone::Unknown | Zone::Offset(_) => None,
        }
    }

    /// The moment; without an offset the civil time is taken for UTC's.
    ///
    /// A moment outside jiff's range, such as `9999-12-31 23:59:59` for "never", becomes the nearest inside.
    #[must_use]
    pub fn to_instant_utc(&self) -> jiff::Timestamp {
        let offset = self.offset().unwrap_or(Offset::UTC);
        offset
            .to_timestamp(self.civil())
            .unwrap_or_else(|_| self.nearest())
    }

    /// The moment; without an offset the civil time is taken for `zone`'s. In a gap or a fold of that zone it is the one of
    /// [`TimeZone::to_timestamp`].
    ///
    /// A moment outside jiff's range becomes the nearest inside.
    #[must_use]
    pub fn to_instant_in(&self, zone: &TimeZone) -> jiff::Timestamp {
        match self.offset() {
            Some(_) => self.to_instant_utc(),
            None => zone
                .to_timestamp(self.civil())
                .unwrap_or_else(|_| self.nearest()),
        }
    }

    /// The moment as seen in a zone; without an offset the civil time is taken for that zone's.
    ///
    /// # Errors
    /// If jiff's zone database lacks the name, or jiff was built without a database (its features `tzdb-*`): then see
    /// [`to_instant_in`](Self::to_instant_in). If the moment is outside jiff's range.
    pub fn in_tz(&self, name: &str) -> Result<Zoned, jiff::Error> {
        match self.offset() {
            Some(offset) => offset.to_timestamp(self.civil())?.in_tz(name),
            None => self.civil().in_tz(name),
        }
    }

    fn nearest(&self) -> jiff::Timestamp {
        if self.civil().year() < 0 {
            jiff::Timestamp::MIN
        } else {
            jiff::Timestamp::MAX
        }
    }

    /// What equality, hash and order go by. The moment is a duration, as some offsets lead out of jiff's range.
    fn key(&self) -> (SignedDuration, u8, Option<&str>) {
        let offset = self.offset().unwrap_or(Offset::UTC);
        let since_epoch = self
            .civil()
            .duration_since(civil::DateTime::constant(1970, 1, 1, 0, 0, 0, 0));
        let kind = match self.zone() {
            Zone::DateOnly => 0,
            Zone::Unknown => 1,
            Zone::Named => 2,
            Zone::Offset(_) => 3,
        };
        (
            since_epoch - SignedDuration::from_secs(offset.seconds().into()),
            kind,
            self.zone_name(),
        )
    }

    fn from_php(object: &Map<String, Value>) -> Option<Self> {
        let (civil, zone) = parse_iso(object.get("date")?.as_str()?.trim())?;
        let name = match object.get("timezone") {
            None | Some(Value::Null) => "",
            Some(name) => name.as_str()?.trim(),
        };
        let zone = if name.is_empty() || matches!(zone, Zone::Offset(_)) {
            zone
        } else {
            parse_zone(name)?
        };
        let text = match zone {
            Zone::DateOnly => civil.date().to_string(),
            Zone::Unknown => PRINTER.datetime_to_string(&civil),
            Zone::Named => format!("{} {name}", PRINTER.datetime_to_string(&civil)),
            Zone::Offset(offset) => rfc3339(civil, offset),
        };
        text.parse().ok()
    }
}

/// Any text of [`Timestamp`]'s table.
fn parse(text: &str) -> Option<(civil::DateTime, Zone)> {
    if let Some(civil) = parse_plain(text) {
        return Some((civil, Zone::Unknown));
    }
    let text = text.trim();
    parse_iso(text).or_else(|| {
        let (head, name) = text.rsplit_once(' ')?;
        match parse_iso(head)? {
            (civil, Zone::Unknown) => Some((civil, parse_zone(name)?)),
            _ => None,
        }
    })
}

/// `2024-01-02 03:04:05`, as nearly all are, in a fraction of the time that a reader of every form takes. `None` is no verdict.
fn parse_plain(text: &str) -> Option<civil::DateTime> {
    #[rustfmt::skip]
    let &[
        y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1, b' ',
        h0, h1, b':', i0, i1, b':', s0, s1,
    ] = text.as_bytes() else {
        return None;
    };
    let two = |tens: u8, ones: u8| {
        let value = |digit: u8| digit.is_ascii_digit().then(|| (digit - b'0') as i8);
        Some(value(tens)? * 10 + value(ones)?)
    };
    let year = i16::from(two(y0, y1)?) * 100 + i16::from(two(y2, y3)?);
    civil::DateTime::new(
        year,
        two(m0, m1)?,
        two(d0, d1)?,
        two(h0, h1)?,
        two(i0, i1)?,
        two(s0, s1)?,
        0,
    )
    .ok()
}

/// What jiff reads: ISO 8601, with a space or a `T`.
fn parse_iso(text: &str) -> Option<(civil::DateTime, Zone)> {
    let pieces = Pieces::parse(text).ok()?;
    let zone = match (pieces.to_numeric_offset(), pieces.time()) {
        (Some(offset), _) => Zone::Offset(offset),
        // A zone in brackets without an offset: not a form of PHP, and its name would be lost.
        (None, _) if pieces.time_zone_annotation().is_some() => return None,
        (None, Some(_)) => Zone::Unknown,
        (None, None) => Zone::DateOnly,
    };
    Some((
        pieces
            .date()
            .to_datetime(pieces.time().unwrap_or(civil::Time::midnight())),
        zone,
    ))
}

/// What PHP has for a zone: an IANA name, an offset or an abbreviation.
fn parse_zone(name: &str) -> Option<Zone> {
    if ["UTC", "GMT", "Z"]
        .iter()
        .any(|utc| utc.eq_ignore_ascii_case(name))
    {
        Some(Zone::Offset(Offset::UTC))
    } else if name.starts_with(['+', '-']) {
        PARSER
            .parse_time_zone(name)
            .ok()?
            .to_fixed_offset()
            .ok()
            .map(Zone::Offset)
    } else {
        is_zone_name(name).then_some(Zone::Named)
    }
}

/// Three characters and a capital at least, so that `03:04:05 PM` is not taken for a time at night.
fn is_zone_name(name: &str) -> bool {
    name.len() >= 3
        && name.starts_with(|c: char| c.is_ascii_uppercase())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "/_+-".contains(c))
}

fn rfc3339(civil: civil::DateTime, offset: Offset) -> String {
    let offset = if offset == Offset::UTC {
        PiecesOffset::Zulu
    } else {
        offset.into()
    };
    DateTimePrinter::new().pieces_to_string(&Pieces::from(civil).with_offset(offset))
}

fn whole_seconds(civil: civil::DateTime) -> civil::DateTime {
    civil.with().subsec_nanosecond(0).build().unwrap_or(civil)
}

impl From<civil::DateTime> for Timestamp {
    fn from(civil: civil::DateTime) -> Self {
        let civil = whole_seconds(civil);
        Self::new(&PRINTER.datetime_to_string(&civil), civil, Zone::Unknown)
    }
}

impl From<civil::Date> for Timestamp {
    fn from(date: civil::Date) -> Self {
        Self::new(&date.to_string(), date.into(), Zone::DateOnly)
    }
}

impl From<jiff::Timestamp> for Timestamp {
    fn from(instant: jiff::Timestamp) -> Self {
        Offset::UTC.to_datetime(instant).into()
    }
}

impl From<Zoned> for Timestamp {
    fn from(zoned: Zoned) -> Self {
        // RFC 3339 has no seconds in offsets; local mean times do.
        let offset = zoned.offset().round(Unit::Minute).unwrap_or(zoned.offset());
        let civil = whole_seconds(offset.to_datetime(zoned.timestamp()));
        Self::new(&rfc3339(civil, offset), civil, Zone::Offset(offset))
    }
}

impl FromStr for Timestamp {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        match parse(text) {
            Some((civil, zone)) => Ok(Self::new(text, civil, zone)),
            None => Err(ParseError::text(EXPECTED, text)),
        }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TimestampVisitor)
    }
}

struct TimestampVisitor;

impl<'de> Visitor<'de> for TimestampVisitor {
    type Value = Timestamp;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(EXPECTED)
    }

    takes_no_null!(EXPECTED);

    fn visit_bool<E: Error>(self, got: bool) -> Result<Timestamp, E> {
        Err(unexpected(EXPECTED, &got))
    }

    fn visit_i64<E: Error>(self, got: i64) -> Result<Timestamp, E> {
        Err(unexpected(EXPECTED, &got))
    }

    fn visit_u64<E: Error>(self, got: u64) -> Result<Timestamp, E> {
        Err(unexpected(EXPECTED, &got))
    }

    fn visit_f64<E: Error>(self, got: f64) -> Result<Timestamp, E> {
        Err(unexpected(EXPECTED, &got))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Timestamp, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Timestamp, A::Error> {
        Err(unexpected_seq(EXPECTED, Vec::new(), seq))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Timestamp, A::Error> {
        let object = Map::deserialize(MapAccessDeserializer::new(map))?;
        Timestamp::from_php(&object).ok_or_else(|| unexpected(EXPECTED, &Value::Object(object)))
    }
}

impl Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Timestamp({})", self.as_str())
    }
}

impl PartialEq for Timestamp {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Timestamp {}

impl Hash for Timestamp {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

impl PartialOrd for Timestamp {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Timestamp {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, datetime};
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn read(value: Value) -> Timestamp {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn every_spelling_is_read_and_written_back_as_it_was() {
        let civil = datetime(2024, 1, 2, 3, 4, 5, 0);
        let hours = |hours| Zone::Offset(Offset::constant(hours));
        for (text, zone) in [
            ("2024-01-02 03:04:05", Zone::Unknown),
            (" 2024-01-02 03:04:05 ", Zone::Unknown),
            ("2024-01-02T03:04:05", Zone::Unknown),
            ("2024-01-02 03:04:05.000000", Zone::Unknown),
            ("2024-01-02T03:04:05Z", hours(0)),
            ("2024-01-02T03:04:05.000000Z", hours(0)),
            ("2024-01-02T03:04:05+10:00", hours(10)),
            (
                "2024-01-02T03:04:05-0330",
                Zone::Offset(Offset::from_seconds(-12_600).unwrap()),
            ),
            ("2024-01-02T03:04:05+11:00[Australia/Melbourne]", hours(11)),
            ("2024-01-02 03:04:05 UTC", hours(0)),
            ("2024-01-02 03:04:05 +10:00", hours(10)),
            ("2024-01-02 03:04:05 Australia/Melbourne", Zone::Named),
            ("2024-01-02 03:04:05 AEST", Zone::Named),
        ] {
            let time: Timestamp = text.parse().unwrap();
            assert_eq!((time.civil(), time.zone()), (civil, zone), "{text}");
            assert_eq!(serde_json::to_string(&time).unwrap(), format!("{text:?}"));
        }
    }

    #[test]
    fn a_plain_date_is_midnight_and_stays_a_date() {
        let day: Timestamp = "2024-12-06".parse().unwrap();
        assert_eq!(day.civil(), datetime(2024, 12, 6, 0, 0, 0, 0));
        assert!(day.is_date_only() && !day.has_zone());
        assert_eq!(day.to_string(), "2024-12-06");
    }

    #[test]
    fn php_s_date_object_is_read_and_written_as_text() {
        for (zone, writes) in [
            (json!("UTC"), "2024-01-02T03:04:05.6Z"),
            (json!("Z"), "2024-01-02T03:04:05.6Z"),
            (json!("+10:00"), "2024-01-02T03:04:05.6+10:00"),
            (
                json!("Australia/Melbourne"),
                "2024-01-02 03:04:05.6 Australia/Melbourne",
            ),
            (json!("EST"), "2024-01-02 03:04:05.6 EST"),
            (json!(""), "2024-01-02 03:04:05.6"),
            (json!(null), "2024-01-02 03:04:05.6"),
        ] {
            let time = read(
                json!({"date": "2024-01-02 03:04:05.600000", "timezone_type": 3, "timezone": zone}),
            );
            assert_eq!(time.as_str(), writes);
            assert_eq!(read(json!(writes)), time);
        }
        assert_eq!(read(json!({"date": "2024-01-02"})).as_str(), "2024-01-02");
        assert_eq!(
            read(json!({"date": "2024-01-02T03:04:05+01:00", "timezone": "UTC"})).as_str(),
            "2024-01-02T03:04:05+01:00"
        );
    }

    #[test]
    fn a_zone_s_name_is_kept() {
        let time = read(
            json!({"date": "2024-01-02 03:04:05.000000", "timezone_type": 3, "timezone": "Australia/Melbourne"}),
        );
        assert_eq!(time.zone_name(), Some("Australia/Melbourne"));
        assert!(!time.has_zone());
        assert_eq!(read(json!("2024-01-02T03:04:05Z")).zone_name(), None);
    }

    #[test]
    fn what_is_no_time_is_an_error_that_shows_it() {
        for value in [
            json!(""),
            json!(" "),
            json!("now"),
            json!("0000-00-00 00:00:00"),
            json!("2024-13-01"),
            json!("2024-02-30"),
            json!("2024-01-02 24:00:00"),
            json!("2024-01-02 03:04:05 PM"),
            json!("2024-01-02 noon"),
            json!("2024-01-02 UTC"),
            json!("2024-01-02 03:04:05 Mars!"),
            json!("2024-01-02T03:04:05[Australia/Melbourne]"),
            json!("10000-01-01 00:00:00"),
            json!("+010000-01-01"),
            json!("٢٠٢٤-01-02"),
            json!(1_704_164_645),
            json!(1.5),
            json!(-1),
            json!(true),
            json!(null),
            json!([]),
            json!({}),
            json!({"date": []}),
            json!({"date": "soon", "timezone": "UTC"}),
            json!({"date": "2024-01-02 03:04:05", "timezone": 3}),
        ] {
            let error = serde_json::from_value::<Timestamp>(value.clone())
                .unwrap_err()
                .to_string();
            assert!(
                error.starts_with("expected a date or a time, got "),
                "{error}"
            );
            assert!(
                error.ends_with(&value.to_string()) || error.ends_with('…'),
                "{error}"
            );
        }
    }

    proptest! {
        #[test]
        fn the_plain_form_is_read_as_by_jiff(
            text in "[0-9]{4}-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-6][0-9]:[0-6][0-9]",
        ) {
            let by_jiff = parse_iso(&text);
            match parse_plain(&text) {
                Some(civil) => prop_assert_eq!(by_jiff, Some((civil, Zone::Unknown))),
                // A leap second is left to jiff.
                None => prop_assert!(by_jiff.is_none() || text.ends_with(":60")),
            }
        }
    }

    #[test]
    fn the_edges_of_the_calendar_are_read() {
        for text in [
            "0000-01-01 00:00:00",
            "0001-01-01",
            "9999-12-31 23:59:59",
            "-009999-01-01T00:00:00+14:00",
            "9999-12-31T23:59:59-12:00",
        ] {
            let time: Timestamp = text.parse().unwrap();
            let _ = (
                time.to_instant_utc(),
                time.to_instant_in(&TimeZone::UTC),
                time.in_tz("UTC"),
                time == time.clone(),
            );
        }
        assert_eq!(
            "9999-12-31 23:59:59"
                .parse::<Timestamp>()
                .unwrap()
                .to_instant_utc(),
            jiff::Timestamp::MAX
        );
        assert_eq!(
            "2016-12-31T23:59:60Z"
                .parse::<Timestamp>()
                .unwrap()
                .civil()
                .second(),
            59
        );
    }

    #[test]
    fn only_a_time_without_a_zone_is_placed_in_one() {
        let melbourne = TimeZone::posix("AEST-10AEDT,M10.1.0,M4.1.0/3").unwrap();
        let bare: Timestamp = "2024-07-01 10:00:00".parse().unwrap();
        let zoned: Timestamp = "2024-07-01T10:00:00Z".parse().unwrap();
        assert_eq!(
            bare.to_instant_in(&melbourne).to_string(),
            "2024-07-01T00:00:00Z"
        );
        assert_eq!(bare.to_instant_utc().to_string(), "2024-07-01T10:00:00Z");
        assert_eq!(
            zoned.to_instant_in(&melbourne).to_string(),
            "2024-07-01T10:00:00Z"
        );
        assert_eq!(
            bare.in_tz("Australia/Melbourne").unwrap().timestamp(),
            bare.to_instant_in(&melbourne)
        );
        assert_eq!(
            zoned.in_tz("Australia/Melbourne").unwrap().to_string(),
            "2024-07-01T20:00:00+10:00[Australia/Melbourne]"
        );
        assert!(bare.in_tz("Melbourne/Australia").is_err());
    }

    #[test]
    fn equal_is_the_same_moment_of_the_same_kind() {
        let [z, offset, civil, midnight, day] = [
            "2024-01-02T00:00:00.000Z",
            "2024-01-02T10:00:00+10:00",
            "2024-01-02 00:00:00",
            "2024-01-02T00:00",
            "2024-01-02",
        ]
        .map(|text| text.parse::<Timestamp>().unwrap());
        assert_eq!(z, offset);
        assert_eq!(civil, midnight);
        assert!(z != civil && civil != day && z != day);
        assert!(day < civil && civil < z, "kinds of one moment are in order");
    }

    #[test]
    fn constructors_write_the_api_s_forms_in_whole_seconds() {
        let instant: jiff::Timestamp = "2024-01-02T03:04:05.678Z".parse().unwrap();
        let zone = TimeZone::fixed(Offset::from_seconds(34_792).unwrap());
        for (time, writes) in [
            (
                Timestamp::from(datetime(2024, 1, 2, 3, 4, 5, 678_000_000)),
                "2024-01-02 03:04:05",
            ),
            (Timestamp::from(date(2024, 1, 2)), "2024-01-02"),
            (Timestamp::from(instant), "2024-01-02 03:04:05"),
            (
                Timestamp::from(instant.to_zoned(TimeZone::UTC)),
                "2024-01-02T03:04:05Z",
            ),
            (
                Timestamp::from(instant.to_zoned(TimeZone::fixed(Offset::constant(10)))),
                "2024-01-02T13:04:05+10:00",
            ),
            (
                Timestamp::from(instant.to_zoned(zone)),
                "2024-01-02T12:44:05+09:40",
            ),
        ] {
            assert_eq!(time.as_str(), writes);
            assert_eq!(writes.parse::<Timestamp>().unwrap(), time);
        }
    }

    #[test]
    fn it_is_compact() {
        assert!(size_of::<Option<Timestamp>>() <= 32);
    }
}

//! Business times, which the API reads in a zone that is told beside them.

use omneo_types::Timestamp;
use omneo_types::jiff::tz::TimeZone;
use omneo_types::jiff::{self, Zoned, civil};

/// A time, or a date, for an incentive.
///
/// A civil time or date is meant in the incentive's own zone, and sent as it is. A moment is turned to that zone; for a
/// family that has none, to UTC. The API's times have whole seconds; what is beyond them is cut off.
///
/// | from | is |
/// |---|---|
/// | [`civil::DateTime`], [`civil::Date`] | a civil time or a date |
/// | [`jiff::Timestamp`], [`Zoned`], [`SystemTime`](std::time::SystemTime) | a moment |
/// | [`Timestamp`], as records have them | a moment if it came with an offset or a zone's name, else a civil time |
#[derive(Clone, Debug, PartialEq)]
pub struct When(Kind);

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    Civil(Timestamp),
    Moment(jiff::Timestamp),
}

impl When {
    /// As the API reads it beside a zone.
    pub(super) fn in_zone(&self, zone: &TimeZone) -> Timestamp {
        match &self.0 {
            Kind::Civil(civil) => civil.clone(),
            Kind::Moment(moment) => whole_seconds(zone.to_datetime(*moment)).into(),
        }
    }
}

fn whole_seconds(time: civil::DateTime) -> civil::DateTime {
    let whole = time.with().subsec_nanosecond(0).build();
    whole.unwrap_or(time)
}

impl From<civil::DateTime> for When {
    fn from(time: civil::DateTime) -> Self {
        Self(Kind::Civil(whole_seconds(time).into()))
    }
}

impl From<civil::Date> for When {
    fn from(date: civil::Date) -> Self {
        Self(Kind::Civil(date.into()))
    }
}

impl From<jiff::Timestamp> for When {
    fn from(moment: jiff::Timestamp) -> Self {
        Self(Kind::Moment(moment))
    }
}

impl From<Zoned> for When {
    fn from(time: Zoned) -> Self {
        Self(Kind::Moment(time.timestamp()))
    }
}

impl From<&Zoned> for When {
    fn from(time: &Zoned) -> Self {
        Self(Kind::Moment(time.timestamp()))
    }
}

impl From<std::time::SystemTime> for When {
    fn from(time: std::time::SystemTime) -> Self {
        Self(Kind::Moment(moment(time)))
    }
}

impl From<Timestamp> for When {
    fn from(time: Timestamp) -> Self {
        let named = time.zone_name().and_then(|name| time.in_tz(name).ok());
        Self(match named {
            Some(named) => Kind::Moment(named.timestamp()),
            None if time.has_zone() => Kind::Moment(time.to_instant_utc()),
            None if time.is_date_only() => Kind::Civil(time.civil().date().into()),
            None => Kind::Civil(whole_seconds(time.civil()).into()),
        })
    }
}

impl From<&Timestamp> for When {
    fn from(time: &Timestamp) -> Self {
        time.clone().into()
    }
}

/// A moment of the system's clock; one beyond the calendar's ends is the nearest end.
pub(super) fn moment(time: std::time::SystemTime) -> jiff::Timestamp {
    jiff::Timestamp::try_from(time).unwrap_or_else(|_| {
        if time < std::time::SystemTime::UNIX_EPOCH {
            jiff::Timestamp::MIN
        } else {
            jiff::Timestamp::MAX
        }
    })
}

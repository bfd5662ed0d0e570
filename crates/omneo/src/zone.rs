//! Time zones by their names.

use jiff::tz::{self, TimeZone};

/// The zone of an IANA name, in any case.
pub(crate) fn find(name: &str) -> Option<TimeZone> {
    let zone = tz::db().get(name).ok()?;
    // jiff has a zone for what is in none.
    (!zone.is_unknown()).then_some(zone)
}

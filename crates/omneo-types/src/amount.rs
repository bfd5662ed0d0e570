//! Money, points and rates: decimals, never `f64`.

use std::cmp::Ordering;
use std::fmt::{self, Display};
use std::ops::Deref;
use std::str::FromStr;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::ParseError;
use crate::scalar::{Sent, deserialize_from_scalar};

const EXPECTED: &str = "a number or numeric text";

/// A decimal number: money in the tenant's currency (149.95, not cents), points, rates.
///
/// | reads | as | writes |
/// |---|---|---|
/// | `10`, `10.0` | 10 | `10` |
/// | `49.99`, `1e-7` | the shortest decimal that is the same float | `49.99`, `0.0000001` |
/// | `"10.00"`, `" 49.90 "`, `"-3"`, `"1e3"` | the number | `10`, `49.9`, `-3`, `1000` |
///
/// Errors: an empty text, `"NaN"`, group separators (`"1,000"`), a number beyond ±7.9 · 10^28. Digits after the 28th are rounded.
///
/// A text's trailing zeros are kept for [`Display`], so `"10.00"` prints as `10.00`, and left out of the JSON number, where PHP leaves them out
/// too. Comparing ignores them. A number is written digit by digit, so no `f64` comes between; only serde_json can do that. Reading is exact to 15
/// digits for a JSON number (serde_json has a float for it, also in its [`Value`](serde_json::Value)) and to 28 for a text.
///
/// ```
/// use omneo_types::{Amount, Decimal};
///
/// let price: Amount = serde_json::from_str(r#""149.90""#)?;
/// assert_eq!(price, Decimal::new(1499, 1));
/// assert_eq!(*price * Decimal::from(2), Decimal::new(2998, 1));
/// assert_eq!(serde_json::to_string(&price)?, "149.9");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Amount(Decimal);

impl Amount {
    /// Any number that a text may hold; `None` if it holds none or one out of range.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        // Decimal takes Rust's digit separators.
        if text.contains('_') {
            return None;
        }
        let decimal = if text.contains(['e', 'E']) {
            // Through f64 for exponents that Decimal's own reader refuses: 1e-30 is 0 at 28 places.
            Decimal::from_scientific_lossy(text)
                .ok()
                .or_else(|| text.parse::<f64>().ok()?.to_string().parse().ok())
        } else {
            text.parse().ok()
        };
        decimal.map(Self::from)
    }

    /// The shortest decimal that is the same float; `None` if it is out of range.
    pub(crate) fn from_float(value: f64) -> Option<Self> {
        Self::of_few_places(value).or_else(|| Self::parse(&value.to_string()))
    }

    /// A float of up to four decimal places, as nearly all are, without printing it. No two decimals of up to 15 digits are the same float, so one
    /// that is the same is the shortest.
    fn of_few_places(value: f64) -> Option<Self> {
        let units = (value * 1e4).round();
        if units.abs() >= 1e15 || units / 1e4 != value {
            return None;
        }
        let (mut units, mut places) = (units as i64, 4);
        while places > 0 && units % 10 == 0 {
            units /= 10;
            places -= 1;
        }
        Some(Decimal::new(units, places).into())
    }

    fn from_sent(sent: Sent<'_>) -> Result<Self, ParseError> {
        match sent {
            Sent::Integer(value) => Ok(value.into()),
            Sent::Number(value) => Ok(value),
            Sent::Text(text) => text.parse(),
            other @ Sent::Bool(_) => Err(other.refuse(EXPECTED)),
        }
    }
}

deserialize_from_scalar!(Amount, EXPECTED);

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.to_i64() {
            Some(whole) if self.0.is_integer() => serializer.serialize_i64(whole),
            _ => RawValue::from_string(self.0.normalize().to_string())
                .map_err(serde::ser::Error::custom)?
                .serialize(serializer),
        }
    }
}

impl Deref for Amount {
    type Target = Decimal;

    fn deref(&self) -> &Decimal {
        &self.0
    }
}

impl From<Decimal> for Amount {
    fn from(mut value: Decimal) -> Self {
        // "-0" is no amount anyone owes.
        if value.is_zero() {
            value.set_sign_positive(true);
        }
        Self(value)
    }
}

impl From<Amount> for Decimal {
    fn from(amount: Amount) -> Self {
        amount.0
    }
}

macro_rules! from_integer {
    ($($int:ty)+) => {$(
        impl From<$int> for Amount {
            fn from(value: $int) -> Self {
                Self(value.into())
            }
        }
    )+};
}
from_integer!(i32 i64 u32 u64);

impl TryFrom<f64> for Amount {
    type Error = ParseError;

    /// The shortest decimal that is the same float.
    fn try_from(value: f64) -> Result<Self, ParseError> {
        Self::from_float(value).ok_or_else(|| ParseError::new(EXPECTED, &value))
    }
}

impl FromStr for Amount {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::parse(text).ok_or_else(|| ParseError::text(EXPECTED, text))
    }
}

impl Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Amount({})", self.0)
    }
}

impl PartialEq<Decimal> for Amount {
    fn eq(&self, other: &Decimal) -> bool {
        self.0 == *other
    }
}

impl PartialOrd<Decimal> for Amount {
    fn partial_cmp(&self, other: &Decimal) -> Option<Ordering> {
        self.0.partial_cmp(other)
    }
}

impl PartialEq<i64> for Amount {
    fn eq(&self, other: &i64) -> bool {
        self.0 == Decimal::from(*other)
    }
}

impl PartialOrd<i64> for Amount {
    fn partial_cmp(&self, other: &i64) -> Option<Ordering> {
        self.0.partial_cmp(&Decimal::from(*other))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_and_numeric_texts_are_read() {
        for (json, prints, writes) in [
            ("10", "10", "10"),
            ("10.0", "10", "10"),
            ("-0", "0", "0"),
            ("-0.0", "0", "0"),
            ("49.99", "49.99", "49.99"),
            ("0.1", "0.1", "0.1"),
            ("1e3", "1000", "1000"),
            ("1.5e-7", "0.00000015", "0.00000015"),
            ("1e-30", "0", "0"),
            (
                "1.1102230246251565e-16",
                "0.0000000000000001110223024625",
                "0.0000000000000001110223024625",
            ),
            (
                "9223372036854775808",
                "9223372036854775808",
                "9223372036854775808",
            ),
            (r#""10.00""#, "10.00", "10"),
            (r#"" 49.90 ""#, "49.90", "49.9"),
            (r#""-3""#, "-3", "-3"),
            (r#""-0.00""#, "0.00", "0"),
            (r#""1e3""#, "1000", "1000"),
            (r#""1E+3""#, "1000", "1000"),
            (r#""1.25e-2""#, "0.0125", "0.0125"),
            (r#""1e-30""#, "0.0000000000000000000000000000", "0"),
            (
                r#""79228162514264337593543950335""#,
                "79228162514264337593543950335",
                "79228162514264337593543950335",
            ),
            (
                r#""0.1234567890123456789012345678""#,
                "0.1234567890123456789012345678",
                "0.1234567890123456789012345678",
            ),
        ] {
            let amount: Amount = serde_json::from_str(json).unwrap();
            assert_eq!(amount.to_string(), prints, "{json}");
            assert_eq!(serde_json::to_string(&amount).unwrap(), writes, "{json}");
        }
    }

    #[test]
    fn what_is_no_number_is_an_error_that_shows_it() {
        for json in [
            r#""""#,
            r#"" ""#,
            r#""NaN""#,
            r#""inf""#,
            r#""e""#,
            r#""1e""#,
            r#""e5""#,
            r#""1e400""#,
            r#""1e99999999999999999999""#,
            r#""1_000""#,
            r#""1,000""#,
            r#""٣""#,
            r#""79228162514264337593543950336""#,
            "true",
            "null",
            "[]",
            "{}",
        ] {
            let error = serde_json::from_str::<Amount>(json)
                .unwrap_err()
                .to_string();
            assert!(
                error.starts_with(&format!("expected a number or numeric text, got {json}")),
                "{error}"
            );
        }
        assert!(
            serde_json::from_str::<Amount>("1e29")
                .unwrap_err()
                .to_string()
                .contains("out of range")
        );
        assert!(Amount::try_from(f64::NAN).is_err());
        assert!(Amount::try_from(f64::INFINITY).is_err());
    }

    #[test]
    fn trailing_zeros_do_not_matter_to_comparing() {
        assert_eq!("10.00".parse::<Amount>().unwrap(), 10);
        assert!("10.50".parse::<Amount>().unwrap() > 10);
    }

    #[test]
    fn it_becomes_a_value_too() {
        let value = serde_json::to_value([Amount::from(3), "10.50".parse().unwrap()]).unwrap();
        assert_eq!(value, serde_json::json!([3, 10.5]));
    }

    proptest! {
        #[test]
        fn a_float_of_few_places_is_the_decimal_that_it_prints(units in -10i64.pow(16)..10i64.pow(16), digits in 0u32..16, places in 0i32..7) {
            let float = (units / 10i64.pow(digits)) as f64 / 10f64.powi(places);
            let amount = Amount::try_from(float).unwrap();
            prop_assert_eq!(amount.to_string(), Amount::parse(&float.to_string()).unwrap().to_string());
        }
    }
}

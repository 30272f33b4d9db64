//! Values of foreign Parquet columns as exact text.
//!
//! In: the arrays of one column. Out: the text a careful person would have exported. Whole floats below 2^53 have
//! neither point nor exponent (a telephone number kept as a float reads `13800138000`), others are the shortest digits
//! that come back as the same float; decimals keep their scale; dates are `YYYY-MM-DD`; timestamps are ISO 8601, with
//! `Z` when the file says they are instants, without when it says they are local. Nothing is rounded or lossy: a type
//! or value without exact text is refused. Days to dates after Howard Hinnant, "chrono-compatible low-level date
//! algorithms" (civil_from_days), proleptic Gregorian.

use std::fmt;

use polars_arrow::array::BinaryViewArray;
use polars_arrow::array::BooleanArray;
use polars_arrow::array::PrimitiveArray;
use polars_arrow::datatypes::ArrowDataType;
use polars_arrow::datatypes::TimeUnit;
use polars_arrow::types::NativeType;

use crate::convert::Arrays;
use crate::convert::typed_data;
use crate::table::ColumnData;
use crate::text::TextColumn;

/// Why a column has no text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum RenderFault {
    /// No text is defined for the type.
    Type,
    /// Bytes that are not UTF-8 in a column without declared text type.
    Binary,
    /// The arrays are not what the type says.
    Mismatch,
}

/// True when [`render`] knows the type.
pub(crate) fn is_renderable(dtype: &ArrowDataType) -> bool {
    render(dtype, &Vec::new()).is_ok()
}

/// All `arrays` of a column of type `dtype` as text, null as null.
pub(crate) fn render(dtype: &ArrowDataType, arrays: &Arrays) -> Result<TextColumn, RenderFault> {
    use ArrowDataType as A;
    match dtype {
        A::Null => Ok((0..arrays.iter().map(|array| array.len()).sum())
            .map(|_| None)
            .collect()),
        A::Utf8View => match typed_data(dtype, arrays) {
            Some(ColumnData::Text(text)) => Ok(text),
            _ => Err(RenderFault::Mismatch),
        },
        A::BinaryView => render_bytes(arrays),
        A::Boolean => render_truth(arrays),
        A::Int8 => each(arrays, |value: i8| value),
        A::Int16 => each(arrays, |value: i16| value),
        A::Int32 => each(arrays, |value: i32| value),
        A::Int64 => each(arrays, |value: i64| value),
        A::Int128 => each(arrays, |value: i128| value),
        A::UInt8 => each(arrays, |value: u8| value),
        A::UInt16 => each(arrays, |value: u16| value),
        A::UInt32 => each(arrays, |value: u32| value),
        A::UInt64 => each(arrays, |value: u64| value),
        A::Float32 => each(arrays, Single),
        A::Float64 => each(arrays, Double),
        A::Decimal(_, scale) => each(arrays, |digits: i128| Decimal {
            digits,
            scale: *scale,
        }),
        A::Date32 => each(arrays, |days: i32| Date(i64::from(days))),
        A::Date64 => each(arrays, |millis: i64| Date(millis.div_euclid(86_400_000))),
        A::Timestamp(unit, zone) => each(arrays, |ticks: i64| Timestamp {
            ticks,
            unit: *unit,
            is_instant: zone.is_some(),
        }),
        A::Time32(unit) => each(arrays, |ticks: i32| TimeOfDay {
            ticks: i64::from(ticks),
            unit: *unit,
        }),
        A::Time64(unit) => each(arrays, |ticks: i64| TimeOfDay { ticks, unit: *unit }),
        _ => Err(RenderFault::Type),
    }
}

fn each<T: NativeType, D: fmt::Display>(
    arrays: &Arrays,
    shown: impl Fn(T) -> D,
) -> Result<TextColumn, RenderFault> {
    let mut column = TextColumn::with_capacity(arrays.iter().map(|array| array.len()).sum(), 0);
    for array in arrays {
        let array = array
            .as_any()
            .downcast_ref::<PrimitiveArray<T>>()
            .ok_or(RenderFault::Mismatch)?;
        for value in array.iter() {
            match value {
                Some(&value) => column.push_display(shown(value)),
                None => column.push_null(),
            }
        }
    }
    Ok(column)
}

fn render_truth(arrays: &Arrays) -> Result<TextColumn, RenderFault> {
    let mut column = TextColumn::new();
    for array in arrays {
        let array = array
            .as_any()
            .downcast_ref::<BooleanArray>()
            .ok_or(RenderFault::Mismatch)?;
        array
            .iter()
            .for_each(|value| column.push_option(value.map(|value| if value { "true" } else { "false" })));
    }
    Ok(column)
}

/// Older writers (Hive, Impala) leave text unmarked; it is taken when every value is UTF-8.
fn render_bytes(arrays: &Arrays) -> Result<TextColumn, RenderFault> {
    let mut column = TextColumn::new();
    for array in arrays {
        let array = array
            .as_any()
            .downcast_ref::<BinaryViewArray>()
            .ok_or(RenderFault::Mismatch)?;
        for value in array.iter() {
            let text = value
                .map(std::str::from_utf8)
                .transpose()
                .map_err(|_| RenderFault::Binary)?;
            column.push_option(text);
        }
    }
    Ok(column)
}

/// A float of 64 bits.
struct Double(f64);

impl fmt::Display for Double {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// 2^53: whole floats below it are exact integers.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        let value = self.0;
        if value.abs() < EXACT && value.fract() == 0.0 {
            // Also makes -0.0 a plain 0.
            write!(formatter, "{}", value as i64)
        } else if !value.is_finite() || (1e-5..1e16).contains(&value.abs()) {
            write!(formatter, "{value}")
        } else {
            write!(formatter, "{value:e}")
        }
    }
}

/// A float of 32 bits: as [`Double`], with the shortest digits for its own width.
struct Single(f32);

impl fmt::Display for Single {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.0;
        if value.fract() == 0.0 && value.abs() < 1e15 || !value.is_finite() {
            Double(f64::from(value)).fmt(formatter)
        } else if (1e-5..1e16).contains(&value.abs()) {
            write!(formatter, "{value}")
        } else {
            write!(formatter, "{value:e}")
        }
    }
}

/// `digits` × 10^-`scale`.
struct Decimal {
    digits: i128,
    scale: usize,
}

impl fmt::Display for Decimal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.scale == 0 {
            return write!(formatter, "{}", self.digits);
        }
        let sign = if self.digits < 0 { "-" } else { "" };
        let digits = format!("{:0>width$}", self.digits.unsigned_abs(), width = self.scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - self.scale);
        write!(formatter, "{sign}{whole}.{fraction}")
    }
}

/// Days since 1970-01-01.
struct Date(i64);

impl fmt::Display for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil_from_days(self.0);
        if (0..=9999).contains(&year) {
            write!(formatter, "{year:04}-{month:02}-{day:02}")
        } else {
            // ISO 8601 wants a sign on years of other than four digits.
            write!(formatter, "{year:+05}-{month:02}-{day:02}")
        }
    }
}

/// Year, month and day of the day `days` after 1970-01-01.
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

fn ticks_per_second(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::Second => 1,
        TimeUnit::Millisecond => 1_000,
        TimeUnit::Microsecond => 1_000_000,
        TimeUnit::Nanosecond => 1_000_000_000,
    }
}

/// Ticks since 1970-01-01T00:00:00.
struct Timestamp {
    ticks: i64,
    unit: TimeUnit,
    is_instant: bool,
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let per_day = 86_400 * ticks_per_second(self.unit);
        let date = Date(self.ticks.div_euclid(per_day));
        let time = TimeOfDay {
            ticks: self.ticks.rem_euclid(per_day),
            unit: self.unit,
        };
        write!(
            formatter,
            "{date}T{time}{}",
            if self.is_instant { "Z" } else { "" }
        )
    }
}

/// Ticks since midnight.
struct TimeOfDay {
    ticks: i64,
    unit: TimeUnit,
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let per_second = ticks_per_second(self.unit);
        let seconds = self.ticks.div_euclid(per_second);
        let nanos = self.ticks.rem_euclid(per_second) * (1_000_000_000 / per_second);
        write!(
            formatter,
            "{:02}:{:02}:{:02}",
            seconds / 3_600,
            seconds / 60 % 60,
            seconds % 60
        )?;
        if nanos == 0 {
            Ok(())
        } else if nanos % 1_000_000 == 0 {
            write!(formatter, ".{:03}", nanos / 1_000_000)
        } else if nanos % 1_000 == 0 {
            write!(formatter, ".{:06}", nanos / 1_000)
        } else {
            write!(formatter, ".{nanos:09}")
        }
    }
}

#[cfg(test)]
mod tests {
    use polars_arrow::datatypes::TimeUnit;
    use proptest::prelude::any;
    use proptest::proptest;

    use super::Date;
    use super::Decimal;
    use super::Double;
    use super::Single;
    use super::TimeOfDay;
    use super::Timestamp;

    #[test]
    fn whole_floats_read_like_integers() {
        let shown = |value: f64| Double(value).to_string();
        assert_eq!(shown(13_800_138_000.0), "13800138000");
        assert_eq!(shown(9_007_199_254_740_991.0), "9007199254740991");
        assert_eq!(shown(-0.0), "0");
        assert_eq!(shown(0.1), "0.1");
        assert_eq!(shown(-12.5), "-12.5");
        assert_eq!(shown(1e300), "1e300");
        assert_eq!(shown(1e-7), "1e-7");
        assert_eq!(shown(f64::NAN), "NaN");
        assert_eq!(Single(0.1).to_string(), "0.1");
        assert_eq!(Single(12_345_678.0).to_string(), "12345678");
        assert_eq!(Single(f32::MAX).to_string(), "3.4028235e38");
    }

    #[test]
    fn decimals_keep_their_scale() {
        let shown = |digits, scale| Decimal { digits, scale }.to_string();
        assert_eq!(shown(1250, 2), "12.50");
        assert_eq!(shown(-5, 2), "-0.05");
        assert_eq!(shown(0, 4), "0.0000");
        assert_eq!(shown(310_000_000_000_000_018, 0), "310000000000000018");
        assert_eq!(shown(i128::MIN, 1), "-17014118346046923173168730371588410572.8");
    }

    #[test]
    fn dates_and_times_are_iso() {
        let date = |days| Date(days).to_string();
        assert_eq!(date(0), "1970-01-01");
        assert_eq!(date(-1), "1969-12-31");
        assert_eq!(date(19_782), "2024-02-29");
        assert_eq!(date(2_932_896), "9999-12-31");
        assert_eq!(date(2_932_897), "+10000-01-01");
        let stamp = |ticks, unit, is_instant| {
            Timestamp {
                ticks,
                unit,
                is_instant,
            }
            .to_string()
        };
        assert_eq!(stamp(0, TimeUnit::Second, true), "1970-01-01T00:00:00Z");
        assert_eq!(stamp(-1, TimeUnit::Millisecond, false), "1969-12-31T23:59:59.999");
        assert_eq!(
            stamp(1_500_000, TimeUnit::Microsecond, true),
            "1970-01-01T00:00:01.500Z"
        );
        assert_eq!(
            stamp(1, TimeUnit::Nanosecond, false),
            "1970-01-01T00:00:00.000000001"
        );
        assert_eq!(
            TimeOfDay {
                ticks: 86_399,
                unit: TimeUnit::Second
            }
            .to_string(),
            "23:59:59"
        );
    }

    proptest! {
        #[test]
        fn floats_come_back_as_the_same_float(bits in any::<u64>(), small in any::<u32>()) {
            let value = f64::from_bits(bits);
            let back: f64 = Double(value).to_string().parse().unwrap();
            assert!(back == value || value.is_nan() && back.is_nan());
            let value = f32::from_bits(small);
            let back: f32 = Single(value).to_string().parse().unwrap();
            assert!(back == value || value.is_nan() && back.is_nan());
        }

        #[test]
        fn every_tick_has_a_text(ticks in any::<i64>(), digits in any::<i128>(), scale in 0_usize..40) {
            for unit in [TimeUnit::Second, TimeUnit::Millisecond, TimeUnit::Microsecond, TimeUnit::Nanosecond] {
                assert!(Timestamp { ticks, unit, is_instant: true }.to_string().ends_with('Z'));
                assert!(!TimeOfDay { ticks, unit }.to_string().is_empty());
            }
            let shown = Decimal { digits, scale }.to_string();
            assert_eq!(shown.replace('.', "").parse::<i128>().unwrap(), digits);
        }
    }
}

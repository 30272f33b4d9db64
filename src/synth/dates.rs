//! Civil dates for generated records: days since 1970-01-01 and the layouts in which exports write them.
//!
//! In: a day number. Out: text in one [`DateStyle`]. Method: the proleptic Gregorian conversion of Howard Hinnant
//! ("chrono-compatible low-level date algorithms", 2013). No clock is read: every run has the same [`TODAY`].

use std::fmt::Write as _;

/// Days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Day(pub(super) i64);

/// The evening of the first generated night: 2026-06-30.
pub(super) const TODAY: Day = Day(20_634);

/// How a source writes its dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DateStyle {
    /// `2024-01-02`
    Iso,
    /// `2024-01-02 15:20:00`
    IsoTime,
    /// `2024/1/2`
    Slash,
    /// `2024年1月2日`
    Han,
    /// `20240102`
    Compact,
    /// `2024.01.02`
    Dotted,
    /// `01/31/2024`
    American,
    /// `31.01.2024`
    European,
    /// milliseconds since 1970
    EpochMillis,
    /// days since 1899-12-30, as spreadsheets count
    Serial,
}

impl Day {
    /// The day of a year, month and day of month.
    pub(super) fn from_ymd(year: i64, month: i64, day: i64) -> Self {
        let year = if month <= 2 { year - 1 } else { year };
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Self(era * 146_097 + day_of_era - 719_468)
    }

    /// Year, month and day of month.
    pub(super) fn ymd(self) -> (i64, i64, i64) {
        let shifted = self.0 + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        (year_of_era + era * 400 + i64::from(month <= 2), month, day)
    }

    /// Adds the day to `out` as `style` says; times of day are derived from the day itself.
    pub(super) fn write(self, style: DateStyle, out: &mut String) {
        let (year, month, day) = self.ymd();
        let (hour, minute) = (8 + self.0.rem_euclid(10), (self.0 * 7).rem_euclid(60));
        let written = match style {
            DateStyle::Iso => write!(out, "{year:04}-{month:02}-{day:02}"),
            DateStyle::IsoTime => write!(out, "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:00"),
            DateStyle::Slash => write!(out, "{year}/{month}/{day}"),
            DateStyle::Han => write!(out, "{year}年{month}月{day}日"),
            DateStyle::Compact => write!(out, "{year:04}{month:02}{day:02}"),
            DateStyle::Dotted => write!(out, "{year:04}.{month:02}.{day:02}"),
            DateStyle::American => write!(out, "{month:02}/{day:02}/{year:04}"),
            DateStyle::European => write!(out, "{day:02}.{month:02}.{year:04}"),
            DateStyle::EpochMillis => write!(out, "{}", (self.0 * 86_400 + hour * 3600) * 1000),
            DateStyle::Serial => write!(out, "{}", self.0 + 25_569),
        };
        debug_assert!(written.is_ok(), "writing to a String does not fail");
    }
}

#[cfg(test)]
mod tests {
    use super::DateStyle;
    use super::Day;
    use super::TODAY;

    #[test]
    fn days_and_dates_convert_both_ways() {
        assert_eq!(Day::from_ymd(1970, 1, 1), Day(0));
        assert_eq!(TODAY.ymd(), (2026, 6, 30));
        for day in (-30_000..30_000).step_by(17) {
            let (year, month, date) = Day(day).ymd();
            assert_eq!(Day::from_ymd(year, month, date), Day(day));
        }
    }

    #[test]
    fn each_style_writes_its_layout() {
        let day = Day::from_ymd(2024, 1, 2);
        let shown = |style| {
            let mut out = String::new();
            day.write(style, &mut out);
            out
        };
        assert_eq!(shown(DateStyle::Han), "2024年1月2日");
        assert_eq!(shown(DateStyle::American), "01/02/2024");
        assert_eq!(shown(DateStyle::Serial), "45293");
    }
}

//! The calendar, as far as fields need it.
//!
//! In: years, months, days. Out: is this a date of the Gregorian calendar, and which date is so many days after another
//! (algorithms after Hinnant, *chrono-Compatible Low-Level Date Algorithms*, 2014).

/// Days of a month; 0 for a month that does not exist.
pub(super) fn days_in_month(year: u32, month: u32) -> u32 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 0,
    }
}

/// Is this a date?
pub(super) fn is_date(year: u32, month: u32, day: u32) -> bool {
    (1..=days_in_month(year, month)).contains(&day)
}

/// Year, month and day that many days after 1970-01-01, for days up to the year 9999.
pub(super) fn date_of_day(day: u32) -> (u32, u32, u32) {
    let z = day + 719_468;
    let era = z / 146_097;
    let day_of_era = z % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + u32::from(month <= 2), month, day)
}

/// Days from 1899-12-30, day 0 of a spreadsheet, to 1970-01-01.
pub(super) const SERIAL_OF_1970: u32 = 25_569;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_become_dates() {
        assert_eq!(date_of_day(0), (1970, 1, 1));
        assert_eq!(date_of_day(45_293 - SERIAL_OF_1970), (2024, 1, 2));
        assert!(is_date(2000, 2, 29) && !is_date(1900, 2, 29) && !is_date(1974, 1, 64));
    }
}

//! The habits of subsidiaries: format, encoding, headers, and how each writes names, phones, dates and amounts.
//!
//! Out: [`habit`] for the n-th source of a locale; the lists are cycled when there are more sources than habits.
//! Headers and traps follow what exports of Chinese ERP and CRM products show: contact headers 对接人, 负责人, 联系人; units in
//! headers; title rows and totals; one column for all phones. How a row becomes bytes belongs to `writers`.

use super::Locale;
use super::dates::DateStyle;
use super::habits::CHINESE;
use super::habits::LATIN;
use super::habits::delimited;
use super::row::Field;

/// Encoding of a text file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Utf8Bom,
    Utf16Le,
    Gbk,
    Gb18030,
    Big5,
    Windows1252,
}

/// Format of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// Text with a delimiter and an encoding; `is_crlf` sets the line ends.
    Delimited {
        encoding: Encoding,
        delimiter: char,
        is_crlf: bool,
        extension: &'static str,
    },
    /// Workbook with a merged title row above the header and a totals row at the end.
    Workbook {
        title: &'static str,
        total: &'static str,
    },
    /// Parquet.
    Parquet,
    /// JSON lines, empty fields left out.
    JsonLines,
}

/// How a source writes amounts of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AmountStyle {
    /// `1234567.00`
    Plain,
    /// `1,234,567.00`
    Commas,
    /// `123.46`, in ten thousands
    TenThousands,
    /// `1234.6`, in thousands
    Thousands,
    /// `123.46万元`, the unit in the cell
    WithUnit,
    /// `$1,234,567`
    Dollars,
}

/// How a source writes phone numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PhoneStyle {
    /// `13812345678`, `010-82345678`
    Plain,
    /// `138-1234-5678`, `010-8234-5678`
    Hyphens,
    /// `138 1234 5678`, `(010)82345678`
    Spaced,
    /// `+86 13812345678`, `+86 10 82345678`
    Country,
    /// Each record as its clerk typed it.
    Mixed,
}

/// How customer codes look: a prefix and a number of digits.
pub(super) type CodeStyle = (&'static str, usize);

/// Everything that makes one source unlike another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Habit {
    /// Folder name.
    pub(super) name: &'static str,
    pub(super) format: Format,
    pub(super) columns: &'static [(Field, &'static str)],
    pub(super) code: CodeStyle,
    pub(super) dates: DateStyle,
    pub(super) amount: AmountStyle,
    pub(super) phones: PhoneStyle,
    /// True when the address cell repeats province, city and county.
    pub(super) is_address_whole: bool,
    /// True when brackets are typed full width.
    pub(super) is_full_width: bool,
    /// True when everything is in traditional characters.
    pub(super) is_traditional: bool,
    /// True when persons' ID cards stand in the tax number column.
    pub(super) is_id_in_code: bool,
    /// Of 1,000 records, how many have their code; contacts and phones are a little better kept.
    pub(super) code_permille: u64,
    /// Scale of carelessness: 100 is ordinary.
    pub(super) noise_percent: u64,
}

impl Habit {
    /// True when the source exports this field.
    pub(super) fn has(&self, field: Field) -> bool {
        self.columns.iter().any(|column| column.0 == field)
    }

    /// Folder name of the n-th source: habits that are used again are numbered.
    pub(super) fn folder(&self, cycle: usize) -> String {
        if cycle == 0 {
            self.name.to_owned()
        } else {
            format!("{}{}", self.name, cycle + 1)
        }
    }
}

/// The habit of source `position` and how often it was used before; `is_plain` turns every file into UTF-8 CSV.
pub(super) fn habit(locale: Locale, position: usize, is_plain: bool) -> (Habit, usize) {
    let (mut habit, cycle) = match locale {
        Locale::Zh => (CHINESE[position % CHINESE.len()], position / CHINESE.len()),
        Locale::En => (LATIN[position % LATIN.len()], position / LATIN.len()),
        Locale::Mixed if position.is_multiple_of(2) => (
            CHINESE[position / 2 % CHINESE.len()],
            position / 2 / CHINESE.len(),
        ),
        Locale::Mixed => (LATIN[position / 2 % LATIN.len()], position / 2 / LATIN.len()),
    };
    if is_plain {
        habit.format = delimited(Encoding::Utf8, ',', false, "csv");
        if matches!(habit.dates, DateStyle::Serial | DateStyle::EpochMillis) {
            habit.dates = DateStyle::Iso;
        }
    } else if locale == Locale::Mixed
        && let Format::Delimited {
            encoding: encoding @ Encoding::Windows1252,
            ..
        } = &mut habit.format
    {
        // A Latin code page would turn Chinese customers into question marks.
        *encoding = Encoding::Utf8;
    }
    (habit, cycle)
}

#[cfg(test)]
mod tests {
    use super::Field;
    use super::habit;
    use crate::synth::Locale;

    #[test]
    fn folders_of_many_sources_do_not_collide() {
        for locale in [Locale::Zh, Locale::En, Locale::Mixed] {
            let mut folders: Vec<String> = (0..40)
                .map(|position| {
                    let (habit, cycle) = habit(locale, position, false);
                    habit.folder(cycle)
                })
                .collect();
            folders.sort();
            folders.dedup();
            assert_eq!(folders.len(), 40, "{locale:?}");
        }
    }

    #[test]
    fn every_source_has_a_key_and_a_name() {
        for locale in [Locale::Zh, Locale::En] {
            for position in 0..8 {
                let (habit, _) = habit(locale, position, false);
                assert!(habit.has(Field::Code));
                assert!(habit.has(Field::Name) || habit.has(Field::FamilyName));
            }
        }
    }

    #[test]
    fn the_three_contact_headers_are_there() {
        let headers: Vec<&str> = (0..3)
            .filter_map(|position| {
                habit(Locale::Zh, position, false)
                    .0
                    .columns
                    .iter()
                    .find(|column| column.0 == Field::Contact)
            })
            .map(|column| column.1)
            .collect();
        assert_eq!(headers, ["对接人", "负责人", "联系人"]);
    }
}

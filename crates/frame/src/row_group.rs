//! Row groups of borrowed columns: the short way from codes to Parquet pages.
//!
//! In: columns of one row group, text as codes into texts that live elsewhere. Out: compressed pages, as in the Parquet
//! format's specification (PLAIN and RLE_DICTIONARY, data page V1). No text is copied but into its page, none is hashed: a
//! column whose codes repeat (at most half of its rows are distinct) gets a dictionary in order of first occurrence.
//! Pages are packed with Zstandard at level 1: level 3 costs twice the time for a tenth of the bytes. Numbers are left to
//! `parquet_write`, which also writes the pages.

use std::cell::RefCell;

use polars_parquet::parquet::CowBuffer;
use polars_parquet::parquet::encoding::hybrid_rle::encode;
use polars_parquet::parquet::page::DataPage;
use polars_parquet::parquet::page::DataPageHeader;
use polars_parquet::parquet::page::DataPageHeaderV1;
use polars_parquet::parquet::page::DictPage;
use polars_parquet::parquet::schema::types::PrimitiveType;
use polars_parquet::parquet::statistics::BinaryStatistics;
use polars_parquet::write::CompressedPage;
use polars_parquet::write::CompressionOptions;
use polars_parquet::write::Descriptor;
use polars_parquet::write::Encoding;
use polars_parquet::write::Page;
use polars_parquet::write::ParquetType;
use polars_parquet::write::ZstdLevel;
use polars_parquet::write::compress;

/// Distinct texts by code; code 0 is null and never asked for.
pub trait Texts: Sync {
    /// The text of `code`, which is in `1..self.codes()`; empty for others.
    fn text(&self, code: u32) -> &str;

    /// Number of codes, 0 included.
    fn codes(&self) -> usize;

    /// Reads where the texts of `codes` begin, so that asking for them soon after does not wait for memory one by one. Codes 0 and
    /// codes that have no text are passed over. Does nothing where texts lie close together.
    fn touch(&self, codes: &[u32]) {
        let _ = codes;
    }
}

/// Texts that are touched before the first of them is taken.
const TOUCHED: usize = 64;

/// Values of one column, by row.
#[derive(Clone, Copy)]
pub enum GroupData<'a> {
    /// Text as codes, 0 for null.
    Text {
        /// Per row, its code.
        codes: &'a [u32],
        /// The texts.
        texts: &'a dyn Texts,
    },
    /// 64-bit integers.
    I64(&'a [Option<i64>]),
    /// 64-bit floats.
    F64(&'a [Option<f64>]),
}

/// One named column of borrowed values.
#[derive(Clone, Copy)]
pub struct GroupColumn<'a> {
    /// Name as written to files.
    pub name: &'a str,
    /// Values by row.
    pub data: GroupData<'a>,
}

impl<'a> GroupData<'a> {
    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Text { codes, .. } => codes.len(),
            Self::I64(values) => values.len(),
            Self::F64(values) => values.len(),
        }
    }

    /// True when there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Codes that their texts do not have?
    pub(crate) fn is_sound(&self) -> bool {
        match self {
            Self::Text { codes, texts } => codes
                .iter()
                .max()
                .is_none_or(|&max| max == 0 || (max as usize) < texts.codes()),
            _ => true,
        }
    }
}

/// Bytes of values after which a page ends.
const PAGE_BYTES: usize = 1 << 20;

/// Bytes of a text that stand in statistics at most.
const STATISTICS_BYTES_MAX: usize = 64;

/// The pages of one text column of one row group.
pub(crate) fn text_pages(
    codes: &[u32],
    texts: &dyn Texts,
    column_type: &ParquetType,
) -> Result<Vec<CompressedPage>, String> {
    let ParquetType::PrimitiveType(of) = column_type else {
        return Err("a text column has a nested type".to_owned());
    };
    let level = ZstdLevel::try_new(1).map_err(|error| error.to_string())?;
    let pages = match number(codes, texts.codes()) {
        Some(numbered) => dictionary_pages(&numbered, codes, texts, of)?,
        None => plain_pages(codes, texts, of)?,
    };
    pages
        .into_iter()
        .map(|page| compress(page, Vec::new(), CompressionOptions::Zstd(Some(level))))
        .collect::<Result<_, _>>()
        .map_err(|error| error.to_string())
}

/// A column in terms of its dictionary.
struct Numbered {
    /// Per row that is not null, the number of its entry.
    keys: Vec<u32>,
    /// Codes of the entries, by first occurrence.
    entries: Vec<u32>,
}

thread_local! {
    /// Per code, its number plus one; all zero between uses, so that a large pool need not be cleared for every column.
    static NUMBER_OF: RefCell<Vec<u32>> = const { RefCell::new(Vec::new()) };
}

/// Numbers the codes by first occurrence; `None` when all are null or more than half of the rows are distinct.
fn number(codes: &[u32], pool: usize) -> Option<Numbered> {
    NUMBER_OF.with_borrow_mut(|number_of| {
        if number_of.len() < pool {
            number_of.resize(pool, 0);
        }
        let mut found = Numbered {
            keys: Vec::with_capacity(codes.len()),
            entries: Vec::new(),
        };
        for &code in codes.iter().filter(|&&code| code != 0) {
            let number = &mut number_of[code as usize];
            if *number == 0 {
                found.entries.push(code);
                *number = found.entries.len() as u32;
                if found.entries.len() * 2 > codes.len() {
                    break;
                }
            }
            found.keys.push(*number - 1);
        }
        for &code in &found.entries {
            number_of[code as usize] = 0;
        }
        let count = found.entries.len();
        (count > 0 && count * 2 <= codes.len()).then_some(found)
    })
}

fn dictionary_pages(
    numbered: &Numbered,
    codes: &[u32],
    texts: &dyn Texts,
    of: &PrimitiveType,
) -> Result<Vec<Page>, String> {
    let mut dictionary = Vec::with_capacity(numbered.entries.len() * 16);
    let mut range = Extremes::default();
    for entries in numbered.entries.chunks(TOUCHED) {
        texts.touch(entries);
        for &code in entries {
            let text = texts.text(code);
            range.add(text.as_bytes());
            push_text(&mut dictionary, text);
        }
    }
    let mut buffer = levels(codes)?;
    let bits = u32::BITS - (numbered.entries.len() as u32 - 1).leading_zeros();
    buffer.push(bits as u8);
    encode::<u32, _, _>(&mut buffer, numbered.keys.iter().copied(), bits)
        .map_err(|error| error.to_string())?;
    let nulls = codes.len() - numbered.keys.len();
    let data = data_page(
        buffer,
        codes.len(),
        Encoding::RleDictionary,
        range.statistics(nulls, of),
        of,
    );
    let dictionary = DictPage::new(CowBuffer::Owned(dictionary), numbered.entries.len(), false);
    Ok(vec![Page::Dict(dictionary), data])
}

fn plain_pages(codes: &[u32], texts: &dyn Texts, of: &PrimitiveType) -> Result<Vec<Page>, String> {
    let mut pages = Vec::new();
    let mut rest = codes;
    while !rest.is_empty() || pages.is_empty() {
        let mut values = Vec::with_capacity(PAGE_BYTES + PAGE_BYTES / 4);
        let mut range = Extremes::default();
        let mut rows = 0;
        let mut nulls = 0;
        for (at, &code) in rest.iter().enumerate() {
            if values.len() >= PAGE_BYTES {
                break;
            }
            if at % TOUCHED == 0 {
                texts.touch(&rest[at..rest.len().min(at + TOUCHED)]);
            }
            rows += 1;
            if code == 0 {
                nulls += 1;
                continue;
            }
            let text = texts.text(code);
            range.add(text.as_bytes());
            push_text(&mut values, text);
        }
        let (page, later) = rest.split_at(rows);
        let mut buffer = levels(page)?;
        buffer.extend_from_slice(&values);
        let statistics = range.statistics(nulls, of);
        pages.push(data_page(buffer, rows, Encoding::Plain, statistics, of));
        rest = later;
    }
    Ok(pages)
}

/// A text as PLAIN has it: length, bytes.
fn push_text(buffer: &mut Vec<u8>, text: &str) {
    buffer.extend_from_slice(&(text.len() as u32).to_le_bytes());
    buffer.extend_from_slice(text.as_bytes());
}

/// Definition levels of a page, with their length before them: 1 for a value, 0 for null.
fn levels(codes: &[u32]) -> Result<Vec<u8>, String> {
    let mut buffer = vec![0; 4];
    if !codes.is_empty() && !codes.contains(&0) {
        // Most columns have no nulls: one run, its length times two in seven bits a byte, then the level.
        let mut header = (codes.len() as u64) << 1;
        while header >= 0x80 {
            buffer.push(header as u8 | 0x80);
            header >>= 7;
        }
        buffer.extend([header as u8, 1]);
    } else {
        encode::<bool, _, _>(&mut buffer, codes.iter().map(|&code| code != 0), 1)
            .map_err(|error| error.to_string())?;
    }
    let length = (buffer.len() - 4) as u32;
    buffer[..4].copy_from_slice(&length.to_le_bytes());
    Ok(buffer)
}

fn data_page(
    buffer: Vec<u8>,
    rows: usize,
    encoding: Encoding,
    statistics: BinaryStatistics,
    of: &PrimitiveType,
) -> Page {
    let header = DataPageHeaderV1 {
        num_values: rows as i32,
        encoding: encoding.into(),
        definition_level_encoding: Encoding::Rle.into(),
        repetition_level_encoding: Encoding::Rle.into(),
        statistics: Some(statistics.serialize()),
    };
    let descriptor = Descriptor {
        primitive_type: of.clone(),
        max_def_level: 0,
        max_rep_level: 0,
    };
    Page::Data(DataPage::new(
        DataPageHeader::V1(header),
        CowBuffer::Owned(buffer),
        descriptor,
        rows,
    ))
}

/// The least and the greatest text of a page, by bytes.
#[derive(Default)]
struct Extremes<'a> {
    range: Option<(&'a [u8], &'a [u8])>,
    /// The first bytes of both, by which most texts are told from them.
    beginnings: (u64, u64),
}

/// The first eight bytes of a text as a number, zeros behind a shorter one. A text with a smaller number is smaller; of texts with
/// the same number nothing is known.
#[inline]
fn first_bytes(text: &[u8]) -> u64 {
    match text.first_chunk::<8>() {
        Some(bytes) => u64::from_be_bytes(*bytes),
        None => {
            let number = text.iter().fold(0, |number, &byte| number << 8 | u64::from(byte));
            let missing = 8 - text.len() as u32;
            number.checked_shl(8 * missing).unwrap_or(0)
        }
    }
}

impl<'a> Extremes<'a> {
    #[inline]
    fn add(&mut self, text: &'a [u8]) {
        let beginning = first_bytes(text);
        let (least, greatest) = &mut self.beginnings;
        match &mut self.range {
            None => {
                self.range = Some((text, text));
                self.beginnings = (beginning, beginning);
            }
            Some((min, max)) => {
                if beginning < *least || beginning == *least && text < *min {
                    *min = text;
                    *least = beginning;
                } else if beginning > *greatest || beginning == *greatest && text > *max {
                    *max = text;
                    *greatest = beginning;
                }
            }
        }
    }

    fn statistics(&self, nulls: usize, of: &PrimitiveType) -> BinaryStatistics {
        BinaryStatistics {
            primitive_type: of.clone(),
            null_count: Some(nulls as i64),
            distinct_count: None,
            max_value: self.range.map(|(_, max)| upper_bound(max)),
            min_value: self.range.map(|(min, _)| beginning(min).to_vec()),
        }
    }
}

/// The whole characters among the first bytes of a text.
fn beginning(text: &[u8]) -> &[u8] {
    let is_border = |at: &usize| text.get(*at).is_none_or(|byte| byte & 0xC0 != 0x80);
    let end = (0..=text.len().min(STATISTICS_BYTES_MAX))
        .rev()
        .find(is_border)
        .unwrap_or(0);
    &text[..end]
}

/// A short text that is not less than `text`: its beginning with the last character that can be raised, raised.
fn upper_bound(text: &[u8]) -> Vec<u8> {
    if text.len() <= STATISTICS_BYTES_MAX {
        return text.to_vec();
    }
    let Ok(kept) = std::str::from_utf8(beginning(text)) else {
        return text.to_vec();
    };
    let mut kept = kept.to_owned();
    while let Some(last) = kept.pop() {
        // Above U+D7FF come the surrogates, which are no characters.
        let next = if last == '\u{D7FF}' {
            Some('\u{E000}')
        } else {
            char::from_u32(last as u32 + 1)
        };
        if let Some(next) = next {
            kept.push(next);
            return kept.into_bytes();
        }
    }
    text.to_vec()
}

#[cfg(test)]
mod tests {
    use super::Extremes;
    use super::GroupColumn;
    use super::GroupData;
    use super::Texts;
    use super::beginning;
    use super::upper_bound;
    use crate::parquet_read::read_parquet;
    use crate::parquet_write::ParquetTableWriter;
    use crate::parquet_write::ROWS_PER_GROUP;

    struct Words(Vec<String>);

    impl Texts for Words {
        fn text(&self, code: u32) -> &str {
            &self.0[code as usize]
        }

        fn codes(&self) -> usize {
            self.0.len()
        }
    }

    /// Writes `codes` in row groups and reads the texts back.
    fn check(codes: &[u32], words: &[&str]) {
        let texts = Words(words.iter().map(|word| (*word).to_owned()).collect());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.parquet");
        let numbers: Vec<Option<i64>> = codes
            .iter()
            .map(|&code| (code > 1).then_some(i64::from(code)))
            .collect();
        let columns = |rows: std::ops::Range<usize>| {
            [
                GroupColumn {
                    name: "值",
                    data: GroupData::Text {
                        codes: &codes[rows.clone()],
                        texts: &texts,
                    },
                },
                GroupColumn {
                    name: "n",
                    data: GroupData::I64(&numbers[rows]),
                },
            ]
        };
        let mut writer = ParquetTableWriter::create_like(&path, &columns(0..0)).unwrap();
        let mut start = 0;
        while start < codes.len() {
            let end = codes.len().min(start + ROWS_PER_GROUP);
            writer.write_group_of(&columns(start..end)).unwrap();
            start = end;
        }
        writer.finish().unwrap();
        let table = read_parquet(&path, None).unwrap();
        let read = table.column("值").unwrap().as_text().unwrap();
        assert_eq!(read.len(), codes.len());
        for (row, &code) in codes.iter().enumerate() {
            assert_eq!(
                read.get(row),
                (code != 0).then(|| words[code as usize]),
                "row {row}"
            );
        }
        assert_eq!(
            table.column("n").unwrap(),
            &crate::table::ColumnData::I64(numbers)
        );
    }

    #[test]
    fn texts_come_back_from_dictionaries_and_plain_pages() {
        let long = "归".repeat(500);
        let words = ["", "上海", "Acme", "", "Paris", &long];
        check(&[], &words);
        check(&[0, 0, 0], &words);
        check(&[1, 2, 3, 4, 5], &words);
        check(&[5, 0, 5, 0, 1, 1, 1, 3, 1, 1, 1, 1, 1, 1, 1, 2], &words);
        check(&[1; 40], &words);
        // Without nulls, lengths of one, two and three bytes.
        check(&[2; 63], &words);
        check(&[2; 64], &words);
        check(&[4; 20_000], &words);
        let many: Vec<u32> = (0..250_001u32).map(|row| row % 7 * row % 6).collect();
        check(&many, &words);
        let distinct: Vec<String> = (0..130_000).map(|n| format!("{n:020}")).collect();
        let distinct: Vec<&str> = distinct.iter().map(String::as_str).collect();
        let codes: Vec<u32> = (0..130_000).collect();
        check(&codes, &distinct);
    }

    #[test]
    fn extremes_are_those_of_the_whole_texts() {
        let texts = [
            "",
            "\0",
            "a",
            "a\0",
            "归一",
            "归一科技",
            "12345678",
            "123456789",
            "1234567",
            "12345678\0",
            "\u{10FFFF}",
        ];
        for first in 0..texts.len() {
            let mut some: Vec<&[u8]> = texts[first..].iter().map(|text| text.as_bytes()).collect();
            for _ in 0..some.len() {
                some.rotate_left(1);
                let mut extremes = Extremes::default();
                some.iter().for_each(|text| extremes.add(text));
                let expected = some.iter().min().copied().zip(some.iter().max().copied());
                assert_eq!(extremes.range, expected);
            }
        }
    }

    #[test]
    fn bounds_enclose_their_text() {
        for text in [
            "",
            "Acme",
            &"归一".repeat(40),
            &"\u{10FFFF}".repeat(30),
            &"\u{D7FF}".repeat(40),
        ] {
            let bytes = text.as_bytes();
            assert!(beginning(bytes) <= bytes && beginning(bytes).len() <= 64);
            assert!(std::str::from_utf8(beginning(bytes)).is_ok());
            assert!(upper_bound(bytes).as_slice() >= bytes);
        }
        assert_eq!(upper_bound("归".repeat(40).as_bytes()).len(), 63);
    }
}

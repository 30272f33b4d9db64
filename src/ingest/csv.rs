//! Delimited text to rows.
//!
//! In: a stream of UTF-8 and a dialect. Out: rows with their line and offset, and the rows that cannot be read. The
//! rules are those of RFC 4180 and the crate `csv` (a quote opens a cell only at its start and is doubled inside;
//! text after the closing quote is kept), and a property test compares the two. The crate itself is not used because
//! it has no limits: with it one unclosed quote swallows the rest of the file (operations.md, section 4).
//!
//! Here a quoted cell that meets the end of the file, exceeds the limit, or spans lines and has text after its closing
//! quote, was never closed: its line alone is rejected, and reading goes on with the next line. Headers and the number
//! of cells are left to `headed` and `collect`. A delimiter that is followed by a space throughout is taken with its space.

use super::decode::MALFORMED;
use super::row::BadRow;
use super::row::Row;
use super::settings::Limits;
use super::window::TextWindow;
use crate::model::IssueCode;
use std::io;

const QUOTE: u8 = b'"';
const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];
/// Fewest delimiters that tell that a space belongs to each.
const SPACED_MIN: u32 = 8;
/// Records that the delimiter is sniffed from.
const SNIFFED: usize = 200;

/// A row, or a row that cannot be read.
pub(super) enum CsvEvent<'a> {
    Row(Row<'a>),
    Bad(BadRow),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Dialect {
    delimiter: u8,
    terminator: u8,
    /// Is a space behind the delimiter part of it? One written `, ` is.
    is_spaced: bool,
}

/// How an attempt to cut one record off the loaded bytes ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cut {
    /// A record of `length` bytes, its terminator included.
    Whole { length: usize, is_quoted: bool },
    /// More bytes are needed.
    More,
    /// The quote at this offset is not closed.
    Unclosed { quote: usize },
    /// A cell or the record is above the limits.
    TooLong,
}

/// Reads records one after the other.
pub(super) struct CsvReader {
    window: TextWindow,
    dialect: Dialect,
    limits: Limits,
    cells: Vec<(u32, u32)>,
    /// Text of a record with quoted cells, quotes removed.
    unquoted: Vec<u8>,
}

impl CsvReader {
    /// Opens a stream; the delimiter is sniffed when it is not declared.
    pub(super) fn new(mut window: TextWindow, delimiter: Option<u8>, limits: &Limits) -> io::Result<Self> {
        window.fill()?;
        let head = window.bytes();
        let has = |byte| memchr::memchr(byte, head).is_some();
        let terminator = if has(b'\r') && !has(b'\n') { b'\r' } else { b'\n' };
        let mut reader = Self {
            window,
            dialect: Dialect {
                delimiter: delimiter.unwrap_or(b','),
                terminator,
                is_spaced: false,
            },
            limits: *limits,
            cells: Vec::new(),
            unquoted: Vec::new(),
        };
        if let Some(named) = reader.delimiter_line()? {
            reader.dialect.delimiter = delimiter.unwrap_or(named);
        } else if delimiter.is_none() {
            reader.dialect.delimiter = reader.sniff();
        }
        reader.dialect.is_spaced = is_spaced(reader.window.bytes(), reader.dialect.delimiter);
        Ok(reader)
    }

    /// The delimiter in use.
    pub(super) fn delimiter(&self) -> u8 {
        self.dialect.delimiter
    }

    /// Consumes the line `sep=;` that Excel understands, and returns its delimiter.
    fn delimiter_line(&mut self) -> io::Result<Option<u8>> {
        let delimiter = match self.window.bytes() {
            [b's', b'e', b'p', b'=', delimiter, b'\r' | b'\n', ..] if delimiter.is_ascii() => *delimiter,
            _ => return Ok(None),
        };
        self.window.skip_line(self.dialect.terminator)?;
        Ok(Some(delimiter))
    }

    /// The delimiter that cuts the first records into the same number of cells most often.
    fn sniff(&mut self) -> u8 {
        let mut best = (0.0, b',');
        for delimiter in DELIMITERS {
            let dialect = Dialect {
                delimiter,
                ..self.dialect
            };
            let score = self.consistency(dialect);
            if score > best.0 {
                best = (score, delimiter);
            }
        }
        best.1
    }

    /// Share of records with the commonest number of cells, squared, times the root of the delimiters in each.
    ///
    /// The root lets a text's own delimiter win over one that stands once in every row, such as a decimal comma.
    fn consistency(&mut self, dialect: Dialect) -> f64 {
        let mut counts = std::collections::BTreeMap::new();
        let (mut at, mut records) = (0, 0u32);
        let bytes = self.window.bytes();
        while at < bytes.len() && (records as usize) < SNIFFED {
            let rest = &bytes[at..];
            let cut = cut_record(
                rest,
                dialect,
                self.window.is_ended(),
                &self.limits,
                &mut self.cells,
                &mut self.unquoted,
            );
            at += match cut {
                Cut::Whole { length, .. } => {
                    let is_blank = rest[..length].iter().all(u8::is_ascii_whitespace);
                    if !is_blank {
                        *counts.entry(self.cells.len()).or_insert(0u32) += 1;
                        records += 1;
                    }
                    length
                }
                Cut::More => break,
                Cut::Unclosed { .. } | Cut::TooLong => match memchr::memchr(dialect.terminator, rest) {
                    Some(line_end) => line_end + 1,
                    None => break,
                },
            };
        }
        let commonest = counts
            .iter()
            .filter(|(cells, _)| **cells > 1)
            .max_by_key(|(_, n)| **n);
        commonest.map_or(0.0, |(&cells, &n)| {
            let share = f64::from(n) / f64::from(records);
            share * share * ((cells - 1) as f64).sqrt()
        })
    }

    /// The next row or bad row; `None` at the end. Blank lines are passed over.
    pub(super) fn next(&mut self) -> io::Result<Option<CsvEvent<'_>>> {
        loop {
            let (line, byte) = (self.window.line, self.window.byte);
            if self.window.bytes().is_empty() && !self.window.fill()? {
                return Ok(None);
            }
            let cut = cut_record(
                self.window.bytes(),
                self.dialect,
                self.window.is_ended(),
                &self.limits,
                &mut self.cells,
                &mut self.unquoted,
            );
            match cut {
                Cut::More => {
                    self.window.fill()?;
                }
                Cut::Whole { length, is_quoted } => {
                    let lines = self.count_lines(length, is_quoted);
                    self.window.consume(length, lines);
                    if self.cells.len() == 1 && self.is_blank_line(length, is_quoted) {
                        continue;
                    }
                    return Ok(Some(self.event(line, byte, length, is_quoted)));
                }
                Cut::Unclosed { quote } => {
                    let before = memchr::memchr_iter(self.dialect.terminator, &self.window.bytes()[..quote]);
                    let lines = before.count();
                    self.window.consume(quote, lines);
                    let line = self.window.line;
                    self.window.skip_line(self.dialect.terminator)?;
                    return Ok(Some(bad("unclosed_quote", line, byte, None)));
                }
                Cut::TooLong => {
                    self.window.skip_line(self.dialect.terminator)?;
                    return Ok(Some(bad("record_too_long", line, byte, None)));
                }
            }
        }
    }

    fn count_lines(&self, length: usize, is_quoted: bool) -> usize {
        let bytes = &self.window.bytes()[..length];
        if is_quoted {
            memchr::memchr_iter(self.dialect.terminator, bytes).count()
        } else {
            usize::from(bytes.last() == Some(&self.dialect.terminator))
        }
    }

    fn is_blank_line(&self, length: usize, is_quoted: bool) -> bool {
        !is_quoted && self.window.consumed(length).iter().all(u8::is_ascii_whitespace)
    }

    /// Checks the text of a whole record.
    fn event(&self, line: u64, byte: u64, length: usize, is_quoted: bool) -> CsvEvent<'_> {
        let bytes = if is_quoted {
            &self.unquoted
        } else {
            self.window.consumed(length)
        };
        let cell_of = |offset: usize| self.cells.iter().position(|&(_, end)| offset < end as usize);
        if let Some(at) = memchr::memchr(0, bytes) {
            return bad("nul_character", line, byte, cell_of(at));
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => CsvEvent::Row(Row {
                line,
                byte,
                text,
                cells: &self.cells,
                rounded: &[],
                may_be_short: false,
            }),
            Err(error) => {
                debug_assert!(bytes[error.valid_up_to()] == MALFORMED || bytes[error.valid_up_to()] >= 0x80);
                bad("bad_encoding", line, byte, cell_of(error.valid_up_to()))
            }
        }
    }
}

fn bad(code: &str, line: u64, byte: u64, cell: Option<usize>) -> CsvEvent<'static> {
    CsvEvent::Bad(BadRow {
        line,
        byte,
        cell,
        code: IssueCode::named(code),
    })
}

/// Is the delimiter written with a space behind it, throughout? Only then is that space no part of the cells, and a quote
/// behind it opens a cell. A quoted cell must show it, and no delimiter may stand without its space but at the end of a line.
fn is_spaced(head: &[u8], delimiter: u8) -> bool {
    let quoted = memchr::memmem::find(head, &[delimiter, b' ', QUOTE]);
    if quoted.is_none() || !delimiter.is_ascii_punctuation() {
        return false;
    }
    let (mut is_inside, mut spaced) = (false, 0u32);
    for (at, &byte) in head.iter().enumerate() {
        if byte == QUOTE {
            is_inside = !is_inside;
        } else if byte == delimiter && !is_inside {
            match head.get(at + 1) {
                Some(b' ') => spaced += 1,
                None | Some(b'\r' | b'\n') => {}
                Some(_) => return false,
            }
        }
    }
    spaced >= SPACED_MIN
}

/// Cuts one record off the start of `bytes` and leaves its cells: ranges of `bytes`, or of `unquoted` when one is quoted.
fn cut_record(
    bytes: &[u8],
    dialect: Dialect,
    is_end: bool,
    limits: &Limits,
    cells: &mut Vec<(u32, u32)>,
    unquoted: &mut Vec<u8>,
) -> Cut {
    cells.clear();
    let mut is_quoted = false;
    let mut at = 0;
    loop {
        let cell_end = if bytes.get(at) == Some(&QUOTE) {
            if !is_quoted {
                is_quoted = true;
                unquoted.clear();
                unquoted.extend_from_slice(&bytes[..at]);
            }
            let start = unquoted.len();
            match cut_quoted(bytes, at, dialect, is_end, limits, unquoted) {
                Ok(end) => {
                    cells.push((start as u32, unquoted.len() as u32));
                    end
                }
                Err(cut) => return cut,
            }
        } else {
            let Some(end) = end_of_cell(bytes, at, dialect, is_end) else {
                return more_or_too_long(bytes, at, limits);
            };
            let text = without_return(&bytes[at..end], bytes, end, dialect);
            if text.len() > limits.field_bytes_max {
                return Cut::TooLong;
            }
            let start = if is_quoted { unquoted.len() } else { at };
            if is_quoted {
                unquoted.extend_from_slice(text);
            }
            cells.push((start as u32, (start + text.len()) as u32));
            end
        };
        if cell_end > limits.record_bytes_max || cells.len() > limits.columns_max {
            return Cut::TooLong;
        }
        if bytes.get(cell_end) == Some(&dialect.delimiter) {
            if is_quoted {
                // Keeps cells apart, so that no character can be made of two cells.
                unquoted.push(dialect.delimiter);
            }
            at = cell_end + 1;
            if dialect.is_spaced && bytes.get(at) == Some(&b' ') {
                at += 1;
            }
        } else {
            let length = (cell_end + 1).min(bytes.len());
            return Cut::Whole { length, is_quoted };
        }
    }
}

/// Offset of the delimiter, terminator or end of file that ends the cell; `None` when it is not loaded yet.
fn end_of_cell(bytes: &[u8], at: usize, dialect: Dialect, is_end: bool) -> Option<usize> {
    match memchr::memchr2(dialect.delimiter, dialect.terminator, &bytes[at..]) {
        Some(length) => Some(at + length),
        None => is_end.then_some(bytes.len()),
    }
}

fn more_or_too_long(bytes: &[u8], cell_start: usize, limits: &Limits) -> Cut {
    if bytes.len() - cell_start > limits.field_bytes_max || bytes.len() > limits.record_bytes_max {
        Cut::TooLong
    } else {
        Cut::More
    }
}

/// The cell without the `\r` of a line end `\r\n`.
fn without_return<'a>(cell: &'a [u8], bytes: &[u8], end: usize, dialect: Dialect) -> &'a [u8] {
    let is_last = bytes.get(end) != Some(&dialect.delimiter) && dialect.terminator == b'\n';
    match cell {
        [rest @ .., b'\r'] if is_last => rest,
        _ => cell,
    }
}

/// Appends the text of the quoted cell at `quote` to `unquoted` and returns where the cell ends.
fn cut_quoted(
    bytes: &[u8],
    quote: usize,
    dialect: Dialect,
    is_end: bool,
    limits: &Limits,
    unquoted: &mut Vec<u8>,
) -> Result<usize, Cut> {
    let start = unquoted.len();
    let mut at = quote + 1;
    loop {
        let close = memchr::memchr(QUOTE, &bytes[at..]).map(|length| at + length);
        let reach = close.unwrap_or(bytes.len());
        if reach - quote > limits.field_bytes_max || reach > limits.record_bytes_max {
            return Err(Cut::Unclosed { quote });
        }
        let Some(close) = close else {
            return Err(if is_end {
                Cut::Unclosed { quote }
            } else {
                Cut::More
            });
        };
        match bytes.get(close + 1) {
            None if !is_end => return Err(Cut::More),
            Some(&QUOTE) => {
                unquoted.extend_from_slice(&bytes[at..=close]);
                at = close + 2;
            }
            _ => {
                unquoted.extend_from_slice(&bytes[at..close]);
                at = close + 1;
                break;
            }
        }
    }
    // Nearly always the cell ends with its quote.
    if bytes
        .get(at)
        .is_some_and(|&b| b == dialect.delimiter || b == dialect.terminator)
    {
        return Ok(at);
    }
    let Some(end) = end_of_cell(bytes, at, dialect, is_end) else {
        return Err(more_or_too_long(bytes, quote, limits));
    };
    let tail = without_return(&bytes[at..end], bytes, end, dialect);
    let spans_lines = memchr::memchr(dialect.terminator, &unquoted[start..]).is_some();
    if spans_lines && !tail.trim_ascii().is_empty() {
        return Err(Cut::Unclosed { quote });
    }
    unquoted.extend_from_slice(tail);
    Ok(end)
}

#[cfg(test)]
mod tests {
    use super::super::decode::Decoded;
    use super::*;
    use proptest::prelude::*;

    fn read_with(
        bytes: &[u8],
        delimiter: Option<u8>,
        limits: &Limits,
    ) -> Vec<(u64, Result<Vec<String>, &'static str>)> {
        let input = Box::new(std::io::Cursor::new(bytes.to_vec()));
        let window = TextWindow::new(Decoded::new(input, encoding_rs::UTF_8));
        let mut reader = CsvReader::new(window, delimiter, limits).unwrap();
        let mut events = Vec::new();
        while let Some(event) = reader.next().unwrap() {
            events.push(match event {
                CsvEvent::Row(row) => (row.line, Ok(row.iter().map(str::to_owned).collect())),
                CsvEvent::Bad(bad) => (bad.line, Err(bad.code.name)),
            });
        }
        events
    }

    fn read(text: &str) -> Vec<(u64, Result<Vec<String>, &'static str>)> {
        read_with(text.as_bytes(), None, &Limits::default())
    }

    fn row(line: u64, cells: &[&str]) -> (u64, Result<Vec<String>, &'static str>) {
        (line, Ok(cells.iter().map(|&c| c.to_owned()).collect()))
    }

    #[test]
    fn quotes_line_breaks_and_blank_lines_are_read() {
        let text = "名称,备注\r\n\"上海,德诚\",\"他说\"\"好\"\"\r\n第二行\"\r\n\r\nAnn,\"x\"y\r\nBob,";
        let expected = [
            row(1, &["名称", "备注"]),
            row(2, &["上海,德诚", "他说\"好\"\r\n第二行"]),
            row(5, &["Ann", "xy"]),
            row(6, &["Bob", ""]),
        ];
        assert_eq!(read(text), expected);
    }

    #[test]
    fn an_unclosed_quote_costs_its_own_line() {
        let text = "a,b\n1,\"甲\n2,乙\n3,\"丙\"\n4,丁\n";
        let expected = [
            row(1, &["a", "b"]),
            (2, Err("unclosed_quote")),
            row(3, &["2", "乙"]),
            row(4, &["3", "丙"]),
            row(5, &["4", "丁"]),
        ];
        assert_eq!(read(text), expected);
        let at_end = "a,b\n1,x\n2,\"y\n3,z";
        let expected = [
            row(1, &["a", "b"]),
            row(2, &["1", "x"]),
            (3, Err("unclosed_quote")),
            row(4, &["3", "z"]),
        ];
        assert_eq!(read(at_end), expected);
    }

    #[test]
    fn an_unclosed_quote_in_a_large_file_swallows_nothing() {
        let mut text = "a,b\n1,\"x\n".to_owned();
        text.push_str(&"2,某公司\n".repeat(300_000));
        let events = read(&text);
        assert_eq!(events.len(), 300_002);
        assert_eq!(events[1], (2, Err("unclosed_quote")));
        assert_eq!(events[300_001].0, 300_002);
    }

    #[test]
    fn a_line_of_64_mib_costs_itself_and_no_memory() {
        let mut bytes = b"a,b\n1,".to_vec();
        bytes.resize(64 << 20, b'x');
        bytes.extend("\n2,王芳\n".as_bytes());
        let events = read_with(&bytes, None, &Limits::default());
        let expected = [
            row(1, &["a", "b"]),
            (2, Err("record_too_long")),
            row(3, &["2", "王芳"]),
        ];
        assert_eq!(events, expected);
    }

    #[test]
    fn nul_and_undecodable_bytes_cost_their_rows() {
        let bytes = [
            &b"a,b\n1,x\0\n2,"[..],
            b"\xCD\xF5\n3,",
            "王".as_bytes(),
            b"\n4,\xE7\x8E",
        ]
        .concat();
        let expected = [
            row(1, &["a", "b"]),
            (2, Err("nul_character")),
            (3, Err("bad_encoding")),
            row(4, &["3", "王"]),
            (5, Err("bad_encoding")),
        ];
        assert_eq!(read_with(&bytes, None, &Limits::default()), expected);
    }

    #[test]
    fn delimiters_are_sniffed() {
        for (text, delimiter) in [
            ("名称;金额\n甲;1,5\n乙;2,5\n", b';'),
            ("name\tcity\nAnn, B\tYork\nBob\tRome\n", b'\t'),
            ("a|b|c\n1|2|3\n", b'|'),
            ("客户清单\n\n名称,电话,地址\n甲,1,x;y\n乙,2,z\n", b','),
            ("only\none\n", b','),
            ("sep=;\na;b,c,d\n", b';'),
        ] {
            let input = Box::new(std::io::Cursor::new(text.as_bytes().to_vec()));
            let window = TextWindow::new(Decoded::new(input, encoding_rs::UTF_8));
            let reader = CsvReader::new(window, None, &Limits::default()).unwrap();
            assert_eq!(reader.delimiter(), delimiter, "{text}");
        }
    }

    #[test]
    fn lines_may_end_in_a_return_alone() {
        assert_eq!(read("a,b\r1,王\r"), [row(1, &["a", "b"]), row(2, &["1", "王"])]);
    }

    proptest! {
        #[test]
        fn well_formed_text_reads_as_the_csv_crate_reads_it(
            rows in prop::collection::vec(prop::collection::vec("[a王\", \n;é0]{0,6}", 3), 1..20)
        ) {
            let mut writer = csv::Writer::from_writer(Vec::new());
            for row in &rows {
                writer.write_record(row).unwrap();
            }
            let bytes = writer.into_inner().unwrap();
            let got: Vec<Vec<String>> = read_with(&bytes, Some(b','), &Limits::default())
                .into_iter()
                .map(|(_, row)| row.unwrap())
                .collect();
            prop_assert_eq!(got, rows);
        }

        #[test]
        fn any_bytes_are_read_to_their_end_with_small_limits(
            bytes in prop::collection::vec(prop::sample::select(b"a\",\n\r\0\xE7\x8E\x8B\xFF".to_vec()), 0..200)
        ) {
            let limits = Limits { field_bytes_max: 5, record_bytes_max: 12, ..Limits::default() };
            let events = read_with(&bytes, Some(b','), &limits);
            let lines = bytes.iter().filter(|&&b| b == b'\n' || b == b'\r').count() + 1;
            prop_assert!(events.len() <= lines);
            prop_assert!(events.windows(2).all(|pair| pair[0].0 < pair[1].0));
        }
    }
}

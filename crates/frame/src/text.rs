//! Columns of text that cost a few bytes a row, not a `String` each.
//!
//! In: values one by one, or codes into a pool shared by many columns. Out: `Option<&str>` by row. A column is flat
//! (all text end to end, with offsets) or coded (a `u32` a row into an [`TextPool`], code 0 = null). Both forms are
//! equal when their values are, and are written to the same bytes, provided the pool holds each text once.

use std::fmt;
use std::fmt::Write;
use std::ops::Range;
use std::sync::Arc;

use crate::error::TableError;

/// Distinct texts, numbered from 1; entry 0 stands for null.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextPool {
    text: String,
    /// Entry `i` is `text[offsets[i]..offsets[i + 1]]`.
    offsets: Vec<usize>,
}

impl TextPool {
    /// Takes all entries end to end and their borders: entry `i` is `bytes[offsets[i]..offsets[i + 1]]`.
    ///
    /// Entry 0 must be there (usually empty) and means null. Entries should be distinct.
    ///
    /// # Errors
    /// [`TableError::UnsoundPool`] when the bytes are not UTF-8 or the offsets do not rise from 0 to their end.
    pub fn try_new(bytes: Vec<u8>, offsets: Vec<usize>) -> Result<Self, TableError> {
        let Ok(text) = String::from_utf8(bytes) else {
            return Err(TableError::UnsoundPool { entry: 0 });
        };
        if offsets.len() < 2 || offsets[0] != 0 || offsets[offsets.len() - 1] != text.len() {
            return Err(TableError::UnsoundPool { entry: 0 });
        }
        let unsound = offsets
            .windows(2)
            .position(|pair| pair[0] > pair[1] || !text.is_char_boundary(pair[1]));
        match unsound {
            Some(entry) => Err(TableError::UnsoundPool { entry }),
            None => Ok(Self { text, offsets }),
        }
    }

    /// Number of entries, the null entry included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.offsets.len().saturating_sub(1)
    }

    /// True when there is not even the null entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The text of `code`; `None` for 0 and for codes outside the pool.
    #[must_use]
    pub fn get(&self, code: u32) -> Option<&str> {
        let entry = usize::try_from(code).ok()?;
        if entry == 0 {
            return None;
        }
        let (start, end) = (*self.offsets.get(entry)?, *self.offsets.get(entry + 1)?);
        self.text.get(start..end)
    }
}

/// Text by row, null by row; see the module.
#[derive(Clone)]
pub struct TextColumn {
    form: Form,
}

#[derive(Clone)]
pub(crate) enum Form {
    Flat(FlatText),
    Coded { codes: Vec<u32>, pool: Arc<TextPool> },
}

/// Texts end to end; nulls have length 0 and `false` in `valid`, which is absent while there are none.
#[derive(Clone)]
pub(crate) struct FlatText {
    pub(crate) text: String,
    pub(crate) offsets: Vec<i64>,
    pub(crate) valid: Option<Vec<bool>>,
}

impl FlatText {
    fn with_capacity(rows: usize, bytes: usize) -> Self {
        let mut offsets = Vec::with_capacity(rows + 1);
        offsets.push(0);
        Self {
            text: String::with_capacity(bytes),
            offsets,
            valid: None,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    fn close(&mut self, valid: bool) {
        let rows = self.len();
        let end = i64::try_from(self.text.len()).expect("a text in memory is shorter than i64::MAX bytes");
        self.offsets.push(end);
        if !valid && self.valid.is_none() {
            self.valid = Some(vec![true; rows]);
        }
        if let Some(flags) = &mut self.valid {
            flags.push(valid);
        }
    }

    fn is_null(&self, row: usize) -> bool {
        self.valid
            .as_ref()
            .is_some_and(|flags| flags.get(row) == Some(&false))
    }

    /// Where `row` begins in `text`.
    pub(crate) fn offset(&self, row: usize) -> usize {
        usize::try_from(self.offsets[row]).expect("offsets are lengths of a text in memory")
    }

    fn get(&self, row: usize) -> Option<&str> {
        if row >= self.len() || self.is_null(row) {
            return None;
        }
        self.text.get(self.offset(row)..self.offset(row + 1))
    }

    fn push_flat(&mut self, other: &Self, rows: Range<usize>) {
        let base = self.text.len();
        let start = other.offset(rows.start);
        self.text.push_str(&other.text[start..other.offset(rows.end)]);
        if self.valid.is_none() && rows.clone().any(|row| other.is_null(row)) {
            self.valid = Some(vec![true; self.len()]);
        }
        for row in rows {
            let end = base + other.offset(row + 1) - start;
            self.offsets
                .push(i64::try_from(end).expect("a text in memory is shorter than i64::MAX bytes"));
            if let Some(flags) = &mut self.valid {
                flags.push(!other.is_null(row));
            }
        }
    }
}

impl TextColumn {
    /// An empty flat column.
    #[must_use]
    pub fn new() -> Self {
        Self::with_capacity(0, 0)
    }

    /// An empty flat column with room for `rows` values of `bytes` bytes together.
    #[must_use]
    pub fn with_capacity(rows: usize, bytes: usize) -> Self {
        Self {
            form: Form::Flat(FlatText::with_capacity(rows, bytes)),
        }
    }

    /// A column of codes into `pool`; code 0 is null.
    ///
    /// # Errors
    /// [`TableError::CodeOutsidePool`] for a code the pool does not have.
    pub fn from_codes(codes: Vec<u32>, pool: Arc<TextPool>) -> Result<Self, TableError> {
        let outside = codes
            .iter()
            .position(|&code| code != 0 && pool.get(code).is_none());
        match outside {
            Some(row) => Err(TableError::CodeOutsidePool { row }),
            None => Ok(Self {
                form: Form::Coded { codes, pool },
            }),
        }
    }

    /// Adds a value. A coded column becomes flat.
    pub fn push(&mut self, value: &str) {
        let flat = self.make_flat();
        flat.text.push_str(value);
        flat.close(true);
    }

    /// Adds a null. A coded column stays coded.
    pub fn push_null(&mut self) {
        match &mut self.form {
            Form::Flat(flat) => flat.close(false),
            Form::Coded { codes, .. } => codes.push(0),
        }
    }

    /// Adds a value or a null.
    pub fn push_option(&mut self, value: Option<&str>) {
        match value {
            Some(value) => self.push(value),
            None => self.push_null(),
        }
    }

    /// Adds a formatted value without a `String` between.
    pub(crate) fn push_display(&mut self, value: impl fmt::Display) {
        let flat = self.make_flat();
        write!(flat.text, "{value}").expect("writing into a string in memory does not fail");
        flat.close(true);
    }

    /// The value of `row`; `None` for null and beyond the end.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<&str> {
        match &self.form {
            Form::Flat(flat) => flat.get(row),
            Form::Coded { codes, pool } => pool.get(*codes.get(row)?),
        }
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.form {
            Form::Flat(flat) => flat.len(),
            Form::Coded { codes, .. } => codes.len(),
        }
    }

    /// True when there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All values in order of rows.
    pub fn iter(&self) -> impl Iterator<Item = Option<&str>> {
        (0..self.len()).map(|row| self.get(row))
    }

    /// Adds the rows `rows` of `other`; stays coded when both share one pool.
    pub(crate) fn append(&mut self, other: &Self, rows: Range<usize>) {
        match (&mut self.form, &other.form) {
            (
                Form::Coded { codes, pool },
                Form::Coded {
                    codes: more,
                    pool: same,
                },
            ) if Arc::ptr_eq(pool, same) => {
                codes.extend_from_slice(&more[rows]);
            }
            (Form::Flat(flat), Form::Flat(more)) => flat.push_flat(more, rows),
            _ => rows.for_each(|row| self.push_option(other.get(row))),
        }
    }

    /// An empty column of the same form, so that appending to it copies codes rather than text.
    pub(crate) fn empty_like(&self) -> Self {
        match &self.form {
            Form::Flat(_) => Self::new(),
            Form::Coded { pool, .. } => Self {
                form: Form::Coded {
                    codes: Vec::new(),
                    pool: Arc::clone(pool),
                },
            },
        }
    }

    pub(crate) fn form(&self) -> &Form {
        &self.form
    }

    fn make_flat(&mut self) -> &mut FlatText {
        if matches!(self.form, Form::Coded { .. }) {
            let mut flat = Self::with_capacity(self.len(), 0);
            self.iter().for_each(|value| flat.push_option(value));
            *self = flat;
        }
        match &mut self.form {
            Form::Flat(flat) => flat,
            Form::Coded { .. } => unreachable!("the column was made flat above"),
        }
    }
}

impl Default for TextColumn {
    fn default() -> Self {
        Self::new()
    }
}

impl PartialEq for TextColumn {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl Eq for TextColumn {}

/// Shows the length only: values are personal data.
impl fmt::Debug for TextColumn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "TextColumn({} rows)", self.len())
    }
}

impl<'a> FromIterator<Option<&'a str>> for TextColumn {
    fn from_iter<I: IntoIterator<Item = Option<&'a str>>>(values: I) -> Self {
        let mut column = Self::new();
        values.into_iter().for_each(|value| column.push_option(value));
        column
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::TextColumn;
    use super::TextPool;
    use crate::error::TableError;

    fn pool() -> Arc<TextPool> {
        let bytes = "上海归一Acme".as_bytes().to_vec();
        Arc::new(TextPool::try_new(bytes, vec![0, 0, 6, 12, 16, 16]).unwrap())
    }

    #[test]
    fn empty_text_is_not_null() {
        let column: TextColumn = [Some(""), None, Some("归一"), None].into_iter().collect();
        assert_eq!(column.len(), 4);
        assert_eq!(
            column.iter().collect::<Vec<_>>(),
            [Some(""), None, Some("归一"), None]
        );
        assert_eq!(column.get(4), None);
    }

    #[test]
    fn coded_and_flat_columns_with_equal_values_are_equal() {
        let mut coded = TextColumn::from_codes(vec![1, 0, 3, 2, 4], pool()).unwrap();
        let mut flat: TextColumn = [Some("上海"), None, Some("Acme"), Some("归一"), Some("")]
            .into_iter()
            .collect();
        assert_eq!(coded, flat);
        coded.push_null();
        coded.push("新");
        flat.append(&coded, 5..7);
        assert_eq!(coded, flat);
    }

    #[test]
    fn appending_keeps_the_pool_and_the_nulls() {
        let source = TextColumn::from_codes(vec![1, 0, 3], pool()).unwrap();
        let mut column = source.empty_like();
        column.append(&source, 1..3);
        assert!(matches!(column.form(), super::Form::Coded { .. }));
        assert_eq!(column.iter().collect::<Vec<_>>(), [None, Some("Acme")]);
        let mut flat: TextColumn = [Some("a")].into_iter().collect();
        let nulls: TextColumn = [None, Some("b"), None].into_iter().collect();
        flat.append(&nulls, 0..3);
        assert_eq!(
            flat.iter().collect::<Vec<_>>(),
            [Some("a"), None, Some("b"), None]
        );
    }

    #[test]
    fn an_empty_column_takes_over_nulls() {
        let nulls: TextColumn = [Some("a"), None, Some("b")].into_iter().collect();
        let mut empty = TextColumn::new();
        empty.append(&nulls, 1..3);
        assert_eq!(empty.iter().collect::<Vec<_>>(), [None, Some("b")]);
    }

    #[test]
    fn unsound_pools_and_codes_are_refused() {
        let han = "归一".as_bytes().to_vec();
        assert_eq!(
            TextPool::try_new(han.clone(), vec![0, 0, 1, 6]),
            Err(TableError::UnsoundPool { entry: 1 })
        );
        assert_eq!(
            TextPool::try_new(han.clone(), vec![0, 3]),
            Err(TableError::UnsoundPool { entry: 0 })
        );
        assert_eq!(
            TextPool::try_new(han, vec![0, 6, 3, 6]),
            Err(TableError::UnsoundPool { entry: 1 })
        );
        assert_eq!(
            TextPool::try_new(vec![0xff], vec![0, 1]),
            Err(TableError::UnsoundPool { entry: 0 })
        );
        let outside = TextColumn::from_codes(vec![1, 5], pool());
        assert_eq!(outside, Err(TableError::CodeOutsidePool { row: 1 }));
    }
}

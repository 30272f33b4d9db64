//! A table: named columns of equal length.
//!
//! In: columns. Out: the same, checked once, so that writers and joins need not check again. Five types carry all
//! our tables: text, two integers, one float, truth. Dates and amounts are text or integers by the caller's rule.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::error::TableError;
use crate::text::TextColumn;

/// Columns of equal length and distinct names, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    columns: Vec<Column>,
}

/// One named column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Name as written to files.
    pub name: String,
    /// Values by row.
    pub data: ColumnData,
}

/// Values of one type by row; `None` is null.
#[derive(Clone, Debug, PartialEq)]
pub enum ColumnData {
    /// UTF-8 text.
    Text(TextColumn),
    /// 64-bit integers.
    I64(Vec<Option<i64>>),
    /// 32-bit integers.
    I32(Vec<Option<i32>>),
    /// 64-bit floats.
    F64(Vec<Option<f64>>),
    /// Truth values.
    Bool(Vec<Option<bool>>),
}

impl Column {
    /// A column of text.
    pub fn text(name: impl Into<String>, data: TextColumn) -> Self {
        Self {
            name: name.into(),
            data: ColumnData::Text(data),
        }
    }

    /// A column of 64-bit integers.
    pub fn i64(name: impl Into<String>, data: Vec<Option<i64>>) -> Self {
        Self {
            name: name.into(),
            data: ColumnData::I64(data),
        }
    }
}

impl ColumnData {
    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Text(values) => values.len(),
            Self::I64(values) => values.len(),
            Self::I32(values) => values.len(),
            Self::F64(values) => values.len(),
            Self::Bool(values) => values.len(),
        }
    }

    /// True when there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The text column, if it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&TextColumn> {
        match self {
            Self::Text(values) => Some(values),
            _ => None,
        }
    }

    /// True when both hold the same type.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }

    pub(crate) fn empty_like(&self) -> Self {
        match self {
            Self::Text(values) => Self::Text(values.empty_like()),
            Self::I64(_) => Self::I64(Vec::new()),
            Self::I32(_) => Self::I32(Vec::new()),
            Self::F64(_) => Self::F64(Vec::new()),
            Self::Bool(_) => Self::Bool(Vec::new()),
        }
    }

    /// Adds rows of `other`, which must be of the same type (see [`ColumnData::is_like`]).
    pub(crate) fn append(&mut self, other: &Self, rows: Range<usize>) {
        match (self, other) {
            (Self::Text(to), Self::Text(from)) => to.append(from, rows),
            (Self::I64(to), Self::I64(from)) => to.extend_from_slice(&from[rows]),
            (Self::I32(to), Self::I32(from)) => to.extend_from_slice(&from[rows]),
            (Self::F64(to), Self::F64(from)) => to.extend_from_slice(&from[rows]),
            (Self::Bool(to), Self::Bool(from)) => to.extend_from_slice(&from[rows]),
            _ => unreachable!("callers compare types before they append"),
        }
    }

    /// The rows at `rows`, null where a row is `None`.
    pub(crate) fn take(&self, rows: &[Option<usize>]) -> Self {
        fn pick<T: Copy>(values: &[Option<T>], rows: &[Option<usize>]) -> Vec<Option<T>> {
            rows.iter().map(|row| row.and_then(|row| values[row])).collect()
        }
        match self {
            Self::Text(values) => Self::Text(
                rows.iter()
                    .map(|row| row.and_then(|row| values.get(row)))
                    .collect(),
            ),
            Self::I64(values) => Self::I64(pick(values, rows)),
            Self::I32(values) => Self::I32(pick(values, rows)),
            Self::F64(values) => Self::F64(pick(values, rows)),
            Self::Bool(values) => Self::Bool(pick(values, rows)),
        }
    }
}

impl Table {
    /// Makes a table of `columns`.
    ///
    /// # Errors
    /// [`TableError::UnequalLength`] and [`TableError::DuplicateColumn`], for the first column at fault.
    pub fn try_new(columns: Vec<Column>) -> Result<Self, TableError> {
        let expected = columns.first().map_or(0, |column| column.data.len());
        let mut names = BTreeSet::new();
        for column in &columns {
            let rows = column.data.len();
            if rows != expected {
                return Err(TableError::UnequalLength {
                    column: column.name.clone(),
                    rows,
                    expected,
                });
            }
            if !names.insert(&column.name) {
                return Err(TableError::DuplicateColumn {
                    column: column.name.clone(),
                });
            }
        }
        Ok(Self { columns })
    }

    /// The columns in order.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The columns in order, given away.
    #[must_use]
    pub fn into_columns(self) -> Vec<Column> {
        self.columns
    }

    /// Number of rows; 0 for a table without columns.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, |column| column.data.len())
    }

    /// The column called `name`.
    ///
    /// # Errors
    /// [`TableError::UnknownColumn`].
    pub fn column(&self, name: &str) -> Result<&ColumnData, TableError> {
        let found = self.columns.iter().find(|column| column.name == name);
        found
            .map(|column| &column.data)
            .ok_or_else(|| TableError::UnknownColumn {
                column: name.to_owned(),
            })
    }

    /// The table of the rows at `rows`, in their order.
    ///
    /// # Panics
    /// When a row is not there.
    #[must_use]
    pub fn pick(&self, rows: &[usize]) -> Self {
        let rows: Vec<Option<usize>> = rows.iter().copied().map(Some).collect();
        let picked = |column: &Column| Column {
            name: column.name.clone(),
            data: column.data.take(&rows),
        };
        Self {
            columns: self.columns.iter().map(picked).collect(),
        }
    }

    pub(crate) fn empty_like(&self) -> Self {
        let empty = |column: &Column| Column {
            name: column.name.clone(),
            data: column.data.empty_like(),
        };
        Self {
            columns: self.columns.iter().map(empty).collect(),
        }
    }

    /// Adds rows of `other`, which must have the same names and types in the same order.
    pub(crate) fn append(&mut self, other: &Self, rows: Range<usize>) {
        for (to, from) in self.columns.iter_mut().zip(&other.columns) {
            to.data.append(&from.data, rows.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Column;
    use super::ColumnData;
    use super::Table;
    use crate::error::TableError;

    #[test]
    fn columns_must_agree_in_length_and_differ_in_name() {
        let columns = |second: &str, rows| {
            vec![
                Column::i64("客户", vec![None; 2]),
                Column::i64(second, vec![None; rows]),
            ]
        };
        assert_eq!(
            Table::try_new(columns("name", 2)).map(|table| table.rows()),
            Ok(2)
        );
        let unequal = TableError::UnequalLength {
            column: "name".into(),
            rows: 3,
            expected: 2,
        };
        assert_eq!(Table::try_new(columns("name", 3)), Err(unequal));
        let twice = TableError::DuplicateColumn {
            column: "客户".into(),
        };
        assert_eq!(Table::try_new(columns("客户", 2)), Err(twice));
        assert_eq!(Table::try_new(Vec::new()).map(|table| table.rows()), Ok(0));
    }

    #[test]
    fn rows_are_picked_in_the_order_asked_for() {
        let texts = [Some("王芳"), None, Some("Ann")].into_iter().collect();
        let columns = vec![
            Column::text("name", texts),
            Column::i64("n", vec![Some(1), Some(2), None]),
        ];
        let picked = Table::try_new(columns).unwrap().pick(&[2, 0]);
        let names: Vec<_> = picked.columns()[0].data.as_text().unwrap().iter().collect();
        assert_eq!(names, [Some("Ann"), Some("王芳")]);
        assert_eq!(picked.columns()[1].data, ColumnData::I64(vec![None, Some(1)]));
    }
}

//! Single sampling by GB/T 2828.1-2012 (ISO 2859-1:1999), tables 1 and 2-A to 2-C.
//!
//! In: lot size, inspection level, AQL and severity. Out: sample size and acceptance number. The tables are kept as their rule: sample size
//! code letters and AQLs are both in steps of a factor of about 1.6, so that the acceptance number depends on their diagonal alone;
//! where a diagonal holds no plan, the arrow of the table is followed in the column of the AQL. Re = Ac + 1. Per cent nonconforming
//! allows AQLs up to 10.

use serde::Deserialize;
use serde::Serialize;

/// Upper lot sizes of table 1; the last row has none.
const LOT_MAX: [u64; 14] = [
    8, 15, 25, 50, 90, 150, 280, 500, 1_200, 3_200, 10_000, 35_000, 150_000, 500_000,
];

/// Code letters by inspection level, one a lot size.
const CODES_BY_LEVEL: [(&str, &str); 7] = [
    ("S-1", "AAAABBBBCCCCDDD"),
    ("S-2", "AAABBBCCCDDDEEE"),
    ("S-3", "AABBCCDDEEFFGGH"),
    ("S-4", "AABCCDEEFGGHJJK"),
    ("I", "AABCCDEFGHJKLMN"),
    ("II", "ABCDEFGHJKLMNPQ"),
    ("III", "BCDEFGHJKLMNPQR"),
];

/// The code letters in their order; S is of the tightened table alone.
pub const TABLE_CODES: &str = "ABCDEFGHJKLMNPQRS";

const SIZES: [u64; 17] = [
    2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800, 1_250, 2_000, 3_150,
];

const SIZES_REDUCED: [u64; 16] = [2, 2, 2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800];

/// The AQLs in thousandths of a per cent (or of a nonconformity per hundred units).
const AQLS: [u64; 26] = [
    10, 15, 25, 40, 65, 100, 150, 250, 400, 650, 1_000, 1_500, 2_500, 4_000, 6_500, 10_000, 15_000, 25_000,
    40_000, 65_000, 100_000, 150_000, 250_000, 400_000, 650_000, 1_000_000,
];

/// (diagonal, acceptance number), ascending.
type Diagonals = &'static [(usize, u64)];

const NORMAL: Diagonals = &[
    (14, 0),
    (17, 1),
    (18, 2),
    (19, 3),
    (20, 5),
    (21, 7),
    (22, 10),
    (23, 14),
    (24, 21),
    (25, 30),
    (26, 44),
];
const TIGHTENED: Diagonals = &[
    (15, 0),
    (18, 1),
    (19, 2),
    (20, 3),
    (21, 5),
    (22, 8),
    (23, 12),
    (24, 18),
    (25, 27),
    (26, 41),
];
const REDUCED: Diagonals = &[
    (14, 0),
    (18, 1),
    (19, 2),
    (20, 3),
    (21, 5),
    (22, 6),
    (23, 8),
    (24, 10),
    (25, 14),
    (26, 21),
];
/// Reduced inspection keeps the samples of A and B at two units, so that their acceptance numbers are others.
const REDUCED_A: Diagonals = &[
    (14, 0),
    (17, 1),
    (18, 2),
    (19, 3),
    (20, 5),
    (21, 7),
    (22, 10),
    (23, 14),
    (24, 21),
    (25, 30),
];
const REDUCED_B: Diagonals = &[
    (14, 0),
    (18, 1),
    (19, 2),
    (20, 3),
    (21, 5),
    (22, 7),
    (23, 10),
    (24, 14),
    (25, 21),
    (26, 30),
];

/// The row from which the table ends two diagonals earlier: letter F.
const SHORT_FROM: usize = 5;

/// How strictly is inspected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Table 2-A, 正常检验.
    Normal,
    /// Table 2-B, 加严检验.
    Tightened,
    /// Table 2-C, 放宽检验.
    Reduced,
}

impl Severity {
    /// Its name in English and Chinese.
    pub fn names(self) -> [&'static str; 2] {
        match self {
            Self::Normal => ["normal", "正常检验"],
            Self::Tightened => ["tightened", "加严检验"],
            Self::Reduced => ["reduced", "放宽检验"],
        }
    }

    fn rows(self) -> usize {
        match self {
            Self::Tightened => SIZES.len(),
            _ => SIZES_REDUCED.len(),
        }
    }

    fn size(self, row: usize) -> u64 {
        match self {
            Self::Reduced => SIZES_REDUCED[row],
            _ => SIZES[row],
        }
    }

    fn diagonals(self, row: usize) -> Diagonals {
        match (self, row) {
            (Self::Normal, _) => NORMAL,
            (Self::Tightened, _) => TIGHTENED,
            (Self::Reduced, 0) => REDUCED_A,
            (Self::Reduced, 1) => REDUCED_B,
            (Self::Reduced, _) => REDUCED,
        }
    }
}

/// A plan of the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TablePlan {
    /// Code letter of the plan after arrows were followed.
    pub code: char,
    /// Sample size.
    pub n: u64,
    /// Acceptance number; one more is the rejection number.
    pub accept: u64,
}

/// The AQLs of the tables in thousandths of a per cent, ascending.
pub fn aqls() -> &'static [u64] {
    &AQLS
}

/// The AQL one step tighter; the tightest is its own.
pub fn tighter_aql(aql: u64) -> u64 {
    let at = AQLS.iter().position(|known| *known == aql).unwrap_or(0);
    AQLS[at.saturating_sub(1)]
}

/// Code letter of a lot of at least one unit at an inspection level such as `II`; `None` for an unknown level.
pub fn code_letter(lot: u64, level: &str) -> Option<char> {
    let (_, codes) = CODES_BY_LEVEL.iter().find(|(name, _)| *name == level)?;
    let row = LOT_MAX.partition_point(|most| *most < lot);
    codes.chars().nth(row)
}

/// The plan in one cell of the table, without arrows.
fn cell(severity: Severity, row: usize, column: usize) -> Option<u64> {
    let diagonal = row + column;
    if row >= SHORT_FROM && diagonal > 24 {
        return None;
    }
    let found = severity.diagonals(row).iter().find(|(at, _)| *at == diagonal);
    found.map(|(_, accept)| *accept)
}

/// Does the arrow of an empty cell point up, to smaller samples?
fn points_up(severity: Severity, row: usize, column: usize) -> bool {
    let diagonal = row + column;
    let last = severity.diagonals(row).last().map_or(0, |(at, _)| *at);
    let last = if row >= SHORT_FROM { last.min(24) } else { last };
    diagonal > last || (severity != Severity::Tightened && diagonal == 15)
}

/// The plan of a code letter and an AQL (in thousandths of a per cent); `None` when the table knows one of them not.
pub fn table_plan(severity: Severity, code: char, aql: u64) -> Option<TablePlan> {
    let row = TABLE_CODES.chars().position(|known| known == code)?;
    let row = (row < severity.rows()).then_some(row)?;
    let column = AQLS.iter().position(|known| *known == aql)?;
    let above = || (0..=row).rev().find_map(|at| plan_at(severity, at, column));
    let below = || (row..severity.rows()).find_map(|at| plan_at(severity, at, column));
    match points_up(severity, row, column) {
        true => above().or_else(below),
        false => below().or_else(above),
    }
}

fn plan_at(severity: Severity, row: usize, column: usize) -> Option<TablePlan> {
    Some(TablePlan {
        code: TABLE_CODES.chars().nth(row)?,
        n: severity.size(row),
        accept: cell(severity, row, column)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(severity: Severity, lot: u64, level: &str, aql: u64) -> (char, u64, u64) {
        let code = code_letter(lot, level).unwrap();
        let plan = table_plan(severity, code, aql).unwrap();
        (code, plan.n, plan.accept)
    }

    #[test]
    fn q9_spot_values_of_the_standard() {
        use Severity::Normal;
        use Severity::Reduced;
        use Severity::Tightened;
        assert_eq!(plan(Normal, 1_000, "II", 1_000), ('J', 80, 2));
        assert_eq!(plan(Tightened, 1_000, "II", 1_000), ('J', 80, 1));
        assert_eq!(plan(Reduced, 1_000, "II", 1_000), ('J', 32, 1));
        assert_eq!(plan(Normal, 3_000, "II", 2_500), ('K', 125, 7));
        assert_eq!(plan(Normal, 20_000, "II", 1_500), ('M', 315, 10));
        let last = table_plan(Tightened, 'R', 25).unwrap();
        assert_eq!((last.code, last.n, last.accept), ('S', 3_150, 1));
        // The AQL 1.0 plans of general level II: 80/2, 125/3, 200/5, 315/7, 500/10.
        let codes = ['J', 'K', 'L', 'M', 'N'].map(|code| table_plan(Normal, code, 1_000).unwrap());
        assert_eq!(codes.map(|plan| plan.accept), [2, 3, 5, 7, 10]);
        // The one cell in which the transcriptions differ, by GB/T.
        assert_eq!(
            table_plan(Tightened, 'A', 10_000).map(|plan| (plan.n, plan.accept)),
            Some((2, 0))
        );
    }

    #[test]
    fn q9_code_letters_by_lot_size() {
        let letters: String = [
            281, 500, 501, 1_200, 1_201, 3_201, 10_001, 35_001, 150_001, 500_001,
        ]
        .iter()
        .map(|lot| code_letter(*lot, "II").unwrap())
        .collect();
        assert_eq!(letters, "HHJJKLMNPQ");
        assert_eq!(code_letter(1, "S-1"), Some('A'));
        assert_eq!(code_letter(5, "IV"), None);
    }

    /// What holds in every cell of a table, whichever way its arrows point.
    fn structure(severity: Severity) {
        let rows = &TABLE_CODES[..16];
        let mut cells = 0;
        for (row, code) in rows.chars().enumerate() {
            let mut last = None;
            for (column, aql) in AQLS.into_iter().enumerate() {
                let plan = table_plan(severity, code, aql).unwrap();
                cells += 1;
                assert!(plan.accept < plan.n || plan.accept <= 44, "{code} {aql}");
                let at = TABLE_CODES.find(plan.code).unwrap();
                assert_eq!(plan.n, severity.size(at), "{code} {aql}");
                // A printed plan stands for itself; an arrow leads to one in the same column.
                let own = cell(severity, row, column);
                assert_eq!(own.is_some(), at == row, "{code} {aql}");
                assert_eq!(cell(severity, at, column), Some(plan.accept));
                // A laxer AQL never asks for a smaller acceptance share at the same sample.
                if let Some((n, accept)) = last
                    && n == plan.n
                {
                    assert!(plan.accept >= accept, "{code} {aql}");
                }
                last = Some((plan.n, plan.accept));
                // Between the letter and its plan no row of the column holds one.
                let between = if at > row { row..at } else { at + 1..row + 1 };
                assert!(
                    between
                        .into_iter()
                        .all(|row| cell(severity, row, column).is_none())
                );
            }
        }
        assert_eq!(cells, 416);
    }

    #[test]
    fn q9_normal_inspection_in_all_416_cells() {
        structure(Severity::Normal);
    }

    #[test]
    fn q9_tightened_inspection_in_all_416_cells() {
        structure(Severity::Tightened);
    }

    #[test]
    fn q9_reduced_inspection_in_all_416_cells() {
        structure(Severity::Reduced);
    }

    #[test]
    fn q9_tightened_is_stricter_than_normal_in_every_cell() {
        for code in TABLE_CODES[..16].chars() {
            for aql in AQLS {
                let [normal, tightened] = [Severity::Normal, Severity::Tightened]
                    .map(|severity| table_plan(severity, code, aql).unwrap());
                // The same sample with a smaller number, or a larger sample.
                let stricter =
                    tightened.n > normal.n || (tightened.n == normal.n && tightened.accept <= normal.accept);
                let shares = tightened.accept * normal.n <= normal.accept * tightened.n;
                assert!(stricter || shares, "{code} {aql}: {normal:?} {tightened:?}");
            }
        }
    }

    #[test]
    fn the_next_tighter_level_is_the_one_before() {
        assert_eq!(tighter_aql(1_000), 650);
        assert_eq!(tighter_aql(10), 10);
    }
}

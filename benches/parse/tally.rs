//! Counting: what was expected of a part, what came, and what kind of miss it was.

use std::collections::BTreeMap;

/// How a part came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    /// Expected and found.
    Correct,
    /// Neither expected nor found.
    Absent,
    /// Expected, nothing found.
    Missed,
    /// Found, nothing expected.
    Invented,
    /// One holds the other: too much or too little was taken.
    Partial,
    /// Something else was found.
    Other,
}

impl Outcome {
    /// Compares one part.
    pub(crate) fn of(expected: &str, got: &str) -> Self {
        match (expected.is_empty(), got.is_empty()) {
            (true, true) => Self::Absent,
            (false, true) => Self::Missed,
            (true, false) => Self::Invented,
            _ if expected == got => Self::Correct,
            _ if expected.contains(got) || got.contains(expected) => Self::Partial,
            _ => Self::Other,
        }
    }

    /// Does the part equal the expectation, empties included?
    pub(crate) fn is_right(self) -> bool {
        matches!(self, Self::Correct | Self::Absent)
    }

    /// Word for tables.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Correct => "correct",
            Self::Absent => "absent",
            Self::Missed => "missed",
            Self::Invented => "invented",
            Self::Partial => "partial",
            Self::Other => "other",
        }
    }
}

/// Outcomes of one part, counted.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    counts: BTreeMap<Outcome, u64>,
}

impl Tally {
    /// Counts one more.
    pub(crate) fn add(&mut self, outcome: Outcome) {
        *self.counts.entry(outcome).or_default() += 1;
    }

    /// Times that `outcome` came.
    pub(crate) fn count(&self, outcome: Outcome) -> u64 {
        self.counts.get(&outcome).copied().unwrap_or_default()
    }

    /// All rows.
    pub(crate) fn rows(&self) -> u64 {
        self.counts.values().sum()
    }

    /// Rows that expect something.
    pub(crate) fn expected(&self) -> u64 {
        self.rows() - self.count(Outcome::Absent) - self.count(Outcome::Invented)
    }

    /// Rows that expect something and got something else.
    pub(crate) fn wrong(&self) -> u64 {
        self.count(Outcome::Partial) + self.count(Outcome::Other)
    }

    /// Share of all rows that are right, as text.
    pub(crate) fn accuracy(&self) -> String {
        share(
            self.count(Outcome::Correct) + self.count(Outcome::Absent),
            self.rows(),
        )
    }

    /// Share of the rows with an expectation that are right, as text.
    pub(crate) fn accuracy_expected(&self) -> String {
        share(self.count(Outcome::Correct), self.expected())
    }

    /// Every row has exactly one place.
    pub(crate) fn check(&self, rows: u64) {
        let parts = [
            self.count(Outcome::Correct),
            self.wrong(),
            self.count(Outcome::Missed),
        ];
        assert_eq!(self.rows(), rows, "every row is counted once");
        assert_eq!(
            parts.iter().sum::<u64>(),
            self.expected(),
            "every expectation has its outcome"
        );
    }
}

/// `part / whole` with four decimals, or nothing when there is no whole.
pub(crate) fn share(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    format!("{:.4}", part as f64 / whole as f64)
}

/// Prints a Markdown table: the first column is text, the others are figures.
pub(crate) fn table(header: &[&str], rows: &[Vec<String>]) {
    println!("| {} |", header.join(" | "));
    let rules: Vec<&str> = (0..header.len())
        .map(|at| if at == 0 { "---" } else { "--:" })
        .collect();
    println!("| {} |", rules.join(" | "));
    for row in rows {
        assert_eq!(row.len(), header.len(), "a table is rectangular");
        println!("| {} |", row.join(" | "));
    }
    println!();
}

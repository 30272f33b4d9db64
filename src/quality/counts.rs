//! Records that are consistent in themselves, agree with other sources, and are up to date.
//!
//! In: findings, conflicts between sources, and dates of change. Out: three shares a source. A record is inconsistent when a
//! finding of the dimension consistency is about it; it disagrees when one of its values is listed among the conflicts of
//! its customer.

use super::inputs::Inputs;
use super::share::Share;
use crate::model::IssueCode;
use crate::model::RecordIndex;
use crate::model::ValueStatus;
use jiff::Span;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// The three shares.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    pub(super) consistent: Share,
    pub(super) agreeing: Share,
    pub(super) timely: Share,
}

/// The shares of every source; `shared` counts its records of customers that others serve too.
pub(super) fn by_source(inputs: &Inputs<'_>, shared: &[u64]) -> Vec<Counts> {
    let mut counts = vec![Counts::default(); inputs.records.sources.len()];
    let is_inconsistent = inconsistent(inputs);
    for (record, source) in inputs.records.delivered() {
        let share = &mut counts[source.at()].consistent;
        share.denominator += 1;
        share.numerator += u64::from(!is_inconsistent[record.at()]);
    }
    let disagreeing: BTreeSet<RecordIndex> =
        inputs.conflicts.iter().map(|conflict| conflict.record).collect();
    for (counts, shared) in counts.iter_mut().zip(shared) {
        counts.agreeing = Share::of(*shared, *shared);
    }
    for record in disagreeing {
        let source = inputs.records.source_of[record.at()];
        let share = &mut counts[source.at()].agreeing;
        share.numerator = share.numerator.saturating_sub(1);
    }
    timely(inputs, &mut counts);
    counts
}

/// Per record, does a finding of the dimension consistency speak of it?
fn inconsistent(inputs: &Inputs<'_>) -> Vec<bool> {
    let is_it = |code: &IssueCode| code.dimension == "consistency";
    let mut is_inconsistent = vec![false; inputs.records.len()];
    for column in inputs.standard.columns() {
        let cells = 0..column.raw.len() as u32;
        let flagged: Vec<bool> = cells
            .map(|cell| column.findings.of(cell).any(|(code, _)| is_it(code)))
            .collect();
        if !flagged.contains(&true) {
            continue;
        }
        for (flag, &cell) in is_inconsistent.iter_mut().zip(&column.cell_of) {
            *flag |= flagged[cell as usize];
        }
    }
    for finding in inputs.standard.findings() {
        if IssueCode::find(finding.code).is_some_and(is_it) {
            is_inconsistent[finding.record.at()] = true;
        }
    }
    is_inconsistent
}

fn date(text: &str) -> Option<Date> {
    text.parse().ok()
}

/// Is the day no more than `days` before today? `None` beyond the calendar.
fn is_within(today: Date, day: Date, days: u32) -> Option<bool> {
    let first = today
        .checked_sub(Span::new().try_days(i64::from(days)).ok()?)
        .ok()?;
    Some(day >= first)
}

fn timely(inputs: &Inputs<'_>, counts: &mut [Counts]) {
    let Some(days) = inputs.settings.fresh_days else {
        return;
    };
    let column = ["updated_date", "created_date"]
        .iter()
        .find_map(|field| inputs.standard.column(field));
    let (Some(column), Some(today)) = (column, date(&inputs.run.day)) else {
        return;
    };
    let is_fresh: Vec<Option<bool>> = column
        .values
        .iter()
        .map(|text| is_within(today, date(text)?, days))
        .collect();
    for (record, source) in inputs.records.delivered() {
        let is_sound = column.status_of(record) > ValueStatus::Suspicious;
        let Some(is_fresh) = is_fresh[column.item_of(record) as usize].filter(|_| is_sound) else {
            continue;
        };
        let share = &mut counts[source.at()].timely;
        share.denominator += 1;
        share.numerator += u64::from(is_fresh);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_fresh_up_to_the_limit_across_leap_years() {
        let within = |today, day, days| is_within(date(today)?, date(day)?, days);
        assert_eq!(within("2024-03-01", "2024-02-28", 2), Some(true));
        assert_eq!(within("2023-03-01", "2023-02-26", 2), Some(false));
        assert_eq!(within("2026-11-23", "2027-01-01", 2), Some(true));
        assert_eq!(date("二〇二六"), None);
    }
}

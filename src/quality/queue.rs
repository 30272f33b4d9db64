//! The review queue: how much waits, why, and for how long.
//!
//! In: the questions with the run that asked each first, and the day of this run. Out: [`QueueFigures`]. A question that was answered
//! and came back begins anew. Age is in whole days. Which questions are asked is left to matching, all of them are rows of `review.csv`.

use super::inputs::QuestionFact;
use jiff::civil::Date;
use serde::Deserialize;
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// The queue.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct QueueFigures {
    /// Questions.
    pub items: u64,
    /// Questions that this run asks for the first time.
    pub new_items: u64,
    /// By reason, most first.
    pub by_reason: Vec<QueueReason>,
    /// Days that the oldest waits; `None` of an empty queue or without days.
    pub oldest_days: Option<u64>,
    /// Run that asked the oldest first.
    pub oldest_run: Option<u32>,
    /// Median of the days; of an even number the mean of the two in the middle, rounded down.
    pub median_days: Option<u64>,
}

/// Questions of one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueReason {
    /// Why they are asked, such as `near`.
    pub reason: String,
    /// Questions.
    pub items: u64,
}

/// The figures of the queue on `day` (`YYYY-MM-DD`).
pub(super) fn queue(questions: &[QuestionFact], day: &str) -> QueueFigures {
    let mut reasons: BTreeMap<&str, u64> = BTreeMap::new();
    for question in questions {
        *reasons.entry(question.reason).or_default() += 1;
    }
    let reason = |(reason, items): (&str, u64)| QueueReason {
        reason: reason.to_owned(),
        items,
    };
    let mut by_reason: Vec<QueueReason> = reasons.into_iter().map(reason).collect();
    by_reason.sort_by_key(|of| Reverse(of.items));
    let mut ages: Vec<u64> = questions
        .iter()
        .filter_map(|question| days_between(&question.since_day, day))
        .collect();
    ages.sort_unstable();
    let oldest = questions.iter().map(|question| question.since_run).min();
    let latest = questions.iter().map(|question| question.since_run).max();
    let is_new = |question: &&QuestionFact| Some(question.since_run) == latest && question.since_day == day;
    QueueFigures {
        items: questions.len() as u64,
        new_items: questions.iter().filter(is_new).count() as u64,
        by_reason,
        oldest_days: ages.last().copied(),
        oldest_run: oldest,
        median_days: median(&ages),
    }
}

/// Whole days from one day to another; 0 when the first is the later one.
fn days_between(from: &str, to: &str) -> Option<u64> {
    let (from, to): (Date, Date) = (from.parse().ok()?, to.parse().ok()?);
    let days = from.until(to).ok()?.get_days();
    Some(u64::try_from(days).unwrap_or(0))
}

fn median(sorted: &[u64]) -> Option<u64> {
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        odd if odd % 2 == 1 => Some(sorted[middle]),
        _ => Some((sorted[middle - 1] + sorted[middle]) / 2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(reason: &'static str, since_run: u32, since_day: &str) -> QuestionFact {
        QuestionFact {
            reason,
            since_run,
            since_day: since_day.to_owned(),
        }
    }

    #[test]
    fn q2_the_queue_has_a_size_and_an_age() {
        let questions = [
            question("near", 3, "2026-02-20"),
            question("near", 1, "2026-01-31"),
            question("weak", 4, "2026-03-01"),
            question("near", 4, "2026-03-01"),
        ];
        let figures = queue(&questions, "2026-03-01");
        assert_eq!((figures.items, figures.new_items), (4, 2));
        // From 31 January to 1 March of 2026 are 29 days, from 20 February 9.
        assert_eq!((figures.oldest_days, figures.oldest_run), (Some(29), Some(1)));
        assert_eq!(figures.median_days, Some(4));
        assert_eq!(
            (figures.by_reason[0].reason.as_str(), figures.by_reason[0].items),
            ("near", 3)
        );
    }

    #[test]
    fn an_empty_queue_has_no_age_and_a_day_ahead_of_the_clock_counts_as_none() {
        assert_eq!(queue(&[], "2026-03-01"), QueueFigures::default());
        let figures = queue(&[question("near", 9, "2026-03-05")], "2026-03-01");
        assert_eq!((figures.oldest_days, figures.new_items), (Some(0), 0));
        assert_eq!(queue(&[question("near", 1, "")], "").median_days, None);
    }
}

//! The review queue: how much waits, why, and for how long.
//!
//! In: the questions with the run that asked each first, and the days of the runs, which the trend keeps. Out: [`QueueFigures`]. A
//! question that was answered and came back begins anew. Age is in whole days; a question from before days were kept has none. Which
//! questions are asked is left to matching, all of them are rows of `review.csv`.

use super::inputs::QuestionFact;
use super::inputs::RunInfo;
use super::trend::Trend;
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

/// The figures of the queue of `run`, after the runs of `trend`.
pub(super) fn queue(questions: &[QuestionFact], run: &RunInfo, trend: &Trend) -> QueueFigures {
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
    let past = trend.points.iter();
    let days: BTreeMap<u32, &str> = past
        .map(|point| (point.run, point.day.as_str()))
        .chain([(run.run_number, run.day.as_str())])
        .collect();
    let age = |question: &QuestionFact| days_between(days.get(&question.since_run)?, &run.day);
    let mut ages: Vec<u64> = questions.iter().filter_map(age).collect();
    ages.sort_unstable();
    let is_new = |question: &&QuestionFact| question.since_run == run.run_number;
    QueueFigures {
        items: questions.len() as u64,
        new_items: questions.iter().filter(is_new).count() as u64,
        by_reason,
        oldest_days: ages.last().copied(),
        oldest_run: questions.iter().map(|question| question.since_run).min(),
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
    use super::super::trend::Point;
    use super::*;

    /// Runs 1 to 4 on these days, the last one being this run.
    const DAYS: [&str; 4] = ["2026-01-31", "2026-02-10", "2026-02-20", "2026-03-01"];

    fn figures(questions: &[(&'static str, u32)]) -> QueueFigures {
        let point = |(at, day): (usize, &&str)| Point {
            run: at as u32 + 1,
            day: (*day).to_owned(),
            ..Point::default()
        };
        let trend = Trend {
            points: DAYS[..3].iter().enumerate().map(point).collect(),
        };
        let run = RunInfo {
            run_number: 4,
            day: DAYS[3].to_owned(),
            ..RunInfo::default()
        };
        let question = |&(reason, since_run): &(&'static str, u32)| QuestionFact { reason, since_run };
        queue(&questions.iter().map(question).collect::<Vec<_>>(), &run, &trend)
    }

    #[test]
    fn q2_the_queue_has_a_size_and_an_age() {
        let figures = figures(&[("near", 3), ("near", 1), ("weak", 4), ("near", 4)]);
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
    fn an_empty_queue_has_no_age_nor_has_a_question_of_a_run_whose_day_is_not_known() {
        assert_eq!(figures(&[]), QueueFigures::default());
        let unknown = figures(&[("near", 0)]);
        assert_eq!((unknown.oldest_days, unknown.oldest_run), (None, Some(0)));
        assert_eq!(days_between("2026-03-05", "2026-03-01"), Some(0));
    }
}

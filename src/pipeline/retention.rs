//! Customers whose term of retention is over (PIPL article 19; GB/T 35273-2020, 6.1).
//!
//! In: the published run, the terms of the job and a day. Out: the customers whose term ended before that day, each with its records
//! and the date that started the term: the latest of the date fields that the job names, over all records of the customer, for a
//! customer that still trades with one subsidiary is no former customer of the group. A term ends with the day that has the
//! number of its first day, or the last of its month (Civil Code of the PRC, articles 201 and 202). Customers without any
//! such date are counted and stay. Erasing is left to `forget`.

use crate::model::UnifiedId;
use crate::pipeline::RunError;
use crate::plan::Retention;
use crate::plan::Term;
use crate::publish::PublishError;
use crate::publish::RecordName;
use crate::publish::Run;
use crate::table::Registry;
use frame::FrameError;
use frame::Table;
use jiff::Span;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// The records' standard values.
const STANDARD: &str = "standard.parquet";

/// A customer whose term is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Its ID.
    pub id: UnifiedId,
    /// Its records, as (source, key), ascending.
    pub records: Vec<RecordName>,
    /// The date that started the term.
    pub last: Date,
    /// The last day of the term.
    pub end: Date,
    /// Has it a value in a sensitive field?
    pub is_sensitive: bool,
}

/// What retention came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Retained {
    /// Customers of the run.
    pub customers: usize,
    /// Records of the run.
    pub records: usize,
    /// Customers without a date that would start a term.
    pub without_date: usize,
    /// Customers whose term is over, by ID.
    pub due: Vec<Due>,
}

/// What is known of a customer.
#[derive(Debug, Clone, Default)]
struct Customer {
    records: Vec<RecordName>,
    last: Option<Date>,
    is_sensitive: bool,
}

/// The customers of `run` whose term ended before `today`.
///
/// # Errors
/// [`RunError::Publish`] when the run's values cannot be read.
pub fn due(run: &Run, registry: &Registry, retention: &Retention, today: Date) -> Result<Retained, RunError> {
    let mut customers: BTreeMap<UnifiedId, Customer> = BTreeMap::new();
    for (source, key, id) in &registry.members {
        let customer = customers.entry(*id).or_default();
        customer.records.push((source.clone(), key.clone()));
    }
    read_values(run, retention, &mut |said| {
        let name = (said.source, said.key);
        let at = registry
            .members
            .binary_search_by(|(source, key, _)| (source.as_str(), key.as_str()).cmp(&name));
        let customer = at.ok().and_then(|at| customers.get_mut(&registry.members[at].2));
        if let Some(customer) = customer {
            customer.last = customer.last.max(said.last);
            customer.is_sensitive |= said.is_sensitive;
        }
    })?;
    let mut retained = Retained {
        customers: customers.len(),
        records: registry.members.len(),
        ..Retained::default()
    };
    for (id, customer) in customers {
        let Some(last) = customer.last else {
            retained.without_date += 1;
            continue;
        };
        let term = match customer.is_sensitive {
            true => retention.sensitive,
            false => retention.general,
        };
        let end = end_of(last, term);
        if end < today {
            retained.due.push(Due {
                id,
                records: customer.records,
                last,
                end,
                is_sensitive: customer.is_sensitive,
            });
        }
    }
    Ok(retained)
}

/// The last day of a term that a date starts.
fn end_of(start: Date, term: Term) -> Date {
    let span = Span::new().months(i64::from(term.months));
    start.checked_add(span).unwrap_or(Date::MAX)
}

/// What one record says.
struct Said<'a> {
    source: &'a str,
    key: &'a str,
    last: Option<Date>,
    is_sensitive: bool,
}

/// Latest date and sensitivity of every record.
fn read_values(run: &Run, retention: &Retention, each: &mut dyn FnMut(&Said)) -> Result<(), RunError> {
    run.verify_file(STANDARD)?;
    let path = run.path(STANDARD);
    let fault = |error: FrameError| match error {
        FrameError::Io { path, source } => PublishError::Io { path, source },
        other => PublishError::Damaged {
            path: path.clone(),
            detail: other.to_string(),
        },
    };
    let shape = frame::parquet_shape(&path).map_err(fault)?;
    let is_there = |name: &&String| shape.columns.iter().any(|column| column.name == **name);
    let dates: Vec<&String> = retention.starts_with.iter().filter(is_there).collect();
    let sensitive: Vec<&String> = retention.sensitive_fields.iter().filter(is_there).collect();
    let mut columns = vec!["source", "record_key"];
    for name in dates.iter().chain(&sensitive) {
        if !columns.contains(&name.as_str()) {
            columns.push(name);
        }
    }
    frame::read_parquet_batches(&path, Some(&columns), &mut |part| {
        for row in 0..part.rows() {
            let date = dates
                .iter()
                .filter_map(|name| latest(text(&part, name, row)))
                .max();
            let is_sensitive = sensitive.iter().any(|name| !text(&part, name, row).is_empty());
            each(&Said {
                source: text(&part, "source", row),
                key: text(&part, "record_key", row),
                last: date,
                is_sensitive,
            });
        }
        ControlFlow::Continue(())
    })
    .map_err(fault)?;
    Ok(())
}

fn text<'a>(part: &'a Table, column: &str, row: usize) -> &'a str {
    let texts = part.column(column).ok().and_then(|column| column.as_text());
    texts.and_then(|texts| texts.get(row)).unwrap_or("")
}

/// The last day that a standard date may mean: of several the latest, of a month or a year its end.
fn latest(text: &str) -> Option<Date> {
    let days = text.split("; ").filter_map(|text| {
        let mut numbers = text.split('-').map(|number| number.parse::<i16>().ok());
        let year = numbers.next()??;
        let Some(month) = numbers.next() else {
            return Date::new(year, 12, 31).ok();
        };
        let month = Date::new(year, i8::try_from(month?).ok()?, 1).ok()?;
        match numbers.next() {
            Some(day) => Date::new(year, month.month(), i8::try_from(day?).ok()?).ok(),
            None => Some(month.last_of_month()),
        }
    });
    days.max()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_date_means_the_last_day_that_it_may() {
        assert_eq!(latest("2015-03-10"), Some(date(2015, 3, 10)));
        assert_eq!(latest("2016-02"), Some(date(2016, 2, 29)));
        assert_eq!(latest("2015"), Some(date(2015, 12, 31)));
        assert_eq!(latest("2015-03-10; 2016-01-02"), Some(date(2016, 1, 2)));
        for text in ["", "unknown", "2015-13-01", "2015-02-30", "去年"] {
            assert_eq!(latest(text), None, "{text}");
        }
    }

    #[test]
    fn a_term_ends_with_the_day_of_its_first_day_or_the_last_of_the_month() {
        let term = |months| Term { months };
        assert_eq!(end_of(date(2020, 1, 15), term(60)), date(2025, 1, 15));
        assert_eq!(end_of(date(2020, 2, 29), term(12)), date(2021, 2, 28));
        assert_eq!(end_of(date(2020, 8, 31), term(18)), date(2022, 2, 28));
        assert_eq!(end_of(Date::MAX, term(12)), Date::MAX);
    }
}

//! Records of the last run that tonight's exports do not give.
//!
//! In: what was read tonight, and the records of the last run that are not among it. Out: both as one table in the order of
//! all records. A record whose source could not be read is stale, one that its source no longer has is withdrawn, and one
//! that a delta export leaves out stands as it was. Its values are the texts of the last time that its source gave it;
//! what is made of its standing is decided by the later stages. Rows read, accepted and rejected count tonight's rows alone.

use super::ingested::Ingested;
use super::settings::Extract;
use super::settings::Settings;
use super::settings::SourceSettings;
use crate::field::schema_rank;
use crate::model::FieldName;
use crate::model::RecordIndex;
use crate::model::SourceId;
use crate::table::Kept;
use crate::table::Place;
use crate::table::RawColumn;
use crate::table::RawRecords;
use crate::table::RecordStatus;
use crate::table::SourceAccount;
use crate::table::SourceInfo;
use crate::table::ValuePool;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::collections::HashMap;

/// Adds the records of `past` to those of `ingested`; `run` is the number of tonight's run.
///
/// `past` has none of tonight's records; those whose source does not want to keep them are left out.
pub fn carry(settings: &Settings, run: u32, past: &RawRecords, ingested: &mut Ingested) {
    let absent = ingested.faults.iter().map(|fault| fault.source.as_str());
    let rules = Rules {
        of_job: settings.sources.iter().map(|s| (s.name.as_str(), s)).collect(),
        absent: absent.collect(),
        run,
    };
    let kept: Vec<(RecordIndex, Option<Kept>)> = (0..past.len() as u32)
        .map(RecordIndex)
        .filter_map(|record| Some((record, rules.standing(past, record)?)))
        .collect();
    if kept.is_empty() {
        return;
    }
    let tonight = std::mem::take(&mut ingested.records);
    let order = order(&tonight, past, &kept);
    for issue in &mut ingested.cell_issues {
        issue.record = order.new_of[issue.record.at()];
    }
    ingested.records = joined(&rules, tonight, past, &order);
}

/// What the job says of records that are not delivered.
struct Rules<'a> {
    of_job: BTreeMap<&'a str, &'a SourceSettings>,
    absent: BTreeSet<&'a str>,
    run: u32,
}

impl Rules<'_> {
    /// `None`: it is not kept. `Some(None)`: it is active.
    fn standing(&self, past: &RawRecords, record: RecordIndex) -> Option<Option<Kept>> {
        let source = past.source(record);
        let before = past.kept(record);
        let was_withdrawn = before.is_some_and(|kept| kept.status == RecordStatus::Withdrawn);
        let status = match self.of_job.get(source.export.as_str()) {
            None => RecordStatus::Withdrawn,
            Some(of_job) if self.absent.contains(source.export.as_str()) => match was_withdrawn {
                _ if !of_job.carries_late => return None,
                true => RecordStatus::Withdrawn,
                false => RecordStatus::Stale,
            },
            Some(of_job) if of_job.extract == Extract::Delta => match was_withdrawn {
                true => RecordStatus::Withdrawn,
                false => return Some(None),
            },
            Some(of_job) if !of_job.keeps_withdrawn => return None,
            Some(_) => RecordStatus::Withdrawn,
        };
        let since_run = match before {
            Some(kept) if kept.status == status => kept.since_run,
            _ => self.run,
        };
        Some(Some(Kept {
            record,
            status,
            since_run,
        }))
    }

    /// A source of which no row was read tonight.
    fn source(&self, past: &SourceInfo) -> SourceInfo {
        let of_job = self.of_job.get(past.export.as_str());
        SourceInfo {
            owner: of_job.map_or_else(
                || past.owner.clone(),
                |of_job| of_job.owner_of(&past.name).to_owned(),
            ),
            priority: of_job.map_or(u32::MAX, |of_job| of_job.priority),
            status: match self.absent.contains(past.export.as_str()) {
                true => RecordStatus::Stale,
                false => RecordStatus::Withdrawn,
            },
            ..past.clone()
        }
    }
}

/// Where the records of both tables go.
struct Order {
    /// Per record of the joined table, whether it is of the past, its record there, and its standing.
    rows: Vec<(bool, RecordIndex, Option<Kept>)>,
    /// Per record of tonight, its record in the joined table.
    new_of: Vec<RecordIndex>,
}

fn names(records: &RawRecords, record: RecordIndex) -> (&str, &str) {
    (&records.source(record).name, records.key(record))
}

fn order(tonight: &RawRecords, past: &RawRecords, kept: &[(RecordIndex, Option<Kept>)]) -> Order {
    let mut order = Order {
        rows: Vec::with_capacity(tonight.len() + kept.len()),
        new_of: Vec::with_capacity(tonight.len()),
    };
    let mut kept = kept.iter().peekable();
    for record in (0..tonight.len() as u32).map(RecordIndex) {
        let name = names(tonight, record);
        while let Some((record, standing)) = kept.next_if(|(past_record, _)| names(past, *past_record) < name)
        {
            order.rows.push((true, *record, *standing));
        }
        order.new_of.push(RecordIndex(order.rows.len() as u32));
        order.rows.push((false, record, None));
    }
    order
        .rows
        .extend(kept.map(|(record, standing)| (true, *record, *standing)));
    order
}

fn joined(rules: &Rules, tonight: RawRecords, past: &RawRecords, order: &Order) -> RawRecords {
    let is_used: BTreeSet<&str> = order
        .rows
        .iter()
        .filter(|(is_past, ..)| *is_past)
        .map(|(_, record, _)| past.source(*record).name.as_str())
        .collect();
    let mut sources: BTreeMap<String, (SourceInfo, SourceAccount)> = BTreeMap::new();
    for source in past
        .sources
        .iter()
        .filter(|source| is_used.contains(source.name.as_str()))
    {
        sources.insert(
            source.name.clone(),
            (rules.source(source), SourceAccount::default()),
        );
    }
    for (source, account) in tonight.sources.iter().zip(&tonight.accounts) {
        sources.insert(source.name.clone(), (source.clone(), *account));
    }
    let files: BTreeSet<&String> = tonight.files.iter().chain(&past.files).collect();
    let mut records = RawRecords {
        files: files.into_iter().cloned().collect(),
        ..RawRecords::default()
    };
    (records.sources, records.accounts) = sources.into_values().unzip();
    let source_id = |of: &SourceInfo| {
        let at = records
            .sources
            .binary_search_by(|source| source.name.cmp(&of.name));
        SourceId(at.unwrap_or_default() as u16)
    };
    let file = |file: &String| records.files.binary_search(file).unwrap_or_default() as u32;
    let ids = |of: &RawRecords| of.sources.iter().map(source_id).collect::<Vec<_>>();
    let places = |of: &RawRecords| of.files.iter().map(file).collect::<Vec<_>>();
    let sides = [(ids(&tonight), places(&tonight)), (ids(past), places(past))];
    for (at, (is_past, record, standing)) in order.rows.iter().enumerate() {
        let of = if *is_past { past } else { &tonight };
        let (ids, files) = &sides[usize::from(*is_past)];
        records.source_of.push(ids[of.source_of[record.at()].at()]);
        records.keys.push(of.key(*record));
        let place = of.places[record.at()];
        records.places.push(Place {
            file: files.get(place.file as usize).copied().unwrap_or_default(),
            ..place
        });
        records.kept.extend(standing.map(|standing| Kept {
            record: RecordIndex(at as u32),
            ..standing
        }));
    }
    records.columns = joined_columns(tonight.columns, &past.columns, order);
    records
}

fn joined_columns(tonight: Vec<RawColumn>, past: &[RawColumn], order: &Order) -> Vec<RawColumn> {
    let mut fields: Vec<(FieldName, Option<RawColumn>)> = tonight
        .into_iter()
        .map(|column| (column.field.clone(), Some(column)))
        .collect();
    for column in past {
        if fields.iter().all(|(field, _)| *field != column.field) {
            fields.push((column.field.clone(), None));
        }
    }
    fields.sort_by(|(a, _), (b, _)| schema_rank(a).cmp(&schema_rank(b)).then_with(|| a.cmp(b)));
    let column = |(field, of_tonight): (FieldName, Option<RawColumn>)| {
        let of_past = past.iter().find(|column| column.field == field);
        joined_column(field, of_tonight, of_past, order)
    };
    fields.into_par_iter().map(column).collect()
}

fn joined_column(
    field: FieldName,
    tonight: Option<RawColumn>,
    past: Option<&RawColumn>,
    order: &Order,
) -> RawColumn {
    let (own, mut values) = tonight.map_or_else(Default::default, |column| (column.codes, column.values));
    let renamed = past.map_or_else(Vec::new, |past| codes_among(&mut values, &past.values));
    let code = |(is_past, record, _): &(bool, RecordIndex, Option<Kept>)| match (is_past, past) {
        (false, _) => own.get(record.at()).copied().unwrap_or(0),
        (true, Some(past)) => renamed[past.codes[record.at()] as usize],
        (true, None) => 0,
    };
    RawColumn {
        field,
        codes: order.rows.iter().map(code).collect(),
        values,
    }
}

/// Per code of `others`, the code of its text in `values`, which grows by the texts that it lacks.
fn codes_among(values: &mut ValuePool, others: &ValuePool) -> Vec<u32> {
    let at: HashMap<&str, usize> = others
        .iter()
        .enumerate()
        .skip(1)
        .map(|(at, text)| (text, at))
        .collect();
    let mut codes = vec![0; others.len()];
    for (code, text) in values.iter().enumerate().skip(1) {
        if let Some(&at) = at.get(text) {
            codes[at] = code as u32;
        }
    }
    for (at, text) in others.iter().enumerate().skip(1) {
        if codes[at] == 0 {
            codes[at] = values.push(text);
        }
    }
    codes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::IngestError;
    use crate::ingest::Limits;
    use crate::ingest::RecordKey;
    use crate::ingest::SourceFault;
    use std::path::PathBuf;

    /// Records of (source, key, name), sorted.
    fn records(rows: &[(&str, &str, &str)]) -> RawRecords {
        let mut records = RawRecords {
            files: vec!["export.csv".to_owned()],
            ..RawRecords::default()
        };
        let mut values = ValuePool::default();
        let mut codes = Vec::new();
        for (source, key, name) in rows {
            if records.sources.last().is_none_or(|last| last.name != *source) {
                records.sources.push(SourceInfo {
                    name: (*source).to_owned(),
                    owner: String::new(),
                    priority: 5,
                    export: (*source).to_owned(),
                    status: RecordStatus::Active,
                });
                records.accounts.push(SourceAccount::default());
            }
            records.source_of.push(SourceId(records.sources.len() as u16 - 1));
            records.keys.push(key);
            records.places.push(Place {
                file: 0,
                line: records.places.len() as u32 + 2,
            });
            let known = values.iter().position(|known| known == *name);
            codes.push(known.map_or_else(|| values.push(name), |at| at as u32));
        }
        let field = FieldName::from("customer_name");
        records.columns = vec![RawColumn { field, codes, values }];
        records
    }

    fn settings(sources: &[&str]) -> Settings {
        let source = |name: &&str| SourceSettings::new(name, &["*.csv"], RecordKey::Row);
        Settings::new(
            PathBuf::new(),
            sources.iter().map(source).collect(),
            Limits::default(),
        )
    }

    fn rows(records: &RawRecords) -> Vec<(&str, &str, &str, RecordStatus)> {
        let row = |at: u32| {
            let record = RecordIndex(at);
            let (source, key) = names(records, record);
            (
                source,
                key,
                records.value(record, "customer_name"),
                records.status(record),
            )
        };
        (0..records.len() as u32).map(row).collect()
    }

    #[test]
    fn records_that_are_not_delivered_keep_their_place_and_say_why() {
        let settings = settings(&["south", "华东", "华北"]);
        let mut ingested = Ingested {
            records: records(&[("south", "2", "Ann Smith"), ("华东", "1", "北京华夏科技有限公司")]),
            ..Ingested::default()
        };
        let error = IngestError::Settings {
            source_name: "华北".to_owned(),
            reason: String::new(),
        };
        ingested.faults.push(SourceFault {
            source: "华北".to_owned(),
            required: false,
            error,
        });
        let mut past = records(&[
            ("closed", "9", "Ann Smith"),
            ("south", "1", "Ann Smith"),
            ("south", "3", "Bob Jones"),
            ("华北", "1", "华夏贸易"),
        ]);
        past.kept = vec![Kept {
            record: RecordIndex(2),
            status: RecordStatus::Withdrawn,
            since_run: 4,
        }];
        carry(&settings, 7, &past, &mut ingested);
        use RecordStatus::{Active, Stale, Withdrawn};
        assert_eq!(
            rows(&ingested.records),
            [
                ("closed", "9", "Ann Smith", Withdrawn),
                ("south", "1", "Ann Smith", Withdrawn),
                ("south", "2", "Ann Smith", Active),
                ("south", "3", "Bob Jones", Withdrawn),
                ("华东", "1", "北京华夏科技有限公司", Active),
                ("华北", "1", "华夏贸易", Stale),
            ]
        );
        let since: Vec<u32> = ingested.records.kept.iter().map(|kept| kept.since_run).collect();
        assert_eq!(since, [7, 7, 4, 7]);
        let statuses: Vec<RecordStatus> = ingested
            .records
            .sources
            .iter()
            .map(|source| source.status)
            .collect();
        assert_eq!(statuses, [Withdrawn, Active, Active, Stale]);
        let column = &ingested.records.columns[0];
        assert_eq!(column.values.len(), 5, "every text stands once");
        assert_eq!(ingested.records.delivered().count(), 2);
    }

    #[test]
    fn a_source_may_leave_out_what_it_did_not_change_or_forget_what_it_lost() {
        let past = records(&[("delta", "1", "Ann Smith"), ("forgets", "1", "华夏贸易")]);
        let mut settings = settings(&["delta", "forgets"]);
        settings.sources[0].extract = Extract::Delta;
        settings.sources[1].keeps_withdrawn = false;
        let mut ingested = Ingested::default();
        carry(&settings, 2, &past, &mut ingested);
        assert_eq!(
            rows(&ingested.records),
            [("delta", "1", "Ann Smith", RecordStatus::Active)]
        );
    }
}

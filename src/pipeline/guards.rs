//! The figures that guards judge, taken from the results of a run and from the runs before it.

use crate::guard::FieldFigures;
use crate::guard::FieldShape;
use crate::guard::GoldenFigures;
use crate::guard::GuardReport;
use crate::guard::Header;
use crate::guard::LostColumn;
use crate::guard::Night;
use crate::guard::Part;
use crate::guard::SCHEMA_VERSION;
use crate::guard::SourceFigures;
use crate::guard::Trend;
use crate::guard::judge;
use crate::identify;
use crate::ingest::IngestError;
use crate::ingest::Ingested;
use crate::model::Claim;
use crate::model::RecordIndex;
use crate::model::UnifiedId;
use crate::model::ValueStatus;
use crate::pipeline::Matched;
use crate::pipeline::Matching;
use crate::pipeline::Place;
use crate::pipeline::Prepared;
use crate::pipeline::RunError;
use crate::pipeline::outputs::Findings;
use crate::plan::Plan;
use crate::publish::PublishError;
use crate::publish::Run;
use crate::quality::Quality;
use crate::table::GoldenRecords;
use crate::table::IdAssignments;
use crate::table::IdState;
use crate::table::RecordStatus;
use crate::table::Registry;
use crate::table::StandardRecords;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// Fields whose golden values are watched.
const GOLDEN_FIELDS: [&str; 3] = ["customer_name", "uscc", "tax_number"];

/// Fields of which one customer has one.
const IDENTIFIERS: [&str; 2] = ["uscc", "id_card"];

/// Records of a source whose values make a shape.
const SHAPE_RECORDS: usize = 2_000;

/// Figures and verdicts of tonight.
pub(super) fn report(
    plan: &Plan,
    place: &Place,
    prepared: &Prepared,
    matched: &Matched,
    findings: &Findings,
    quality: &Quality,
) -> Result<GuardReport, RunError> {
    let trend = trend(place)?;
    let ingested = &prepared.ingested;
    let live = place
        .registry
        .entries
        .iter()
        .filter(|entry| entry.state == IdState::Live);
    let live = live.count() as u64;
    let of_live = |part: u64| place.last.map(|_| Part { part, of: live });
    let night = Night {
        sources: sources(plan, place, prepared, quality),
        headers: headers(ingested),
        lost_columns: lost_columns(ingested),
        ids_merged: of_live(quality.changes.ids.merged),
        ids_split: of_live(quality.changes.ids.split),
        largest_cluster: quality.cluster_size_max,
        candidate_pairs: matched.candidates,
        golden: match place.last {
            Some(run) => golden(run, &findings.golden, &half_seen(place.registry, &findings.ids))?,
            None => Vec::new(),
        },
        tax_id_conflicts: findings.conflicts,
    };
    let verdicts = judge(&plan.guards, &night, &trend);
    Ok(GuardReport {
        schema_version: SCHEMA_VERSION,
        night,
        verdicts,
    })
}

/// Reports of the runs that this one is built on; runs of older programs have none.
fn trend(place: &Place) -> Result<Trend, RunError> {
    let Some(last) = place.last else {
        return Ok(Trend::default());
    };
    let line = place.hub.ancestry(last, Trend::RUNS)?;
    let read = |run: &Run| -> Option<GuardReport> {
        let bytes = std::fs::read(run.path("guards.json")).ok()?;
        let report: GuardReport = serde_json::from_slice(&bytes).ok()?;
        (report.schema_version == SCHEMA_VERSION).then_some(report)
    };
    Ok(Trend {
        runs: line.iter().map_while(read).collect(),
    })
}

fn sources(plan: &Plan, place: &Place, prepared: &Prepared, quality: &Quality) -> Vec<SourceFigures> {
    let records = &prepared.ingested.records;
    let kept = keys_kept(prepared, place.registry);
    let damaged = damaged(prepared);
    let places = places(prepared);
    let of_source = |(at, source): (usize, &crate::quality::SourceQuality)| SourceFigures {
        name: source.name.clone(),
        rows: source.read,
        rejected: Part {
            part: source.rejected,
            of: source.read,
        },
        damaged: Part {
            part: damaged.get(at).copied().unwrap_or(0),
            of: source.accepted,
        },
        keys_kept: place.last.and_then(|_| kept.get(source.name.as_str()).copied()),
        fields: fields(plan, prepared, source, &places[at]),
    };
    debug_assert_eq!(records.sources.len(), quality.sources.len());
    let is_delivered = |(at, _): &(usize, &crate::quality::SourceQuality)| {
        records.sources[*at].status == RecordStatus::Active
    };
    let delivered = quality.sources.iter().enumerate().filter(is_delivered);
    delivered.map(of_source).collect()
}

/// Per source, some of its records, evenly spread.
fn places(prepared: &Prepared) -> Vec<Vec<RecordIndex>> {
    let records = &prepared.ingested.records;
    let mut all: Vec<Vec<RecordIndex>> = vec![Vec::new(); records.sources.len()];
    for (record, source) in records.delivered() {
        all[source.at()].push(record);
    }
    for of_source in &mut all {
        let step = of_source.len().div_ceil(SHAPE_RECORDS).max(1);
        *of_source = of_source.iter().copied().step_by(step).collect();
    }
    all
}

fn fields(
    plan: &Plan,
    prepared: &Prepared,
    source: &crate::quality::SourceQuality,
    records: &[RecordIndex],
) -> Vec<FieldFigures> {
    let mapped = source.fields.iter().filter(|field| field.is_mapped);
    let figures = mapped.map(|field| {
        let mut shape = FieldShape::default();
        if let Some(column) = prepared.standard.column(&field.field) {
            records
                .iter()
                .for_each(|&record| shape.add(column.raw_of(record)));
        }
        FieldFigures {
            field: field.field.clone(),
            is_matched: is_matched(plan, &field.field),
            unusable: Part {
                part: field.missing + field.placeholder + field.invalid,
                of: source.accepted,
            },
            shape,
        }
    });
    figures.collect()
}

/// Is the field compared when records are matched?
fn is_matched(plan: &Plan, field: &str) -> bool {
    let spec = plan.fields.iter().find(|spec| spec.name == field);
    let types = crate::field::field_types();
    spec.and_then(|spec| types.iter().find(|t| t.name() == spec.field_type))
        .is_some_and(|field_type| field_type.comparator().is_some())
}

/// Per source of the last run, how many of its keys are there again; those that it had withdrawn before do not count.
fn keys_kept<'a>(prepared: &Prepared, registry: &'a Registry) -> BTreeMap<&'a str, Part> {
    let records = &prepared.ingested.records;
    let mut kept: BTreeMap<&str, Part> = BTreeMap::new();
    let was_withdrawn = |at: usize| registry.mark(at).status == RecordStatus::Withdrawn;
    for (at, (source, ..)) in registry.members.iter().enumerate() {
        kept.entry(source.as_str()).or_default().of += u64::from(!was_withdrawn(at));
    }
    let previous = identify::previous_ids(records, registry);
    for (record, source) in records.delivered() {
        let previous = previous.get(record.at()).copied().flatten();
        if let (Some(_), Some(part)) = (previous, kept.get_mut(records.sources[source.at()].name.as_str())) {
            part.part += 1;
        }
    }
    kept
}

/// Per source, records with a text that its encoding could not hold.
fn damaged(prepared: &Prepared) -> Vec<u64> {
    let records = &prepared.ingested.records;
    let mut is_damaged: BTreeSet<RecordIndex> = BTreeSet::new();
    for column in prepared.standard.columns() {
        let cells: Vec<bool> = column.raw.iter().map(|raw| raw.contains('\u{FFFD}')).collect();
        if !cells.contains(&true) {
            continue;
        }
        let found = column.cell_of.iter().enumerate();
        let found = found.filter(|(_, cell)| cells.get(**cell as usize) == Some(&true));
        is_damaged.extend(found.map(|(record, _)| RecordIndex(record as u32)));
    }
    let mut counts = vec![0; records.sources.len()];
    for record in is_damaged {
        counts[records.source_of[record.at()].at()] += 1;
    }
    counts
}

fn headers(ingested: &Ingested) -> Vec<Header> {
    let header = |(source, columns): &(String, BTreeSet<String>)| Header {
        source: source.clone(),
        columns: columns.iter().cloned().collect(),
    };
    ingested.headers.iter().map(header).collect()
}

/// Columns that sources which may be missing have lost; a required source without them ends the run.
fn lost_columns(ingested: &Ingested) -> Vec<LostColumn> {
    let lost = ingested.faults.iter().filter_map(|fault| match &fault.error {
        IngestError::MissingColumn { column, nearest, .. } => Some(LostColumn {
            source: fault.source.clone(),
            column: column.clone(),
            nearest: nearest.clone(),
        }),
        _ => None,
    });
    lost.collect()
}

/// Customers of whom a source was missing last night or is tonight: their golden values come and go with it.
fn half_seen(registry: &Registry, ids: &IdAssignments) -> BTreeSet<UnifiedId> {
    let marked = registry.members.iter().zip(&registry.marks);
    let before = marked
        .filter(|(_, mark)| mark.status == RecordStatus::Stale)
        .map(|((.., id), _)| *id);
    before.chain(ids.stale.iter().map(|(.., id)| *id)).collect()
}

/// Watched golden values of the last run, but for customers that are `half_seen`, that are others now; its table and this run's are sorted by ID.
fn golden(
    last: &Run,
    golden: &GoldenRecords,
    half_seen: &BTreeSet<UnifiedId>,
) -> Result<Vec<GoldenFigures>, RunError> {
    let path = last.path("golden.parquet");
    last.verify_file("golden.parquet")?;
    let damaged = |detail: String| PublishError::Damaged {
        path: path.clone(),
        detail,
    };
    let shape = frame::parquet_shape(&path).map_err(|error| damaged(error.to_string()))?;
    // A field that the last run did not have cannot have changed.
    let was_there = |field: &&str| shape.columns.iter().any(|column| column.name == **field);
    let watched: Vec<&str> = GOLDEN_FIELDS.iter().copied().filter(was_there).collect();
    let columns: Vec<&str> = std::iter::once("unified_id")
        .chain(watched.iter().copied())
        .collect();
    let table = frame::read_parquet(&path, Some(&columns)).map_err(|error| damaged(error.to_string()))?;
    let text = |name: &str| table.column(name).ok().and_then(|column| column.as_text());
    let ids = text("unified_id").ok_or_else(|| damaged("`unified_id` is no text".to_owned()))?;
    let mut rows: Vec<Option<usize>> = rows_of(ids.iter(), golden);
    for row in rows
        .iter_mut()
        .filter(|row| row.is_some_and(|row| half_seen.contains(&golden.ids[row])))
    {
        *row = None;
    }
    let mut figures = Vec::new();
    for field in watched {
        let at = golden.fields.iter().position(|known| known.as_str() == field);
        let Some((values, at)) = text(field).zip(at) else {
            continue;
        };
        let mut changed = Part::default();
        for (value, row) in values.iter().zip(&rows) {
            if let (Some(value), Some(row)) = (value, row) {
                changed.of += 1;
                changed.part += u64::from(golden.value(*row, at) != value);
            }
        }
        figures.push(GoldenFigures {
            field: field.to_owned(),
            changed,
        });
    }
    Ok(figures)
}

/// Per ID of the last run, ascending, its row among the golden records of this run.
fn rows_of<'a>(ids: impl Iterator<Item = Option<&'a str>>, golden: &GoldenRecords) -> Vec<Option<usize>> {
    let mut row = 0;
    let mut row_of = |id: Option<&str>| {
        let id: UnifiedId = id?.parse().ok()?;
        while golden.ids.get(row).is_some_and(|now| *now < id) {
            row += 1;
        }
        (golden.ids.get(row) == Some(&id)).then_some(row)
    };
    ids.map(&mut row_of).collect()
}

/// Customers whose records hold two different valid identifiers of one kind that are a conflict to matching, unless a
/// steward judged two of their records to be the same.
pub(super) fn conflicts(matching: &Matching, standard: &StandardRecords, ids: &IdAssignments) -> u64 {
    let decided: BTreeSet<UnifiedId> = matching
        .decided_same()
        .filter(|(left, right)| ids.id_of[left.at()] == ids.id_of[right.at()])
        .map(|(left, _)| ids.id_of[left.at()])
        .collect();
    let comparisons = matching.comparisons();
    let is_conflict = |a: RecordIndex, b: RecordIndex| {
        let (left, right) = (a.min(b), a.max(b));
        comparisons.claim(comparisons.vector(left, right)) == Claim::Conflict
    };
    let mut found: BTreeSet<UnifiedId> = BTreeSet::new();
    for column in IDENTIFIERS.iter().filter_map(|field| standard.column(field)) {
        let mut held: Vec<(UnifiedId, u32, RecordIndex)> = (0..column.cell_of.len() as u32)
            .map(RecordIndex)
            .filter(|record| column.status_of(*record) == ValueStatus::Valid)
            .map(|record| (ids.id_of[record.at()], column.item_of(record), record))
            .filter(|(_, item, _)| *item != 0)
            .collect();
        held.par_sort_unstable();
        held.dedup_by_key(|(id, item, _)| (*id, *item));
        for of_one in held.chunk_by(|a, b| a.0 == b.0).filter(|of_one| of_one.len() > 1) {
            let (id, _, first) = of_one[0];
            let has_conflict = of_one[1..].iter().any(|(_, _, other)| is_conflict(first, *other));
            if has_conflict && !decided.contains(&id) {
                found.insert(id);
            }
        }
    }
    found.len() as u64
}

//! Puts the figures together.
//!
//! In: [`Inputs`]. Out: [`Quality`]. One pass per question, each in its own file; only the ranking of the worst sources
//! is decided here.

use super::accuracy;
use super::accuracy::Accuracies;
use super::changes::changes;
use super::changes::key_changes;
use super::cleansing;
use super::cleansing::Cleansing;
use super::conflicts::conflicts;
use super::counts;
use super::duplicates::Grouped;
use super::duplicates::count_groups;
use super::figures::FieldIssue;
use super::figures::FieldLabel;
use super::figures::FieldQuality;
use super::figures::KeyFigures;
use super::figures::MainFault;
use super::figures::OwnerQuality;
use super::figures::Quality;
use super::figures::SCHEMA_VERSION;
use super::figures::SourceQuality;
use super::figures::WorstSource;
use super::inputs::Inputs;
use super::pairs::model_figures;
use super::pairs::weight_histogram;
use super::queue::queue;
use super::relations::relations;
use super::samples::Samples;
use super::samples::samples;
use super::scorecard;
use super::scorecard::Gates;
use super::share::Share;
use super::sources;
use super::suspicion::suspicions;
use super::trend::Point;
use super::trend::TrendFigures;
use crate::field::Necessity;
use crate::model::RecordIndex;
use crate::table::RecordStatus;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Sources shown as the worst.
const WORST_MAX: usize = 3;

/// Measures one run.
///
/// The result depends on the tables alone: lists are sorted by name or as declared on their fields, shares are integers,
/// and there is no clock. Time grows with records times columns.
pub fn measure(inputs: &Inputs<'_>) -> Quality {
    let records = inputs.records;
    // What a source no longer has is no duplicate of it.
    let stands = |record: &u32| records.status(RecordIndex(*record)) != RecordStatus::Withdrawn;
    let standing = (0..records.len() as u32)
        .filter(stands)
        .map(|record| record as usize);
    let groups = count_groups(
        records.sources.len(),
        standing.map(|at| (inputs.ids.id_of[at], records.source_of[at])),
    );
    let issues = sources::issues_by_source(inputs);
    let issues = with_samples(issues, &samples(inputs));
    let issue_codes = sources::issues_by_code(&issues);
    let accuracies = accuracy::latest(inputs);
    let sources = source_qualities(inputs, &groups, issues, &accuracies);
    let key_figures = key_figures(&sources, &groups);
    let gates_failed = scorecard::failed(sources.iter().map(|source| &source.scorecard[..]));
    let cleansing = cleansing::sum(sources.iter().map(|source| source.cleansing));
    let quality = Quality {
        schema_version: SCHEMA_VERSION,
        run: inputs.run.clone(),
        key_figures,
        key_changes: inputs
            .previous
            .map(|previous| key_changes(&key_figures, previous)),
        worst_sources: worst_sources(&sources),
        fields: field_labels(inputs, &sources),
        rejects: sources::rejects_by_code(inputs),
        issues: issue_codes,
        duplicates: groups.overall,
        cleansing,
        overlap: groups.overlap,
        cluster_sizes: groups.sizes,
        cluster_size_max: groups.size_max,
        weights: weight_histogram(&inputs.pairs.pairs, inputs.model),
        model: model_figures(inputs.model),
        weakest: inputs.weakest.to_vec(),
        changes: changes(&inputs.ids.events, &sources, inputs.previous),
        measures: scorecard::labels(),
        owners: owners(&sources, &accuracies),
        gates_failed,
        trend: TrendFigures::default(),
        suspicions: suspicions(inputs),
        relations: relations(inputs),
        conflicts: conflicts(inputs),
        review: queue(inputs.questions, inputs.run, inputs.trend),
        sources,
    };
    let names: Vec<String> = quality.sources.iter().map(|source| source.name.clone()).collect();
    Quality {
        trend: inputs.trend.figures(&Point::of(&quality), &names),
        ..quality
    }
}

fn with_samples(mut issues: Vec<Vec<FieldIssue>>, samples: &Samples<'_>) -> Vec<Vec<FieldIssue>> {
    for (source, of_source) in issues.iter_mut().enumerate() {
        for issue in of_source {
            let key = (source, issue.field.as_str(), issue.code.as_str());
            issue.samples = samples.get(&key).cloned().unwrap_or_default();
        }
    }
    issues
}

/// Scorecards of everyone who answers for a source.
fn owners(sources: &[SourceQuality], accuracies: &Accuracies<'_>) -> Vec<OwnerQuality> {
    let mut of_owners: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, source) in sources
        .iter()
        .enumerate()
        .filter(|(_, source)| !source.owner.is_empty())
    {
        of_owners.entry(source.owner.as_str()).or_default().push(at);
    }
    let owner = |(owner, of_them): (&str, Vec<usize>)| {
        let mut shares: BTreeMap<&str, Share> = BTreeMap::new();
        for measurement in of_them.iter().flat_map(|&at| &sources[at].scorecard) {
            let sum = shares.entry(measurement.measure.as_str()).or_default();
            sum.numerator += measurement.share.numerator;
            sum.denominator += measurement.share.denominator;
        }
        let names = of_them.iter().map(|&at| sources[at].name.as_str());
        let mut scorecard = scorecard::scorecard([""; 2], &shares, &Gates::default());
        scorecard::add_audit(&mut scorecard, accuracies.over(names));
        OwnerQuality {
            owner: owner.to_owned(),
            scorecard,
            sources: of_them,
        }
    };
    of_owners.into_iter().map(owner).collect()
}

fn source_qualities(
    inputs: &Inputs<'_>,
    groups: &Grouped,
    issues: Vec<Vec<FieldIssue>>,
    accuracies: &Accuracies<'_>,
) -> Vec<SourceQuality> {
    let fields = sources::fields_by_source(inputs);
    let cleansings = cleansing::cleansing_by_source(inputs);
    let counts = counts::by_source(inputs, &groups.shared_records);
    let found = fields.into_iter().zip(issues).zip(cleansings).zip(counts);
    let of_source = |(at, (((fields, issues), cleansing), counts))| {
        let quality = source_quality(inputs, groups, at, fields, issues);
        let mut shares = shares(&quality, counts);
        shares.extend(accuracies.share(&quality.name).map(|share| ("accuracy", share)));
        let mut scorecard =
            scorecard::scorecard([&quality.name, &quality.export], &shares, &inputs.settings.gates);
        scorecard::add_audit(
            &mut scorecard,
            accuracies.over([quality.name.as_str()].into_iter()),
        );
        SourceQuality {
            cleansing,
            scorecard,
            ..quality
        }
    };
    found.enumerate().map(of_source).collect()
}

fn source_quality(
    inputs: &Inputs<'_>,
    groups: &Grouped,
    at: usize,
    fields: Vec<FieldQuality>,
    issues: Vec<FieldIssue>,
) -> SourceQuality {
    let info = &inputs.records.sources[at];
    let account = inputs.records.accounts.get(at).copied().unwrap_or_default();
    let sums = sources::sum_fields(&fields);
    SourceQuality {
        name: info.name.clone(),
        owner: info.owner.clone(),
        export: info.export.clone(),
        read: account.read,
        accepted: account.accepted,
        rejected: account.rejected,
        skipped: account.skipped,
        rejected_share: Share::of(account.rejected, account.read),
        completeness: sums.completeness,
        validity: sums.validity,
        placeholders: sums.placeholders,
        duplicates: groups.by_source[at],
        cleansing: Cleansing::default(),
        fields,
        issues,
        scorecard: Vec::new(),
        is_late: info.status == RecordStatus::Stale,
    }
}

/// The figures of a source by the names of their measures.
fn shares(quality: &SourceQuality, counts: counts::Counts) -> BTreeMap<&'static str, Share> {
    BTreeMap::from([
        ("completeness", quality.completeness),
        ("validity", quality.validity),
        ("consistency", counts.consistent),
        ("agreement", counts.agreeing),
        ("duplicate_rate", quality.duplicates.redundant),
        ("uniqueness", quality.duplicates.affected.complement()),
        ("placeholder_rate", quality.placeholders),
        ("timeliness", counts.timely),
        ("reject_rate", quality.rejected_share),
    ])
}

fn key_figures(sources: &[SourceQuality], groups: &Grouped) -> KeyFigures {
    let sum = |rows: fn(&SourceQuality) -> u64| sources.iter().map(rows).sum::<u64>();
    KeyFigures {
        rows_read: sum(|s| s.read),
        rows_rejected: sum(|s| s.rejected),
        rows_skipped: sum(|s| s.skipped),
        records: sum(|s| s.accepted),
        unified_ids: groups.overall.unified_ids,
        redundant: groups.overall.redundant,
        affected: groups.overall.affected,
        shared_ids: groups.overlap.shared_ids,
        completeness: Share::sum(sources.iter().map(|source| source.completeness)),
    }
}

fn field_labels(inputs: &Inputs<'_>, sources: &[SourceQuality]) -> Vec<FieldLabel> {
    let is_measured = |name: &str| {
        sources
            .iter()
            .any(|source| source.fields.iter().any(|field| field.field == name))
    };
    let label = |field: &crate::field::FieldSpec| FieldLabel {
        name: field.name.to_string(),
        en: field.en.to_string(),
        zh: field.zh.to_string(),
        is_necessary: field.necessity == Necessity::Necessary,
    };
    let measured = inputs.fields.iter().filter(|field| is_measured(&field.name));
    measured.map(label).collect()
}

/// The four faults of a source in basis points, in the order in which equal faults are named.
fn faults(source: &SourceQuality) -> [(MainFault, u64); 4] {
    let points = |share: Share| share.basis_points().unwrap_or(0);
    [
        (MainFault::Completeness, points(source.completeness.complement())),
        (MainFault::Validity, points(source.validity.complement())),
        (MainFault::Rejects, points(source.rejected_share)),
        (MainFault::Duplicates, points(source.duplicates.redundant)),
    ]
}

fn worst_sources(sources: &[SourceQuality]) -> Vec<WorstSource> {
    let ranked = |(source, quality): (usize, &SourceQuality)| {
        let faults = faults(quality);
        let main = faults
            .iter()
            .min_by_key(|(fault, points)| (Reverse(*points), *fault))?;
        let fault_basis_points = faults.iter().map(|(_, points)| points).sum();
        (fault_basis_points > 0).then_some(WorstSource {
            source,
            fault_basis_points,
            main_fault: main.0,
        })
    };
    let mut worst: Vec<WorstSource> = sources.iter().enumerate().filter_map(ranked).collect();
    worst.sort_by_key(|w| Reverse(w.fault_basis_points));
    worst.truncate(WORST_MAX);
    worst
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Fixture;
    use super::*;
    use crate::quality::ClusterSizeBin;

    #[test]
    fn rows_and_duplicates_equal_the_hand_count() {
        let quality = Fixture::group().measure();
        let key = quality.key_figures;
        assert_eq!(
            (key.rows_read, key.rows_rejected, key.rows_skipped, key.records),
            (9, 2, 1, 6)
        );
        assert_eq!((key.unified_ids, key.shared_ids), (3, 2));
        assert_eq!((key.redundant, key.affected), (Share::of(3, 6), Share::of(5, 6)));
        let within: Vec<Share> = quality.sources.iter().map(|s| s.duplicates.redundant).collect();
        assert_eq!(within, [Share::of(1, 4), Share::of(0, 2)]);
        assert_eq!(quality.overlap.matrix, [[3, 2], [2, 2]]);
        let size = |size: u64, unified_ids: u64| ClusterSizeBin {
            size_min: size,
            size_max: Some(size),
            unified_ids,
            records: size * unified_ids,
        };
        assert_eq!(quality.cluster_sizes, [size(1, 1), size(2, 1), size(3, 1)]);
    }

    #[test]
    fn every_element_is_counted_under_one_standing() {
        let quality = Fixture::group().measure();
        for source in &quality.sources {
            assert_eq!(source.read, source.accepted + source.rejected + source.skipped);
            for f in &source.fields {
                assert_eq!(
                    source.accepted,
                    f.missing + f.placeholder + f.filled,
                    "{}",
                    f.field
                );
                assert_eq!(f.filled, f.invalid + f.suspicious + f.repaired + f.valid);
            }
        }
    }

    #[test]
    fn completeness_counts_necessary_fields_and_placeholders_are_not_assigned() {
        let quality = Fixture::group().measure();
        let [east, west] = &quality.sources[..] else {
            panic!("two sources")
        };
        // East: names 4 of 4, phones 2 of 4 (one placeholder, one empty), addresses not mapped: 0 of 4.
        assert_eq!(east.completeness, Share::of(6, 12));
        // West gives the name in parts; `party` holds both. Phones 2 of 2, addresses 0 of 2.
        assert_eq!(west.completeness, Share::of(4, 6));
        assert_eq!(west.fields[0].measured_as.as_deref(), Some("party"));
        // East: 4 names valid, of 2 phones one repaired and one invalid.
        assert_eq!(east.validity, Share::of(5, 6));
        assert_eq!(east.placeholders, Share::of(1, 7));
        assert_eq!(east.issues.len(), 3);
        assert_eq!(quality.worst_sources[0].source, 0);
        assert_eq!(quality.worst_sources[0].main_fault, MainFault::Completeness);
    }

    #[test]
    fn rejects_stand_under_their_code_and_source() {
        let quality = Fixture::group().measure();
        let rows: Vec<_> = quality
            .rejects
            .iter()
            .map(|r| (r.code.as_str(), r.total, r.by_source.clone()))
            .collect();
        assert_eq!(
            rows,
            [("missing_key", 1, vec![1, 0]), ("ragged_row", 1, vec![0, 1])]
        );
    }

    #[test]
    fn the_next_run_shows_the_difference() {
        let first = Fixture::group().measure();
        let mut fixture = Fixture::group();
        fixture.run.run_number = 2;
        fixture.records.accounts[0].read += 5;
        let second = fixture.measure_after(&first);
        let changes = second.key_changes.expect("there was a run before");
        assert_eq!((changes.previous_run, changes.rows_read.delta), (1, 5));
        assert_eq!(changes.redundant.delta_basis_points, Some(0));
        assert_eq!(second.changes.sources.len(), 2);
        assert!(first.key_changes.is_none() && first.changes.sources.is_empty());
    }

    #[test]
    fn figures_come_back_from_their_json() {
        let quality = Fixture::group().measure();
        let json = serde_json::to_string_pretty(&quality).expect("figures are plain");
        let back: Quality = serde_json::from_str(&json).expect("as written");
        assert_eq!(back, quality);
        assert_eq!(
            serde_json::to_string_pretty(&Fixture::group().measure()).expect("figures are plain"),
            json
        );
    }

    #[test]
    fn an_empty_run_has_no_shares() {
        let quality = Fixture::empty().measure();
        assert_eq!(quality.key_figures.redundant.per_mille(), None);
        assert!(quality.worst_sources.is_empty());
    }
}

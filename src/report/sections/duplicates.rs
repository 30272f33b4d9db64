//! Duplicates, customers that sources share, and records per customer.

use super::super::chart;
use super::super::format::Figure;
use super::Context;
use crate::quality::ClusterSizeBin;
use crate::quality::DuplicateFigures;

/// Duplicates overall and within each source.
pub(crate) struct DuplicatesSection {
    pub(crate) overall: DuplicateRow,
    pub(crate) rows: Vec<DuplicateRow>,
}

/// One line of duplicates.
pub(crate) struct DuplicateRow {
    pub(crate) name: String,
    pub(crate) records: Figure,
    pub(crate) unified_ids: Figure,
    pub(crate) redundant: Figure,
    pub(crate) redundant_bar: String,
    pub(crate) affected: Figure,
    pub(crate) affected_bar: String,
}

fn duplicate_row(name: &str, path: &str, records: Figure, figures: &DuplicateFigures) -> DuplicateRow {
    let bar = |share: crate::quality::Share| chart::width(share.numerator, share.denominator);
    DuplicateRow {
        name: name.to_owned(),
        records,
        unified_ids: Figure::count(format!("{path}.unified_ids"), figures.unified_ids),
        redundant: Figure::share(format!("{path}.redundant"), figures.redundant),
        redundant_bar: bar(figures.redundant),
        affected: Figure::share(format!("{path}.affected"), figures.affected),
        affected_bar: bar(figures.affected),
    }
}

impl DuplicatesSection {
    pub(crate) fn new(context: Context<'_>) -> Self {
        let quality = context.quality;
        let records = Figure::count("key_figures.records", quality.key_figures.records);
        let sources = quality.sources.iter().enumerate();
        Self {
            overall: duplicate_row(context.m.all_sources, "duplicates", records, &quality.duplicates),
            rows: sources
                .map(|(at, source)| {
                    let records = Figure::count(format!("sources.{at}.accepted"), source.accepted);
                    let path = format!("sources.{at}.duplicates");
                    duplicate_row(&source.name, &path, records, &source.duplicates)
                })
                .collect(),
        }
    }
}

/// The matrix of shared customers.
pub(crate) struct OverlapSection {
    pub(crate) names: Vec<String>,
    pub(crate) rows: Vec<OverlapRow>,
    pub(crate) by_source_count: Vec<SourceCountRow>,
}

/// One source against all.
pub(crate) struct OverlapRow {
    pub(crate) name: String,
    pub(crate) cells: Vec<OverlapCell>,
}

/// One pair of sources.
pub(crate) struct OverlapCell {
    pub(crate) figure: Figure,
    /// Class of the heat, `heat0` to `heat5`, or `diagonal`.
    pub(crate) class: String,
}

/// Customers served by exactly this many sources.
pub(crate) struct SourceCountRow {
    pub(crate) sources: usize,
    pub(crate) figure: Figure,
    pub(crate) bar: String,
}

/// Steps of the heat above nothing.
const HEAT_MAX: u64 = 5;

fn heat(count: u64, most: u64) -> String {
    let step = if count == 0 || most == 0 {
        0
    } else {
        // Whole steps of the largest entry beside the diagonal, rounded up.
        u128::from(count.min(most))
            .saturating_mul(u128::from(HEAT_MAX))
            .div_ceil(u128::from(most))
    };
    format!("heat{step}")
}

impl OverlapSection {
    pub(crate) fn new(context: Context<'_>) -> Self {
        let overlap = &context.quality.overlap;
        let beside = overlap.matrix.iter().enumerate().flat_map(|(i, row)| {
            row.iter()
                .enumerate()
                .filter(move |(j, _)| *j != i)
                .map(|(_, &count)| count)
        });
        let most = beside.max().unwrap_or(0);
        let cell = |i: usize, (j, &count): (usize, &u64)| OverlapCell {
            figure: Figure::count(format!("overlap.matrix.{i}.{j}"), count),
            class: if i == j {
                "diagonal".to_owned()
            } else {
                heat(count, most)
            },
        };
        let sources = &context.quality.sources;
        let rows = sources.iter().zip(&overlap.matrix).enumerate();
        Self {
            names: sources.iter().map(|s| s.name.clone()).collect(),
            rows: rows
                .map(|(i, (source, row))| OverlapRow {
                    name: source.name.clone(),
                    cells: row.iter().enumerate().map(|entry| cell(i, entry)).collect(),
                })
                .collect(),
            by_source_count: source_counts(&overlap.ids_by_source_count),
        }
    }
}

fn source_counts(ids: &[u64]) -> Vec<SourceCountRow> {
    let most = ids.iter().copied().max().unwrap_or(0);
    let used = ids
        .iter()
        .rposition(|&count| count > 0)
        .map_or(0, |last| last + 1);
    ids[..used]
        .iter()
        .enumerate()
        .map(|(at, &count)| SourceCountRow {
            sources: at + 1,
            figure: Figure::count(format!("overlap.ids_by_source_count.{at}"), count),
            bar: chart::width(count, most),
        })
        .collect()
}

/// Records per customer.
pub(crate) struct SizesSection {
    pub(crate) largest: Figure,
    pub(crate) rows: Vec<SizeRow>,
}

/// One bin of sizes.
pub(crate) struct SizeRow {
    pub(crate) label: String,
    pub(crate) unified_ids: Figure,
    pub(crate) records: Figure,
    pub(crate) bar: String,
}

impl SizesSection {
    pub(crate) fn new(context: Context<'_>) -> Self {
        let quality = context.quality;
        let most = quality.cluster_sizes.iter().map(|bin| bin.unified_ids).max();
        let rows = quality.cluster_sizes.iter().enumerate();
        Self {
            largest: Figure::count("cluster_size_max", quality.cluster_size_max),
            rows: rows
                .map(|(at, bin)| SizeRow {
                    label: size_label(bin, context.m.size_and_more),
                    unified_ids: Figure::count(format!("cluster_sizes.{at}.unified_ids"), bin.unified_ids),
                    records: Figure::count(format!("cluster_sizes.{at}.records"), bin.records),
                    bar: chart::width(bin.unified_ids, most.unwrap_or(0)),
                })
                .collect(),
        }
    }
}

fn size_label(bin: &ClusterSizeBin, and_more: &str) -> String {
    match bin.size_max {
        Some(max) if max == bin.size_min => max.to_string(),
        Some(max) => format!("{}\u{2013}{max}", bin.size_min),
        None => format!("{} {and_more}", bin.size_min),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heat_rises_in_steps_and_only_nothing_is_cold() {
        let steps: Vec<String> = [0, 1, 20, 21, 100].map(|count| heat(count, 100)).to_vec();
        assert_eq!(steps, ["heat0", "heat1", "heat1", "heat2", "heat5"]);
        assert_eq!(heat(0, 0), "heat0");
    }
}

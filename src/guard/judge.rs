//! The guards themselves: tonight's figures against limits and past.

use super::catalogue::guards;
use super::drift::swapped;
use super::limits::Limits;
use super::night::FieldFigures;
use super::night::LostColumn;
use super::night::Night;
use super::night::Part;
use super::night::SourceFigures;
use super::report::Trend;
use super::verdict::Level;
use super::verdict::Verdict;
use std::cmp::Ordering;

/// Keys of the last run above which a source that kept none of them was renumbered, however small it is.
const KEYS_LOST_MIN: u64 = 2;

/// How much worse than an accepted figure is as good as the same.
const ACCEPTED_GROWTH: f64 = 1.1;

/// Judges one run: every figure beyond a limit, in the order of guards, then sources, then fields.
///
/// The result depends on the arguments alone; with an empty `trend` guards that need a past are silent.
pub fn judge(limits: &Limits, night: &Night, trend: &Trend) -> Vec<Verdict> {
    let judge = Judge { limits, night, trend };
    let mut verdicts = Vec::new();
    for source in &night.sources {
        verdicts.extend(judge.rows(source));
        verdicts.extend(judge.keys(source));
        verdicts.extend(
            source
                .fields
                .iter()
                .filter_map(|field| judge.unusable(source, field)),
        );
        verdicts.extend(judge.rejects(source));
    }
    verdicts.extend(judge.ids("ids_merged", night.ids_merged));
    verdicts.extend(judge.ids("ids_split", night.ids_split));
    verdicts.extend(judge.largest_cluster());
    verdicts.extend(judge.candidate_pairs());
    verdicts.extend(judge.golden());
    verdicts.extend(judge.tax_id_conflicts());
    verdicts.extend(judge.schema());
    let place = |verdict: &Verdict| guards().iter().position(|guard| guard.name == verdict.guard);
    verdicts.sort_by(|a, b| (place(a), &a.source).cmp(&(place(b), &b.source)));
    verdicts
}

struct Judge<'a> {
    limits: &'a Limits,
    night: &'a Night,
    trend: &'a Trend,
}

/// A figure with what it is measured against.
struct Measured<'a> {
    guard: &'static str,
    source: &'a str,
    measured: f64,
    usual: Option<f64>,
}

impl Measured<'_> {
    fn verdict(&self, level: Level, limit: Option<f64>) -> Verdict {
        Verdict {
            guard: self.guard.to_owned(),
            source: self.source.to_owned(),
            names: Vec::new(),
            measured: self.measured,
            usual: self.usual,
            limit,
            level,
        }
    }

    /// The level of a figure that grows worse upwards; `excess` is compared with the guard's two limits, and `scale` makes
    /// a limit of it that people understand.
    fn above(&self, limits: &Limits, excess: f64, scale: impl Fn(f64) -> f64) -> Option<Verdict> {
        let [warn, refuse] = ["warn", "refuse"].map(|end| limits.get(&format!("{}_{end}", self.guard)));
        if excess > refuse {
            Some(self.verdict(Level::Refuse, Some(scale(refuse))))
        } else if excess > warn {
            Some(self.verdict(Level::Warn, Some(scale(warn))))
        } else {
            None
        }
    }
}

/// A refusal of what a steward accepted in the last run, and that is no worse, is a warning.
fn eased(verdict: Verdict, accepted: Option<f64>) -> Verdict {
    let is_old = accepted.is_some_and(|accepted| verdict.measured <= accepted * ACCEPTED_GROWTH);
    Verdict {
        level: if is_old { Level::Warn } else { verdict.level },
        ..verdict
    }
}

impl Judge<'_> {
    fn rows(&self, source: &SourceFigures) -> Option<Verdict> {
        let rows = |night: &Night| night.source(&source.name).map(|past| past.rows as f64);
        let usual = self.trend.median("rows", &source.name, rows)?;
        let measured = Measured {
            guard: "rows",
            source: &source.name,
            measured: source.rows as f64,
            usual: Some(usual),
        };
        if source.rows == 0 && usual > 0.0 {
            return Some(measured.verdict(Level::Refuse, None));
        }
        let off = (source.rows as f64 - usual).abs();
        if off <= self.limits.few() as f64 {
            return None;
        }
        measured.above(self.limits, off / usual.max(1.0), |limit| limit * usual)
    }

    fn keys(&self, source: &SourceFigures) -> Option<Verdict> {
        let kept = source.keys_kept.filter(|kept| kept.of > 0)?;
        // No rows at all are the row guard's.
        let lost = kept.of.saturating_sub(kept.part);
        let is_renumbered = kept.part == 0 && kept.of > KEYS_LOST_MIN;
        if source.rows == 0 || (lost <= self.limits.few() && !is_renumbered) {
            return None;
        }
        let measured = Measured {
            guard: "keys",
            source: &source.name,
            measured: kept.share(),
            usual: None,
        };
        let [warn, refuse] = ["keys_warn", "keys_refuse"].map(|name| self.limits.get(name));
        if kept.share() < refuse {
            Some(measured.verdict(Level::Refuse, Some(refuse)))
        } else if kept.share() < warn {
            Some(measured.verdict(Level::Warn, Some(warn)))
        } else {
            None
        }
    }

    fn unusable(&self, source: &SourceFigures, field: &FieldFigures) -> Option<Verdict> {
        let share = |night: &Night| {
            let past = night.source(&source.name)?.field(&field.field)?;
            (past.unusable.of > 0).then(|| past.unusable.share())
        };
        let usual = self.trend.median("unusable", &source.name, share)?;
        let rise = field.unusable.share() - usual;
        let more = rise * field.unusable.of as f64;
        if !field.is_matched || more <= self.limits.few() as f64 {
            return None;
        }
        let measured = Measured {
            guard: "unusable",
            source: &source.name,
            measured: field.unusable.share(),
            usual: Some(usual),
        };
        let verdict = measured.above(self.limits, rise, |limit| usual + limit)?;
        Some(Verdict {
            names: vec![field.field.clone()],
            ..verdict
        })
    }

    fn rejects(&self, source: &SourceFigures) -> Option<Verdict> {
        let of = |source: &SourceFigures| source.rejected.share().max(source.damaged.share());
        if source.rejected.part.max(source.damaged.part) <= self.limits.few() {
            return None;
        }
        let measured = Measured {
            guard: "rejects",
            source: &source.name,
            measured: of(source),
            usual: None,
        };
        let verdict = measured.above(self.limits, of(source), |limit| limit)?;
        let accepted = self.trend.accepted("rejects", &source.name, |night| {
            night.source(&source.name).map(of)
        });
        Some(eased(verdict, accepted))
    }

    fn ids(&self, guard: &'static str, part: Option<Part>) -> Option<Verdict> {
        let part = part.filter(|part| part.part > self.limits.few())?;
        let measured = Measured {
            guard,
            source: "",
            measured: part.share(),
            usual: None,
        };
        measured.above(self.limits, part.share(), |limit| limit)
    }

    fn largest_cluster(&self) -> Option<Verdict> {
        let size = self.night.largest_cluster as f64;
        let last = self.trend.last().map(|last| last.largest_cluster as f64);
        let measured = Measured {
            guard: "largest_cluster",
            source: "",
            measured: size,
            usual: last,
        };
        let growth = self.limits.get("largest_cluster_growth");
        let jumped = last.map(|last| last * growth).filter(|limit| size > *limit);
        let verdict = measured.above(self.limits, size, |limit| limit)?;
        if let (Level::Warn, Some(limit)) = (verdict.level, jumped) {
            return Some(measured.verdict(Level::Refuse, Some(limit)));
        }
        let of = |night: &Night| Some(night.largest_cluster as f64);
        Some(eased(verdict, self.trend.accepted("largest_cluster", "", of)))
    }

    fn candidate_pairs(&self) -> Option<Verdict> {
        let pairs = self.night.candidate_pairs as f64;
        let of = |night: &Night| Some(night.candidate_pairs as f64);
        let usual = self.trend.median("candidate_pairs", "", of);
        let measured = Measured {
            guard: "candidate_pairs",
            source: "",
            measured: pairs,
            usual,
        };
        let most = self.limits.get("candidate_pairs_max");
        if pairs > most {
            return Some(measured.verdict(Level::Refuse, Some(most)));
        }
        let usual = usual?;
        if pairs - usual <= PAIRS_FEW {
            return None;
        }
        measured.above(self.limits, pairs / usual.max(1.0), |limit| limit * usual)
    }

    fn golden(&self) -> Vec<Verdict> {
        let of_field = |golden: &super::GoldenFigures| {
            let part = golden.changed;
            if part.part <= self.limits.few() {
                return None;
            }
            let measured = Measured {
                guard: "golden_changes",
                source: "",
                measured: part.share(),
                usual: None,
            };
            let verdict = measured.above(self.limits, part.share(), |limit| limit)?;
            Some(Verdict {
                names: vec![golden.field.clone()],
                ..verdict
            })
        };
        self.night.golden.iter().filter_map(of_field).collect()
    }

    fn tax_id_conflicts(&self) -> Option<Verdict> {
        let found = self.night.tax_id_conflicts as f64;
        let limit = self.limits.get("tax_id_conflicts_refuse");
        let measured = Measured {
            guard: "tax_id_conflicts",
            source: "",
            measured: found,
            usual: None,
        };
        if found.partial_cmp(&limit) != Some(Ordering::Greater) {
            return None;
        }
        let of = |night: &Night| Some(night.tax_id_conflicts as f64);
        let verdict = measured.verdict(Level::Refuse, Some(limit));
        Some(match self.trend.accepted("tax_id_conflicts", "", of) {
            Some(accepted) if found <= accepted => Verdict {
                level: Level::Warn,
                ..verdict
            },
            _ => verdict,
        })
    }

    fn schema(&self) -> Vec<Verdict> {
        let verdict = |source: &str, measured: f64, names: Vec<String>, level: Level| Verdict {
            guard: "schema".to_owned(),
            source: source.to_owned(),
            names,
            measured,
            usual: None,
            limit: None,
            level,
        };
        let mut found: Vec<Verdict> = Vec::new();
        let Some(last) = self.trend.last() else {
            return found;
        };
        // A column that was not there before is not lost: the job is wrong, and a warning says so.
        let had = |lost: &&LostColumn| last.header(&lost.source).is_some();
        for lost in self.night.lost_columns.iter().filter(had) {
            let names = std::iter::once(&lost.column).chain(&lost.nearest).cloned();
            found.push(verdict(&lost.source, 0.0, names.collect(), Level::Refuse));
        }
        for header in &self.night.headers {
            let Some(past) = last.header(&header.source) else {
                continue;
            };
            let added = header.columns.iter().filter(|name| !past.columns.contains(name));
            let gone = past.columns.iter().filter(|name| !header.columns.contains(name));
            let names: Vec<String> = added.chain(gone).cloned().collect();
            if !names.is_empty() {
                let count = names.len() as f64;
                found.push(verdict(&header.source, count, names, Level::Warn));
            }
        }
        for source in &self.night.sources {
            let Some(past) = last.source(&source.name) else {
                continue;
            };
            for (a, b) in swapped(source, past) {
                let names = vec![a.to_owned(), b.to_owned()];
                found.push(verdict(&source.name, 1.0, names, Level::Refuse));
            }
        }
        found
    }
}

/// Candidate pairs more than usual that cost nobody anything.
const PAIRS_FEW: f64 = 10_000.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard::FieldShape;
    use crate::guard::GoldenFigures;
    use crate::guard::GuardReport;
    use crate::guard::Header;
    use crate::guard::limits;
    use crate::model::Language;

    fn part(part: u64, of: u64) -> Part {
        Part { part, of }
    }

    /// A night of 1,000 rows of the source 华东 in which nothing is out of order.
    fn night() -> Night {
        let field = FieldFigures {
            field: "phones".to_owned(),
            is_matched: true,
            unusable: part(20, 1_000),
            shape: FieldShape::default(),
        };
        Night {
            sources: vec![SourceFigures {
                name: "华东".to_owned(),
                rows: 1_000,
                rejected: part(0, 1_000),
                damaged: part(0, 1_000),
                keys_kept: Some(part(990, 1_000)),
                fields: vec![field],
            }],
            headers: vec![Header {
                source: "华东".to_owned(),
                columns: vec!["Phone".to_owned(), "客户名称".to_owned()],
            }],
            ids_merged: Some(part(2, 10_000)),
            ids_split: Some(part(2, 10_000)),
            largest_cluster: 12,
            candidate_pairs: 100_000,
            golden: vec![GoldenFigures {
                field: "customer_name".to_owned(),
                changed: part(3, 10_000),
            }],
            ..Night::default()
        }
    }

    fn past(nights: Vec<Night>) -> Trend {
        let report = |night| GuardReport {
            night,
            ..GuardReport::default()
        };
        Trend {
            runs: nights.into_iter().map(report).collect(),
        }
    }

    /// Guard and level of tonight after seven nights in order.
    fn check(change: impl Fn(&mut Night), expected: &[(&str, Level)]) {
        let mut tonight = night();
        change(&mut tonight);
        let verdicts = judge(&Limits::default(), &tonight, &past(vec![night(); 7]));
        let got: Vec<(&str, Level)> = verdicts.iter().map(|v| (v.guard.as_str(), v.level)).collect();
        assert_eq!(got, expected);
        for verdict in &verdicts {
            for language in [Language::En, Language::Zh] {
                let text = verdict.text(language);
                assert!(text.contains(&format!("`{}`", verdict.guard)), "{text}");
            }
        }
    }

    const WARN: Level = Level::Warn;
    const REFUSE: Level = Level::Refuse;

    #[test]
    fn an_ordinary_night_is_silent_and_so_is_the_first() {
        check(|_| {}, &[]);
        let mut first = night();
        first.sources[0].keys_kept = None;
        (first.ids_merged, first.ids_split) = (None, None);
        assert!(judge(&Limits::default(), &first, &Trend::default()).is_empty());
    }

    #[test]
    fn b9_rows_of_a_source_against_the_median() {
        check(|n| n.sources[0].rows = 1_090, &[]);
        check(|n| n.sources[0].rows = 1_110, &[("rows", WARN)]);
        check(|n| n.sources[0].rows = 880, &[("rows", WARN)]);
        check(|n| n.sources[0].rows = 690, &[("rows", REFUSE)]);
        check(|n| n.sources[0].rows = 1_400, &[("rows", REFUSE)]);
        check(|n| n.sources[0].rows = 0, &[("rows", REFUSE)]);
    }

    #[test]
    fn a_handful_of_rows_is_not_judged_but_no_rows_are() {
        let with = |rows| {
            let mut night = night();
            night.sources[0].rows = rows;
            night.sources[0].keys_kept = Some(part(rows, 4));
            night
        };
        let judged = |rows| judge(&Limits::default(), &with(rows), &past(vec![with(4)]));
        assert!(judged(1).is_empty());
        assert_eq!(judged(0)[0].level, REFUSE);
    }

    #[test]
    fn b9_keys_in_common_with_the_last_extract() {
        check(|n| n.sources[0].keys_kept = Some(part(960, 1_000)), &[]);
        check(
            |n| n.sources[0].keys_kept = Some(part(940, 1_000)),
            &[("keys", WARN)],
        );
        check(
            |n| n.sources[0].keys_kept = Some(part(490, 1_000)),
            &[("keys", REFUSE)],
        );
        check(|n| n.sources[0].keys_kept = Some(part(0, 3)), &[("keys", REFUSE)]);
    }

    #[test]
    fn b9_unusable_values_of_fields_used_for_matching() {
        check(|n| n.sources[0].fields[0].unusable.part = 45, &[]);
        check(
            |n| n.sources[0].fields[0].unusable.part = 60,
            &[("unusable", WARN)],
        );
        check(
            |n| n.sources[0].fields[0].unusable.part = 190,
            &[("unusable", REFUSE)],
        );
        let unmatched = |n: &mut Night| {
            n.sources[0].fields[0].unusable.part = 900;
            n.sources[0].fields[0].is_matched = false;
        };
        check(unmatched, &[]);
    }

    #[test]
    fn b9_rejected_rows_and_undecodable_cells() {
        check(|n| n.sources[0].rejected = part(6, 10_000), &[]);
        check(|n| n.sources[0].rejected = part(20, 10_000), &[("rejects", WARN)]);
        check(
            |n| n.sources[0].rejected = part(200, 10_000),
            &[("rejects", REFUSE)],
        );
        check(
            |n| n.sources[0].damaged = part(200, 10_000),
            &[("rejects", REFUSE)],
        );
    }

    #[test]
    fn b9_ids_merged_and_split() {
        check(|n| n.ids_merged = Some(part(60, 10_000)), &[("ids_merged", WARN)]);
        check(
            |n| n.ids_merged = Some(part(250, 10_000)),
            &[("ids_merged", REFUSE)],
        );
        check(|n| n.ids_split = Some(part(30, 10_000)), &[("ids_split", WARN)]);
        check(
            |n| n.ids_split = Some(part(150, 10_000)),
            &[("ids_split", REFUSE)],
        );
        check(|n| n.ids_merged = Some(part(5, 10)), &[]);
    }

    #[test]
    fn b9_the_largest_customer() {
        check(|n| n.largest_cluster = 36, &[]);
        check(|n| n.largest_cluster = 201, &[("largest_cluster", REFUSE)]);
        // Three times the last run's, above the warning.
        check(|n| n.largest_cluster = 60, &[("largest_cluster", REFUSE)]);
        let of = |size| Night {
            largest_cluster: size,
            ..night()
        };
        let levels = judge(&Limits::default(), &of(60), &past(vec![of(55)]));
        assert_eq!(levels[0].level, WARN);
    }

    #[test]
    fn b9_candidate_pairs_against_the_median() {
        check(|n| n.candidate_pairs = 199_000, &[]);
        check(|n| n.candidate_pairs = 210_000, &[("candidate_pairs", WARN)]);
        check(|n| n.candidate_pairs = 510_000, &[("candidate_pairs", REFUSE)]);
        let mut limits = Limits::default();
        limits.set("candidate_pairs_max", 50_000.0);
        assert_eq!(judge(&limits, &night(), &Trend::default())[0].level, REFUSE);
    }

    #[test]
    fn b9_golden_names_and_tax_numbers() {
        check(|n| n.golden[0].changed.part = 110, &[("golden_changes", WARN)]);
        check(|n| n.golden[0].changed.part = 510, &[("golden_changes", REFUSE)]);
    }

    #[test]
    fn b9_customers_of_two_valid_identifiers() {
        check(|n| n.tax_id_conflicts = 1, &[("tax_id_conflicts", REFUSE)]);
    }

    #[test]
    fn b8_added_columns_warn_and_lost_or_swapped_ones_refuse() {
        check(
            |n| n.headers[0].columns.push("邮箱".to_owned()),
            &[("schema", WARN)],
        );
        let lost = |n: &mut Night| {
            n.lost_columns = vec![LostColumn {
                source: "华东".to_owned(),
                column: "客户名称".to_owned(),
                nearest: Some("客户名".to_owned()),
            }];
        };
        check(lost, &[("schema", REFUSE)]);
        let mut tonight = night();
        lost(&mut tonight);
        let text = judge(&Limits::default(), &tonight, &past(vec![night()]))[0].text(Language::En);
        assert_eq!(
            text,
            "source `华东`: the mapped column `客户名称` is gone; did you mean `客户名`? (guard `schema` refused)"
        );
    }

    #[test]
    fn an_accepted_figure_is_the_new_normal() {
        let with = |rows, rejected| {
            let mut night = night();
            night.sources[0].rows = rows;
            night.sources[0].rejected = part(rejected, 10_000);
            night
        };
        let accepted = with(500, 200);
        let mut trend = past(vec![night(); 6]);
        let verdicts = judge(&Limits::default(), &accepted, &trend);
        assert_eq!(verdicts.len(), 2);
        trend.runs.insert(
            0,
            GuardReport {
                night: accepted.clone(),
                verdicts,
                ..GuardReport::default()
            },
        );
        let after = judge(&Limits::default(), &accepted, &trend);
        let levels: Vec<_> = after.iter().map(|v| (v.guard.as_str(), v.level)).collect();
        assert_eq!(levels, [("rejects", WARN)]);
        let back = judge(&Limits::default(), &with(1_000, 300), &trend);
        let levels: Vec<_> = back.iter().map(|v| (v.guard.as_str(), v.level)).collect();
        assert_eq!(levels, [("rows", REFUSE), ("rejects", REFUSE)]);
    }

    #[test]
    fn every_guard_has_its_limits_in_the_catalogue() {
        for guard in guards() {
            let named = limits().iter().any(|limit| limit.name.starts_with(guard.name));
            assert!(named || guard.name == "schema", "{}", guard.name);
        }
    }
}

//! Figures of the last run for a Prometheus textfile collector.
//!
//! In: the figures, and what only the caller knows of the run ([`RunMetrics`]). Out: the text of `metrics.prom`, in the exposition
//! format 0.0.4. Names of sources are labels, values of records never are. Series are bounded: seven figures a source, and
//! sources beyond [`SOURCES_MAX`] are summed under `other`.

use super::figures::Quality;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Sources with series of their own.
const SOURCES_MAX: usize = 60;

/// What the figures of quality do not say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RunMetrics {
    /// Exit code of the command.
    pub exit_code: u8,
    /// Seconds since 1970 at the end of the run.
    pub finished_at: i64,
    /// Seconds since 1970 of the last published run; 0 when there was none.
    pub last_success_at: i64,
    /// Milliseconds by part of the run.
    pub timings_ms: BTreeMap<String, u64>,
    /// Counts of the manifest.
    pub counts: BTreeMap<String, u64>,
    /// Largest resident memory in bytes; 0 when unknown.
    pub memory_bytes: u64,
}

/// The text of the file.
pub fn metrics(quality: &Quality, run: &RunMetrics) -> String {
    let mut text = Textfile::default();
    text.family("guiyi_exit_code", "gauge", "Exit code of the last run");
    text.sample("guiyi_exit_code", "", run.exit_code.into());
    text.family("guiyi_finished_timestamp_seconds", "gauge", "End of the last run");
    text.sample("guiyi_finished_timestamp_seconds", "", run.finished_at);
    let name = "guiyi_last_success_timestamp_seconds";
    text.family(name, "gauge", "End of the last run that was published");
    text.sample(name, "", run.last_success_at);
    text.family("guiyi_part_milliseconds", "gauge", "Time by part of the run");
    for (part, milliseconds) in &run.timings_ms {
        text.sample(
            "guiyi_part_milliseconds",
            &label("part", part),
            *milliseconds as i64,
        );
    }
    text.family("guiyi_count", "gauge", "Counts of the run");
    for (count, value) in &run.counts {
        text.sample("guiyi_count", &label("of", count), *value as i64);
    }
    let ids = &quality.changes.ids;
    text.family(
        "guiyi_ids_changed",
        "gauge",
        "Unified IDs by what happened to them",
    );
    for (kind, ids) in [
        ("new", ids.new),
        ("merged", ids.merged),
        ("split", ids.split),
        ("resurrected", ids.resurrected),
        ("retired", ids.retired),
    ] {
        text.sample("guiyi_ids_changed", &label("kind", kind), ids as i64);
    }
    text.family("guiyi_review_items", "gauge", "Questions in the review queue");
    text.sample("guiyi_review_items", "", quality.review.items as i64);
    text.family(
        "guiyi_review_oldest_days",
        "gauge",
        "Days that the oldest question of the review queue waits",
    );
    let oldest = quality.review.oldest_days.unwrap_or_default();
    text.sample("guiyi_review_oldest_days", "", oldest as i64);
    text.family(
        "guiyi_gates_failed",
        "gauge",
        "Quality gates that sources do not pass",
    );
    text.sample("guiyi_gates_failed", "", quality.gates_failed.len() as i64);
    text.family(
        "guiyi_peak_memory_bytes",
        "gauge",
        "Largest resident memory of the run",
    );
    text.sample("guiyi_peak_memory_bytes", "", run.memory_bytes as i64);
    sources(&mut text, quality);
    text.0
}

fn sources(text: &mut Textfile, quality: &Quality) {
    for (family, of, help) in [
        ("guiyi_source_rows", 0, "Rows of a source by what became of them"),
        (
            "guiyi_source_basis_points",
            1,
            "Measures of a source in hundredths of a per cent",
        ),
    ] {
        text.family(family, "gauge", help);
        for source in quality.sources.iter().take(SOURCES_MAX) {
            let name = label("source", &source.name);
            let rows = [
                ("read", source.read),
                ("accepted", source.accepted),
                ("rejected", source.rejected),
            ];
            let shown = ["completeness", "validity", "duplicate_rate", "accuracy"];
            if of == 0 {
                for (kind, rows) in rows {
                    text.sample(family, &format!("{name},{}", label("rows", kind)), rows as i64);
                }
                continue;
            }
            let measured = source
                .scorecard
                .iter()
                .filter(|of| shown.contains(&of.measure.as_str()));
            for (measure, points) in measured.filter_map(|of| Some((&of.measure, of.share.basis_points()?))) {
                text.sample(
                    family,
                    &format!("{name},{}", label("measure", measure)),
                    points as i64,
                );
            }
        }
    }
    let others = quality.sources.iter().skip(SOURCES_MAX);
    let rows: u64 = others.map(|source| source.read).sum();
    if quality.sources.len() > SOURCES_MAX {
        text.sample_of("guiyi_source_rows_other", rows as i64);
    }
}

/// A label with its value escaped.
fn label(name: &str, value: &str) -> String {
    let escaped = value
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n");
    format!("{name}=\"{escaped}\"")
}

#[derive(Default)]
struct Textfile(String);

impl Textfile {
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn sample(&mut self, name: &str, labels: &str, value: i64) {
        let _ = match labels {
            "" => writeln!(self.0, "{name} {value}"),
            labels => writeln!(self.0, "{name}{{{labels}}} {value}"),
        };
    }

    fn sample_of(&mut self, name: &str, value: i64) {
        self.family(name, "gauge", "Rows read of the sources beyond those named");
        self.sample(name, "", value);
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Fixture;
    use super::*;

    /// Series of a textfile by name and labels; panics at a line that Prometheus would refuse.
    fn parse(text: &str) -> BTreeMap<String, f64> {
        let mut series = BTreeMap::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let (name, value) = line.rsplit_once(' ').expect("a name and a value");
            let bare = name.split('{').next().unwrap();
            assert!(
                bare.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'),
                "{bare}"
            );
            assert!(text.contains(&format!("# TYPE {bare} gauge")), "{bare}");
            assert!(
                series.insert(name.to_owned(), value.parse().unwrap()).is_none(),
                "{name} twice"
            );
        }
        series
    }

    #[test]
    fn b14_every_line_parses_and_a_hundred_sources_stay_below_the_limit() {
        let mut quality = Fixture::group().measure();
        let run = RunMetrics {
            exit_code: 3,
            timings_ms: BTreeMap::from([("match".to_owned(), 12)]),
            ..RunMetrics::default()
        };
        let series = parse(&metrics(&quality, &run));
        assert_eq!(series["guiyi_exit_code"], 3.0);
        assert_eq!(series["guiyi_part_milliseconds{part=\"match\"}"], 12.0);
        assert_eq!(
            series["guiyi_source_rows{source=\"East 东区\",rows=\"read\"}"],
            6.0
        );
        let many = (0..100).map(|at| {
            let mut source = quality.sources[0].clone();
            source.name = format!("子公司\"{at}\\");
            source
        });
        quality.sources = many.collect();
        let series = parse(&metrics(&quality, &run));
        assert!(series.len() <= 500, "{}", series.len());
        assert_eq!(series["guiyi_source_rows_other"], 240.0);
    }
}

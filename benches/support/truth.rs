//! The truth of a labelled set: which records are one customer.
//!
//! Columns: a record key (`id`, `key` or `record_key`), `cluster`, and `source` where keys repeat; as for `guiyi eval`.

use std::collections::HashMap;
use std::path::Path;

/// Labels in the order of the file.
pub(crate) struct Truth {
    labels: Vec<Label>,
}

struct Label {
    source: Option<String>,
    key: String,
    cluster: u32,
}

impl Truth {
    /// Reads the labels of `path`.
    pub(crate) fn read(path: &Path) -> Self {
        let mut reader = csv::Reader::from_path(path).expect("the truth can be opened");
        let headers = reader.headers().expect("the truth has a header").clone();
        let column = |names: &[&str]| headers.iter().position(|header| names.contains(&header));
        let key = column(&["id", "key", "record_key"]).expect("the truth has keys");
        let cluster = column(&["cluster"]).expect("the truth has clusters");
        let source = column(&["source"]);
        let mut codes: HashMap<String, u32> = HashMap::new();
        let label = |row: Result<csv::StringRecord, csv::Error>| {
            let row = row.expect("the truth is sound CSV");
            let next = codes.len() as u32;
            Label {
                source: source.map(|at| row[at].to_owned()),
                key: row[key].to_owned(),
                cluster: *codes.entry(row[cluster].to_owned()).or_insert(next),
            }
        };
        let labels = reader.records().map(label).collect();
        Self { labels }
    }

    /// Number of labels.
    pub(crate) fn len(&self) -> usize {
        self.labels.len()
    }

    /// True cluster of every record, which is given as (source, key); `None` without a label.
    pub(crate) fn clusters_of<'a>(
        &self,
        records: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> Vec<Option<u32>> {
        let mut by_key: HashMap<&str, Vec<(&str, usize)>> = HashMap::new();
        let mut cluster_of = Vec::new();
        for (at, (source, key)) in records.enumerate() {
            by_key.entry(key).or_default().push((source, at));
            cluster_of.push(None);
        }
        for label in &self.labels {
            let same_key = by_key.get(label.key.as_str()).map_or(&[][..], Vec::as_slice);
            let named = same_key
                .iter()
                .find(|(source, _)| label.source.as_deref() == Some(*source));
            let found = named.or(if same_key.len() == 1 {
                same_key.first()
            } else {
                None
            });
            if let Some((_, at)) = found {
                cluster_of[*at] = Some(label.cluster);
            }
        }
        cluster_of
    }
}

//! The manifest: what a run consists of and what it was made from.
//!
//! In: entries of the run's files and the pipeline's facts. Out: `manifest.json`, written last. Its bytes are the one
//! rendering of its values and carry their own SHA-256 (taken with `manifest_sha256` empty), so that any changed bit is
//! noticed, here as in every file it lists.

use crate::publish::error::PublishError;
use crate::publish::files::digest_bytes;
use serde::Deserialize;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

/// Name of the manifest in a run's directory.
pub(super) const MANIFEST: &str = "manifest.json";

/// Newest format of manifests that this program writes and reads.
pub(super) const FORMAT: u32 = 1;

/// One file of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Name in the run's directory.
    pub name: String,
    /// Length.
    pub size_bytes: u64,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
    /// Rows of a table, its header left out; none for other files.
    pub rows: Option<u64>,
}

/// One file that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputEntry {
    /// Name of the source.
    pub source: String,
    /// File as named in the job.
    pub file: String,
    /// Length.
    pub size_bytes: u64,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
}

/// What the pipeline knows of its run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunFacts {
    /// Number of the run; the first is 1.
    pub run: u32,
    /// Run that was published when this one was built; empty for the first, none in runs of older programs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_run: Option<String>,
    /// Was the run made to be published, and not kept as a candidate? No in candidates and in runs of older programs.
    #[serde(default, skip_serializing_if = "is_no")]
    pub is_for_publication: bool,
    /// Version of the program.
    pub program_version: String,
    /// SHA-256 of the plan.
    pub plan_sha256: String,
    /// SHA-256 of what the plan says about matching; empty in runs of older programs.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub matching_sha256: String,
    /// Start, UTC, RFC 3339.
    pub started_at: String,
    /// End, UTC, RFC 3339.
    pub finished_at: String,
    /// SHA-256 of the adopted model that the run took over; empty when it used the last run's or learned its own.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub adopted_model_sha256: String,
    /// Number of the last map of renumbered keys that the run followed, 0 without any; missing in runs of older programs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_map: Option<i64>,
    /// Files read, in the order of sources and files.
    pub inputs: Vec<InputEntry>,
    /// Figures by name, such as `records` or `unified_ids`.
    pub counts: BTreeMap<String, u64>,
    /// Time per stage in milliseconds.
    pub timings_ms: BTreeMap<String, u64>,
}

fn is_no(value: &bool) -> bool {
    !value
}

/// Everything about one sealed run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Format of the manifest and the run's files.
    pub format: u32,
    /// The run's id, which is its directory's name.
    pub run_id: String,
    /// What the pipeline knows.
    #[serde(flatten)]
    pub facts: RunFacts,
    /// The files, sorted by name; the manifest itself is left out.
    pub files: Vec<FileEntry>,
    /// SHA-256 of this text with this value empty.
    pub manifest_sha256: String,
}

impl Manifest {
    /// The manifest with its digest.
    pub(super) fn new(run_id: &str, facts: RunFacts, files: Vec<FileEntry>) -> Self {
        let mut manifest = Self {
            format: FORMAT,
            run_id: run_id.to_owned(),
            facts,
            files,
            manifest_sha256: String::new(),
        };
        manifest.manifest_sha256 = digest_bytes(manifest.render().as_bytes());
        manifest
    }

    /// The text of the file.
    pub(super) fn render(&self) -> String {
        let text =
            serde_json::to_string_pretty(self).expect("numbers and texts under text keys have a JSON form");
        text + "\n"
    }

    /// Reads the text of `path` and checks it.
    pub(super) fn parse(path: &Path, text: &str) -> Result<Self, PublishError> {
        #[derive(Deserialize)]
        struct Format {
            format: u32,
        }
        let damaged = |error: serde_json::Error| {
            PublishError::damaged(path, format!("line {} is not as written", error.line()))
        };
        let Format { format } = serde_json::from_str(text).map_err(damaged)?;
        if format > FORMAT {
            return Err(PublishError::Newer {
                path: path.to_path_buf(),
                found: format,
                known: FORMAT,
            });
        }
        let manifest: Self = serde_json::from_str(text).map_err(damaged)?;
        let fresh = Self::new(&manifest.run_id, manifest.facts.clone(), manifest.files.clone());
        if fresh.render() != text {
            return Err(PublishError::damaged(path, "its checksum does not fit"));
        }
        Ok(manifest)
    }

    /// The entry of a file.
    pub fn file(&self, name: &str) -> Option<&FileEntry> {
        self.files.iter().find(|file| file.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Manifest {
        let facts = RunFacts {
            run: 3,
            counts: BTreeMap::from([("records".to_owned(), 7)]),
            inputs: vec![InputEntry {
                source: "华北".to_owned(),
                file: "north/客户.csv".to_owned(),
                size_bytes: 10,
                sha256: digest_bytes(b"x"),
            }],
            ..RunFacts::default()
        };
        let golden = FileEntry {
            name: "golden.parquet".to_owned(),
            size_bytes: 4,
            sha256: digest_bytes(b"gold"),
            rows: Some(2),
        };
        Manifest::new("000003-x", facts, vec![golden])
    }

    #[test]
    fn a_manifest_comes_back_from_its_text() {
        let manifest = sample();
        let again = Manifest::parse(Path::new("manifest.json"), &manifest.render()).unwrap();
        assert_eq!(again, manifest);
        assert_eq!(again.file("golden.parquet").and_then(|file| file.rows), Some(2));
    }

    #[test]
    fn every_flipped_bit_is_noticed() {
        let text = sample().render().into_bytes();
        for position in 0..text.len() * 8 {
            let mut bytes = text.clone();
            bytes[position / 8] ^= 1 << (position % 8);
            let Ok(flipped) = String::from_utf8(bytes) else {
                continue;
            };
            assert!(
                Manifest::parse(Path::new("m"), &flipped).is_err(),
                "bit {position}"
            );
        }
    }

    #[test]
    fn a_newer_format_is_named_as_such() {
        let text = sample().render().replace("\"format\": 1", "\"format\": 2");
        let error = Manifest::parse(Path::new("m"), &text);
        assert!(matches!(
            error,
            Err(PublishError::Newer {
                found: 2,
                known: 1,
                ..
            })
        ));
    }
}

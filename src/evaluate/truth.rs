//! Truth as files: which records are one customer, and which customers are only related.
//!
//! In: a CSV of labels (record key `id`, `key` or `record_key`; `cluster`; `source` where keys repeat; `damage`, words parted by blanks,
//! where it is known what happened to a record), and a CSV of relations (`cluster`, `relation`, `group`): customers under one relation and
//! group are different, however alike. Out: [`Truth`] and [`Relations`] in codes. What a run made of them is counted by `agreement`
//! and `separation`.

use std::collections::HashMap;
use std::path::Path;
use std::path::PathBuf;
use thiserror::Error;

/// Damages that one truth can tell apart; a label holds them in one word.
const DAMAGES_MAX: usize = 64;

/// End of a chain of records with one key.
const NONE: u32 = u32::MAX;

/// Why a truth cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum EvaluateError {
    /// A file that is not there, or no CSV.
    #[error("`{}` cannot be read: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the reader said.
        #[source]
        source: csv::Error,
    },
    /// A column that must be there.
    #[error("`{}` has no column {column}", path.display())]
    MissingColumn {
        /// The file.
        path: PathBuf,
        /// Its possible names, in backticks.
        column: &'static str,
    },
    /// More kinds of damage than a label can hold.
    #[error("`{}` names more than {DAMAGES_MAX} kinds of damage", path.display())]
    DamagesTooMany {
        /// The file.
        path: PathBuf,
    },
    /// Labels that could mean several records.
    #[error("record keys repeat across sources; give the truth a `source` column")]
    KeysRepeat,
}

/// One labelled record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    source: Option<Box<str>>,
    key: Box<str>,
    /// Code of the customer.
    pub cluster: u32,
    /// What happened to the record: one bit for each of [`Truth::damages`].
    pub damage: u64,
}

/// Labels in the order of the file.
#[derive(Debug, Clone, Default)]
pub struct Truth {
    labels: Vec<Label>,
    codes: HashMap<Box<str>, u32>,
    damages: Vec<String>,
    knows_damage: bool,
}

/// Opens a CSV and finds its header.
fn open(path: &Path) -> Result<(csv::Reader<std::fs::File>, csv::StringRecord), csv::Error> {
    let mut reader = csv::Reader::from_path(path)?;
    let headers = reader.headers()?.clone();
    Ok((reader, headers))
}

fn column_of(headers: &csv::StringRecord, names: &[&str]) -> Option<usize> {
    headers.iter().position(|header| {
        let header = header.trim_start_matches('\u{FEFF}').trim();
        names.contains(&header)
    })
}

impl Truth {
    /// Reads the labels of `path`.
    ///
    /// # Errors
    /// [`EvaluateError`] when the file cannot be read, lacks a column, or names too many damages.
    pub fn read(path: &Path) -> Result<Self, EvaluateError> {
        let fault = |source| EvaluateError::Unreadable {
            path: path.to_path_buf(),
            source,
        };
        let missing = |column| EvaluateError::MissingColumn {
            path: path.to_path_buf(),
            column,
        };
        let (mut reader, headers) = open(path).map_err(fault)?;
        let key = column_of(&headers, &["id", "key", "record_key"]);
        let key = key.ok_or_else(|| missing("`id`, `key` or `record_key`"))?;
        let cluster = column_of(&headers, &["cluster"]).ok_or_else(|| missing("`cluster`"))?;
        let source = column_of(&headers, &["source"]);
        let damage = column_of(&headers, &["damage"]);
        let mut truth = Self {
            knows_damage: damage.is_some(),
            ..Self::default()
        };
        let mut row = csv::StringRecord::new();
        while reader.read_record(&mut row).map_err(fault)? {
            let text = |at: usize| row.get(at).unwrap_or_default();
            let next = truth.codes.len() as u32;
            let words = damage.map_or("", text).split_whitespace();
            let Some(damage) = damages(&mut truth.damages, words) else {
                return Err(EvaluateError::DamagesTooMany {
                    path: path.to_path_buf(),
                });
            };
            let cluster = match truth.codes.get(text(cluster)) {
                Some(code) => *code,
                None => *truth.codes.entry(text(cluster).into()).or_insert(next),
            };
            truth.labels.push(Label {
                source: source.map(|at| text(at).into()),
                key: text(key).into(),
                cluster,
                damage,
            });
        }
        Ok(truth)
    }

    /// The labels.
    pub fn labels(&self) -> &[Label] {
        &self.labels
    }

    /// Names of the damages by bit; `None` when the truth does not say.
    pub fn damages(&self) -> Option<&[String]> {
        self.knows_damage.then_some(&self.damages)
    }

    /// For every label the position of its record; records are given as (source, key).
    ///
    /// A label finds its record by source and key, or by key alone where that is unique; `None` = no such record.
    ///
    /// # Errors
    /// [`EvaluateError::KeysRepeat`] when a label without a known source could mean several records.
    pub fn records<'a>(
        &self,
        records: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> Result<Vec<Option<u32>>, EvaluateError> {
        let records: Vec<(&str, &str)> = records.collect();
        let mut first: HashMap<&str, u32> = HashMap::with_capacity(records.len());
        let mut next = vec![NONE; records.len()];
        for (at, (_, key)) in records.iter().enumerate() {
            let before = first.insert(key, at as u32);
            next[at] = before.unwrap_or(NONE);
        }
        let find = |label: &Label| {
            let Some(&head) = first.get(&*label.key) else {
                return Ok(None);
            };
            let chain =
                std::iter::successors(Some(head), |at| Some(next[*at as usize]).filter(|&at| at != NONE));
            let named = chain
                .clone()
                .find(|at| label.source.as_deref() == Some(records[*at as usize].0));
            match named {
                Some(at) => Ok(Some(at)),
                None if next[head as usize] == NONE => Ok(Some(head)),
                None if label.source.is_some() => Ok(None),
                None => Err(EvaluateError::KeysRepeat),
            }
        };
        self.labels.iter().map(find).collect()
    }

    /// True cluster of every record, given as (source, key); `None` without a label.
    ///
    /// # Errors
    /// Those of [`Truth::records`].
    pub fn clusters_of<'a>(
        &self,
        records: impl ExactSizeIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Vec<Option<u32>>, EvaluateError> {
        let mut clusters = vec![None; records.len()];
        for (label, at) in self.labels.iter().zip(self.records(records)?) {
            if let Some(at) = at {
                clusters[at as usize] = Some(label.cluster);
            }
        }
        Ok(clusters)
    }
}

/// The bits of some damages; new ones get the next bit, `None` when there is none left.
fn damages<'a>(known: &mut Vec<String>, words: impl Iterator<Item = &'a str>) -> Option<u64> {
    let mut bits = 0;
    for word in words {
        let at = known.iter().position(|name| name == word).unwrap_or(known.len());
        if at == known.len() {
            known.push(word.to_owned());
        }
        if at >= DAMAGES_MAX {
            return None;
        }
        bits |= 1 << at;
    }
    Some(bits)
}

/// Customers that are related but different.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Relations {
    /// Names of the relations, in alphabetical order.
    pub kinds: Vec<String>,
    /// (Position of the relation, code of the group, customer), in order, without repetition.
    pub members: Vec<(u32, u32, u32)>,
}

impl Relations {
    /// Reads the relations of `path` between customers of `truth`; customers that it lacks are left out.
    ///
    /// # Errors
    /// [`EvaluateError`] when the file cannot be read or lacks a column.
    pub fn read(path: &Path, truth: &Truth) -> Result<Self, EvaluateError> {
        let fault = |source| EvaluateError::Unreadable {
            path: path.to_path_buf(),
            source,
        };
        let (mut reader, headers) = open(path).map_err(fault)?;
        let column = |name, shown| {
            column_of(&headers, &[name]).ok_or_else(|| EvaluateError::MissingColumn {
                path: path.to_path_buf(),
                column: shown,
            })
        };
        let cluster = column("cluster", "`cluster`")?;
        let relation = column("relation", "`relation`")?;
        let group = column("group", "`group`")?;
        let (mut kinds, mut groups) = (HashMap::<String, u32>::new(), HashMap::<String, u32>::new());
        let mut members = Vec::new();
        let mut row = csv::StringRecord::new();
        while reader.read_record(&mut row).map_err(fault)? {
            let text = |at: usize| row.get(at).unwrap_or_default();
            if let Some(&customer) = truth.codes.get(text(cluster)) {
                let kind = code(&mut kinds, text(relation));
                members.push((kind, code(&mut groups, text(group)), customer));
            }
        }
        let mut names: Vec<(String, u32)> = kinds.into_iter().collect();
        names.sort_unstable();
        let mut position = vec![0; names.len()];
        for (at, (_, kind)) in names.iter().enumerate() {
            position[*kind as usize] = at as u32;
        }
        for member in &mut members {
            member.0 = position[member.0 as usize];
        }
        members.sort_unstable();
        members.dedup();
        let kinds = names.into_iter().map(|(name, _)| name).collect();
        Ok(Self { kinds, members })
    }
}

fn code(codes: &mut HashMap<String, u32>, text: &str) -> u32 {
    let next = codes.len() as u32;
    match codes.get(text) {
        Some(code) => *code,
        None => *codes.entry(text.to_owned()).or_insert(next),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn truth(text: &str) -> Result<Truth, EvaluateError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("truth.csv");
        std::fs::write(&path, text).unwrap();
        Truth::read(&path)
    }

    #[test]
    fn labels_find_their_records_by_source_and_key_or_by_a_key_of_one_record() {
        let read = truth("source,id,cluster\n华东,1,甲\nnorth,1,乙\n,9,甲\n").unwrap();
        let records = [("north", "1"), ("华东", "1"), ("south", "9"), ("south", "8")];
        assert_eq!(
            read.records(records.into_iter()).unwrap(),
            [Some(1), Some(0), Some(2)]
        );
        let clusters = read.clusters_of(records.into_iter()).unwrap();
        assert_eq!(clusters, [Some(1), Some(0), Some(0), None]);
        let keys = truth("id,cluster\n1,甲\n").unwrap();
        assert!(matches!(
            keys.records(records.into_iter()),
            Err(EvaluateError::KeysRepeat)
        ));
    }

    #[test]
    fn damages_are_bits_and_unknown_unless_there_is_a_column() {
        let read = truth("id,cluster,damage\n1,a,no_code moved\n2,a,\n3,b,moved\n").unwrap();
        assert_eq!(
            read.damages().unwrap(),
            ["no_code".to_owned(), "moved".to_owned()]
        );
        let bits: Vec<u64> = read.labels().iter().map(|label| label.damage).collect();
        assert_eq!(bits, [3, 0, 2]);
        assert!(truth("id,cluster\n1,a\n").unwrap().damages().is_none());
    }

    #[test]
    fn relations_name_customers_of_the_truth_and_a_missing_column_is_named() {
        let read = truth("id,cluster\n1,a\n2,b\n").unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("relations.csv");
        std::fs::write(
            &path,
            "cluster,relation,group\nb,sibling,G\na,branch,H\nz,branch,H\na,sibling,G\n",
        )
        .unwrap();
        let relations = Relations::read(&path, &read).unwrap();
        assert_eq!(relations.kinds, ["branch", "sibling"]);
        assert_eq!(relations.members, [(0, 1, 0), (1, 0, 0), (1, 0, 1)]);
        std::fs::write(&path, "cluster,kind,group\n").unwrap();
        let fault = Relations::read(&path, &read).unwrap_err();
        assert!(fault.to_string().contains("`relation`"), "{fault}");
    }
}

//! The questions of a run, with what a steward must see of both records.
//!
//! In: the tables `review` and `standard` of a run. Out: the first questions of the queue that nobody has answered, with the
//! standard values of their records side by side. `standard` is read slice by slice: only the records that are asked about
//! are kept.

use crate::field::FieldSpec;
use crate::publish::Run;
use crate::review::error::ReviewError;
use frame::ColumnData;
use frame::Table;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// A record by its source and key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecordKey {
    /// Name of the source.
    pub source: String,
    /// Key in the source.
    pub key: String,
}

/// One question: are the two records one customer?
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// The records.
    pub pair: [RecordKey; 2],
    /// Weight of the pair in bits.
    pub weight_bits: f64,
    /// Why it is asked, such as `bridge`.
    pub reason: String,
    /// Pairs of records that the answer decides.
    pub pairs: i64,
    /// Per field of the queue, the values of both records.
    pub values: Vec<[String; 2]>,
}

/// A field that at least one question shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Its name.
    pub name: String,
    /// Its labels, English and Chinese.
    pub labels: [String; 2],
}

/// Questions in the order of the run's queue.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Queue {
    /// The run that asks.
    pub run_id: String,
    /// Fields in the order of the schema.
    pub fields: Vec<Shown>,
    /// The questions.
    pub questions: Vec<Question>,
}

/// By source and key, the questions with the side on which the record stands.
type Wanted = BTreeMap<String, BTreeMap<String, Vec<(usize, usize)>>>;

const REVIEW: &str = "review";
const STANDARD: &str = "standard";

/// The first `limit` questions of a run that `is_open` lets through; what they show is not read yet then.
///
/// # Errors
/// [`ReviewError::Table`] and [`ReviewError::Column`] when the run's tables are not as published.
pub fn read_queue(
    run: &Run,
    schema: &[FieldSpec],
    limit: usize,
    is_open: &dyn Fn(&Question) -> bool,
) -> Result<Queue, ReviewError> {
    let mut questions = questions(run, limit, is_open)?;
    let mut wanted = Wanted::default();
    for (at, question) in questions.iter().enumerate() {
        for (side, record) in question.pair.iter().enumerate() {
            let of_source = wanted.entry(record.source.clone()).or_default();
            of_source.entry(record.key.clone()).or_default().push((at, side));
        }
    }
    let fields: Vec<&FieldSpec> = fields_of(run, schema)?;
    for question in &mut questions {
        question.values = vec![[String::new(), String::new()]; fields.len()];
    }
    fill(run, &fields, &wanted, &mut questions)?;
    let is_shown = |at: &usize| {
        let mut values = questions.iter().flat_map(|question| &question.values[*at]);
        values.any(|value| !value.is_empty())
    };
    let shown: Vec<usize> = (0..fields.len()).filter(is_shown).collect();
    for question in &mut questions {
        question.values = shown
            .iter()
            .map(|&at| std::mem::take(&mut question.values[at]))
            .collect();
    }
    let fields = shown.into_iter().map(|at| Shown {
        name: fields[at].name.to_string(),
        labels: [fields[at].en.to_string(), fields[at].zh.to_string()],
    });
    Ok(Queue {
        run_id: run.id().to_owned(),
        fields: fields.collect(),
        questions,
    })
}

fn questions(
    run: &Run,
    limit: usize,
    is_open: &dyn Fn(&Question) -> bool,
) -> Result<Vec<Question>, ReviewError> {
    let path = run.path("review.parquet");
    let table = frame::read_parquet(&path, None).map_err(|source| ReviewError::Table {
        table: REVIEW,
        run_id: run.id().to_owned(),
        source,
    })?;
    let column = |name: &str| column(run, REVIEW, &table, name);
    let [source_a, key_a, source_b, key_b, reason] =
        ["source_a", "record_key_a", "source_b", "record_key_b", "reason"].map(column);
    let (source_a, key_a, source_b, key_b, reason) = (source_a?, key_a?, source_b?, key_b?, reason?);
    let weights = column("weight_bits")?;
    // A run of before has no such column: then an answer decides its own pair.
    let pairs = table.column("pairs").ok();
    let question = |row: usize| Question {
        pair: [
            RecordKey {
                source: text(source_a, row),
                key: text(key_a, row),
            },
            RecordKey {
                source: text(source_b, row),
                key: text(key_b, row),
            },
        ],
        weight_bits: match weights {
            ColumnData::F64(bits) => bits[row].unwrap_or_default(),
            _ => 0.0,
        },
        reason: text(reason, row),
        pairs: match pairs {
            Some(ColumnData::I64(pairs)) => pairs[row].unwrap_or(1),
            _ => 1,
        },
        values: Vec::new(),
    };
    let open = (0..table.rows()).map(question).filter(is_open);
    Ok(open.take(limit).collect())
}

fn column<'a>(
    run: &Run,
    table: &'static str,
    read: &'a Table,
    name: &str,
) -> Result<&'a ColumnData, ReviewError> {
    read.column(name).map_err(|_| ReviewError::Column {
        table,
        run_id: run.id().to_owned(),
        column: name.to_owned(),
    })
}

fn text(column: &ColumnData, row: usize) -> String {
    let texts = column.as_text();
    texts.and_then(|texts| texts.get(row)).unwrap_or("").to_owned()
}

/// Fields of the schema that the run's records have.
fn fields_of<'a>(run: &Run, schema: &'a [FieldSpec]) -> Result<Vec<&'a FieldSpec>, ReviewError> {
    let path = run.path("standard.parquet");
    let shape = frame::parquet_shape(&path).map_err(|source| ReviewError::Table {
        table: STANDARD,
        run_id: run.id().to_owned(),
        source,
    })?;
    let has = |field: &&FieldSpec| shape.columns.iter().any(|column| column.name == field.name);
    Ok(schema.iter().filter(has).collect())
}

/// Puts the standard values of the wanted records into their questions.
fn fill(
    run: &Run,
    fields: &[&FieldSpec],
    wanted: &Wanted,
    questions: &mut [Question],
) -> Result<(), ReviewError> {
    let mut names = vec!["source", "record_key"];
    names.extend(fields.iter().map(|field| &*field.name));
    let failed = |source| ReviewError::Table {
        table: STANDARD,
        run_id: run.id().to_owned(),
        source,
    };
    let path = run.path("standard.parquet");
    frame::read_parquet_batches(&path, Some(&names), &mut |table| {
        let texts: Vec<_> = table
            .columns()
            .iter()
            .map(|column| column.data.as_text())
            .collect();
        let get = |column: usize, row: usize| texts[column].and_then(|texts| texts.get(row)).unwrap_or("");
        for row in 0..table.rows() {
            let places = wanted.get(get(0, row)).and_then(|keys| keys.get(get(1, row)));
            for &(at, side) in places.into_iter().flatten() {
                for (field, values) in questions[at].values.iter_mut().enumerate() {
                    get(field + 2, row).clone_into(&mut values[side]);
                }
            }
        }
        ControlFlow::Continue(())
    })
    .map_err(failed)
}

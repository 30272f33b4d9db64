//! What is drawn and how it is layered: units, strata, and what an audit keeps of a sampled unit.
//!
//! In: nothing. Out: the types that frame, draw, worksheet and report share; they are kept as JSON in the steward's store. Nothing here
//! holds a value of a record unmasked.

use crate::audit::sampling::AcceptancePlan;
use crate::audit::sampling::PlanRequest;
use serde::Deserialize;
use serde::Serialize;

/// What one question of an audit is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// A subsidiary's record: are its values right?
    RecordFields,
    /// A golden value: is it right?
    GoldenFields,
    /// Two records under one unified ID: are they one customer?
    Links,
    /// A unified ID of several records: are they all one customer?
    Ids,
    /// A record: which others are the same customer?
    Records,
}

impl Unit {
    /// Every unit.
    pub const ALL: [Self; 5] = [
        Self::RecordFields,
        Self::GoldenFields,
        Self::Links,
        Self::Ids,
        Self::Records,
    ];

    /// Its name on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RecordFields => "record-fields",
            Self::GoldenFields => "golden-fields",
            Self::Links => "links",
            Self::Ids => "ids",
            Self::Records => "records",
        }
    }

    /// The unit of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.as_str() == name)
    }

    /// Its name in English and Chinese.
    pub fn names(self) -> [&'static str; 2] {
        match self {
            Self::RecordFields => ["fields of records", "记录字段"],
            Self::GoldenFields => ["fields of golden records", "黄金记录字段"],
            Self::Links => ["links between records", "记录关联"],
            Self::Ids => ["unified IDs", "统一客户编号"],
            Self::Records => ["records, for what was missed", "记录（查漏）"],
        }
    }

    /// The dimensions by which it is layered unless told otherwise.
    pub fn dimensions(self) -> &'static [Dimension] {
        match self {
            Self::RecordFields => &[Dimension::Source],
            Self::GoldenFields => &[Dimension::Source, Dimension::Field],
            Self::Links | Self::Ids | Self::Records => &[Dimension::Source, Dimension::Band, Dimension::Size],
        }
    }
}

/// By what a frame is layered, coarse to fine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// The subsidiary.
    Source,
    /// How far the score is from the cut.
    Band,
    /// Records of the customer.
    Size,
    /// The field.
    Field,
}

impl Dimension {
    /// Every dimension.
    pub const ALL: [Self; 4] = [Self::Source, Self::Band, Self::Size, Self::Field];

    /// Its name on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Source => "subsidiary",
            Self::Band => "band",
            Self::Size => "size",
            Self::Field => "field",
        }
    }
}

/// How far the score is from the cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    /// Farther than the review band.
    Clean,
    /// Within the review band.
    Near,
    /// Joined below the cut or without a score of its own.
    Below,
    /// The unit has no score.
    Unscored,
}

/// Records of the customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum SizeBin {
    /// One.
    #[serde(rename = "1")]
    One,
    /// Two.
    #[serde(rename = "2")]
    Two,
    /// Three to five.
    #[serde(rename = "3-5")]
    Few,
    /// More.
    #[serde(rename = "6+")]
    Many,
    /// Of any number.
    #[serde(rename = "any")]
    Any,
}

impl SizeBin {
    /// The bin of a number of records.
    pub fn of(records: usize) -> Self {
        match records {
            0 | 1 => Self::One,
            2 => Self::Two,
            3..=5 => Self::Few,
            _ => Self::Many,
        }
    }
}

/// A layer of a frame. What a dimension does not separate is empty, `Unscored` or `Any`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct StratumKey {
    /// The subsidiary; [`BETWEEN`] for what belongs to several.
    pub source: String,
    /// Distance of the score.
    pub band: Band,
    /// Size of the customer.
    pub size: SizeBin,
    /// The field.
    pub field: String,
}

/// Stands for a subsidiary where a unit belongs to several.
pub const BETWEEN: &str = "*";

/// A layer with what there is of it and what was drawn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DrawnStratum {
    /// The layer.
    #[serde(flatten)]
    pub key: StratumKey,
    /// Units that there are.
    pub population: u64,
    /// Units drawn.
    pub sampled: u64,
    /// The plan by which its verdict is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<AcceptancePlan>,
}

/// What a draw was asked for beside unit and seed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawSpec {
    /// Units to draw over all; none with a plan.
    pub size: Option<u64>,
    /// The plan by which each subsidiary's sample is made.
    pub plan: Option<PlanRequest>,
    /// Subsidiaries; empty for all.
    pub sources: Vec<String>,
    /// Dimensions asked for; empty for the unit's own.
    pub strata: Vec<Dimension>,
    /// Fields asked about.
    pub fields: Vec<String>,
    /// Cut in thousandths of a bit.
    pub cut: i64,
    /// Width of the review band in thousandths of a bit.
    pub band: i64,
}

/// A record by its source and key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RecordName {
    /// Name of the source.
    pub source: String,
    /// Key in the source.
    pub key: String,
}

/// A value that is asked about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its field.
    pub field: String,
    /// The value as others may see it.
    pub masked: String,
}

/// A drawn unit as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The records shown: one, the two of a link, all of an ID.
    pub records: Vec<RecordName>,
    /// The unified ID; empty where it would give away what is asked.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// The values asked about, where the unit has several questions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
    /// Masked name of each record's customer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// The other records of the customer as published, for the unit `records`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub predicted: Vec<RecordName>,
}

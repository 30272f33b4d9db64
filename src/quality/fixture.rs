//! A hand-made run for tests: two sources, six records, three customers.
//!
//! `East 东区` has four records: 华夏科技 twice (ID 1), Ann Lee (ID 2), 王芳 (ID 3). `West <b>` has two: 华夏科技 again and
//! Ann Lee again; it gives names in parts. Counts in the tests are taken from this list by hand.

use super::inputs::AuditFact;
use super::inputs::Inputs;
use super::inputs::ModelComparison;
use super::inputs::ModelLevel;
use super::inputs::ModelSummary;
use super::inputs::QuestionFact;
use super::inputs::RelationFact;
use super::inputs::RunInfo;
use super::measure::measure;
use crate::field::customer_schema;
use crate::model::ComparisonVector;
use crate::model::FieldName;
use crate::model::IssueCode;
use crate::model::Language;
use crate::model::MatchWeight;
use crate::model::RecordIndex;
use crate::model::SourceId;
use crate::model::UnifiedId;
use crate::model::ValueStatus;
use crate::quality::Quality;
use crate::quality::Settings;
use crate::quality::Trend;
use crate::quality::WeakestLink;
use crate::quality::WeakestLinkStep;
use crate::table::Cause;
use crate::table::CellFindings;
use crate::table::Conflict;
use crate::table::EventKind;
use crate::table::IdAssignments;
use crate::table::IdEvent;
use crate::table::Interner;
use crate::table::RawRecords;
use crate::table::RecordStatus;
use crate::table::Reject;
use crate::table::ScoredPair;
use crate::table::ScoredPairs;
use crate::table::SourceAccount;
use crate::table::SourceInfo;
use crate::table::StandardColumn;
use crate::table::StandardRecords;
use std::collections::BTreeMap;

/// Tables of one run, owned.
pub(crate) struct Fixture {
    pub(crate) records: RawRecords,
    pub(crate) standard: StandardRecords,
    pub(crate) rejects: Vec<Reject>,
    pub(crate) ids: IdAssignments,
    pub(crate) pairs: ScoredPairs,
    pub(crate) model: ModelSummary,
    pub(crate) weakest: Vec<WeakestLink>,
    pub(crate) run: RunInfo,
    pub(crate) trend: Trend,
    pub(crate) settings: Settings,
    pub(crate) headers: BTreeMap<(SourceId, FieldName), String>,
    pub(crate) conflicts: Vec<Conflict>,
    pub(crate) relations: Vec<RelationFact>,
    pub(crate) questions: Vec<QuestionFact>,
    pub(crate) audits: Vec<AuditFact>,
}

/// A column from (raw text, standing, issue) per record.
fn column(field: &str, cells: &[(&str, ValueStatus, &str)]) -> StandardColumn {
    let mut raw = Interner::default();
    let mut column = StandardColumn {
        field: FieldName::from(field),
        field_type: "text",
        cell_of: Vec::new(),
        raw: Default::default(),
        status: vec![ValueStatus::Missing],
        findings: CellFindings::default(),
        item_ends: vec![0],
        items: Vec::new(),
        values: Default::default(),
        parts: Vec::new(),
    };
    for (text, status, issue) in cells {
        let cell = raw.intern(text);
        if cell as usize == column.status.len() {
            column.status.push(*status);
            if let Some(code) = IssueCode::find(issue) {
                column.findings.push(cell, code, "");
            }
            column.item_ends.push(0);
        }
        column.cell_of.push(cell);
    }
    column.raw = raw.finish();
    column
}

fn source(name: &str, owner: &str) -> SourceInfo {
    SourceInfo {
        name: name.to_owned(),
        owner: owner.to_owned(),
        priority: 1,
        export: name.to_owned(),
        status: RecordStatus::Active,
    }
}

fn records() -> RawRecords {
    let account = |read, accepted, rejected, skipped| SourceAccount {
        read,
        accepted,
        rejected,
        skipped,
    };
    RawRecords {
        sources: vec![source("East 东区", "王经理"), source("West <b>", "A & B")],
        accounts: vec![account(6, 4, 1, 1), account(3, 2, 1, 0)],
        source_of: [0, 0, 0, 0, 1, 1].map(SourceId).to_vec(),
        ..RawRecords::default()
    }
}

fn standard() -> StandardRecords {
    use ValueStatus::Invalid;
    use ValueStatus::Missing;
    use ValueStatus::Placeholder;
    use ValueStatus::Repaired;
    use ValueStatus::Valid;
    let name = column(
        "customer_name",
        &[
            ("华夏科技", Valid, ""),
            ("华夏科技有限公司", Valid, ""),
            ("Ann Lee", Valid, ""),
            ("王芳", Valid, ""),
            ("", Missing, ""),
            ("", Missing, ""),
        ],
    );
    let party = column(
        "party",
        &[
            ("华夏科技", Valid, ""),
            ("华夏科技有限公司", Valid, ""),
            ("Ann Lee", Valid, ""),
            ("王芳", Valid, ""),
            ("华夏", Valid, ""),
            ("Lee Ann", Valid, ""),
        ],
    );
    let phones = column(
        "phones",
        &[
            ("13800138000", Placeholder, "placeholder"),
            ("+86 139 0013 9001", Repaired, "repaired"),
            ("12", Invalid, "malformed"),
            ("", Missing, ""),
            ("13900139002", Valid, ""),
            ("020 7946 0018", Valid, ""),
        ],
    );
    StandardRecords::try_new(6, vec![name, phones, party]).expect("columns of six records")
}

fn reject(source: &str, line: u64, code: &str) -> Reject {
    Reject {
        source: source.to_owned(),
        file: "a.csv".to_owned(),
        line,
        byte: 0,
        column: String::new(),
        code: IssueCode::named(code),
        rows: 1,
    }
}

fn ids() -> IdAssignments {
    let event = |id, kind| IdEvent {
        id: UnifiedId::from_number(id),
        kind,
        other: None,
        records: 1,
        cause: Cause::Source,
    };
    IdAssignments {
        id_of: [1, 1, 2, 3, 1, 2].map(UnifiedId::from_number).to_vec(),
        events: [1, 2, 3].map(|id| event(id, EventKind::New)).to_vec(),
        ..IdAssignments::default()
    }
}

fn pairs() -> ScoredPairs {
    let pair = |left, right, weight| ScoredPair {
        left: RecordIndex(left),
        right: RecordIndex(right),
        weight: MatchWeight(weight),
        vector: ComparisonVector::default(),
        rule: 0,
    };
    ScoredPairs {
        pairs: vec![
            pair(0, 1, 12_300),
            pair(0, 4, 6_700),
            pair(2, 5, 9_000),
            pair(3, 5, -2_500),
        ],
    }
}

fn model() -> ModelSummary {
    let level = |level, en: &str, zh: &str, m, u, weight| ModelLevel {
        level,
        labels: [en.to_owned(), zh.to_owned()],
        m,
        u,
        weight: MatchWeight(weight),
    };
    ModelSummary {
        cut: MatchWeight(6_500),
        floor: MatchWeight(-3_000),
        prior: MatchWeight(-7_210),
        has_converged: true,
        comparisons: vec![ModelComparison {
            field: "party".to_owned(),
            labels: ["Party".to_owned(), "客户主体".to_owned()],
            comparator: "party".to_owned(),
            levels: vec![
                level(1, "exact", "完全一致", Some(0.91), Some(0.000_002), 18_796),
                level(0, "differs", "不一致", Some(0.09), Some(0.999_998), -3_474),
                level(15, "missing", "缺失", None, None, 0),
            ],
        }],
    }
}

fn weakest() -> Vec<WeakestLink> {
    let step = |en: &str, zh: &str, level_en: &str, level_zh: &str, weight_millibits| WeakestLinkStep {
        en: en.to_owned(),
        zh: zh.to_owned(),
        level_en: level_en.to_owned(),
        level_zh: level_zh.to_owned(),
        weight_millibits,
    };
    vec![WeakestLink {
        unified_id: UnifiedId::from_number(1).to_string(),
        records: 3,
        weight_millibits: 6_700,
        against_en: "kin".to_owned(),
        against_zh: "关联方".to_owned(),
        prior_millibits: -4_000,
        steps: vec![
            step("Party", "客户主体", "exact", "完全一致", 12_800),
            step("Phones", "电话", "differs", "不一致", -2_050),
        ],
        rest_millibits: -50,
    }]
}

impl Fixture {
    /// The run described above.
    pub(crate) fn group() -> Self {
        Self {
            records: records(),
            standard: standard(),
            rejects: vec![
                reject("East 东区", 3, "missing_key"),
                reject("West <b>", 4, "ragged_row"),
            ],
            ids: ids(),
            pairs: pairs(),
            model: model(),
            weakest: weakest(),
            run: RunInfo {
                run_number: 1,
                job: "集团客户".to_owned(),
                language: Language::Zh,
                is_published: true,
                ..RunInfo::default()
            },
            trend: Trend::default(),
            settings: Settings::default(),
            headers: BTreeMap::new(),
            conflicts: Vec::new(),
            relations: Vec::new(),
            questions: Vec::new(),
            audits: Vec::new(),
        }
    }

    /// A run without sources.
    pub(crate) fn empty() -> Self {
        Self {
            records: RawRecords::default(),
            standard: StandardRecords::default(),
            rejects: Vec::new(),
            ids: IdAssignments::default(),
            pairs: ScoredPairs::default(),
            model: ModelSummary::default(),
            weakest: Vec::new(),
            run: RunInfo::default(),
            trend: Trend::default(),
            settings: Settings::default(),
            headers: BTreeMap::new(),
            conflicts: Vec::new(),
            relations: Vec::new(),
            questions: Vec::new(),
            audits: Vec::new(),
        }
    }

    /// Figures of a first run.
    pub(crate) fn measure(&self) -> Quality {
        measure(&self.inputs(None))
    }

    /// Figures of a run after `previous`.
    pub(crate) fn measure_after(&self, previous: &Quality) -> Quality {
        measure(&self.inputs(Some(previous)))
    }

    fn inputs<'a>(&'a self, previous: Option<&'a Quality>) -> Inputs<'a> {
        Inputs {
            records: &self.records,
            standard: &self.standard,
            rejects: &self.rejects,
            ids: &self.ids,
            pairs: &self.pairs,
            model: &self.model,
            weakest: &self.weakest,
            fields: customer_schema(),
            mapped_fields: &[],
            previous,
            trend: &self.trend,
            settings: &self.settings,
            issues: &[],
            headers: &self.headers,
            conflicts: &self.conflicts,
            relations: &self.relations,
            questions: &self.questions,
            audits: &self.audits,
            hash_key: None,
            run: &self.run,
        }
    }
}

//! A small run for the tests of this folder: four records of two sources, two customers.

use crate::model::FieldName;
use crate::model::IssueCode;
use crate::model::MatchWeight;
use crate::model::RecordIndex;
use crate::model::SourceId;
use crate::model::UnifiedId;
use crate::model::ValueStatus;
use crate::publish::since::Since;
use crate::publish::tables::DecisionRow;
use crate::publish::tables::Headers;
use crate::publish::tables::RekeyRow;
use crate::publish::tables::Relation;
use crate::publish::tables::ReviewItem;
use crate::publish::write::RunTables;
use crate::table::Cause;
use crate::table::CellFindings;
use crate::table::Clusters;
use crate::table::EventKind;
use crate::table::FieldLineage;
use crate::table::Former;
use crate::table::GoldenRecords;
use crate::table::IdAssignments;
use crate::table::IdChange;
use crate::table::IdEvent;
use crate::table::IdState;
use crate::table::Interner;
use crate::table::Issue;
use crate::table::Layers;
use crate::table::Lineage;
use crate::table::Place;
use crate::table::RawColumn;
use crate::table::RawRecords;
use crate::table::RecordStatus;
use crate::table::RegistryEntry;
use crate::table::Reject;
use crate::table::ScoredPair;
use crate::table::ScoredPairs;
use crate::table::SourceInfo;
use crate::table::StandardColumn;
use crate::table::StandardRecords;
use crate::table::ValuePool;

/// Everything that [`RunTables`] borrows.
#[derive(Default)]
pub(super) struct Sample {
    pub(super) raw: RawRecords,
    pub(super) standard: StandardRecords,
    pub(super) headers: Headers,
    pub(super) golden: GoldenRecords,
    pub(super) lineage: Lineage,
    pub(super) since: Since,
    pub(super) ids: IdAssignments,
    pub(super) layers: Layers,
    pub(super) pairs: ScoredPairs,
    pub(super) issues: Vec<Issue>,
    pub(super) rejects: Vec<Reject>,
    pub(super) relations: Vec<Relation>,
    pub(super) review: Vec<ReviewItem>,
    pub(super) rekeys: Vec<RekeyRow<'static>>,
    pub(super) decisions: Vec<DecisionRow>,
}

impl Sample {
    pub(super) fn empty() -> Self {
        Self::default()
    }

    pub(super) fn new() -> Self {
        let weak = MatchWeight(-1);
        Self {
            raw: raw(),
            standard: standard(),
            headers: Headers::from([((SourceId(0), FieldName::from("id_card")), "身份证".to_owned())]),
            golden: golden(),
            lineage: Lineage {
                fields: vec![
                    field_lineage([0, 3], vec!["most_frequent", "latest"]),
                    field_lineage([0, 3], vec!["", "most_frequent"]),
                ],
                decisions: [((1, 1), 12)].into(),
            },
            since: Since::first(7),
            ids: ids(),
            layers: Layers {
                model: Clusters::from_labels(&[0, 0, 0, 1]),
                rules: Clusters::from_labels(&[0, 0, 1, 2]),
                stewards: Clusters::from_labels(&[0, 0, 0, 1]),
            },
            pairs: ScoredPairs {
                pairs: vec![pair(0, 1, MatchWeight(12_345), 0), pair(1, 2, weak, 1)],
            },
            issues: vec![
                issue(1, "id_card", "precision_lost", "1.10105E+17"),
                issue(3, "phones", "placeholder", "13800138000"),
            ],
            rejects: vec![reject()],
            relations: vec![Relation {
                left: RecordIndex(0),
                right: RecordIndex(3),
                kind: "branch",
                weight: MatchWeight(1_500),
            }],
            review: vec![ReviewItem {
                left: RecordIndex(1),
                right: RecordIndex(2),
                weight: weak,
                pairs: 1,
                reason: "grey_zone",
                names: ["Ann Smith".to_owned(), "欧阳娜娜".to_owned()],
                since_run: 4,
            }],
            rekeys: vec![RekeyRow {
                source: "华东",
                old_key: "0007",
                new_key: "=7",
                is_certain: false,
            }],
            decisions: vec![decision()],
        }
    }

    pub(super) fn tables(&self) -> RunTables<'_> {
        RunTables {
            raw: &self.raw,
            standard: &self.standard,
            headers: &self.headers,
            golden: &self.golden,
            lineage: &self.lineage,
            since: &self.since,
            ids: &self.ids,
            layers: &self.layers,
            pairs: &self.pairs,
            issues: &self.issues,
            rejects: &self.rejects,
            relations: &self.relations,
            review: &self.review,
            rekeys: &self.rekeys,
            decisions: &self.decisions,
        }
    }
}

fn decision() -> DecisionRow {
    DecisionRow {
        decision: 3,
        kind: "link",
        a: ["north", "0007"].map(str::to_owned),
        b: ["华东", "+9"].map(str::to_owned),
        records: 2,
        author: "王".to_owned(),
        reason: "same firm".to_owned(),
        expiry: "for_ever".to_owned(),
        made_at: "2026-11-23T06:00:00Z".to_owned(),
        state: "contradicted",
        against: "5; identifiers".to_owned(),
        since_run: 7,
        ..DecisionRow::default()
    }
}

fn field_lineage(records: [u32; 2], rule_names: Vec<&'static str>) -> FieldLineage {
    FieldLineage {
        runners_up: Vec::new(),
        records: records.map(RecordIndex).to_vec(),
        decided_by: vec![0, 1],
        rule_names,
    }
}

/// Two IDs in ascending order.
pub(super) fn unified_ids() -> [UnifiedId; 2] {
    [
        UnifiedId::from_number(123_456_789),
        UnifiedId::from_number(987_654_321_012),
    ]
}

fn column(field: &str, cells: [&str; 4]) -> RawColumn {
    let mut interner = Interner::default();
    let codes = cells.iter().map(|cell| interner.intern(cell)).collect();
    RawColumn {
        field: FieldName::from(field),
        codes,
        values: interner.finish(),
    }
}

pub(super) fn raw() -> RawRecords {
    let source = |name: &str| SourceInfo {
        name: name.to_owned(),
        owner: String::new(),
        priority: 1,
        export: name.to_owned(),
        status: RecordStatus::Active,
    };
    let mut keys = ValuePool::default();
    for key in ["0007", "K2", "0007", "+9"] {
        keys.push(key);
    }
    RawRecords {
        sources: vec![source("north"), source("华东")],
        accounts: Vec::new(),
        source_of: [0, 0, 1, 1].map(SourceId).to_vec(),
        keys,
        places: [(0, 2), (0, 3), (1, 0), (1, 0)]
            .map(|(file, line)| Place { file, line })
            .to_vec(),
        files: vec!["north.csv".to_owned(), "东/客户.xlsx".to_owned()],
        kept: Vec::new(),
        columns: vec![
            column("customer_name", ["北京华夏科技有限公司", "", "", "=Evil & Sons"]),
            column("given_name", ["", "Ann", "娜娜", ""]),
            column("family_name", ["", "Smith", "欧阳", ""]),
        ],
    }
}

pub(super) fn golden() -> GoldenRecords {
    let mut names = Interner::default();
    // The unused value shows that codes of a pool decide nothing.
    let name_codes = ["未用", "北京华夏科技有限公司", "=Evil & Sons"].map(|name| names.intern(name));
    let mut cards = Interner::default();
    let card = cards.intern("110105194912310021");
    GoldenRecords {
        conflicts: Vec::new(),
        ids: unified_ids().to_vec(),
        sizes: vec![3, 1],
        fields: vec![FieldName::from("customer_name"), FieldName::from("id_card")],
        codes: vec![name_codes[1..].to_vec(), vec![0, card]],
        values: vec![names.finish(), cards.finish()],
    }
}

fn ids() -> IdAssignments {
    let [first, second] = unified_ids();
    let event = |id, kind, other, records| IdEvent {
        id,
        kind,
        other,
        records,
        cause: Cause::Source,
    };
    let entry = |id, birth_run, state| RegistryEntry { id, birth_run, state };
    IdAssignments {
        id_of: vec![first, first, first, second],
        contents: vec![1, 0, u64::MAX, 4],
        former: vec![Former {
            source: "华东".to_owned(),
            key: "+9".to_owned(),
            id: second,
            run: 7,
        }],
        changes: vec![IdChange {
            source: "华东".to_owned(),
            key: "+9".to_owned(),
            old: Some(second),
            new: Some(first),
            status: RecordStatus::Active,
            event: Some(EventKind::Merge),
            is_renamed: false,
            cause: Cause::Evidence,
        }],
        entries: vec![
            entry(first, 1, IdState::Live),
            entry(second, 7, IdState::Merged(first)),
        ],
        events: vec![
            event(first, EventKind::Merge, Some(second), 3),
            event(second, EventKind::New, None, 1),
        ],
        ..IdAssignments::default()
    }
}

fn pair(left: u32, right: u32, weight: MatchWeight, rule: u8) -> ScoredPair {
    ScoredPair {
        left: RecordIndex(left),
        right: RecordIndex(right),
        weight,
        vector: Default::default(),
        rule,
    }
}

/// One column of names; the second record has none.
fn standard() -> StandardRecords {
    let mut names = ValuePool::default();
    let mut raw = ValuePool::default();
    for name in ["北京华夏科技有限公司", "Ann Smith"] {
        names.push(name);
        raw.push(name);
    }
    let column = StandardColumn {
        field: FieldName::from("customer_name"),
        field_type: "party_name",
        cell_of: vec![1, 0, 2, 2],
        raw,
        status: vec![ValueStatus::Missing, ValueStatus::Valid, ValueStatus::Repaired],
        findings: CellFindings::default(),
        item_ends: vec![0, 1, 2],
        items: vec![1, 2],
        values: names,
        parts: Vec::new(),
    };
    StandardRecords::try_new(4, vec![column]).expect("the columns fit")
}

fn issue(record: u32, field: &str, code: &str, raw: &str) -> Issue {
    Issue {
        record: RecordIndex(record),
        field: FieldName::from(field),
        code: IssueCode::named(code),
        raw: raw.to_owned(),
        standard: String::new(),
        evidence: String::new(),
    }
}

fn reject() -> Reject {
    Reject {
        source: "north".to_owned(),
        file: "north.csv".to_owned(),
        line: 9,
        byte: 120,
        column: String::new(),
        code: IssueCode::named("ragged_row"),
        rows: 1,
    }
}

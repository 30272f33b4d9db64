//! All tables of a run into its directory.

use crate::field::FieldSpec;
use crate::model::Language;
use crate::publish::error::PublishError;
use crate::publish::golden_workbook::WORKBOOK_ROWS_MAX;
use crate::publish::golden_workbook::write_golden_workbook;
use crate::publish::since::Since;
use crate::publish::staging::Staging;
use crate::publish::tables::DecisionRow;
use crate::publish::tables::Headers;
use crate::publish::tables::RekeyRow;
use crate::publish::tables::Relation;
use crate::publish::tables::ReviewItem;
use crate::publish::tables::SHOWN_COLUMNS;
use crate::publish::tables::changes_table;
use crate::publish::tables::conflicts_table;
use crate::publish::tables::crosswalk_table;
use crate::publish::tables::decisions_table;
use crate::publish::tables::events_table;
use crate::publish::tables::former_table;
use crate::publish::tables::golden_table;
use crate::publish::tables::issues_table;
use crate::publish::tables::lineage_tables;
use crate::publish::tables::pairs_table;
use crate::publish::tables::raw_tables;
use crate::publish::tables::registry_table;
use crate::publish::tables::rejects_table;
use crate::publish::tables::rekey_table;
use crate::publish::tables::relations_table;
use crate::publish::tables::review_table;
use crate::publish::tables::standard_tables;
use crate::publish::view::Pool;
use crate::publish::view::RecordKeys;
use crate::publish::view::View;
use crate::publish::view::id_pool;
use crate::publish::workbook::ROWS_PER_SHEET_MAX;
use crate::table::GoldenRecords;
use crate::table::IdAssignments;
use crate::table::Issue;
use crate::table::Layers;
use crate::table::Lineage;
use crate::table::RawRecords;
use crate::table::Reject;
use crate::table::ScoredPairs;
use crate::table::StandardRecords;
use rayon::prelude::*;

/// How tables are published.
#[derive(Debug, Clone, Copy)]
pub struct Settings<'a> {
    /// Language of workbook labels and of hints.
    pub language: Language,
    /// The schema, for labels.
    pub schema: &'a [FieldSpec],
    /// Names of the plan's blocking rules, in their order.
    pub blocking_rules: &'a [&'a str],
    /// Data rows of one sheet of a workbook, at most [`ROWS_PER_SHEET_MAX`].
    pub rows_per_sheet: usize,
    /// Golden records up to which `golden.xlsx` holds them; above, it only says where they are.
    pub workbook_rows_max: usize,
}

impl<'a> Settings<'a> {
    /// Settings with full sheets and workbooks of [`WORKBOOK_ROWS_MAX`] rows at most.
    pub fn new(language: Language, schema: &'a [FieldSpec], blocking_rules: &'a [&'a str]) -> Self {
        Self {
            language,
            schema,
            blocking_rules,
            rows_per_sheet: ROWS_PER_SHEET_MAX,
            workbook_rows_max: WORKBOOK_ROWS_MAX,
        }
    }
}

/// The results of a run that are published as tables.
#[derive(Debug, Clone, Copy)]
pub struct RunTables<'a> {
    /// The records.
    pub raw: &'a RawRecords,
    /// Headers of mapped columns, for the places of issues.
    pub headers: &'a Headers,
    /// The standard values of the records.
    pub standard: &'a StandardRecords,
    /// One record a customer.
    pub golden: &'a GoldenRecords,
    /// Origin of the golden values.
    pub lineage: &'a Lineage,
    /// Since which run they stand.
    pub since: &'a Since,
    /// The records' IDs, the registry and the events.
    pub ids: &'a IdAssignments,
    /// What each layer of judgement makes of the records.
    pub layers: &'a Layers,
    /// Scored pairs.
    pub pairs: &'a ScoredPairs,
    /// Findings about accepted records.
    pub issues: &'a [Issue],
    /// Rows that could not become records.
    pub rejects: &'a [Reject],
    /// Records that belong together.
    pub relations: &'a [Relation],
    /// Questions to stewards.
    pub review: &'a [ReviewItem],
    /// Maps of renumbered sources; `rekey.csv` is there when there are any.
    pub rekeys: &'a [RekeyRow<'a>],
    /// What stewards said.
    pub decisions: &'a [DecisionRow],
}

/// Writes every table as Parquet; golden, crosswalk, changes, conflicts, relations, rejects, review and decisions as CSV; changes as JSON lines; golden as `golden.xlsx`, which above
/// `settings.workbook_rows_max` golden records holds one sheet that says where they are.
///
/// Files are written beside each other on the caller's rayon pool; each holds no more than a few row groups beside the
/// tables. Bytes do not depend on the number of threads.
///
/// # Errors
/// The first fault in the order of the files; what was written goes when `staging` is dropped.
pub fn write_tables(
    staging: &Staging<'_>,
    settings: &Settings<'_>,
    tables: &RunTables<'_>,
) -> Result<(), PublishError> {
    let keys = RecordKeys::new(tables.raw);
    let ids = id_pool(tables.golden.ids.iter().copied());
    let writer = Writer {
        staging,
        settings,
        tables,
        keys: &keys,
        ids: &ids,
    };
    let written: Vec<Result<(), PublishError>> = Writer::STEPS
        .par_iter()
        .with_max_len(1)
        .map(|step| step(&writer))
        .collect();
    written.into_iter().collect()
}

/// Writes one or more files.
type Step<W> = fn(&W) -> Result<(), PublishError>;

/// What writing a table needs.
struct Writer<'a> {
    staging: &'a Staging<'a>,
    settings: &'a Settings<'a>,
    tables: &'a RunTables<'a>,
    keys: &'a RecordKeys<'a>,
    ids: &'a Pool<'a>,
}

impl Writer<'_> {
    /// The longest first, so that threads end together.
    const STEPS: [Step<Self>; 12] = [
        Self::golden_workbook,
        Self::lineage,
        Self::standard,
        Self::raw,
        Self::golden,
        Self::crosswalk,
        Self::pairs,
        Self::registry,
        Self::events,
        Self::review,
        Self::conflicts,
        Self::small,
    ];

    fn golden_workbook(&self) -> Result<(), PublishError> {
        let golden = golden_table(self.tables.golden, self.ids)?;
        write_golden_workbook(self.staging, self.settings, &golden)
    }

    fn golden(&self) -> Result<(), PublishError> {
        write_both(
            self.staging,
            "golden",
            &golden_table(self.tables.golden, self.ids)?,
        )
    }

    fn lineage(&self) -> Result<(), PublishError> {
        let tables = self.tables;
        let groups = lineage_tables(tables.golden, tables.lineage, tables.since, self.keys, self.ids);
        self.staging.write_parquet_groups("lineage.parquet", groups)
    }

    fn standard(&self) -> Result<(), PublishError> {
        let groups = standard_tables(self.keys, self.tables.standard);
        self.staging.write_parquet_groups("standard.parquet", groups)
    }

    fn raw(&self) -> Result<(), PublishError> {
        let groups = raw_tables(self.keys, self.tables.raw, self.tables.standard);
        self.staging.write_parquet_groups("raw.parquet", groups)
    }

    fn crosswalk(&self) -> Result<(), PublishError> {
        let crosswalk = crosswalk_table(self.keys, self.tables.ids, self.tables.layers)?;
        self.staging.write_parquet("crosswalk.parquet", &crosswalk)?;
        let shown = crosswalk.first_columns(SHOWN_COLUMNS);
        self.staging.write_csv("crosswalk.csv", &shown)
    }

    fn pairs(&self) -> Result<(), PublishError> {
        let pairs = pairs_table(self.keys, self.tables.pairs, self.settings.blocking_rules)?;
        self.staging.write_parquet("pairs.parquet", &pairs)
    }

    fn registry(&self) -> Result<(), PublishError> {
        let registry = registry_table(&self.tables.ids.entries)?;
        self.staging.write_parquet("registry.parquet", &registry)?;
        let former = former_table(&self.tables.ids.former)?;
        self.staging.write_parquet("former.parquet", &former)
    }

    fn events(&self) -> Result<(), PublishError> {
        let events = events_table(&self.tables.ids.events)?;
        self.staging.write_parquet("events.parquet", &events)?;
        let changes = changes_table(&self.tables.ids.changes)?;
        write_both(self.staging, "changes", &changes)?;
        self.staging.write_json_lines("changes.jsonl", &changes)?;
        if self.tables.rekeys.is_empty() {
            return Ok(());
        }
        self.staging
            .write_csv("rekey.csv", &rekey_table(self.tables.rekeys)?)
    }

    fn review(&self) -> Result<(), PublishError> {
        let review = review_table(self.keys, self.tables.review)?;
        write_both(self.staging, "review", &review)
    }

    fn conflicts(&self) -> Result<(), PublishError> {
        let conflicts = conflicts_table(self.keys, self.tables.standard, self.tables.golden)?;
        write_both(self.staging, "conflicts", &conflicts)
    }

    /// What has few rows in most runs.
    fn small(&self) -> Result<(), PublishError> {
        let tables = self.tables;
        let issues = issues_table(self.keys, tables.raw, tables.issues, tables.headers)?;
        self.staging.write_parquet("issues.parquet", &issues)?;
        let relations = relations_table(self.keys, tables.relations, tables.ids)?;
        write_both(self.staging, "relations", &relations)?;
        let decisions = decisions_table(tables.decisions)?;
        write_both(self.staging, "decisions", &decisions)?;
        let rejects = rejects_table(tables.rejects, self.settings.language)?;
        write_both(self.staging, "rejects", &rejects)
    }
}

/// Parquet for machines and CSV for people.
fn write_both(staging: &Staging<'_>, name: &str, table: &View) -> Result<(), PublishError> {
    staging.write_parquet(&format!("{name}.parquet"), table)?;
    staging.write_csv(&format!("{name}.csv"), table)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::customer_schema;
    use crate::publish::Hub;
    use crate::publish::Run;
    use crate::publish::RunFacts;
    use crate::publish::guard::unguard_cell;
    use crate::publish::read_decision_states;
    use crate::publish::read_registry;
    use crate::publish::samples;
    use crate::publish::verify;
    use crate::table::Registry;
    use std::fs;

    fn publish(hub: &Hub, run_id: &str) -> Run {
        let lock = hub.lock().unwrap();
        let staging = hub.begin(&lock, run_id).unwrap();
        let sample = samples::Sample::new();
        let settings = Settings::new(Language::Zh, customer_schema(), &["exact_name", "phone"]);
        write_tables(&staging, &settings, &sample.tables()).unwrap();
        let facts = RunFacts {
            run: 7,
            ..RunFacts::default()
        };
        staging.publish(facts).unwrap()
    }

    fn shown(run: &Run, name: &str) -> Vec<String> {
        let table = frame::read_parquet(&run.path(name), None).unwrap();
        let cell = |column: &frame::Column, row: usize| match &column.data {
            frame::ColumnData::Text(texts) => texts.get(row).unwrap_or("·").to_owned(),
            frame::ColumnData::I64(values) => values[row].map_or("·".to_owned(), |value| value.to_string()),
            frame::ColumnData::F64(values) => values[row].map_or("·".to_owned(), |value| value.to_string()),
            _ => panic!("no table has such a column"),
        };
        let mut lines = vec![
            table
                .columns()
                .iter()
                .map(|c| c.name.as_str())
                .collect::<Vec<_>>()
                .join("|"),
        ];
        lines.extend((0..table.rows()).map(|row| {
            table
                .columns()
                .iter()
                .map(|c| cell(c, row))
                .collect::<Vec<_>>()
                .join("|")
        }));
        lines
    }

    /// Checks a published table, its columns first; ID1 and ID2 stand for the sample's IDs, `·` for null.
    fn check(run: &Run, name: &str, lines: &[&str]) {
        let [first, second] = samples::unified_ids().map(|id| id.to_string());
        let lines: Vec<String> = lines
            .iter()
            .map(|line| line.replace("ID1", &first).replace("ID2", &second))
            .collect();
        assert_eq!(shown(run, name), lines, "{name}");
    }

    #[test]
    fn tables_of_customers_have_the_columns_and_values_of_the_contract() {
        let directory = tempfile::tempdir().unwrap();
        let run = publish(&Hub::open(directory.path()).unwrap(), "000007-a");
        verify(&run).unwrap();
        check(
            &run,
            "golden.parquet",
            &[
                "unified_id|customer_name|id_card|records",
                "ID1|北京华夏科技有限公司|·|3",
                "ID2|=Evil & Sons|110105194912310021|1",
            ],
        );
        check(
            &run,
            "crosswalk.parquet",
            &[
                "source|record_key|unified_id|status|content|model_cluster|rule_cluster|steward_cluster",
                "north|0007|ID1|active|1|1|1|1",
                "north|K2|ID1|active|·|1|1|1",
                "华东|0007|ID1|active|-1|1|3|1",
                "华东|+9|ID2|active|4|4|4|4",
            ],
        );
        check(
            &run,
            "lineage.parquet",
            &[
                "unified_id|field|value|source|record_key|rule|runner_up|decision|since_run",
                "ID1|customer_name|北京华夏科技有限公司|north|0007|most_frequent|·|·|7",
                "ID2|customer_name|=Evil & Sons|华东|+9|latest|·|·|7",
                "ID2|id_card|110105194912310021|华东|+9|most_frequent|·|12|7",
            ],
        );
    }

    #[test]
    fn standard_records_have_their_values_and_standing() {
        let directory = tempfile::tempdir().unwrap();
        let run = publish(&Hub::open(directory.path()).unwrap(), "000007-a");
        check(
            &run,
            "standard.parquet",
            &[
                "source|record_key|customer_name|customer_name_status",
                "north|0007|北京华夏科技有限公司|valid",
                "north|K2|·|missing",
                "华东|0007|Ann Smith|repaired",
                "华东|+9|Ann Smith|repaired",
            ],
        );
    }

    #[test]
    fn records_are_published_and_read_back_as_their_sources_gave_them() {
        let directory = tempfile::tempdir().unwrap();
        let run = publish(&Hub::open(directory.path()).unwrap(), "000007-a");
        check(
            &run,
            "raw.parquet",
            &[
                "source|record_key|export|owner|file|line|status|since_run|field.customer_name",
                "north|0007|north|·|north.csv|2|active|·|北京华夏科技有限公司",
                "north|K2|north|·|north.csv|3|active|·|·",
                "华东|0007|华东|·|东/客户.xlsx|0|active|·|Ann Smith",
                "华东|+9|华东|·|东/客户.xlsx|0|active|·|Ann Smith",
            ],
        );
        let named = [("north", "0007"), ("north", "missing"), ("华东", "0007")];
        let read = crate::publish::read_records(&run, &named).unwrap();
        assert_eq!(read.len(), 2);
        let second = crate::model::RecordIndex(1);
        assert_eq!(
            (read.source(second).name.as_str(), read.key(second)),
            ("华东", "0007")
        );
        assert_eq!(read.files[read.places[1].file as usize], "东/客户.xlsx");
        assert!(read.kept.is_empty());
    }

    #[test]
    fn tables_of_findings_and_pairs_have_the_columns_and_values_of_the_contract() {
        let directory = tempfile::tempdir().unwrap();
        let run = publish(&Hub::open(directory.path()).unwrap(), "000007-a");
        check(
            &run,
            "pairs.parquet",
            &[
                "source_a|record_key_a|source_b|record_key_b|weight_bits|blocking_rule",
                "north|0007|north|K2|12.345|exact_name",
                "north|K2|华东|0007|-0.001|phone",
            ],
        );
        check(
            &run,
            "issues.parquet",
            &[
                "source|record_key|field|code|severity|raw|file|line|column|standard|evidence",
                "north|K2|id_card|precision_lost|error|1.10105E+17|north.csv|3|身份证|·|·",
                "华东|+9|phones|placeholder|warning|13800138000|东/客户.xlsx|·|·|·|·",
            ],
        );
        check(
            &run,
            "rejects.parquet",
            &[
                "source|file|line|byte|column|code|hint|rows",
                "north|north.csv|9|120|·|ragged_row|单元格含分隔符时请加引号，或重新导出该行|1",
            ],
        );
        check(
            &run,
            "relations.parquet",
            &[
                "source_a|record_key_a|source_b|record_key_b|kind|weight_bits|unified_id_a|unified_id_b",
                "north|0007|华东|+9|branch|1.5|ID1|ID2",
            ],
        );
        check(
            &run,
            "review.parquet",
            &[
                "source_a|record_key_a|source_b|record_key_b|weight_bits|reason|name_a|name_b|pairs|since_run",
                "north|K2|华东|0007|-0.001|grey_zone|Ann Smith|欧阳娜娜|1|4",
            ],
        );
        assert_eq!(
            run.manifest().file("crosswalk.csv").and_then(|file| file.rows),
            Some(4)
        );
        assert_eq!(run.manifest().files.len(), 28);
    }

    #[test]
    fn tables_of_ids_have_the_columns_and_values_of_the_contract() {
        let directory = tempfile::tempdir().unwrap();
        let run = publish(&Hub::open(directory.path()).unwrap(), "000007-a");
        check(
            &run,
            "events.parquet",
            &[
                "unified_id|kind|other_id|records|cause",
                "ID1|merge|ID2|3|source",
                "ID2|new|·|1|source",
            ],
        );
        check(
            &run,
            "changes.parquet",
            &[
                "source|record_key|old_id|new_id|status|event|cause",
                "华东|+9|ID2|ID1|active|merge|evidence",
            ],
        );
        check(
            &run,
            "former.parquet",
            &["source|record_key|unified_id|run", "华东|+9|ID2|7"],
        );
        check(
            &run,
            "registry.parquet",
            &[
                "unified_id|birth_run|state|into",
                "ID1|1|live|·",
                "ID2|7|merged|ID1",
            ],
        );
        assert_eq!(
            run.manifest().file("crosswalk.csv").and_then(|file| file.rows),
            Some(4)
        );
        assert_eq!(run.manifest().files.len(), 28);
    }

    #[test]
    fn decisions_are_published_with_their_standing() {
        let directory = tempfile::tempdir().unwrap();
        let run = publish(&Hub::open(directory.path()).unwrap(), "000007-a");
        check(
            &run,
            "decisions.parquet",
            &[
                "decision|kind|source_a|record_key_a|source_b|record_key_b|records|field|value|author|reason|expiry|made_at|state|against|since_run",
                "3|link|north|0007|华东|+9|2|·|·|王|same firm|for_ever|2026-11-23T06:00:00Z|contradicted|5; identifiers|7",
            ],
        );
        assert_eq!(
            read_decision_states(&run).unwrap(),
            [(3, "contradicted".to_owned(), 7)]
        );
    }

    #[test]
    fn csv_for_people_is_guarded_and_comes_back() {
        let directory = tempfile::tempdir().unwrap();
        let run = publish(&Hub::open(directory.path()).unwrap(), "000007-a");
        let text = fs::read_to_string(run.path("golden.csv")).unwrap();
        assert!(
            text.starts_with("\u{FEFF}unified_id,customer_name,id_card,records\n"),
            "{text}"
        );
        assert!(text.contains(",'=Evil & Sons,110105194912310021,1\n"), "{text}");
        let crosswalk = fs::read_to_string(run.path("crosswalk.csv")).unwrap();
        assert!(crosswalk.contains("华东,'+9,"), "{crosswalk}");
        assert!(!crosswalk.contains("content"), "{crosswalk}");
        let rekey = fs::read_to_string(run.path("rekey.csv")).unwrap();
        assert!(
            rekey.ends_with("source,old_key,new_key,certain\n华东,0007,'=7,no\n"),
            "{rekey}"
        );
        assert_eq!(unguard_cell("'+9"), "+9");
    }

    #[test]
    fn the_same_results_give_the_same_bytes() {
        let directory = tempfile::tempdir().unwrap();
        let hub = Hub::open(directory.path()).unwrap();
        let (first, second) = (publish(&hub, "000007-a"), publish(&hub, "000008-b"));
        let files = |run: &Run| {
            let files = run
                .manifest()
                .files
                .iter()
                .filter(|file| file.name != "run.log.jsonl");
            files.cloned().collect::<Vec<_>>()
        };
        assert_eq!(files(&first), files(&second));
    }

    #[test]
    fn the_registry_comes_back_exactly_and_damage_is_noticed() {
        let directory = tempfile::tempdir().unwrap();
        let hub = Hub::open(directory.path()).unwrap();
        publish(&hub, "000007-a");
        let run = hub.current().unwrap().unwrap();
        let Registry {
            run: number,
            entries,
            members,
            marks,
            former,
        } = read_registry(&run).unwrap();
        let sample = samples::Sample::new();
        assert_eq!((number, &entries), (7, &sample.ids.entries));
        assert_eq!(former, sample.ids.former);
        let contents: Vec<u64> = marks.iter().map(|mark| mark.content).collect();
        assert_eq!(contents, [1, 0, 4, u64::MAX], "in the order of the members");
        let expected: Vec<(String, String, _)> = (0..4)
            .map(crate::model::RecordIndex)
            .map(|r| {
                (
                    sample.raw.source(r).name.clone(),
                    sample.raw.key(r).to_owned(),
                    sample.ids.id_of[r.at()],
                )
            })
            .collect();
        let mut sorted = expected.clone();
        sorted.sort();
        assert_eq!(members, sorted);
        for name in ["registry.parquet", "crosswalk.parquet", "former.parquet"] {
            let bytes = fs::read(run.path(name)).unwrap();
            let mut damaged = bytes.clone();
            damaged[bytes.len() / 2] ^= 1;
            fs::write(run.path(name), &damaged).unwrap();
            assert!(
                matches!(read_registry(&run), Err(PublishError::Damaged { .. })),
                "{name}"
            );
            fs::write(run.path(name), &bytes).unwrap();
        }
        read_registry(&run).unwrap();
    }

    #[test]
    fn a_run_without_records_is_published_too() {
        let directory = tempfile::tempdir().unwrap();
        let hub = Hub::open(directory.path()).unwrap();
        let lock = hub.lock().unwrap();
        let staging = hub.begin(&lock, "000001-a").unwrap();
        let sample = samples::Sample::empty();
        let settings = Settings::new(Language::En, customer_schema(), &[]);
        write_tables(&staging, &settings, &sample.tables()).unwrap();
        let run = staging.publish(RunFacts::default()).unwrap();
        assert!(read_registry(&run).unwrap().members.is_empty());
        assert_eq!(
            run.manifest().file("golden.parquet").and_then(|file| file.rows),
            Some(0)
        );
    }

    #[test]
    fn an_index_beyond_the_records_is_a_typed_fault() {
        let sample = samples::Sample::new();
        let keys = RecordKeys::new(&sample.raw);
        let far = Relation {
            left: crate::model::RecordIndex(0),
            right: crate::model::RecordIndex(u32::MAX),
            kind: "branch",
            weight: crate::model::MatchWeight(0),
        };
        assert!(matches!(
            relations_table(&keys, &[far], &sample.ids),
            Err(PublishError::Table { .. })
        ));
    }
}

//! The job file as it is written: every key, its type and its place.
//!
//! In: the text of a TOML file. Out: [`JobFile`] with located values; values of the wrong type and unknown keys are
//! faults. The doc comments here are the reference of the format: the JSON schema and the documentation take them over.
//! Whether the values make sense together is decided by `checked`.

use crate::plan::faults::FaultList;
use crate::plan::roles::RoleTable;
use crate::plan::toml_table::Located;
use crate::plan::toml_table::TomlTable;
use crate::plan::toml_table::number_of;
use crate::plan::toml_table::text_of;
use crate::plan::toml_table::texts_of;
use schemars::JsonSchema;
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;
use toml::de::DeTable;
use toml::de::DeValue;

/// A guiyi job: which exports to read, what their columns mean, and how to settle the customer master.
#[derive(Debug, Default, JsonSchema)]
#[schemars(title = "guiyi job file", deny_unknown_fields)]
pub struct JobFile {
    /// Language of labels, reports and messages in them: `zh` (default) or `en`.
    pub language: Option<Located<String>>,
    /// Folder of runs and state, relative to the job file; `hub` unless given.
    pub hub: Option<Located<String>>,
    /// The subsidiaries' exports, one `[[source]]` each.
    pub source: Vec<SourceTable>,
    /// Fields beyond the built-in schema, one `[[field]]` each.
    #[schemars(default)]
    pub field: Vec<FieldTable>,
    /// How far matching goes.
    #[schemars(default)]
    pub matching: MatchingTable,
    /// For a field, the survivorship rules that choose its golden value, first rule first.
    #[schemars(default, with = "BTreeMap<String, OneOrMany>")]
    pub survivorship: Vec<(Located<String>, Vec<Located<String>>)>,
    /// Questions that stewards answer a day: how many `guiyi review export` takes from the queue; 200 unless given.
    pub review_per_day: Option<Located<u64>>,
    /// Fields of the golden record that subsidiaries see of each other in `guiyi export`; party_type, uscc, industry, province and city
    /// unless given.
    #[schemars(with = "Option<OneOrMany>")]
    pub shared_fields: Option<Located<Vec<Located<String>>>>,
    /// Roles of `guiyi export` beside the built-in ones, one `[roles.NAME]` each, and built-in ones that are to show less; `guiyi list roles`
    /// shows them all.
    #[schemars(default, with = "BTreeMap<String, RoleTable>")]
    pub roles: Vec<RoleTable>,
    /// Newest runs that the hub keeps, 8 or more; older ones go after a night is published, if they are older than `keep_days` as well. All are kept unless one of the two is given.
    pub keep_runs: Option<Located<u64>>,
    /// Days that the hub keeps a run at least; see `keep_runs`.
    pub keep_days: Option<Located<u64>>,
    /// How long customers are kept once nothing happens with them any more; `guiyi retain` tells who is due, and erases them.
    pub retention: Option<RetentionTable>,
    /// Quality gates; `guiyi run --gate` exits 6 when a source misses one.
    #[schemars(default, schema_with = "crate::plan::gates::schema")]
    pub gates: Vec<(Located<String>, Located<f64>)>,
    /// Other limits for the guards that decide whether a run is published; `guiyi list guards` shows each with its default and its reason.
    #[schemars(default, schema_with = "crate::plan::guards::schema")]
    pub guards: Vec<(Located<String>, Located<f64>)>,
    /// The log of what was done with the hub.
    #[schemars(default)]
    pub security: SecurityTable,
    /// Commands to call when a run has ended.
    #[schemars(default)]
    pub hooks: HooksTable,
    /// Limits of reading.
    #[schemars(default)]
    pub limits: LimitsTable,
    /// For a reference list (`guiyi list reference`), a newer file in its place, relative to the job file; tab-separated
    /// UTF-8 with the cells of the embedded list.
    #[schemars(default, with = "BTreeMap<String, String>")]
    pub reference: Vec<(Located<String>, Located<String>)>,
}

/// One subsidiary's export.
#[derive(Debug, Default, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct SourceTable {
    /// Where the table stands.
    #[schemars(skip)]
    pub span: Range<usize>,
    /// Name of the source; unique, and part of every record's identity for ever.
    #[schemars(required, with = "String")]
    pub name: Option<Located<String>>,
    /// Who answers for the source: a person or a department.
    pub owner: Option<Located<String>>,
    /// Files or globs, relative to the job file.
    #[schemars(required, with = "OneOrMany")]
    pub files: Option<Located<Vec<Located<String>>>>,
    /// Format of the files; found by their content unless given.
    pub format: Option<Located<String>>,
    /// Encoding of text files, such as `gb18030`; detected unless given.
    pub encoding: Option<Located<String>>,
    /// The one character between cells of a text file; detected unless given.
    pub delimiter: Option<Located<String>>,
    /// Row of the header, 1-based; found unless given.
    pub header_row: Option<Located<u64>>,
    /// Names of all columns in order, for exports without a header or with a useless one; with `header_row`, the rows up to that one are no records.
    #[schemars(with = "Option<OneOrMany>")]
    pub header: Option<Located<Vec<Located<String>>>>,
    /// Sheets of a workbook to read; all with the same header unless given.
    #[schemars(with = "Option<OneOrMany>")]
    pub sheets: Option<Located<Vec<Located<String>>>>,
    /// Column or columns whose value is unique in the source and stays with the record from night to night, or `@row`
    /// for the position of the row.
    #[schemars(required, with = "OneOrMany")]
    pub key: Option<Located<Vec<Located<String>>>>,
    /// Column that tells the subsidiary of each row, when one file holds several.
    pub source_column: Option<Located<String>>,
    /// For the subsidiaries that `source_column` tells, who answers for each; for the others it is `owner`.
    #[schemars(default, with = "BTreeMap<String, String>")]
    pub owners: Vec<(Located<String>, Located<String>)>,
    /// Rows whose first filled cell starts with one of these are no records, such as `合计`.
    #[schemars(with = "Option<OneOrMany>")]
    pub skip_rows_starting: Option<Located<Vec<Located<String>>>>,
    /// Must the source be there? A run without it exits 5. True unless given.
    pub required: Option<Located<bool>>,
    /// May its files be symbolic links, or lie behind some, as long as they stay in the folder the job names? `false` unless given.
    pub follow_links: Option<Located<bool>>,
    /// What says that a file was delivered whole: `done` (`<file>.done` lies beside it and is not older), `sha256` (`<file>.sha256` holds
    /// its digest) or `rows` (`<file>.rows` holds its number of rows). Nothing is asked for unless given.
    pub complete_when: Option<Located<String>>,
    /// `full` (every record of the source: one that is not there was withdrawn) or `delta` (what changed; the others stand as they
    /// were). `full` unless given.
    pub extract: Option<Located<String>>,
    /// When the source cannot be read: do its records of the last run stand, marked stale? Else only their unified IDs do. True
    /// unless given.
    pub carry_late: Option<Located<bool>>,
    /// When a full export lacks a record: do its values stand, marked withdrawn, until others replace them? True unless given.
    pub keep_withdrawn: Option<Located<bool>>,
    /// Rank of the source for the survivorship rule `source_priority`; 1 is trusted most.
    pub priority: Option<Located<u64>>,
    /// Quality gates of this source, in place of those of the job.
    #[schemars(default, schema_with = "crate::plan::gates::source_schema")]
    pub gates: Vec<(Located<String>, Located<f64>)>,
    /// For each field of the schema, where its value comes from.
    #[schemars(default, with = "BTreeMap<String, MapFrom>")]
    pub map: Vec<(Located<String>, MapFrom)>,
    /// Where `map` stands, if it is there.
    #[schemars(skip)]
    pub map_span: Option<Range<usize>>,
}

/// One text or several.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
#[expect(
    dead_code,
    reason = "says the shape in the JSON schema; the reader makes a list of either"
)]
pub enum OneOrMany {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

/// Where the value of a field comes from.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
pub enum MapFrom {
    /// One column.
    Column(Located<String>),
    /// Several columns, joined in this order.
    Columns(Vec<Located<String>>),
    /// A column, columns or constant with more to say.
    Table(Box<MapTable>),
}

/// The long form of a mapping: one of `column`, `columns` and `constant`.
#[derive(Debug, Default, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct MapTable {
    /// Where the table stands.
    #[schemars(skip)]
    pub span: Range<usize>,
    /// One column.
    pub column: Option<Located<String>>,
    /// Several columns, joined in this order.
    pub columns: Option<Located<Vec<Located<String>>>>,
    /// What stands between joined columns; `"; "` for fields of several values, nothing for Chinese address parts,
    /// a blank otherwise, unless given.
    pub join: Option<Located<String>>,
    /// Separator that the cell of `column` is split at.
    pub split: Option<Located<String>>,
    /// Which part of the split cell is meant, 1-based.
    pub part: Option<Located<u64>>,
    /// The same value for every record.
    pub constant: Option<Located<String>>,
    /// Code table (编码映射表) that translates the cell: a CSV file with the columns `code,value`, relative to the job
    /// file; its first line may be `# version: 2024-01`.
    pub codes: Option<Located<String>>,
}

/// A field beyond the built-in schema.
#[derive(Debug, Default, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct FieldTable {
    /// Where the table stands.
    #[schemars(skip)]
    pub span: Range<usize>,
    /// English identifier, lower case with underscores; the column name of published tables.
    #[schemars(required, with = "String")]
    pub name: Option<Located<String>>,
    /// Field type, such as `text`; `guiyi list` shows them.
    #[schemars(rename = "type")]
    pub field_type: Option<Located<String>>,
    /// English label; the name unless given.
    pub en: Option<Located<String>>,
    /// Chinese label; the name unless given.
    pub zh: Option<Located<String>>,
    /// Who may see it: `public`, `internal` (default) or `sensitive`.
    pub sensitivity: Option<Located<String>>,
    /// Is it expected in every record? False unless given.
    pub necessary: Option<Located<bool>>,
}

/// How far matching goes.
#[derive(Debug, Default, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct MatchingTable {
    /// Candidate pairs per record that blocking may make, on average; 40 unless given.
    pub pairs_per_record_max: Option<Located<f64>>,
    /// Records of one blocking key beyond which the key is refined; 200 unless given.
    pub block_size_max: Option<Located<u64>>,
    /// Match weight in bits from which a pair is joined; 0 (as likely one customer as not) unless given.
    pub cut_bits: Option<Located<f64>>,
    /// Width in bits of the band below the cut that goes to review; 6 unless given.
    pub review_band_bits: Option<Located<f64>>,
    /// Seed of every drawn sample; 1 unless given.
    pub seed: Option<Located<u64>>,
    /// Pairs of records that someone has judged: a CSV file with the columns `source_a,key_a,source_b,key_b,verdict`, the verdict `same` or
    /// `different`, relative to the job file.
    pub labels: Option<Located<String>>,
    /// Other values for the numbers of matching; `guiyi list tuning` shows each with its default and its reason.
    #[schemars(default, schema_with = "crate::plan::tuning::schema")]
    pub tuning: Vec<(Located<String>, Located<f64>)>,
}

/// The log of what was done with the hub, `audit.log`.
#[derive(Debug, Default, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct SecurityTable {
    /// File with the key of the log's chain, at least 32 bytes, for its owner alone (0600) and outside the hub; relative to the job
    /// file. Without, the chain finds slips, not forgers, and samples of quality reports carry no hash of their raw value.
    pub log_key: Option<Located<String>>,
    /// File outside the hub that takes number and code of every line, so that a log cut at its end is found.
    pub log_anchor: Option<Located<String>>,
}

impl SecurityTable {
    fn read(mut table: TomlTable<'_, '_>, faults: &mut FaultList) -> Self {
        let security = Self {
            log_key: table.text("log_key", faults),
            log_anchor: table.text("log_anchor", faults),
        };
        table.finish(faults);
        security
    }
}

/// How long customers are kept once nothing happens with them any more.
#[derive(Debug, Default, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct RetentionTable {
    /// Term of customers without a value in a sensitive field, in years or months; `5y` unless given.
    pub general: Option<Located<String>>,
    /// Term of customers with one; `10y` unless given.
    pub sensitive: Option<Located<String>>,
    /// Fields that make a customer sensitive; all sensitive ones of `guiyi list fields` unless given.
    #[schemars(with = "Option<OneOrMany>")]
    pub sensitive_fields: Option<Located<Vec<Located<String>>>>,
    /// Date fields that start the term; the latest date in any of them, in any record of the customer, counts. last_trade_date,
    /// updated_date and created_date unless given.
    #[schemars(with = "Option<OneOrMany>")]
    pub starts_with: Option<Located<Vec<Located<String>>>>,
}

impl RetentionTable {
    fn read(mut table: TomlTable<'_, '_>, faults: &mut FaultList) -> Self {
        let retention = Self {
            general: table.text("general", faults),
            sensitive: table.text("sensitive", faults),
            sensitive_fields: table.texts("sensitive_fields", faults),
            starts_with: table.texts("starts_with", faults),
        };
        table.finish(faults);
        retention
    }
}

/// Commands to call when a run has ended: program and arguments, no shell. Each gets a JSON object on stdin and never changes the outcome.
#[derive(Debug, Default, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct HooksTable {
    /// After a run that was published without a warning (exit code 0).
    #[schemars(with = "Option<Vec<String>>")]
    pub on_success: Option<Located<Vec<Located<String>>>>,
    /// After a run that was published with warnings or below a gate (exit codes 3 and 6).
    #[schemars(with = "Option<Vec<String>>")]
    pub on_warning: Option<Located<Vec<Located<String>>>>,
    /// After a run that published nothing (every other exit code).
    #[schemars(with = "Option<Vec<String>>")]
    pub on_failure: Option<Located<Vec<Located<String>>>>,
    /// Seconds after which a command is ended, with everything that it started; 30, the most, unless given.
    pub seconds_max: Option<Located<u64>>,
}

impl HooksTable {
    fn read(mut table: TomlTable<'_, '_>, faults: &mut FaultList) -> Self {
        let hooks = Self {
            on_success: table.texts("on_success", faults),
            on_warning: table.texts("on_warning", faults),
            on_failure: table.texts("on_failure", faults),
            seconds_max: table.whole("seconds_max", 1, faults),
        };
        table.finish(faults);
        hooks
    }
}

/// Limits of reading; what is beyond them is rejected, never cut.
#[derive(Debug, Default, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct LimitsTable {
    /// Bytes of one cell; 1 MiB unless given.
    pub field_bytes_max: Option<Located<u64>>,
    /// Bytes of one record; 4 MiB unless given.
    pub record_bytes_max: Option<Located<u64>>,
    /// Read workbooks and Parquet in a process of their own, which a hostile file may break without breaking the run; `true` unless given.
    pub isolate_readers: Option<Located<bool>>,
    /// Memory of such a process, such as `2GiB`; `1GiB` unless given.
    pub reader_memory: Option<Located<String>>,
    /// Processor seconds of such a process, for one file; 900 unless given. On the clock it may take four times as long.
    pub reader_seconds: Option<Located<u64>>,
}

impl JobFile {
    /// Reads a job file; whatever is wrong goes to `faults`, and what is left is returned.
    pub(super) fn read(text: &str, faults: &mut FaultList) -> Self {
        let (root, errors) = DeTable::parse_recoverable(text);
        for error in errors {
            let message = format!("not valid TOML: {}", error.message().replace('\n', ", "));
            let span = error.span().unwrap_or(0..0);
            if message.contains("unquoted key") {
                faults.add_hint(span, message, "put keys of other characters in quotes");
            } else {
                faults.add(span, message);
            }
        }
        let mut table = TomlTable::new(root.get_ref(), "the job file", 0..0);
        let job = Self {
            language: table.text("language", faults),
            hub: table.text("hub", faults),
            source: table
                .tables("source", faults)
                .into_iter()
                .map(|t| SourceTable::read(t, faults))
                .collect(),
            field: table
                .tables("field", faults)
                .into_iter()
                .map(|t| FieldTable::read(t, faults))
                .collect(),
            matching: table
                .table("matching", faults)
                .map(|t| MatchingTable::read(t, faults))
                .unwrap_or_default(),
            survivorship: table
                .table("survivorship", faults)
                .map(|t| read_rules(&t, faults))
                .unwrap_or_default(),
            review_per_day: table.whole("review_per_day", 1, faults),
            shared_fields: table.texts("shared_fields", faults),
            roles: table
                .table("roles", faults)
                .map(|t| RoleTable::read_all(&t, faults))
                .unwrap_or_default(),
            keep_runs: table.whole("keep_runs", 8, faults),
            keep_days: table.whole("keep_days", 1, faults),
            retention: table
                .table("retention", faults)
                .map(|t| RetentionTable::read(t, faults)),
            gates: table
                .table("gates", faults)
                .map(|t| read_numbers(&t, faults))
                .unwrap_or_default(),
            guards: table
                .table("guards", faults)
                .map(|t| read_numbers(&t, faults))
                .unwrap_or_default(),
            security: table
                .table("security", faults)
                .map(|t| SecurityTable::read(t, faults))
                .unwrap_or_default(),
            hooks: table
                .table("hooks", faults)
                .map(|t| HooksTable::read(t, faults))
                .unwrap_or_default(),
            limits: table
                .table("limits", faults)
                .map(|t| LimitsTable::read(t, faults))
                .unwrap_or_default(),
            reference: table
                .table("reference", faults)
                .map(|t| read_texts(&t, faults))
                .unwrap_or_default(),
        };
        table.finish(faults);
        job
    }
}

impl SourceTable {
    fn read(mut table: TomlTable<'_, '_>, faults: &mut FaultList) -> Self {
        let map = table.table("map", faults);
        let gates = table.table("gates", faults);
        let owners = table.table("owners", faults);
        let source = Self {
            span: table.span.clone(),
            name: table.text("name", faults),
            owner: table.text("owner", faults),
            files: table.texts("files", faults),
            format: table.text("format", faults),
            encoding: table.text("encoding", faults),
            delimiter: table.text("delimiter", faults),
            header_row: table.whole("header_row", 1, faults),
            header: table.texts("header", faults),
            sheets: table.texts("sheets", faults),
            key: table.texts("key", faults),
            source_column: table.text("source_column", faults),
            owners: owners.map(|t| read_texts(&t, faults)).unwrap_or_default(),
            skip_rows_starting: table.texts("skip_rows_starting", faults),
            required: table.flag("required", faults),
            follow_links: table.flag("follow_links", faults),
            complete_when: table.text("complete_when", faults),
            extract: table.text("extract", faults),
            carry_late: table.flag("carry_late", faults),
            keep_withdrawn: table.flag("keep_withdrawn", faults),
            priority: table.whole("priority", 1, faults),
            gates: gates.map(|t| read_numbers(&t, faults)).unwrap_or_default(),
            map_span: map.as_ref().map(|map| map.span.clone()),
            map: map.map(|map| read_map(&map, faults)).unwrap_or_default(),
        };
        table.finish(faults);
        source
    }
}

fn read_map(table: &TomlTable<'_, '_>, faults: &mut FaultList) -> Vec<(Located<String>, MapFrom)> {
    let mut map = Vec::new();
    for (field, value) in table.entries() {
        if let Some(from) = MapFrom::read(&field.value, value, faults) {
            map.push((field, from));
        }
    }
    map
}

impl MapFrom {
    fn read(field: &str, value: &Spanned<DeValue<'_>>, faults: &mut FaultList) -> Option<Self> {
        match value.get_ref() {
            DeValue::Table(table) => {
                let table = TomlTable::new(table, format!("the mapping of `{field}`"), value.span());
                Some(Self::Table(Box::new(MapTable::read(table, faults))))
            }
            DeValue::Array(_) => texts_of(value, field, faults).map(|texts| Self::Columns(texts.value)),
            _ => text_of(value, field, faults).map(Self::Column),
        }
    }
}

impl MapTable {
    fn read(mut table: TomlTable<'_, '_>, faults: &mut FaultList) -> Self {
        let map = Self {
            span: table.span.clone(),
            column: table.text("column", faults),
            columns: table.texts("columns", faults),
            join: table.text("join", faults),
            split: table.text("split", faults),
            part: table.whole("part", 1, faults),
            constant: table.text("constant", faults),
            codes: table.text("codes", faults),
        };
        table.finish(faults);
        map
    }
}

impl FieldTable {
    fn read(mut table: TomlTable<'_, '_>, faults: &mut FaultList) -> Self {
        let field = Self {
            span: table.span.clone(),
            name: table.text("name", faults),
            field_type: table.text("type", faults),
            en: table.text("en", faults),
            zh: table.text("zh", faults),
            sensitivity: table.text("sensitivity", faults),
            necessary: table.flag("necessary", faults),
        };
        table.finish(faults);
        field
    }
}

impl MatchingTable {
    fn read(mut table: TomlTable<'_, '_>, faults: &mut FaultList) -> Self {
        let matching = Self {
            pairs_per_record_max: table.number("pairs_per_record_max", 1.0..=100_000.0, faults),
            block_size_max: table.whole("block_size_max", 2, faults),
            cut_bits: table.number("cut_bits", -100.0..=1000.0, faults),
            review_band_bits: table.number("review_band_bits", 0.0..=100.0, faults),
            seed: table.whole("seed", 0, faults),
            labels: table.text("labels", faults),
            tuning: table
                .table("tuning", faults)
                .map(|t| read_numbers(&t, faults))
                .unwrap_or_default(),
        };
        table.finish(faults);
        matching
    }
}

impl LimitsTable {
    fn read(mut table: TomlTable<'_, '_>, faults: &mut FaultList) -> Self {
        let limits = Self {
            field_bytes_max: table.whole("field_bytes_max", 1, faults),
            record_bytes_max: table.whole("record_bytes_max", 1, faults),
            isolate_readers: table.flag("isolate_readers", faults),
            reader_memory: table.text("reader_memory", faults),
            reader_seconds: table.whole("reader_seconds", 1, faults),
        };
        table.finish(faults);
        limits
    }
}

fn read_texts(table: &TomlTable<'_, '_>, faults: &mut FaultList) -> Vec<(Located<String>, Located<String>)> {
    let mut texts = Vec::new();
    for (name, value) in table.entries() {
        if let Some(text) = text_of(value, &name.value, faults) {
            texts.push((name, text));
        }
    }
    texts
}

fn read_numbers(table: &TomlTable<'_, '_>, faults: &mut FaultList) -> Vec<(Located<String>, Located<f64>)> {
    let mut numbers = Vec::new();
    for (name, value) in table.entries() {
        match number_of(value) {
            Some(number) => numbers.push((name, number)),
            None => faults.add(value.span(), format!("`{}` must be a number", name.value)),
        }
    }
    numbers
}

fn read_rules(
    table: &TomlTable<'_, '_>,
    faults: &mut FaultList,
) -> Vec<(Located<String>, Vec<Located<String>>)> {
    let mut rules = Vec::new();
    for (field, value) in table.entries() {
        if let Some(texts) = texts_of(value, &field.value, faults) {
            rules.push((field, texts.value));
        }
    }
    rules
}

//! The stage through its own door: files in, records, rejects and faults out.

use super::*;
use crate::model::FieldName;
use crate::table::SourceAccount;
use proptest::prelude::*;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

fn columns(names: &[&str]) -> ColumnSource {
    ColumnSource::Columns {
        columns: names.iter().map(|&n| n.to_owned()).collect(),
        join: ";".to_owned(),
    }
}

pub(super) fn field(name: &str, column: &str) -> ColumnMapping {
    ColumnMapping {
        field: FieldName::from(name),
        from: columns(&[column]),
        codes: None,
        is_amount: name == "amount",
    }
}

/// A source with the columns 编号, 客户名称, 电话 of the files.
pub(super) fn source(name: &str, patterns: &[&str]) -> SourceSettings {
    let mut source = SourceSettings::new(name, patterns, RecordKey::Columns(vec!["编号".into()]));
    source.columns = vec![field("customer_name", "客户名称"), field("phones", "电话")];
    source
}

pub(super) fn run(base: &Path, sources: Vec<SourceSettings>) -> Ingested {
    let settings = Settings {
        base: base.to_path_buf(),
        sources,
        limits: Limits::default(),
        forgotten: crate::table::Forgotten::default(),
    };
    let ingested = ingest(&settings).unwrap();
    assert!(ingested.records.accounts.iter().all(SourceAccount::is_balanced));
    ingested
}

/// Source, key, customer name and phone of every record.
pub(super) fn rows(ingested: &Ingested) -> Vec<String> {
    let records = &ingested.records;
    let text = |i: u32| {
        let record = crate::model::RecordIndex(i);
        let name = records.value(record, "customer_name");
        let phone = records.value(record, "phones");
        format!(
            "{}/{}/{name}/{phone}",
            records.source(record).name,
            records.key(record)
        )
    };
    (0..records.len() as u32).map(text).collect()
}

pub(super) fn rejects(ingested: &Ingested) -> Vec<(u64, &'static str)> {
    ingested.rejects.iter().map(|r| (r.line, r.code.name)).collect()
}

fn of_file(name: &str, bytes: &[u8]) -> Ingested {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join(name), bytes).unwrap();
    run(dir.path(), vec![source("甲", &[name])])
}

fn fault(name: &str, bytes: &[u8]) -> IngestError {
    let mut ingested = of_file(name, bytes);
    assert_eq!(ingested.records.len(), 0);
    ingested.faults.remove(0).error
}

const TEXT: &str = "编号,客户名称,电话\nC2,上海德诚电子有限公司,021-62345678\nC1,Ann Lee Ltd,+8613800138000\nC3,北京华夏科技有限公司,0010\n";
const ROWS: [&str; 3] = [
    "甲/C1/Ann Lee Ltd/+8613800138000",
    "甲/C2/上海德诚电子有限公司/021-62345678",
    "甲/C3/北京华夏科技有限公司/0010",
];

#[test]
fn every_encoding_and_compression_gives_the_same_records() {
    let gbk = encoding_rs::GB18030.encode(TEXT).0.into_owned();
    let utf16: Vec<u8> = TEXT.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = format!("\u{FEFF}{TEXT}").into_bytes();
    let windows = TEXT.replace('\n', "\r\n").into_bytes();
    let tabs = TEXT.replace(',', "\t").into_bytes();
    let zstd = zstd::encode_all(TEXT.as_bytes(), 3).unwrap();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut gzip, &gbk).unwrap();
    let gzip = gzip.finish().unwrap();
    for (name, bytes) in [
        ("a.csv", TEXT.as_bytes().to_vec()),
        ("a.csv", gbk),
        ("a.txt", utf16),
        ("a.csv", marked),
        ("a.xls", windows),
        ("a.tsv", tabs),
        ("a.csv.gz", gzip),
        ("a.csv.zst", zstd),
    ] {
        let ingested = of_file(name, &bytes);
        assert!(ingested.faults.is_empty(), "{:?}", ingested.faults);
        assert_eq!(rows(&ingested), ROWS, "{name}");
        assert_eq!(ingested.inputs[0].size_bytes, bytes.len() as u64);
        assert_eq!(ingested.inputs[0].sha256.len(), 64);
    }
}

#[test]
fn titles_totals_blank_lines_and_guards_are_seen_through() {
    let text = "客户清单,,,,\n制表：王芳,,,,\n编号,客户名称,电话,合作金额(万元),\n\n'001,甲公司,=\"0123\",1.5,\n,,,,\n\
                002,Bob GmbH,'+49 30,2,,\n编号,客户名称,电话,合作金额(万元),\n合计,,,3.5,\n";
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.csv"), text).unwrap();
    let mut settings = source("甲", &["a.csv"]);
    settings.columns.push(field("amount", "合作金额"));
    let ingested = run(dir.path(), vec![settings]);
    assert_eq!(rows(&ingested), ["甲/001/甲公司/0123", "甲/002/Bob GmbH/+49 30"]);
    let amount = ingested.records.value(crate::model::RecordIndex(0), "amount");
    assert_eq!(amount, "1.5\u{1F}万元\u{1F}");
    let expected = SourceAccount {
        read: 4,
        accepted: 2,
        rejected: 0,
        skipped: 2,
    };
    assert_eq!(ingested.records.accounts, [expected]);
    assert_eq!(ingested.records.places[0].line, 5);
}

#[test]
fn bad_rows_are_rejected_with_their_place_and_code() {
    let text =
        "编号,客户名称,电话\nC1,甲,1\nC2,乙\n,丙,2\nC1,丁,3\nC4,\"戊,4\nC5,己,5,6\nC6,庚\0,7\nC7,Ann,8\n";
    let ingested = of_file("a.csv", text.as_bytes());
    assert_eq!(rows(&ingested), ["甲/C1/甲/1", "甲/C7/Ann/8"]);
    let expected = [
        (3, "ragged_row"),
        (4, "missing_key"),
        (5, "duplicate_key"),
        (6, "unclosed_quote"),
        (7, "ragged_row"),
        (8, "nul_character"),
    ];
    assert_eq!(rejects(&ingested), expected);
    let [ragged, key, ..] = ingested.rejects.as_slice() else {
        panic!()
    };
    assert_eq!(
        (ragged.column.as_str(), ragged.byte),
        ("2 of 3 cells", text.find("C2").unwrap() as u64)
    );
    assert_eq!(
        (key.column.as_str(), key.file.as_str(), key.source.as_str()),
        ("编号", "a.csv", "甲")
    );
    assert_eq!(ingested.rejects[5].column, "客户名称");
}

#[test]
fn mixed_encodings_and_a_cut_character_cost_their_own_rows() {
    let mut bytes = TEXT.as_bytes().to_vec();
    bytes.extend(&encoding_rs::GB18030.encode("C4,广州贸易行,020\n").0[..]);
    bytes.extend("C5,王".as_bytes());
    bytes.truncate(bytes.len() - 1);
    let ingested = of_file("a.csv", &bytes);
    assert_eq!(rows(&ingested), ROWS);
    assert_eq!(rejects(&ingested), [(5, "bad_encoding"), (6, "bad_encoding")]);

    let mut bytes = encoding_rs::GB18030.encode(TEXT).0.into_owned();
    bytes.extend("C4,杭州湖畔贸易行,020\n".as_bytes());
    bytes.extend(&encoding_rs::GB18030.encode("C5,王芳,1").0[..]);
    bytes.extend(b"\xCD");
    let ingested = of_file("a.csv", &bytes);
    assert_eq!(rows(&ingested), ROWS);
    assert_eq!(rejects(&ingested), [(5, "bad_encoding"), (6, "bad_encoding")]);
}

#[test]
fn a_wrong_declared_encoding_is_an_error_with_its_line() {
    for (declared, bytes) in [
        ("utf-8", encoding_rs::GB18030.encode(TEXT).0.into_owned()),
        ("gbk", TEXT.as_bytes().to_vec()),
        ("big5", TEXT.as_bytes().to_vec()),
        (
            "gbk",
            TEXT.replace("编号,客户名称,电话", "id,name,phone").into_bytes(),
        ),
    ] {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("a.csv"), bytes).unwrap();
        let mut settings = source("甲", &["a.csv"]);
        settings.encoding = Some(declared.to_owned());
        settings.header_row = (declared == "gbk").then_some(1);
        let ingested = run(dir.path(), vec![settings]);
        let error = &ingested.faults[0].error;
        let is_right = matches!(
            error,
            IngestError::WrongEncoding { .. }
                | IngestError::NoHeader { .. }
                | IngestError::MissingColumn { .. }
        );
        assert!(is_right, "{declared}: {error}");
    }
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.csv"), TEXT).unwrap();
    let mut settings = source("甲", &["a.csv"]);
    settings.encoding = Some("klingon".to_owned());
    let ingested = run(dir.path(), vec![settings]);
    assert!(matches!(
        ingested.faults[0].error,
        IngestError::UnknownEncoding { .. }
    ));
}

#[test]
fn unreadable_sources_are_faults_and_the_others_go_on() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("good.csv"), TEXT).unwrap();
    fs::write(dir.path().join("empty.csv"), "").unwrap();
    fs::write(dir.path().join("blank.csv"), "\r\n \n").unwrap();
    fs::write(dir.path().join("header.csv"), "编号,客户名称,电话\n").unwrap();
    fs::write(dir.path().join("keyless.csv"), "编码,客户名称,电话\n1,甲,2\n").unwrap();
    fs::write(
        dir.path().join("page.xls"),
        "<html><table><tr><td>x</td></tr></table></html>",
    )
    .unwrap();
    fs::write(dir.path().join("text.parquet"), "PAR2 not").unwrap();
    fs::write(dir.path().join("text.xlsx"), "a,b\n").unwrap();
    fs::write(dir.path().join("cut.csv.gz"), [0x1F, 0x8B, 8, 0, 0]).unwrap();
    let sources = [
        "good.csv",
        "empty.csv",
        "blank.csv",
        "header.csv",
        "keyless.csv",
        "page.xls",
        "text.parquet",
        "text.xlsx",
        "cut.csv.gz",
        "none.csv",
    ];
    let ingested = run(dir.path(), sources.map(|name| source(name, &[name])).to_vec());
    assert_eq!(ingested.records.len(), 3);
    let names: Vec<&str> = ingested.records.sources.iter().map(|s| s.name.as_str()).collect();
    assert_eq!(names, ["good.csv", "header.csv"]);
    let kinds: Vec<String> = ingested
        .faults
        .iter()
        .map(|fault| {
            format!("{:?}", fault.error)
                .split([' ', '{'])
                .next()
                .unwrap()
                .to_owned()
        })
        .collect();
    let expected = [
        "Empty",
        "Damaged",
        "Empty",
        "MissingColumn",
        "Missing",
        "WrongMagic",
        "WrongMagic",
        "WrongMagic",
    ];
    assert_eq!(kinds, expected, "{:?}", ingested.faults);
    let keyless = &ingested.faults[3].error;
    assert!(keyless.to_string().ends_with("did you mean `编码`?"), "{keyless}");
}

#[cfg(unix)]
#[test]
fn a_file_without_the_right_to_read_it_is_a_fault() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.csv");
    fs::write(&path, TEXT).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    // The superuser may read everything.
    if fs::File::open(&path).is_err() {
        let ingested = run(dir.path(), vec![source("甲", &["a.csv"])]);
        assert!(matches!(ingested.faults[0].error, IngestError::Permission { .. }));
    }
}

#[test]
fn the_order_of_sources_and_files_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("1.csv"), TEXT).unwrap();
    fs::write(
        dir.path().join("2.csv"),
        "编号,客户名称,电话\nC0,丙,9\nC1,again,9\n",
    )
    .unwrap();
    fs::write(dir.path().join("3.csv"), "电话,编号,客户名称\n7,C1,乙公司\n").unwrap();
    let forward = run(
        dir.path(),
        vec![source("甲", &["1.csv", "2.csv"]), source("乙", &["3.csv"])],
    );
    let backward = run(
        dir.path(),
        vec![source("乙", &["3.csv"]), source("甲", &["2.csv", "1.csv"])],
    );
    let expected = [
        "乙/C1/乙公司/7",
        "甲/C0/丙/9",
        "甲/C1/Ann Lee Ltd/+8613800138000",
        "甲/C2/上海德诚电子有限公司/021-62345678",
        "甲/C3/北京华夏科技有限公司/0010",
    ];
    assert_eq!(rows(&forward), expected);
    assert_eq!(rows(&backward), expected);
    assert_eq!(forward.rejects, backward.rejects);
    assert_eq!(forward.rejects[0].file, "2.csv");
    assert_eq!(forward.records.places, backward.records.places);
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let names = ["丙", "甲", "a", "B", "乙"];
    for name in names {
        fs::write(dir.path().join(format!("{name}.csv")), TEXT.repeat(3)).unwrap();
    }
    let sources: Vec<SourceSettings> = names.iter().map(|n| source(n, &[&format!("{n}.csv")])).collect();
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        let ingested = pool.install(|| run(dir.path(), sources.clone()));
        let codes: Vec<Vec<u32>> = ingested.records.columns.iter().map(|c| c.codes.clone()).collect();
        (rows(&ingested), codes, ingested.rejects, ingested.inputs)
    };
    assert_eq!(with(1), with(3));
}

#[test]
fn one_export_is_split_by_the_column_that_names_the_subsidiary() {
    let text = "公司,编号,客户名称,电话\n华东,C1,甲,1\n华南,C1,乙,2\n华东,C1,丙,3\n,C2,丁,4\n华南,C0,戊,5\n";
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.csv"), text).unwrap();
    let mut settings = source("集团", &["a.csv"]);
    settings.source_column = Some("公司".to_owned());
    let ingested = run(dir.path(), vec![settings.clone()]);
    assert_eq!(rows(&ingested), ["华东/C1/甲/1", "华南/C0/戊/5", "华南/C1/乙/2"]);
    let got: Vec<_> = ingested
        .rejects
        .iter()
        .map(|r| (r.source.as_str(), r.line, r.code.name))
        .collect();
    assert_eq!(got, [("华东", 4, "duplicate_key"), ("集团", 5, "missing_source")]);

    fs::write(dir.path().join("b.csv"), TEXT).unwrap();
    let ingested = run(dir.path(), vec![settings, source("华南", &["b.csv"])]);
    assert!(matches!(
        ingested.faults[0].error,
        IngestError::SourceNameTaken { .. }
    ));
    assert_eq!(ingested.records.len(), 3);
}

#[test]
fn code_tables_translate_and_report_what_they_lack() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(
        dir.path().join("a.csv"),
        "编号,级别,电话\n1,A,1.38E+10\n2,B,2\n3,B,3\n3,C,4\n4,,5\n",
    )
    .unwrap();
    let table = CodeTable {
        name: "级别".into(),
        version: "1".into(),
        entries: [("A".to_owned(), "重要".to_owned())].into(),
    };
    let mut settings = SourceSettings::new("甲", &["a.csv"], RecordKey::Columns(vec!["编号".into()]));
    let mut level = field("level", "级别");
    level.codes = Some(Arc::new(table));
    settings.columns = vec![level, field("phones", "电话")];
    let ingested = run(dir.path(), vec![settings]);
    let levels: Vec<&str> = (0..4)
        .map(|i| ingested.records.value(crate::model::RecordIndex(i), "level"))
        .collect();
    assert_eq!(levels, ["重要", "B", "B", ""]);
    let [unmapped] = ingested.unmapped_codes.as_slice() else {
        panic!()
    };
    assert_eq!(
        (unmapped.code.as_str(), unmapped.records, unmapped.table.as_str()),
        ("B", 2, "级别")
    );
    let issues: Vec<_> = ingested
        .cell_issues
        .iter()
        .map(|i| (i.record.0, i.field.as_str(), i.code.name))
        .collect();
    let expected = [
        (0, "phones", "precision_lost"),
        (1, "level", "unmapped_code"),
        (2, "level", "unmapped_code"),
    ];
    assert_eq!(issues, expected);
}

#[test]
fn row_keys_name_file_and_line() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("x")).unwrap();
    fs::write(dir.path().join("客户.csv"), "客户名称,电话\n甲,1\n").unwrap();
    fs::write(dir.path().join("x/客户.csv"), "客户名称,电话\nAnn,2\n").unwrap();
    let mut settings = source("甲", &["客户.csv"]);
    settings.key = RecordKey::Row;
    assert_eq!(rows(&run(dir.path(), vec![settings.clone()])), ["甲/客户:2/甲/1"]);
    settings.patterns.push("x/*.csv".to_owned());
    assert_eq!(
        rows(&run(dir.path(), vec![settings])),
        ["甲/x/客户.csv:2/Ann/2", "甲/客户.csv:2/甲/1"]
    );
}

#[test]
fn a_compression_bomb_is_refused() {
    let bomb = zstd::encode_all(std::io::repeat(b'a').take(64 << 20), 1).unwrap();
    assert!(matches!(fault("a.csv.zst", &bomb), IngestError::TooLarge { .. }));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_bytes_end_in_records_rejects_or_a_fault(
        head in prop::sample::select(vec!["", "编号,客户名称,电话\n", "{\"编号\":1,", "PK\u{3}\u{4}", "PAR1"]),
        bytes in prop::collection::vec(prop::sample::select(b"a\",;\n\r\t\0\xE7\x8E\x8B\xCD\xF5\xFF{}:1'=\x1F\x8B".to_vec()), 0..300),
        ending in prop::sample::select(vec!["csv", "jsonl", "xlsx", "parquet", "csv.gz", "ods", "xls"]),
    ) {
        let bytes = [head.as_bytes(), &bytes].concat();
        let ingested = of_file(&format!("a.{ending}"), &bytes);
        let accounts = &ingested.records.accounts;
        prop_assert!(accounts.iter().all(SourceAccount::is_balanced));
        let rejected: u64 = accounts.iter().map(|a| a.rejected).sum();
        if ingested.faults.is_empty() {
            prop_assert_eq!(rejected, ingested.rejects.iter().map(|r| r.rows).sum::<u64>());
            prop_assert_eq!(accounts[0].accepted, ingested.records.len() as u64);
        }
    }
}

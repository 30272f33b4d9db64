//! Exports in, job files out.

use super::*;
use crate::ingest::ColumnProfile;
use crate::ingest::ProfileOptions;
use crate::ingest::TaxStatement;
use crate::plan;
use std::collections::BTreeSet;
use std::path::PathBuf;
use tempfile::TempDir;

/// A profile of plain CSV text, so that these tests depend on no reader.
fn profile_of(text: &str) -> FileProfile {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headers: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let column = |(at, header): (usize, &String)| {
        let samples: Vec<String> = rows
            .iter()
            .map(|row| row[at].to_owned())
            .filter(|cell| !cell.is_empty())
            .collect();
        let distinct = samples.iter().collect::<BTreeSet<_>>().len();
        ColumnProfile {
            header: header.clone(),
            unit: None,
            tax: header.contains("含税").then_some(TaxStatement::Included),
            filled: samples.len() as u64,
            distinct: distinct as u64,
            is_unique: distinct == rows.len() && !rows.is_empty(),
            samples,
        }
    };
    FileProfile {
        format: Format::Csv,
        encoding: "UTF-8".to_owned(),
        delimiter: Some(b','),
        header_row: 1,
        sheets: Vec::new(),
        rows: rows.len() as u64,
        rows_rejected: 0,
        columns: headers.iter().enumerate().map(column).collect(),
    }
}

fn folder(files: &[(&str, String)]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    dir
}

/// Proposes a job for all files, and loads it again.
fn proposed(files: &[(&str, String)]) -> (Proposal, String) {
    let dir = folder(files);
    let paths: Vec<PathBuf> = files.iter().map(|(name, _)| dir.path().join(name)).collect();
    let job = dir.path().join("job/guiyi.toml");
    let proposal = propose_with(&paths, &job, &|path| {
        Ok(profile_of(&std::fs::read_to_string(path).unwrap()))
    })
    .unwrap();
    std::fs::create_dir(dir.path().join("job")).unwrap();
    let text = proposal.to_toml();
    std::fs::write(&job, &text).unwrap();
    if let Err(faults) = plan::load(&job) {
        panic!("{faults}\n{text}");
    }
    (proposal, text)
}

fn map(source: &ProposedSource) -> Vec<String> {
    source
        .mappings
        .iter()
        .map(|mapping| format!("{}={}", mapping.field, mapping.columns.join("+")))
        .collect()
}

/// A table of `rows` rows: each column is a header and how to write the cell of a row.
fn table(rows: usize, columns: &[(&str, &dyn Fn(usize) -> String)]) -> String {
    let mut text = columns
        .iter()
        .map(|(header, _)| *header)
        .collect::<Vec<_>>()
        .join(",");
    for row in 0..rows {
        let cells: Vec<String> = columns
            .iter()
            .map(|(_, cell)| format!("\"{}\"", cell(row)))
            .collect();
        text.push('\n');
        text.push_str(&cells.join(","));
    }
    text.push('\n');
    text
}

const SURNAMES: [&str; 8] = ["王", "李", "张", "刘", "陈", "杨", "赵", "黄"];
const GIVEN: [&str; 7] = ["伟", "芳", "秀英", "敏", "静", "丽华", "强"];

fn person(row: usize) -> String {
    let third = ["", "国", "明", "文", "建"][row / 56 % 5];
    format!("{}{}{third}", SURNAMES[row % 8], GIVEN[row / 8 % 7])
}

fn company(row: usize) -> String {
    format!(
        "{}{}{}科技有限公司",
        ["北京", "上海", "广州"][row % 3],
        SURNAMES[row / 3 % 8],
        GIVEN[row / 24 % 7]
    )
}

fn mobile(row: usize) -> String {
    format!("139{:08}", 12_345_601 + row * 7_919)
}

#[test]
fn a_chinese_export_is_mapped_by_headers_and_contents() {
    let text = table(
        60,
        &[
            ("客户编码", &|row| format!("HD{row:06}")),
            ("客户名称", &company),
            ("对接人", &person),
            ("手机", &mobile),
            ("固定电话", &|row| format!("010-8234{row:04}")),
            ("省份", &|_| "北京市".into()),
            ("详细地址", &|row| format!("海淀区中关村大街{row}号")),
            ("合作金额", &|row| format!("{row},000.00")),
            ("备注", &|_| "老客户".into()),
        ],
    );
    let (proposal, text) = proposed(&[("huadong/customers.csv", text)]);
    assert_eq!(proposal.language, Language::Zh);
    let source = &proposal.sources[0];
    assert_eq!(source.key.as_deref(), Some("客户编码"));
    assert_eq!(
        map(source),
        [
            "customer_name=客户名称",
            "contact_name=对接人",
            "phones=手机+固定电话",
            "address=详细地址",
            "province=省份",
            "amount=合作金额"
        ]
    );
    assert!(source.is_tax_open && text.contains("# amount_tax = "), "{text}");
    assert!(text.contains("#   \"备注\""), "{text}");
    for cell in [company(0), person(0), mobile(0)] {
        assert!(!text.contains(&cell), "no cell may be written: {text}");
    }
}

#[test]
fn latin_persons_are_mapped_with_key_and_subsidiary() {
    let text = table(
        40,
        &[
            ("id", &|row| format!("R{row:06}")),
            ("source", &|row| ["a", "b"][row % 2].into()),
            ("given_name", &|row| format!("anna{}", ["", "x", "y"][row % 3])),
            ("surname", &|row| format!("rees{}", ["", "x", "y"][row % 3])),
            ("street_number", &|row| row.to_string()),
            ("address_1", &|_| "ewing street".into()),
            ("address_2", &|_| "rosetta village".into()),
            ("suburb", &|_| "marshdale".into()),
            ("postcode", &|_| "4215".into()),
            ("state", &|_| "nsw".into()),
            ("date_of_birth", &|row| format!("1976{:02}27", row % 12 + 1)),
            ("soc_sec_id", &|row| format!("{}", 6_401_287 + row)),
        ],
    );
    let (proposal, _) = proposed(&[("records.csv", text)]);
    let source = &proposal.sources[0];
    assert_eq!(
        (proposal.language, source.name.as_str()),
        (Language::En, "records")
    );
    assert_eq!(
        (source.key.as_deref(), source.source_column.as_deref()),
        (Some("id"), Some("source"))
    );
    assert_eq!(
        map(source),
        [
            "given_name=given_name",
            "family_name=surname",
            "other_identifier=soc_sec_id",
            "birth_date=date_of_birth",
            "province=state",
            "street=address_1",
            "street_number=street_number",
            "address_line2=address_2",
            "locality=suburb",
            "postcode=postcode"
        ]
    );
    assert!(source.questions.is_empty() && source.not_carried.is_empty());
}

#[test]
fn full_and_split_names_stand_beside_each_other() {
    let text = table(
        30,
        &[
            ("id", &|row| format!("R{row}")),
            ("full_name", &|row| {
                format!("carl harry wilson{}", ["", "s"][row % 2])
            }),
            ("first_and_surname", &|_| "carl wilson".into()),
            ("first_name", &|_| "carl".into()),
            ("surname", &|_| "wilson".into()),
            ("dob", &|_| "1853-12-28".into()),
            ("birth_place", &|_| "bristol, city of".into()),
            ("postcode_fake", &|_| "ng7 1ft".into()),
            ("gender", &|_| "male".into()),
            ("occupation", &|_| "astronomer".into()),
        ],
    );
    let (proposal, _) = proposed(&[("records.csv", text)]);
    let expected = "customer_name=full_name given_name=first_name family_name=surname birth_date=dob gender=gender \
                    birth_place=birth_place occupation=occupation postcode=postcode_fake";
    assert_eq!(map(&proposal.sources[0]).join(" "), expected);
    assert_eq!(proposal.sources[0].not_carried[0].column, "first_and_surname");
}

fn with_responsible(
    responsible: &dyn Fn(usize) -> String,
    others: &[(&str, &dyn Fn(usize) -> String)],
) -> ProposedSource {
    let mut columns: Vec<(&str, &dyn Fn(usize) -> String)> = vec![
        ("编号", &|row| format!("{row:07}")),
        ("公司名称", &company),
        ("负责人", responsible),
    ];
    columns.extend(others);
    let (proposal, _) = proposed(&[("huabei.csv", table(200, &columns))]);
    proposal.sources[0].clone()
}

#[test]
fn the_person_in_charge_is_told_by_the_values() {
    let contact = with_responsible(&person, &[]);
    assert!(
        map(&contact).contains(&"contact_name=负责人".to_owned()),
        "{:?}",
        map(&contact)
    );
    let owner = with_responsible(&|row| person(row % 5), &[]);
    assert!(
        map(&owner).contains(&"owner=负责人".to_owned()),
        "{:?}",
        map(&owner)
    );
    let legal = with_responsible(&person, &[("法人", &person)]);
    assert!(map(&legal).contains(&"legal_representative=法人".to_owned()));
    assert_eq!(legal.not_carried[0].instead, Some("legal_representative"));
}

#[test]
fn an_undecided_person_in_charge_is_a_question() {
    let asked = with_responsible(&|row| person(row % 40), &[]);
    assert_eq!(
        asked.questions[0].options,
        ["contact_name", "owner", "legal_representative"]
    );
    let second = with_responsible(&person, &[("联系人", &|row| person(row + 31))]);
    assert_eq!(second.questions[0].options, ["owner", "legal_representative"]);
}

#[test]
fn a_preset_settles_what_the_header_leaves_open() {
    let headers = [
        "客户编号",
        "客户名称",
        "负责人",
        "归属部门",
        "生命状态",
        "成交状态",
        "电话",
        "客户级别",
        "创建时间",
    ];
    let mut text = headers.join(",");
    text.push('\n');
    for row in 0..30 {
        let cells = [
            format!("K{row}"),
            company(row),
            person(row),
            "一部".into(),
            "正常".into(),
            "已成交".into(),
            mobile(row),
        ];
        text.push_str(&format!("{},A,2024-01-0{}\n", cells.join(","), row % 9 + 1));
    }
    let (proposal, text) = proposed(&[("fxiaoke.csv", text)]);
    assert_eq!(proposal.sources[0].preset, Some("纷享销客"));
    assert!(map(&proposal.sources[0]).contains(&"owner=负责人".to_owned()));
    assert!(text.contains("预设：纷享销客"), "{text}");
}

#[test]
fn a_tax_number_column_of_credit_codes_is_the_credit_code() {
    let codes = [
        "914403001922038216",
        "91330100799655058B",
        "91110000802100433B",
        "91110000710925462X",
    ];
    let text = table(
        20,
        &[
            ("单位编号", &|row| format!("{row:06}")),
            ("单位名称", &company),
            ("税号", &|row| codes[row % 4].into()),
        ],
    );
    let (proposal, _) = proposed(&[("beifang.csv", text)]);
    assert_eq!(map(&proposal.sources[0]), ["customer_name=单位名称", "uscc=税号"]);
}

#[test]
fn columns_without_a_telling_header_are_told_by_their_contents() {
    let text = table(
        30,
        &[
            ("A", &|row| format!("X-{row:04}")),
            ("B", &company),
            ("C", &mobile),
            ("D", &|row| format!("user{row}@example.com")),
        ],
    );
    let (proposal, text) = proposed(&[("strange.csv", text)]);
    let source = &proposal.sources[0];
    assert_eq!(map(source), ["customer_name=B", "phones=C", "emails=D"]);
    assert_eq!(
        (source.key.as_deref(), source.key_note),
        (Some("A"), KeyNote::ByContents)
    );
    assert!(text.contains("contents only"), "{text}");
}

#[test]
fn contents_that_contradict_the_header_are_a_question() {
    let text = table(
        30,
        &[
            ("id", &|row| format!("{row}")),
            ("name", &company),
            ("email", &|row| format!("plain text {row}")),
        ],
    );
    let (proposal, text) = proposed(&[("x.csv", text)]);
    assert_eq!(proposal.sources[0].questions[0].options, ["emails"]);
    assert!(text.contains("# emails = \"email\""), "{text}");
}

#[test]
fn files_without_a_key_are_told_apart_by_rows() {
    let (proposal, text) = proposed(&[(
        "x.csv",
        table(10, &[("客户名称", &|_| company(0)), ("电话", &|_| mobile(0))]),
    )]);
    assert_eq!(
        (proposal.sources[0].key.clone(), proposal.sources[0].key_note),
        (None, KeyNote::Rows)
    );
    assert!(text.contains("key = \"@row\"") && text.contains("警告"), "{text}");
}

#[test]
fn files_alike_in_one_folder_are_one_source_and_names_do_not_collide() {
    let export = || table(12, &[("编号", &|row| row.to_string()), ("客户名称", &company)]);
    let other = || {
        table(
            12,
            &[("客户代码", &|row| row.to_string()), ("单位名称", &company)],
        )
    };
    let (proposal, _) = proposed(&[
        ("华南/2026-01.csv", export()),
        ("华南/2026-02.csv", export()),
        ("north/customers.csv", export()),
        ("south/customers.csv", other()),
        ("south/truth.csv", "id,cluster\n1,2\n".to_owned()),
    ]);
    let seen: Vec<(&str, String)> = proposal
        .sources
        .iter()
        .map(|source| (source.name.as_str(), source.files.join(" ")))
        .collect();
    assert_eq!(
        seen,
        [
            ("north", "../north/customers.csv".to_owned()),
            ("south", "../south/customers.csv".to_owned()),
            ("huanan", "../华南/*.csv".to_owned()),
        ]
    );
    assert_eq!(proposal.skipped[0].0, "../south/truth.csv");
}

#[test]
fn the_order_of_the_files_does_not_matter_and_strange_headers_are_harmless() {
    let strange = "id,客户名称,\"a\"\"b\\c\n[x]\"\n1,华夏公司,z\n".to_owned();
    let files = [
        ("a.csv", strange),
        (
            "b.csv",
            table(5, &[("id", &|row| row.to_string()), ("name", &company)]),
        ),
    ];
    let turned = [files[1].clone(), files[0].clone()];
    assert_eq!(proposed(&files).1, proposed(&turned).1);
}

#[test]
fn nothing_usable_is_an_error() {
    assert!(matches!(
        propose(&[], Path::new("guiyi.toml"), &ProfileOptions::default()),
        Err(ProposeError::NoFiles)
    ));
    let missing = propose(
        &[PathBuf::from("no-such.csv")],
        Path::new("guiyi.toml"),
        &ProfileOptions::default(),
    );
    assert!(matches!(missing, Err(ProposeError::NothingUsable { .. })));
}

#[test]
fn a_gbk_export_is_proposed_checked_and_read_without_editing() {
    let text = table(
        40,
        &[
            ("客户编码", &|row| format!("HD{row:06}")),
            ("客户名称", &company),
            ("对接人", &person),
            ("手机", &mobile),
        ],
    );
    let dir = tempfile::tempdir().unwrap();
    let (bytes, ..) = encoding_rs::GBK.encode(&text);
    std::fs::write(dir.path().join("华东.csv"), &bytes).unwrap();
    std::fs::write(dir.path().join("truth.csv"), "id,cluster\n1,2\n").unwrap();
    let job = dir.path().join("guiyi.toml");
    let proposal = propose(&[dir.path().to_path_buf()], &job, &ProfileOptions::default()).unwrap();
    assert_eq!(proposal.sources[0].name, "huadong");
    assert_eq!(proposal.skipped[0].0, "truth.csv");
    std::fs::write(&job, proposal.to_toml()).unwrap();
    let plan = plan::load(&job).unwrap();
    plan::check_sources(&plan).unwrap();
    let ingested = ingest::ingest(&plan.ingest).unwrap();
    assert!(ingested.faults.is_empty() && ingested.rejects.is_empty());
}

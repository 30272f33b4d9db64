//! Bad input through the command line: a typed error or rejects with place and hint, never a panic, and never another
//! source lost.

use crate::support::Account;
use crate::support::GOOD;
use crate::support::Outcome;
use crate::support::PUBLISHED;
use crate::support::SOURCE_MISSING;
use crate::support::USAGE;
use crate::support::WITH_WARNINGS;
use crate::support::Workplace;
use crate::support::source;
use std::io::Write;

const HEADER: &str = "编号,客户名称,电话\n";
/// Two sound rows in front of a fault, so that the header and the encoding are beyond doubt.
const ROWS: &str = "K1,上海德诚电子有限公司,021-62345678\nK2,Ann Lee Ltd,\n";

/// Golden records hold both customers of the good source, whatever became of the others.
fn check_good_source(workplace: &Workplace) {
    let ids = workplace.published().ids();
    for key in ["G1", "G2"] {
        assert!(ids.contains_key(&("good".to_owned(), key.to_owned())), "{key}");
    }
    let names = workplace.published().rows("golden.parquet", &["customer_name"]);
    for name in ["北京启明星辰软件有限公司", "Harbour Lights Ltd"] {
        assert!(names.iter().any(|row| row[0] == name), "{name} in {names:?}");
    }
    let all = Account {
        read: 2,
        accepted: 2,
        rejected: 0,
        skipped: 0,
    };
    assert_eq!(workplace.published().source("good"), all);
}

/// A source that cannot be read ends a run that requires it with 5, and is left out of one that does not with 3.
fn check_unreadable(file: &str, bytes: Option<&[u8]>, reason: &str) {
    let bad = source("bad", file);
    let workplace = Workplace::with_good_source(&bad);
    if let Some(bytes) = bytes {
        workplace.write(file, bytes);
    }
    let outcome = workplace.run(SOURCE_MISSING);
    check_names(&outcome, file, reason);
    assert!(!workplace.path().join("hub/CURRENT").exists());
    let optional = bad.replace("[source.map]", "required = false\n[source.map]");
    workplace.write(
        "guiyi.toml",
        format!("{}\n{optional}", source("good", "good.csv")),
    );
    let outcome = workplace.run(WITH_WARNINGS);
    check_names(&outcome, file, reason);
    check_good_source(&workplace);
    let quality = workplace.published().json("quality.json");
    assert_eq!(quality["run"]["unreadable_sources"][0], "bad");
}

/// Stderr names source, file, reason, and what to do behind a semicolon.
fn check_names(outcome: &Outcome, file: &str, reason: &str) {
    let line = outcome.stderr.lines().find(|line| line.contains(reason));
    let line = line.unwrap_or_else(|| panic!("no `{reason}` in\n{}", outcome.stderr));
    assert!(
        line.contains("`bad`") && line.contains(&format!("`{file}`")),
        "{line}"
    );
    assert!(line.contains("; "), "no hint: {line}");
}

/// A source with bad rows is published without them; `rejects` are line and code.
fn check_rejects(file: &str, bytes: &[u8], accepted: u64, rejects: &[(u64, &str)]) {
    let workplace = Workplace::with_good_source(&source("bad", file));
    workplace.write(file, bytes);
    let outcome = workplace.run(WITH_WARNINGS);
    assert!(outcome.stderr.contains("rejects.csv"), "{}", outcome.stderr);
    let run = workplace.published();
    let found = run.rejects();
    let found: Vec<(u64, &str)> = found.iter().map(|(line, code)| (*line, code.as_str())).collect();
    assert_eq!(found, rejects, "{file}");
    for row in run.rows("rejects.parquet", &["source", "file", "byte", "hint"]) {
        assert_eq!((row[0].as_str(), row[1].as_str()), ("bad", file));
        assert!(!row[2].is_empty() && !row[3].is_empty(), "{row:?}");
    }
    let csv = run.text("rejects.csv");
    assert_eq!(csv.lines().count(), rejects.len() + 1, "{csv}");
    let account = run.source("bad");
    assert_eq!(
        (account.accepted, account.rejected),
        (accepted, rejects.len() as u64),
        "{file}"
    );
    check_good_source(&workplace);
}

#[test]
fn a_missing_file_is_named() {
    check_unreadable("none.csv", None, "does not exist");
}

#[test]
fn an_empty_file_is_named() {
    check_unreadable("empty.csv", Some(b""), "is empty");
    check_unreadable("blank.csv", Some(b"\r\n \n\n"), "is empty");
}

#[test]
fn a_file_of_nothing_but_its_header_is_a_warning() {
    let workplace = Workplace::with_good_source(&source("bad", "header.csv"));
    workplace.write("header.csv", HEADER);
    let outcome = workplace.run(WITH_WARNINGS);
    assert!(
        outcome.stderr.contains("来源 `bad`：表头之下没有数据"),
        "{}",
        outcome.stderr
    );
    assert_eq!(workplace.published().source("bad").read, 0);
    check_good_source(&workplace);
}

#[test]
fn a_file_without_the_key_column_is_named_with_the_nearest_header() {
    let text = "编码,客户名称,电话\nA1,甲公司,1\n";
    check_unreadable("keyless.csv", Some(text.as_bytes()), "did you mean `编码`?");
}

#[test]
fn several_unreadable_sources_are_named_together() {
    let more = [source("bad", "none.csv"), source("worse", "empty.csv")].concat();
    let workplace = Workplace::with_good_source(&more);
    workplace.write("empty.csv", "");
    let outcome = workplace.run(SOURCE_MISSING);
    let message = &outcome.closing_line()["message"];
    assert_eq!(message, "required sources `bad`, `worse` cannot be read");
    assert!(
        outcome.stderr.contains("`none.csv` does not exist"),
        "{}",
        outcome.stderr
    );
    assert!(
        outcome.stderr.contains("`empty.csv` is empty"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn rows_without_key_and_rows_with_a_key_again_are_rejected() {
    let text = format!("{HEADER}{ROWS},丙公司,\nK1,丁公司,\nZ9,Zed Ltd,\n");
    check_rejects(
        "keys.csv",
        text.as_bytes(),
        3,
        &[(4, "missing_key"), (5, "duplicate_key")],
    );
}

#[test]
fn an_unknown_encoding_is_a_fault_of_the_job_file() {
    let workplace = Workplace::with_good_source("");
    let job = source("good", "good.csv").replace("key =", "encoding = \"gb99999\"\nkey =");
    workplace.write("guiyi.toml", job);
    let outcome = workplace.run(USAGE);
    for part in ["unknown encoding `gb99999`", "guiyi.toml:4:12", "`gb18030`"] {
        assert!(outcome.stderr.contains(part), "{part} in {}", outcome.stderr);
    }
}

#[test]
fn a_cut_character_costs_its_own_row() {
    let mut bytes = format!("{HEADER}{ROWS}K3,杭州晶圆半导体有限公司").into_bytes();
    bytes.pop();
    check_rejects("cut.csv", &bytes, 2, &[(4, "bad_encoding")]);
}

#[test]
fn rows_of_another_encoding_cost_themselves_only() {
    let mut bytes = format!("{HEADER}{ROWS}").into_bytes();
    bytes.extend_from_slice(&encoding_rs::GBK.encode("M1,杭州晶圆半导体有限公司,\n").0);
    bytes.extend_from_slice("Z9,深圳海豚软件有限公司,\n".as_bytes());
    check_rejects("mixed.csv", &bytes, 3, &[(4, "bad_encoding")]);
}

#[test]
fn an_unclosed_quote_a_nul_and_ragged_rows_cost_themselves_only() {
    let text = format!("{HEADER}{ROWS}U1,\"open,1\nN1,a\0b,1\nR1,short\nR2,a,b,c,long\nZ9,Zed Ltd,\n");
    let rejects = [
        (4, "unclosed_quote"),
        (5, "nul_character"),
        (6, "ragged_row"),
        (7, "ragged_row"),
    ];
    check_rejects("rows.csv", text.as_bytes(), 3, &rejects);
}

#[test]
fn lines_that_are_no_json_objects_cost_themselves_only() {
    let text = "{\"编号\":\"J1\",\"客户名称\":\"甲公司\"}\n{broken\n[1]\n{\"编号\":\"J2\",\"客户名称\":\"B Ltd\",\"电话\":\"1\"}\n";
    check_rejects(
        "lines.jsonl",
        text.as_bytes(),
        2,
        &[(2, "bad_json"), (3, "bad_json")],
    );
}

#[test]
fn a_line_of_64_mib_costs_itself_only() {
    let mut bytes = format!("{HEADER}{ROWS}X1,").into_bytes();
    bytes.resize(bytes.len() + (64 << 20), b'x');
    bytes.extend_from_slice("\nZ9,Zed Ltd,\n".as_bytes());
    check_rejects("long.csv", &bytes, 3, &[(4, "record_too_long")]);
}

/// A workbook of one sheet with the text of its sheet part.
fn workbook(sheet: &[u8]) -> Vec<u8> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
    let types = format!("<Types xmlns=\"{PACKAGE}/content-types\"/>");
    let book = format!(
        "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets>\
         <sheet name=\"a\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
    );
    let relations = format!(
        "<Relationships xmlns=\"{PACKAGE}/relationships\">\
         <Relationship Id=\"rId1\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
    );
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let parts: [(&str, &[u8]); 4] = [
        ("[Content_Types].xml", types.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    for (name, bytes) in parts {
        writer
            .start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn a_damaged_workbook_is_named() {
    let whole = workbook(b"<worksheet><sheetData/></worksheet>");
    check_unreadable("half.xlsx", Some(&whole[..whole.len() / 2]), "is damaged");
    check_unreadable("text.xlsx", Some(GOOD.as_bytes()), "is not");
}

#[test]
fn an_encrypted_workbook_is_named() {
    check_unreadable("locked.xlsx", Some(&encrypted_container()), "is encrypted");
}

/// The container of an encrypted workbook: one FAT sector, one directory sector with `EncryptedPackage` ([MS-OFFCRYPTO] 2.3).
fn encrypted_container() -> Vec<u8> {
    let mut file = vec![0_u8; 512 * 4];
    file[..8].copy_from_slice(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
    file[24..32].copy_from_slice(&[0x3E, 0, 3, 0, 0xFE, 0xFF, 9, 0]);
    file[32..34].copy_from_slice(&6_u16.to_le_bytes());
    let end = u32::MAX - 1;
    for (at, value) in [(44, 1), (48, 1), (56, 4_096), (60, end), (68, end), (76, 0)] {
        file[at..at + 4].copy_from_slice(&u32::to_le_bytes(value));
    }
    file[80..1_024].fill(0xFF);
    for (at, value) in [u32::MAX - 2, end, end].into_iter().enumerate() {
        file[512 + at * 4..516 + at * 4].copy_from_slice(&value.to_le_bytes());
    }
    for (at, name, kind, size) in [(0, "Root Entry", 5_u8, 0_u32), (1, "EncryptedPackage", 2, 512)] {
        let entry = &mut file[1_024 + at * 128..1_024 + (at + 1) * 128];
        for (i, unit) in name.encode_utf16().enumerate() {
            entry[i * 2..i * 2 + 2].copy_from_slice(&unit.to_le_bytes());
        }
        entry[64..66].copy_from_slice(&(name.len() as u16 * 2 + 2).to_le_bytes());
        entry[66] = kind;
        entry[116..120].copy_from_slice(&(if kind == 5 { end } else { 2 }).to_le_bytes());
        entry[120..124].copy_from_slice(&size.to_le_bytes());
    }
    file
}

#[test]
fn a_zip_bomb_is_refused() {
    let sheet = b"<row/>".repeat(6 << 20);
    check_unreadable(
        "bomb.xlsx",
        Some(&workbook(&sheet)),
        "compression ratio above the limit",
    );
}

#[test]
fn parquet_without_its_magic_is_named() {
    check_unreadable(
        "magic.parquet",
        Some(b"PAR2 and whatever follows PAR2"),
        "is not a Parquet file",
    );
}

#[test]
fn damaged_parquet_pages_are_named() {
    let workplace = Workplace::with_synth(&["--records", "200", "--locale", "zh", "--sources", "4"]);
    let mut bytes = workplace.read("xinan/customers.parquet");
    let footer = bytes.len() - 300;
    bytes[footer..footer + 200].fill(0xA5);
    check_unreadable("pages.parquet", Some(&bytes), "`pages.parquet`");
}

#[cfg(unix)]
#[test]
fn files_that_may_not_or_cannot_be_read_are_named() {
    use std::os::unix::fs::PermissionsExt;
    let workplace = Workplace::with_good_source(&source("bad", "folder.csv"));
    std::fs::create_dir(workplace.path().join("folder.csv")).unwrap();
    let outcome = workplace.run(SOURCE_MISSING);
    check_names(&outcome, "folder.csv", "no file matches");
    let closed = Workplace::with_good_source(&source("bad", "closed.csv"));
    closed.write("closed.csv", GOOD);
    let path = closed.path().join("closed.csv");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
    if std::fs::File::open(&path).is_ok() {
        eprintln!("left out: the superuser reads files of mode 000");
        return;
    }
    let outcome = closed.run(SOURCE_MISSING);
    check_names(&outcome, "closed.csv", "may not be read");
}

#[test]
fn unknown_keys_of_a_job_file_are_named_with_the_nearest() {
    let workplace = Workplace::with_good_source("[matching]\nsed = 1\n");
    let outcome = workplace.run(USAGE);
    for part in ["unknown key `sed`", "guiyi.toml:10:1", "did you mean `seed`?"] {
        assert!(outcome.stderr.contains(part), "{part} in {}", outcome.stderr);
    }
    assert!(!workplace.path().join("hub/CURRENT").exists());
}

#[test]
fn a_job_without_records_publishes_empty_tables() {
    let workplace = Workplace::new();
    workplace.write("a.csv", HEADER);
    workplace.write("guiyi.toml", source("bad", "a.csv"));
    workplace.run(WITH_WARNINGS);
    assert!(workplace.published().ids().is_empty());
    workplace.write("a.csv", format!("{HEADER}{ROWS}"));
    workplace.run(PUBLISHED);
    assert_eq!(workplace.published().ids().len(), 2);
}

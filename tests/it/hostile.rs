//! Hostile and partial files: bombs of a few kilobytes are refused at once and cost no memory (R8), half a file is never
//! taken for a whole one when its source says how to tell (B7), and no other source is lost.

use crate::support::GOOD;
use crate::support::SOURCE_MISSING;
use crate::support::USAGE;
use crate::support::WITH_WARNINGS;
use crate::support::Workplace;
use crate::support::source;
use std::fmt::Write as _;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;
use std::time::Instant;

/// Most memory of the process that reads a bomb.
pub(crate) const MEMORY_KIB_MAX: u64 = 256 << 10;

/// Runs the job and gives exit code, stderr, time and the largest memory seen.
pub(crate) fn measured(workplace: &Workplace) -> (i32, String, Duration, u64) {
    let start = Instant::now();
    let stderr = workplace.path().join("stderr.txt");
    let mut child = Command::new(env!("CARGO_BIN_EXE_guiyi"))
        .args(["run", "--threads", "2"])
        .current_dir(workplace.path())
        .stdout(Stdio::null())
        .stderr(fs::File::create(&stderr).unwrap())
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    let code = loop {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok());
        peak = kib.unwrap_or(0).max(peak);
        if let Some(status) = child.try_wait().unwrap() {
            break status.code().unwrap_or(-1);
        }
        assert!(start.elapsed() < Duration::from_secs(120), "it hangs");
        std::thread::sleep(Duration::from_millis(2));
    };
    (code, fs::read_to_string(stderr).unwrap(), start.elapsed(), peak)
}

/// A job of the good source and an optional bad one.
pub(crate) fn with_bad(file: &str, bytes: &[u8]) -> Workplace {
    let bad = source("bad", file).replace("[source.map]", "required = false\n[source.map]");
    let workplace = Workplace::with_good_source(&bad);
    workplace.write(file, bytes);
    workplace
}

pub(crate) fn check_refused(name: &str, file: &str, bytes: &[u8]) {
    let workplace = with_bad(file, bytes);
    let (code, stderr, time, peak) = measured(&workplace);
    assert_eq!(code, WITH_WARNINGS, "{name}: {stderr}");
    assert!(peak < MEMORY_KIB_MAX, "{name}: {peak} KiB");
    // Shared by many tests at once; alone it takes a fraction of a second.
    assert!(time < Duration::from_secs(30), "{name}: {time:?}");
    assert!(!stderr.contains("defect at"), "{name}: {stderr}");
    let quality = workplace.published().json("quality.json");
    assert_eq!(quality["run"]["unreadable_sources"][0], "bad", "{name}: {stderr}");
    assert_eq!(workplace.published().source("good").accepted, 2, "{name}");
}

pub(crate) fn zip_of(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, bytes) in parts {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

const TYPES: &str =
    "<?xml version=\"1.0\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>";
const BOOK: &str = "<?xml version=\"1.0\"?><workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>\
    <sheet name=\"a\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>";
const LINKS: &str = "<?xml version=\"1.0\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
    <Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" \
    Target=\"worksheets/sheet1.xml\"/></Relationships>";

const ROOT: &str = "<?xml version=\"1.0\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
    <Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" \
    Target=\"xl/workbook.xml\"/></Relationships>";

/// A workbook of given shared strings and sheet.
pub(crate) fn workbook(strings: &[u8], sheet: &[u8]) -> Vec<u8> {
    zip_of(&[
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", ROOT.as_bytes()),
        ("xl/workbook.xml", BOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", LINKS.as_bytes()),
        ("xl/sharedStrings.xml", strings),
        ("xl/worksheets/sheet1.xml", sheet),
    ])
}

pub(crate) fn sheet(rows: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">\
         <sheetData>{rows}</sheetData></worksheet>"
    )
}

pub(crate) const STRINGS: &str = "<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";

#[test]
fn r8_bombs_in_workbooks_are_refused_and_cost_no_memory() {
    let empty = sheet("");
    let counted = format!("{STRINGS} count=\"1\" uniqueCount=\"4294967295\"><si><t>x</t></si></sst>");
    check_refused(
        "count of strings",
        "a.xlsx",
        &workbook(counted.as_bytes(), empty.as_bytes()),
    );
    let long = format!("{STRINGS}><si><t>{}</t></si></sst>", "a".repeat(64 << 20));
    check_refused(
        "one long string",
        "a.xlsx",
        &workbook(long.as_bytes(), empty.as_bytes()),
    );
    let mut laughs = "<?xml version=\"1.0\"?><!DOCTYPE l [<!ENTITY l0 \"ha\">".to_owned();
    for level in 1..30 {
        let _ = write!(laughs, "<!ENTITY l{level} \"&l{};&l{};\">", level - 1, level - 1);
    }
    let _ = write!(laughs, "]>{STRINGS}><si><t>&l29;</t></si></sst>");
    check_refused(
        "billion laughs",
        "a.xlsx",
        &workbook(laughs.as_bytes(), empty.as_bytes()),
    );
    let inner = zip_of(&[("a.csv", GOOD.as_bytes())]);
    check_refused(
        "an archive in an archive",
        "a.xlsx",
        &zip_of(&[("a.zip", &inner)]),
    );
    let many: Vec<String> = (0..5_000).map(|at| format!("xl/{at}.xml")).collect();
    let mut parts: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), &b"x"[..])).collect();
    parts.push(("xl/workbook.xml", BOOK.as_bytes()));
    check_refused("many parts", "a.xlsx", &zip_of(&parts));
    let escaping = zip_of(&[("../../xl/workbook.xml", BOOK.as_bytes()), ("/etc/x", b"x")]);
    check_refused("names that climb", "a.xlsx", &escaping);
}

#[test]
fn r8_a_cell_at_the_far_corner_costs_nothing() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let page = book.add_worksheet();
    for (column, name) in ["编号", "客户名称", "电话"].iter().enumerate() {
        page.write_string(0, column as u16, *name).unwrap();
        page.write_string(1, column as u16, "王芳").unwrap();
    }
    page.write_string(1_048_575, 16_383, "x").unwrap();
    let workplace = with_bad("a.xlsx", &book.save_to_buffer().unwrap());
    let (code, stderr, _, peak) = measured(&workplace);
    assert_eq!(code, WITH_WARNINGS, "{stderr}");
    assert!(peak < MEMORY_KIB_MAX, "{peak} KiB");
    let account = workplace.published().source("bad");
    assert_eq!((account.accepted, account.rejected), (1, 1), "{stderr}");
}

#[test]
fn r8_compressed_text_that_swells_is_refused() {
    let swollen = |bytes: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    let mut text = GOOD.as_bytes().to_vec();
    text.resize(64 << 20, b'a');
    check_refused("gzip", "a.csv.gz", &swollen(&text));
    let zstd = zstd::stream::encode_all(&text[..], 19).unwrap();
    check_refused("zstd", "a.csv.zst", &zstd);
}

#[test]
fn r8_a_line_without_an_end_is_one_reject() {
    let mut text = GOOD.replace("G1", "K1").replace("G2", "K2").into_bytes();
    let end = text.len() + (96 << 20);
    text.resize(end, b'a');
    let workplace = with_bad("a.csv", &text);
    let (code, stderr, _, peak) = measured(&workplace);
    assert_eq!(code, WITH_WARNINGS, "{stderr}");
    assert!(peak < MEMORY_KIB_MAX, "{peak} KiB");
    let account = workplace.published().source("bad");
    assert_eq!((account.accepted, account.rejected), (2, 1), "{stderr}");
}

/// Own seeded draw: numbers below `below`.
fn draws(below: usize, count: usize) -> Vec<usize> {
    let mut state = 0x9E37_79B9_7F4A_7C15u64;
    let mut draw = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    (0..count).map(|_| draw()).collect()
}

/// One export of many rows in three formats.
pub(crate) fn exports() -> [(&'static str, Vec<u8>); 3] {
    let rows: Vec<[String; 3]> = (0..300)
        .map(|row| {
            [
                format!("K{row:04}"),
                format!("Harbour {row} Ltd"),
                format!("1381001{row:04}"),
            ]
        })
        .collect();
    let mut csv = "编号,客户名称,电话\n".to_owned();
    for row in &rows {
        let _ = writeln!(csv, "{}", row.join(","));
    }
    let mut book = rust_xlsxwriter::Workbook::new();
    let page = book.add_worksheet();
    for (column, name) in ["编号", "客户名称", "电话"].iter().enumerate() {
        page.write_string(0, column as u16, *name).unwrap();
        for (at, row) in rows.iter().enumerate() {
            page.write_string(at as u32 + 1, column as u16, &row[column])
                .unwrap();
        }
    }
    let folder = Workplace::new();
    let path = folder.path().join("a.parquet");
    let column = |name: &str, at: usize| {
        frame::Column::text(name, rows.iter().map(|row| Some(row[at].as_str())).collect())
    };
    let columns = vec![column("编号", 0), column("客户名称", 1), column("电话", 2)];
    frame::write_parquet(&path, &frame::Table::try_new(columns).unwrap()).unwrap();
    [
        ("a.csv", csv.into_bytes()),
        ("a.xlsx", book.save_to_buffer().unwrap()),
        ("a.parquet", fs::read(path).unwrap()),
    ]
}

#[test]
fn b7_a_cut_file_is_never_taken_for_a_whole_one() {
    for (file, whole) in exports() {
        for promise in ["sha256", "rows"] {
            let told = format!("complete_when = \"{promise}\"\n[source.map]");
            let workplace = Workplace::new();
            workplace.write("guiyi.toml", source("a", file).replace("[source.map]", &told));
            workplace.write(file, &whole);
            // Nothing was promised yet.
            refused(&workplace);
            let companion = match promise {
                "rows" => "300\n".to_owned(),
                _ => digest(&workplace.path().join(file)),
            };
            workplace.write(&format!("{file}.{promise}"), companion);
            workplace.run(0);
            // A row that lacks its last characters is still a row: there the digest tells, and the number of rows does not.
            for at in draws(whole.len() - 64, 10) {
                workplace.write(file, &whole[..at]);
                refused(&workplace);
            }
        }
    }
}

/// The source is told as missing or as a fault of the job, and nothing is published.
fn refused(workplace: &Workplace) {
    let outcome = workplace.guiyi(&["run"]);
    assert!([USAGE, SOURCE_MISSING].contains(&outcome.code), "{outcome:?}");
    assert!(outcome.stderr.contains("source `a`"), "{}", outcome.stderr);
    assert!(!outcome.stderr.contains("defect at"), "{}", outcome.stderr);
}

fn digest(path: &Path) -> String {
    let output = Command::new("sha256sum").arg(path).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn b7_a_done_file_comes_last() {
    let job = source("a", "a.csv").replace("[source.map]", "complete_when = \"done\"\n[source.map]");
    let workplace = Workplace::new();
    workplace.write("guiyi.toml", &job);
    workplace.write("a.csv", GOOD);
    let outcome = workplace.run(SOURCE_MISSING);
    assert!(outcome.stderr.contains("a.csv.done"), "{}", outcome.stderr);
    std::thread::sleep(Duration::from_millis(20));
    workplace.write("a.csv.done", "");
    workplace.run(0);
    std::thread::sleep(Duration::from_millis(20));
    workplace.write("a.csv", GOOD);
    let outcome = workplace.run(SOURCE_MISSING);
    assert!(
        outcome.stderr.contains("after its companion"),
        "{}",
        outcome.stderr
    );
    workplace.write("guiyi.toml", job.replace("\"done\"", "\"don\""));
    workplace.run(USAGE);
}

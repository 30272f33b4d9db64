//! Workbooks and Parquet are read in a process of their own: the same bytes as without, nothing of the bombs reaches the
//! process that runs the job (R8), and a reader that breaks takes no other source with it (R9).
//!
//! Every bomb comes from a generator whose harmless size is read without complaint: what is refused is the size.

use crate::hostile::MEMORY_KIB_MAX;
use crate::hostile::STRINGS;
use crate::hostile::exports;
use crate::hostile::measured;
use crate::hostile::sheet;
use crate::hostile::workbook;
use crate::hostile::zip_of;
use crate::support::GOOD;
use crate::support::PUBLISHED;
use crate::support::SOURCE_MISSING;
use crate::support::WITH_WARNINGS;
use crate::support::Workplace;
use crate::support::source;
use std::fmt::Write as _;
use std::io::Write;

/// A job of the source `good` and the source `odd`, which may be missing.
fn job(file: &str, bytes: &[u8], limits: &str) -> Workplace {
    let odd = source("odd", file).replace("[source.map]", "required = false\n[source.map]");
    let workplace = Workplace::with_good_source(&format!("{odd}{limits}"));
    workplace.write(file, bytes);
    workplace
}

/// The bomb is refused within memory, and its harmless sister is read.
fn check(name: &str, file: &str, make: &dyn Fn(bool) -> Vec<u8>) {
    let workplace = job(file, &make(false), "");
    let outcome = workplace.guiyi(&["run"]);
    assert!(
        [PUBLISHED, WITH_WARNINGS].contains(&outcome.code),
        "{name}: {outcome:?}"
    );
    assert!(workplace.published().source("odd").accepted > 0, "{name}");

    let workplace = job(file, &make(true), "");
    let (code, stderr, time, peak) = measured(&workplace);
    assert_eq!(code, WITH_WARNINGS, "{name}: {stderr}");
    assert!(peak < MEMORY_KIB_MAX, "{name}: {peak} KiB");
    let quality = workplace.published().json("quality.json");
    assert_eq!(quality["run"]["unreadable_sources"][0], "odd", "{name}: {stderr}");
    assert_eq!(workplace.published().source("good").accepted, 2, "{name}");
    println!("{name}: {time:?}, {} KiB", peak);
}

const HEAD: &str = "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>编号</t></is></c>\
    <c r=\"B1\" t=\"inlineStr\"><is><t>客户名称</t></is></c>\
    <c r=\"C1\" t=\"inlineStr\"><is><t>电话</t></is></c></row>";

fn row(number: usize, name: &str) -> String {
    format!(
        "<row r=\"{number}\"><c r=\"A{number}\" t=\"inlineStr\"><is><t>K{number}</t></is></c>\
         <c r=\"B{number}\" t=\"inlineStr\"><is><t>{name}</t></is></c></row>"
    )
}

/// Text that hardly compresses, so that no ratio gives it away.
fn noise(length: usize) -> String {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut text = String::with_capacity(length);
    while text.len() < length {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        for shift in [33, 39, 45, 51] {
            text.push(char::from(b'0' + ((state >> shift) as u8 & 63)));
        }
    }
    text.replace(['<', '>', '&'], "x")
}

#[test]
fn r8_counts_and_lengths_of_shared_strings_are_refused_by_size_alone() {
    let page = sheet(&format!("{HEAD}{}", row(2, "Ann Lee Ltd")));
    check("a count of strings", "a.xlsx", &|is_bomb| {
        let count = if is_bomb { u32::MAX } else { 1 };
        let strings = format!("{STRINGS} count=\"1\" uniqueCount=\"{count}\"><si><t>x</t></si></sst>");
        workbook(strings.as_bytes(), page.as_bytes())
    });
    check("one long string", "a.xlsx", &|is_bomb| {
        let length = if is_bomb { 256 << 20 } else { 1 << 10 };
        let strings = format!("{STRINGS}><si><t>{}</t></si></sst>", "a".repeat(length));
        workbook(strings.as_bytes(), page.as_bytes())
    });
}

#[test]
fn r8_parts_that_share_bytes_are_refused() {
    let page = sheet(&format!("{HEAD}{}", row(2, "Ann Lee Ltd")));
    let filler = vec![b' '; 15 << 20];
    check("overlapping parts, a million to one", "a.xlsx", &|is_bomb| {
        let names: Vec<String> = (0..1_000).map(|at| format!("xl/filler{at:04}.xml")).collect();
        let mut parts: Vec<(&str, &[u8])> = vec![
            ("[Content_Types].xml", b"<Types/>"),
            ("xl/worksheets/sheet1.xml", page.as_bytes()),
        ];
        let plain = workbook(b"<sst/>", page.as_bytes());
        if !is_bomb {
            return plain;
        }
        parts.push((names[0].as_str(), &filler));
        let kernel = zip_of(&[(names[0].as_str(), &filler)]);
        repeated_entries(&kernel, &names)
    });
}

/// The directory of `archive`, which has one part, with that part under many names.
fn repeated_entries(archive: &[u8], names: &[String]) -> Vec<u8> {
    let directory = memchr::memmem::rfind(archive, b"PK\x01\x02").unwrap();
    let end = memchr::memmem::rfind(archive, b"PK\x05\x06").unwrap();
    let entry = &archive[directory..end];
    let mut bytes = archive[..directory].to_vec();
    for name in names {
        let mut copy = entry.to_vec();
        copy[46..46 + name.len()].copy_from_slice(name.as_bytes());
        bytes.extend(copy);
    }
    // A workbook's own name, so that it is taken for one.
    let size = (bytes.len() - directory) as u32;
    let mut tail = archive[end..].to_vec();
    let count = (names.len() as u16).to_le_bytes();
    tail[8..10].copy_from_slice(&count);
    tail[10..12].copy_from_slice(&count);
    tail[12..16].copy_from_slice(&size.to_le_bytes());
    bytes.extend(tail);
    bytes
}

/// A spreadsheet whose rows and cells repeat.
fn repeating(rows: usize, cells: usize) -> Vec<u8> {
    let cell = |text: &str| {
        format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>")
    };
    let head = ["编号", "客户名称", "电话"].map(cell).join("");
    let body = format!(
        "<table:table-row>{}{}{}</table:table-row>\
         <table:table-row table:number-rows-repeated=\"{rows}\"><table:table-cell \
         table:number-columns-repeated=\"{cells}\" office:value-type=\"string\"><text:p>x</text:p>\
         </table:table-cell></table:table-row>",
        cell("K1"),
        cell("Ann Lee Ltd"),
        cell("010"),
    );
    let content = format!(
        "<?xml version=\"1.0\"?><office:document-content \
         xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
         xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
         xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"><office:body><office:spreadsheet>\
         <table:table table:name=\"a\"><table:table-row>{head}</table:table-row>{body}</table:table>\
         </office:spreadsheet></office:body></office:document-content>"
    );
    let manifest =
        "<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"/>";
    zip_of(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", manifest.as_bytes()),
        ("content.xml", content.as_bytes()),
    ])
}

#[test]
fn r8_cells_that_repeat_for_ever_end_their_reader_only() {
    check("repeated cells", "a.ods", &|is_bomb| match is_bomb {
        true => repeating(90_000, 1_000),
        false => repeating(2, 2),
    });
}

#[test]
fn r9_a_reader_beyond_its_memory_or_time_stops_no_other_source() {
    let text = noise(48 << 20);
    let names: String = (0..48)
        .map(|at| row(at + 2, &text[at << 10..(at << 10) + 900]))
        .collect();
    let page = sheet(&format!("{HEAD}{names}"));
    let strings = format!("{STRINGS}><si><t>{text}</t></si></sst>");
    let large = workbook(strings.as_bytes(), page.as_bytes());
    let [_, (_, xlsx), (_, parquet)] = exports();
    for (limits, reason) in [
        ("", ""),
        ("[limits]\nreader_memory = \"96MiB\"\n", "reader_memory"),
        ("[limits]\nreader_seconds = 1\n", "reader_seconds"),
    ] {
        let bytes = match reason {
            "reader_seconds" => slow(),
            _ => large.clone(),
        };
        let more = [source("b", "b.xlsx"), source("c", "c.parquet")].concat();
        let workplace = job("a.xlsx", &bytes, &format!("{more}{limits}"));
        workplace.write("b.xlsx", &xlsx);
        workplace.write("c.parquet", &parquet);
        let code = if reason.is_empty() {
            PUBLISHED
        } else {
            WITH_WARNINGS
        };
        let outcome = workplace.run(code);
        assert!(outcome.stderr.contains(reason), "{}", outcome.stderr);
        let published = workplace.published();
        for (name, rows) in [("good", 2), ("b", 300), ("c", 300)] {
            assert_eq!(published.source(name).accepted, rows, "{name} under {limits}");
        }
    }
}

/// A workbook that takes a build without optimisation more than a second.
fn slow() -> Vec<u8> {
    let mut rows = HEAD.to_owned();
    for number in 2..150_000_usize {
        let name = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let _ = write!(rows, "{}", row(number, &format!("Ltd {name:x}")));
    }
    workbook(b"<sst/>", sheet(&rows).as_bytes())
}

#[test]
fn r9_a_required_source_whose_reader_breaks_is_exit_code_5() {
    let workplace = Workplace::with_good_source(&source("odd", "a.ods"));
    workplace.write("a.ods", repeating(90_000, 1_000));
    let outcome = workplace.run(SOURCE_MISSING);
    assert!(outcome.stderr.contains("`odd`"), "{}", outcome.stderr);
    assert!(!workplace.path().join("hub/CURRENT").exists());
}

#[test]
fn r8_reading_apart_gives_the_same_bytes_as_reading_in_the_run() {
    let files = exports();
    let [apart, together] = ["true", "false"].map(|is_apart| {
        let workplace = Workplace::new();
        let mut text = String::new();
        for (file, bytes) in &files {
            workplace.write(file, bytes);
            text.push_str(&source(&file.replace('.', "_"), file));
        }
        workplace.write("mixed.xlsx", mixed());
        text.push_str(&source("mixed", "mixed.xlsx"));
        let _ = write!(text, "[limits]\nisolate_readers = {is_apart}\n");
        workplace.write("guiyi.toml", text);
        let outcome = workplace.guiyi(&["run"]);
        assert!([PUBLISHED, WITH_WARNINGS].contains(&outcome.code), "{outcome:?}");
        let published = workplace.published();
        (published.lasting_checksums(), published.rejects())
    });
    assert!(apart.1.len() > 2, "{:?}", apart.1);
    assert_eq!(apart, together);
}

/// Two sheets with titles, dates, rounded numbers, gaps, NULs and a far cell.
fn mixed() -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let date = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
    for (sheet, key) in [("一月", "A"), ("二月", "B")] {
        let page = book.add_worksheet();
        page.set_name(sheet).unwrap();
        page.write_string(0, 0, "客户一览表").unwrap();
        for (column, name) in ["编号", "客户名称", "电话", "建档日期"].iter().enumerate() {
            page.write_string(2, column as u16, *name).unwrap();
        }
        for at in 0..500 {
            page.write_string(3 + 2 * at, 0, format!("{key}{at:03}")).unwrap();
            page.write_string(3 + 2 * at, 1, "上海德诚电子有限公司\r\n（分）")
                .unwrap();
            page.write_number(3 + 2 * at, 2, 110_105_199_001_011_234.0)
                .unwrap();
            page.write_number_with_format(3 + 2 * at, 3, 45_293.0, &date)
                .unwrap();
        }
        page.write_string(2000, 0, "合计").unwrap();
        page.write_string(2001, 0, "x\u{0}y").unwrap();
        page.write_string(2002, 16_383, "far").unwrap();
        page.write_string(2003, 1, "no key").unwrap();
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn r8_a_reader_asked_for_nothing_says_nothing() {
    for asked in ["", "{}", "x", "[1,2]"] {
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_guiyi"))
            .arg("read-source")
            .env_clear()
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(asked.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{asked}");
        assert!(output.stdout.is_empty() && output.stderr.is_empty(), "{asked}");
    }
    // The word is no command that people see.
    let workplace = Workplace::with_good_source("");
    let help = workplace.guiyi(&["--help"]);
    assert!(help.stdout.contains("profile") && !help.stdout.contains("read-source"));
    assert!(GOOD.contains("G1"));
}

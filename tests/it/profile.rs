//! `guiyi profile` through the command line: what it finds in files that were never mapped, that nothing personal leaves
//! it unmasked, and what it says of files that it cannot read.

use crate::support::Outcome;
use crate::support::PUBLISHED;
use crate::support::SOURCE_MISSING;
use crate::support::USAGE;
use crate::support::Workplace;
use crate::support::fixture;
use serde_json::Value;
use serde_json::json;
use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;

/// Profiles a fixture of the group and gives text, page and figures.
fn of_group(file: &str, more: &[&str]) -> (Outcome, String, Value) {
    let workplace = Workplace::new();
    let path = fixture("group").join(file);
    let path = path.to_str().unwrap();
    let arguments = [&["profile", path, "--out", "out"], more].concat();
    let outcome = workplace.guiyi(&arguments).expect(PUBLISHED);
    let name = file.rsplit('/').next().unwrap();
    let page = workplace.read_text(&format!("out/{name}.profile.html"));
    let figures = serde_json::from_slice(&workplace.read(&format!("out/{name}.profile.json"))).unwrap();
    (outcome, page, figures)
}

fn of_text(text: &str, more: &[&str]) -> (Outcome, String, Value) {
    let workplace = Workplace::new();
    workplace.write("a.csv", text);
    let outcome = workplace
        .guiyi(&[&["profile", "a.csv"], more].concat())
        .expect(PUBLISHED);
    let figures = serde_json::from_slice(&workplace.read("a.csv.profile.json")).unwrap();
    (outcome, workplace.read_text("a.csv.profile.html"), figures)
}

fn column<'f>(figures: &'f Value, header: &str) -> &'f Value {
    let columns = figures["columns"].as_array().unwrap();
    let found = columns.iter().find(|column| column["header"] == header);
    found.unwrap_or_else(|| panic!("no column `{header}`"))
}

fn check<'f>(figures: &'f Value, code: &str) -> &'f Value {
    let checks = figures["checks"].as_array().unwrap();
    let found = checks.iter().find(|check| check["code"] == code);
    found.unwrap_or_else(|| panic!("no check `{code}` in {checks:?}"))
}

#[test]
fn columns_get_the_fields_that_a_job_would_give_them() {
    let (outcome, page, figures) = of_group("huadong/customers.csv", &[]);
    assert_eq!(figures["schema"], "guiyi.profile.v1");
    assert_eq!(figures["layout"]["encoding"], "gb18030");
    assert_eq!(figures["rows"]["records"], 742);
    assert_eq!(figures["suggestion"]["key"], "客户编码");
    for (header, field) in [
        ("客户名称", "customer_name"),
        ("统一社会信用代码", "uscc"),
        ("身份证号", "id_card"),
        ("对接人", "contact_name"),
        ("手机", "phones"),
        ("固定电话", "phones"),
        ("电子邮箱", "emails"),
        ("详细地址", "address"),
        ("合作金额", "amount"),
        ("建档日期", "created_date"),
    ] {
        assert_eq!(column(&figures, header)["suggestion"]["field"], field, "{header}");
        assert!(outcome.stdout.contains(field), "{field}");
        assert!(page.contains(field), "{field}");
    }
    let mobile = column(&figures, "手机");
    let reading = &mobile["readings"][0];
    let cells = |name: &str| reading[name].as_u64().unwrap();
    assert_eq!(reading["field_type"], "phone");
    assert_eq!(cells("cells"), mobile["filled"].as_u64().unwrap());
    let all = [
        "valid",
        "repaired",
        "suspicious",
        "invalid",
        "placeholder",
        "missing",
    ];
    assert_eq!(all.iter().map(|name| cells(name)).sum::<u64>(), cells("cells"));
    assert!(cells("valid") * 10 > cells("cells") * 9);
    assert!(cells("placeholder") > 0);
    let patterns = mobile["patterns"].as_array().unwrap();
    assert!(patterns.iter().any(|pattern| pattern["pattern"] == "9{11}"));
    let is_masked = |value: &Value| {
        let text = value["masked"].as_str().unwrap();
        text.contains("****") || !text.chars().any(|c| c.is_ascii_digit())
    };
    assert!(mobile["top_values"].as_array().unwrap().iter().all(is_masked));
    let findings = reading["findings"].as_array().unwrap();
    assert!(findings.iter().any(|finding| finding["code"] == "placeholder"));
    assert_eq!(column(&figures, "建档日期")["range"]["kind"], "date");
    assert_eq!(column(&figures, "合作金额")["range"]["kind"], "number");
}

#[test]
fn workbooks_tables_and_lines_are_profiled_alike() {
    let (_, _, workbook) = of_group("huanan/customers.xlsx", &[]);
    assert_eq!(workbook["layout"]["header_row"], 2);
    assert_eq!(workbook["rows"]["totals"], 1);
    assert_eq!(column(&workbook, "联系方式")["suggestion"]["field"], "phones");
    assert_eq!(column(&workbook, "合作金额(万元)")["unit"], "万元");
    let (outcome, page, parquet) = of_group("xinan/customers.parquet", &["--language", "zh"]);
    assert_eq!(parquet["layout"]["format"], "parquet");
    assert_eq!(column(&parquet, "mobile")["suggestion"]["field"], "phones");
    assert_eq!(
        check(&parquet, "constant_columns")["columns"],
        json!(["currency"])
    );
    assert!(page.contains("lang=\"zh-CN\"") && outcome.stdout.contains("建议字段"));
    let workplace = Workplace::new();
    workplace.write(
        "a.jsonl",
        "{\"name\":\"Ann Lee\",\"phone\":\"213-849-0421\"}\n{\"name\":\"Bo Ek\"}\n",
    );
    workplace.guiyi(&["profile", "a.jsonl"]).expect(PUBLISHED);
    let figures: Value = serde_json::from_slice(&workplace.read("a.jsonl.profile.json")).unwrap();
    assert_eq!(figures["layout"]["format"], "jsonl");
    assert_eq!(column(&figures, "phone")["filled"], 1);
}

/// Every text of a cell that the figures hold.
fn masked_texts(figures: &Value, texts: &mut BTreeSet<String>) {
    match figures {
        Value::Object(members) => {
            texts.extend(members.get("masked").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|member| masked_texts(member, texts));
        }
        Value::Array(items) => items.iter().for_each(|item| masked_texts(item, texts)),
        _ => {}
    }
}

/// Values of these columns of the fixture must not be found in any output.
#[test]
fn nothing_personal_leaves_unmasked() {
    let (outcome, page, figures) = of_group("huadong/customers.csv", &[]);
    let mut masked = BTreeSet::new();
    masked_texts(&figures, &mut masked);
    let figures = figures.to_string();
    let bytes = std::fs::read(fixture("group").join("huadong/customers.csv")).unwrap();
    let (text, _, _) = encoding_rs::GB18030.decode(&bytes);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headers = reader.headers().unwrap().clone();
    let personal = [
        "客户名称",
        "身份证号",
        "对接人",
        "手机",
        "固定电话",
        "电子邮箱",
        "业务员",
        "详细地址",
    ];
    let mut seen = 0;
    for record in reader.records().map(Result::unwrap) {
        for (header, cell) in headers.iter().zip(&record) {
            let cell = cell.trim();
            // One character, and the words that stand for nothing, are nobody's.
            let digits = cell.chars().filter(char::is_ascii_digit).count();
            let is_short = digits < 7 && !cell.contains('@') && cell.chars().count() < 3;
            let is_stop_gap =
                ["不详", "n/a", "N/A", "null", "无", "未知", "暂无", "同上", "测试"].contains(&cell);
            if !personal.contains(&header) || cell.chars().count() < 2 || is_stop_gap {
                continue;
            }
            seen += 1;
            assert!(!masked.contains(cell), "a cell of {header} is shown");
            // Two characters of a name may stand in any sentence.
            if is_short {
                continue;
            }
            for (name, output) in [("page", &page), ("figures", &figures), ("text", &outcome.stdout)] {
                assert!(!output.contains(cell), "a cell of {header} is in the {name}");
            }
        }
    }
    assert!(seen > 2_000, "{seen}");
}

#[test]
fn what_should_be_known_before_mapping_is_told() {
    let mut text = "编号,客户名称,名称2,联系人,备注,城市,空列\n".to_owned();
    for row in 0..40 {
        let name = format!("启明{}{}有限公司", row % 38, "软件");
        text.push_str(&format!(
            "K{row},{name},{name},张三 138100{:05},,上海,\n",
            row % 38
        ));
    }
    text.push_str("K50,多出一列,x,,,上海,,,y\n合计,,,,,,\n");
    let (outcome, page, figures) = of_text(&text, &[]);
    let columns = |code: &str| check(&figures, code)["columns"].clone();
    assert_eq!(columns("repeated_columns"), json!(["客户名称", "名称2"]));
    assert_eq!(columns("empty_columns"), json!(["备注", "空列"]));
    assert_eq!(columns("constant_columns"), json!(["城市"]));
    assert_eq!(columns("key_candidates"), json!(["编号"]));
    let several = check(&figures, "several_fields");
    assert_eq!(
        (&several["columns"], &several["evidence"]),
        (&json!(["联系人"]), &json!("text + phone"))
    );
    assert_eq!(
        check(&figures, "repeated_rows")["share"],
        json!({"numerator": 2, "denominator": 40})
    );
    assert_eq!(check(&figures, "rejected_rows")["lines"], json!([42]));
    assert_eq!(check(&figures, "totals_rows")["lines"], json!([43]));
    assert_eq!(figures["rows"]["rejects"][0]["code"], "ragged_row");
    for output in [&outcome.stdout, &page, &figures.to_string()] {
        assert!(!output.contains("13810000001") && !output.contains("启明1软件"));
    }
}

#[test]
fn an_unusual_share_and_damaged_texts_are_told() {
    let mut text = "id,company name,mobile\n".to_owned();
    for row in 0..100 {
        let mobile = if row % 10 == 0 {
            "13810010001".to_owned()
        } else {
            format!("139{:08}", row * 7_919 + 12_345)
        };
        let name = if row == 7 {
            "Harb\u{FFFD}ur Ltd".to_owned()
        } else {
            format!("Harbour {row} Ltd")
        };
        text.push_str(&format!("{row},{name},{mobile}\n"));
    }
    let (_, page, figures) = of_text(&text, &[]);
    let frequent = check(&figures, "frequent_value");
    assert_eq!(frequent["columns"], json!(["mobile"]));
    assert_eq!(frequent["share"], json!({"numerator": 10, "denominator": 100}));
    assert_eq!(
        column(&figures, "mobile")["frequent_values"][0]["masked"],
        "138****0001"
    );
    assert_eq!(
        check(&figures, "encoding_damage")["columns"],
        json!(["company name"])
    );
    assert!(page.contains("lang=\"en\"") && !page.contains("13810010001"));
    for address in [
        "src=\"http",
        "href=\"http",
        "url(http",
        "@import",
        "<link",
        "<script",
    ] {
        assert!(!page.contains(address), "{address}");
    }
}

#[test]
fn layout_may_be_declared_and_is_kept() {
    let workplace = Workplace::new();
    let (gbk, ..) = encoding_rs::GBK.encode("题\n编号;客户名称\n1;上海德诚电子有限公司\n");
    workplace.write("a.csv", gbk);
    let arguments = [
        "profile",
        "a.csv",
        "--encoding",
        "gbk",
        "--delimiter",
        ";",
        "--header-row",
        "2",
    ];
    workplace.guiyi(&arguments).expect(PUBLISHED);
    let figures: Value = serde_json::from_slice(&workplace.read("a.csv.profile.json")).unwrap();
    assert_eq!(figures["layout"]["header_row"], 2);
    assert_eq!(figures["layout"]["encoding"], "gb18030");
    assert_eq!(column(&figures, "客户名称")["filled"], 1);
    let wrong = ["profile", "a.csv", "--force", "--encoding", "klingon"];
    let outcome = workplace.guiyi(&wrong).expect(SOURCE_MISSING);
    assert!(
        outcome.stderr.contains("encoding `klingon` is unknown"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_bad_file_is_told_and_takes_no_other_with_it() {
    let workplace = Workplace::new();
    workplace.write("good.csv", crate::support::GOOD);
    workplace.write("empty.csv", "");
    let outcome = workplace
        .guiyi(&["profile", "empty.csv", "nowhere.csv", "good.csv"])
        .expect(SOURCE_MISSING);
    for message in ["`empty.csv` is empty", "`nowhere.csv` does not exist"] {
        assert!(outcome.stderr.contains(message), "{}", outcome.stderr);
    }
    assert!(workplace.path().join("good.csv.profile.html").exists());
    assert!(!workplace.path().join("empty.csv.profile.json").exists());
}

#[test]
fn profiles_are_private_repeatable_and_never_overwritten_unasked() {
    let workplace = Workplace::new();
    workplace.write("a/客户.csv", crate::support::GOOD);
    workplace.write("b/客户.csv", crate::support::GOOD);
    let arguments = ["profile", "a/客户.csv", "b/客户.csv", "--out", "out"];
    workplace.guiyi(&arguments).expect(PUBLISHED);
    let first = workplace.read("out/a-客户.csv.profile.json");
    for name in ["out/a-客户.csv.profile.html", "out/b-客户.csv.profile.json"] {
        let mode = std::fs::metadata(workplace.path().join(name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    let outcome = workplace.guiyi(&arguments).expect(USAGE);
    assert!(outcome.stderr.contains("--force"), "{}", outcome.stderr);
    let again = [&["--threads", "1"], arguments.as_slice(), &["--force", "--quiet"]].concat();
    let outcome = workplace.guiyi(&again).expect(PUBLISHED);
    assert_eq!(outcome.stdout, "");
    assert_eq!(workplace.read("out/a-客户.csv.profile.json"), first);
}

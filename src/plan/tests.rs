//! Job files in, plans or faults out.

use super::*;
use crate::ingest::ColumnSource;
use crate::ingest::RecordKey;
use tempfile::TempDir;

fn job(text: &str) -> (TempDir, Result<Plan, JobFaults>) {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("codes")).unwrap();
    let codes = "# version: 2024-01\ncode,value\n1,重点\n";
    std::fs::write(dir.path().join("codes/level.csv"), codes).unwrap();
    let path = dir.path().join("guiyi.toml");
    std::fs::write(&path, text).unwrap();
    let plan = load(&path);
    (dir, plan)
}

fn plan(text: &str) -> Plan {
    job(text).1.unwrap()
}

/// `line:column: message; hint`, one a fault.
fn faults(text: &str) -> Vec<String> {
    let (_dir, result) = job(text);
    let faults = result.unwrap_err();
    let line = |fault: &JobFault| {
        let hint = fault
            .hint
            .as_ref()
            .map(|hint| format!("; {hint}"))
            .unwrap_or_default();
        format!("{}:{}: {}{hint}", fault.line, fault.column, fault.message)
    };
    faults.faults().iter().map(line).collect()
}

const GOOD: &str = r#"
language = "zh"

[[source]]
name = "huadong"
owner = "华东公司 信息部"
files = ["huadong/*.csv"]
encoding = "gb18030"
delimiter = "tab"
key = "客户编号"
priority = 1

[source.map]
customer_name = "客户名称"
phones = ["手机", "电话"]
city = { column = "省市", split = "/", part = 2 }
address = ["省", "市", "地址"]
amount = "合作金额"
amount_currency = { constant = "CNY" }
level = { column = "级别", codes = "codes/level.csv" }
salesforce_stage = "阶段"

[[source]]
name = "abroad"
files = "abroad.xlsx"
key = ["country", "number"]
required = false

[source.map]
customer_name = "Account Name"
address = { columns = ["Street", "City"], join = ", " }

[[field]]
name = "salesforce_stage"
type = "text"
zh = "销售阶段"

[matching]
pairs_per_record_max = 40
cut_bits = 8.5

[survivorship]
customer_name = ["source_priority", "most_frequent"]

[gates]
completeness = 0.95
"#;

#[test]
fn a_job_file_becomes_a_plan_with_defaults() {
    let (dir, result) = job(GOOD);
    let plan = result.unwrap();
    assert_eq!(plan.hub, dir.path().join("hub"));
    let names: Vec<&str> = plan
        .ingest
        .sources
        .iter()
        .map(|source| source.name.as_str())
        .collect();
    assert_eq!(names, ["abroad", "huadong"]);
    let [abroad, huadong] = &plan.ingest.sources[..] else {
        panic!("two sources")
    };
    assert_eq!(
        abroad.key,
        RecordKey::Columns(vec!["country".into(), "number".into()])
    );
    assert_eq!(
        (abroad.required, abroad.priority, huadong.priority),
        (false, 100, 1)
    );
    assert_eq!(huadong.delimiter, Some(b'\t'));
    assert_eq!(plan.fields.last().unwrap().zh, "销售阶段");
    assert_eq!(plan.matching.pairs_per_record_max, 40.0);
    assert_eq!(plan.matching.seed, 1);
    assert_eq!(plan.quality.gates.general["completeness"], 9_500);
    assert_eq!(plan.survivorship[&FieldName::from("customer_name")].len(), 2);
}

#[test]
fn columns_are_joined_split_fixed_and_translated() {
    let plan = plan(GOOD);
    let huadong = &plan.ingest.sources[1];
    let mapping = |field: &str| {
        huadong
            .columns
            .iter()
            .find(|m| m.field.as_str() == field)
            .unwrap()
    };
    let joined = |field: &str| match &mapping(field).from {
        ColumnSource::Columns { columns, join } => (columns.join("+"), join.clone()),
        other => panic!("{other:?}"),
    };
    assert_eq!(joined("phones"), ("手机+电话".into(), "; ".into()));
    assert_eq!(joined("address"), ("省+市+地址".into(), String::new()));
    let split = ColumnSource::Split {
        column: "省市".into(),
        separator: "/".into(),
        part: 1,
    };
    assert_eq!(mapping("city").from, split);
    assert_eq!(
        mapping("amount_currency").from,
        ColumnSource::Constant("CNY".into())
    );
    assert!(mapping("amount").is_amount);
    assert_eq!(mapping("level").codes.as_ref().unwrap().version, "2024-01");
}

#[test]
fn the_hash_is_that_of_what_the_job_says() {
    let hash = plan(GOOD).hash;
    assert_eq!(hash.len(), 64);
    assert_eq!(plan(&format!("# comment\nhub = 'elsewhere'\n{GOOD}")).hash, hash);
    assert_ne!(plan(&GOOD.replace("8.5", "9.5")).hash, hash);
    assert_ne!(
        plan(&GOOD.replace("\"手机\", \"电话\"", "\"电话\", \"手机\"")).hash,
        hash
    );
}

const BAD: &str = r#"langage = "zh"
hub = 5

[[source]]
name = "a"
files = ["[.csv"]
format = "tsv"
encoding = "gkb"
delimiter = "ab"
header_row = 0
required = "yes"
[source.map]
custmer_name = "客户名称"
"客户名称" = "客户名称"
party = "x"
city = { column = "省市", split = "/" }
phones = { column = "电话", columns = ["b"] }
level = { column = "级别", codes = "codes/no.csv" }
postcode = { constant = "1", codez = "x" }

[[source]]
name = "a"
files = []
key = ["@row", "id"]

[[source]]
key = "id"

[[field]]
name = "Stage"
[[field]]
name = "stage"
type = "txt"

[matching]
cut_bit = 3
seed = -1

[survivorship]
customer_name = "newest"
address = ["most_frequnt"]

[gates]
completeness = 95
"#;

/// How each fault of [`BAD`] begins.
const BAD_FAULTS: &[&str] = &[
    "1:1: unknown key `langage` in the job file; did you mean `language`?",
    "2:7: `hub` must be a text, not an integer; put it in quotes",
    "4:1: the source has no `key`; name the column",
    "6:10: `[.csv` is not a valid pattern",
    "7:10: unknown format `tsv`; use `csv`",
    "8:12: unknown encoding `gkb`; did you mean `gbk`?",
    "9:13: `delimiter` must be one ASCII character",
    "10:14: `header_row` must be a whole number of at least 1",
    "11:12: `required` must be `true` or `false`, not a string",
    "13:1: unknown field `custmer_name`; did you mean `customer_name`?",
    "14:1: unknown field `客户名称`; did you mean `customer_name`?",
    "15:1: unknown field `party`; it is made from others; name `customer_name`",
    "16:33: `split` needs `part`",
    "17:10: the mapping of `phones` needs one of",
    "18:34: cannot read the code table `codes/no.csv`",
    "19:30: unknown key `codez` in the mapping of `postcode`; did you mean `codes`?",
    "21:1: the source maps no column",
    "22:8: the source `a` occurs twice",
    "23:9: the source has no files",
    "24:7: `@row` cannot be joined with columns",
    "26:1: a `[[source]]` has no `name`",
    "26:1: the source has no files",
    "26:1: the source maps no column",
    "30:8: the field name `Stage` must be lower-case",
    "33:8: unknown field type `txt`; did you mean `text`?",
    "36:1: unknown key `cut_bit` in [matching]; did you mean `cut_bits`?",
    "37:8: `seed` must be a whole number of at least 0",
    "40:17: unknown survivorship rule `newest`; use one of",
    "41:12: unknown survivorship rule `most_frequnt`; did you mean `most_frequent`?",
    "44:16: `completeness` must be a number from 0 to 1",
];

#[test]
fn every_fault_is_reported_with_its_place_and_a_hint() {
    let found = faults(BAD);
    for (found, expected) in found.iter().zip(BAD_FAULTS) {
        assert!(found.starts_with(expected), "{found}\n{expected}");
    }
    assert_eq!(found.len(), BAD_FAULTS.len(), "{found:#?}");
}

#[test]
fn owners_belong_to_subsidiaries_that_a_column_tells_and_days_of_audits_are_whole() {
    let text = |lines: &str, gates: &str| {
        format!(
            "[[source]]\nname = \"集团\"\nfiles = [\"a.csv\"]\nkey = \"编号\"\n{lines}[source.owners]\n\"华东\" = \"王经理\"\n\
             [source.map]\ncustomer_name = \"客户名称\"\n[gates]\n{gates}\n"
        )
    };
    let alone = faults(&text("", "audit_days = 90"));
    assert_eq!(alone.len(), 1, "{alone:?}");
    assert!(
        alone[0].contains("`[source.owners]` needs `source_column`"),
        "{alone:?}"
    );
    let told = "source_column = \"公司\"\n";
    let plan = job(&text(told, "audit_days = 90")).1.unwrap();
    assert_eq!(plan.quality.audit_days, Some(90));
    assert_eq!(plan.ingest.sources[0].owner_of("华东"), "王经理");
    assert_eq!(plan.ingest.sources[0].owner_of("华南"), "");
    for days in ["0.5", "0", "40000"] {
        let found = faults(&text(told, &format!("audit_days = {days}")));
        assert!(
            found[0].contains("`audit_days` must be a whole number"),
            "{found:?}"
        );
    }
}

#[test]
fn broken_toml_and_missing_files_are_faults_too() {
    let found = faults("language = \"zh\nhub = \"x\"\n[[source]]\n");
    assert!(found[0].starts_with("1:"), "{found:#?}");
    assert!(
        found.iter().any(|fault| fault.contains("no `name`")),
        "{found:#?}"
    );
    let missing = load(Path::new("no/such/guiyi.toml")).unwrap_err();
    assert!(
        missing
            .to_string()
            .contains("no/such/guiyi.toml:1:1: cannot read the job file")
    );
    assert_eq!(
        faults("")[0],
        "1:1: the job names no source; add a `[[source]]` with `name`, `files`, `key` and `map`"
    );
}

#[test]
fn the_json_schema_lists_the_keys_and_their_meaning() {
    let schema = json_schema();
    let properties = &schema["properties"];
    for key in [
        "language",
        "hub",
        "source",
        "field",
        "matching",
        "survivorship",
        "gates",
        "limits",
        "reference",
    ] {
        assert!(properties[key].is_object(), "{key}");
    }
    let source = &schema["$defs"]["SourceTable"];
    assert_eq!(source["additionalProperties"], false);
    let required: Vec<&str> = source["required"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|v| v.as_str())
        .collect();
    assert_eq!(required, ["name", "files", "key"]);
    assert!(
        source["properties"]["key"]["description"]
            .as_str()
            .unwrap()
            .contains("@row")
    );
    assert!(source["properties"]["span"].is_null());
}

#[test]
fn missing_files_and_columns_are_found_before_the_run() {
    let (dir, result) = job(concat!(
        "[[source]]\nname = \"a\"\nfiles = [\"a.csv\", \"b/*.csv\"]\nkey = \"id\"\n",
        "[source.map]\ncustomer_name = \"客户名\"\nphones = [\"手机\", \"fax\"]\namount = \"金额\"\n",
        "[[source]]\nname = \"later\"\nfiles = [\"later.csv\"]\nkey = \"id\"\nrequired = false\n",
        "map = { customer_name = \"name\" }\n",
    ));
    let text = "id,客户名称,手机,金额(万元)\n1,华夏公司,13912345687,3\n2,Acme Ltd,13912345688,4\n";
    std::fs::write(dir.path().join("a.csv"), text).unwrap();
    let faults = check_sources(&result.unwrap()).unwrap_err();
    let found: Vec<String> = faults
        .faults()
        .iter()
        .map(|fault| {
            format!(
                "{}:{}: {}; {}",
                fault.line,
                fault.column,
                fault.message,
                fault.hint.clone().unwrap_or_default()
            )
        })
        .collect();
    assert_eq!(found.len(), 3, "{found:#?}");
    assert!(
        found[0].starts_with("3:19: source `a`: no file matches `b/*.csv`; correct the pattern"),
        "{}",
        found[0]
    );
    let column = "6:17: source `a`: file `a.csv` has no column `客户名`; did you mean `客户名称`?";
    assert_eq!(found[1], column);
    assert!(
        found[2].starts_with("7:17: source `a`: file `a.csv` has no column `fax`"),
        "{}",
        found[2]
    );
}

#[test]
fn reference_lists_are_read_checked_and_counted() {
    let with = |table: &str| format!("{GOOD}\n[reference]\n{table}\n");
    let (dir, _) = job(GOOD);
    let load_with = |rows: &str| {
        std::fs::write(dir.path().join("prefixes.tsv"), rows).unwrap();
        let path = dir.path().join("guiyi.toml");
        std::fs::write(&path, with("mobile_prefixes = \"prefixes.tsv\"")).unwrap();
        load(&path)
    };
    let plain = plan(GOOD);
    assert!(plain.reference.is_empty());
    let one = load_with("142\tcarrier\n").unwrap();
    assert_eq!(one.reference[0].list, "mobile_prefixes");
    let other = load_with("143\tcarrier\n").unwrap();
    assert!(plain.hash != one.hash && one.hash != other.hash);
    let malformed = load_with("# prefix\n142\thandset\n").unwrap_err();
    let message = &malformed.faults()[0].message;
    assert!(
        message.contains("line 2 of the reference list `mobile_prefixes`"),
        "{message}"
    );
}

#[test]
fn reference_lists_that_do_not_exist_are_faults_with_their_place() {
    let text = format!(
        "{GOOD}\n[reference]\nmobile_prefix = \"codes/level.csv\"\nsurnames = \"no.tsv\"\nregions = 1\n"
    );
    let line = text
        .lines()
        .position(|line| line.starts_with("mobile_prefix"))
        .unwrap()
        + 1;
    let found = faults(&text);
    assert_eq!(
        found[0],
        format!("{line}:1: unknown reference list `mobile_prefix`; did you mean `mobile_prefixes`?")
    );
    assert!(
        found[1].starts_with(&format!(
            "{}:12: cannot read the reference file `no.tsv`",
            line + 1
        )),
        "{}",
        found[1]
    );
    assert!(
        found[2].starts_with(&format!("{}:11: `regions` must be a text", line + 2)),
        "{}",
        found[2]
    );
}

#[test]
fn any_number_of_matching_can_be_moved_and_unknown_names_find_their_neighbour() {
    let minimal = |matching: &str| {
        format!(
            "[[source]]\nname = \"a\"\nfiles = \"a.csv\"\nkey = \"k\"\n[source.map]\ncustomer_name = \"名称\"\n{matching}"
        )
    };
    let moved = plan(&minimal(
        "[matching.tuning]\nm_min = 0.02\nblock_size_max = 150\n",
    ));
    assert_eq!(moved.matching.tuning.get("m_min"), 0.02);
    assert_eq!(moved.matching.block_size_max, 150);
    let own_key = plan(&minimal(
        "[matching]\nblock_size_max = 150\n[matching.tuning]\nm_min = 0.02\n",
    ));
    assert_eq!(
        (own_key.matching.tuning.count("block_size_max"), own_key.hash),
        (150, moved.hash.clone())
    );
    assert_ne!(plan(&minimal("")).hash, moved.hash);
    let found = faults(&minimal(
        "[matching]\ncut_bits = 1\n[matching.tuning]\ncut_bits = 2\nm_mim = 0.1\npairs_min = 1.5\nm_min = \"x\"\n",
    ));
    for part in [
        "`cut_bits` is given in [matching] and in [matching.tuning]; keep one of the two",
        "unknown key `m_mim` in [matching.tuning]; did you mean `m_min`?",
        "`pairs_min` must be a whole number",
        "`m_min` must be a number",
    ] {
        assert!(
            found.iter().any(|fault| fault.contains(part)),
            "{part}: {found:?}"
        );
    }
}

#[test]
fn labels_of_a_job_are_read_beside_it_and_count_in_its_hash() {
    let text = GOOD.replace("[matching]\n", "[matching]\nlabels = \"codes/labels.csv\"\n");
    let (dir, missing) = job(&text);
    assert!(missing.unwrap_err().to_string().contains("`codes/labels.csv`"));
    let header = "source_a,key_a,source_b,key_b,verdict\n";
    let rows = format!("{header}huadong,1,abroad,CN-7,same\n");
    std::fs::write(dir.path().join("codes/labels.csv"), rows).unwrap();
    let with = load(&dir.path().join("guiyi.toml")).unwrap();
    assert_eq!(with.matching.labels.rows.len(), 1);
    assert_ne!(with.hash, plan(GOOD).hash);
}

//! Exports by role: each gets what it needs, and nothing of what it does not.

use crate::support::PUBLISHED;
use crate::support::USAGE;
use crate::support::Workplace;
use serde_json::Value;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// Fields with a canary a source: what the two sources write there. Codes and numbers are sound, so that they are published.
const FIELDS: &[(&str, [&str; 2])] = &[
    ("customer_name", ["启明东贸有限公司", "Harbour Lights Ltd"]),
    ("contact_name", ["欧阳鸑鷟", "Zq Canary"]),
    ("phones", ["13987650123", "13987650456"]),
    ("emails", ["east_zq@kaizhou.cn", "south_zq@kaizhou.cn"]),
    (
        "address",
        ["杭州市西湖区文三路九千零一号", "深圳市南山区科苑路八千零二号"],
    ),
    ("id_card", ["110101199003077109", "440305199203074411"]),
    ("bank_account", ["6222020200112233445", "6217000010012345678"]),
    ("bank_name", ["东海银行金丝雀支行", "南海银行金丝雀支行"]),
    ("occupation", ["东金丝雀师", "南金丝雀师"]),
    ("qq", ["987650123", "987650456"]),
];

/// Two subsidiaries, of which one customer is common, and enough others for a group of traits.
fn workplace() -> Workplace {
    let workplace = Workplace::new();
    let header: Vec<&str> = FIELDS.iter().map(|(field, _)| *field).collect();
    let mut job = String::new();
    for (at, (name, file)) in [("华东", "east.csv"), ("south", "south.csv")]
        .into_iter()
        .enumerate()
    {
        let mut text = format!("编号,{},industry\n", header.join(","));
        let row: Vec<&str> = FIELDS.iter().map(|(_, canaries)| canaries[at]).collect();
        text += &format!("K1,{},酒店业\n", row.join(","));
        for other in 0..6 {
            let name = format!("K{other}x,远山{}号商贸有限公司", at * 10 + other);
            text += &format!("{name}{},批发业\n", ",".repeat(FIELDS.len() - 1));
        }
        workplace.write(file, text);
        job +=
            &format!("[[source]]\nname = \"{name}\"\nfiles = [\"{file}\"]\nkey = \"编号\"\n[source.map]\n");
        for field in header.iter().chain(["industry"].iter()) {
            job += &format!("{field} = \"{field}\"\n");
        }
    }
    workplace.write("guiyi.toml", job);
    workplace.guiyi(&["run", "guiyi.toml"]);
    workplace
}

/// Everything that the files of a folder hold, workbooks and Parquet as texts.
fn content(folder: &Path, format: &str, role: &str) -> String {
    let file = folder.join(format!("{role}.{format}"));
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    match format {
        "csv" => std::fs::read_to_string(&file).unwrap(),
        "xlsx" => {
            use calamine::Reader;
            let mut book: calamine::Xlsx<_> = calamine::open_workbook(&file).unwrap();
            let sheet = book.worksheet_range_at(0).unwrap().unwrap();
            let rows = sheet
                .rows()
                .map(|row| row.iter().map(ToString::to_string).collect::<Vec<_>>().join(","));
            rows.collect::<Vec<_>>().join("\n")
        }
        _ => {
            let table = frame::read_parquet(&file, None).unwrap();
            let mut text = String::new();
            for column in table.columns() {
                text += &column.name;
                let cells = column.data.as_text().unwrap();
                for row in 0..table.rows() {
                    text += cells.get(row).unwrap_or_default();
                    text += "\n";
                }
            }
            text
        }
    }
}

fn export(workplace: &Workplace, role: &str, source: Option<&str>, format: &str, more: &[&str]) -> String {
    let folder = workplace
        .path()
        .join(format!("out-{role}-{format}-{}", more.len()));
    let to = folder.to_str().unwrap();
    let mut arguments = vec!["export", "--role", role, "--to", to, "--format", format];
    arguments.extend(source.iter().flat_map(|source| ["--source", source]));
    arguments.extend(more);
    workplace.guiyi(&arguments).expect(PUBLISHED);
    let manifest: Value =
        serde_json::from_slice(&std::fs::read(folder.join("export.json")).unwrap()).unwrap();
    assert_eq!(manifest["role"], role);
    content(&folder, format, role) + &manifest.to_string()
}

const FORMATS: [&str; 3] = ["csv", "xlsx", "parquet"];

#[test]
fn r19_no_role_of_one_subsidiary_gets_a_value_of_the_other() {
    let workplace = workplace();
    for format in FORMATS {
        for role in ["sales", "subsidiary"] {
            let text = export(&workplace, role, Some("华东"), format, &[]);
            assert!(
                text.contains("启明东贸") && text.contains("13987650123"),
                "{role} {format}: {text}"
            );
            for (field, [_, of_south]) in FIELDS {
                assert!(!text.contains(of_south), "{field} leaks to {role} in {format}");
            }
        }
    }
}

#[test]
fn r19_each_role_gets_its_fields_only() {
    let workplace = workplace();
    let hidden = [
        (
            "sales",
            Some("华东"),
            &["id_card", "bank_account", "bank_name", "occupation"][..],
        ),
        (
            "finance",
            None,
            &[
                "contact_name",
                "phones",
                "emails",
                "address",
                "id_card",
                "occupation",
                "qq",
            ][..],
        ),
        (
            "auditor",
            None,
            &[
                "contact_name",
                "phones",
                "emails",
                "address",
                "id_card",
                "bank_account",
                "qq",
            ][..],
        ),
    ];
    for format in FORMATS {
        for (role, source, fields) in hidden {
            let text = export(&workplace, role, source, format, &[]);
            for (field, canaries) in FIELDS.iter().filter(|(field, _)| fields.contains(field)) {
                assert!(
                    canaries.iter().all(|canary| !text.contains(canary)),
                    "{field} leaks to {role} in {format}"
                );
            }
        }
        let portrait = export(&workplace, "marketing", None, format, &[]);
        for (field, canaries) in FIELDS {
            assert!(
                canaries.iter().all(|canary| !portrait.contains(canary)),
                "{field} leaks to marketing"
            );
        }
        assert!(portrait.contains("批发业"), "{portrait}");
        assert!(
            !portrait.contains("酒店业"),
            "a group of two customers is told: {portrait}"
        );
        assert!(portrait.contains("\"cells_left_out\":"));
    }
    let finance = export(&workplace, "finance", None, "csv", &["--source", "华东"]);
    assert!(finance.contains("6222020200112233445") && !finance.contains("6217000010012345678"));
}

#[test]
fn r20_pseudonyms_join_under_one_key_and_are_not_offered_without() {
    let workplace = workplace();
    for (name, byte) in [("one.key", 1u8), ("two.key", 2)] {
        let path = workplace.path().join(name);
        std::fs::write(&path, [byte; 32]).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
    let of = |key: &str, role: &str, source: Option<&str>| -> String {
        let folder = format!("p-{key}-{role}");
        let mut arguments = vec!["export", "--role", role, "--to", &folder, "--pseudonyms", key];
        arguments.extend(source.iter().flat_map(|source| ["--source", source]));
        workplace.guiyi(&arguments).expect(PUBLISHED);
        workplace.read_text(&format!("{folder}/{role}.csv"))
    };
    let column = |text: &str, name: &str| -> Vec<String> {
        let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let at = reader
            .headers()
            .unwrap()
            .iter()
            .position(|header| header == name)
            .unwrap();
        let cells = reader.records().map(|row| row.unwrap()[at].to_owned());
        cells.filter(|cell| !cell.is_empty()).collect()
    };
    let (auditor, own) = (
        of("one.key", "auditor", None),
        of("one.key", "subsidiary", Some("华东")),
    );
    let other = of("two.key", "subsidiary", Some("华东"));
    let phone = &column(&own, "phones")[0];
    assert_eq!(phone.len(), 32);
    assert!(column(&auditor, "phones").contains(phone), "one key joins");
    assert_ne!(column(&other, "phones")[0], *phone);
    for (field, canaries) in FIELDS
        .iter()
        .filter(|(field, _)| *field != "occupation" && *field != "bank_name")
    {
        assert!(
            canaries
                .iter()
                .all(|canary| !auditor.contains(canary) && !own.contains(canary)),
            "{field}"
        );
    }
    std::fs::set_permissions(
        workplace.path().join("one.key"),
        std::fs::Permissions::from_mode(0o644),
    )
    .unwrap();
    let arguments = [
        "export",
        "--role",
        "auditor",
        "--to",
        "no",
        "--pseudonyms",
        "one.key",
    ];
    assert!(
        workplace
            .guiyi(&arguments)
            .expect(USAGE)
            .stderr
            .contains("chmod 600")
    );
}

#[test]
fn questions_that_cannot_be_answered_name_what_there_is() {
    let workplace = workplace();
    let ask = |arguments: &[&str]| {
        let arguments = [&["export", "--to", "x"], arguments].concat();
        workplace.guiyi(&arguments).expect(USAGE).stderr
    };
    assert!(ask(&["--role", "ceo"]).contains("sales, marketing, finance, subsidiary, auditor"));
    assert!(ask(&["--role", "sales"]).contains("--source"));
    assert!(ask(&["--role", "sales", "--source", "west"]).contains("south, 华东"));
    assert!(!workplace.path().join("x").exists());
}

/// Appends to the job file.
fn add_to_job(workplace: &Workplace, text: &str) {
    let job = workplace.read_text("guiyi.toml");
    workplace.write("guiyi.toml", format!("{job}\n{text}"));
}

/// Roles of the job: one of each scope, and a built-in one that shows less.
const ROLES: &str = r#"
[roles.care]
en = "whom to call"
zh = "客户回访"
scope = "own"
fields = ["customer_name", "industry"]
masked = ["phones"]

[roles.credit]
scope = "all"
fields = ["bank_account"]
masked = ["customer_name"]
clear_sensitive = true

[roles.kinds]
scope = "counts"
fields = "industry"

[roles.subsidiary]
fields = "*"
masked = ["id_card", "bank_account"]
"#;

#[test]
fn r19_a_role_of_the_job_shows_what_it_names_and_nothing_else() {
    let workplace = workplace();
    add_to_job(&workplace, ROLES);
    let east = Some("华东");
    // Of each role: its source, its columns, and the canaries that it shows, by field.
    let cases = [
        (
            "care",
            east,
            "unified_id,record_key,customer_name,phones,industry,group_industry",
            &["customer_name"][..],
        ),
        (
            "credit",
            None,
            "unified_id,customer_name,bank_account",
            &["bank_account"],
        ),
        ("kinds", None, "industry,customers", &[]),
    ];
    for format in FORMATS {
        for (role, source, columns, shown) in cases {
            let text = export(&workplace, role, source, format, &[]);
            let manifest: Value = serde_json::from_str(&text[text.rfind("{\"cells").unwrap()..]).unwrap();
            let header: Vec<&str> = manifest["columns"]
                .as_array()
                .unwrap()
                .iter()
                .flat_map(Value::as_str)
                .collect();
            assert_eq!(header.join(","), columns);
            for (field, [of_east, of_south]) in FIELDS {
                let is_shown = shown.contains(field);
                assert_eq!(text.contains(of_east), is_shown, "{field}, {role} in {format}");
                let is_shown = is_shown && source.is_none();
                assert_eq!(text.contains(of_south), is_shown, "{field}, {role} in {format}");
            }
        }
        let care = export(&workplace, "care", east, format, &["--quiet"]);
        assert!(care.contains("139****0123"), "{care}");
        let narrowed = export(&workplace, "subsidiary", east, format, &[]);
        for (field, [of_east, of_south]) in FIELDS {
            let is_shown = !["id_card", "bank_account"].contains(field);
            assert_eq!(narrowed.contains(of_east), is_shown, "{field} in {format}");
            assert!(!narrowed.contains(of_south), "{field} in {format}");
        }
    }
}

#[test]
fn r19_roles_are_part_of_the_plan_and_are_listed() {
    let workplace = workplace();
    let hash = |workplace: &Workplace| {
        let path = workplace.path().join("guiyi.toml");
        guiyi::plan::load(&path).unwrap().hash
    };
    let before = hash(&workplace);
    let listed = workplace.guiyi(&["list", "roles"]).expect(PUBLISHED).stdout;
    assert!(
        listed.contains("marketing") && !listed.contains("客户回访"),
        "{listed}"
    );
    add_to_job(&workplace, ROLES);
    let after = hash(&workplace);
    assert_ne!(before, after);
    let job = workplace.read_text("guiyi.toml");
    workplace.write(
        "guiyi.toml",
        job.replace(
            "[\"id_card\", \"bank_account\"]",
            "[\"bank_account\", \"id_card\"]",
        ),
    );
    assert_eq!(hash(&workplace), after, "the order of names makes no other plan");
    workplace.write(
        "guiyi.toml",
        job.replace("[\"id_card\", \"bank_account\"]", "[\"id_card\"]"),
    );
    assert_ne!(hash(&workplace), after);
    workplace.write("guiyi.toml", job);

    let listed = workplace.guiyi(&["list", "roles"]).expect(PUBLISHED).stdout;
    assert!(
        listed.contains("whom to call / 客户回访") && listed.contains("  masked: phones\n"),
        "{listed}"
    );
    let json = workplace
        .guiyi(&["list", "roles", "--json"])
        .expect(PUBLISHED)
        .stdout;
    let json: Value = serde_json::from_str(&json).unwrap();
    let names: Vec<&str> = json
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|role| role["name"].as_str())
        .collect();
    let expected = [
        "sales",
        "marketing",
        "finance",
        "subsidiary",
        "auditor",
        "care",
        "credit",
        "kinds",
    ];
    assert_eq!(names, expected);
    assert_eq!(json[3]["built_in"], false);
    assert_eq!(json[5]["scope"], "own");
    assert_eq!(json[5]["masked"], serde_json::json!(["phones"]));
    assert_eq!(json[5]["zh"], "客户回访");
    let ask = ["export", "--to", "x", "--role", "ceo"];
    let told = workplace.guiyi(&ask).expect(USAGE).stderr;
    assert!(told.contains("auditor, care, credit, kinds"), "{told}");
    let told = workplace
        .guiyi(&["list", "fields", "--json"])
        .expect(USAGE)
        .stderr;
    assert!(told.contains("guiyi list roles"), "{told}");
}

#[test]
fn r19_a_wrong_role_is_a_fault_of_the_job_with_its_place() {
    let workplace = workplace();
    let lines = workplace.read_text("guiyi.toml").lines().count();
    add_to_job(
        &workplace,
        "[roles.care]\nscope = \"own\"\nfields = [\"phone\", \"emails\"]\n[roles.sales]\nfields = \"id_card\"\n",
    );
    let told = workplace
        .guiyi(&["export", "--role", "auditor", "--to", "x"])
        .expect(USAGE)
        .stderr;
    for (line, what) in [
        (4, "unknown field `phone`"),
        (4, "`emails` is sensitive"),
        (6, "`id_card` is more than the built-in role `sales` shows"),
    ] {
        assert!(
            told.contains(what) && told.contains(&format!("guiyi.toml:{}:", lines + line)),
            "{told}"
        );
    }
    assert!(told.contains("did you mean `phones`?"), "{told}");
    assert!(!workplace.path().join("x").exists());
}

/// A fresh key: its public text and itself.
fn identity() -> (String, age::x25519::Identity) {
    let identity = age::x25519::Identity::generate();
    (identity.to_public().to_string(), identity)
}

fn decrypt(path: &Path, identity: &age::x25519::Identity) -> Option<Vec<u8>> {
    let bytes = std::fs::read(path).unwrap();
    let decryptor = age::Decryptor::new(&bytes[..]).unwrap();
    let identity = identity as &dyn age::Identity;
    let mut reader = decryptor.decrypt(std::iter::once(identity)).ok()?;
    let mut clear = Vec::new();
    std::io::Read::read_to_end(&mut reader, &mut clear).ok()?;
    Some(clear)
}

#[test]
fn r23_each_recipient_reads_the_clear_export_and_nobody_else() {
    let workplace = workplace();
    let ((one, of_one), (two, of_two), (_, stranger)) = (identity(), identity(), identity());
    workplace.write("people.txt", format!("# finance\n\n{two}\r\n"));
    let who = ["--recipient", &one, "--recipients-file", "people.txt"];
    for format in FORMATS {
        let ask = |to: &str, more: &[&str]| {
            let arguments = ["export", "--role", "subsidiary", "--source", "华东", "--to", to];
            let all = [&arguments[..], &["--format", format], more].concat();
            workplace.guiyi(&all).expect(PUBLISHED);
        };
        let (open, sealed) = (format!("open-{format}"), format!("sealed-{format}"));
        ask(&open, &[]);
        ask(&sealed, &who);
        let clear = std::fs::read(workplace.path().join(&open).join(format!("subsidiary.{format}"))).unwrap();
        let folder = workplace.path().join(&sealed);
        let file = folder.join(format!("subsidiary.{format}.age"));
        for identity in [&of_one, &of_two] {
            assert!(decrypt(&file, identity).unwrap() == clear, "{format}");
        }
        assert!(decrypt(&file, &stranger).is_none());
        check_sealed_folder(&folder, &file, 2);
    }
    let log = workplace.read_text("hub/audit.log");
    assert!(log.contains("\"recipients\"") && !log.contains(&one) && !log.contains(&two));
}

/// Two files for their owner alone, no canary in any byte of them, and a manifest that tells how many can read and not who.
fn check_sealed_folder(folder: &Path, file: &Path, recipients: u64) {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", path.display());
        let bytes = std::fs::read(&path).unwrap();
        let has = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        for (field, canaries) in FIELDS {
            assert!(
                !canaries.iter().any(|canary| has(canary)),
                "{field} in {}",
                path.display()
            );
        }
        assert!(!has("age1"), "{}", path.display());
        names.push(path);
    }
    names.sort();
    assert_eq!(names, [folder.join("export.json"), file.to_path_buf()]);
    let manifest: Value = serde_json::from_slice(&std::fs::read(&names[0]).unwrap()).unwrap();
    assert_eq!(manifest["encryption"]["format"], "age");
    assert_eq!(manifest["encryption"]["recipients"], recipients);
    assert_eq!(
        manifest["file"]["name"],
        file.file_name().unwrap().to_str().unwrap()
    );
    assert_eq!(
        manifest["file"]["size_bytes"],
        std::fs::metadata(file).unwrap().len()
    );
}

#[test]
fn r23_a_bad_recipient_is_told_before_anything_is_written() {
    let workplace = workplace();
    let (good, _) = identity();
    let cut = &good[..good.len() - 2];
    let secret = "AGE-SECRET-KEY-1QQQSYQCYQ5RQWZQFPG9SCRGWPUGPZYSNZS23V9CCRYDPK8QARC0SWD6FFS";
    workplace.write("bad.txt", format!("{good}\n{cut}\n"));
    workplace.write("empty.txt", "# nobody\n");
    let log = workplace.read_text("hub/audit.log");
    let ask = |more: &[&str]| {
        let arguments = [&["export", "--role", "auditor", "--to", "x"], more].concat();
        let stderr = workplace.guiyi(&arguments).expect(USAGE).stderr;
        assert!(
            stderr.contains("hint: ") && !workplace.path().join("x").exists(),
            "{stderr}"
        );
        stderr
    };
    assert!(ask(&["--recipient", &good, "--recipient", cut]).contains("`--recipient` number 2"));
    let told = ask(&["--recipient", secret]);
    assert!(
        told.contains("secret key") && !told.contains(&secret[20..]),
        "{told}"
    );
    assert!(ask(&["--recipients-file", "bad.txt"]).contains("`bad.txt` line 2"));
    assert!(ask(&["--recipients-file", "empty.txt"]).contains("names no recipient"));
    assert!(ask(&["--recipients-file", "none.txt"]).contains("`none.txt` cannot be used"));
    assert_eq!(workplace.read_text("hub/audit.log"), log);
}

//! `quality.json` on a fixture that can be counted by hand (`fixtures/small/README.md` counts it).

use crate::support::PUBLISHED;
use crate::support::WITH_WARNINGS;
use crate::support::Workplace;
use serde_json::Value;
use serde_json::json;

fn share(numerator: u64, denominator: u64) -> Value {
    json!({"numerator": numerator, "denominator": denominator})
}

/// The figures of `field` in a source of `quality.json`.
fn field<'a>(quality: &'a Value, source: usize, name: &str) -> &'a Value {
    let fields = quality["sources"][source]["fields"].as_array().unwrap();
    fields.iter().find(|field| field["field"] == name).unwrap()
}

fn check(found: &Value, expected: &[(&str, u64)]) {
    for (name, count) in expected {
        assert_eq!(found[name], *count, "{name} of {found}");
    }
}

#[test]
fn figures_equal_those_counted_by_hand() {
    let workplace = Workplace::with_fixture("small");
    workplace.run(WITH_WARNINGS);
    let run = workplace.published();
    let quality = run.json("quality.json");

    let key = &quality["key_figures"];
    check(
        key,
        &[
            ("rows_read", 10),
            ("rows_rejected", 1),
            ("rows_skipped", 1),
            ("records", 8),
        ],
    );
    check(key, &[("unified_ids", 5), ("shared_ids", 2)]);
    assert_eq!(key["redundant"], share(3, 8));
    assert_eq!(key["affected"], share(5, 8));

    let names: Vec<&Value> = quality["sources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| &s["name"])
        .collect();
    assert_eq!(names, ["huadong", "north"]);
    let huadong = &quality["sources"][0];
    check(
        huadong,
        &[("read", 6), ("accepted", 4), ("rejected", 1), ("skipped", 1)],
    );
    assert_eq!(huadong["rejected_share"], share(1, 6));
    assert_eq!(huadong["duplicates"]["redundant"], share(1, 4));
    assert_eq!(huadong["duplicates"]["affected"], share(2, 4));
    check(
        &quality["sources"][1],
        &[("read", 4), ("accepted", 4), ("rejected", 0), ("skipped", 0)],
    );

    let phones = field(&quality, 0, "phones");
    check(
        phones,
        &[("missing", 1), ("filled", 3), ("valid", 2), ("invalid", 1)],
    );
    assert_eq!(phones["completeness"], share(3, 4));
    assert_eq!(phones["validity"], share(2, 3));
    let uscc = field(&quality, 0, "uscc");
    check(uscc, &[("missing", 1), ("filled", 3), ("valid", 3)]);
    let name = field(&quality, 1, "customer_name");
    check(name, &[("expected", 4), ("filled", 4), ("missing", 0)]);

    let overlap = &quality["overlap"];
    assert_eq!(overlap["matrix"], json!([[3, 2], [2, 4]]));
    assert_eq!(overlap["ids_by_source_count"], json!([3, 2]));
    let sizes: Vec<(u64, u64)> = quality["cluster_sizes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|bin| {
            (
                bin["size_min"].as_u64().unwrap(),
                bin["unified_ids"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(sizes, [(1, 3), (2, 1), (3, 1)]);
    assert_eq!(quality["rejects"][0]["code"], "ragged_row");
    assert_eq!(quality["rejects"][0]["total"], 1);
}

#[test]
fn changes_since_the_last_run_are_counted() {
    let workplace = Workplace::with_good_source("");
    workplace.run(PUBLISHED);
    workplace.write(
        "good.csv",
        format!("{}G3,杭州晶圆半导体有限公司,\n", crate::support::GOOD),
    );
    workplace.run(PUBLISHED);
    let quality = workplace.published().json("quality.json");
    check(
        &quality["changes"]["ids"],
        &[("new", 1), ("merged", 0), ("split", 0), ("retired", 0)],
    );
    assert_eq!(quality["key_changes"]["unified_ids"]["previous"], 2);
    assert_eq!(quality["key_changes"]["unified_ids"]["delta"], 1);
}

#[test]
fn the_page_needs_no_network_and_shows_the_figures() {
    let run = crate::support::GROUP.first();
    let page = run.text("report.html");
    for address in [
        "src=\"http",
        "href=\"http",
        "url(http",
        "@import",
        "<link",
        "<script src",
    ] {
        assert!(!page.contains(address), "{address}");
    }
    let key = &run.json("quality.json")["key_figures"];
    for figure in ["records", "unified_ids", "shared_ids"] {
        let count = key[figure].as_u64().unwrap();
        let (thousands, rest) = (count / 1_000, count % 1_000);
        let grouped = format!("{thousands},{rest:03}");
        assert!(
            page.contains(&grouped) || page.contains(&format!(">{count}<")),
            "{figure} {count}"
        );
    }
}

#[test]
fn q1_every_source_has_a_page_with_nothing_of_the_others() {
    let run = crate::support::GROUP.first();
    let quality = run.json("quality.json");
    let sources = quality["sources"].as_array().unwrap();
    let group = run.text("report.html");
    for (at, source) in sources.iter().enumerate() {
        let name = source["name"].as_str().unwrap();
        let page = run.text(&format!("report-{name}.html"));
        assert!(group.contains(&format!("href=\"report-{name}.html\"")));
        assert!(page.contains(name) && page.len() < 1 << 20);
        assert!(!page.contains("<script") && !page.contains("src="));
        for (other, of) in sources.iter().enumerate().filter(|(other, _)| *other != at) {
            assert!(!page.contains(of["name"].as_str().unwrap()), "{name}: {other}");
            assert!(!page.contains(&format!("sources.{other}.")), "{name}: {other}");
        }
    }
}

#[test]
fn q2_a_question_that_stays_is_as_old_as_the_run_that_asked_it_first() {
    let (first, second) = (crate::support::GROUP.first(), crate::support::GROUP.second());
    let queue = |run: &crate::support::Published| run.json("quality.json")["review"].clone();
    let (before, after) = (queue(first), queue(second));
    let items = before["items"].as_u64().unwrap();
    assert!(items > 0 && before["new_items"] == items, "{before}");
    assert_eq!(before["oldest_run"], 1);
    assert_eq!(
        (&after["items"], &after["new_items"]),
        (&before["items"], &json!(0))
    );
    assert_eq!(after["oldest_run"], 1, "{after}");
    assert!(after["oldest_days"].is_u64() && after["median_days"].is_u64());
    // From the page over the figures to the rows.
    let rows = second.rows("review.parquet", &["since_run"]);
    assert_eq!(rows.len() as u64, items);
    assert!(rows.iter().all(|row| row[0] == "1"));
    assert!(
        second
            .text("report.html")
            .contains("data-path=\"review.oldest_days\"")
    );
}

#[test]
fn q6_relations_and_contradictions_lead_to_rows_of_their_tables() {
    let run = crate::support::GROUP.first();
    let quality = run.json("quality.json");
    let count = |place: &Value| place.as_u64().unwrap();
    let relations = &quality["relations"];
    let rows = run.rows("relations.parquet", &["kind", "unified_id_a", "unified_id_b"]);
    assert_eq!(count(&relations["total"]), rows.len() as u64);
    for kind in relations["by_kind"].as_array().unwrap() {
        let of_it = rows.iter().filter(|row| row[0] == kind["kind"].as_str().unwrap());
        assert_eq!(count(&kind["relations"]), of_it.count() as u64, "{kind}");
    }
    for shown in relations["shown"].as_array().unwrap() {
        let text = |side: usize| {
            shown["customers"][side]["unified_id"]
                .as_str()
                .unwrap()
                .to_owned()
        };
        let wanted = vec![shown["kind"].as_str().unwrap().to_owned(), text(0), text(1)];
        assert!(rows.contains(&wanted), "{wanted:?}");
    }
    assert!(!rows.is_empty() && run.text("relations.csv").lines().count() == rows.len() + 1);
    let conflicts = &quality["conflicts"];
    let rows = run.rows("conflicts.parquet", &["unified_id", "field"]);
    assert_eq!(count(&conflicts["values"]), rows.len() as u64);
    let customers: std::collections::BTreeSet<&String> = rows.iter().map(|row| &row[0]).collect();
    assert_eq!(count(&conflicts["customers"]), customers.len() as u64);
    assert!(!rows.is_empty());
    for field in conflicts["by_field"].as_array().unwrap() {
        let of_it: Vec<&String> = rows
            .iter()
            .filter(|row| row[1] == field["field"].as_str().unwrap())
            .map(|row| &row[0])
            .collect();
        assert_eq!(count(&field["values"]), of_it.len() as u64, "{field}");
        let customers: std::collections::BTreeSet<&&String> = of_it.iter().collect();
        assert_eq!(count(&field["customers"]), customers.len() as u64, "{field}");
    }
    for sample in conflicts["samples"].as_array().unwrap() {
        let wanted = ["unified_id", "field"].map(|name| sample[name].as_str().unwrap().to_owned());
        assert!(rows.contains(&wanted.to_vec()), "{wanted:?}");
    }
}

#[test]
fn q6_every_rule_of_every_source_leads_to_a_row_and_with_a_key_to_the_hash_of_its_raw_value() {
    use hmac::KeyInit;
    use hmac::Mac;
    let workplace = Workplace::with_fixture("group");
    let key = b"0123456789abcdef0123456789abcdef-of-the-group";
    workplace.write("log.key", key);
    let path = workplace.path().join("log.key");
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let job = workplace.read_text("guiyi.toml");
    workplace.write(
        "guiyi.toml",
        format!("{job}\n[security]\nlog_key = \"log.key\"\n"),
    );
    let outcome = workplace.guiyi(&["run", "--quiet"]);
    assert!(
        [PUBLISHED, WITH_WARNINGS].contains(&outcome.code),
        "{}",
        outcome.stderr
    );
    let run = workplace.published();
    let quality = run.json("quality.json");
    let mac = |key: &[u8], text: &str| {
        let mut mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(key).unwrap();
        mac.update(text.as_bytes());
        mac.finalize().into_bytes().to_vec()
    };
    let own = mac(key, "guiyi raw value");
    let columns = ["source", "field", "code", "file", "line", "raw"];
    let rows: Vec<Vec<String>> = run.rows("issues.parquet", &columns);
    let (mut rules, mut hashes) = (0, 0);
    for source in quality["sources"].as_array().unwrap() {
        for issue in source["issues"].as_array().unwrap() {
            rules += 1;
            let samples = issue["samples"].as_array().unwrap();
            assert!(!samples.is_empty(), "{issue}");
            for sample in samples {
                let text = |of: &Value, name: &str| of[name].as_str().unwrap_or_default().to_owned();
                let place = [
                    text(source, "name"),
                    text(issue, "field"),
                    text(issue, "code"),
                    text(sample, "file"),
                    sample["line"].to_string(),
                ];
                let row = rows
                    .iter()
                    .find(|row| row[..5] == place)
                    .unwrap_or_else(|| panic!("{place:?}"));
                assert!(workplace.path().join(&place[3]).is_file());
                if row[5].is_empty() {
                    continue;
                }
                let hash = mac(&own, &format!("{}\u{1f}{}", place[1], row[5]));
                let hash: String = hash[..8].iter().map(|byte| format!("{byte:02x}")).collect();
                assert_eq!(text(sample, "raw_hash"), hash, "{place:?}");
                hashes += 1;
            }
        }
    }
    assert!(rules > 50 && hashes > 50, "{rules} {hashes}");
    // Without a key there is none.
    let plain = crate::support::GROUP.first().text("quality.json");
    assert!(!plain.contains("raw_hash"));
}

#[test]
fn q4_pages_tables_and_workbook_are_made_from_the_json_alone() {
    let run = crate::support::GROUP.first();
    let quality: guiyi::quality::Quality = serde_json::from_str(&run.text("quality.json")).unwrap();
    let language = quality.run.language;
    assert!(run.text("report.html") == guiyi::report::render(&quality, language).unwrap());
    for (at, source) in quality.sources.iter().enumerate() {
        let page = guiyi::report::render_source(&quality, at, language).unwrap();
        assert!(run.text(&guiyi::report::file_name(&source.name)) == page, "{at}");
    }
    let mut written = 0;
    for sheet in guiyi::report::sheets(&quality, language)
        .into_iter()
        .filter(|sheet| sheet.is_csv)
    {
        let text = run.text(&format!("quality_{}.csv", sheet.name));
        let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{FEFF}').as_bytes());
        let names: Vec<&str> = sheet.columns.iter().map(|column| column.name).collect();
        assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), names);
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert!(
            !rows.is_empty() && rows.len() == sheet.rows.len(),
            "{}",
            sheet.name
        );
        for (row, cells) in rows.iter().zip(&sheet.rows) {
            for (text, cell) in row.iter().zip(cells) {
                let expected = match cell {
                    guiyi::report::Cell::Empty => String::new(),
                    guiyi::report::Cell::Text(text) => guiyi::publish::guard_cell(text).into_owned(),
                    guiyi::report::Cell::Count(count) => count.to_string(),
                    guiyi::report::Cell::Fraction(share) => format!("{share:.6}"),
                };
                assert_eq!(text, expected, "{}", sheet.name);
            }
        }
        written += 1;
    }
    assert_eq!(written, 3);
    // Every source by every measure, and nobody's number was lost on the way.
    let scorecard = run.text("quality_scorecard.csv");
    let lines = scorecard
        .lines()
        .filter(|line| line.starts_with("source,"))
        .count();
    assert_eq!(lines, quality.sources.len() * quality.measures.len());
    let first = &quality.sources[0];
    let found = format!("source,{},", first.name);
    let of_it = scorecard.lines().find(|line| line.starts_with(&found)).unwrap();
    let share = first.scorecard[0].share;
    assert!(
        of_it.contains(&format!(",{},{},", share.numerator, share.denominator)),
        "{of_it}"
    );
}

#[test]
fn q5_a_scorecard_equals_the_count_by_hand() {
    let workplace = Workplace::with_fixture("small");
    workplace.run(WITH_WARNINGS);
    let quality = workplace.published().json("quality.json");
    let of = |source: usize, measure: &str| {
        let scorecard = quality["sources"][source]["scorecard"].as_array().unwrap();
        scorecard.iter().find(|of| of["measure"] == measure).unwrap()["share"].clone()
    };
    // The rows of `huadong` are counted in the fixture's README: 6 read, 1 rejected, 1 skipped, 4 records, one of them twice.
    assert_eq!(of(0, "reject_rate"), share(1, 6));
    assert_eq!(of(0, "duplicate_rate"), share(1, 4));
    assert_eq!(of(0, "uniqueness"), share(2, 4));
    assert_eq!(of(1, "reject_rate"), share(0, 4));
    assert_eq!(of(1, "duplicate_rate"), share(0, 4));
    assert_eq!(of(1, "uniqueness"), share(4, 4));
    // Nobody has audited, and nothing was asked of freshness: not measured, and never 100 %.
    for source in 0..2 {
        for measure in ["accuracy", "timeliness"] {
            assert_eq!(of(source, measure), share(0, 0), "{source} {measure}");
        }
    }
    let names: Vec<&str> = quality["measures"]
        .as_array()
        .unwrap()
        .iter()
        .map(|measure| measure["name"].as_str().unwrap())
        .collect();
    for dimension in [
        "completeness",
        "validity",
        "uniqueness",
        "consistency",
        "timeliness",
        "accuracy",
    ] {
        assert!(names.contains(&dimension), "{dimension}");
        assert!(quality["measures"].as_array().unwrap().iter().any(|of| {
            of["name"] == dimension
                && !of["meaning_en"].as_str().unwrap().is_empty()
                && !of["code"].as_str().unwrap().is_empty()
        }));
    }
}

#[test]
fn q7_rows_read_are_records_rejects_and_skips_and_every_reject_has_its_place() {
    for (workplace, code) in [
        (Workplace::with_fixture("small"), WITH_WARNINGS),
        (Workplace::with_fixture("group"), WITH_WARNINGS),
    ] {
        let outcome = workplace.guiyi(&["run", "--quiet", "guiyi.toml"]);
        assert!([PUBLISHED, code].contains(&outcome.code), "{}", outcome.stderr);
        let run = workplace.published();
        let quality = run.json("quality.json");
        let mut rejected = 0;
        for source in quality["sources"].as_array().unwrap() {
            let count = |name: &str| source[name].as_u64().unwrap();
            assert_eq!(
                count("read"),
                count("accepted") + count("rejected") + count("skipped"),
                "{source}"
            );
            rejected += count("rejected");
        }
        let text = run.text("rejects.csv");
        let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{FEFF}').as_bytes());
        let headers = reader.headers().unwrap().clone();
        let at = |name: &str| headers.iter().position(|header| header == name).unwrap();
        let (line, byte, code, rows) = (at("line"), at("byte"), at("code"), at("rows"));
        let mut told = 0;
        for record in reader.records().map(Result::unwrap) {
            assert!(record[line].parse::<u64>().unwrap() > 0 && record[byte].parse::<u64>().is_ok());
            assert!(!record[code].is_empty());
            told += record[rows].parse::<u64>().unwrap();
        }
        assert_eq!(told, rejected);
    }
}

#[test]
fn q6_samples_of_the_page_are_rows_of_the_exports() {
    let workplace = Workplace::with_fixture("small");
    workplace.run(WITH_WARNINGS);
    let run = workplace.published();
    let quality = run.json("quality.json");
    let mut seen = 0;
    for source in quality["sources"].as_array().unwrap() {
        let page = run.text(&format!("report-{}.html", source["name"].as_str().unwrap()));
        for sample in source["issues"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|issue| issue["samples"].as_array().unwrap())
        {
            let file = sample["file"].as_str().unwrap();
            assert!(page.contains(file), "{file}");
            assert!(workplace.path().join(file).is_file(), "{file}");
            seen += 1;
        }
    }
    assert!(seen > 0);
}

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

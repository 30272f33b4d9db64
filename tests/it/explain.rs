//! `guiyi explain`: pairs and customers, as text, JSON and picture.

use crate::support::GROUP;
use crate::support::Outcome;
use crate::support::PUBLISHED;
use crate::support::USAGE;
use crate::support::Workplace;
use crate::support::guiyi_in;
use serde_json::Value;
use std::collections::BTreeMap;

fn in_group(arguments: &[&str]) -> Outcome {
    guiyi_in(&GROUP.folder, arguments)
}

fn json(arguments: &[&str]) -> Value {
    let shown = in_group(arguments).expect(PUBLISHED).stdout;
    serde_json::from_str(&shown).unwrap()
}

/// Both records, weight and rule of the published pairs, heaviest first.
fn pairs() -> Vec<(String, String, f64, String)> {
    let columns = [
        "source_a",
        "record_key_a",
        "source_b",
        "record_key_b",
        "weight_bits",
        "blocking_rule",
    ];
    let rows = GROUP.first().rows("pairs.parquet", &columns);
    let pair = |row: Vec<String>| {
        let name = |at: usize| format!("{}:{}", row[at], row[at + 1]);
        (name(0), name(2), row[4].parse::<f64>().unwrap(), row[5].clone())
    };
    let mut pairs: Vec<_> = rows.into_iter().map(pair).collect();
    pairs.sort_by(|a, b| b.2.total_cmp(&a.2));
    pairs
}

/// Published ID of `source:key`.
fn id_of(name: &str) -> String {
    let (source, key) = name.split_once(':').unwrap();
    GROUP.first().ids()[&(source.to_owned(), key.to_owned())].clone()
}

fn bits(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

#[test]
fn the_items_of_a_pair_add_up_to_its_published_weight() {
    let (a, b, weight, rule) = pairs().swap_remove(0);
    let found = json(&["explain", &a, &b, "--json"]);
    assert_eq!(bits(&found["weight_bits"]), weight);
    for kind in ["strangers", "kin", "neighbours"] {
        let items = found["comparisons"].as_array().unwrap().iter();
        let sum: f64 = items.map(|item| bits(&item["weight_bits"][kind])).sum();
        let sum = sum + bits(&found["prior"][kind]);
        assert!(
            (sum - bits(&found["totals"][kind])).abs() < 1e-6,
            "{kind} {found}"
        );
    }
    let deciding = found["decided_by"].as_str().unwrap();
    let total = bits(&found["totals"][deciding]) + bits(&found["rest_bits"]);
    assert!((total - weight).abs() < 1e-6, "{found}");
    assert!(
        found["blocking_rules"].as_array().unwrap().contains(&rule.into()),
        "{found}"
    );
    for part in [
        "calibration_bits",
        "population",
        "conflicts",
        "outcome",
        "cut_bits",
    ] {
        assert!(!found[part].is_null(), "{part} in {found}");
    }
    let items = found["comparisons"].as_array().unwrap();
    let frequency = items
        .iter()
        .find_map(|item| item["frequency"]["carriers"].as_u64());
    assert!(frequency.is_some_and(|carriers| carriers > 0), "{found}");
    let values = items.iter().flat_map(|item| item["values"].as_array().unwrap());
    assert!(values.clone().any(|of| of["values"][0] == of["values"][1]));
    // The order of the two does not matter.
    assert_eq!(json(&["explain", &b, &a, "--json"]), found);
}

#[test]
fn the_text_of_a_pair_shows_values_weights_rules_outcome_and_changes() {
    let (a, b, weight, rule) = pairs().swap_remove(0);
    let shown = in_group(&["explain", &a, &b]).expect(PUBLISHED).stdout;
    let id = id_of(&a);
    for part in [
        a.as_str(),
        &b,
        "prior",
        "organisation_name",
        "total",
        "陌生方",
        "关联方",
        "邻近方",
        &format!("{weight:+.2}"),
        &rule,
        &id,
        "同一客户",
        "怎样才会分开",
    ] {
        assert!(shown.contains(part), "{part} in\n{shown}");
    }
    assert!(!shown.contains('\u{1F}'), "{shown}");
}

#[test]
fn a_pair_that_lacks_weight_is_told_what_would_lift_it_largest_first() {
    let (a, b, ..) = pairs().into_iter().rfind(|pair| pair.2 < -0.5).unwrap();
    let found = json(&["explain", &a, &b, "--json"]);
    assert_eq!(found["is_match"], false);
    let changes = found["changes"].as_array().unwrap();
    let weights: Vec<f64> = changes
        .iter()
        .map(|change| bits(&change["weight_bits"]))
        .collect();
    assert!(
        !weights.is_empty() && weights.is_sorted_by(|a, b| a >= b),
        "{found}"
    );
    for change in changes {
        let sum = bits(&found["weight_bits"]) + bits(&change["adds_bits"]);
        assert!((sum - bits(&change["weight_bits"])).abs() < 1e-6, "{change}");
    }
    assert!(changes.iter().any(|change| change["is_match"] == true), "{found}");
}

#[test]
fn a_pair_above_the_cut_that_stays_apart_names_what_holds_it_back() {
    let apart = |pair: &&(String, String, f64, String)| pair.2 >= 0.0 && id_of(&pair.0) != id_of(&pair.1);
    let pairs = pairs();
    let Some((a, b, ..)) = pairs.iter().find(apart) else {
        panic!("the fixture has such pairs");
    };
    let found = json(&["explain", a, b, "--json"]);
    let outcome = &found["outcome"];
    assert_eq!(outcome["is_one"], false);
    let reason = outcome["reason"].as_str().unwrap();
    assert!(
        ["conflict", "average", "conflict_of_members"].contains(&reason),
        "{outcome}"
    );
    if reason == "average" {
        assert!(bits(&outcome["groups"]["average_bits"]) < bits(&found["cut_bits"]));
    }
}

#[test]
fn records_that_nothing_brings_together_have_no_rule() {
    let ids = GROUP.first().ids();
    let names: Vec<String> = ids
        .keys()
        .map(|(source, key)| format!("{source}:{key}"))
        .collect();
    let last = names.last().unwrap();
    let shown = in_group(&["explain", &names[0], last]).expect(PUBLISHED).stdout;
    for part in ["不同客户", "怎样才会合并"] {
        assert!(shown.contains(part), "{part} in\n{shown}");
    }
}

#[test]
fn a_customer_tells_how_it_grew_and_what_was_kept_apart() {
    let mut sizes: BTreeMap<String, usize> = BTreeMap::new();
    for id in GROUP.first().ids().into_values() {
        *sizes.entry(id).or_default() += 1;
    }
    let (id, size) = sizes.iter().max_by_key(|(_, size)| **size).unwrap();
    let found = json(&["explain", id, "--json"]);
    assert_eq!(found["records"].as_array().unwrap().len(), *size);
    let clusters = found["clusters"].as_array().unwrap();
    assert_eq!(clusters.len(), 1, "{found}");
    let merges = clusters[0]["merges"].as_array().unwrap();
    assert_eq!(merges.len(), size - 1);
    for merge in merges {
        assert!(
            bits(&merge["average_bits"]) >= bits(&found["cut_bits"]),
            "{merge}"
        );
        let product = merge["left"].as_array().unwrap().len() * merge["right"].as_array().unwrap().len();
        assert_eq!(merge["pairs"], product);
    }
    assert!(clusters[0]["weakest_link"].as_u64().unwrap() < merges.len() as u64);
    let shown = in_group(&["explain", id]).expect(PUBLISHED).stdout;
    let last = format!("[{}]", merges.len());
    for part in [id.as_str(), &last, "最弱的联结", "未合并"] {
        assert!(shown.contains(part), "{part} in\n{shown}");
    }
    let alone = sizes.iter().find(|(_, size)| **size == 1).unwrap().0;
    let found = json(&["explain", alone, "--json"]);
    assert_eq!(found["clusters"][0]["merges"], Value::Array(Vec::new()));
}

#[test]
fn the_picture_of_a_pair_is_a_well_formed_file_of_its_own() {
    let (a, b, ..) = pairs().swap_remove(0);
    let file = GROUP.folder.join("pair.svg");
    let path = file.to_str().unwrap();
    in_group(&["explain", &a, &b, "--svg", path]).expect(PUBLISHED);
    let svg = std::fs::read_to_string(&file).unwrap();
    assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 640 "));
    for forbidden in ["<script", "href", "url(", "<style", " on"] {
        assert!(!svg.contains(forbidden), "{forbidden}");
    }
    let mut open: Vec<&str> = Vec::new();
    for tag in svg.split('<').skip(1) {
        let (tag, rest) = tag.split_once('>').unwrap();
        assert!(!rest.contains('>'), "{rest}");
        assert!(tag.matches('"').count().is_multiple_of(2), "{tag}");
        match tag.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name)),
            None if tag.ends_with('/') => {}
            None => open.push(tag.split(' ').next().unwrap()),
        }
    }
    assert!(open.is_empty(), "{open:?}");
    assert!(svg.contains("分界线") && svg.contains("单位名称"), "{svg}");
}

#[test]
fn the_report_shows_the_weakest_links_without_values() {
    let quality = GROUP.first().json("quality.json");
    let links = quality["weakest"].as_array().unwrap();
    assert_eq!(links.len(), 3);
    let page = GROUP.first().text("report.html");
    let part = page.split("id=\"weakest\"").nth(1).unwrap();
    let part = part.split("</section>").next().unwrap();
    for link in links {
        assert!(part.contains(link["unified_id"].as_str().unwrap()));
        let steps = link["steps"].as_array().unwrap().iter();
        let sum: i64 = steps.map(|step| step["weight_millibits"].as_i64().unwrap()).sum();
        let of = |name: &str| link[name].as_i64().unwrap();
        assert_eq!(
            sum + of("prior_millibits") + of("rest_millibits"),
            of("weight_millibits")
        );
    }
}

#[test]
fn what_cannot_be_explained_is_refused_with_a_word_on_why() {
    let workplace = Workplace::with_good_source("");
    let refused = |arguments: &[&str], part: &str| {
        let outcome = workplace.guiyi(arguments).expect(USAGE);
        assert!(outcome.stderr.contains(part), "{part} in\n{}", outcome.stderr);
    };
    let issued = id_of(&pairs()[0].0);
    refused(&["explain", "good:G1"], "unified ID");
    refused(&["explain", &issued], "guiyi run");
    refused(&["explain", &issued, "--svg", "a.svg"], "required arguments");
    workplace.run(PUBLISHED);
    refused(&["explain", &issued], "never issued");
    let shown = workplace.guiyi(&["explain", "G1", "G2"]).expect(PUBLISHED).stdout;
    assert!(shown.contains("Harbour Lights"), "{shown}");
}

#[test]
fn two_names_of_one_house_and_phone_stay_two_customers() {
    for (a, b) in [
        ("huadong:HD000522", "huanan:KH-00328"),
        ("huabei:0000281", "beifang:000189"),
    ] {
        assert_ne!(id_of(a), id_of(b));
        let found = json(&["explain", a, b, "--json"]);
        assert!(bits(&found["weight_bits"]) < 0.0, "{found}");
        assert_eq!(found["is_household"], true, "{found}");
        let neighbours = bits(&found["prior"]["neighbours"]);
        assert!(neighbours <= 0.0, "{found}");
        let items = found["comparisons"].as_array().unwrap().iter();
        let sum: f64 = items.map(|item| bits(&item["weight_bits"]["neighbours"])).sum();
        assert!((sum + neighbours - bits(&found["totals"]["neighbours"])).abs() < 1e-6);
    }
}

//! The change feed over a month of nights, and a source that was renumbered.

use crate::support::PUBLISHED;
use crate::support::REFUSED;
use crate::support::USAGE;
use crate::support::WITH_WARNINGS;
use crate::support::Workplace;
use crate::support::source;
use serde_json::Value;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

const NIGHTS: u32 = 30;

/// Nights on which the export of huabei is late.
const LATE: [u32; 3] = [7, 8, 21];

/// (source, record key) to (unified ID, status).
type Crosswalk = BTreeMap<(String, String), (String, String)>;

fn crosswalk(workplace: &Workplace) -> Crosswalk {
    let columns = ["source", "record_key", "unified_id", "status"];
    let rows = workplace.published().rows("crosswalk.parquet", &columns);
    rows.into_iter()
        .map(|row| {
            let [source, key, id, status] = <[String; 4]>::try_from(row).unwrap();
            ((source, key), (id, status))
        })
        .collect()
}

/// Rows of the feed in JSON lines; Parquet and CSV say the same.
fn feed(workplace: &Workplace) -> Vec<BTreeMap<String, String>> {
    let published = workplace.published();
    let columns = [
        "source",
        "record_key",
        "old_id",
        "new_id",
        "status",
        "event",
        "cause",
    ];
    let text = published.text("changes.jsonl");
    let rows: Vec<BTreeMap<String, String>> = text
        .lines()
        .map(|line| serde_json::from_str::<BTreeMap<String, Option<String>>>(line).unwrap())
        .map(|row| {
            let cells = row.into_iter();
            cells
                .map(|(name, cell)| (name, cell.unwrap_or_default()))
                .collect()
        })
        .collect();
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|row| columns.map(|column| row[column].clone()).to_vec())
        .collect();
    assert_eq!(cells, published.rows("changes.parquet", &columns));
    let csv = published.text("changes.csv");
    // No key of these sources needs quotes or a guard.
    let lines: Vec<String> = cells.iter().map(|row| row.join(",")).collect();
    assert_eq!(csv.lines().skip(1).collect::<Vec<_>>(), lines);
    rows
}

fn replay(mut crosswalk: Crosswalk, feed: &[BTreeMap<String, String>]) -> Crosswalk {
    for row in feed {
        let name = (row["source"].clone(), row["record_key"].clone());
        let before = crosswalk.remove(&name);
        assert_eq!(before.map(|(id, _)| id).unwrap_or_default(), row["old_id"]);
        assert!(!row["new_id"].is_empty() || row["status"] == "withdrawn");
        if !row["new_id"].is_empty() {
            crosswalk.insert(name, (row["new_id"].clone(), row["status"].clone()));
        }
    }
    crosswalk
}

/// Every ID ever issued leads to live IDs, or to none, in one step.
fn check_registry(workplace: &Workplace, issued: &mut BTreeSet<String>, live: &BTreeSet<&String>) {
    let rows = workplace
        .published()
        .rows("registry.parquet", &["unified_id", "state", "into"]);
    let known: BTreeSet<String> = rows.iter().map(|row| row[0].clone()).collect();
    assert!(issued.is_subset(&known));
    for row in &rows {
        let into: Vec<String> = row[2].split_whitespace().map(str::to_owned).collect();
        match row[1].as_str() {
            "live" => assert!(live.contains(&row[0]) && into.is_empty()),
            "merged" => assert!(into.len() == 1 && live.contains(&into[0])),
            "split" => assert!(into.len() > 1 && into.iter().all(|id| live.contains(id))),
            "deleted" => assert!(into.iter().all(|id| !live.contains(id))),
            state => panic!("{state}"),
        }
    }
    *issued = known;
}

#[test]
fn s19_the_feed_of_every_night_turns_the_last_crosswalk_into_its_own() {
    let nights = NIGHTS.to_string();
    let workplace = Workplace::with_synth(&[
        "--records",
        "150",
        "--sources",
        "3",
        "--seed",
        "5",
        "--plain",
        "--nights",
        &nights,
    ]);
    let folders = ["huadong", "huabei", "huanan"].map(|source| format!("night-01/{source}"));
    let mut arguments = vec!["init", "--out", "guiyi.toml"];
    arguments.extend(folders.iter().map(String::as_str));
    workplace.guiyi(&arguments).expect(PUBLISHED);
    let job = workplace
        .read_text("guiyi.toml")
        .replace("required = true", "required = false");
    let mut before = Crosswalk::new();
    let mut issued = BTreeSet::new();
    let mut words = BTreeSet::new();
    for night in 1..=NIGHTS {
        workplace.write(
            "guiyi.toml",
            job.replace("night-01", &format!("night-{night:02}")),
        );
        if LATE.contains(&night) {
            let file = format!("night-{night:02}/huabei/customers.csv");
            std::fs::remove_file(workplace.path().join(file)).unwrap();
        }
        let outcome = workplace.guiyi(&["run", "--quiet"]);
        let expected = [PUBLISHED, WITH_WARNINGS];
        assert!(expected.contains(&outcome.code), "{night}: {}", outcome.stderr);
        let now = crosswalk(&workplace);
        let feed = feed(&workplace);
        if night == 1 {
            assert!(feed.is_empty(), "a first run differs from nothing");
        } else {
            assert_eq!(replay(before, &feed), now, "night {night}");
        }
        for row in &feed {
            words.insert(row["event"].clone());
            let causes = ["decision", "source", "model", "rule", "evidence"];
            assert!(causes.contains(&row["cause"].as_str()));
            // The job stays and nobody decides; without a late source the model may not fit and is learned again.
            assert!(
                ["source", "model", "evidence"].contains(&row["cause"].as_str()),
                "{row:?}"
            );
        }
        let live: BTreeSet<&String> = now.values().map(|(id, _)| id).collect();
        check_registry(&workplace, &mut issued, &live);
        before = now;
    }
    for word in ["new", "withdrawn", "late", "back"] {
        assert!(words.contains(word), "{word} in {words:?}");
    }
}

/// Twelve customers under the keys that `key` makes of their numbers.
fn customers(key: impl Fn(u32) -> String) -> String {
    let rows = (1..=12).map(|at| format!("{},启明{at}号商贸有限公司,138100100{at:02}\n", key(at)));
    format!("编号,客户名称,电话\n{}", rows.collect::<String>())
}

#[test]
fn s12_a_renumbered_source_gets_a_map_proposed() {
    let workplace = Workplace::new();
    workplace.write("guiyi.toml", source("华东", "east.csv"));
    workplace.write("east.csv", customers(|at| format!("K{at:03}")));
    workplace.run(PUBLISHED);
    assert!(!workplace.published().path("rekey.csv").exists());
    workplace.write("east.csv", customers(|at| format!("新{at:03}")));
    let before = crosswalk(&workplace);
    let outcome = workplace.run(REFUSED);
    assert!(outcome.stderr.contains("rekey.csv"), "{}", outcome.stderr);
    assert_eq!(crosswalk(&workplace), before, "the last run stands");
    let candidates = std::fs::read_dir(workplace.path().join("hub/runs")).unwrap();
    let maps = candidates.map(|run| run.unwrap().path().join("rekey.csv"));
    let map = maps
        .filter_map(|map| std::fs::read_to_string(map).ok())
        .next()
        .unwrap();
    let rows: Vec<&str> = map.lines().skip(1).collect();
    assert_eq!(rows.len(), 12);
    assert_eq!(rows[0], "华东,K001,新001,yes");
    assert_eq!(rows[11], "华东,K012,新012,yes");
    let map = rows
        .iter()
        .map(|row| row.split(',').skip(1).take(2).collect::<Vec<_>>().join(","));
    let map: String = map.map(|row| row + "\n").collect();
    workplace.write("map.csv", format!("old_key,new_key\n{map}"));
    let words = ["--author", "Ann", "--reason", "新系统"];
    let accepted = [&["decide", "rekey", "华东", "map.csv"][..], &words].concat();
    workplace.guiyi(&accepted).expect(PUBLISHED);
    workplace.run(PUBLISHED);
    let (now, rows) = (crosswalk(&workplace), feed(&workplace));
    assert!(now.keys().all(|(_, key)| key.starts_with('新')));
    assert!(now.values().eq(before.values()), "every customer keeps its ID");
    assert_eq!(
        replay(before, &rows),
        now,
        "found by the soak: the feed knew the new keys only"
    );
    assert!(
        rows.len() == 24
            && rows
                .iter()
                .all(|row| row["event"] == "rekey" && row["cause"] == "decision")
    );
}

/// The text without the row of a key.
fn without(text: &str, key: &str) -> String {
    let rows = text.lines().filter(|line| !line.starts_with(key));
    rows.map(|line| format!("{line}\n")).collect()
}

/// Name and telephone of the golden record of an ID.
fn golden(workplace: &Workplace, id: &str) -> Vec<String> {
    let columns = ["unified_id", "customer_name", "phones"];
    let rows = workplace.published().rows("golden.parquet", &columns);
    let row = rows.into_iter().find(|row| row[0] == id);
    row.map_or_else(Vec::new, |row| row[1..].to_vec())
}

#[test]
fn s17_a_withdrawn_value_stands_until_another_replaces_it() {
    let workplace = Workplace::new();
    workplace.write("guiyi.toml", source("华东", "east.csv"));
    let whole = customers(|at| format!("K{at:03}"));
    workplace.write("east.csv", &whole);
    workplace.run(PUBLISHED);
    let first = crosswalk(&workplace);
    let name = ("华东".to_owned(), "K003".to_owned());
    let id = first[&name].0.clone();
    let values = golden(&workplace, &id);
    workplace.write("east.csv", without(&whole, "K003"));
    workplace.run(PUBLISHED);
    let rows = feed(&workplace);
    assert_eq!(rows.len(), 1);
    let word = |column: &str| rows[0][column].clone();
    assert_eq!(
        (word("status"), word("event")),
        ("withdrawn".to_owned(), "withdrawn".to_owned())
    );
    assert_eq!(crosswalk(&workplace)[&name], (id.clone(), "withdrawn".to_owned()));
    assert_eq!(golden(&workplace, &id), values, "the values stand");

    // A second record of the customer says more; it alone is what the source says now.
    workplace.write(
        "east.csv",
        format!(
            "{}N003,启明3号商贸有限公司,13810010003/13910020003\n",
            without(&whole, "K003")
        ),
    );
    workplace.run(PUBLISHED);
    let words = ["--reason", "同一客户", "--author", "王芳"];
    let linked = [&["decide", "link", "华东:K003", "华东:N003"], &words[..]].concat();
    workplace.guiyi(&linked).expect(PUBLISHED);
    workplace.run(PUBLISHED);
    let rows = crosswalk(&workplace);
    assert_eq!(rows[&name], (id.clone(), "withdrawn".to_owned()));
    assert_eq!(rows[&("华东".to_owned(), "N003".to_owned())].0, id);
    assert_eq!(
        golden(&workplace, &id)[1],
        "13810010003; 13910020003",
        "a delivered value replaces it"
    );
    let lineage = ["unified_id", "field", "record_key", "rule"];
    let lineage = workplace.published().rows("lineage.parquet", &lineage);
    let of_phones = [id.as_str(), "phones", "N003", "delivered_first"];
    assert!(lineage.iter().any(|row| *row == of_phones), "{lineage:?}");

    workplace.write("east.csv", &whole);
    workplace.run(PUBLISHED);
    assert_eq!(crosswalk(&workplace)[&name], (id.clone(), "active".to_owned()));
    assert_eq!(golden(&workplace, &id), values);
}

/// Two sources of which the second may be late.
fn two_sources(rest: &str) -> Workplace {
    let workplace = Workplace::new();
    let late =
        source("华南", "south.csv").replace("[[source]]", &format!("[[source]]\nrequired = false\n{rest}"));
    workplace.write("guiyi.toml", format!("{}{late}", source("华东", "east.csv")));
    workplace.write("east.csv", customers(|at| format!("K{at:03}")));
    workplace.write(
        "south.csv",
        "编号,客户名称,电话\nS1,启明1号商贸有限公司,13810010001\nS2,Ann Smith,13920030004\n",
    );
    workplace
}

#[test]
fn b6_a_late_source_is_carried_forward_and_marked() {
    let workplace = two_sources("");
    workplace.run(PUBLISHED);
    let first = crosswalk(&workplace);
    let golden_columns = ["unified_id", "customer_name", "phones"];
    let golden_rows = |workplace: &Workplace| workplace.published().rows("golden.parquet", &golden_columns);
    let values = golden_rows(&workplace);
    std::fs::remove_file(workplace.path().join("south.csv")).unwrap();
    for night in 2..4 {
        let outcome = workplace.run(WITH_WARNINGS);
        assert!(outcome.stderr.contains("2"), "{}", outcome.stderr);
        assert_eq!(golden_rows(&workplace), values, "nothing is lost");
        let rows = crosswalk(&workplace);
        assert_eq!(rows.len(), first.len());
        for ((source, key), (id, status)) in &rows {
            assert_eq!(*id, first[&(source.clone(), key.clone())].0);
            assert_eq!(status, if source == "华南" { "stale" } else { "active" });
        }
        let since = workplace
            .published()
            .rows("raw.parquet", &["source", "since_run"]);
        assert!(
            since
                .iter()
                .all(|row| row[1] == if row[0] == "华南" { "2" } else { "" }),
            "{since:?}"
        );
        let late = feed(&workplace)
            .into_iter()
            .filter(|row| row["event"] == "late")
            .count();
        assert_eq!(late, if night == 2 { 2 } else { 0 }, "the feed says it once");
    }
    workplace.write(
        "south.csv",
        "编号,客户名称,电话\nS1,启明1号商贸有限公司,13810010001\nS2,Ann Smith,13920030004\n",
    );
    workplace.run(PUBLISHED);
    assert_eq!(crosswalk(&workplace), first);
}

#[test]
fn b6_a_job_may_keep_the_ids_of_a_late_source_alone() {
    let workplace = two_sources("carry_late = false");
    workplace.run(PUBLISHED);
    let first = crosswalk(&workplace);
    std::fs::remove_file(workplace.path().join("south.csv")).unwrap();
    workplace.run(WITH_WARNINGS);
    let name = ("华南".to_owned(), "S2".to_owned());
    let id = first[&name].0.clone();
    assert_eq!(crosswalk(&workplace)[&name], (id.clone(), "stale".to_owned()));
    assert!(golden(&workplace, &id).is_empty());
}

#[test]
fn a_source_that_the_job_no_longer_has_is_told_of_once_and_its_customers_stand() {
    let workplace = two_sources("");
    workplace.run(PUBLISHED);
    let first = crosswalk(&workplace);
    workplace.write("guiyi.toml", source("华东", "east.csv"));
    let outcome = workplace.run(WITH_WARNINGS);
    assert!(outcome.stderr.contains("华南"), "{}", outcome.stderr);
    workplace.run(PUBLISHED);
    let rows = crosswalk(&workplace);
    assert_eq!(rows.len(), first.len());
    for ((source, key), (id, status)) in &rows {
        assert_eq!(*id, first[&(source.clone(), key.clone())].0);
        assert_eq!(status, if source == "华南" { "withdrawn" } else { "active" });
    }
}

#[test]
fn a_delta_export_leaves_what_it_does_not_name_as_it_was() {
    let workplace = two_sources("extract = \"delta\"");
    workplace.run(PUBLISHED);
    let first = crosswalk(&workplace);
    workplace.write(
        "south.csv",
        "编号,客户名称,电话\nS2,Ann Smith,13920039999\nS3,Bob Jones,13920030077\n",
    );
    workplace.run(PUBLISHED);
    let second = crosswalk(&workplace);
    assert_eq!(second.len(), first.len() + 1);
    assert!(second.values().all(|(_, status)| status == "active"));
    let [first_of, second_of] = ["S1", "S2"].map(|key| first[&("华南".to_owned(), key.to_owned())].0.clone());
    assert_eq!(second[&("华南".to_owned(), "S1".to_owned())].0, first_of);
    assert_eq!(golden(&workplace, &second_of)[1], "13920039999");
}

#[test]
fn s17_a_source_may_forget_what_it_withdraws() {
    let workplace = Workplace::new();
    let job = source("华东", "east.csv").replace("[[source]]", "[[source]]\nkeep_withdrawn = false");
    workplace.write("guiyi.toml", job);
    let whole = customers(|at| format!("K{at:03}"));
    workplace.write("east.csv", &whole);
    workplace.run(PUBLISHED);
    let first = crosswalk(&workplace);
    let name = ("华东".to_owned(), "K003".to_owned());
    workplace.write("east.csv", without(&whole, "K003"));
    workplace.run(PUBLISHED);
    let feed_rows = feed(&workplace);
    assert_eq!(feed_rows.len(), 1);
    assert_eq!(
        (feed_rows[0]["status"].as_str(), feed_rows[0]["event"].as_str()),
        ("withdrawn", "retire")
    );
    assert!(!crosswalk(&workplace).contains_key(&name));
    let shown = workplace
        .guiyi(&["show", &first[&name].0])
        .expect(PUBLISHED)
        .stdout;
    assert!(shown.contains("deleted"), "{shown}");
    workplace.write("east.csv", &whole);
    workplace.run(PUBLISHED);
    assert_eq!(crosswalk(&workplace), first);
    assert_eq!(feed(&workplace)[0]["event"], "resurrect");
}

#[test]
fn s27_id_check_tells_right_ids_from_wrong_ones() {
    let workplace = Workplace::new();
    let right = "GY0000000000000";
    let said = workplace.guiyi(&["id", "check", right]).expect(PUBLISHED).stdout;
    assert_eq!(said.trim(), format!("{right}  ok"));
    let outcome = workplace
        .guiyi(&["id", "check", right, "GY0000000000001", "归一"])
        .expect(USAGE);
    let lines: Vec<&str> = outcome.stdout.lines().collect();
    assert!(lines[0].ends_with("ok"), "{lines:?}");
    assert!(lines[1].contains("check character"), "{lines:?}");
    assert!(lines[2].contains("not of the form"), "{lines:?}");
    let closing: Value = outcome.closing_line();
    assert!(
        closing["message"].as_str().unwrap().contains("2 of 3"),
        "{closing}"
    );
}

//! Decisions of stewards through the public door: made, followed, contradicted, asked again, expired, unmerged, and alive after
//! rebuilds, retraining and renumbered keys. Customers are of both scripts.

use crate::support::LOCKED;
use crate::support::Outcome;
use crate::support::PUBLISHED;
use crate::support::USAGE;
use crate::support::WITH_WARNINGS;
use crate::support::Workplace;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;

type Key = (String, String);

/// Exit code of a hub whose state is damaged.
const DAMAGED: i32 = 10;

/// Three subsidiaries with customers of both scripts; the first night is published.
struct Group {
    place: Workplace,
}

const FILE: &str = "night-01/huadong/customers.csv";

impl Group {
    fn new() -> Self {
        let place = Workplace::with_synth(&[
            "--records",
            "240",
            "--sources",
            "3",
            "--seed",
            "3",
            "--plain",
            "--nights",
            "2",
            "--locale",
            "mixed",
        ]);
        let folders = ["huadong", "huabei", "north"].map(|source| format!("night-01/{source}"));
        let mut arguments = vec!["init", "--out", "guiyi.toml"];
        arguments.extend(folders.iter().map(String::as_str));
        place.guiyi(&arguments).expect(PUBLISHED);
        place.run(PUBLISHED);
        Self { place }
    }

    fn decide(&self, arguments: &[&str], code: i32) -> Outcome {
        self.say("decide", arguments, code)
    }

    fn say(&self, command: &str, arguments: &[&str], code: i32) -> Outcome {
        let mut all = vec![command];
        all.extend(arguments);
        all.extend(["--author", "王 Wang", "--reason", "电话核实 checked by phone"]);
        self.place.guiyi(&all).expect(code)
    }

    fn ids(&self) -> BTreeMap<Key, String> {
        self.place.published().ids()
    }

    fn id(&self, name: &str) -> String {
        self.ids()[&key(name)].clone()
    }

    fn are_one(&self, a: &str, b: &str) -> bool {
        self.id(a) == self.id(b)
    }

    /// Records of huadong that are alone under their IDs, as `source:key`.
    fn singles(&self) -> Vec<String> {
        let ids = self.ids();
        let count = |id: &String| ids.values().filter(|of| *of == id).count();
        let alone = ids
            .iter()
            .filter(|((source, _), id)| source == "huadong" && count(id) == 1);
        alone
            .map(|((source, key), _)| format!("{source}:{key}"))
            .collect()
    }

    /// A customer of `size` records that the model put together.
    fn customer(&self, size: usize) -> Vec<String> {
        let mut by_id: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for ((source, key), id) in self.ids() {
            by_id.entry(id).or_default().push(format!("{source}:{key}"));
        }
        let found = by_id.into_values().find(|members| members.len() == size);
        found.unwrap_or_else(|| panic!("no customer of {size} records"))
    }

    /// Two customers of the review that no identifiers keep apart; the first is a record of huadong.
    fn near(&self) -> [String; 2] {
        let rows = self.review("near").into_iter();
        let turned = rows.flat_map(|[a, b]| [[a.clone(), b.clone()], [b, a]]);
        let mut found = turned.filter(|[a, _]| a.starts_with("huadong:"));
        found.next().unwrap()
    }

    /// Replaces the cells of a record of any source by `change`, which gets header and cells.
    fn edit(&self, name: &str, change: impl Fn(&[String], &mut Vec<String>)) {
        let (source, key) = key(name);
        let file = format!("night-01/{source}/customers.csv");
        let bytes = self.place.read(&file);
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(&bytes[..]);
        let mut rows: Vec<Vec<String>> = reader
            .records()
            .map(|row| row.unwrap().iter().map(str::to_owned).collect())
            .collect();
        let header = rows[0].clone();
        let row = rows.iter_mut().find(|row| row[0] == key).unwrap();
        change(&header, row);
        let mut writer = csv::Writer::from_writer(Vec::new());
        rows.iter().for_each(|row| writer.write_record(row).unwrap());
        self.place.write(&file, writer.into_inner().unwrap());
    }

    /// Gives the record everything but the key of another of its source.
    fn copy(&self, from: &str, to: &str) {
        let (_, of) = key(from);
        let text = self.place.read(FILE);
        let mut reader = csv::Reader::from_reader(&text[..]);
        let row = reader
            .records()
            .map(Result::unwrap)
            .find(|row| row[0] == *of)
            .unwrap();
        self.edit(to, |_, cells| {
            let own = cells[0].clone();
            *cells = row.iter().map(str::to_owned).collect();
            cells[0] = own;
        });
    }

    /// State and adversaries of every decision.
    fn states(&self) -> BTreeMap<String, (String, String)> {
        let rows = self
            .place
            .published()
            .rows("decisions.parquet", &["decision", "state", "against"]);
        rows.into_iter()
            .map(|mut row| {
                let (against, state) = (row.pop().unwrap(), row.pop().unwrap());
                (row.pop().unwrap(), (state, against))
            })
            .collect()
    }

    fn state(&self, decision: i64) -> String {
        self.states()[&decision.to_string()].0.clone()
    }

    fn golden(&self, id: &str, field: &str) -> String {
        let rows = self
            .place
            .published()
            .rows("golden.parquet", &["unified_id", field]);
        rows.into_iter().find(|row| row[0] == id).unwrap().remove(1)
    }

    /// Rows of the review with this reason: the records by name, the second empty for a question about one.
    fn review(&self, reason: &str) -> Vec<[String; 2]> {
        let columns = ["source_a", "record_key_a", "source_b", "record_key_b", "reason"];
        let rows = self
            .place
            .published()
            .rows("review.parquet", &columns)
            .into_iter();
        let name = |source: &str, key: &str| match source {
            "" => String::new(),
            source => format!("{source}:{key}"),
        };
        rows.filter(|row| row[4] == reason)
            .map(|row| [name(&row[0], &row[1]), name(&row[2], &row[3])])
            .collect()
    }
}

fn key(name: &str) -> Key {
    let (source, key) = name.split_once(':').unwrap();
    (source.to_owned(), key.to_owned())
}

fn column(header: &[String], name: &str) -> usize {
    header.iter().position(|column| column == name).unwrap()
}

/// The partition as sets of records, without the names of the sets.
fn partition(ids: &BTreeMap<Key, String>) -> BTreeSet<Vec<Key>> {
    let mut by_id: BTreeMap<&String, Vec<Key>> = BTreeMap::new();
    for (record, id) in ids {
        by_id.entry(id).or_default().push(record.clone());
    }
    by_id.into_values().collect()
}

#[test]
fn s8_decisions_survive_a_rebuild_from_nothing_and_retraining() {
    let group = Group::new();
    let [a, b] = group.near();
    let pair = group.customer(2);
    let (pinned, confirmed) = (group.singles()[0].clone(), group.customer(3));
    assert!(!group.are_one(&a, &b) && group.are_one(&pair[0], &pair[1]));
    group.decide(&["link", &a, &b], PUBLISHED);
    group.decide(&["part", &pair[0], &pair[1]], PUBLISHED);
    group.decide(&["confirm", &group.id(&confirmed[0])], PUBLISHED);
    group.decide(
        &["pin", &pinned, "customer_name", "归一（北京）软件有限公司"],
        PUBLISHED,
    );
    let holds = |group: &Group| {
        assert!(group.are_one(&a, &b) && !group.are_one(&pair[0], &pair[1]));
        assert!(
            confirmed
                .iter()
                .all(|record| group.are_one(record, &confirmed[0]))
        );
        let id = group.id(&pinned);
        assert!(group.golden(&id, "customer_name").contains("归一"), "{id}");
        let lineage = ["unified_id", "field", "rule", "decision"];
        let lineage = group.place.published().rows("lineage.parquet", &lineage);
        let row = lineage
            .iter()
            .find(|row| row[0] == id && row[1] == "customer_name");
        assert_eq!(row.unwrap()[2..], ["pinned", "4"]);
        assert!(
            group.states().values().all(|(state, _)| state == "in_force"),
            "{:?}",
            group.states()
        );
    };
    group.place.run(PUBLISHED);
    holds(&group);
    let decided = partition(&group.ids());

    group.place.guiyi(&["run", "--from-scratch"]).expect(PUBLISHED);
    holds(&group);
    group.place.guiyi(&["train", "--adopt"]).expect(PUBLISHED);
    group.place.run(PUBLISHED);
    holds(&group);

    // Nothing is left but what the stewards said.
    let hub = group.place.path().join("hub");
    fs::remove_dir_all(hub.join("runs")).unwrap();
    fs::remove_file(hub.join("CURRENT")).unwrap();
    let _ = fs::remove_file(hub.join("model.json"));
    group.place.run(PUBLISHED);
    holds(&group);
    assert_eq!(partition(&group.ids()), decided);
}

#[test]
fn s20_each_layer_stands_beside_the_id_and_differs_only_where_it_acted() {
    let group = Group::new();
    let [a, b] = group.near();
    let pair = group.customer(2);
    let columns = [
        "source",
        "record_key",
        "unified_id",
        "model_cluster",
        "rule_cluster",
        "steward_cluster",
    ];
    let layers = |group: &Group| -> BTreeMap<Key, Vec<String>> {
        let rows = group.place.published().rows("crosswalk.parquet", &columns);
        let row = |row: Vec<String>| ((row[0].clone(), row[1].clone()), row[2..].to_vec());
        rows.into_iter().map(row).collect()
    };
    let together = |layers: &BTreeMap<Key, Vec<String>>, layer: usize, [a, b]: [&str; 2]| {
        layers[&key(a)][layer] == layers[&key(b)][layer]
    };
    let before = layers(&group);
    let of_ids = partition(&group.ids());
    let of_stewards = before
        .iter()
        .map(|(key, row)| (key.clone(), row[3].clone()))
        .collect();
    assert_eq!(
        partition(&of_stewards),
        of_ids,
        "nobody has said anything, and there was no night before"
    );
    group.decide(&["link", &a, &b], PUBLISHED);
    group.decide(&["part", &pair[0], &pair[1]], PUBLISHED);
    group.place.run(PUBLISHED);
    let after = layers(&group);
    let linked: Vec<bool> = (0..4).map(|layer| together(&after, layer, [&a, &b])).collect();
    assert_eq!(linked, [true, false, false, true], "ID, model, rules, stewards");
    let parted: Vec<bool> = (0..4)
        .map(|layer| together(&after, layer, [&pair[0], &pair[1]]))
        .collect();
    assert_eq!(parted, [false, true, true, false]);
    for (record, row) in &after {
        let untouched = ![&a, &b, &pair[0], &pair[1]]
            .iter()
            .any(|name| *record == key(name));
        assert!(!untouched || row[2] == row[3], "{record:?}: {row:?}");
    }
}

#[test]
fn s8_contradictions_exit_with_the_warning_code_and_list_both_facts() {
    let group = Group::new();
    let [a, b] = group.near();
    let pair = group.customer(2);
    group.decide(&["link", &a, &b], PUBLISHED);
    let told = group.decide(&["part", &b, &a], WITH_WARNINGS);
    assert!(
        told.stderr
            .contains("decision 1 joins what decision 2 keeps apart"),
        "{}",
        told.stderr
    );
    // Two values for one customer, by two of its records.
    group.decide(
        &["pin", &pair[0], "customer_name", "Harbour Lights Ltd"],
        PUBLISHED,
    );
    let refused = group.decide(&["pin", &pair[1], "customer_name", "港灯有限公司"], USAGE);
    assert!(refused.stderr.contains("decision 3"), "{}", refused.stderr);
    let outcome = group.place.run(WITH_WARNINGS);
    assert!(outcome.stderr.contains("1 与 2 矛盾"), "{}", outcome.stderr);
    for value in ["Harbour", "王 Wang", "电话核实"] {
        assert!(!outcome.stderr.contains(value), "{}", outcome.stderr);
    }
    assert!(!group.are_one(&a, &b));
    let states = group.states();
    assert_eq!(states["1"], ("contradicted".to_owned(), "2".to_owned()));
    assert_eq!(states["2"], ("contradicted".to_owned(), "1".to_owned()));
    assert_eq!(states["3"].0, "in_force");
    let since = |group: &Group| -> Vec<String> {
        let rows = group.place.published().rows("decisions.parquet", &["since_run"]);
        rows.into_iter().map(|mut row| row.remove(0)).collect()
    };
    assert_eq!(since(&group), ["2", "2", "2"]);
    group.decide(&["undo", "2"], PUBLISHED);
    group.place.run(PUBLISHED);
    assert!(group.are_one(&a, &b));
    assert_eq!(group.states().len(), 2);
    assert_eq!(since(&group), ["3", "2"]);
    let listed = group
        .place
        .guiyi(&["decide", "list", "--all"])
        .expect(PUBLISHED)
        .stdout;
    assert_eq!(listed.lines().count(), 3);
}

#[test]
fn s8_pins_that_meet_in_one_customer_both_wait_and_ids_part_it() {
    let group = Group::new();
    let [a, b] = group.near();
    let (id_a, id_b) = (group.id(&a), group.id(&b));
    group.decide(&["pin", &a, "industry", "教育业"], PUBLISHED);
    group.decide(&["pin", &b, "industry", "Education"], PUBLISHED);
    group.decide(&["link", &a, &b], PUBLISHED);
    group.place.run(WITH_WARNINGS);
    assert!(group.are_one(&a, &b));
    assert_eq!(group.states()["1"], ("contradicted".to_owned(), "2".to_owned()));
    assert_eq!(group.states()["2"], ("contradicted".to_owned(), "1".to_owned()));
    let value = group.golden(&group.id(&a), "industry");
    assert!(value != "教育业" && value != "Education", "{value}");
    // Two IDs in one customer: it is parted, and the link is named as well.
    group.decide(&["pin-id", &a, &id_a], PUBLISHED);
    group.decide(&["pin-id", &b, &id_b], PUBLISHED);
    group.place.run(WITH_WARNINGS);
    assert!(!group.are_one(&a, &b));
    let states = group.states();
    assert_eq!(states["4"], ("contradicted".to_owned(), "5".to_owned()));
    assert_eq!(states["5"], ("contradicted".to_owned(), "4".to_owned()));
    assert_eq!(states["3"].0, "contradicted");
    assert_eq!(states["1"].0, "in_force");
}

#[test]
fn s8_a_link_against_conflicting_identifiers_is_refused_and_named() {
    let group = Group::new();
    let columns = ["source", "record_key", "uscc", "uscc_status"];
    let rows = group.place.published().rows("standard.parquet", &columns);
    let valid: Vec<_> = rows.into_iter().filter(|row| row[3] == "valid").collect();
    let other = valid.iter().find(|row| row[2] != valid[0][2]).unwrap();
    let [a, b] = [&valid[0], other].map(|row| format!("{}:{}", row[0], row[1]));
    group.decide(&["link", &a, &b], PUBLISHED);
    let outcome = group.place.run(WITH_WARNINGS);
    assert!(
        outcome.stderr.contains("1 与其记录的证照号码矛盾"),
        "{}",
        outcome.stderr
    );
    assert!(!group.are_one(&a, &b));
    assert_eq!(
        group.states()["1"],
        ("contradicted".to_owned(), "identifiers".to_owned())
    );
}

#[test]
fn s9_a_parting_also_blocks_what_others_would_join() {
    let group = Group::new();
    let chain = group.customer(3);
    group.decide(&["part", &chain[0], &chain[2]], PUBLISHED);
    group.place.run(PUBLISHED);
    assert!(!group.are_one(&chain[0], &chain[2]));
    let joined = [&chain[0], &chain[2]].map(|end| group.are_one(end, &chain[1]));
    assert!(joined.iter().filter(|is_one| **is_one).count() <= 1);
    // Not even two links lead around it; the one that closes the chain gives way.
    group.decide(&["link", &chain[0], &chain[1]], PUBLISHED);
    group.decide(&["link", &chain[1], &chain[2]], WITH_WARNINGS);
    group.place.run(WITH_WARNINGS);
    assert!(group.are_one(&chain[0], &chain[1]) && !group.are_one(&chain[1], &chain[2]));
    let states = group.states();
    assert_eq!(
        [&states["1"].0, &states["2"].0, &states["3"].0],
        ["contradicted", "in_force", "contradicted"]
    );
    let told = group
        .place
        .guiyi(&["explain", &chain[0], &chain[2]])
        .expect(PUBLISHED)
        .stdout;
    assert!(told.contains("由人工裁决") && told.contains("裁决 1"), "{told}");
    let told = group
        .place
        .guiyi(&["explain", &chain[1], &chain[2], "--json"])
        .expect(PUBLISHED)
        .stdout;
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["outcome"]["reason"], "decision", "{told}");
}

#[test]
fn s10_a_material_change_asks_again_and_leaves_the_link_in_force() {
    let group = Group::new();
    let [a, b] = group.near();
    group.decide(&["link", &a, &b], PUBLISHED);
    group.decide(&["pin", &a, "industry", "批发业"], PUBLISHED);
    group.place.run(PUBLISHED);
    assert!(group.review("stale").is_empty());
    // Another telephone is no other customer; another name may be one.
    let change = |name: &str, value: &'static str| {
        group.edit(&a, |header, cells| {
            let at = column(header, name);
            cells[at] = value.to_owned();
        });
    };
    change("固定电话", "010-62345678");
    group.place.run(PUBLISHED);
    assert_eq!(group.state(1), "in_force");
    change("统一社会信用代码", "");
    change("客户名称", "北京星河远洋贸易有限公司");
    group.place.run(PUBLISHED);
    assert!(group.are_one(&a, &b));
    assert_eq!([group.state(1), group.state(2)], ["stale", "in_force"]);
    let mut asked = [a.clone(), b.clone()];
    asked.sort();
    assert_eq!(group.review("stale"), [[asked[0].clone(), asked[1].clone()]]);
    // The steward looks again.
    group.decide(&["renew", "1"], PUBLISHED);
    group.place.run(PUBLISHED);
    assert!(group.are_one(&a, &b) && group.review("stale").is_empty());
    assert_eq!(group.state(3), "in_force");
    change("所属行业", "造纸业");
    group.place.run(PUBLISHED);
    assert_eq!([group.state(2), group.state(3)], ["stale", "in_force"]);
    assert_eq!(group.review("stale"), [[a.clone(), String::new()]]);
    assert_eq!(group.golden(&group.id(&a), "industry"), "批发业");
}

#[test]
fn s16_overrides_expire_by_day_by_change_or_never() {
    let group = Group::new();
    let singles = group.singles();
    let [by_day, later, by_change, never] = [0, 1, 2, 3].map(|at| singles[at].clone());
    let pin = |record: &str, expiry: &[&str]| {
        let mut arguments = vec!["pin", record, "industry", "批发业"];
        arguments.extend(expiry);
        group.decide(&arguments, PUBLISHED);
    };
    pin(&by_day, &["--expiry", "2020-12-31"]);
    pin(&later, &["--expiry", "9998-12-31"]);
    pin(&by_change, &["--expiry", "until-source-changes"]);
    pin(&never, &[]);
    group.decide(&["pin", &never, "level", "A", "--expiry", "soon"], USAGE);
    let industry = |record: &str| group.golden(&group.id(record), "industry");
    let change = |name: &str, value: &'static str| {
        group.edit(name, |header, cells| {
            let at = column(header, "所属行业");
            cells[at] = value.to_owned();
        });
    };
    group.place.run(PUBLISHED);
    assert_eq!(
        [1, 2, 3, 4].map(|id| group.state(id)),
        ["expired", "in_force", "in_force", "in_force"]
    );
    assert_ne!(industry(&by_day), "批发业");
    assert_eq!([&later, &by_change, &never].map(|of| industry(of)), ["批发业"; 3]);
    change(&by_change, "造纸业");
    change(&never, "造纸业");
    group.place.run(PUBLISHED);
    assert_eq!(
        [1, 2, 3, 4].map(|id| group.state(id)),
        ["expired", "in_force", "expired", "stale"]
    );
    assert_eq!([&by_change, &never].map(|of| industry(of)), ["造纸业", "批发业"]);
    group.place.run(PUBLISHED);
    let rows = group
        .place
        .published()
        .rows("decisions.parquet", &["since_run", "author", "reason", "expiry"]);
    assert_eq!(
        rows[2],
        [
            "3",
            "王 Wang",
            "电话核实 checked by phone",
            "until_source_changes"
        ]
    );
    assert_eq!(rows[0][0], "2");
}

/// A, B, C and D, each a customer of its own; then A+B and C+D; then all four. With their IDs of the first two nights.
fn informatica() -> (Group, [String; 4], [[String; 4]; 2]) {
    let group = Group::new();
    let singles = group.singles();
    let four: [String; 4] = [0, 1, 2, 3].map(|at| singles[at].clone());
    let issued = four.each_ref().map(|record| group.id(record));
    let [a, b, c, d] = &four;
    group.copy(a, b);
    group.copy(c, d);
    group.place.run(PUBLISHED);
    assert!(group.are_one(a, b) && group.are_one(c, d) && !group.are_one(b, c));
    let halves = four.each_ref().map(|record| group.id(record));
    group.copy(a, c);
    group.copy(a, d);
    group.edit(c, |header, cells| {
        let at = column(header, "所属行业");
        cells[at] = "批发业".to_owned();
    });
    group.place.run(PUBLISHED);
    assert!(group.are_one(a, b) && group.are_one(b, c) && group.are_one(c, d));
    (group, four, [issued, halves])
}

#[test]
fn s7_a_linear_unmerge_takes_one_record_and_its_influence() {
    let (group, [a, b, c, d], _) = informatica();
    group.decide(&["confirm", &group.id(&a)], PUBLISHED);
    let told = group.say("unmerge", &[&group.id(&a), &c], PUBLISHED).stdout;
    assert!(told.contains("已撤销合并双方的裁决: 1"), "{told}");
    group.place.run(PUBLISHED);
    assert!(group.are_one(&a, &b) && group.are_one(&b, &d) && !group.are_one(&b, &c));
    assert_eq!(group.golden(&group.id(&c), "industry"), "批发业");
    assert_ne!(group.golden(&group.id(&a), "industry"), "批发业");
    let origins = group
        .place
        .published()
        .rows("lineage.parquet", &["unified_id", "source", "record_key"]);
    let (own, left) = (group.id(&a), key(&c));
    assert!(
        origins
            .iter()
            .all(|row| row[0] != own || (row[1].clone(), row[2].clone()) != left)
    );
    assert_eq!(group.state(2), "in_force");
}

#[test]
fn s7_a_tree_unmerge_takes_the_part_that_came_with_the_record() {
    let (group, [a, b, c, d], _) = informatica();
    group.say("unmerge", &[&group.id(&a), &c, "--tree"], PUBLISHED);
    group.place.run(PUBLISHED);
    assert!(group.are_one(&a, &b) && group.are_one(&c, &d) && !group.are_one(&b, &c));
    let (source, first) = key(&a);
    let refused = group.say("unmerge", &[&group.id(&c), &format!("{source}:{first}")], USAGE);
    assert!(refused.stderr.contains("is no record of"), "{}", refused.stderr);
}

#[test]
fn s7_an_unmerge_gives_the_ids_back_as_they_were_issued() {
    let (group, [a, b, c, d], [issued, _]) = informatica();
    let merged = group.id(&a);
    assert_ne!(merged, issued[2], "the customer keeps an ID of the others");
    group.say("unmerge", &[&merged, &c], PUBLISHED);
    group.place.run(PUBLISHED);
    assert_eq!(group.id(&c), issued[2]);
    assert!([&a, &b, &d].iter().all(|record| group.id(record) == merged));
    let (group, four, [_, halves]) = informatica();
    group.say("unmerge", &[&group.id(&four[0]), &four[2], "--tree"], PUBLISHED);
    group.place.run(PUBLISHED);
    assert_eq!(four.each_ref().map(|record| group.id(record)), halves);
}

#[test]
fn s12_decisions_follow_renumbered_keys() {
    let group = Group::new();
    let [a, b] = group.near();
    let pair = group.customer(2);
    group.decide(&["link", &a, &b], PUBLISHED);
    group.decide(&["part", &pair[0], &pair[1]], PUBLISHED);
    group.place.run(PUBLISHED);
    let mut map = "source,old_key,new_key\n".to_owned();
    for (source, key) in group.ids().into_keys() {
        map += &format!("{source},{key},N-{key}\n");
        group.edit(&format!("{source}:{key}"), |_, cells| {
            cells[0] = format!("N-{key}")
        });
    }
    group.place.write("map.csv", &map);
    group.place.write("bad.csv", map.replace("new_key", "key"));
    let renumbered = |name: &str| {
        let (source, key) = key(name);
        format!("{source}:N-{key}")
    };
    group.decide(&["rekey", "north", "bad.csv"], USAGE);
    group.decide(&["rekey", "nowhere", "map.csv"], USAGE);
    for source in ["huabei", "huadong", "north"] {
        group.decide(&["rekey", source, "map.csv"], PUBLISHED);
    }
    // Until the next run records have their old keys for people.
    group.decide(&["confirm", &pair[0]], PUBLISHED);
    group.place.run(PUBLISHED);
    assert_eq!([group.state(1), group.state(2)], ["in_force", "in_force"]);
    assert!(group.are_one(&renumbered(&a), &renumbered(&b)));
    assert!(!group.are_one(&renumbered(&pair[0]), &renumbered(&pair[1])));
    let listed = group
        .place
        .published()
        .rows("decisions.parquet", &["record_key_a"]);
    assert_eq!(listed[0][0], key(&renumbered(&a)).1);
}

#[test]
fn labels_of_the_job_keep_working_beside_decisions() {
    let group = Group::new();
    let [a, b] = group.near();
    let pair = group.customer(2);
    let row = |[a, b]: [&String; 2], verdict: &str| {
        let (a, b) = (key(a), key(b));
        format!("{},{},{},{},{verdict}\n", a.0, a.1, b.0, b.1)
    };
    let labels = row([&a, &b], "different") + &row([&pair[0], &pair[1]], "same");
    group.place.write(
        "labels.csv",
        format!("source_a,key_a,source_b,key_b,verdict\n{labels}"),
    );
    let job = group.place.read_text("guiyi.toml");
    group.place.write(
        "guiyi.toml",
        format!("{job}\n[matching]\nlabels = \"labels.csv\"\n"),
    );
    group.decide(&["link", &a, &b], PUBLISHED);
    group.decide(&["part", &pair[0], &pair[1]], PUBLISHED);
    let outcome = group.place.run(WITH_WARNINGS);
    assert!(outcome.stderr.contains("1 与标注矛盾"), "{}", outcome.stderr);
    assert!(!group.are_one(&a, &b) && !group.are_one(&pair[0], &pair[1]));
    assert_eq!(
        group.states()["1"],
        ("contradicted".to_owned(), "label".to_owned())
    );
    assert!(
        outcome.stdout.contains("1 个要求合并的标注"),
        "{}",
        outcome.stdout
    );
}

#[test]
fn a_decision_names_records_that_the_published_run_has() {
    let place = Workplace::with_good_source("");
    let word = ["--author", "王", "--reason", "r"];
    let decide = |arguments: &[&str]| {
        let all = ["decide"].iter().chain(arguments).chain(&word).copied();
        place.guiyi(&all.collect::<Vec<_>>())
    };
    assert!(
        decide(&["link", "G1", "G2"])
            .expect(USAGE)
            .stderr
            .contains("no run has been published")
    );
    place.run(PUBLISHED);
    assert!(
        decide(&["link", "G1", "good:G9"])
            .expect(USAGE)
            .stderr
            .contains("`good:G9`")
    );
    assert!(
        decide(&["link", "G1", "good:G1"])
            .expect(USAGE)
            .stderr
            .contains("different records")
    );
    decide(&["undo", "1"]).expect(USAGE);
    decide(&["pin", "G1", "nonsense", "x"]).expect(USAGE);
    decide(&["pin", "G1", "uscc", "91310000"]).expect(USAGE);
    decide(&["pin", "G1", "uscc", "91310000", "--as-is"]).expect(PUBLISHED);
    decide(&["pin-id", "G1", "GY0000000000000"]).expect(USAGE);
    decide(&["part", "G1", "G2"]).expect(PUBLISHED);
    let store = place.path().join("hub/steward.db");
    assert_eq!(fs::metadata(&store).unwrap().permissions().mode() & 0o777, 0o600);
    let listed = place
        .guiyi(&["decide", "list", "--json"])
        .expect(PUBLISHED)
        .stdout;
    let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
    assert_eq!(listed[1]["others"], serde_json::json!(["good:G2"]));
    let held = fs::File::open(place.path().join("hub/lock")).unwrap();
    held.lock().unwrap();
    decide(&["undo", "1"]).expect(LOCKED);
    drop(held);
    fs::write(&store, "编号,客户名称\n".repeat(99)).unwrap();
    assert_eq!(place.guiyi(&["run"]).code, 10);
}

#[test]
fn a_store_that_lost_its_decisions_stops_the_run() {
    let group = Group::new();
    let [a, b] = group.near();
    group.decide(&["link", &a, &b], PUBLISHED);
    group.place.run(PUBLISHED);
    let store = group.place.path().join("hub/steward.db");
    let whole = std::fs::read(&store).unwrap();
    for lost in ["", "裁决"] {
        std::fs::write(&store, lost).unwrap();
        group.place.run(DAMAGED);
    }
    std::fs::remove_file(&store).unwrap();
    let outcome = group.place.run(DAMAGED);
    assert!(outcome.stderr.contains("lacks decisions"), "{}", outcome.stderr);
    std::fs::write(&store, whole).unwrap();
    group.place.run(PUBLISHED);
    assert!(group.are_one(&a, &b));
}

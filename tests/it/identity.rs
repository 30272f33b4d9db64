//! Unified IDs over several nights, as people see them: kept, redirected, and held for sources that are missing.

use crate::support::PUBLISHED;
use crate::support::WITH_WARNINGS;
use crate::support::Workplace;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// The exports of `nights` nights, and the job of the first.
fn nights(nights: &str) -> Workplace {
    let workplace = Workplace::with_synth(&[
        "--records",
        "240",
        "--sources",
        "3",
        "--seed",
        "3",
        "--plain",
        "--nights",
        nights,
    ]);
    let folders = ["huadong", "huabei", "huanan"].map(|source| format!("night-01/{source}"));
    let mut arguments = vec!["init", "--out", "guiyi.toml"];
    arguments.extend(folders.iter().map(String::as_str));
    workplace.guiyi(&arguments).expect(PUBLISHED);
    // Nights of so small a set differ by more than guards let pass without a word.
    let job = workplace.read_text("guiyi.toml");
    workplace.write("guiyi.toml", job + "\n[guards]\nfew = 40\n");
    workplace
}

/// IDs with their state and successor, as the registry of the published run has them.
fn registry(workplace: &Workplace) -> BTreeMap<String, (String, String)> {
    let rows = workplace
        .published()
        .rows("registry.parquet", &["unified_id", "state", "into"]);
    rows.into_iter()
        .map(|mut row| {
            let into = row.pop().unwrap();
            let state = row.pop().unwrap();
            (row.pop().unwrap(), (state, into))
        })
        .collect()
}

#[test]
fn ids_outlive_three_nights_of_changing_exports() {
    let workplace = nights("3");
    let job = workplace.read_text("guiyi.toml");
    workplace.run(PUBLISHED);
    let mut before = workplace.published().ids();
    let mut issued: BTreeSet<String> = before.values().cloned().collect();
    for night in ["night-02", "night-03"] {
        workplace.write("guiyi.toml", job.replace("night-01", night));
        workplace.run(PUBLISHED);
        let now = workplace.published().ids();
        let registry = registry(&workplace);
        let stayed: Vec<_> = before
            .iter()
            .filter(|(record, _)| now.contains_key(*record))
            .collect();
        let kept = stayed.iter().filter(|(record, id)| now[*record] == **id).count();
        // Customers that new evidence joins or parts are few.
        assert!(
            kept * 100 >= stayed.len() * 95,
            "{kept} of {} on {night}",
            stayed.len()
        );
        assert!(now.len() > before.len(), "{night} has new records");
        for id in &issued {
            let (state, into) = &registry[id];
            match state.as_str() {
                "split" => assert!(into.split(' ').all(|id| registry[id].0 == "live")),
                "merged" => assert_eq!(registry[into].0, "live", "{id} leads to no live ID"),
                state => assert!(matches!(state, "live" | "deleted"), "{state}"),
            }
        }
        let live = registry.iter().filter(|(_, (state, _))| state == "live");
        let held: BTreeSet<&String> = now.values().collect();
        assert_eq!(live.map(|(id, _)| id).collect::<BTreeSet<_>>(), held);
        issued.extend(now.values().cloned());
        before = now;
    }
}

/// Two records of huadong that are alone under their IDs.
fn two_singles(ids: &BTreeMap<(String, String), String>) -> [(String, String); 2] {
    let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
    ids.values().for_each(|id| *counts.entry(id).or_default() += 1);
    let mut singles = ids
        .iter()
        .filter(|((source, _), id)| source == "huadong" && counts[id] == 1)
        .map(|((_, key), id)| (key.clone(), id.clone()));
    [singles.next().unwrap(), singles.next().unwrap()]
}

#[test]
fn a_merge_leaves_a_redirect_and_a_missing_source_its_members() {
    let workplace = nights("2");
    let job = workplace.read_text("guiyi.toml");
    workplace.write("guiyi.toml", job.replace("required = true", "required = false"));
    workplace.run(PUBLISHED);
    let first = workplace.published().ids();
    let [(kept, kept_id), (lost, lost_id)] = two_singles(&first);

    // Night 2: the second record turns out to be the first customer.
    let file = "night-01/huadong/customers.csv";
    let text = workplace.read_text(file);
    let row_of = |key: &str| {
        text.lines()
            .find(|line| line.starts_with(&format!("{key},")))
            .unwrap()
    };
    let joined = row_of(&kept).replacen(&kept, &lost, 1);
    workplace.write(file, text.replace(row_of(&lost), &joined));
    workplace.run(PUBLISHED);
    let second = workplace.published().ids();
    let record = |key: &str| ("huadong".to_owned(), key.to_owned());
    assert_eq!(second[&record(&kept)], second[&record(&lost)]);
    let survivor = second[&record(&kept)].clone();
    let gone = if survivor == kept_id { &lost_id } else { &kept_id };
    assert!(survivor == kept_id || survivor == lost_id);
    assert_eq!(
        registry(&workplace)[gone],
        ("merged".to_owned(), survivor.clone())
    );
    let changed = second
        .iter()
        .filter(|(record, id)| first[*record] != **id)
        .count();
    assert_eq!(changed, 1);
    let events = workplace
        .published()
        .rows("events.parquet", &["unified_id", "kind", "other_id"]);
    assert!(
        events.iter().any(|row| row[1] == "merge" && row.contains(gone)),
        "{events:?}"
    );
    let shown = workplace.guiyi(&["show", gone]).expect(PUBLISHED).stdout;
    for part in [
        gone.as_str(),
        "merged",
        &format!("now {survivor}"),
        "golden record",
        &kept,
        &lost,
    ] {
        assert!(shown.contains(part), "{part} in\n{shown}");
    }

    missing_source_keeps_its_members(&workplace, &second);
    let (state, _) = &registry(&workplace)[gone];
    assert_eq!(state, "merged", "a redirect lasts");
}

/// Night 3: a source is missing; its records keep their place.
fn missing_source_keeps_its_members(workplace: &Workplace, second: &BTreeMap<(String, String), String>) {
    std::fs::remove_file(workplace.path().join("night-01/huanan/customers.csv")).unwrap();
    let outcome = workplace.run(WITH_WARNINGS);
    assert!(outcome.stderr.contains("`huanan`"), "{}", outcome.stderr);
    // Without its values some are rarer, so a doubtful record of another source may move; nothing is retired.
    let third = workplace.published().ids();
    let of_huanan = |ids: &BTreeMap<(String, String), String>| -> Vec<(String, String)> {
        let rows = ids.iter().filter(|((source, _), _)| source == "huanan");
        rows.map(|((_, key), id)| (key.clone(), id.clone())).collect()
    };
    assert_eq!(of_huanan(&third), of_huanan(second));
    assert_eq!(third.len(), second.len());
    let retired: Vec<_> = registry(workplace)
        .into_iter()
        .filter(|(_, (state, _))| state == "deleted")
        .collect();
    assert!(retired.is_empty(), "{retired:?}");
    let rows = workplace
        .published()
        .rows("crosswalk.parquet", &["source", "status"]);
    assert!(rows.iter().any(|row| row[0] == "huanan"));
    for row in rows {
        assert_eq!(
            row[1],
            if row[0] == "huanan" { "stale" } else { "active" },
            "{row:?}"
        );
    }
}

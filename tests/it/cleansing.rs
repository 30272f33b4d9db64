//! What cleansing gains on a fixture in which 35 % of the records fail the rules of telephone or address.

use crate::support::PUBLISHED;
use crate::support::Published;
use crate::support::Workplace;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// Per (source, key): telephone and address as they should be, and what was done to the record.
fn truth(workplace: &Workplace) -> BTreeMap<(String, String), [String; 3]> {
    let text = workplace.read_text("truth.csv");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows = reader.records().map(|row| {
        let row = row.unwrap();
        let cell = |at: usize| row[at].to_owned();
        ((cell(0), cell(1)), [cell(2), cell(3), cell(4)])
    });
    rows.collect()
}

/// The same without blanks, which people put where they like.
fn bare(text: &str) -> String {
    text.split(' ').collect()
}

fn standard(run: &Published) -> Vec<Vec<String>> {
    let columns = [
        "source",
        "record_key",
        "phones",
        "address",
        "phones_status",
        "address_status",
    ];
    run.rows("standard.parquet", &columns)
}

#[test]
fn two_thirds_fit_before_and_more_than_92_per_cent_after() {
    let workplace = Workplace::with_fixture("cleansing");
    let shown = workplace.run(PUBLISHED).stdout;
    let run = workplace.published();
    let cleansing = &run.json("quality.json")["cleansing"];
    let share = |name: &str| {
        let part = |of: &str| cleansing[name][of].as_u64().unwrap();
        (part("numerator"), part("denominator"))
    };
    assert_eq!(share("before"), (260, 400));
    let (fit, all) = share("after");
    assert!(all == 400 && fit * 100 >= all * 92, "{fit} of {all}");
    assert!(shown.contains("65.0 %"), "{shown}");

    // Judged by the truth, it is the same: what was right stays right, what was repaired is right.
    let truth = truth(&workplace);
    let mut right = 0;
    for row in standard(&run) {
        let [phone, address, kind] = &truth[&(row[0].clone(), row[1].clone())];
        let is_right = bare(&row[2]) == bare(phone) && row[3] == *address;
        assert!(is_right || kind != "ok", "{} {}", row[0], row[1]);
        right += u64::from(is_right);
    }
    assert!(right * 100 >= all * 92, "{right} of {all}");
}

#[test]
fn every_repaired_value_is_listed_with_its_evidence() {
    let workplace = Workplace::with_fixture("cleansing");
    workplace.run(PUBLISHED);
    let run = workplace.published();
    let columns = ["source", "record_key", "field", "code", "standard", "evidence"];
    let listed: BTreeSet<[String; 4]> = run
        .rows("issues.parquet", &columns)
        .into_iter()
        .filter(|row| ["repaired", "filled", "mojibake"].contains(&row[3].as_str()) && !row[5].is_empty())
        .map(|row| [row[0].clone(), row[1].clone(), row[2].clone(), row[4].clone()])
        .collect();
    let mut repaired = 0;
    for row in standard(&run) {
        for (field, value, status) in [("phones", &row[2], &row[4]), ("address", &row[3], &row[5])] {
            if status == "repaired" {
                let place = [row[0].clone(), row[1].clone(), field.to_owned(), value.clone()];
                assert!(listed.contains(&place), "{place:?}");
                repaired += 1;
            }
        }
    }
    let counted = run.json("quality.json")["cleansing"]["repaired_values"]
        .as_u64()
        .unwrap();
    assert!(repaired >= 100 && counted >= repaired, "{repaired} of {counted}");
}

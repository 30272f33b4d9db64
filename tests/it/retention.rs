//! `guiyi retain`: whose term is over goes for good, everybody else stays (issue 7; operations.md R22).

use crate::forget::searched;
use crate::support::PUBLISHED;
use crate::support::REFUSED;
use crate::support::USAGE;
use crate::support::Workplace;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// What records say whose term is over, each its own word.
const EXPIRED: [&str; 2] = ["期满金丝雀", "qzxexpired"];

/// What records say that stay, whatever their dates.
const STAYING: [&str; 5] = ["敏感金丝雀", "qzxheld", "往来金丝雀", "qzxundated", "qzxfresh"];

const JOB: &str = "language = \"en\"\n\
    [[source]]\nname = \"华北\"\nfiles = [\"north.csv\"]\nkey = \"编号\"\n\
    [source.map]\ncustomer_name = \"名称\"\nphones = \"电话\"\nid_card = \"证件\"\nlast_trade_date = \"最近交易\"\n\
    [[source]]\nname = \"south\"\nfiles = [\"south.csv\"]\nkey = \"no\"\n\
    [source.map]\ncustomer_name = \"name\"\nphones = \"phone\"\nlast_trade_date = \"last\"\n";

const RETENTION: &str = "[retention]\ngeneral = \"5y\"\nsensitive = \"10y\"\nsensitive_fields = \"id_card\"\nstarts_with = \"last_trade_date\"\n";

const DAY: &str = "2026-11-23";

fn workplace() -> Workplace {
    let workplace = Workplace::new();
    workplace.write("guiyi.toml", format!("{JOB}{RETENTION}"));
    let mut north = "编号,名称,电话,证件,最近交易\n".to_owned();
    let mut south = "no,name,phone,last\n".to_owned();
    for at in 0..40 {
        north += &format!(
            "N{at:03},北京远{at}号机械有限公司,1391002{at:04},,2026-0{}-11\n",
            1 + at % 9
        );
        south += &format!(
            "S{at:03},Alder {} Works Ltd,+44 20 7946 {at:04},2025-12-01\n",
            at * 37
        );
    }
    // Term over; a person's longer term; traded with the other subsidiary since.
    north += "期满金丝雀1,期满金丝雀商贸有限公司,13977755531,,2015-03-10\n";
    north += "敏感1,敏感金丝雀,13977755532,11010519491231002X,2018-03-10\n";
    north += "往来1,往来金丝雀贸易有限公司,13977755533,,2014-03-10\n";
    south += "往来2,往来金丝雀贸易有限公司,13977755533,2026-03-10\n";
    south += "qzxexpired-1,Qzxexpired Trading Ltd,+44 20 7946 9001,2021-11-22\n";
    south += "fresh-1,Qzxfresh Trading Ltd,+44 20 7946 9002,2021-11-23\n";
    south += "held-1,Qzxheld Trading Ltd,+44 20 7946 9003,2012-01-31\n";
    south += "undated-1,Qzxundated Trading Ltd,+44 20 7946 9004,\n";
    workplace.write("north.csv", north);
    workplace.write("south.csv", south);
    workplace.run(PUBLISHED);
    workplace.run(PUBLISHED);
    let hold = [
        "hold",
        "add",
        "south:held-1",
        "--author",
        "Ann",
        "--reason",
        "lawsuit 7",
    ];
    workplace.guiyi(&hold).expect(PUBLISHED);
    workplace
}

/// Words found in any retained byte of the hub.
fn found(workplace: &Workplace, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    searched(&workplace.path().join("hub"), words, &mut found);
    found
}

fn bytes_below(folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => bytes_below(&path, files),
            false => drop(files.insert(path.display().to_string(), std::fs::read(&path).unwrap())),
        }
    }
}

/// Who is due, and since when: the day after the term, and not the day of its end.
fn hold_list(workplace: &Workplace) {
    let list = workplace
        .guiyi(&["retain", "--as-of", DAY, "--json"])
        .expect(PUBLISHED)
        .stdout;
    let list: Value = serde_json::from_str(&list).unwrap();
    let mut due: Vec<(&str, &str, bool)> = list["due"]
        .as_array()
        .unwrap()
        .iter()
        .map(|due| {
            let key = due["records"][0]["record_key"].as_str().unwrap();
            (
                key,
                due["ended"].as_str().unwrap(),
                due["is_held"].as_bool().unwrap(),
            )
        })
        .collect();
    due.sort_unstable();
    let expected = [
        ("held-1", "2017-01-31", true),
        ("qzxexpired-1", "2026-11-22", false),
        ("期满金丝雀1", "2020-03-10", false),
    ];
    assert_eq!(due, expected);
}

#[test]
fn r22_retention_erases_whose_term_is_over_and_nobody_else() {
    let workplace = workplace();
    let records = workplace.published().ids().len();
    assert!(
        found(&workplace, &EXPIRED).len() > 10,
        "looked for where they are"
    );

    let mut before = BTreeMap::new();
    bytes_below(&workplace.path().join("hub"), &mut before);
    let told = workplace
        .guiyi(&["retain", "--as-of", DAY])
        .expect(PUBLISHED)
        .stdout;
    assert!(
        told.contains("due            3, of which 1 under a legal hold; 2 records to erase"),
        "{told}"
    );
    assert!(told.contains("of which 1 without a date"), "{told}");
    hold_list(&workplace);
    let mut after = BTreeMap::new();
    bytes_below(&workplace.path().join("hub"), &mut after);
    assert!(before == after, "looking changes nothing");

    let erase = [
        "retain",
        "--as-of",
        DAY,
        "--erase",
        "--author",
        "法务 Legal",
        "--reason",
        "期满",
    ];
    let few = [&erase[..], &["--share-max", "0.001"]].concat();
    workplace.guiyi(&few).expect(REFUSED);
    assert!(found(&workplace, &EXPIRED).len() > 10);
    workplace.guiyi(&erase).expect(PUBLISHED);
    assert_eq!(found(&workplace, &EXPIRED), Vec::<String>::new());
    for word in STAYING {
        assert!(!found(&workplace, &[word]).is_empty(), "{word}");
    }
    workplace.guiyi(&["verify", "--all"]).expect(PUBLISHED);
    assert!(workplace.path().join("hub/certificates/000001.html").exists());
    let log = workplace.guiyi(&["log", "verify"]).expect(PUBLISHED);
    assert!(!log.stdout.is_empty());

    // The subsidiaries still export them; they stay away, and nobody is due twice.
    workplace.run(PUBLISHED);
    assert_eq!(found(&workplace, &EXPIRED), Vec::<String>::new());
    assert_eq!(workplace.published().ids().len(), records - 2);
    let told = workplace
        .guiyi(&["retain", "--as-of", DAY])
        .expect(PUBLISHED)
        .stdout;
    assert!(
        told.contains("due            1, of which 1 under a legal hold; 0 records"),
        "{told}"
    );
}

#[test]
fn r22_retention_needs_terms_and_sound_ones() {
    let workplace = Workplace::with_good_source("");
    workplace.run(PUBLISHED);
    let outcome = workplace.guiyi(&["retain"]).expect(USAGE);
    assert!(outcome.stderr.contains("[retention]"), "{}", outcome.stderr);
    let job = workplace.read_text("guiyi.toml");
    for (table, fault) in [
        ("general = \"5 years\"", "`5 years` is no term"),
        ("starts_with = \"phones\"", "`phones` is no field"),
        ("sensitive_fields = [\"id_cart\"]", "id_card"),
    ] {
        workplace.write("guiyi.toml", format!("{job}\n[retention]\n{table}\n"));
        let outcome = workplace.guiyi(&["retain"]).expect(USAGE);
        assert!(outcome.stderr.contains(fault), "{}", outcome.stderr);
    }
    // Without a date in any record nobody is ever due.
    workplace.write("guiyi.toml", format!("{job}\n[retention]\n"));
    let told = workplace
        .guiyi(&["retain", "--as-of", "2099-01-01"])
        .expect(PUBLISHED)
        .stdout;
    assert!(told.contains("到期           0 个"), "{told}");
}

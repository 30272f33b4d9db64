//! What was published about the peers, and what is asked of guiyi.

use crate::Measured;

/// The peers, in the order of the tables.
pub(crate) const PEERS: &[&str] = &["splink", "goldenmatch", "recordlinkage", "custmatch"];

/// Those with a script.
pub(crate) const SCRIPTED: &[&str] = &["splink", "goldenmatch", "recordlinkage"];

/// (Set, peer, CPU s of matching alone or 0, peak GB or 0, F1 or 0), measured on 2 cores with 24 GiB by the authors of the comparison: Splink 5.0 at its
/// default cut, goldenmatch 3.22 without configuration, recordlinkage 0.16 with ECM, custmatch with 600 labels. Generated Chinese sets: on
/// comparable data.
const PUBLISHED: &[(&str, &str, f64, f64, f64)] = &[
    ("fake_1000", "splink", 4.5, 0.0, 0.837),
    ("fake_1000", "goldenmatch", 11.0, 0.0, 0.194),
    ("fake_1000", "recordlinkage", 0.0, 0.0, 0.705),
    ("fake_1000", "custmatch", 0.0, 0.0, 0.947),
    ("febrl3", "splink", 4.8, 0.0, 0.9948),
    ("febrl3", "goldenmatch", 2.4, 0.0, 0.9912),
    ("febrl3", "recordlinkage", 5.2, 0.0, 0.9990),
    ("febrl3", "custmatch", 0.0, 0.0, 0.9999),
    ("febrl4", "splink", 6.1, 0.0, 0.9958),
    ("febrl4", "goldenmatch", 2.7, 0.0, 0.9942),
    ("febrl4", "recordlinkage", 4.9, 0.0, 0.9989),
    ("febrl4", "custmatch", 0.0, 0.0, 0.9999),
    ("historical_50k", "splink", 13.9, 0.66, 0.828),
    ("historical_50k", "goldenmatch", 68.0, 0.92, 0.846),
    ("historical_50k", "recordlinkage", 0.0, 0.0, 0.485),
    ("historical_50k", "custmatch", 95.0, 0.0, 0.859),
    ("person100k", "splink", 19.1, 1.4, 0.755),
    ("person100k", "goldenmatch", 14.0, 0.0, 0.678),
    ("person100k", "recordlinkage", 0.0, 0.0, 0.383),
    ("person100k", "custmatch", 37.5, 0.0, 0.951),
    ("person1m", "splink", 48.5, 1.9, 0.688),
    ("person1m", "goldenmatch", 159.0, 2.8, 0.512),
    ("person1m", "custmatch", 248.0, 3.2, 0.944),
    ("person5m", "splink", 796.0, 10.0, 0.456),
    ("synth_zh_20k", "splink", 0.0, 0.0, 0.890),
    ("synth_zh_20k", "goldenmatch", 0.0, 0.0, 0.134),
    ("synth_zh_20k", "custmatch", 0.0, 0.0, 0.927),
    ("synth_zh_200k", "splink", 16.9, 0.5, 0.890),
    ("synth_zh_200k", "custmatch", 48.0, 1.0, 0.898),
];

/// (Set, CPU s, peak GB) that the whole job may take.
const ASKED: &[(&str, f64, f64)] = &[
    ("historical_50k", 2.0, 0.3),
    ("person100k", 1.2, 0.4),
    ("person1m", 10.0, 1.5),
    ("person5m", 55.0, 6.0),
    ("synth_zh_200k", 4.0, 0.6),
    ("synth_zh_10m", 150.0, 12.0),
];

/// The name of a set as the tables know it: `person_1m` is `person1m`.
pub(crate) fn name(given: &str) -> String {
    match given.strip_prefix("person_") {
        Some(size) => format!("person{size}"),
        None => given.to_owned(),
    }
}

/// The number of records in `200k`, `10m` or `500`.
pub(crate) fn size(text: &str) -> Option<u64> {
    let (digits, unit) = match text.strip_suffix('k') {
        Some(digits) => (digits, 1_000),
        None => match text.strip_suffix('m') {
            Some(digits) => (digits, 1_000_000),
            None => (text, 1),
        },
    };
    Some(digits.parse::<u64>().ok()? * unit)
}

/// What was published of a peer on a set.
pub(crate) fn published(set: &str, peer: &str) -> Option<Measured> {
    let found = PUBLISHED.iter().find(|row| (row.0, row.1) == (set, peer))?;
    let given = |value: f64| (value > 0.0).then_some(value);
    Some(Measured {
        cpu_s: found.2,
        wall_s: None,
        peak_gb: given(found.3),
        f1: given(found.4),
        is_published: true,
    })
}

/// CPU seconds and peak GB that are asked of a set.
pub(crate) fn asked(set: &str) -> Option<(f64, f64)> {
    let found = ASKED.iter().find(|row| row.0 == set)?;
    Some((found.1, found.2))
}

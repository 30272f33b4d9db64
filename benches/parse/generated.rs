//! Generated exports: what the program makes of names and addresses against `truth_parts.csv`.
//!
//! Counted are records that hold the value at all: a customer name that is not a person's (the truth gives no parts of persons),
//! an address that is not `无` and the like. Noise stays in. Three counts are kept, each a part of the one before: *all* of
//! them; *undamaged*, whose raw text holds the true core (names) or road (addresses) as it is; *written*, where the part itself
//! stands in the raw text as well, or is truly absent. A core counts as written when the words beside it are whole too: where
//! a damaged region or trade touches it (北北京…, …贸贸) nobody can say where it ends. Subsidiaries leave out forms, regions and
//! districts, so only *written* is the parser's own score; the other two say how much noise costs.

use crate::conventions::spelling;
use crate::job;
use crate::tally::Outcome;
use crate::tally::Tally;
use crate::tally::share;
use crate::tally::table;
use guiyi::model::RecordIndex;
use guiyi::pipeline;
use guiyi::pipeline::Prepared;
use guiyi::synth;
use guiyi::table::RawRecords;
use guiyi::table::StandardColumn;
use guiyi::text::fold::fold;
use guiyi::text::script::has_han;
use guiyi::text::simplify::simplify;
use std::collections::BTreeMap;
use std::collections::HashMap;
use std::path::Path;

const NAME_PARTS: [&str; 5] = ["region", "core", "industry", "form", "branch"];
const ADDRESS_PARTS: [&str; 6] = ["province", "city", "county", "road", "number", "room"];
/// What the generator writes for an unknown address.
const NO_ADDRESS: [&str; 4] = ["无", "同上", "不详", "n/a"];
const LOCALES: [(synth::Locale, &str); 3] = [
    (synth::Locale::Zh, "zh"),
    (synth::Locale::En, "en"),
    (synth::Locale::Mixed, "mixed"),
];

/// One record of the truth.
struct Truth {
    source: String,
    id: String,
    kind: String,
    parts: HashMap<String, String>,
}

impl Truth {
    fn part(&self, part: &str) -> &str {
        &self.parts[part]
    }
}

/// The three counts of one part.
#[derive(Default)]
struct Counts {
    all: Tally,
    undamaged: Tally,
    written: Tally,
}

/// A miss of a kind: the part, the kind of record, and how it came out.
type MissKey = (&'static str, String, Outcome);

#[derive(Default)]
struct Found {
    counts: BTreeMap<&'static str, Counts>,
    /// Misses of all records, and of those whose text holds the part.
    misses: BTreeMap<MissKey, [u64; 2]>,
    examples: Vec<String>,
    names: u64,
    addresses: u64,
    records: u64,
}

/// Generates, reads and compares every locale with every seed, and prints the tables.
pub(crate) fn measure(records: u64, seeds: &[u64], examples: usize) {
    for (locale, name) in LOCALES {
        let mut found = Found::default();
        for &seed in seeds {
            measure_one(locale, records, seed, &mut found);
        }
        println!(
            "### Generated, {name}: seeds {seeds:?}, {} records\n",
            found.records
        );
        found.print();
        found.print_examples(examples);
    }
}

fn measure_one(locale: synth::Locale, records: u64, seed: u64, found: &mut Found) {
    let scratch = tempfile::tempdir().expect("there is room for generated exports");
    let settings = synth::Settings {
        records,
        locale,
        sources: 8,
        seed,
        nights: 1,
        out: scratch.path().join("exports"),
        plain: false,
    };
    let summary = synth::generate(&settings).expect("there is room for generated exports");
    assert_eq!(summary.records(), records);
    let plan = job::propose(&job::exports(&settings.out), scratch.path());
    let prepared = job::with_circumstances(&|_, _, _| {}, |c| pipeline::prepare(&plan, None, c));
    let prepared = prepared.unwrap_or_else(|error| panic!("the exports cannot be read: {error}"));
    let truth = read_truth(&settings.out);
    assert_eq!(prepared.ingested.records.len(), truth.len(), "every row is read");
    found.records += records;
    compare(&prepared, &truth, found);
}

/// Both truth files, which are row by row about the same record.
fn read_truth(folder: &Path) -> Vec<Truth> {
    let open = |file: &str| csv::Reader::from_path(folder.join(file)).expect("the truth can be opened");
    let mut parts = open("truth_parts.csv");
    let headers = parts.headers().expect("the truth has a header").clone();
    let mut kinds = open("truth.csv");
    let rows = parts.records().zip(kinds.records()).map(|(parts, kind)| {
        let (parts, kind) = (
            parts.expect("the truth is sound"),
            kind.expect("the truth is sound"),
        );
        assert_eq!(
            (&parts[0], &parts[1]),
            (&kind[0], &kind[1]),
            "both files go together"
        );
        let named = headers
            .iter()
            .map(str::to_owned)
            .zip(parts.iter().map(str::to_owned));
        Truth {
            source: parts[0].to_owned(),
            id: parts[1].to_owned(),
            kind: kind[3].to_owned(),
            parts: named.collect(),
        }
    });
    rows.collect()
}

fn compare(prepared: &Prepared, truth: &[Truth], found: &mut Found) {
    let records = Records::new(&prepared.ingested.records);
    let party = prepared.standard.column("party").expect("names are mapped");
    let location = prepared
        .standard
        .column("location")
        .expect("addresses are mapped");
    for row in truth {
        let record = records.find(row);
        compare_name(party, record, row, found);
        compare_address(location, record, row, found);
    }
}

/// Records by key, then by source.
struct Records<'a> {
    raw: &'a RawRecords,
    by_key: HashMap<&'a str, Vec<RecordIndex>>,
}

impl<'a> Records<'a> {
    fn new(raw: &'a RawRecords) -> Self {
        let mut by_key: HashMap<&str, Vec<RecordIndex>> = HashMap::new();
        for record in (0..raw.len() as u32).map(RecordIndex) {
            by_key.entry(raw.key(record)).or_default().push(record);
        }
        Self { raw, by_key }
    }

    fn find(&self, row: &Truth) -> RecordIndex {
        let same_key = self.by_key.get(row.id.as_str()).map_or(&[][..], Vec::as_slice);
        let mut of_source = same_key
            .iter()
            .filter(|record| self.raw.source(**record).name == row.source);
        let found = of_source.next().or(if same_key.len() == 1 {
            same_key.first()
        } else {
            None
        });
        *found.unwrap_or_else(|| panic!("record {} of {} was read", row.id, row.source))
    }
}

fn compare_name(party: &StandardColumn, record: RecordIndex, row: &Truth, found: &mut Found) {
    let raw = party.raw_of(record).split('\u{1F}').next().unwrap_or_default();
    if raw.trim().is_empty() || row.part("core").is_empty() {
        return;
    }
    found.names += 1;
    let is_latin = !has_han(row.part("core"));
    // What stands behind `(原:` is another name.
    let text = plain(raw);
    let text = text.split("(原:").next().unwrap_or_default();
    let is_undamaged = text.contains(&plain(row.part("core")));
    for part in NAME_PARTS {
        let expected = expected_name_part(row, part, is_latin);
        let got = match part {
            // A district alone may stay (several cities have a 鼓楼区), or give way to its city.
            "region" if is_district_alone(row, part_of(party, record, part)) => expected.clone(),
            "form" => format!(
                "{}{}",
                part_of(party, record, "group"),
                part_of(party, record, "form")
            ),
            _ => part_of(party, record, part).to_owned(),
        };
        let text = match (part, row.part("branch")) {
            ("region", branch) if !branch.is_empty() => text.replace(&plain(branch), ""),
            _ => text.to_owned(),
        };
        let is_whole = part != "core" || is_latin || has_whole_neighbours(&text, row);
        let is_written = is_undamaged && is_whole && is_name_part_written(&text, part, &expected);
        let (expected, got) = (spelling(part, &expected), spelling(part, &got));
        found.add(row, raw, (part, &expected, &got), is_undamaged, is_written);
    }
}

/// Is the core of a Chinese name bounded by whole words: its region before it, and its trade, form or branch behind it?
fn has_whole_neighbours(text: &str, row: &Truth) -> bool {
    const FORMS: [&str; 8] = ["有限", "股份", "集团", "合伙", "个体", "公司", "分公司", "("];
    let core = plain(row.part("core"));
    let Some((before, after)) = text.split_once(&core) else {
        return false;
    };
    let is_edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    let stems = ["region", "province", "city", "county"].map(|part| row.part(part));
    let before = before.trim_end_matches(['(', ')', ' ']);
    let is_after_region = stems.iter().filter(|stem| !stem.is_empty()).any(|stem| {
        let short = stem.trim_end_matches(['省', '市']);
        let bare = before.trim_end_matches(['省', '市']);
        before.ends_with(stem) || bare.ends_with(short)
    });
    let is_before_word = ["industry", "branch", "form"]
        .iter()
        .map(|part| plain(row.part(part)))
        .any(|word| !word.is_empty() && after.starts_with(&word))
        || FORMS.iter().any(|form| after.starts_with(form));
    (is_edge(before.chars().next_back()) || is_after_region)
        && (is_edge(after.chars().next()) || is_before_word)
}

/// A part of the true name in the conventions of `README.md`.
fn expected_name_part(row: &Truth, part: &str, is_latin: bool) -> String {
    let text = row.part(part);
    match (part, is_latin) {
        ("region", _) => region(row),
        // The words of a Latin name are all core.
        ("core", true) => format!("{} {}", text, row.part("industry")).replace(" & ", " and "),
        ("industry", true) => String::new(),
        _ => text.to_owned(),
    }
}

/// The short form of a region: a district behind its city gives way to it, a city behind its city does not.
fn region(row: &Truth) -> String {
    let text = row.part("region");
    match text.split_once('市') {
        Some((city, rest)) if rest.is_empty() || rest.ends_with(['区', '县']) => city.to_owned(),
        Some((_, rest)) => rest.trim_end_matches('市').to_owned(),
        None => text.trim_end_matches('省').to_owned(),
    }
}

/// Is `got` the city of the district that the name begins with?
fn is_district_alone(row: &Truth, got: &str) -> bool {
    let city = match row.part("city") {
        "" => row.part("province"),
        city => city,
    };
    !got.is_empty() && row.part("region") == row.part("county") && city.trim_end_matches('市') == got
}

/// Does the raw name hold the part, or is there none to hold?
fn is_name_part_written(text: &str, part: &str, expected: &str) -> bool {
    let forms: &[&str] = match (part, expected) {
        ("form", "LLC") => &["llc"],
        ("form", "Inc") => &["inc", "incorporated"],
        ("form", "Corp") => &["corp", "corporation"],
        ("form", "Co") => &["co", "company"],
        ("form", "Ltd") => &["ltd", "limited"],
        ("form", "有限公司" | "有限责任公司") => {
            return text.contains("有限公司") || text.contains("有限责任公司");
        }
        _ => return text.contains(&plain(expected)),
    };
    let text = text.replace('.', "");
    let mut words = text.split(|c: char| !c.is_alphanumeric());
    words.any(|word| forms.contains(&word))
}

fn compare_address(location: &StandardColumn, record: RecordIndex, row: &Truth, found: &mut Found) {
    let raw = location.raw_of(record);
    let components: Vec<&str> = raw.split('\u{1F}').collect();
    let is_given = |at: usize| {
        let text = components.get(at).map_or("", |text| text.trim());
        !text.is_empty() && !NO_ADDRESS.contains(&text)
    };
    // Whole addresses stand in the first component, streets in the sixth.
    if row.part("road").is_empty() || !(is_given(0) || is_given(5)) {
        return;
    }
    found.addresses += 1;
    let is_latin = !has_han(row.part("road"));
    let text = plain(raw);
    let is_undamaged = if is_latin {
        let road = spelling("road", &plain(row.part("road")));
        format!(" {} ", words(&text)).contains(&format!(" {road} "))
    } else {
        text.contains(&plain(row.part("road")))
    };
    for part in ADDRESS_PARTS {
        let expected = expected_address_part(row, part, is_latin);
        let got = match (part, is_latin) {
            ("province", true) => part_of(location, record, "state"),
            ("city", true) => part_of(location, record, "locality"),
            ("room", true) if !part_of(location, record, "unit").is_empty() => {
                part_of(location, record, "unit")
            }
            _ => part_of(location, record, part),
        };
        let stem = expected.trim_end_matches(['省', '市']).to_lowercase();
        let is_written = is_undamaged && (part == "road" || text.contains(&stem));
        let place = if is_latin && part == "city" {
            "locality"
        } else {
            part
        };
        let (expected, got) = (spelling(place, &expected), spelling(place, got));
        let shown = raw.replace('\u{1F}', "|");
        found.add(row, &shown, (part, &expected, &got), is_undamaged, is_written);
    }
}

fn expected_address_part(row: &Truth, part: &str, is_latin: bool) -> String {
    let text = row.part(part);
    match part {
        "room" if is_latin => text.rsplit(' ').next().unwrap_or_default().to_owned(),
        _ => text.to_owned(),
    }
}

/// Text for looking parts up in: folded, simplified, lower case.
fn plain(text: &str) -> String {
    simplify(&fold(text)).to_lowercase().replace(" & ", " and ")
}

/// The words of a Latin address in the spelling of roads, one blank between them.
fn words(text: &str) -> String {
    let words: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    spelling("road", &words.join(" "))
}

/// A part of a record's first value; empty when the value or the part is not there.
fn part_of<'a>(column: &'a StandardColumn, record: RecordIndex, name: &str) -> &'a str {
    let item = column.item_of(record);
    match column.part(name) {
        Some(part) if item != 0 => part.values.get(part.codes[item as usize]),
        _ => "",
    }
}

impl Found {
    fn add(
        &mut self,
        row: &Truth,
        raw: &str,
        (part, expected, got): (&'static str, &str, &str),
        is_undamaged: bool,
        is_written: bool,
    ) {
        let outcome = Outcome::of(expected, got);
        let counts = self.counts.entry(part).or_default();
        counts.all.add(outcome);
        if is_undamaged {
            counts.undamaged.add(outcome);
        }
        if is_written {
            counts.written.add(outcome);
        }
        if outcome.is_right() {
            return;
        }
        let misses = self.misses.entry((part, row.kind.clone(), outcome)).or_default();
        misses[0] += 1;
        misses[1] += u64::from(is_written);
        if is_written {
            self.examples.push(format!("{part}\t{raw}\t{expected} → {got}"));
        }
    }

    fn print(&self) {
        println!(
            "Names counted: {}, addresses counted: {}.\n",
            self.names, self.addresses
        );
        let header = [
            "part",
            "all",
            "accuracy",
            "undamaged",
            "accuracy",
            "written",
            "accuracy",
            "accuracy where expected",
        ];
        let parts = NAME_PARTS.iter().chain(&ADDRESS_PARTS);
        let counted = parts.filter_map(|part| Some((part, self.counts.get(part)?)));
        let line = |(part, counts): (&&'static str, &Counts)| {
            let rows = if NAME_PARTS.contains(part) {
                self.names
            } else {
                self.addresses
            };
            counts.all.check(rows);
            assert!(counts.written.rows() <= counts.undamaged.rows());
            let cells = [&counts.all, &counts.undamaged, &counts.written]
                .map(|tally| [tally.rows().to_string(), tally.accuracy()]);
            let mut line = vec![(*part).to_owned()];
            line.extend(cells.into_iter().flatten());
            line.push(counts.written.accuracy_expected());
            line
        };
        table(&header, &counted.map(line).collect::<Vec<_>>());
        self.print_misses();
    }

    fn print_misses(&self) {
        println!("Misses by kind, as all / written:\n");
        let outcomes = [
            Outcome::Missed,
            Outcome::Invented,
            Outcome::Partial,
            Outcome::Other,
        ];
        let mut lines: BTreeMap<(&str, &str), [[u64; 2]; 4]> = BTreeMap::new();
        for ((part, kind, outcome), counts) in &self.misses {
            let at = outcomes.iter().position(|known| known == outcome);
            lines.entry((part, kind)).or_default()[at.expect("a miss has its kind")] = *counts;
        }
        let header: Vec<&str> = ["part of kind"]
            .into_iter()
            .chain(outcomes.map(Outcome::word))
            .chain(["share of misses written"])
            .collect();
        let line = |((part, kind), counts): (&(&str, &str), &[[u64; 2]; 4])| {
            let all: u64 = counts.iter().map(|count| count[0]).sum();
            let written: u64 = counts.iter().map(|count| count[1]).sum();
            let cells = counts.iter().map(|[all, written]| format!("{all} / {written}"));
            [format!("{part}, {kind}")]
                .into_iter()
                .chain(cells)
                .chain([share(written, all)])
                .collect()
        };
        table(&header, &lines.iter().map(line).collect::<Vec<_>>());
        let sum: u64 = self.misses.values().map(|counts| counts[0]).sum();
        let wrong = |counts: &Counts| {
            let right = counts.all.count(Outcome::Correct) + counts.all.count(Outcome::Absent);
            counts.all.rows() - right
        };
        assert_eq!(
            sum,
            self.counts.values().map(wrong).sum::<u64>(),
            "every miss is listed"
        );
    }

    fn print_examples(&self, most: usize) {
        let mut shown: BTreeMap<&str, usize> = BTreeMap::new();
        for example in &self.examples {
            let part = example.split('\t').next().unwrap_or_default();
            let shown = shown.entry(part).or_default();
            *shown += 1;
            if *shown <= most {
                println!("{example}");
            }
        }
    }
}

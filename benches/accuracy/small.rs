//! Small files: a few records drawn from a labelled set, run as a file of their own; Markdown table.
//!
//! A quarter of the customers drawn give two records, the others one; of files of two records every other is one customer. The
//! same draws whatever is measured. Each cell says how many of the pairs that belong together were found, and how many were put
//! together wrongly. Sets are CSV files whose first column is the key.

use crate::job;
use crate::measure;
use guiyi::pipeline;
use guiyi::pipeline::Options;
use guiyi::publish::Hub;
use guiyi::publish::read_registry;
use guiyi::synth;
use guiyi::synth::Locale;
use guiyi::text::hash::mix;
use std::collections::BTreeMap;
use std::collections::HashMap;
use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// Records of a file, and how many files are drawn.
const SIZES: [(usize, u64); 7] = [(2, 40), (4, 40), (8, 40), (16, 30), (32, 20), (64, 12), (128, 8)];

/// Seed of the generated sets.
const SEED: u64 = 77;

/// One row of an export with the customer it belongs to.
struct Row {
    file: usize,
    customer: String,
    cells: csv::StringRecord,
}

/// A set read whole.
struct Rows {
    /// Path below the set and header of every export.
    files: Vec<(PathBuf, csv::StringRecord)>,
    rows: Vec<Row>,
    /// Rows of every customer.
    customers: Vec<Vec<usize>>,
}

/// Prints one line a set.
pub(super) fn print(sets: &[(String, PathBuf)], scratch: &Path) {
    let sizes = SIZES.iter().map(|(size, _)| format!(" {size} records |"));
    println!("| set |{}", sizes.collect::<String>());
    println!("|---|{}", "--:|".repeat(SIZES.len()));
    let generated = [("zh", Locale::Zh), ("en", Locale::En), ("mixed", Locale::Mixed)];
    let generated =
        generated.map(|(name, locale)| (format!("synth_{name}_20k"), plain(name, locale, scratch)));
    let is_csv = |(_, folder): &&(String, PathBuf)| folder.join("records.csv").exists();
    for (name, folder) in sets.iter().filter(is_csv).chain(&generated) {
        eprintln!("accuracy: small files of {name}");
        let cells = SIZES.map(|(size, files)| cell(folder, size, files, scratch));
        println!("| {name} | {} |", cells.join(" | "));
    }
}

/// A generated set of plain CSV.
fn plain(name: &str, locale: Locale, scratch: &Path) -> PathBuf {
    let out = scratch.join(format!("plain_{name}"));
    let settings = synth::Settings {
        records: 20_000,
        locale,
        sources: 5,
        seed: SEED,
        nights: 1,
        out: out.clone(),
        plain: true,
    };
    synth::generate(&settings).expect("there is room for generated sets");
    out
}

fn cell(folder: &Path, size: usize, files: u64, scratch: &Path) -> String {
    let rows = read(folder);
    let (mut right, mut all, mut wrong) = (0, 0, 0);
    for draw in 0..files {
        let drawn = draw_rows(&rows, size, draw);
        let file = scratch.join("small");
        let _ = fs::remove_dir_all(&file);
        lay(&rows, &drawn, &file);
        let found = run(&file);
        right += found.0;
        all += found.1;
        wrong += found.2;
    }
    format!("{right}/{all} + {wrong}")
}

fn read(folder: &Path) -> Rows {
    let mut cluster_of = HashMap::new();
    let mut reader = csv::Reader::from_path(folder.join("truth.csv")).expect("a set has its truth");
    let header = reader.headers().expect("the truth has a header").clone();
    let place = |name: &str| header.iter().position(|column| column == name);
    let (source, id) = (place("source"), place("id").expect("the truth has ids"));
    let cluster = place("cluster").expect("the truth has clusters");
    for row in reader.records().map(|row| row.expect("the truth is CSV")) {
        let source = source.map_or_else(String::new, |at| row[at].to_owned());
        cluster_of.insert((source, row[id].to_owned()), row[cluster].to_owned());
    }
    let (mut rows, mut customers) = (Vec::new(), BTreeMap::<String, Vec<usize>>::new());
    let mut files = Vec::new();
    for path in job::exports(folder) {
        let mut reader = csv::Reader::from_path(&path).expect("the export can be read");
        let header = reader.headers().expect("the export has a header").clone();
        let column = header.iter().position(|column| column == "source");
        let below = path
            .strip_prefix(folder)
            .expect("exports lie in the set")
            .to_path_buf();
        let parent = below
            .parent()
            .unwrap_or(Path::new(""))
            .to_string_lossy()
            .into_owned();
        for cells in reader.records().map(|row| row.expect("the export is CSV")) {
            let named = column.map_or_else(|| parent.clone(), |at| cells[at].to_owned());
            let key = cells[0].to_owned();
            let cluster = cluster_of.get(&(named, key.clone()));
            let Some(cluster) = cluster.or_else(|| cluster_of.get(&(String::new(), key))) else {
                continue;
            };
            customers.entry(cluster.clone()).or_default().push(rows.len());
            rows.push(Row {
                file: files.len(),
                customer: cluster.clone(),
                cells,
            });
        }
        files.push((below, header));
    }
    Rows {
        files,
        rows,
        customers: customers.into_values().collect(),
    }
}

/// Positions of the rows of one small file.
fn draw_rows(rows: &Rows, size: usize, draw: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..rows.customers.len()).collect();
    order.sort_by_key(|&customer| mix(draw ^ SEED, customer as u64));
    let pick = |own: &[usize], step: u64| own[(mix(draw, step) % own.len() as u64) as usize];
    let mut pairs = if size == 2 { draw % 2 } else { size as u64 / 4 };
    let (mut drawn, mut single) = (Vec::new(), Vec::new());
    for customer in order {
        let own = &rows.customers[customer];
        let first = pick(own, customer as u64);
        let others: Vec<usize> = own.iter().copied().filter(|&row| row != first).collect();
        if pairs > 0 && !others.is_empty() {
            drawn.extend([first, pick(&others, customer as u64 + 1)]);
            pairs -= 1;
        } else {
            single.push(first);
        }
    }
    drawn.extend(single);
    // Truth goes by the key alone, since a lone export may not name its source.
    let mut keys = HashSet::new();
    drawn.retain(|&row| keys.insert(&rows.rows[row].cells[0]));
    drawn.truncate(size);
    drawn
}

/// Writes the exports of one small file and its truth.
fn lay(rows: &Rows, drawn: &[usize], folder: &Path) {
    let mut writers: BTreeMap<usize, csv::Writer<fs::File>> = BTreeMap::new();
    fs::create_dir_all(folder).expect("the folder is our own");
    let mut truth = csv::Writer::from_path(folder.join("truth.csv")).expect("the folder is our own");
    truth
        .write_record(["id", "cluster"])
        .expect("there is room for a row");
    for row in drawn.iter().map(|&at| &rows.rows[at]) {
        let (below, header) = &rows.files[row.file];
        let writer = writers.entry(row.file).or_insert_with(|| {
            let path = folder.join(below);
            fs::create_dir_all(path.parent().expect("a file lies in a folder"))
                .expect("the folder is our own");
            let mut writer = csv::Writer::from_path(path).expect("the folder is our own");
            writer.write_record(header).expect("there is room for a row");
            writer
        });
        writer.write_record(&row.cells).expect("there is room for a row");
        truth
            .write_record([&row.cells[0], &row.customer])
            .expect("there is room for a row");
    }
}

/// Pairs found, pairs to be found, pairs wrongly put together.
fn run(file: &Path) -> (u64, u64, u64) {
    let scratch = tempfile::tempdir().expect("there is room for a hub");
    let plan = job::propose(&job::exports(file), scratch.path());
    let done = job::with_circumstances(&|_, _, _| {}, |c| pipeline::run(&plan, Options::default(), c));
    done.unwrap_or_else(|error| panic!("the run failed: {error}"));
    let hub = Hub::open(&plan.hub).expect("the hub was made");
    let run = hub
        .current()
        .expect("the hub is sound")
        .expect("a run was published");
    let members = read_registry(&run).expect("the registry is sound").members;
    let (found, _) = measure::compare(file, &measure::truth(file), &members);
    let wrong = found.pairs_predicted - found.pairs_right;
    (found.pairs_right, found.pairs_true, wrong)
}

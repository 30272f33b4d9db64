//! The sets: labelled folders, the group of the fixtures, and generated exports.
//!
//! Folders of generated persons are known as `person100k`, `person1m` and so on, with or without a line in between. A set may hold
//! `truth_relations.csv` beside `truth.csv`.

use guiyi::synth;
use guiyi::synth::Locale;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// Seed of the generated sets; the fixtures have another.
const SEED: u64 = 2_026;

/// Sets small enough to be run some fifty times.
pub(super) const SMALL: &[&str] = &[
    "fake_1000",
    "febrl3",
    "febrl4",
    "historical_50k",
    "group",
    "synth_zh_20k",
    "synth_mixed_20k",
    "person100k",
];

/// One set.
pub(super) struct Set {
    /// Name in the table.
    pub(super) name: String,
    from: From,
}

enum From {
    Folder(PathBuf),
    Synth { records: u64, locale: Locale },
}

impl Set {
    /// The folder of the set, generated below `scratch` when it has to be.
    pub(super) fn folder(&self, scratch: &Path) -> PathBuf {
        match &self.from {
            From::Folder(folder) => folder.clone(),
            From::Synth { records, locale } => {
                let out = scratch.join(&self.name);
                let settings = synth::Settings {
                    records: *records,
                    locale: *locale,
                    sources: 8,
                    seed: SEED,
                    nights: 1,
                    out: out.clone(),
                    plain: false,
                };
                let summary = synth::generate(&settings).expect("there is room for generated sets");
                assert_eq!(summary.records(), *records);
                out
            }
        }
    }
}

/// Every set, in the order of the table.
pub(super) fn sets(data: &[PathBuf], is_large: bool, scratch: &Path) -> Vec<Set> {
    assert!(scratch.is_dir());
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let beside = [root.join("../shared/data")];
    let data = if data.is_empty() { &beside[..] } else { data };
    let mut sets: Vec<Set> = data.iter().flat_map(|folder| labelled(folder)).collect();
    sets.push(folder_set(&root.join("fixtures/group")));
    let mut sizes = vec![
        ("zh", 20_000, Locale::Zh),
        ("en", 20_000, Locale::En),
        ("mixed", 20_000, Locale::Mixed),
    ];
    if is_large {
        sizes.push(("zh", 200_000, Locale::Zh));
    }
    sets.extend(sizes.into_iter().map(|(name, records, locale)| Set {
        name: format!("synth_{name}_{}k", records / 1_000),
        from: From::Synth { records, locale },
    }));
    sets
}

fn folder_set(folder: &Path) -> Set {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let size = name.strip_prefix("person_").map(|size| format!("person{size}"));
    Set {
        name: size.unwrap_or_else(|| name.into_owned()),
        from: From::Folder(folder.to_path_buf()),
    }
}

/// The folder itself when it is a set, else the sets in it.
fn labelled(folder: &Path) -> Vec<Set> {
    if folder.join("truth.csv").exists() {
        return vec![folder_set(folder)];
    }
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut folders: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.join("truth.csv").exists())
        .collect();
    folders.sort();
    folders.iter().map(|folder| folder_set(folder)).collect()
}

//! The generation itself: batches of groups, shuffled per source, rendered and written in parallel.
//!
//! In: [`Settings`]. Out: files and a [`Summary`]. A record's key is the running number of its place in the shuffled order of its
//! source, counted over all nights, so that it stays the same from night to night.

use super::Settings;
use super::Summary;
use super::SynthError;
use super::damage::Damage;
use super::entity::Entity;
use super::groups::group;
use super::render::Subject;
use super::render::render;
use super::rng::mix;
use super::row::Row;
use super::sources::Habit;
use super::sources::habit;
use super::truth::TruthSink;
use super::world::World;
use super::writers::Sink;
use rayon::prelude::*;
use std::fmt::Write as _;
use std::path::Path;
use std::path::PathBuf;

/// Groups per batch; part of the result, because records are shuffled within a batch.
const GROUPS_PER_BATCH: u64 = 8192;

/// One source of one night.
struct Source {
    folder: String,
    habit: Habit,
    sink: Sink,
    /// Records numbered so far, exported or not.
    numbered: u64,
    exported: u64,
}

/// A record of a batch: entity, slot, and the number that becomes its key.
struct Place {
    entity: usize,
    slot: usize,
    number: u64,
}

/// Writes the exports of all sources and nights, and their truth.
///
/// # Errors
/// [`SynthError::Setting`] for a count of 0, the other variants when a file cannot be written.
pub fn generate(settings: &Settings) -> Result<Summary, SynthError> {
    let counts = [
        ("records", settings.records),
        ("sources", u64::from(settings.sources)),
        ("nights", u64::from(settings.nights)),
    ];
    if let Some(&(setting, value)) = counts.iter().find(|count| count.1 == 0) {
        return Err(SynthError::Setting { setting, value });
    }
    let world = World::new(
        settings.seed,
        settings.locale,
        usize::from(settings.sources),
        settings.nights,
    );
    let mut summary = Summary::default();
    for night in 1..=settings.nights {
        let folder = match settings.nights {
            1 => settings.out.clone(),
            _ => settings.out.join(format!("night-{night:02}")),
        };
        generate_night(settings, &world, night, &folder, &mut summary)?;
    }
    Ok(summary)
}

fn generate_night(
    settings: &Settings,
    world: &World,
    night: u32,
    folder: &Path,
    summary: &mut Summary,
) -> Result<(), SynthError> {
    let mut sources = open_sources(settings, folder)?;
    let mut truth = TruthSink::create(folder)?;
    (summary.entities, summary.true_pairs) = (0, 0);
    let (mut first, mut missing) = (0, settings.records);
    while missing > 0 {
        let entities = make_batch(world, first, &mut missing);
        first += GROUPS_PER_BATCH;
        for entity in &entities {
            let count = entity.plans.iter().filter(|plan| plan.is_on(night)).count() as u64;
            summary.entities += u64::from(count > 0);
            summary.true_pairs += count * count.saturating_sub(1) / 2;
        }
        for entity in entities
            .iter()
            .filter(|entity| entity.plans.iter().any(|plan| plan.is_on(night)))
        {
            truth.relate(entity)?;
        }
        let places = place_records(world, &entities, &mut sources);
        let damages = sources
            .par_iter_mut()
            .zip(&places)
            .map(|(source, places)| write_source(world, night, &entities, source, places))
            .collect::<Result<Vec<Vec<Damage>>, SynthError>>()?;
        let places: Vec<_> = places.iter().zip(&damages).collect();
        write_truth(world, night, &entities, &sources, &places, &mut truth)?;
    }
    summary.sources = sources
        .iter()
        .map(|source| (source.folder.clone(), source.exported))
        .collect();
    for source in sources {
        summary.files.push(source.sink.finish()?);
    }
    summary.files.extend(truth.finish()?);
    Ok(())
}

fn open_sources(settings: &Settings, folder: &Path) -> Result<Vec<Source>, SynthError> {
    (0..usize::from(settings.sources))
        .map(|position| {
            let (habit, cycle) = habit(settings.locale, position, settings.plain);
            let name = habit.folder(cycle);
            let path: PathBuf = folder.join(&name);
            std::fs::create_dir_all(&path).map_err(|source| SynthError::write(&path, source))?;
            let sink = Sink::create(&path, &habit)?;
            Ok(Source {
                folder: name,
                habit,
                sink,
                numbered: 0,
                exported: 0,
            })
        })
        .collect()
}

/// Makes a batch of groups; entities after the last wanted record are left out.
fn make_batch(world: &World, first: u64, missing: &mut u64) -> Vec<Entity> {
    let groups: Vec<Vec<Entity>> = (first..first + GROUPS_PER_BATCH)
        .into_par_iter()
        .map(|index| group(world, index))
        .collect();
    let mut entities = Vec::new();
    for mut entity in groups.into_iter().flatten() {
        entity
            .plans
            .truncate(usize::try_from(*missing).unwrap_or(usize::MAX));
        *missing -= entity.plans.len() as u64;
        entities.push(entity);
        if *missing == 0 {
            break;
        }
    }
    entities
}

/// Shuffles the records of a batch within each source and numbers them.
fn place_records(world: &World, entities: &[Entity], sources: &mut [Source]) -> Vec<Vec<Place>> {
    let mut shuffled: Vec<Vec<(u64, usize, usize)>> = sources.iter().map(|_| Vec::new()).collect();
    for (position, entity) in entities.iter().enumerate() {
        for (slot, plan) in entity.plans.iter().enumerate() {
            let order = mix(world.seed, &[4, entity.number, slot as u64]);
            shuffled[plan.source].push((order, position, slot));
        }
    }
    let order = |(source, mut records): (&mut Source, Vec<(u64, usize, usize)>)| {
        records.sort_unstable();
        let start = source.numbered;
        source.numbered += records.len() as u64;
        let numbered = (start + 1..).zip(records);
        numbered
            .map(|(number, (_, entity, slot))| Place { entity, slot, number })
            .collect()
    };
    sources.iter_mut().zip(shuffled).map(order).collect()
}

/// The key of a record in its source.
fn write_key(habit: &Habit, number: u64, key: &mut String) {
    let (prefix, width) = habit.code;
    key.clear();
    let written = write!(key, "{prefix}{number:0width$}");
    debug_assert!(written.is_ok(), "writing to a String does not fail");
}

/// Writes the records of a batch; tells what happened to each that is exported.
fn write_source(
    world: &World,
    night: u32,
    entities: &[Entity],
    source: &mut Source,
    places: &[Place],
) -> Result<Vec<Damage>, SynthError> {
    let Source {
        habit,
        sink,
        exported,
        ..
    } = source;
    let (mut row, mut key) = (Row::new(), String::new());
    let mut damages = Vec::with_capacity(places.len());
    for place in places {
        let entity = &entities[place.entity];
        if entity.plans[place.slot].is_on(night) {
            write_key(habit, place.number, &mut key);
            let subject = Subject {
                world,
                habit,
                entity,
                slot: place.slot,
                night,
            };
            render(&subject, &key, &mut row);
            damages.push(Damage::of(&subject, &row));
            sink.write(&row)?;
            *exported += 1;
        }
    }
    Ok(damages)
}

fn write_truth(
    world: &World,
    night: u32,
    entities: &[Entity],
    sources: &[Source],
    places: &[(&Vec<Place>, &Vec<Damage>)],
    truth: &mut TruthSink,
) -> Result<(), SynthError> {
    let mut key = String::new();
    for (Source { folder, habit, .. }, (places, damages)) in sources.iter().zip(places) {
        let mut damages = damages.iter();
        for place in *places {
            let entity = &entities[place.entity];
            if entity.plans[place.slot].is_on(night) {
                write_key(habit, place.number, &mut key);
                let subject = Subject {
                    world,
                    habit,
                    entity,
                    slot: place.slot,
                    night,
                };
                let damage = *damages.next().expect("every exported record was written");
                truth.write(
                    (folder, &key),
                    entity,
                    damage,
                    (subject.name(), subject.address()),
                )?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::generate;
    use crate::synth::Locale;
    use crate::synth::Settings;
    use crate::synth::Summary;
    use crate::synth::SynthError;
    use std::collections::BTreeMap;
    use std::collections::BTreeSet;
    use std::path::Path;

    fn settings(out: &Path, records: u64, locale: Locale) -> Settings {
        Settings {
            records,
            locale,
            sources: 8,
            seed: 7,
            nights: 1,
            out: out.to_owned(),
            plain: false,
        }
    }

    fn contents(summary: &Summary) -> Vec<Vec<u8>> {
        summary
            .files
            .iter()
            .map(|file| std::fs::read(file).unwrap())
            .collect()
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes_for_any_number_of_threads() {
        let folders: Vec<_> = (0..3).map(|_| tempfile::tempdir().unwrap()).collect();
        let made: Vec<Vec<Vec<u8>>> = folders
            .iter()
            .zip([1, 2, 3])
            .map(|(folder, threads)| {
                let pool = rayon::ThreadPoolBuilder::new()
                    .num_threads(threads)
                    .build()
                    .unwrap();
                let settings = settings(folder.path(), 3000, Locale::Mixed);
                contents(&pool.install(|| generate(&settings)).unwrap())
            })
            .collect();
        assert!(made[0] == made[1] && made[1] == made[2]);
        let other = tempfile::tempdir().unwrap();
        let settings = Settings {
            seed: 8,
            ..settings(other.path(), 3000, Locale::Mixed)
        };
        assert!(contents(&generate(&settings).unwrap()) != made[0]);
    }

    #[test]
    fn every_exported_record_is_in_truth_once() {
        for locale in [Locale::Zh, Locale::En] {
            let folder = tempfile::tempdir().unwrap();
            let settings = Settings {
                plain: true,
                ..settings(folder.path(), 2500, locale)
            };
            let summary = generate(&settings).unwrap();
            assert_eq!(summary.records(), 2500);
            let mut exported = BTreeSet::new();
            for (source, count) in &summary.sources {
                let mut reader =
                    csv::Reader::from_path(folder.path().join(source).join("customers.csv")).unwrap();
                let before = exported.len();
                for record in reader.records() {
                    assert!(exported.insert((source.clone(), record.unwrap()[0].to_owned())));
                }
                assert_eq!(exported.len() - before, usize::try_from(*count).unwrap());
            }
            let mut reader = csv::Reader::from_path(folder.path().join("truth.csv")).unwrap();
            let mut clusters: BTreeMap<String, u64> = BTreeMap::new();
            for record in reader.records() {
                let record = record.unwrap();
                assert!(exported.remove(&(record[0].to_owned(), record[1].to_owned())));
                *clusters.entry(record[2].to_owned()).or_default() += 1;
            }
            assert!(exported.is_empty());
            assert_eq!(clusters.len() as u64, summary.entities);
            assert_eq!(
                clusters
                    .values()
                    .map(|count| count * (count - 1) / 2)
                    .sum::<u64>(),
                summary.true_pairs
            );
        }
    }

    #[test]
    fn over_nights_records_keep_their_keys_and_customers_change() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings {
            plain: true,
            nights: 3,
            sources: 2,
            ..settings(folder.path(), 2000, Locale::Zh)
        };
        generate(&settings).unwrap();
        let read = |night: u32| -> BTreeMap<String, String> {
            let path = folder
                .path()
                .join(format!("night-{night:02}/huadong/customers.csv"));
            let mut reader = csv::Reader::from_path(path).unwrap();
            let rows = reader.records().map(|record| record.unwrap());
            rows.map(|row| (row[0].to_owned(), row.iter().collect::<Vec<&str>>().join("|")))
                .collect()
        };
        let (first, last) = (read(1), read(3));
        let appeared = last.keys().filter(|key| !first.contains_key(*key)).count();
        let vanished = first.keys().filter(|key| !last.contains_key(*key)).count();
        let changed = first
            .iter()
            .filter(|(key, row)| last.get(*key).is_some_and(|other| other != *row))
            .count();
        assert!(
            appeared > 20 && vanished > 5 && changed > 10,
            "{appeared} {vanished} {changed}"
        );
        assert!(changed * 5 < first.len());
        assert!(folder.path().join("night-02/truth.csv").exists());
    }

    #[test]
    fn the_fixture_is_what_the_generator_makes() {
        let folder = tempfile::tempdir().unwrap();
        let summary = generate(&Settings {
            sources: 5,
            ..settings(folder.path(), 2000, Locale::Zh)
        })
        .unwrap();
        let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/group");
        for file in &summary.files {
            let kept = fixture.join(file.strip_prefix(folder.path()).unwrap());
            let kept_bytes = std::fs::read(&kept).unwrap();
            // Workbook and Parquet bytes follow the versions of their writers.
            if !file
                .extension()
                .is_some_and(|end| end == "xlsx" || end == "parquet")
            {
                assert!(
                    kept_bytes == std::fs::read(file).unwrap(),
                    "{}: see fixtures/README.md",
                    kept.display()
                );
            }
        }
    }

    #[test]
    fn impossible_settings_are_refused_before_anything_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("new");
        let refused = generate(&Settings {
            sources: 0,
            ..settings(&out, 10, Locale::Zh)
        });
        assert!(matches!(
            refused,
            Err(SynthError::Setting {
                setting: "sources",
                ..
            })
        ));
        assert!(!out.exists());
    }

    #[cfg(unix)]
    #[test]
    fn files_are_readable_by_their_owner_only() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let summary = generate(&settings(folder.path(), 200, Locale::Zh)).unwrap();
        assert_eq!(summary.files.len(), 11);
        for file in summary.files {
            assert_eq!(
                std::fs::metadata(&file).unwrap().permissions().mode() & 0o777,
                0o600,
                "{}",
                file.display()
            );
        }
    }
}

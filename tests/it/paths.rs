//! What a source may be: a plain file inside the folder its job names, whatever is put in its place meanwhile (R13).

use crate::support::GOOD;
use crate::support::PUBLISHED;
use crate::support::SOURCE_MISSING;
use crate::support::Workplace;
use crate::support::source;
use guiyi::ingest::ColumnMapping;
use guiyi::ingest::ColumnSource;
use guiyi::ingest::Limits;
use guiyi::ingest::RecordKey;
use guiyi::ingest::Settings;
use guiyi::ingest::SourceSettings;
use guiyi::ingest::ingest;
use guiyi::model::FieldName;
use guiyi::model::RecordIndex;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

const SECRET: &str = "编号,客户名称,电话\nS1,SECRET,1\n";

fn settings(base: &Path, pattern: &str, follow_links: bool) -> Settings {
    let mut source = SourceSettings::new("甲", &[pattern], RecordKey::Columns(vec!["编号".into()]));
    source.follow_links = follow_links;
    source.columns = vec![ColumnMapping {
        field: FieldName::from("customer_name"),
        from: ColumnSource::Columns {
            columns: vec!["客户名称".into()],
            join: ";".into(),
        },
        codes: None,
        is_amount: false,
    }];
    Settings::new(base.to_path_buf(), vec![source], Limits::default())
}

/// Reads `pattern` while `flip` puts a link in its way and takes it out again, 10,000 times; the file behind the link is
/// never read. Gives how often the source was read and how often refused.
fn race(base: &Path, pattern: &str, follow_links: bool, flip: impl Fn(bool) + Sync) -> (u32, u32) {
    let settings = settings(base, pattern, follow_links);
    let is_over = AtomicBool::new(false);
    let (mut read, mut refused) = (0, 0);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for turn in 0..10_000 {
                flip(turn % 2 == 0);
            }
            is_over.store(true, Ordering::Release);
        });
        while !is_over.load(Ordering::Acquire) {
            let ingested = ingest(&settings).unwrap();
            for record in (0..ingested.records.len() as u32).map(RecordIndex) {
                assert!(
                    !ingested.records.key(record).starts_with('S'),
                    "the secret was read"
                );
            }
            match ingested.faults.is_empty() {
                true => read += 1,
                false => refused += 1,
            }
        }
    });
    (read, refused)
}

#[test]
fn r13_a_link_that_takes_the_place_of_a_file_is_never_followed() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("a.csv"), SECRET).unwrap();
    for follow_links in [false, true] {
        let inside = tempfile::tempdir().unwrap();
        let place = inside.path().join("a.csv");
        let aside = inside.path().join("aside");
        fs::write(&place, GOOD).unwrap();
        let flip = |is_link: bool| {
            let _ = match is_link {
                true => symlink(outside.path().join("a.csv"), &aside),
                false => fs::write(&aside, GOOD),
            };
            fs::rename(&aside, &place).unwrap();
        };
        let (read, refused) = race(inside.path(), "a.csv", follow_links, flip);
        assert!(read > 0 && refused > 0, "{read} read, {refused} refused");
        println!("file, follow_links = {follow_links}: {read} read, {refused} refused");
    }
}

#[test]
fn r13_a_link_that_takes_the_place_of_a_folder_is_never_followed() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("a.csv"), SECRET).unwrap();
    let inside = tempfile::tempdir().unwrap();
    let place = inside.path().join("folder");
    let aside = inside.path().join("aside");
    fs::create_dir(&place).unwrap();
    fs::write(place.join("a.csv"), GOOD).unwrap();
    let flip = |is_link: bool| match is_link {
        true => {
            fs::rename(&place, &aside).unwrap();
            symlink(outside.path(), &place).unwrap();
        }
        false => {
            fs::remove_file(&place).unwrap();
            fs::rename(&aside, &place).unwrap();
        }
    };
    let (read, refused) = race(inside.path(), "folder/a.csv", false, flip);
    assert!(read > 0 && refused > 0, "{read} read, {refused} refused");
    println!("folder: {read} read, {refused} refused");
}

#[test]
fn r13_links_inside_the_folder_need_the_word_of_the_job() {
    let place = |follow: &str| {
        let job = source("good", "l/a.csv").replace("[source.map]", &format!("{follow}\n[source.map]"));
        let workplace = Workplace::new();
        workplace.write("real/a.csv", GOOD);
        symlink("real", workplace.path().join("l")).unwrap();
        workplace.write("guiyi.toml", job);
        workplace
    };
    let outcome = place("").run(SOURCE_MISSING);
    assert!(outcome.stderr.contains("follow_links"), "{}", outcome.stderr);
    place("follow_links = true").run(PUBLISHED);
}

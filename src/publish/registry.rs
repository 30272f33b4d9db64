//! The registry of a published run, read back for the next one.

use crate::publish::error::PublishError;
use crate::publish::run::Run;
use crate::publish::tables::Members;
use crate::publish::tables::read_entries;
use crate::publish::tables::read_former;
use crate::publish::tables::read_members;
use crate::table::Registry;
use frame::FrameError;
use frame::Table;

/// Every ID ever issued, the members of the last run and what retired IDs held, exactly as they were published.
///
/// Size and SHA-256 of `registry.parquet`, `crosswalk.parquet` and `former.parquet` are checked against the manifest first.
/// Runs of older programs have no `former.parquet` and no contents: then no ID goes back to its records.
///
/// # Errors
/// [`PublishError::Damaged`] when a file is missing, changed, or not what its name says.
pub fn read_registry(run: &Run) -> Result<Registry, PublishError> {
    let entries = read_table(
        run,
        "registry.parquet",
        &["unified_id", "birth_run", "state", "into"],
        read_entries,
    )?;
    let (members, marks) = read_crosswalk(run)?;
    let former = match run.manifest().file("former.parquet") {
        None => Vec::new(),
        Some(_) => read_table(
            run,
            "former.parquet",
            &["source", "record_key", "unified_id", "run"],
            read_former,
        )?,
    };
    Ok(Registry {
        run: run.manifest().facts.run,
        entries,
        members,
        marks,
        former,
    })
}

fn read_crosswalk(run: &Run) -> Result<Members, PublishError> {
    const NAME: &str = "crosswalk.parquet";
    const COLUMNS: [&str; 5] = ["source", "record_key", "unified_id", "status", "content"];
    run.verify_file(NAME)?;
    let shape = match frame::parquet_shape(&run.path(NAME)) {
        Err(FrameError::Io { path, source }) => return Err(PublishError::Io { path, source }),
        Err(error) => return Err(PublishError::damaged(&run.path(NAME), error.to_string())),
        Ok(shape) => shape,
    };
    let has_content = shape.columns.iter().any(|column| column.name == "content");
    let columns = if has_content { &COLUMNS[..] } else { &COLUMNS[..4] };
    read_table(run, NAME, columns, read_members)
}

fn read_table<T>(
    run: &Run,
    name: &str,
    columns: &[&str],
    read: impl FnOnce(&Table) -> Option<T>,
) -> Result<T, PublishError> {
    run.verify_file(name)?;
    let path = run.path(name);
    let table = match frame::read_parquet(&path, Some(columns)) {
        Err(FrameError::Io { path, source }) => return Err(PublishError::Io { path, source }),
        // The checksum fits, so the fault was published; still it is the state that cannot be used.
        Err(error) => return Err(PublishError::damaged(&path, error.to_string())),
        Ok(table) => table,
    };
    read(&table).ok_or_else(|| PublishError::damaged(&path, "a column holds what its name forbids"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::UnifiedId;
    use crate::publish::Hub;
    use crate::publish::RunFacts;
    use crate::publish::tables::former_table;
    use crate::publish::tables::registry_table;
    use crate::publish::view::View;
    use crate::publish::view::counts;
    use crate::publish::view::ids;
    use crate::publish::view::texts;
    use crate::publish::view::words;
    use crate::table::Former;
    use crate::table::IdState;
    use crate::table::RecordStatus;
    use crate::table::RegistryEntry;
    use crate::table::Resolution;

    fn id(number: u64) -> UnifiedId {
        UnifiedId::from_number(number)
    }

    /// A run with these tables alone, read back.
    fn read_back(registry: &View, crosswalk: &View, former: Option<&View>) -> Registry {
        let directory = tempfile::tempdir().unwrap();
        let hub = Hub::open(directory.path()).unwrap();
        let lock = hub.lock().unwrap();
        let staging = hub.begin(&lock, "000001-a").unwrap();
        staging.write_parquet("registry.parquet", registry).unwrap();
        staging.write_parquet("crosswalk.parquet", crosswalk).unwrap();
        if let Some(former) = former {
            staging.write_parquet("former.parquet", former).unwrap();
        }
        let run = staging.publish(RunFacts::default()).unwrap();
        read_registry(&run).unwrap()
    }

    /// A crosswalk as runs wrote it before there were contents.
    fn old_crosswalk() -> View<'static> {
        let columns = vec![
            texts("source", ["north", "华东"].into_iter()),
            texts("record_key", ["=7", "客1"].into_iter()),
            ids("unified_id", [Some(id(1)), Some(id(2))].into_iter()),
            words("status", &[], ["active", "stale"].into_iter()),
        ];
        View::try_new("crosswalk", columns).unwrap()
    }

    #[test]
    fn a_run_of_the_first_layout_is_still_read() {
        let columns = vec![
            ids(
                "unified_id",
                [1, 2, 3, 4].map(|number| Some(id(number))).into_iter(),
            ),
            counts("birth_run", [1, 1, 1, 2].into_iter()),
            words("state", &[], ["live", "live", "merged", "deleted"].into_iter()),
            ids("into", [None, None, Some(id(1)), None].into_iter()),
        ];
        let old = View::try_new("registry", columns).unwrap();
        let registry = read_back(&old, &old_crosswalk(), None);
        assert_eq!(registry.resolve(id(3)), Some(Resolution::Live(id(1))));
        assert_eq!(registry.resolve(id(4)), Some(Resolution::Deleted));
        assert_eq!(registry.members[1], ("华东".to_owned(), "客1".to_owned(), id(2)));
        let statuses: Vec<RecordStatus> = registry.marks.iter().map(|mark| mark.status).collect();
        assert_eq!(statuses, [RecordStatus::Active, RecordStatus::Stale]);
        assert!(registry.marks.iter().all(|mark| mark.content == 0));
        assert!(registry.former.is_empty());
    }

    #[test]
    fn every_state_of_an_id_comes_back() {
        let states = [
            IdState::Live,
            IdState::Live,
            IdState::Merged(id(1)),
            IdState::Split(vec![id(1), id(2)]),
            IdState::Deleted,
            // Merged into one that was deleted later.
            IdState::Merged(id(5)),
            IdState::Tombstone,
        ];
        let entries: Vec<RegistryEntry> = (1..)
            .zip(states)
            .map(|(number, state)| RegistryEntry {
                id: id(number),
                birth_run: number as u32,
                state,
            })
            .collect();
        let former = [Former {
            source: "华东".to_owned(),
            key: "客1".to_owned(),
            id: id(3),
            run: 4,
        }];
        let (table, rows) = (registry_table(&entries).unwrap(), former_table(&former).unwrap());
        let words: Vec<Option<&str>> = (0..7).map(|row| table.text(row, 2)).collect();
        let expected = [
            "live",
            "live",
            "merged",
            "split",
            "deleted",
            "deleted",
            "tombstone",
        ];
        assert_eq!(words, expected.map(Some));
        assert_eq!(table.text(3, 3), Some(format!("{} {}", id(1), id(2)).as_str()));
        let registry = read_back(&table, &old_crosswalk(), Some(&rows));
        assert_eq!(registry.entries, entries);
        assert_eq!(registry.former, former);
    }
}

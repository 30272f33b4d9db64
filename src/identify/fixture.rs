//! Records and nights for the tests of this folder.

use crate::identify::Settings;
use crate::identify::identify;
use crate::model::RecordIndex;
use crate::model::SourceId;
use crate::model::UnifiedId;
use crate::table::Clusters;
use crate::table::IdAssignments;
use crate::table::Mark;
use crate::table::RawRecords;
use crate::table::RecordStatus;
use crate::table::Registry;
use crate::table::SourceInfo;
use crate::table::ValuePool;

/// Records of these (source, key), which are sorted.
pub(super) fn records_of(names: &[(&str, &str)]) -> RawRecords {
    assert!(names.is_sorted());
    let mut keys = ValuePool::default();
    let mut records = RawRecords::default();
    for (source, key) in names {
        if records.sources.last().is_none_or(|last| last.name != *source) {
            records.sources.push(SourceInfo {
                name: (*source).to_owned(),
                owner: String::new(),
                priority: 0,
                export: String::new(),
                status: RecordStatus::Active,
            });
        }
        records.source_of.push(SourceId(records.sources.len() as u16 - 1));
        keys.push(key);
    }
    records.keys = keys;
    records
}

/// The registry that a run leaves, as the next one reads it.
pub(super) fn after(records: &RawRecords, ids: &IdAssignments, before: &Registry) -> Registry {
    let active = (0..records.len()).map(|at| {
        let record = RecordIndex(at as u32);
        let member = (
            records.source(record).name.clone(),
            records.key(record).to_owned(),
            ids.id_of[at],
        );
        let content = ids.contents.get(at).copied().unwrap_or(0);
        (
            member,
            Mark {
                content,
                status: records.status(record),
            },
        )
    });
    let stale = ids.stale.iter().enumerate().map(|(at, member)| {
        let content = ids.stale_contents.get(at).copied().unwrap_or(0);
        (
            member.clone(),
            Mark {
                content,
                status: RecordStatus::Stale,
            },
        )
    });
    let mut rows: Vec<((String, String, UnifiedId), Mark)> = active.chain(stale).collect();
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    let (members, marks) = rows.into_iter().unzip();
    Registry {
        run: before.run + 1,
        entries: ids.entries.clone(),
        members,
        marks,
        former: ids.former.clone(),
    }
}

/// One night: IDs, and the registry for the next.
pub(super) fn night(
    settings: &Settings,
    names: &[(&str, &str)],
    labels: &[u32],
    before: &Registry,
) -> (IdAssignments, Registry) {
    let records = records_of(names);
    let ids = identify(settings, &records, &Clusters::from_labels(labels), before);
    let registry = after(&records, &ids, before);
    (ids, registry)
}

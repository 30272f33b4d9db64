//! Random histories: ten thousand hubs of five nights, and what must hold after each of them.
//!
//! Every night records come and go, customers merge and part, a source is late, stewards pin IDs, contents change, and now
//! and then a run is rolled back. The histories are drawn from seeds, so that a fault can be drawn again.

use crate::identify::Causes;
use crate::identify::Settings;
use crate::identify::fixture::night;
use crate::model::RecordIndex;
use crate::model::UnifiedId;
use crate::table::IdAssignments;
use crate::table::IdState;
use crate::table::RecordStatus;
use crate::table::Registry;
use crate::table::RegistryEntry;
use crate::table::Resolution;
use crate::table::find_entry;
use crate::table::resolve;
use crate::text::hash::mix;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

const HISTORIES: u64 = 10_000;
const NIGHTS: usize = 5;
const SOURCES: [&str; 2] = ["north", "华东"];
const RECORDS_PER_SOURCE: usize = 7;
const RECORDS: usize = SOURCES.len() * RECORDS_PER_SOURCE;

/// Numbers that follow from a seed.
struct Draw(u64);

impl Draw {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = mix(self.0, 1);
        (self.0 % limit as u64) as usize
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

/// All records that a history knows of, in the order of a run.
struct World {
    keys: Vec<String>,
    customer: Vec<u32>,
    content: Vec<u64>,
    is_there: Vec<bool>,
}

impl World {
    fn new(draw: &mut Draw) -> Self {
        Self {
            keys: (0..RECORDS)
                .map(|at| format!("客{}", at % RECORDS_PER_SOURCE))
                .collect(),
            customer: (0..RECORDS).map(|_| draw.below(8) as u32).collect(),
            content: vec![1; RECORDS],
            is_there: (0..RECORDS).map(|_| draw.chance(80)).collect(),
        }
    }

    /// A day passes.
    fn change(&mut self, draw: &mut Draw) {
        for at in 0..RECORDS {
            if draw.chance(12) {
                self.is_there[at] = !self.is_there[at];
            }
            if draw.chance(10) {
                self.content[at] += 1;
            }
        }
        for _ in 0..draw.below(4) {
            let (from, to) = (self.customer[draw.below(RECORDS)], draw.below(12) as u32);
            let is_whole = draw.chance(50);
            for at in 0..RECORDS {
                if self.customer[at] == from && (is_whole || draw.chance(50)) {
                    self.customer[at] = to;
                }
            }
        }
    }
}

/// What a run is given.
struct Night {
    settings: Settings,
    names: Vec<(&'static str, String)>,
    labels: Vec<u32>,
}

impl Night {
    fn draw(draw: &mut Draw, world: &World, issued: &BTreeSet<UnifiedId>) -> Self {
        let late = draw.chance(15).then(|| SOURCES[draw.below(2)]);
        let source = |at: usize| SOURCES[at / RECORDS_PER_SOURCE];
        let there: Vec<usize> = (0..RECORDS)
            .filter(|&at| world.is_there[at] && Some(source(at)) != late)
            .collect();
        let mut pins = Vec::new();
        let known: Vec<UnifiedId> = issued.iter().copied().collect();
        while !there.is_empty() && draw.chance(20) {
            let id = match known.as_slice() {
                [] => UnifiedId::from_number(draw.below(1_000) as u64),
                known => known[draw.below(known.len())],
            };
            pins.push((RecordIndex(draw.below(there.len()) as u32), id));
        }
        let decided = there.first().filter(|_| draw.chance(10)).map(|_| RecordIndex(0));
        Self {
            settings: Settings {
                absent_sources: late.iter().map(|late| (*late).to_owned()).collect(),
                pins,
                causes: Causes {
                    contents: there.iter().map(|&at| world.content[at]).collect(),
                    is_new_model: draw.chance(10),
                    are_new_rules: draw.chance(10),
                    decided: decided.into_iter().collect(),
                },
            },
            names: there
                .iter()
                .map(|&at| (source(at), world.keys[at].clone()))
                .collect(),
            labels: there.iter().map(|&at| world.customer[at]).collect(),
        }
    }

    fn run(&self, before: &Registry) -> (IdAssignments, Registry) {
        let names: Vec<(&str, &str)> = self.names.iter().map(|(s, k)| (*s, k.as_str())).collect();
        night(&self.settings, &names, &self.labels, before)
    }
}

/// Rows of a crosswalk: (source, key) to ID and standing.
type Crosswalk = BTreeMap<(String, String), (UnifiedId, RecordStatus)>;

fn crosswalk(registry: &Registry) -> Crosswalk {
    let members = registry.members.iter().zip(&registry.marks);
    members
        .map(|((source, key, id), mark)| ((source.clone(), key.clone()), (*id, mark.status)))
        .collect()
}

/// What a consumer does with a feed; every row must change something.
fn replay(mut crosswalk: Crosswalk, ids: &IdAssignments) -> Crosswalk {
    for row in &ids.changes {
        let name = (row.source.clone(), row.key.clone());
        let before = crosswalk.remove(&name);
        assert_eq!(before.map(|(id, _)| id), row.old);
        let now = row.new.map(|id| (id, row.status));
        assert_ne!(before, now, "a row that changes nothing");
        assert_eq!(now.is_none(), row.status == RecordStatus::Withdrawn);
        if let Some(now) = now {
            crosswalk.insert(name, now);
        }
    }
    crosswalk
}

/// S1: one live ID a cluster, one cluster a live ID, every record in exactly one.
fn check_clusters(night: &Night, ids: &IdAssignments) {
    assert_eq!(ids.id_of.len(), night.labels.len());
    let mut pairs: Vec<(u32, UnifiedId)> = night
        .labels
        .iter()
        .copied()
        .zip(ids.id_of.iter().copied())
        .collect();
    pairs.sort();
    pairs.dedup();
    let labels: BTreeSet<u32> = pairs.iter().map(|pair| pair.0).collect();
    let named: BTreeSet<UnifiedId> = pairs.iter().map(|pair| pair.1).collect();
    assert_eq!((labels.len(), named.len()), (pairs.len(), pairs.len()));
    let held: BTreeSet<UnifiedId> = named
        .into_iter()
        .chain(ids.stale.iter().map(|row| row.2))
        .collect();
    let live = ids.entries.iter().filter(|entry| entry.state == IdState::Live);
    assert_eq!(live.map(|entry| entry.id).collect::<BTreeSet<_>>(), held);
}

/// S2: nothing is forgotten or issued twice, and everything leads somewhere in one step.
fn check_registry(ids: &IdAssignments, before: &Registry, issued: &BTreeSet<UnifiedId>) {
    assert!(ids.entries.is_sorted_by(|a, b| a.id < b.id));
    let is_live =
        |id: UnifiedId| find_entry(&ids.entries, id).is_some_and(|entry| entry.state == IdState::Live);
    for entry in &ids.entries {
        if let Some(old) = find_entry(&before.entries, entry.id) {
            assert_eq!(old.birth_run, entry.birth_run);
            assert_eq!(old.state == IdState::Tombstone, entry.state == IdState::Tombstone);
        } else {
            assert_eq!(entry.birth_run, before.run + 1);
            assert!(!issued.contains(&entry.id), "an ID was issued twice");
        }
        if let IdState::Merged(into) = &entry.state {
            let next = find_entry(&ids.entries, *into).expect("a redirect leads to an ID of the registry");
            assert!(matches!(next.state, IdState::Live | IdState::Deleted), "a chain");
        }
        match resolve(&ids.entries, entry.id).expect("every ID leads somewhere") {
            Resolution::Live(id) => {
                assert!(is_live(id));
                let straight = [IdState::Live, IdState::Merged(id)];
                assert!(straight.contains(&entry.state), "a chain of more than one");
            }
            Resolution::Split(list) => {
                assert!(
                    list.len() > 1 && list.is_sorted_by(|a, b| a < b) && list.iter().all(|id| is_live(*id))
                );
                assert_eq!(entry.state, IdState::Split(list), "a chain of more than one");
            }
            Resolution::Deleted => {}
        }
    }
    let known: BTreeSet<UnifiedId> = ids.entries.iter().map(|entry| entry.id).collect();
    assert!(issued.is_subset(&known), "an ID was forgotten");
}

/// Events sum up the feed, and no ID changes its standing without one.
fn check_events(ids: &IdAssignments, before: &Registry) {
    assert!(ids.events.is_sorted());
    for entry in &ids.entries {
        let was = find_entry(&before.entries, entry.id).is_some_and(|old| old.state == IdState::Live);
        if was != (entry.state == IdState::Live) {
            assert!(ids.events.iter().any(|event| event.id == entry.id), "no event");
        }
    }
    for row in ids.changes.iter().filter(|row| row.event.is_some()) {
        let names = |id: Option<UnifiedId>| id.is_some() && (id == row.old || id == row.new);
        let has_event = |kind| {
            ids.events
                .iter()
                .any(|event| event.kind == kind && names(Some(event.id)))
        };
        assert!(row.event.is_some_and(has_event), "a row without its event");
    }
}

/// Pins that contradict nothing hold, and the others are reported.
fn check_pins(night: &Night, ids: &IdAssignments) {
    for &(record, id) in &night.settings.pins {
        let is_reported = ids
            .conflicts
            .iter()
            .any(|found| (found.record, found.id) == (record, id));
        assert!(is_reported || ids.id_of[record.at()] == id, "a pin was dropped");
    }
}

/// A retired ID goes back only to a record that had it, or by a pin.
fn check_revived(
    night: &Night,
    ids: &IdAssignments,
    before: &Registry,
    had: &BTreeSet<(String, String, UnifiedId)>,
) {
    let retired = |id| find_entry(&before.entries, id).is_some_and(|entry| entry.state != IdState::Live);
    let pinned: BTreeSet<UnifiedId> = night.settings.pins.iter().map(|pin| pin.1).collect();
    let mut rightly: BTreeMap<UnifiedId, bool> = BTreeMap::new();
    for ((source, key), &id) in night.names.iter().zip(&ids.id_of) {
        if retired(id) && !pinned.contains(&id) {
            let had = had.contains(&((*source).to_owned(), key.clone(), id));
            *rightly.entry(id).or_default() |= had;
        }
    }
    assert!(
        rightly.values().all(|is_right| *is_right),
        "an ID went to strangers"
    );
}

/// S3: the same night again, with pins and labels in another order, gives the same; as a new night it changes nothing.
fn check_again(night: &Night, first: &(IdAssignments, Registry), before: &Registry) {
    let (ids, after) = first;
    let mut settings = night.settings.clone();
    settings.pins.reverse();
    let other = Night {
        settings,
        names: night.names.clone(),
        labels: night.labels.iter().map(|label| 40 - label).collect(),
    };
    let (again, _) = other.run(before);
    assert_eq!(again.id_of, ids.id_of);
    assert_eq!((&again.entries, &again.former), (&ids.entries, &ids.former));
    assert_eq!((&again.events, &again.changes), (&ids.events, &ids.changes));
    let (next, _) = other.run(after);
    assert_eq!(next.id_of, ids.id_of);
    assert!(next.events.is_empty() && next.changes.is_empty());
    assert_eq!((&next.entries, &next.former), (&ids.entries, &ids.former));
}

/// The registry of an earlier run, with tombstones for what was issued since.
fn rolled_back(to: &Registry, issued: &BTreeSet<UnifiedId>) -> Registry {
    let mut registry = to.clone();
    for &id in issued {
        if find_entry(&to.entries, id).is_none() {
            registry.entries.push(RegistryEntry {
                id,
                birth_run: to.run + 1,
                state: IdState::Tombstone,
            });
        }
    }
    registry.entries.sort_by_key(|entry| entry.id);
    registry
}

/// How often histories came to what they are about.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    kinds: [u64; 8],
    late: u64,
    conflicts: u64,
    lists: u64,
    tombstones: u64,
    causes: [u64; 5],
}

impl Tally {
    fn count(&mut self, ids: &IdAssignments) {
        for event in &ids.events {
            self.kinds[event.kind as usize] += 1;
            self.causes[event.cause as usize] += 1;
        }
        self.late += ids.stale.len() as u64;
        self.conflicts += ids.conflicts.len() as u64;
        let count =
            |is: fn(&IdState) -> bool| ids.entries.iter().filter(|entry| is(&entry.state)).count() as u64;
        self.lists += count(|state| matches!(state, IdState::Split(_)));
        self.tombstones += count(|state| *state == IdState::Tombstone);
    }

    fn plus(mut self, other: Self) -> Self {
        self.kinds.iter_mut().zip(other.kinds).for_each(|(a, b)| *a += b);
        self.causes
            .iter_mut()
            .zip(other.causes)
            .for_each(|(a, b)| *a += b);
        self.late += other.late;
        self.conflicts += other.conflicts;
        self.lists += other.lists;
        self.tombstones += other.tombstones;
        self
    }

    fn least(&self) -> u64 {
        let others = [self.late, self.conflicts, self.lists, self.tombstones];
        let all = self.kinds.iter().chain(&self.causes).chain(&others);
        all.copied().min().unwrap_or(0)
    }
}

fn history(seed: u64) -> Tally {
    let mut tally = Tally::default();
    let mut draw = Draw(mix(seed, 0x5EED));
    let mut world = World::new(&mut draw);
    let mut runs = vec![Registry::default()];
    let mut issued = BTreeSet::new();
    let mut had = BTreeSet::new();
    for _ in 0..NIGHTS {
        let night = Night::draw(&mut draw, &world, &issued);
        let before = runs.last().expect("a history begins with an empty hub").clone();
        let first = night.run(&before);
        let (ids, after) = &first;
        check_clusters(&night, ids);
        check_registry(ids, &before, &issued);
        check_events(ids, &before);
        check_pins(&night, ids);
        check_revived(&night, ids, &before, &had);
        if before.run > 0 {
            assert_eq!(
                replay(crosswalk(&before), ids),
                crosswalk(after),
                "the feed leads elsewhere"
            );
        }
        if runs.len() % 2 == 0 {
            check_again(&night, &first, &before);
        }
        tally.count(ids);
        issued.extend(ids.entries.iter().map(|entry| entry.id));
        had.extend(after.members.iter().cloned());
        runs.push(after.clone());
        if runs.len() > 2 && draw.chance(8) {
            runs.truncate(1 + draw.below(runs.len() - 1));
            let last = runs.len() - 1;
            runs[last] = rolled_back(&runs[last], &issued);
        }
        world.change(&mut draw);
    }
    tally
}

#[test]
fn s1_s2_s3_s19_hold_over_ten_thousand_random_histories() {
    let tally = (0..HISTORIES)
        .into_par_iter()
        .map(history)
        .reduce(Tally::default, Tally::plus);
    assert!(tally.least() > 500, "too little happened: {tally:?}");
}

#[test]
fn s3_the_number_of_threads_changes_nothing() {
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        let pool = pool.expect("threads can be started");
        pool.install(|| {
            let mut draw = Draw(7);
            let mut world = World::new(&mut draw);
            let mut registry = Registry::default();
            let mut all = Vec::new();
            for _ in 0..40 {
                let night = Night::draw(&mut draw, &world, &BTreeSet::new());
                let (ids, after) = night.run(&registry);
                all.push((ids.id_of, ids.entries, ids.former, ids.events, ids.changes));
                registry = after;
                world.change(&mut draw);
            }
            all
        })
    };
    let one = run(1);
    assert!(run(2) == one && run(8) == one);
}

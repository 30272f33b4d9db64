//! Which subsidiary holds a record of a customer, since which night, and how soon it learns of changes.
//!
//! In: an entity without plans. Out: [`Plan`]s, one per record, and the nights at which names and addresses change.
//! Numbers of records per customer fall as a power law (most one, few twenty). Over several nights records appear and
//! vanish, customers move and are renamed; some subsidiaries hear of it late, some never.

use super::entity::Entity;
use super::entity::Kind;
use super::rng::Rng;
use super::world::World;

/// A change that a subsidiary never hears of.
const NEVER: i64 = 100_000;

/// One record of a customer in one source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Plan {
    /// Position of the source.
    pub(super) source: usize,
    /// First night on which the record is exported.
    pub(super) appears: u32,
    /// First night on which it is no longer exported.
    pub(super) vanishes: u32,
    /// Nights by which the source learns late of a change.
    pub(super) lag: i64,
}

impl Plan {
    /// True when the record is exported on `night`.
    pub(super) fn is_on(&self, night: u32) -> bool {
        self.appears <= night && night < self.vanishes
    }
}

/// The night of a change: before the first night, or during the nights when there are several.
pub(super) fn night_of_change(world: &World, rng: &mut Rng) -> i64 {
    if world.nights > 1 && rng.chance(500) {
        rng.between(2, i64::from(world.nights))
    } else {
        -rng.between(0, 30)
    }
}

/// Adds the plans of an entity's records.
pub(super) fn plan_records(world: &World, rng: &mut Rng, entity: &mut Entity) {
    let mut count = world.cluster_skew.pick(rng) + 1;
    if matches!(entity.kind, Kind::Person | Kind::SoleTrader) {
        // Persons trade with fewer subsidiaries than firms do.
        count = count.min(world.cluster_skew.pick(rng) + 3);
    }
    if entity.kind == Kind::Placeholder {
        count = 1;
    }
    for _ in 0..count {
        let mut plan = Plan {
            source: world.source_skew.pick(rng),
            appears: 1,
            vanishes: u32::MAX,
            lag: 0,
        };
        if world.nights > 1 {
            plan = over_nights(world, rng, plan);
        }
        plan.lag = match rng.below(100) {
            0..58 => 0,
            58..76 => rng.between(1, 5),
            _ => NEVER,
        };
        entity.plans.push(plan);
    }
}

fn over_nights(world: &World, rng: &mut Rng, mut plan: Plan) -> Plan {
    let last = i64::from(world.nights);
    if rng.chance(150) {
        plan.appears = u32::try_from(rng.between(2, last)).unwrap_or(1);
    }
    if rng.chance(50) && plan.appears < world.nights {
        plan.vanishes = u32::try_from(rng.between(i64::from(plan.appears) + 1, last)).unwrap_or(u32::MAX);
    }
    plan
}

#[cfg(test)]
mod tests {
    use super::Plan;
    use crate::synth::Locale;
    use crate::synth::groups::group;
    use crate::synth::world::World;

    #[test]
    fn most_customers_have_one_record_and_few_have_many() {
        let world = World::new(11, Locale::Zh, 6, 1);
        let sizes: Vec<usize> = (0..3000)
            .flat_map(|index| group(&world, index))
            .map(|entity| entity.plans.len())
            .collect();
        let single = sizes.iter().filter(|&&size| size == 1).count();
        assert!(single * 100 > sizes.len() * 60 && single * 100 < sizes.len() * 90);
        assert!(sizes.iter().any(|&size| size >= 12));
        assert!(sizes.iter().all(|&size| (1..=20).contains(&size)));
    }

    #[test]
    fn a_record_is_exported_from_its_first_to_its_last_night() {
        let plan = Plan {
            source: 0,
            appears: 2,
            vanishes: 4,
            lag: 0,
        };
        assert_eq!(
            [1, 2, 3, 4].map(|night| plan.is_on(night)),
            [false, true, true, false]
        );
    }
}

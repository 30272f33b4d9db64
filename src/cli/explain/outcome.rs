//! What became of a pair in the published run, and what of the other members of the two customers decided it.
//!
//! In: the pair, its weight and its conflicts. Out: [`Outcome`]. Where the pair alone does not explain what became of it, all
//! records are matched again, as the run did, and the clusters of the two are asked.

use super::case::Case;
use super::case::Conflict;
use super::decided;
use super::decided::Said;
use super::words::bits;
use crate::cluster::Between;
use crate::cluster::Constraint;
use crate::cluster::WeighedPair;
use crate::cluster::between;
use crate::cluster::constraint;
use crate::cluster::history;
use crate::model::Claim;
use crate::model::MatchWeight;
use crate::model::RecordIndex;
use crate::table::Clusters;
use serde::Serialize;

/// What became of the pair.
#[derive(Debug, Serialize)]
pub(super) struct Outcome {
    #[serde(skip)]
    records: [String; 2],
    /// Id of the published run; `null` when there is none.
    pub(super) run_id: Option<String>,
    /// Published IDs; `null` for a record that the run did not have.
    pub(super) unified_ids: [Option<String>; 2],
    /// Are the two one customer: in the published run, else by tonight's clusters?
    pub(super) is_one: bool,
    pub(super) reason: Reason,
    /// What stewards said of the two, or of other members where that decided.
    pub(super) decisions: Vec<Said>,
    /// What lies between the groups of the two, where the pair alone does not explain the outcome: the groups that were joined
    /// when the two became one, or the customers that stay apart.
    pub(super) groups: Option<Groups>,
}

impl Outcome {
    /// Would the two be one customer if the pair weighed `after` instead of `before`?
    pub(super) fn would_join(&self, case: &Case, before: MatchWeight, after: MatchWeight) -> bool {
        let settings = case.cluster_settings();
        let Some(groups) = &self.groups else {
            return after >= settings.cut;
        };
        let most = settings.weight_max;
        let counted = |weight: MatchWeight| i64::from(weight.0.clamp(-most.0, most.0));
        let link = &groups.link;
        let average = i64::from(MatchWeight::from_bits(link.average_bits).0);
        let sum = average * link.pairs as i64 - counted(before) + counted(after);
        // A conflict of the pair itself is asked of the changed pair.
        let is_of_others = |found: &ConflictPair| {
            let of = &self.records;
            ![&of[0], &of[1]]
                .iter()
                .all(|name| **name == found.pair.a || **name == found.pair.b)
        };
        sum >= i64::from(settings.cut.0) * link.pairs as i64 && !link.conflicts.iter().any(is_of_others)
    }
}

/// Why the outcome is what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Reason {
    /// The pair itself reaches the cut.
    Weight,
    /// The pair is below the cut; other members joined the two.
    OtherMembers,
    /// A steward said so, of the pair or of other members.
    Decision,
    /// A level of the pair itself never lets two records be one customer.
    Conflict,
    /// The two have registered names of two customers, and nothing ties them: no identifier, no record of either name.
    OtherName,
    /// The pair is below the cut.
    BelowCut,
    /// At or above the cut, and the average over all members is not.
    Average,
    /// At or above the cut, and two other members may never be one customer.
    ConflictOfMembers,
    /// At or above the cut, and no rule made it a candidate, so that nobody weighed it.
    NoRule,
    /// At or above the cut, among so many records that they were not judged as a whole.
    Size,
    /// The exports or the model are no longer those of the published run.
    Changed,
}

/// Two groups of records and what lies between.
#[derive(Debug, Serialize)]
pub(super) struct Groups {
    pub(super) members: [Vec<String>; 2],
    #[serde(flatten)]
    pub(super) link: Link,
}

/// What lies between two groups, with names.
#[derive(Debug, Serialize)]
pub(super) struct Link {
    pub(super) pairs: u64,
    pub(super) pairs_at_cut: u64,
    pub(super) average_bits: f64,
    pub(super) strongest: NamedPair,
    pub(super) weakest: NamedPair,
    pub(super) conflicts: Vec<ConflictPair>,
}

/// One pair with names.
#[derive(Debug, Serialize)]
pub(super) struct NamedPair {
    pub(super) a: String,
    pub(super) b: String,
    pub(super) weight_bits: f64,
}

/// Two records that may never be one customer.
#[derive(Debug, Serialize)]
pub(super) struct ConflictPair {
    #[serde(flatten)]
    pub(super) pair: NamedPair,
    pub(super) conflicts: Vec<Conflict>,
}

pub(super) fn named(case: &Case, pair: WeighedPair) -> NamedPair {
    NamedPair {
        a: case.name(pair.left),
        b: case.name(pair.right),
        weight_bits: bits(pair.weight),
    }
}

pub(super) fn link(case: &Case, between: &Between) -> Link {
    Link {
        pairs: between.pairs,
        pairs_at_cut: between.pairs_at_cut,
        average_bits: bits(between.average),
        strongest: named(case, between.strongest),
        weakest: named(case, between.weakest),
        conflicts: between
            .conflicts
            .iter()
            .map(|pair| ConflictPair {
                pair: named(case, *pair),
                conflicts: case.conflicts(pair.left, pair.right),
            })
            .collect(),
    }
}

pub(super) fn outcome(
    case: &Case,
    (left, right): (RecordIndex, RecordIndex),
    weight: MatchWeight,
    conflicts: &[Conflict],
    is_candidate: bool,
) -> Outcome {
    let ids = [left, right].map(|record| case.id_of(record));
    let published = match ids {
        [Some(a), Some(b)] => Some(a == b),
        _ => None,
    };
    let is_heavy = weight >= case.cluster_settings().cut;
    let mut decisions = decided::between(case, &[left], &[right]);
    let word = case.matching.decisions();
    let (is_one, reason, groups) = match published {
        Some(false) if word.parts(&[left], &[right]) => (false, Reason::Decision, None),
        Some(true) if word.joins(left, right) && !(is_heavy && conflicts.is_empty()) => {
            (true, Reason::Decision, None)
        }
        Some(true) if is_heavy && conflicts.is_empty() => (true, Reason::Weight, None),
        Some(false) if !conflicts.is_empty() => (false, conflict(case, (left, right)), None),
        Some(false) if !is_heavy => (false, Reason::BelowCut, None),
        _ => {
            let found = by_groups(case, (left, right), published, is_heavy, conflicts, is_candidate);
            if decisions.is_empty() {
                decisions = found.3;
            }
            (found.0, found.1, found.2)
        }
    };
    Outcome {
        records: [case.name(left), case.name(right)],
        run_id: case.published.map(|published| published.run_id.clone()),
        unified_ids: ids.map(|id| id.map(|id| id.to_string())),
        is_one,
        reason,
        decisions,
        groups,
    }
}

/// Why a pair whose levels keep it apart stays apart.
fn conflict(case: &Case, (left, right): (RecordIndex, RecordIndex)) -> Reason {
    let comparisons = case.matching.comparisons();
    match comparisons.claim(comparisons.vector(left.min(right), left.max(right))) {
        Claim::OtherName => Reason::OtherName,
        _ => Reason::Conflict,
    }
}

/// The outcome by the clusters of all records.
fn by_groups(
    case: &Case,
    (left, right): (RecordIndex, RecordIndex),
    published: Option<bool>,
    is_heavy: bool,
    conflicts: &[Conflict],
    is_candidate: bool,
) -> (bool, Reason, Option<Groups>, Vec<Said>) {
    let (matched, settings) = case.match_records();
    let clusters = &matched.clustering.clusters;
    let judge = |a, b| case.judge(a, b);
    let is_one = clusters.label(left) == clusters.label(right);
    if published.is_some_and(|published| published != is_one) {
        return (!is_one, Reason::Changed, None, Vec::new());
    }
    if is_one {
        let members = members(clusters, left);
        let joins = |group: &[RecordIndex], record| group.contains(&record);
        let merge = history(&settings, &members, &judge).into_iter().find(|merge| {
            (joins(&merge.left, left) && joins(&merge.right, right))
                || (joins(&merge.left, right) && joins(&merge.right, left))
        });
        let reason = if is_heavy && conflicts.is_empty() {
            Reason::Weight
        } else {
            Reason::OtherMembers
        };
        let groups = merge.map(|merge| groups(case, [&merge.left, &merge.right], &merge.between));
        return (true, reason, groups, Vec::new());
    }
    let sides = [members(clusters, left), members(clusters, right)];
    let between = between(&settings, &sides[0], &sides[1], &judge);
    let said = decided::between(case, &sides[0], &sides[1]);
    let is_parted = case.matching.decisions().parts(&sides[0], &sides[1]);
    let reason = match between.as_ref().map(|between| constraint(&settings, between)) {
        _ if !conflicts.is_empty() => conflict(case, (left, right)),
        _ if is_parted => Reason::Decision,
        _ if !is_heavy => Reason::BelowCut,
        Some(Constraint::Conflict) => Reason::ConflictOfMembers,
        Some(Constraint::Average) => Reason::Average,
        _ if !is_candidate => Reason::NoRule,
        _ => Reason::Size,
    };
    let groups = between.map(|between| groups(case, [&sides[0], &sides[1]], &between));
    (false, reason, groups, said)
}

fn groups(case: &Case, members: [&[RecordIndex]; 2], between: &Between) -> Groups {
    Groups {
        members: members.map(|members| members.iter().map(|&record| case.name(record)).collect()),
        link: link(case, between),
    }
}

/// Records of a record's cluster, ascending.
pub(super) fn members(clusters: &Clusters, record: RecordIndex) -> Vec<RecordIndex> {
    let own = clusters.label(record);
    let all = (0..clusters.len() as u32).map(RecordIndex);
    all.filter(|&of| clusters.label(of) == own).collect()
}

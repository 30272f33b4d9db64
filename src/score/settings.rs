//! Every number of scoring that is neither learned from the pairs nor given by a steward.
//!
//! In: nothing. Out: [`Settings`] with their defaults. Why a number is as it is, is told by the registry that a job moves them
//! through (`guiyi list tuning`); what it does is told here.

/// How weights are learned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Seed of the random pairs.
    pub seed: u64,
    /// Random pairs compared to learn u; all pairs when there are fewer.
    pub random_pairs: u32,
    /// Rounds of EM after which it stops, converged or not.
    pub rounds_max: u32,
    /// Change of the largest probability below which EM has converged.
    pub change_min: f64,
    /// Smallest m of the lowest level, so that one changed field never decides alone.
    pub m_min: f64,
    /// Smallest m of the levels above it.
    pub m_min_between: f64,
    /// Smallest m of a level at which two records are never one customer.
    pub m_min_conflict: f64,
    /// Matches that each comparison is given before any is seen; keeps levels that never occur from being impossible.
    pub pseudo_matches: f64,
    /// Kin and neighbours that each comparison is given before any is seen: many, since few files teach what they are.
    pub pseudo_circle: f64,
    /// Share of matches among the pairs of a rule before the first round.
    pub start_matches: f64,
    /// Share of kin and of neighbours among them.
    pub start_circle: f64,
    /// Bits by which a level's first m falls below that of the next higher one.
    pub start_step_bits: f64,
    /// First m of a level at which two records are never one customer, beside 1 for the highest.
    pub start_conflict: f64,
    /// First share of kin whose names are what relatives show.
    pub start_kin_names: f64,
    /// First share of kin whose other shared values agree.
    pub start_kin_values: f64,
    /// First share of neighbours whose shared values agree.
    pub start_neighbours: f64,
    /// Rounds of taking expected matches out of u.
    pub corrections: u32,
    /// A rule teaches only with this many pairs; fewer leave EM to chance.
    pub pairs_min: u64,
    /// Share of matches, and of others, that a rule's pairs have at least; beyond it EM has drifted and learned noise.
    pub drift_min: f64,
    /// Bits that the comparisons of the customer's own values must tell on average before kin and neighbours can be told
    /// from matches by them: a birth date or an identifier does, a gender does not.
    pub own_bits_min: f64,
    /// Rounds in which kin, neighbours and the shares of the kinds are learned.
    pub circle_rounds_max: u32,
    /// Relative change of those shares below which they stand.
    pub circle_change_min: f64,
    /// Largest share of a kind among all pairs of records.
    pub prior_max: f64,
    /// Expected pairs beyond which a rule's word does not grow louder.
    pub heard_max: f64,
    /// Expected pairs below which what a rule learned is chance.
    pub heard_min: f64,
    /// Most bits that the rarity of one value may give.
    pub term_bits_max: f64,
    /// Largest θ of Ewens' formula: how diverse the values are that a file may lack.
    pub diversity_max: f64,
    /// Records of another file that the first opinion of a level's chance is worth.
    pub chance_records: f64,
    /// Matches that each record is thought to have before any pair is seen.
    pub start_matches_per_record: f64,
    /// Pairs that this opinion is worth.
    pub start_pairs: f64,
    /// Calibration: evidence looked at, in whole bits on both sides of zero.
    pub evidence_bits_max: u32,
    /// Calibration: offsets tried, up to this many bits either way.
    pub offset_bits_max: f64,
    /// Calibration: pairs below which a comparison is not asked.
    pub asked_pairs_min: u64,
    /// Pairs without a label that one labelled pair counts as.
    pub label_pairs: f64,
    /// Largest share of labelled pairs in what a comparison learns.
    pub label_share_max: f64,
    /// Labels that the offset of calibration is worth when labels refine it.
    pub label_offset_prior: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            seed: 20_260_101,
            random_pairs: 200_000,
            rounds_max: 50,
            change_min: 1e-4,
            m_min: 0.01,
            m_min_between: 0.0025,
            m_min_conflict: 0.001,
            pseudo_matches: 0.5,
            pseudo_circle: 20.0,
            start_matches: 0.2,
            start_circle: 0.05,
            start_step_bits: 0.6,
            start_conflict: 0.005,
            start_kin_names: 0.6,
            start_kin_values: 0.3,
            start_neighbours: 0.6,
            corrections: 2,
            pairs_min: 50,
            drift_min: 0.001,
            own_bits_min: 3.0,
            circle_rounds_max: 40,
            circle_change_min: 1e-3,
            prior_max: 0.3,
            heard_max: 20_000.0,
            heard_min: 1.0,
            term_bits_max: 24.0,
            diversity_max: 100_000.0,
            chance_records: 32.0,
            start_matches_per_record: 0.1,
            start_pairs: 100.0,
            evidence_bits_max: 12,
            offset_bits_max: 8.0,
            asked_pairs_min: 100,
            label_pairs: 20.0,
            label_share_max: 0.15,
            label_offset_prior: 30.0,
        }
    }
}

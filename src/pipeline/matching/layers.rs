//! What each layer of judgement makes of the records: the model alone, with its rules, with the word of stewards.
//!
//! In: the evidence of a run. Out: one partition a layer ([`Layers`]), published beside the unified IDs, so that an auditor sees
//! where a customer was parted or joined by something other than weights. What stood last night and which IDs lasted is
//! the last layer: the IDs themselves.

use crate::cluster;
use crate::cluster::Clustering;
use crate::cluster::Evidence;
use crate::cluster::Judgement;
use crate::cluster::Links;
use crate::cluster::Settings;
use crate::cluster::Standing;
use crate::model::Claim;
use crate::model::RecordIndex;
use crate::table::Layers;

/// The layers below `clustering`, which came of `evidence` with all its links.
pub(super) fn layers(
    settings: &Settings,
    records: usize,
    evidence: &Evidence,
    clustering: &Clustering,
) -> Layers {
    let (no_links, no_past) = (Links::default(), Standing::default());
    let judge = |left: RecordIndex, right: RecordIndex| Judgement {
        claim: Claim::Nothing,
        ..(evidence.judge)(left, right)
    };
    let of_model = Evidence {
        judge: &judge,
        claim: &|_| Claim::Nothing,
        links: &no_links,
        standing: &no_past,
        ..*evidence
    };
    let of_rules = Evidence {
        links: &no_links,
        standing: &no_past,
        ..*evidence
    };
    let of_stewards = Evidence {
        standing: &no_past,
        ..*evidence
    };
    let clusters = |evidence: &Evidence| cluster::cluster(settings, records, evidence).clusters;
    let has_links = !evidence.links.is_empty();
    // A layer that changes nothing needs no clustering of its own.
    let stewards = match evidence.standing.is_empty() {
        true => clustering.clusters.clone(),
        false => clusters(&of_stewards),
    };
    let rules = match has_links {
        true => clusters(&of_rules),
        false => stewards.clone(),
    };
    Layers {
        model: clusters(&of_model),
        rules,
        stewards,
    }
}

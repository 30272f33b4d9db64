//! The review queue as it is published: what is asked, and since when.
//!
//! In: tonight's questions, tonight's IDs, the questions of the last run. Out: [`ReviewItem`]s with the run that asked each first. A question is about customers, not about the pair of records that happens to stand for it: it is the same as last night's
//! when both, in tonight's IDs, are about the same customers. A question that was away for a night begins anew.

use crate::model::RecordIndex;
use crate::model::UnifiedId;
use crate::pipeline::Matched;
use crate::pipeline::Place;
use crate::pipeline::Prepared;
use crate::pipeline::decisions;
use crate::publish::ReviewItem;
use crate::publish::read_questions;
use crate::quality::QuestionFact;
use crate::table::IdAssignments;
use std::collections::BTreeMap;

/// The customers of a question in order, and whether it is about one record alone.
type Matter = (UnifiedId, UnifiedId, bool);

/// Every question, those about earlier decisions first.
pub(super) fn items(
    place: &Place,
    prepared: &Prepared,
    matched: &Matched,
    ids: &IdAssignments,
) -> Vec<ReviewItem> {
    let party = prepared.standard.column("party");
    let name = |record| party.map_or_else(String::new, |party| party.text_of(record));
    // What a steward has decided before is asked first.
    let mut items = decisions::questions(&matched.stale, name);
    items.extend(matched.review.items.iter().map(|item| ReviewItem {
        left: item.left,
        right: item.right,
        weight: item.weight,
        pairs: item.pairs,
        reason: item.doubt.as_str(),
        names: [name(item.left), name(item.right)],
        since_run: 0,
    }));
    let since = asked_before(place, prepared, ids);
    for item in &mut items {
        let matter = matter(ids, [item.left, item.right]);
        item.since_run = since.get(&matter).copied().unwrap_or(place.registry.run + 1);
    }
    items
}

fn matter(ids: &IdAssignments, records: [RecordIndex; 2]) -> Matter {
    let [a, b] = records.map(|record| ids.id_of[record.at()]);
    (a.min(b), a.max(b), records[0] == records[1])
}

/// When the questions of the last run were asked first, the oldest of those about the same customers. Figures alone rest on it: a
/// table that cannot be read makes every question new, and is found by `guiyi verify`.
fn asked_before(place: &Place, prepared: &Prepared, ids: &IdAssignments) -> BTreeMap<Matter, u32> {
    let mut since: BTreeMap<Matter, u32> = BTreeMap::new();
    let past = place.last.and_then(|run| read_questions(run).ok());
    for question in past.unwrap_or_default() {
        let find = |(source, key): &(String, String)| prepared.ingested.records.find(source, key);
        let [Some(a), Some(b)] = question.records.each_ref().map(find) else {
            continue;
        };
        let first = since.entry(matter(ids, [a, b])).or_insert(question.since_run);
        *first = question.since_run.min(*first);
    }
    since
}

/// What figures need of the questions.
pub(super) fn facts(items: &[ReviewItem]) -> Vec<QuestionFact> {
    let fact = |item: &ReviewItem| QuestionFact {
        reason: item.reason,
        since_run: item.since_run,
    };
    items.iter().map(fact).collect()
}

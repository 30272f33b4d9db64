//! The first sheet: what the first screen of the page says.

use super::Cell;
use super::Sheet;
use super::count;
use super::share;
use super::sheet;
use super::text;
use crate::report::sections::Context;

/// Facts of the run, key figures, queue, what is not passed, warnings and notices: a row each.
pub(super) fn overview(context: Context<'_>) -> Sheet {
    let (m, quality) = (context.m, context.quality);
    let (run, key, queue) = (&quality.run, &quality.key_figures, &quality.review);
    let status = if run.is_published {
        m.published
    } else {
        m.held_back
    };
    let plain = |label: &str, value: Cell| vec![text(label), value, Cell::Empty, Cell::Empty, Cell::Empty];
    let shared = |label: &str, of| {
        let [part, whole, fraction] = share(of);
        vec![text(label), Cell::Empty, part, whole, fraction]
    };
    let mut rows = vec![
        plain(m.title, text(status)),
        plain(m.run, count(u64::from(run.run_number))),
        plain(m.day, text(run.day.as_str())),
        plain(m.job, text(run.job.as_str())),
        plain(m.rows_read, count(key.rows_read)),
        plain(m.rows_rejected, count(key.rows_rejected)),
        plain(m.records, count(key.records)),
        plain(m.unified_ids, count(key.unified_ids)),
        plain(m.shared_ids, count(key.shared_ids)),
        shared(m.completeness, key.completeness),
        shared(m.redundant, key.redundant),
        shared(m.affected, key.affected),
        plain(m.queue_waits, count(queue.items)),
    ];
    let age = [
        (m.queue_oldest, queue.oldest_days),
        (m.queue_median, queue.median_days),
    ];
    rows.extend(age.iter().filter_map(|(label, days)| {
        Some(plain(
            &format!("{}{}{label}{}{}", m.queue_waits, m.comma, m.comma, m.days),
            count((*days)?),
        ))
    }));
    rows.extend(quality.relations.by_kind.iter().map(|of| {
        let label = format!("{}{}{}", m.relations, m.colon, m.relation(&of.kind));
        plain(&label, count(of.relations))
    }));
    rows.push(plain(m.conflicts, count(quality.conflicts.customers)));
    rows.extend(quality.gates_failed.iter().filter_map(|gate| {
        let source = &quality.sources.get(gate.source)?.name;
        let label = format!("{}{}{source}", m.gates_failed, m.colon);
        let [part, whole, fraction] = share(gate.share);
        let measure = text(context.measure_label(&gate.measure));
        Some(vec![text(label), measure, part, whole, fraction])
    }));
    let told = [
        (m.reasons, &run.reasons),
        (m.unreadable, &run.unreadable_sources),
        (m.warnings, &run.warnings),
        (m.notices, &run.notices),
    ];
    for (label, texts) in told {
        rows.extend(texts.iter().map(|told| plain(label, text(told.as_str()))));
    }
    let columns = [
        ("item", m.item),
        ("value", m.value),
        ("numerator", m.numerator),
        ("denominator", m.denominator),
        ("share", m.share_of_total),
    ];
    sheet("overview", m.overview, false, &columns, rows)
}

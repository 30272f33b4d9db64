//! Two auditors on the same items, and several verdicts on the same evidence.
//!
//! In: a table of how often two auditors answered what, or p-values. Out: Cohen's kappa (1960), or which hypotheses Holm's step-down
//! procedure (1979) rejects.

/// Kappa of a square table, `counts[a][b]` = items that the first auditor answered `a` and the second `b`; `None` without items or
/// when chance alone explains all (both gave one answer only).
pub fn cohen_kappa(counts: &[Vec<u64>]) -> Option<f64> {
    let all: u64 = counts.iter().flatten().sum();
    let all = (all > 0).then_some(all as f64)?;
    let agreed: u64 = counts
        .iter()
        .enumerate()
        .filter_map(|(at, row)| row.get(at))
        .sum();
    let by_chance: f64 = (0..counts.len())
        .map(|at| {
            let row: u64 = counts[at].iter().sum();
            let column: u64 = counts.iter().filter_map(|row| row.get(at)).sum();
            row as f64 / all * (column as f64 / all)
        })
        .sum();
    let observed = agreed as f64 / all;
    (by_chance < 1.0).then(|| (observed - by_chance) / (1.0 - by_chance))
}

/// Per p-value: is its hypothesis rejected, with an overall risk of at most `alpha`?
pub fn holm(p_values: &[f64], alpha: f64) -> Vec<bool> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|a, b| p_values[*a].total_cmp(&p_values[*b]));
    let mut rejected = vec![false; p_values.len()];
    for (rank, at) in order.into_iter().enumerate() {
        if p_values[at] > alpha / (p_values.len() - rank) as f64 {
            break;
        }
        rejected[at] = true;
    }
    rejected
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kappa_of_a_textbook_table() {
        // 20 both yes, 15 both no, 5 and 10 apart: observed .7, by chance .5.
        let kappa = cohen_kappa(&[vec![20, 5], vec![10, 15]]).unwrap();
        assert!((kappa - 0.4).abs() < 1e-12, "{kappa}");
        assert_eq!(cohen_kappa(&[vec![9, 0], vec![0, 0]]), None);
        assert_eq!(cohen_kappa(&[]), None);
        assert_eq!(cohen_kappa(&[vec![5, 0], vec![0, 5]]), Some(1.0));
    }

    #[test]
    fn q17_holm_steps_down_and_stops() {
        assert_eq!(holm(&[0.01, 0.04, 0.03, 0.005], 0.05), [true, false, false, true]);
        assert_eq!(holm(&[0.04], 0.05), [true]);
        assert!(holm(&[], 0.05).is_empty());
    }
}

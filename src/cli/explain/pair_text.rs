//! The answer for a pair as text, and as the picture of its waterfall.

use super::outcome::Groups;
use super::outcome::NamedPair;
use super::outcome::Reason;
use super::pair::Change;
use super::pair::ComparisonAnswer;
use super::pair::PairAnswer;
use super::pair::Weighed;
use super::words::CELL_WIDTH;
use super::words::bar;
use super::words::left;
use super::words::right;
use super::words::signed;
use super::words::wrapped;
use crate::model::Language;
use crate::model::MatchWeight;
use crate::report::WaterfallPicture;
use crate::report::WaterfallStep;

const NAME_WIDTH: usize = 22;

/// The text of an answer.
pub(super) fn text(answer: &PairAnswer, language: Language) -> String {
    let mut lines = Vec::new();
    values(answer, language, &mut lines);
    lines.push(String::new());
    evidence(answer, language, &mut lines);
    lines.push(String::new());
    let none = language.choose("no rule", "无");
    let rules = if answer.blocking_rules.is_empty() {
        none.to_owned()
    } else {
        answer.blocking_rules.join(", ")
    };
    lines.push(format!(
        "{}: {rules}",
        language.choose("blocking rules", "分块规则")
    ));
    for conflict in &answer.conflicts {
        let what = language.choose("hard conflict", "硬冲突");
        lines.push(format!("{what}: {}: {}", conflict.label, conflict.level));
    }
    outcome(answer, language, &mut lines);
    changes(answer, language, &mut lines);
    if answer.is_model_new {
        let note = language.choose(
            "note: no published model fits this job; it was learned for this answer",
            "注：没有适用于本作业的已发布模型，为本次解释临时学习",
        );
        lines.push(note.to_owned());
    }
    let lines: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
    lines.join("\n")
}

/// The values side by side, one comparison after another.
fn values(answer: &PairAnswer, language: Language, lines: &mut Vec<String>) {
    let row = |name: &str, a: &str, b: &str, lines: &mut Vec<String>| {
        let (a, b) = (wrapped(a, CELL_WIDTH), wrapped(b, CELL_WIDTH));
        for at in 0..a.len().max(b.len()) {
            let cell = |cells: &[String]| cells.get(at).cloned().unwrap_or_default();
            let name = if at == 0 { name } else { "" };
            let line = format!(
                "{} {}  {}",
                left(name, NAME_WIDTH),
                left(&cell(&a), CELL_WIDTH),
                cell(&b)
            );
            lines.push(line.trim_end().to_owned());
        }
    };
    let [a, b] = &answer.records;
    row(language.choose("values", "标准值"), a, b, lines);
    for comparison in &answer.comparisons {
        for of in &comparison.values {
            let cell = |side: usize| match (&*of.values[side], of.standing[side]) {
                ("", _) => "–".to_owned(),
                (value, "valid" | "repaired") => value.to_owned(),
                (value, standing) => format!("{value} ({standing})"),
            };
            if of.values.iter().all(String::is_empty) {
                continue;
            }
            row(comparison.comparison, &cell(0), &cell(1), lines);
            if of.parts.iter().any(|parts| parts.len() > 1) {
                row("", &of.parts[0].join(" · "), &of.parts[1].join(" · "), lines);
            }
        }
    }
}

/// Weights against the three kinds, with bars of the kind that decides.
fn evidence(answer: &PairAnswer, language: Language, lines: &mut Vec<String>) {
    let head = [
        language.choose("strangers", "陌生方"),
        language.choose("kin", "关联方"),
        language.choose("neighbours", "邻近方"),
    ];
    let head: String = head.map(|word| right(word, 11)).concat();
    lines.push(format!(
        "{}{head}",
        left(language.choose("bits against", "对照（比特）"), NAME_WIDTH)
    ));
    let row = |name: &str, weighed: Weighed, label: &str| {
        let cells: String = weighed.all().map(|bits| right(&signed(bits), 11)).concat();
        let bar = bar(weighed.against(answer.decided_by));
        format!("{}{cells}  {bar}  {label}", left(name, NAME_WIDTH))
    };
    let before = language.choose("two records before comparing", "比较之前的任意两条记录");
    let calibration = language.choose("calibration", "其中校准");
    let before = format!("{before} ({calibration} {})", signed(answer.calibration_bits));
    lines.push(row("prior", answer.prior, &before));
    for comparison in answer.comparisons.iter().filter(|of| of.level.is_some()) {
        lines.push(row(
            comparison.comparison,
            comparison.weight_bits,
            &level(comparison, language),
        ));
    }
    lines.push(row("total", answer.totals, ""));
    let missing: Vec<&str> = answer
        .comparisons
        .iter()
        .filter(|of| of.level.is_none())
        .map(|of| of.comparison)
        .collect();
    if !missing.is_empty() {
        let what = language.choose("nothing to compare", "缺少可比较的值");
        lines.push(format!("{what}: {}", missing.join(", ")));
    }
    if answer.is_household {
        let note = language.choose(
            "note: names wholly different, nothing of their own agrees: a household is held to be as likely as one customer",
            "注：姓名均不同，且没有本人专有的信息相同：同住一户的可能至少与同一客户相当",
        );
        lines.push(note.to_owned());
    }
    let (weight, cut) = (
        language.choose("weight", "权重"),
        language.choose("cut", "分界线"),
    );
    let decided = language.choose("decided by", "起决定作用的对照");
    lines.push(format!(
        "{weight}: {}  ({decided}: {}, {}; {cut} {})",
        signed(answer.weight_bits),
        answer.decided_by_label,
        signed(answer.totals.against(answer.decided_by)),
        signed(answer.cut_bits),
    ));
}

/// The level's label, and who carries the value where that set the weight.
fn level(comparison: &ComparisonAnswer, language: Language) -> String {
    let Some(frequency) = &comparison.frequency else {
        return comparison.level_label.clone();
    };
    let count = frequency.carriers;
    let (en, zh) = match frequency.counted_by {
        "names" => ("names", "个不同名称"),
        _ => ("records", "条记录"),
    };
    let en = if count == 1 { &en[..en.len() - 1] } else { en };
    let carried = match language {
        Language::En => format!("value carried by {count} {en}"),
        Language::Zh => format!("该值见于 {count} {zh}"),
    };
    format!("{} ({carried})", comparison.level_label)
}

fn outcome(answer: &PairAnswer, language: Language, lines: &mut Vec<String>) {
    let outcome = &answer.outcome;
    let run = outcome.run_id.as_deref();
    let place = run.unwrap_or(language.choose("no published run", "尚无已发布的运行"));
    let ids = outcome
        .unified_ids
        .each_ref()
        .map(|id| id.as_deref().unwrap_or("–"));
    let verdict = match outcome.is_one {
        true => language.choose("one customer", "同一客户"),
        false => language.choose("two customers", "不同客户"),
    };
    let ids = if ids[0] == ids[1] {
        ids[0].to_owned()
    } else {
        ids.join(" / ")
    };
    lines.push(format!(
        "{}: {verdict}, {ids} ({place})",
        language.choose("outcome", "结果")
    ));
    lines.push(format!("  {}", reason(outcome.reason, language)));
    lines.extend(outcome.decisions.iter().map(|said| said.line(language)));
    if let Some(groups) = &outcome.groups {
        between(groups, language, lines);
    }
}

fn reason(reason: Reason, language: Language) -> &'static str {
    let (en, zh) = match reason {
        Reason::Weight => ("the pair itself reaches the cut", "该对自身达到分界线"),
        Reason::OtherMembers => (
            "the pair alone is below the cut; the other members joined the two",
            "该对自身未达分界线，由其他成员联结",
        ),
        Reason::Decision => ("a steward decided it", "由人工裁决"),
        Reason::Conflict => ("a hard conflict keeps the two apart", "存在硬冲突，不合并"),
        Reason::OtherName => (
            "two registered names, and neither an identifier nor another record ties them",
            "名称不同且无证件号或其他记录相联系，不合并",
        ),
        Reason::BelowCut => ("the pair is below the cut", "该对未达分界线"),
        Reason::Average => (
            "the pair reaches the cut; the average over all members of the two customers does not",
            "该对达到分界线，但两个客户全部成员之间的平均权重未达到",
        ),
        Reason::ConflictOfMembers => (
            "the pair reaches the cut; a hard conflict of other members keeps the two customers apart",
            "该对达到分界线，但其他成员之间存在硬冲突",
        ),
        Reason::NoRule => (
            "the pair would reach the cut, but no blocking rule made it a candidate",
            "该对可达分界线，但没有分块规则使其成为候选",
        ),
        Reason::Size => (
            "the pair reaches the cut; the records around it were too many to be judged as a whole",
            "该对达到分界线，但相连的记录过多，未整体判断",
        ),
        Reason::Changed => (
            "by the exports and the model as they are now it would be otherwise; run the job again",
            "按当前的导出文件和模型，结果会不同；请重新运行作业",
        ),
    };
    match language {
        Language::En => en,
        Language::Zh => zh,
    }
}

/// What lies between two groups, in lines.
fn between(groups: &Groups, language: Language, lines: &mut Vec<String>) {
    let link = &groups.link;
    let [a, b] = groups.members.each_ref().map(|members| members.join(" + "));
    lines.push(format!("  {a}  ↔  {b}"));
    lines.push(format!("  {}", link_text(link, language)));
    for found in &link.conflicts {
        let reasons = found
            .conflicts
            .iter()
            .map(|of| format!("{}: {}", of.label, of.level));
        let reasons: Vec<String> = reasons.collect();
        let what = language.choose("hard conflict", "硬冲突");
        lines.push(format!(
            "  {what}: {} ↔ {}: {}",
            found.pair.a,
            found.pair.b,
            reasons.join(", ")
        ));
    }
}

/// What lies between two groups, in one line.
pub(super) fn link_text(link: &super::outcome::Link, language: Language) -> String {
    let pair = |pair: &NamedPair| format!("{} ↔ {} {}", pair.a, pair.b, signed(pair.weight_bits));
    let (average, count, at_cut) = (signed(link.average_bits), link.pairs, link.pairs_at_cut);
    let (strongest, weakest) = (pair(&link.strongest), pair(&link.weakest));
    if count == 1 {
        return match language {
            Language::En => format!("one pair: {strongest}"),
            Language::Zh => format!("仅一对：{strongest}"),
        };
    }
    match language {
        Language::En => format!(
            "average {average} over {count} pairs, {at_cut} at the cut; strongest {strongest}; weakest {weakest}"
        ),
        Language::Zh => {
            format!("{count} 对平均 {average}，其中 {at_cut} 对达到分界线；最强 {strongest}；最弱 {weakest}")
        }
    }
}

fn changes(answer: &PairAnswer, language: Language, lines: &mut Vec<String>) {
    lines.push(String::new());
    let apart = answer.weight_bits - answer.cut_bits;
    let below = (apart < 0.0).then_some(-apart);
    let (en, zh) = match (answer.outcome.is_one, answer.conflicts.is_empty(), below) {
        (true, _, None) => (
            format!("what would part the two; the pair is {apart:.2} bits above the cut:"),
            format!("怎样才会分开（该对高出分界线 {apart:.2} 比特）："),
        ),
        (true, _, Some(_)) => (
            "what would part the two, which other members hold together:".to_owned(),
            "怎样才会分开（由其他成员联结）：".to_owned(),
        ),
        (false, _, Some(lacks)) => (
            format!("what would join the two; the pair lacks {lacks:.2} bits:"),
            format!("怎样才会合并（该对还差 {lacks:.2} 比特）："),
        ),
        (false, false, None) => (
            "what would join the two, which have the weight but a conflict:".to_owned(),
            "怎样才会合并（权重已够，但有硬冲突）：".to_owned(),
        ),
        (false, true, None) => (
            "what would join the two; the pair has the weight, the other members count too:".to_owned(),
            "怎样才会合并（该对权重已够，还要看其他成员）：".to_owned(),
        ),
    };
    let head = match language {
        Language::En => en,
        Language::Zh => zh,
    };
    lines.push(head);
    if answer.changes.is_empty() {
        let none = language.choose("no other level of one comparison", "单改一项无济于事");
        lines.push(format!("  {none}"));
    }
    lines.extend(answer.changes.iter().map(|change| line(change, language)));
}

fn line(change: &Change, language: Language) -> String {
    let verdict = match change.is_match {
        true => language.choose("merged", "合并"),
        false => language.choose("apart", "不合并"),
    };
    format!(
        "  {}{} → {}  {verdict}   {} → {}",
        left(change.comparison, NAME_WIDTH),
        right(&signed(change.adds_bits), 8),
        right(&signed(change.weight_bits), 8),
        change.from,
        change.to
    )
}

/// The waterfall against the deciding kind.
pub(super) fn picture(answer: &PairAnswer, language: Language) -> WaterfallPicture {
    let millibits = |bits: f64| MatchWeight::from_bits(bits).0;
    let step = |label: &str, note: &str, bits: f64| WaterfallStep {
        label: label.to_owned(),
        note: note.to_owned(),
        millibits: millibits(bits),
    };
    let against = |weighed: Weighed| weighed.against(answer.decided_by);
    let prior = language.choose("Before comparing", "比较之前");
    let mut steps = vec![step(prior, &answer.decided_by_label, against(answer.prior))];
    for comparison in answer.comparisons.iter().filter(|of| of.level.is_some()) {
        // Frequencies only set the weights against strangers.
        let note = match answer.decided_by {
            "strangers" => level(comparison, language),
            _ => comparison.level_label.clone(),
        };
        steps.push(step(&comparison.label, &note, against(comparison.weight_bits)));
    }
    let rest = language.choose("Other kinds of pairs", "其余各类");
    steps.push(step(rest, "", answer.rest_bits));
    let [a, b] = &answer.records;
    let kind = language.choose("Weights in bits, weighed against", "权重（比特），对照");
    WaterfallPicture {
        title: format!("{a} ↔ {b}"),
        subtitle: format!("{kind}: {}", answer.decided_by_label),
        steps,
        total: language.choose("Weight of the pair", "合计权重").to_owned(),
        cut: language.choose("cut", "分界线").to_owned(),
        cut_millibits: millibits(answer.cut_bits),
    }
}

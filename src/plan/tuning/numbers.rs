//! The registry of the numbers, in the order of the stages: name, default, range, how it is moved, and the reason in two languages.

use crate::plan::tuning::Scale;
use crate::plan::tuning::Tunable;

pub(super) const fn real(
    name: &'static str,
    default: f64,
    range: (f64, f64),
    scale: Scale,
    reason: [&'static str; 2],
) -> Tunable {
    Tunable {
        name,
        default,
        range,
        is_whole: false,
        scale,
        reason,
    }
}

const fn whole(name: &'static str, default: f64, range: (f64, f64), reason: [&'static str; 2]) -> Tunable {
    Tunable {
        name,
        default,
        range,
        is_whole: true,
        scale: Scale::Factor,
        reason,
    }
}

/// The registry, in the order of the stages.
pub(super) const TUNABLES: &[Tunable] = &[
    real(
        "pairs_per_record_max",
        40.0,
        (1.0, 100_000.0),
        Scale::Factor,
        [
            "candidate pairs per record that blocking may make; a core compares a million records' worth in seconds",
            "每条记录的候选对上限；单核数秒可比较百万条记录的候选对",
        ],
    ),
    whole(
        "block_size_max",
        200.0,
        (2.0, 1e6),
        [
            "records of one blocking key beyond which it is refined; a customer has tens of records, not hundreds",
            "同一分块键的记录数上限，超过则细分；一个客户有几十条记录，不会有几百条",
        ],
    ),
    whole(
        "block_size_floor",
        8.0,
        (2.0, 1e6),
        [
            "records of one key that the pair budget never refines further; below it a customer's own records would be parted",
            "候选对预算不再细分的分块大小；再小会拆开同一客户的记录",
        ],
    ),
    whole(
        "keys_per_record_max",
        32.0,
        (1.0, 10_000.0),
        [
            "keys of one record under one rule; lists of phones and long names would make more, at quadratic cost",
            "一条记录在一条规则下的分块键上限；多号码、长名称会使代价按平方增长",
        ],
    ),
    whole(
        "shared_names_min",
        5.0,
        (2.0, 1e6),
        [
            "different names under one value from which it counts as shared by many; a family or a firm with its branches has fewer",
            "同一取值下的不同名称数，达到则视为多方共用；一家人或一家公司及其分支更少",
        ],
    ),
    whole(
        "block_neighbours",
        8.0,
        (2.0, 10_000.0),
        [
            "records that meet inside a block that nothing splits: as many as the smallest block keeps whole",
            "无法再拆分的分块内相互比较的记录数，与最小分块相同",
        ],
    ),
    real(
        "lookups_per_pair",
        2.0,
        (0.1, 1_000.0),
        Scale::Factor,
        [
            "pairs looked up in blocks for every pair of the budget: a pair shares two keys on average",
            "预算内每个候选对允许的分块查找数：一对记录平均共享两个键",
        ],
    ),
    whole(
        "lookups_free",
        10_000_000.0,
        (1.0, 1e12),
        [
            "pairs that may be looked up in any file: a second of one core",
            "任何文件都可查找的记录对数：单核约一秒",
        ],
    ),
    real(
        "pairs_free",
        250_000.0,
        (1.0, 1e12),
        Scale::Factor,
        [
            "pairs that any file can afford to compare, whatever they yield: a tenth of a second",
            "任何文件都可比较的记录对数：约十分之一秒",
        ],
    ),
    whole(
        "block_sample_records",
        4_096.0,
        (16.0, 1e9),
        [
            "records of the sample on which keys and blocks are chosen; a share of 1 in 1,000 of their pairs is then seen tens of times",
            "选择分块键所用的抽样记录数；千分之一的占比也能见到数十次",
        ],
    ),
    real(
        "chance_partners",
        8.0,
        (0.1, 10_000.0),
        Scale::Factor,
        [
            "partners by chance that a record may have under one key compared whole: true customers have as many records",
            "整块比较的键允许每条记录有多少偶然同伴；一个客户的记录数也不过如此",
        ],
    ),
    whole(
        "lookups_per_comparison",
        100.0,
        (1.0, 1e6),
        [
            "pairs that are looked up in the time of one comparison, measured on common processors",
            "一次比较所用时间内可完成的查找数（在常见处理器上测得）",
        ],
    ),
    whole(
        "training_pairs",
        2_000_000.0,
        (1_000.0, 1e12),
        [
            "candidate pairs that train the model; levels of 1 in 10,000 pairs are then seen hundreds of times",
            "用于训练的候选对数；万分之一的级别也能见到数百次",
        ],
    ),
    whole(
        "model_records_min",
        10_000.0,
        (0.0, 1e12),
        [
            "records below which the model is learned again when they have doubled: fewer teach little; 0 keeps every model until `guiyi train`",
            "记录数低于此值时，每翻一番即重新学习模型：记录少则所学有限；0 表示始终沿用，直至 `guiyi train`",
        ],
    ),
    whole(
        "random_pairs",
        200_000.0,
        (1.0, 1e9),
        [
            "random pairs that u is read from; a u of 1 in 10,000 is then known within a quarter",
            "估计 u 概率的随机对数；万分之一的 u 误差约四分之一",
        ],
    ),
    whole(
        "rounds_max",
        50.0,
        (1.0, 100_000.0),
        [
            "rounds of EM; it converges in 10 to 30 or not at all",
            "EM 轮数上限；通常 10 至 30 轮收敛",
        ],
    ),
    real(
        "change_min",
        1e-4,
        (0.0, 1.0),
        Scale::Factor,
        [
            "change of the largest probability at which EM stops; a thousandth of a bit at most",
            "EM 停止时最大概率的变化；至多千分之一比特",
        ],
    ),
    real(
        "m_min",
        0.01,
        (0.0, 1.0),
        Scale::Factor,
        [
            "smallest m of the lowest level: one field in a hundred is changed or mistaken in any export, so no field decides alone",
            "最低级别 m 概率的下限：任何导出中约百分之一的字段会变更或出错，单一字段不能决定结果",
        ],
    ),
    real(
        "m_min_between",
        0.0025,
        (0.0, 1.0),
        Scale::Factor,
        [
            "smallest m of a level in between: a quarter of the changed values, since there are some four such levels",
            "中间级别 m 概率的下限：变更值的四分之一，因中间级别约有四个",
        ],
    ),
    real(
        "m_min_conflict",
        0.001,
        (0.0, 1.0),
        Scale::Factor,
        [
            "smallest m of a level at which two records are never one customer: one valid identifier in a thousand is another's",
            "冲突级别 m 概率的下限：约千分之一的有效证号属于他人",
        ],
    ),
    real(
        "pseudo_matches",
        0.5,
        (0.0, 1e6),
        Scale::Factor,
        [
            "matches that each comparison is taken to have been seen in before any was (Jeffreys' prior)",
            "每个比较项的先验匹配对数（Jeffreys 先验）",
        ],
    ),
    real(
        "pseudo_circle",
        20.0,
        (0.0, 1e6),
        Scale::Factor,
        [
            "kin and neighbours taken to have been seen before any was: many, since few files teach what they are",
            "亲属与邻近客户的先验对数：取较大值，因为多数文件不足以学到它们",
        ],
    ),
    real(
        "start_matches",
        0.2,
        (0.001, 0.8),
        Scale::Factor,
        [
            "share of matches among a rule's pairs before the first round; EM moves it, the order of magnitude is all that matters",
            "首轮前规则候选对中的匹配占比；EM 会修正，只需数量级正确",
        ],
    ),
    real(
        "start_circle",
        0.05,
        (0.0001, 0.09),
        Scale::Factor,
        [
            "share of kin and of neighbours among them: rarer than matches, or EM would call matches kin",
            "首轮前亲属与邻近客户各占的比例：须少于匹配，否则 EM 会把匹配当作亲属",
        ],
    ),
    real(
        "start_step_bits",
        0.6,
        (0.01, 10.0),
        Scale::Factor,
        [
            "bits by which a level's first m falls below the next higher one's: a third of the values at each step are damaged further",
            "首轮前相邻级别 m 之差：每降一级约少三分之一",
        ],
    ),
    real(
        "start_conflict",
        0.005,
        (0.000_001, 1.0),
        Scale::Factor,
        [
            "first m of a level at which two records are never one customer, beside 1 for agreement: a slip that passes the check digit",
            "冲突级别的首轮 m（一致为 1）：通过校验位的笔误",
        ],
    ),
    real(
        "start_kin_names",
        0.6,
        (0.0, 0.83),
        Scale::Factor,
        [
            "first share of kin whose names are what relatives show: more than half share the family name or the group's",
            "首轮前名称呈亲属关系的亲属占比：过半同姓或同集团字号",
        ],
    ),
    real(
        "start_kin_values",
        0.3,
        (0.0, 0.83),
        Scale::Factor,
        [
            "first share of kin who share phone or house: a household has half of a family, a group few of its companies",
            "首轮前共用电话或住址的亲属占比：一家人约半数同住，同集团公司则较少",
        ],
    ),
    real(
        "start_neighbours",
        0.6,
        (0.0, 0.83),
        Scale::Factor,
        [
            "first share of neighbours who share phone or house: it is what makes them neighbours",
            "首轮前共用电话或住址的邻近客户占比：正因此才称邻近",
        ],
    ),
    whole(
        "corrections",
        2.0,
        (0.0, 100.0),
        [
            "rounds of taking expected matches out of u; the second moves it by hundredths of a bit",
            "从 u 中剔除期望匹配的轮数；第二轮仅变动百分之几比特",
        ],
    ),
    whole(
        "pairs_min",
        50.0,
        (0.0, 1e9),
        [
            "pairs below which a blocking rule teaches nothing: shares of fewer are known within a tenth at best",
            "分块规则参与学习的最少对数；更少时比例误差超过一成",
        ],
    ),
    real(
        "drift_min",
        0.001,
        (0.0, 0.4),
        Scale::Factor,
        [
            "share of matches, and of others, below which a rule's EM has drifted and is not heard",
            "规则中匹配（或非匹配）占比低于此值即视为 EM 漂移，不予采纳",
        ],
    ),
    real(
        "own_bits_min",
        3.0,
        (0.0, 100.0),
        Scale::Factor,
        [
            "bits that the customer's own values must tell on average before relatives are looked for: a birth date tells ten, a gender one",
            "区分亲属所需的本人字段平均信息量：出生日期约十比特，性别约一比特",
        ],
    ),
    whole(
        "circle_rounds_max",
        40.0,
        (1.0, 10_000.0),
        [
            "rounds in which kin, neighbours and the priors are learned; they stand after 10 to 20",
            "学习亲属、邻近客户与先验的轮数上限；通常 10 至 20 轮稳定",
        ],
    ),
    real(
        "circle_change_min",
        0.001,
        (0.0, 1.0),
        Scale::Factor,
        [
            "relative change of the priors at which these rounds stop: a thousandth of a bit",
            "上述各轮停止时先验的相对变化：约千分之一比特",
        ],
    ),
    real(
        "prior_max",
        0.3,
        (0.000_001, 0.33),
        Scale::Factor,
        [
            "largest share of one kind of pair among all pairs of records: three kinds must leave room for strangers",
            "每类记录对在全部记录对中的占比上限：须为陌生对留出余地",
        ],
    ),
    real(
        "heard_max",
        20_000.0,
        (1.0, 1e12),
        Scale::Factor,
        [
            "expected matches beyond which a rule's word grows no louder; its shares are exact long before, its bias stays",
            "规则话语权的匹配数上限；此前比例早已精确，偏差却不会减小",
        ],
    ),
    real(
        "heard_min",
        1.0,
        (0.0, 1e6),
        Scale::Factor,
        [
            "expected matches below which a rule says nothing of a comparison: less than one was seen",
            "规则对某比较项发言所需的期望匹配数：至少一对",
        ],
    ),
    real(
        "term_bits_max",
        24.0,
        (0.0, 100.0),
        Scale::Factor,
        [
            "most bits that the rarity of a value speaks for: once in 16 million, rarer is a slip of the pen as likely",
            "罕见值的最大权重：一千六百万分之一；更罕见的多为笔误",
        ],
    ),
    real(
        "diversity_max",
        100_000.0,
        (0.0, 1e9),
        Scale::Factor,
        [
            "most values that a file is thought to lack (theta of Ewens' formula): so diverse are the names and houses of one region; 0 lets a file's own counts speak alone",
            "设想文件未收录的值的最大多样性（尤恩斯公式的 θ）：约合一个地区的名称与住址；0 表示只按文件自身的计数",
        ],
    ),
    real(
        "chance_records",
        32.0,
        (0.0, 1e6),
        Scale::Factor,
        [
            "records of other files that the first opinion of how seldom strangers agree is worth; a file of a thousand records speaks for itself",
            "关于“不同客户偶然相同”的先验相当于其他文件中的多少条记录；上千条记录的文件由自身数据决定",
        ],
    ),
    real(
        "start_matches_per_record",
        0.1,
        (0.0, 10.0),
        Scale::Factor,
        [
            "matches that a record is thought to have before any pair is seen: customer files hold about one duplicate in ten",
            "查看候选对之前每条记录预期的重复数：客户文件约十分之一为重复",
        ],
    ),
    real(
        "start_pairs",
        100.0,
        (0.0, 1e9),
        Scale::Factor,
        [
            "pairs that this opinion is worth: it decides in files of ten records and is not heard in those of a hundred",
            "该先验相当于多少候选对：在十条记录的文件中起决定作用，在上百条的文件中几无影响",
        ],
    ),
    whole(
        "evidence_bits_max",
        12.0,
        (1.0, 100.0),
        [
            "bits of evidence on both sides of zero that calibration looks at: beyond 1 in 4,096 nobody doubts a pair",
            "校准所看的证据范围（比特）：超过四千分之一已无疑问",
        ],
    ),
    real(
        "offset_bits_max",
        8.0,
        (0.0, 100.0),
        Scale::Factor,
        [
            "most bits that calibration may move the prior: fields that lean on each other have not been seen to cost more",
            "校准对先验的最大调整（比特）：字段相关造成的偏差未见更大",
        ],
    ),
    whole(
        "asked_pairs_min",
        100.0,
        (1.0, 1e9),
        [
            "pairs below which a comparison is not asked in calibration: shares of fewer are known within a tenth at best",
            "比较项参与校准的最少对数；更少时比例误差超过一成",
        ],
    ),
    real(
        "label_pairs",
        20.0,
        (0.0, 1e6),
        Scale::Factor,
        [
            "unlabelled pairs that one labelled pair counts as in learning: most unlabelled pairs near the cut tell a tenth of what a verdict tells",
            "一个标注对在学习中相当于多少未标注对：合并线附近的未标注对信息量不足裁决的一成",
        ],
    ),
    real(
        "label_share_max",
        0.15,
        (0.0, 0.8),
        Scale::Factor,
        [
            "largest share of labelled pairs in what a comparison learns: they were drawn where someone looked, not at random",
            "标注对在比较项学习中的占比上限：标注并非随机抽取",
        ],
    ),
    real(
        "label_offset_prior",
        30.0,
        (0.0, 1e6),
        Scale::Factor,
        [
            "labels that the unlabelled offset is worth when labels refine it: below some thirty a logistic fit is chance",
            "标注修正校准偏移时，原偏移相当于多少标注：不足三十个时逻辑回归多为偶然",
        ],
    ),
    real(
        "cut_bits",
        0.0,
        (-100.0, 1_000.0),
        Scale::Unit(6.0),
        [
            "average weight at which clusters become one: as likely one customer as not",
            "两簇合并的平均权重：是与不是同一客户的可能性相等",
        ],
    ),
    real(
        "review_band_bits",
        6.0,
        (0.0, 100.0),
        Scale::Factor,
        [
            "width of the band below the cut that goes to review: from even odds to 1 in 64",
            "合并线以下送交复核的宽度：从一半到六十四分之一",
        ],
    ),
    real(
        "weight_max_bits",
        15.0,
        (0.0, 1_000.0),
        Scale::Factor,
        [
            "weight beyond which a pair speaks no louder in a cluster: 1 in 32,768 is certain enough either way",
            "单对记录在簇内话语权的上限：三万分之一已足够确定",
        ],
    ),
    whole(
        "component_size_max",
        400.0,
        (2.0, 1e9),
        [
            "records of a component beyond which it is parted at its lightest pairs: all its pairs are weighed, 80,000 at most",
            "连通分量的记录数上限，超过则从最弱的记录对处拆分；分量内全部记录对都要计算，至多八万对",
        ],
    ),
    real(
        "keep_bits",
        0.72,
        (0.0, 100.0),
        Scale::Factor,
        [
            "given to two records that had one unified ID last night: half a unit of log-odds, the band in which IDs flapped 4 to 9 times less (matching.md, section 5)",
            "两条记录上一夜同属一个统一ID时的加分：半个对数几率单位，可使ID反复次数降到四分之一至九分之一",
        ],
    ),
    real(
        "join_new_bits",
        0.0,
        (-100.0, 100.0),
        Scale::Unit(1.0),
        [
            "asked of two records without unified ID beyond the cut: nothing stands yet that a wrong merge could harm",
            "两条尚无统一ID的记录合并时在合并线之上另需的证据：尚无既成事实，不另要求",
        ],
    ),
    real(
        "join_new_existing_bits",
        0.0,
        (-100.0, 100.0),
        Scale::Unit(1.0),
        [
            "asked of a record without unified ID and one with beyond the cut: the ID stays as it is",
            "无ID记录并入已有ID时另需的证据：原ID不变，不另要求",
        ],
    ),
    real(
        "join_existing_bits",
        0.0,
        (-100.0, 100.0),
        Scale::Unit(1.0),
        [
            "asked of two records with different unified IDs beyond the cut: one ID ends as a redirect, which undoing takes back",
            "两个已有ID合并时另需的证据：其中一个ID转为重定向，可撤销，默认不另要求",
        ],
    ),
    real(
        "join_confirmed_bits",
        2.0,
        (0.0, 1_000.0),
        Scale::Factor,
        [
            "asked of a record of a confirmed customer and any other beyond the cut: odds of four to one, as someone has looked at the customer as it was",
            "已确认客户与其他记录合并时另需的证据：四比一的胜算，因为已有人核对过",
        ],
    ),
];

//! What clerks and systems do to values: homophones, dropped and doubled characters, damaged codes, traditional characters.
//!
//! In: a clean text and a random stream. Out: the same text with one slip of the keyboard. Homophones are groups of characters that
//! one pinyin input gives; traditional characters come from `data/traditional.txt` (made with OpenCC's s2t table, Apache-2.0).
//! Which value is damaged, and how often, is decided in `variation` and `render`.

use super::rng::Rng;

/// Characters that sound alike, by toneless syllable.
const HOMOPHONES: &str = "华花画化 盛胜圣晟 达大 信鑫新欣心馨 恒衡横 宏鸿洪弘红 泰太 金锦津晋今 瑞锐睿 兴星 隆龙 天田 源元园远缘 \
    德得 诚成城承程 中众钟忠 创闯 联连莲 和合河荷 安岸 顺舜 通同 博伯勃 科可克 汇惠慧会 丰锋峰风枫 嘉佳家加 海亥 凯恺 旺望王 \
    福富芙 正政郑 美每 东冬 方芳 伟威维卫 业叶 永勇咏 昌常 吉集 祥翔 亿义益艺易 利力立丽 明铭鸣 光广 宇雨玉裕誉 辉晖徽 腾滕 飞菲 \
    云芸 深申 林琳霖 江疆 润闰 泽择 康抗 健建剑 民敏闽 力利 品聘 尚上 雅亚 捷杰洁 迅讯训 驰池 航杭 蓝兰岚 思斯司 特忒 迪笛 拓妥 \
    展占 跃悦月 启起齐奇琪 亨哼 聚巨炬 宝保堡 运韵 财才材 张章 王汪 李黎 刘柳 陈晨 杨阳 周州 徐许 孙荪 朱竹 郭国 何贺 \
    高郜 罗骆 梁良 宋送 唐汤 韩寒 冯封 曹操 肖晓小 蒋姜 蔡菜 余于俞 沈审 谭潭 廖寥 付傅富 侯厚 雷磊蕾 孔空 静晶京敬 \
    丽莉力 艳燕雁 娟捐 霞夏 秀绣 英颖莹 玲凌灵 婷庭廷 雪学 志智治致 文闻雯 强墙 军君钧 俊骏峻 涛韬 超朝 刚钢 平萍苹 鹏朋 \
    波播 斌彬宾 浩昊皓 帆凡 诗师 子紫梓 晨辰 怡宜仪 科棵 技际 贸茂 商伤 建件 工公 程城 机基 电店 物务 流留";

/// Tables for damaging Chinese text.
#[derive(Debug)]
pub(super) struct Noise {
    /// Sorted pairs of simplified and traditional characters.
    traditional: Vec<(char, char)>,
    groups: Vec<Vec<char>>,
}

impl Noise {
    /// Splits the embedded tables.
    pub(super) fn new() -> Self {
        let mut traditional: Vec<(char, char)> = include_str!("data/traditional.txt")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .flat_map(str::split_whitespace)
            .filter_map(|pair| {
                let mut chars = pair.chars();
                Some((chars.next()?, chars.next()?))
            })
            .collect();
        traditional.sort_unstable();
        let groups = HOMOPHONES
            .split_whitespace()
            .map(|group| group.chars().collect())
            .collect();
        Self { traditional, groups }
    }

    /// The traditional form of a character, or the character itself.
    pub(super) fn traditional(&self, found: char) -> char {
        self.traditional
            .binary_search_by_key(&found, |pair| pair.0)
            .map_or(found, |position| self.traditional[position].1)
    }

    /// Replaces one character by another of the same sound; false when no character has one.
    pub(super) fn homophone(&self, rng: &mut Rng, text: &mut String) -> bool {
        let count = text.chars().count();
        let start = rng.index(count);
        for step in 0..count {
            let position = (start + step) % count;
            let Some((offset, found)) = text.char_indices().nth(position) else {
                continue;
            };
            let Some(group) = self.groups.iter().find(|group| group.contains(&found)) else {
                continue;
            };
            let others: Vec<char> = group.iter().copied().filter(|&other| other != found).collect();
            let other = rng.pick(&others);
            text.replace_range(offset..offset + found.len_utf8(), other.encode_utf8(&mut [0; 4]));
            return true;
        }
        false
    }
}

/// Drops one character; texts of two characters and less stay.
pub(super) fn drop_char(rng: &mut Rng, text: &mut String) {
    let count = text.chars().count();
    if count > 2
        && let Some((offset, _)) = text.char_indices().nth(rng.index(count))
    {
        text.remove(offset);
    }
}

/// Doubles one character.
pub(super) fn double_char(rng: &mut Rng, text: &mut String) {
    if let Some((offset, found)) = text.char_indices().nth(rng.index(text.chars().count())) {
        text.insert(offset, found);
    }
}

/// Exchanges two neighbours.
pub(super) fn swap_chars(rng: &mut Rng, text: &mut String) {
    let mut chars: Vec<char> = text.chars().collect();
    if chars.len() > 2 {
        let position = rng.index(chars.len() - 1);
        chars.swap(position, position + 1);
        *text = chars.into_iter().collect();
    }
}

/// Replaces one ASCII letter or digit by another of its class: a mistyped code or phone number.
pub(super) fn substitute(rng: &mut Rng, text: &mut String) {
    let candidates: Vec<(usize, char)> = text
        .char_indices()
        .filter(|(_, found)| found.is_ascii_alphanumeric())
        .collect();
    if candidates.is_empty() {
        return;
    }
    let (offset, found) = rng.pick(&candidates);
    let alphabet = if found.is_ascii_digit() {
        "0123456789"
    } else if found.is_ascii_lowercase() {
        "abcdefghijklmnopqrstuvwxyz"
    } else {
        "ABCDEFGHJKLMNPQRTUWXY"
    };
    let mut other = rng.pick_char(alphabet);
    if other == found {
        other = alphabet.chars().find(|&next| next != found).unwrap_or(found);
    }
    text.replace_range(offset..=offset, other.encode_utf8(&mut [0; 4]));
}

/// One slip in a Latin word: dropped, doubled, exchanged or replaced letter.
pub(super) fn latin_typo(rng: &mut Rng, text: &mut String) {
    match rng.below(4) {
        0 => drop_char(rng, text),
        1 => double_char(rng, text),
        2 => swap_chars(rng, text),
        _ => substitute(rng, text),
    }
}

/// Types brackets full width or half width.
pub(super) fn set_brackets(text: &str, is_full_width: bool, out: &mut String) {
    out.extend(text.chars().map(|found| match (found, is_full_width) {
        ('(', true) => '（',
        (')', true) => '）',
        ('（', false) => '(',
        ('）', false) => ')',
        _ => found,
    }));
}

#[cfg(test)]
mod tests {
    use super::HOMOPHONES;
    use super::Noise;
    use super::drop_char;
    use super::set_brackets;
    use super::substitute;
    use crate::synth::rng::Rng;
    use pinyin::ToPinyinMulti;

    #[test]
    fn characters_of_a_group_share_a_sound() {
        let readings = |found: char| -> Vec<&'static str> {
            found
                .to_pinyin_multi()
                .into_iter()
                .flatten()
                .map(pinyin::Pinyin::plain)
                .collect()
        };
        let mut strangers = Vec::new();
        for group in HOMOPHONES.split_whitespace() {
            let first = readings(group.chars().next().expect("a group is not empty"));
            let differs = |other: &char| !readings(*other).iter().any(|sound| first.contains(sound));
            strangers.extend(
                group
                    .chars()
                    .filter(differs)
                    .map(|other| format!("{group}: {other}")),
            );
        }
        assert_eq!(strangers, Vec::<String>::new());
    }

    #[test]
    fn a_homophone_changes_one_character() {
        let noise = Noise::new();
        let mut text = "华夏科技".to_owned();
        assert!(noise.homophone(&mut Rng::new(1, &[]), &mut text));
        assert_eq!(
            text.chars()
                .zip("华夏科技".chars())
                .filter(|(left, right)| left != right)
                .count(),
            1
        );
        assert!(!noise.homophone(&mut Rng::new(1, &[]), &mut "Acme".to_owned()));
        assert!(!noise.homophone(&mut Rng::new(1, &[]), &mut String::new()));
    }

    #[test]
    fn traditional_characters_are_found() {
        let noise = Noise::new();
        let shown: String = "广东华夏科技有限责任公司"
            .chars()
            .map(|found| noise.traditional(found))
            .collect();
        assert_eq!(shown, "廣東華夏科技有限責任公司");
    }

    #[test]
    fn damage_keeps_short_and_empty_texts_whole() {
        let mut rng = Rng::new(4, &[]);
        let mut text = "王五".to_owned();
        drop_char(&mut rng, &mut text);
        assert_eq!(text, "王五");
        let mut empty = String::new();
        substitute(&mut rng, &mut empty);
        assert_eq!(empty, "");
        let mut code = "914403001922038216".to_owned();
        substitute(&mut rng, &mut code);
        assert_eq!(code.len(), 18);
        assert_ne!(code, "914403001922038216");
    }

    #[test]
    fn brackets_are_typed_both_ways() {
        let mut out = String::new();
        set_brackets("华夏(北京)", true, &mut out);
        assert_eq!(out, "华夏（北京）");
    }
}

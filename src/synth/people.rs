//! Chinese names of persons, drawn as skewed as in life.
//!
//! Out: a [`Person`] with family name, given name and sex. The surname order and its first shares follow the public security
//! ministry's name reports (王 李 张 刘 陈 carry about three tenths); the tail is Zipf-like. Given names are built from characters by sex.
//! Latin names are in `latin`; how a name is misspelt belongs to `noise`.

use super::rng::Rng;
use super::rng::Skew;
use super::world::World;

/// Surnames, commonest first; the last are compound surnames.
pub(super) const SURNAMES: &str = "王 李 张 刘 陈 杨 黄 赵 周 吴 徐 孙 马 朱 胡 郭 何 林 高 罗 郑 梁 谢 宋 唐 许 韩 邓 冯 曹 \
    彭 曾 肖 田 董 潘 袁 蔡 蒋 余 于 杜 叶 程 魏 苏 吕 丁 任 卢 姚 沈 钟 姜 崔 谭 陆 范 汪 廖 石 金 韦 贾 夏 付 方 邹 熊 白 \
    孟 秦 邱 侯 江 尹 薛 闫 段 雷 龙 黎 史 陶 贺 毛 郝 顾 龚 邵 万 覃 武 钱 戴 严 莫 孔 向 常 汤 康 易 乔 赖 文 施 洪 辛 柯 庄 温 \
    牛 樊 葛 邢 安 齐 伍 庞 颜 倪 庹 聂 章 鲁 岳 翟 殷 詹 申 欧 耿 关 兰 焦 俞 左 柳 甘 祝 包 宁 尚 符 舒 阮 纪 梅 童 凌 毕 单 季 \
    裴 霍 涂 成 苗 谷 盛 曲 翁 冉 骆 蓝 路 游 阳 欧阳 上官 司马 诸葛 司徒 尉迟 皇甫";

/// Shares of the first surnames in hundredths of a per cent.
const SURNAME_SHARES: [u64; 20] = [
    725, 719, 683, 538, 453, 308, 267, 229, 212, 205, 193, 154, 129, 126, 115, 115, 106, 101, 99, 86,
];

/// Characters of men's given names, commonest first.
pub(super) const MALE: &str = "伟强军磊洋勇杰涛超明刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林文志建国海东峰建新永成康福生民\
    晓亮德金光玉忠山松柏义仁清江河天云雷震宏思远博达子轩昊然泽睿哲嘉诚卫庆春学诗世家兴良才发有富贵根水火土木";

/// Characters of women's given names, commonest first.
pub(super) const FEMALE: &str = "芳娜敏静丽艳娟霞秀英桂兰玲红梅燕婷雪琳慧莉颖倩洁萍琴云凤莲淑珍月美玉晓春花香菊翠华佳欣怡\
    悦涵梓萱诗雨思瑶璐晶莹露蕾薇菲岚文心妍彤雅馨宁蓉荷青巧惠爱金银彩";

/// Titles that exports put behind contact names.
pub(super) const TITLES: &str = "经理 总经理 先生 女士 会计 财务 采购 主任 厂长 店长 老板";

/// One person's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Person {
    /// Surname; may have two characters.
    pub(super) family: String,
    /// Given name.
    pub(super) given: String,
    /// Middle initial and suffix of Latin names (`A`, `Jr`); empty for Chinese names.
    pub(super) middle: &'static str,
    /// `Jr`, `Sr` or empty.
    pub(super) suffix: &'static str,
    /// True for men.
    pub(super) is_male: bool,
    /// True for Chinese names: family name first, no space.
    pub(super) is_chinese: bool,
}

impl Person {
    /// The name in full: `欧阳建国`, `Mary A Smith`.
    pub(super) fn full(&self) -> String {
        if self.is_chinese {
            return format!("{}{}", self.family, self.given);
        }
        let parts = [
            self.given.as_str(),
            self.middle,
            self.family.as_str(),
            self.suffix,
        ];
        let mut full = String::new();
        for part in parts.into_iter().filter(|part| !part.is_empty()) {
            if !full.is_empty() {
                full.push(' ');
            }
            full.push_str(part);
        }
        full
    }
}

/// The weights by which surnames are drawn.
pub(super) fn surname_skew(count: usize) -> Skew {
    let last = SURNAME_SHARES.len();
    Skew::weighted((0..count).map(|rank| {
        SURNAME_SHARES
            .get(rank)
            .copied()
            .unwrap_or_else(|| 1800 / (rank as u64 + 2 - last as u64 / 20))
            .max(1)
    }))
}

/// Draws a Chinese person; `family` fixes the surname.
pub(super) fn chinese_person(world: &World, rng: &mut Rng, family: Option<&str>, is_male: bool) -> Person {
    let family = family.map_or_else(
        || world.surnames[world.surname_skew.pick(rng)].to_owned(),
        ToOwned::to_owned,
    );
    let (chars, skew) = if is_male {
        (&world.male, &world.male_skew)
    } else {
        (&world.female, &world.female_skew)
    };
    let mut given = String::from(chars[skew.pick(rng)]);
    if !rng.chance(170) {
        given.push(chars[skew.pick(rng)]);
    }
    Person {
        family,
        given,
        middle: "",
        suffix: "",
        is_male,
        is_chinese: true,
    }
}

#[cfg(test)]
mod tests {
    use super::chinese_person;
    use crate::synth::Locale;
    use crate::synth::rng::Rng;
    use crate::synth::world::World;

    #[test]
    fn five_surnames_carry_about_three_tenths() {
        let world = World::new(1, Locale::Zh, 5, 1);
        let mut rng = Rng::new(1, &[]);
        let common = (0..10_000)
            .filter(|_| "王李张刘陈".contains(chinese_person(&world, &mut rng, None, true).family.as_str()))
            .count();
        assert!((2500..4200).contains(&common), "{common}");
    }

    #[test]
    fn names_have_two_to_four_characters() {
        let world = World::new(1, Locale::Zh, 5, 1);
        let mut rng = Rng::new(2, &[]);
        for _ in 0..1000 {
            let length = chinese_person(&world, &mut rng, None, false)
                .full()
                .chars()
                .count();
            assert!((2..=4).contains(&length));
        }
        assert_eq!(
            chinese_person(&world, &mut rng, Some("欧阳"), true).family,
            "欧阳"
        );
    }
}

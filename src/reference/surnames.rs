//! Chinese surnames, single and compound.
//!
//! Compiled for guiyi from 百家姓 (public domain) and the common surnames of today, in simplified characters, dated
//! 2026-11. Readings are in `text::pinyin`. Rare surnames are missing: a name outside the list is unlikely, not wrong.

use super::ReferenceData;
use std::collections::HashSet;
use std::sync::LazyLock;

const SINGLE: &str = "\
赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎\
鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄\
和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭\
梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚\
程嵇邢滑裴陆荣翁荀羊惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁\
仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘\
党翟谭贡劳逄姬申扶堵冉宰郦雍郤璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古\
易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋\
沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公仉督岳帅缑亢况有琴商牟佘佴伯赏墨哈谯笪年爱阳佟言福肖\
闫付代邸区朴覃冼麦植揭涂苟晋闾展苑战门原占苻仝由楚随银雒海信来楼矫初鹿仵买尧线藏回官粟禚化才冶栗\
母腾丘兰丛修但位卿同呼图奉妥威字尉尔巨布延开念思折敬旷普木术朵格洛洋漆炎玄玉瑞生盘真睢种税端竹练\
续罕肇脱良色英药萨蒿衣要角让诺谌豆贯贵赫超辜达迟遇邝郇郄鄢酒释铁锁闪闭问降隋隽雪青靖顿风飞香鲜鸿\
黑候甯撒\
";

/// Compound surnames.
pub const COMPOUND: &[&str] = &[
    "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "轩辕", "令狐", "钟离", "宇文", "长孙",
    "慕容", "鲜于", "闾丘", "司徒", "司空", "亓官", "司寇", "颛孙", "端木", "巫马", "公西", "漆雕", "乐正",
    "壤驷", "公良", "拓跋", "夹谷", "宰父", "榖梁", "谷梁", "段干", "百里", "东郭", "南门", "呼延", "羊舌",
    "梁丘", "左丘", "东门", "西门", "南宫", "第五", "万俟", "夏侯", "闻人", "赫连", "公羊", "澹台", "公冶",
    "宗政", "濮阳", "淳于", "太叔", "申屠", "仲孙", "单于", "纳兰", "叶赫", "完颜", "独孤", "耶律", "欧杨",
];

static SINGLES: LazyLock<HashSet<char>> = LazyLock::new(|| SINGLE.chars().collect());

/// The surname that starts a name in simplified characters: a compound one when at least one character follows it.
///
/// # Examples
/// ```
/// use guiyi::reference::surnames::leading_surname;
/// assert_eq!(leading_surname("欧阳娜娜"), Some("欧阳"));
/// assert_eq!(leading_surname("王伟"), Some("王"));
/// assert_eq!(leading_surname("咪咪"), None);
/// ```
pub fn leading_surname(name: &str) -> Option<&str> {
    let compound = COMPOUND
        .iter()
        .find(|surname| name.len() > surname.len() && name.starts_with(**surname));
    if let Some(surname) = compound {
        return Some(&name[..surname.len()]);
    }
    let first = name.chars().next()?;
    SINGLES.contains(&first).then(|| &name[..first.len_utf8()])
}

/// Is the text, in simplified characters, a surname?
pub fn is_surname(text: &str) -> bool {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(only), None) => SINGLES.contains(&only),
        _ => COMPOUND.contains(&text),
    }
}

pub(super) fn about() -> ReferenceData {
    super::own("surnames", SINGLES.len() + COMPOUND.len())
}

//! Hong Kong, Macao and Taiwan: what stands between their districts and the road.
//!
//! In: the characters after the divisions. Out: the neighbourhood of Hong Kong and Macao (尖沙咀, 中环) as the town, 里 of
//! Taiwan as the town, 邻 dropped. Districts and counties are divisions; roads and houses are read as on the mainland.

use super::Levels;
use super::numeral::number_at;

/// Neighbourhoods of Hong Kong and Macao that addresses name instead of a district (gazetteer of place names).
#[rustfmt::skip]
const NEIGHBOURHOODS: &[&str] = &[
    "尖沙咀东", "尖沙咀", "旺角", "油麻地", "佐敦", "红磡", "土瓜湾", "九龙城", "九龙塘", "九龙湾", "启德", "观塘", "牛头角",
    "蓝田", "油塘", "新蒲岗", "黄大仙", "钻石山", "慈云山", "长沙湾", "荔枝角", "深水埗", "石硖尾", "美孚", "大角咀",
    "中环", "上环", "西环", "坚尼地城", "西营盘", "金钟", "湾仔", "铜锣湾", "天后", "北角", "鲗鱼涌", "太古城", "太古",
    "西湾河", "筲箕湾", "柴湾", "小西湾", "香港仔", "鸭脷洲", "黄竹坑", "赤柱", "薄扶林", "跑马地", "半山", "山顶",
    "荃湾", "葵涌", "葵芳", "葵兴", "青衣", "沙田", "大围", "火炭", "马鞍山", "大埔墟", "大埔", "粉岭", "上水", "元朗",
    "天水围", "屯门", "将军澳", "坑口", "西贡", "东涌", "愉景湾", "大屿山", "氹仔", "路环", "新口岸", "路氹城",
];

/// Reads a neighbourhood or village; gives the number of characters it takes.
pub(super) fn read(chars: &[char], levels: &mut Levels) -> usize {
    match levels.province.chars().next() {
        Some('香' | '澳') => neighbourhood(chars, levels),
        Some('台') => village(chars, levels),
        _ => 0,
    }
}

fn neighbourhood(chars: &[char], levels: &mut Levels) -> usize {
    for name in NEIGHBOURHOODS {
        let length = name.chars().count();
        let is_here = chars.len() >= length && name.chars().eq(chars[..length].iter().copied());
        // 元朗 before 大道 is the road's name.
        let is_road = matches!(chars.get(length), Some('路' | '街' | '道' | '大' | '广'))
            || matches!(chars[length.min(chars.len())..], ['中', '心', ..]);
        if is_here && !is_road {
            (*name).clone_into(&mut levels.town);
            return length;
        }
    }
    0
}

/// 三张里5邻: the village, and its number of neighbours, which leads nowhere.
fn village(chars: &[char], levels: &mut Levels) -> usize {
    let Some(end) = (2..chars.len().min(5)).find(|&at| chars[at] == '里') else {
        return neighbours(chars);
    };
    if chars[..end]
        .iter()
        .any(|c| matches!(c, '路' | '街' | '号' | '段' | '镇' | '乡') || c.is_ascii())
    {
        return 0;
    }
    levels.town = chars[..=end].iter().collect();
    end + 1 + neighbours(&chars[end + 1..])
}

fn neighbours(chars: &[char]) -> usize {
    number_at(chars, 0).map_or(0, |number| match chars.get(number.end) {
        Some('邻') => number.end + 1,
        _ => 0,
    })
}

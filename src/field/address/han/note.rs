//! What describes a place without being part of its address: 对面, 附近, 以东300米, (收), 送货上门.
//!
//! In: text between two levels, or in brackets. Out: the place in it and the note; and whether text is a named place at
//! all. Who is meant by a note is not asked.

/// Text that ends so lies beside the place it names, which is then no part of the address.
const BESIDE: &[&[char]] = &[
    &['旁'],
    &['旁', '边'],
    &['对', '面'],
    &['附', '近'],
    &['隔', '壁'],
    &['对', '过'],
    &['交', '叉', '口'],
    &['交', '汇', '处'],
    &['交', '界', '处'],
    &['交', '叉', '处'],
    &['交', '口'],
    &['路', '口'],
    &['街', '口'],
    &['后', '面'],
    &['前', '面'],
    &['路', '东'],
    &['路', '西'],
    &['路', '南'],
    &['路', '北'],
    &['东', '侧'],
    &['西', '侧'],
    &['南', '侧'],
    &['北', '侧'],
    &['东', '北', '角'],
    &['西', '北', '角'],
    &['东', '南', '角'],
    &['西', '南', '角'],
    &['以', '东'],
    &['以', '西'],
    &['以', '南'],
    &['以', '北'],
    &['往', '东'],
    &['往', '西'],
    &['往', '南'],
    &['往', '北'],
    &['收'],
    &['代', '收'],
    &['亲', '收'],
    &['送', '货', '上', '门'],
    &['公', '司'],
    &['门', '卫'],
    &['转', '交'],
    &['丰', '巢'],
];

/// Text that ends so lies within the place it names.
const WITHIN: &[&[char]] = &[
    &['内'],
    &['里', '面'],
    &['院', '内'],
    &['楼', '下'],
    &['楼', '上'],
    &['门', '口'],
    &['正', '门'],
    &['东', '门'],
    &['西', '门'],
    &['南', '门'],
    &['北', '门'],
    &['处'],
    &['大', '院', '内'],
];

/// Last characters of words for named places: 大厦, 花园, 小区, 大学.
const PLACE_ENDS: &[[char; 2]] = &[
    ['大', '厦'],
    ['广', '场'],
    ['中', '心'],
    ['小', '区'],
    ['花', '园'],
    ['公', '寓'],
    ['家', '园'],
    ['新', '村'],
    ['业', '园'],
    ['技', '园'],
    ['学', '园'],
    ['件', '园'],
    ['流', '园'],
    ['园', '区'],
    ['社', '区'],
    ['大', '楼'],
    ['商', '城'],
    ['市', '场'],
    ['大', '学'],
    ['学', '院'],
    ['学', '校'],
    ['中', '学'],
    ['小', '学'],
    ['医', '院'],
    ['酒', '店'],
    ['饭', '店'],
    ['宾', '馆'],
    ['商', '厦'],
    ['大', '院'],
    ['别', '墅'],
    ['山', '庄'],
    ['国', '际'],
    ['基', '地'],
    ['车', '站'],
    ['机', '场'],
    ['码', '头'],
    ['公', '园'],
    ['新', '城'],
    ['豪', '庭'],
    ['华', '庭'],
    ['名', '都'],
    ['华', '府'],
    ['公', '馆'],
    ['雅', '居'],
    ['雅', '苑'],
    ['写', '楼'],
    ['字', '楼'],
    ['银', '行'],
];

/// Is this the name of a compound, building or institution?
pub(super) fn is_place(text: &[char]) -> bool {
    let [.., before, last] = *text else { return false };
    PLACE_ENDS.contains(&[before, last])
        || matches!(
            last,
            '苑' | '城' | '府' | '湾' | '邸' | '庭' | '轩' | '里' | '村' | '墅' | '厂'
        )
}

/// Does a place in the middle of text end here: before the road of the same text?
pub(super) fn ends_place(text: &[char]) -> bool {
    let [.., before, last] = *text else { return false };
    let is_phase = last == '期' && (before.is_ascii_digit() || super::numeral::is_numeral(before));
    is_phase || PLACE_ENDS.contains(&[before, last]) || matches!(last, '村' | '苑')
}

/// The text without hyphens and filling words around it.
pub(super) fn trimmed(text: &[char]) -> &[char] {
    let is_filling = |c: char| !c.is_alphanumeric() || matches!(c, '第' | '的' | '位');
    let start = text
        .iter()
        .position(|&c| c.is_alphanumeric())
        .unwrap_or(text.len());
    let end = text
        .iter()
        .rposition(|&c| !is_filling(c))
        .map_or(start, |last| last + 1);
    &text[start.min(end)..end]
}

/// The place in a text and the note after it.
pub(super) fn split(text: &[char]) -> (&[char], &[char]) {
    if BESIDE.iter().any(|words| text.ends_with(words)) {
        return (&[], text);
    }
    let within = WITHIN
        .iter()
        .filter(|words| text.ends_with(words))
        .map(|words| words.len());
    match within.max() {
        Some(length) => text.split_at(text.len() - length),
        None => (text, &[]),
    }
}

/// Is this a community, which gives way to the compound in it?
pub(super) fn is_community(text: &str) -> bool {
    text.ends_with("社区") || text.ends_with("居委会")
}

/// A community before the compound in it is an area, not the compound: 幸福社区阳光花园.
pub(super) fn without_community(text: &[char]) -> &[char] {
    for word in [&['居', '委', '会'][..], &['社', '区']] {
        let at = text.windows(word.len()).position(|window| window == word);
        if let Some(rest) = at
            .map(|at| &text[at + word.len()..])
            .filter(|rest| rest.len() >= 2)
        {
            return rest;
        }
    }
    text
}

/// Is the text of a bracket a note? It is more of the address when it ends in a unit or an area.
pub(super) fn is_bracket_note(inner: &[char]) -> bool {
    let is_other = matches!(inner.first(), Some('原' | '近' | '靠' | '临' | '一' | '暂'));
    let is_address = inner.last().is_some_and(|&c| {
        matches!(
            c,
            '号' | '栋' | '幢' | '座' | '楼' | '层' | '室' | '房' | '区' | '期' | '厦' | '元' | '苑' | '园'
        )
    });
    let is_company = inner.windows(2).any(|pair| pair == ['公', '司']);
    is_other
        || is_company
        || !(is_address || inner.iter().all(|c| c.is_ascii_alphanumeric() || *c == '-'))
        || inner.len() >= 11 && inner.iter().all(char::is_ascii_digit)
}

/// End of a description that starts with a distance: 以东300米路北.
pub(super) fn distance_end(chars: &[char], end: usize) -> usize {
    (end..chars.len())
        .find(|&at| chars[at].is_ascii_digit() || matches!(chars[at], ',' | '(' | ' '))
        .unwrap_or(chars.len())
}

/// Length of the description of a crossing after a road: 与解放路交叉口东南角, 和人民路交汇处.
pub(super) fn crossing(chars: &[char]) -> usize {
    let is_start = matches!(
        chars.first(),
        Some('与' | '和' | '及' | '交' | '近' | '靠' | '、' | '/' | '&')
    );
    if !is_start {
        return 0;
    }
    let stop = (0..chars.len())
        .find(|&at| matches!(chars[at], '(' | ',' | ' ') || chars[at].is_ascii_digit())
        .unwrap_or(chars.len());
    let cue = chars[..stop]
        .iter()
        .rposition(|c| matches!(c, '口' | '处' | '角' | '侧' | '旁' | '路' | '街' | '道'));
    cue.map_or(0, |last| last + 1)
}

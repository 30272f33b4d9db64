#!/usr/bin/env python3
"""Writes src/reference/data/area_codes.tsv from the unpacked Python package jionlp 1.5.31 (Apache-2.0).

usage: area_codes.py DIR_OF_PACKAGE > src/reference/data/area_codes.tsv
"""
import sys
from pathlib import Path

lines = (Path(sys.argv[1]) / "dictionary" / "landline_phone_area_code.txt").read_text(encoding="utf-8").splitlines()
print("# area code\tplace; JioNLP 1.5.31 (Apache-2.0)")
for line in sorted(lines):
    code, place = line.split(maxsplit=1)
    print(code, place, sep="\t")

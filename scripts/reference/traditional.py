#!/usr/bin/env python3
"""Writes src/text/data/traditional_simplified.txt from OpenCC's TSCharacters.txt (Apache-2.0).

usage: traditional.py TSCharacters.txt > src/text/data/traditional_simplified.txt

One pair a line, traditional then simplified, the first choice where OpenCC gives several. Pairs that map a character to
itself are left out, and so are pairs outside the Basic Multilingual Plane.
"""
import sys

print("# traditional simplified; OpenCC TSCharacters (Apache-2.0), as shipped by opencc-python-reimplemented 0.1.7")
for line in open(sys.argv[1], encoding="utf-8"):
    key, values = line.rstrip("\n").split("\t")
    value = values.split(" ")[0]
    if key != value and max(map(ord, key + value)) < 0x10000:
        print(key + value)

"""Scores guiyi's reader with the measure of the Pollock benchmark (operations.md R2).

In: a guiyi binary and a checkout of the benchmark (Vitagliano et al., Pollock: A Data Loading Benchmark, PVLDB 16(8),
2023), which is not part of this repository. Each polluted file is read by guiyi's own reader process, the one that runs use,
once with everything found by guiyi itself (`sniffed`) and once with the file's parameters as far as a job can declare
them (`declared`: encoding, delimiter, quote, escape, row of the header). Out: per mode the mean of success and of
precision, recall and F1 of header, records and cells, their sum (`simple`), the sum weighted by how often a pollution was
seen in the wild (`weighted`), and the files that cost most.

Cells are compared by their text, with case folded in header and records; the benchmark also takes two spellings of one
number or date for equal, so these figures are lower bounds of its own. What guiyi rejects, it does not load.

    python3 benches/pollock/score.py target/release/guiyi CHECKOUT [--worst N]
"""

import collections
import concurrent.futures
import csv
import io
import json
import os
import pathlib
import struct
import subprocess
import sys

LIMITS = {
    "field_bytes_max": 1 << 20, "record_bytes_max": 4 << 20, "line_bytes_max": 4 << 20, "columns_max": 16_384,
    "files_max": 10_000, "decompressed_bytes_max": 64 << 30, "ratio_max": 200, "zip_entries_max": 2_000,
    "zip_entry_bytes_max": 1 << 30, "zip_total_bytes_max": 4 << 30, "shared_strings_bytes_max": 512 << 20,
    "whole_workbook_bytes_max": 256 << 20,
}
MEASURES = ["success"] + [f"{what}_{how}" for what in ("header", "record", "cell")
                          for how in ("precision", "recall", "f1")]


def number(body, at):
    value = shift = 0
    while True:
        byte = body[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def row_of(body):
    _, at = number(body, 0)
    _, at = number(body, at)
    at += 1
    count, at = number(body, at)
    for _ in range(count):
        _, at = number(body, at)
    count, at = number(body, at)
    cells = []
    while at < len(body):
        empty, at = number(body, at)
        length, at = number(body, at)
        cells += [""] * empty + [body[at:at + length].decode()]
        at += length
    return cells + [""] * (count - len(cells))


def read(guiyi, path, declared):
    """Header and rows as guiyi reads them; None when it refuses the file."""
    request = {
        "source": "a", "path": path.name, "real": list(os.fsencode(path.resolve())), "format": "Csv",
        "encoding": None, "delimiter": None, "quote": None, "escape": None, "sheets": [], "header_row": None, "header": [],
        "wanted": [], "limits": LIMITS, "memory_bytes_max": 1 << 30, "seconds_max": 60, "threads": 1,
        **declared,
    }
    done = subprocess.run([guiyi, "read-source"], input=json.dumps(request).encode(), capture_output=True, check=False)
    out, at, header, rows, bad = done.stdout, 0, None, [], 0
    while at < len(out):
        letter, length = out[at:at + 1], struct.unpack_from("<I", out, at + 1)[0]
        body = out[at + 5:at + 5 + length]
        at += 5 + length
        if letter == b"B":
            columns = json.loads(body)[1]["columns"]
            header = ["" if column["is_blank"] else column["name"] for column in columns]
        elif letter == b"R":
            rows.append(row_of(body))
        elif letter == b"X":
            bad += 1
        elif letter == b"F":
            return None, body.decode(), bad
        elif letter == b"E":
            return header, rows, bad
    return None, f"ended: {done.returncode}", bad


def loaded(header, rows):
    """What a run would take: a row of another width than the header is rejected; blank rows are none."""
    width = len(header)
    kept = [header]
    for row in rows:
        if all(not cell.strip() for cell in row):
            continue
        if len(row) < width or any(cell.strip() for cell in row[width:]):
            continue
        kept.append(row[:width])
    return kept


def through_csv(rows):
    """The rows as the benchmark reads them back: by Python's `csv`, line ends translated."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return list(csv.reader(io.StringIO(text.getvalue(), newline=None)))


def shares(source, loaded_items):
    common = sum((collections.Counter(source) & collections.Counter(loaded_items)).values())
    if not source:
        return 1.0, 1.0, 1.0
    if not common:
        return 0.0, 0.0, 0.0
    # The benchmark divides so; its names of precision and recall are the other way round.
    precision, recall = common / len(source), common / len(loaded_items)
    return precision, recall, 2 * precision * recall / (precision + recall)


def score(clean, rows):
    with open(clean, encoding="utf-8-sig") as file:
        source = list(csv.reader(file))
    if not source:
        return [1.0] * 10
    fold = lambda cells: [cell.lower() for cell in cells]
    header = shares(fold(source[0]), fold(rows[0]) if rows else [])
    records = shares(["".join(fold(row)) for row in source[1:]], ["".join(fold(row)) for row in rows[1:]])
    cells = shares([cell for row in source for cell in row], [cell for row in rows for cell in row])
    return [1.0, *header, *records, *cells]


def declared_of(parameters):
    """The parameters as far as a job file can say them."""
    above = parameters["preamble_lines"] + parameters["header_lines"]
    declared = {"encoding": parameters["encoding"], "header": parameters["column_names"], "header_row": above or None}
    for name, key in (("delimiter", "delimiter"), ("quote", "quotechar"), ("escape", "escapechar")):
        text = parameters[key]
        if text and len(text.encode()) == 1 and not (key == "escapechar" and text == parameters["quotechar"]):
            declared[name] = text.encode()[0]
    return declared


def one(guiyi, data, name, mode):
    declared = {}
    parameters = json.loads((data / "parameters" / f"{name}_parameters.json").read_text())
    if mode == "declared":
        declared = declared_of(parameters)
    header, rows, bad = read(guiyi, data / "csv" / name, declared)
    if header is None:
        empty = (data / "csv" / name).stat().st_size == 0
        figures = score(data / "clean" / name, []) if empty else [0.0] * 10
        return name, figures, f"refused: {rows}"
    kept = through_csv(loaded(header, rows))
    return name, score(data / "clean" / name, kept), f"{len(rows)} rows, {bad} unreadable, {len(kept) - 1} kept"


def main():
    guiyi, checkout = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2])
    worst = int(sys.argv[4]) if sys.argv[3:4] == ["--worst"] else 20
    data = checkout / "polluted_files"
    weights = json.loads((checkout / "pollock_weights.json").read_text())
    names = sorted(path.name for path in (data / "csv").glob("*.csv"))
    for mode in ("sniffed", "declared"):
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            results = list(pool.map(lambda name: one(guiyi, data, name, mode), names))
        means = [sum(figures[at] for _, figures, _ in results) / len(results) for at in range(10)]
        total = sum(weights.get(name, -1) for name in names)
        weighted = sum(sum(figures) * weights.get(name, -1) / total for name, figures, _ in results)
        print(f"{mode}: {len(results)} files, simple {sum(means):.3f}, weighted {weighted:.3f}")
        print("    " + ", ".join(f"{name} {mean:.3f}" for name, mean in zip(MEASURES, means)))
        lost = sorted(results, key=lambda r: ((sum(r[1]) - 10) * weights.get(r[0], 0), sum(r[1])))
        for name, figures, how in lost[:worst]:
            if sum(figures) < 9.9995:
                print(f"    {sum(figures):6.3f} x {weights.get(name, -1):7.1f} {name}: {how[:150]}")


if __name__ == "__main__":
    main()

"""Runs guiyi over every file of a folder (operations.md R1) and prints what became of them.

In: a guiyi binary and folders of files, fetched by whoever runs this; nothing is fetched here and nothing of the
folders is kept. Each file alone, in a folder of its own: `guiyi init`; when it proposes a job, `guiyi run`; when the
file can be read but is no export of customers, `guiyi profile`, and `guiyi run` with a job made from its columns. Out: a
table per folder, and every file that broke a rule: a crash, a signal, a panic, exit code 1, more than 30 s, more than
1 GiB in any one process, or a source whose rows read are not rows accepted + rejected + skipped. Exit code 1 if any did.

    python3 benches/corpora/read.py target/release/guiyi FOLDER...
"""

import collections
import concurrent.futures
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

SECONDS_MAX = 30
KIB_MAX = 1 << 20
WORKERS = 2


class Broken(Exception):
    """A rule of R1 was broken."""


def call(guiyi, folder, *arguments):
    """Exit code and stderr of one command, held to the limits."""
    with open(os.path.join(folder, "stderr"), "w+b") as stderr:
        start = time.monotonic()
        child = subprocess.Popen([guiyi, *arguments], cwd=folder, stdin=subprocess.DEVNULL,
                                 stdout=subprocess.DEVNULL, stderr=stderr)
        pid = 0
        while not pid:
            pid, status, usage = os.wait4(child.pid, os.WNOHANG)
            if not pid:
                if time.monotonic() - start > SECONDS_MAX:
                    child.kill()
                    os.wait4(child.pid, 0)
                    child.returncode = -9
                    raise Broken(f"{arguments[0]}: more than {SECONDS_MAX} s")
                time.sleep(0.002)
        child.returncode = os.waitstatus_to_exitcode(status)
        stderr.seek(0)
        said = stderr.read().decode("utf-8", "replace")
    code = child.returncode
    call.peak = max(call.peak, usage.ru_maxrss)
    call.longest = max(call.longest, time.monotonic() - start)
    if code < 0 or code == 1 or code > 12:
        raise Broken(f"{arguments[0]}: exit code {code}: {said[-300:]}")
    if "defect at" in said or "panicked" in said:
        raise Broken(f"{arguments[0]}: a panic: {said[-300:]}")
    if usage.ru_maxrss > KIB_MAX:
        raise Broken(f"{arguments[0]}: {usage.ru_maxrss} KiB")
    return code, said


call.peak = 0
call.longest = 0.0


def check_accounts(folder):
    """Rows of the sources of every run, by what became of them."""
    rows = collections.Counter()
    for path in pathlib.Path(folder).glob("hub/runs/*/quality.json"):
        for source in json.loads(path.read_text())["sources"]:
            ends = source["accepted"] + source["rejected"] + source["skipped"]
            if source["read"] != ends:
                raise Broken(f"accounts: {source['read']} rows read, {ends} accounted for")
            for name in ("read", "accepted", "rejected", "skipped"):
                rows[name] += source[name]
    return rows


def job_of(profile, name):
    column = next((c["header"] for c in profile["columns"] if c["header"]), None)
    if column is None:
        return None
    text = json.dumps(column, ensure_ascii=False).replace("\x7f", "\\u007f")
    file = json.dumps(name, ensure_ascii=False)
    return (f'language = "en"\n[[source]]\nname = "a"\nfiles = [{file}]\nkey = "@row"\n'
            f"[source.map]\ncustomer_name = {text}\n")


def one(guiyi, path):
    """What became of one file, and its rows."""
    with tempfile.TemporaryDirectory() as folder:
        name = "a" + "".join(path.suffixes[-2:] if path.suffix in (".gz", ".zst") else [path.suffix])
        name = name.replace("[", "").replace("*", "").replace("?", "")
        shutil.copyfile(path, os.path.join(folder, name))
        code, said = call(guiyi, folder, "init", name)
        kind = "job by init"
        if code != 0:
            code, said = call(guiyi, folder, "profile", "--quiet", name)
            if code != 0:
                return "refused by name", collections.Counter()
            with open(os.path.join(folder, name + ".profile.json")) as file:
                job = job_of(json.load(file), name)
            if job is None:
                return "no columns", collections.Counter()
            with open(os.path.join(folder, "guiyi.toml"), "w") as file:
                file.write(job)
            kind = "job made"
        code, said = call(guiyi, folder, "run")
        rows = check_accounts(folder)
        return f"{kind}, run {code}", rows


def guarded(guiyi, path):
    try:
        return path, *one(guiyi, path)
    except Broken as broken:
        return path, "BROKEN", str(broken)


def main():
    guiyi, *folders = sys.argv[1:]
    guiyi = os.path.abspath(guiyi)
    has_broken = False
    for folder in folders:
        files = sorted(p for p in pathlib.Path(folder).rglob("*") if p.is_file() and not p.is_symlink())
        ends, rows = collections.Counter(), collections.Counter()
        start = time.monotonic()
        call.peak, call.longest = 0, 0.0
        with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
            for path, end, more in pool.map(lambda p: guarded(guiyi, p), files):
                ends[end] += 1
                if end == "BROKEN":
                    has_broken = True
                    print(f"BROKEN {path}: {more}", flush=True)
                else:
                    rows.update(more)
        print(f"{folder}: {len(files)} files in {time.monotonic() - start:.0f} s; longest {call.longest:.1f} s, "
              f"largest {call.peak >> 10} MiB", flush=True)
        for end, count in sorted(ends.items()):
            print(f"    {count:6} {end}")
        print(f"    rows {dict(rows)}", flush=True)
    sys.exit(1 if has_broken else 0)


if __name__ == "__main__":
    main()

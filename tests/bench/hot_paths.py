#!/usr/bin/env python3
"""Counts which ways a record takes through an audit, for the compiler: `./dev profile` writes tests/bench/hot.proftext.

  hot_paths.py BIN_DIR OUT

BIN_DIR: a build with COACHD_PROFILE=record. It audits 100,000 records of workload W, with and without evidence, and keeps
the counts of those functions alone that run at least once for every tenth record: the file stays small, and a release
build needs nothing but it. A function that has changed since is compiled as without it: nothing is wrong, only slower.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import table

RECORDS = 100_000
AT_LEAST = RECORDS // 10


def hot(text):
    """Of a profile in LLVM's text form: its heading and the functions that are run often enough."""
    heading, *functions = re.split(r"\n(?=\S+\n# Func Hash:)", text)
    counts = lambda f: [int(n) for n in re.findall(r"^\d+$", f.split("# Counter Values:")[1].split("\n# ")[0], re.M)]  # noqa: E731
    kept = [f.strip() for f in functions if max(counts(f), default=0) >= AT_LEAST]
    return "\n".join([heading.strip(), *sorted(kept), ""]), len(kept)


def main():
    programs, out = Path(sys.argv[1]), Path(sys.argv[2])
    copy = table.peers()
    if copy is None:
        sys.exit("the workload's data are made by the peers: name their folder in COACHD_SHARED")
    audit = [programs / "coachd", "audit", "--file", table.data(copy, RECORDS), "--rules", table.HERE / "workload_w.yaml",
             "--now", "2026-01-15", "--format", "jsonl"]
    with tempfile.TemporaryDirectory() as folder:
        where = {**os.environ, "LLVM_PROFILE_FILE": f"{folder}/%m-%p.profraw"}
        for more in (["--only", "findings"], []):
            done = subprocess.run([str(a) for a in audit + more], stdout=subprocess.DEVNULL, env=where)
            if done.returncode > 1:
                sys.exit("the audit failed")
        raw = sorted(Path(folder).glob("*.profraw"))
        merged = Path(folder) / "all.proftext"
        subprocess.run(["llvm-profdata-19", "merge", "-sparse", "-text", "-o", merged, *raw], check=True)
        text, functions = hot(merged.read_text())
    out.write_text(text)
    print(f"{functions} functions, {len(text):,} bytes: {out}")


if __name__ == "__main__":
    main()

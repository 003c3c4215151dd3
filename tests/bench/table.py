#!/usr/bin/env python3
"""Every figure of the program in one table, beside its peers in the same run: machines are noisy, so the ratios are what counts.

  table.py BIN_DIR [--only w,evaluate,door,hall,load,idle,reload,detectors] [--records 1000000] [--turns 2]

The peers (DuckDB, a group-committing webhook server, a hand-written evaluation) are copied from `bench` in the folder that
COACHD_SHARED names, else in `shared` beside the repository, into build/bench/peers; without them their columns stay empty.
Needs a quiet machine: what other processes used meanwhile is printed at the end.
"""

import argparse
import hashlib
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parents[1]
WORK = SOURCE / "build" / "bench"
SECRET, URL, PATHS = "bench-secret", "https://bench.example", {"peer": "/hook", "door": "/v1/hooks/hubspot"}


def run(args, **how):
    """Runs to the end; answers its figures {name: (value, unit)} and shows its lines as they are."""
    done = subprocess.run([str(a) for a in args], stdout=subprocess.PIPE, text=True, **how)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(str(a) for a in args)} ended with {done.returncode}")
    return figures(done.stdout)


def figures(text):
    found = {}
    for line in text.splitlines():
        match = re.fullmatch(r"(\S+)\s+(-?[0-9.]+|[0-9a-f]{16})\s+(\S.*)", line.strip())
        if match:
            found[match[1]] = (match[2], match[3])
            print("  " + line.strip(), flush=True)
    return found


class Table:
    def __init__(self):
        self.rows = []

    def add(self, figure, value, unit, peer="", peer_value=None, ratio=None, wanted="", good=None):
        """`good`: whether what is wanted was reached; None: it says nothing of this row."""
        self.rows.append((figure, f"{value:,.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value), unit,
                          peer, "" if peer_value is None else f"{peer_value:,.0f}", "" if ratio is None else f"{ratio:.2f}", wanted,
                          "" if good is None else "yes" if good else "NO"))

    def least(self, figure, value, unit, wanted):
        self.add(figure, value, unit, wanted=f">= {wanted:,}", good=value >= wanted)

    def most(self, figure, value, unit, wanted):
        self.add(figure, value, unit, wanted=f"<= {wanted:,}", good=value <= wanted)

    def beside(self, figure, value, unit, peer, peer_value, wanted):
        ratio = value / peer_value
        self.add(figure, value, unit, peer, peer_value, ratio, f">= {wanted} x", ratio >= wanted)

    def print(self):
        heads = ("figure", "coachd", "unit", "beside", "its", "ratio", "wanted", "met")
        widths = [max(len(r[i]) for r in [heads, *self.rows]) for i in range(len(heads))]
        print()
        for row in [heads, *self.rows]:
            cells = [c.rjust(w) if i in (1, 4, 5) else c.ljust(w) for i, (c, w) in enumerate(zip(row, widths))]
            print("  ".join(cells).rstrip())


def peers():
    """A writable copy of the peers with what they need, or None where they are not."""
    shared = Path(os.environ.get("COACHD_SHARED") or SOURCE.parent / "shared") / "bench"
    if not shared.is_dir():
        print(f"the peers are not there ({shared}): their columns stay empty", file=sys.stderr)
        return None
    if not shutil.which("node") or not shutil.which("npm"):
        print("node and npm are not there: the peers' columns stay empty", file=sys.stderr)
        return None
    copy = WORK / "peers"
    if not copy.is_dir():
        shutil.copytree(shared, copy)
        subprocess.run(["chmod", "-R", "u+w", str(copy)], check=True)
    if not (copy / "node_modules").is_dir():
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--foreground-scripts"], cwd=copy, check=True, stdout=subprocess.DEVNULL)
        subprocess.run(["npm", "rebuild", "better-sqlite3"], cwd=copy, check=True, stdout=subprocess.DEVNULL)
    return copy


def data(copy, n):
    file = copy / "data" / f"opps_{n}.jsonl"
    if not file.exists():
        file.parent.mkdir(exist_ok=True)
        subprocess.run(["node", "gen.js", str(n)], cwd=copy, check=True, stdout=subprocess.DEVNULL)
    return file


def by_hand(copy):
    program = WORK / "limit_w"
    if not program.exists():
        subprocess.run(["clang++-19", "-O3", "-std=c++20", str(copy / "limit_w.cpp"), "-o", str(program), "-lsimdjson"], check=True)
    return program


def w(a, table):
    data(a.peers, 1000)  # DuckDB's script takes the names of the columns from it
    data(a.peers, a.records)
    got = run([HERE / "audit_w.sh", a.peers, a.bin / "coachd", a.records, a.turns])
    name = f"audit_w_{a.records}_"
    value = lambda key: float(got[name + key][0])  # noqa: E731
    right = {20000: "5a37c877c73195ee", 100000: "a1cec4cb1e27b720", 1000000: "39f0659608f31197"}.get(a.records)
    table.add(f"W, {a.records:,} records: pairs", got[name + "pairs"][0], got[name + "hash"][0], wanted=right or "", good=got[name + "hash"][0] == right)
    for what, wanted in (("findings", 1.5), ("evidence", 0.9)):
        table.beside(f"W, {what}", value(what), "records/s", "DuckDB, answers in a file", value("duckdb_t2_written"), wanted)
        table.beside(f"W, {what}", value(what), "records/s", "DuckDB, left in memory", value("duckdb_t2"), wanted)
        table.most(f"W, {what}: peak memory", value(what + "_peak_rss"), "MiB", 200)


def evaluate(a, table):
    got = run([a.bin / "bench_evaluate", data(a.peers, a.records), by_hand(a.peers)])
    table.beside("W, evaluation alone, one thread", float(got["evaluate_w"][0]), "records/s", "limit_w", float(got["evaluate_w_by_hand"][0]), 0.5)


def wait_for_port(port):
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"nobody listens on {port}")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def fire(a, folder, who, events, count, name):
    """One load of distinct signed requests at the peer or at the door."""
    file = folder / f"{who}_{events}.requests"
    subprocess.run([a.bin / "hook_load", "make", "--events", str(events), "--count", str(count), "--secret", SECRET,
                    "--uri", URL + PATHS[who], "--out", file], check=True, stdout=subprocess.DEVNULL)
    port = free_port()
    state = Path(tempfile.mkdtemp(dir=folder))
    if who == "peer":
        server = subprocess.Popen(["node", "hook/server.js", str(port), "group", str(state / "hook.db"), "120"], cwd=a.peers,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    else:
        server = subprocess.Popen([a.bin / "bench_door", state, str(port), SECRET, URL, "120"], stdout=subprocess.DEVNULL)
    try:
        wait_for_port(port)
        return run([a.bin / "hook_load", "fire", file, "--to", f"127.0.0.1:{port}", "--connections", "32", "--seconds", "20", "--name", name])
    finally:
        server.terminate()
        server.wait(30)
        file.unlink()
        shutil.rmtree(state, ignore_errors=True)


def door(a, table):
    folder = Path(tempfile.mkdtemp(dir=WORK))
    try:
        for events, count, wanted in ((1, 150_000, 2), (100, 8_000, 1.5)):
            best = {}
            for turn in range(a.turns):
                for who in ("peer", "door"):
                    got = fire(a, folder, who, events, count, f"{who}_{events}ev")
                    best[who] = max(best.get(who, 0), float(got[f"{who}_{events}ev_events"][0]))
            table.beside(f"door, {events} events a request, 32 connections", best["door"], "events/s", "group commit peer", best["peer"], wanted)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def hall(a, table):
    # A state that was made under other rules would be swept while it is measured.
    rules = hashlib.sha256((SOURCE / "config/packs/opportunity-update.yaml").read_bytes()).hexdigest()[:12]
    prepared = WORK / f"state_{a.records}_{rules}"
    for old in WORK.glob(f"state_{a.records}*"):
        if old != prepared:
            shutil.rmtree(old)
    got = run([a.bin / "bench_hall", "--records", a.records, "--prepared", prepared])
    table.least(f"journal to outbox, {a.records:,} records stored", float(got["changes"][0]), "changes/s", 2000)
    table.most(f"study of a day, {a.records:,} records: longest snapshot", float(got["study_longest_snapshot"][0]), "ms", 100)
    table.most("door, 1,000 events/s beside the hall's backlog: p99", float(got["door_while_hall_works_p99"][0]), "ms", 15)
    table.most(f"reload, {a.records:,} records: longest step of the hall", float(got["reload_longest_step"][0]), "ms", 100)
    table.most(f"reload, {a.records:,} records: longest wait at the door", float(got["reload_door_max"][0]), "ms", 100)


def load(a, table):
    for crm, wanted in (("salesforce", 10_000), ("hubspot", 5_000)):
        got = run([sys.executable, HERE / "figures.py", a.bin, "first-load", "--crm", crm, "--records", "100000"])
        table.least(f"first load from {crm}, 100,000 records, durable", float(got["first_load_durable"][0]), "records/s", wanted)


def idle(a, table):
    got = run([sys.executable, HERE / "figures.py", a.bin, "idle", "--crm", "hubspot", "--records", "100000"])
    table.most("idle, 100,000 records: anonymous memory", float(got["idle_anonymous_memory"][0]), "MiB", 150)
    table.most("idle: processor", float(got["idle_processor"][0]), "% of a core", 0.5)
    table.most("idle: wake-ups", float(got["idle_wake_ups"][0]), "1/s", 10)


def reload(a, table):
    got = run([sys.executable, HERE / "figures.py", a.bin, "reload", "--crm", "hubspot", "--records", "100000"])
    table.most("reload, 100,000 records: longest pause of the door", float(got["reload_longest_pause"][0]), "ms", 100)


def detectors(a, table):
    got = run([a.bin / "bench_detectors", 1_000_000])
    table.most("duplicates among 1,000,000 accounts, one thread", float(got["duplicates_seconds"][0]), "s", 60)
    planted, found = (int(float(got["duplicates_" + k][0])) for k in ("planted", "found"))
    table.add("duplicates: pairs found", found, f"of {planted:,} planted", wanted="all, no other", good=found == planted)
    # The company with planted faults, large: 5,000 people and 200,000 records.
    done = subprocess.run([str(a.bin / "unit_rules"), "--gtest_filter=Company.*"], stdout=subprocess.PIPE, text=True,
                          env={**os.environ, "COACHD_COMPANY": "large"})
    for name, precision, recall in re.findall(r"^(\S.*?)\s+planted.*precision ([0-9.]+)\s+recall ([0-9.]+)$", done.stdout, re.M):
        table.add(f"{name}: precision and recall, 200,000 records", f"{precision} {recall}", "", wanted=">= 0.98",
                  good=min(float(precision), float(recall)) >= 0.98)
    if done.returncode != 0:
        raise RuntimeError("a detector spoke of a look-alike: COACHD_COMPANY=large unit_rules --gtest_filter='Company.*' says which")


STAGES = {"w": (w, True), "evaluate": (evaluate, True), "door": (door, True), "hall": (hall, False), "load": (load, False),
          "idle": (idle, False), "reload": (reload, False), "detectors": (detectors, False)}


def busy():
    """Seconds of processor that the whole machine has used, and this process with its ended children."""
    jiffies = [int(x) for x in Path("/proc/stat").read_text().split("\n")[0].split()[1:]]
    return (sum(jiffies) - jiffies[3] - jiffies[4]) / os.sysconf("SC_CLK_TCK"), sum(os.times()[:4])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bin", type=Path, metavar="BIN_DIR")
    parser.add_argument("--only", default=",".join(STAGES))
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--turns", type=int, default=2)
    a = parser.parse_args()
    a.bin = a.bin.resolve()
    unknown = set(a.only.split(",")) - set(STAGES)
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))}: {', '.join(STAGES)}")
    WORK.mkdir(parents=True, exist_ok=True)
    a.peers = peers()
    table = Table()
    began, (machine, own) = time.monotonic(), busy()
    for name in a.only.split(","):
        stage, needs_peers = STAGES[name]
        if needs_peers and not a.peers:
            continue
        print(f"{name}:", flush=True)
        try:
            stage(a, table)
        except (RuntimeError, KeyError, subprocess.CalledProcessError) as e:
            table.add(name, f"not measured: {e}", "", good=False)
    table.print()
    spent = time.monotonic() - began
    others = (busy()[0] - machine) - (busy()[1] - own)
    print(f"\n{spent:.0f} s; other processes used {others / spent:.2f} cores meanwhile" + (": distrust what is timed" if others / spent > 0.2 else ""))
    return 0 if all(row[-1] != "NO" for row in table.rows) else 1


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""kill -9 at seeded moments while the daemon reads, decides and writes. The same story is told twice, once without and once with
the kills: nothing may be lost, nothing may stand in the ledger twice, and open findings, live prompts (by key) and the ledger
(without ids and times) must be equal at the end.

Some of the kills are aimed at the moment in which the CRM has done a write; the answers of three writes are lost on top.

  kill_test.py BIN_DIR [--kills 20] [--seed 1] [--rate 2000]
"""

import argparse
import collections
import json
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from harness import Daemon, Simulator, instant  # noqa: E402

SOURCE = Path(__file__).resolve().parents[2]
START = "2026-05-04T06:30:00Z"  # a Monday morning in Berlin
DAY_OVER = "2026-05-04T21:30:00Z"  # after the last window in New York
REAL_VALUE = {"NextStep": "Call with their purchasing on {n} about the revised quote", "Champion__c": "Dana Weber, head of operations {n}"}


class Story:
    """Phases that do not depend on when something happens: each waits until the daemon has done all that follows from it."""

    def __init__(self, bin_dir, folder, rate, kills, seed):
        self.folder = Path(folder)
        self.folder.mkdir()
        self.simulator = Simulator(bin_dir, self.folder, START, rate, ["--seed", "11"])
        # A generous budget and no own-list day: which prompt goes first must not depend on the moment.
        self.daemon = Daemon(bin_dir, self.folder, self.simulator, SOURCE / "config/packs/opportunity-update.yaml", poll="2m", day=500, week=500, own_list="1m")
        self.random = random.Random(seed)
        self.kills = kills
        self.killed = 0
        self.started = 0
        self.written = 0

    def restart(self):
        if self.daemon.process:
            self.daemon.process.kill()
            self.killed += 1
        self.daemon.start()
        self.started = time.monotonic()
        self.next_kill = self.random.uniform(0.05, 1.2) if self.kills > 0 else None

    def look(self):
        """One moment of waiting: kills when its time has come, restarts what has ended by itself never."""
        if not self.daemon.process.running():
            raise RuntimeError("coachd ended by itself:\n" + self.daemon.process.text()[-3000:])
        if self.next_kill is not None and (time.monotonic() - self.started >= self.next_kill or self.just_written()):
            self.kills -= 1
            self.restart()
        time.sleep(0.01)

    def just_written(self):
        """True at the moment when the CRM has done a write whose answer is still on its way (half of those moments, by seed)."""
        size = self.simulator.ledger_file.stat().st_size if self.simulator.ledger_file.exists() else 0
        grown, self.written = size > self.written, size
        return grown and self.random.random() < 0.5

    def creations(self):
        return [row for row in self.simulator.ledger() if row["method"] == "POST" and row["object"] == "Task" and row["outcome"] == "ok"]

    def settle(self, name, ready, seconds):
        """Waits until `ready` holds, the kills of this phase are made, and nothing moves any more."""
        end = time.monotonic() + seconds
        quiet = None
        last = None
        while time.monotonic() < end:
            for _ in range(10):  # asking the simulator takes longer than looking at its ledger
                self.look()
            now = self.state()
            if ready() and now == last and self.kills <= self.kills_for_later:
                self.next_kill = None
                quiet = quiet or time.monotonic()
                if time.monotonic() - quiet > 3.0:
                    return
            else:
                quiet = None
            last = now
        raise RuntimeError(f"{name}: not settled within {seconds} s; {last}, {self.kills} kills left")

    def state(self):
        return self.simulator.stats()["open_prompts"], len(self.creations()), len(self.removed())

    def run(self, expected):
        # The first day: everything is read, decided and written. It is over when every window of every zone has passed.
        self.kills_for_later = self.kills // 2
        if self.kills:  # and the answers of three writes get lost after the CRM did them
            self.simulator.call("POST", "/fault", {"name": "answer-lost", "share": 1, "count": 3})
        self.restart()
        over = instant(DAY_OVER)
        self.settle("the first day", lambda: self.simulator.now() >= over, 240)
        sent = len(self.creations())
        # In the evening, on a slower clock (a new start: the daemon has one clock a life): people mend records, prompts go away.
        self.kills_for_later = 0
        self.simulator.rate(60)
        if self.daemon.process.end() != 0:
            raise RuntimeError("coachd did not end well:\n" + self.daemon.process.text()[-3000:])
        self.daemon.process = None
        self.restart()
        mended = self.mend()
        self.settle("withdrawals", lambda: len(self.removed()) >= (expected["removed"] if expected else 1), 240)
        return {"sent": sent, "removed": len(self.removed()), "mended": len(mended)}

    def removed(self):
        return [row for row in self.simulator.ledger() if row["method"] == "DELETE" and row["object"] == "Task" and row["outcome"] == "ok"]

    def mend(self):
        done = []
        rows = [r for r in self.simulator.truth() if not r.get("look_alike") and r["fault"] in ("placeholder", "missing") and r.get("field") in REAL_VALUE]
        for n, row in enumerate(sorted(rows, key=lambda r: (r["record"], r["field"]))[:12]):
            self.simulator.act(person=row["owner"], record=row["record"], set={row["field"]: REAL_VALUE[row["field"]].format(n=n)})
            done.append(row["record"])
        return done

    def result(self):
        time.sleep(0.5)
        findings = self.daemon.json("findings")["findings"]
        prompts = self.daemon.json("prompts")["prompts"]
        adopted = self.daemon.json("status")["counters"].get("prompts_adopted", 0)
        code = self.daemon.process.end()
        ledger = collections.Counter()
        for row in self.simulator.ledger():
            if row["outcome"] != "ok":
                continue
            fields = row.get("fields") or row.get("body") or {}
            subject = fields.get("Subject", "")
            ledger[(row["method"], row["object"], subject, fields.get("WhatId", ""), fields.get("OwnerId", ""))] += 1
        return {
            "adopted": adopted,
            "exit": code,
            "findings": sorted((f["record"], f["finding"]) for f in findings),
            "live": sorted(p["key"] for p in prompts if p["state"] == "live"),
            "ledger": ledger,
        }

    def end(self):
        if self.daemon.process:
            self.daemon.process.kill()
        self.simulator.process.end()


def tell(name, left, right):
    if left == right:
        return True
    print(f"DIFFERENT: {name}")
    if isinstance(left, (list, collections.Counter)):
        a, b = collections.Counter(left), collections.Counter(right)
        for item, n in list((a - b).items())[:8]:
            print(f"  only without kills ({n}): {item}")
        for item, n in list((b - a).items())[:8]:
            print(f"  only with kills ({n}): {item}")
    else:
        print(f"  {left} / {right}")
    return False


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bin_dir")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=int, default=2000)
    args = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="coachd-kill-"))
    good = False
    stories = []
    try:
        plain = Story(args.bin_dir, folder / "plain", args.rate, 0, args.seed)
        stories.append(plain)
        counts = plain.run(None)
        calm = plain.result()
        plain.end()
        stories.remove(plain)
        print(f"without kills: {len(calm['findings'])} open findings, {len(calm['live'])} live prompts, {counts['sent']} sent, {counts['mended']} records mended, {counts['removed']} prompts taken back", flush=True)
        killed = Story(args.bin_dir, folder / "killed", args.rate, args.kills, args.seed)
        stories.append(killed)
        killed.run(counts)
        stormy = killed.result()
        print(f"with {killed.killed} kills -9: {len(stormy['findings'])} open findings, {len(stormy['live'])} live prompts; {stormy['adopted']} were in the CRM though their answer had been lost", flush=True)
        good = killed.killed >= args.kills
        if not good:
            print(f"only {killed.killed} of {args.kills} kills were made")
        twice = [k for k, n in stormy["ledger"].items() if n > 1 and k[0] == "POST"]
        for k in twice[:5]:
            print(f"TWICE in the ledger: {k}")
        good &= not twice
        for name in ("exit", "findings", "live", "ledger"):
            good &= tell(name, calm[name], stormy[name])
    finally:
        for story in stories:
            story.end()
        if good:
            shutil.rmtree(folder, ignore_errors=True)
        else:
            print(f"logs and state: {folder}")
    print("equal" if good else "NOT equal")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""The main job on a believable company: a simulated Salesforce org and the real daemon in live mode, over HTTP, on a test clock
that lets two days pass in a minute and a half. Shows each prompt as it lands and each that coachd takes back because a
simulated person mended the record; at the end holds what was found against what was planted.

  demo.py BIN_DIR [--once] [--seed N] [--rate N]

Without --once everything stays open on the printed addresses until Ctrl-C. Exit 0: found all that was planted and nothing else.
"""

import argparse
import collections
import json
import shutil
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from harness import Daemon, Simulator, instant, iso  # noqa: E402

SOURCE = Path(__file__).resolve().parents[2]
START = "2026-05-04T06:00:00Z"  # a Monday morning in Berlin
DAYS = 2

# Which rule of config/packs/opportunity-update.yaml answers for which planted fault, per field where there are several.
RULES_OF = {
    ("commit-without-next-step", None): {"commit-without-next-step"},
    ("past-close-date", None): {"past-close-date"},
    ("pushed-close-date", None): {"pushed-close-date"},
    ("pasted-next-step", None): {"pasted-next-step"},
    ("stale-next-step", None): {"stale-next-step"},
    ("stuck-in-stage", None): {"stuck-in-stage"},
    ("amount-far-above-mean", None): {"amount-far-above-mean"},
    ("placeholder", "NextStep"): {"placeholder-next-step"},
    ("placeholder", "Champion__c"): {"timing.placeholder:champion"},
    ("placeholder", "Implementation_Risk__c"): {"placeholder-implementation-risk"},
    ("placeholder", "Decision_Process__c"): {"placeholder-decision-process"},
    ("missing", "Champion__c"): {"timing.missing:champion"},
    ("missing", "Procurement_Status__c"): {"timing.missing:procurement_status"},
}


def say(text=""):
    print(text, flush=True)


class Follower:
    """Reads the simulator's ledger as it grows and says what becomes of the prompts."""

    def __init__(self, simulator):
        self.simulator = simulator
        self.people = simulator.people()
        self.seen = 0
        self.subjects = {}
        self.landed = self.removed = 0

    def look(self, loud=True):
        lines = self.simulator.ledger_file.read_text().splitlines() if self.simulator.ledger_file.exists() else []
        for line in lines[self.seen:]:
            row = json.loads(line)
            if row.get("object") != "Task" or row.get("outcome") != "ok":
                continue
            at = row["at"][5:16].replace("T", " ")
            if row["method"] == "POST":
                fields = row.get("fields") or row.get("body") or {}
                self.landed += 1
                self.subjects[row["id"]] = fields.get("Subject", "")
                who = self.people.get(fields.get("OwnerId"), {}).get("name", "?")
                if loud:
                    say(f"  {at}  + {who:<18.18} {fields.get('Subject', '')[:88]}")
            elif row["method"] == "DELETE":
                self.removed += 1
                if loud:
                    say(f"  {at}  - {'taken back':<18.18} {self.subjects.get(row['id'], row['id'])[:88]}")
        self.seen = len(lines)


def compare(truth, findings):
    """Planted and not found, found and not planted; a record and a rule are one item."""
    planted = collections.defaultdict(set)
    silent = collections.defaultdict(set)
    unknown = []
    for row in truth:
        key = (row["fault"], row.get("field") or None)
        rules = RULES_OF.get(key) or RULES_OF.get((row["fault"], None))
        if rules is None:
            if row["fault"] != "set-with-stage-change" and not row.get("look_alike"):
                unknown.append(key)
            continue
        (silent if row.get("look_alike") else planted)[row["record"]] |= {(r, row["fault"]) for r in rules}
    found = collections.defaultdict(set)
    for f in findings:
        found[f["record"]].add(f["finding"])
    missed = [(r, rule, fault) for r, rules in planted.items() for rule, fault in rules if rule not in found.get(r, set())]
    extra = [(r, rule) for r, rules in found.items() for rule in rules if rule not in {x for x, _ in planted.get(r, set())}]
    fooled = [(r, rule) for r, rule in extra if r in silent]
    return planted, missed, extra, fooled, unknown


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bin_dir")
    parser.add_argument("--once", action="store_true", help="end by itself with a summary")
    parser.add_argument("--seed", default="7")
    parser.add_argument("--rate", type=int, default=2000, help="simulated seconds for each real one")
    parser.add_argument("--keep", action="store_true", help="keep the folder with logs and state")
    args = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="coachd-demo-"))
    simulator = daemon = None
    good = False
    try:
        simulator = Simulator(args.bin_dir, folder, START, args.rate, ["--seed", args.seed, "--react", "mend=0.5,ignore=0.3,delete=0.2"])
        people = simulator.people()
        say(f"A simulated Salesforce org with {len(people)} people at {simulator.url} (control {simulator.control})")
        daemon = Daemon(args.bin_dir, folder, simulator, SOURCE / "config/packs/opportunity-update.yaml", poll="10m", day=4, week=12)
        daemon.start()
        say(f"coachd runs against it in live mode; {DAYS} days pass in {DAYS * 86400 // args.rate} seconds. Prompts:")
        follower = Follower(simulator)
        start = instant(START)
        end = start + timedelta(days=DAYS, hours=10)
        first = None
        while simulator.now() < end:
            if not daemon.process.running():
                say("coachd has ended:\n" + daemon.process.text()[-3000:])
                return 1
            follower.look()
            if first is None:
                status = daemon.json("status") if daemon.state.exists() else {}
                if status.get("connections", {}).get("acme", {}).get("first_load_done"):
                    first = daemon.json("findings", "--all")
            time.sleep(0.3)
        simulator.rate(1)  # the world stands nearly still while it is looked at
        time.sleep(1)
        follower.look()
        good = summary(simulator, daemon, follower)
        if not args.once:
            say(f"\nEverything stays open: {simulator.url}  control {simulator.control}  state {daemon.state}\nCtrl-C ends it.")
            while True:
                time.sleep(3600)
    except KeyboardInterrupt:
        pass
    finally:
        if daemon and daemon.process:
            daemon.process.end()
        if simulator:
            simulator.process.end()
        if args.keep or not good:
            say(f"logs and state: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    return 0 if good else 1


def summary(simulator, daemon, follower):
    status = daemon.json("status")
    findings = daemon.json("findings", "--all")["findings"]  # ended ones too: what people mended was found before
    counters = status["counters"]
    by_kind = collections.Counter(f["kind"] for f in findings)
    planted, missed, extra, fooled, unknown = compare(simulator.truth(), findings)
    say("\nWhat happened")
    say(f"  changes read      {counters.get('changes_applied', 0):>6}   ({counters.get('history_rows_read', 0)} history rows, {status['connections']['acme'].get('calls', 0)} calls)")
    say(f"  evaluations       {counters.get('evaluations', 0):>6}")
    say("  findings          " + f"{len(findings):>6}   " + ", ".join(f"{k} {n}" for k, n in sorted(by_kind.items())))
    say(f"  prompts sent      {counters.get('prompts_sent', 0):>6}   landed in the CRM: {follower.landed}")
    held = {k[6:]: n for k, n in counters.items() if k.startswith("held: ")}
    say("  held              " + f"{sum(held.values()):>6}   " + ", ".join(f"{k} {n}" for k, n in sorted(held.items())))
    say(f"  withdrawn         {counters.get('prompts_withdrawn', 0):>6}   removed from the CRM: {follower.removed}")
    say(f"  dismissed by people {counters.get('prompts_dismissed', 0):>4}")
    say(f"  cannot tell       {sum(c['count'] for c in status.get('cannot_tell', [])):>6}")
    say(f"\nAgainst what was planted: {sum(len(x) for x in planted.values())} faults on {len(planted)} records")
    say(f"  not found         {len(missed):>6}")
    say(f"  not planted       {len(extra):>6}   (of them look-alikes: {len(fooled)})")
    for r, rule, fault in missed[:10]:
        say(f"    missed  {r}  {rule}  ({fault})")
    for r, rule in extra[:10]:
        say(f"    extra   {r}  {rule}")
    for key in sorted({str(k) for k in unknown}):
        say(f"    a planted kind without a rule: {key}")
    business = [row for row in simulator.ledger() if row.get("object") != "Task"]
    say(f"  writes that are no prompts: {len(business)}")
    ok = not missed and not extra and not business and not unknown and follower.landed > 0 and follower.removed > 0
    say("\n" + ("All that was planted was found, and nothing else." if ok else "This is not what was planted."))
    return ok


if __name__ == "__main__":
    sys.exit(main())

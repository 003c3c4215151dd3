"""One short story of a small company, told with and without faults: in the morning everything is read, decided and written; then
people mend records and answer prompts, and what nobody needs any more is taken back. Whatever strikes meanwhile, at the
end nothing may be lost, nothing may stand twice in the ledger, and open findings, prompts by key and what the CRM holds
must be what they are without the fault.

Nothing in it depends on how long it takes: windows are always open, every phase waits for what follows from it, and the
calm telling is told on for hours to show that the clock alone changes nothing."""

import collections
import random
import sys
import time
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from harness import Daemon, Simulator, free_port  # noqa: E402

SOURCE = Path(__file__).resolve().parents[2]
START = "2026-05-04T08:00:00Z"  # a Monday in Berlin, for 14 hours: at this rate four minutes
RATE = 200  # a doubt of five minutes is one of a second and a half
ALWAYS = "[" + ", ".join(f'"{h:02}:{m:02}"' for h in range(24) for m in (0, 30)) + "]"
LATER = timedelta(hours=6)
MENDED = 12


class Salesforce:
    """How this CRM's ledger and company name things, and how to aim a fault at a kind of call: a part of its method, path and query."""

    object = "Task"
    read = "GET "
    records = "FROM Opportunity "
    mid_page = "Id > '"  # reading goes on behind the last id of the page before
    create = "POST /services/data"
    remove = "DELETE "
    removes_in_part = remove
    page = ["--fault", "short-page=40s"]  # a small company in as many pages as a large one
    hooks = False
    real_value = {"NextStep": "Call with their purchasing on {n} about the revised quote",
                  "Champion__c": "Dana Weber, head of operations {n}"}

    content = {"Subject": "subject", "Description": "body", "WhatId": "record", "OwnerId": "person", "ActivityDate": "due"}


class HubSpot:
    object = "tasks"
    read = "/deals"
    records = "/deals/search"
    mid_page = "after="  # the list goes on behind an id
    create = "/tasks/batch/create"
    remove = "/tasks/batch/archive"
    removes_in_part = None  # it is done or not, without a word on the items
    page = []
    hooks = True  # changes are also told at the daemon's door
    real_value = {"hs_next_step": "Call with their purchasing on {n} about the revised quote", "champion": "Dana Weber, head of operations {n}"}
    content = {"hs_task_subject": "subject", "hs_task_body": "body", "associated": "record", "hubspot_owner_id": "person", "hs_timestamp": "due"}


CRMS = {"salesforce": Salesforce, "hubspot": HubSpot}


class Fault:
    """What strikes during a telling. The plain one strikes nothing: the calm telling. Arms are faults of the simulator: those of
    `read` are set at the start, those of `mend` when people begin to mend."""

    name = "calm"
    crms = ("salesforce", "hubspot")
    people, records = 10, 400
    least_mended = 6
    poll = "2m"
    longest = 90  # seconds for a phase
    hours_later = False  # whether it is told on for hours, as the calm telling is
    task_key = False  # HubSpot: tasks have the unique property

    def arms(self, phase):
        """[(fault, how often, at which kind of call as the CRM's class names it ("": any), seconds or None, and False where it may find nothing to strike)]"""
        return []

    def begin(self, story):
        """The simulator runs, the daemon does not yet."""

    def look(self, story):
        """One moment of waiting."""

    def evening(self, story):
        """All prompts are live, nobody has mended anything yet."""

    def expected(self, story, phase, calm):
        """What must be at the end of the phase, from what the calm telling came to."""
        return calm

    def problems(self, story):
        """What should have happened and did not."""
        return []


class Story:
    def __init__(self, bin_dir, folder, crm, fault, seed=1):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True)
        self.bin_dir = bin_dir
        self.crm = CRMS[crm]
        self.fault = fault
        self.random = random.Random(seed)
        self.armed = []
        self.notes = []  # what the fault has to say for itself
        door = free_port() if self.crm.hooks else None
        hooks = ["--webhooks", f"http://127.0.0.1:{door}/v1/hooks/acme"] if door else []
        hooks += ["--task-key"] if fault.task_key else []
        self.simulator = Simulator(bin_dir, self.folder, START, RATE,
                                   ["--seed", "11", "--people", str(fault.people), "--records", str(fault.records), *self.crm.page, *hooks], crm)
        # A generous budget and no own-list day: which prompt goes first must not depend on the moment.
        self.daemon = Daemon(bin_dir, self.folder, self.simulator, SOURCE / "config/packs/opportunity-update.yaml", poll=fault.poll, day=500, week=500,
                             own_list="1m", windows=ALWAYS, quiet='{from: "00:00", to: "00:00"}', share="100%", door=door)

    # ---- what is

    def ledger(self):
        return [row for row in self.simulator.ledger() if row["object"] == self.crm.object and row["outcome"] == "ok"]

    def result(self):
        """All that must not depend on faults, in a form that can be compared."""
        tasks, sent, taken_back = {}, collections.Counter(), collections.Counter()
        for row in self.ledger():
            if self.crm.remove in f"{row['method']} {row['path']}":
                if row["id"] in tasks:  # a repeated removal removes nothing
                    taken_back[short_key(tasks.pop(row["id"]))] += 1
                continue
            content = {name: row["fields"][field] for field, name in self.crm.content.items() if field in row["fields"]}
            if row["id"] not in tasks:
                sent[short_key(content)] += 1
            tasks.setdefault(row["id"], {}).update(content)
        findings = self.daemon.json("findings")["findings"]
        prompts = self.daemon.json("prompts")["prompts"]
        return {
            "open findings": collections.Counter((f["record"], f["finding"]) for f in findings),
            "prompts": {p["key"]: (p["state"], p["person"]) for p in prompts},
            "sent": sent,
            "taken back": taken_back,
            "tasks": collections.Counter(tuple(sorted(t.items())) for t in tasks.values()),
        }

    def started(self):
        """Before that there may be nothing that a command could read, and nobody who listens to a signal."""
        return '"started"' in self.daemon.process.text()

    def live(self):
        """The prompts that are live, each with the id of its task, by record."""
        return sorted((p for p in self.daemon.json("prompts", "--state", "live")["prompts"]), key=lambda p: (p["record"], p["key"]))

    # ---- what is done

    def restart(self):
        """Kills the daemon, if there is one, and starts it on the simulator's clock."""
        if self.daemon.process:
            self.daemon.process.kill()
        self.daemon.start()

    def stop(self):
        code = self.daemon.process.end()
        if code != 0:
            raise RuntimeError(f"coachd ended with {code}:\n" + self.daemon.process.text()[-3000:])
        self.daemon.process = None

    def disarm(self):
        """What was armed and has found nothing to strike."""
        for key in self.simulator.armed():
            name, _, only = key.partition("@")
            if name not in ("short-page", "clock-skew"):  # the company is like that
                self.simulator.fault(name, share=0, only=only)

    def arm(self, phase):
        for arm in self.fault.arms(phase):
            self.armed += self.strike(*arm)

    def strike(self, name, count, kind, seconds, sure=True):
        """Arms one fault; answers the name under which the simulator counts its strikes, and how many are to come. Nothing where
        the CRM has no such calls, or where it is not `sure` that the fault finds something to strike."""
        only = kind and getattr(self.crm, kind)
        if only is None:
            return []
        self.simulator.fault(name, count=count, only=only, **({} if seconds is None else {"value": seconds}))
        return [(name + ("@" + only if only else ""), count)] if sure else []

    def unstruck(self):
        struck = self.simulator.struck()
        wanted = collections.Counter()
        for key, count in self.armed:
            wanted[key] += count
        return [f"{key} struck {struck.get(key, 0)} times of {count}" for key, count in wanted.items() if struck.get(key, 0) < count]

    def moment(self, seconds=0.02):
        if not self.daemon.process.running():
            raise RuntimeError("coachd ended by itself:\n" + self.daemon.process.text()[-3000:])
        self.fault.look(self)
        time.sleep(seconds)

    def wait(self, what, ready, seconds):
        """Until `ready` answers something true: that."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.moment()
            if found := ready():
                return found
        raise RuntimeError(f"{what}: not within {seconds} s")

    def settle(self, phase, expected):
        """Until all that was armed has struck and what is equals what is expected; without that, until nothing moves."""
        end = time.monotonic() + self.fault.longest
        last, since = None, time.monotonic()
        while time.monotonic() < end:
            for _ in range(10):  # asking for everything takes longer than a look
                self.moment()
            if self.started():
                now = self.result()
                if now != last:
                    last, since = now, time.monotonic()
                done = now == expected if expected else self.rests(phase, now)
                # The commands that were asked meanwhile have left the daemon its journal.
                if not self.daemon.state.joinpath("coachd.db-wal").exists():
                    raise RuntimeError("the journal of the state file is gone under the running daemon")
                if done and time.monotonic() - since > (1.0 if expected else 2.0) and not self.unstruck() and not self.fault.problems(self):
                    return now
        missing = self.unstruck() + self.fault.problems(self)
        if not missing and not expected:  # what is not at rest is no measure
            missing = ["what the phase is about is not done, or something still moves"]
        if missing:
            raise RuntimeError(f"{phase}: not within {self.fault.longest} s: " + "; ".join(missing))
        return last

    def rests(self, phase, now):
        """All that the phase is about has been done, as far as can be told without knowing what comes out."""
        if phase == "morning":
            self.before = now
        of = [collections.Counter(record for record, _ in what["open findings"]) for what in (self.before, now)]
        seen = phase == "morning" or all(of[0][row["record"]] > of[1][row["record"]] for row in self.mends())
        return seen and now["sent"] and all(state in ("live", "withdrawn", "dropped") for state, _ in now["prompts"].values())

    def mends(self):
        """The fields into which people write something real: a dozen that hold a placeholder or nothing."""
        rows = [r for r in self.simulator.truth() if not r.get("look_alike") and r["fault"] in ("placeholder", "missing") and r.get("field") in self.crm.real_value]
        if len(rows) < self.fault.least_mended:
            raise RuntimeError(f"the company is too small: {len(rows)} fields to mend")
        return sorted(rows, key=lambda r: (r["record"], r["field"]))[:MENDED]

    def mend(self):
        for n, row in enumerate(self.mends()):
            self.simulator.act(person=row["owner"], record=row["record"], set={row["field"]: self.crm.real_value[row["field"]].format(n=n)})

    # ---- the telling

    def tell(self, calm=None):
        """Answers what was at the end of each phase. `calm`: what was without the fault."""
        phases = {}

        def phase(name):
            expected = self.fault.expected(self, name, calm[name]) if calm else None
            phases[name] = self.settle(name, expected)
            if expected and (different := differences(expected, phases[name])):
                raise Different(name, different)

        self.arm("read")
        self.fault.begin(self)
        self.restart()
        phase("morning")
        self.arm("mend")
        self.fault.evening(self)
        self.mend()
        phase("evening")
        if not calm or self.fault.hours_later:
            self.later(phases["evening"])
        self.stop()
        return phases

    def later(self, now):
        """Hours later, on a faster clock (a new start: the daemon has one clock a life), nothing else has happened."""
        self.simulator.rate(LATER.total_seconds() / 2)
        self.stop()
        self.restart()
        until = self.simulator.now() + LATER
        self.wait("hours", lambda: self.simulator.now() > until, 30)
        if different := differences(now, self.result()):
            raise Different("hours later", different)

    def end(self):
        if self.daemon.process:
            self.daemon.process.kill()
        self.simulator.process.end()


def short_key(task):
    """The key that ends every subject, by which a prompt is told apart, with the person it went to."""
    return task["subject"].rpartition("[")[2].rstrip("]"), task["person"]


class Different(Exception):
    def __init__(self, phase, lines):
        super().__init__(f"{phase}: not what it is without the fault\n" + "\n".join(lines))


def differences(expected, found):
    lines = []
    if not found:
        return ["nothing was found at all"]
    for name in expected:
        a, b = expected[name], found[name]
        if a == b:
            continue
        a, b = (collections.Counter(x if isinstance(x, collections.Counter) else x.items()) for x in (a, b))
        lines += [f"  {name}: only expected ({n}): {item}" for item, n in list((a - b).items())[:6]]
        lines += [f"  {name}: only found ({n}): {item}" for item, n in list((b - a).items())[:6]]
    return lines

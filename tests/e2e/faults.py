"""What can strike while the story is told: a table of simulator faults aimed at kinds of call, and those that need more."""

import collections
import copy
import signal
import time
from datetime import timedelta
from pathlib import Path

from story import Fault


class Aimed(Fault):
    """Faults of the simulator and nothing else."""

    def __init__(self, name, read=(), mend=(), crms=Fault.crms, poll=Fault.poll, hours_later=False, task_key=False):
        self.name, self.read, self.mend, self.crms, self.poll = name, read, mend, crms, poll
        self.hours_later, self.task_key = hours_later, task_key

    def arms(self, phase):
        return self.read if phase == "read" else self.mend


class LateCommit(Aimed):
    """What people write shows up minutes later under its own, old stamp; what is written after it is seen before it."""

    def arms(self, phase):
        return [("late-commit", 6, "", 300)] if phase == "mend" else []


def skew(story, seconds):
    """The CRM's clock against ours."""
    story.simulator.fault("clock-skew", share=1 if seconds else 0, value=seconds)
    story.daemon.ahead = timedelta(seconds=seconds)


class ClockSkew(Fault):
    """The CRM's clock is off by minutes from the first call on; one that is behind is set right when people mend, or `stays`."""

    def __init__(self, name, seconds, stays=False):
        self.name, self.seconds, self.stays = name, seconds, stays
        self.apart = None

    def begin(self, story):
        before = story.simulator.now()
        skew(story, self.seconds)
        self.apart = (story.simulator.now() - before).total_seconds()

    def evening(self, story):
        if not self.stays:
            skew(story, max(0, self.seconds))

    def problems(self, story):
        return [] if self.apart and abs(self.apart - self.seconds) < 60 else [f"the CRM's clock is {self.apart} s off, not {self.seconds}"]


class Kill(Fault):
    """kill -9 at seeded moments of reading, deciding and writing. The last kills of a phase are kept for the moment at which the CRM
    has done a write and its answer is still on its way; some answers take a second, so that the moment is met. The answers of
    three writes are lost on top."""

    people, records = 16, 800  # more writes

    def __init__(self, name="kill-9", kills=20, task_key=False):
        self.name, self.kills, self.task_key = name, kills, task_key
        self.longest += kills  # seconds
        if task_key:
            self.crms = ("hubspot",)

    def arms(self, phase):
        if phase == "read":
            return [("answer-lost", 3, "create", None), ("slow-body", 2, "create", 1, False)]
        return [("slow-body", 1, "remove", 1, False)]

    def begin(self, story):
        self.written = 0
        self.moments = collections.Counter()
        self.phase(story, self.kills // 2, 3)

    def evening(self, story):
        self.phase(story, self.kills - self.kills // 2, 1)

    def phase(self, story, kills, kept):
        self.left, self.kept, self.aimed = kills, kept, 0
        self.plan(story)

    def plan(self, story):
        # The first write of a phase is worth waiting for; after it there may be none.
        wait = story.random.uniform(0.05, 1.2) if self.left > self.kept else 4 if self.aimed else 30
        self.next = time.monotonic() + wait

    def just_written(self, story):
        file = story.simulator.ledger_file
        size = file.stat().st_size if file.exists() else 0
        grown, self.written = size > self.written, size
        return grown

    def look(self, story):
        if self.left == 0:
            return
        # The first write is always struck: with a fast program all of them are over within two seconds.
        hit = self.just_written(story) and (self.aimed == 0 or self.left <= self.kept or story.random.random() < 0.5)
        if hit or time.monotonic() >= self.next:
            self.left -= 1
            self.aimed += hit
            self.moments["just after a write" if hit else "at work" if story.started() else "at its start"] += 1
            story.restart()
            self.plan(story)

    def problems(self, story):
        story.notes = [f"{sum(self.moments.values())} kills: " + ", ".join(f"{n} {when}" for when, n in sorted(self.moments.items()))]
        if self.left:
            return [f"{self.left} kills are still to be made"]
        return ([] if self.aimed else ["no kill came just after a write"]) + ([] if self.moments["at work"] else ["no kill came in the middle of its work"])


class RuleFile:
    """The story's rule file: at each turn broken, or with another rule that never finds anything."""

    def __init__(self, story):
        self.story = story
        self.good = story.daemon.rules.read_text()
        self.times = 0

    def turn(self):
        words = self.good
        if self.times % 3 == 1:
            words = words.replace("kind: stale", "kind: stael", 1)
        else:
            words = words.replace("\nold_records: all\n", f"""
  - id: never-{self.times}
    kind: stale
    for: {{open: true, field: amount, above: 1000000000}}
    when: {{field: next_step, real: false}}
    control: [prompt]
    prompt: {{to: owner, say: "{{name}} is huge.", ask: "What happens next?", gives_back: "Nothing."}}

old_records: all
""")
        self.story.daemon.rules.write_text(words)
        self.story.daemon.process.child.send_signal(signal.SIGHUP)
        self.times += 1

    def mend(self):
        self.story.daemon.rules.write_text(self.good)


class Reload(Fault):
    """A broken rule file, which must change nothing, and good ones, again and again while all is read, decided, written and mended, and
    the CRM fails now and then."""

    name = "reload"

    def arms(self, phase):
        if phase == "read":
            return [("502", 2, "read", None), ("answer-lost", 1, "create", None)]
        return [("429", 1, "remove", None)]

    def begin(self, story):
        self.file = RuleFile(story)
        self.before = (0, 0)
        self.next = None

    def counts(self, story):
        text = story.daemon.process.text()
        return text.count('"reloaded"'), text.count("the old rules stay")

    def look(self, story):
        if self.next is None:
            self.next = time.monotonic() if story.started() else None  # before that nobody listens to the signal
        elif time.monotonic() > self.next and self.file.times < 9:
            self.file.turn()
            self.next = time.monotonic() + story.random.uniform(0.1, 0.6)

    def evening(self, story):
        self.before = self.counts(story)
        self.file.times, self.next = 0, None

    def problems(self, story):
        done, refused = (now - before for now, before in zip(self.counts(story), self.before))
        story.notes = [f"{done} reloads, {refused} refused"]
        return [] if self.file.times >= 9 and done >= 4 and refused >= 3 else [f"{self.file.times} reloads asked for, {done} done, {refused} refused"]


class SmallDisk:
    """small_disk.c around the daemon's state: a disk of a few bytes."""

    says = "the disk is full"

    def __init__(self, story):
        self.story = story
        self.bytes = story.folder / "disk-bytes"
        library = Path(story.bin_dir) / "libsmall_disk.so"
        if not library.exists():
            raise RuntimeError(f"{library} is missing: build the target small_disk")
        story.daemon.env.update(LD_PRELOAD=str(library), SMALL_DISK_FOLDER=str(story.daemon.state.resolve()), SMALL_DISK_BYTES=str(self.bytes))

    def holds(self, n):
        self.bytes.write_text(f"{n}\n")

    def is_limited(self):
        return self.bytes.exists()

    def lift(self):
        self.bytes.unlink(missing_ok=True)

    def used(self):
        return sum(f.stat().st_size for f in self.story.daemon.state.iterdir())

    def state(self):
        """What `status` says of the connection."""
        try:
            return self.story.daemon.json("status")["connections"]["acme"]["state"]
        except RuntimeError:  # the very first rows are not there yet
            return ""


class FullDisk(Fault):
    """The disk is full in the middle of the first load, and again when the program starts in the evening. The state must say so, and
    all goes on by itself when there is room."""

    name = "full-disk"

    def begin(self, story):
        self.disk = SmallDisk(story)
        self.disk.holds(33 * 1024 * 1024 + 300 * 1024)  # the reserve, and a little
        self.until = None
        self.times = 0

    def look(self, story):
        if not self.disk.is_limited():
            return
        if self.until is None:
            if SmallDisk.says in self.disk.state():
                self.until = time.monotonic() + 1.0  # it must bear that for a while
        elif time.monotonic() > self.until:
            self.times += 1
            self.until = None
            self.disk.lift()

    def evening(self, story):
        story.stop()
        self.disk.holds(self.disk.used())
        story.restart()

    def problems(self, story):
        if self.disk.is_limited():
            return ["the state does not say that the disk is full"]
        story.notes = [f"full {self.times} times"]
        return [f"the state still says: {self.disk.state()}"] if SmallDisk.says in self.disk.state() else []


class Storm(Fault):
    """Everything at random moments: all faults of the simulator, kills, reloads, a full disk and a clock that jumps."""

    name = "storm"
    people, records = 16, 800  # more writes

    def __init__(self, strikes=30):
        self.strikes = strikes

    def begin(self, story):
        self.disk, self.file = SmallDisk(story), RuleFile(story)
        self.clock = -600  # the CRM's; it is only ever set forward
        skew(story, self.clock)
        self.counts = collections.Counter()
        self.first = story.random.sample(["aimed", "kill", "reload", "disk", "clock"], 5)
        self.calm_down()

    def calm_down(self):
        self.left = self.strikes
        self.next = time.monotonic() + 0.2
        self.lift = None

    def evening(self, story):
        self.calm_down()

    def look(self, story):
        now = time.monotonic()
        if self.lift and now > self.lift:
            self.disk.lift()
            self.lift = None
        if self.left <= 0 or now < self.next:
            return
        self.next = now + story.random.uniform(0.05, 0.8)
        kinds = [f for f in FAULTS if isinstance(f, Aimed) and type(f) is Aimed and story.simulator.crm in f.crms]
        # Each kind once, then by chance.
        which = self.first.pop() if self.first else story.random.choice(["aimed"] * 6 + ["kill"] * 4 + ["reload", "disk", "clock"])
        if which == "aimed":
            fault = story.random.choice(kinds)
            for arm in fault.arms(story.random.choice(["read", "mend"])):
                story.strike(*arm)
            which = fault.name
        elif which == "kill":
            self.file.mend()  # with a broken file it does not start, and says so
            story.restart()
        elif which == "reload":
            if not story.started():  # nobody listens to the signal yet
                self.first.append(which)
                return
            self.file.turn()
        elif which == "disk":
            self.disk.holds(self.disk.used() + story.random.randint(0, 1 << 20))
            self.lift = now + story.random.uniform(0.5, 2)
        else:
            self.clock = min(600, self.clock + 600)
            skew(story, self.clock)
        self.counts[which] += 1
        self.left -= 1
        if self.left == 0:  # what was armed and found nothing to strike goes, and all is set right
            self.file.mend()
            story.disarm()

    def problems(self, story):
        story.notes = [", ".join(f"{n} {name}" for name, n in sorted(self.counts.items()))]
        return [f"{self.left} strikes are still to come"] if self.left or self.lift else []


class People(Fault):
    """What people do to prompts in the evening, and what then must be; the calm telling says the rest."""

    hours_later = True  # nobody is asked again

    def evening(self, story):
        self.becomes = self.act(story, [p for p in story.live() if p["record"] not in self.mended(story)])

    @staticmethod
    def mended(story):
        return {r["record"] for r in story.mends()}

    def expected(self, story, phase, calm):
        after = copy.deepcopy(calm)
        if phase == "evening":
            after["prompts"].update(self.becomes)
        return after

    def act(self, story, live):
        """Answers what becomes of the prompts that it touched: {key: (state, person)}."""
        raise NotImplementedError


class Deletes(People):
    name = "person-deletes"

    def act(self, story, live):
        chosen = live[:4]
        if len(chosen) < 4:
            raise RuntimeError("the company is too small for four prompts to delete")
        for p in chosen:
            story.simulator.act(person=p["person"], delete=p["crm_id"])
        return {p["key"]: ("dismissed", p["person"]) for p in chosen}


class Reassigns(People):
    """Two prompts go to a colleague and stay theirs; a third one too, and then its record is mended: it is taken back from them."""

    name = "person-reassigns"

    def act(self, story, live):
        people = sorted({p["person"] for p in live})
        mended = self.mended(story)
        chosen = live[:2] + [p for p in story.live() if p["record"] in mended][:1]
        becomes = {}
        for p in chosen:
            to = next(person for person in people if person != p["person"])
            story.simulator.act(person=p["person"], reassign=p["crm_id"], to=to)
            becomes[p["key"]] = ("withdrawn" if p["record"] in mended else "live", to)
        # Seen before the record is mended: a prompt that is on its way out goes nowhere any more.
        story.wait("reassigning", lambda: sum(becomes.get(p["key"], ("", ""))[1] == p["person"] for p in story.live()) == 3, 30)
        return becomes


class Sweeps(People):
    """One person completes seven prompts within a minute: swept away. Another completes two: done."""

    name = "person-sweeps"

    def act(self, story, live):
        by_person = collections.defaultdict(list)
        for p in live:
            by_person[p["person"]].append(p)
        most = sorted(by_person.values(), key=lambda ps: (-len(ps), ps[0]["person"]))
        if len(most) < 2 or len(most[0]) < 7 or len(most[1]) < 2:
            raise RuntimeError("the company is too small for a person with seven prompts and another with two")
        swept, done = most[0][:7], most[1][:2]
        for p in swept + done:
            story.simulator.act(person=p["person"], complete=p["crm_id"])
        return {p["key"]: ("ignored" if p in swept else "done", p["person"]) for p in swept + done}


FAULTS = [
    Kill(),  # the longest first
    Kill("kill-9-with-key", task_key=True),
    Aimed("401-in-mid-page", read=[("401", 1, "mid_page", None), ("401", 1, "create", None)], mend=[("401", 1, "read", None)]),
    Aimed("429-retry-after", read=[("429-retry-after", 2, "mid_page", 1), ("429-retry-after", 1, "create", 1)], mend=[("429-retry-after", 1, "remove", 1)]),
    Aimed("429", read=[("429", 1, "mid_page", None)], mend=[("429", 1, "remove", None)]),
    Aimed("502-storm", read=[("502", 8, "read", None), ("502", 2, "create", None)], mend=[("502", 3, "remove", None)]),
    Aimed("row-lock", read=[("row-lock", 2, "", None)], mend=[("row-lock", 1, "", None)]),
    Aimed("partial-batch", read=[("partial-batch", 2, "create", None)], mend=[("partial-batch", 1, "removes_in_part", None)]),
    Aimed("answer-lost", read=[("answer-lost", 2, "create", None)], mend=[("answer-lost", 1, "remove", None)], hours_later=True),
    Aimed("answer-lost-with-key", read=[("answer-lost", 2, "create", None)], mend=[("answer-lost", 1, "remove", None)], crms=("hubspot",), hours_later=True, task_key=True),
    Aimed("cut-connection", read=[("cut-connection", 2, "mid_page", None), ("cut-connection", 1, "create", None)], mend=[("cut-connection", 1, "remove", None)]),
    Aimed("slow-body", read=[("slow-body", 2, "mid_page", 1), ("slow-body", 1, "create", 1)], mend=[("slow-body", 1, "remove", 1)]),
    Aimed("duplicate-rows", read=[("duplicate-rows", 12, "", None)], mend=[("duplicate-rows", 6, "", None)], crms=("salesforce",)),
    Aimed("duplicate-rows", read=[("duplicate-rows", 2, "mid_page", None)], crms=("hubspot",)),
    LateCommit("late-commit"),
    # Where the door alone tells of changes, nothing but a delivery can bring them within the story.
    Aimed("hook-twice", mend=[("hook-double", 1, "", None)], crms=("hubspot",), poll="12h"),
    Aimed("hook-disordered", mend=[("hook-shuffle", 1, "", None, False), ("hook-late", 1, "", 1)], crms=("hubspot",), poll="12h"),
    Aimed("hook-refused", mend=[("hook-bad-signature", 1, "", None)], crms=("hubspot",), poll="12h"),
    Aimed("hook-lost", mend=[("hook-drop", 1, "", None)], crms=("hubspot",)),
    ClockSkew("clock-ahead", 600),
    ClockSkew("clock-behind", -600),
    ClockSkew("clock-stays-behind", -660, stays=True),
    FullDisk(),
    Deletes(),
    Reassigns(),
    Sweeps(),
    Reload(),
]

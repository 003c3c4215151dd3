#!/usr/bin/env python3
"""Detectors in the running daemon: the pack that is shipped for adoption health, against the simulated company. What people do in
it (one text on many deals, a promise in a note) is found on the next study, stands under that person alone and stays over a
day; who only looks alike is left in peace; what the CRM does not show is said to be unknown.

  detect_test.py BIN_DIR
"""

import collections
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from activity_test import query  # noqa: E402
from harness import Daemon, Simulator  # noqa: E402

BIN = Path()
PACK = Path(__file__).resolve().parents[2] / "config/packs/adoption-health.yaml"
START, RATE = "2026-05-05T21:05:00Z", 100  # 55 minutes before midnight in Berlin: 33 seconds
MEETINGS = """meetings:
  pipeline-review: {every: monday 09:30, manager: each}
  forecast-call: {every: thursday 15:00, manager: each}
"""
TEXT, ALIKE = "Waiting for their answer to our offer", "Waiting to hear what they say to us"


class Detect(unittest.TestCase):
    def begin(self, *rights):
        folder = tempfile.TemporaryDirectory(prefix="coachd-detect-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.simulator = Simulator(BIN, folder.name, START, RATE, ["--seed", "7", "--people", "10", "--records", "200", *rights])
        self.addCleanup(self.simulator.process.kill)
        self.daemon = Daemon(BIN, folder.name, self.simulator, PACK, poll="1m", share="100%", sources=("task", "event"), more=MEETINGS)

    def wait(self, what, ready, seconds=60):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if not self.daemon.process.running():
                self.fail("coachd ended by itself:\n" + self.daemon.process.text()[-3000:])
            if '"started"' in self.daemon.process.text() and (found := ready()):
                return found
            time.sleep(0.1)
        self.fail(f"{what}: not within {seconds} s\n" + self.daemon.process.text()[-3000:])

    def found(self, finding):
        return {f["owner"]: f for f in self.daemon.json("findings", "--rule", finding)["findings"]}

    def status(self):
        return self.daemon.json("status")

    def plant(self):
        """Two owners of several open deals, of as many accounts: one pastes a text over four, one over two. The first promises
        something in the notes of a call."""
        deals = collections.defaultdict(dict)  # owner -> account -> deal
        for o in query(self.simulator, "SELECT Id, OwnerId, AccountId FROM Opportunity WHERE IsClosed = false ORDER BY Id"):
            deals[o["OwnerId"]].setdefault(o["AccountId"], o["Id"])
        people = self.simulator.people()
        owners = [p for p in sorted(deals) if len(deals[p]) >= 4 and p in people]
        self.assertGreaterEqual(len(owners), 2)
        pasting, alike = owners[:2]
        pasted = list(deals[pasting].values())[:4]
        for deal in pasted:
            self.simulator.act(person=pasting, record=deal, set={"NextStep": TEXT})
        for deal in list(deals[alike].values())[:2]:
            self.simulator.act(person=alike, record=deal, set={"NextStep": ALIKE})
        self.simulator.act(person=pasting, create="Task", set={
            "Subject": "Call", "WhatId": pasted[0], "Status": "Completed", "TaskSubtype": "Call",
            "Description": "Good talk with Dana. I'll send the revised offer tomorrow."})
        self.simulator.act(person=alike, create="Task", set={
            "Subject": "Call", "WhatId": list(deals[alike].values())[0], "Status": "Completed", "TaskSubtype": "Call",
            "Description": "Good talk. Dana will send us the papers tomorrow."})
        return pasting, alike, pasted

    def test_what_people_do_is_found_and_stays_theirs(self):
        self.begin()
        pasting, alike, pasted = self.plant()
        self.daemon.start()
        first = self.wait("a study", lambda: (s := self.status())["counters"].get("studies") and s)
        words = self.found("same-words-everywhere")
        self.assertIn(pasting, words)
        self.assertEqual(words[pasting]["unit"], "person")
        self.assertEqual(set(words[pasting]["records"]), set(pasted))
        self.assertIn("NextStep", words[pasting]["field"])
        self.assertNotIn(alike, words, "two deals with one text are nobody's habit")
        # An independent look at the company.
        uses = collections.defaultdict(set)
        for o in query(self.simulator, "SELECT Id, OwnerId, AccountId, NextStep FROM Opportunity WHERE IsClosed = false"):
            if len(o["NextStep"] or "") >= 20:
                uses[o["OwnerId"], o["NextStep"]].add(o["AccountId"])
        self.assertLessEqual({owner for (owner, _), accounts in uses.items() if len(accounts) >= 3}, set(words))
        promised = self.found("promised-in-a-note")
        self.assertIn(pasting, promised)
        self.assertEqual(promised[pasting]["records"], [pasted[0]])
        self.assertNotIn(alike, promised, "what others promised is nobody's follow-up")
        # Whose habits they are reads nobody else: they hang on no record, and nothing is written to the CRM.
        for f in self.daemon.json("findings")["findings"]:
            if f.get("unit") == "person":
                self.assertEqual((f["object"], f["to"]), ("unit:person", ""), f)
        self.assertEqual(self.daemon.json("prompts")["prompts"], [])
        # What this CRM does not show is unknown, and says why.
        unknown = {c["rule"].split("/")[1]: c["why"] for c in first["cannot_tell"]}
        for rule in ("logins-and-stale-records", "exports-before-forecast", "what-changed-in-the-crm", "meeting-that-looks-at-nothing"):
            self.assertIn(rule, unknown)
        self.assertIn("Manage Users", unknown["logins-and-stale-records"])
        self.assertEqual(self.found("logins-and-stale-records"), {})
        self.assertGreaterEqual(first["connections"]["acme"]["findings"]["person"], 2)
        self.assertEqual(first["connections"]["acme"]["facts_of"], "2026-05-05")
        # The next day: the same findings since the same moment, one after a restart of the daemon and no study more than one a day.
        second = self.wait("the next day's study", lambda: (s := self.status())["connections"]["acme"]["facts_of"] == "2026-05-06" and
                           s["counters"]["studies"] > first["counters"]["studies"] and s)
        self.assertEqual(second["counters"]["studies"], first["counters"]["studies"] + 1)
        again = self.found("same-words-everywhere")
        self.assertEqual(again[pasting]["first_seen"], words[pasting]["first_seen"])
        self.assertEqual({c["rule"]: c["count"] for c in second["cannot_tell"] if c["rule"].endswith("exports-before-forecast")},
                         {c["rule"]: c["count"] for c in first["cannot_tell"] if c["rule"].endswith("exports-before-forecast")})
        self.daemon.process.end()
        self.daemon.start()
        time.sleep(3)
        self.assertEqual(self.status()["counters"]["studies"], second["counters"]["studies"])
        self.assertEqual(self.found("same-words-everywhere").keys(), again.keys())

    def test_with_the_rights_what_stands_beside_records_is_known_and_no_place_is_kept(self):
        self.begin(*(word for right in ("manage-users", "event-log-files", "event-monitoring", "query-all-files") for word in ("--rights", right)))
        self.daemon.start()
        status = self.wait("a study", lambda: (s := self.status())["counters"].get("studies") and s)
        why = [c["why"] for c in status["cannot_tell"]]
        for words in ("who signed in", "who took exports", "which files are attached", "who changed the CRM's set-up"):
            self.assertFalse([w for w in why if w.startswith(words)], why)
        self.assertEqual(self.found("logins-and-stale-records"), {}, "everybody works")
        self.assertEqual(self.found("exports-before-forecast"), {}, "whoever exports every day does not do it for the meeting")
        self.daemon.process.end()
        kept = b"".join(f.read_bytes() for f in self.folder.rglob("*") if f.is_file())
        self.assertIn(b"trail logins", kept)
        self.assertNotIn(b"198.51.100.7", kept, "an address of a sign-in is nowhere, not even in the log")


if __name__ == "__main__":
    BIN = Path(sys.argv.pop(1)).resolve()
    unittest.main()

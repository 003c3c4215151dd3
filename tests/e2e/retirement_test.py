#!/usr/bin/env python3
"""The life of a retired field against the real daemon and both simulated CRMs: proposed, the owner's yes in the CRM, announced,
exported, hidden, undone, hidden, archived; on Salesforce as packages for an admin. Every command of docs/retirement.md is run.

  retirement_test.py BIN_DIR
"""

import csv
import json
import re
import shlex
import stat
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request
import xml.etree.ElementTree
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from activity_test import ALWAYS, query  # noqa: E402
from harness import SECRETS, Daemon, Simulator  # noqa: E402
from readme_test import example  # noqa: E402

BIN = Path()
ROOT = Path(__file__).resolve().parents[2]
START, RATE = "2026-05-05T08:00:00Z", 100
OWNER = "deal-desk@example.com"  # in the documentation


def documented():
    """The commands of the page, by their step (of one that stands there twice: the first)."""
    found = {}
    for block in re.findall(r"```sh\n(.*?)```", (ROOT / "docs/retirement.md").read_text(encoding="utf-8"), re.S):
        for line in block.splitlines():
            words = shlex.split(line)
            found.setdefault(words[2] + (" package" if "--to" in words and words[2] != "export" else ""), words[1:])
    return found


class Retirement(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="coachd-retirement-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.commands = documented()

    def begin(self, crm):
        folder = self.folder / crm
        folder.mkdir()
        # Few values, no 180 days of history and seconds of grace: what is told otherwise stays as documented.
        more = ["--task-key"] if crm == "hubspot" else []
        self.simulator = Simulator(BIN, folder, START, RATE, ["--seed", "7", "--people", "10", "--records", "200", *more], crm)
        self.addCleanup(self.simulator.process.kill)
        self.owner = next(p for p in self.simulator.people().values() if p["active"] and p["job"] == "rep")
        rules = example("legacy.yaml", "docs/retirement.md").replace(OWNER, self.owner["email"])
        rules = rules.replace("180d, max_real_fill: 5%, grace: 30d", "1s, max_real_fill: 100%, grace: 10m")
        (folder / "legacy.yaml").write_text(rules)
        self.daemon = Daemon(BIN, folder, self.simulator, folder / "legacy.yaml", poll="1m", day=50, week=50, windows=ALWAYS,
                             quiet='{from: "00:00", to: "00:00"}', share="100%")
        self.daemon.start()
        self.addCleanup(self.daemon.process.kill)
        self.wait("the first load", lambda: '"started"' in self.daemon.process.text()
                  and self.daemon.json("status")["connections"]["acme"]["first_load_done"])

    def wait(self, what, ready, seconds=40):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if not self.daemon.process.running():
                self.fail("coachd ended by itself:\n" + self.daemon.process.text()[-3000:])
            if found := ready():
                return found
            time.sleep(0.1)
        self.fail(f"{what}: not within {seconds} s\n" + self.daemon.process.text()[-2000:])

    def run_documented(self, step):
        words = [word.replace(OWNER, self.owner["email"]) for word in self.commands[step]]
        done = subprocess.run([self.daemon.bin, *words, "--config", str(self.daemon.config)], capture_output=True, text=True, timeout=60,
                              env=self.daemon.env, cwd=self.daemon.folder)
        return done.returncode, done.stdout + done.stderr

    def run_step(self, step, code=0):
        """A documented command; answers what it said."""
        ended, said = self.run_documented(step)
        self.assertEqual(ended, code, f"{step}: {said}")
        return said

    def field(self):
        found = self.daemon.json("retire", "list", "champion")["retirements"]
        return found[0] if found else {}

    def asked_and_agreed(self):
        self.wait("the evidence", lambda: "a candidate for retirement" in self.run_step("list"))
        unnamed = self.daemon.json("retire", "list")["unnamed"][0]
        self.assertNotIn("champion", [name.lower() for name in unnamed["fields"]])
        self.assertGreater(len(unnamed["fields"]), 5)
        self.assertIn("goes to " + self.owner["email"], self.run_step("propose"))
        self.assertIn("is proposed already", self.run_step("propose", 1))
        question = self.wait("the question", lambda: self.field().get("question", {}).get("crm_id"))
        self.assertIn("has not agreed", self.run_step("announce", 1))
        self.simulator.act(person=self.owner["id"], complete=question)
        self.wait("the answer", lambda: self.field()["agreed"])
        self.assertTrue(self.field()["agreed_in_crm"])
        self.run_step("announce")
        self.assertIn("will be hidden from", self.daemon.command("status"))

    def export(self, values):
        said = self.run_step("export")
        file = self.daemon.folder / "champion.csv"
        self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o600)
        with open(file, newline="") as f:
            rows = list(csv.reader(f))
        self.assertEqual(rows[0], ["record", "value", "last_change"])
        self.assertEqual({r[0]: r[1] for r in rows[1:]}, values)
        self.assertEqual(len(rows) - 1, len(values))
        self.assertIn(f"{len(values)} records have a value", said)
        self.assertIn("exists already", self.run_step("export", 2))
        return file

    def hubspot(self, path):
        request = urllib.request.Request(self.simulator.url + path, headers={"Authorization": "Bearer " + SECRETS["COACHD_DEMO_TOKEN"]})
        try:
            return json.load(urllib.request.urlopen(request, timeout=30))
        except urllib.error.HTTPError as e:
            return e.code

    def deals(self):
        values, path = {}, "/crm/v3/objects/deals?limit=100&properties=champion"
        while path:
            page = self.hubspot(path)
            values.update({r["id"]: r["properties"]["champion"] for r in page["results"] if r["properties"].get("champion")})
            after = page.get("paging", {}).get("next", {}).get("after")
            path = after and f"/crm/v3/objects/deals?limit=100&properties=champion&after={after}"
        return values

    def test_on_hubspot_through_the_api(self):
        self.begin("hubspot")
        self.asked_and_agreed()
        self.assertIn("were not exported", self.run_step("hide", 1))
        file = self.export(self.deals())
        real = lambda: self.daemon.json("retire", "list", "champion")["fields"][0]["real"]  # noqa: E731
        before, deal = real(), next(d["id"] for d in self.hubspot("/crm/v3/objects/deals?limit=100&properties=champion")["results"]
                                    if not d["properties"].get("champion"))
        self.simulator.act(person=self.owner["id"], record=deal, set={"champion": "Dana, after all"})
        self.wait("the late value", lambda: real() > before)
        self.assertIn("since the export", self.run_step("hide", 1))
        file.unlink()
        values = self.deals()
        self.assertEqual(values[deal], "Dana, after all")
        self.export(values)
        champion = "/crm/v3/properties/deals/champion"
        self.wait("the end of the grace", lambda: "may be hidden from" not in self.steps("hide"))
        self.assertTrue(self.hubspot(champion)["hidden"])
        self.assertEqual(self.field()["state"], "hidden")
        self.run_step("undo")
        self.assertFalse(self.hubspot(champion)["hidden"])
        self.assertEqual(self.field()["state"], "announced")
        self.run_step("hide")
        self.assertIn("may be archived from", self.run_step("archive", 1))
        self.wait("the end of the grace", lambda: "may be archived from" not in self.steps("archive"))
        self.assertEqual(self.hubspot(champion), 404)
        self.assertEqual([p["name"] for p in self.hubspot("/crm/v3/properties/deals?archived=true")["results"]], ["champion"])
        self.assertIn("Settings > Properties > Archived properties > Restore", self.run_step("undo", 1))
        self.wait("the card to be off", lambda: "no card is about it any more" in self.run_step("list"))
        self.assertEqual(self.field()["state"], "archived")
        self.assertEqual([s["what"] for s in self.field()["steps"] if s["by"]][:2], ["propose", "agree, in the CRM"])
        self.assertEqual(self.field()["steps"][0]["because"], "nobody opens it in the forecast call")
        writes = [(w["method"], w["object"]) for w in self.simulator.ledger()]
        self.assertEqual(sorted(set(writes)), [("DELETE", "properties"), ("PATCH", "properties"), ("POST", "tasks")])
        self.assertEqual(sum(w == ("POST", "tasks") for w in writes), 1)

    def steps(self, step):
        """The same where it may be refused."""
        ended, said = self.run_documented(step)
        self.assertIn(ended, (0, 1), said)
        return said

    def test_on_salesforce_as_packages(self):
        self.begin("salesforce")
        self.asked_and_agreed()
        self.export({r["Id"]: r["Champion__c"] for r in query(self.simulator, "SELECT Id, Champion__c FROM Opportunity WHERE Champion__c != null")})
        self.wait("the end of the grace", lambda: "may be hidden from" not in self.steps("hide package"))
        self.assertEqual(self.field()["state"], "hidden")
        self.assertTrue(self.field()["by_package"])
        self.read_package("hide-champion", ["hide/package.xml", "hide/profiles/Sales User.profile", "undo/package.xml",
                                            "undo/profiles/Sales User.profile"])
        self.run_step("undo")
        self.assertEqual(self.field()["state"], "announced")
        self.assertIn("is not empty", self.run_step("hide package", 2))
        self.commands["hide package"][-3] = "hide-again"
        self.run_step("hide package")
        self.wait("the end of the grace", lambda: "may be archived from" not in self.steps("archive package"))
        self.read_package("archive-champion", ["archive/destructiveChanges.xml", "archive/package.xml", "undo/objects/Opportunity.object",
                                               "undo/package.xml"])
        self.assertEqual(self.field()["state"], "archived")
        self.assertEqual({(w["method"], w["object"]) for w in self.simulator.ledger()}, {("POST", "Task")})
        self.daemon.process.end()
        self.assertIn("no daemon runs", self.run_step("undo", 2))

    def read_package(self, name, files):
        folder = self.daemon.folder / name
        self.assertEqual(sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()), sorted([*files, "README.txt"]))
        for file in files:
            xml.etree.ElementTree.parse(folder / file)

    def test_on_their_word_and_kept(self):
        self.begin("hubspot")
        self.wait("the evidence", lambda: "a candidate for retirement" in self.run_step("list"))
        self.run_step("propose")
        self.wait("the question to be there, and to go", lambda: "on its way to the CRM" not in self.steps("agree"))
        self.assertFalse(self.field()["agreed_in_crm"])
        self.assertEqual(self.field()["agreed"], self.owner["email"])
        self.assertNotIn("question", self.field())
        self.run_step("keep")
        self.assertEqual(self.field()["review_on"], "2027-01-31")
        self.assertIn("is kept until 2027-01-31 (the audit of 2026 needs it)", self.run_step("propose", 1))
        self.run_step("undo")
        self.assertEqual(self.field()["state"], "proposed")


if __name__ == "__main__":
    BIN = Path(sys.argv.pop(1)).resolve()
    unittest.main()

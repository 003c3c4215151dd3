#!/usr/bin/env python3
"""Activities in the running daemon, on both CRMs: deals on which nobody did anything for 14 days have a finding, those that an
independent look at the company's tasks and meetings names; coachd's own tasks and their completion end none; a person's call
ends it.

  activity_test.py BIN_DIR
"""

import json
import re
import sys
import tempfile
import time
import unittest
import urllib.parse
import urllib.request
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parent))
from harness import Daemon, Simulator, instant  # noqa: E402

BIN = Path()
START, RATE = "2026-05-05T15:00:00Z", 100  # after the day's meetings, in Berlin an evening far from midnight
BERLIN = ZoneInfo("Europe/Berlin")
ALWAYS = "[" + ", ".join(f'"{h:02}:{m:02}"' for h in range(24) for m in (0, 30)) + "]"
RULES = """version: 1
workflow: quiet
object: opportunity
owner: revops@example.com
rules:
  - {id: silent, kind: stale, for: {open: true}, when: {activity: {none_for: 14d}}, control: [prompt],
     prompt: {to: owner, say: "{name}: {why}.", ask: "What happens next?"}}
"""
CHAMPION = """  - {id: no-champion, kind: stale, for: {open: true}, when: {related: contact_role, count: {at_most: 0}, where: {field: role, is: Champion}}, control: [flag]}
"""
AROUND = RULES.split("  - {id")[0] + """  - {id: silent, kind: stale, for: {open: true}, when: {activity: {none_for: 14d, on: [record, contacts, account]}}, control: [flag]}
  - {id: renamed, kind: stale, for: {open: true}, when: {field: account.name, is: Renamed Ltd}, control: [flag]}
"""
FIRST_DEAL, DEAL_STEP = 13402118001, 17  # how the simulated portal numbers its deals
SOURCES = {"salesforce": ("task", "event"), "hubspot": ("task", "meeting")}
CALL = {
    "salesforce": ("Task", lambda deal: {"Subject": "Call about the offer", "WhatId": deal, "Status": "Completed", "TaskSubtype": "Call"}),
    "hubspot": ("tasks", lambda deal: {"hs_task_subject": "Call about the offer", "hs_timestamp": "2026-05-05T15:00:00Z", "hs_task_status": "COMPLETED",
                                       "hs_task_type": "CALL", "associated": deal}),
}


def query(simulator, soql):
    """All rows of a query, asked of the simulated Salesforce as any client would."""
    form = urllib.parse.urlencode({"grant_type": "client_credentials", "client_id": "coachd-sim", "client_secret": "coachd-sim-secret"}).encode()
    token = json.load(urllib.request.urlopen(simulator.url + "/services/oauth2/token", form, timeout=30))["access_token"]
    path, rows = "/services/data/v66.0/query?q=" + urllib.parse.quote(soql), []
    while path:
        answer = json.load(urllib.request.urlopen(urllib.request.Request(simulator.url + path, headers={"Authorization": "Bearer " + token}), timeout=30))
        rows += answer["records"]
        path = answer.get("nextRecordsUrl")
    return rows


def account_of(simulator, crm, deal):
    """Id of the account of a deal, asked of the simulated CRM."""
    if crm == "salesforce":
        return query(simulator, f"SELECT Id, AccountId FROM Opportunity WHERE Id = '{deal}'")[0]["AccountId"]
    body = json.dumps({"inputs": [{"id": deal}]}).encode()
    request = urllib.request.Request(simulator.url + "/crm/v4/associations/deals/companies/batch/read", body,
                                     {"Authorization": "Bearer pat-na1-coachd-sim", "Content-Type": "application/json"})
    return json.load(urllib.request.urlopen(request, timeout=30))["results"][0]["to"][0]["toObjectId"]


def silent_deals(simulator):
    """Ids of the open deals that are older than 14 days and on which nobody did anything for longer than that."""
    now = simulator.now()
    day = lambda text: instant(text.replace("+0000", "+00:00")).astimezone(BERLIN).date()  # noqa: E731
    last = {}
    done = [(t["WhatId"], t["CompletedDateTime"]) for t in query(simulator, "SELECT Id, WhatId, Subject, CompletedDateTime FROM Task WHERE IsClosed = true")
            if not re.search(r" \[[0-9a-f]{10}\]$", t["Subject"])]  # coachd's own
    done += [(e["WhatId"], e["ActivityDateTime"]) for e in query(simulator, "SELECT Id, WhatId, ActivityDateTime FROM Event")
             if instant(e["ActivityDateTime"].replace("+0000", "+00:00")) <= now]
    for deal, at in done:
        last[deal] = max(last.get(deal, day(at)), day(at))
    limit = now.astimezone(BERLIN).date() - timedelta(days=15)
    return {o["Id"] for o in query(simulator, "SELECT Id, CreatedDate FROM Opportunity WHERE IsClosed = false")
            if max(last.get(o["Id"], day(o["CreatedDate"])), day(o["CreatedDate"])) <= limit}


class Activity(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="coachd-activity-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def begin(self, crm, rules, sources=()):
        folder = self.folder / f"{crm}-{len(list(self.folder.iterdir()))}"
        folder.mkdir()
        (folder / "quiet.yaml").write_text(rules)
        simulator = Simulator(BIN, folder, START, RATE, ["--seed", "7", "--people", "10", "--records", "200"], crm)
        self.addCleanup(simulator.process.kill)
        daemon = Daemon(BIN, folder, simulator, folder / "quiet.yaml", poll="2m", day=500, week=500, own_list="1m", windows=ALWAYS,
                        quiet='{from: "00:00", to: "00:00"}', share="100%", sources=sources)
        daemon.start()
        self.addCleanup(daemon.process.kill)
        return simulator, daemon

    def wait(self, daemon, what, ready, seconds=60):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if not daemon.process.running():
                self.fail("coachd ended by itself:\n" + daemon.process.text()[-3000:])
            if '"started"' in daemon.process.text() and (found := ready()):
                return found
            time.sleep(0.1)
        self.fail(f"{what}: not within {seconds} s\n" + daemon.process.text()[-2000:])

    def findings(self, daemon, *more):
        return daemon.json("findings", *more)["findings"]

    def story(self, crm):
        simulator, daemon = self.begin(crm, RULES, SOURCES[crm])
        self.wait(daemon, "findings", lambda: self.findings(daemon))
        prompts = self.wait(daemon, "live prompts", lambda: [p for p in daemon.json("prompts", "--state", "live")["prompts"]])
        found = {f["record"]: f for f in self.findings(daemon)}
        # People complete what coachd wrote for them: nobody spoke with a customer.
        for p in prompts[:3]:
            simulator.act(person=p["person"], complete=p["crm_id"])
        self.wait(daemon, "done prompts", lambda: len(daemon.json("prompts", "--state", "done")["prompts"]) >= min(3, len(prompts)))
        time.sleep(2)  # two polls more
        self.assertLessEqual(set(found), {f["record"] for f in self.findings(daemon)}, "a prompt of coachd ended a finding")
        deal = prompts[0]["record"]
        kind, fields = CALL[crm]
        simulator.act(person=prompts[0]["person"], create=kind, set=fields(deal))
        self.wait(daemon, "the finding's end", lambda: deal not in {f["record"] for f in self.findings(daemon)})
        ended = [f for f in self.findings(daemon, "--all") if f["record"] == deal]
        self.assertEqual([f["ended_how"] for f in ended], ["mended"], ended)
        return simulator, set(found), deal

    def test_a_silence_is_found_and_only_a_person_ends_it(self):
        places = {}  # of the deals that were found, among all deals of the company that lies behind both
        for crm in SOURCES:
            with self.subTest(crm=crm):
                simulator, found, called = self.story(crm)
                if crm == "salesforce":
                    self.assertEqual(found - {called}, silent_deals(simulator))
                    all_deals = [o["Id"] for o in query(simulator, "SELECT Id FROM Opportunity ORDER BY Id")]
                    places[crm] = {all_deals.index(record) for record in found}
                else:
                    places[crm] = {(int(record) - FIRST_DEAL) // DEAL_STEP for record in found}
        self.assertEqual(places["hubspot"], places["salesforce"])

    def test_contact_roles_are_counted(self):
        simulator, daemon = self.begin("salesforce", RULES.split("  - {id")[0] + CHAMPION)
        found = self.wait(daemon, "findings", lambda: self.findings(daemon))
        deal, person = found[0]["record"], found[0]["owner"]
        contact = query(simulator, "SELECT Id FROM Contact LIMIT 1")[0]["Id"]
        simulator.act(person=person, create="OpportunityContactRole", set={"OpportunityId": deal, "ContactId": contact, "Role": "Champion"})
        self.wait(daemon, "the finding's end", lambda: deal not in {f["record"] for f in self.findings(daemon)})

    def test_what_is_done_around_a_deal_counts_and_its_accounts_change_is_seen(self):
        for crm in SOURCES:
            with self.subTest(crm=crm):
                simulator, daemon = self.begin(crm, AROUND, SOURCES[crm])
                found = lambda rule: {f["record"]: f["owner"] for f in self.findings(daemon) if f["rule"].endswith("/" + rule)}  # noqa: E731
                silent = self.wait(daemon, "findings", lambda: found("silent"))
                self.assertEqual(found("renamed"), {})
                deal, person = sorted(silent.items())[0]
                account = account_of(simulator, crm, deal)
                kind, fields = CALL[crm]
                simulator.act(person=person, create=kind, set=fields(account))
                self.wait(daemon, "the finding's end", lambda: deal not in found("silent"))
                simulator.act(person=person, record=account, set={"Name" if crm == "salesforce" else "name": "Renamed Ltd"})
                renamed = self.wait(daemon, "the account's new name", lambda: found("renamed"))
                self.assertIn(deal, renamed)
                for other in renamed:
                    self.assertEqual(account_of(simulator, crm, other), account)


if __name__ == "__main__":
    BIN = Path(sys.argv.pop(1)).resolve()
    unittest.main()

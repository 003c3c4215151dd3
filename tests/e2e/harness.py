"""Starts the simulator and the daemon as processes of their own, on loopback and in a temporary folder, and talks to the
simulator's control port. Used by the demo and by the tests that kill things. Ends only what it started."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from datetime import datetime, timedelta, timezone
from pathlib import Path


def instant(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def iso(at):
    return at.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class Process:
    """A child whose output goes to a file; `lines` are those already written."""

    def __init__(self, args, log, env=None):
        self.log = Path(log)
        self.out = open(self.log, "ab")
        self.start = self.log.stat().st_size
        self.child = subprocess.Popen(args, stdout=self.out, stderr=self.out, stdin=subprocess.DEVNULL, env=env)

    def text(self):
        with open(self.log, "rb") as f:
            f.seek(self.start)
            return f.read().decode("utf-8", "replace")

    def wait_for(self, prefix, seconds=60):
        """The rest of the first line that begins with `prefix`."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for line in self.text().splitlines():
                if line.startswith(prefix):
                    return line[len(prefix):].strip()
            if self.child.poll() is not None:
                break
            time.sleep(0.02)
        raise RuntimeError(f"{self.log.name}: no line '{prefix}...' came\n{self.text()[-2000:]}")

    def running(self):
        return self.child.poll() is None

    def kill(self):
        if self.running():
            self.child.send_signal(signal.SIGKILL)
        self.child.wait()
        self.out.close()

    def end(self, seconds=15):
        """Asks it to stop; answers its exit code."""
        if self.running():
            self.child.send_signal(signal.SIGTERM)
        try:
            code = self.child.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise RuntimeError(f"{self.log.name}: did not end within {seconds} s")
        self.out.close()
        return code


class Simulator:
    def __init__(self, bin_dir, folder, clock, rate, extra=(), crm="salesforce"):
        self.crm = crm
        self.folder = Path(folder)
        self.truth_file = self.folder / "truth.jsonl"
        self.ledger_file = self.folder / "ledger.jsonl"
        self.process = Process(
            [str(Path(bin_dir) / "coachd-sim"), crm, "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0",
             "--clock", f"{clock}x{rate}", "--truth", str(self.truth_file), "--ledger", str(self.ledger_file), *extra],
            self.folder / "simulator.log")
        self.url = self.process.wait_for("listening ")
        self.control = self.process.wait_for("control ")

    def call(self, method, path, body=None):
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.control + path, data=data, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read().decode()

    def now(self):
        return instant(json.loads(self.call("GET", "/clock"))["now"])

    def rate(self, rate):
        self.call("POST", "/clock", {"rate": rate})

    def fault(self, name, **how):
        """share, count, value (seconds) and only (a part of the call it is aimed at)."""
        self.call("POST", "/fault", dict(how, name=name))

    def struck(self):
        """How often each fault has struck since the start; one that is aimed is called NAME@ONLY."""
        return {name: f.get("struck", 0) for name, f in json.loads(self.call("GET", "/fault")).items()}

    def armed(self):
        """The faults that may still strike, by the same names."""
        return [name for name, f in json.loads(self.call("GET", "/fault")).items() if "count" in f]

    def act(self, **what):
        return json.loads(self.call("POST", "/act", what))

    def stats(self):
        return json.loads(self.call("GET", "/stats"))

    def ledger(self):
        return [json.loads(line) for line in self.call("GET", "/ledger").splitlines() if line]

    def truth(self):
        return [json.loads(line) for line in self.call("GET", "/truth").splitlines() if line]

    def people(self):
        return {p["id"]: p for p in json.loads(self.call("GET", "/people"))}


CONNECTIONS = {
    "salesforce": """    crm: salesforce
    login: {url}
    auth: {{flow: client_credentials, client_id: coachd-sim, client_secret: {{env: COACHD_DEMO_SECRET}}}}
    api: {{share: {share}}}
    map:
      milestones:
        New business: {{qualified: Qualification, proposal: Proposal/Price Quote, negotiation: Negotiation/Review}}
        Renewal: {{qualified: Qualification, proposal: Proposal/Price Quote, negotiation: Negotiation/Review}}
      fields:
        opportunity: {{champion: Champion__c, procurement_status: Procurement_Status__c, implementation_risk: Implementation_Risk__c, decision_process: Decision_Process__c, loss_reason: Loss_Reason__c, legal_status: Legal_Status__c}}
""",
    "hubspot": """    crm: hubspot
    auth: {{flow: token, token: {{env: COACHD_DEMO_TOKEN}}}}
    webhooks: {{secret: {{env: COACHD_DEMO_HOOK}}}}
    api: {{share: {share}, host: "{url}"}}
    map:
      milestones:
        Sales Pipeline: {{qualified: Qualification, proposal: Proposal/Price Quote, negotiation: Negotiation/Review}}
        Renewal: {{qualified: Qualification, proposal: Proposal/Price Quote, negotiation: Negotiation/Review}}
      fields:
        opportunity: {{champion: champion, procurement_status: procurement_status, implementation_risk: implementation_risk, decision_process: decision_process, loss_reason: loss_reason, legal_status: legal_status}}
""",
}
SECRETS = {"COACHD_DEMO_SECRET": "coachd-sim-secret", "COACHD_DEMO_TOKEN": "pat-na1-coachd-sim", "COACHD_DEMO_HOOK": "coachd-sim-hook"}
CONFIG = """version: 1
state: {state}
rules: [{rules}]
mode: live
connections:
{connections}calendar: {{zone: Europe/Berlin}}
budget: {{per_person: {{day: {day}, week: {week}}}, windows: {windows}, own_list: {own_list}{quiet}}}
{more}"""
CONNECTION = """  {name}:
{crm}    read: {{poll: {poll}}}
    carriers: [task]
{sources}"""


def free_port():
    """A port of loopback that nobody holds at the moment: for a door whose address another process must know before it opens."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Daemon:
    """`coachd run` against a simulator (`acme`), or several by the names of their connections, on the first one's clock; may be
    killed and started again. `door`: the port of its webhooks. `sources`: activity sources of every connection."""

    def __init__(self, bin_dir, folder, simulator, rules, poll="5m", day=2, week=6, own_list="24h",
                 windows='["09:00", "13:00", "16:30"]', quiet="", share="20%", more="", env=(), door=None, sources=()):
        self.bin = str(Path(bin_dir) / "coachd")
        self.folder = Path(folder)
        simulators = simulator if isinstance(simulator, dict) else {"acme": simulator}
        self.simulator = next(iter(simulators.values()))
        self.state = self.folder / "state"
        self.config = self.folder / "coachd.yaml"
        # The company's faults are older than the daemon: without this word they would be found and never prompted.
        self.rules = self.folder / "rules.yaml"
        self.rules.write_text(Path(rules).read_text() + "\nold_records: all\n")
        connections = "".join(
            CONNECTION.format(name=name, crm=CONNECTIONS[s.crm].format(url=s.url, share=share), poll=poll,
                              sources=f"    activity_sources: [{', '.join(sources)}]\n" if sources else "") for name, s in simulators.items())
        webhooks = f', webhooks: "127.0.0.1:{door}", public_url: "http://127.0.0.1:{door}"' if door else ""
        more += f'listen: {{admin: "127.0.0.1:0"{webhooks}}}\n'
        self.config.write_text(CONFIG.format(
            state=self.state, rules=self.rules, connections=connections, day=day, week=week, own_list=own_list, windows=windows,
            quiet=quiet and f", quiet_hours: {quiet}", more=more))
        self.env = dict(os.environ, **SECRETS, **dict(env))
        self.process = None
        self.ahead = timedelta(0)  # of the CRM's clock before ours

    def start(self):
        clock = json.loads(self.simulator.call("GET", "/clock"))
        now = iso(instant(clock["now"]) - self.ahead)
        self.process = Process([self.bin, "run", "--config", str(self.config), "--clock", f"{now}x{clock['rate']:g}"],
                               self.folder / "coachd.log", self.env)

    def admin(self):
        """The address of the admin's door of the daemon that was started last."""
        return "http://127.0.0.1:" + re.findall(r'"admin_port":(\d+)', self.process.text())[-1]

    def command(self, *args):
        """Runs a command on the daemon's state; answers its standard output."""
        done = subprocess.run([self.bin, *args, "--config", str(self.config)], capture_output=True, text=True, env=self.env, timeout=120)
        if done.returncode not in (0, 1):
            raise RuntimeError(f"coachd {' '.join(args)} ended with {done.returncode}: {done.stderr[-2000:]}")
        return done.stdout

    def json(self, *args):
        return json.loads(self.command(*args, "--format", "json"))

#!/usr/bin/env python3
"""Figures of the real daemon beside the real simulator, each in a process of its own. Prints lines `name value unit`.

  figures.py BIN_DIR first-load [--crm hubspot]  records a second that are durable, in the journal and in the snapshots
  figures.py BIN_DIR idle                        memory, processor and wake-ups over a minute in which nothing happens
  figures.py BIN_DIR reload                      the longest that a delivery waited at the door while a changed rule is swept

[--records 100000] for each. The budget of calls is lifted.
"""

import argparse
import base64
import hmac
import http.client
import json
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))
from harness import SECRETS, Daemon, Process, Simulator, free_port  # noqa: E402

SOURCE = Path(__file__).resolve().parents[2]
START = "2026-05-04T06:30:00Z"
Process.wait_for.__defaults__ = (900,)  # a great company takes its time to come into being


def say(name, value, unit):
    print(f"{name:<44} {value:12.3f} {unit}", flush=True)


class Usage:
    """What a process has used so far."""

    def __init__(self, pid):
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        self.cpu = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
        self.anonymous = int(status["RssAnon"].split()[0]) / 1024
        self.resident = int(status["VmRSS"].split()[0]) / 1024
        self.wakes = {}
        for task in Path(f"/proc/{pid}/task").iterdir():
            for line in (task / "status").read_text().splitlines():
                if line.startswith("voluntary_ctxt_switches"):
                    self.wakes[task.name] = int(line.split()[1])


class Stand:
    """A simulated company and a daemon that reads it, in real time."""

    def __init__(self, arguments):
        self.folder = Path(tempfile.mkdtemp(prefix="coachd-figures-"))
        self.records = arguments.records
        extra = ["--company", "large", "--records", str(arguments.records), "--seed", "3"]
        if arguments.crm == "hubspot":
            extra += ["--no-limits"]
        self.simulator = Simulator(arguments.bin_dir, self.folder, START, 1, extra, arguments.crm)
        rules = SOURCE / "config/packs/opportunity-update.yaml"
        self.door = free_port() if arguments.crm == "hubspot" else None
        self.daemon = Daemon(arguments.bin_dir, self.folder, self.simulator, rules, poll=arguments.poll, share="100%", door=self.door)

    def start(self):
        self.begun = time.monotonic()
        self.daemon.start()

    @property
    def pid(self):
        return self.daemon.process.child.pid

    def status(self):
        try:
            return self.daemon.json("status")["connections"]["acme"]
        except RuntimeError:  # the state is not there yet
            return {"records": {}, "journal_waiting": 0, "first_load_done": False}

    def load(self):
        """Until every record is in the snapshots; answers how many there are, and after how many seconds."""
        self.start()
        while True:
            now = self.status()
            records = sum(now["records"].values())
            spent = time.monotonic() - self.begun
            if records >= self.records or now["first_load_done"]:
                return records, spent
            if not self.daemon.process.running():
                raise RuntimeError(self.daemon.process.text()[-2000:])
            time.sleep(0.5)

    def settle(self):
        """Until nothing is left to do: less than 2 % of a core over 4 seconds, twice."""
        calm = 0
        while calm < 2:
            before = Usage(self.pid).cpu
            time.sleep(4)
            calm = calm + 1 if self.status()["first_load_done"] and Usage(self.pid).cpu - before < 0.3 else 0

    def end(self):
        for process in (self.daemon.process, self.simulator.process):
            if process:
                process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def first_load(stand):
    records, seconds = stand.load()
    say("first_load_records", records, "records")
    say("first_load_durable", records / seconds, "records/s")
    say("first_load_cpu_of_coachd", Usage(stand.pid).cpu * 1e6 / records, "us/record")
    say("first_load_cpu_of_simulator", Usage(stand.simulator.process.child.pid).cpu, "s")
    while not stand.status()["first_load_done"]:
        time.sleep(0.5)
    say("first_load_with_history", time.monotonic() - stand.begun, "s")
    stand.settle()
    say("first_load_all_evaluated", time.monotonic() - stand.begun - 8, "s")
    say("first_load_peak_anonymous", Usage(stand.pid).anonymous, "MiB")


def idle(stand):
    stand.load()
    stand.settle()
    before = Usage(stand.pid)
    began = time.monotonic()
    time.sleep(60)
    after = Usage(stand.pid)
    seconds = time.monotonic() - began
    say("idle_records", sum(stand.status()["records"].values()), "records")
    say("idle_anonymous_memory", after.anonymous, "MiB")
    say("idle_resident_memory", after.resident, "MiB")
    say("idle_processor", (after.cpu - before.cpu) / seconds * 100, "% of a core")
    wakes = {task: n - before.wakes.get(task, 0) for task, n in after.wakes.items()}
    say("idle_wake_ups", sum(wakes.values()) / seconds, "1/s")
    for task, n in sorted(wakes.items(), key=lambda item: -item[1]):
        say(f"idle_wake_ups_of_{Path(f'/proc/{stand.pid}/task/{task}/comm').read_text().strip()}_{task}", n / seconds, "1/s")


class Deliveries:
    """A hundred deliveries a second at the door, each of its own, until it is told to end. On the daemon's clock, which runs in
    real time here; what they name is nowhere, so they cost the door and the hall and no more."""

    def __init__(self, stand):
        self.stand = stand
        self.waits = []
        self.failed = 0
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        port = self.stand.door
        url = f"http://127.0.0.1:{port}/v1/hooks/acme"
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        base, began, n = int(self.stand.simulator.now().timestamp() * 1000), time.monotonic(), 0
        while not self.ending.is_set():
            n += 1
            at = base + int((time.monotonic() - began) * 1000)
            body = json.dumps([{"eventId": n, "subscriptionId": 1, "portalId": 148330291, "appId": 1, "occurredAt": at, "objectId": 10**12 + n,
                                "subscriptionType": "deal.propertyChange", "propertyName": "amount", "propertyValue": "1", "attemptNumber": 0}])
            signed = base64.b64encode(hmac.digest(SECRETS["COACHD_DEMO_HOOK"].encode(), f"POST{url}{body}{at}".encode(), "sha256")).decode()
            started = time.monotonic()
            connection.request("POST", "/v1/hooks/acme", body, {
                "Content-Type": "application/json", "X-HubSpot-Request-Timestamp": str(at), "X-HubSpot-Signature-v3": signed})
            answer = connection.getresponse()
            answer.read()
            self.failed += answer.status != 200
            self.waits.append(time.monotonic() - started)
            self.ending.wait(0.01)

    def end(self):
        self.ending.set()
        self.thread.join()
        return sorted(self.waits)


def reload(stand):
    stand.load()
    stand.settle()
    rules = stand.daemon.rules
    rules.write_text(rules.read_text().replace("above: 120d", "above: 119d"))
    deliveries = Deliveries(stand)
    time.sleep(3)
    before = max(deliveries.waits)
    deliveries.waits.clear()
    began = time.monotonic()
    stand.daemon.process.child.send_signal(signal.SIGHUP)
    shown = 0
    while True:
        if stand.status().get("sweep"):
            shown += 1
        elif shown or time.monotonic() - began > 60:
            break
        time.sleep(0.1)
    took = time.monotonic() - began
    waits = deliveries.end()
    say("reload_sweep", took, "s")
    say("reload_progress_shown", shown, "times")
    say("reload_deliveries", len(waits), "count")
    say("reload_deliveries_refused", deliveries.failed, "count")
    say("reload_longest_pause_before", before * 1e3, "ms")
    say("reload_p99", waits[len(waits) * 99 // 100] * 1e3, "ms")
    say("reload_longest_pause", waits[-1] * 1e3, "ms")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bin_dir")
    parser.add_argument("what", choices=["first-load", "idle", "reload"])
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--crm", choices=["salesforce", "hubspot"], default="salesforce")
    parser.add_argument("--poll", default="60s")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started is ended all the same
    stand = Stand(arguments)
    try:
        {"first-load": first_load, "idle": idle, "reload": reload}[arguments.what](stand)
    finally:
        stand.end()


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""coachd as a service: the units hold against systemd-analyze (offline: no service manager is started), the daemon tells the
manager what it must, nothing secret and no text of a CRM gets into the log, `doctor` sees what is wrong, and what happened
after a backup is not done a second time after its restore.

  service_test.py BIN_DIR
"""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from faults import SmallDisk  # noqa: E402
from harness import SECRETS  # noqa: E402
from story import SOURCE, Fault, Story, differences  # noqa: E402

BIN = Path()
UNITS = SOURCE / "systemd"


class InTemporaryFolder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="coachd-service-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def coachd(self, *words, env=None, code=0):
        run = subprocess.run([BIN / "coachd", *words], cwd=self.folder, capture_output=True, text=True, env=dict(os.environ, **(env or {})), timeout=120)
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        return run.stdout + run.stderr


@unittest.skipUnless(shutil.which("systemd-analyze"), "systemd-analyze is not here (Debian package systemd)")
class Units(InTemporaryFolder):
    def test_the_unit_is_confined(self):
        out = subprocess.run(["systemd-analyze", "security", "--offline=true", "--no-pager", UNITS / "coachd.service"], capture_output=True, text=True).stdout
        level = re.search(r"Overall exposure level for coachd.service: ([0-9.]+)", out)
        self.assertTrue(level, out)
        self.assertLessEqual(float(level.group(1)), 1.2, out)

    def test_the_unit_has_no_mistake(self):
        # The same unit with the program that was just built, which is not in /usr/bin here; with the drop-in of credentials too.
        for drop_in in (False, True):
            unit = self.folder / "coachd.service"
            unit.write_text((UNITS / "coachd.service").read_text().replace("/usr/bin/coachd", str(BIN / "coachd")))
            if drop_in:
                (self.folder / "coachd.service.d").mkdir()
                shutil.copy(UNITS / "coachd.service.d/credentials.conf.example", self.folder / "coachd.service.d/credentials.conf")
            run = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True)
            self.assertEqual((run.returncode, run.stdout + run.stderr), (0, ""))

    def test_the_account_can_be_made(self):
        if not shutil.which("systemd-sysusers"):
            self.skipTest("systemd-sysusers is not here")
        run = subprocess.run(["systemd-sysusers", "--dry-run", UNITS / "coachd.sysusers.conf"], capture_output=True, text=True)
        self.assertEqual(run.returncode, 0, run.stderr)


class Init(InTemporaryFolder):
    def test_what_it_writes_can_be_used(self):
        self.coachd("init", "here")
        self.coachd("check", "here")
        for path in (SOURCE / "config/packs").glob("*.yaml"):
            self.assertEqual((self.folder / "here/packs" / path.name).read_text(), path.read_text())
        self.assertEqual((self.folder / "here/coachd.yaml").read_text(), (SOURCE / "config/coachd.example.yaml").read_text())

    def test_nothing_is_written_over(self):
        (self.folder / "here").mkdir()
        (self.folder / "here/coachd.yaml").write_text("mine")
        self.assertIn("exists already", self.coachd("init", "here", code=2))
        self.assertEqual([p.name for p in (self.folder / "here").iterdir()], ["coachd.yaml"])
        self.assertEqual((self.folder / "here/coachd.yaml").read_text(), "mine")


class Operations(InTemporaryFolder):
    """What docs/operations.md tells an admin."""

    text = (SOURCE / "docs/operations.md").read_text(encoding="utf-8")

    def test_every_command_is_there_with_its_options(self):
        commands = re.findall(r"\bcoachd ((?:init|check|doctor|status|backup|restore|run)\b[^`\n]*)", "\n".join(re.findall(r"```sh\n(.*?)```", self.text, re.S)))
        self.assertGreater(len(commands), 5)
        for command in commands:
            name, *words = command.split()
            usage = self.coachd("help", name)
            for word in words:
                if word.startswith("--"):
                    self.assertIn(word, usage, command)

    def test_the_ways_to_a_secret_are_accepted(self):
        self.coachd("init", "here")
        for block in re.findall(r"```yaml\n(.*?)```", self.text, re.S):
            (self.folder / "here/coachd.yaml").write_text(block)
            self.coachd("check", "here/coachd.yaml")

    def test_every_file_that_is_installed_is_there(self):
        sources = re.findall(r"^install -m \d+ (systemd/\S+)", self.text, re.M)
        self.assertEqual(len(sources), 3)
        for source in sources:
            self.assertTrue((SOURCE / source).is_file(), source)

    def test_every_message_of_the_log_is_explained(self):
        said = set()
        for folder in ("app", "http", "pipeline", "store"):
            for path in (SOURCE / "daemon" / folder).rglob("*.cpp"):
                said |= set(re.findall(r'\blog_?\.(?:debug|info|warning|error)\(\s*"([^"]+)"', path.read_text(encoding="utf-8")))
        self.assertGreater(len(said), 8)
        self.assertEqual([message for message in said if f"| `{message}` |" not in self.text], [])


class Manager:
    """The end of $NOTIFY_SOCKET at which a service manager listens."""

    def __init__(self, folder):
        self.path = str(folder / "notify")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.heard = []

    def close(self):
        self.socket.close()

    def env(self, watchdog_seconds):
        return {"NOTIFY_SOCKET": self.path, "WATCHDOG_USEC": str(int(watchdog_seconds * 1e6))}

    def wait_for(self, word, seconds=60):
        """The first message with that word that was not waited for before."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for message in self.heard:
                if word in message:
                    self.heard.remove(message)
                    return message
            self.socket.settimeout(max(0.01, end - time.monotonic()))
            try:
                self.heard.append(self.socket.recv(4096).decode())
            except TimeoutError:
                break
        raise AssertionError(f"the manager did not hear {word}; beside what was waited for it heard {self.heard}")


class Service(InTemporaryFolder):
    def story(self, crm="salesforce", **env):
        fault = Fault()
        fault.people, fault.records, fault.least_mended = 6, 120, 1
        story = Story(BIN, self.folder / f"story-{crm}", crm, fault)
        self.addCleanup(story.end)
        story.daemon.env.update(env)
        return story

    def test_the_manager_hears_what_it_must(self):
        manager = Manager(self.folder)
        self.addCleanup(manager.close)
        story = self.story(**manager.env(watchdog_seconds=3))
        story.restart()
        self.assertIn("READY=1", manager.wait_for("READY=1"))
        manager.wait_for("WATCHDOG=1")
        manager.wait_for("WATCHDOG=1")
        manager.wait_for("STATUS=acme: reading")
        rules = Path(story.daemon.rules)
        good = rules.read_text()
        rules.write_text("workflow: [")
        story.daemon.process.child.send_signal(signal.SIGHUP)
        self.assertIn("MONOTONIC_USEC=", manager.wait_for("RELOADING=1"))
        self.assertIn("the old ones stay", manager.wait_for("READY=1"))
        rules.write_text(good)
        story.daemon.process.child.send_signal(signal.SIGHUP)
        manager.wait_for("RELOADING=1")
        self.assertIn("STATUS=reloaded", manager.wait_for("READY=1"))
        manager.wait_for("WATCHDOG=1")
        story.stop()
        manager.wait_for("STOPPING=1", 5)

    def get(self, story, path):
        try:
            with urllib.request.urlopen(story.daemon.admin() + path, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as e:
            return e.code, e.read().decode()

    def metric(self, story, name):
        return [float(line.rsplit(" ", 1)[1]) for line in self.get(story, "/metrics")[1].splitlines() if re.match(name + r"[{ ]", line)]

    def test_the_admin_door_tells_how_it_is(self):
        for crm in ("salesforce", "hubspot"):
            with self.subTest(crm):
                story = self.story(crm)
                story.restart()
                story.settle("morning", None)
                self.assertEqual(self.get(story, "/readyz"), (200, '{"ready":true,"waiting":[]}\n'))
                status, health = self.get(story, "/healthz")
                self.assertEqual((status, json.loads(health)), (200, {"healthy": True, "loops": {"network": True, "evaluation": True, "store": True}}))
                status, metrics = self.get(story, "/metrics")
                self.assertEqual(status, 200)
                if shutil.which("promtool"):
                    run = subprocess.run(["promtool", "check", "metrics"], input=metrics, capture_output=True, text=True)
                    self.assertEqual((run.returncode, run.stdout + run.stderr), (0, ""))
                prompts = story.daemon.json("prompts", "--state", "live")["prompts"]
                self.assertEqual(self.metric(story, 'coachd_prompts{connection="acme",state="live"}'), [float(len(prompts))])
                self.assertEqual(self.metric(story, "coachd_store_full"), [0.0])
                self.assertEqual(self.metric(story, "coachd_read_list_waiting"), [0.0])
                self.assertGreater(self.metric(story, "coachd_store_wal_bytes")[0], 0)
                self.assertEqual(self.metric(story, "coachd_connection_good"), [1.0])
                # Every metric of the program is there, but for those of the door for webhooks, which Salesforce's does not have.
                table = set(re.findall(r'"(coachd_[a-z_]+)"', (SOURCE / "daemon/http/metrics.cpp").read_text()))
                missing = {name for name in table if not self.metric(story, name)}
                self.assertEqual({name for name in missing if not (crm == "salesforce" and "deliver" in name) and name != "coachd_door_refused_total"}, set())
                story.simulator.fault("401")  # a CRM that refuses us is no reason to turn its deliveries away
                story.wait("trouble", lambda: self.metric(story, "coachd_connection_good") == [0.0], 60)
                self.assertEqual(self.get(story, "/readyz")[0], 200)
                story.end()

    def test_the_admin_door_tells_of_a_full_disk(self):
        story = self.story()
        disk = SmallDisk(story)
        disk.holds(33 * 1024 * 1024 + 300 * 1024)
        story.restart()
        story.wait("full", lambda: story.started() and self.metric(story, "coachd_store_full") == [1.0], 60)
        status, ready = self.get(story, "/readyz")
        self.assertEqual(status, 503)
        self.assertIn("the disk is full", ready)
        self.assertIn('"the disk is full"', story.daemon.process.text())
        disk.lift()
        story.wait("room", lambda: self.metric(story, "coachd_store_full") == [0.0] and self.get(story, "/readyz")[0] == 200, 60)
        self.assertIn("there is room on the disk again", story.daemon.process.text())

    def test_no_secret_and_no_text_of_the_crm_is_logged(self):
        for crm in ("salesforce", "hubspot"):
            with self.subTest(crm):
                self.nothing_is_logged(crm)

    def nothing_is_logged(self, crm):
        story = self.story(crm)
        story.restart()
        story.settle("morning", None)
        prompts = story.daemon.json("prompts")["prompts"]
        story.simulator.fault("401", count=1)  # a second one in a row means a person, and is asked again minutes later
        story.simulator.fault("500-once", count=2)
        if story.crm.hooks:
            story.simulator.fault("hook-bad-signature", count=1)  # it bears what people wrote
        story.mend()
        story.settle("evening", None)
        story.stop()
        texts = set(SECRETS.values()) | {p["subject"] for p in prompts if p.get("subject")}
        texts |= {value.partition("{n}")[0] for value in story.crm.real_value.values()}
        for person in story.simulator.people().values():
            texts |= {person["name"], person.get("email") or person["name"]}
        for row in story.simulator.ledger():
            fields = row.get("fields") or row.get("body") or {}
            texts |= {fields[k] for k, name in story.crm.content.items() if name in ("subject", "body") and fields.get(k)}
        texts |= {word for word in ("Bearer", "access_token", "Authorization")}
        log = (story.daemon.folder / "coachd.log").read_text()
        self.assertIn('"started"', log)
        self.assertGreater(len(texts), 40)
        if story.crm.hooks:
            self.assertIn('"wrong signature"', log)
        self.assertEqual([t for t in texts if t in log], [])
        lines = log.splitlines()
        first = next(n for n, line in enumerate(lines) if line.startswith("{"))  # before the log begins stands what `check` says
        for line in lines[first:]:
            entry = json.loads(line)  # every line is one object, also in trouble
            self.assertLessEqual({"time", "level", "message"}, entry.keys())

    def doctor(self, story, code):
        run = subprocess.run([story.daemon.bin, "doctor", "--config", story.daemon.config, "--format", "json"], capture_output=True, text=True, env=story.daemon.env, timeout=120)
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        for secret in SECRETS.values():
            self.assertNotIn(secret, run.stdout + run.stderr)
        return json.loads(run.stdout)["checks"]

    def lines(self, checks, level):
        return [f"{c['about']}: {c['what']}" for c in checks if c["level"] == level]

    def test_doctor_sees_a_healthy_installation_and_what_is_wrong_with_others(self):
        story = self.story()
        good = self.doctor(story, 0)
        text = "\n".join(self.lines(good, "ok"))
        for word in ("client_secret of acme is there", "does not exist yet", "signed in to", "calls of the organisation", "rules work here", "database of time zones"):
            self.assertIn(word, text)
        # The company's clock stands at another day than this machine's.
        self.assertRegex("\n".join(self.lines(good, "warning")), r"acme: \d+ s between this machine's clock and the CRM's")
        story.restart()
        story.wait("start", story.started, 60)
        text = "\n".join(self.lines(self.doctor(story, 0), "ok"))
        self.assertIn(f"process {story.daemon.process.child.pid}", text)
        self.assertIn("held in reserve", text)
        story.stop()

        story.daemon.env["COACHD_DEMO_SECRET"] = "wrong-secret-wrong"
        failures = self.lines(self.doctor(story, 1), "failure")
        self.assertTrue(any(f.startswith("acme: ") for f in failures), failures)
        secret = self.folder / "secret"
        secret.write_text("coachd-sim-secret\n")
        secret.chmod(0o644)
        config = Path(story.daemon.config)
        good_config = config.read_text()
        config.write_text(good_config.replace("{env: COACHD_DEMO_SECRET}", f"{{file: {secret}}}"))
        self.assertIn(f"secrets: client_secret of acme: everybody on this machine can read {secret}", self.lines(self.doctor(story, 1), "failure"))
        secret.chmod(0o600)
        self.doctor(story, 0)
        config.write_text(good_config.replace("{env: COACHD_DEMO_SECRET}", "{credential: acme-secret}"))
        self.assertTrue(any("given to the service alone" in w for w in self.lines(self.doctor(story, 0), "warning")))
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen(1)
            port = other.getsockname()[1]
            config.write_text(re.sub(r"(?m)^listen:.*\n", "", good_config) + f'listen: {{webhooks: "127.0.0.1:{port}", public_url: "http://127.0.0.1:{port}"}}\n')
            failures = "\n".join(self.lines(self.doctor(story, 1), "failure"))
            self.assertIn("another program listens", failures)
            self.assertIn("is not https", failures)
        config.write_text(good_config + "nonsense: 1\n")
        self.assertTrue(any("nonsense" in f for f in self.lines(self.doctor(story, 1), "failure")))
        config.unlink()
        self.assertTrue(self.lines(self.doctor(story, 1), "failure"))

    def test_doctor_asks_hubspot_too(self):
        checks = self.doctor(self.story("hubspot"), 1)
        self.assertEqual(["is not https" in f for f in self.lines(checks, "failure")], [True])  # its simulator delivers on this machine
        text = "\n".join(self.lines(checks, "ok"))
        for word in ("token of acme is there", "webhook secret of acme is there", "signed in to", "calls of the organisation", "rules work here"):
            self.assertIn(word, text)


class Backup(InTemporaryFolder):
    def quiet(self, story, seconds=8, at_most=90):
        """What is when nothing has moved for some seconds: for longer than a finding stands in the person's own list."""
        end = time.monotonic() + at_most
        last, since = None, time.monotonic()
        while time.monotonic() - since < seconds:
            self.assertLess(time.monotonic(), end, "it does not come to rest")
            for _ in range(20):
                story.moment()
            now = story.result()
            if now != last:
                last, since = now, time.monotonic()
        return last

    def test_what_happened_after_the_backup_is_not_done_again(self):
        for crm in ("salesforce", "hubspot"):
            with self.subTest(crm):
                self.nothing_is_done_again(crm)

    def nothing_is_done_again(self, crm):
        fault = Fault()
        fault.people, fault.records, fault.least_mended = 8, 240, 1
        story = Story(BIN, self.folder / crm, crm, fault)
        self.addCleanup(story.end)
        config = Path(story.daemon.config)
        config.write_text(config.read_text().replace("own_list: 1m", "own_list: 20m"))  # six seconds of ours
        waiting, live = (self.folder / f"{crm}-{knows}.backup" for knows in ("waiting", "live"))
        story.restart()
        story.wait("start", story.started, 60)
        # Two backups while the daemon runs: one knows all prompts as waiting, one as live, and that is made in the middle of a
        # reading, between a page and a late one. What people do comes after both.
        story.wait("decided", lambda: story.daemon.json("prompts")["prompts"], 60)
        story.daemon.command("backup", str(waiting))
        self.assertEqual(story.ledger(), [], "the first backup came too late")
        story.wait("first prompts", story.ledger, 60)
        morning = self.quiet(story)
        story.armed += story.strike("slow-body", 2, "records", 2)
        story.wait("the late page", lambda: not story.unstruck(), 60)
        story.daemon.command("backup", str(live))
        prompts = story.live()
        broken = [r for r in story.simulator.truth() if r.get("look_alike") and r["record"] not in {p["record"] for p in prompts}]
        asked = next(iter(story.crm.real_value))
        for row in broken[:4]:
            story.simulator.act(person=row["owner"], record=row["record"], set={asked: "TBD"})
        story.wait("more prompts", lambda: len(story.ledger()) > len(prompts), 60)
        more = self.quiet(story)
        self.assertGreater(sum(more["sent"].values()), sum(morning["sent"].values()), "nothing was sent after the second backup")
        new = [p for p in story.live() if p["key"] not in {old["key"] for old in prompts}]
        mended = {row["record"] for row in story.mends()}
        others = [p for p in prompts if p["record"] not in mended]
        if crm != "hubspot":  # which does not show what was deleted to whoever does not know its id
            for p in (others[0], new[0]):
                story.simulator.act(person=p["person"], delete=p["crm_id"])
        for p in (others[1], *new[1:2]):
            story.simulator.act(person=p["person"], complete=p["crm_id"])
        story.mend()
        before = self.quiet(story)
        alive = {key: value for key, value in before["prompts"].items() if value[0] == "live"}

        refused = subprocess.run([story.daemon.bin, "restore", self.folder / crm / "coachd.log", "--config", config], capture_output=True, text=True)
        self.assertEqual(refused.returncode, 2, refused.stdout)
        self.assertIn("not written by coachd", refused.stderr)
        for file in (waiting, live):
            with self.subTest(file.stem):
                running = subprocess.run([story.daemon.bin, "restore", file, "--config", config], capture_output=True, text=True)
                self.assertEqual(running.returncode, 2, running.stdout)
                self.assertIn("stop it first", running.stderr)
                story.daemon.process.kill()
                story.daemon.command("restore", str(file))
                # What the restored records say is old: for three seconds the CRM's answer, that they have changed, is on its way.
                story.armed += story.strike("slow-body", 1, "records", 3)
                story.restart()
                story.wait("start", story.started, 60)
                story.wait("reading", lambda: '"reading"' in story.daemon.process.text(), 60)
                after = self.quiet(story)
                self.assertEqual(story.unstruck(), [])
                same = ("sent", "taken back", "open findings")
                self.assertEqual(differences({name: before[name] for name in same}, after), [])
                self.assertEqual({key: value for key, value in after["prompts"].items() if value[0] == "live"}, alive)
                self.assertEqual(sum(after["tasks"].values()), sum(before["tasks"].values()))
        story.later(story.result())  # nor does it come to anybody's mind in the hours after
        story.stop()
        kept = [p for p in story.daemon.state.iterdir() if p.name.startswith("state.before-restore-")]
        self.assertEqual(len(kept), 2)
        for folder in kept:
            self.assertGreater((folder / "coachd.db").stat().st_size, 0)
        story.end()


if __name__ == "__main__":
    BIN = Path(sys.argv.pop(1)).resolve()
    unittest.main()

#!/usr/bin/env python3
"""What README.md tells a newcomer to write and to run works as it says. `readme_test.py COACHD`."""

import json
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COACHD = "coachd"

EXPORT = """Id,Name,OwnerId,StageName,Amount,CloseDate,CreatedDate,NextStep
006A,Acme,ana,Negotiation,1000,2026-04-01,2026-01-10,Call purchasing on Friday
006B,Globex,ana,Prospecting,2000,2026-09-01,2026-01-11,TBD
006C,Initech,bo,Closed Won,500,2026-03-01,2025-12-01,
"""


def example(name, page="README.md"):
    """The YAML block of a page whose first line is `# NAME`, with or without more words."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.search(rf"```yaml\n(# {re.escape(name)}.*?)```", text, re.S).group(1)


class ReadmeTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        for name in ["map.yaml", "my-rules.yaml"]:
            (self.folder / name).write_text(example(name))
        (self.folder / "opportunities.csv").write_text(EXPORT)

    def coachd(self, *words, code):
        run = subprocess.run([COACHD, *words], cwd=self.folder, capture_output=True, text=True)
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        return run.stdout

    def findings(self, rules):
        out = self.coachd("audit", "--file", "opportunities.csv", "--map", "map.yaml", "--rules", str(rules), "--now", "2026-05-04",
                          "--only", "findings", "--format", "jsonl", code=1)
        lines = [json.loads(line) for line in out.splitlines()]
        return [(line["record"], line["rule"]) for line in lines if line["type"] == "finding" and line["rule"] != "acceptance.not-ready"]

    def test_an_export_alone(self):
        self.assertIn("NextStep", self.coachd("audit", "--file", "opportunities.csv", code=0))

    def test_the_first_rule(self):
        self.coachd("check", "my-rules.yaml", code=0)
        self.assertEqual(self.findings("my-rules.yaml"), [("006A", "past-close-date")])

    def test_the_pack_on_an_export_that_lacks_columns(self):
        self.assertEqual(self.findings(ROOT / "config/packs/opportunity-update.yaml"), [("006A", "past-close-date")])

    def test_the_pack_on_an_export_that_has_its_columns(self):
        more = ["Forecast", "Procurement", "Champion", "Process", "Risk"]
        rows = [line + "," + ",".join(more if not n else ["Pipeline", "In review", "N. Ataman", "Board", "None so far"])
                for n, line in enumerate(EXPORT.splitlines())]
        (self.folder / "opportunities.csv").write_text("\n".join(rows) + "\n")
        names = "forecast_category: Forecast, procurement_status: Procurement, champion: Champion, decision_process: Process, implementation_risk: Risk"
        milestones = "milestones: {qualified: Qualification, proposal: Proposal, negotiation: Negotiation}\n"
        (self.folder / "map.yaml").write_text(example("map.yaml").replace("next_step: NextStep", "next_step: NextStep, " + names) + milestones)
        self.assertEqual(self.findings(ROOT / "config/packs/opportunity-update.yaml"), [("006A", "past-close-date")])

    def test_the_rule_test(self):
        for name in ["my-rules.yaml", "my-rules.test.yaml"]:
            (self.folder / name).write_text(example(name, "docs/rule-tests.md"))
        self.coachd("check", "my-rules.yaml", code=0)
        self.assertEqual(self.coachd("test", "my-rules.test.yaml", "--junit", "results.xml", code=0), "1 file, 2 cases: all passed\n")
        self.assertIn('failures="0"', (self.folder / "results.xml").read_text())

    def test_the_example_configuration_and_the_packs(self):
        self.coachd("check", str(ROOT / "config"), code=0)


if __name__ == "__main__":
    COACHD = str(Path(sys.argv.pop(1)).resolve())
    unittest.main()

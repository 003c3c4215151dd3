#!/usr/bin/env python3
"""Each rule of includes.py can fail, and a clean house passes: small trees in a temporary folder."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parent))
import includes  # noqa: E402  (found through the line above)

CLEAN = {
    "README.md": "# coachd\n",
    "rules/README.md": "rules\n",
    "rules/model/time.hpp": "#pragma once\n#include <string>\n",
    "rules/yaml/reader.hpp": '#pragma once\n#include "rules/model/time.hpp"\n',
    "rules/conditions/case.hpp": '#pragma once\n#include "rules/model/time.hpp"\n',
    "rules/engine/plan.hpp": '#pragma once\n#include "rules/conditions/case.hpp"\n',
    "rules/loader/loader.hpp": '#pragma once\n#include "rules/engine/plan.hpp"\n',
    "rules/text/text.cpp": "#include <unicode/uchar.h>\n",
    "connectors/README.md": "connectors\n",
    "connectors/connector.hpp": '#pragma once\n#include "rules/model/time.hpp"\n',
    "connectors/net/http.hpp": "#pragma once\n",
    "connectors/net/client.cpp": '#include "connectors/net/http.hpp"\n#include <boost/beast/http.hpp>\n',
    "connectors/salesforce/a.cpp": '#include "connectors/connector.hpp"\n#include "connectors/net/http.hpp"\n',
    "daemon/README.md": "daemon\n",
    "daemon/main.cpp": '#include "daemon/cli/cli.hpp"\n',
    "daemon/cli/cli.hpp": "#pragma once\n",
    "daemon/pipeline/hall.cpp": '#include "rules/engine/plan.hpp"\n#include "connectors/connector.hpp"\n#include "rules/conditions/case.hpp"\n',
    "daemon/store/sqlite/engine.cpp": "#include <SQLiteCpp/Database.h>\n",
    "tests/README.md": "tests\n",
    "tests/simulators/sim.hpp": "#pragma once\n",
    "tests/unit/rules/model/time_test.cpp": '#include "rules/model/time.hpp"\n',
    "tests/integration/all_test.cpp": '#include "daemon/cli/cli.hpp"\n#include "connectors/connector.hpp"\n',
}


def problems(changes):
    """Codes of what is wrong with the clean house after `changes` (path -> text; None takes a file away)."""
    with tempfile.TemporaryDirectory() as folder:
        for path, text in {**CLEAN, **changes}.items():
            if text is not None:
                target = Path(folder) / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text)
        return {(level, path, code) for level, path, _, code, _ in includes.House(folder).check()}


def include(name):
    return f'#include "{name}"\n'


class IncludesTest(unittest.TestCase):
    def only(self, changes, path, code, level="error"):
        self.assertEqual(problems(changes), {(level, path, code)})

    def test_a_clean_house_passes(self):
        self.assertEqual(problems({}), set())

    def test_arrows(self):
        for path, name in [
            ("rules/model/a.cpp", "rules/yaml/reader.hpp"),  # backwards
            ("rules/conditions/a.cpp", "rules/engine/plan.hpp"),
            ("rules/text/a.cpp", "rules/yaml/reader.hpp"),  # a neighbour
            ("rules/engine/a.cpp", "connectors/connector.hpp"),
            ("rules/engine/a.cpp", "daemon/cli/cli.hpp"),
            ("connectors/salesforce/a.cpp", "daemon/cli/cli.hpp"),
            ("connectors/salesforce/a.cpp", "rules/engine/plan.hpp"),
            ("connectors/net/a.cpp", "connectors/connector.hpp"),
            ("connectors/file/a.cpp", "connectors/salesforce/b.hpp"),  # one CRM sees another
            ("daemon/pipeline/a.cpp", "connectors/net/http.hpp"),
            ("daemon/pipeline/a.cpp", "connectors/salesforce/b.hpp"),
            ("daemon/pipeline/a.cpp", "rules/loader/loader.hpp"),
            ("daemon/pipeline/a.cpp", "rules/yaml/reader.hpp"),
            ("daemon/pipeline/a.cpp", "daemon/store/sqlite/b.hpp"),
            ("daemon/coaching/a.cpp", "daemon/pipeline/b.hpp"),
            ("daemon/scheduler/a.cpp", "daemon/store/b.hpp"),
            ("daemon/store/a.cpp", "rules/engine/plan.hpp"),
            ("daemon/app/audit/a.cpp", "daemon/cli/cli.hpp"),  # a sub-folder is held like its room
            ("daemon/main.cpp", "rules/engine/plan.hpp"),
            ("tests/simulators/a.cpp", "connectors/net/http.hpp"),
            ("tests/simulators/a.cpp", "rules/model/time.hpp"),
            ("tests/unit/simulators/a.cpp", "rules/model/time.hpp"),
            ("tests/unit/rules/engine/a.cpp", "connectors/connector.hpp"),
        ]:
            with self.subTest(path=path, name=name):
                extra = {} if name in CLEAN else {name: "#pragma once\n"}
                self.only({path: include(name), **extra}, path, "arrow")

    def test_a_file_beside_counts_like_its_full_name(self):
        self.only({"rules/model/a.cpp": include("../yaml/reader.hpp")}, "rules/model/a.cpp", "arrow")

    def test_a_file_that_does_not_exist(self):
        self.only({"rules/yaml/a.cpp": include("rules/model/gone.hpp")}, "rules/yaml/a.cpp", "no-such-file")

    def test_a_new_room_needs_a_row(self):
        for path in ["rules/extra/a.cpp", "daemon/extra/a.cpp", "connectors/extra/a.cpp"]:
            with self.subTest(path=path):
                self.only({path: "\n"}, path, "unknown-room")

    def test_libraries_stay_in_their_rooms(self):
        for path, name in [
            ("rules/calendar/a.cpp", "unicode/uchar.h"),
            ("rules/text/a.cpp", "date/tz.h"),
            ("rules/loader/a.cpp", "yaml-cpp/yaml.h"),
            ("daemon/store/a.cpp", "SQLiteCpp/Database.h"),
            ("daemon/pipeline/a.cpp", "sqlite3.h"),
            ("daemon/pipeline/a.cpp", "spdlog/spdlog.h"),
            ("daemon/app/a.cpp", "CLI/CLI.hpp"),
        ]:
            with self.subTest(path=path, name=name):
                self.only({path: f"#include <{name}>\n"}, path, "library")

    def test_a_unit_test_may_use_the_library_of_its_source(self):
        self.assertEqual(problems({"tests/unit/rules/calendar/tz_test.cpp": "#include <date/tz.h>\n"}), set())

    def test_rules_are_pure(self):
        for text in ["#include <boost/json.hpp>\n", "#include <fstream>\n", "#include <thread>\n",
                     "auto now = std::chrono::system_clock::now();\n", "auto now = std::time(nullptr);\n"]:
            with self.subTest(text=text):
                self.only({"rules/engine/a.cpp": text}, "rules/engine/a.cpp", "impure")

    def test_heavy_headers_stay_in_sources(self):
        self.only({"daemon/http/a.hpp": "#include <boost/json.hpp>\n"}, "daemon/http/a.hpp", "heavy-header")
        self.assertEqual(problems({"daemon/http/a.cpp": "#include <boost/json.hpp>\n",
                                   "daemon/http/b.hpp": "#include <boost/json/fwd.hpp>\n"}), set())

    def test_beast_is_counted_through_headers(self):
        # client.cpp of the clean house is the first of five
        seen = {"connectors/net/beast.hpp": "#include <boost/beast/core.hpp>\n", "connectors/net/step.hpp": include("connectors/net/beast.hpp")}
        four = {f"connectors/net/d{i}.cpp": include("connectors/net/step.hpp") for i in range(4)}
        self.assertEqual(problems({**seen, **four}), set())
        self.only({**seen, **four, "connectors/net/d4.cpp": "#include <boost/asio/ssl.hpp>\n"}, "connectors/net/d4.cpp", "beast")

    def test_beast_in_simulators_and_tests(self):
        three = {f"tests/simulators/d{i}.cpp": "#include <boost/beast.hpp>\n" for i in range(3)}
        self.assertEqual(problems(three), set())
        self.only({**three, "tests/simulators/d3.cpp": "#include <boost/beast.hpp>\n"}, "tests/simulators/d3.cpp", "beast")
        self.only({"tests/contract/a.cpp": "#include <boost/beast.hpp>\n"}, "tests/contract/a.cpp", "beast")

    def test_long_files_are_said_and_pass(self):
        self.only({"rules/model/a.cpp": "\n" * 301}, "rules/model/a.cpp", "long", "note")
        self.only({"rules/model/a.cpp": "\n" * 401}, "rules/model/a.cpp", "long", "warning")
        self.assertEqual(problems({"rules/model/a.cpp": "\n" * 300}), set())

    def test_top_level(self):
        self.only({"src/a.txt": "\n"}, "src", "top-level")
        self.only({"notes.txt": "\n"}, "notes.txt", "top-level")
        self.only({"rules/README.md": None}, "rules", "no-readme")
        self.only({"config/a.yaml": "\n"}, "config", "no-readme")

    def test_big_files(self):
        self.only({"rules/a.csv": "x" * 1_000_001}, "rules/a.csv", "big-file")

    def test_words(self):
        slash = "/"
        for text, code in [
            ("// TO" + "DO later\n", "promises-later-work"),
            ("# FIX" + "ME\n", "promises-later-work"),
            (f'std::ifstream in("{slash}home{slash}ana/a.txt");\n', "machine-path"),
            (f"cd {slash}work{slash}main\n", "machine-path"),
            ("npm config set x registry." + "npmjs.org\n", "registry-host"),
            ("see https://my-" + "registry.example/a\n", "registry-host"),
        ]:
            with self.subTest(text=text):
                self.only({"rules/model/a.txt": text}, "rules/model/a.txt", code)

    def test_words_that_only_look_alike(self):
        slash = "/"  # as above: no line of this file reads as a path of a machine
        text = f"a todo list, people{slash}work{slash}list, {{state}}{slash}home{slash}x and the registry of commands\n"
        self.assertEqual(problems({"rules/model/a.txt": text}), set())

    def test_binary_files_are_not_read(self):
        self.assertEqual(problems({"rules/model/a.bin": "\0 TO" + "DO"}), set())

    def test_ignored_files_do_not_count(self):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            for path, text in {**CLEAN, ".gitignore": "/out/\n", "out/a.cpp": "// TO" + "DO\n"}.items():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_text(text)
            subprocess.run(["git", "init", "-q", folder], check=True)
            self.assertEqual(includes.House(root).check(), [])

    def test_the_exit_code(self):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "README.md").write_text("# coachd\n")
            script = [sys.executable, includes.__file__, folder]
            self.assertEqual(subprocess.run(script, capture_output=True).returncode, 0)
            Path(folder, "src").write_text("\n")
            run = subprocess.run(script, capture_output=True, text=True)
            self.assertEqual(run.returncode, 1)
            self.assertIn("src:1: error: ", run.stdout)


if __name__ == "__main__":
    unittest.main()

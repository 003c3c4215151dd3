#!/usr/bin/env python3
"""Holds the house rules that a compiler does not: who may include whom, which library is seen where, what stands at the
top, what may not stand in a text. Prints one line per problem; exit 1 when one is an error. `includes.py [ROOT]`.

The tables below are the rules; to loosen one is a decision, so argue it in the comment beside it.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

# ---- Who may include whom -------------------------------------------------------------------------------------------

# Inside rules/: each room sees what stands to its right, never backwards. A room sees all that those see, but
# rules/yaml, which is named by everyone who reads files themselves.
RULES_BELOW = {
    "rules/model": [],
    "rules/calendar": ["rules/model"],
    "rules/text": ["rules/model"],
    "rules/yaml": ["rules/model"],
    "rules/conditions": ["rules/calendar", "rules/text", "rules/yaml"],
    "rules/detectors": ["rules/conditions"],
    "rules/cards": ["rules/conditions"],  # a card's windows are conditions
    "rules/prompts": ["rules/conditions"],  # a template says why in the words of its conditions
    "rules/engine": ["rules/detectors", "rules/cards", "rules/prompts"],
    "rules/loader": ["rules/engine"],
    "rules/lint": ["rules/loader"],
}

SHARED = ["rules/model", "rules/calendar", "rules/text"]  # for all of daemon/ and connectors/
SEAM = ["connectors"]  # connectors/connector.hpp, the only file of that folder

# The other rooms: exactly what is written here, and the shared rooms. "X+" means X and all that it rests on.
ARROWS = {
    "connectors": [],
    "connectors/net": [],
    "connectors/file": SEAM + ["connectors/net", "rules/yaml"],
    "connectors/salesforce": SEAM + ["connectors/net", "connectors/file", "rules/yaml"],  # event logs are CSV
    "connectors/hubspot": SEAM + ["connectors/net", "rules/yaml"],
    "daemon": ["daemon/cli", "daemon/app"],  # main.cpp
    # A command that only reads files (check, schema) needs no app.
    "daemon/cli": ["daemon/app", "daemon/settings", "daemon/log", "rules/lint+", "rules/yaml"],
    # The composition root sees every room that it joins.
    "daemon/app": SEAM + [
        "daemon/http", "daemon/scheduler", "daemon/pipeline", "daemon/coaching", "daemon/store", "daemon/store/sqlite",
        "daemon/settings", "daemon/log", "connectors/net", "connectors/file", "connectors/salesforce",
        "connectors/hubspot", "rules/lint+", "rules/yaml"],
    "daemon/pipeline": SEAM + ["daemon/store", "daemon/coaching", "daemon/log", "rules/engine+", "rules/prompts"],
    "daemon/coaching": ["daemon/store"],
    # The door asks Hooks what a delivery is; it knows no CRM.
    "daemon/http": SEAM + ["daemon/pipeline", "daemon/store", "daemon/log"],
    "daemon/scheduler": [],
    "daemon/settings": ["rules/yaml", "rules/loader+"],
    "daemon/store": [],
    "daemon/store/sqlite": ["daemon/store", "daemon/log"],
    "daemon/log": [],
    # The simulators write the wire formats from the vendors' documents: nothing of the program.
    "tests/simulators": [],
    "tests/unit/rules": ["rules"],  # the engine is tested without connector, store or clock
    "tests/unit/simulators": ["tests/simulators"],
}
# Rows of a folder that has rooms below it: they speak for its own files only.
OWN_FILES_ONLY = {"connectors", "daemon"}
# Tests may look at everything; only the rows above are held to less.
FREE = ["tests"]

# ---- Which library is seen where ------------------------------------------------------------------------------------

# header prefix -> rooms that may include it (a room stands for its sub-folders too)
LIBRARIES = {
    "unicode/": ["rules/text"],
    "date/": ["rules/calendar", "tests/simulators"],
    "yaml-cpp/": ["rules/yaml"],
    # A contract test may look into the file behind the engine.
    "SQLiteCpp/": ["daemon/store/sqlite", "tests/contract/store"],
    "sqlite3.h": ["daemon/store/sqlite", "tests/contract/store"],
    "re2/": ["rules"],
    "CLI/": ["daemon/cli", "daemon", "tests/simulators"],
    "spdlog/": ["daemon/log"],
    "systemd/": ["daemon/log", "daemon/app"],
    "pugixml.hpp": ["connectors/salesforce", "tests/unit/connectors/salesforce"],
    "simdjson.h": ["connectors/file", "connectors/hubspot", "tests/bench"],
}
# rules/ is pure: no Boost (hence no Asio), no files, no clock, no threads.
RULES_NEVER = ["boost/", "fstream", "iostream", "filesystem", "thread", "mutex", "condition_variable", "future", "unistd.h",
               "sys/"]
CLOCK = re.compile(r"\b(system_clock|steady_clock|utc_clock)::now\b|\b(std::)?time\(\s*(nullptr|NULL|0)\s*\)")

# Costly headers: not in a header that others include. net/ and store/sqlite/ are the rooms made for them.
HEAVY = ["boost/json", "boost/beast", "boost/asio/ssl", "yaml-cpp/", "SQLiteCpp/", "unicode/", "simdjson.h"]
LIGHT = {"boost/json/fwd.hpp"}  # names only
HEAVY_ROOMS = ["connectors/net", "daemon/store/sqlite",  # few files, included by few; helpers of tests likewise
               "tests/unit", "tests/contract", "tests/integration"]

# Beast and asio::ssl cost some 110 CPU seconds of a CI run in each source that sees them, by whatever way.
COSTLY = ["boost/beast", "boost/asio/ssl"]
COSTLY_LIMITS = [("the program", ["rules", "connectors", "daemon"], 5), ("tests/simulators", ["tests/simulators"], 3),
                 ("the other tests", ["tests"], 0)]

# ---- What stands where ----------------------------------------------------------------------------------------------

TOP = {"CMakeLists.txt", "CMakePresets.json", "LICENSE", "README.md", "dev", "config", "connectors", "daemon", "docs", "rules",
       "systemd", "tests", ".ci", ".clang-format", ".clang-tidy", ".gitignore"}
LONG, TOO_LONG = 300, 400  # lines: a sign to split; does it still hold one idea?
BIG = 1_000_000  # bytes: third-party data is never committed

# Words that may not stand in any tracked text (tests/lint/, where they are listed, aside).
WORDS = [
    ("promises-later-work", re.compile(r"\b(TODO|FIXME)\b")),
    ("machine-path", re.compile(r"(?<![\w./}-])/(?:work|root|home/\w+|Users/\w+)/[\w.]")),
    ("registry-host", re.compile(r"\b(?:registry\.[a-z0-9-]+\.[a-z]+|pypi\.org|files\.pythonhosted\.org|proxy\.golang\.org)\b|"
                                 r"https?://[a-z0-9.-]*registry")),
    ("missing-document", re.compile(r"\bdesign \d")),  # a page that is not in this repository
]

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')
SOURCES = (".cpp", ".hpp")


def listed(root, *what):
    """Paths of the tree as git lists them; without git, all but build output."""
    try:
        out = subprocess.run(["git", "-c", f"safe.directory={root}", "-C", str(root), "ls-files", "-z", "--cached", *what],
                             check=True, capture_output=True).stdout
        names = {name.decode() for name in out.split(b"\0") if name}
    except (OSError, subprocess.CalledProcessError):
        names = set()
        for folder, inner, files in os.walk(root):
            inner[:] = [d for d in inner if d not in (".git", ".cache", "build", "node_modules", "__pycache__")]
            names |= {os.path.relpath(os.path.join(folder, f), root) for f in files}
    return sorted(n for n in names if (root / n).is_file())


def under(path, rooms):
    return any(path == room or path.startswith(room + "/") for room in rooms)


def below(room):
    """All that a room of rules/ rests on."""
    seen, todo = set(), list(RULES_BELOW.get(room, []))
    while todo:
        r = todo.pop()
        if r not in seen:
            seen.add(r)
            todo += RULES_BELOW.get(r, [])
    return seen


class House:
    def __init__(self, root):
        self.root = Path(root).resolve()
        self.tracked = listed(self.root)
        self.files = sorted({*self.tracked, *listed(self.root, "--others", "--exclude-standard")})  # new ones too
        self.known = set(self.files)
        self.problems = []  # (level, path, line, code, text)
        self.includes = {}  # path -> [(line, name, project path or None)]
        self.rooms = RULES_BELOW.keys() | ARROWS.keys()

    def say(self, level, path, line, code, text):
        self.problems.append((level, path, line, code, text))

    def error(self, path, line, code, text):
        self.say("error", path, line, code, text)

    def room(self, path):
        """The nearest folder of a path for which there is a row, else its own folder."""
        folder = own = os.path.dirname(path)
        while folder:
            if folder in self.rooms and (folder == own or folder not in OWN_FILES_ONLY):
                return folder
            folder = os.path.dirname(folder)
        return own

    def read(self):
        for path in self.files:
            if not path.endswith(SOURCES):
                continue
            lines = (self.root / path).read_text(encoding="utf-8", errors="replace").splitlines()
            self.check_length(path, len(lines))
            found = []
            for number, line in enumerate(lines, 1):
                m = INCLUDE.match(line)
                if m:
                    name = m.group(1) or m.group(2)
                    beside = os.path.normpath(os.path.join(os.path.dirname(path), name))
                    target = name if name in self.known else beside if m.group(1) and beside in self.known else None
                    if m.group(1) and target is None and name.split("/")[0] in TOP:
                        self.error(path, number, "no-such-file", f'"{name}" does not exist')
                    found.append((number, name, target))
                elif path.startswith("rules/") and CLOCK.search(line):
                    self.error(path, number, "impure", "rules/ reads no clock: `now` is a parameter")
            self.includes[path] = found

    def may_see(self, room, other):
        """Whether a row lets files of `room` include files of `other`."""
        if room.startswith("tests/"):
            return under(other, ARROWS[room] + [room])
        if room in RULES_BELOW:
            return other in below(room) | {room}
        seen = {room, *SHARED}
        for name in ARROWS[room]:
            base = name.rstrip("+")
            seen.add(base)
            if name.endswith("+"):
                seen |= below(base) - {"rules/yaml"}
        return other in seen

    def check_arrows(self):
        for path, found in self.includes.items():
            room = self.room(path)
            if room not in self.rooms:
                if not under(path, FREE):
                    self.error(path, 1, "unknown-room", f"no row says what {room}/ may include (tests/lint/includes.py)")
                continue
            for number, name, target in found:
                if target is not None and not self.may_see(room, self.room(target)):
                    self.error(path, number, "arrow", f"{room}/ may not include {self.room(target)}/ ({name})")

    def check_libraries(self):
        for path, found in self.includes.items():
            for number, name, _ in found:
                for prefix, rooms in LIBRARIES.items():
                    if name.startswith(prefix) and not self.library_allowed(path, rooms):
                        self.error(path, number, "library", f"<{name}> is seen by {', '.join(rooms)} only")
                if path.startswith("rules/") and name.startswith(tuple(RULES_NEVER)):
                    self.error(path, number, "impure", f"rules/ is pure: no <{name}> there")
                if path.endswith(".hpp") and name.startswith(tuple(HEAVY)) and name not in LIGHT and not under(path, HEAVY_ROOMS):
                    self.error(path, number, "heavy-header", f"<{name}> belongs in a .cpp")

    def library_allowed(self, path, rooms):
        # A unit test may use what the source that it tests may use.
        mirrored = path[len("tests/unit/"):] if path.startswith("tests/unit/") else path
        for room in rooms:
            if room == "daemon":  # main.cpp, not the rooms below
                if os.path.dirname(mirrored) == "daemon":
                    return True
            elif under(mirrored, [room]):
                return True
        return False

    def check_costly(self):
        sees = {}

        def costly(path, trail):
            if path not in sees:
                sees[path] = False  # cycles end here
                sees[path] = any(
                    name.startswith(tuple(COSTLY)) or (target and target not in trail and costly(target, trail | {path}))
                    for _, name, target in self.includes.get(path, []))
            return sees[path]

        left = [p for p in self.includes if p.endswith(".cpp") and costly(p, frozenset())]
        for what, rooms, limit in COSTLY_LIMITS:
            here = [p for p in left if under(p, rooms)]
            left = [p for p in left if p not in here]
            if len(here) > limit:
                self.error(here[limit], 1, "beast", f"Beast and asio::ssl are seen by {len(here)} sources of {what}, at most {limit}: "
                           + ", ".join(here))

    def check_length(self, path, lines):
        if lines > TOO_LONG:
            self.say("warning", path, lines, "long", f"{lines} lines: does it still hold one idea?")
        elif lines > LONG:
            self.say("note", path, lines, "long", f"{lines} lines: a sign to split")

    def check_tree(self):
        # Tracked files only: what somebody lays down to try coachd on is not the tree's business.
        tops = sorted({p.split("/")[0] for p in self.tracked})
        for name in tops:
            if name not in TOP:
                self.error(name, 1, "top-level", "the top level holds only: " + " ".join(sorted(TOP)))
            elif any(p.startswith(name + "/") for p in self.tracked) and not name.startswith(".") \
                    and f"{name}/README.md" not in self.known:
                self.error(name, 1, "no-readme", "each top folder has a README.md: why it exists, what belongs there, how to add one more")
        for path in self.tracked:
            if (self.root / path).stat().st_size > BIG:
                self.error(path, 1, "big-file", f"more than {BIG} bytes: third-party data is never committed")

    def check_words(self):
        for path in self.files:
            if path.startswith("tests/lint/"):
                continue
            data = (self.root / path).read_bytes()
            if b"\0" in data[:8000]:
                continue
            for number, line in enumerate(data.decode("utf-8", errors="replace").splitlines(), 1):
                for code, pattern in WORDS:
                    m = pattern.search(line)
                    if m:
                        self.error(path, number, code, f"`{m.group(0)}` may not stand here")

    def check(self):
        self.read()
        self.check_arrows()
        self.check_libraries()
        self.check_costly()
        self.check_tree()
        self.check_words()
        return sorted(self.problems, key=lambda p: (p[1], p[2]))


def main(argv):
    root = Path(argv[1]) if len(argv) > 1 else Path(__file__).resolve().parents[2]
    problems = House(root).check()
    for level, path, line, code, text in problems:
        print(f"{path}:{line}: {level}: {text} [{code}]")
    return 1 if any(p[0] == "error" for p in problems) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))

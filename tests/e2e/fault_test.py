#!/usr/bin/env python3
"""The story of story.py, told once without and once under each fault.

  fault_test.py BIN_DIR [--crm salesforce|hubspot] [--only NAME ...] [--jobs 2] [--keep]
"""

import argparse
import concurrent.futures
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from faults import FAULTS  # noqa: E402
from story import CRMS, Different, Fault, Story  # noqa: E402


def telling(bin_dir, folder, crm, fault, calm=None, seed=1):
    """One line of what became of it, and what was at the end of each phase (none: it went wrong)."""
    began = time.monotonic()
    story = None
    try:
        story = Story(bin_dir, folder, crm, fault, seed)
        phases = story.tell(calm)
        what = f"{sum(phases['evening']['sent'].values())} sent, {sum(phases['evening']['taken back'].values())} taken back, {sum(phases['evening']['open findings'].values())} findings open"
        struck = ", ".join([f"{name} {n}" for name, n in sorted(story.simulator.struck().items()) if name != "short-page"] + story.notes)
        return f"{crm} {fault.name}: equal ({time.monotonic() - began:.1f} s; {what}{'; ' + struck if struck else ''})", phases
    except (Different, RuntimeError, OSError, KeyError) as e:
        return f"{crm} {fault.name}: FAILED after {time.monotonic() - began:.1f} s: {type(e).__name__} {e}\n  logs and state: {folder}", None
    finally:
        if story:
            story.end()


def plain(fault):
    """The calm telling of the company that a fault needs."""
    calm = Fault()
    calm.people, calm.records = fault.people, fault.records
    if (fault.people, fault.records) != (Fault.people, Fault.records):
        calm.name = f"calm-{fault.records}"
    return calm


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bin_dir")
    parser.add_argument("--crm", choices=sorted(CRMS), default="salesforce")
    parser.add_argument("--only", action="append", help="only this fault; may be repeated")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", action="store_true", help="keep logs and state")
    args = parser.parse_args()
    faults = [f for f in FAULTS if args.crm in f.crms and (not args.only or f.name in args.only)]
    if args.only and set(args.only) - {f.name for f in faults}:
        parser.error("no such fault: " + ", ".join(set(args.only) - {f.name for f in faults}))
    folder = Path(tempfile.mkdtemp(prefix="coachd-fault-"))
    good = True
    calm = {}

    def tell(fault, before=None):
        nonlocal good
        line, phases = telling(args.bin_dir, folder / fault.name, args.crm, fault, before, args.seed)
        good &= phases is not None
        print(line, flush=True)
        return phases

    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        sizes = {(f.people, f.records): plain(f) for f in faults}
        calm = dict(zip(sizes, pool.map(tell, sizes.values())))
        if all(calm.values()):
            list(pool.map(lambda f: tell(f, calm[(f.people, f.records)]), faults))
    if good and not args.keep:
        shutil.rmtree(folder, ignore_errors=True)
    else:
        print(f"logs and state: {folder}")
    print("all equal" if good else "NOT equal")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())

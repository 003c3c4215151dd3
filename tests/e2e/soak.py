#!/usr/bin/env python3
"""The long run: 200 kills -9 for each CRM, then tellings in which everything strikes at random until the time is over.

  soak.py BIN_DIR [--minutes 15] [--seed N] [--crm NAME ...] [--kills 200]

A failure prints the seed with which it comes again, and where its logs and state are.
"""

import argparse
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from fault_test import plain, telling  # noqa: E402
from faults import Kill, Storm  # noqa: E402
from story import CRMS  # noqa: E402

KILLS = 40  # in one telling; a day has an end


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bin_dir")
    parser.add_argument("--minutes", type=float, default=15)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--crm", action="append", choices=sorted(CRMS))
    parser.add_argument("--kills", type=int, default=200)
    args = parser.parse_args()
    until = time.monotonic() + args.minutes * 60
    folder = Path(tempfile.mkdtemp(prefix="coachd-soak-"))
    print(f"seed {args.seed}", flush=True)
    number = 0
    calm = {}

    def tell(crm, fault, seed):
        nonlocal number
        number += 1
        size = (crm, fault.people, fault.records)
        if size not in calm:
            line, calm[size] = telling(args.bin_dir, folder / f"{number}-calm", crm, plain(fault))
            print(line, flush=True)
        if not calm[size]:
            return False
        here = folder / str(number)
        line, phases = telling(args.bin_dir, here, crm, fault, calm[size], seed)
        print(f"[seed {seed}] {line}", flush=True)
        if phases:
            shutil.rmtree(here, ignore_errors=True)
        return phases is not None

    crms = args.crm or sorted(CRMS)
    seed = args.seed
    good = True
    for crm in crms:
        for first in range(0, args.kills, KILLS):
            seed += 1
            good = good and tell(crm, Kill(kills=min(KILLS, args.kills - first)), seed)
    while good and time.monotonic() < until:
        seed += 1
        good = tell(crms[seed % len(crms)], Storm(), seed)
    print("all equal" if good else f"NOT equal; logs and state: {folder}")
    if good:
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())

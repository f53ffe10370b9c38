"""./oms test --native: Odoo's own tests without and with our addons, test by test.

Both sides run on clones of the cached template databases, each suite in a process and
database of its own. All tests run with every module loaded: Odoo's own runner starts
many of them before ours is loaded, and then they would prove nothing. What the side
without our addons gives is kept per build of Odoo, so only the first run takes the time
of both.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from devkit import databases, testing
from devkit.common import (
    HOME,
    LOGS,
    ODOO_PATH,
    ROOT,
    addons,
    die,
    digest,
    say,
)

SUITES = [
    "account",
    "stock",
    "sale",
    "stock_account",
    "sale_stock",
    "delivery",
    "stock_delivery",
    "stock_picking_batch",
]

# Where our addons hook in, and short: what CI can afford at each change.
SHORT = [
    "sale/tests/test_sale_to_invoice.py",
    "sale/tests/test_sale_refund.py",
    "sale_stock/tests/test_create_perf.py",
    "sale_stock/tests/test_sale_stock.py",
    "sale_stock/tests/test_sale_order_dates.py",
    "stock/tests/test_packing.py",
    "stock/tests/test_stock_flow.py",
    "stock_delivery/tests",
    "stock_picking_batch/tests/test_batch_picking.py",
]

# A suite that takes longer hangs.
MAX_SECONDS = 3600


def main():
    parser = argparse.ArgumentParser(prog="./oms test --native", description=__doc__)
    parser.add_argument("--short", action="store_true", help="a selection, minutes")
    parser.add_argument("--jobs", type=int, default=2, help="suites at the same time")
    parser.add_argument(
        "--ahead",
        action="store_true",
        help="only what Odoo gives without our addons, which is kept for later runs",
    )
    parser.add_argument("suites", nargs="*", help=f"of {', '.join(SUITES)}")
    options = parser.parse_args()
    if not addons():
        die("there is no oms_order_cycle addon in this checkout yet")
    testing.need_browser()
    testing.drop_leftovers()
    sides = Sides(options.jobs)
    if options.ahead:
        without, _ = sides.run(_selection(options), ("without",))
        print(f"{_count(without)}, kept")
        return 0
    without, with_ours = sides.run(_selection(options))
    differences = _differences(without, with_ours)
    if differences:
        differences = sides.settle(differences)
    return _report(without, with_ours, differences)


def _selection(options):
    """Paths of tests below Odoo's addons, by suite."""
    paths = SHORT if options.short else [f"{name}/tests" for name in SUITES]
    if options.suites:
        paths = [path for path in paths if path.split("/")[0] in options.suites]
        if not paths:
            die(f"nothing selected; the suites are {', '.join(SUITES)}")
    found = {}
    for path in paths:
        if (_odoo_addons(path) / path).exists():
            found.setdefault(path.split("/")[0], []).append(path)
        else:
            say(f"{path} is not part of this Odoo, left out")
    return found


def _odoo_addons(path):
    """Odoo's addons are inside the package, or beside it in a source checkout."""
    inside = ODOO_PATH / "odoo" / "addons"
    return inside if (inside / path.split("/")[0]).exists() else ODOO_PATH / "addons"


class Sides:
    """Runs suites on the database without and on the one with our addons."""

    def __init__(self, jobs):
        self.jobs = jobs
        self.templates = {
            "without": databases.compiled(databases.dependencies_template()),
            "with": databases.addons_template(browser=True),
        }
        self.kept = HOME / "native" / databases.dependencies_template()
        self.kept.mkdir(parents=True, exist_ok=True)

    def run(self, selection, sides=("without", "with")):
        """Results of the sides: {test: outcome}."""
        with ThreadPoolExecutor(self.jobs) as pool:
            # The longest first, alternating, so that both cores stay busy to the end.
            running = [
                (side, pool.submit(self._suite, side, suite, paths))
                for suite, paths in selection.items()
                for side in sides
            ]
            results = {"without": {}, "with": {}}
            for side, future in running:
                results[side].update(future.result())
        return results["without"], results["with"]

    def _suite(self, side, suite, paths):
        kept = self.kept / f"{suite}_{digest(*paths)}.json"
        if side == "without" and kept.exists():
            return json.loads(kept.read_text())
        started = time.time()
        results = self._pytest(side, suite, paths)
        took = f"{time.time() - started:.0f} s"
        say(f"{suite}, {side} our addons: {_count(results)}, {took}")
        if side == "without":
            kept.write_text(json.dumps(results, indent=0, sort_keys=True))
        return results

    def _keep(self, suite, results):
        """Correct what is kept: on a busy machine some tests run out of time."""
        for kept in self.kept.glob(f"{suite}_*.json"):
            known = json.loads(kept.read_text())
            known.update(
                {test: results[test] for test in results.keys() & known.keys()}
            )
            kept.write_text(json.dumps(known, indent=0, sort_keys=True))

    def _pytest(self, side, suite, tests):
        name = f"oms_test_{os.getpid()}_{side}_{suite}"
        lines = LOGS / f"native-{side}-{suite}.jsonl"
        lines.write_text("")
        folder = _odoo_addons(tests[0])
        command = [sys.executable, "-m", "pytest", "-p", "devkit.pytest_oms"]
        command += ["-c", os.devnull, f"--rootdir={folder}", "-p", "no:cacheprovider"]
        command += [f"--odoo-database={name}", "--odoo-http", "-W", "ignore", "-q"]
        # Appended to the path, lest addons such as `calendar` hide modules of Python.
        command += ["--odoo-extra=max-cron-threads=0", "--import-mode=append"]
        command += [str(folder / test) for test in tests]
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT / "tools"),
            "OMS_TEST_RESULTS": str(lines),
        }
        environment.pop("OMS_INSTALL_PROBLEMS", None)
        databases.drop(name)
        databases.clone(self.templates[side], name)
        log = LOGS / f"native-{side}-{suite}.log"
        try:
            with log.open("w") as output:
                subprocess.run(
                    command,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    timeout=MAX_SECONDS,
                    check=False,
                )
        except subprocess.TimeoutExpired:
            say(f"{suite}, {side} our addons: stopped after {MAX_SECONDS} s, see {log}")
        finally:
            databases.drop(name)
        results = _read(lines)
        if not results:
            die(f"{suite}, {side} our addons: no test ran, see {log}")
        return results

    def settle(self, differences):
        """Run differing tests again, alone: what then agrees was chance, not ours."""
        say(f"{len(differences)} tests differ, running them again")
        by_suite = {}
        for test in differences:
            by_suite.setdefault(test.split("/")[0], []).append(test)
        lasting = []
        for suite, tests in by_suite.items():
            without = self._pytest("without", suite, tests)
            self._keep(suite, without)
            lasting += _differences(without, self._pytest("with", suite, tests))
        for test in sorted(set(differences) - set(lasting)):
            print(f"  unstable without our doing: {test}")
        return lasting


def _read(lines):
    """The worst outcome of each test's phases, in the order failed, skipped, passed."""
    results = {}
    for line in lines.read_text().splitlines():
        test, outcome, _seconds = json.loads(line)
        if results.get(test) != "failed" and (
            outcome != "passed" or test not in results
        ):
            results[test] = outcome
    return results


def _count(results):
    outcomes = list(results.values())
    return ", ".join(
        f"{outcomes.count(outcome)} {outcome}"
        for outcome in ("passed", "failed", "skipped")
        if outcome in outcomes
    )


def _differences(without, with_ours):
    return sorted(
        test
        for test in without.keys() | with_ours.keys()
        if without.get(test) != with_ours.get(test)
    )


def _report(without, with_ours, differences):
    print(f"\nwithout our addons: {_count(without)}")
    print(f"with our addons:    {_count(with_ours)}")
    for test in differences:
        before, after = without.get(test, "not run"), with_ours.get(test, "not run")
        print(f"  {before} -> {after}: {test}")
    agreeing = len(without.keys() | with_ours.keys()) - len(differences)
    # The plain closing line: a test passes here when both sides agree.
    print(f"{agreeing} passed, {len(differences)} failed")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())

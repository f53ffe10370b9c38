"""pytest plugin of ./oms test: what pytest-odoo leaves out."""

import json
import os
import re

import pytest

from .assets import compile_assets

# What counts as what in the closing line of ./oms test.
_TOTALS = {
    "passed": ("passed", "xpassed"),
    "failed": ("failed", "error"),
    "skipped": ("skipped", "xfailed"),
}

_NO_BROWSER = re.compile(r"chrome|websocket|devtools|not found", re.IGNORECASE)


def pytest_addoption(parser):
    parser.addoption(
        "--no-browser-in",
        action="append",
        default=[],
        help="folder whose tests for a browser are left out",
    )


class InstallLog(pytest.Item):
    """Fails when installing our addons logged a warning or an error."""

    def runtest(self):
        problems = os.environ.get("OMS_INSTALL_PROBLEMS")
        if problems:
            raise InstallLogError(problems)

    def repr_failure(self, excinfo, style=None):
        if isinstance(excinfo.value, InstallLogError):
            return f"installing the addons logged:\n{excinfo.value}"
        return super().repr_failure(excinfo, style)

    def reportinfo(self):
        return self.path, None, self.name


class InstallLogError(Exception):
    pass


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(session, config, items):
    kept, left_out = [], []
    for item in items:
        # As in Odoo: a test tagged -standard runs only when asked for by another tag.
        tags = getattr(getattr(item, "cls", None), "test_tags", {"standard"})
        wanted = "standard" in tags and not _is_left_out(item, config)
        (kept if wanted else left_out).append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
    # Nothing selected must stay pytest's "no tests ran", which is a failure.
    if kept and "OMS_INSTALL_PROBLEMS" in os.environ:
        kept.append(InstallLog.from_parent(session, name="install_log_is_clean"))
    items[:] = kept


def _is_left_out(item, config):
    folders = [config.rootpath / name for name in config.option.no_browser_in]
    return any(map(item.path.is_relative_to, folders)) and _is_browser_test(item)


def _is_browser_test(item):
    from odoo.tests import HttpCase

    return issubclass(getattr(item, "cls", None) or object, HttpCase)


@pytest.fixture(scope="session", autouse=True)
def compiled_assets(request):
    """Compile the bundles before the first browser test, if there is any."""
    if not request.config.pluginmanager.has_plugin("odoo"):
        return
    request.getfixturevalue("load_registry")
    from odoo.tests import BaseCase

    BaseCase.test_cursor_lock_timeout = 120
    if any(map(_is_browser_test, request.session.items)):
        _compile_assets()


def _compile_assets():
    from odoo.api import SUPERUSER_ID, Environment
    from odoo.modules.registry import Registry
    from odoo.tests.common import get_db_name

    with Registry(get_db_name()).cursor() as cr:
        compile_assets(Environment(cr, SUPERUSER_ID, {}))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """A browser test without a browser proves nothing: it fails, and is not skipped."""
    outcome = yield
    report = outcome.get_result()
    if (
        report.skipped
        and isinstance(report.longrepr, tuple)
        and _NO_BROWSER.search(str(report.longrepr[2]))
    ):
        report.outcome = "failed"
        report.longrepr = f"not run: {report.longrepr[2]}"


def pytest_runtest_logreport(report):
    """One line per phase of each test, also when the process is killed later."""
    path = os.environ.get("OMS_TEST_RESULTS")
    if path and (report.when == "call" or not report.passed):
        with open(path, "a") as lines:
            entry = [report.nodeid, report.outcome, round(report.duration, 1)]
            lines.write(json.dumps(entry) + "\n")


def pytest_terminal_summary(terminalreporter):
    """Leave the totals where ./oms test adds those of all parts."""
    path = os.environ.get("OMS_TEST_TOTALS")
    if path:
        stats = terminalreporter.stats
        totals = {
            name: sum(len(stats.get(outcome, ())) for outcome in outcomes)
            for name, outcomes in _TOTALS.items()
        }
        with open(path, "w") as file:
            json.dump(totals, file)

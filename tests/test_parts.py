"""Which parts ./oms test runs, and what it says in the end."""

import pytest
from devkit import testing
from devkit.common import CORE, DEMO


def parts_of(*arguments, part=None):
    return {run.part.name: run for run in testing._runs(part, list(arguments))}


def test_every_part_without_arguments():
    runs = parts_of()
    assert {"core", "all", "house"} <= set(runs)
    assert runs["core"].part.addons == (CORE,)
    assert DEMO not in runs["all"].part.addons
    assert runs["all"]._own_arguments() == [f"--no-browser-in={CORE}", CORE]


@pytest.mark.parametrize(
    ("path", "part"),
    [
        (CORE, "core"),
        (f"{CORE}/tests/test_facts.py", "core"),
        (f"{CORE}/tests/test_facts.py::TestFacts::test_any", "core"),
        ("test_oms_order_cycle", "all"),
        ("tests/test_parts.py", "house"),
    ],
)
def test_a_path_belongs_to_one_part(path, part):
    [run] = parts_of(path, "-x").values()
    assert run.part.name == part
    assert run.paths == [path] or run.paths == [path.rstrip("/")]
    assert run.arguments == ["-x"]
    assert run._own_arguments() == ["-x"]


def test_paths_of_several_parts():
    assert set(parts_of(CORE, "tests")) == {"core", "house"}
    assert set(parts_of(".")) == set(parts_of())


def test_words_are_no_paths():
    """A choice by name goes through all parts, but runs nothing twice."""
    runs = parts_of("-k", "tests")
    assert set(runs) == set(parts_of())
    assert runs["all"]._own_arguments() == ["-k", "tests"]


def test_a_part_by_name():
    runs = parts_of(f"{CORE}/tests/test_facts.py", part="all")
    assert list(runs) == ["all"]


def test_path_without_tests():
    with pytest.raises(SystemExit):
        parts_of("benchmarks")


@pytest.fixture
def together(monkeypatch, capsys):
    """Runs parts that end as told; returns the exit status and the last line."""

    def run(*endings, selected=False):
        runs = []
        for number, (status, totals) in enumerate(endings):
            part = testing.Part(f"part{number}", (), ("tests",))
            one = testing.Run(part, [], [], totals=totals)
            monkeypatch.setattr(one, "execute", lambda status=status: status)
            one.output.write_text("")
            runs.append(one)
        status = testing._Together(runs, 2, selected).run()
        return status, capsys.readouterr().out.splitlines()[-1]

    return run


PASSED = (0, {"passed": 3, "failed": 0, "skipped": 1})
FAILED = (1, {"passed": 1, "failed": 2, "skipped": 0})
EMPTY = (testing.NOTHING_COLLECTED, {"passed": 0, "failed": 0, "skipped": 0})


def test_totals_of_all_parts(together):
    assert together(PASSED, PASSED) == (0, "6 passed, 0 failed, 2 skipped")
    assert together(PASSED, FAILED) == (1, "4 passed, 2 failed, 1 skipped")


def test_a_part_that_broke_off(together):
    assert together(PASSED, (3, {})) == (3, "3 passed, 1 failed, 1 skipped")


def test_a_part_without_tests(together):
    assert together(PASSED, EMPTY)[0] == testing.NOTHING_COLLECTED
    assert together(PASSED, EMPTY, selected=True)[0] == 0
    assert together(EMPTY, EMPTY, selected=True)[0] == testing.NOTHING_COLLECTED

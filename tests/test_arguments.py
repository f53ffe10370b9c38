"""Arguments that mean nothing are refused, with words, before any work begins."""

import subprocess
import sys

import pytest
from devkit import testing
from devkit.common import ROOT


@pytest.mark.parametrize(
    ("bench", "arguments", "words"),
    [
        ("overhead", ["--size", "-5"], "'-5' is not ORDERS,LINES,STEPS"),
        ("overhead", ["--size", "5,0,1"], "numbers of at least 1"),
        ("overhead", ["--size", "5,5,2"], "1 or 3 steps"),
        ("overhead", ["--repetitions", "0"], "not a whole number of at least 1"),
        ("overhead", ["--explain", "/nowhere/file"], "no file can be written there"),
        ("install", ["--orders", "0"], "not a whole number of at least 1"),
        ("screens", ["--repetitions", "many"], "not a whole number of at least 1"),
        ("packing", ["--support", "nan"], "not a number of at least 0"),
        ("packing", ["--set", "nowhere"], "there is no set nowhere"),
        ("packing", ["--nope"], "unrecognized arguments: --nope"),
    ],
)
def test_a_benchmark_refuses(bench, arguments, words):
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / f"{bench}.py"), *arguments],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert words in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--nope"], "unrecognized arguments: --nope"),
        (["-k"], "argument -k: expected one argument"),
        (["--maxfail=some"], "invalid int value"),
        (["tests/nowhere.py"], "there is no tests/nowhere.py"),
        (["--jobs", "0"], "argument --jobs: at least 1"),
    ],
)
def test_the_tests_refuse(arguments, words, capsys, monkeypatch):
    def work():
        raise AssertionError("it began")

    monkeypatch.setattr(testing, "need_browser", work)
    monkeypatch.setattr(testing, "drop_leftovers", work)
    with pytest.raises(SystemExit) as refused:
        testing.main(arguments)
    assert refused.value.code
    assert words in capsys.readouterr().err


def test_what_pytest_knows_is_not_refused():
    testing.refuse_unknown(["-x", "-k", "some or other", "--maxfail", "2", "--lf"])

"""The same plan in every process: hashes of strings are other ones in each."""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PLANS = """
from dataclasses import replace
from packing import pack
from samples import SET, order, tariff
for seed in (3, 8, 21):
    items = [
        replace(item, key=f"k{item.key}", family="ab"[item.key % 2],
                together="group" if item.key in (1, 2) else None)
        for item in order(seed)
    ]
    cartons = [replace(carton, available=3) for carton in SET]
    print(pack(items, cartons, tariff, effort=30, explain=True))
    print(pack(items[:2], SET, tariff, effort=30, explain=True))
"""


def test_plans_do_not_depend_on_hashes():
    paths = os.pathsep.join([str(HERE), str(HERE.parents[1])])
    plans = set()
    for seed in "012":
        env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": paths}
        run = subprocess.run(
            [sys.executable, "-c", PLANS],
            env=env,
            capture_output=True,
            text=True,
            check=True,
        )
        plans.add(run.stdout)
    assert len(plans) == 1
    assert len(plans.pop()) > 1000

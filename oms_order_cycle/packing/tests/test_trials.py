"""Why this carton: what is said was tried, and is true."""

from dataclasses import replace

import pytest
from packing import Item, Outcome, Trial, check, pack
from packing.audit import audit
from packing.search import trials
from samples import SET, carton, order, tariff


def tried(plan):
    return {(t.carton.key, t.outcome.value) for box in plan.boxes for t in box.tried}


def test_every_outcome_has_its_reason():
    small, large = carton(200, 150, 100), carton(300, 200, 150)
    weak = carton(205, 155, 105, max_gross=1500)
    for item, cartons, outcome in (
        (Item("a", 210, 90, 80, 500), [small, large], Outcome.UNIT_TOO_LARGE),
        (Item("a", 100, 90, 80, 2000), [weak, large], Outcome.TOO_HEAVY),
        (Item("a", 150, 100, 50, 300, 5), [small, large], Outcome.TOO_LITTLE_ROOM),
        (Item("a", 130, 120, 60, 300, 2, "h"), [small, large], Outcome.TOO_SMALL),
        (Item("a", 104, 75, 50, 300, 8), [small, large], Outcome.TOO_LITTLE_ROOM),
    ):
        plan = pack([item], cartons, tariff, explain=True)
        (box,) = plan.boxes
        (trial,) = box.tried
        assert trial.outcome in (outcome, Outcome.TOO_SHORT), trial
        assert audit(plan, [item], cartons) == []


def test_one_centimetre_less_is_said_with_its_side():
    item = Item("a", 190, 120, 52, 300, 2, "h")
    cartons = [carton(200, 150, 100), carton(300, 200, 150)]
    (box,) = pack([item], cartons, tariff, explain=True).boxes
    (trial,) = box.tried
    assert trial.outcome is Outcome.TOO_SHORT
    assert trial.values == {"side": "height", "missing": 4}


def test_what_is_out_of_stock_says_so():
    item = Item("a", 190, 140, 90, 9000, 2)
    large = carton(300, 200, 150, max_gross=15000)
    cartons = [carton(200, 150, 100, available=1), large]
    plan = pack([item], cartons, tariff, explain=True)
    assert tried(plan) == {("200x150x100", "out_of_stock")}
    assert audit(plan, [item], cartons) == []


def test_a_carton_that_does_after_all_is_taken():
    cartons = [carton(200, 150, 100), carton(600, 400, 400)]
    for seed in range(20):
        items = order(seed)
        for deadline in (None, 0.0):
            plan = pack(items, SET, tariff, deadline=deadline, explain=True)
            assert check(plan, items, SET) == []
            assert all(t.price <= b.price + 1e-6 for b in plan.boxes for t in b.tried)
    assert pack([Item("a", 190, 140, 90, 5)], cartons, tariff, explain=True).boxes


@pytest.mark.parametrize("seed", range(40))
def test_no_reason_is_untrue(seed):
    items = order(seed, kinds=6, most=8)
    plan = pack(items, SET, tariff, explain=True)
    assert audit(plan, items, SET) == []


def test_the_audit_finds_what_is_untrue():
    item = Item("a", 190, 140, 90, 900)
    cartons = [carton(200, 150, 100), carton(300, 200, 150)]
    plan = pack([item], cartons, tariff)
    (box,) = plan.boxes
    for outcome, values in (
        (Outcome.TOO_HEAVY, {}), (Outcome.UNIT_TOO_LARGE, {"key": "a", "missing": 3}),
        (Outcome.TOO_LITTLE_ROOM, {"share": 5}), (Outcome.OUT_OF_STOCK, {}),
        (Outcome.TOO_SHORT, {"side": "height", "missing": 2}), (Outcome.TOO_SMALL, {}),
        (Outcome.NO_WAY_FOUND, {}),
    ):  # fmt: skip
        trial = Trial(cartons[0], box.price, outcome, values)
        lie = replace(plan, boxes=(replace(box, tried=(trial,)),))
        assert len(audit(lie, [item], cartons)) == 1, outcome
    elsewhere = Trial(carton(9, 9, 9), box.price, Outcome.TOO_SMALL, {})
    lie = replace(plan, boxes=(replace(box, tried=(elsewhere,)),))
    assert len(audit(lie, [item], cartons)) == 1


def test_what_was_not_tried_to_the_end_is_not_named(monkeypatch):
    monkeypatch.setattr(trials, "SECONDS", -1)
    looked_at = {Outcome.TOO_HEAVY, Outcome.UNIT_TOO_LARGE, Outcome.TOO_LITTLE_ROOM}
    for seed in range(8):
        plan = pack(order(seed), SET, tariff, deadline=0.3, explain=True)
        for box in plan.boxes:
            assert {trial.outcome for trial in box.tried} <= looked_at

"""The part of the facts' query that counts kits, beside the same in Python."""

from math import floor
from random import Random

from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from odoo.addons.oms_order_cycle.facts.goods import DATES, QUANTITIES, line_sums

_SHARED = ("live", "inbound", "received", "pick", "pack", "load", "ship", "deliver")
_COLUMNS = ("line_id", "component", "ordered", "product_factor", "kit_quantity")
_COLUMNS += ("closed", *QUANTITIES)


def count_kits(rows):
    """What ``line_sums`` says of the rows of one line."""
    if not any(row["component"] for row in rows):
        [row] = rows
        return {name: row[name] or 0 for name in QUANTITIES}
    ordered, unit = rows[0]["ordered"], rows[0]["product_factor"]

    def needed(row):
        if not row["component"]:
            return 1
        asked = (row["live"] or 0) + (row["closed"] or 0)
        return row["kit_quantity"] or (asked / ordered if ordered else 0)

    def enough(quantity):
        found = min(quantity(row) / needed(row) for row in rows if needed(row))
        if found >= ordered - 0.005:
            return found
        return floor(found / unit + 0.005) * unit

    found = {name: enough(lambda row, name=name: row[name] or 0) for name in _SHARED}
    found["asked"] = max(row["asked"] for row in rows)
    found["open"] = max((row["open"] or 0) / needed(row) for row in rows if needed(row))
    found["returned"] = found["ship"] - enough(
        lambda row: max((row["ship"] or 0) - (row["returned"] or 0), 0)
    )
    return found


@tagged("post_install", "-at_install")
class TestKitSums(TransactionCase):
    def sum_up(self, rows):
        """``line_sums`` of such rows: ``{line id: {name: quantity}}``."""
        flow = SQL(", ").join(
            SQL(
                "(%s)",
                SQL(", ").join(SQL("%s", row[name]) for name in _COLUMNS),
            )
            for row in rows
        )
        kinds = {"line_id": "int", "component": "bool"}
        query = SQL(
            "WITH flow AS (SELECT %s FROM (VALUES %s) AS v (%s)), line_sums AS (%s)"
            " SELECT line_id, is_kit, %s FROM line_sums",
            SQL(", ").join(
                [
                    SQL(f"%s::{kinds.get(name, 'float8')}", SQL.identifier(name))
                    for name in _COLUMNS
                ]
                + [
                    SQL("NULL::timestamp AS %s", SQL.identifier(f"{name}_date"))
                    for name in DATES
                ]
            ),
            flow,
            SQL(", ").join(map(SQL.identifier, _COLUMNS)),
            line_sums(None),
            SQL(", ").join(map(SQL.identifier, QUANTITIES)),
        )
        return {
            line_id: (is_kit, dict(zip(QUANTITIES, found, strict=True)))
            for line_id, is_kit, *found in self.env.execute_query(query)
        }

    def make_lines(self, number):
        random = Random(number)
        rows = []
        for line_id in range(1, 60):
            is_kit = random.random() < 0.7
            shared = {
                "line_id": line_id,
                "ordered": random.choice((1, 2, 4, 5.5, 12)),
                "product_factor": random.choice((1, 1, 12, 1 / 12)),
            }
            for part in range(random.randint(1, 3) if is_kit else 1):
                row = dict(shared, component=is_kit and (part > 0 or line_id % 5 > 0))
                row["kit_quantity"] = (
                    random.choice((None, 1, 2, 3)) if row["component"] else None
                )
                row["closed"] = random.choice((None, 0, 1))
                for name in QUANTITIES:
                    row[name] = random.choice((None, 0, 1, 2, 4, 11, 12, 24, 36))
                row["asked"] = random.choice((0, 1, 2))
                rows.append(row)
        return rows

    def test_as_in_python(self):
        kits = 0
        for number in range(5):
            rows = self.make_lines(number)
            for line_id, (is_kit, found) in self.sum_up(rows).items():
                own = [row for row in rows if row["line_id"] == line_id]
                self.assertEqual(is_kit, any(row["component"] for row in own))
                kits += is_kit
                if is_kit and not any(
                    row["kit_quantity"] or row["live"] or row["closed"] for row in own
                ):
                    continue
                for name, quantity in count_kits(own).items():
                    self.assertAlmostEqual(
                        found[name] or 0, quantity, msg=f"{name} of {own}"
                    )
        self.assertGreater(kits, 100)

    def test_the_scarcest_part_counts(self):
        part = dict.fromkeys(QUANTITIES, 0)
        part.update(line_id=1, component=True, ordered=4, product_factor=1, closed=None)
        rows = [
            dict(part, kit_quantity=1, ship=4, live=4, returned=1),
            dict(part, kit_quantity=2, ship=7, live=8, open=1),
        ]
        [(is_kit, found)] = self.sum_up(rows).values()
        self.assertTrue(is_kit)
        self.assertEqual(found["ship"], 3)
        self.assertEqual(found["live"], 4)
        self.assertEqual(found["open"], 0.5)
        # of three that are whole, one misses a part
        self.assertEqual(found["returned"], 0)

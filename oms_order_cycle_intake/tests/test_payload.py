"""Any JSON gives faults or a clean payload, never an exception."""

import json
from copy import deepcopy

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..payload import check, differences, fingerprint
from ..payload.schema import _PAYLOAD

GOOD = {
    "version": 1,
    "channel": "EDI",
    "external_ref": "PO-1",
    "customer": {"ref": "C-1"},
    "lines": [
        {"ref": "10", "product": {"code": "A"}, "qty": "24", "uom": "DZN"},
        {"ref": "20", "product": {"barcode": "0123"}, "qty": 1.5, "price": 9},
    ],
}

LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(
        ["2026-12-04", "2026-02-30", "1e5", "1,5", "-0", "\ud800", "\x00", "1" * 5000]
    )
    | st.just(5000).map(lambda digits: 10**digits)
)
KEYS = st.text(max_size=8) | st.sampled_from(
    sorted({*_PAYLOAD, "id", "ref", "code", "product", "qty", "price", "untaxed"})
)
ANY = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=8)
    ),
    max_leaves=15,
)
LIGHT = settings(
    max_examples=100, deadline=None, suppress_health_check=list(HealthCheck)
)


class TestPayload(BaseCase):
    def codes(self, payload):
        return [(fault.path, fault.code) for fault in check(payload)[1]]

    def assertSound(self, value):
        clean, faults = check(value)
        self.assertEqual(clean is None, bool(faults))
        for fault in faults:
            json.dumps([fault.path, fault.value]).encode()
            fault.value.encode()
            fault.path.encode()
        if clean is not None:
            json.dumps(clean, ensure_ascii=False).encode()
            self.assertEqual(len(fingerprint(clean)), 64)
            self.assertEqual(differences(clean, clean), [])
            again, more = check(clean)
            self.assertEqual((again, more), (clean, []))

    @LIGHT
    @given(ANY)
    def test_any_json(self, value):
        self.assertSound(value)

    @LIGHT
    @given(st.data())
    def test_any_value_in_a_good_payload(self, data):
        payload = deepcopy(GOOD)
        for _number in range(data.draw(st.integers(1, 3))):
            place = payload
            while True:
                key = data.draw(
                    st.sampled_from(sorted(place))
                    if isinstance(place, dict)
                    else st.sampled_from(range(len(place)))
                )
                inner = place[key]
                if (
                    not isinstance(inner, dict | list)
                    or not inner
                    or data.draw(st.booleans())
                ):
                    break
                place = inner
            place[key] = data.draw(ANY)
        self.assertSound(payload)

    def test_good(self):
        clean, faults = check(GOOD)
        self.assertEqual(faults, [])
        self.assertEqual(clean["lines"][1]["qty"], "1.5")
        self.assertEqual(clean["lines"][1]["price"], "9")
        self.assertEqual(clean["purpose"], "original")

    def test_all_faults_at_once(self):
        self.assertEqual(
            self.codes(
                {
                    "version": 7,
                    "state": "sale",
                    "channel": "  ",
                    "external_ref": "PO-1",
                    "customer": {"name": "x"},
                    "test": "yes",
                    "requested_date": "04.12.2026",
                    "lines": [{"product": {"code": "A"}, "qty": "1,5"}, "x"],
                }
            ),
            [
                ("state", "unknown_key"),
                ("channel", "missing"),
                ("test", "wrong_kind"),
                ("customer.name", "unknown_key"),
                ("requested_date", "not_a_date"),
                ("lines[0].qty", "not_a_number"),
                ("lines[1]", "wrong_kind"),
                ("version", "version_unknown"),
            ],
        )

    def test_as_a_whole(self):
        self.assertEqual(
            self.codes({**GOOD, "version": 2, "lines": []}),
            [("version", "version_unknown"), ("lines", "no_lines")],
        )
        twice = [GOOD["lines"][0], {**GOOD["lines"][1], "ref": "10"}]
        self.assertEqual(
            self.codes({**GOOD, "lines": twice}),
            [("lines[1].ref", "duplicate_line_ref")],
        )

    def test_cancelling_needs_no_lines(self):
        self.assertEqual(self.codes({**GOOD, "purpose": "cancel", "lines": []}), [])

    def test_numbers(self):
        for value, wanted in {
            "24": "24",
            "24.00": "24",
            " 1.50 ": "1.5",
            "-0": "0",
            ".5": "0.5",
            1e-3: "0.001",
            0.1 + 0.2: "0.3",
            7: "7",
        }.items():
            line = {**GOOD["lines"][0], "qty": value}
            clean, faults = check({**GOOD, "lines": [line]})
            self.assertEqual(faults, [], value)
            self.assertEqual(clean["lines"][0]["qty"], wanted, value)
        for value in ("1,5", "1e5", "NaN", float("inf"), "1" * 20, "١", True, "0x1"):
            line = {**GOOD["lines"][0], "qty": value}
            self.assertTrue(self.codes({**GOOD, "lines": [line]}), value)

    def test_fingerprint(self):
        """The same order in another spelling is the same order."""
        other = deepcopy(GOOD)
        other.update(purpose="replace", test=False, note=None, external_ref=" PO-1 ")
        other["lines"][0]["qty"] = 24.0
        other["lines"][1].update(qty="1.50", price="9.00")
        other = dict(reversed(other.items()))
        self.assertEqual(fingerprint(check(GOOD)[0]), fingerprint(check(other)[0]))
        other["lines"][0]["qty"] = 25
        self.assertNotEqual(fingerprint(check(GOOD)[0]), fingerprint(check(other)[0]))

    def test_differences(self):
        other = deepcopy(GOOD)
        other["requested_date"] = "2026-12-04"
        other["lines"][0]["qty"] = 36
        other["lines"][1] = {"ref": "30", "product": {"code": "B"}, "qty": 1}
        other["lines"].reverse()
        found = differences(check(GOOD)[0], check(other)[0])
        self.assertEqual(
            [(path, line) for path, line, _old, _new in found],
            [
                ("lines[0]", "30"),
                ("lines[1].qty", "10"),
                ("lines[1]", "20"),
                ("requested_date", ""),
            ],
        )
        self.assertEqual(found[1][2:], ("24", "36"))

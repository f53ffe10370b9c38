from odoo.tests import TransactionCase, tagged

from ..packing import FaultCode, Reason
from ..packing.check import Fault


@tagged("post_install", "-at_install")
class TestPackMessages(TransactionCase):
    """The engine answers codes; the screens have words for each of them, no others."""

    def test_every_reason_has_words(self):
        plans = self.env["oms.pack.plan"]
        self.assertEqual(set(plans._get_reason_messages()), set(Reason))
        for reason in Reason:
            self.assertTrue(plans._get_reason_message(reason))

    def test_every_fault_has_words_with_its_parameters(self):
        bench = self.env["oms.pack.wizard"]
        messages = bench._get_fault_messages()
        self.assertEqual(set(messages), set(FaultCode))
        for code in FaultCode:
            values = {name: f"<{name}>" for name in code.parameters}
            # a box tells its carton by itself: only the plan as a whole names one
            values["carton"] = self.env["stock.package.type"].search([], limit=1).id
            text = bench._get_fault_message(Fault(code, values), {"<key>": "Mug"}, None)
            self.assertNotIn("%(", text)
            self.assertEqual("Mug" in text, "key" in code.parameters, text)
            in_box = bench._get_fault_message(Fault(code, values), {}, 3)
            self.assertTrue(in_box.startswith("Box 3: "), in_box)

    def test_words_are_translated_by_code(self):
        """No sentence of the engine is a key: it can be reworded freely."""
        plans = self.env["oms.pack.plan"]
        self.assertEqual(
            plans._get_reason_message(Reason.NO_SIZE), "its size is not known"
        )
        self.assertNotEqual(
            str(Reason.NO_SIZE), plans._get_reason_message(Reason.NO_SIZE)
        )

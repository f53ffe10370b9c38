from odoo import fields, models


class OmsHoldType(models.Model):
    _inherit = "oms.hold.type"

    check = fields.Selection(
        selection_add=[("test_note", "Note Missing")],
        ondelete={"test_note": "set default"},
    )

    def _find_test_note(self, orders):
        """Orders that nobody wrote a note on."""
        return {
            order: self.env._("%s has no note.", order.name)
            for order in orders
            if not order.note
        }

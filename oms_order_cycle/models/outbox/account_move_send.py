from odoo import api, models


class AccountMoveSend(models.AbstractModel):
    _inherit = "account.move.send"

    @api.model
    def _can_commit(self):
        # What an action of the outbox does is saved together, invoices sent included.
        if self.env["oms.outbox"]._get_running():
            return False
        return super()._can_commit()

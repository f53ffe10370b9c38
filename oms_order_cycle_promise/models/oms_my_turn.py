from odoo import api, models
from odoo.fields import Domain


class OmsMyTurn(models.AbstractModel):
    _inherit = "oms.my.turn"

    @api.model
    def _get_queues(self):
        return [
            *super()._get_queues(),
            {
                "key": "to_tell",
                "name": self.env._("Customers to Tell"),
                "section": self.env._("Orders"),
                "icon": "fa-bullhorn",
                "model": "oms.promise",
                "domain": Domain("is_to_tell", "=", True),
                "action": "oms_order_cycle_promise.oms_promise_action_to_tell",
                "filters": [],
                "menu": "oms_order_cycle_promise.oms_promise_to_tell_menu",
                "groups": "sales_team.group_sale_salesman",
                "quiet": True,
            },
        ]

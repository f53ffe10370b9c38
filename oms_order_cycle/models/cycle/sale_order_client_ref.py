"""References of customers, where an order's channel asks for them."""

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # What a channel asks for is not a dependency: ticking it is for the orders to come.
    @api.depends(
        "state", "client_order_ref", "oms_channel_id", "partner_id", "company_id"
    )
    def _compute_oms_client_ref_key(self):
        if not self.env["oms.channel"]._is_client_ref_required():
            self.oms_client_ref_key = False
            return
        freed = []
        for order in self:
            ref = order._oms_get_clean_client_ref()
            asked = order.state == "sale" and order.oms_channel_id.require_client_ref
            customer = order.partner_id.commercial_partner_id
            key = asked and ref and f"{order.company_id.id}:{customer.id}:{ref}"
            if order.id and order.oms_client_ref_key not in (False, key):
                freed.append(order.id)
            order.oms_client_ref_key = key
        # now, not with the others: one of these may take what another gives up
        if freed:
            self.env.cr.execute(
                SQL(
                    "UPDATE sale_order SET oms_client_ref_key = NULL WHERE id IN %s",
                    tuple(freed),
                )
            )

    def _oms_get_clean_client_ref(self):
        self.ensure_one()
        return (self.client_order_ref or "").strip().lower()

    @api.constrains(
        "state", "client_order_ref", "oms_channel_id", "partner_id", "company_id"
    )
    def _check_oms_client_ref(self):
        """The reference that a channel asks for is there, and no other order has it.

        However the order came to be confirmed: by the button, an import, a program;
        and as long as it is.
        """
        confirmed = self.sudo().filtered(lambda order: order.state == "sale")
        for words in confirmed._oms_find_client_ref_faults().values():
            raise ValidationError(words)

    def _confirmation_error_message(self):
        # said before anything is changed, as Odoo says what keeps an order
        return (
            super()._confirmation_error_message()
            or self.sudo()._oms_find_client_ref_faults().get(self.sudo())
            or False
        )

    def _oms_find_client_ref_faults(self):
        """What is amiss with references that channels ask for: ``{order: words}``."""
        orders = self.filtered("oms_channel_id.require_client_ref")
        if not orders:
            return {}
        faults = {
            order: self.env._(
                "Orders of the channel %(channel)s need a customer reference."
                " Fill it in on %(order)s before you confirm it.",
                channel=order.oms_channel_id.name,
                order=order.name,
            )
            for order in orders
            if not order._oms_get_clean_client_ref()
        }
        named = orders.filtered(lambda order: order not in faults)
        for order, twin in named._oms_get_client_ref_twins().items():
            faults[order] = self.env._(
                "%(customer)s has already ordered under the reference %(ref)s: see"
                " %(order)s. Change the reference or cancel one of the two orders.",
                customer=order.partner_id.commercial_partner_id.name,
                ref=order.client_order_ref,
                order=twin.name,
            )
        return faults

    def _oms_get_client_ref_twins(self, condition=None):
        """Confirmed orders of the same customer under the same reference.

        :param SQL condition: further condition on an order ``o`` and its ``twin``
        :return: ``{order: the latest such order}``, in one query
        """
        if not self:
            return {}
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        self.flush_model(
            ["client_order_ref", "company_id", "date_order", "partner_id", "state"]
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (o.id) o.id, twin.id
                  FROM sale_order o
                  JOIN res_partner p ON p.id = o.partner_id
                  JOIN res_partner q
                       ON q.commercial_partner_id = p.commercial_partner_id
                  JOIN sale_order twin ON twin.partner_id = q.id
                 WHERE o.id IN %(ids)s
                   AND twin.id <> o.id
                   AND twin.state = 'sale'
                   AND twin.company_id = o.company_id
                   AND TRIM(o.client_order_ref) <> ''
                   AND LOWER(TRIM(twin.client_order_ref))
                       = LOWER(TRIM(o.client_order_ref))
                   AND %(condition)s
                 ORDER BY o.id, twin.date_order DESC, twin.id DESC
                """,
                ids=tuple(self.ids),
                condition=condition or SQL("TRUE"),
            )
        )
        return {self.browse(order_id): self.browse(twin) for order_id, twin in rows}

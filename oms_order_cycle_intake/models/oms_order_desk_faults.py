"""The order desk: what is wrong with a line, while somebody can still be asked."""

from datetime import datetime

from odoo import api, models

from .sale_order_pad import Asked


class OmsOrderDesk(models.AbstractModel):
    _inherit = "oms.order.desk"

    @api.model
    def _find_order_faults(self, content, records):
        """What is wrong with the order as a whole, in words."""
        wanted = content.requested_date
        zone = self._get_zone(records.channel)
        before = self._get_local_day(records.order.commitment_date, records.channel)
        if wanted and wanted != before and wanted < datetime.now(zone).date():
            return [self.env._("The requested date is over.")]
        return []

    @api.model
    def _find_line_faults(self, line, records):
        """What is wrong with a line, in words, with what would be right.

        :return: ``[{"words", "blocking", "qty"}]``; ``qty``: a quantity to take instead
        """
        product = records.products.get(line.product_id)
        if not product:
            words = self.env._("This product is not there any more.")
            return [{"words": words, "blocking": True}]
        if not (product.active and product.sale_ok):
            words = self.env._("%s is not sold any more.", product.display_name)
            return [{"words": words, "blocking": not self._is_kept(line, records)}]
        if product.type == "combo":
            words = self.env._(
                "%s is put together of several products: add it in the order's form.",
                product.display_name,
            )
            return [{"words": words, "blocking": True}]
        uom = records.uoms.get(line.uom_id) or product.uom_id
        if not uom._has_common_reference(product.uom_id):
            words = self.env._(
                "%(product)s is not sold by %(unit)s.",
                product=product.display_name,
                unit=uom.name,
            )
            return [{"words": words, "blocking": True}]
        return self._find_quantity_faults(line, product, uom) + self._find_price_faults(
            line
        )

    @api.model
    def _is_kept(self, line, records):
        """Whether a line asks for no more than the quotation has already."""
        saved = records.lines.get(line.line_id)
        if not saved or saved.product_id.id != line.product_id:
            return False
        uom = records.uoms.get(line.uom_id) or saved.product_uom_id
        return uom == saved.product_uom_id and (line.qty or 0) <= saved.product_uom_qty

    @api.model
    def _find_quantity_faults(self, line, product, uom):
        if line.qty is None:
            return []
        if line.qty <= 0:
            words = self.env._("The quantity must be more than 0.")
            return [{"words": words, "blocking": True}]
        asked = self._make_asked(line, product, uom)
        order = self.env["sale.order"].new({"company_id": self.env.company.id})
        [faults] = order._oms_find_asked_faults([asked]).values()
        return [
            # who talks to the customer may sell him what he wants
            {"words": fault["message"], "blocking": False}
            | self._propose(fault["proposal"], uom)
            for fault in order._oms_prepare_asked_faults(asked, faults)
        ]

    @api.model
    def _make_asked(self, line, product, uom, index=0):
        """The line as lines are asked for that customers type themselves."""
        qty = f"{max(line.qty or 0.0, 0.0):.6f}".rstrip("0").rstrip(".")
        return Asked(index, {"qty": qty, "ref": ""}, product=product, uom=uom)

    @api.model
    def _propose(self, proposal, uom):
        """A quantity to take instead, where it is one of the line's unit."""
        if not proposal or proposal["uom_id"] != uom.id:
            return {}
        return {"qty": proposal["qty"]}

    @api.model
    def _find_price_faults(self, line):
        if line.price is not None and line.price < 0:
            words = self.env._("A price cannot be below 0.")
            return [{"words": words, "blocking": True}]
        if line.discount is not None and not 0 <= line.discount <= 100:
            words = self.env._("A discount is between 0 and 100 percent.")
            return [{"words": words, "blocking": True}]
        if line.discount is not None and not self._may_discount():
            words = self.env._("You may not give discounts.")
            return [{"words": words, "blocking": True}]
        return []

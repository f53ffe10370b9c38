from odoo import api, models

from ...tools.guard import aside
from ...tools.packer.planner import Packer

#: Seconds for an estimate of parcels: somebody waits for the price.
DEADLINE = 0.5
#: Key in ``cr.precommit.data``: whether a price was made without parcels.
WITHOUT_PARCELS = "oms_order_cycle.priced_without_parcels"


class DeliveryCarrier(models.Model):
    _inherit = "delivery.carrier"

    def rate_shipment(self, order):
        """Say so when the price is not that of parcels."""
        noted = self.env.cr.precommit.data
        noted.pop(WITHOUT_PARCELS, None)
        res = super().rate_shipment(order)
        if noted.pop(WITHOUT_PARCELS, False) and res and res.get("success"):
            notes = (res.get("warning_message"), self._oms_get_fallback_note())
            res["warning_message"] = " ".join(filter(None, notes))
        return res

    @api.model
    def _oms_get_fallback_note(self):
        """That a price is a guess: it goes with the quotation and into its log."""
        return self.env._(
            "Estimated from weight and volume: the boxes could not be planned."
        )

    @api.model
    def _oms_estimate_parcels(self, job, pickings=None):
        """The parcels that goods would be packed in.

        :param job: ``packer.contents.Job``
        :param pickings: transfers of the same goods: their cartons are free for them
        :return: list of (outer mm, gross g, number), empty if it cannot be told
        """
        parcels = []
        # a price from weight and volume is better than none
        with aside(
            self.env, "The parcels of %s cannot be estimated", job, writes=False
        ):
            packer = Packer(self.env, deadline=DEADLINE)
            if pickings:
                packer.free(pickings)
            parcels = packer.parcels(job)
        if not parcels:
            self.env.cr.precommit.data[WITHOUT_PARCELS] = True
        return parcels

from odoo import api, models

from ...tools.guard import aside
from ...tools.packer.planner import Packer

#: Seconds for an estimate of parcels: somebody waits for the price.
DEADLINE = 0.5


class DeliveryCarrier(models.Model):
    _inherit = "delivery.carrier"

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
            packer = Packer(self.env, deadline=DEADLINE, quote=True)
            if pickings:
                packer.free(pickings)
            parcels = packer.parcels(job)
        return parcels

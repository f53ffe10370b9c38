import logging

from odoo import api, models

from ...tools.pack_bench import PackBench

_logger = logging.getLogger(__name__)

#: Seconds for an estimate of parcels: somebody waits for the price.
DEADLINE = 0.5


class DeliveryCarrier(models.Model):
    _inherit = "delivery.carrier"

    @api.model
    def _oms_estimate_parcels(self, job, pickings=None):
        """The parcels that goods would be packed in.

        :param job: ``pack_bench.Job``
        :param pickings: transfers of the same goods: their cartons are free for them
        :return: list of (outer mm, gross g, number), empty if it cannot be told
        """
        try:
            with self.env.cr.savepoint(flush=False):
                bench = PackBench(self.env, deadline=DEADLINE)
                if pickings:
                    bench.free(pickings)
                return bench.parcels(job)
        except Exception:
            # a price from weight and volume is better than none
            _logger.exception("The parcels of %s cannot be estimated", job)
            return []

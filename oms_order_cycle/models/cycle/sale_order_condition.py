"""Conditions on orders, asked where nobody sits in front who could mend them."""

import logging

import psycopg2

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import ormcache

from ...tools.conditions import find_fault, read_condition

_logger = logging.getLogger(__name__)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.model
    @ormcache("text", "searched")
    def _oms_can_ask(self, text, searched=False):
        """Whether a condition can be asked at all; it cannot, say, once a field that
        it names has gone with its addon."""
        fault = find_fault(self.sudo(), text, searched)
        if fault:
            _logger.warning("A condition counts as not met: %s %s", text, fault)
        return not fault

    def _oms_meets(self, text):
        """Those of the orders that meet a condition, with the rights of who asks.

        A condition that cannot be asked is met by none, and stops nobody.

        :raise AccessError: who asks may not see the answer
        """
        if not self or not self._oms_can_ask(text):
            return self.browse()
        try:
            return self.filtered_domain(read_condition(text))
        except psycopg2.Error:
            # nothing can be done in this transaction any more
            raise
        except Exception as error:
            if isinstance(error, AccessError) and not self.env.su:
                raise
            _logger.warning("A condition counts as not met: %s", text, exc_info=True)
            return self.browse()

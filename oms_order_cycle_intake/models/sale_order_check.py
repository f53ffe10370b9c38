"""What would become of orders if they were handed in now."""

from odoo import api, models

from ..tools.submission import Submission


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.model
    def _oms_check_orders(self, payloads, whole=None):
        """All that is wrong with orders, without making, changing or keeping any.

        The same is asked as by :meth:`oms_submit_orders`, of any number of orders.

        :param list payloads: as it takes them
        :param whole: indexes of those that are all that would be handed in; of others,
            without the lines that cannot be read, is not asked whether they came in
            before. Without it, all are
        :return: ``[(partner, status, faults)]`` in the same order; the status is
            ``already there``, ``refused`` or empty; a fault is ``{"path", "code",
            "value", "message", "blocking"}`` and more
        """
        self.check_access("create")
        submissions = [Submission.of(payload) for payload in payloads]
        for submission in submissions:
            submission.company = self.env.company
        self._oms_find_channels(submissions)
        known = self._oms_find_customers_of(submissions)
        indexes = range(len(submissions)) if whole is None else whole
        new = self._oms_check_known([submissions[index] for index in indexes])
        self._oms_check([one for one in known if one not in new or new[one]])
        intakes = self.env["oms.intake"]
        partners = self.env["res.partner"]
        return [
            (
                one.partner or partners,
                one.status,
                intakes._prepare_errors(one.faults, False),
            )
            for one in submissions
        ]

    @api.model
    def _oms_check_known(self, submissions):
        """What would happen to orders that came in before; nothing is written.

        :return: ``{submission: whether it is still to be checked}``
        """
        keyed = [one for one in submissions if one.channel and self._oms_has_key(one)]
        claims = self.env["oms.intake"].sudo()._find_claims(keyed)
        found = {}
        for one in keyed:
            claim = claims.get(one.key)
            found[one] = not (claim and claim.order_id)
            if found[one]:
                continue
            if self._oms_is_known(one, claim):
                one.status = "already there"
                one.faults = []
            elif one.channel.on_other_content == "refuse":
                self._oms_meet_by_refuse(one, claim)
            else:
                found[one] = True
        return found

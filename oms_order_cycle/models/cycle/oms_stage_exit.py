"""The exit test of a stage: whether an order has passed it, since when, and why."""

from odoo import models
from odoo.exceptions import AccessError

from ...facts.milestones import CASH_MILESTONES


class OmsStage(models.Model):
    _inherit = "oms.stage"

    def _test(self, order, progress, worded=True):
        """Whether an order has passed the stage, since when, and why.

        :param order: one ``sale.order``
        :param dict progress: ``order._oms_get_progress()[order]``
        :param bool worded: whether to say what is missing for a milestone; its
            documents are read for that
        :return: (passed, datetime or False, words)
        """
        self.ensure_one()
        if self.exit_kind == "milestone":
            return self._test_milestone(order, progress, worded)
        if self.exit_kind == "approval":
            return self._test_approval(order, progress)
        return self._test_domain(order, progress)

    def _is_passed_over(self, moment):
        """Whether an order that has passed the stage never had anything to do there.

        :param moment: since when it has, as :meth:`_test` says
        """
        return self.exit_kind == "milestone" and not moment

    def _test_milestone(self, order, progress, worded):
        moment = progress["facts"][self.milestone]
        label = self._milestone_label()
        if moment:
            return True, moment, label
        if not progress["applies"][self.milestone]:
            if self.milestone in CASH_MILESTONES:
                return True, False, self.env._("Nothing is to be invoiced")
            if progress["goods"] == "cancelled":
                return True, False, self.env._("All of it was cancelled")
            return True, False, self.env._("Nothing is to be delivered")
        if self.id == self.workflow_id._get_prepaid_stage(self.workflow_id.id):
            passed, since = order._oms_test_prepaid(progress)
            words = self.env._("Paid in advance") if passed else None
            return passed, since, words or order._oms_explain_prepaid()
        missing = order._oms_explain_missing(self.milestone) if worded else ""
        return False, False, missing

    def _test_approval(self, order, progress):
        moment, covers = order._oms_get_approval(self.id, progress)
        if moment and covers:
            return True, moment, self.env._("Approved")
        if moment:
            return (
                False,
                False,
                self.env._(
                    "The order grew since it was approved: waiting for approval by %s",
                    self.approval_group_id.name,
                ),
            )
        rejection = order._oms_get_rejection(self)
        if rejection:
            return (
                False,
                False,
                self.env._(
                    "Rejected by %(user)s: %(reason)s",
                    user=rejection.user_id.name or "",
                    reason=(rejection.data or {}).get("reason") or "",
                ),
            )
        return (
            False,
            False,
            self.env._("Waiting for approval by %s", self.approval_group_id.name),
        )

    def _test_domain(self, order, progress):
        # for who may see where orders stand, though it may name what he must not see
        try:
            passed = order.sudo(self.env.su)._oms_meets(self.exit_domain)
        except AccessError:
            passed = False
            why = self.env._("The condition asks for what you may not see")
        else:
            why = self._describe_condition()
            if not passed:
                why = self.env._("Waiting until %s", why)
        if not order._oms_can_ask(self.exit_domain):
            why = self.env._("The condition cannot be asked, and counts as not met")
        return bool(passed), False, why

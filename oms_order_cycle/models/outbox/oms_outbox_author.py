"""In whose name an action runs, and with which rights."""

from odoo import SUPERUSER_ID, models
from odoo.exceptions import UserError


class OmsOutbox(models.Model):
    _inherit = "oms.outbox"

    def _get_env_to_run(self):
        """The rights, company, language and records to run the action with.

        :raise UserError: when nobody is there in whose name it could run
        """
        self._check_author()
        order = self.order_id
        user = order.user_id
        company = order.company_id
        # A new context: the action shall not report progress for our scheduled job.
        return self.env(
            user=self.author_id.id,
            su=self._is_of_superuser(),
            context={
                "lang": user.lang or company.partner_id.lang or self.env.lang,
                "tz": user.tz or self.env.context.get("tz"),
                "allowed_company_ids": company.ids,
                "active_model": "sale.order",
                "active_id": order.id,
                "active_ids": order.ids,
            },
        )

    def _is_of_superuser(self):
        """Whether an addon asked for the action, not a person."""
        return self.author_id.id == SUPERUSER_ID

    def _check_author(self):
        """Whoever set up what asked for the action must be there to answer for it.

        :raise UserError: naming him, and what is to be done
        """
        author = self.author_id
        if self._is_of_superuser():
            return
        if not author:
            raise UserError(
                self.env._(
                    "The user in whose name “%s” was to run has been deleted. Somebody"
                    " else has to take over what asks for it, and press Retry.",
                    self.name,
                )
            )
        if not author.active:
            raise UserError(
                self.env._(
                    "“%(action)s” runs in the name of %(user)s, who is archived."
                    " Somebody else has to take over what asks for it, and press"
                    " Retry.",
                    action=self.name,
                    user=author.name,
                )
            )
        if self.order_id.company_id not in author.company_ids:
            raise UserError(
                self.env._(
                    "“%(action)s” runs in the name of %(user)s, who has no access to"
                    " the company %(company)s.",
                    action=self.name,
                    user=author.name,
                    company=self.order_id.company_id.name,
                )
            )

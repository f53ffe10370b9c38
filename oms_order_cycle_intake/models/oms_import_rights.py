"""Whose rights the background has: those of who began the import, with what he saw."""

from odoo import api, models
from odoo.exceptions import AccessError, UserError


class OmsImport(models.Model):
    _inherit = "oms.import"

    @api.model
    def _check_user(self, vals_list):
        """Nobody lets the background act with somebody else's rights.

        :raise AccessError: another user is named
        """
        if self.env.su:
            return
        for vals in vals_list:
            if vals.get("user_id", self.env.uid) != self.env.uid:
                raise AccessError(
                    self.env._("Order files are imported with your own rights only.")
                )

    def _check_running(self, vals):
        """The same of files that there are: who may see them may begin them for himself
        alone, and while they run stop them.

        :raise AccessError: somebody else's rights would be used
        """
        others = self.filtered(lambda record: record.user_id != self.env.user)
        if self.env.su or not others:
            return
        is_begun = vals.get("state") == "running"
        if (is_begun and vals.get("user_id") != self.env.uid) or (
            (is_begun or vals.keys() - {"state"}) and others._is_any_running()
        ):
            raise AccessError(self._get_running_words())

    def _is_any_running(self):
        return any(record.state == "running" for record in self)

    def _get_running_words(self):
        return self.env._(
            "%(file)s is imported with the rights of %(user)s. Stop it first.",
            file=self[:1].file_name or self[:1].display_name,
            user=self[:1].user_id.name,
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_running(self):
        if self._is_any_running():
            raise UserError(self.env._("Stop the import before you delete it."))

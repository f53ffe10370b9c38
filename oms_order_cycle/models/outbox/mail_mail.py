from odoo import api, models


class MailMail(models.Model):
    _inherit = "mail.mail"

    @api.model_create_multi
    def create(self, vals_list):
        mails = super().create(vals_list)
        row = self.env["oms.outbox"]._get_running()
        if row and mails:
            row.mail_ids |= mails.with_env(row.env)
            row._trigger_mail_queue()
        return mails

    def send(self, auto_commit=False, raise_exception=False, post_send_callback=None):
        # An e-mail that leaves before the action is committed cannot be taken back when
        # the action fails after it: it stays in the queue, which is called right after.
        if self.env["oms.outbox"]._get_running():
            return True
        return super().send(
            auto_commit=auto_commit,
            raise_exception=raise_exception,
            post_send_callback=post_send_callback,
        )

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        rows = self.env["oms.outbox"]
        if failure_type:
            rows = rows.sudo().search([("mail_ids", "in", self.ids)])
            # Odoo deletes e-mails without a valid address, even though they were never
            # sent. Keep those we may be asked to send again.
            (rows.mail_ids & self.sudo()).auto_delete = False
        res = super()._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )
        if rows:
            reason = failure_reason or self[:1].failure_reason or failure_type
            rows._note_mail_failure(reason)
        return res

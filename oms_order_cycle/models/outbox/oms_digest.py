"""The daily digest: one e-mail to each user with all that waits for him."""

from collections import defaultdict

import pytz
from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.guard import aside

#: The hour of the user's day from which on the digest is sent.
FIRST_HOUR = 6
#: So many documents of each kind are named.
NAMED = 10


class OmsDigest(models.AbstractModel):
    _name = "oms.digest"
    _description = "Daily Digest of What Waits"

    @api.model
    @api.private
    def _cron_send(self):
        """Send what is due, one user after the other, each in its own transaction."""
        for model in self.env["oms.notify"]._get_notifier_models():
            with aside(self.env, "Nobody is told what is late of %s", model._name):
                model._notify_of_delays()
        progress = self.env["ir.cron"]._commit_progress
        waiting = self._find_waiting()
        due = [user for user in waiting if self._is_due(user)]
        progress(remaining=len(due))
        for user in due:
            with aside(self.env, "No digest for user %s", user.id):
                self._send(user, waiting[user])
            if not progress(processed=1):
                break  # no time is left: the next run sends the others theirs

    @api.model
    def _is_due(self, user):
        """Once on each of the user's own days, from the morning on."""
        local = self._get_local_time(user)
        return local.hour >= FIRST_HOUR and user.oms_digest_date != local.date()

    @api.model
    def _get_local_time(self, user):
        return fields.Datetime.now().astimezone(pytz.timezone(user.tz or "UTC"))

    @api.model
    def _find_waiting(self):
        """Who is told of what: ``{user: [notifiers]}``."""
        waiting = defaultdict(list)
        for model in self.env["oms.notify"]._get_notifier_models():
            for notifier in model.sudo().search([("notify_policy", "=", "digest")]):
                document_model, domain = notifier._get_waiting_domain()
                if not document_model:
                    continue
                documents = self.env[document_model].sudo()
                groups = documents._read_group(domain, ["company_id"])
                users = self.env["res.users"].sudo().browse()
                for [company] in groups:
                    users |= notifier._get_notified_users(company)
                for user in users:
                    waiting[user].append(notifier)
        return dict(sorted(waiting.items(), key=lambda item: item[0].id))

    @api.model
    def _send(self, user, notifiers):
        """Write the e-mail of one user; nothing when he may see nothing of it."""
        parts = []
        total = 0
        for notifier in notifiers:
            count, part = self._render(user, notifier)
            if count:
                parts.append(part)
                total += count
        user.oms_digest_date = self._get_local_time(user).date()
        if not parts or not user.email_normalized:
            return
        lang = self.with_context(lang=user.lang).env
        subject = (
            lang._("1 order waits for you")
            if total == 1
            else lang._("%s orders wait for you", total)
        )
        footer = lang._(
            "You get this once a day, as long as something waits. Which stages and"
            " holds tell you is set there, under Tell."
        )
        body = Markup("<div>%s<p style='color:#6c757d'>%s</p></div>") % (
            Markup("").join(parts),
            footer,
        )
        self.env["mail.mail"].sudo().create(
            {
                "subject": subject,
                "body_html": body,
                "email_to": user.email_formatted,
                "email_from": user.company_id.email_formatted or user.email_formatted,
                "auto_delete": True,
            }
        )

    @api.model
    def _render(self, user, notifier):
        """What waits because of one notifier, as far as the user may see it.

        :return: (how many documents, a part of the e-mail)
        """
        model, domain = notifier._get_waiting_domain()
        documents = self.env[model].with_user(user)
        documents = documents.with_context(
            lang=user.lang, tz=user.tz, allowed_company_ids=user.company_ids.ids
        )
        domain = Domain(domain) & Domain("company_id", "in", user.company_ids.ids)
        if not documents.has_access("read"):
            return 0, ""
        count = documents.search_count(domain)
        if not count:
            return 0, ""
        link = f"{documents.get_base_url()}/mail/view?model={model}&res_id="
        head = notifier.with_context(lang=user.lang, oms_show_workflow=True)
        items = [
            Markup('<li><a href="%s">%s</a> %s</li>')
            % (f"{link}{document.id}", *head._describe_waiting(document))
            for document in documents.search(domain, limit=NAMED)
        ]
        words = documents.env._("and %s more", count - NAMED)
        if count > NAMED:
            items.append(Markup("<li>%s</li>") % words)
        part = Markup("<h3>%s: %s</h3><ul>%s</ul>") % (
            head.display_name,
            count,
            Markup("").join(items),
        )
        return count, part

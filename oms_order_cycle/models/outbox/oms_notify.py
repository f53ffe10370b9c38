"""Somebody is told that work waits: by an activity, or in a digest."""

from collections import defaultdict
from heapq import heapify, heapreplace

from markupsafe import Markup

from odoo import api, fields, models

from ...tools.guard import aside

#: Key of what is to be told at the end of the transaction, in ``cr.precommit.data``.
_NOTICES = "oms_order_cycle.notices"
#: More documents at once than this are told in one activity.
MAX_ACTIVITIES = 10
#: Of so many documents, the activity names these.
_NAMED = 20


class OmsNotify(models.AbstractModel):
    """What has a group told that documents wait for it.

    For configuration: hold types, stages, what companions add.  The documents are of a
    model with activities; those that have a ``user_id`` are given to him when he is of
    the group, others to whoever of the group has the least of such activities open.
    """

    _name = "oms.notify"
    _description = "Tells a Group What Waits for It"

    notify_policy = fields.Selection(
        [
            ("none", "Nobody"),
            ("activity", "One of the Group, by an Activity"),
            ("digest", "The Group, in Its Daily Digest"),
        ],
        string="Tell",
        default="none",
        required=True,
        help="Whether those whose work it is are told that something waits for them.\n"
        "- An activity for one of them: for the salesperson of the order if he is of"
        " the group, else for whoever has least to do. Many orders at once are told in"
        " one activity. It goes when the cause has gone.\n"
        "- The daily digest: one e-mail with all that waits.",
    )

    def _get_notified_group(self):
        """Hook: the ``res.groups`` whose work the documents of one notifier are."""
        self.ensure_one()
        return self.env["res.groups"]

    def _get_waiting_domain(self):
        """Hook: (model, domain) of the documents that wait for the group now, for the
        digest; its users and companies are asked for by whoever sends it."""
        self.ensure_one()
        return None, None

    def _describe_waiting(self, document):
        """Hook: (name, what else to say) of a document, in the digest."""
        words = []
        if "partner_id" in document._fields:
            words.append(document.sudo().partner_id.display_name)
        if "amount_total" in document._fields:
            words.append(document.currency_id.format(document.amount_total))
        return document.display_name, ", ".join(words)

    def _get_notified_users(self, company):
        """Who is told of documents of a company: users of the group.

        Those who have the role itself; only if there is nobody, those whose role
        includes it.
        """
        self.ensure_one()
        group = self._get_notified_group().sudo()
        for users in (group.user_ids, group.all_user_ids):
            found = users.filtered(
                lambda user: (
                    user.active
                    and not user.share
                    and (not company or company in user.company_ids)
                )
            )
            if found:
                return found.sorted("id")
        return group.user_ids.browse()

    def _notify(self, documents):
        """Have the group told, at the end of the transaction, that documents wait.

        Costs nothing unless an activity is asked for.

        :param documents: records of one model that has activities
        """
        notifiers = self.filtered(lambda record: record.notify_policy == "activity")
        if not notifiers or not documents:
            return
        data = self.env.cr.precommit.data
        if _NOTICES not in data:
            data[_NOTICES] = {}
            self.env.cr.precommit.add(self.env["oms.notify"]._write_notices)
        for notifier in notifiers:
            key = (notifier._name, notifier.id, documents._name)
            data[_NOTICES].setdefault(key, {}).update(dict.fromkeys(documents.ids))

    def _end_notices(self, documents):
        """What the group was told of documents waits no longer: the activities go."""
        data = self.env.cr.precommit.data.get(_NOTICES, {})
        for notifier in self:
            noted = data.get((notifier._name, notifier.id, documents._name), {})
            for document in documents:
                noted.pop(document.id, None)
        if documents:
            self.env["mail.activity"].sudo().search(
                [
                    ("res_model", "=", documents._name),
                    ("res_id", "in", documents.ids),
                    (
                        "oms_notifier",
                        "in",
                        [notifier._notice_key() for notifier in self],
                    ),
                ]
            ).unlink()

    def _notice_key(self):
        self.ensure_one()
        return f"{self._name},{self.id}"

    @api.model
    def _write_notices(self):
        """Plan the activities of the transaction. A fault stops no order."""
        notices = self.env.cr.precommit.data.pop(_NOTICES, {})
        for (model_name, notifier_id, document_model), ids in notices.items():
            notifier = self.env[model_name].sudo().browse(notifier_id).exists()
            documents = self.env[document_model].sudo().browse(ids).exists()
            if notifier and documents:
                with aside(self.env, "Nobody is told of %s", notifier):
                    notifier._plan_activities(documents)

    def _plan_activities(self, documents):
        """Plan an activity for each document, or one for many."""
        self.ensure_one()
        key = self._notice_key()
        told = (
            self.env["mail.activity"]
            .sudo()
            .search([("oms_notifier", "in", (key, f"{key},many"))])
        )
        known = set(told.filtered(lambda a: a.oms_notifier == key).mapped("res_id"))
        documents = documents.filtered(lambda document: document.id not in known)
        for company, waiting in documents.grouped("company_id").items():
            users = self._get_notified_users(company)
            if not users:
                continue
            if len(waiting) <= MAX_ACTIVITIES:
                self._plan_one_each(waiting, users)
            elif not told.filtered(
                lambda a, users=users: a.oms_notifier != key and a.user_id in users
            ):
                self._plan_for_many(waiting, users)

    def _plan_one_each(self, documents, users):
        load = self._get_open_activities(users)
        heap = [(load[user.id], user.id) for user in users]
        heapify(heap)
        chosen = defaultdict(documents.browse)
        for document in documents:
            responsible = document.user_id if "user_id" in document._fields else None
            if responsible and responsible in users:
                chosen[responsible.id] += document
                continue
            count, user_id = heap[0]
            heapreplace(heap, (count + 1, user_id))
            chosen[user_id] += document
        for user_id, theirs in chosen.items():
            user = users.browse(user_id)
            self._schedule(theirs, user, self._notice_key(), self._describe(user))

    def _plan_for_many(self, documents, users):
        load = self._get_open_activities(users)
        user = min(users, key=lambda user: (load[user.id], user.id))
        lang = self.with_context(lang=user.lang)
        links = [document._get_html_link() for document in documents[:_NAMED]]
        note = Markup("<p>%s</p>") % Markup(", ").join(links)
        if len(documents) > _NAMED:
            note += Markup("<p>%s</p>") % lang.env._(
                "and %s more", len(documents) - _NAMED
            )
        summary = lang.env._(
            "%(what)s: %(count)s wait for you",
            what=self._describe(user),
            count=len(documents),
        )
        self._schedule(documents[:1], user, f"{self._notice_key()},many", summary, note)

    def _describe(self, user):
        return self.with_context(lang=user.lang).display_name

    def _schedule(self, documents, user, key, summary, note=False):
        documents.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=summary,
            note=note,
            user_id=user.id,
            oms_notifier=key,
        )

    @api.model
    def _get_open_activities(self, users):
        """``{user id: how many such activities wait for him}``."""
        groups = (
            self.env["mail.activity"]
            .sudo()
            ._read_group(
                [("user_id", "in", users.ids), ("oms_notifier", "!=", False)],
                ["user_id"],
                ["__count"],
            )
        )
        counts = {user.id: count for user, count in groups}
        return defaultdict(int, counts)

    @api.model
    def _get_notifier_models(self):
        """The models of what tells: hold types, stages, what companions add."""
        names = self.env.registry.descendants([self._name], "_inherit")
        return [
            self.env[name] for name in sorted(names) if not self.env[name]._abstract
        ]

    @api.model
    def _notify_of_delays(self):
        """Hook: tell of what is late by now; called each hour on each model."""

"""Orders in documents: dropped in the list, mailed to a channel, or posted."""

import base64
import binascii
import hashlib

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError

from .. import documents
from ..payload.fault import is_carried, shorten
from ..tools.submission import Submission
from .sale_order_submit import API_GROUP, MOST_LINES, MOST_ORDERS

#: Beginnings of what is a document of electronic trade, or was meant to be one.
_STANDARDS = [("ubl", "UBL"), ("edifact", "EDIFACT"), ("x12", "X12")]


class OmsIntake(models.Model):
    _name = "oms.intake"
    _inherit = ["oms.intake", "mail.thread"]
    # who may read what came in may answer the mail that it came with
    _mail_post_access = "read"

    standard = fields.Selection(
        _STANDARDS, readonly=True, help="What kind of document the order came in."
    )
    envelope = fields.Json(
        readonly=True, help="Sender and numbers of the document, which answers repeat."
    )

    answered = fields.Char(
        readonly=True, copy=False, help="Of what the customer was told last."
    )

    # -- three ways in ----------------------------------------------------------

    @api.model
    def oms_submit_document(self, channel_code, filename, content):
        """Hand in a document with orders: UBL, X12 850 and 860, EDIFACT ORDERS.

        Each order in it becomes a sales order once, however often the file is sent.

        :param str channel_code: code of the channel that it comes over
        :param str filename: name of the file, under which it is kept
        :param str content: the file in base64
        :return: a result for each order in the file, as of ``oms_submit_orders`` of
            ``sale.order``; a file that cannot be read gives one, which is refused
        :rtype: list
        :raise AccessError: the user may not hand in orders
        """
        intakes = self._as_submitter()
        try:
            raw = base64.b64decode(content, validate=True)
        except (TypeError, ValueError, binascii.Error) as error:
            raise UserError(
                self.env._("The content of the document must be text in base64.")
            ) from error
        name = filename if isinstance(filename, str) else ""
        name = "".join(filter(is_carried, name))[:200]
        return intakes._take_document(shorten(channel_code), name, raw)

    @api.model
    def _as_submitter(self):
        """Itself with the rights to hand in orders.

        :raise AccessError: the user may not
        """
        if not self.env.user.has_group(API_GROUP):
            self.env["sale.order"].check_access("create")
            return self
        # the channel asks who may use it by itself
        return self.sudo()

    def create_document_from_attachment(self, attachment_ids):
        """Take in files that were dropped in the list.

        :param list attachment_ids: attachments that the user has just uploaded
        :return: action that shows what became of them
        :raise UserError: there is no channel for them
        """
        if not isinstance(attachment_ids, list | tuple):
            attachment_ids = []
        attachments = self.env["ir.attachment"].browse(
            one for one in attachment_ids if type(one) is int
        )
        if not attachments:
            raise UserError(self.env._("No file was given."))
        intakes = self._as_submitter()
        channel = intakes._get_upload_channel()
        ids = []
        for attachment in attachments:
            results = intakes._take_document(
                channel.code, attachment.name, attachment.raw or b""
            )
            ids += [result["intake_id"] for result in results]
        self._discard_uploads(attachments)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oms_order_cycle_intake.oms_intake_action"
        )
        return {**action, "domain": [("id", "in", ids)], "context": {}}

    @api.model
    def _discard_uploads(self, attachments):
        """Delete files that were uploaded to be taken in: what came of them keeps a
        copy. Those that belong to something, or to somebody else, stay."""
        attachments.filtered(
            lambda one: not one.res_model and one.create_uid == self.env.user
        ).unlink()

    @api.model
    def _get_upload_channel(self):
        """The channel of files that are dropped in the list.

        :raise RedirectWarning: there is none
        """
        channel = self._find_upload_channel()
        if not channel:
            raise RedirectWarning(
                self.env._(
                    "Documents belong to a channel of the kind EDI, and there is none"
                    " yet."
                ),
                self.env.ref("oms_order_cycle.oms_channel_action").id,
                self.env._("Channels"),
            )
        return channel

    @api.model
    def _find_upload_channel(self):
        """The channel of files that are dropped in a list: the one whose orders it
        shows, else the first of the kind EDI."""
        channels = self.env["oms.channel"]
        chosen = self.env.context.get("default_channel_id")
        if type(chosen) is int and (found := channels.search([("id", "=", chosen)])):
            return found
        companies = self.env.company.sudo().parent_ids
        return channels.search(
            [("kind", "=", "edi"), ("company_id", "in", [False, *companies.ids])],
            limit=1,
        )

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """A mail to the address of a channel: its documents are taken in."""
        channel = self.env["oms.channel"].browse(
            (custom_values or {}).get("channel_id")
        )
        company = channel.company_id or self.env.company
        intakes = self.with_company(company)
        if not self.env.su:
            # a person, not the gateway of mails
            intakes._as_submitter()
        ids = []
        files = [
            (one.fname, _as_sent(one)) for one in msg_dict.get("attachments") or ()
        ]
        readable = [one for one in files if self._is_document(*one)]
        for name, raw in readable:
            results = intakes._take_document(channel.code, name, raw)
            ids += [result["intake_id"] for result in results]
        if not ids:
            ids = [intakes._refuse_mail(channel, msg_dict, files)]
        # the mail is shown with the first, and bounces nowhere
        return self.browse(ids[0])

    @api.model
    def _is_document(self, name, raw):
        """Whether a file is meant to be read, not a picture below a signature."""
        try:
            documents.standard_of(raw, name)
        except documents.DocumentFault:
            return False
        return True

    @api.model
    def _refuse_mail(self, channel, msg_dict, files):
        """A mail without a document that can be read: its id among what came in."""
        submission = self._read_channel(channel.code)
        submission.raw = {
            "channel": channel.code,
            "mail": msg_dict.get("message_id") or "",
            "from": msg_dict.get("email_from") or "",
            "subject": msg_dict.get("subject") or "",
        }
        submission.source = submission.raw["subject"]
        names = ", ".join(name for name, _raw in files)
        submission.add_fault("no_document", value=names or self.env._("none"))
        [result] = self._refuse([submission])
        return result["intake_id"]

    # -- one document -----------------------------------------------------------

    @api.model
    def _take_document(self, code, name, raw):
        """Make orders of a document.

        :param str code: code of the channel
        :param str name: name of the file
        :param bytes raw: the file
        :return: results as of ``oms_submit_orders``
        """
        checksum = hashlib.sha1(raw, usedforsecurity=False).hexdigest()
        head = self._read_channel(code)
        if head.faults:
            return self._refuse_document(head, name, raw, [])
        try:
            reading = self._read_document(raw, name)
        except documents.DocumentFault as fault:
            return self._refuse_document(head, name, raw, [fault])
        intakes = self.with_company(head.company)
        taken = intakes._find_taken(reading.orders, head.channel, checksum)
        new = [order for order in reading.orders if id(order) not in taken]
        payloads = intakes._complete_payloads(new, head.channel)
        fresh = iter(intakes._submit_in_parts(payloads))
        results = [
            taken[id(order)] if id(order) in taken else next(fresh)
            for order in reading.orders
        ]
        for order, result in zip(reading.orders, results, strict=True):
            intakes._keep_document(result, order, name, raw, checksum)
        if reading.faults:
            results += self._refuse_document(head, name, raw, reading.faults)
        if results:
            intakes._note_skipped(results[0], reading.skipped)
            intakes._acknowledge(head.channel, reading.orders, results)
        return results

    @api.model
    def _find_taken(self, orders, channel, checksum):
        """Results of the orders that were taken in of this very file before.

        Whatever has changed since (a customer's number, an address, the order itself),
        the same file asks for nothing new.

        :param orders: of class ``documents.Order``
        :return: ``{id of the order: result}``
        """
        files = (
            self.env["ir.attachment"]
            .sudo()
            .search([("res_model", "=", self._name), ("checksum", "=", checksum)])
        )
        claims = self.sudo().search(
            [
                ("id", "in", files.mapped("res_id")),
                ("is_claim", "=", True),
                ("order_id", "!=", False),
                ("company_id", "=", self.env.company.id),
            ]
        )
        # a mail to two addresses is one order; what another user's channel took in is
        # not told
        by_ref = {
            claim.external_ref: claim
            for claim in claims
            if claim.channel_id == channel
            or claim.channel_id.with_env(self.env)._can_hand_in()
        }
        found = {}
        for order in orders:
            if claim := by_ref.get(order.payload["external_ref"]):
                one = Submission(raw=order.payload, status="already there")
                one.channel, one.company = channel, self.env.company
                one.intake, one.order = claim, claim.order_id.with_env(self.env)
                found[id(order)] = one
        results = self.env["sale.order"]._oms_answer([*found.values()])
        return dict(zip(found, results, strict=True))

    @api.model
    def _read_document(self, raw, name):
        """Hook: what a document says.

        :rtype: documents.Reading
        :raise DocumentFault: it cannot be read
        """
        if documents.standard_of(raw, name) == "edifact":
            raise documents.DocumentFault(
                "edifact_missing",
                "EDIFACT is not read here: install the app Order Cycle: EDIFACT.",
            )
        return documents.read(raw, name)

    @api.model
    def _read_channel(self, code):
        """A submission that knows its channel and company, or why it has none."""
        submission = Submission(raw={"channel": code})
        submission.company = self.env.company
        submission.data = {"channel": code}
        self.env["sale.order"]._oms_find_channels([submission])
        submission.data = None
        return submission

    @api.model
    def _submit_in_parts(self, payloads):
        """Results of any number of payloads, in the order they come."""
        results, part, lines = [], [], 0
        orders = self.env["sale.order"]
        for payload in payloads:
            more = len(payload["lines"])
            if part and (len(part) == MOST_ORDERS or lines + more > MOST_LINES):
                results += orders._oms_submit(part)
                part, lines = [], 0
            part.append(payload)
            lines += more
        return results + (orders._oms_submit(part) if part else [])

    # -- what is kept -----------------------------------------------------------

    @api.model
    def _keep_document(self, result, order, name, raw, checksum):
        """The file, and what an answer needs, beside what came of an order in it."""
        intake = self.sudo().browse(result["intake_id"] or ())
        if result["status"] != "already there" or not intake.standard:
            values = {"standard": order.standard, "envelope": order.envelope}
            intake.write({**values, "source": name})
        intake._keep_file(name, raw, checksum)

    def _keep_file(self, name, raw, checksum):
        """Attach a file, the very same once; an empty one has nothing to keep."""
        # XML and pages of strangers are text to be read, whoever hands them in
        files = self.env["ir.attachment"].sudo()
        files = files.with_context(attachments_mime_plainxml=True)
        for intake in self.sudo() if raw else ():
            if checksum not in intake.attachment_ids.mapped("checksum"):
                values = {"name": name, "raw": raw, "res_id": intake.id}
                files.create({**values, "res_model": self._name})

    @api.model
    def _refuse_document(self, head, name, raw, faults):
        """Keep a document, or orders of it, of which nothing was made.

        :param head: submission with the channel, and what is wrong with that
        :param list faults: of class ``DocumentFault``, one for each order
        :return: results
        """
        checksum = hashlib.sha1(raw, usedforsecurity=False).hexdigest()
        submissions = []
        for fault in faults or [None]:
            one = Submission(raw={**head.raw, "document": name, "checksum": checksum})
            one.channel, one.company = head.channel, head.company
            one.faults = list(head.faults)
            one.source = name
            if fault:
                one.raw["path"] = fault.path
                one.add_fault(fault.code, fault.path, message=fault.message)
            submissions.append(one)
        results = self._refuse(submissions)
        for result in results:
            self.browse(result["intake_id"])._keep_file(name, raw, checksum)
        return results

    @api.model
    def _refuse(self, submissions):
        for submission in submissions:
            submission.status = "refused"
        self.sudo()._keep_refused(submissions)
        return self.env["sale.order"]._oms_answer(submissions)

    @api.model
    def _acknowledge(self, channel, orders, results):
        """Say for each group of an X12 file that it has arrived (997): a file beside
        the first of its orders, where the channel answers documents."""
        if channel.answer == "none":
            return
        groups = {}
        for order, result in zip(orders, results, strict=False):
            if order.standard == "x12":
                key = order.envelope["interchange"], order.envelope["group"]
                groups.setdefault(key, []).append((order, result["intake_id"]))
        now = fields.Datetime.now()
        for (interchange, _group), same in groups.items():
            # many orders may be of one transaction set
            sets = {order.envelope["set"]: order.envelope for order, _id in same}
            intake = self.browse(same[0][1])
            is_test = same[0][0].payload["test"]
            raw = documents.x12.acknowledge([*sets.values()], now, intake.id, is_test)
            name = f"{interchange}-997.x12"
            if name not in intake.sudo().attachment_ids.mapped("name"):
                checksum = hashlib.sha1(raw, usedforsecurity=False).hexdigest()
                intake._keep_file(name, raw, checksum)

    @api.model
    def _note_skipped(self, result, skipped):
        """Say with the first order what else was in the file."""
        if not skipped:
            return
        submission = Submission(raw=None)
        for fault in skipped:
            params = {"message": fault.message}
            submission.add_fault(fault.code, fault.path, blocking=False, **params)
        result["warnings"] += self._prepare_errors(submission.faults)
        intake = self.sudo().browse(result["intake_id"] or ())
        faults = self._prepare_faults(submission.faults)
        intake.faults = [
            *(intake.faults or ()),
            *(fault for fault in faults if fault not in (intake.faults or ())),
        ] or False


def _as_sent(attachment):
    """The bytes of a file in a mail: what is called text was decoded on the way."""
    content = attachment.content
    if isinstance(content, bytes):
        return content
    return content.encode(attachment.info.get("encoding") or "utf-8", "replace")

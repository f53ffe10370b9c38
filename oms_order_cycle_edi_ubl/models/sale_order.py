from odoo import models

#: What Odoo calls an order in UBL.
UBL = "sale.edi.xml.ubl_bis3"


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def create_document_from_attachment(self, attachment_ids):
        """Take orders in documents in; leave the rest to Odoo."""
        attachments = self.env["ir.attachment"].browse(attachment_ids)
        intakes, rest = self._oms_take_attachments(attachments)
        if not intakes:
            return super().create_document_from_attachment(attachment_ids)
        orders = intakes.order_id
        if rest:
            orders |= self.with_context(
                default_partner_id=self.env.user.partner_id.id
            )._create_records_from_attachments(rest)
        if all(intake.order_id for intake in intakes):
            return orders._get_records_action(name=self.env._("Generated Orders"))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oms_order_cycle_intake.oms_intake_action"
        )
        return {**action, "domain": [("id", "in", intakes.ids)], "context": {}}

    def _create_records_from_attachments(self, attachments, grouping_method=None):
        """Take orders in documents in, whoever makes orders of attachments."""
        intakes, rest = self._oms_take_attachments(attachments)
        if not intakes:
            return super()._create_records_from_attachments(
                attachments, grouping_method
            )
        orders = intakes.order_id
        if rest:
            orders |= super()._create_records_from_attachments(rest, grouping_method)
        return orders

    def _oms_take_attachments(self, attachments):
        """Take in the attachments that have an order in a document.

        :return: (what came in, attachments that have none)
        """
        intakes = self.env["oms.intake"]
        channel = intakes._find_upload_channel()
        if not channel:
            return intakes, attachments
        rest, ids = attachments, []
        for attachment in attachments:
            name, raw = self._oms_find_document(attachment)
            if raw:
                results = intakes._take_document(channel.code, name, raw)
                ids += [result["intake_id"] for result in results]
                rest -= attachment
        intakes._discard_uploads(attachments - rest)
        return intakes.browse(ids), rest

    def _oms_find_document(self, attachment):
        """Name and content of the order in an attachment, which may be a PDF around it;
        nothing where another addon knows what to do with it, or nobody."""
        files = self._to_files_data(attachment)
        files += self._unwrap_attachments(files)
        for file in files:
            if file["import_file_type"] == UBL:
                return file["name"], file["raw"]
        [first] = files[:1]
        if not first["import_file_type"] and self.env["oms.intake"]._is_document(
            first["name"], first["raw"] or b""
        ):
            return first["name"], first["raw"]
        return "", b""

"""Documents dropped on the list, in a browser."""

from odoo.tests import HttpCase, tagged

from .test_document import DocumentCommon


@tagged("post_install", "-at_install")
class TestDocumentTour(DocumentCommon, HttpCase):
    browser_size = "1600x1000"

    def test_upload(self):
        self.customer.oms_edi_id = "PRAIRIE"
        self.env["oms.channel"].search([("kind", "=", "edi")]).sequence = 99
        self.channel.sequence = 1
        user = self.create_user(
            "document-tour", "sales_team.group_sale_salesman_all_leads"
        )
        self.start_tour("/odoo/oms-intake", "oms_document_tour", login=user.login)
        intake = self.env["oms.intake"].search([("external_ref", "=", "TOUR-1")])
        self.assertEqual(intake.order_id.partner_id, self.customer)
        self.assertEqual(intake.channel_id, self.channel)

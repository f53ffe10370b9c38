from odoo.tests import HttpCase, tagged

from ..sheet import read_sheet
from .test_import import ImportCommon


class ImportTourCommon(ImportCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls.create_user(
            "oms_import_clerk", "sales_team.group_sale_salesman", name="Import Clerk"
        )
        cls.clerk.action_id = False

    def start(self, path, tour):
        self.env.flush_all()
        self.env.invalidate_all()
        self.start_tour(path, tour, login="oms_import_clerk")
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestImportTour(ImportTourCommon):
    browser_size = "1600x1000"

    def test_file(self):
        """A clerk loads a file, maps it, corrects it with the keyboard, imports it."""
        self.start("/odoo/oms-order-files", "oms_import_file")
        record = self.env["oms.import"].search([("user_id", "=", self.clerk.id)])
        self.assertEqual(record.state, "done")
        self.assertEqual(len(record.row_ids.order_id), 4)
        self.assertEqual(
            self.env["oms.customer.code"].search([("code", "=", "K9")]).product_id,
            self.product_b,
        )
        self.assertIn("x", record.row_ids.order_id.order_line.mapped("name"))

    def test_downloads(self):
        record = self.check(["PO-1", "C-1", "X-9", "2", ""], user=self.clerk).with_user(
            self.clerk
        )
        self.env.flush_all()
        self.authenticate("oms_import_clerk", "oms_import_clerk")
        reply = self.url_open(record.action_download_faulty()["url"])
        self.assertIn("faulty%20rows.xlsx", reply.headers["Content-Disposition"])
        self.assertEqual(read_sheet(reply.content).rows[1][:3], ["PO-1", "C-1", "X-9"])
        reply = self.url_open(record.action_download_template()["url"])
        self.assertEqual(reply.status_code, 200)
        self.assertTrue(read_sheet(reply.content).rows)

    def test_downloads_of_others(self):
        record = self.check(["PO-1", "C-1", "X-9", "2", ""])
        url = record.action_download_faulty()["url"]
        template = record.action_download_template()["url"]
        self.env.flush_all()
        self.authenticate("oms_import_clerk", "oms_import_clerk")
        self.assertEqual(self.url_open(url).status_code, 404)
        self.assertEqual(
            self.url_open(url.replace(str(record.id), "0")).status_code, 404
        )
        self.create_user("oms_import_portal", "base.group_portal")
        self.authenticate("oms_import_portal", "oms_import_portal")
        self.assertEqual(self.url_open(url).status_code, 404)
        self.assertEqual(self.url_open(template).status_code, 404)
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open(url).url)


@tagged("post_install", "-at_install")
class TestImportPhone(ImportTourCommon):
    browser_size = "390x844"
    touch_enabled = True

    def test_phone(self):
        record = self.check(
            ["PO-1", "C-1", "A-1", "2", ""],
            ["PO-2", "C-1", "X-9", "2", ""],
            user=self.clerk,
        )
        self.start(f"/odoo/oms-order-files/{record.id}", "oms_import_phone")

"""The examples of the integrator's guide are run as they are printed."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from odoo import fields
from odoo.tests import HttpCase, tagged

from ..models.sale_order_submit import API_GROUP
from .common import IntakeCommon

GUIDE = Path(__file__).parents[2] / "docs" / "intake.md"
_BLOCK = re.compile(r"^```(bash|python)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_CODES = re.compile(r"^\| (`[^|]*`) \|", re.MULTILINE)


@tagged("post_install", "-at_install")
class TestGuideExamples(IntakeCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not GUIDE.exists():
            cls.skipTest(cls, "the guide is not part of this installation")
        cls.text = GUIDE.read_text()
        cls.user = cls.create_user("intake_guide", API_GROUP)
        cls.channel.technical_user_id = cls.user
        keys = cls.env["res.users.apikeys"].with_user(cls.user)
        end = fields.Datetime.add(fields.Datetime.now(), days=30)
        cls.key = keys._generate(None, "guide", end)

    def run_example(self, kind, code):
        """What an example prints."""
        program = {"bash": ["bash", "-c", code], "python": [sys.executable, "-c", code]}
        folder = tempfile.TemporaryDirectory()
        with self.allow_requests(all_requests=True), folder as at:
            done = subprocess.run(
                program[kind],
                capture_output=True,
                text=True,
                timeout=120,
                cwd=at,
                env={
                    "PATH": os.environ["PATH"],
                    "no_proxy": "*",
                    "ODOO_URL": self.base_url(),
                    "ODOO_KEY": self.key,
                    "ODOO_DB": self.env.cr.dbname,
                    "ODOO_USER_ID": str(self.user.id),
                },
            )
        self.assertEqual(done.returncode, 0, done.stderr + done.stdout)
        return done.stdout

    def test_examples(self):
        section = self.text.split("## For the integrator")[1].split("\n## ")[0]
        curl, python, xmlrpc = _BLOCK.findall(section)
        self.assertEqual([curl[0], python[0], xmlrpc[0]], ["bash", "python", "python"])

        self.assertIn('"status": "created"', self.run_example(*curl))
        order = self.env["sale.order"].search([("client_order_ref", "=", "PO-4711")])
        self.assertEqual(order.order_line.mapped("product_uom_qty"), [24, 2])
        self.assertEqual(order.create_uid, self.user)
        self.assertIn('"status": "already there"', self.run_example(*curl))

        printed = self.run_example(*python)
        self.assertIn("PO-4712 refused False", printed)
        self.assertIn("line 20 lines[1].product product_not_found", printed)

        printed = self.run_example(*xmlrpc)
        self.assertIn("PO-4713 created", printed)
        self.assertIn("PO-4713 already there", self.run_example(*xmlrpc))

    def test_wrong_key(self):
        response = self.url_open(
            "/json/2/sale.order/oms_submit_orders",
            data='{"payloads": []}',
            headers={"Authorization": "Bearer no", "Content-Type": "application/json"},
        )
        self.assertEqual(response.status_code, 401)

    def test_all_codes_are_told_of(self):
        words = self.env["oms.intake"]._get_fault_words()
        missing = sorted(code for code in words if f"`{code}`" not in self.text)
        self.assertEqual(missing, [])
        section = self.text.split("### What may be wrong")[1].split("\n### ")[0]
        told = {
            code.strip("` ")
            for cell in _CODES.findall(section)
            for code in cell.split(",")
        }
        self.assertEqual(sorted(told - set(words)), [])

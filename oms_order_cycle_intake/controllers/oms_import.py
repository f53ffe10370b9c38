from odoo import http
from odoo.exceptions import AccessError
from odoo.http import content_disposition, request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class OmsImportController(http.Controller):
    """Files that the screen of an import gives."""

    @http.route(
        "/oms_intake/import/<int:import_id>/faulty.xlsx",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def download_faulty(self, import_id):
        """The faulty rows of an import that the user may read."""
        record = request.env["oms.import"].browse(import_id).exists()
        try:
            record.check_access("read")
        except AccessError:
            record = record.browse()
        if not record:
            raise request.not_found()
        return self._send(*record._write_faulty_file())

    @http.route(
        "/oms_intake/order_template.xlsx",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def download_template(self):
        """An empty order file."""
        model = request.env["oms.import"]
        if not model.has_access("read"):
            raise request.not_found()
        return self._send(*model._write_template())

    def _send(self, name, content):
        headers = [
            ("Content-Type", XLSX),
            ("Content-Disposition", content_disposition(name)),
        ]
        return request.make_response(content, headers)

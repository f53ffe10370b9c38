from odoo import fields, models


class OmsCustomerCode(models.Model):
    """What a customer calls a product, and the unit that he means by it."""

    _name = "oms.customer.code"
    _description = "Product Code of a Customer"
    _order = "partner_id, code, id"
    _rec_name = "code"

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('parent_id', '=', False)]",
        help="The company; the code holds for all its contacts.",
    )
    code = fields.Char(required=True, help="The customer's own number of the product.")
    product_id = fields.Many2one(
        "product.product", required=True, index=True, ondelete="cascade"
    )
    uom_id = fields.Many2one(
        "uom.uom",
        string="Unit",
        help="The unit that is meant where the customer names none. Leave empty for"
        " the product's own.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )

    _code_uniq = models.UniqueIndex(
        "(company_id, partner_id, lower(code))",
        "This customer already has this code.",
    )

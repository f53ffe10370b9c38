from odoo import api, models
from odoo.exceptions import AccessError

#: Who is shown what is left to set up.
_GROUPS = ("oms_order_cycle.group_oms_consultant", "base.group_system")


class OmsSetupGuide(models.AbstractModel):
    """What is to be set up in a company, what of it is done, and where to do it."""

    _name = "oms.setup.guide"
    _description = "First Steps of the Order Cycle"

    @api.model
    @api.readonly
    def get_guide(self):
        """The steps of the current company.

        :return: dict of ``show`` (whether the user is to be shown them unasked),
            ``company`` and ``steps``, dicts as in :meth:`_get_steps`
        """
        if not self._is_for_user():
            return {"show": False, "company": "", "steps": []}
        company = self.env.company
        steps = self._get_steps()
        left = [step for step in steps if not step["done"]]
        return {
            "show": bool(left) and not company.sudo().oms_setup_dismissed,
            "company": company.name,
            "steps": steps,
        }

    @api.model
    def dismiss(self):
        """Show the steps no more in the current company."""
        if not self._is_for_user():
            raise AccessError(
                self.env._(
                    "Only who sets up the order cycle may close its first steps."
                )
            )
        self.env.company.sudo().oms_setup_dismissed = True
        return True

    @api.model
    def _is_for_user(self):
        return any(self.env.user.has_group(group) for group in _GROUPS)

    @api.model
    def _get_steps(self):
        """Hook: the steps.

        :return: list of dicts: ``key``, ``name``, ``text``, ``done``, ``action`` (XML
            id, or False where the user has no screen for it)
        """
        return [
            self._get_roles_step(),
            self._get_workflow_step(),
            self._get_channel_step(),
            self._get_hold_step(),
            self._get_carton_step(),
        ]

    @api.model
    def _make_step(self, key, name, text, done, action):
        """A step, as :meth:`_get_steps` says."""
        return {
            "key": key,
            "name": name,
            "text": text,
            "done": bool(done),
            "action": action,
        }

    def _get_roles_step(self):
        privilege = self.env.ref("oms_order_cycle.res_groups_privilege_order_cycle")
        first = self.env.ref("base.user_root") + self.env.ref("base.user_admin")
        people = privilege.sudo().group_ids.user_ids.filtered(
            lambda user: self.env.company in user.company_ids
        )
        may = self.env.user.has_group("base.group_erp_manager")
        return self._make_step(
            "roles",
            self.env._("Give Roles"),
            self.env._(
                "Tick what each user does: sales, credit, warehouse, dispatch,"
                " accounting. In the form of the user, under Order Cycle."
            ),
            people - first,
            "base.action_res_users" if may else False,
        )

    def _get_workflow_step(self):
        standard = self.env.ref(
            "oms_order_cycle.workflow_default", raise_if_not_found=False
        )
        published = self._get_published()
        return self._make_step(
            "workflow",
            self.env._("Publish a Workflow"),
            self.env._(
                "Open one of the drafts or draw your own, try it on an order, and"
                " publish it. Until then all orders follow Standard, which stops none."
            ),
            published - (standard or published.browse()),
            "oms_order_cycle.oms_workflow_action_drafts",
        )

    def _get_published(self):
        companies = (False, *self.env.company.sudo().parent_ids.ids)
        return (
            self.env["oms.workflow"]
            .sudo()
            .search([("state", "=", "published"), ("company_id", "in", companies)])
        )

    def _get_channel_step(self):
        found = self.env["oms.channel"].sudo().search_count([], limit=1)
        return self._make_step(
            "channels",
            self.env._("Name Your Channels"),
            self.env._(
                "How orders come in: phone, web shop, EDI. A channel can bring its"
                " workflow, its warehouse and a cut-off time."
            ),
            found,
            "oms_order_cycle.oms_channel_action",
        )

    def _get_hold_step(self):
        return self._make_step(
            "holds",
            self.env._("Choose What Stops Orders"),
            self.env._(
                "Credit limit, overdue invoices, missing prepayment, incomplete"
                " address: look them through, and add them to a workflow in its tab"
                " Holds."
            ),
            self._get_published().hold_type_ids
            or self.env.company.sudo().oms_hold_type_ids,
            "oms_order_cycle.oms_hold_type_action",
        )

    def _get_carton_step(self):
        cartons = self.env["stock.package.type"].sudo()
        found = cartons.search_count([("oms_is_carton", "=", True)], limit=1)
        return self._make_step(
            "cartons",
            self.env._("Enter Your Cartons"),
            self.env._(
                "With their sizes, packing is planned: which goods go into which"
                " carton, and what the parcels will cost. Skip it if you do not pack."
            ),
            found,
            "oms_order_cycle.stock_package_type_action_oms_cartons",
        )

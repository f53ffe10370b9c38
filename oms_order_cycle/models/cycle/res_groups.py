from odoo import api, models, tools

PRIVILEGE = "oms_order_cycle.res_groups_privilege_order_cycle"


class ResGroups(models.Model):
    _inherit = "res.groups"

    @api.model
    @tools.ormcache("self.env.lang", cache="groups")
    def _get_view_group_hierarchy(self):
        """Roles of the order cycle are ticked, as many as a user has.

        Odoo shows one drop-down for each privilege, for roles of which the greater
        includes the lesser. Ours stand side by side: each is shown as a privilege of
        its own, which ``ResUserGroupIdsPrivilegeField`` shows as a tick.
        """
        hierarchy = super()._get_view_group_hierarchy()
        found = self.env.ref(PRIVILEGE, raise_if_not_found=False)
        if not found or found.id not in hierarchy["privileges"]:
            return hierarchy
        privileges = dict(hierarchy["privileges"])
        ours = privileges.pop(found.id)
        groups = dict(hierarchy["groups"])
        ticks = []
        order = found.sudo().group_ids.sorted(lambda group: (group.sequence, group.id))
        for group_id in order.ids:
            tick = f"oms_{group_id}"
            groups[group_id] = {**groups[group_id], "privilege_id": tick}
            privileges[tick] = {
                **ours,
                "id": tick,
                "name": groups[group_id]["name"],
                "category_id": PRIVILEGE,
                "group_ids": [group_id],
                "oms_tick": True,
            }
            ticks.append(tick)
        categories = [{"id": PRIVILEGE, "name": ours["name"], "privilege_ids": ticks}]
        for category in hierarchy["categories"]:
            others = [id_ for id_ in category["privilege_ids"] if id_ != found.id]
            if others:
                categories.append({**category, "privilege_ids": others})
        return {"groups": groups, "privileges": privileges, "categories": categories}

import {CheckBox} from "@web/core/checkbox/checkbox";
import {patch} from "@web/core/utils/patch";
import {registry} from "@web/core/registry";

/**
 * Roles of the order cycle stand side by side, so each is a tick, where Odoo shows one
 * drop-down for roles of which the greater includes the lesser. What makes them so is
 * `oms_tick`, see `res.groups._get_view_group_hierarchy`.
 */
const {component: PrivilegeField} = registry
    .category("fields")
    .get("res_user_group_ids_privilege");

PrivilegeField.components = {...PrivilegeField.components, CheckBox};

patch(PrivilegeField.prototype, {
    /** The group that is ticked here, if it is one of ours. */
    get omsTickedGroup() {
        const {privileges} = this.env.resUserGroupsInfo;
        const privilege = privileges[this.props.name.slice("field_".length)];
        return privilege?.oms_tick && privilege.group_ids[0];
    },
    /** What gives the role along with others: then it cannot be taken away here. */
    get omsIsImplied() {
        return this.groups[this.omsTickedGroup].impliedByIds.length > 0;
    },
    get omsIsTicked() {
        return this.omsIsImplied || this.groups[this.omsTickedGroup].selected;
    },
    onOmsTick(ticked) {
        const value = ticked && this.omsTickedGroup;
        this.props.record.update({[this.props.name]: value});
    },
});

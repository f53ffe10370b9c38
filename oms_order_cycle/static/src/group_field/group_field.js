import {
    buildM2OFieldDescription,
    Many2OneField,
} from "@web/views/fields/many2one/many2one_field";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

/**
 * A group by its short name where there is little room, and by its full name where it
 * is chosen: "Administrator" alone does not say of which app.
 *
 * To be used with the context `{'short_display_name': True}`.
 */
export class OmsGroupField extends Many2OneField {
    get m2oProps() {
        const props = super.m2oProps;
        return {...props, context: {...props.context, short_display_name: false}};
    }
}

export const omsGroupField = {
    ...buildM2OFieldDescription(OmsGroupField),
    displayName: _t("Group"),
};

registry.category("fields").add("oms_group", omsGroupField);

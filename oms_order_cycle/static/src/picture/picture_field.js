import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/**
 * A drawing (SVG) that the server computed for an Html field, shown as it is. The text
 * in it was escaped by the server.
 */
export class OmsPictureField extends Component {
    static template = "oms_order_cycle.PictureField";
    static props = {...standardFieldProps};

    get picture() {
        return this.props.record.data[this.props.name] || "";
    }
}

export const omsPictureField = {
    component: OmsPictureField,
    displayName: _t("Picture"),
    supportedTypes: ["html"],
};

registry.category("fields").add("oms_picture", omsPictureField);

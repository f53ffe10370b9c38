import {Component, onWillStart} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** How sure a guess is, in words, and its colour. */
const LEVELS = {
    remembered: {label: _t("As last time"), color: "success"},
    exact: {label: _t("Sure"), color: "success"},
    likely: {label: _t("Likely"), color: "info"},
    values: {label: _t("By its values"), color: "warning"},
};

/**
 * The columns of an order file: label, first values, and the field that each fills.
 */
export class OmsImportColumns extends Component {
    static template = "oms_order_cycle_intake.ImportColumns";
    static props = {...standardFieldProps};

    setup() {
        this.orm = useService("orm");
        onWillStart(async () => {
            this.targets = await this.orm.call("oms.import", "get_targets", []);
        });
    }

    get columns() {
        return this.props.record.data[this.props.name] || [];
    }

    get groups() {
        const groups = new Map();
        for (const target of this.targets) {
            if (!groups.has(target.group)) {
                groups.set(target.group, []);
            }
            groups.get(target.group).push(target);
        }
        return [...groups];
    }

    level(column) {
        return LEVELS[column.level];
    }

    /**
     * A field that another column fills already can be chosen no more.
     */
    isTaken(target, column) {
        return this.columns.some(
            (other) => other.index !== column.index && other.target === target.key
        );
    }

    /**
     * What an order cannot do without, and no column says.
     */
    get missing() {
        const {default_ref: ref, partner_id: partner} = this.props.record.data;
        const used = this.columns.map((column) => column.target || "");
        const needed = [
            [_t("Product"), (key) => key.startsWith("lines.product")],
            [_t("Quantity"), (key) => key === "lines.qty"],
        ];
        if (!ref) {
            needed.push([_t("Order Reference"), (key) => key === "external_ref"]);
        }
        if (!partner) {
            needed.push([_t("Customer"), (key) => key.startsWith("customer.")]);
        }
        return needed.filter(([, is]) => !used.some(is)).map(([label]) => label);
    }

    setTarget(column, ev) {
        const target = ev.target.value || false;
        const columns = this.columns.map((other) =>
            other.index === column.index ? {...other, target, level: false} : other
        );
        return this.props.record.update({[this.props.name]: columns});
    }
}

export const omsImportColumns = {
    component: OmsImportColumns,
    displayName: _t("Columns of a File"),
    supportedTypes: ["json"],
};

registry.category("fields").add("oms_import_columns", omsImportColumns);

/**
 * One of the sheets that were found in the file.
 */
export class OmsImportSheet extends Component {
    static template = "oms_order_cycle_intake.ImportSheet";
    static props = {...standardFieldProps};

    get value() {
        return this.props.record.data[this.props.name] || "";
    }

    get names() {
        return (this.props.record.data.sheets || []).map((sheet) => sheet.name);
    }

    setName(ev) {
        return this.props.record.update({[this.props.name]: ev.target.value});
    }
}

export const omsImportSheet = {
    component: OmsImportSheet,
    displayName: _t("Sheet of a File"),
    supportedTypes: ["char"],
    fieldDependencies: [{name: "sheets", type: "json"}],
};

registry.category("fields").add("oms_import_sheet", omsImportSheet);

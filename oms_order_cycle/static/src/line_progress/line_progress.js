import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {useRecordObserver} from "@web/model/relational_model/utils";
import {formatFloat} from "@web/views/fields/formatters";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

const STEPS = ["released", "picked", "packed", "loaded", "shipped", "delivered"];

/**
 * How far each line of an order has got: wanted, released, picked, packed, shipped and
 * delivered quantities, with a bar. Like the timeline, it is read when it is shown.
 */
export class OmsLineProgress extends Component {
    static template = "oms_order_cycle.LineProgress";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.state = useState({lines: [], loaded: false});
        this.labels = {
            released: _t("Released"),
            picked: _t("Picked"),
            packed: _t("Packed"),
            loaded: _t("Loaded"),
            shipped: _t("Shipped"),
            delivered: _t("Delivered"),
        };
        useRecordObserver(async (record) => {
            void record.data.oms_cycle_bar;
            await this.load(record.resId);
        });
    }

    async load(orderId) {
        if (!orderId) {
            this.state.loaded = true;
            return;
        }
        const specification = {
            product_id: {fields: {display_name: {}}},
            product_uom_id: {fields: {display_name: {}}},
            oms_qty_wanted: {},
        };
        for (const step of STEPS) {
            specification[`oms_qty_${step}`] = {};
        }
        const {records} = await this.orm.webSearchRead(
            "sale.order.line",
            [
                ["order_id", "=", orderId],
                ["display_type", "=", false],
                ["is_downpayment", "=", false],
                ["product_id.type", "!=", "service"],
            ],
            {specification, order: "sequence, id"}
        );
        this.state.lines = records.map((line) => this.prepareLine(line));
        this.state.loaded = true;
    }

    /** Loading is a step of its own only where something has been loaded. */
    get steps() {
        const usesLoading = this.state.lines.some(
            (line) => line.quantities.loaded > line.quantities.shipped
        );
        return STEPS.filter((step) => step !== "loaded" || usesLoading);
    }

    prepareLine(line) {
        const wanted = line.oms_qty_wanted;
        const quantities = Object.fromEntries(
            STEPS.map((step) => [step, line[`oms_qty_${step}`] || 0])
        );
        const share = (quantity) =>
            wanted > 0 ? Math.min(100, Math.round((100 * quantity) / wanted)) : 0;
        return {
            id: line.id,
            product: line.product_id?.display_name || "",
            uom: line.product_uom_id?.display_name || "",
            wanted,
            quantities,
            share: share(quantities.delivered),
            // the bar: what has arrived, then what is on its way, then what is in work
            bar: [
                ["delivered", share(quantities.delivered)],
                ["shipped", share(quantities.shipped) - share(quantities.delivered)],
                ["packed", share(quantities.packed) - share(quantities.shipped)],
                ["picked", share(quantities.picked) - share(quantities.packed)],
            ]
                .filter(([, width]) => width > 0)
                .map(([step, width]) => ({step, width, label: this.labels[step]})),
        };
    }

    format(quantity) {
        return formatFloat(quantity, {trailingZeros: false});
    }

    isComplete(line, step) {
        return line.wanted > 0 && line.quantities[step] >= line.wanted;
    }

    barText(line) {
        return _t("%(done)s of %(wanted)s delivered", {
            done: this.format(line.quantities.delivered),
            wanted: this.format(line.wanted),
        });
    }
}

export const omsLineProgress = {
    component: OmsLineProgress,
    fieldDependencies: [{name: "oms_cycle_bar", type: "json"}],
};

registry.category("view_widgets").add("oms_line_progress", omsLineProgress);

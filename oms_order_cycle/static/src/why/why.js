import {Component, useState} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {useRecordObserver} from "@web/model/relational_model/utils";
import {useService} from "@web/core/utils/hooks";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

/**
 * Why an order stands where it stands, in sentences. They are read when somebody asks
 * for them, and again whenever the cycle bar changes.
 */
export class OmsWhy extends Component {
    static template = "oms_order_cycle.Why";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.state = useState({sentences: []});
        useRecordObserver(async (record) => {
            void record.data.oms_cycle_bar;
            await this.load(record.resId);
        });
    }

    async load(orderId) {
        if (!orderId) {
            return;
        }
        const [order] = await this.orm.read("sale.order", [orderId], ["oms_why"]);
        this.state.sentences = (order.oms_why || "").split("\n").filter(Boolean);
    }
}

export const omsWhy = {
    component: OmsWhy,
    fieldDependencies: [{name: "oms_cycle_bar", type: "json"}],
};

registry.category("view_widgets").add("oms_why", omsWhy);

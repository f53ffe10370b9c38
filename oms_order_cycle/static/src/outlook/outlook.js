import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useRecordObserver} from "@web/model/relational_model/utils";
import {useService} from "@web/core/utils/hooks";

/**
 * What confirming a quotation will bring: the workflow it will follow, what would stop
 * it, what is missing. Asked for when the form is shown and when it was saved.
 */
export class OmsOutlook extends Component {
    static template = "oms_order_cycle.Outlook";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.state = useState({outlook: null});
        this.asked = 0;
        useRecordObserver(async (record) => {
            // read, so that a change that was saved asks again
            void record.data.write_date;
            void record.data.oms_workflow_id;
            await this.load(record);
        });
    }

    async load(record) {
        const asked = ++this.asked;
        if (!record.resId) {
            this.state.outlook = null;
            return;
        }
        const [order] = await this.orm.silent.read(
            "sale.order",
            [record.resId],
            ["oms_outlook"]
        );
        if (asked === this.asked) {
            this.state.outlook = order.oms_outlook || null;
        }
    }

    get outlook() {
        const {outlook} = this.state;
        return outlook && !outlook.is_plain ? outlook : null;
    }

    get isStale() {
        return this.props.record.dirty;
    }

    describeHold({name, reason, blocks}) {
        return reason || _t("stops %s", blocks.join(", ") || name);
    }
}

export const omsOutlook = {
    component: OmsOutlook,
    fieldDependencies: [
        {name: "write_date", type: "datetime"},
        {name: "oms_workflow_id", type: "many2one"},
    ],
};

registry.category("view_widgets").add("oms_outlook", omsOutlook);

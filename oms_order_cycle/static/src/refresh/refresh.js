import {Component, onWillUnmount} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

/** Milliseconds between two looks at a record that the background works on. */
const DELAY = 3000;

/**
 * Reads the record of a form again every few seconds. Put it where it is invisible as
 * soon as nothing is to be waited for:
 *
 *     <widget name="oms_refresh" invisible="state not in ('waiting', 'running')" />
 */
export class OmsRefresh extends Component {
    static template = "oms_order_cycle.Refresh";
    static props = {...standardWidgetProps};

    setup() {
        this.wait();
        onWillUnmount(() => browser.clearTimeout(this.timer));
    }

    wait() {
        this.timer = browser.setTimeout(() => this.refresh(), DELAY);
    }

    async refresh() {
        const {record} = this.props;
        // what somebody types is not thrown away, and a hidden page asks for nothing
        if (!document.hidden && record.resId && !(await record.isDirty())) {
            await record.load();
        }
        this.wait();
    }
}

export const omsRefresh = {component: OmsRefresh};

registry.category("view_widgets").add("oms_refresh", omsRefresh);

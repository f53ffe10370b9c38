import {NavBar} from "@web/webclient/navbar/navbar";
import {patch} from "@web/core/utils/patch";
import {useService} from "@web/core/utils/hooks";
import {useState} from "@odoo/owl";

/** Entries of the app's menu bear the number of what waits behind them. */
patch(NavBar.prototype, {
    setup() {
        super.setup();
        this.omsQueues = useService("oms_queues");
        this.omsQueueState = useState(this.omsQueues.state);
    },

    getOmsCount(item) {
        return this.omsQueueState.queues.length ? this.omsQueues.count(item) : 0;
    },
});

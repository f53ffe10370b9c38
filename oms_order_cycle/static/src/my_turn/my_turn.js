import {Component, onWillStart, useState} from "@odoo/owl";
import {Layout} from "@web/search/layout";
import {OmsSetupGuide} from "../setup_guide/setup_guide";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";

/** The first screen of the app: what waits for the user, each queue with its number. */
export class OmsMyTurn extends Component {
    static template = "oms_order_cycle.MyTurn";
    static components = {Layout, OmsSetupGuide};
    static props = {...standardActionServiceProps};

    setup() {
        this.action = useService("action");
        this.queueService = useService("oms_queues");
        this.state = useState(this.queueService.state);
        this.display = {controlPanel: {}};
        onWillStart(() => this.queueService.load({force: true}));
    }

    /** The queues below the section of the menu that they belong to. */
    get sections() {
        const sections = new Map();
        for (const queue of this.state.queues) {
            sections.set(queue.section, [
                ...(sections.get(queue.section) || []),
                queue,
            ]);
        }
        return [...sections].map(([name, queues]) => ({name, queues}));
    }

    /** Whether nothing at all waits. */
    get isDone() {
        return this.state.queues.every((queue) => !queue.count);
    }

    formatCount({count, limit}) {
        return count < limit ? String(count) : _t("%s+", limit - 1);
    }

    describe(queue) {
        return queue.late
            ? _t("%(name)s: %(count)s, %(late)s late", queue)
            : _t("%(name)s: %(count)s", queue);
    }

    open({action, filters}) {
        return this.action.doAction(action, {
            additionalContext: Object.fromEntries(
                filters.map((name) => [`search_default_${name}`, 1])
            ),
        });
    }
}

registry.category("actions").add("oms_my_turn", OmsMyTurn);

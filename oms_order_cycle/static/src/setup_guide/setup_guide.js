import {Component, onWillStart, useState} from "@odoo/owl";
import {Layout} from "@web/search/layout";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";

/** What is to be set up, and what of it is done; with `asked`, also once dismissed. */
export class OmsSetupGuide extends Component {
    static template = "oms_order_cycle.SetupGuide";
    static props = {asked: {type: Boolean, optional: true}};

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.state = useState({guide: {show: false, company: "", steps: []}});
        onWillStart(async () => {
            this.state.guide = await this.orm.call("oms.setup.guide", "get_guide");
        });
    }

    get isShown() {
        const {show, steps} = this.state.guide;
        return show || (this.props.asked && steps.length > 0);
    }

    get doneCount() {
        return this.state.guide.steps.filter((step) => step.done).length;
    }

    open(step) {
        return this.action.doAction(step.action);
    }

    async dismiss() {
        await this.orm.call("oms.setup.guide", "dismiss");
        this.state.guide.show = false;
    }
}

/** The same as a screen of its own. */
export class OmsSetupGuideAction extends Component {
    static template = "oms_order_cycle.SetupGuideAction";
    static components = {Layout, OmsSetupGuide};
    static props = {...standardActionServiceProps};

    setup() {
        this.display = {controlPanel: {}};
    }
}

registry.category("actions").add("oms_setup_guide", OmsSetupGuideAction);

import {Component, markup, onWillUnmount, useState} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {formatFloat} from "@web/views/fields/formatters";
import {parseFloat} from "@web/views/fields/parsers";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** Milliseconds until a form is drawn again after its button was pressed. */
const FOCUS_DELAY = 300;

/**
 * One box at the packing bench: its picture, what is in it, and what can be changed.
 */
export class OmsPackBox extends Component {
    static template = "oms_order_cycle.PackBox";
    static props = {
        transfer: Object,
        box: Object,
        readonly: Boolean,
        call: Function,
        getSteps: Function,
        getSize: Function,
        measure: Function,
    };

    setup() {
        this.state = useState({
            steps: null,
            step: 0,
            moving: null,
            quantity: 1,
            to: 0,
            measuring: null,
            size: {},
        });
    }

    get picture() {
        const {steps, step} = this.state;
        // the server drew it, and escaped the names in it
        return markup(steps ? steps[step] : this.props.box.svg);
    }

    get targets() {
        return this.props.transfer.boxes.filter(
            (other) => other.number !== this.props.box.number && !other.own
        );
    }

    async toggleSteps() {
        if (this.state.steps) {
            this.state.steps = null;
            return;
        }
        const steps = await this.props.getSteps(
            this.props.transfer.plan,
            this.props.box.number
        );
        this.state.step = 0;
        this.state.steps = steps.length ? steps : null;
    }

    go(by) {
        const last = this.state.steps.length - 1;
        this.state.step = Math.min(Math.max(this.state.step + by, 0), last);
    }

    /**
     * The arrow keys go through the steps, unless somebody types or chooses.
     */
    onKeydown(ev) {
        const by = {ArrowLeft: -1, ArrowRight: 1}[ev.key];
        if (by && this.state.steps && !ev.target.matches("input, select")) {
            ev.preventDefault();
            this.go(by);
        }
    }

    startMove(content) {
        Object.assign(this.state, {
            measuring: null,
            moving: content.key,
            quantity: content.quantity,
            to: this.targets.length ? this.targets[0].number : 0,
        });
    }

    setTarget(ev) {
        this.state.to = Number(ev.target.value);
    }

    get measures() {
        const {length_unit: length, weight_unit: weight} = this.state.size;
        const labels = {
            length: _t("Length (%s)", length),
            width: _t("Width (%s)", length),
            height: _t("Height, upright (%s)", length),
            weight: _t("Weight of one (%s)", weight),
        };
        return Object.entries(labels).map(([name, label]) => ({
            name,
            label,
            value: formatFloat(this.state.size[name], {
                digits: [16, 3],
                trailingZeros: false,
            }),
        }));
    }

    async startMeasure(content) {
        const size = await this.props.getSize(content.key);
        Object.assign(this.state, {moving: null, measuring: content.key, size});
    }

    /**
     * Keep what was typed, with the decimal point of the user's language. It is read
     * only now: a field that is drawn anew at each key swallows the point.
     */
    measure(ev) {
        const {measuring} = this.state;
        const inputs = ev.target
            .closest(".o_oms_pack_measure")
            .querySelectorAll("input");
        const values = [...inputs].map((input) => this.parse(input.value));
        Object.assign(this.state, {steps: null, measuring: null});
        return this.props.measure(measuring, ...values);
    }

    parse(text) {
        try {
            return parseFloat(text);
        } catch {
            // the server says what is missing
            return 0;
        }
    }

    async call(method, ...args) {
        Object.assign(this.state, {steps: null, moving: null, measuring: null});
        await this.props.call(
            method,
            this.props.transfer.id,
            this.props.box.number,
            ...args
        );
    }

    changeCarton(ev) {
        return this.call("change_carton", Number(ev.target.value));
    }

    move() {
        const {moving, quantity, to} = this.state;
        return this.call("move_units", moving, Number(quantity), to);
    }
}

/**
 * The packing bench: boxes of one or several transfers. Whatever is changed here is
 * packed again and checked by the server, which keeps what is on the bench.
 */
export class OmsPackBenchField extends Component {
    static template = "oms_order_cycle.PackBenchField";
    static components = {OmsPackBox};
    static props = {...standardFieldProps};

    setup() {
        this.orm = useService("orm");
        this.state = useState({busy: false});
        onWillUnmount(() => this.leave());
    }

    /**
     * The dialog is closed, by Apply, Close, the cross or Esc. What was changed by hand
     * waits on the server; the packer is told so. Not with the service of the
     * component: that one is silent as soon as the component is gone.
     */
    async leave() {
        const {orm, notification} = this.env.services;
        const isKept = await orm.call("oms.pack.wizard", "leave", [
            [this.props.record.resId],
        ]);
        if (isKept) {
            notification.add(
                _t("What you changed is kept. Press Pack again to go on with it."),
                {type: "info"}
            );
        }
    }

    get bench() {
        return this.props.record.data[this.props.name] || {transfers: []};
    }

    get boxCall() {
        return (method, ...args) => this.call(method, ...args);
    }

    get stepsCall() {
        return (planId, number) =>
            this.orm.call("oms.pack.wizard", "get_steps", [
                [this.props.record.resId],
                planId,
                number,
            ]);
    }

    get sizeCall() {
        return (key) =>
            this.orm.call("oms.pack.wizard", "get_size", [
                [this.props.record.resId],
                key,
            ]);
    }

    get measureCall() {
        return (...args) => this.call("measure", ...args);
    }

    /**
     * Let the server change the bench and show what came of it. What was typed
     * elsewhere in the form is saved first, so that it is not lost.
     */
    async call(method, ...args) {
        this.state.busy = true;
        try {
            if (await this.props.record.isDirty()) {
                await this.props.record.save({reload: false});
            }
            await this.orm.call("oms.pack.wizard", method, [
                [this.props.record.resId],
                ...args,
            ]);
            await this.props.record.load();
        } finally {
            this.state.busy = false;
        }
    }
}

export const omsPackBenchField = {
    component: OmsPackBenchField,
    displayName: _t("Packing Bench"),
    supportedTypes: ["json"],
};

registry.category("fields").add("oms_pack_bench", omsPackBenchField);

/**
 * Packing goods that do not fit needs a reason: say so, and put the cursor there once
 * the form is drawn again.
 */
function askReason(env, action) {
    env.services.notification.add(action.params.message, {type: "danger"});
    browser.setTimeout(() => {
        const input = document.querySelector(
            ".modal .o_field_widget[name=reason] input"
        );
        input?.closest(".o_field_widget").classList.add("o_field_invalid");
        input?.scrollIntoView({block: "center"});
        input?.focus();
    }, FOCUS_DELAY);
}

registry.category("actions").add("oms_pack_ask_reason", askReason);

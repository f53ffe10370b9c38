import {
    describeDeadline,
    formatDuration,
    formatMoment,
    minutesBetween,
    readTime,
} from "@oms_order_cycle/core/time";
import {OmsWhy} from "@oms_order_cycle/why/why";
import {
    Component,
    onMounted,
    onWillUnmount,
    useEffect,
    useRef,
    useState,
} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const REFRESH_INTERVAL = 60 * 1000;

/**
 * Where an order stands: its stages in a row with their times, what holds it, what comes
 * next, and why. Everything is told in words and signs as well as in colours.
 *
 * The value is the JSON of `sale.order.oms_cycle_bar`.
 */
export class OmsCycleBar extends Component {
    static template = "oms_order_cycle.CycleBar";
    static components = {OmsWhy};
    static props = {...standardFieldProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.stagesRef = useRef("stages");
        this.state = useState({showWhy: false, showAll: false, busy: false, tick: 0});
        // Times are relative to now: keep them true while the form stays open.
        onMounted(() => {
            this.interval = browser.setInterval(
                () => this.state.tick++,
                REFRESH_INTERVAL
            );
        });
        onWillUnmount(() => browser.clearInterval(this.interval));
        useEffect(
            (stages) => {
                const current = stages?.querySelector("[aria-current]");
                if (current && stages.scrollWidth > stages.clientWidth) {
                    stages.scrollLeft = current.offsetLeft - stages.clientWidth / 2;
                }
            },
            () => [this.stagesRef.el, this.currentIndex]
        );
    }

    get data() {
        return this.props.record.data[this.props.name] || {};
    }

    get currentIndex() {
        return (this.data.stages || []).findIndex((stage) => stage.state === "current");
    }

    get current() {
        return (this.data.stages || [])[this.currentIndex];
    }

    get holds() {
        return this.data.holds || [];
    }

    /** The stages with their texts, ready for the template. */
    get stages() {
        // read, so that the times are rendered again each minute
        void this.state.tick;
        const stages = this.data.stages || [];
        // In a narrow window only the neighbours of this one are shown at first.
        const pivot =
            this.currentIndex >= 0
                ? this.currentIndex
                : this.data.cycle_state === "closed"
                  ? stages.length - 1
                  : 0;
        return stages.map((stage, index) => this.prepareStage(stage, index, pivot));
    }

    prepareStage(stage, index, pivot) {
        const times = {
            since: readTime(stage.since),
            leftAt: readTime(stage.left_at),
            deadline: readTime(stage.deadline),
        };
        const isCurrent = stage.state === "current";
        const due =
            isCurrent && !this.data.paused ? describeDeadline(times.deadline) : null;
        const late = Boolean(stage.late || due?.late);
        const stateWord = this.getStateWord(stage.state);
        return {
            key: stage.id || index,
            number: index + 1,
            name: stage.name,
            state: stage.state,
            isCurrent,
            far: Math.abs(index - pivot) > 1,
            late,
            time: this.getTimeText(stage.state, times),
            due: isCurrent ? this.getDueText(due, late) : "",
            icon: this.getIcon(stage.state, late),
            stateWord,
            tooltip: [stateWord, ...this.getDetails(stage, times)].join("\n"),
        };
    }

    getStateWord(state) {
        if (state === "current") {
            return this.data.held ? _t("Here now, on hold") : _t("Here now");
        }
        if (state === "skipped") {
            return _t("Not needed");
        }
        return state === "done" ? _t("Done") : _t("To come");
    }

    getIcon(state, late) {
        if (state === "current") {
            if (this.data.held) {
                return "fa-hand-paper-o";
            }
            return late ? "fa-clock-o" : "fa-circle";
        }
        if (state === "skipped") {
            return "fa-minus";
        }
        return state === "done" ? "fa-check" : "";
    }

    getTimeText(state, {since, leftAt}) {
        if (state === "done") {
            return formatMoment(leftAt);
        }
        if (state === "current" && since) {
            return _t("since %s", formatDuration(minutesBetween(since)));
        }
        return "";
    }

    getDueText(due, late) {
        if (this.data.paused) {
            return _t("clock paused");
        }
        if (due) {
            return due.late ? due.text : _t("due %s", due.text);
        }
        return late || this.data.late ? _t("late") : "";
    }

    /** What the tooltip of a stage says beside its state. */
    getDetails(stage, {since, leftAt, deadline}) {
        const details = [];
        if (stage.exit) {
            details.push(_t("Until: %s", stage.exit));
        }
        if (stage.group) {
            details.push(_t("Responsible: %s", stage.group));
        }
        if (since) {
            details.push(_t("From: %s", formatMoment(since)));
        }
        if (leftAt) {
            details.push(_t("To: %s", formatMoment(leftAt)));
            if (since) {
                details.push(
                    _t("Took: %s", formatDuration(minutesBetween(since, leftAt)))
                );
            }
        }
        if (deadline && stage.state !== "todo") {
            details.push(_t("Due: %s", formatMoment(deadline)));
        }
        return details;
    }

    /** One sentence for what has to happen next. */
    get next() {
        if (this.data.cycle_state === "closed" && this.data.cancelled) {
            return _t(
                "All that was to be delivered was cancelled: nothing is left to do."
            );
        }
        if (this.data.cycle_state === "closed") {
            return _t("Nothing is left to do: the cycle is closed.");
        }
        if (this.data.cycle_state === "cancel") {
            return _t("The order is cancelled.");
        }
        return this.current?.exit ? _t("Now: %s", this.current.exit) : "";
    }

    blocksText(hold) {
        return (hold.blocks || []).join(", ");
    }

    toggleWhy() {
        this.state.showWhy = !this.state.showWhy;
    }

    toggleAll() {
        this.state.showAll = !this.state.showAll;
    }

    async reload() {
        await this.props.record.load();
    }

    async liftHold(hold) {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            if (!(await this.props.record.save())) {
                return;
            }
            const ask = await this.orm.call("oms.hold", "action_open_lift", [
                [hold.id],
            ]);
            await this.action.doAction(ask, {onClose: () => this.reload()});
        } finally {
            this.state.busy = false;
        }
    }
}

export const omsCycleBar = {
    component: OmsCycleBar,
    displayName: _t("Order Cycle Bar"),
    supportedTypes: ["json"],
};

registry.category("fields").add("oms_cycle_bar", omsCycleBar);

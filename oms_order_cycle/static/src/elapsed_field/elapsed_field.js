import {
    describeDeadline,
    formatDuration,
    formatMoment,
    minutesBetween,
} from "@oms_order_cycle/core/time";
import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/**
 * A date and time as the length of time since then ("3 d 4 h"), or, with the option
 * `deadline`, as the time that is left ("in 2 h", "5 h late"). The exact time is in
 * the tooltip.
 */
export class OmsElapsedField extends Component {
    static template = "oms_order_cycle.ElapsedField";
    static props = {
        ...standardFieldProps,
        deadline: {type: Boolean, optional: true},
        words: {type: Boolean, optional: true},
    };

    get moment() {
        return this.props.record.data[this.props.name] || null;
    }

    get text() {
        if (!this.moment) {
            return "";
        }
        if (this.props.deadline) {
            const {late, text} = describeDeadline(this.moment);
            return this.props.words && !late ? _t("due %s", text) : text;
        }
        const elapsed = formatDuration(minutesBetween(this.moment));
        return this.props.words ? _t("since %s", elapsed) : elapsed;
    }

    get title() {
        return formatMoment(this.moment);
    }

    get isLate() {
        return Boolean(this.props.deadline && describeDeadline(this.moment)?.late);
    }
}

export const omsElapsedField = {
    component: OmsElapsedField,
    displayName: _t("Elapsed Time"),
    supportedTypes: ["datetime"],
    supportedOptions: [
        {
            label: _t("Is a deadline"),
            name: "deadline",
            type: "boolean",
            help: _t("Show the time that is left instead of the time that has passed."),
        },
        {
            label: _t("With the words since or due"),
            name: "words",
            type: "boolean",
        },
    ],
    listViewWidth: [96, 130],
    extractProps: ({options}) => ({
        deadline: Boolean(options.deadline),
        words: Boolean(options.words),
    }),
};

registry.category("fields").add("oms_elapsed", omsElapsedField);

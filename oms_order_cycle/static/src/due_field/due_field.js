import {
    describeDeadline,
    formatDuration,
    formatMoment,
    minutesBetween,
} from "@oms_order_cycle/core/time";
import {
    OmsElapsedField,
    omsElapsedField,
} from "@oms_order_cycle/elapsed_field/elapsed_field";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

/**
 * When an order should leave its stage, as the time that is left; or how late it is by
 * the date that was promised, when the stage is in time.
 */
export class OmsDueField extends OmsElapsedField {
    get isStageLate() {
        return Boolean(describeDeadline(this.moment)?.late);
    }

    /** The promised date, if it has passed and not all has left. */
    get brokenPromise() {
        const {
            commitment_date: promised,
            oms_is_late: late,
            oms_shipped_at: shipped,
        } = this.props.record.data;
        return late && promised && !shipped && describeDeadline(promised).late
            ? promised
            : null;
    }

    get text() {
        if (this.brokenPromise && !this.isStageLate) {
            return _t(
                "promise %s late",
                formatDuration(minutesBetween(this.brokenPromise))
            );
        }
        return super.text;
    }

    get title() {
        const lines = [];
        if (this.moment) {
            lines.push(_t("Stage due: %s", formatMoment(this.moment)));
        }
        if (this.brokenPromise) {
            lines.push(_t("Promised: %s", formatMoment(this.brokenPromise)));
        }
        return lines.join("\n");
    }

    get isLate() {
        return this.isStageLate || Boolean(this.brokenPromise);
    }
}

export const omsDueField = {
    ...omsElapsedField,
    component: OmsDueField,
    displayName: _t("Due"),
    fieldDependencies: [
        {name: "commitment_date", type: "datetime"},
        {name: "oms_is_late", type: "boolean"},
        {name: "oms_shipped_at", type: "datetime"},
    ],
    listViewWidth: [155, 190],
    extractProps: (...args) => ({
        ...omsElapsedField.extractProps(...args),
        deadline: true,
    }),
};

registry.category("fields").add("oms_due", omsDueField);

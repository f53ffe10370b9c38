import {deserializeDateTime, toLocaleDateTimeString} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";

const {DateTime} = luxon;

/**
 * Reads a time sent by the server (UTC, ISO or server format).
 *
 * @param {string | luxon.DateTime | false | null} value
 * @returns {luxon.DateTime | null}
 */
export function readTime(value) {
    if (!value) {
        return null;
    }
    if (typeof value !== "string") {
        return value;
    }
    return deserializeDateTime(
        value.replace("T", " ").replace(/(\.\d+)?(Z|\+00:00)?$/, "")
    );
}

/**
 * A length of time in words, with the two largest units that say something.
 *
 * @param {number} minutes
 * @returns {string}
 */
export function formatDuration(minutes) {
    const total = Math.max(0, Math.round(minutes));
    const days = Math.floor(total / 1440);
    const hours = Math.floor((total % 1440) / 60);
    if (days >= 2 || (days && !hours)) {
        return _t("%s d", days);
    }
    if (days) {
        return _t("%(days)s d %(hours)s h", {days, hours});
    }
    const rest = total % 60;
    if (hours >= 3 || (hours && !rest)) {
        return _t("%s h", hours);
    }
    if (hours) {
        return _t("%(hours)s h %(minutes)s min", {hours, minutes: rest});
    }
    return _t("%s min", rest);
}

/** Minutes from one time to another, now by default. */
export function minutesBetween(from, to = DateTime.now()) {
    return to.diff(from, "minutes").minutes;
}

/** A time in the user's language and time zone, without the year when it is this one. */
export function formatMoment(moment) {
    return moment ? toLocaleDateTimeString(moment) : "";
}

/**
 * When something is due, in words.
 *
 * @param {luxon.DateTime | null} deadline
 * @returns {{late: boolean, soon: boolean, text: string} | null}
 */
export function describeDeadline(deadline) {
    if (!deadline) {
        return null;
    }
    const left = -minutesBetween(deadline);
    if (left < 0) {
        return {late: true, soon: false, text: _t("%s late", formatDuration(-left))};
    }
    return {late: false, soon: left < 60, text: _t("in %s", formatDuration(left))};
}

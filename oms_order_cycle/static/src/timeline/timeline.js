import {formatMoment, readTime} from "@oms_order_cycle/core/time";
import {Component, useState} from "@odoo/owl";
import {toLocaleDateString} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {useRecordObserver} from "@web/model/relational_model/utils";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

const PAGE = 40;

// Sign and colour per kind of event; the sentence of the event says the same in words.
const KINDS = {
    fact: ["fa-flag-checkered", "text-success"],
    fact_cleared: ["fa-undo", "text-warning"],
    stage: ["fa-arrow-right", "text-primary"],
    approval: ["fa-thumbs-o-up", "text-success"],
    approval_withdrawn: ["fa-undo", "text-warning"],
    approval_rejected: ["fa-thumbs-o-down", "text-danger"],
    prepaid: ["fa-money", "text-success"],
    prepaid_withdrawn: ["fa-money", "text-warning"],
    hold: ["fa-hand-paper-o", "text-danger"],
    hold_lifted: ["fa-unlock", "text-success"],
    hold_overridden: ["fa-unlock-alt", "text-warning"],
    promised: ["fa-calendar", "text-warning"],
    delivered: ["fa-home", "text-success"],
    cancelled: ["fa-ban", "text-danger"],
    closed: ["fa-check-circle", "text-success"],
    reopened: ["fa-repeat", "text-warning"],
    action: ["fa-bolt", "text-info"],
    note: ["fa-comment-o", "text-muted"],
};

/**
 * The journal of an order, newest first, by day. It is read when the page of the form is
 * opened, so that opening an order costs nothing more.
 */
export class OmsTimeline extends Component {
    static template = "oms_order_cycle.Timeline";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({events: [], total: 0, loaded: false});
        this.limit = PAGE;
        useRecordObserver(async (record) => {
            // The bar changes whenever something happened: read the journal again then.
            void record.data.oms_cycle_bar;
            await this.load(record.resId);
        });
    }

    async load(orderId) {
        if (!orderId) {
            this.state.loaded = true;
            return;
        }
        const {records, length} = await this.orm.webSearchRead(
            "oms.event",
            [["order_id", "=", orderId]],
            {
                specification: {
                    date: {},
                    kind: {},
                    name: {},
                    user_id: {fields: {display_name: {}}},
                    res_model: {},
                    res_id: {},
                },
                limit: this.limit,
                order: "date desc, id desc",
            }
        );
        Object.assign(this.state, {events: records, total: length, loaded: true});
    }

    /** The events, grouped by day. */
    get days() {
        const days = [];
        for (const event of this.state.events) {
            const moment = readTime(event.date);
            const day = toLocaleDateString(moment);
            if (days.at(-1)?.day !== day) {
                days.push({day, events: []});
            }
            const [icon, color] = KINDS[event.kind] || KINDS.note;
            days.at(-1).events.push({
                id: event.id,
                icon,
                color,
                name: event.name,
                time: moment.toLocaleString(luxon.DateTime.TIME_SIMPLE),
                title: formatMoment(moment),
                user: event.user_id?.display_name || _t("Automatic"),
                document: Boolean(event.res_model && event.res_id),
            });
        }
        return days;
    }

    get hidden() {
        return Math.max(0, this.state.total - this.state.events.length);
    }

    async showMore() {
        this.limit += PAGE * 4;
        await this.load(this.props.record.resId);
    }

    async openDocument(eventId) {
        const action = await this.orm.call("oms.event", "action_open_document", [
            [eventId],
        ]);
        if (action) {
            await this.action.doAction(action);
        }
    }
}

export const omsTimeline = {
    component: OmsTimeline,
    fieldDependencies: [{name: "oms_cycle_bar", type: "json"}],
};

registry.category("view_widgets").add("oms_timeline", omsTimeline);

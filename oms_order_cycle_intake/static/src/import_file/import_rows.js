import {Component, onMounted, onPatched, useRef, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {Pager} from "@web/core/pager/pager";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {useRecordObserver} from "@web/model/relational_model/utils";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {OmsImportCorrectDialog} from "./import_correct_dialog";

const LIMIT = 50;

/**
 * All rows of an order file, a page at a time, with what is wrong at the cell where it
 * is. A cell is corrected in a dialog; the server checks the orders concerned again.
 */
export class OmsImportRows extends Component {
    static template = "oms_order_cycle_intake.ImportRows";
    static components = {Pager};
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.action = useService("action");
        this.root = useRef("root");
        this.state = useState({
            which: "all",
            offset: 0,
            page: {columns: [], rows: [], total: 0, counts: {}, results: []},
            isLoaded: false,
        });
        this.focusAt = null;
        useRecordObserver((record) => {
            // read, so that the rows are asked for again whenever one of them changes
            const {state, good_count, faulty_count, done_count} = record.data;
            return this.load([state, good_count, faulty_count, done_count]);
        });
        onMounted(() => this.focus());
        onPatched(() => this.focus());
    }

    get limit() {
        return LIMIT;
    }

    get isReadonly() {
        return this.props.record.data.state === "running";
    }

    get filters() {
        const {counts} = this.state.page;
        return [
            {key: "all", label: _t("All"), count: counts.all},
            {key: "good", label: _t("Good"), count: counts.good},
            {key: "faulty", label: _t("Faulty"), count: counts.faulty},
            {key: "waiting", label: _t("Waiting"), count: counts.waiting},
            {key: "done", label: _t("Imported"), count: counts.done},
        ];
    }

    get summary() {
        const {counts} = this.state.page;
        const words = Object.fromEntries(
            ["good", "faulty", "waiting"].map((key) => [
                key,
                (counts[key] || 0).toLocaleString(),
            ])
        );
        // the others of a faulty order
        return counts.waiting
            ? _t("%(good)s good, %(faulty)s faulty, %(waiting)s wait for them", words)
            : _t("%(good)s good, %(faulty)s faulty", words);
    }

    async load() {
        const {resId} = this.props.record;
        if (!resId) {
            return;
        }
        const ask = () =>
            this.orm.call("oms.import", "get_page", [[resId]], {
                offset: this.state.offset,
                limit: LIMIT,
                which: this.state.which,
            });
        let page = await ask();
        if (!page.rows.length && page.total) {
            // the last row of the last page is faulty no more
            this.state.offset = Math.floor((page.total - 1) / LIMIT) * LIMIT;
            page = await ask();
        }
        Object.assign(this.state, {page, isLoaded: true});
    }

    show(which) {
        Object.assign(this.state, {which, offset: 0});
        return this.load();
    }

    onPage({offset}) {
        this.state.offset = offset;
        return this.load();
    }

    faultsAt(row, column) {
        return row.faults.filter((fault) => fault.column === column.index);
    }

    isFaulty(row, column) {
        return this.faultsAt(row, column).some((fault) => fault.blocking);
    }

    messagesAt(row, column) {
        return this.faultsAt(row, column)
            .map((fault) => fault.message)
            .join("\n");
    }

    canCorrect(row, column) {
        return (
            !this.isReadonly &&
            column.target &&
            ["good", "faulty", "waiting"].includes(row.state)
        );
    }

    /**
     * Open the dialog of a cell; once it is corrected, the next faulty one has the
     * focus, so that Enter goes on.
     */
    correct(row, column) {
        if (!this.canCorrect(row, column)) {
            return;
        }
        this.dialog.add(OmsImportCorrectDialog, {
            importId: this.props.record.resId,
            row,
            column,
            messages: this.faultsAt(row, column).map((fault) => fault.message),
            onDone: async () => {
                await this.load();
                this.focusAt = row.number;
                await this.props.record.load();
                this.focus();
            },
        });
    }

    focus() {
        if (this.focusAt === null || !this.root.el) {
            return;
        }
        const buttons = [...this.root.el.querySelectorAll(".o_oms_import_fault")];
        const next = buttons.find(
            (button) => Number(button.closest("tr").dataset.number) >= this.focusAt
        );
        (next || buttons[0])?.focus();
        this.focusAt = null;
    }

    /** The cell that Tab leads to where none is faulty; arrows lead on from there. */
    isFirst(row, column) {
        const {rows, columns} = this.state.page;
        return (
            row === rows[0] &&
            column === columns.find((one) => this.canCorrect(row, one))
        );
    }

    /**
     * Arrows go from cell to cell, Enter and F2 correct the one that has the focus.
     *
     * @param {KeyboardEvent} ev
     * @param {Object} row
     * @param {Object} column
     */
    onKeydown(ev, row, column) {
        const cell = ev.currentTarget;
        const rowOf = {
            ArrowUp: cell.parentElement.previousElementSibling,
            ArrowDown: cell.parentElement.nextElementSibling,
        };
        const next = {
            ArrowLeft: cell.previousElementSibling,
            ArrowRight: cell.nextElementSibling,
            ArrowUp: rowOf.ArrowUp?.children[cell.cellIndex],
            ArrowDown: rowOf.ArrowDown?.children[cell.cellIndex],
        }[ev.key];
        if (next?.matches(".o_oms_import_editable")) {
            ev.preventDefault();
            (next.querySelector("button") || next).focus();
        } else if (ev.key === "F2" || (ev.key === "Enter" && ev.target === cell)) {
            ev.preventDefault();
            this.correct(row, column);
        }
    }

    openOrder(order) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "sale.order",
            res_id: order.id,
            views: [[false, "form"]],
        });
    }
}

export const omsImportRows = {
    component: OmsImportRows,
    fieldDependencies: [
        {name: "state", type: "selection"},
        {name: "good_count", type: "integer"},
        {name: "faulty_count", type: "integer"},
        {name: "done_count", type: "integer"},
    ],
};

registry.category("view_widgets").add("oms_import_rows", omsImportRows);

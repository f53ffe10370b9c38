import {Draft} from "./draft";
import {Interaction} from "@web/public/interaction";
import {OrderPadRow} from "./order_pad_row";
import {_t} from "@web/core/l10n/translation";
import {debounce} from "@web/core/utils/timing";
import {redirect} from "@web/core/utils/urls";
import {registry} from "@web/core/registry";
import {renderToElement} from "@web/core/utils/render";
import {rpc} from "@web/core/network/rpc";

const MOST_ROWS = 1000;
const FIRST_ROWS = 3;

/** What was bought, what it costs now, and whether it is there. */
function describeBought({qty, answer}) {
    const {uom, last, price_words: price, availability} = answer;
    const parts = [
        _t("%(qty)s %(uom)s, %(date)s", {qty, uom, date: last.date_words}),
        _t("today %s", price),
        availability.words,
    ];
    return parts.filter(Boolean).join(" · ");
}

/** The page on which a customer orders by himself. */
export class OrderPad extends Interaction {
    static selector = ".o_oms_order_pad";
    dynamicContent = {
        ".o_oms_pad_add": {"t-on-click": () => this.addRow().textEl.focus()},
        ".o_oms_pad_paste_take": {"t-on-click": this.locked(this.onPasteList, true)},
        ".o_oms_pad_file": {"t-on-change": this.locked(this.onFile)},
        "#oms_pad_bought": {"t-on-show.bs.collapse": this.locked(this.onShowBought)},
        ".o_oms_pad_clear": {"t-on-click": this.onClear},
        ".o_oms_pad_wish": {"t-on-change": this.onWish},
        ".o_oms_pad_submit": {"t-on-click": this.locked(this.onSubmit, true)},
    };

    setup() {
        this.rows = [];
        this.lastId = 0;
        this.asked = 0;
        this.rowsEl = this.el.querySelector(".o_oms_pad_rows");
        this.wishEls = [...this.el.querySelectorAll(".o_oms_pad_wish")];
        this.store = new Draft(this.el.dataset.user);
        this.draft = this.store.load();
        this.askSoon = debounce(() => this.ask(), 250);
        this.searchSoon = debounce((row) => row.combobox.search(), 150);
        this.registerCleanup(() => this.askSoon.cancel());
        this.registerCleanup(() => this.searchSoon.cancel());
    }

    start() {
        for (const wishEl of this.wishEls) {
            const kept = this.draft.wishes[wishEl.name];
            const isThere =
                wishEl.tagName !== "SELECT" ||
                [...wishEl.options].some((option) => option.value === kept);
            if (kept && isThere) {
                wishEl.value = kept;
            }
        }
        this.listen("input", this.onInput);
        this.listen("change", this.onChange);
        this.listen("keydown", this.onKeydown);
        this.listen("focusout", this.onFocusout);
        this.listen("paste", this.onPaste);
        this.listen("click", this.onClick);
        this.addRows(this.draft.rows);
        this.el.classList.remove("o_oms_pad_loading");
        if (this.el.dataset.again) {
            this.orderAgain(parseInt(this.el.dataset.again, 10));
        }
    }

    destroy() {
        this.rowsEl.replaceChildren();
    }

    /** Events of rows, also of those that come later. */
    listen(name, handler) {
        this.addListener(this.rowsEl, name, (ev) => {
            const rowEl = ev.target.closest("[data-row]");
            const row = rowEl && this.rows.find((one) => one.el === rowEl);
            if (row) {
                handler.call(this, ev, row);
            }
        });
    }

    // -- rows ----------------------------------------------------------------------

    addRow(values = {}) {
        const row = new OrderPadRow(++this.lastId, values, {
            search: (text) => rpc("/my/order-pad/suggest", {text}, {silent: true}),
            changed: () => this.changed(),
        });
        this.rows.push(row);
        this.rowsEl.append(row.el);
        row.number(this.rows.length);
        return row;
    }

    /** Rows from somewhere else come behind those that are filled in. */
    addRows(values) {
        for (const row of this.rows.filter((one) => one.isBlank)) {
            this.removeRow(row);
        }
        const room = MOST_ROWS - this.rows.length;
        values.slice(0, room).forEach((one) => this.addRow(one));
        while (this.rows.length < FIRST_ROWS) {
            this.addRow();
        }
        if (values.length > room) {
            this.tell([_t("An order has at most %s lines here.", MOST_ROWS)]);
        }
        this.changed();
    }

    removeRow(row) {
        this.rows.splice(this.rows.indexOf(row), 1);
        this.rows
            .filter((one) => row.productId && one.productId === row.productId)
            .forEach((one) => (one.answered = null));
        row.el.remove();
        this.rows.forEach((one, index) => one.number(index + 1));
    }

    changed() {
        this.save();
        this.askSoon();
    }

    save() {
        this.draft.rows = this.rows
            .filter((row) => !row.isBlank)
            .map((row) => row.kept);
        this.draft.wishes = Object.fromEntries(
            this.wishEls.map((wishEl) => [wishEl.name, wishEl.value])
        );
        this.store.save(this.draft);
    }

    /**
     * Ask the server what rows mean that have changed, with those of the same products,
     * as goods that are wanted twice count together. Of several answers the last counts.
     */
    async ask() {
        const asked = ++this.asked;
        const {address_id, date} = this.readWishes();
        const wishes = JSON.stringify([address_id, date]);
        if (wishes !== this.askedWishes) {
            this.rows.forEach((row) => (row.answered = null));
        }
        const rows = this.findRowsToAsk();
        const kept = rows.map((row) => row.kept);
        const others = this.rows.filter((row) => !rows.includes(row));
        const answer = await this.waitFor(
            rpc(
                "/my/order-pad/answer",
                {
                    rows: kept,
                    address_id,
                    date,
                    amount_beside: others.reduce((sum, row) => sum + row.amount, 0),
                },
                {silent: true}
            )
        );
        const isSame = rows.every(
            (row, index) => JSON.stringify(row.kept) === JSON.stringify(kept[index])
        );
        if (asked !== this.asked || !isSame) {
            return;
        }
        this.askedWishes = wishes;
        rows.forEach((row, index) => row.show(answer.rows[index]));
        const lines = this.rows.filter((row) => !row.isBlank).length;
        this.showTotal({...answer, lines});
        this.save();
        // a code that was typed may mean what is in another row, too
        const found = new Set(rows.map((row) => row.productId).filter(Boolean));
        const alike = others.filter((row) => found.has(row.productId));
        if (alike.length) {
            alike.forEach((row) => (row.answered = null));
            this.askSoon();
        }
    }

    findRowsToAsk() {
        const stale = new Set(this.rows.filter((row) => row.isStale));
        const products = new Set(
            [...stale].flatMap((row) => [row.productId, row.values.product_id])
        );
        products.delete(false);
        return this.rows.filter(
            (row) =>
                stale.has(row) ||
                products.has(row.productId) ||
                products.has(row.values.product_id)
        );
    }

    showTotal({lines, total_words: total}) {
        const words =
            lines === 1
                ? _t("1 line, %s without taxes", total)
                : _t("%(lines)s lines, %(total)s without taxes", {lines, total});
        const totalEl = this.el.querySelector(".o_oms_pad_total");
        if (totalEl.textContent !== words) {
            totalEl.textContent = words;
        }
    }

    // -- what the customer does ----------------------------------------------------

    onInput(ev, row) {
        if (ev.target === row.textEl) {
            row.onText();
            this.searchSoon(row);
        } else if (ev.target === row.qtyEl) {
            row.onQty();
        }
        this.changed();
    }

    onChange(ev, row) {
        if (ev.target === row.uomEl) {
            row.onUnit();
            this.changed();
        }
    }

    onKeydown(ev, row) {
        if (ev.target === row.textEl && row.combobox.onKeydown(ev)) {
            return;
        }
        if (ev.key !== "Enter" || ev.target.tagName === "BUTTON") {
            return;
        }
        ev.preventDefault();
        if (ev.target === row.textEl) {
            row.combobox.close();
            row.qtyEl.focus();
            return;
        }
        const next = this.rows[this.rows.indexOf(row) + 1] || this.addRow();
        next.textEl.focus();
    }

    onFocusout(ev, row) {
        if (ev.target === row.textEl) {
            row.combobox.close();
        }
    }

    /** A list that is pasted into a line becomes lines. */
    onPaste(ev, row) {
        const text = ev.clipboardData?.getData("text/plain") || "";
        if (ev.target === row.textEl && /[\n\t]/.test(text.trim())) {
            ev.preventDefault();
            this.takeList(text);
        }
    }

    onClick(ev, row) {
        const buttonEl = ev.target.closest("button");
        if (!buttonEl) {
            return;
        }
        if (buttonEl.dataset.pad === "remove") {
            const index = this.rows.indexOf(row);
            this.removeRow(row);
            (
                this.rows[Math.min(index, this.rows.length - 1)] || this.addRow()
            ).textEl.focus();
            this.changed();
        } else if (buttonEl.dataset.fault) {
            row.takeProposal(parseInt(buttonEl.dataset.fault, 10));
        }
    }

    onWish() {
        this.changed();
    }

    onClear() {
        this.rows.forEach((row) => row.el.remove());
        this.rows = [];
        this.store.clear();
        this.draft = this.store.load();
        this.tell([]);
        this.addRows([]);
        this.rows[0].textEl.focus();
    }

    // -- rows from elsewhere -------------------------------------------------------

    async onPasteList() {
        const textEl = this.el.querySelector("#oms_pad_list");
        await this.takeList(textEl.value);
        textEl.value = "";
    }

    async takeList(text) {
        const {rows, problems} = await this.waitFor(rpc("/my/order-pad/paste", {text}));
        this.takeRows(rows, problems);
    }

    async onFile() {
        const fileEl = this.el.querySelector(".o_oms_pad_file");
        const [file] = fileEl.files;
        if (!file) {
            return;
        }
        const data = new FormData();
        data.append("csrf_token", odoo.csrf_token);
        data.append("file", file);
        try {
            const {rows, problems} = await this.waitFor(
                this.services.http.post("/my/order-pad/upload", data)
            );
            this.takeRows(rows, problems);
        } catch {
            this.tell([_t("The file could not be sent. Try again.")]);
        }
        fileEl.value = "";
    }

    takeRows(rows, problems) {
        const first = this.rows.filter((row) => !row.isBlank).length;
        this.addRows(rows);
        const said =
            rows.length === 1
                ? _t("1 line added.")
                : _t("%s lines added.", rows.length);
        this.tell(problems, rows.length ? said : "");
        if (rows.length) {
            this.rows[first]?.textEl.focus();
        }
    }

    async orderAgain(orderId) {
        window.history.replaceState({}, "", "/my/order-pad");
        const {rows, gone, order, error} = await this.waitFor(
            rpc("/my/order-pad/again", {order_id: orderId})
        );
        if (error) {
            this.tell([error]);
            return;
        }
        this.addRows(rows);
        this.tell(
            gone.map((name) => _t("Not sold any more: %s", name)),
            _t("%(count)s lines of %(order)s added.", {count: rows.length, order})
        );
    }

    async onShowBought() {
        const listEl = this.el.querySelector(".o_oms_pad_bought");
        const bought = await this.waitFor(rpc("/my/order-pad/bought"));
        listEl.replaceChildren(
            renderToElement("oms_order_cycle_intake.OrderPadBought", {
                bought: bought.map((one) => ({
                    ...one,
                    label: _t("Add %s", one.answer.name),
                    about: describeBought(one),
                })),
            })
        );
        this.addListener(listEl.querySelectorAll("button"), "click", (ev) => {
            const {product_id, qty, uom_id} = bought[ev.currentTarget.dataset.index];
            this.addRows([{product_id, qty, uom_id}]);
            this.tell([], _t("1 line added."));
        });
    }

    // -- submit --------------------------------------------------------------------

    readWishes() {
        const wishes = Object.fromEntries(
            this.wishEls.map((wishEl) => [wishEl.name, wishEl.value.trim() || false])
        );
        return {...wishes, address_id: parseInt(wishes.address_id, 10) || false};
    }

    async onSubmit(ev) {
        const {kind} = ev.target.closest("[data-kind]").dataset;
        const rows = [...this.rows];
        let answer = null;
        try {
            answer = await this.waitFor(
                rpc("/my/order-pad/submit", {
                    rows: rows.map((row) => row.kept),
                    wishes: {...this.readWishes(), kind, key: this.draft.key},
                })
            );
        } catch (error) {
            // what a user did wrong is told in words, anything else is not his to read
            const isTold = error.exceptionName?.startsWith("odoo.exceptions.");
            const words = isTold && error.data?.message;
            this.tell([words || _t("The order could not be sent. Try again.")]);
            return;
        }
        if (answer.status !== "refused") {
            this.store.clear();
            redirect(answer.url);
            return;
        }
        answer.rows.forEach((one, index) => rows[index].show(one));
        this.tell(answer.errors, "", answer);
        rows.find((row) => row.faults.length)?.focusFault();
    }

    /**
     * @param {String[]} problems
     * @param {String} [done] what has happened
     * @param {Object} [answer] with the order that there is already
     */
    tell(problems, done = "", answer = {}) {
        this.el.querySelector(".o_oms_pad_done").textContent = done;
        const problemsEl = this.el.querySelector(".o_oms_pad_problems");
        problemsEl.replaceChildren();
        problemsEl.classList.toggle("d-none", !problems.length);
        if (problems.length) {
            problemsEl.append(
                renderToElement("oms_order_cycle_intake.OrderPadProblems", {
                    problems: problems.slice(0, 20),
                    more: Math.max(0, problems.length - 20),
                    answer,
                })
            );
            problemsEl.focus();
        }
    }
}

registry
    .category("public.interactions")
    .add("oms_order_cycle_intake.order_pad", OrderPad);

import {browser} from "@web/core/browser/browser";
import {RPCError} from "@web/core/network/rpc";
import {_t} from "@web/core/l10n/translation";
import {uuid} from "@web/core/utils/strings";

/** Milliseconds from the last change until the draft is kept. */
const KEEP_DELAY = 800;
/** Where this tab remembers which draft it has open. */
const TAB_KEY = "oms_order_desk_key";
const SERVER = "oms.order.desk";

export function makeContent() {
    return {
        key: uuid(),
        order_id: false,
        order_name: "",
        stamp: "",
        partner_id: false,
        shipping_id: false,
        channel_id: false,
        client_order_ref: "",
        requested_date: "",
        note: "",
        lines: [],
        fixed: [],
    };
}

/**
 * An order as it is typed. The browser has it, the server answers to it, and keeps a
 * draft of it. Each line counts its changes, so that an answer is not taken for what was
 * typed since.
 */
export class OrderDeskModel {
    constructor(orm) {
        this.orm = orm;
        this.rights = {discount: false, create_partner: false};
        this.channels = [];
        this.currencyId = false;
        this.usualChannelId = false;
        this.drafts = [];
        this.content = makeContent();
        this.customer = null;
        this.answer = null;
        this.error = "";
        this.saved = null;
        this.removed = null;
        this.isBusy = false;
        this.isAsking = false;
        this.mustAskAgain = false;
        this.isKept = true;
        this.keepTimer = null;
    }

    // -- beginning ------------------------------------------------------------------

    async open(orderId) {
        const key = browser.sessionStorage.getItem(TAB_KEY) || false;
        const {rights, channels, channel_id, currency_id, drafts, content} =
            await this.orm.call(SERVER, "open", [], {key, order_id: orderId || false});
        Object.assign(this, {
            rights,
            channels,
            drafts,
            currencyId: currency_id,
            usualChannelId: channel_id,
        });
        await this.show(content);
    }

    /** Show a content, or an empty one. */
    async show(content) {
        const empty = {...makeContent(), channel_id: this.usualChannelId};
        this.content = {...empty, ...(content || {})};
        this.content.lines = this.content.lines.map((line) => ({...line, rev: 0}));
        this.answer = null;
        this.error = "";
        this.removed = null;
        this.isKept = true;
        this.remember();
        await this.loadCustomer();
        if (this.content.partner_id) {
            this.ask();
        }
    }

    /** The draft that this tab comes back to. */
    remember() {
        if (this.isEmpty) {
            browser.sessionStorage.removeItem(TAB_KEY);
        } else {
            browser.sessionStorage.setItem(TAB_KEY, this.content.key);
        }
    }

    async startNew() {
        await this.keepNow();
        await this.show(null);
        await this.loadDrafts();
    }

    async loadDrafts() {
        const {drafts} = await this.orm.call(SERVER, "open");
        this.drafts = drafts;
    }

    async takeUp(key) {
        await this.keepNow();
        this.saved = null;
        await this.show(await this.orm.call(SERVER, "take_up", [key]));
        await this.loadDrafts();
    }

    async giveUp(key) {
        browser.clearTimeout(this.keepTimer);
        this.isKept = true;
        this.drafts = await this.orm.call(SERVER, "give_up", [key]);
    }

    async openOrder(orderId) {
        await this.keepNow();
        this.saved = null;
        await this.open(orderId);
    }

    // -- what is there --------------------------------------------------------------

    get isEmpty() {
        const {partner_id, lines, note, order_id} = this.content;
        return !partner_id && !lines.length && !note && !order_id;
    }

    get otherDrafts() {
        return this.drafts.filter(({key}) => key !== this.content.key);
    }

    getAnswer(line) {
        return (this.answer && this.answer.lines[line.key]) || null;
    }

    /** What is typed, as the server and the draft take it. */
    get typed() {
        const {content} = this;
        return {
            ...content,
            lines: content.lines.map((line) =>
                Object.fromEntries(
                    Object.entries(line).filter(([name]) => name !== "rev")
                )
            ),
        };
    }

    // -- changes --------------------------------------------------------------------

    /** Something of the order changed; `priced`: prices may be others. */
    change(values, {priced = false} = {}) {
        Object.assign(this.content, values);
        if (priced) {
            this.content.lines.forEach((line) => this.forget(line));
        }
        this.changed();
    }

    changed() {
        this.error = "";
        this.saved = null;
        this.isKept = false;
        this.remember();
        browser.clearTimeout(this.keepTimer);
        this.keepTimer = browser.setTimeout(() => this.keepNow(), KEEP_DELAY);
        this.ask();
    }

    async setCustomer({id, name}) {
        const nothing = {details: "", addresses: [], bought: [], quotations: []};
        this.customer = {id, name, ...nothing};
        this.change({partner_id: id, shipping_id: false}, {priced: true});
        await this.loadCustomer();
    }

    async loadCustomer() {
        const {partner_id: partnerId, order_id: orderId} = this.content;
        if (!partnerId) {
            this.customer = null;
            return;
        }
        const customer = await this.orm.call(SERVER, "get_customer", [
            partnerId,
            orderId,
        ]);
        if (this.content.partner_id === partnerId) {
            this.customer = customer;
        }
    }

    /**
     * Put a product on the order.
     *
     * @returns {Object} the line; the one that has it already, where there is one
     */
    addProduct({product_id, code, name, uom_id, uoms}, qty = null) {
        const same = this.content.lines.find(
            (line) => line.product_id === product_id && line.uom_id === uom_id
        );
        if (same) {
            return same;
        }
        this.content.lines.push({
            key: uuid(),
            line_id: false,
            product_id,
            code,
            name,
            uom_id,
            uoms,
            qty,
            price: false,
            discount: false,
            known_price: false,
            known_discount: false,
            rev: 0,
        });
        this.removed = null;
        this.changed();
        return this.content.lines.at(-1);
    }

    changeLine(line, values) {
        Object.assign(line, values);
        this.forget(line);
        this.changed();
    }

    /** Ask anew what a line costs. */
    forget(line) {
        Object.assign(line, {
            rev: line.rev + 1,
            known_price: false,
            known_discount: false,
        });
    }

    removeLine(line) {
        const index = this.content.lines.indexOf(line);
        this.content.lines.splice(index, 1);
        this.removed = {line, index};
        this.changed();
    }

    undoRemove() {
        const {line, index} = this.removed;
        this.content.lines.splice(index, 0, line);
        this.removed = null;
        this.changed();
        return line;
    }

    // -- the server -----------------------------------------------------------------

    /** Have the server answer; one question at a time, the newest next. */
    async ask() {
        if (this.isAsking) {
            this.mustAskAgain = true;
            return;
        }
        this.isAsking = true;
        try {
            do {
                this.mustAskAgain = false;
                await this.askOnce();
            } while (this.mustAskAgain);
        } finally {
            this.isAsking = false;
        }
    }

    async askOnce() {
        const {key, lines} = this.content;
        const revs = new Map(lines.map((line) => [line.key, line.rev]));
        try {
            const answer = await this.orm.silent.call(SERVER, "answer", [this.typed]);
            if (key !== this.content.key) {
                return;
            }
            this.answer = answer;
            for (const line of this.content.lines) {
                const found = answer.lines[line.key];
                if (found && revs.get(line.key) === line.rev) {
                    line.known_price = found.price;
                    line.known_discount = found.discount;
                }
            }
        } catch (error) {
            this.fail(error);
        }
    }

    /** Say what went wrong where it is read, and leave everything as it is typed. */
    fail(error) {
        if (error instanceof RPCError) {
            this.error = (error.data && error.data.message) || error.message;
        } else {
            this.error = _t(
                "There is no answer from the server. What you typed is still here."
            );
        }
    }

    async keepNow() {
        browser.clearTimeout(this.keepTimer);
        if (this.isKept || this.isBusy || this.isEmpty) {
            return;
        }
        this.isKept = true;
        try {
            await this.orm.silent.call(SERVER, "keep", [this.typed]);
        } catch (error) {
            this.isKept = false;
            this.fail(error);
        }
    }

    /** The browser closes: hand the draft over without waiting. */
    keepUrgently() {
        if (this.isKept || this.isEmpty) {
            return true;
        }
        const params = {model: SERVER, method: "keep", args: [this.typed], kwargs: {}};
        const body = JSON.stringify({jsonrpc: "2.0", method: "call", params});
        return browser.navigator.sendBeacon(
            `/web/dataset/call_kw/${SERVER}/keep`,
            new Blob([body], {type: "application/json"})
        );
    }

    /**
     * @returns {Object|null} what became of it; null where it was not saved
     */
    async save({confirm, overwrite = false}) {
        if (this.isBusy) {
            return null;
        }
        browser.clearTimeout(this.keepTimer);
        this.isBusy = true;
        this.error = "";
        try {
            const result = await this.orm.call(SERVER, "save", [this.typed], {
                confirm,
                overwrite,
            });
            if (result.status === "changed meanwhile") {
                return result;
            }
            this.saved = result;
            this.drafts = this.otherDrafts;
            await this.show(null);
            return result;
        } catch (error) {
            this.isKept = false;
            this.fail(error);
            return null;
        } finally {
            this.isBusy = false;
        }
    }
}

import {Component, onWillStart, onWillUnmount, useRef, useState} from "@odoo/owl";
import {AutoComplete} from "@web/core/autocomplete/autocomplete";
import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {DateTimeInput} from "@web/core/datetime/datetime_input";
import {FormViewDialog} from "@web/views/view_dialogs/form_view_dialog";
import {Layout} from "@web/search/layout";
import {_t} from "@web/core/l10n/translation";
import {deserializeDate, formatDate, serializeDate} from "@web/core/l10n/dates";
import {formatMonetary} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useHotkey} from "@web/core/hotkeys/hotkey_hook";
import {useService} from "@web/core/utils/hooks";
import {useSetupAction} from "@web/search/action_hook";

import {OrderDeskLine, formatQty} from "./order_desk_line";
import {OrderDeskModel} from "./order_desk_model";

/** Milliseconds without a key until suggestions are looked for. */
const SUGGEST_DELAY = 60;
/** So many of what was bought lately have a key. */
const QUICK = 9;

/** What would stop the order, as the quotation's form says it. */
export class OrderDeskOutlook extends Component {
    static template = "oms_order_cycle.Outlook";
    static props = {outlook: Object};

    get outlook() {
        return this.props.outlook.is_plain ? null : this.props.outlook;
    }

    get isStale() {
        return false;
    }

    describeHold({name, reason, blocks}) {
        return reason || _t("stops %s", blocks.join(", ") || name);
    }
}

/** The order desk: orders that are said on the phone, typed without the mouse. */
export class OrderDesk extends Component {
    static template = "oms_order_cycle_intake.OrderDesk";
    static components = {
        AutoComplete,
        DateTimeInput,
        Layout,
        OrderDeskLine,
        OrderDeskOutlook,
    };
    static props = {...standardActionServiceProps};

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.orm = useService("orm");
        this.root = useRef("root");
        this.display = {controlPanel: {}};
        this.model = useState(new OrderDeskModel(this.orm));
        this.state = useState({focusKey: "", hint: ""});
        this.suggestDelay = SUGGEST_DELAY;

        const params = this.props.action.params || {};
        onWillStart(() => this.model.open(params.order_id));
        onWillUnmount(() => this.model.keepNow());
        useSetupAction({
            beforeLeave: () => this.leave(),
            beforeUnload: (ev) => this.unload(ev),
            beforeVisibilityChange: () =>
                document.visibilityState === "hidden" && this.model.keepNow(),
        });
        const everywhere = {bypassEditableProtection: true};
        useHotkey("control+enter", () => this.save(true), everywhere);
        useHotkey("alt+i", () => this.focus("product"), everywhere);
        useHotkey("alt+m", () => this.focus("customer"), everywhere);
        useHotkey("alt+d", () => this.focus("date"), everywhere);
        for (let number = 1; number <= QUICK; number++) {
            // before the menus of the app, as long as there is something to add
            useHotkey(`alt+${number}`, () => this.addAgain(this.bought[number - 1]), {
                ...everywhere,
                isAvailable: () => number <= this.bought.length,
            });
        }
    }

    // -- leaving --------------------------------------------------------------------

    async leave() {
        const {isEmpty} = this.model;
        await this.model.keepNow();
        if (!isEmpty && !this.model.error) {
            this.notification.add(
                _t(
                    "What you typed is kept. Open the order desk again to go on with it."
                ),
                {type: "info"}
            );
        }
    }

    unload(ev) {
        if (!this.model.keepUrgently()) {
            ev.preventDefault();
            ev.returnValue = _t("What you typed is not kept yet.");
        }
    }

    // -- focus ----------------------------------------------------------------------

    focus(name) {
        this.state.focusKey = "";
        const input = this.root.el.querySelector(`.o_oms_desk_${name} input`);
        input?.focus();
    }

    /** Rows above and below; below the last one is the field for the next product. */
    moveFrom(index, by, name) {
        const rows = [...this.root.el.querySelectorAll(".o_oms_desk_line")];
        const row = rows[index + by];
        if (row) {
            (row.querySelector(`[name=${name}]`) || row.querySelector("input")).focus();
        } else if (by > 0) {
            this.focus("product");
        }
    }

    onProductKeydown(ev) {
        const isEmpty = !ev.target.value;
        if (ev.key === "ArrowUp" && isEmpty && this.model.content.lines.length) {
            const isOpen = ev.target.getAttribute("aria-expanded") === "true";
            if (!isOpen) {
                ev.preventDefault();
                ev.stopPropagation();
                this.moveFrom(this.model.content.lines.length, -1, "qty");
            }
        }
    }

    // -- customer -------------------------------------------------------------------

    get customerName() {
        return this.model.customer ? this.model.customer.name : "";
    }

    get customerSources() {
        return [
            {
                optionSlot: "customer",
                options: (text) => this.findCustomers(text),
            },
        ];
    }

    async findCustomers(text) {
        if (!text) {
            return [];
        }
        const found = await this.orm.silent.call("oms.order.desk", "find_customers", [
            text,
        ]);
        const options = found.map((partner) => ({
            label: partner.name,
            data: partner,
            onSelect: () => this.setCustomer(partner),
        }));
        if (!found.length) {
            options.push({label: _t("No customer is found by this."), data: {}});
        }
        if (this.model.rights.create_partner) {
            options.push({
                label: _t('New customer "%s"', text),
                data: {details: _t("opens a form")},
                onSelect: () => this.createCustomer(text),
            });
        }
        return options;
    }

    async setCustomer(partner) {
        const loaded = this.model.setCustomer(partner);
        this.focus("product");
        await loaded;
    }

    /** What is typed and not chosen names nobody: show whose order it is. */
    onCustomerBlur() {
        this.root.el.querySelector(".o_oms_desk_customer input").value =
            this.customerName;
    }

    createCustomer(name) {
        this.dialog.add(FormViewDialog, {
            resModel: "res.partner",
            context: {default_name: name, default_customer_rank: 1},
            onRecordSaved: ({resId, data}) =>
                this.setCustomer({id: resId, name: data.display_name || name}),
        });
    }

    // -- products -------------------------------------------------------------------

    get productSources() {
        return [{optionSlot: "product", options: (text) => this.suggest(text)}];
    }

    async suggest(text) {
        if (!text) {
            // nothing typed: what he bought lately
            return this.bought.map((product) => this.makeOption(product));
        }
        const found = await this.orm.silent.call("oms.order.desk", "suggest", [
            this.model.content.partner_id,
            text,
        ]);
        if (!found.length) {
            return [{label: _t('No product is found by "%s".', text), data: {}}];
        }
        return found.map((product) => this.makeOption(product));
    }

    makeOption(product) {
        return {
            label: product.code ? `[${product.code}] ${product.name}` : product.name,
            data: product,
            onSelect: () => this.add(product),
        };
    }

    /** Put a product on the order, and ask for the quantity. */
    add(product) {
        const count = this.model.content.lines.length;
        const line = this.model.addProduct(product);
        const isThere = this.model.content.lines.length === count;
        this.state.hint = isThere
            ? _t("%s is on the order already: change its quantity.", line.name)
            : "";
        this.state.focusKey = "";
        Promise.resolve().then(() => {
            this.state.focusKey = line.key;
        });
    }

    get bought() {
        return this.model.customer ? this.model.customer.bought : [];
    }

    /** The same once more as he bought it last. */
    addAgain(product) {
        const isThere = this.model.content.lines.some(
            (line) =>
                line.product_id === product.product_id && line.uom_id === product.uom_id
        );
        if (isThere) {
            this.add(product);
            return;
        }
        this.model.addProduct(product, product.qty);
        this.state.hint = _t("Added as bought last: %s", product.name);
        this.focus("product");
    }

    removeLine(line) {
        this.model.removeLine(line);
        this.focus("product");
    }

    undoRemove() {
        this.model.undoRemove();
        this.focus("product");
    }

    describeBought({qty, price, currency_id: currencyId, uom_id: uomId, uoms, date}) {
        const unit = uoms.find(({id}) => id === uomId);
        return _t("%(qty)s %(unit)s at %(price)s, %(date)s", {
            qty: formatQty(qty),
            unit: unit ? unit.name : "",
            price: formatMonetary(price, {currencyId}),
            date: formatDate(deserializeDate(date)),
        });
    }

    // -- the rest of the order ------------------------------------------------------

    get requestedDate() {
        const day = this.model.content.requested_date;
        return day ? deserializeDate(day) : false;
    }

    setRequestedDate(day) {
        this.model.change({requested_date: day ? serializeDate(day) : ""});
    }

    setText(name, ev) {
        this.model.change({[name]: ev.target.value});
    }

    setId(name, ev) {
        this.model.change({[name]: Number(ev.target.value) || false}, {priced: true});
    }

    get shippingId() {
        const {answer, content} = this.model;
        return content.shipping_id || (answer && answer.shipping_id);
    }

    get currencyId() {
        return this.model.answer
            ? this.model.answer.currency_id
            : this.model.currencyId;
    }

    format(amount, currencyId = this.currencyId) {
        return formatMonetary(amount, {currencyId});
    }

    // -- saving ---------------------------------------------------------------------

    async save(confirm, overwrite = false) {
        if (!this.checkTyped()) {
            return;
        }
        const result = await this.model.save({confirm, overwrite});
        if (!result) {
            this.focus(this.model.content.partner_id ? "product" : "customer");
            return;
        }
        if (result.status === "changed meanwhile") {
            this.askWhoseCounts(confirm, result);
            return;
        }
        this.state.hint = "";
        this.focus("customer");
    }

    /** What is typed and not taken would be missing on the order. */
    checkTyped() {
        const {el} = this.root;
        const product = el.querySelector(".o_oms_desk_product input");
        const wrong = el.querySelector(".o_oms_desk_line .is-invalid");
        if (product.value.trim()) {
            this.model.error = _t(
                '"%s" is not on the order yet: press Enter to take it, or empty the field.',
                product.value
            );
            product.focus();
        } else if (wrong) {
            this.model.error = wrong.value
                ? _t("%s is no number.", wrong.value)
                : _t("Say how many.");
            wrong.focus();
        }
        return !product.value.trim() && !wrong;
    }

    askWhoseCounts(confirm, {name, by, at}) {
        this.dialog.add(ConfirmationDialog, {
            title: _t("Changed Meanwhile"),
            body: _t("%(by)s saved %(name)s on %(at)s, since you opened it here.", {
                by,
                name,
                at,
            }),
            confirmLabel: _t("Save Mine"),
            confirm: () => this.save(confirm, true),
            cancelLabel: _t("Show the Other"),
            cancel: () => this.showOther(),
            dismiss: () => {},
        });
    }

    async showOther() {
        const {order_id: orderId, key} = this.model.content;
        await this.model.giveUp(key);
        await this.model.open(orderId);
    }

    async startNew() {
        this.state.hint = "";
        await this.model.startNew();
        this.focus("customer");
    }

    async giveUp(draft) {
        await this.model.giveUp(draft.key);
        this.focus("customer");
    }

    async takeUp(draft) {
        await this.model.takeUp(draft.key);
        this.focus("product");
    }

    async openOrder(orderId) {
        await this.model.openOrder(orderId);
        this.focus("product");
    }

    openForm(orderId) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "sale.order",
            res_id: orderId,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("oms_order_desk", OrderDesk);

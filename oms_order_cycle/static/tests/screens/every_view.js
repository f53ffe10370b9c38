/**
 * Opens what the menu of the app leads to, as somebody who clicks his way through it:
 * every view of every action and a first record of each, or every filter and grouping.
 *
 * What is wrong is collected, not thrown, so that one run tells everything.
 */
const SKIPPED = /ResizeObserver loop|Failed to load resource|favicon/;

/** Nothing to be waited for is shorter, and errors are shown asynchronously. */
const pause = (milliseconds) =>
    new Promise((resolve) => setTimeout(resolve, milliseconds));

class EveryView {
    constructor({app, filters}) {
        this.app = app;
        this.filters = filters;
        this.problems = [];
        this.opened = 0;
        this.filtered = new Set();
        this.where = "start";
        this.services = odoo.__WOWL_DEBUG__.root.env.services;
        this.tell = console.error.bind(console);
        console.error = (...args) => this.complain(args.map(String).join(" "));
    }

    complain(text) {
        if (!SKIPPED.test(text)) {
            this.problems.push(`${this.where}: ${text.slice(0, 400)}`);
        }
    }

    async run() {
        for (const menu of this.menus()) {
            await this.openMenu(menu);
        }
        console.log(`opened ${this.opened} screens`);
        if (!this.opened) {
            this.complain("the menu leads nowhere");
        }
        if (this.problems.length) {
            this.tell([...new Set(this.problems)].join("\n"));
        }
        console.log("every view opened");
    }

    /** The entries of the app's menu that lead somewhere, in their order. */
    menus() {
        const found = [];
        const walk = (menu, path) => {
            const name = [...path, menu.name];
            if (menu.actionID && !menu.childrenTree.length) {
                found.push({id: menu.actionID, name: name.slice(1).join(" > ")});
            }
            menu.childrenTree.forEach((child) => walk(child, name));
        };
        walk(this.services.menu.getMenuAsTree(this.app), []);
        return found;
    }

    async openMenu(menu) {
        const opened = await this.open(menu.name, () =>
            this.services.action.doAction(menu.id, {clearBreadcrumbs: true})
        );
        const controller = this.services.action.currentController;
        if (!opened || controller?.action?.type !== "ir.actions.act_window") {
            return;
        }
        if (this.filters) {
            await this.openFilters(menu, controller);
        } else {
            await this.openOtherViews(menu, controller);
        }
    }

    async openOtherViews(menu, {action, props, view}) {
        const records = await this.services.orm.search(
            action.res_model,
            props.domain || [],
            {limit: 1, context: props.context}
        );
        const others = action.views
            .map(([, type]) => type)
            .filter((type) => type !== "search" && type !== view.type)
            .filter((type) => type !== "form" || records.length);
        for (const type of others) {
            await this.open(`${menu.name} as ${type}`, () =>
                this.services.action.switchView(
                    type,
                    type === "form" ? {resId: records[0]} : {}
                )
            );
        }
    }

    /** Each search view once, though several menus use it. */
    async openFilters(menu, {action, view}) {
        const key = `${action.res_model} ${action.search_view_id?.[0]}`;
        if (this.filtered.has(key) || view.type === "form") {
            return;
        }
        this.filtered.add(key);
        const {models, views} = await this.services.orm.call(
            action.res_model,
            "get_views",
            [],
            {views: [[action.search_view_id?.[0] || false, "search"]]}
        );
        const {fields} = models[action.res_model];
        const arch = new DOMParser().parseFromString(views.search.arch, "text/xml");
        for (const filter of arch.querySelectorAll("filter[name]")) {
            const name = filter.getAttribute("name");
            const hidden = filter.getAttribute("invisible");
            const [, grouping] =
                /group_by'\s*:\s*'(\w+)'/.exec(filter.getAttribute("context")) || [];
            // of properties the menu only unfolds: one is chosen, never all of them
            const isFolder = fields[grouping]?.type === "properties";
            if (hidden !== "1" && hidden !== "True" && !isFolder) {
                await this.open(`${menu.name}, filter ${name}`, () =>
                    this.services.action.doAction(menu.id, {
                        clearBreadcrumbs: true,
                        additionalContext: {[`search_default_${name}`]: 1},
                    })
                );
            }
        }
    }

    /** Do it, and look at what is shown then. Returns whether it could be done. */
    async open(where, act) {
        this.where = where;
        this.opened++;
        let done = true;
        try {
            await act();
        } catch (error) {
            done = false;
            this.complain(error.stack || error.message || String(error));
        }
        await pause(60);
        this.inspect();
        return done;
    }

    inspect() {
        for (const dialog of document.querySelectorAll(".o_error_dialog")) {
            this.complain(`error dialog: ${dialog.innerText.slice(0, 200)}`);
        }
        if (document.querySelector(".modal")) {
            this.services.dialog.closeAll();
        }
        const page = document.scrollingElement;
        if (page.scrollWidth > page.clientWidth + 1) {
            this.complain(`the page is ${page.scrollWidth} px wide`);
        }
        this.inspectColumns();
    }

    /** A board that shows no card, while columns out of sight have some, looks empty. */
    inspectColumns() {
        const cards = [
            ...document.querySelectorAll(
                ".o_kanban_group .o_kanban_record:not(.o_kanban_ghost)"
            ),
        ];
        const inSight = (card) => {
            const {left, right} = card.getBoundingClientRect();
            return left < window.innerWidth - 20 && right > 20;
        };
        if (cards.length && !cards.some(inSight)) {
            this.complain("no card in sight, though columns have some");
        }
    }
}

export function openEveryView(options) {
    return new EveryView(options).run();
}

window.omsOpenEveryView = openEveryView;

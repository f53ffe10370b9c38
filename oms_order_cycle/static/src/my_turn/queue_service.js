import {reactive} from "@odoo/owl";
import {registry} from "@web/core/registry";

const APP = "oms_order_cycle.oms_menu_root";
/** How long numbers are good for, in milliseconds. */
const KEPT = 60 * 1000;

function leadsTo(item, xmlid) {
    return (
        item.xmlid === xmlid ||
        (item.childrenTree || []).some((child) => leadsTo(child, xmlid))
    );
}

/**
 * What waits for the user, asked for once a minute at most, and only while somebody is
 * in the app: for its first screen and for the numbers in its menu.
 */
export const queueService = {
    dependencies: ["orm", "menu"],
    start(env, {orm, menu}) {
        const state = reactive({queues: [], isKnown: false});
        let asked = 0;

        /** The numbers from the server, unless they are young enough. */
        async function load({force = false} = {}) {
            if (!force && Date.now() - asked < KEPT) {
                return;
            }
            asked = Date.now();
            try {
                state.queues = await orm.silent.call("oms.my.turn", "get_queues", []);
                state.isKnown = true;
            } catch (error) {
                // the numbers are a help: without them the menu works as well
                asked = 0;
                if (force) {
                    throw error;
                }
            }
        }

        env.bus.addEventListener("ACTION_MANAGER:UI-UPDATED", () => {
            if (menu.getCurrentApp()?.xmlid === APP) {
                load();
            }
        });
        return {
            state,
            load,
            /** The number of an entry of the menu, or of a section of it. */
            count(item) {
                return state.queues
                    .filter(({menu: xmlid}) => xmlid && leadsTo(item, xmlid))
                    .reduce((total, queue) => total + queue.count, 0);
            },
        };
    },
};

registry.category("services").add("oms_queues", queueService);

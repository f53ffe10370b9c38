import {inputFiles} from "@web/../tests/utils";
import {registry} from "@web/core/registry";

// What tests/test_document_tour.py makes for it: channel, customer, products.
const LINES = ["PO1*1*2*EA***VN*CUP", "CTT*1*2"];

function order(number) {
    const body = [`BEG*00*SA*${number}**20991231`, ...LINES];
    const isa = [
        "ISA",
        "00",
        " ".repeat(10),
        "00",
        " ".repeat(10),
        "ZZ",
        "PRAIRIE".padEnd(15),
        "ZZ",
        "OURS".padEnd(15),
        "261102",
        "0936",
        "U",
        "00401",
        "000000055",
        "0",
        "P",
        ">",
    ];
    const segments = [
        isa.join("*"),
        "GS*PO*PRAIRIE*OURS*20261102*0936*7*X*004010",
        "ST*850*0001",
        ...body,
        `SE*${body.length + 2}*0001`,
        "GE*1*7",
        "IEA*1*000000055",
    ];
    return segments.map((segment) => segment + "~\n").join("");
}

registry.category("web_tour.tours").add("oms_document_tour", {
    steps: () => [
        {
            content: "Hand in one order that is good, and a letter",
            trigger: ".o_list_view button:contains(Upload)",
            run: async () => {
                await inputFiles(".document_file_uploader.o_input_file", [
                    new File([order("TOUR-1")], "order.x12", {type: "text/plain"}),
                    new File(["Hello"], "letter.txt", {type: "text/plain"}),
                ]);
            },
        },
        {
            content: "The order is there",
            trigger:
                ".o_data_row:has(.o_data_cell[name=state]:contains(Taken)) .o_data_cell[name=display_name]:contains(TOUR-1)",
        },
        {
            content: "The letter says what is wrong with it",
            trigger:
                ".o_data_row:has(.o_data_cell[name=state]:contains(Refused)) .o_data_cell[name=fault_text]:contains(neither UBL)",
        },
    ],
});

import {FileUploadKanbanRenderer} from "@account/views/file_upload_kanban/file_upload_kanban_renderer";
import {FileUploadListRenderer} from "@account/views/file_upload_list/file_upload_list_renderer";
import {fileUploadKanbanView} from "@account/views/file_upload_kanban/file_upload_kanban_view";
import {fileUploadListView} from "@account/views/file_upload_list/file_upload_list_view";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

const sayWhatToDrop = (Renderer) =>
    class extends Renderer {
        setup() {
            super.setup();
            this.dropZoneTitle = _t("Drop orders here");
            this.dropZoneDescription = _t(
                "Files in UBL, X12 or EDIFACT. Each order in them comes in once."
            );
        }
    };

registry.category("views").add("oms_intake_list", {
    ...fileUploadListView,
    Renderer: sayWhatToDrop(FileUploadListRenderer),
});

registry.category("views").add("oms_intake_kanban", {
    ...fileUploadKanbanView,
    Renderer: sayWhatToDrop(FileUploadKanbanRenderer),
});

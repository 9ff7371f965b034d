package io.garrison.reporting.ui;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.upload.Upload;
import com.vaadin.flow.server.streams.UploadHandler;
import io.garrison.protocol.SiteUsageFile;
import io.garrison.reporting.UsageFiles;
import io.garrison.reporting.UsageFiles.Loaded;
import io.garrison.tenancy.ui.EditDialog;
import io.garrison.tenancy.ui.FormProblems;
import io.garrison.tenancy.ui.Notices;
import io.garrison.tenancy.ui.Units;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Takes a usage file that was carried here, and says what it changed. */
final class UsageFileDialog {

    private UsageFileDialog() {}

    static void open(UsageFiles files, Runnable loaded) {
        var file = new AtomicReference<byte @Nullable []>();
        var told = new Paragraph(
                "A file that is loaded twice, or after a newer one, changes nothing. It is checked before anything is kept.");
        var upload = new Upload(UploadHandler.inMemory((about, bytes) -> file.set(bytes)));
        upload.setMaxFileSize(SiteUsageFile.MAX_BYTES);
        upload.setMaxFiles(1);
        upload.addClassName("wide");
        var form = new Div(told, upload);
        form.addClassName("form");
        var problems = new FormProblems();
        new EditDialog("Load usage file", "Load", form, () -> {
                    byte[] bytes = file.get();
                    if (bytes == null) {
                        told.setText("Drop the file below first.");
                        return false;
                    }
                    return problems.attempt(() -> {
                        Notices.done(words(files.load(bytes)));
                        loaded.run();
                    });
                })
                .open();
    }

    static String words(Loaded loaded) {
        var taken = loaded.taken();
        var missing = taken.missing().isEmpty()
                ? ""
                : "; files before it are missing, the last is number "
                        + taken.missing().getLast();
        if (taken.known()) {
            return "File %d was loaded before and changed nothing%s".formatted(taken.number(), missing);
        }
        return "File %d: %s, %d known, %d older than what is known%s"
                .formatted(
                        taken.number(),
                        Units.count(taken.newRows(), "new row", "new rows"),
                        taken.knownRows(),
                        taken.olderRows(),
                        missing);
    }
}

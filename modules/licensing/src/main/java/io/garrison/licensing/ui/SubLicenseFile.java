package io.garrison.licensing.ui;

import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.server.streams.DownloadHandler;
import com.vaadin.flow.server.streams.DownloadResponse;
import io.garrison.licensing.SubLicenseAdministration;
import io.garrison.licensing.SubLicenseId;
import io.garrison.tenancy.ui.TenantScope;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;

/** The signed file of a sub-licence, to be taken elsewhere. */
final class SubLicenseFile {

    private SubLicenseFile() {}

    static Anchor link(SubLicenseAdministration subLicenses, TenantScope scope, SubLicenseId id) {
        return new Anchor(
                DownloadHandler.fromInputStream(download -> {
                    var text = scope.call(() -> subLicenses.file(id)).getBytes(StandardCharsets.UTF_8);
                    return new DownloadResponse(
                            new ByteArrayInputStream(text),
                            scope.slug() + "-" + LicenseWords.shortId(id.toString()) + ".lic",
                            "application/jose",
                            text.length);
                }),
                "Download signed file");
    }
}

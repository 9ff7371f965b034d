package io.garrison.licensing.web;

import io.garrison.licensing.SubLicenseLoading;
import io.garrison.licensing.SubLicenseLoading.Outcome;
import io.garrison.tenancy.http.EntityTag;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/sub-licenses")
class SubLicenseLoadingController {

    private final SubLicenseLoading loading;

    SubLicenseLoadingController(SubLicenseLoading loading) {
        this.loading = loading;
    }

    /**
     * Loads a signed sub-licence; 201 if it is new here, 200 if it took another's place or is here already. With
     * replaceLicense=true also one that was issued under another licence than the one whose place it takes.
     */
    @PostMapping(consumes = LicenseController.JOSE)
    ResponseEntity<Loaded> load(@RequestParam(defaultValue = "false") boolean replaceLicense, InputStream body)
            throws IOException {
        var file = LicenseBody.read(body);
        var loaded = replaceLicense ? loading.loadUnderAnyLicense(file) : loading.load(file);
        var status = switch (loaded.outcome()) {
            case MADE -> HttpStatus.CREATED;
            case REPLACED, UNCHANGED -> HttpStatus.OK;
        };
        var tenant = loaded.tenant();
        var subLicense = loaded.subLicense();
        return ResponseEntity.status(status)
                .location(URI.create("/api/v1/tenants/%s/sub-licenses/%s".formatted(tenant.id(), subLicense.id())))
                .eTag(EntityTag.of(subLicense.version()))
                .body(new Loaded(
                        subLicense.id().value(),
                        tenant.id().value(),
                        tenant.slug(),
                        loaded.outcome(),
                        SubLicenseController.Told.of(subLicense)));
    }

    record Loaded(UUID id, UUID tenantId, String tenantSlug, Outcome outcome, SubLicenseController.Told subLicense) {}
}

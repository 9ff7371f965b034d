package io.garrison.instances.web;

import io.garrison.instances.ConfigurationMoves;
import io.garrison.instances.MovePreview;
import io.garrison.instances.TrafficMode;
import io.garrison.instances.availability.HaWarnings.Warning;
import io.garrison.licensing.LicenseException.UnknownSubLicense;
import io.garrison.licensing.SubLicenseId;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Takes the tenant's configuration to another installation: its key from there, the file from here, and to there. */
@RestController
@RequestMapping("/api/v1/tenants/{t}/configuration")
class ConfigurationMoveController {

    private final ConfigurationMoves moves;

    ConfigurationMoveController(ConfigurationMoves moves) {
        this.moves = moves;
    }

    @GetMapping("/receiver-key")
    Key receiverKey() {
        var key = moves.receiverKey();
        return new Key(key, moves.fingerprint(key));
    }

    @PostMapping(path = "/export", produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
    ResponseEntity<byte[]> export(@RequestBody @Valid Asked asked) {
        return ResponseEntity.ok()
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"configuration.garrison\"")
                .body(moves.export(asked.receiverKey(), asked.revisions()));
    }

    @PostMapping(path = "/import", consumes = MediaType.APPLICATION_OCTET_STREAM_VALUE)
    Taken take(@RequestParam String subLicenseId, InputStream body) throws IOException {
        return new Taken(moves.take(subLicense(subLicenseId), body.readAllBytes()).stream()
                .map(StackController.Told::of)
                .toList());
    }

    /** What an import would do; does nothing. */
    @PostMapping(path = "/import/preview", consumes = MediaType.APPLICATION_OCTET_STREAM_VALUE)
    Previewed preview(@RequestParam String subLicenseId, InputStream body) throws IOException {
        return Previewed.of(moves.preview(subLicense(subLicenseId), body.readAllBytes()));
    }

    private static SubLicenseId subLicense(String id) {
        try {
            return new SubLicenseId(UUID.fromString(id));
        } catch (IllegalArgumentException e) {
            throw new UnknownSubLicense();
        }
    }

    /** @param fingerprint for people who compare keys */
    record Key(String receiverKey, String fingerprint) {}

    /** @param revisions how many of each stack's newest revisions go along; all if absent */
    record Asked(@NotNull String receiverKey, @Nullable Integer revisions) {}

    record Taken(List<StackController.Told> stacks) {}

    /** @param fits whether nothing is known that stands against it */
    record Previewed(Instant exportedAt, boolean fits, List<ComingStack> stacks) {

        static Previewed of(MovePreview preview) {
            return new Previewed(
                    preview.exportedAt(),
                    preview.fits(),
                    preview.stacks().stream().map(ComingStack::of).toList());
        }
    }

    record ComingStack(
            UUID id,
            String name,
            TrafficMode trafficMode,
            List<String> virtualServices,
            int revisions,
            long oldestRevision,
            long newestRevision,
            List<String> certificates,
            List<Warning> warnings,
            MovePreview.@Nullable Conflict conflict) {

        static ComingStack of(MovePreview.Coming coming) {
            return new ComingStack(
                    coming.id().value(),
                    coming.name(),
                    coming.trafficMode(),
                    coming.services(),
                    coming.revisions(),
                    coming.oldest(),
                    coming.newest(),
                    coming.certificates(),
                    coming.warnings(),
                    coming.conflict());
        }
    }
}

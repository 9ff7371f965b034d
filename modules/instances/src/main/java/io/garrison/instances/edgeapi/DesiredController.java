package io.garrison.instances.edgeapi;

import io.garrison.instances.DesiredState;
import io.garrison.instances.DesiredState.Answer;
import io.garrison.instances.DesiredState.Version;
import io.garrison.instances.EdgeService;
import io.garrison.protocol.CertificateMaterial;
import io.garrison.protocol.SignedBundle;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/edge/v1")
class DesiredController {

    /** Below the minute after which many proxies give up. */
    private static final int MAX_WAIT_SECONDS = 55;

    private static final Pattern TAG =
            Pattern.compile("(?:W/)?\"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/(\\d{1,18})\"");

    private final DesiredState desired;
    private final EdgeService edges;

    DesiredController(DesiredState desired, EdgeService edges) {
        this.desired = desired;
        this.edges = edges;
    }

    @GetMapping("/desired")
    ResponseEntity<SignedBundle> desired(
            HttpServletRequest request,
            @RequestParam(defaultValue = "0") int waitSeconds,
            @RequestHeader(name = "If-None-Match", required = false) @Nullable String known)
            throws InterruptedException {
        var wait = Duration.ofSeconds(Math.clamp(waitSeconds, 0, MAX_WAIT_SECONDS));
        return switch (desired.await(EdgeGate.identity(request), version(known), wait)) {
            case Answer.Changed(var version, var bundle) ->
                ResponseEntity.ok()
                        .eTag(tag(version))
                        .cacheControl(CacheControl.noStore())
                        .body(bundle);
            case Answer.Unchanged(var version) ->
                ResponseEntity.status(HttpStatus.NOT_MODIFIED)
                        .eTag(tag(version))
                        .build();
            case Answer.Nothing() -> ResponseEntity.noContent().build();
        };
    }

    private static String tag(Version version) {
        return "\"%s/%d\"".formatted(version.incarnation(), version.revision());
    }

    /** A tag that we never gave matches nothing. */
    static @Nullable Version version(@Nullable String tag) {
        if (tag == null) {
            return null;
        }
        var match = TAG.matcher(tag.strip());
        return match.matches() ? new Version(UUID.fromString(match.group(1)), Long.parseLong(match.group(2))) : null;
    }

    @GetMapping("/certificates/{name}")
    ResponseEntity<CertificateMaterial> certificate(HttpServletRequest request, @PathVariable String name) {
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .body(edges.certificate(EdgeGate.identity(request), name));
    }
}

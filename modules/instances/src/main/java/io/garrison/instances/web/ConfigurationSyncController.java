package io.garrison.instances.web;

import io.garrison.instances.ConfigurationSync;
import io.garrison.instances.ConfigurationSync.Keep;
import io.garrison.instances.ConfigurationSync.Scope;
import io.garrison.instances.ConfigurationSync.Settings;
import io.garrison.instances.ConfigurationSync.Status;
import io.garrison.instances.ConfigurationSync.Trial;
import io.garrison.instances.ConfigurationSync.Wish;
import io.garrison.tenancy.http.EntityTag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** How a standalone installation keeps its configuration the same as that of its peer. */
@RestController
@RequestMapping("/api/v1/tenants/{t}/configuration-sync")
class ConfigurationSyncController {

    private final ConfigurationSync sync;

    ConfigurationSyncController(ConfigurationSync sync) {
        this.sync = sync;
    }

    @GetMapping
    ResponseEntity<Told> settings() {
        return told(sync.settings());
    }

    @PutMapping
    ResponseEntity<Told> change(
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
            @RequestBody @Valid Change change) {
        return told(sync.change(EntityTag.require(ifMatch), change.wish()));
    }

    @PostMapping("/auth-key")
    ResponseEntity<Key> newKey() {
        return ResponseEntity.status(HttpStatus.CREATED)
                .cacheControl(CacheControl.noStore())
                .body(new Key(sync.newKey()));
    }

    @GetMapping("/status")
    Status status() {
        return sync.status();
    }

    @PostMapping("/resolve")
    Status resolve(@RequestBody @Valid Resolution chosen) {
        return sync.resolve(chosen.stack(), chosen.keep(), chosen.theirs());
    }

    /** Dials the peer and greets it, and changes nothing. */
    @PostMapping("/test")
    Trial test() {
        return sync.test();
    }

    private static ResponseEntity<Told> told(Settings settings) {
        return ResponseEntity.ok().eTag(EntityTag.of(settings.version())).body(Told.of(settings));
    }

    /**
     * @param acceptRemote false if absent
     * @param peerHost name or address of the peer's machine
     * @param peerPort 9000 if absent
     * @param listenPort 9000 if absent
     * @param authKey 32–512 printable characters, the same at both; absent to leave the one that there is
     * @param timeoutSeconds 1–60; 10 if absent
     * @param scope POLICY, or POLICY and CERTIFICATES; both if absent
     */
    record Change(
            @NotNull Boolean enabled,
            @Nullable Boolean acceptRemote,
            @Nullable String peerHost,
            @Nullable Integer peerPort,
            @Nullable Integer listenPort,
            @Nullable String authKey,
            @Nullable Integer timeoutSeconds,
            @Nullable Set<@NotNull Scope> scope) {

        Wish wish() {
            return new Wish(
                    enabled,
                    acceptRemote != null && acceptRemote,
                    peerHost == null ? "" : peerHost.strip(),
                    peerPort == null ? ConfigurationSync.DEFAULT_PORT : peerPort,
                    listenPort == null ? ConfigurationSync.DEFAULT_PORT : listenPort,
                    authKey,
                    timeoutSeconds == null ? ConfigurationSync.DEFAULT_TIMEOUT_SECONDS : timeoutSeconds,
                    scope == null ? Set.of(Scope.values()) : scope);
        }
    }

    /** @param authKeySet whether there is a key; it is never told */
    record Told(
            boolean enabled,
            boolean acceptRemote,
            String peerHost,
            int peerPort,
            int listenPort,
            boolean authKeySet,
            int timeoutSeconds,
            List<Scope> scope) {

        static Told of(Settings settings) {
            return new Told(
                    settings.enabled(),
                    settings.acceptRemote(),
                    settings.peerHost(),
                    settings.peerPort(),
                    settings.listenPort(),
                    settings.authKeySet(),
                    settings.timeoutSeconds(),
                    settings.scope().stream().sorted().toList());
        }
    }

    /** @param authKey shown now and never again */
    record Key(String authKey) {}

    /** @param theirs digest of the policy that was looked at there; absent to take whatever is there */
    record Resolution(
            @NotNull String stack,
            @NotNull Keep keep,
            @Nullable String theirs) {}
}

package io.garrison.instances.web;

import io.garrison.instances.StackManagement;
import io.garrison.instances.StackSummary;
import io.garrison.instances.TrafficMode;
import io.garrison.licensing.LicenseException.UnknownSubLicense;
import io.garrison.licensing.SubLicenseId;
import io.garrison.tenancy.http.EntityTag;
import io.garrison.tenancy.http.Page;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/tenants/{t}/stacks")
class StackController {

    private final StackManagement stacks;

    StackController(StackManagement stacks) {
        this.stacks = stacks;
    }

    @PostMapping
    ResponseEntity<Told> create(@RequestBody @Valid NewStack asked, HttpServletRequest request) {
        var mode = asked.trafficMode() == null ? TrafficMode.ACTIVE_ACTIVE : asked.trafficMode();
        var made = stacks.create(asked.name(), subLicense(asked.subLicenseId()), mode);
        return ResponseEntity.created(URI.create(request.getRequestURI() + "/" + made.id()))
                .eTag(EntityTag.of(made.version()))
                .body(Told.of(made));
    }

    private static SubLicenseId subLicense(String id) {
        try {
            return new SubLicenseId(UUID.fromString(id));
        } catch (IllegalArgumentException e) {
            throw new UnknownSubLicense();
        }
    }

    @GetMapping
    Page<Told> list(
            @RequestParam(defaultValue = "" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit,
            @RequestParam(required = false) @Nullable String after) {
        var rows = stacks.list(after == null ? null : Ids.stack(after), limit + 1);
        return Page.of(rows, limit, row -> row.id().toString()).map(Told::of);
    }

    @GetMapping("/{s}")
    ResponseEntity<Told> get(@PathVariable String s) {
        return told(stacks.get(Ids.stack(s)));
    }

    @PatchMapping("/{s}")
    ResponseEntity<Told> change(
            @PathVariable String s,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
            @RequestBody @Valid Change change) {
        return told(stacks.change(
                Ids.stack(s),
                EntityTag.require(ifMatch),
                new StackManagement.Change(change.name(), change.retireLostAfterHours())));
    }

    @DeleteMapping("/{s}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@PathVariable String s, @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch) {
        stacks.delete(Ids.stack(s), EntityTag.require(ifMatch));
    }

    private static ResponseEntity<Told> told(StackSummary stack) {
        return ResponseEntity.ok().eTag(EntityTag.of(stack.version())).body(Told.of(stack));
    }

    /** @param trafficMode ACTIVE_ACTIVE if absent */
    record NewStack(
            @NotNull String name,
            @NotNull String subLicenseId,
            @Nullable TrafficMode trafficMode) {}

    /** @param retireLostAfterHours after how long a LOST instance is retired; 0 for never, at most 8760 */
    record Change(@Nullable String name, @Nullable Integer retireLostAfterHours) {}

    record Told(
            UUID id,
            String name,
            UUID subLicenseId,
            TrafficMode trafficMode,
            long latestRevision,
            int instances,
            int connectedInstances,
            int retireLostAfterHours,
            Instant createdAt) {

        static Told of(StackSummary stack) {
            return new Told(
                    stack.id().value(),
                    stack.name(),
                    stack.subLicenseId().value(),
                    stack.trafficMode(),
                    stack.latestRevision(),
                    stack.instances(),
                    stack.connected(),
                    stack.retireLostAfterHours(),
                    stack.createdAt());
        }
    }
}

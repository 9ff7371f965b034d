package io.garrison.licensing.web;

import io.garrison.licensing.SubLicenseChange;
import io.garrison.licensing.SubLicenseId;
import io.garrison.licensing.SubLicenseOperations;
import io.garrison.licensing.SubLicenseOperations.Preview;
import io.garrison.licensing.SubLicenseSummary;
import io.garrison.licensing.web.LicenseController.PoolLine;
import io.garrison.licensing.web.OperationRequests.Reason;
import io.garrison.licensing.web.OperationRequests.Renew;
import io.garrison.licensing.web.OperationRequests.Resize;
import io.garrison.licensing.web.OperationRequests.Revoke;
import io.garrison.licensing.web.SubLicenseController.Told;
import io.garrison.tenancy.Refusal.FieldError;
import io.garrison.tenancy.http.Page;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What can be done to a sub-licence that is there, and what was. */
@RestController
@RequestMapping("/api/v1/tenants/{t}/sub-licenses/{id}")
class SubLicenseOperationController {

    private final SubLicenseOperations operations;

    SubLicenseOperationController(SubLicenseOperations operations) {
        this.operations = operations;
    }

    @PostMapping("/resize")
    ResponseEntity<Told> resize(@PathVariable String id, @RequestBody @Valid Resize asked) {
        return tell(
                operations.resize(id(id), AskedEntitlements.of(asked.entitlements()), asked.rule(), asked.reason()));
    }

    @PostMapping("/resize/preview")
    ToldPreview preview(@PathVariable String id, @RequestBody @Valid OperationRequests.Preview asked) {
        return ToldPreview.of(operations.preview(id(id), AskedEntitlements.of(asked.entitlements())));
    }

    @PostMapping("/renew")
    ResponseEntity<Told> renew(@PathVariable String id, @RequestBody @Valid Renew asked) {
        return tell(operations.renew(id(id), asked.until(), asked.graceDays(), asked.reason()));
    }

    @PostMapping("/suspend")
    ResponseEntity<Told> suspend(
            @PathVariable String id, @RequestBody(required = false) @Nullable @Valid Reason asked) {
        return tell(operations.suspend(id(id), Reason.of(asked)));
    }

    @PostMapping("/resume")
    ResponseEntity<Told> resume(@PathVariable String id, @RequestBody(required = false) @Nullable @Valid Reason asked) {
        return tell(operations.resume(id(id), Reason.of(asked)));
    }

    /** Without a body it is revoked at once: its share goes back to the pool, and its seats run out unrenewed. */
    @PostMapping("/revoke")
    ResponseEntity<Told> revoke(@PathVariable String id, @RequestBody(required = false) @Nullable @Valid Revoke asked) {
        var how = asked == null ? Revoke.PLAIN : asked;
        return tell(operations.revoke(id(id), how.rule(), how.reason()));
    }

    /** @param after serial of the last one seen */
    @GetMapping("/history")
    Page<SubLicenseChange> history(
            @PathVariable String id,
            @RequestParam(defaultValue = "" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit,
            @RequestParam(required = false) @Nullable @Min(1) Long after) {
        var rows = operations.history(id(id), after, limit + 1);
        return Page.of(rows, limit, row -> String.valueOf(row.serial()));
    }

    private static ResponseEntity<Told> tell(SubLicenseSummary changed) {
        return SubLicenseController.tell(changed);
    }

    private static SubLicenseId id(String text) {
        return SubLicenseController.id(text);
    }

    /**
     * What a resize would do.
     *
     * @param fits whether it would be made, given leave to break leases
     */
    record ToldPreview(boolean fits, List<Told> refusals, Map<String, List<PoolLine>> pool, Leases leases) {

        /** Why it would be refused. */
        record Told(String code, String message, List<FieldError> errors) {}

        /** @param breaking instances that would have to give their seats up, the newest first */
        record Leases(long running, List<UUID> breaking) {}

        static ToldPreview of(Preview preview) {
            return new ToldPreview(
                    preview.refusals().isEmpty(),
                    preview.refusals().stream()
                            .map(refusal ->
                                    new Told(refusal.code(), String.valueOf(refusal.getMessage()), refusal.errors()))
                            .toList(),
                    Map.of("entitlements", LicenseController.lines(preview.pool())),
                    new Leases(preview.running(), preview.breaking()));
        }
    }
}

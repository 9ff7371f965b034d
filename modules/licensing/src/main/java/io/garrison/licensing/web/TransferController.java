package io.garrison.licensing.web;

import io.garrison.licensing.LeaseRule.IfLeasesBreak;
import io.garrison.licensing.LicenseException.UnknownTransfer;
import io.garrison.licensing.Metric;
import io.garrison.licensing.SubLicenseTransfers;
import io.garrison.licensing.Transfer;
import io.garrison.licensing.Transfer.State;
import io.garrison.tenancy.Access;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.http.Page;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Transfers that a sub-licence gives. */
@RestController
@RequestMapping("/api/v1/tenants/{t}/sub-licenses/{id}")
class TransferController {

    private final SubLicenseTransfers transfers;
    private final Access access;

    TransferController(SubLicenseTransfers transfers, Access access) {
        this.transfers = transfers;
        this.access = access;
    }

    @PostMapping("/transfer")
    ResponseEntity<Told> transfer(
            @PathVariable String t, @PathVariable String id, @RequestBody @Valid OperationRequests.Transfer asked) {
        var made = transfers.request(SubLicenseController.id(id), asked.order());
        return ResponseEntity.created(
                        URI.create("/api/v1/tenants/%s/sub-licenses/%s/transfers/%s".formatted(t, id, made.id())))
                .body(told(made));
    }

    @GetMapping("/transfers")
    Page<Told> list(
            @PathVariable String id,
            @RequestParam(defaultValue = "" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit,
            @RequestParam(required = false) @Nullable UUID after) {
        var rows = transfers.list(SubLicenseController.id(id), after, limit + 1);
        return Page.of(rows, limit, row -> row.id().toString()).map(this::told);
    }

    @GetMapping("/transfers/{transfer}")
    Told get(@PathVariable String id, @PathVariable String transfer) {
        return told(transfers.get(SubLicenseController.id(id), transfer(transfer)));
    }

    @PostMapping("/transfers/{transfer}/cancel")
    Told cancel(@PathVariable String id, @PathVariable String transfer) {
        return told(transfers.cancel(SubLicenseController.id(id), transfer(transfer)));
    }

    /** A tenant does not learn who the other is. */
    private Told told(Transfer transfer) {
        return Told.of(transfer, access.may(Permission.LICENSE_MANAGE));
    }

    private static UUID transfer(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new UnknownTransfer(); // ids are opaque; one that we never gave names nothing
        }
    }

    record Amount(String metric, long amount, String unit) {}

    /** @param toTenantId null for who may not know; so is toSubLicenseId */
    record Told(
            UUID id,
            UUID subLicenseId,
            @Nullable UUID toTenantId,
            @Nullable UUID toSubLicenseId,
            List<Amount> entitlements,
            IfLeasesBreak ifLeasesBreak,
            int graceHours,
            Instant effectiveAt,
            State state,
            Instant requestedAt,
            String requestedBy,
            @Nullable String reason,
            @Nullable Instant endedAt,
            @Nullable String code,
            @Nullable String message) {

        static Told of(Transfer transfer, boolean whole) {
            return new Told(
                    transfer.id(),
                    transfer.from().value(),
                    whole ? transfer.toTenant().value() : null,
                    whole ? transfer.to().value() : null,
                    amounts(transfer),
                    transfer.rule().ifLeasesBreak(),
                    transfer.rule().graceHours(),
                    transfer.effectiveAt(),
                    transfer.state(),
                    transfer.requestedAt(),
                    transfer.requestedBy(),
                    transfer.reason(),
                    transfer.endedAt(),
                    transfer.code(),
                    transfer.message());
        }

        private static List<Amount> amounts(Transfer transfer) {
            return Stream.of(Metric.INSTANCES, Metric.THROUGHPUT_BPS, Metric.VIRTUAL_SERVICES)
                    .filter(metric -> transfer.amounts().limit(metric) > 0)
                    .map(metric ->
                            new Amount(metric.wireName(), transfer.amounts().limit(metric), metric.unit()))
                    .toList();
        }
    }
}

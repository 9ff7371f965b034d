package io.garrison.tenancy.web;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.garrison.tenancy.Operations;
import io.garrison.tenancy.Operations.Operation;
import io.garrison.tenancy.TenantDeletions;
import io.garrison.tenancy.TenantDeletions.Certificate;
import java.time.Instant;
import java.util.UUID;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Long work, and what came out of deleting a tenant. */
@RestController
@RequestMapping("/api/v1")
class OperationController {

    private final Operations operations;
    private final TenantDeletions deletions;

    OperationController(Operations operations, TenantDeletions deletions) {
        this.operations = operations;
        this.deletions = deletions;
    }

    @GetMapping("/operations/{id}")
    Operation operation(@PathVariable UUID id) {
        return operations.get(id);
    }

    @GetMapping("/deletion-certificates/{id}")
    Told certificate(@PathVariable UUID id) {
        return Told.of(deletions.certificate(id));
    }

    record Told(
            UUID id,
            UUID tenantId,
            String slug,
            @JsonRawValue String erased,
            long auditEntries,
            String auditHash,
            Instant issuedAt,
            boolean intact) {

        static Told of(Certificate certificate) {
            return new Told(
                    certificate.id(),
                    certificate.tenantId(),
                    certificate.slug(),
                    certificate.erased(),
                    certificate.auditEntries(),
                    certificate.auditHash(),
                    certificate.issuedAt(),
                    certificate.intact());
        }
    }
}

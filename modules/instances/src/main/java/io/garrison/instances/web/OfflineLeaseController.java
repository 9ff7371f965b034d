package io.garrison.instances.web;

import io.garrison.instances.InstanceException.ReceiptRefused;
import io.garrison.instances.OfflineLeases;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/tenants/{t}/instances/{i}")
class OfflineLeaseController {

    private static final String JOSE = "application/jose";
    private static final int MAX_BYTES = 64 * 1024;

    private final OfflineLeases leases;

    OfflineLeaseController(OfflineLeases leases) {
        this.leases = leases;
    }

    @PostMapping(path = "/offline-lease", produces = JOSE)
    ResponseEntity<byte[]> give(@PathVariable String i, @RequestBody @Valid Asked asked) {
        var lease = leases.give(Ids.instance(i), asked.days());
        return ResponseEntity.status(201)
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"lease-%s.jose\"".formatted(lease.id()))
                .body(lease.file().getBytes(StandardCharsets.US_ASCII));
    }

    @PostMapping(path = "/lease-receipts", consumes = JOSE)
    InstanceController.Told takeBack(@PathVariable String i, InputStream body) throws IOException {
        var bytes = body.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
            throw new ReceiptRefused("lease.receipt-invalid", "A receipt has at most %d bytes.".formatted(MAX_BYTES));
        }
        var text = new String(bytes, StandardCharsets.ISO_8859_1).strip();
        return InstanceController.Told.of(leases.takeBack(Ids.instance(i), text));
    }

    record Asked(@NotNull Integer days) {}
}

package io.garrison.instances.web;

import io.garrison.instances.CertificateManagement;
import io.garrison.instances.CertificateManagement.CertificateSummary;
import io.garrison.tenancy.http.EntityTag;
import io.garrison.tenancy.http.Page;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/tenants/{t}/stacks/{s}/certificates")
class CertificateController {

    private final CertificateManagement certificates;

    CertificateController(CertificateManagement certificates) {
        this.certificates = certificates;
    }

    @PostMapping
    ResponseEntity<Told> add(
            @PathVariable String s, @RequestBody @Valid NewCertificate asked, HttpServletRequest request) {
        var made = certificates.add(Ids.stack(s), asked.name(), asked.pem());
        return ResponseEntity.created(URI.create(request.getRequestURI() + "/" + made.name()))
                .eTag(EntityTag.of(made.version()))
                .body(Told.of(made));
    }

    @GetMapping
    Page<Told> list(@PathVariable String s) {
        return new Page<>(certificates.list(Ids.stack(s)).stream().map(Told::of).toList(), null);
    }

    @GetMapping("/{name}")
    ResponseEntity<Told> get(@PathVariable String s, @PathVariable String name) {
        return told(certificates.get(Ids.stack(s), name));
    }

    @PutMapping("/{name}")
    ResponseEntity<Told> replace(
            @PathVariable String s,
            @PathVariable String name,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
            @RequestBody @Valid Replacement replacement) {
        return told(certificates.replace(Ids.stack(s), name, EntityTag.require(ifMatch), replacement.pem()));
    }

    @DeleteMapping("/{name}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(
            @PathVariable String s,
            @PathVariable String name,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch) {
        certificates.delete(Ids.stack(s), name, EntityTag.require(ifMatch));
    }

    private static ResponseEntity<Told> told(CertificateSummary certificate) {
        return ResponseEntity.ok().eTag(EntityTag.of(certificate.version())).body(Told.of(certificate));
    }

    /** @param pem chain and private key */
    record NewCertificate(@NotNull String name, @NotNull String pem) {
        @Override
        public String toString() {
            return "NewCertificate[name=" + name + "]";
        }
    }

    record Replacement(@NotNull String pem) {
        @Override
        public String toString() {
            return "Replacement[]";
        }
    }

    record Told(
            String name,
            String subject,
            String issuer,
            List<String> hosts,
            String keyType,
            String sha256,
            Instant notBefore,
            Instant notAfter,
            int chainLength,
            Instant changedAt) {

        static Told of(CertificateSummary certificate) {
            return new Told(
                    certificate.name(),
                    certificate.subject(),
                    certificate.issuer(),
                    certificate.hosts(),
                    certificate.keyType(),
                    certificate.sha256(),
                    certificate.notBefore(),
                    certificate.notAfter(),
                    certificate.chainLength(),
                    certificate.changedAt());
        }
    }
}

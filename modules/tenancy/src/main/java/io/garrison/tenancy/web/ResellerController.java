package io.garrison.tenancy.web;

import io.garrison.tenancy.ResellerId;
import io.garrison.tenancy.ResellerManagement;
import io.garrison.tenancy.ResellerManagement.Change;
import io.garrison.tenancy.ResellerManagement.NewReseller;
import io.garrison.tenancy.ResellerState;
import io.garrison.tenancy.ResellerSummary;
import io.garrison.tenancy.TenancyException;
import io.garrison.tenancy.http.EntityTag;
import io.garrison.tenancy.http.Page;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
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
@RequestMapping("/api/v1/resellers")
class ResellerController {

    private final ResellerManagement resellers;

    ResellerController(ResellerManagement resellers) {
        this.resellers = resellers;
    }

    @PostMapping
    ResponseEntity<Told> create(@RequestBody NewReseller asked) {
        var made = resellers.create(asked);
        return ResponseEntity.created(URI.create("/api/v1/resellers/" + made.id()))
                .eTag(EntityTag.of(made.version()))
                .body(Told.of(made));
    }

    @GetMapping
    Page<Told> list(
            @RequestParam(defaultValue = "" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit,
            @RequestParam(required = false) @Nullable String after) {
        return resellers.list(after, limit).map(Told::of);
    }

    @GetMapping("/{r}")
    ResponseEntity<Told> get(@PathVariable String r) {
        return told(resellers.get(id(r)));
    }

    @PatchMapping("/{r}")
    ResponseEntity<Told> change(
            @PathVariable String r,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
            @RequestBody Change change) {
        return told(resellers.change(id(r), change, EntityTag.require(ifMatch)));
    }

    @DeleteMapping("/{r}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@PathVariable String r, @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch) {
        resellers.delete(id(r), EntityTag.require(ifMatch));
    }

    private static ResponseEntity<Told> told(ResellerSummary reseller) {
        return ResponseEntity.ok().eTag(EntityTag.of(reseller.version())).body(Told.of(reseller));
    }

    private static ResellerId id(String text) {
        try {
            return new ResellerId(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            throw new TenancyException.NotFound(); // ids are opaque; one that we never gave names nothing
        }
    }

    record Told(UUID id, String slug, String name, String contactEmail, ResellerState state, Instant createdAt) {

        static Told of(ResellerSummary reseller) {
            return new Told(
                    reseller.id().value(),
                    reseller.slug(),
                    reseller.name(),
                    reseller.contactEmail(),
                    reseller.state(),
                    reseller.createdAt());
        }
    }
}

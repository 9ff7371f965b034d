package io.garrison.instances.web;

import io.garrison.instances.PolicyDiff;
import io.garrison.instances.PolicyManagement;
import io.garrison.instances.PolicyManagement.RevisionSummary;
import io.garrison.protocol.Policy;
import io.garrison.tenancy.http.Page;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.time.Instant;
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

@RestController
@RequestMapping("/api/v1/tenants/{t}/stacks/{s}/revisions")
class RevisionController {

    private final PolicyManagement policies;

    RevisionController(PolicyManagement policies) {
        this.policies = policies;
    }

    @PostMapping
    ResponseEntity<Told> publish(
            @PathVariable String s,
            @RequestBody(required = false) @Nullable Reason reason,
            HttpServletRequest request) {
        var made = policies.publish(Ids.stack(s), comment(reason));
        return ResponseEntity.created(URI.create(request.getRequestURI() + "/" + made.number()))
                .body(Told.of(made));
    }

    @PostMapping("/{n}/rollback")
    ResponseEntity<Told> rollback(
            @PathVariable String s,
            @PathVariable String n,
            @RequestBody(required = false) @Nullable Reason reason,
            HttpServletRequest request) {
        var made = policies.rollback(Ids.stack(s), Ids.number(n), comment(reason));
        var revisions = request.getRequestURI().replaceFirst("/[^/]+/rollback$", "");
        return ResponseEntity.created(URI.create(revisions + "/" + made.number()))
                .body(Told.of(made));
    }

    private static String comment(@Nullable Reason reason) {
        return reason == null || reason.comment() == null ? "" : reason.comment();
    }

    @GetMapping
    Page<Told> list(
            @PathVariable String s,
            @RequestParam(defaultValue = "" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit,
            @RequestParam(required = false) @Nullable String after) {
        var rows = policies.revisions(Ids.stack(s), after == null ? null : Ids.number(after), limit + 1);
        return Page.of(rows, limit, row -> Long.toString(row.number())).map(Told::of);
    }

    @GetMapping("/{n}")
    ToldWhole get(@PathVariable String s, @PathVariable String n) {
        var revision = policies.revision(Ids.stack(s), Ids.number(n));
        var summary = revision.summary();
        return new ToldWhole(
                summary.number(),
                summary.incarnation(),
                summary.sha256(),
                summary.comment(),
                summary.publishedBy(),
                summary.publishedAt(),
                summary.rollbackOf(),
                revision.policy());
    }

    @GetMapping("/{a}/diff/{b}")
    PolicyDiff diff(@PathVariable String s, @PathVariable String a, @PathVariable String b) {
        return policies.diff(Ids.stack(s), Ids.number(a), Ids.number(b));
    }

    record Reason(@Nullable String comment) {}

    record Told(
            long number,
            UUID incarnation,
            String sha256,
            String comment,
            String publishedBy,
            Instant publishedAt,
            @Nullable Long rollbackOf,
            int virtualServices) {

        static Told of(RevisionSummary revision) {
            return new Told(
                    revision.number(),
                    revision.incarnation(),
                    revision.sha256(),
                    revision.comment(),
                    revision.publishedBy(),
                    revision.publishedAt(),
                    revision.rollbackOf(),
                    revision.virtualServices());
        }
    }

    record ToldWhole(
            long number,
            UUID incarnation,
            String sha256,
            String comment,
            String publishedBy,
            Instant publishedAt,
            @Nullable Long rollbackOf,
            Policy policy) {}
}

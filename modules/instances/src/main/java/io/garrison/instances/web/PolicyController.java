package io.garrison.instances.web;

import io.garrison.instances.PolicyDiff;
import io.garrison.instances.PolicyManagement;
import io.garrison.instances.PolicyManagement.Draft;
import io.garrison.instances.policy.PolicyReader;
import io.garrison.protocol.Policy;
import io.garrison.tenancy.Refusal.FieldError;
import io.garrison.tenancy.http.EntityTag;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The draft of a stack's policy. Its body is read by rules of its own, stricter than the rest. */
@RestController
@RequestMapping("/api/v1/tenants/{t}/stacks/{s}/policy")
class PolicyController {

    private final PolicyManagement policies;

    PolicyController(PolicyManagement policies) {
        this.policies = policies;
    }

    @GetMapping
    ResponseEntity<Policy> draft(@PathVariable String s) {
        return told(policies.draft(Ids.stack(s)));
    }

    @PutMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Policy> save(
            @PathVariable String s,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
            InputStream body)
            throws IOException {
        long seen = EntityTag.require(ifMatch);
        return told(policies.save(Ids.stack(s), seen, PolicyReader.read(bytes(body))));
    }

    /** Without a body it is the draft that is looked at. */
    @PostMapping("/validate")
    Checked validate(@PathVariable String s, InputStream body) throws IOException {
        var stack = Ids.stack(s);
        byte[] bytes = bytes(body);
        var policy = bytes.length == 0 ? policies.draft(stack).policy() : PolicyReader.read(bytes);
        var result = policies.validate(stack, policy);
        return new Checked(
                result.valid(), result.errors().stream().map(Flaw::of).toList());
    }

    /** What publishing the draft would change. */
    @GetMapping("/diff")
    PolicyDiff diff(@PathVariable String s) {
        return policies.diffOfDraft(Ids.stack(s));
    }

    /** One byte more than a document may have, and no further. */
    private static byte[] bytes(InputStream body) throws IOException {
        return body.readNBytes(PolicyReader.MAX_BYTES + 1);
    }

    private static ResponseEntity<Policy> told(Draft draft) {
        return ResponseEntity.ok().eTag(EntityTag.of(draft.version())).body(draft.policy());
    }

    record Checked(boolean valid, List<Flaw> errors) {}

    /** @param field JSON pointer into the document */
    record Flaw(String field, String code, String message) {

        static Flaw of(FieldError error) {
            return new Flaw(error.field(), error.code(), error.message());
        }
    }
}

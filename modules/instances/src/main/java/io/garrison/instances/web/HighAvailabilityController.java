package io.garrison.instances.web;

import io.garrison.instances.HighAvailability;
import io.garrison.instances.HighAvailability.InstanceHa;
import io.garrison.instances.HighAvailability.StackHa;
import io.garrison.tenancy.http.EntityTag;
import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** High availability of a stack, and one instance's side of it. Both have the version of the stack's. */
@RestController
@RequestMapping("/api/v1/tenants/{t}")
class HighAvailabilityController {

    private final HighAvailability availability;

    HighAvailabilityController(HighAvailability availability) {
        this.availability = availability;
    }

    @GetMapping("/stacks/{s}/ha")
    ResponseEntity<HaBodies.StackTold> ofStack(@PathVariable String s) {
        return told(availability.ofStack(Ids.stack(s)));
    }

    /** Writes all sides at once. The answer of GET, with one value changed, is a body for it. */
    @PutMapping("/stacks/{s}/ha")
    ResponseEntity<HaBodies.StackTold> change(
            @PathVariable String s,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
            @RequestBody @Valid HaBodies.StackChange change) {
        var id = Ids.stack(s);
        long seen = EntityTag.require(ifMatch);
        var before = availability.ofStack(id);
        if (isOf(seen, before.version())) {
            change.requireTold(before);
        }
        return told(availability.change(id, seen, change.wish()));
    }

    @GetMapping("/instances/{i}/ha")
    ResponseEntity<InstanceHaBodies.InstanceTold> ofInstance(@PathVariable String i) {
        return told(availability.ofInstance(Ids.instance(i)));
    }

    /** Mode, port, interval and failure threshold are the stack's: what is said here holds for all its instances. */
    @PutMapping("/instances/{i}/ha")
    ResponseEntity<InstanceHaBodies.InstanceTold> change(
            @PathVariable String i,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
            @RequestBody @Valid InstanceHaBodies.InstanceChange change) {
        var id = Ids.instance(i);
        long seen = EntityTag.require(ifMatch);
        var before = availability.ofInstance(id);
        if (isOf(seen, before.version())) {
            change.requireTold(before);
        }
        return told(availability.change(id, seen, change.wish(id.value())));
    }

    /** What was read from another version is refused as stale, whatever it says. */
    private static boolean isOf(long seen, long version) {
        return seen == -1 || seen == version;
    }

    private static ResponseEntity<HaBodies.StackTold> told(StackHa ha) {
        return ResponseEntity.ok().eTag(EntityTag.of(ha.version())).body(HaBodies.StackTold.of(ha));
    }

    private static ResponseEntity<InstanceHaBodies.InstanceTold> told(InstanceHa ha) {
        return ResponseEntity.ok().eTag(EntityTag.of(ha.version())).body(InstanceHaBodies.InstanceTold.of(ha));
    }
}

package io.garrison.instances.web;

import io.garrison.instances.ClusterStatus;
import io.garrison.instances.EventCursor;
import io.garrison.instances.InstanceEvent;
import io.garrison.instances.InstanceException;
import io.garrison.instances.StackWatch;
import io.garrison.tenancy.http.Page;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** How a stack stands, and what has happened on its instances, the newest first. */
@RestController
@RequestMapping("/api/v1/tenants/{t}")
class ClusterController {

    private final StackWatch watch;

    ClusterController(StackWatch watch) {
        this.watch = watch;
    }

    @GetMapping("/stacks/{s}/cluster")
    ClusterStatus cluster(@PathVariable String s) {
        return watch.cluster(Ids.stack(s));
    }

    @GetMapping("/stacks/{s}/events")
    Page<Told> ofStack(
            @PathVariable String s,
            @RequestParam(defaultValue = "" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit,
            @RequestParam(required = false) @Nullable String after) {
        return page(watch.events(Ids.stack(s), position(after), limit + 1), limit);
    }

    @GetMapping("/instances/{i}/events")
    Page<Told> ofInstance(
            @PathVariable String i,
            @RequestParam(defaultValue = "" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit,
            @RequestParam(required = false) @Nullable String after) {
        return page(watch.events(Ids.instance(i), position(after), limit + 1), limit);
    }

    private static @Nullable EventCursor position(@Nullable String after) {
        return after == null ? null : EventCursor.parse(after).orElseThrow(InstanceException.NotFound::new);
    }

    private static Page<Told> page(java.util.List<InstanceEvent> rows, int limit) {
        return Page.of(rows, limit, row -> row.position().text()).map(Told::of);
    }

    record Told(UUID instanceId, String instanceName, Instant at, String code, String severity, String message) {

        static Told of(InstanceEvent event) {
            return new Told(
                    event.instanceId().value(),
                    event.instanceName(),
                    event.at(),
                    event.code(),
                    event.severity(),
                    event.message());
        }
    }
}

package io.garrison.instances.web;

import io.garrison.instances.InstanceHealth;
import io.garrison.instances.InstanceManagement;
import io.garrison.instances.InstanceSummary;
import io.garrison.instances.InstanceThroughput;
import io.garrison.instances.LifecycleState;
import io.garrison.instances.StackId;
import io.garrison.instances.StackManagement;
import io.garrison.protocol.Report;
import io.garrison.protocol.SyncState;
import io.garrison.tenancy.http.Page;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/tenants/{t}")
class InstanceController {

    private final InstanceManagement instances;
    private final StackManagement stacks;

    InstanceController(InstanceManagement instances, StackManagement stacks) {
        this.instances = instances;
        this.stacks = stacks;
    }

    @GetMapping("/instances")
    Page<Told> list(
            @RequestParam(defaultValue = "" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit,
            @RequestParam(required = false) @Nullable String after) {
        return page(null, limit, after);
    }

    @GetMapping("/stacks/{s}/instances")
    Page<Told> listOfStack(
            @PathVariable String s,
            @RequestParam(defaultValue = "" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit,
            @RequestParam(required = false) @Nullable String after) {
        return page(stacks.get(Ids.stack(s)).id(), limit, after);
    }

    private Page<Told> page(@Nullable StackId stack, int limit, @Nullable String after) {
        var rows = instances.list(stack, after == null ? null : Ids.instance(after), limit + 1);
        return Page.of(rows, limit, row -> row.id().toString()).map(Told::of);
    }

    @GetMapping("/instances/{i}")
    Told get(@PathVariable String i) {
        return Told.of(instances.get(Ids.instance(i)));
    }

    @PostMapping("/instances/{i}/drain")
    Told drain(@PathVariable String i) {
        return Told.of(instances.drain(Ids.instance(i)));
    }

    @PostMapping("/instances/{i}/resume")
    Told resume(@PathVariable String i) {
        return Told.of(instances.resume(Ids.instance(i)));
    }

    @PostMapping("/instances/{i}/quarantine")
    Told quarantine(@PathVariable String i, @RequestParam(defaultValue = "false") boolean force) {
        return Told.of(instances.quarantine(Ids.instance(i), force));
    }

    @PostMapping("/instances/{i}/decommission")
    Told decommission(@PathVariable String i, @RequestParam(defaultValue = "false") boolean force) {
        return Told.of(instances.decommission(Ids.instance(i), force));
    }

    @PostMapping("/instances/{i}/registers")
    Told registers(@PathVariable String i, @RequestParam boolean take) {
        return Told.of(instances.takeRegisters(Ids.instance(i), take));
    }

    record Versions(@Nullable String agent, @Nullable String dataPlane) {}

    record Told(
            UUID id,
            UUID stackId,
            String stackName,
            String name,
            LifecycleState lifecycleState,
            SyncState syncState,
            InstanceHealth health,
            String haRole,
            long appliedRevision,
            long desiredRevision,
            Versions versions,
            @Nullable Instant lastSeen,
            Report.@Nullable ApplyError error,
            List<Report.ServiceState> virtualServices,
            Report.@Nullable SpoolState spool,
            Instant enrolledAt,
            @Nullable Instant seatUntil,
            Instant certificateUntil,
            Map<String, String> facts,
            Report.@Nullable LicenseState license,
            @Nullable Instant offlineLeaseUntil,
            @Nullable InstanceThroughput throughput,
            @Nullable Instant registersUntil,
            Report.@Nullable MachineLoad machine,
            @Nullable String note) {

        /** Shutting an instance out does not end a lease that was carried to it. */
        private static @Nullable String note(InstanceSummary instance) {
            var until = instance.offlineLeaseUntil();
            return until == null || instance.lifecycleState().mayDialIn()
                    ? null
                    : "The seat stays taken until %s, the end of the offline lease that was given out. Load the instance's return receipt to free it sooner."
                            .formatted(until);
        }

        static Told of(InstanceSummary instance) {
            return new Told(
                    instance.id().value(),
                    instance.stackId().value(),
                    instance.stackName(),
                    instance.name(),
                    instance.lifecycleState(),
                    instance.syncState(),
                    instance.health(),
                    instance.haRole(),
                    instance.appliedRevision(),
                    instance.desiredRevision(),
                    new Versions(instance.agentVersion(), instance.dataPlaneVersion()),
                    instance.lastSeen(),
                    instance.error(),
                    instance.virtualServices(),
                    instance.spool(),
                    instance.enrolledAt(),
                    instance.seatUntil(),
                    instance.certificateUntil(),
                    instance.facts(),
                    instance.license(),
                    instance.offlineLeaseUntil(),
                    instance.throughput(),
                    instance.registersUntil(),
                    instance.machine(),
                    note(instance));
        }
    }
}

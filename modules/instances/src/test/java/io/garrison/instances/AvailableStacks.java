package io.garrison.instances;

import static io.garrison.instances.Worlds.as;
import static io.garrison.instances.Worlds.csr;

import io.garrison.instances.availability.RouterSettings;
import io.garrison.instances.availability.Side;
import io.garrison.instances.pki.Authority;
import io.garrison.protocol.Availability;
import io.garrison.protocol.EnrollRequest;
import io.garrison.protocol.Report;
import io.garrison.protocol.ReportAnswer;
import io.garrison.protocol.SyncState;
import io.garrison.protocol.VirtualRouter.VirtualAddress;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Makes stacks with machines that report of their part in them; of use where {@link TestLicensing} is. */
@Component
class AvailableStacks {

    private final StackManagement stacks;
    private final EnrollmentTokens tokens;
    private final EdgeEnrollment enrollment;
    private final EdgeService edges;
    private final ObjectProvider<TestLicensing> licensing;

    AvailableStacks(
            StackManagement stacks,
            EnrollmentTokens tokens,
            EdgeEnrollment enrollment,
            EdgeService edges,
            ObjectProvider<TestLicensing> licensing) {
        this.stacks = stacks;
        this.tokens = tokens;
        this.enrollment = enrollment;
        this.edges = edges;
        this.licensing = licensing;
    }

    record Made(StackId stack, List<Machine> machines, String token) {
        InstanceId id(int at) {
            return machines.get(at).identity.instanceId();
        }

        /** Of all machines, at their defaults. */
        List<Side> sides(int primary) {
            return IntStream.range(0, machines.size())
                    .mapToObj(at -> Side.untold(id(at).value()).asPrimary(at == primary))
                    .toList();
        }
    }

    /** Of version 2 if it has a password. */
    static RouterSettings router(String network, String name, int number, String address, @Nullable String password) {
        return new RouterSettings(
                name,
                network,
                number,
                "eth0",
                List.of(new VirtualAddress(address, 24, null)),
                null,
                password == null ? 3 : 2,
                password,
                5,
                0);
    }

    /** With a stack of that many machines. */
    Made make(TenantId tenant, int count) {
        return make(tenant, count, "edge");
    }

    Made make(TenantId tenant, int count, String name) {
        var subLicense = licensing.getObject().sell(tenant, 20, 10);
        var stack = as(tenant, () -> stacks.create(name, subLicense, TrafficMode.ACTIVE_ACTIVE))
                .id();
        return joined(tenant, stack, count);
    }

    /** Machines in a stack that is there. */
    Made joined(TenantId tenant, StackId stack, int count) {
        var token = as(tenant, () -> tokens.create(stack, 60, 20)).token();
        var made = new Made(stack, new ArrayList<>(), token);
        for (int i = 0; i < count; i++) {
            join(tenant, made);
        }
        return made;
    }

    Machine join(TenantId tenant, Made made) {
        var enrolled =
                enrollment.enroll(new EnrollRequest(made.token(), csr(Authority.newKeyPair()), Map.of()), "192.0.2.1");
        var machine = new Machine(new EdgeIdentity(tenant, made.stack(), new InstanceId(enrolled.instanceId())));
        made.machines().add(machine);
        return machine;
    }

    /** An edge as its heartbeats show it. */
    final class Machine {
        final EdgeIdentity identity;
        final UUID boot = UUID.randomUUID();
        private long sequence;
        private PolicyManagement.@Nullable RevisionSummary serving;

        /** How busy it says it is from now on. */
        volatile Report.@Nullable MachineLoad load;

        Machine(EdgeIdentity identity) {
            this.identity = identity;
        }

        /** From its next report on. */
        void serves(PolicyManagement.RevisionSummary revision) {
            serving = revision;
        }

        ReportAnswer reports(long planNumber, @Nullable String address) {
            return reports(new Availability(
                    planNumber, null, address, List.of(), null, 0, null, List.of(), null, List.of(), List.of()));
        }

        ReportAnswer reports(@Nullable Availability availability) {
            var revision = serving;
            var report = new Report(
                    boot,
                    next(),
                    Instant.now(),
                    revision == null ? 0 : revision.number(),
                    revision == null ? null : revision.incarnation(),
                    revision == null ? null : revision.sha256(),
                    revision == null ? SyncState.NEVER_APPLIED : SyncState.IN_SYNC,
                    null,
                    true,
                    false,
                    "ACTIVE",
                    "0.1.0",
                    null,
                    List.of(),
                    new Report.SpoolState(0, 0, 0, 0),
                    null,
                    null,
                    null,
                    availability,
                    null,
                    load);
            return CurrentTenant.callAs(identity.tenantId(), () -> edges.report(identity, report));
        }

        private synchronized long next() {
            return ++sequence;
        }
    }
}

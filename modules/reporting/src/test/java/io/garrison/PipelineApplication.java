package io.garrison;

import io.garrison.instances.DrillHistory;
import io.garrison.instances.Drills.DrillSummary;
import io.garrison.instances.Drills.State;
import io.garrison.instances.EdgeIdentity;
import io.garrison.instances.InstanceDirectory;
import io.garrison.instances.InstanceId;
import io.garrison.instances.RegisterFlushes;
import io.garrison.instances.SiteAdmission;
import io.garrison.instances.SiteException;
import io.garrison.instances.SiteSigner;
import io.garrison.instances.StackId;
import io.garrison.licensing.OwnSubLicense;
import io.garrison.protocol.Availability.DrillResult;
import io.garrison.protocol.Drill;
import io.garrison.protocol.MeterAck;
import io.garrison.tenancy.Access;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.DeploymentMode;
import io.garrison.tenancy.Operations;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.TenancyException;
import io.garrison.tenancy.TenantDirectory;
import io.garrison.tenancy.TenantId;
import io.garrison.tenancy.TenantState;
import io.garrison.tenancy.TenantSummary;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;
import org.springframework.context.annotation.Primary;

/** Reporting on the real database binding, Kafka and OpenSearch, with hand-written neighbours that a test can steer. */
@SpringBootApplication
@ComponentScan(
        basePackages = {"io.garrison.reporting", "io.garrison.tenancy"},
        excludeFilters =
                @ComponentScan.Filter(
                        type = FilterType.REGEX,
                        pattern = {".*\\.ui\\..*", ".*(Tests|IT)$", ".*Tests\\$.*", ".*IT\\$.*"}))
public class PipelineApplication {

    @Bean
    @Primary
    Permissions permissions() {
        return new Permissions();
    }

    @Bean
    @Primary
    ScriptedFlushes flushes() {
        return new ScriptedFlushes();
    }

    @Bean
    @Primary
    RecordedOperations operations() {
        return new RecordedOperations();
    }

    @Bean
    @Primary
    ScriptedTenants scriptedTenants() {
        return new ScriptedTenants();
    }

    /** All there are, but those that a test lets go. */
    public static final class ScriptedTenants implements TenantDirectory {
        public final Set<TenantId> gone = ConcurrentHashMap.newKeySet();

        /** Those of whom it shows only when they are to be kept that their deletion has begun meanwhile. */
        public final Set<TenantId> leaving = ConcurrentHashMap.newKeySet();

        @Override
        public Optional<TenantSummary> find(TenantId id) {
            return Optional.of(new TenantSummary(
                    id,
                    "t-" + id.toString().substring(0, 8),
                    "=Tenant, \"Ltd\"",
                    DeploymentMode.CLUSTER,
                    "a@example.org",
                    ZoneOffset.UTC,
                    gone.contains(id) ? TenantState.DELETING : TenantState.ACTIVE,
                    Instant.EPOCH,
                    1));
        }

        @Override
        public List<TenantSummary> all() {
            return List.of();
        }

        @Override
        public List<TenantSummary> among(Collection<TenantId> ids) {
            return ids.stream().flatMap(id -> find(id).stream()).toList();
        }

        @Override
        public Set<TenantId> keep(Collection<TenantId> ids) {
            return among(ids).stream()
                    .filter(tenant -> tenant.state() != TenantState.DELETING)
                    .map(TenantSummary::id)
                    .filter(id -> !leaving.contains(id))
                    .collect(Collectors.toSet());
        }
    }

    @Bean
    DrillHistory drills() {
        var told = new DrillResult(new UUID(0, 1), "YIELDED", Instant.EPOCH, 70L, null, null, null, null, null, null);
        return (from, to) -> List.of(new DrillHistory.Entry(
                "main",
                new DrillSummary(
                        told.drillId(),
                        "web",
                        Drill.Kind.FAULT,
                        State.DONE,
                        from,
                        10,
                        "each quarter",
                        new InstanceId(new UUID(0, 2)),
                        new InstanceId(new UUID(0, 3)),
                        from,
                        "nina",
                        told,
                        told,
                        null,
                        false)));
    }

    @Bean
    @Primary
    InstanceDirectory instances() {
        return new InstanceDirectory() {
            @Override
            public Optional<Entry> instance(InstanceId id) {
                return Optional.empty();
            }

            @Override
            public List<Entry> instances() {
                return List.of();
            }

            @Override
            public Set<InstanceId> known(TenantId tenant, Collection<InstanceId> ids) {
                return Set.of();
            }

            @Override
            public Map<InstanceId, Instant> retired(Collection<InstanceId> ids) {
                return Map.of();
            }

            @Override
            public Optional<StackEntry> stack(StackId id) {
                return Optional.empty();
            }

            @Override
            public List<StackEntry> stacks() {
                return List.of();
            }

            @Override
            public List<Entry> instancesOfAllTenants() {
                return List.of();
            }
        };
    }

    /** This installation holds no sub-licence of its own, and no site reports to it. */
    @Bean
    @Primary
    OwnSubLicense noSubLicense() {
        return Optional::empty;
    }

    @Bean
    @Primary
    SiteSigner signsNothing() {
        return (number, batch) -> {
            throw new SiteException.NoSite();
        };
    }

    @Bean
    @Primary
    SiteAdmission sites() {
        return new NoSites();
    }

    /** Who may what: everybody everything, until a test says otherwise. */
    public static final class Permissions implements Access {
        public final Set<Permission> denied = ConcurrentHashMap.newKeySet();

        @Override
        public boolean may(Permission permission) {
            return !denied.contains(permission);
        }

        @Override
        public void require(Permission permission) {
            if (!may(permission)) {
                throw new TenancyException.Forbidden(permission);
            }
        }
    }

    public static final class ScriptedFlushes implements RegisterFlushes {
        volatile Progress progress = new Progress(Set.of(), Set.of(), Map.of());

        public void answer(EdgeIdentity edge, List<MeterAck> registers) {
            progress = new Progress(Set.of(), progress.lost(), Map.of(edge, registers));
        }

        @Override
        public UUID request() {
            return UUID.randomUUID();
        }

        @Override
        public Progress progress(UUID flush) {
            return progress;
        }
    }

    public static final class RecordedOperations implements Operations {
        final Map<UUID, Operation> known = new ConcurrentHashMap<>();
        final Map<UUID, Optional<TenantId>> houses = new HashMap<>();

        @Override
        public UUID start(String kind, Duration limit) {
            var id = UUID.randomUUID();
            known.put(id, operation(id, State.RUNNING, null, null));
            houses.put(id, CurrentTenant.find());
            return id;
        }

        @Override
        public void progress(UUID operation, int percent) {}

        @Override
        public void succeed(UUID operation, String result) {
            known.put(operation, operation(operation, State.SUCCEEDED, null, result));
        }

        @Override
        public void fail(UUID operation, String code, String message) {
            known.put(operation, operation(operation, State.FAILED, new Failure(code, message), null));
        }

        @Override
        public Operation get(UUID operation) {
            return known.get(operation);
        }

        private static Operation operation(UUID id, State state, Failure error, String result) {
            return new Operation(id, "test", state, 0, Instant.EPOCH, Instant.EPOCH, error, result);
        }
    }
}

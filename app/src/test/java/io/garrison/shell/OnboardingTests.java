package io.garrison.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.instances.EnrollmentTokens;
import io.garrison.instances.InstanceException;
import io.garrison.instances.StackId;
import io.garrison.instances.StackManagement;
import io.garrison.instances.StackSummary;
import io.garrison.instances.TrafficMode;
import io.garrison.licensing.Entitlements;
import io.garrison.licensing.LicenseException;
import io.garrison.licensing.LicenseId;
import io.garrison.licensing.Metric;
import io.garrison.licensing.SubLicenseAdministration;
import io.garrison.licensing.SubLicenseAdministration.Allocation;
import io.garrison.licensing.SubLicenseId;
import io.garrison.licensing.SubLicenseState;
import io.garrison.licensing.SubLicenseSummary;
import io.garrison.tenancy.DeploymentMode;
import io.garrison.tenancy.MemberManagement;
import io.garrison.tenancy.TenantId;
import io.garrison.tenancy.TenantManagement;
import io.garrison.tenancy.TenantManagement.NewTenant;
import io.garrison.tenancy.TenantState;
import io.garrison.tenancy.TenantSummary;
import io.garrison.tenancy.Workspace;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OnboardingTests {

    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final TenantSummary TENANT = new TenantSummary(
            new TenantId(new UUID(0, 1)),
            "acme",
            "Acme",
            DeploymentMode.CLUSTER,
            "it@acme.example",
            ZoneOffset.UTC,
            TenantState.ACTIVE,
            NOW,
            1);
    private static final SubLicenseSummary SUB_LICENSE = new SubLicenseSummary(
            new SubLicenseId(new UUID(0, 2)),
            new LicenseId(new UUID(0, 3)),
            "CLUSTER",
            NOW,
            NOW.plusSeconds(60),
            0,
            new Entitlements(1, 1, 1, Set.of()),
            SubLicenseState.ACTIVE,
            NOW,
            null,
            1);
    private static final StackSummary STACK = new StackSummary(
            new StackId(new UUID(0, 4)), "main", SUB_LICENSE.id(), TrafficMode.ACTIVE_ACTIVE, 0, 0, 0, 0, NOW, 1);

    private final List<String> done = new ArrayList<>();
    private final Set<String> failing = new HashSet<>();

    @Test
    void makesEverythingInOrder() {
        onboarding().run(plan(null));

        assertThat(done).containsExactly("create tenant", "allocate", "create stack", "create token");
    }

    @Test
    void takesBackWhatWentThroughLastFirst() {
        failing.add("create token");

        assertThatExceptionOfType(RuntimeException.class)
                .isThrownBy(() -> onboarding().run(plan(null)));

        assertThat(done)
                .containsExactly(
                        "create tenant",
                        "allocate",
                        "create stack",
                        "delete stack",
                        "revoke",
                        "suspend tenant",
                        "delete tenant");
    }

    @Test
    void tellsTheFirstFailureAlsoWhenItCannotTakeEverythingBack() {
        failing.add("create stack");
        failing.add("revoke");

        assertThatExceptionOfType(InstanceException.NameTaken.class)
                .isThrownBy(() -> onboarding().run(plan(null)))
                .satisfies(failed -> assertThat(failed.getSuppressed()).hasSize(1));

        assertThat(done).endsWith("suspend tenant", "delete tenant");
    }

    @Test
    void undoesNothingWhenNothingWasMade() {
        failing.add("create tenant");

        assertThatExceptionOfType(RuntimeException.class)
                .isThrownBy(() -> onboarding().run(plan(null)));

        assertThat(done).isEmpty();
    }

    private void does(String what) {
        if (failing.contains(what)) {
            throw what.equals("allocate")
                    ? new LicenseException.PoolExhausted("entitlements/0", Metric.INSTANCES, "2", "1")
                    : new InstanceException.NameTaken("stack", "main");
        }
        done.add(what);
    }

    private static Onboarding.Plan plan(String administrator) {
        return new Onboarding.Plan(
                new NewTenant("Acme", "acme", DeploymentMode.CLUSTER, "it@acme.example", "UTC"),
                new Allocation(
                        SUB_LICENSE.licenseId(), NOW, NOW.plusSeconds(60), 0, new Entitlements(1, 1, 1, Set.of())),
                "main",
                TrafficMode.ACTIVE_ACTIVE,
                60,
                1,
                administrator);
    }

    private Onboarding onboarding() {
        return new Onboarding(
                answering(
                        Workspace.class,
                        (method, arguments) -> answering(
                                Workspace.Visit.class,
                                (visiting, operation) -> ((ScopedValue.CallableOp<?, ?>) operation[0]).call())),
                answering(TenantManagement.class, (method, arguments) -> {
                    does(method + " tenant");
                    return method.equals("delete") ? UUID.randomUUID() : TENANT;
                }),
                answering(SubLicenseAdministration.class, (method, arguments) -> {
                    does(method);
                    return SUB_LICENSE;
                }),
                new Onboarding.StackPart(
                        answering(StackManagement.class, (method, arguments) -> {
                            does(method + " stack");
                            return STACK;
                        }),
                        answering(EnrollmentTokens.class, (method, arguments) -> {
                            does(method + " token");
                            return new EnrollmentTokens.NewToken(UUID.randomUUID(), "token", "sha", NOW, "command");
                        })),
                answering(MemberManagement.class, (method, arguments) -> null));
    }

    private interface Answer {
        Object to(String method, Object[] arguments) throws Throwable;
    }

    private static <T> T answering(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answer.to(method.getName(), arguments)));
    }
}

package io.garrison.licensing;

import static io.garrison.licensing.LicensingWorld.asAdmin;
import static io.garrison.licensing.LicensingWorld.asMember;
import static io.garrison.licensing.LicensingWorld.atOnce;
import static io.garrison.licensing.LicensingWorld.instances;
import static io.garrison.licensing.LicensingWorld.licence;
import static io.garrison.licensing.LicensingWorld.share;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.SettableClock;
import io.garrison.licensing.LeaseRule.IfLeasesBreak;
import io.garrison.licensing.LicenseException.LeasesRunning;
import io.garrison.licensing.LicenseException.TransferRefused;
import io.garrison.licensing.LicenseException.UnknownSubLicense;
import io.garrison.licensing.LicenseException.UnknownTransfer;
import io.garrison.licensing.LicenseException.WrongState;
import io.garrison.licensing.LicensePool.Count;
import io.garrison.licensing.SubLicenseOperations.Terms;
import io.garrison.licensing.SubLicenseTransfers.Order;
import io.garrison.licensing.Transfer.State;
import io.garrison.licensing.file.LicenseFile;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.TenancyException;
import io.garrison.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.modulith.test.ApplicationModuleTest;
import org.springframework.modulith.test.ApplicationModuleTest.BootstrapMode;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionOperations;

@ApplicationModuleTest(BootstrapMode.ALL_DEPENDENCIES)
class TransfersIT {

    @Autowired
    LicenseAdministration licenses;

    @Autowired
    SubLicenseAdministration subLicenses;

    @Autowired
    SubLicenseOperations operations;

    @Autowired
    SubLicenseTransfers transfers;

    @Autowired
    InstanceSeats seats;

    @Autowired
    TestSeatHolders holders;

    @Autowired
    TestTenants tenants;

    @Autowired
    SettableClock clock;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    TransactionOperations transactions;

    @Autowired
    Transfers stored;

    @Autowired
    TransferExecution execution;

    @Autowired
    Installation installation;

    @Autowired
    PlatformTransactionManager manager;

    /** The database is shared: no test before this one may have set its clock to when a transfer of this one is due. */
    private static final Instant LATER = Instant.parse("2029-01-01T00:00:00Z");

    private LicenseSummary parent;
    private Side alice;
    private Side bob;

    private record Side(TenantId tenant, SubLicenseId id) {}

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        LicensingWorld.properties(registry);
    }

    @BeforeEach
    void allocate() {
        tenants.catchUp(clock);
        if (clock.instant().isBefore(LATER)) {
            clock.move(Duration.between(clock.instant(), LATER));
        }
        parent = asAdmin(() -> licenses.load(licence(clock, instances(10))));
        alice = side(parent, 6);
        bob = side(parent, 4);
    }

    @Test
    void movesFromOneTenantToAnotherAndSignsBoth() {
        var done = transfer(order(2, null));

        assertThat(done.state()).isEqualTo(State.DONE);
        assertHas(alice, 4, 2);
        assertHas(bob, 6, 2);
        assertThat(asAdmin(() -> licenses.pool(parent.id())).lines())
                .as("nothing comes or goes")
                .contains(new Count(Metric.INSTANCES, 10, 10, 0));
        assertThat(asMember(alice.tenant, () -> operations.history(alice.id, null, 1)))
                .extracting(SubLicenseChange::action)
                .containsExactly("transferred-out");
        assertThat(asMember(bob.tenant, () -> operations.history(bob.id, null, 1)))
                .extracting(SubLicenseChange::action)
                .containsExactly("transferred-in");
    }

    @Test
    void tellsNeitherTenantWhoTheOtherIs() {
        transfer(order(2, null));

        assertThat(tenants.audited(alice.tenant)).contains("sub-license.transferred-out");
        assertThat(tenants.audited(bob.tenant)).contains("sub-license.transferred-in");
        assertThat(seenBy(alice)).doesNotContain(bob.tenant.toString(), bob.id.toString());
        assertThat(seenBy(bob)).doesNotContain(alice.tenant.toString(), alice.id.toString());
        assertThatExceptionOfType(TenancyException.Forbidden.class)
                .isThrownBy(() -> asMember(alice.tenant, () -> transfers.request(alice.id, order(1, null))));
    }

    @Test
    void refusesWhatCannotMoveAndChangesNothing() {
        var elsewhere = side(asAdmin(() -> licenses.load(licence(clock, instances(10)))), 1);
        var now = clock.instant();

        assertThat(refusal(order(7, null))).isEqualTo("license.transfer-exceeds");
        assertThat(refusal(to(elsewhere, 1))).isEqualTo("license.other-license");
        assertThat(refusal(to(alice, 1))).isEqualTo("license.transfer-to-itself");
        assertThat(refusal(to(new Side(alice.tenant, bob.id), 1)))
                .as("bob's, but not alice's")
                .isEqualTo("license.unknown");
        assertThat(refusal(to(new Side(bob.tenant, new SubLicenseId(UUID.randomUUID())), 1)))
                .isEqualTo("license.unknown");
        assertThat(refusal(order(1, now.minusSeconds(1)))).isEqualTo("license.in-the-past");
        assertThat(refusal(amounts(new Entitlements(0, 0, 0, Set.of())))).isEqualTo("license.transfer-of-nothing");
        assertThat(refusal(amounts(new Entitlements(1, 0, 0, Set.of("waf")))))
                .isEqualTo("license.features-do-not-move");
        assertThatExceptionOfType(UnknownSubLicense.class)
                .as("bob does not own alice's")
                .isThrownBy(() -> asAdmin(bob.tenant, () -> transfers.request(alice.id, to(bob, 1))));
        asAdmin(bob.tenant, () -> operations.suspend(bob.id, null));
        assertThat(refusal(order(1, null))).isEqualTo("license.not-in-force");

        assertHas(alice, 6, 1);
        assertHas(bob, 4, 2);
    }

    @Test
    void takesNoSeatsFromRunningInstancesUnlessTold() {
        for (int i = 0; i < 6; i++) {
            clock.move(Duration.ofSeconds(1));
            CurrentTenant.callAs(alice.tenant, () -> seats.lease(alice.id, UUID.randomUUID()));
        }
        var youngest = UUID.randomUUID();
        clock.move(Duration.ofMinutes(5));
        CurrentTenant.callAs(alice.tenant, () -> seats.lease(alice.id, youngest));
        asAdmin(alice.tenant, () -> operations.resize(alice.id, Terms.of(instances(1)), LeaseRule.REFUSE, null));

        assertThatExceptionOfType(LeasesRunning.class).isThrownBy(() -> transfer(order(1, null)));
        assertHas(alice, 1, 2);

        var drained = transfer(
                new Order(bob.tenant, bob.id, counts(1), new LeaseRule(IfLeasesBreak.DRAIN, 1), null, "moves house"));

        assertThat(drained.state()).isEqualTo(State.DONE);
        assertThat(holders.asked()).contains(youngest);
        assertThat(asAdmin(() -> licenses.pool(parent.id())).lines())
                .as("five granted, one seat lingers")
                .contains(new Count(Metric.INSTANCES, 10, 6, 4));
    }

    @Test
    void doesAScheduledOneOnceAndNotBeforeItsTime() {
        var job = job();
        var scheduled = transfer(order(2, clock.instant().plus(Duration.ofHours(1))));
        assertThat(scheduled.state()).isEqualTo(State.SCHEDULED);
        clock.move(Duration.ofMinutes(59));
        job.run();
        assertHas(alice, 6, 1);

        clock.move(Duration.ofMinutes(1));
        var replicas = atOnce(8, () -> {
            job().run();
            return true;
        });

        assertThat(replicas).allMatch(replica -> replica.state() == Future.State.SUCCESS);
        assertHas(alice, 4, 2);
        assertHas(bob, 6, 2);
        assertThat(asAdmin(alice.tenant, () -> transfers.get(alice.id, scheduled.id()))
                        .state())
                .isEqualTo(State.DONE);
        assertThat(tenants.audited(alice.tenant)).containsOnlyOnce("sub-license.transferred-out");
    }

    @Test
    void notesWhyAScheduledOneFailed() {
        var scheduled = transfer(order(2, clock.instant().plus(Duration.ofHours(1))));
        asAdmin(bob.tenant, () -> subLicenses.revoke(bob.id));
        clock.move(Duration.ofHours(1));

        job().run();

        var failed = asAdmin(alice.tenant, () -> transfers.get(alice.id, scheduled.id()));
        assertThat(failed.state()).isEqualTo(State.FAILED);
        assertThat(failed.code()).isEqualTo("license.already-revoked");
        assertHas(alice, 6, 1);
    }

    @Test
    void cancelsOneThatIsNotDue() {
        var scheduled = transfer(order(2, clock.instant().plus(Duration.ofHours(1))));

        assertThat(asAdmin(alice.tenant, () -> transfers.cancel(alice.id, scheduled.id()))
                        .state())
                .isEqualTo(State.CANCELLED);
        clock.move(Duration.ofHours(1));
        job().run();

        assertHas(alice, 6, 1);
        assertThatExceptionOfType(WrongState.class)
                .isThrownBy(() -> asAdmin(alice.tenant, () -> transfers.cancel(alice.id, scheduled.id())));
        assertThatExceptionOfType(UnknownTransfer.class)
                .isThrownBy(() -> asAdmin(bob.tenant, () -> transfers.cancel(bob.id, scheduled.id())));
        assertThat(asAdmin(alice.tenant, () -> transfers.list(alice.id, null, 10)))
                .singleElement()
                .extracting(Transfer::id)
                .isEqualTo(scheduled.id());
    }

    @Test
    void survivesTransfersCrosswiseAtOnce() {
        var turn = new AtomicInteger();

        var attempts = atOnce(20, () -> {
            boolean there = turn.getAndIncrement() % 2 == 0;
            var from = there ? alice : bob;
            var to = there ? bob : alice;
            return asAdmin(from.tenant, () -> transfers.request(from.id, to(to, 1)));
        });

        assertThat(attempts)
                .filteredOn(attempt -> attempt.state() == Future.State.FAILED)
                .allSatisfy(attempt -> assertThat(attempt.exceptionNow()).isInstanceOf(TransferRefused.class));
        assertThat(has(alice) + has(bob)).isEqualTo(10);
        assertThat(asAdmin(() -> licenses.pool(parent.id())).lines()).contains(new Count(Metric.INSTANCES, 10, 10, 0));
    }

    /** A replica, or the same after a restart: it knows nothing but the database. */
    private TransferJob job() {
        return new TransferJob(stored, execution, installation, manager);
    }

    private Side side(LicenseSummary license, long granted) {
        var tenant = tenants.any();
        return new Side(
                tenant,
                asAdmin(tenant, () -> subLicenses.allocate(share(license, instances(granted))))
                        .id());
    }

    private Order order(long instances, @Nullable Instant effectiveAt) {
        return new Order(bob.tenant, bob.id, counts(instances), LeaseRule.REFUSE, effectiveAt, null);
    }

    private static Order to(Side side, long instances) {
        return new Order(side.tenant, side.id, counts(instances), LeaseRule.REFUSE, null, null);
    }

    private Order amounts(Entitlements amounts) {
        return new Order(bob.tenant, bob.id, amounts, LeaseRule.REFUSE, null, null);
    }

    /** As {@link LicensingWorld#instances}, but amounts have no features. */
    private static Entitlements counts(long instances) {
        return new Entitlements(instances, instances * 1_000_000, instances * 10, Set.of());
    }

    private Transfer transfer(Order order) {
        return asAdmin(alice.tenant, () -> transfers.request(alice.id, order));
    }

    private String refusal(Order order) {
        try {
            transfer(order);
            throw new AssertionError("it was done");
        } catch (TransferRefused e) {
            return e.errors().getFirst().code();
        }
    }

    private long has(Side side) {
        return asMember(side.tenant, () -> subLicenses.get(side.id))
                .entitlements()
                .instances();
    }

    private void assertHas(Side side, long instances, long serial) {
        var text = asMember(side.tenant, () -> subLicenses.file(side.id));
        var file = LicenseFile.readSubLicense(text, LicensingWorld.TRUSTED).child();
        assertThat(file.entitlements()).isEqualTo(instances(instances));
        assertThat(file.serial()).isEqualTo(serial);
        assertThat(has(side)).isEqualTo(instances);
    }

    /** All that the tenant can read of it: its history, and its audit trail. */
    private String seenBy(Side side) {
        var history = asMember(side.tenant, () -> operations.history(side.id, null, 10));
        var trail = CurrentTenant.callAs(
                side.tenant,
                () -> transactions.execute(
                        status -> jdbc.sql("select string_agg(details::text, ' ') from tenancy.audit_entry")
                                .query(String.class)
                                .single()));
        return history + trail;
    }
}

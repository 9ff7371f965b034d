package io.garrison.instances.edgeapi;

import static io.garrison.instances.Worlds.as;
import static io.garrison.instances.Worlds.asProvider;
import static io.garrison.instances.Worlds.csr;
import static io.garrison.instances.Worlds.runAs;
import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.instances.EnrollmentTokens;
import io.garrison.instances.GatewayAddress;
import io.garrison.instances.InstallationKeys;
import io.garrison.instances.InstanceId;
import io.garrison.instances.InstanceManagement;
import io.garrison.instances.LifecycleState;
import io.garrison.instances.OfflineLeases;
import io.garrison.instances.ServerTest;
import io.garrison.instances.StackId;
import io.garrison.instances.StackManagement;
import io.garrison.instances.TrafficMode;
import io.garrison.instances.pki.Authority;
import io.garrison.licensing.Entitlements;
import io.garrison.licensing.LicenseAdministration;
import io.garrison.licensing.SubLicenseAdministration;
import io.garrison.licensing.SubLicenseAdministration.Allocation;
import io.garrison.licensing.file.LicenseFile;
import io.garrison.licensing.file.MsspLicense;
import io.garrison.licensing.file.VendorKey;
import io.garrison.protocol.EnrollResponse;
import io.garrison.protocol.Lease;
import io.garrison.protocol.LeaseReceipt;
import io.garrison.protocol.LeaseSigning;
import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.ReceiptSigning;
import io.garrison.protocol.Report;
import io.garrison.protocol.ReportAnswer;
import io.garrison.protocol.SyncState;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.DeploymentMode;
import io.garrison.tenancy.Refusal;
import io.garrison.tenancy.TenantId;
import io.garrison.tenancy.TenantManagement;
import io.garrison.tenancy.TenantManagement.NewTenant;
import java.nio.file.Files;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Leases from a real licence, through the real gateway, to a machine and back as a receipt. */
@ServerTest
@DirtiesContext
@TestPropertySource(properties = {"test.licensing=real", "garrison.licensing.lease=10s"})
class LeasesOverTheWireIT {

    private static final VendorKey VENDOR = VendorKey.generate();

    @Autowired
    TenantManagement tenants;

    @Autowired
    LicenseAdministration licenses;

    @Autowired
    SubLicenseAdministration subLicenses;

    @Autowired
    StackManagement stacks;

    @Autowired
    EnrollmentTokens tokens;

    @Autowired
    InstanceManagement instances;

    @Autowired
    OfflineLeases leases;

    @Autowired
    InstallationKeys keys;

    @Autowired
    GatewayAddress gateway;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    PlatformTransactionManager transactions;

    @DynamicPropertySource
    static void vendor(DynamicPropertyRegistry registry) throws Exception {
        var file = Files.createTempFile("vendor", ".pub");
        file.toFile().deleteOnExit();
        Files.writeString(file, VENDOR.publicPem());
        registry.add("garrison.licensing.vendor-keys", file::toString);
    }

    private record Customer(TenantId tenant, StackId stack) {}

    private record Machine(EnrollResponse answer, EdgeClient client, KeyPair pair, X509Certificate certificate) {
        InstanceId id() {
            return new InstanceId(answer.instanceId());
        }
    }

    private Customer customer(int seats) {
        var slug = "c" + UUID.randomUUID().toString().substring(0, 8);
        var tenant = asProvider(() -> tenants.create(
                        new NewTenant("Customer", slug, DeploymentMode.CLUSTER, "a@customer.example", "UTC")))
                .id();
        var now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        var granted = new Entitlements(seats, 1_000_000, 10, Set.of("waf"));
        var file = LicenseFile.text(LicenseFile.issue(
                VENDOR,
                key -> new MsspLicense(
                        UUID.randomUUID(),
                        "Northwind",
                        now,
                        now.minusSeconds(60),
                        now.plus(Duration.ofDays(365)),
                        granted,
                        key,
                        null,
                        false)));
        var license = asProvider(() -> licenses.load(file));
        var asked = new Allocation(license.id(), now.minusSeconds(30), now.plus(Duration.ofDays(60)), 14, granted);
        var subLicense = asProvider(() -> CurrentTenant.callAs(tenant, () -> subLicenses.allocate(asked)))
                .id();
        var stack = as(tenant, () -> stacks.create("edge", subLicense, TrafficMode.ACTIVE_ACTIVE));
        return new Customer(tenant, stack.id());
    }

    private Machine enrolled(Customer customer) throws Exception {
        var pair = EdgeClient.newKey();
        var answer = enrol(customer, pair);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        var identity = ProtocolJson.read(answer.body().getBytes(), EnrollResponse.class);
        var certificate = EdgeClient.certificate(identity);
        return new Machine(identity, EdgeClient.with(gateway.port(), keys, pair, certificate), pair, certificate);
    }

    private java.net.http.HttpResponse<String> enrol(Customer customer, KeyPair pair) throws Exception {
        var token = as(customer.tenant(), () -> tokens.create(customer.stack(), 60, 1))
                .token();
        return EdgeClient.withoutCertificate(gateway.port(), keys).enroll(token, csr(pair));
    }

    private static ReportAnswer report(Machine machine, long sequence, Report.LicenseState license) throws Exception {
        var report = new Report(
                new UUID(4, 4),
                sequence,
                Instant.now(),
                0,
                null,
                null,
                SyncState.NEVER_APPLIED,
                null,
                false,
                false,
                "ACTIVE",
                "0.1.0",
                null,
                List.of(),
                new Report.SpoolState(0, 0, 0, 0),
                null,
                license);
        var answer = machine.client().post("/edge/v1/report", ProtocolJson.write(report));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return ProtocolJson.read(answer.body().getBytes(), ReportAnswer.class);
    }

    private static Report.LicenseState held(Lease lease) {
        return new Report.LicenseState("ACTIVE", lease.id(), lease.until());
    }

    @Test
    void givesALeaseWithTheIdentityAndAnotherInTheSecondHalfOfItOnly() throws Exception {
        var customer = customer(1);
        var machine = enrolled(customer);
        var trust = machine.answer().leaseTrust();
        var first = LeaseSigning.verify(machine.answer().lease(), trust);
        assertThat(first.signedBy()).isEqualTo(Lease.Signer.MSSP);
        assertThat(first.instance()).isEqualTo(machine.id().value());
        assertThat(as(customer.tenant(), () -> instances.get(machine.id())).seatUntil())
                .isEqualTo(first.until());

        assertThat(report(machine, 1, held(first)).lease())
                .as("not at every heartbeat")
                .isNull();
        var told = as(customer.tenant(), () -> instances.get(machine.id())).license();
        assertThat(told).isEqualTo(held(first));
        Thread.sleep(Duration.between(Instant.now(), first.issuedAt().plusMillis(6_100)));

        var second = LeaseSigning.verify(report(machine, 2, held(first)).lease(), trust);
        assertThat(second.until()).isAfter(first.until());
        assertThat(report(machine, 3, held(second)).lease()).isNull();
    }

    @Test
    void keepsTheSeatOfAnOfflineLeaseUntilItsReceiptComesWhichCountsOnce() throws Exception {
        var customer = customer(1);
        var other = customer(1);
        var machine = enrolled(customer);
        var stranger = enrolled(other);

        var given = as(customer.tenant(), () -> leases.give(machine.id(), 30));
        var lease = LeaseSigning.verify(given.file(), machine.answer().leaseTrust());
        assertThat(lease.offline()).isTrue();
        assertThat(report(machine, 1, held(lease)).lease()).as("it has it").isNull();

        var out = as(customer.tenant(), () -> instances.decommission(machine.id(), false));
        assertThat(out.lifecycleState()).isEqualTo(LifecycleState.RETIRED);
        assertThat(out.offlineLeaseUntil()).isEqualTo(given.until());
        assertThat(enrol(customer, EdgeClient.newKey()).statusCode())
                .as("the seat is taken")
                .isEqualTo(409);

        var receipt = receipt(lease, machine);
        assertThat(refusal(customer, machine.id(), "nonsense")).isEqualTo("lease.receipt-invalid");
        int middle = receipt.indexOf('.') + 20;
        var tampered = receipt.substring(0, middle)
                + (receipt.charAt(middle) == 'A' ? 'B' : 'A')
                + receipt.substring(middle + 1);
        assertThat(refusal(customer, machine.id(), tampered)).isEqualTo("lease.receipt-invalid");
        assertThat(refusal(other, stranger.id(), receipt)).isEqualTo("lease.receipt-foreign");
        assertThat(refusal(other, machine.id(), receipt)).isEqualTo("not-found");
        var forged = new Machine(machine.answer(), machine.client(), stranger.pair(), stranger.certificate());
        assertThat(refusal(customer, machine.id(), receipt(lease, forged))).isEqualTo("lease.receipt-foreign");
        var pair = Authority.newKeyPair();
        var selfMade = Authority.create(Instant.now())
                .issueClient(
                        pair.getPublic(),
                        "spiffe://garrison/tenant/%s/stack/%s/instance/%s"
                                .formatted(customer.tenant(), customer.stack(), machine.id()),
                        machine.id().toString(),
                        Instant.now(),
                        Duration.ofDays(1));
        var bySelfMade = new Machine(machine.answer(), machine.client(), pair, selfMade);
        assertThat(refusal(customer, machine.id(), receipt(lease, bySelfMade))).isEqualTo("lease.receipt-foreign");
        assertThat(enrol(customer, EdgeClient.newKey()).statusCode())
                .as("nothing changed")
                .isEqualTo(409);

        runAs(customer.tenant(), () -> leases.takeBack(machine.id(), receipt));
        assertThat(refusal(customer, machine.id(), receipt)).isEqualTo("lease.already-returned");
        assertThat(as(customer.tenant(), () -> instances.get(machine.id())).seatUntil())
                .isNull();
        enrolled(customer);
    }

    /** As who takes seats away does; the other way round the two would wait for each other. */
    @Test
    void locksTheSubLicenceBeforeTheInstanceWhoseSeatChanges() throws Exception {
        var customer = customer(1);
        var machine = enrolled(customer);

        requireOrder(customer, machine, () -> leases.give(machine.id(), 30));
        requireOrder(customer, machine, () -> instances.quarantine(machine.id(), false));
        requireOrder(customer, machine, () -> instances.decommission(machine.id(), false));
    }

    private void requireOrder(Customer customer, Machine machine, Runnable change) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var changing = CurrentTenant.callAs(
                    customer.tenant(),
                    () -> new TransactionTemplate(transactions).<Future<?>>execute(status -> {
                        jdbc.sql("select id from licensing.sub_license for no key update")
                                .query(UUID.class)
                                .single();
                        var begun = threads.submit(() -> runAs(customer.tenant(), change));
                        awaitWaiting();
                        jdbc.sql("select id from instances.instance where id = ? for update nowait")
                                .param(machine.id().value())
                                .query(UUID.class)
                                .single();
                        return begun;
                    }));
            changing.get(10, TimeUnit.SECONDS);
        }
    }

    private void awaitWaiting() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (jdbc.sql("select count(*) from pg_locks where not granted and locktype in ('transactionid', 'tuple')")
                        .query(Long.class)
                        .single()
                == 0) {
            assertThat(System.nanoTime()).as("nobody waits for the sub-licence").isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private static String receipt(Lease lease, Machine signer) {
        var receipt = new LeaseReceipt(
                UUID.randomUUID(),
                lease.id(),
                lease.tenant(),
                lease.instance(),
                Instant.now().truncatedTo(ChronoUnit.SECONDS));
        return ReceiptSigning.sign(receipt, signer.certificate(), signer.pair().getPrivate());
    }

    private String refusal(Customer customer, InstanceId id, String receipt) {
        try {
            runAs(customer.tenant(), () -> leases.takeBack(id, receipt));
            return "";
        } catch (Refusal e) {
            return e.code();
        }
    }
}

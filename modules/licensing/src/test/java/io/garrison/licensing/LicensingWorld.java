package io.garrison.licensing;

import io.garrison.SettableClock;
import io.garrison.licensing.SubLicenseAdministration.Allocation;
import io.garrison.licensing.file.LicenseFile;
import io.garrison.licensing.file.LicenseFixture;
import io.garrison.licensing.file.VendorKey;
import io.garrison.licensing.file.VendorKeys;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.Role;
import io.garrison.tenancy.SignedIn;
import io.garrison.tenancy.TenantId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.springframework.test.context.DynamicPropertyRegistry;

/** A vendor whom the installation trusts, and what people do with its licences. */
public final class LicensingWorld {

    public static final VendorKey VENDOR = VendorKey.generate();
    public static final VendorKeys TRUSTED = VendorKeys.parse(VENDOR.publicPem());
    private static final Path KEYS = write();

    private LicensingWorld() {}

    public static void properties(DynamicPropertyRegistry registry) {
        registry.add("garrison.licensing.vendor-keys", KEYS::toString);
        registry.add("garrison.secrets.key-file", () -> KEYS.resolveSibling(KEYS.getFileName() + ".secrets"));
        registry.add("spring.datasource.hikari.maximum-pool-size", () -> "50"); // all at once, none in a queue
        registry.add("spring.datasource.hikari.minimum-idle", () -> "1");
    }

    public static String licence(SettableClock clock, Entitlements entitlements) {
        return LicenseFile.text(LicenseFixture.issue(
                VENDOR, entitlements, clock.instant(), clock.instant().plus(Duration.ofDays(365)), null, false));
    }

    public static Allocation share(LicenseSummary licence, Entitlements entitlements) {
        return new Allocation(licence.id(), licence.validFrom(), licence.validUntil(), 14, entitlements);
    }

    public static Entitlements instances(long instances) {
        return new Entitlements(instances, instances * 1_000_000, instances * 10, Set.of("waf"));
    }

    public static <R, X extends Throwable> R asAdmin(ScopedValue.CallableOp<R, X> op) throws X {
        return SignedIn.callAs(SignedIn.staff(UUID.randomUUID(), "admin@mssp.example", Role.PLATFORM_ADMIN), null, op);
    }

    public static <R, X extends Throwable> R asAdmin(TenantId tenant, ScopedValue.CallableOp<R, X> op) throws X {
        return asAdmin(() -> CurrentTenant.callAs(tenant, op));
    }

    public static <R, X extends Throwable> R asMember(TenantId tenant, ScopedValue.CallableOp<R, X> op) throws X {
        var member = SignedIn.member(UUID.randomUUID(), "member@customer.example", tenant, Role.TENANT_ADMIN);
        return SignedIn.callAs(member, null, () -> CurrentTenant.callAs(tenant, op));
    }

    /** By a member of a tenant, on a path that names no tenant. */
    public static <R, X extends Throwable> R asStranger(TenantId tenant, ScopedValue.CallableOp<R, X> op) throws X {
        var member = SignedIn.member(UUID.randomUUID(), "member@customer.example", tenant, Role.TENANT_ADMIN);
        return SignedIn.callAs(member, null, op);
    }

    /** Does it that many times at once. */
    public static <R> List<Future<R>> atOnce(int times, Callable<R> attempt) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            return IntStream.range(0, times)
                    .mapToObj(i -> threads.submit(attempt))
                    .toList();
        }
    }

    private static Path write() {
        try {
            var file = Files.createTempFile("vendor", ".pub");
            file.toFile().deleteOnExit();
            return Files.writeString(file, VENDOR.publicPem());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.garrison.tenancy;

import static io.garrison.tenancy.TenancyFixture.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.garrison.ModuleTestApplication;
import io.garrison.tenancy.TenancyException.*;
import io.garrison.tenancy.http.EntityTag;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

@SpringBootTest(classes = ModuleTestApplication.class)
class TenantsIT {

    @Autowired
    TenantManagement tenants;

    @Autowired
    TenantDirectory directory;

    @Autowired
    Tenants rows;

    @Autowired
    MemberManagement members;

    @Autowired
    Invitations invitations;

    @Autowired
    Operations operations;

    @Autowired
    House house;

    @Autowired
    AuditLog log;

    @Test
    void tellsEveryFieldThatIsWrong() {
        var wrong = new TenantManagement.NewTenant("a\u0007b", "No Slug", null, "nobody", "Mars/Olympus");

        assertThatExceptionOfType(Invalid.class)
                .isThrownBy(() -> as(platformAdmin(), () -> tenants.create(wrong)))
                .satisfies(refusal -> assertThat(refusal.errors())
                        .extracting(Refusal.FieldError::field)
                        .containsExactly("name", "slug", "mode", "contactEmail", "timeZone"));
    }

    @Test
    void givesASlugOnce() {
        var request = newTenant();
        as(platformAdmin(), () -> tenants.create(request));

        assertThatExceptionOfType(SlugTaken.class).isThrownBy(() -> as(platformAdmin(), () -> tenants.create(request)));
    }

    /** What was written of a tenant before its erasure begins is found by it. */
    @Test
    void beginsNoDeletionWhileSomebodyWritesOfTheTenant() throws Exception {
        var acme = anyTenant(tenants);
        as(platformAdmin(), acme, tenants::suspend);
        var nobody = new TenantId(UUID.randomUUID());
        Future<?> deletion;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            deletion = ProviderScope.call(() -> house.write(() -> {
                assertThat(directory.keep(List.of(acme, nobody))).containsExactly(acme);
                var begun = threads.submit(() -> as(platformAdmin(), acme, () -> tenants.delete(-1)));
                assertThatExceptionOfType(TimeoutException.class)
                        .isThrownBy(() -> begun.get(500, TimeUnit.MILLISECONDS));
                return begun;
            }));
            deletion.get(20, TimeUnit.SECONDS);
        }

        assertThat(ProviderScope.call(() -> house.write(() -> directory.keep(List.of(acme)))))
                .isEmpty();
    }

    /** It is there until its erasure ends, and what was written of it meanwhile would stay. */
    @Test
    void letsNobodyWriteOfATenantWhoseDeletionHasBegun() {
        var acme = anyTenant(tenants);
        var other = anyTenant(tenants);

        ProviderScope.run(() -> house.write(() -> {
            var before = rows.find(acme).orElseThrow();
            rows.update(new TenantSummary(
                    acme,
                    before.slug(),
                    before.name(),
                    before.mode(),
                    before.contactEmail(),
                    before.timeZone(),
                    TenantState.DELETING,
                    before.createdAt(),
                    before.version()));

            assertThat(directory.keep(List.of(acme, other))).containsExactly(other);

            rows.update(before);
        }));
    }

    @Test
    void showsAMemberTheirOwnTenantsOnly() {
        var acme = anyTenant(tenants);
        anyTenant(tenants);

        assertThat(as(admin(acme), () -> tenants.list(null, 50)).items())
                .extracting(TenantSummary::id)
                .containsExactly(acme);
        assertThat(as(platformAdmin(), () -> tenants.list(null, 50)).items()).hasSizeGreaterThan(1);
        assertThatExceptionOfType(Forbidden.class).isThrownBy(() -> as(admin(acme), () -> tenants.create(newTenant())));
        assertThatExceptionOfType(NotSignedIn.class).isThrownBy(() -> tenants.list(null, 50));
    }

    @Test
    void hidesATenantFromADatabaseSessionOfAnother() {
        var acme = anyTenant(tenants);
        var other = anyTenant(tenants);

        assertThat(CurrentTenant.callAs(other, () -> directory.find(acme))).isEmpty();
        assertThat(CurrentTenant.callAs(other, () -> directory.all()))
                .extracting(TenantSummary::id)
                .containsExactly(other);
    }

    @Test
    void refusesAChangeOfAVersionThatIsNotTheLatest() {
        var acme = anyTenant(tenants);
        var change = new TenantManagement.Change("Acme Ltd", null, null, null);

        var changed = as(platformAdmin(), acme, () -> tenants.change(change, 1));

        assertThat(changed.name()).isEqualTo("Acme Ltd");
        assertThat(changed.version()).isEqualTo(2);
        assertThatExceptionOfType(EntityTag.Stale.class)
                .isThrownBy(() -> as(platformAdmin(), acme, () -> tenants.change(change, 1)));
    }

    @Test
    void deletesOnlyASuspendedTenantAndLeavesACertificate() {
        var acme = anyTenant(tenants);
        as(platformAdmin(), acme, () -> members.invite(anyEmail(), Role.TENANT_ADMIN));
        assertThatExceptionOfType(WrongTenantState.class)
                .isThrownBy(() -> as(platformAdmin(), acme, () -> tenants.delete(-1)));
        as(platformAdmin(), acme, tenants::suspend);

        var operation = as(platformAdmin(), acme, () -> tenants.delete(-1));

        await().until(() -> as(platformAdmin(), () -> operations.get(operation)).state() == Operations.State.SUCCEEDED);
        assertThat(as(platformAdmin(), () -> operations.get(operation)).result())
                .startsWith("/api/v1/deletion-certificates/");
        assertThat(directory.find(acme)).isEmpty();
        assertThat(as(platformAdmin(), () -> log.list(0, 1)).items())
                .extracting(AuditEntry::action)
                .contains("tenant.deleted");
    }

    @Test
    void keepsTheLastAdministrator() {
        var acme = anyTenant(tenants);
        var admin = as(platformAdmin(), acme, () -> members.invite(anyEmail(), Role.TENANT_ADMIN));
        invitations.accept(admin.token(), PASSWORD);
        as(platformAdmin(), acme, () -> members.invite(anyEmail(), Role.TENANT_ADMIN));

        assertThatExceptionOfType(LastAdministrator.class)
                .as("the other has not accepted")
                .isThrownBy(() -> as(platformAdmin(), acme, () -> remove(admin)));
        assertThatExceptionOfType(LastAdministrator.class)
                .isThrownBy(() -> as(
                        platformAdmin(),
                        acme,
                        () -> members.change(admin.member().id(), Role.TENANT_VIEWER, -1)));
    }

    @RepeatedTest(5)
    void keepsOneOfTwoAdministratorsWhoAreRemovedAtOnce() {
        var acme = anyTenant(tenants);
        var both = Stream.of(anyEmail(), anyEmail())
                .map(email -> as(platformAdmin(), acme, () -> members.invite(email, Role.TENANT_ADMIN)))
                .toList();
        both.forEach(invited -> invitations.accept(invited.token(), PASSWORD));

        List<Future<Boolean>> removals;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            removals = both.stream()
                    .map(invited -> threads.submit(() -> as(platformAdmin(), acme, () -> remove(invited))))
                    .toList();
        }

        assertThat(removals)
                .filteredOn(removal -> removal.state() == Future.State.SUCCESS)
                .hasSize(1);
        assertThat(as(admin(acme), acme, () -> members.list(null, 50)).items()).hasSize(1);
    }

    @Test
    void hidesMembersFromAnotherTenant() {
        var acme = anyTenant(tenants);
        var other = anyTenant(tenants);
        var invited = as(platformAdmin(), acme, () -> members.invite(anyEmail(), Role.TENANT_ADMIN));

        assertThat(as(admin(other), other, () -> members.list(null, 50)).items())
                .isEmpty();
        assertThatExceptionOfType(NotFound.class).isThrownBy(() -> as(admin(other), other, () -> remove(invited)));
        assertThatExceptionOfType(Forbidden.class).isThrownBy(() -> as(admin(other), acme, () -> remove(invited)));
    }

    @Test
    void refusesTheSameMemberTwiceAndARoleOfTheOtherHouse() {
        var acme = anyTenant(tenants);
        var email = anyEmail();
        as(platformAdmin(), acme, () -> members.invite(email, Role.TENANT_VIEWER));

        assertThatExceptionOfType(AlreadyMember.class)
                .isThrownBy(
                        () -> as(platformAdmin(), acme, () -> members.invite(email.toUpperCase(), Role.TENANT_ADMIN)));
        assertThatExceptionOfType(Invalid.class)
                .isThrownBy(() -> as(platformAdmin(), acme, () -> members.invite(anyEmail(), Role.PLATFORM_ADMIN)));
        assertThatExceptionOfType(Invalid.class)
                .isThrownBy(() -> as(platformAdmin(), () -> members.invite(anyEmail(), Role.TENANT_ADMIN)));
    }

    @Test
    void hidesAnOperationFromOtherTenants() {
        var acme = anyTenant(tenants);
        var other = anyTenant(tenants);
        var operation = as(admin(acme), acme, () -> operations.start("test", java.time.Duration.ofMinutes(1)));

        assertThat(as(admin(acme), () -> operations.get(operation)).state()).isEqualTo(Operations.State.RUNNING);
        assertThatExceptionOfType(NotFound.class).isThrownBy(() -> as(admin(other), () -> operations.get(operation)));
    }

    private boolean remove(MemberManagement.Invited invited) {
        members.remove(invited.member().id(), -1);
        return true;
    }
}

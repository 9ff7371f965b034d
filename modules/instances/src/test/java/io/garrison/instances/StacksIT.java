package io.garrison.instances;

import static io.garrison.instances.Worlds.anyTenant;
import static io.garrison.instances.Worlds.as;
import static io.garrison.instances.Worlds.policy;
import static io.garrison.instances.Worlds.runAs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.instances.InstanceException.NameTaken;
import io.garrison.instances.InstanceException.NotFound;
import io.garrison.instances.InstanceException.PolicyInvalid;
import io.garrison.instances.InstanceException.PolicyUnchanged;
import io.garrison.licensing.LicenseException;
import io.garrison.licensing.SubLicenseState;
import io.garrison.protocol.BundleSigning;
import io.garrison.protocol.Policy;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.Role;
import io.garrison.tenancy.TenancyException;
import io.garrison.tenancy.TenantId;
import io.garrison.tenancy.http.EntityTag;
import java.security.KeyFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@ServerTest
class StacksIT {

    @Autowired
    StackManagement stacks;

    @Autowired
    PolicyManagement policies;

    @Autowired
    TestLicensing licensing;

    @Autowired
    InstallationKeys keys;

    @Autowired
    Revisions revisions;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    PlatformTransactionManager transactions;

    private StackSummary anyStack(TenantId tenant) {
        var subLicense = licensing.sell(tenant, 10, 10);
        return as(tenant, () -> stacks.create("edge", subLicense, TrafficMode.ACTIVE_ACTIVE));
    }

    @Test
    void hidesAStackFromEveryOtherTenantAndFromNobody() {
        var alice = anyTenant();
        var mallory = anyTenant();
        var stack = anyStack(alice).id();

        assertThat(as(alice, () -> stacks.list(null, 10)))
                .extracting(StackSummary::id)
                .containsExactly(stack);
        assertThat(as(mallory, () -> stacks.list(null, 10))).isEmpty();
        assertThatExceptionOfType(NotFound.class).isThrownBy(() -> as(mallory, () -> stacks.get(stack)));
        assertThatExceptionOfType(NotFound.class)
                .isThrownBy(() -> as(mallory, () -> stacks.change(stack, -1, StackManagement.Change.name("mine"))));
        assertThatExceptionOfType(NotFound.class).isThrownBy(() -> as(mallory, () -> policies.draft(stack)));
        assertThatExceptionOfType(NotFound.class)
                .isThrownBy(() -> as(mallory, () -> policies.save(stack, -1, Policy.EMPTY)));
        assertThatExceptionOfType(NotFound.class).isThrownBy(() -> as(mallory, () -> policies.publish(stack, "")));
        assertThatExceptionOfType(TenancyException.NotSignedIn.class).isThrownBy(() -> stacks.get(stack));
        assertThat(rowsSeenByNobody()).as("no tenant bound").isZero();
    }

    private long rowsSeenByNobody() {
        return new TransactionTemplate(transactions)
                .execute(status -> jdbc.sql("select count(*) from instances.stack")
                        .query(Long.class)
                        .single());
    }

    @Test
    void refusesAStackUnderTheSubLicenceOfAnotherTenant() {
        var alice = anyTenant();
        var mallory = anyTenant();
        var subLicense = licensing.sell(alice, 1, 1);

        assertThatExceptionOfType(LicenseException.UnknownSubLicense.class)
                .isThrownBy(() -> as(mallory, () -> stacks.create("x", subLicense, TrafficMode.MIXED)));
    }

    @Test
    void takesANameOnceWithinATenantAndAgainInAnother() {
        var alice = anyTenant();
        var subLicense = licensing.sell(alice, 1, 1);
        runAs(alice, () -> stacks.create("one", subLicense, TrafficMode.ACTIVE_ACTIVE));

        assertThatExceptionOfType(NameTaken.class)
                .isThrownBy(() -> as(alice, () -> stacks.create("one", subLicense, TrafficMode.ACTIVE_ACTIVE)));
        var bob = anyTenant();
        assertThat(as(bob, () -> stacks.create("one", licensing.sell(bob, 1, 1), TrafficMode.MIXED))
                        .trafficMode())
                .isEqualTo(TrafficMode.MIXED);
    }

    @Test
    void letsAViewerLookAndNotTouch() {
        var alice = anyTenant();
        var stack = anyStack(alice).id();

        assertThat(as(alice, Role.TENANT_VIEWER, () -> policies.draft(stack)).version())
                .isEqualTo(1);
        assertThatExceptionOfType(TenancyException.Forbidden.class)
                .isThrownBy(() -> as(alice, Role.TENANT_VIEWER, () -> policies.publish(stack, "")));
        assertThatExceptionOfType(TenancyException.Forbidden.class)
                .isThrownBy(() -> as(alice, Role.TENANT_VIEWER, () -> {
                    stacks.delete(stack, -1);
                    return true;
                }));
    }

    @Test
    void refusesAStaleChangeAndForgetsADeletedStack() {
        var alice = anyTenant();
        var stack = anyStack(alice);
        var renamed =
                as(alice, () -> stacks.change(stack.id(), stack.version(), StackManagement.Change.name("renamed")));

        assertThatExceptionOfType(EntityTag.Stale.class)
                .isThrownBy(() -> as(
                        alice, () -> stacks.change(stack.id(), stack.version(), StackManagement.Change.name("again"))));
        runAs(alice, () -> stacks.delete(stack.id(), renamed.version()));
        assertThatExceptionOfType(NotFound.class).isThrownBy(() -> as(alice, () -> stacks.get(stack.id())));
        assertThat(as(alice, () -> stacks.create("renamed", stack.subLicenseId(), TrafficMode.ACTIVE_ACTIVE)))
                .as("its name is free")
                .isNotNull();
    }

    @Test
    void publishesASignedRevisionThatVerifiesAndRefusesToPublishItAgain() throws Exception {
        var alice = anyTenant();
        var stack = anyStack(alice).id();
        runAs(alice, () -> policies.save(stack, 1, policy("shop", 8080)));

        var revision = as(alice, () -> policies.publish(stack, "first"));

        var signed = as(
                alice,
                () -> new TransactionTemplate(transactions)
                        .execute(status -> revisions.signed(stack, 1).orElseThrow()));
        var name = keys.signingKey().name();
        var publicKey = KeyFactory.getInstance("Ed25519")
                .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(name.publicKey())));
        var bundle = BundleSigning.verify(signed, Map.of(name.keyId(), publicKey));
        assertThat(revision.number()).isEqualTo(1);
        assertThat(bundle.revision()).isEqualTo(1);
        assertThat(bundle.tenantId()).isEqualTo(alice.value());
        assertThat(bundle.policy()).isEqualTo(policy("shop", 8080));
        assertThat(as(alice, () -> stacks.get(stack)).latestRevision()).isEqualTo(1);
        assertThatExceptionOfType(PolicyUnchanged.class).isThrownBy(() -> as(alice, () -> policies.publish(stack, "")));
    }

    @Test
    void publishesNothingOfAnInvalidPolicyAndNamesEveryError() {
        var alice = anyTenant();
        var stack = anyStack(alice).id();
        runAs(alice, () -> policies.save(stack, 1, policy("bad name", 0)));

        assertThatExceptionOfType(PolicyInvalid.class)
                .isThrownBy(() -> as(alice, () -> policies.publish(stack, "")))
                .satisfies(refusal -> assertThat(refusal.errors())
                        .extracting("field")
                        .containsExactlyInAnyOrder("/virtualServices/0/name", "/virtualServices/0/port"));
        assertThat(as(alice, () -> policies.revisions(stack, null, 10))).isEmpty();
    }

    @Test
    void refusesMoreVirtualServicesThanTheSubLicenceAllowsOverAllItsStacks() {
        var alice = anyTenant();
        var subLicense = licensing.sell(alice, 1, 1);
        var one = as(alice, () -> stacks.create("one", subLicense, TrafficMode.ACTIVE_ACTIVE))
                .id();
        var two = as(alice, () -> stacks.create("two", subLicense, TrafficMode.ACTIVE_ACTIVE))
                .id();
        runAs(alice, () -> policies.save(one, 1, policy("a", 80)));
        runAs(alice, () -> policies.save(two, 1, policy("b", 80)));
        runAs(alice, () -> policies.publish(one, ""));

        assertThatExceptionOfType(PolicyInvalid.class)
                .isThrownBy(() -> as(alice, () -> policies.publish(two, "")))
                .satisfies(refusal -> assertThat(refusal.errors())
                        .extracting("code")
                        .containsExactly("policy.virtual-services-limit"));
        assertThat(as(alice, () -> policies.validate(two, policy("b", 80))).valid())
                .isFalse();
    }

    @Test
    void publishesNothingUnderAFrozenSubLicence() {
        var alice = anyTenant();
        var stack = anyStack(alice);
        runAs(alice, () -> policies.save(stack.id(), 1, policy("a", 80)));
        licensing.enter(stack.subLicenseId(), SubLicenseState.FROZEN);

        assertThatExceptionOfType(LicenseException.NotInForce.class)
                .isThrownBy(() -> as(alice, () -> policies.publish(stack.id(), "")));
    }

    @Test
    void rollsBackAsANewRevisionWithTheOldContent() {
        var alice = anyTenant();
        var stack = anyStack(alice).id();
        runAs(alice, () -> policies.save(stack, 1, policy("shop", 8080)));
        runAs(alice, () -> policies.publish(stack, "first"));
        runAs(alice, () -> policies.save(stack, 2, policy("shop", 9090)));
        runAs(alice, () -> policies.publish(stack, "second"));

        var rollback = as(alice, () -> policies.rollback(stack, 1, "back"));

        assertThat(rollback.number()).isEqualTo(3);
        assertThat(rollback.rollbackOf()).isEqualTo(1);
        assertThat(as(alice, () -> policies.revision(stack, 3)).policy()).isEqualTo(policy("shop", 8080));
        assertThat(as(alice, () -> policies.draft(stack)).policy()).isEqualTo(policy("shop", 8080));
        assertThat(as(alice, () -> policies.diff(stack, 1, 3)).isEmpty()).isTrue();
        assertThat(as(alice, () -> policies.diff(stack, 0, 3)).traffic()).hasSize(2);
        assertThatExceptionOfType(NotFound.class).isThrownBy(() -> as(alice, () -> policies.diff(stack, 1, 99)));
        assertThatExceptionOfType(NotFound.class).isThrownBy(() -> as(alice, () -> policies.rollback(stack, 99, "")));
    }

    @Test
    void keepsOneHistoryWhenManyPublishAtOnce() throws Exception {
        var alice = anyTenant();
        var stack = anyStack(alice).id();
        var attempts = new ArrayList<Future<?>>();

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int port : IntStream.range(1_000, 1_012).toArray()) {
                attempts.add(threads.submit(() -> as(alice, () -> {
                    policies.save(stack, -1, policy("shop", port));
                    return policies.publish(stack, "at once");
                })));
            }
        }

        long published =
                attempts.stream().filter(a -> a.state() == Future.State.SUCCESS).count();
        var numbers = as(alice, () -> policies.revisions(stack, null, 100)).stream()
                .map(PolicyManagement.RevisionSummary::number)
                .toList();
        assertThat(published).isPositive();
        assertThat(numbers)
                .containsExactlyElementsOf(LongStream.iterate(published, n -> n - 1)
                        .limit(published)
                        .boxed()
                        .toList());
        assertThat(attempts)
                .filteredOn(a -> a.state() == Future.State.FAILED)
                .allSatisfy(a -> assertThat(a.exceptionNow()).isInstanceOf(PolicyUnchanged.class));
    }

    @Test
    void letsOneOfManyEditorsOfTheSameVersionWin() throws Exception {
        var alice = anyTenant();
        var stack = anyStack(alice).id();
        List<Future<?>> attempts;

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            attempts = IntStream.range(0, 10)
                    .<Future<?>>mapToObj(i ->
                            threads.submit(() -> as(alice, () -> policies.save(stack, 1, policy("shop", 1_000 + i)))))
                    .toList();
        }

        assertThat(attempts).filteredOn(a -> a.state() == Future.State.SUCCESS).hasSize(1);
    }

    @Test
    void cannotRewriteARevision() {
        var alice = anyTenant();
        var stack = anyStack(alice).id();
        runAs(alice, () -> policies.save(stack, 1, policy("shop", 8080)));
        runAs(alice, () -> policies.publish(stack, ""));

        assertThatExceptionOfType(org.springframework.dao.DataAccessException.class)
                .isThrownBy(() -> CurrentTenant.runAs(
                        alice,
                        () -> new TransactionTemplate(transactions)
                                .executeWithoutResult(
                                        status -> jdbc.sql("update instances.revision set comment = 'other'")
                                                .update())))
                .havingRootCause()
                .withMessageContaining("permission denied");
    }
}

package io.garrison.instances;

import static io.garrison.instances.Worlds.anyTenant;
import static io.garrison.instances.Worlds.as;
import static io.garrison.instances.Worlds.csr;
import static io.garrison.instances.Worlds.policy;
import static io.garrison.instances.Worlds.runAs;
import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.instances.pki.Authority;
import io.garrison.licensing.LicenseException;
import io.garrison.licensing.SubLicenseState;
import io.garrison.protocol.EnrollRequest;
import io.garrison.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bouncycastle.util.io.pem.PemObject;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;

/** Every rung of a sub-licence against every operation that makes or changes something. */
@ServerTest
class LadderIT {

    private enum Operation {
        MAKE_STACK,
        MAKE_TOKEN,
        ENROL,
        ADD_CERTIFICATE,
        PUBLISH_NEW_SERVICE,
        PUBLISH_CHANGE,
        ROLL_BACK,
        REPLACE_CERTIFICATE,
        RENAME_STACK
    }

    private static final Set<Operation> MAKING = EnumSet.of(
            Operation.MAKE_STACK,
            Operation.MAKE_TOKEN,
            Operation.ENROL,
            Operation.ADD_CERTIFICATE,
            Operation.PUBLISH_NEW_SERVICE);

    @Autowired
    StackManagement stacks;

    @Autowired
    EnrollmentTokens tokens;

    @Autowired
    EdgeEnrollment enrollment;

    @Autowired
    PolicyManagement policies;

    @Autowired
    CertificateManagement certificates;

    @Autowired
    TestLicensing licensing;

    private final Authority authority = Authority.create(Instant.now());

    private interface Attempt {
        void run();
    }

    @ParameterizedTest
    @EnumSource
    void allowsWhatTheRungAllowsAndNothingElse(SubLicenseState rung) {
        var allowed = switch (rung) {
            case ACTIVE, EXPIRING -> EnumSet.allOf(Operation.class);
            case GRACE, RESTRICTED -> EnumSet.complementOf(EnumSet.copyOf(MAKING));
            case SCHEDULED, FROZEN, SUSPENDED, REVOKED -> EnumSet.of(Operation.RENAME_STACK);
        };

        var outcomes = new LinkedHashMap<Operation, Boolean>();
        attempts(rung).forEach((operation, attempt) -> outcomes.put(operation, succeeds(attempt)));

        assertThat(outcomes.keySet()).containsExactlyInAnyOrder(Operation.values());
        assertThat(outcomes)
                .allSatisfy((operation, succeeded) -> assertThat(succeeded)
                        .as("%s while %s", operation, rung)
                        .isEqualTo(allowed.contains(operation)));
    }

    private static boolean succeeds(Attempt attempt) {
        try {
            attempt.run();
            return true;
        } catch (LicenseException.NotInForce e) {
            assertThat(e.code()).isEqualTo("license.not-in-force");
            return false;
        }
    }

    private Map<Operation, Attempt> attempts(SubLicenseState rung) {
        var alice = anyTenant();
        var subLicense = licensing.sell(alice, 10, 10);
        var stack = as(alice, () -> stacks.create("edge", subLicense, TrafficMode.ACTIVE_ACTIVE))
                .id();
        var token = as(alice, () -> tokens.create(stack, 60, 1)).token();
        var certificate = as(alice, () -> certificates.add(stack, "site", pem()));
        publish(alice, stack, 1, 8_080);
        publish(alice, stack, 2, 8_081);
        licensing.enter(subLicense, rung);

        var attempts = new LinkedHashMap<Operation, Attempt>();
        attempts.put(
                Operation.MAKE_STACK,
                () -> runAs(alice, () -> stacks.create("other", subLicense, TrafficMode.ACTIVE_ACTIVE)));
        attempts.put(Operation.MAKE_TOKEN, () -> runAs(alice, () -> tokens.create(stack, 60, 1)));
        attempts.put(
                Operation.ENROL,
                () -> enrollment.enroll(new EnrollRequest(token, csr(Authority.newKeyPair()), Map.of()), "127.0.0.1"));
        attempts.put(Operation.ADD_CERTIFICATE, () -> runAs(alice, () -> certificates.add(stack, "more", pem())));
        attempts.put(
                Operation.REPLACE_CERTIFICATE,
                () -> runAs(alice, () -> certificates.replace(stack, "site", certificate.version(), pem())));
        attempts.put(Operation.PUBLISH_CHANGE, () -> publish(alice, stack, 3, 8_082));
        attempts.put(Operation.ROLL_BACK, () -> runAs(alice, () -> policies.rollback(stack, 1, "")));
        attempts.put(
                Operation.PUBLISH_NEW_SERVICE,
                () -> runAs(alice, () -> {
                    var draft = policies.draft(stack);
                    policies.save(stack, draft.version(), policy("another", 9_090));
                    policies.publish(stack, "");
                }));
        attempts.put(
                Operation.RENAME_STACK,
                () -> runAs(alice, () -> {
                    var seen = stacks.get(stack);
                    stacks.change(stack, seen.version(), StackManagement.Change.name("renamed"));
                }));
        return attempts;
    }

    private void publish(TenantId tenant, StackId stack, long seen, int port) {
        runAs(tenant, () -> policies.save(stack, seen, policy("shop", port)));
        runAs(tenant, () -> policies.publish(stack, ""));
    }

    private String pem() {
        var pair = Authority.newKeyPair();
        var leaf = authority.issueServer(pair.getPublic(), List.of("shop.example"), Instant.now(), Duration.ofDays(30));
        return Authority.pem(new PemObject("PRIVATE KEY", pair.getPrivate().getEncoded()))
                + Authority.pem(authority.certificate())
                + Authority.pem(leaf);
    }
}

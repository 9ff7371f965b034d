package io.garrison.edge.cluster;

import io.garrison.edge.join.Identity;
import io.garrison.edge.join.KeyRequest;
import io.garrison.edge.plan.PlanKeeper;
import io.garrison.edge.testing.TestAuthority;
import io.garrison.protocol.EnrollResponse.PolicyKey;
import io.garrison.protocol.HaSettings;
import io.garrison.protocol.InstancePlan;
import io.garrison.protocol.InstancePlan.Member;
import io.garrison.protocol.PlanSigning;
import io.garrison.protocol.SignedBundle;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/** A stack of a management: what it has signed and certified. */
public final class TestStack {

    public static final UUID TENANT = new UUID(1, 1);
    public static final UUID STACK = new UUID(1, 2);

    private final TestAuthority authority;
    private final KeyPair policyKey;
    private final URI gateway;
    private Instant issuedAt = Instant.now().minusSeconds(60);

    public TestStack() throws GeneralSecurityException {
        this(new TestAuthority(), KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
    }

    public TestStack(TestAuthority authority, KeyPair policyKey) {
        this(authority, policyKey, URI.create("https://127.0.0.1:1"));
    }

    /** A stack whose management is there. */
    public TestStack(URI gateway) throws GeneralSecurityException {
        this(new TestAuthority(), KeyPairGenerator.getInstance("Ed25519").generateKeyPair(), gateway);
    }

    private TestStack(TestAuthority authority, KeyPair policyKey, URI gateway) {
        this.gateway = gateway;
        this.authority = authority;
        this.policyKey = policyKey;
    }

    public TestAuthority authority() {
        return authority;
    }

    public static UUID instance(int number) {
        return new UUID(7, number);
    }

    public Identity identity(int number) throws IOException, GeneralSecurityException {
        return identity(number, TENANT, STACK, authority);
    }

    public Identity identity(int number, UUID tenant, UUID stack, TestAuthority issuer)
            throws IOException, GeneralSecurityException {
        var key = KeyRequest.create();
        var publicKey = Base64.getEncoder().encodeToString(policyKey.getPublic().getEncoded());
        return new Identity(
                instance(number),
                tenant,
                stack,
                gateway,
                key.keyPem(),
                issuer.answer(key.csrPem(), Duration.ofHours(1), tenant, stack, instance(number)),
                authority.rootPem(),
                List.of(new PolicyKey("k1", publicKey)),
                1,
                null);
    }

    /** A member at that address, the first one being the primary. */
    public static Member member(int number, String address, int port) {
        return new Member(instance(number), "edge-" + number, address, port, number == 1);
    }

    /** A plan later than all before. */
    public SignedBundle plan(int number, List<Member> members) {
        return plan(number, members, HaSettings.DEFAULT);
    }

    /** As {@link #plan(int, List)}. */
    public SignedBundle plan(int number, List<Member> members, HaSettings ha) {
        issuedAt = issuedAt.plusSeconds(1);
        return sign(plan(number, members, ha, issuedAt.getEpochSecond(), issuedAt));
    }

    SignedBundle sign(InstancePlan plan) {
        return PlanSigning.sign(plan, "k1", policyKey.getPrivate());
    }

    /** @param count number of the plan */
    static InstancePlan plan(int number, List<Member> members, HaSettings ha, long count, Instant issuedAt) {
        return new InstancePlan(1, count, TENANT, STACK, instance(number), issuedAt, ha, List.of(), List.of(), members);
    }

    public PlanKeeper keeper(Path directory, Identity identity, List<Member> members, int number) throws IOException {
        var keeper = new PlanKeeper(directory.resolve("plan.json"), () -> identity);
        if (!members.isEmpty()) {
            keeper.offer(plan(number, members));
        }
        return keeper;
    }
}

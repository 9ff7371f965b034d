package io.garrison.instances;

import io.garrison.protocol.Policy;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a file of configuration that moves says. */
record MovedConfiguration(int format, UUID tenant, Instant exportedAt, List<MovedStack> stacks) {

    static final int FORMAT = 1;

    record MovedStack(
            UUID id,
            String name,
            TrafficMode trafficMode,
            UUID incarnation,
            Policy draft,
            List<MovedRevision> revisions,
            List<MovedCertificate> certificates) {}

    /**
     * @param bundle what was signed: a {@link io.garrison.protocol.PolicyBundle} in its RFC 8785 form
     * @param signature over it, as instances got it
     */
    record MovedRevision(
            String comment,
            String publishedBy,
            @Nullable Long rollbackOf,
            String keyId,
            String bundle,
            String signature) {}

    /** @param pem chain and private key */
    record MovedCertificate(String name, String pem) {}
}

package io.garrison.instances;

import io.garrison.protocol.HaSettings.HaMode;
import io.garrison.protocol.Policy;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a file of configuration that moves says. */
record MovedConfiguration(int format, UUID tenant, Instant exportedAt, List<MovedStack> stacks) {

    static final int FORMAT = 1;

    MovedConfiguration {
        present(tenant, exportedAt);
        stacks = List.copyOf(stacks);
    }

    private static void present(Object... parts) {
        for (var part : parts) {
            Objects.requireNonNull(part, "a part is missing");
        }
    }

    /** @param haMode of its high availability, which does not come along; null in files of before that was said */
    record MovedStack(
            UUID id,
            String name,
            TrafficMode trafficMode,
            UUID incarnation,
            Policy draft,
            List<MovedRevision> revisions,
            List<MovedCertificate> certificates,
            @Nullable HaMode haMode) {

        MovedStack {
            present(id, name, trafficMode, incarnation, draft);
            revisions = List.copyOf(revisions);
            certificates = List.copyOf(certificates);
        }
    }

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
            String signature) {

        MovedRevision {
            present(comment, publishedBy, keyId, bundle, signature);
        }
    }

    /** @param pem chain and private key */
    record MovedCertificate(String name, String pem) {

        MovedCertificate {
            present(name, pem);
        }
    }
}

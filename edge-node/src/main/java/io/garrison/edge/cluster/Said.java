package io.garrison.edge.cluster;

import io.garrison.protocol.CertificateMaterial;
import io.garrison.protocol.SignedBundle;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Questions between members and their answers, in JSON. Unknown fields are passed over. */
interface Said {

    byte STATUS = 1;
    byte RULES = 2;
    byte CONFIG = 3;
    byte CERTIFICATE = 4;

    /** @param about a tag or a name; empty where nothing needs to be said */
    record Asked(String about) {
        static final Asked PLAINLY = new Asked("");
    }

    /**
     * @param role as in the status
     * @param revision that serves; 0 if none
     * @param silent whether management does not answer this member
     */
    record Status(
            @Nullable String address,
            String role,
            long term,
            long revision,
            @Nullable UUID incarnation,
            boolean silent) {}

    /** @param bundle absent if the asker has it or a later one already, or there is none */
    record Rules(@Nullable SignedBundle bundle) {}

    /** @param plan the answering member's own */
    record Config(@Nullable SignedBundle plan) {}

    record Certificate(@Nullable CertificateMaterial material) {}
}

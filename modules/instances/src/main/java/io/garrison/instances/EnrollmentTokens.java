package io.garrison.instances;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** The secrets with which machines become instances of a stack. Stored hashed; shown once. */
public interface EnrollmentTokens {

    int MAX_TTL_MINUTES = 1_440;
    int DEFAULT_TTL_MINUTES = 60;
    int MAX_USES = 1_000;

    /**
     * @param ttlMinutes 1–1,440
     * @param uses how many machines may enrol with it, 1–1,000
     * @throws InstanceException.NotFound if the bound tenant has no such stack
     * @throws InstanceException.Invalid if a number is out of its range
     * @throws io.garrison.licensing.LicenseException if the stack's sub-licence is not in force
     */
    NewToken create(StackId stack, int ttlMinutes, int uses);

    /** Newest first, at most 500; spent and expired ones are kept for 30 days. */
    List<TokenSummary> list(StackId stack);

    /** @throws InstanceException.NotFound if the stack has none such */
    void revoke(StackId stack, UUID token);

    /**
     * @param token the secret itself; it can't be read again
     * @param caSha256 SHA-256, hex, of the authority's certificate, which the edge pins before it trusts anything
     * @param command what the field engineer runs
     */
    record NewToken(UUID id, String token, String caSha256, Instant expiresAt, String command) {
        @Override
        public String toString() {
            return "NewToken[id=" + id + "]";
        }
    }

    /** @param state USABLE, SPENT, EXPIRED or REVOKED */
    record TokenSummary(UUID id, Instant createdAt, Instant expiresAt, int uses, int used, State state) {
        public enum State {
            USABLE,
            SPENT,
            EXPIRED,
            REVOKED
        }
    }
}

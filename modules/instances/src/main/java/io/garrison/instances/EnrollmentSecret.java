package io.garrison.instances;

import io.garrison.protocol.ProtocolJson;
import io.garrison.tenancy.TenantId;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;

/**
 * An enrolment token: {@code gre_} and base64url of tenant, token id and 32 random bytes. It names its tenant, because
 * the database shows nothing before a tenant is bound; only the random bytes prove anything.
 */
final class EnrollmentSecret {

    private static final String PREFIX = "gre_";
    private static final int RANDOM_BYTES = 32;
    private static final int BYTES = 16 + 16 + RANDOM_BYTES;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final TenantId tenant;
    private final UUID id;
    private final byte[] secret;

    private EnrollmentSecret(TenantId tenant, UUID id, byte[] secret) {
        this.tenant = tenant;
        this.id = id;
        this.secret = secret;
    }

    static EnrollmentSecret draw(TenantId tenant) {
        var secret = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(secret);
        return new EnrollmentSecret(tenant, UUID.randomUUID(), secret);
    }

    /** Empty if the text has not the form of a token. */
    static Optional<EnrollmentSecret> parse(String text) {
        if (!text.startsWith(PREFIX) || text.length() > 2 * BYTES) {
            return Optional.empty();
        }
        try {
            var bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text.substring(PREFIX.length())));
            if (bytes.remaining() != BYTES) {
                return Optional.empty();
            }
            var tenant = new TenantId(new UUID(bytes.getLong(), bytes.getLong()));
            var id = new UUID(bytes.getLong(), bytes.getLong());
            var secret = new byte[RANDOM_BYTES];
            bytes.get(secret);
            return Optional.of(new EnrollmentSecret(tenant, id, secret));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    TenantId tenant() {
        return tenant;
    }

    UUID id() {
        return id;
    }

    /** SHA-256 is enough for 256 random bits: there is nothing to guess. */
    byte[] hash() {
        return HexFormat.of().parseHex(ProtocolJson.sha256Hex(secret));
    }

    String text() {
        var bytes = ByteBuffer.allocate(BYTES)
                .putLong(tenant.value().getMostSignificantBits())
                .putLong(tenant.value().getLeastSignificantBits())
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .put(secret);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }
}

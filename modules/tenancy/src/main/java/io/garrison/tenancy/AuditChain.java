package io.garrison.tenancy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The links of an audit chain: {@code h(n) = SHA-256(0x00 ‖ h(n-1) ‖ canonical entry n)}, {@code h(0)} is 32 zero bytes.
 * The zero byte in front keeps links apart from any other hash that may one day be made over them.
 */
final class AuditChain {

    static final int HASH_BYTES = 32;

    private AuditChain() {}

    static byte[] start() {
        return new byte[HASH_BYTES];
    }

    static byte[] link(byte[] previous, AuditEntry entry) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update((byte) 0);
            digest.update(previous);
            return digest.digest(canonical(entry).getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is missing", e);
        }
    }

    /** What the vault seals, so that nobody without its key can shorten or replace a chain. */
    static byte[] head(long entries, byte[] hash) {
        return ByteBuffer.allocate(Long.BYTES + hash.length)
                .putLong(entries)
                .put(hash)
                .array();
    }

    private static String canonical(AuditEntry entry) {
        var actor = new LinkedHashMap<String, @Nullable Object>();
        actor.put("kind", entry.actor().kind());
        actor.put("id", entry.actor().id());
        actor.put("name", entry.actor().name());
        actor.put("origin", entry.actor().origin());
        actor.put("onBehalf", entry.actor().onBehalf());
        var all = new LinkedHashMap<String, @Nullable Object>();
        all.put("index", entry.index());
        all.put("tenantId", entry.tenantId());
        all.put("at", entry.at());
        all.put("actor", actor);
        all.put("action", entry.action());
        all.put("objectType", entry.objectType());
        all.put("objectId", entry.objectId());
        all.put("details", entry.details());
        return CanonicalJson.of(all);
    }
}

package io.garrison.instances;

import io.garrison.instances.move.Sealing;
import io.garrison.tenancy.SecretVault;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Clock;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The installation's key to which configuration that moves here is sealed. Made once, by whichever replica comes first. */
@Component
class MoveKey {

    private static final String SEAL_CONTEXT = "instances.move_key/1";

    private final JdbcClient jdbc;
    private final SecretVault vault;
    private final Clock clock;

    MoveKey(JdbcClient jdbc, SecretVault vault, Clock clock) {
        this.jdbc = jdbc;
        this.vault = vault;
        this.clock = clock;
    }

    /** Works in the caller's transaction. */
    KeyPair get() {
        return find().orElseGet(() -> {
            var made = Sealing.newKey();
            jdbc.sql("""
                            insert into instances.move_key (id, public_key, sealed_key, created_at)
                            values (1, ?, ?, ?) on conflict do nothing""")
                    .params(
                            made.getPublic().getEncoded(),
                            vault.seal(SEAL_CONTEXT, made.getPrivate().getEncoded()),
                            Sql.time(clock.instant()))
                    .update();
            return find().orElseThrow(() -> new IllegalStateException("no key after it was made"));
        });
    }

    private Optional<KeyPair> find() {
        return jdbc.sql("select public_key, sealed_key from instances.move_key where id = 1")
                .query((row, n) ->
                        pair(row.getBytes("public_key"), vault.open(SEAL_CONTEXT, row.getBytes("sealed_key"))))
                .optional();
    }

    private static KeyPair pair(byte[] publicKey, byte[] privateKey) {
        try {
            var factory = KeyFactory.getInstance("X25519");
            return new KeyPair(
                    factory.generatePublic(new X509EncodedKeySpec(publicKey)),
                    factory.generatePrivate(new PKCS8EncodedKeySpec(privateKey)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the stored key is no X25519 key", e);
        }
    }
}

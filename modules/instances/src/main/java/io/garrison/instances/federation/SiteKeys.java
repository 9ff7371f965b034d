package io.garrison.instances.federation;

import io.garrison.instances.pki.Authority;
import io.garrison.tenancy.SecretVault;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Clock;
import java.time.ZoneOffset;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/** The key by which the MSSP's installation knows this one. Made once, by whichever replica comes first, and sealed. */
@Component
class SiteKeys {

    private static final String CONTEXT = "instances.site-identity/1";

    private final JdbcClient jdbc;
    private final SecretVault vault;
    private final Clock clock;
    private final TransactionOperations transactions;

    SiteKeys(JdbcClient jdbc, SecretVault vault, Clock clock, TransactionOperations transactions) {
        this.jdbc = jdbc;
        this.vault = vault;
        this.clock = clock;
        this.transactions = transactions;
    }

    KeyPair own() {
        var pair = transactions.execute(status -> findOrMake());
        if (pair == null) {
            throw new IllegalStateException("no key after the transaction that makes it");
        }
        return pair;
    }

    /** Forgets the key; the next one is another. In the caller's transaction. */
    void forget() {
        jdbc.sql("delete from instances.site_identity").update();
    }

    private KeyPair findOrMake() {
        var known = stored();
        if (known.isPresent()) {
            return known.get();
        }
        var made = Authority.newKeyPair();
        jdbc.sql("""
                        insert into instances.site_identity (id, public_key, sealed_key, created_at) values (1, ?, ?, ?)
                        on conflict do nothing""")
                .params(
                        made.getPublic().getEncoded(),
                        vault.seal(CONTEXT, made.getPrivate().getEncoded()),
                        clock.instant().atOffset(ZoneOffset.UTC))
                .update();
        return stored().orElseThrow();
    }

    private java.util.Optional<KeyPair> stored() {
        return jdbc.sql("select public_key, sealed_key from instances.site_identity where id = 1")
                .query((row, n) -> read(row.getBytes("public_key"), row.getBytes("sealed_key")))
                .optional();
    }

    private KeyPair read(byte[] publicKey, byte[] sealed) {
        try {
            var keys = KeyFactory.getInstance("EC");
            return new KeyPair(
                    keys.generatePublic(new X509EncodedKeySpec(publicKey)),
                    keys.generatePrivate(new PKCS8EncodedKeySpec(vault.open(CONTEXT, sealed))));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the stored key of this site is none", e);
        }
    }
}

package io.garrison.licensing;

import io.garrison.protocol.LeaseSigning;
import io.garrison.tenancy.SecretVault;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** The installation's own key of leases. Made once, by whichever replica comes first, and sealed in the database. */
@Component
class LeaseKeys {

    private static final String CONTEXT = "licensing.lease-key/1";

    private final JdbcClient jdbc;
    private final SecretVault vault;
    private final Clock clock;
    private final TransactionTemplate own;
    private volatile @Nullable Own known;

    LeaseKeys(JdbcClient jdbc, SecretVault vault, Clock clock, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.vault = vault;
        this.clock = clock;
        this.own = new TransactionTemplate(transactions);
        // A transaction of its own: a key that has signed must not vanish with the caller's transaction.
        own.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    }

    /** A key that signs leases. */
    record Key(String keyId, PrivateKey key) {
        @Override
        public String toString() {
            return "Key[" + keyId + "]"; // never the private half
        }
    }

    private record Own(PublicKey publicKey, Key key) {}

    Key own() {
        return pair().key();
    }

    PublicKey ownPublic() {
        return pair().publicKey();
    }

    private Own pair() {
        var found = known;
        if (found == null) {
            found = own.execute(status -> findOrMake());
            if (found == null) {
                throw new IllegalStateException("no key after the transaction that makes it");
            }
            known = found;
        }
        return found;
    }

    private Own findOrMake() {
        try {
            var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            jdbc.sql("""
                            insert into licensing.lease_key (public_key, sealed_key, created_at)
                            select ?, ?, ? where not exists (select 1 from licensing.lease_key)
                            on conflict do nothing""")
                    .param(pair.getPublic().getEncoded())
                    .param(vault.seal(CONTEXT, pair.getPrivate().getEncoded()))
                    .param(Rows.utc(clock.instant()))
                    .update();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has Ed25519", e);
        }
        return jdbc.sql("select public_key, sealed_key from licensing.lease_key")
                .query((row, number) -> read(row.getBytes("public_key"), row.getBytes("sealed_key")))
                .single();
    }

    private Own read(byte[] publicKey, byte[] sealed) {
        try {
            var keys = KeyFactory.getInstance("Ed25519");
            var open = keys.generatePublic(new X509EncodedKeySpec(publicKey));
            var secret = keys.generatePrivate(new PKCS8EncodedKeySpec(vault.open(CONTEXT, sealed)));
            return new Own(open, new Key(LeaseSigning.thumbprint(open), secret));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the stored key of leases is none", e);
        }
    }
}

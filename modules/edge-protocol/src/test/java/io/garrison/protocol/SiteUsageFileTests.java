package io.garrison.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SiteUsageFileTests {

    private static final byte[] BATCH = "{\"number\":1}".getBytes(StandardCharsets.UTF_8);

    private final KeyPair pair = newPair();
    private final SiteUsageFile.Statement statement = new SiteUsageFile.Statement(
            UUID.randomUUID(),
            "STANDALONE",
            "1",
            1,
            ProtocolJson.sha256Hex(BATCH),
            Instant.parse("2026-11-21T10:00:00Z"),
            "a.b.c");
    private final byte[] file = SiteUsageFile.sign(statement, BATCH, pair.getPublic(), pair.getPrivate());

    private static KeyPair newPair() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void saysWhoSaysWhat() {
        var signed = SiteUsageFile.read(file);

        assertThat(signed.statement()).isEqualTo(statement);
        assertThat(signed.key()).isEqualTo(pair.getPublic());
        assertThat(signed.batch()).isEqualTo(BATCH);
    }

    @Test
    void holdsNoMoreWhenAByteOfItIsAnother() {
        for (int at = 0; at < file.length; at++) {
            byte[] changed = file.clone();
            changed[at] ^= 1;

            assertThatExceptionOfType(UntrustedLeaseException.class)
                    .as("byte %d", at)
                    .isThrownBy(() -> SiteUsageFile.read(changed));
        }
    }

    @Test
    void holdsNoMoreWithAnotherKeyOrWhenItIsCutOff() {
        var other = newPair();
        byte[] foreign = SiteUsageFile.sign(statement, BATCH, pair.getPublic(), other.getPrivate());

        refused(foreign);
        refused(new byte[0]);
        refused("\n".getBytes(StandardCharsets.UTF_8));
        refused(java.util.Arrays.copyOf(file, file.length - 1));
        refused(java.util.Arrays.copyOf(file, 40));
    }

    private static void refused(byte[] file) {
        assertThatExceptionOfType(UntrustedLeaseException.class).isThrownBy(() -> SiteUsageFile.read(file));
    }
}

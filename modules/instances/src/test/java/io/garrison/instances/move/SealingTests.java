package io.garrison.instances.move;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.garrison.instances.move.Sealing.Unreadable;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class SealingTests {

    private static final byte[] PLAIN = "a policy".getBytes(StandardCharsets.UTF_8);

    @Test
    void opensForTheReceiverOnly() throws Unreadable {
        var receiver = Sealing.newKey();
        var file = Sealing.seal(receiver.getPublic(), PLAIN);

        assertThat(Sealing.open(receiver, file)).isEqualTo(PLAIN);
        assertThat(code(() -> Sealing.open(Sealing.newKey(), file))).isEqualTo("move.sealed-for-another");
        assertThat(Sealing.seal(receiver.getPublic(), PLAIN))
                .as("never the same twice")
                .isNotEqualTo(file);
    }

    @Test
    void noticesEveryChangedByte() {
        var receiver = Sealing.newKey();
        var file = Sealing.seal(receiver.getPublic(), PLAIN);
        for (int at = 0; at < file.length; at++) {
            var changed = file.clone();
            changed[at] ^= 1;
            assertThat(code(() -> Sealing.open(receiver, changed)))
                    .as("byte %d", at)
                    .startsWith("move.");
        }
        for (int length = 0; length < file.length; length += 7) {
            var cut = java.util.Arrays.copyOf(file, length);
            assertThat(code(() -> Sealing.open(receiver, cut))).startsWith("move.");
        }
    }

    @Test
    void refusesWhatUnpacksBeyondTheLimit() {
        var receiver = Sealing.newKey();
        var file = Sealing.seal(receiver.getPublic(), new byte[Sealing.MAX_PLAIN + 1]);

        assertThat(file).hasSizeLessThan(1_000_000);
        assertThat(code(() -> Sealing.open(receiver, file))).isEqualTo("move.too-large");
    }

    @Test
    void knowsAKeyWhenItSeesOne() throws Unreadable {
        var key = Sealing.newKey().getPublic();

        assertThat(Sealing.publicKey(Base64.getEncoder().encodeToString(key.getEncoded())))
                .isEqualTo(key);
        assertThat(code(() -> Sealing.publicKey("hello"))).isEqualTo("move.key-invalid");
        assertThat(code(() -> Sealing.publicKey(""))).isEqualTo("move.key-invalid");
        assertThat(code(() -> Sealing.publicKey("AAAA"))).isEqualTo("move.key-invalid");
    }

    private interface Work {
        void run() throws Unreadable;
    }

    private static String code(Work work) {
        var refused = catchThrowableOfType(Unreadable.class, work::run);
        return refused == null ? "accepted" : refused.code();
    }
}

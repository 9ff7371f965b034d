package io.garrison.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Receipts with real certificates are proven where certificates are made; here only what is no receipt. */
class ReceiptSigningTests {

    @Test
    void refusesWhatIsNoReceipt() {
        for (var text : List.of("", "a.b.c", "x".repeat(200_000))) {
            assertThatExceptionOfType(UntrustedLeaseException.class).isThrownBy(() -> ReceiptSigning.read(text));
        }
        var header =
                CompactJws.encode("{\"alg\":\"EdDSA\",\"typ\":\"garrison-lease-receipt+jwt\",\"x5c\":[]}".getBytes());
        assertThatExceptionOfType(UntrustedLeaseException.class)
                .isThrownBy(() -> ReceiptSigning.read(header + ".e30.AA"))
                .satisfies(e -> assertThat(e.code()).isEqualTo("lease.algorithm-refused"));
    }
}

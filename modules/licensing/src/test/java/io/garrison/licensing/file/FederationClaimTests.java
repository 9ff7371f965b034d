package io.garrison.licensing.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.garrison.licensing.LicenseFileException.FileRefused;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where an installation that runs on a file reports to, as the file says it (MS-02). */
class FederationClaimTests {

    private static final String PIN = "0a".repeat(32);

    @Test
    void comesOutAsItWentIn() {
        var claim = new Federation(URI.create("https://mssp.example:8444"), PIN);

        assertThat(Federation.read(new ClaimReader(claim.claims()))).isEqualTo(claim);
        assertThat(claim.claims())
                .containsEntry("url", "https://mssp.example:8444")
                .containsEntry("caSha256", PIN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://mssp.example",
                "https://mssp.example/path",
                "https://user@mssp.example",
                "https://mssp.example?q",
                "https:///",
                "mssp.example",
                "https://mssp example",
                "file:///etc/passwd"
            })
    void refusesWhatIsNoGateway(String url) {
        var claims = new HashMap<String, Object>(Map.of("url", url, "caSha256", PIN));

        assertThatExceptionOfType(FileRefused.class).isThrownBy(() -> Federation.read(new ClaimReader(claims)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0a", "0A0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a"})
    void refusesWhatIsNoDigest(String digest) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Federation(URI.create("https://mssp.example"), digest));
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        var claims = new HashMap<String, Object>(Map.of("url", "https://mssp.example", "caSha256", PIN, "more", "x"));

        assertThatExceptionOfType(FileRefused.class).isThrownBy(() -> Federation.read(new ClaimReader(claims)));
    }
}

package io.garrison.licensing.file;

import static io.garrison.licensing.file.LicenseFixture.TEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.garrison.licensing.LicenseFileException.FileRefused;
import io.garrison.licensing.LicenseFileException.Flaw;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that somebody made by hand, most of them with a valid signature, so that only the rule at hand refuses them. */
class HostileLicenseTests {

    private final VendorKey vendor = VendorKey.generate();
    private final VendorKeys trusted = LicenseFixture.trusting(vendor);
    private final LicenseFile.Loaded issued = LicenseFixture.issue(vendor, TEN);
    private final String signingKey = "~" + Jws.encode(issued.signingKey().bytes());
    private final String claims = new String(StrictJson.write(issued.license().claims()), StandardCharsets.UTF_8);
    private final String header =
            "{\"alg\":\"EdDSA\",\"typ\":\"garrison-lic+jwt\",\"kid\":\"%s\"}".formatted(vendor.keyId());

    @Test
    void takesTheSameFileWhenNothingIsWrongWithIt() {
        assertThat(LicenseFile.read(signed(header, claims), trusted).license()).isEqualTo(issued.license());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "none", "None", "NONE", "HS256", "HS384", "HS512", "RS256", "PS256", "ES256", "ES256K", "Ed448",
                "eddsa", "EDDSA", ""
            })
    void refusesEveryOtherAlgorithm(String algorithm) {
        assertThat(flaw(signed(header.replace("EdDSA", algorithm), claims))).isEqualTo(Flaw.ALGORITHM_REFUSED);
    }

    @Test
    void refusesAHeaderWithoutAnAlgorithmOrWithOneThatIsNoText() {
        assertThat(flaw(signed(header.replace("\"alg\":\"EdDSA\",", ""), claims)))
                .isEqualTo(Flaw.ALGORITHM_REFUSED);
        assertThat(flaw(signed(header.replace("\"EdDSA\"", "[\"EdDSA\"]"), claims)))
                .isEqualTo(Flaw.ALGORITHM_REFUSED);
    }

    @Test
    void refusesALicenceWithoutASignature() {
        var unsigned = Jws.encode(bytes(header.replace("EdDSA", "none"))) + "." + Jws.encode(bytes(claims)) + ".";

        assertThat(flaw(unsigned + signingKey)).isEqualTo(Flaw.ALGORITHM_REFUSED);
    }

    @Test
    void refusesThePublicKeyUsedAsASecret() throws GeneralSecurityException {
        var input = Jws.encode(bytes(header.replace("EdDSA", "HS256"))) + "." + Jws.encode(bytes(claims));
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Ed25519.raw(vendor.publicKey()), "HmacSHA256"));

        assertThat(flaw(input + "." + Jws.encode(mac.doFinal(bytes(input))) + signingKey))
                .isEqualTo(Flaw.ALGORITHM_REFUSED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"jku\":\"https://attacker.example/keys\"",
                "\"x5u\":\"https://attacker.example/cert\"",
                "\"jwk\":{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AAAA\"}",
                "\"x5c\":[\"MIIB\"]",
                "\"x5t\":\"AAAA\"",
                "\"crit\":[\"exp\"]",
                "\"crit\":[\"b64\"],\"b64\":false",
                "\"b64\":false",
                "\"zip\":\"DEF\"",
                "\"enc\":\"A256GCM\""
            })
    void refusesAHeaderThatWouldChooseTheKeyOrWhatIsSigned(String parameter) {
        assertThat(flaw(signed(header.replace("{", "{" + parameter + ","), claims)))
                .isEqualTo(Flaw.ALGORITHM_REFUSED);
    }

    @Test
    void refusesAnUnknownHeaderParameterAndAnotherType() {
        assertThat(flaw(signed(header.replace("{", "{\"cty\":\"x\","), claims))).isEqualTo(Flaw.MALFORMED);
        assertThat(flaw(signed(header.replace("garrison-lic+jwt", "JWT"), claims)))
                .isEqualTo(Flaw.MALFORMED);
        assertThat(flaw(signed(header.replace("\"kid\":\"" + vendor.keyId() + "\"", "\"kid\":7"), claims)))
                .isEqualTo(Flaw.MALFORMED);
    }

    @Test
    void refusesAClaimThatIsGivenTwice() {
        assertThat(flaw(signed(header, claims.replace("{\"ver\"", "{\"jti\":\"x\",\"ver\""))))
                .isEqualTo(Flaw.DUPLICATE_CLAIM);
        assertThat(flaw(signed(header, claims.replace("\"instances\":10", "\"instances\":10,\"instances\":99"))))
                .isEqualTo(Flaw.DUPLICATE_CLAIM);
        assertThat(flaw(signed(header, claims.replace("{\"ver\"", "{\"\\u0065xp\":1,\"ver\""))))
                .as("the same name in another spelling")
                .isEqualTo(Flaw.DUPLICATE_CLAIM);
        assertThat(flaw(signed(header.replace("{", "{\"alg\":\"none\","), claims)))
                .isEqualTo(Flaw.DUPLICATE_CLAIM);
    }

    static Stream<String> damages() {
        return Stream.of(
                "\"ver\":1 → \"ver\":2",
                "\"ver\":1 → \"ver\":1,\"maxTenants\":3",
                "\"kind\":\"mssp\" → \"kind\":\"sub\"",
                "\"instances\":10 → \"instances\":-1",
                "\"instances\":10 → \"instances\":1.5",
                "\"instances\":10 → \"instances\":1e3",
                "\"instances\":10 → \"instances\":\"10\"",
                "\"instances\":10 → \"instances\":null",
                "\"instances\":10 → \"instances\":9223372036854775808",
                "\"instances\":10 → \"instances\":18446744073709551616",
                "\"instances\":10 → \"instances\":" + "9".repeat(10_000),
                "\"instances\":10 → \"instances\":10,\"seats\":5",
                "\"instances\":10, → ",
                "[\"load-balancing\",\"waf\"] → [\"waf\",\"waf\"]",
                "[\"load-balancing\",\"waf\"] → [\"WAF\"]",
                "[\"load-balancing\",\"waf\"] → [[\"waf\"]]",
                "[\"load-balancing\",\"waf\"] → \"waf\"",
                "[\"load-balancing\",\"waf\"] → " + "[".repeat(1000) + "]".repeat(1000),
                "\"sub\":\"Northwind\" → \"sub\":\"\"",
                "\"sub\":\"Northwind\" → \"sub\":\"" + "x".repeat(201) + "\"",
                "\"sub\":\"Northwind\" → \"sub\":7",
                "\"exp\": → \"exp\":0,\"deployment\":\"x\",\"unused\":",
                "\"exp\":1 → \"exp\":-1",
                "\"nbf\":1 → \"nbf\":9999999999",
                "\"ver\":1 → \"ver\":1,\"demo\":\"true\"",
                "\"ver\":1 → \"ver\":1,\"deployment\":\"1-1-1-1-1\"",
                "\"signingKey\":{\"x\":\" → \"signingKey\":{\"x\":\"AA",
                "{\"ver\" → [{\"ver\"",
                "{\"ver\" → {} {\"ver\"");
    }

    @ParameterizedTest
    @MethodSource("damages")
    void refusesSignedClaimsThatMakeNoSense(String damage) {
        var sides = damage.split(" → ", -1);
        var damaged = claims.replace(sides[0], sides[1]);

        assertThat(damaged).isNotEqualTo(claims);
        assertThat(flaw(signed(header, damaged))).isEqualTo(Flaw.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "...",
                "a.b",
                "a.b.c.d",
                "~",
                "..~",
                "{}.{}.x",
                "\0\0\0",
                "ÿ.ÿ.ÿ",
                "=.=.=",
                "𝒂.𝒃.𝒄"
            })
    void refusesWhatIsNoLicenceAtAll(String text) {
        assertThat(flaw(text)).isEqualTo(Flaw.MALFORMED);
    }

    private String signed(String header, String claims) {
        var input = Jws.encode(bytes(header)) + "." + Jws.encode(bytes(claims));
        return input + "." + Jws.encode(Ed25519.sign(vendor.privateKey(), bytes(input))) + signingKey;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Flaw flaw(String text) {
        return catchThrowableOfType(FileRefused.class, () -> LicenseFile.read(text, trusted))
                .flaw();
    }
}

package io.garrison.licensing.file;

import static io.garrison.licensing.file.LicenseFixture.NEXT_YEAR;
import static io.garrison.licensing.file.LicenseFixture.NOW;
import static io.garrison.licensing.file.LicenseFixture.TEN;
import static io.garrison.licensing.file.LicenseFixture.share;
import static io.garrison.licensing.file.LicenseFixture.sign;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.garrison.licensing.Entitlements;
import io.garrison.licensing.LicenseFileException.FileRefused;
import io.garrison.licensing.LicenseFileException.Flaw;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LicenseFileTests {

    private final VendorKey vendor = VendorKey.generate();
    private final VendorKeys trusted = LicenseFixture.trusting(vendor);
    private final LicenseFile.Loaded issued = LicenseFixture.issue(vendor, TEN);
    private final String file = LicenseFile.text(issued);

    @Test
    void readsWhatWasIssued() {
        var read = LicenseFile.read(file, trusted);

        assertThat(read.license()).isEqualTo(issued.license());
        assertThat(read.vendorKeyId()).isEqualTo(vendor.keyId());
    }

    @Test
    void takesTheLineEndThatEditorsAdd() {
        assertThat(LicenseFile.read(file + "\n", trusted).license()).isEqualTo(issued.license());
        assertThat(LicenseFile.read(file + "\r\n", trusted).license()).isEqualTo(issued.license());
        assertThat(flaw(file + "\n\n")).isEqualTo(Flaw.MALFORMED);
    }

    @Test
    void refusesALicenceWithAnyBitFlipped() {
        var original = file.getBytes(StandardCharsets.ISO_8859_1);
        assertThat(IntStream.range(0, original.length * 8).parallel().filter(bit -> holds(flip(original, bit))))
                .isEmpty();
    }

    @Test
    void refusesASubLicenceWithAnyBitFlipped() {
        var original = sign(issued, share(issued)).getBytes(StandardCharsets.ISO_8859_1);
        assertThat(IntStream.range(0, original.length * 8)
                        .parallel()
                        .filter(bit -> subLicenseHolds(flip(original, bit))))
                .isEmpty();
    }

    @Test
    void refusesALicenceCutShortAnywhere() {
        assertThat(IntStream.range(0, file.length()).filter(end -> holds(file.substring(0, end))))
                .isEmpty();
    }

    @Test
    void refusesTheSignatureInAnotherSpelling() {
        int signature = issued.jws().lastIndexOf('.') + 1;
        var spare = issued.jws().substring(0, issued.jws().length() - 1);

        assertThat(flaw(issued.jws() + "==" + file.substring(issued.jws().length())))
                .isEqualTo(Flaw.SIGNATURE_INVALID);
        for (char last = 'A'; last <= 'Z'; last++) {
            if (issued.jws().charAt(issued.jws().length() - 1) != last) {
                assertThat(flaw(spare + last + file.substring(issued.jws().length())))
                        .isEqualTo(Flaw.SIGNATURE_INVALID);
            }
        }
        assertThat(flaw(issued.jws().substring(0, signature)
                        + file.substring(issued.jws().length())))
                .isEqualTo(Flaw.SIGNATURE_INVALID);
    }

    @Test
    void refusesAStrangersLicence() {
        assertThat(flaw(LicenseFile.text(LicenseFixture.issue(VendorKey.generate(), TEN))))
                .isEqualTo(Flaw.UNKNOWN_KEY);
    }

    @Test
    void refusesAStrangersSignatureUnderTheVendorsKeyId() {
        var forged = Jws.sign(
                VendorKey.generate().privateKey(),
                vendor.keyId(),
                null,
                issued.license().claims());

        assertThat(flaw(forged + key())).isEqualTo(Flaw.SIGNATURE_INVALID);
    }

    @Test
    void refusesAnotherLicencesSigningKey() {
        var other = LicenseFile.text(LicenseFixture.issue(vendor, TEN));

        assertThat(flaw(issued.jws() + other.substring(other.indexOf('~')))).isEqualTo(Flaw.SIGNATURE_INVALID);
        assertThat(flaw(issued.jws())).isEqualTo(Flaw.MALFORMED);
        assertThat(flaw(issued.jws() + "~")).isEqualTo(Flaw.MALFORMED);
        assertThat(flaw(file + key())).isEqualTo(Flaw.MALFORMED);
    }

    @Test
    void refusesWhatIsTooLargeBeforeReadingIt() {
        assertThat(flaw("[".repeat(LicenseFile.MAX_CHARS + 1))).isEqualTo(Flaw.TOO_LARGE);
        assertThat(flaw(".".repeat(LicenseFile.MAX_CHARS))).isEqualTo(Flaw.MALFORMED);
    }

    @Test
    void refusesALicenceThatIsOverOrHasNotBegun() {
        assertThatThrownBy(() -> LicenseFile.requireUsable(issued.license(), NEXT_YEAR, null))
                .isInstanceOfSatisfying(
                        FileRefused.class, e -> assertThat(e.flaw()).isEqualTo(Flaw.EXPIRED));
        assertThatThrownBy(() -> LicenseFile.requireUsable(issued.license(), NOW.minusMillis(1), null))
                .isInstanceOfSatisfying(
                        FileRefused.class, e -> assertThat(e.flaw()).isEqualTo(Flaw.NOT_YET_VALID));
        LicenseFile.requireUsable(issued.license(), NOW, null);
        LicenseFile.requireUsable(issued.license(), NEXT_YEAR.minusMillis(1), null);
    }

    @Test
    void refusesALicenceForAnotherInstallation() {
        var here = UUID.randomUUID();
        var bound =
                LicenseFixture.issue(vendor, TEN, NOW, NEXT_YEAR, here, false).license();

        LicenseFile.requireUsable(bound, NOW, here);
        assertThatThrownBy(() -> LicenseFile.requireUsable(bound, NOW, UUID.randomUUID()))
                .isInstanceOfSatisfying(
                        FileRefused.class, e -> assertThat(e.flaw()).isEqualTo(Flaw.WRONG_DEPLOYMENT));
    }

    @Test
    void verifiesTheChainByTheVendorsKeyAlone() {
        var share = share(issued);

        var chain = LicenseFile.readSubLicense(sign(issued, share), trusted);

        assertThat(chain.child()).isEqualTo(share);
        assertThat(chain.parent()).isEqualTo(issued.license());
    }

    @Test
    void neverPutsTheSigningKeyIntoASubLicence() {
        var text = sign(issued, share(issued));
        var secret = file.substring(file.indexOf('~') + 1);

        assertThat(text).doesNotContain(secret);
        assertThat(LicenseFile.unverifiedClaims(text).toString()).doesNotContain(secret);
        assertThat(Jws.parse(text).parent()).isEqualTo(issued.jws()).doesNotContain(secret);
    }

    @Test
    void refusesASubLicenceSignedByAnotherMssp() {
        var other = LicenseFixture.issue(vendor, TEN);
        var claims = share(issued).claims();

        var underOwnKeyId = Jws.sign(privateKey(other), other.license().signingKeyId(), issued.jws(), claims);
        var underTheirs = Jws.sign(privateKey(other), issued.license().signingKeyId(), issued.jws(), claims);
        var underTheirParent = Jws.sign(privateKey(other), other.license().signingKeyId(), other.jws(), claims);

        assertThat(subLicenseFlaw(underOwnKeyId)).isEqualTo(Flaw.UNKNOWN_KEY);
        assertThat(subLicenseFlaw(underTheirs)).isEqualTo(Flaw.SIGNATURE_INVALID);
        assertThat(subLicenseFlaw(underTheirParent)).isEqualTo(Flaw.EXCEEDS_PARENT);
    }

    @Test
    void refusesASubLicenceBeyondItsParent() {
        var held = share(issued);
        var many = new Entitlements(11, 1, 1, Set.of());
        var fast = new Entitlements(1, Long.MAX_VALUE, 1, Set.of());
        var wide = new Entitlements(1, 1, 101, Set.of());
        var other = new Entitlements(1, 1, 1, Set.of("bot-detection"));

        for (var beyond : new Entitlements[] {many, fast, wide, other}) {
            assertThat(subLicenseFlaw(sign(issued, with(held, beyond, held.from(), held.until()))))
                    .isEqualTo(Flaw.EXCEEDS_PARENT);
        }
        assertThat(subLicenseFlaw(sign(issued, with(held, held.entitlements(), NOW, NEXT_YEAR.plusSeconds(1)))))
                .isEqualTo(Flaw.EXCEEDS_PARENT);
        assertThat(subLicenseFlaw(sign(issued, with(held, held.entitlements(), NOW.minusSeconds(1), NEXT_YEAR))))
                .isEqualTo(Flaw.EXCEEDS_PARENT);
    }

    @Test
    void takesNeitherKindForTheOther() {
        assertThat(flaw(sign(issued, share(issued)) + key())).isEqualTo(Flaw.UNKNOWN_KEY);
        assertThat(subLicenseFlaw(issued.jws())).isEqualTo(Flaw.MALFORMED);
        var asParent = sign(issued, share(issued));
        var grandchild = Jws.sign(
                privateKey(issued),
                issued.license().signingKeyId(),
                asParent,
                share(issued).claims());
        assertThat(subLicenseFlaw(grandchild)).isEqualTo(Flaw.UNKNOWN_KEY);
        var subClaims = Jws.sign(
                vendor.privateKey(), vendor.keyId(), null, share(issued).claims());
        assertThat(flaw(subClaims + key())).isEqualTo(Flaw.MALFORMED);
    }

    private static SubLicense with(
            SubLicense share, Entitlements entitlements, java.time.Instant from, java.time.Instant until) {
        return new SubLicense(
                share.id(),
                share.parent(),
                share.tenant(),
                share.mode(),
                share.issuedAt(),
                from,
                until,
                14,
                entitlements);
    }

    private static java.security.PrivateKey privateKey(LicenseFile.Loaded license) {
        try {
            return Ed25519.privateKey(license.signingKey().bytes());
        } catch (java.security.spec.InvalidKeySpecException e) {
            throw new AssertionError(e);
        }
    }

    private String key() {
        return file.substring(file.indexOf('~'));
    }

    private static String flip(byte[] original, int bit) {
        var changed = Arrays.copyOf(original, original.length);
        changed[bit / 8] ^= (byte) (1 << (bit % 8));
        return new String(changed, StandardCharsets.ISO_8859_1);
    }

    /** Anything but a refusal, such as an index out of range, fails the test. */
    private boolean holds(String text) {
        try {
            LicenseFile.read(text, trusted);
            return true;
        } catch (FileRefused e) {
            return false;
        }
    }

    private boolean subLicenseHolds(String text) {
        try {
            LicenseFile.readSubLicense(text, trusted);
            return true;
        } catch (FileRefused e) {
            return false;
        }
    }

    private Flaw flaw(String text) {
        return catchThrowableOfType(FileRefused.class, () -> LicenseFile.read(text, trusted))
                .flaw();
    }

    private Flaw subLicenseFlaw(String text) {
        return catchThrowableOfType(FileRefused.class, () -> LicenseFile.readSubLicense(text, trusted))
                .flaw();
    }
}

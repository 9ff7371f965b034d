package io.garrison.licensing.file;

import static io.garrison.licensing.file.LicenseFixture.TEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.garrison.licensing.LicenseFileException.FileRefused;
import io.garrison.licensing.LicenseFileException.Flaw;
import io.garrison.licensing.Metric;
import io.garrison.licensing.Overage;
import io.garrison.licensing.Overage.Policy;
import io.garrison.licensing.Overages;
import io.garrison.licensing.file.SubLicense.Holder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.spec.InvalidKeySpecException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a sub-licence may say besides what each must say. */
class SubLicenseClaimsTests {

    private final VendorKey vendor = VendorKey.generate();
    private final VendorKeys trusted = LicenseFixture.trusting(vendor);
    private final LicenseFile.Loaded issued = LicenseFixture.issue(vendor, TEN);
    private final SubLicense share = LicenseFixture.share(issued);

    @Test
    void readsAFileThatWasMadeBeforeThereWereSerials() throws IOException {
        var child = LicenseFile.readSubLicense(golden("sub-license.jose"), VendorKeys.parse(golden("vendor.pub")))
                .child();

        assertThat(child.serial()).isEqualTo(1);
        assertThat(child.holder()).isEqualTo(Holder.UNNAMED);
        assertThat(child.overages()).isEqualTo(Overages.NONE);
        assertThat(child.suspended()).isFalse();
        assertThat(child.mode()).isEqualTo("CLUSTER");
        assertThat(child.entitlements().instances()).isEqualTo(3);
    }

    @Test
    void readsAllThatItWrites() {
        var full = with(
                7,
                new Holder("Käse & Söhne", "kaese", "Europe/Berlin", "it@kaese.example"),
                new Overages(Map.of(
                        Metric.INSTANCES,
                        Overage.upTo(10),
                        Metric.THROUGHPUT_BPS,
                        new Overage(Policy.BILL, null),
                        Metric.VIRTUAL_SERVICES,
                        new Overage(Policy.ALARM, null))),
                true);

        assertThat(LicenseFile.readSubLicense(LicenseFixture.sign(issued, full), trusted)
                        .child())
                .isEqualTo(full);
        assertThat(LicenseFile.readSubLicense(LicenseFixture.sign(issued, share), trusted)
                        .child())
                .as("with as little as there can be")
                .isEqualTo(share);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'serial':1 | 'serial':0",
                "'serial':1 | 'serial':-1",
                "'serial':1 | 'serial':1.0",
                "'serial':1 | 'serial':'1'",
                "'serial':1 | 'serial':true",
                "'serial':1 | 'serial':9223372036854775808",
                "'serial':1 | 'serial':1,'serials':1",
                "'serial':1 | 'tenantName':''",
                "'serial':1 | 'tenantName':'  '",
                "'serial':1 | 'tenantName':'a\\u0000b'",
                "'serial':1 | 'tenantName':'a\\u202eb'",
                "'serial':1 | 'tenantName':7",
                "'serial':1 | 'tenantSlug':''",
                "'serial':1 | 'tenantSlug':'Northwind'",
                "'serial':1 | 'tenantSlug':'-a'",
                "'serial':1 | 'tenantSlug':'a/../b'",
                "'serial':1 | 'tenantTimeZone':'Europe/Atlantis'",
                "'serial':1 | 'tenantTimeZone':'+01:00'",
                "'serial':1 | 'tenantTimeZone':60",
                "'serial':1 | 'tenantEmail':'nobody'",
                "'serial':1 | 'tenantEmail':'a@b\\r\\nBcc: c@d'",
                "'serial':1 | 'suspended':'true'",
                "'serial':1 | 'suspended':1",
                "'serial':1 | 'overage':[]",
                "'serial':1 | 'overage':'BILL'",
                "'serial':1 | 'overage':{'features':{'policy':'BILL'}}",
                "'serial':1 | 'overage':{'cores':{'policy':'BILL'}}",
                "'serial':1 | 'overage':{'instances':'BILL'}",
                "'serial':1 | 'overage':{'instances':{}}",
                "'serial':1 | 'overage':{'instances':{'policy':'bill'}}",
                "'serial':1 | 'overage':{'instances':{'policy':'FREE'}}",
                "'serial':1 | 'overage':{'instances':{'policy':'BILL','ceiling':9}}",
                "'serial':1 | 'overage':{'instances':{'policy':'CEILING'}}",
                "'serial':1 | 'overage':{'instances':{'policy':'CEILING','ceiling':0}}",
                "'serial':1 | 'overage':{'instances':{'policy':'CEILING','ceiling':2}}",
                "'serial':1 | 'overage':{'instances':{'policy':'CEILING','ceiling':'9'}}",
                "'serial':1 | 'overage':{'instances':{'policy':'CEILING','ceiling':9223372036854775808}}",
                "'serial':1 | 'overage':{'instances':{'policy':'BILL','price':1}}"
            })
    void refusesWhatAClaimMustNotSay(String claim, String damage) {
        assertThat(flaw(claim, damage)).isEqualTo(Flaw.MALFORMED);
    }

    @Test
    void refusesANameThatIsTooLong() {
        assertThat(flaw("'serial':1", "'tenantName':'" + "x".repeat(201) + "'")).isEqualTo(Flaw.MALFORMED);
        assertThat(flaw("'serial':1", "'tenantSlug':'" + "x".repeat(64) + "'")).isEqualTo(Flaw.MALFORMED);
        assertThat(flaw("'serial':1", "'tenantEmail':'a@" + "x".repeat(253) + "'"))
                .isEqualTo(Flaw.MALFORMED);
    }

    @Test
    void refusesAClaimThatIsGivenTwice() {
        assertThat(flaw("'serial':1", "'serial':1,'serial':2")).isEqualTo(Flaw.DUPLICATE_CLAIM);
        assertThat(flaw("'serial':1", "'overage':{'instances':{'policy':'DENY','policy':'BILL'}}"))
                .isEqualTo(Flaw.DUPLICATE_CLAIM);
    }

    @Test
    void refusesACeilingBeyondTheParent() {
        assertThat(flaw("'serial':1", "'overage':{'instances':{'policy':'CEILING','ceiling':11}}"))
                .isEqualTo(Flaw.EXCEEDS_PARENT);
        assertThat(flaw("'serial':1", "'overage':{'throughputBps':{'policy':'CEILING','ceiling':9223372036854775807}}"))
                .isEqualTo(Flaw.EXCEEDS_PARENT);
    }

    @Test
    void takesTheGreatestSerialThereIs() {
        var last = with(Long.MAX_VALUE, Holder.UNNAMED, Overages.NONE, false);

        assertThat(LicenseFile.readSubLicense(LicenseFixture.sign(issued, last), trusted)
                        .child()
                        .serial())
                .isEqualTo(Long.MAX_VALUE);
    }

    private SubLicense with(long serial, Holder holder, Overages overages, boolean suspended) {
        return new SubLicense(
                share.id(),
                share.parent(),
                share.tenant(),
                share.mode(),
                share.issuedAt(),
                share.from(),
                share.until(),
                share.graceDays(),
                share.entitlements(),
                serial,
                holder,
                overages,
                suspended);
    }

    /** The flaw of a file that is signed as it should be and says something else in place of a claim. */
    private Flaw flaw(String claim, String damage) {
        var claims = new String(StrictJson.write(share.claims()), StandardCharsets.UTF_8);
        var damaged = claims.replace(claim.replace('\'', '"'), damage.replace('\'', '"'));
        assertThat(damaged).isNotEqualTo(claims);
        var file = signed(damaged);
        return catchThrowableOfType(FileRefused.class, () -> LicenseFile.readSubLicense(file, trusted))
                .flaw();
    }

    private String signed(String claims) {
        var whole = LicenseFixture.sign(issued, share);
        var header = whole.substring(0, whole.indexOf('.'));
        var input = header + "." + Jws.encode(claims.getBytes(StandardCharsets.UTF_8));
        try {
            var key = Ed25519.privateKey(issued.signingKey().bytes());
            return input + "." + Jws.encode(Ed25519.sign(key, input.getBytes(StandardCharsets.US_ASCII)));
        } catch (InvalidKeySpecException e) {
            throw new AssertionError(e);
        }
    }

    private static String golden(String name) throws IOException {
        try (var in = SubLicenseClaimsTests.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}

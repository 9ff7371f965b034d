package io.garrison.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.protocol.CompactJws.Algorithm;
import io.garrison.protocol.Lease.Share;
import io.garrison.protocol.Lease.Signer;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LeaseSigningTests {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final UUID LICENSE = UUID.randomUUID();
    private static final UUID SUB = UUID.randomUUID();
    private static final UUID TENANT = UUID.randomUUID();

    private final KeyPair vendor = key();
    private final KeyPair mssp = key();
    private final KeyPair installation = key();
    private final LeaseTrust trust = new LeaseTrust(
            List.of(LeaseTrust.Key.of(vendor.getPublic())), List.of(LeaseTrust.Key.of(installation.getPublic())));

    @Test
    void holdsByTheVendorsKeyAloneWhereTheMsspSigned() {
        var lease = lease(Signer.MSSP);
        var text = signed(lease, mssp);

        assertThat(LeaseSigning.isLease(text)).isTrue();
        assertThat(LeaseSigning.verify(text, new LeaseTrust(List.of(LeaseTrust.Key.of(vendor.getPublic())), List.of())))
                .isEqualTo(lease);
    }

    @Test
    void holdsByTheInstallationsKeyWhereItSignedAndSaysSo() {
        var text = signed(lease(Signer.INSTALLATION), installation);

        assertThat(LeaseSigning.verify(text, trust).signedBy()).isEqualTo(Signer.INSTALLATION);
        refused("lease.unknown-key", text, new LeaseTrust(trust.vendors(), List.of()));
    }

    @Test
    void refusesWhoeverSignsInTheNameOfAnother() {
        refused("lease.unknown-key", signed(lease(Signer.MSSP), key()), trust);
        refused("lease.chain-broken", signed(lease(Signer.MSSP), installation), trust);
        refused("lease.chain-broken", signed(lease(Signer.INSTALLATION), mssp), trust);
        refused("lease.unknown-key", signed(lease(Signer.MSSP), vendor), trust);
        var claimed = LeaseSigning.sign(lease(Signer.MSSP), id(mssp), subLicense(mssp, Map.of()), key().getPrivate());
        refused("lease.signature-invalid", claimed, trust);
    }

    @Test
    void refusesAChainThatBeginsElsewhere() {
        var other = key();
        var license = license(other, mssp);
        var sub = sub(license, mssp, Map.of());
        refused("lease.unknown-key", LeaseSigning.sign(lease(Signer.MSSP), id(mssp), sub, mssp.getPrivate()), trust);

        var foreign = key();
        var bySomebodyElse = sub(license(vendor, mssp), foreign, Map.of());
        refused(
                "lease.unknown-key",
                LeaseSigning.sign(lease(Signer.MSSP), id(foreign), bySomebodyElse, foreign.getPrivate()),
                trust);
    }

    @Test
    void refusesWhatItsSubLicenceDoesNotGrant() {
        for (var claims : List.<Map<String, Object>>of(
                Map.of("jti", UUID.randomUUID().toString()),
                Map.of("tenant", UUID.randomUUID().toString()),
                Map.of("serial", 2),
                Map.of("exp", NOW.getEpochSecond(), "graceDays", 0))) {
            var text = LeaseSigning.sign(lease(Signer.MSSP), id(mssp), subLicense(mssp, claims), mssp.getPrivate());
            refused("lease.chain-broken", text, trust);
        }
    }

    @Test
    void refusesEveryChangedCharacter() {
        var text = signed(lease(Signer.MSSP), mssp);
        for (int i = 0; i < text.length(); i++) {
            var changed = text.substring(0, i) + (text.charAt(i) == 'A' ? 'B' : 'A') + text.substring(i + 1);
            assertThatExceptionOfType(UntrustedLeaseException.class)
                    .as("character %d", i)
                    .isThrownBy(() -> LeaseSigning.verify(changed, trust));
        }
    }

    @Test
    void refusesOtherAlgorithmsTypesParametersAndForms() {
        var parent = subLicense(mssp, Map.of());
        var claims = Map.<String, Object>of("ver", 1, "kind", "lease");
        refused("lease.malformed", "", trust);
        refused("lease.malformed", "a.b", trust);
        refused("lease.too-large", "x".repeat(200_000), trust);
        refused("lease.malformed", parent, trust); // a sub-licence is no lease
        refused("lease.malformed", sign(LeaseSigning.TYPE, mssp, Map.of("kid", id(mssp)), claims), trust);
        var keyOfItsOwn = Map.of("kid", id(mssp), "parent", parent, "jwk", "x");
        refused("lease.algorithm-refused", sign(LeaseSigning.TYPE, mssp, keyOfItsOwn, claims), trust);
        var none = CompactJws.encode("{\"alg\":\"none\",\"typ\":\"garrison-lease+jwt\"}".getBytes());
        refused("lease.algorithm-refused", none + "." + none + ".", trust);
        var twice = CompactJws.encode("{\"alg\":\"none\",\"alg\":\"EdDSA\",\"typ\":\"garrison-lease+jwt\"}".getBytes());
        refused("lease.malformed", twice + "." + none + ".", trust);
    }

    private void refused(String code, String text, LeaseTrust by) {
        assertThatExceptionOfType(UntrustedLeaseException.class)
                .isThrownBy(() -> LeaseSigning.verify(text, by))
                .satisfies(e -> assertThat(e.code()).as(e.reason()).isEqualTo(code));
    }

    private Lease lease(Signer signer) {
        return new Lease(
                UUID.randomUUID(),
                SUB,
                1,
                TENANT,
                UUID.randomUUID(),
                NOW,
                NOW.plusSeconds(300),
                NOW.plusSeconds(600),
                false,
                signer,
                new Share(1_000, 10, List.of("waf")));
    }

    private String signed(Lease lease, KeyPair signer) {
        return LeaseSigning.sign(lease, id(signer), subLicense(mssp, Map.of()), signer.getPrivate());
    }

    private String subLicense(KeyPair signer, Map<String, Object> changes) {
        return sub(license(vendor, mssp), signer, changes);
    }

    private static String sub(String license, KeyPair signer, Map<String, Object> changes) {
        var claims = new LinkedHashMap<String, Object>(Map.of(
                "kind", "sub",
                "jti", SUB.toString(),
                "parentId", LICENSE.toString(),
                "tenant", TENANT.toString(),
                "exp", NOW.plusSeconds(3_600).getEpochSecond(),
                "graceDays", 1));
        claims.putAll(changes);
        return sign("garrison-lic+jwt", signer, Map.of("kid", id(signer), "parent", license), claims);
    }

    private static String license(KeyPair vendor, KeyPair mssp) {
        byte[] der = mssp.getPublic().getEncoded();
        var x = CompactJws.encode(Arrays.copyOfRange(der, der.length - 32, der.length));
        return sign(
                "garrison-lic+jwt",
                vendor,
                Map.of("kid", id(vendor)),
                Map.of("kind", "mssp", "jti", LICENSE.toString(), "signingKey", Map.of("x", x)));
    }

    private static String sign(String type, KeyPair pair, Map<String, ?> header, Map<String, ?> claims) {
        PrivateKey key = pair.getPrivate();
        return CompactJws.sign(Algorithm.EDDSA, type, header, claims, key);
    }

    private static String id(KeyPair pair) {
        return LeaseSigning.thumbprint(pair.getPublic());
    }

    private static KeyPair key() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}

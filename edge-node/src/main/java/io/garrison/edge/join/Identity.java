package io.garrison.edge.join;

import io.garrison.protocol.CertificateRenewal;
import io.garrison.protocol.EnrollResponse;
import io.garrison.protocol.EnrollResponse.PolicyKey;
import io.garrison.protocol.LeaseTrust;
import io.garrison.protocol.StackCredential;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who this instance is, and whom it trusts. Written whole at joining and at each renewal.
 *
 * @param gateway address of the edge gateway, such as {@code https://garrison.example:8444}
 * @param keyPem private key, PKCS#8
 * @param certificateChain PEM, leaf first
 * @param trustAnchors PEM of the authorities that the gateway's certificate may come from
 * @param leaseTrust keys that verify leases; absent if management gave none when this instance enrolled
 * @param stackCredential certificate of the same key for the other instances of the stack, and the authority that they
 *     have theirs from; absent if management gave none with the newest certificate
 */
public record Identity(
        UUID instanceId,
        UUID tenantId,
        UUID stackId,
        URI gateway,
        String keyPem,
        String certificateChain,
        String trustAnchors,
        List<PolicyKey> policyKeys,
        int heartbeatSeconds,
        @Nullable LeaseTrust leaseTrust,
        @Nullable StackCredential stackCredential) {

    public Identity {
        policyKeys = List.copyOf(policyKeys);
        if (heartbeatSeconds < 1 || heartbeatSeconds > 3_600) {
            throw new IllegalArgumentException("heartbeat every " + heartbeatSeconds + " s");
        }
    }

    /** Of an instance that has no certificate for its stack. */
    public Identity(
            UUID instanceId,
            UUID tenantId,
            UUID stackId,
            URI gateway,
            String keyPem,
            String certificateChain,
            String trustAnchors,
            List<PolicyKey> policyKeys,
            int heartbeatSeconds,
            @Nullable LeaseTrust leaseTrust) {
        this(
                instanceId,
                tenantId,
                stackId,
                gateway,
                keyPem,
                certificateChain,
                trustAnchors,
                policyKeys,
                heartbeatSeconds,
                leaseTrust,
                null);
    }

    /** @throws IllegalArgumentException if the answer is not a usable identity for that key */
    static Identity of(URI gateway, KeyRequest key, EnrollResponse answer) {
        var identity = new Identity(
                answer.instanceId(),
                answer.tenantId(),
                answer.stackId(),
                gateway,
                key.keyPem(),
                answer.certificateChain(),
                answer.trustAnchors(),
                answer.policyKeys(),
                answer.heartbeatSeconds(),
                answer.leaseTrust(),
                answer.stackCredential());
        identity.requireUsable();
        return identity;
    }

    /** @throws IllegalArgumentException if the chain is not for that key */
    public Identity renewed(KeyRequest key, CertificateRenewal.Response answer) {
        var identity = new Identity(
                instanceId,
                tenantId,
                stackId,
                gateway,
                key.keyPem(),
                answer.certificateChain(),
                answer.trustAnchors(),
                policyKeys,
                heartbeatSeconds,
                answer.leaseTrust() == null ? leaseTrust : answer.leaseTrust(),
                answer.stackCredential());
        identity.requireUsable();
        return identity;
    }

    public Identity trusting(String anchors) {
        Pem.certificates(anchors);
        return new Identity(
                instanceId,
                tenantId,
                stackId,
                gateway,
                keyPem,
                certificateChain,
                anchors,
                policyKeys,
                heartbeatSeconds,
                leaseTrust,
                stackCredential);
    }

    public PrivateKey privateKey() {
        return Pem.ecKey(keyPem);
    }

    public List<X509Certificate> chain() {
        return Pem.certificates(certificateChain);
    }

    public List<X509Certificate> anchors() {
        return Pem.certificates(trustAnchors);
    }

    /** When the certificate was issued, by management's clock. */
    public Instant issuedAt() {
        return chain().getFirst().getNotBefore().toInstant();
    }

    /** The end of the certificate's life. */
    public Instant endsAt() {
        return chain().getFirst().getNotAfter().toInstant();
    }

    /** Two thirds of the certificate's life; from then on it is renewed. */
    public Instant renewFrom() {
        var leaf = chain().getFirst();
        var from = leaf.getNotBefore().toInstant();
        return from.plus(Duration.between(from, leaf.getNotAfter().toInstant())
                .multipliedBy(2)
                .dividedBy(3));
    }

    public Map<String, PublicKey> trustedPolicyKeys() {
        var keys = new HashMap<String, PublicKey>();
        for (var key : policyKeys) {
            try {
                keys.put(
                        key.keyId(),
                        KeyFactory.getInstance("Ed25519")
                                .generatePublic(new X509EncodedKeySpec(
                                        Base64.getDecoder().decode(key.publicKey()))));
            } catch (GeneralSecurityException e) {
                throw new IllegalArgumentException("not an Ed25519 public key: " + key.keyId(), e);
            }
        }
        return Map.copyOf(keys);
    }

    private void requireUsable() {
        anchors();
        if (stackCredential != null) {
            Pem.certificates(stackCredential.trustAnchors());
            var own = Pem.certificates(stackCredential.certificateChain()).getFirst();
            if (!own.getPublicKey().equals(chain().getFirst().getPublicKey())) {
                throw new IllegalArgumentException("the certificate for the stack is not for this instance's key");
            }
        }
        if (trustedPolicyKeys().isEmpty()) {
            throw new IllegalArgumentException("no key to verify policies with");
        }
        try {
            var challenge = new byte[] {1, 2, 3};
            var signer = java.security.Signature.getInstance("SHA256withECDSA");
            signer.initSign(privateKey());
            signer.update(challenge);
            var signature = signer.sign();
            signer.initVerify(chain().getFirst().getPublicKey());
            signer.update(challenge);
            if (!signer.verify(signature)) {
                throw new IllegalArgumentException("the certificate is not for this instance's key");
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the certificate is not for this instance's key", e);
        }
    }

    @Override
    public String toString() {
        return "Identity[instance=" + instanceId + ", tenant=" + tenantId + ", stack=" + stackId + "]";
    }
}

package io.garrison.protocol;

import java.util.Map;

/**
 * {@code POST /edge/v1/enroll}: exchanges a token for an identity.
 *
 * @param csr PKCS#10 in PEM; its subject is ignored, its key and proof of possession count
 * @param facts what the machine says of itself: {@code hostname}, {@code os}, {@code agentVersion},
 *     {@code haproxyVersion}, {@code machineSerial}; at most 32 entries of 256 characters
 */
public record EnrollRequest(String token, String csr, Map<String, String> facts) {

    public EnrollRequest {
        facts = facts == null ? Map.of() : Map.copyOf(facts);
    }

    @Override
    public String toString() {
        return "EnrollRequest[facts=" + facts + "]";
    }
}

package io.garrison.licensing.file;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The claim {@code federation}: where an installation of the customer's own reports to.
 *
 * @param url the MSSP's edge gateway: https, with a host and without path, query or user
 * @param caSha256 SHA-256, hex, of the certificate of the gateway's authority in DER
 */
public record Federation(URI url, String caSha256) {

    private static final int MAX_URL = 512;
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    /** @throws IllegalArgumentException if it is no address of a gateway or no digest */
    public Federation {
        boolean plain = url.getUserInfo() == null && url.getQuery() == null && url.getFragment() == null;
        boolean root = url.getPath() == null || url.getPath().isEmpty();
        if (!"https".equals(url.getScheme()) || url.getHost() == null || !plain || !root) {
            throw new IllegalArgumentException("the gateway's address must be https://host:port, not " + url);
        }
        if (url.toString().length() > MAX_URL) {
            throw new IllegalArgumentException("the gateway's address is longer than %d".formatted(MAX_URL));
        }
        if (!SHA256.matcher(caSha256).matches()) {
            throw new IllegalArgumentException("the authority's SHA-256 must be 64 hexadecimal digits in lower case");
        }
    }

    Map<String, Object> claims() {
        var claims = new LinkedHashMap<String, Object>();
        claims.put("url", url.toString());
        claims.put("caSha256", caSha256);
        return claims;
    }

    static Federation read(ClaimReader claims) {
        claims.allow(Set.of("url", "caSha256"));
        try {
            return new Federation(URI.create(claims.text("url", MAX_URL)), claims.text("caSha256", 64));
        } catch (IllegalArgumentException e) {
            throw StrictJson.malformed("\"federation\" is not one: " + e.getMessage());
        }
    }
}

package io.garrison.licensing.web;

import io.garrison.licensing.LicenseFileException.FileRefused;
import io.garrison.licensing.LicenseFileException.Flaw;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** A licence file as the body of a request. */
final class LicenseBody {

    private static final int MAX_BYTES = 64 * 1024;

    private LicenseBody() {}

    /**
     * Reads one byte more than a licence may have, and no further.
     *
     * @throws FileRefused if it is longer
     */
    static String read(InputStream body) throws IOException {
        var bytes = body.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
            throw new FileRefused(Flaw.TOO_LARGE, "A licence file has at most %d bytes.".formatted(MAX_BYTES));
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}

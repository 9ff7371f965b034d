package io.garrison.edge.sync;

import io.garrison.edge.state.DurableFiles;
import io.garrison.protocol.CertificateMaterial;
import io.garrison.protocol.PolicyBundle;
import io.garrison.protocol.PolicyBundle.CertificateReference;
import io.garrison.protocol.ProtocolJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Gets the certificates that a bundle names. The bundle is signed and carries their digests, so it does not matter whence
 * they come; they are kept, so that a revision can be applied again without management.
 */
final class CertificateFetcher {

    private final Path directory;
    private final CertificateSource source;

    CertificateFetcher(Path directory, CertificateSource source) {
        this.directory = directory;
        this.source = source;
    }

    /** @throws IOException if one can't be had, or is not the one that was signed */
    Map<String, CertificateMaterial> fetch(PolicyBundle bundle) throws IOException, InterruptedException {
        var found = new HashMap<String, CertificateMaterial>();
        for (var reference : bundle.certificates()) {
            found.put(reference.name(), fetch(reference));
        }
        return found;
    }

    /** Forgets what none of these bundles needs. */
    void keepOnly(Iterable<PolicyBundle> bundles) throws IOException {
        Set<String> needed = new HashSet<>();
        bundles.forEach(bundle -> bundle.certificates().forEach(reference -> needed.add(reference.sha256())));
        if (Files.isDirectory(directory)) {
            try (var files = Files.list(directory)) {
                for (var file : files.toList()) {
                    if (!needed.contains(file.getFileName().toString())) {
                        Files.delete(file);
                    }
                }
            }
        }
    }

    private CertificateMaterial fetch(CertificateReference reference) throws IOException, InterruptedException {
        if (!reference.sha256().matches("[0-9a-f]{64}")) {
            throw new IOException("not a digest for certificate " + reference.name());
        }
        var kept = directory.resolve(reference.sha256());
        if (Files.exists(kept)) {
            var pem = Files.readString(kept, StandardCharsets.UTF_8);
            if (ProtocolJson.sha256Hex(pem).equals(reference.sha256())) {
                return new CertificateMaterial(reference.name(), pem);
            }
        }
        var fetched = source.certificate(reference.name());
        if (!ProtocolJson.sha256Hex(fetched.pem()).equals(reference.sha256())) {
            throw new IOException(
                    "certificate " + reference.name() + " is not the one that the revision was signed with");
        }
        DurableFiles.ownDirectory(directory);
        DurableFiles.replace(kept, fetched.pem().getBytes(StandardCharsets.UTF_8));
        return fetched;
    }
}

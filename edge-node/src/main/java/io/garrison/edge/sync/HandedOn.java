package io.garrison.edge.sync;

import io.garrison.edge.join.Identity;
import io.garrison.edge.state.StateDirectory;
import io.garrison.protocol.BundleSigning;
import io.garrison.protocol.BundleSigning.UntrustedBundleException;
import io.garrison.protocol.CertificateMaterial;
import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.SignedBundle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this instance can hand on to a peer: files of its disk as they were signed. Every file is whole at any moment, so
 * this may be asked from any thread.
 */
public record HandedOn(StateDirectory state, Supplier<Identity> identity) {

    private static final Logger log = LoggerFactory.getLogger(HandedOn.class);

    /** The accepted revision. */
    public Optional<SignedBundle> desired() {
        return signed(state.trust().resolve(TrustStore.DESIRED));
    }

    /** This instance's own plan. */
    public Optional<SignedBundle> plan() {
        return signed(state.plan());
    }

    /** A certificate that the accepted revision names, if it is here. */
    public Optional<CertificateMaterial> certificate(String name) {
        var signed = desired();
        if (signed.isEmpty()) {
            return Optional.empty();
        }
        try {
            var bundle = BundleSigning.verify(signed.get(), identity.get().trustedPolicyKeys());
            for (var reference : bundle.certificates()) {
                if (reference.name().equals(name)) {
                    return kept(name, reference.sha256());
                }
            }
        } catch (UntrustedBundleException e) {
            log.warn("A bundle on this disk is not trusted: {}", e.getMessage());
        }
        return Optional.empty();
    }

    private Optional<CertificateMaterial> kept(String name, String sha256) {
        var file = state.certificates().resolve(sha256);
        try {
            var pem = sha256.matches("[0-9a-f]{64}") && Files.exists(file)
                    ? Files.readString(file, StandardCharsets.UTF_8)
                    : "";
            return ProtocolJson.sha256Hex(pem).equals(sha256)
                    ? Optional.of(new CertificateMaterial(name, pem))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<SignedBundle> signed(Path file) {
        try {
            return Files.exists(file)
                    ? Optional.of(ProtocolJson.read(Files.readAllBytes(file), SignedBundle.class))
                    : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            log.warn("{} is not given to peers: {}", file, e.toString());
            return Optional.empty();
        }
    }
}

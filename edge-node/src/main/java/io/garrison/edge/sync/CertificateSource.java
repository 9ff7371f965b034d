package io.garrison.edge.sync;

import io.garrison.protocol.CertificateMaterial;
import java.io.IOException;

/** Where certificates come from. What comes is compared with the digest that was signed, so any place will do. */
public interface CertificateSource {

    CertificateMaterial certificate(String name) throws IOException, InterruptedException;
}

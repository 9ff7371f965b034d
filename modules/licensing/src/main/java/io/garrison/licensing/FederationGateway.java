package io.garrison.licensing;

import io.garrison.licensing.file.Federation;
import java.net.URI;
import java.util.Optional;

/**
 * Where installations that run on files of ours shall report to. Declared here and implemented by the module that has the
 * gateway; asked whenever a sub-licence for such an installation is signed.
 */
public interface FederationGateway {

    /** Empty if files shall not name a gateway. */
    Optional<Address> address();

    /** @param caSha256 SHA-256, hex, of the certificate of the gateway's authority in DER */
    record Address(URI url, String caSha256) {

        /** @throws IllegalArgumentException if it is no address of a gateway or no digest */
        public Address {
            var checked = new Federation(url, caSha256);
            url = checked.url();
            caSha256 = checked.caSha256();
        }

        Federation claim() {
            return new Federation(url, caSha256);
        }
    }
}

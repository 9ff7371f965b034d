package io.garrison.licensing;

import io.garrison.tenancy.DeploymentMode;
import java.util.UUID;

/** Which installation this is. No secret: everybody who is signed in may know. */
public interface AboutInstallation {

    Details about();

    /**
     * @param mode that it runs in
     * @param deployment its id, for a licence that is to be bound to it
     * @param version of the software; {@code development} where it was not packaged
     */
    record Details(DeploymentMode mode, UUID deployment, String version) {}
}

package io.garrison.instances;

import io.garrison.tenancy.DeploymentMode;
import java.net.URI;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How this installation stands with the MSSP's. */
public interface FederationState {

    Details state();

    /**
     * Makes a new key, by which this installation makes itself known anew. For one that was unbound, or that was restored
     * from a copy.
     */
    Details startOver();

    /**
     * @param gateway where it reports to; absent if neither its sub-licence nor a setting says so
     * @param siteId how it is called there; absent until it is bound
     * @param lastHeard when the MSSP's installation last answered, since this one started
     * @param problem why it does not answer as it should; absent if it does
     * @param usageProblem code of why it does not take the usage; absent if it does
     */
    record Details(
            DeploymentMode mode,
            @Nullable URI gateway,
            @Nullable UUID siteId,
            @Nullable Instant lastHeard,
            @Nullable String problem,
            @Nullable String usageProblem,
            int waiting) {}
}

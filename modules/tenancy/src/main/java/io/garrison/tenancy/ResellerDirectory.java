package io.garrison.tenancy;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Which resellers there are and whose tenants are whose, for the system's own work. Checks no permission. */
public interface ResellerDirectory {

    /**
     * To whom the tenant belongs. It stays so until the running transaction ends.
     *
     * @return none for the provider's own, and where there is no such tenant
     */
    Optional<ResellerId> ofTenant(TenantId tenant);

    /** None if there is no such reseller. */
    Optional<ResellerState> state(ResellerId id);

    /**
     * Keeps it as it is until the running transaction ends, which has to be in the {@link ProviderScope}.
     *
     * @throws TenancyException.NotFound if there is no such reseller
     */
    ResellerSummary pin(ResellerId id);

    /** Those of them that there are, in any order. In the {@link ProviderScope} only. */
    List<ResellerSummary> among(Collection<ResellerId> ids);
}

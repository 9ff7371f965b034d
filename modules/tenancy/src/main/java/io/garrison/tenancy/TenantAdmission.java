package io.garrison.tenancy;

/** How the tenant that a sub-licence names comes into an installation. */
public interface TenantAdmission {

    /**
     * Finds the tenant, or makes it as the sub-licence tells. What is known of a tenant that is here already stays as it
     * is. Runs in the caller's transaction, within the {@link ProviderScope}.
     *
     * @param facts name, slug, mode, address and time zone; may be incomplete if the tenant is here already
     * @throws TenancyException.Invalid if the tenant has to be made and a fact is missing
     * @throws TenancyException.TenantHasAnotherSlug if the tenant is here under another slug
     * @throws TenancyException.WrongTenantState if the tenant is being deleted
     * @throws TenancyException.SlugTaken if another tenant has the slug
     */
    TenantSummary admit(TenantId id, TenantManagement.NewTenant facts);
}

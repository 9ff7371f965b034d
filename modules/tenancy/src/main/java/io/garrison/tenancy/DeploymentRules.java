package io.garrison.tenancy;

/**
 * What an installation may do by the mode that it runs in. A mode selects rules and nothing else: the code that they
 * guard is the same in all modes.
 *
 * @param manySubLicenses whether more than one sub-licence may be loaded; exactly one otherwise
 * @param providerLicenses whether the licence of a provider may be loaded, and sub-licences allocated from it
 * @param tenantsByHand whether people make tenants; otherwise the one tenant comes with its sub-licence, and so does its
 *     mode
 * @param embeddedStores whether PostgreSQL, Kafka and OpenSearch may run inside the installation
 * @param localAgent whether the installation brings an edge node of its own
 */
public record DeploymentRules(
        DeploymentMode mode,
        boolean manySubLicenses,
        boolean providerLicenses,
        boolean tenantsByHand,
        boolean embeddedStores,
        boolean localAgent) {

    public static DeploymentRules of(DeploymentMode mode) {
        return switch (mode) {
            case STANDALONE -> new DeploymentRules(mode, false, false, false, true, true);
            case CENTRALIZED -> new DeploymentRules(mode, false, false, false, true, false);
            case CLUSTER -> new DeploymentRules(mode, true, true, true, true, false);
            case PRIVATE_CLOUD -> new DeploymentRules(mode, true, true, true, false, false);
        };
    }

    /** Whether management, being on the machine of its one edge, keeps its configuration the same as that of a peer. */
    public boolean configurationSync() {
        return localAgent;
    }

    /**
     * Whether data that were made in one mode may be used in another. That is safe where the rules about tenants and
     * licences are the same, so that nothing that is there could not have come about.
     */
    public boolean mayTakeOver(DeploymentRules before) {
        return manySubLicenses == before.manySubLicenses
                && providerLicenses == before.providerLicenses
                && tenantsByHand == before.tenantsByHand
                && localAgent == before.localAgent
                && (mode == before.mode || manySubLicenses); // the one sub-licence is for one mode
    }

    /** @throws TenancyException.TenantComesWithLicense if people make no tenants here */
    public void requireTenantsByHand() {
        if (!tenantsByHand) {
            throw new TenancyException.TenantComesWithLicense(mode);
        }
    }

    /** @throws TenancyException.EmbeddedStoresRefused if the stores must be elsewhere */
    public void requireEmbeddedStores() {
        if (!embeddedStores) {
            throw new TenancyException.EmbeddedStoresRefused(mode);
        }
    }
}

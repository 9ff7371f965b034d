package io.garrison.tenancy;

import io.garrison.tenancy.TenancyException.ResellerSuspended;
import io.garrison.tenancy.TenancyException.TenantTied;
import io.garrison.tenancy.TenancyException.UnknownReseller;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;

/** The rules by which a tenant comes to a reseller and leaves it. */
@Component
class ResellerOfTenant {

    private final Resellers resellers;
    private final ObjectProvider<ResellerTies> ties;

    ResellerOfTenant(Resellers resellers, ObjectProvider<ResellerTies> ties) {
        this.resellers = resellers;
        this.ties = ties;
    }

    /**
     * @throws UnknownReseller if there is none such
     * @throws ResellerSuspended if it takes no tenants
     */
    void requireOpen(@Nullable ResellerId wanted) {
        if (wanted != null
                && resellers.state(wanted).orElseThrow(() -> new UnknownReseller(wanted)) == ResellerState.SUSPENDED) {
            throw new ResellerSuspended();
        }
    }

    /** @throws TenantTied if the bound tenant holds what it has only as its reseller's */
    void requireFree() {
        long tied = ties.stream().mapToLong(ResellerTies::ofTenant).sum();
        if (tied > 0) {
            throw new TenantTied(tied);
        }
    }

    /** Writes a tenant's row, whose reseller may be deleted at the same moment. */
    static void writing(@Nullable ResellerId reseller, Runnable write) {
        try {
            write.run();
        } catch (DuplicateKeyException e) {
            throw e;
        } catch (DataIntegrityViolationException e) {
            if (reseller != null) {
                throw new UnknownReseller(reseller);
            }
            throw e;
        }
    }
}

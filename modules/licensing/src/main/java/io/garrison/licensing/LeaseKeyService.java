package io.garrison.licensing;

import io.garrison.licensing.file.VendorKeys;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.Requires;
import org.springframework.stereotype.Service;

/** Works with no tenant bound: the key is the installation's. */
@Service
class LeaseKeyService implements LeaseKeyAdministration {

    private final LeaseKeys keys;

    LeaseKeyService(LeaseKeys keys) {
        this.keys = keys;
    }

    @Override
    @Requires(Permission.LICENSE_VIEW)
    public String pem() {
        return VendorKeys.pem(keys.ownPublic());
    }
}

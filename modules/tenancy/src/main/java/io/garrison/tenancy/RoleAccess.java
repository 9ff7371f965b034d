package io.garrison.tenancy;

import org.springframework.stereotype.Component;

@Component
class RoleAccess implements Access {

    @Override
    public boolean may(Permission permission) {
        return SignedIn.find()
                .map(who -> who.may(permission, CurrentTenant.find()))
                .orElse(false);
    }

    @Override
    public void require(Permission permission) {
        if (SignedIn.find().isEmpty()) {
            throw new TenancyException.NotSignedIn();
        }
        if (!may(permission)) {
            throw new TenancyException.Forbidden(permission);
        }
    }
}

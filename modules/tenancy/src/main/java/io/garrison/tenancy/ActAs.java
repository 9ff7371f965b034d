package io.garrison.tenancy;

import org.jspecify.annotations.Nullable;

/** Entering the bound tenant on its behalf, in full view of its own audit trail. */
public interface ActAs {

    /**
     * @param reason told to the tenant
     * @param ticket under which it was agreed
     * @param minutes 1 to 480
     * @return a bearer token that reaches this tenant only, with the rights of its administrator
     */
    SignIn.IssuedToken begin(@Nullable String reason, @Nullable String ticket, @Nullable Integer minutes);
}

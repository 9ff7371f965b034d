package io.garrison.platform;

import java.io.Serializable;
import java.util.UUID;
import org.springframework.security.core.AuthenticatedPrincipal;

/** Who is signed in at the console. Holds no role: roles are read anew with each request. */
record ConsolePerson(UUID account, String email) implements AuthenticatedPrincipal, Serializable {

    @Override
    public String getName() {
        return email;
    }
}

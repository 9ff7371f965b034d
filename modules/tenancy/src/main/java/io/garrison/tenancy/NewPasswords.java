package io.garrison.tenancy;

import java.time.Instant;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Sets the first password of an account, and never any other. */
@Component
class NewPasswords {

    private final Accounts accounts;
    private final Passwords passwords;
    private final House house;
    private final Expiry expiry;

    NewPasswords(Accounts accounts, Passwords passwords, House house, Expiry expiry) {
        this.accounts = accounts;
        this.passwords = passwords;
        this.house = house;
        this.expiry = expiry;
    }

    Instant now() {
        return expiry.now();
    }

    /**
     * @return false if the account has a password already
     * @throws TenancyException.Invalid if it has none and this one is not acceptable
     */
    boolean setIfNone(UUID account, String email, String password) {
        if (house.read(() -> accounts.hasPassword(account))) {
            return false;
        }
        new Fields().password("password", password, email).refuse();
        var hash = passwords.hash(password);
        return house.write(() -> accounts.setFirstPassword(account, hash));
    }
}

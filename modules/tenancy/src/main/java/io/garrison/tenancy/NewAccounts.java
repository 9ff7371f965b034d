package io.garrison.tenancy;

import java.time.Instant;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Accounts that begin with a password. */
@Component
class NewAccounts {

    private final Accounts accounts;
    private final Passwords passwords;
    private final Expiry expiry;

    NewAccounts(Accounts accounts, Passwords passwords, Expiry expiry) {
        this.accounts = accounts;
        this.passwords = passwords;
        this.expiry = expiry;
    }

    record Checked(String email, String hash) {

        @Override
        public String toString() {
            return email;
        }
    }

    Instant now() {
        return expiry.now();
    }

    /** Slow, so outside of any transaction. */
    Checked check(String email, String password) {
        var address = Fields.normalEmail(email);
        new Fields()
                .email("email", address)
                .password("password", password, address)
                .refuse();
        return new Checked(address, passwords.hash(password));
    }

    /** In the caller's transaction, of the provider's role. */
    UUID create(Checked checked) {
        return accounts.create(checked.email(), checked.hash());
    }
}

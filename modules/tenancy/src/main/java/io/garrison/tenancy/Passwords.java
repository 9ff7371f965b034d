package io.garrison.tenancy;

import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.stereotype.Component;

/** Argon2id with 16 MiB and two passes. Few at a time, so that a flood of tries cannot eat the memory. */
@Component
class Passwords {
    private static final int AT_ONCE = 4;

    private final Argon2PasswordEncoder argon2 = new Argon2PasswordEncoder(16, 32, 1, 16 * 1024, 2);
    private final Semaphore slots = new Semaphore(AT_ONCE);

    /** Stands in where there is no account, so that the answer takes as long as with one. */
    private final String nobody = argon2.encode(Secrets.random(""));

    String hash(String password) {
        slots.acquireUninterruptibly();
        try {
            return argon2.encode(password);
        } finally {
            slots.release();
        }
    }

    /** @param hash none if there is no account or it has no password yet; never matches, and takes as long */
    boolean matches(String password, @Nullable String hash) {
        slots.acquireUninterruptibly();
        try {
            return argon2.matches(password, hash == null ? nobody : hash) && hash != null;
        } finally {
            slots.release();
        }
    }
}

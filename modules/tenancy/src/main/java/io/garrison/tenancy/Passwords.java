package io.garrison.tenancy;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.stereotype.Component;

/** Argon2id with 16 MiB and two passes. Few at a time, so that a flood of tries cannot eat the memory. */
@Component
class Passwords {
    private static final int AT_ONCE = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Argon2PasswordEncoder argon2 = new Argon2PasswordEncoder(16, 32, 1, 16 * 1024, 2);
    private final Semaphore slots = new Semaphore(AT_ONCE, true);

    /** Stands in where there is no account, so that the answer takes as long as with one. */
    private final String nobody = argon2.encode(Secrets.random(""));

    /** @throws TenancyException.TooBusy if others have hashed for {@link #PATIENCE} */
    String hash(String password) {
        return inSlot(() -> argon2.encode(password));
    }

    /**
     * @param hash none if there is no account or it has no password yet; never matches, and takes as long
     * @throws TenancyException.TooBusy if others have hashed for {@link #PATIENCE}
     */
    boolean matches(String password, @Nullable String hash) {
        return inSlot(() -> argon2.matches(password, hash == null ? nobody : hash)) && hash != null;
    }

    /** Who waits gives up in the end, so that a flood does not leave a line behind it that nobody gets through. */
    private <T> T inSlot(Supplier<T> work) {
        try {
            if (!slots.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new TenancyException.TooBusy();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TenancyException.TooBusy();
        }
        try {
            return work.get();
        } finally {
            slots.release();
        }
    }
}

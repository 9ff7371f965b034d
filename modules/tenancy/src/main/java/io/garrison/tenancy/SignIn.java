package io.garrison.tenancy;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Credentials to persons. Wrong, unknown and locked are never told apart, in the answer or in its time. */
public interface SignIn {

    /**
     * Checks a password. After five wrong ones the account is locked for 15 minutes.
     *
     * @return the account
     * @throws TenancyException.WrongCredentials if it is wrong, unknown or locked
     */
    UUID verify(String email, String password);

    /** {@link #verify} and a bearer token for it. */
    IssuedToken issue(String email, String password);

    /** Who a bearer token or an API key stands for, with the roles of this moment; none if it is not valid any more. */
    Optional<SignedIn> byCredential(String credential);

    /** Who an account is, with the roles of this moment; none if it has none. */
    Optional<SignedIn> byAccount(UUID account);

    /** Makes a bearer token worthless; harmless if it is already. */
    void revoke(String token);

    /** @param token opaque; in force until {@code expiresAt} or until it is revoked */
    record IssuedToken(String token, Instant expiresAt) {}
}

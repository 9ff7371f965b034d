package io.garrison.tenancy;

import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Service;

@Service
class SignInService implements SignIn {

    private final Accounts accounts;
    private final Passwords passwords;
    private final Identities identities;
    private final Tokens tokens;
    private final House house;

    SignInService(Accounts accounts, Passwords passwords, Identities identities, Tokens tokens, House house) {
        this.accounts = accounts;
        this.passwords = passwords;
        this.identities = identities;
        this.tokens = tokens;
        this.house = house;
    }

    @Override
    public UUID verify(String email, String password) {
        var address = Fields.normalEmail(email);
        // Counted and committed before the slow hash, which must not hold a connection either.
        var attempt = house.write(() -> accounts.beginAttempt(address, tokens.settings()));
        var matches = passwords.matches(
                password, attempt.map(Accounts.Attempt::passwordHash).orElse(null));
        var account = attempt.map(Accounts.Attempt::account).orElse(null);
        if (account == null || !matches) {
            throw new TenancyException.WrongCredentials();
        }
        house.write(() -> accounts.attemptSucceeded(account));
        return account;
    }

    @Override
    public IssuedToken issue(String email, String password) {
        var account = verify(email, password);
        return house.write(() -> {
            if (identities.byAccount(account).isEmpty()) {
                throw new TenancyException.WrongCredentials();
            }
            return tokens.issue(account);
        });
    }

    @Override
    public Optional<SignedIn> byCredential(String credential) {
        var hash = Secrets.hash(credential);
        return house.read(() -> credential.startsWith(ApiKeyService.PREFIX)
                ? identities.byApiKey(hash, tokens.now())
                : identities.byToken(hash, tokens.now()));
    }

    @Override
    public Optional<SignedIn> byAccount(UUID account) {
        return house.read(() -> identities.byAccount(account));
    }

    @Override
    public void revoke(String token) {
        house.write(() -> tokens.revoke(Secrets.hash(token)));
    }
}

package io.garrison.tenancy;

import java.util.ArrayList;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Service;

@Service
class SignInService implements SignIn {

    private final Accounts accounts;
    private final Members members;
    private final Passwords passwords;
    private final Identities identities;
    private final Tokens tokens;
    private final House house;

    SignInService(
            Accounts accounts,
            Members members,
            Passwords passwords,
            Identities identities,
            Tokens tokens,
            House house) {
        this.accounts = accounts;
        this.members = members;
        this.passwords = passwords;
        this.identities = identities;
        this.tokens = tokens;
        this.house = house;
    }

    @Override
    public UUID verify(String email, String password) {
        var address = Fields.normalEmail(email);
        // Counted and committed before the slow hash, which must not hold a connection either.
        var attempts = house.write(() -> accounts.beginAttempts(address, tokens.settings()));
        var matching = new ArrayList<UUID>();
        var others = new ArrayList<UUID>();
        for (var attempt : attempts) {
            (passwords.matches(password, attempt.passwordHash()) ? matching : others).add(attempt.account());
        }
        if (matching.isEmpty()) {
            if (attempts.isEmpty()) {
                passwords.matches(password, null); // takes as long as with an account
            }
            throw new TenancyException.WrongCredentials();
        }
        house.write(() -> {
            accounts.attemptSucceeded(matching, others, tokens.settings());
            members.unite(matching);
            accounts.forgetUnused(address);
        });
        return matching.getFirst();
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

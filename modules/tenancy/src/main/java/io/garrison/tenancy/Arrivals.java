package io.garrison.tenancy;

import java.time.Instant;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * People who come by a one-time link. Whoever made the link may have kept it, so it opens nothing but the house that it is
 * of: the password goes to a new account, and what else there is under the address stays as it is.
 */
@Component
class Arrivals {

    private final NewAccounts newAccounts;
    private final House house;

    Arrivals(NewAccounts newAccounts, House house) {
        this.newAccounts = newAccounts;
        this.house = house;
    }

    Instant now() {
        return newAccounts.now();
    }

    /**
     * @param enter gets the new account, in the link's house and in a transaction
     * @throws TenancyException.Invalid if the password is not acceptable; nothing is spent
     */
    void arrive(Members.Link link, String password, Consumer<UUID> enter) {
        var checked = newAccounts.check(link.email(), password);
        // Only the provider's role may write what proves who somebody is. If entering fails, nobody can use it.
        var account = house.write(() -> newAccounts.create(checked));
        var who = new Actor(Actor.Kind.ACCOUNT, account.toString(), link.email(), origin(), null);
        Actor.callAs(
                who,
                () -> House.in(link.house(), () -> {
                    house.write(() -> enter.accept(account));
                    return true;
                }));
    }

    private static @Nullable String origin() {
        return Actor.find().map(Actor::origin).orElse(null);
    }
}

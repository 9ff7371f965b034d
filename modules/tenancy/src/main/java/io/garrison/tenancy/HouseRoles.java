package io.garrison.tenancy;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which roles there are in the bound house, and which of them the caller can hand out. */
final class HouseRoles {

    private HouseRoles() {}

    static Role administrator() {
        return isProvider() ? Role.PLATFORM_ADMIN : Role.TENANT_ADMIN;
    }

    static void check(Fields fields, @Nullable Role role) {
        if (role == null || role.isProvider() != isProvider()) {
            var names = Arrays.stream(Role.values())
                    .filter(candidate -> candidate.isProvider() == isProvider())
                    .map(Role::name)
                    .collect(Collectors.joining(", "));
            fields.add("role", "role", "must be one of " + names);
        }
    }

    /** @throws TenancyException.RoleBeyondYours if the role includes what the caller may not do here */
    static void refuseBeyondCaller(Role role) {
        var who = SignedIn.find().orElseThrow(TenancyException.NotSignedIn::new);
        if (!role.permissions().stream().allMatch(permission -> who.may(permission, CurrentTenant.find()))) {
            throw new TenancyException.RoleBeyondYours(role);
        }
    }

    private static boolean isProvider() {
        return CurrentTenant.find().isEmpty();
    }
}

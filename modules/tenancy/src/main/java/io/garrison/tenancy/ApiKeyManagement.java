package io.garrison.tenancy;

import io.garrison.tenancy.http.Page;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Credentials of programs in the bound tenant, or, with none bound, of the provider's programs. */
public interface ApiKeyManagement {

    /** @param after id of the last one that was seen */
    Page<ApiKey> list(@Nullable UUID after, int limit);

    ApiKey get(UUID id);

    /**
     * @param days life, 1 to 366
     * @throws TenancyException.RoleBeyondYours if the role includes what the caller may not do
     */
    NewApiKey create(@Nullable String name, @Nullable Role role, @Nullable Integer days);

    /** The key is refused from now on. */
    void revoke(UUID id, long seen);

    record ApiKey(UUID id, String name, Role role, Instant expiresAt, Instant createdAt, long version) {}

    /** @param key begins with {@code grk_}; told once and never again */
    record NewApiKey(ApiKey apiKey, String key) {}
}

package io.garrison.tenancy;

import io.garrison.tenancy.http.EntityTag;
import io.garrison.tenancy.http.Page;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

@Service
class ApiKeyService implements ApiKeyManagement {
    static final String PREFIX = "grk_";
    private static final String COLUMNS = "id, name, role, expires_at, created_at, version";
    private static final int MAX_DAYS = 366;

    private final JdbcClient jdbc;
    private final House house;
    private final AuditTrail audit;
    private final Expiry expiry;

    ApiKeyService(JdbcClient jdbc, House house, AuditTrail audit, Expiry expiry) {
        this.jdbc = jdbc;
        this.house = house;
        this.audit = audit;
        this.expiry = expiry;
    }

    @Override
    @Requires(Permission.API_KEY_MANAGE)
    public Page<ApiKey> list(@Nullable UUID after, int limit) {
        var rows = house.read(() -> jdbc.sql("select " + COLUMNS
                        + " from tenancy.api_key where tenant_id = ? and id > ? order by id limit ?")
                .params(House.id(), after == null ? House.PROVIDER : after, limit + 1)
                .query(ApiKeyService::apiKey)
                .list());
        return Page.of(rows, limit, key -> key.id().toString());
    }

    @Override
    @Requires(Permission.API_KEY_MANAGE)
    public ApiKey get(UUID id) {
        return house.read(() -> find(id)).orElseThrow(TenancyException.NotFound::new);
    }

    @Override
    @Requires(Permission.API_KEY_MANAGE)
    public NewApiKey create(@Nullable String name, @Nullable Role role, @Nullable Integer days) {
        var fields = new Fields().text("name", name, Fields.MAX_NAME).range("days", days, 1, MAX_DAYS);
        HouseRoles.check(fields, role);
        fields.refuse();
        if (name == null || role == null || days == null) {
            throw new IllegalStateException("a field passed its check without a value");
        }
        HouseRoles.refuseBeyondCaller(role);
        var key = Secrets.random(PREFIX);
        var now = expiry.now();
        var apiKey = new ApiKey(UUID.randomUUID(), name.strip(), role, now.plus(Duration.ofDays(days)), now, 1);
        return house.write(() -> {
            jdbc.sql("""
                            insert into tenancy.api_key
                                (tenant_id, id, name, role, key_hash, expires_at, created_at)
                            values (?, ?, ?, ?, ?, ?, ?)""")
                    .params(
                            House.id(),
                            apiKey.id(),
                            apiKey.name(),
                            role.name(),
                            Secrets.hash(key),
                            Accounts.at(apiKey.expiresAt()),
                            Accounts.at(now))
                    .update();
            audit.record(
                    "api-key.created",
                    "api-key",
                    apiKey.id().toString(),
                    Map.of("name", apiKey.name(), "role", role, "expiresAt", apiKey.expiresAt()));
            return new NewApiKey(apiKey, key);
        });
    }

    @Override
    @Requires(Permission.API_KEY_MANAGE)
    public void revoke(UUID id, long seen) {
        house.write(() -> {
            var apiKey = find(id).orElseThrow(TenancyException.NotFound::new);
            EntityTag.check(seen, apiKey.version());
            jdbc.sql("delete from tenancy.api_key where tenant_id = ? and id = ?")
                    .params(House.id(), id)
                    .update();
            audit.record("api-key.revoked", "api-key", id.toString(), Map.of("name", apiKey.name()));
        });
    }

    private Optional<ApiKey> find(UUID id) {
        return jdbc.sql("select " + COLUMNS + " from tenancy.api_key where tenant_id = ? and id = ?")
                .params(House.id(), id)
                .query(ApiKeyService::apiKey)
                .optional();
    }

    private static ApiKey apiKey(ResultSet row, int n) throws SQLException {
        return new ApiKey(
                row.getObject("id", UUID.class),
                row.getString("name"),
                Role.valueOf(row.getString("role")),
                row.getTimestamp("expires_at").toInstant(),
                row.getTimestamp("created_at").toInstant(),
                row.getLong("version"));
    }
}

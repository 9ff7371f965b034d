package io.garrison.platform;

import io.garrison.tenancy.TenantId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The tenant that a path names.
 *
 * @param id absent if what stands there can't be a tenant's id
 */
record TenantPath(@Nullable TenantId id) {

    private static final Pattern UNDER_TENANT = Pattern.compile("/api/v1/tenants/([^/]*)(?:/.*)?");
    private static final Pattern CANONICAL =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private static final String NIL = new UUID(0, 0).toString();

    /** @return empty if the path is not below a tenant */
    static Optional<TenantPath> of(HttpServletRequest request) {
        // Decoded and normalised by the container, as the dispatcher will see it.
        var path = request.getServletPath() + (request.getPathInfo() == null ? "" : request.getPathInfo());
        var match = UNDER_TENANT.matcher(path);
        if (!match.matches()) {
            return Optional.empty();
        }
        return Optional.of(new TenantPath(id(match.group(1))));
    }

    private static @Nullable TenantId id(String name) {
        // The nil UUID stands for the provider and is nobody's id.
        return CANONICAL.matcher(name).matches() && !name.equals(NIL) ? new TenantId(UUID.fromString(name)) : null;
    }
}

package io.garrison.instances;

import io.garrison.instances.ConfigurationSync.Scope;
import io.garrison.instances.ConfigurationSync.Settings;
import io.garrison.instances.ConfigurationSync.Wish;
import io.garrison.tenancy.Refusal.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What may be set for configuration sync. */
final class SyncWishes {

    /** A host name (RFC 1123), or an address; whether it exists shows when it is dialled. */
    private static final Pattern HOST = Pattern.compile(
            "(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*"
                    + "|(?=.{2,45}$)[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    private static final Pattern KEY = Pattern.compile(
            "[\\x21-\\x7E]{%d,%d}".formatted(ConfigurationSync.MIN_KEY_LENGTH, ConfigurationSync.MAX_KEY_LENGTH));

    private SyncWishes() {}

    /** To keep all as it is. */
    static Wish of(Settings settings) {
        return new Wish(
                settings.enabled(),
                settings.acceptRemote(),
                settings.peerHost(),
                settings.peerPort(),
                settings.listenPort(),
                null,
                settings.timeoutSeconds(),
                settings.scope());
    }

    static List<FieldError> errors(Wish wish, boolean keySet) {
        var errors = new ArrayList<FieldError>();
        if (!(wish.peerHost().isEmpty() && !wish.enabled())
                && !HOST.matcher(wish.peerHost()).matches()) {
            errors.add(new FieldError("/peerHost", "sync.peer-host", "must be a host name or an address"));
        }
        port("/peerPort", wish.peerPort(), errors);
        port("/listenPort", wish.listenPort(), errors);
        var key = wish.authKey();
        if (key != null && !KEY.matcher(key).matches()) {
            errors.add(new FieldError(
                    "/authKey",
                    "sync.auth-key",
                    "must be %d to %d printable characters without blanks"
                            .formatted(ConfigurationSync.MIN_KEY_LENGTH, ConfigurationSync.MAX_KEY_LENGTH)));
        } else if (key == null && !keySet && wish.enabled()) {
            errors.add(new FieldError(
                    "/authKey", "sync.auth-key", "must be set before it is switched on; both machines have the same"));
        }
        if (wish.timeoutSeconds() < 1 || wish.timeoutSeconds() > ConfigurationSync.MAX_TIMEOUT_SECONDS) {
            errors.add(new FieldError(
                    "/timeoutSeconds",
                    "sync.timeout",
                    "must be 1 to %d seconds".formatted(ConfigurationSync.MAX_TIMEOUT_SECONDS)));
        }
        if (!wish.scope().contains(Scope.POLICY)) {
            errors.add(new FieldError(
                    "/scope", "sync.scope", "must hold POLICY: certificates go with the policy that names them"));
        }
        return errors;
    }

    private static void port(String field, int port, List<FieldError> errors) {
        if (port < 1 || port > 65_535) {
            errors.add(new FieldError(field, "sync.port", "must be 1 to 65535"));
        }
    }
}

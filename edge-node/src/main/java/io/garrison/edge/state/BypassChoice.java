package io.garrison.edge.state;

import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How traffic passes when HAProxy is to be bypassed.
 *
 * @param command the vendor's tool of {@link Driver#EXEC}; an absolute path
 */
public record BypassChoice(Driver driver, @Nullable Path command) {

    public static final BypassChoice DEFAULT = new BypassChoice(Driver.NFT, null);

    static final String DRIVER_KEY = "bypass.driver";
    static final String COMMAND_KEY = "bypass.command";

    public enum Driver {
        /** It does not. */
        NONE,
        /** The kernel sends clients straight to the members of the pools. */
        NFT,
        /** HAProxy passes connections on and does nothing else. */
        HAPROXY_TCP,
        /** A vendor's tool switches a bypass card. */
        EXEC;

        /** As it is written in {@code edge.properties}. */
        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    BypassChoice withDriver(String name) {
        for (var one : Driver.values()) {
            if (one.word().equals(name.toLowerCase(Locale.ROOT))) {
                return new BypassChoice(one, command);
            }
        }
        throw new EdgeConfig.InvalidSetting(DRIVER_KEY, "must be none, nft, haproxy-tcp or exec, not " + name);
    }

    BypassChoice withCommand(Path path) {
        return new BypassChoice(driver, path);
    }

    BypassChoice complete() {
        if (driver == Driver.EXEC && command == null) {
            throw new EdgeConfig.InvalidSetting(COMMAND_KEY, "must name the tool that bypass.driver=exec runs");
        }
        return this;
    }
}

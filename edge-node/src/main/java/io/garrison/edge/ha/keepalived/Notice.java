package io.garrison.edge.ha.keepalived;

import io.garrison.protocol.InstancePlan;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One line of keepalived's notifications.
 *
 * @param router its name in the plan
 */
public record Notice(String router, Kind kind) {

    private static final Pattern LINE =
            Pattern.compile("INSTANCE \"(vi_[0-9a-f]{12})\" (MASTER|BACKUP|FAULT|STOP|MASTER_RX_LOWER_PRI) \\d{1,3}");

    public enum Kind {
        MASTER,
        BACKUP,
        FAULT,
        STOPPED,
        /** The holder hears somebody of less priority who holds as well. */
        OTHER_HOLDER
    }

    /** Empty for what nobody needs to know, and for routers that are not of the plan. */
    static Optional<Notice> parse(String line, InstancePlan plan) {
        var found = LINE.matcher(line);
        if (!found.matches()) {
            return Optional.empty();
        }
        var kind = switch (found.group(2)) {
            case "STOP" -> Kind.STOPPED;
            case "MASTER_RX_LOWER_PRI" -> Kind.OTHER_HOLDER;
            default -> Kind.valueOf(found.group(2));
        };
        return plan.routers().stream()
                .filter(router -> Words.router(router.name()).word().equals(found.group(1)))
                .findFirst()
                .map(router -> new Notice(router.name(), kind));
    }
}

package io.garrison.edge.cluster;

import io.garrison.edge.sync.RevisionTag;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What this instance answers when a peer asks.
 *
 * @param address where peers reach it
 */
record Answers(DesiredState desired, Elector elector, Supplier<@Nullable String> address) {

    Map<Byte, Function<Said.Asked, Object>> byTopic() {
        return Map.of(
                Said.STATUS, asked -> status(),
                Said.RULES, this::rules,
                Said.CONFIG, asked -> new Said.Config(desired.plan().orElse(null)),
                Said.CERTIFICATE,
                        asked -> new Said.Certificate(
                                desired.certificate(asked.about()).orElse(null)));
    }

    private Said.Status status() {
        var standing = elector.standing();
        return new Said.Status(
                address.get(),
                standing.role().name(),
                standing.term(),
                desired.servingRevision(),
                desired.servingIncarnation(),
                desired.managementSilent());
    }

    /** Nothing to whoever has a later revision: it would refuse an earlier one, and report that as an attack. */
    private Said.Rules rules(Said.Asked asked) {
        var own = desired.etag();
        boolean nothingNew = asked.about().equals(own) || isBefore(own, asked.about());
        return new Said.Rules(nothingNew ? null : desired.desired().orElse(null));
    }

    private static boolean isBefore(String own, String theirs) {
        var later = RevisionTag.of(theirs);
        return later.isPresent()
                && RevisionTag.of(own).filter(tag -> tag.isBefore(later.get())).isPresent();
    }
}

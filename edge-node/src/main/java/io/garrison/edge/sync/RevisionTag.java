package io.garrison.edge.sync;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Which revision is meant, in the form of an entity tag (RFC 9110, section 8.8.3). */
public record RevisionTag(UUID incarnation, long revision) {

    private static final Pattern FORM =
            Pattern.compile("\"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/(\\d{1,18})\"");

    /** @return nothing if it is none, such as that of who has no revision */
    public static Optional<RevisionTag> of(String text) {
        var found = FORM.matcher(text);
        return found.matches()
                ? Optional.of(new RevisionTag(UUID.fromString(found.group(1)), Long.parseLong(found.group(2))))
                : Optional.empty();
    }

    public String text() {
        return "\"" + incarnation + "/" + revision + "\"";
    }

    /** Whether it is an earlier one of the same incarnation; of two incarnations nothing can be said. */
    public boolean isBefore(RevisionTag other) {
        return incarnation.equals(other.incarnation) && revision < other.revision;
    }
}

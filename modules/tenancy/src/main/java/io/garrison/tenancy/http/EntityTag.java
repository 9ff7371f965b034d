package io.garrison.tenancy.http;

import io.garrison.tenancy.Refusal;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The version of a mutable resource as a strong entity tag (RFC 9110, section 8.8.3), and the check of {@code If-Match}. */
public final class EntityTag {

    /** As {@link #of} writes it: another way to write the same number is another tag. */
    private static final Pattern TAG = Pattern.compile("\"(0|[1-9][0-9]{0,17})\"");

    private EntityTag() {}

    public static String of(long version) {
        return "\"" + version + "\"";
    }

    /**
     * The version that the caller last saw.
     *
     * @param ifMatch value of the header
     * @return the version, or -1 for {@code *}, which matches any
     * @throws Refusal with 428 if the header is missing, 412 if it is not a tag that we give
     */
    public static long require(@Nullable String ifMatch) {
        if (ifMatch == null || ifMatch.isBlank()) {
            throw new PreconditionRequired();
        }
        var tag = ifMatch.strip();
        if (tag.equals("*")) {
            return -1;
        }
        var given = TAG.matcher(tag);
        if (!given.matches()) {
            throw new Stale(); // a weak tag, or one of somebody else's making, never matches
        }
        return Long.parseLong(given.group(1));
    }

    /** @throws Refusal with 412 unless {@code seen}, as {@link #require} gave it, is the current version */
    public static void check(long seen, long current) {
        if (seen != -1 && seen != current) {
            throw new Stale();
        }
    }

    public static final class PreconditionRequired extends Refusal {
        private static final long serialVersionUID = 1L;

        PreconditionRequired() {
            super(
                    Kind.PRECONDITION_REQUIRED,
                    "precondition-required",
                    "Send the ETag of the version that you change in If-Match.");
        }
    }

    public static final class Stale extends Refusal {
        private static final long serialVersionUID = 1L;

        public Stale() {
            super(
                    Kind.STALE,
                    "stale",
                    "This was changed since you read it. Read it again, and apply your change to what it is now.");
        }
    }
}

package io.garrison.tenancy;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks the fields of a request and refuses with all that is wrong at once. Null stands for "not sent". */
final class Fields {

    static final int MAX_NAME = 200;
    static final int MAX_EMAIL = 254; // RFC 5321, section 4.5.3.1.3, less the angle brackets
    static final int MIN_PASSWORD = 12;
    static final int MAX_PASSWORD = 256;

    private static final Pattern SLUG = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern EMAIL =
            Pattern.compile("[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?");

    private final List<Refusal.FieldError> errors = new ArrayList<>();

    Fields text(String field, @Nullable String value, int maxLength) {
        if (value == null || value.isBlank()) {
            return add(field, "required", "must not be blank");
        }
        if (value.length() > maxLength) {
            return add(field, "too-long", "must have at most %d characters".formatted(maxLength));
        }
        if (value.codePoints().anyMatch(Fields::isUnprintable)) {
            return add(field, "control-character", "must have no control characters");
        }
        return this;
    }

    Fields slug(String field, @Nullable String value) {
        return value != null && SLUG.matcher(value).matches()
                ? this
                : add(field, "pattern", "must be 1 to 63 of a-z, 0-9 and -, not beginning or ending with -");
    }

    Fields email(String field, @Nullable String value) {
        return value != null
                        && value.length() <= MAX_EMAIL
                        && EMAIL.matcher(value).matches()
                ? this
                : add(field, "email", "must be an e-mail address");
    }

    Fields timeZone(String field, @Nullable String value) {
        return value != null && ZoneId.getAvailableZoneIds().contains(value)
                ? this
                : add(field, "time-zone", "must be an IANA time zone such as Europe/Berlin");
    }

    Fields present(String field, @Nullable Object value) {
        return value != null ? this : add(field, "required", "must be given");
    }

    Fields range(String field, @Nullable Integer value, int min, int max) {
        return value != null && value >= min && value <= max
                ? this
                : add(field, "range", "must be from %d to %d".formatted(min, max));
    }

    Fields password(String field, @Nullable String value, String email) {
        if (value == null || value.codePointCount(0, value.length()) < MIN_PASSWORD) {
            return add(field, "too-short", "must have at least %d characters".formatted(MIN_PASSWORD));
        }
        if (value.length() > MAX_PASSWORD) {
            return add(field, "too-long", "must have at most %d characters".formatted(MAX_PASSWORD));
        }
        return value.strip().toLowerCase(Locale.ROOT).equals(email)
                ? add(field, "guessable", "must not be the e-mail address")
                : this;
    }

    Fields add(String field, String code, String message) {
        errors.add(new Refusal.FieldError(field, code, message));
        return this;
    }

    /** @throws TenancyException.Invalid if anything was wrong */
    void refuse() {
        if (!errors.isEmpty()) {
            throw new TenancyException.Invalid(errors);
        }
    }

    static String normalEmail(String email) {
        return email.strip().toLowerCase(Locale.ROOT);
    }

    private static boolean isUnprintable(int codePoint) {
        var type = Character.getType(codePoint);
        return type == Character.CONTROL
                || type == Character.SURROGATE
                || type == Character.FORMAT
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }
}

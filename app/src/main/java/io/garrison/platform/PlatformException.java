package io.garrison.platform;

import io.garrison.tenancy.Refusal;

/** The ways in which a request is refused before any module sees it. */
abstract sealed class PlatformException extends Refusal {
    private static final long serialVersionUID = 1L;

    private PlatformException(Kind kind, String code, String message) {
        super(kind, code, message);
    }

    static final class TooManyAttempts extends PlatformException {
        private static final long serialVersionUID = 1L;
        final long retryAfterSeconds;

        TooManyAttempts(long retryAfterSeconds) {
            super(
                    Kind.TOO_MANY,
                    "too-many-attempts",
                    "Too many attempts. Try again in %d seconds.".formatted(retryAfterSeconds));
            this.retryAfterSeconds = retryAfterSeconds;
        }
    }

    static final class KeyReused extends PlatformException {
        private static final long serialVersionUID = 1L;

        KeyReused() {
            super(
                    Kind.RULE_BROKEN,
                    "idempotency.key-reused",
                    "This Idempotency-Key was used for another request. Use a new one for each request.");
        }
    }

    static final class KeyMalformed extends PlatformException {
        private static final long serialVersionUID = 1L;

        KeyMalformed() {
            super(
                    Kind.MALFORMED,
                    "idempotency.key-malformed",
                    "An Idempotency-Key has 1 to 200 printable ASCII characters.");
        }
    }

    static final class StillRunning extends PlatformException {
        private static final long serialVersionUID = 1L;

        StillRunning() {
            super(
                    Kind.CONFLICT,
                    "idempotency.in-progress",
                    "The first request with this Idempotency-Key is still being worked on. Try again shortly.");
        }
    }
}

package io.garrison.licensing;

import io.garrison.tenancy.Refusal;

/** The ways in which licensing can refuse. */
public abstract sealed class LicenseException extends Refusal {
    private static final long serialVersionUID = 1L;

    private LicenseException(Kind kind, String code, String message) {
        super(kind, code, message);
    }

    public static final class NoSeatLeft extends LicenseException {
        private static final long serialVersionUID = 1L;

        public NoSeatLeft(long limit) {
            super(
                    Kind.CONFLICT,
                    "license.no-seat-left",
                    "All %d seats of the sub-licence are taken. Decommission an instance or resize the sub-licence."
                            .formatted(limit));
        }
    }
}

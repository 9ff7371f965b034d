package io.garrison.licensing.ui;

import io.garrison.licensing.SubLicenseState;
import io.garrison.licensing.SubLicenseSummary;
import org.jspecify.annotations.Nullable;

/** What the provider can do with a sub-licence, and when not. */
enum Operation {
    RESIZE("Resize"),
    RENEW("Renew"),
    TRANSFER("Transfer"),
    SUSPEND("Suspend"),
    RESUME("Resume"),
    REVOKE("Revoke");

    private final String verb;

    Operation(String verb) {
        this.verb = verb;
    }

    String verb() {
        return verb;
    }

    /** Why nothing at all can be done with it here; null if something can. */
    static @Nullable String obstacle(SubLicenseSummary one, boolean issuedHere) {
        if (!issuedHere) {
            return "Issued elsewhere and loaded here as a file. Have it changed where it was issued, then load the newer"
                    + " file here.";
        }
        return one.revokedAt() == null
                ? null
                : "Revoked for good on %s. What its tenant needs is allocated anew."
                        .formatted(LicenseWords.moment(one.revokedAt()));
    }

    /** Whether it makes sense to offer it. */
    boolean isOffered(SubLicenseSummary one) {
        return switch (this) {
            case RESIZE, RENEW, TRANSFER, REVOKE -> true;
            case SUSPEND -> one.suspendedAt() == null;
            case RESUME -> one.suspendedAt() != null;
        };
    }

    /** Why it is not possible now, though it is offered; null if it is possible. */
    @Nullable
    String why(SubLicenseSummary one) {
        SubLicenseState state = one.state();
        return this == TRANSFER && !state.isInForce()
                ? "only between sub-licences in force; this one is "
                        + io.garrison.tenancy.ui.StateBadge.words(state).toLowerCase(java.util.Locale.ROOT)
                : null;
    }
}

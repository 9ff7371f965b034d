package io.garrison.instances;

import io.garrison.tenancy.Refusal;

/** The ways in which a site, an installation of a customer's own, is refused by its provider's, and the other way round. */
public abstract sealed class SiteException extends Refusal {
    private static final long serialVersionUID = 1L;

    private SiteException(Kind kind, String code, String message) {
        super(kind, code, message);
    }

    /** This installation runs on no sub-licence that somebody else issued, so it has nobody to report to. */
    public static final class NoSite extends SiteException {
        private static final long serialVersionUID = 1L;

        public NoSite() {
            super(
                    Kind.CONFLICT,
                    "site.none",
                    "This installation runs on no sub-licence of a provider's. Load one, or look at the sites instead.");
        }
    }

    /** An installation of a customer's own is not bound to the sub-licence that it shows. */
    public static final class SiteRefused extends SiteException {
        private static final long serialVersionUID = 1L;

        private SiteRefused(Kind kind, String code, String message) {
            super(kind, code, message);
        }

        /** One answer for every file that we did not issue, or whose sub-licence is gone. */
        public static SiteRefused unknown() {
            return new SiteRefused(
                    Kind.UNAUTHENTICATED,
                    "site.unknown-sub-license",
                    "This sub-licence was not issued here. Load the file that your provider gave you.");
        }

        public static SiteRefused notNow(Object state) {
            return new SiteRefused(
                    Kind.RULE_BROKEN,
                    "site.not-in-force",
                    "The sub-licence is %s; no installation can be bound to it now. Ask your provider."
                            .formatted(state));
        }

        public static SiteRefused wrongMode(String mode) {
            return new SiteRefused(
                    Kind.RULE_BROKEN,
                    "site.wrong-mode",
                    "A sub-licence for the mode %s is for no installation of this kind.".formatted(mode));
        }

        public static SiteRefused tooMany(long places) {
            return new SiteRefused(
                    Kind.CONFLICT,
                    "site.too-many",
                    "The sub-licence is for %d installations, and so many are bound to it. Ask your provider to unbind one."
                            .formatted(places));
        }

        public static SiteRefused otherKey() {
            return new SiteRefused(
                    Kind.CONFLICT,
                    "site.other-key",
                    "This installation is bound with another key: it was copied, or restored without its key. Ask your provider to unbind it.");
        }

        public static SiteRefused unbound() {
            return new SiteRefused(
                    Kind.CONFLICT,
                    "site.unbound",
                    "Your provider has unbound this installation. It is not heard until it makes itself known anew.");
        }

        public static SiteRefused unreadable(String reason) {
            return new SiteRefused(Kind.MALFORMED, "site.malformed", reason);
        }
    }
}

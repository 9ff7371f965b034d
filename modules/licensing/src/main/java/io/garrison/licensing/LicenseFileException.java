package io.garrison.licensing;

import io.garrison.tenancy.DeploymentMode;
import java.util.List;

/** The ways in which a file of a licence or of a sub-licence is refused. */
public abstract sealed class LicenseFileException extends LicenseException.OfFiles {
    private static final long serialVersionUID = 1L;

    private LicenseFileException(Kind kind, String code, String message) {
        this(kind, code, message, List.of());
    }

    private LicenseFileException(Kind kind, String code, String message, List<FieldError> errors) {
        super(kind, code, message, errors);
    }

    /** A licence file does not hold. The code says which rule it breaks. */
    public static final class FileRefused extends LicenseFileException {
        private static final long serialVersionUID = 1L;

        private final Flaw flaw;

        public FileRefused(Flaw flaw, String detail) {
            super(Kind.RULE_BROKEN, flaw.code(), detail);
            this.flaw = flaw;
        }

        public Flaw flaw() {
            return flaw;
        }
    }

    /** What can be wrong with a licence file. */
    public enum Flaw {
        TOO_LARGE("license.too-large"),
        MALFORMED("license.malformed"),
        ALGORITHM_REFUSED("license.algorithm-refused"),
        UNKNOWN_KEY("license.unknown-key"),
        SIGNATURE_INVALID("license.signature-invalid"),
        DUPLICATE_CLAIM("license.duplicate-claim"),
        EXPIRED("license.expired"),
        NOT_YET_VALID("license.not-yet-valid"),
        WRONG_DEPLOYMENT("license.wrong-deployment"),
        /** A throw-away licence of a demonstration, in production. */
        DEMO_REFUSED("license.demo-refused"),
        /** A sub-licence claims more, or for longer, than its parent grants. */
        EXCEEDS_PARENT("license.exceeds-parent");

        private final String code;

        Flaw(String code) {
            this.code = code;
        }

        public String code() {
            return code;
        }
    }

    public static final class AlreadyLoaded extends LicenseFileException {
        private static final long serialVersionUID = 1L;

        public AlreadyLoaded(LicenseId id) {
            super(Kind.CONFLICT, "license.already-loaded", "Licence %s is loaded already.".formatted(id));
        }
    }

    /** The installation's mode holds one sub-licence, not the licence of a provider. */
    public static final class ProviderLicensesRefused extends LicenseFileException {
        private static final long serialVersionUID = 1L;

        public ProviderLicensesRefused(DeploymentMode mode) {
            super(
                    Kind.CONFLICT,
                    "license.mode-allows-no-provider-license",
                    "This installation runs in mode %s and holds one sub-licence; a provider's licence belongs to an installation in mode cluster or private-cloud. Load the sub-licence that was issued for this one."
                            .formatted(mode.word()));
        }
    }

    /** The installation's mode allows one sub-licence, and another one is there. */
    public static final class OnlyOne extends LicenseFileException {
        private static final long serialVersionUID = 1L;

        public OnlyOne(DeploymentMode mode, SubLicenseId present) {
            super(
                    Kind.CONFLICT,
                    "license.mode-allows-one",
                    "This installation runs in mode %s, which holds exactly one sub-licence; %s is loaded. Load a newer file of that one, or set up another installation."
                            .formatted(mode.word(), present));
        }
    }

    /** A sub-licence is for another mode. */
    public static final class WrongMode extends LicenseFileException {
        private static final long serialVersionUID = 1L;

        public WrongMode(String mode, DeploymentMode here) {
            super(
                    Kind.RULE_BROKEN,
                    "license.wrong-mode",
                    "The sub-licence is for mode %s, this installation runs in mode %s. Ask whoever issued it for one in this mode."
                            .formatted(mode, here));
        }
    }

    /** A newer file of the same sub-licence is loaded. */
    public static final class Superseded extends LicenseFileException {
        private static final long serialVersionUID = 1L;

        public Superseded(long offered, long present) {
            super(
                    Kind.CONFLICT,
                    "license.superseded",
                    "The file has serial %d, but serial %d of the same sub-licence is loaded. Load the newest file."
                            .formatted(offered, present));
        }
    }

    /** Two different files claim the same place in the row of files of a sub-licence. */
    public static final class SerialReused extends LicenseFileException {
        private static final long serialVersionUID = 1L;

        public SerialReused(long serial) {
            super(
                    Kind.CONFLICT,
                    "license.serial-reused",
                    "Another file of this sub-licence with the same serial %d is loaded. Whoever issued them made a mistake; ask for one with a higher serial."
                            .formatted(serial));
        }
    }

    /** This installation allocated it itself, so it has its own say. */
    public static final class AllocatedHere extends LicenseFileException {
        private static final long serialVersionUID = 1L;

        public AllocatedHere() {
            super(
                    Kind.CONFLICT,
                    "license.allocated-here",
                    "This installation itself allocated the sub-licence, so no file changes it. Change it here.");
        }
    }

    /** Each customer of the vendor can sign for any sub-licence that it has heard of, under a licence of its own. */
    public static final class OtherLicense extends LicenseFileException {
        private static final long serialVersionUID = 1L;

        public OtherLicense(LicenseId present, LicenseId offered) {
            super(
                    Kind.CONFLICT,
                    "license.other-license",
                    "The sub-licence is loaded as issued under licence %s; the file was issued under licence %s. Only if whoever issued it confirms that its licence is another one now, load it with replaceLicense=true."
                            .formatted(present, offered));
        }
    }

    public static final class OtherTenant extends LicenseFileException {
        private static final long serialVersionUID = 1L;

        public OtherTenant() {
            super(
                    Kind.CONFLICT,
                    "license.other-tenant",
                    "The sub-licence is another tenant's here. A sub-licence stays with its tenant; ask whoever issued it for one of its own.");
        }
    }

    /** The tenant would have to be made, but the file does not say how. */
    public static final class TenantUnnamed extends LicenseFileException {
        private static final long serialVersionUID = 1L;

        public TenantUnnamed(List<FieldError> errors) {
            super(
                    Kind.RULE_BROKEN,
                    "license.tenant-unnamed",
                    "The file does not say enough to make its tenant here; see the errors. Ask whoever issued it to sign it anew.",
                    errors);
        }
    }
}

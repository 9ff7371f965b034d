package io.garrison.tenancy;

import java.util.List;

/** The ways in which an operation on tenants, members, keys or credentials can be refused. */
public abstract sealed class TenancyException extends Refusal {
    private static final long serialVersionUID = 1L;

    private TenancyException(Kind kind, String code, String message) {
        super(kind, code, message);
    }

    private TenancyException(Kind kind, String code, String message, List<FieldError> errors) {
        super(kind, code, message, errors);
    }

    /** There is no such thing for this caller, whether or not it exists for another. */
    public static final class NotFound extends TenancyException {
        private static final long serialVersionUID = 1L;

        public NotFound() {
            super(Kind.NOT_FOUND, "not-found", "There is nothing here, or it is not yours to see.");
        }
    }

    /** Nobody is signed in. */
    public static final class NotSignedIn extends TenancyException {
        private static final long serialVersionUID = 1L;

        public NotSignedIn() {
            super(Kind.UNAUTHENTICATED, "unauthenticated", "Sign in, or send a credential that is still valid.");
        }
    }

    /** One answer for a wrong name, a wrong password, and an account that is locked. */
    public static final class WrongCredentials extends TenancyException {
        private static final long serialVersionUID = 1L;

        public WrongCredentials() {
            super(
                    Kind.UNAUTHENTICATED,
                    "auth.wrong-credentials",
                    "The name or the password is wrong, or the account is locked for some minutes after too many tries.");
        }
    }

    /** Too many people sign in at once. */
    public static final class TooBusy extends TenancyException {
        private static final long serialVersionUID = 1L;

        public TooBusy() {
            super(Kind.TOO_MANY, "auth.busy", "Too many people sign in at this moment. Try again in some seconds.");
        }
    }

    public static final class Forbidden extends TenancyException {
        private static final long serialVersionUID = 1L;

        public Forbidden(Permission missing) {
            super(
                    Kind.FORBIDDEN,
                    "forbidden",
                    "Your role does not include %s. Ask an administrator for it.".formatted(missing));
        }
    }

    /** Nobody can hand out more than they have. */
    public static final class RoleBeyondYours extends TenancyException {
        private static final long serialVersionUID = 1L;

        public RoleBeyondYours(Role role) {
            super(
                    Kind.FORBIDDEN,
                    "member.role-beyond-yours",
                    "Only somebody who may do all that %s may can give it.".formatted(role));
        }
    }

    public static final class Invalid extends TenancyException {
        private static final long serialVersionUID = 1L;

        public Invalid(List<FieldError> errors) {
            super(Kind.MALFORMED, "invalid", "Some fields are not as they must be; see errors.", errors);
        }
    }

    public static final class SlugTaken extends TenancyException {
        private static final long serialVersionUID = 1L;

        public SlugTaken(String slug) {
            super(
                    Kind.CONFLICT,
                    "tenant.slug-taken",
                    "There is a tenant with this slug already. Choose another.",
                    List.of(new FieldError("slug", "taken", "is in use", slug)));
        }
    }

    public static final class ResellerSlugTaken extends TenancyException {
        private static final long serialVersionUID = 1L;

        public ResellerSlugTaken(String slug) {
            super(
                    Kind.CONFLICT,
                    "reseller.slug-taken",
                    "There is a reseller with this slug already. Choose another.",
                    List.of(new FieldError("slug", "taken", "is in use", slug)));
        }
    }

    /** It has tenants, or holds a part of a licence. */
    public static final class ResellerInUse extends TenancyException {
        private static final long serialVersionUID = 1L;

        public ResellerInUse(long tenants, long held) {
            super(
                    Kind.CONFLICT,
                    "reseller.in-use",
                    "The reseller has %d tenants and %d allotments. Give its tenants to another and release its allotments first."
                            .formatted(tenants, held));
        }
    }

    public static final class ResellerSuspended extends TenancyException {
        private static final long serialVersionUID = 1L;

        public ResellerSuspended() {
            super(
                    Kind.CONFLICT,
                    "reseller.suspended",
                    "The reseller is suspended: it takes no tenants and gets nothing new. Make it active first.");
        }
    }

    /** A tenant is to belong to a reseller that is not there. */
    public static final class UnknownReseller extends TenancyException {
        private static final long serialVersionUID = 1L;

        public UnknownReseller(ResellerId id) {
            super(
                    Kind.RULE_BROKEN,
                    "reseller.unknown",
                    "There is no such reseller.",
                    List.of(new FieldError("resellerId", "reseller.unknown", "names no reseller", id.toString())));
        }
    }

    /** The tenant holds something that it has only as its reseller's. */
    public static final class TenantTied extends TenancyException {
        private static final long serialVersionUID = 1L;

        public TenantTied(long tied) {
            super(
                    Kind.CONFLICT,
                    "tenant.holds-from-reseller",
                    "The tenant holds %d sub-licences that are cut from what its reseller has. Revoke them first."
                            .formatted(tied));
        }
    }

    /** The tenant is not in the state from which this can be done. */
    public static final class WrongTenantState extends TenancyException {
        private static final long serialVersionUID = 1L;

        public WrongTenantState(TenantState state, String remedy) {
            super(Kind.CONFLICT, "tenant.wrong-state", "The tenant is %s. %s".formatted(state, remedy));
        }
    }

    public static final class AlreadyMember extends TenancyException {
        private static final long serialVersionUID = 1L;

        public AlreadyMember() {
            super(
                    Kind.CONFLICT,
                    "member.exists",
                    "This address belongs to a member already. Change the member's role instead.");
        }
    }

    public static final class NotJoined extends TenancyException {
        private static final long serialVersionUID = 1L;

        public NotJoined() {
            super(
                    Kind.CONFLICT,
                    "member.not-joined",
                    "This member has not accepted the invitation and has no password. Invite them again instead.");
        }
    }

    public static final class LastAdministrator extends TenancyException {
        private static final long serialVersionUID = 1L;

        public LastAdministrator(Role role) {
            super(
                    Kind.CONFLICT,
                    "member.last-administrator",
                    "This is the last %s. Give somebody else that role first.".formatted(role));
        }
    }

    /** Spent, expired and made-up tokens are told alike. */
    public static final class InvitationInvalid extends TenancyException {
        private static final long serialVersionUID = 1L;

        public InvitationInvalid() {
            super(
                    Kind.UNAUTHENTICATED,
                    "auth.invitation-invalid",
                    "This link is spent or has expired. Ask for a new one.");
        }
    }

    /** The installation's mode has one tenant, which its sub-licence brings. */
    public static final class TenantComesWithLicense extends TenancyException {
        private static final long serialVersionUID = 1L;

        public TenantComesWithLicense(DeploymentMode mode) {
            super(
                    Kind.CONFLICT,
                    "tenant.comes-with-license",
                    "This installation runs in mode %s: its one tenant comes with the sub-licence, none is made by hand. Load the sub-licence, or run an installation in mode %s for many tenants."
                            .formatted(mode.word(), DeploymentMode.CLUSTER.word()));
        }
    }

    /** What a tenant's sub-licence says of it cannot be changed here. */
    public static final class ModeComesWithLicense extends TenancyException {
        private static final long serialVersionUID = 1L;

        public ModeComesWithLicense(DeploymentMode mode) {
            super(
                    Kind.CONFLICT,
                    "tenant.mode-comes-with-license",
                    "This installation runs in mode %s, and so does its tenant. Whoever issued the sub-licence can issue one for another mode, for another installation."
                            .formatted(mode.word()),
                    List.of(new FieldError("mode", "fixed", "must stay " + mode, mode)));
        }
    }

    /** A sub-licence names a tenant that is known here under another short name. */
    public static final class TenantHasAnotherSlug extends TenancyException {
        private static final long serialVersionUID = 1L;

        public TenantHasAnotherSlug(String here, String there) {
            super(
                    Kind.CONFLICT,
                    "tenant.has-another-slug",
                    "The tenant is known here as %s, not as %s. A short name never changes; ask whoever issued the sub-licence which of the two is meant."
                            .formatted(here, there));
        }
    }

    /** Data of one mode were started in another. */
    public static final class ModeChanged extends TenancyException {
        private static final long serialVersionUID = 1L;

        public ModeChanged(DeploymentMode before, DeploymentMode now) {
            super(
                    Kind.CONFLICT,
                    "installation.mode-changed",
                    "These data belong to an installation in mode %s and cannot be run in mode %s, whose rules about tenants and licences differ. Start it in mode %s again, or begin with an empty data directory or database."
                            .formatted(before.word(), now.word(), before.word()));
        }
    }

    /** The installation's mode wants its stores elsewhere. */
    public static final class EmbeddedStoresRefused extends TenancyException {
        private static final long serialVersionUID = 1L;

        public EmbeddedStoresRefused(DeploymentMode mode) {
            super(
                    Kind.CONFLICT,
                    "installation.embedded-stores-refused",
                    "Mode %s runs on several machines, which embedded stores cannot serve: PostgreSQL, Kafka and OpenSearch must be external there. Configure them, or choose mode %s for one machine."
                            .formatted(mode.word(), DeploymentMode.CLUSTER.word()));
        }
    }
}

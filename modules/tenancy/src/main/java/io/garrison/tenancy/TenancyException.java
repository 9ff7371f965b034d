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
}

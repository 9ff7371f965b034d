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

    public static final class Forbidden extends TenancyException {
        private static final long serialVersionUID = 1L;

        public Forbidden(Permission missing) {
            super(
                    Kind.FORBIDDEN,
                    "forbidden",
                    "Your role does not include %s. Ask an administrator for it.".formatted(missing));
        }
    }
}

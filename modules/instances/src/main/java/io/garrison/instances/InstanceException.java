package io.garrison.instances;

import io.garrison.tenancy.Refusal;

/** The ways in which an operation on stacks, policies or instances can be refused. */
public abstract sealed class InstanceException extends Refusal {
    private static final long serialVersionUID = 1L;

    private InstanceException(Kind kind, String code, String message) {
        super(kind, code, message);
    }

    public static final class UnknownInstance extends InstanceException {
        private static final long serialVersionUID = 1L;

        public UnknownInstance() {
            super(Kind.NOT_FOUND, "not-found", "There is nothing here, or it is not yours to see.");
        }
    }
}

package io.garrison.instances;

import io.garrison.protocol.Examination;
import io.garrison.protocol.Examination.Finding;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Has instances of the bound tenant look for what is wrong with them, as {@code garrison edge doctor} does there. */
public interface InstanceDoctor {

    /**
     * Asks the instance for an examination. It hears of that with its next heartbeat. Asked again before the end, that one
     * goes on.
     *
     * @throws InstanceException.NotFound if the bound tenant has none such
     * @throws InstanceException.IllegalTransition if it is quarantined or retired
     */
    Examined examine(InstanceId id);

    /** How that stands. @throws InstanceException.NotFound if the bound tenant has none such */
    Examined latest(InstanceId id);

    enum State {
        /** Nobody has asked. */
        NEVER,
        /** The instance has not heard of it. */
        WAITING,
        /** The instance is at it. */
        RUNNING,
        /** The result is that of the wish. */
        DONE,
        /** The instance has not answered for ten minutes: it is cut off, or its agent is too old. */
        UNANSWERED
    }

    /**
     * @param id of the wish; absent if nobody has asked, as are the other two
     * @param result the newest that there is: unless the state is DONE, an earlier one
     */
    record Examined(
            State state,
            @Nullable UUID id,
            @Nullable Instant askedAt,
            @Nullable String askedBy,
            @Nullable Examination result) {

        static final Examined NEVER = new Examined(State.NEVER, null, null, null, null);

        /** What is bad on the lowest layer of the result: what else is bad may come of it. */
        public Optional<Finding> cause() {
            return result == null
                    ? Optional.empty()
                    : result.findings().stream()
                            .filter(finding -> finding.outcome().equals("BAD"))
                            .findFirst();
        }
    }
}

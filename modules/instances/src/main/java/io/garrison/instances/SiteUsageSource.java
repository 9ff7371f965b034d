package io.garrison.instances;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What this installation has to tell of its usage to the MSSP's. Declared here and implemented by the module that keeps
 * usage. With no tenant bound and outside of any transaction.
 */
public interface SiteUsageSource {

    /**
     * The oldest batch that is neither acknowledged nor refused; made of what is new where there is none. After that those
     * that were refused, once in ten minutes. The same bytes until it is acknowledged.
     */
    Optional<Batch> next();

    /** The MSSP's installation does not take it as it is; others do not wait for it. */
    void refused(Batch batch, String code);

    /** The code of the newest refusal of a batch that still waits. */
    Optional<String> refusal();

    /**
     * The MSSP's installation has committed it. If it lacks others whose bytes are gone, because it was restored to an earlier
     * state, then everything that was counted comes again, with the next numbers.
     *
     * @param missing numbers that it does not have
     */
    void acknowledged(Batch batch, List<Long> missing);

    /** How many batches wait for that. */
    int waiting();

    /** Forgets what was made and acknowledged; everything that was counted comes again, from number 1 on. */
    void startOver();

    /** @param bytes of a {@link io.garrison.protocol.SiteUsage} */
    record Batch(long number, byte[] bytes) {

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Batch(long theirs, byte[] content)
                    && number == theirs
                    && java.util.Arrays.equals(bytes, content);
        }

        @Override
        public int hashCode() {
            return Long.hashCode(number);
        }
    }
}

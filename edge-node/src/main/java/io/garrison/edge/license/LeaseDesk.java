package io.garrison.edge.license;

import io.garrison.edge.license.LeaseKeeper.Offered;
import io.garrison.edge.license.LeaseKeeper.Returned;
import io.garrison.edge.state.StateDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a person does with leases on the machine: takes one from a file, gives one back. */
public record LeaseDesk(StateDirectory state, LeaseKeeper keeper) {

    private static final int MAX_BYTES = 128 * 1024;

    /**
     * What became of it.
     *
     * @param code of a refusal
     * @param receipt of a return
     */
    public record Told(
            boolean ok,
            String message,
            @Nullable String code,
            @Nullable Instant leaseUntil,
            @Nullable String receipt) {}

    /** Takes the lease that lies in the state directory. */
    public Told takeIn() throws IOException {
        byte[] bytes;
        try (var in = Files.newInputStream(state.incomingLease())) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } finally {
            Files.deleteIfExists(state.incomingLease());
        }
        return switch (keeper.offer(new String(bytes, StandardCharsets.ISO_8859_1).strip())) {
            case Offered.Taken taken ->
                new Told(
                        true,
                        "the lease is in force until " + taken.lease().until(),
                        null,
                        taken.lease().until(),
                        null);
            case Offered.Known known ->
                new Told(
                        true,
                        "this lease is held already, until " + known.lease().until(),
                        null,
                        known.lease().until(),
                        null);
            case Offered.Refused refused -> new Told(false, refused.reason(), refused.code(), null, null);
        };
    }

    public Told giveBack() throws IOException {
        return switch (keeper.giveBack()) {
            case Returned.Done done ->
                new Told(
                        true,
                        "the lease was given up; load the receipt at management to free the seat",
                        null,
                        null,
                        done.receipt());
            case Returned.Refused refused -> new Told(false, refused.reason(), refused.code(), null, null);
        };
    }
}

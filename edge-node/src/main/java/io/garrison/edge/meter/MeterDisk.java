package io.garrison.edge.meter;

import io.garrison.protocol.MeterRecord;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Where the meter keeps what must survive. */
public interface MeterDisk {

    /** The state that was saved last. */
    Optional<byte[]> load();

    /** Whether there was a state that can't be read any more. */
    boolean lost();

    /** Returns once the state is durable; after a failure the former one stands. */
    void save(byte[] state) throws IOException;

    /** Returns once the records are durable and will be sent until they are acknowledged. A repeat does no harm. */
    void append(List<MeterRecord> records) throws IOException;
}

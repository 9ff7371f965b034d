package io.garrison.edge.meter;

import io.garrison.edge.state.DoubleBuffer;
import io.garrison.edge.state.DurableFiles;
import io.garrison.protocol.MeterRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The meter's state on the disk, and the log that its records go to. */
public final class MeterFiles implements MeterDisk, AutoCloseable {

    private final DoubleBuffer state;
    private final Log log;

    /** Where records wait until they are acknowledged. */
    public interface Log {
        /** Returns once the records are durable. */
        void add(List<MeterRecord> records) throws IOException;
    }

    public MeterFiles(Path directory, Log log) throws IOException {
        DurableFiles.ownDirectory(directory);
        this.state = new DoubleBuffer(directory, "registers");
        this.log = log;
    }

    @Override
    public Optional<byte[]> load() {
        return state.value();
    }

    @Override
    public boolean lost() {
        return state.finding() == DoubleBuffer.Finding.LOST;
    }

    @Override
    public void save(byte[] content) throws IOException {
        state.save(content);
    }

    @Override
    public void append(List<MeterRecord> records) throws IOException {
        log.add(records);
    }

    @Override
    public void close() throws IOException {
        state.close();
    }
}

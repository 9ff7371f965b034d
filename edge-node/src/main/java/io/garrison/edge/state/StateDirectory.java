package io.garrison.edge.state;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where one instance keeps everything: identity, trust, registers, spool, the data plane's files. The directory belongs
 * to one instance and, while an agent runs, to that agent.
 */
public record StateDirectory(Path root) {

    public StateDirectory {
        root = root.toAbsolutePath().normalize();
    }

    public Path identity() {
        return root.resolve("identity.json");
    }

    public Path settings() {
        return root.resolve("edge.properties");
    }

    /** What {@code status} shows while no agent runs. */
    public Path status() {
        return root.resolve("status.json");
    }

    /** Where the running agent listens and the secret for commands to it. */
    public Path control() {
        return root.resolve("control.json");
    }

    public Path trust() {
        return root.resolve("trust");
    }

    public Path certificates() {
        return root.resolve("certificates");
    }

    public Path license() {
        return root.resolve("license");
    }

    /** A lease from a file, on its way in. */
    public Path incomingLease() {
        return license().resolve("incoming.jose");
    }

    /** What may pass, as management told it last. */
    public Path throughputShare() {
        return root.resolve("throughput.json");
    }

    /** This instance's part in its stack, as management told it last. */
    public Path plan() {
        return root.resolve("plan.json");
    }

    /** What belongs to the addresses that this instance shares with others. */
    public Path sharedAddresses() {
        return root.resolve("ha");
    }

    /** Clients that are blocked, here and on the other instances of the stack. */
    public Path blocks() {
        return root.resolve("blocks.json");
    }

    /** Whom this instance has voted for among its peers. */
    public Path ballot() {
        return root.resolve("ballot.json");
    }

    /** A ballot that could not be read; without another beside it, a vote is lost. */
    public Path damagedBallot() {
        return root.resolve("ballot.json.damaged");
    }

    public Path meter() {
        return root.resolve("meter");
    }

    public Path spool() {
        return root.resolve("spool");
    }

    public Path dataPlane() {
        return root.resolve("dataplane");
    }

    /** @return the lock, or nothing if another process holds it */
    public Optional<Lock> tryLock() throws IOException {
        DurableFiles.ownDirectory(root);
        var channel = DurableFiles.openOwned(root.resolve("lock"));
        try {
            var lock = channel.tryLock();
            if (lock != null) {
                return Optional.of(new Lock(channel, lock));
            }
        } catch (OverlappingFileLockException e) {
            // held within this process, which is just as well taken
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        return Optional.empty();
    }

    /** Whether this user can work here at all. */
    public boolean exists() {
        return Files.isDirectory(root);
    }

    /** The operating system releases it when the process ends, however it ends. */
    public record Lock(FileChannel channel, FileLock lock) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            lock.release();
            channel.close();
        }
    }
}

package io.garrison.edge.cluster;

import io.garrison.protocol.CertificateMaterial;
import io.garrison.protocol.SignedBundle;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** What an instance has and takes, as a test says. */
public final class ScriptedDesired implements DesiredState {

    public volatile boolean silent;
    public volatile SignedBundle desired;
    public volatile SignedBundle plan;
    public volatile String etag = "";
    public volatile long revision;
    public volatile UUID incarnation;
    final CompletableFuture<Void> hangs = new CompletableFuture<>();
    private volatile boolean hanging;
    public final Map<String, CertificateMaterial> certificates = new ConcurrentHashMap<>();
    public final AtomicInteger asked = new AtomicInteger();
    public final List<SignedBundle> taken = new CopyOnWriteArrayList<>();

    /** From now on whoever asks what serves waits until it is over. */
    void hang() {
        hanging = true;
    }

    @Override
    public boolean managementSilent() {
        asked.incrementAndGet();
        return silent;
    }

    @Override
    public Instant confirmedAt() {
        return null;
    }

    @Override
    public Optional<SignedBundle> desired() {
        return Optional.ofNullable(desired);
    }

    @Override
    public Optional<SignedBundle> plan() {
        return Optional.ofNullable(plan);
    }

    @Override
    public String etag() {
        return etag;
    }

    @Override
    public UUID servingIncarnation() {
        return incarnation;
    }

    @Override
    public long servingRevision() {
        if (hanging) {
            hangs.join();
        }
        return revision;
    }

    @Override
    public Optional<CertificateMaterial> certificate(String name) {
        return Optional.ofNullable(certificates.get(name));
    }

    @Override
    public boolean take(SignedBundle bundle) {
        return taken.add(bundle);
    }
}

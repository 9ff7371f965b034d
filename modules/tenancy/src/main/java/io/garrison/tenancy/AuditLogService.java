package io.garrison.tenancy;

import io.garrison.tenancy.http.Page;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

@Service
class AuditLogService implements AuditLog {

    private final AuditEntries entries;
    private final SecretVault vault;
    private final House house;

    AuditLogService(AuditEntries entries, SecretVault vault, House house) {
        this.entries = entries;
        this.vault = vault;
        this.house = house;
    }

    @Override
    @Requires(Permission.AUDIT_VIEW)
    public Page<AuditEntry> list(long before, int limit) {
        var rows = house.read(() -> entries.newest(House.id(), before <= 0 ? Long.MAX_VALUE : before, limit + 1));
        return Page.of(rows, limit, entry -> Long.toString(entry.index()));
    }

    @Override
    @Requires(Permission.AUDIT_VIEW)
    public Verification verify() {
        return house.snapshot(() -> {
            var houses = new ArrayList<UUID>(List.of(House.id()));
            if (House.id().equals(House.PROVIDER)) {
                houses.addAll(entries.chains());
            }
            return verify(houses.stream().distinct().toList());
        });
    }

    private Verification verify(List<UUID> houses) {
        var read = 0L;
        Verification broken = null;
        for (var id : houses) {
            var walk = new Walk();
            entries.forEach(id, walk::step);
            var firstBroken = walk.firstBroken(id, entries.head(id).orElse(null));
            read += walk.count;
            if (firstBroken != null && broken == null) {
                var chain = id.equals(House.PROVIDER) ? "provider" : id.toString();
                broken = new Verification(false, 0, firstBroken, chain);
            }
        }
        return broken == null
                ? new Verification(true, read, null, null)
                : new Verification(false, read, broken.firstBroken(), broken.brokenChain());
    }

    private final class Walk {
        private long count;
        private byte[] hash = AuditChain.start();
        private @Nullable Long firstBroken;

        void step(AuditEntries.Row row) {
            count++;
            if (firstBroken != null) {
                return;
            }
            var entry = row.entry();
            if (entry.index() != count) {
                firstBroken = count; // something is missing here
                return;
            }
            hash = AuditChain.link(hash, entry);
            if (!Arrays.equals(hash, row.hash())) {
                firstBroken = count;
            }
        }

        @Nullable
        Long firstBroken(UUID house, AuditEntries.@Nullable Head head) {
            if (firstBroken != null) {
                return firstBroken;
            }
            if (head == null) {
                return count == 0 ? null : Long.valueOf(1);
            }
            if (head.entries() != count) {
                return Math.min(count, head.entries()) + 1;
            }
            return Arrays.equals(head.hash(), hash) && isSealed(house, head) ? null : Long.valueOf(Math.max(1, count));
        }
    }

    /** Without the vault's key nobody can make a shorter or other chain look whole. */
    private boolean isSealed(UUID house, AuditEntries.Head head) {
        try {
            var opened = vault.open(AuditEntries.sealContext(house), head.seal());
            return ByteBuffer.wrap(opened).equals(ByteBuffer.wrap(AuditChain.head(head.entries(), head.hash())));
        } catch (IllegalStateException e) {
            return false;
        }
    }
}

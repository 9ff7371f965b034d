package io.garrison.licensing;

import io.garrison.licensing.AllotmentException.AlreadyAllotted;
import io.garrison.licensing.AllotmentException.FeaturesInUse;
import io.garrison.licensing.AllotmentException.ResellerSuspended;
import io.garrison.licensing.AllotmentException.StillCut;
import io.garrison.licensing.AllotmentException.UnknownAllotment;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.ProviderScope;
import io.garrison.tenancy.Requires;
import io.garrison.tenancy.ResellerDirectory;
import io.garrison.tenancy.ResellerId;
import io.garrison.tenancy.ResellerState;
import io.garrison.tenancy.TenancyException;
import io.garrison.tenancy.http.EntityTag;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Works in the provider's scope. Locks are taken in one order: the reseller, then the licence. */
@Service
class AllotmentService implements AllotmentAdministration {

    private final Allotments allotments;
    private final AllotmentRoom room;
    private final ResellerDirectory resellers;
    private final AllotmentNews news;
    private final TransactionTemplate transaction;

    AllotmentService(
            Allotments allotments,
            AllotmentRoom room,
            ResellerDirectory resellers,
            AllotmentNews news,
            PlatformTransactionManager transactions) {
        this.allotments = allotments;
        this.room = room;
        this.resellers = resellers;
        this.news = news;
        this.transaction = new TransactionTemplate(transactions);
    }

    @Override
    @Requires(Permission.LICENSE_MANAGE)
    public AllotmentSummary allot(ResellerId reseller, LicenseId licenseId, Portion portion) {
        return inScope(() -> {
            requireActive(reseller);
            var license = room.lockToGive(licenseId);
            if (allotments.of(reseller, licenseId).isPresent()) {
                throw new AlreadyAllotted();
            }
            var fresh = new AllotmentSummary(
                    new AllotmentId(UUID.randomUUID()),
                    reseller,
                    licenseId,
                    portion.entitlements(),
                    portion.overcommit(),
                    room.now(),
                    1,
                    null);
            room.requireWithin(license, null, fresh);
            allotments.insert(fresh);
            news.made(fresh);
            return fresh;
        });
    }

    @Override
    @Requires(Permission.LICENSE_VIEW)
    public List<AllotmentSummary> list(ResellerId reseller, @Nullable AllotmentId after, int limit) {
        return inScope(() -> {
            if (resellers.state(reseller).isEmpty()) {
                throw new TenancyException.NotFound();
            }
            return allotments.page(reseller, after, limit);
        });
    }

    @Override
    @Requires(Permission.LICENSE_VIEW)
    public AllotmentSummary get(ResellerId reseller, AllotmentId id) {
        return inScope(() -> find(reseller, id));
    }

    @Override
    @Requires(Permission.LICENSE_VIEW)
    public LicensePool pool(ResellerId reseller, AllotmentId id) {
        return inScope(() -> room.pool(find(reseller, id)));
    }

    @Override
    @Requires(Permission.LICENSE_MANAGE)
    public AllotmentSummary resize(ResellerId reseller, AllotmentId id, Portion portion, long seen) {
        return inScope(() -> {
            var suspended = isSuspended(reseller);
            var license = room.lock(find(reseller, id).licenseId());
            var was = find(reseller, id);
            EntityTag.check(seen, was.version());
            var became = was.resized(portion.entitlements(), portion.overcommit());
            if (suspended && room.grows(was, became)) {
                throw new ResellerSuspended();
            }
            room.requireWithin(license, was, became);
            var cut = room.cut(became);
            cut.requireCapacity("entitlements");
            var missing = new TreeSet<>(cut.held().features());
            missing.removeAll(became.entitlements().features());
            if (!missing.isEmpty()) {
                throw new FeaturesInUse(missing);
            }
            allotments.update(became);
            news.resized(was, became);
            return became;
        });
    }

    @Override
    @Requires(Permission.LICENSE_MANAGE)
    public void release(ResellerId reseller, AllotmentId id, long seen) {
        inScope(() -> {
            resellers.pin(reseller);
            room.lock(find(reseller, id).licenseId());
            var was = find(reseller, id);
            EntityTag.check(seen, was.version());
            long holders = room.holders(was);
            if (holders > 0) {
                throw new StillCut(holders, room.cut(was).held());
            }
            allotments.release(id, room.now());
            news.released(was);
            return was;
        });
    }

    private AllotmentSummary find(ResellerId reseller, AllotmentId id) {
        return allotments
                .find(id)
                .filter(found -> found.reseller().equals(reseller) && found.releasedAt() == null)
                .orElseThrow(UnknownAllotment::new);
    }

    private void requireActive(ResellerId reseller) {
        if (isSuspended(reseller)) {
            throw new ResellerSuspended();
        }
    }

    private boolean isSuspended(ResellerId reseller) {
        return resellers.pin(reseller).state() == ResellerState.SUSPENDED;
    }

    private <R> R inScope(Supplier<R> work) {
        return Objects.requireNonNull(ProviderScope.call(() -> transaction.execute(status -> work.get())));
    }
}

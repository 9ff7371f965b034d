package io.garrison.licensing;

import io.garrison.licensing.LicenseFileException.AllocatedHere;
import io.garrison.licensing.LicenseFileException.FileRefused;
import io.garrison.licensing.LicenseFileException.Flaw;
import io.garrison.licensing.LicenseFileException.OnlyOne;
import io.garrison.licensing.LicenseFileException.OtherLicense;
import io.garrison.licensing.LicenseFileException.OtherTenant;
import io.garrison.licensing.LicenseFileException.SerialReused;
import io.garrison.licensing.LicenseFileException.Superseded;
import io.garrison.licensing.LicenseFileException.TenantUnnamed;
import io.garrison.licensing.LoadedSubLicenses.Known;
import io.garrison.licensing.SubLicenseLoading.LoadedSubLicense;
import io.garrison.licensing.SubLicenseLoading.Outcome;
import io.garrison.licensing.file.SubLicense;
import io.garrison.tenancy.AuditTrail;
import io.garrison.tenancy.DeploymentMode;
import io.garrison.tenancy.DeploymentRules;
import io.garrison.tenancy.TenancyException;
import io.garrison.tenancy.TenantAdmission;
import io.garrison.tenancy.TenantId;
import io.garrison.tenancy.TenantManagement.NewTenant;
import io.garrison.tenancy.TenantSummary;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Decides what becomes of a sub-licence that holds: the first, a newer, the same, or one too many. */
@Component
class SubLicenseArrivals {

    private final LoadedSubLicenses subLicenses;
    private final TenantAdmission tenants;
    private final DeploymentRules rules;
    private final Installation installation;
    private final AuditTrail audit;

    SubLicenseArrivals(
            LoadedSubLicenses subLicenses,
            TenantAdmission tenants,
            DeploymentRules rules,
            Installation installation,
            AuditTrail audit) {
        this.subLicenses = subLicenses;
        this.tenants = tenants;
        this.rules = rules;
        this.installation = installation;
        this.audit = audit;
    }

    /** In the caller's transaction; see {@link SubLicenseLoading#load} for the refusals. */
    LoadedSubLicense take(SubLicense file, String jws, boolean anyLicense) {
        subLicenses.oneAfterTheOther();
        var now = installation.now().truncatedTo(ChronoUnit.MICROS);
        var id = new SubLicenseId(file.id());
        var known = subLicenses.find(id);
        if (known.isEmpty()) {
            requireRoom();
            requireUsable(file, now);
            var tenant = admit(file);
            subLicenses.insert(file, jws, now);
            tell("sub-license.loaded", file, tenant, Map.of());
            return loaded(id, tenant, now, Outcome.MADE);
        }
        if (isNews(file, jws, known.get())) {
            var before = known.get().stored().licenseId();
            var offered = new LicenseId(file.parent());
            if (!anyLicense && !before.equals(offered)) {
                throw new OtherLicense(before, offered);
            }
            requireUsable(file, now);
            var tenant = admit(file);
            subLicenses.replace(file, jws, now);
            tell(
                    "sub-license.replaced",
                    file,
                    tenant,
                    before.equals(offered)
                            ? Map.of()
                            : Map.of("licenseBefore", before.toString(), "license", offered.toString()));
            return loaded(id, tenant, now, Outcome.REPLACED);
        }
        return loaded(id, admit(file), now, Outcome.UNCHANGED);
    }

    private void requireRoom() {
        if (!rules.manySubLicenses()) {
            subLicenses.any().ifPresent(other -> {
                throw new OnlyOne(rules.mode(), other);
            });
        }
    }

    private static boolean isNews(SubLicense file, String jws, Known known) {
        if (!known.tenant().equals(new TenantId(file.tenant()))) {
            throw new OtherTenant();
        }
        if (file.serial() < known.serial()) {
            throw new Superseded(file.serial(), known.serial());
        }
        if (file.serial() == known.serial()) {
            if (!known.jws().equals(jws)) {
                throw new SerialReused(file.serial());
            }
            return false;
        }
        if (!known.isLoaded()) {
            throw new AllocatedHere();
        }
        return true;
    }

    /** One that begins later is taken; it waits like one that was allocated ahead. */
    private static void requireUsable(SubLicense file, Instant now) {
        if (!now.isBefore(file.until())) {
            throw new FileRefused(
                    Flaw.EXPIRED,
                    "The sub-licence was valid until %s; now is %s. Ask whoever issued it for a renewed one."
                            .formatted(file.until(), now));
        }
    }

    private TenantSummary admit(SubLicense file) {
        var holder = file.holder();
        var facts = new NewTenant(
                holder.name(), holder.slug(), DeploymentMode.valueOf(file.mode()), holder.email(), holder.timeZone());
        try {
            return tenants.admit(new TenantId(file.tenant()), facts);
        } catch (TenancyException.Invalid e) {
            throw new TenantUnnamed(e.errors());
        }
    }

    private LoadedSubLicense loaded(SubLicenseId id, TenantSummary tenant, Instant now, Outcome outcome) {
        var stored =
                subLicenses.find(id).orElseThrow(IllegalStateException::new).stored();
        return new LoadedSubLicense(tenant, stored.at(now), outcome);
    }

    private void tell(String action, SubLicense file, TenantSummary tenant, Map<String, ?> more) {
        var granted = file.entitlements();
        var details = new LinkedHashMap<String, Object>(Map.of(
                "tenant", tenant.slug(),
                "serial", file.serial(),
                "validFrom", file.from().toString(),
                "validUntil", file.until().toString(),
                "graceDays", file.graceDays(),
                "instances", granted.instances(),
                "throughputBps", granted.throughputBps(),
                "virtualServices", granted.virtualServices(),
                "features", List.copyOf(granted.features())));
        details.putAll(more);
        audit.record(action, "sub-license", file.id().toString(), details);
    }
}

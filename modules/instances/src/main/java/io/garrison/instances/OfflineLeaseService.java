package io.garrison.instances;

import io.garrison.licensing.InstanceSeats;
import io.garrison.licensing.LicenseTime;
import io.garrison.protocol.LeaseReceipt;
import io.garrison.protocol.ReceiptSigning;
import io.garrison.protocol.UntrustedLeaseException;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.Requires;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
@Transactional
class OfflineLeaseService implements OfflineLeases {

    private final Instances instances;
    private final InstanceSeats seats;
    private final InstallationKeys keys;
    private final LicenseTime time;

    OfflineLeaseService(Instances instances, InstanceSeats seats, InstallationKeys keys, LicenseTime time) {
        this.instances = instances;
        this.seats = seats;
        this.keys = keys;
        this.time = time;
    }

    @Override
    @Requires(Permission.INSTANCE_OPERATE)
    public OfflineLease give(InstanceId id, int days) {
        // The sub-licence is locked before the instance, as by those who take seats away.
        var seen = instances.find(id).orElseThrow(InstanceException.NotFound::new);
        seats.hold(seen.subLicense(), id.value());
        var row = instances.lock(id).orElseThrow(InstanceException.NotFound::new);
        if (!row.lifecycle().mayDialIn()) {
            throw new InstanceException.IllegalTransition(row.lifecycle(), "Enrol the machine again.");
        }
        if (!row.subLicense().equals(seen.subLicense())) {
            throw new InstanceException.IllegalTransition(row.lifecycle(), "Its stack has just moved. Try again.");
        }
        var lease = seats.leaseOffline(row.subLicense(), id.value(), days);
        instances.seat(id, lease, time.now());
        if (lease.signed() == null) {
            throw new IllegalStateException("an offline lease that was not signed");
        }
        return new OfflineLease(id, lease.until(), lease.signed());
    }

    @Override
    @Requires(Permission.INSTANCE_OPERATE)
    public InstanceSummary takeBack(InstanceId id, String receipt) {
        seats.hold(id.value());
        var row = instances.lock(id).orElseThrow(InstanceException.NotFound::new);
        seats.takeBack(read(row, receipt));
        instances.seat(id, null, time.now());
        return instances.summary(id).orElseThrow(InstanceException.NotFound::new);
    }

    private LeaseReceipt read(Instances.Row row, String text) {
        ReceiptSigning.Signed signed;
        try {
            signed = ReceiptSigning.read(text);
        } catch (UntrustedLeaseException e) {
            throw new InstanceException.ReceiptRefused("lease.receipt-invalid", e.reason());
        }
        var receipt = signed.receipt();
        var holder = EdgeAdmissionService.identity(signed.certificate());
        boolean itself = holder.filter(identity -> identity.instanceId().equals(row.id())
                        && identity.tenantId().equals(CurrentTenant.require())
                        && identity.stackId().equals(row.stack()))
                .isPresent();
        if (!isOurs(signed.certificate())) {
            throw new InstanceException.ReceiptRefused(
                    "lease.receipt-foreign", "The receipt is signed by a machine that never enrolled here.");
        }
        if (!itself
                || !receipt.instance().equals(row.id().value())
                || !receipt.tenant().equals(CurrentTenant.require().value())) {
            throw new InstanceException.ReceiptRefused(
                    "lease.receipt-foreign", "The receipt is another instance's. Load it there.");
        }
        return receipt;
    }

    /** Issued here once. It may have expired since: an instance without a network cannot renew it. */
    private boolean isOurs(X509Certificate certificate) {
        try {
            certificate.verify(keys.authority().certificate().getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}

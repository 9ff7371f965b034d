package io.garrison.instances;

import io.garrison.licensing.SubLicenseId;
import io.garrison.protocol.CertificateMaterial;
import io.garrison.protocol.Report;
import io.garrison.protocol.ReportAnswer;

/** What an enrolled edge asks and tells. Called by the edge gateway with the edge's tenant bound. */
public interface EdgeService {

    /**
     * Takes a heartbeat.
     *
     * @throws InstanceException.EdgeMessageRefused if a part of it is beyond its limit
     */
    ReportAnswer report(EdgeIdentity from, Report report);

    /**
     * A certificate that the newest revision of the edge's stack names, with its key.
     *
     * @throws InstanceException.NotFound if it names none such
     */
    CertificateMaterial certificate(EdgeIdentity from, String name);

    /** What the edge's traffic is billed under. */
    SubLicenseId subLicense(EdgeIdentity from);
}

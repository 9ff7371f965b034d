package io.garrison.instances.edgeapi;

import io.garrison.instances.EdgeEnrollment;
import io.garrison.instances.InstanceException.EdgeUnauthenticated;
import io.garrison.instances.InstanceException.EnrollmentRefused;
import io.garrison.instances.InstanceException.TooManyRequests;
import io.garrison.protocol.CertificateRenewal;
import io.garrison.protocol.EnrollRequest;
import io.garrison.protocol.EnrollResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/edge/v1")
class EnrollmentController {

    private static final int MAX_BYTES = 64 * 1024;

    /** Refused tokens and certificates of one address: 30 at once, then one every two seconds. A token that holds costs nothing. */
    private final TokenBuckets<String> refusals = new TokenBuckets<>(30, 0.5, System::nanoTime);

    private final EdgeEnrollment enrollment;

    EnrollmentController(EdgeEnrollment enrollment) {
        this.enrollment = enrollment;
    }

    @PostMapping("/enroll")
    @ResponseStatus(HttpStatus.CREATED)
    EnrollResponse enroll(HttpServletRequest request) throws IOException {
        var origin = open(request);
        var asked = EdgeBody.read(request, MAX_BYTES, EnrollRequest.class);
        EdgeBody.require("enrolment", asked.token(), asked.csr());
        try {
            return enrollment.enroll(asked, origin);
        } catch (EnrollmentRefused e) {
            refusals.charge(origin, 1);
            throw e;
        }
    }

    @PostMapping("/late-certificate")
    CertificateRenewal.Response renewLate(HttpServletRequest request) throws IOException {
        var origin = open(request);
        var asked = EdgeBody.read(request, MAX_BYTES, CertificateRenewal.LateRequest.class);
        EdgeBody.require("renewal", asked.certificate(), asked.csr());
        try {
            return enrollment.renewLate(asked, origin);
        } catch (EdgeUnauthenticated e) {
            refusals.charge(origin, 1);
            throw e;
        }
    }

    /** @throws TooManyRequests if too much from there was refused */
    private String open(HttpServletRequest request) {
        var origin = request.getRemoteAddr();
        long wait = refusals.secondsUntilOpen(origin);
        if (wait > 0) {
            throw new TooManyRequests("refused enrolments from your address", wait);
        }
        return origin;
    }

    @PostMapping("/certificate")
    CertificateRenewal.Response renew(HttpServletRequest request) throws IOException {
        var asked = EdgeBody.read(request, MAX_BYTES, CertificateRenewal.Request.class);
        EdgeBody.require("renewal", asked.csr());
        return enrollment.renew(EdgeGate.identity(request), EdgeGate.certificate(request), asked);
    }
}

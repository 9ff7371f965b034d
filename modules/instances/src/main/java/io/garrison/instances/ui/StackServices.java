package io.garrison.instances.ui;

import io.garrison.instances.CertificateManagement;
import io.garrison.instances.EnrollmentTokens;
import io.garrison.instances.PolicyManagement;
import io.garrison.instances.StackBalancer;
import io.garrison.instances.StackManagement;
import org.springframework.stereotype.Component;

/** What the tabs of a stack's page ask. */
@Component
record StackServices(
        StackManagement stacks,
        PolicyManagement policies,
        CertificateManagement certificates,
        EnrollmentTokens tokens,
        StackBalancer balancers,
        AvailabilityServices availability) {}

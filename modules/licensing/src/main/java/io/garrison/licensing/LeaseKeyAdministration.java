package io.garrison.licensing;

/** The installation's own key of leases. */
public interface LeaseKeyAdministration {

    /** The public half in PEM: by it anybody verifies offline what this installation has signed itself. */
    String pem();
}

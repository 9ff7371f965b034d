package io.garrison.tenancy;

/** Keeps secrets unreadable in the database: AES-256-GCM under a key that is not in it. */
public interface SecretVault {

    /**
     * @param context names the one place where the secret belongs, such as {@code instances.certificate/<id>}; sealed
     *     bytes do not open in another context
     */
    byte[] seal(String context, byte[] secret);

    /** @throws IllegalStateException if the bytes were changed, come from another context, or from another key */
    byte[] open(String context, byte[] sealed);
}

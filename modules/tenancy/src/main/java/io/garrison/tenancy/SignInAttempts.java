package io.garrison.tenancy;

/** Limits how often one address may try to get a credential. Locking accounts is another matter, see {@link SignIn}. */
public interface SignInAttempts {

    /**
     * To be called before each attempt to sign in, to redeem an invitation, or to set the installation up.
     *
     * @param address network address of the caller
     * @throws Refusal of kind {@code TOO_MANY} beyond the limit
     */
    void admit(String address);
}

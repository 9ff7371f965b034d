package io.garrison.tenancy;

/** How somebody who was invited comes in. */
public interface Invitations {

    /**
     * Redeems an invitation. Somebody new sets their password by it; somebody who has an account proves it with the
     * password that they have, so that who made the link cannot take over the account.
     *
     * @throws TenancyException.InvitationInvalid if it is spent, expired or unknown
     * @throws TenancyException.WrongCredentials if the account has another password
     * @throws TenancyException.Invalid if a new password is not acceptable; the invitation stays valid
     */
    void accept(String token, String password);
}

package io.garrison.tenancy;

/** How somebody who was invited comes in. */
public interface Invitations {

    /**
     * Redeems an invitation. The password holds for the house that has invited, whatever other houses know of the address:
     * who made the link cannot take over an account, and who made an account cannot keep anybody out. Whoever has the same
     * password in several houses is one person in all of them from their next sign-in on.
     *
     * @throws TenancyException.InvitationInvalid if it is spent, expired or unknown
     * @throws TenancyException.Invalid if the password is not acceptable; the invitation stays valid
     */
    void accept(String token, String password);
}

package io.garrison.tenancy;

/** How somebody comes back in who has forgotten their password; see {@link MemberManagement#resetPassword}. */
public interface PasswordResets {

    /**
     * Redeems a link: in its house, this password holds from now on, and whatever was signed in there under the former one
     * is signed out. In other houses nothing changes.
     *
     * @throws TenancyException.InvitationInvalid if it is spent, expired or unknown
     * @throws TenancyException.Invalid if the password is not acceptable; the link stays valid
     */
    void redeem(String token, String password);
}

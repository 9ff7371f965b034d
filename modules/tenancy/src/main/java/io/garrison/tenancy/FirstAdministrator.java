package io.garrison.tenancy;

/** How an empty installation gets its first platform administrator. There is no default account and no default password. */
public interface FirstAdministrator {

    /** Whether nobody can administer this installation yet. */
    boolean needed();

    /**
     * Makes the first platform administrator.
     *
     * @throws TenancyException.Invalid if the address or the password is not acceptable
     * @throws TenancyException.InvitationInvalid if there is one already
     */
    void create(String email, String password);

    /**
     * A link by which whoever holds it becomes the first platform administrator, once and within an hour.
     *
     * @param baseUrl address of the console, without a slash at the end
     * @return {@code <baseUrl>/setup?token=…}
     */
    String oneTimeLink(String baseUrl);

    /**
     * Redeems the link's token.
     *
     * @throws TenancyException.InvitationInvalid if the token is not valid, or there is an administrator already
     * @throws TenancyException.Invalid if the address or the password is not acceptable; the token stays valid
     */
    void redeem(String token, String email, String password);
}

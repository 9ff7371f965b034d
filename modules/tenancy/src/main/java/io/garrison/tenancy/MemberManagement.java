package io.garrison.tenancy;

import io.garrison.tenancy.http.Page;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Who belongs to the bound tenant, or, with none bound, to the provider's staff. */
public interface MemberManagement {

    /** @param after e-mail address of the last one that was seen */
    Page<Member> list(@Nullable String after, int limit);

    /** @throws TenancyException.NotFound if the house has no such member */
    Member get(UUID id);

    /**
     * Adds somebody, who belongs from the moment they redeem the invitation.
     *
     * @throws TenancyException.AlreadyMember if the address belongs to a member
     * @throws TenancyException.RoleBeyondYours if the role includes what the caller may not do
     */
    Invited invite(@Nullable String email, @Nullable Role role);

    /** Makes a new invitation for a member who has not accepted; the old one is void. */
    Invited inviteAgain(UUID id);

    /**
     * Makes a one-time link for a member who has forgotten their password; an earlier one is void. The password that they
     * have holds until the link is redeemed, and in other houses also afterwards.
     *
     * @throws TenancyException.NotJoined if they have not accepted their invitation
     * @throws TenancyException.RoleBeyondYours if their role includes what the caller may not do
     */
    Invited resetPassword(UUID id);

    /**
     * @param seen version that the caller last saw, -1 for any
     * @throws TenancyException.LastAdministrator if nobody else could administer the house
     */
    Member change(UUID id, @Nullable Role role, long seen);

    /** @throws TenancyException.LastAdministrator if nobody else could administer the house */
    void remove(UUID id, long seen);

    /** @param accepted whether the person has redeemed the invitation and so can come in */
    record Member(UUID id, String email, Role role, boolean accepted, Instant createdAt, long version) {}

    /**
     * @param token for {@code <console>/invitation?token=…}, or {@code /password} for a reset; told once and never again
     * @param expiresAt as {@code garrison.auth.invitation-life} or {@code .reset-life} say
     */
    record Invited(Member member, String token, Instant expiresAt) {}
}

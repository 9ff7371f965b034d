package io.garrison.tenancy;

import io.garrison.tenancy.MemberManagement.Member;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The rows of members, of one house at a time. */
@Component
class Members {

    private final JdbcClient jdbc;

    Members(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** What a one-time link leads to. */
    record Link(UUID house, UUID member, String email, Role role) {}

    List<Member> page(@Nullable String after, int limit) {
        return jdbc.sql("select * from tenancy.member where tenant_id = ? and email > ? order by email limit ?")
                .params(House.id(), after == null ? "" : after, limit)
                .query(Members::member)
                .list();
    }

    Optional<Member> find(UUID id) {
        return jdbc.sql("select * from tenancy.member where tenant_id = ? and id = ?")
                .params(House.id(), id)
                .query(Members::member)
                .optional();
    }

    /** The administrators of the house, locked in one order, so that two who go at once see each other. */
    List<Member> lockHoldersOf(Role role) {
        return jdbc.sql("select * from tenancy.member where tenant_id = ? and role = ? order by id for update")
                .params(House.id(), role.name())
                .query(Members::member)
                .list();
    }

    /** Nobody has an account by it before they accept. */
    void insert(Member member, byte[] invitationHash, Instant expiresAt) {
        jdbc.sql("""
                        insert into tenancy.member (tenant_id, id, account_id, email, role, invitation_hash,
                            invitation_expires_at, created_at, version) values (?, ?, ?, ?, ?, ?, ?, ?, ?)""")
                .params(
                        House.id(),
                        member.id(),
                        UUID.randomUUID(),
                        member.email(),
                        member.role().name(),
                        invitationHash,
                        Accounts.at(expiresAt),
                        Accounts.at(member.createdAt()),
                        member.version())
                .update();
    }

    /** @return false if the member has accepted in the meantime */
    boolean inviteAgain(UUID id, byte[] invitationHash, Instant expiresAt) {
        return jdbc.sql("""
                        update tenancy.member set invitation_hash = ?, invitation_expires_at = ?, version = version + 1
                        where tenant_id = ? and id = ? and accepted_at is null""")
                        .params(invitationHash, Accounts.at(expiresAt), House.id(), id)
                        .update()
                == 1;
    }

    void changeRole(UUID id, Role role) {
        jdbc.sql("update tenancy.member set role = ?, version = version + 1 where tenant_id = ? and id = ?")
                .params(role.name(), House.id(), id)
                .update();
    }

    void remove(UUID id) {
        jdbc.sql("delete from tenancy.member where tenant_id = ? and id = ?")
                .params(House.id(), id)
                .update();
    }

    /** Of any house; for the provider's role. */
    Optional<Link> invitation(byte[] hash, Instant now) {
        return link("invitation_hash = ? and invitation_expires_at > ? and accepted_at is null", hash, now);
    }

    /** Of any house; for the provider's role. */
    Optional<Link> reset(byte[] hash, Instant now) {
        return link("reset_hash = ? and reset_expires_at > ?", hash, now);
    }

    private Optional<Link> link(String condition, byte[] hash, Instant now) {
        return jdbc.sql("select tenant_id, id, email, role from tenancy.member where " + condition)
                .params(hash, Accounts.at(now))
                .query((row, n) -> new Link(
                        row.getObject("tenant_id", UUID.class),
                        row.getObject("id", UUID.class),
                        row.getString("email"),
                        Role.valueOf(row.getString("role"))))
                .optional();
    }

    /** @return false if the member has not accepted an invitation */
    boolean offerReset(UUID id, byte[] hash, Instant expiresAt) {
        return jdbc.sql("""
                        update tenancy.member set reset_hash = ?, reset_expires_at = ?, version = version + 1
                        where tenant_id = ? and id = ? and accepted_at is not null""")
                        .params(hash, Accounts.at(expiresAt), House.id(), id)
                        .update()
                == 1;
    }

    /** @return false if the link was redeemed, replaced or over in the meantime */
    boolean acceptReset(UUID member, UUID account, byte[] hash, Instant now) {
        return jdbc.sql("""
                        update tenancy.member set account_id = ?, reset_hash = null, reset_expires_at = null,
                            version = version + 1
                        where tenant_id = ? and id = ? and reset_hash = ? and reset_expires_at > ?""")
                        .params(account, House.id(), member, hash, Accounts.at(now))
                        .update()
                == 1;
    }

    /** Memberships of the others become those of the first; in all houses, by the provider's role. */
    void unite(List<UUID> accounts) {
        if (accounts.size() > 1) {
            jdbc.sql("update tenancy.member set account_id = ?, version = version + 1 where account_id = any (?)")
                    .params(
                            accounts.getFirst(),
                            accounts.subList(1, accounts.size()).toArray(UUID[]::new))
                    .update();
        }
    }

    /** @return false if the invitation was redeemed in the meantime */
    boolean accept(UUID member, UUID account, byte[] hash, Instant now) {
        return jdbc.sql("""
                        update tenancy.member set account_id = ?, accepted_at = ?, invitation_hash = null,
                            invitation_expires_at = null, version = version + 1
                        where tenant_id = ? and id = ? and invitation_hash = ? and accepted_at is null""")
                        .params(account, Accounts.at(now), House.id(), member, hash)
                        .update()
                == 1;
    }

    void insertAccepted(UUID id, UUID account, String email, Role role, Instant now) {
        jdbc.sql("""
                        insert into tenancy.member (tenant_id, id, account_id, email, role, accepted_at, created_at)
                        values (?, ?, ?, ?, ?, ?, ?)
                        on conflict (tenant_id, email) do update
                            set role = excluded.role, accepted_at = excluded.accepted_at,
                                account_id = excluded.account_id""")
                .params(House.id(), id, account, email, role.name(), Accounts.at(now), Accounts.at(now))
                .update();
    }

    boolean hasAcceptedHolderOf(Role role) {
        return jdbc.sql("""
                        select exists (select from tenancy.member
                            where tenant_id = ? and role = ? and accepted_at is not null)""")
                .params(House.id(), role.name())
                .query(Boolean.class)
                .single();
    }

    private static Member member(ResultSet row, int n) throws SQLException {
        return new Member(
                row.getObject("id", UUID.class),
                row.getString("email"),
                Role.valueOf(row.getString("role")),
                row.getObject("accepted_at") != null,
                row.getTimestamp("created_at").toInstant(),
                row.getLong("version"));
    }
}

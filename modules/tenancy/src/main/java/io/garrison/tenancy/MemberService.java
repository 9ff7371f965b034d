package io.garrison.tenancy;

import io.garrison.tenancy.http.EntityTag;
import io.garrison.tenancy.http.Page;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;

@Service
class MemberService implements MemberManagement {
    private static final String OBJECT = "member";

    private final Members members;
    private final House house;
    private final AuditTrail audit;
    private final Expiry expiry;

    MemberService(Members members, House house, AuditTrail audit, Expiry expiry) {
        this.members = members;
        this.house = house;
        this.audit = audit;
        this.expiry = expiry;
    }

    @Override
    @Requires(Permission.MEMBER_VIEW)
    public Page<Member> list(@Nullable String after, int limit) {
        return Page.of(house.read(() -> members.page(after, limit + 1)), limit, Member::email);
    }

    @Override
    @Requires(Permission.MEMBER_VIEW)
    public Member get(UUID id) {
        return house.read(() -> members.find(id)).orElseThrow(TenancyException.NotFound::new);
    }

    @Override
    @Requires(Permission.MEMBER_MANAGE)
    public Invited invite(@Nullable String email, @Nullable Role role) {
        var fields = new Fields().email("email", email);
        HouseRoles.check(fields, role);
        fields.refuse();
        if (email == null || role == null) {
            throw new IllegalStateException("a field passed its check without a value");
        }
        HouseRoles.refuseBeyondCaller(role);
        var member = new Member(UUID.randomUUID(), Fields.normalEmail(email), role, false, expiry.now(), 1);
        var token = Secrets.random("gri_");
        var expiresAt = expiry.ofInvitation();
        try {
            return house.write(() -> {
                members.insert(member, Secrets.hash(token), expiresAt);
                audit.record("member.invited", OBJECT, member.id().toString(), facts(member));
                return new Invited(member, token, expiresAt);
            });
        } catch (DuplicateKeyException e) {
            throw new TenancyException.AlreadyMember();
        }
    }

    @Override
    @Requires(Permission.MEMBER_MANAGE)
    public Invited inviteAgain(UUID id) {
        var token = Secrets.random("gri_");
        var expiresAt = expiry.ofInvitation();
        return house.write(() -> {
            var member = members.find(id).orElseThrow(TenancyException.NotFound::new);
            HouseRoles.refuseBeyondCaller(member.role());
            if (!members.inviteAgain(id, Secrets.hash(token), expiresAt)) {
                throw new TenancyException.AlreadyMember();
            }
            audit.record("member.invited-again", OBJECT, id.toString(), facts(member));
            return new Invited(members.find(id).orElseThrow(), token, expiresAt);
        });
    }

    @Override
    @Requires(Permission.MEMBER_MANAGE)
    public Invited resetPassword(UUID id) {
        var token = Secrets.random("grp_");
        var expiresAt = expiry.ofReset();
        return house.write(() -> {
            var member = members.find(id).orElseThrow(TenancyException.NotFound::new);
            HouseRoles.refuseBeyondCaller(member.role());
            if (!members.offerReset(id, Secrets.hash(token), expiresAt)) {
                throw new TenancyException.NotJoined();
            }
            audit.record("member.reset-offered", OBJECT, id.toString(), facts(member));
            return new Invited(members.find(id).orElseThrow(), token, expiresAt);
        });
    }

    @Override
    @Requires(Permission.MEMBER_MANAGE)
    public Member change(UUID id, @Nullable Role role, long seen) {
        var fields = new Fields();
        HouseRoles.check(fields, role);
        fields.refuse();
        if (role == null) {
            throw new IllegalStateException("a field passed its check without a value");
        }
        return house.write(() -> {
            var old = forLeaving(id, seen, role);
            HouseRoles.refuseBeyondCaller(old.role());
            HouseRoles.refuseBeyondCaller(role);
            members.changeRole(id, role);
            audit.record(
                    "member.role-changed",
                    OBJECT,
                    id.toString(),
                    Map.of("email", old.email(), "before", old.role(), "after", role));
            return members.find(id).orElseThrow();
        });
    }

    @Override
    @Requires(Permission.MEMBER_MANAGE)
    public void remove(UUID id, long seen) {
        house.write(() -> {
            var old = forLeaving(id, seen, null);
            HouseRoles.refuseBeyondCaller(old.role());
            members.remove(id);
            audit.record("member.removed", OBJECT, id.toString(), facts(old));
        });
    }

    /** The member, once it is sure that the house keeps an administrator without them. */
    private Member forLeaving(UUID id, long seen, @Nullable Role newRole) {
        var administrators = members.lockHoldersOf(HouseRoles.administrator());
        var member = members.find(id).orElseThrow(TenancyException.NotFound::new);
        EntityTag.check(seen, member.version());
        if (member.role().isAdministrator() && member.role() != newRole) {
            var othersSuffice = administrators.stream()
                    .filter(other -> !other.id().equals(id))
                    .anyMatch(other -> other.accepted() || !member.accepted());
            if (!othersSuffice) {
                throw new TenancyException.LastAdministrator(member.role());
            }
        }
        return member;
    }

    private static Map<String, Object> facts(Member member) {
        return Map.of("email", member.email(), "role", member.role());
    }
}

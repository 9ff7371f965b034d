package io.garrison.tenancy;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

@Service
class InvitationService implements Invitations {

    private final Members members;
    private final NewPasswords newPasswords;
    private final SignIn signIn;
    private final House house;
    private final AuditTrail audit;

    InvitationService(Members members, NewPasswords newPasswords, SignIn signIn, House house, AuditTrail audit) {
        this.members = members;
        this.newPasswords = newPasswords;
        this.signIn = signIn;
        this.house = house;
        this.audit = audit;
    }

    @Override
    public void accept(String token, String password) {
        var hash = Secrets.hash(token);
        var invitation = house.read(() -> members.invitation(hash, newPasswords.now()))
                .orElseThrow(TenancyException.InvitationInvalid::new);
        if (!newPasswords.setIfNone(invitation.account(), invitation.email(), password)) {
            signIn.verify(invitation.email(), password);
        }
        var who = new Actor(Actor.Kind.ACCOUNT, invitation.account().toString(), invitation.email(), origin(), null);
        Actor.callAs(
                who,
                () -> House.in(invitation.house(), () -> {
                    house.write(() -> join(invitation, hash));
                    return true;
                }));
    }

    private void join(Members.Invitation invitation, byte[] hash) {
        if (!members.accept(invitation.member(), hash, newPasswords.now())) {
            throw new TenancyException.InvitationInvalid();
        }
        audit.record(
                "member.joined",
                "member",
                invitation.member().toString(),
                Map.of("email", invitation.email(), "role", invitation.role()));
    }

    private static @Nullable String origin() {
        return Actor.find().map(Actor::origin).orElse(null);
    }
}

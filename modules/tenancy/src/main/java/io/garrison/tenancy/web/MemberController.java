package io.garrison.tenancy.web;

import io.garrison.tenancy.MemberManagement;
import io.garrison.tenancy.MemberManagement.Invited;
import io.garrison.tenancy.MemberManagement.Member;
import io.garrison.tenancy.Role;
import io.garrison.tenancy.http.EntityTag;
import io.garrison.tenancy.http.Page;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The provider's staff, and the members of a tenant: the same rules in each house. */
@RestController
@RequestMapping({"/api/v1/members", "/api/v1/tenants/{t}/members"})
class MemberController {

    private final MemberManagement members;

    MemberController(MemberManagement members) {
        this.members = members;
    }

    @GetMapping
    Page<Told> list(
            @RequestParam(defaultValue = "" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit,
            @RequestParam(required = false) @Nullable String after) {
        return members.list(after, limit).map(member -> Told.of(member, null));
    }

    @PostMapping
    ResponseEntity<Told> invite(@RequestBody NewMember asked, HttpServletRequest request) {
        var invited = members.invite(asked.email(), asked.role());
        return ResponseEntity.created(URI.create(
                        request.getRequestURI() + "/" + invited.member().id()))
                .eTag(EntityTag.of(invited.member().version()))
                .cacheControl(CacheControl.noStore())
                .body(Told.of(invited.member(), Link.invitation(invited)));
    }

    @GetMapping("/{id}")
    ResponseEntity<Told> get(@PathVariable UUID id) {
        return told(members.get(id));
    }

    @PatchMapping("/{id}")
    ResponseEntity<Told> change(
            @PathVariable UUID id,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
            @RequestBody Change change) {
        return told(members.change(id, change.role(), EntityTag.require(ifMatch)));
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void remove(@PathVariable UUID id, @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch) {
        members.remove(id, EntityTag.require(ifMatch));
    }

    @PostMapping("/{id}/invitation")
    ResponseEntity<Told> inviteAgain(@PathVariable UUID id) {
        var invited = members.inviteAgain(id);
        return ResponseEntity.ok()
                .eTag(EntityTag.of(invited.member().version()))
                .cacheControl(CacheControl.noStore())
                .body(Told.of(invited.member(), Link.invitation(invited)));
    }

    /** A one-time link for a member who has forgotten their password; whatever they have in other houses stays. */
    @PostMapping("/{id}/password-reset")
    ResponseEntity<Told> resetPassword(@PathVariable UUID id) {
        var offered = members.resetPassword(id);
        return ResponseEntity.ok()
                .eTag(EntityTag.of(offered.member().version()))
                .cacheControl(CacheControl.noStore())
                .body(Told.ofReset(offered));
    }

    private static ResponseEntity<Told> told(Member member) {
        return ResponseEntity.ok().eTag(EntityTag.of(member.version())).body(Told.of(member, null));
    }

    record NewMember(@Nullable String email, @Nullable Role role) {}

    record Change(@Nullable Role role) {}

    /**
     * @param invitation told once, to who invites
     * @param passwordReset told once, to who asked for it
     */
    record Told(
            UUID id,
            String email,
            Role role,
            boolean accepted,
            Instant createdAt,
            @Nullable Link invitation,
            @Nullable Link passwordReset) {

        static Told of(Member member, @Nullable Link invitation) {
            return of(member, invitation, null);
        }

        static Told ofReset(Invited offered) {
            return of(offered.member(), null, Link.to("/password", offered));
        }

        private static Told of(Member member, @Nullable Link invitation, @Nullable Link passwordReset) {
            return new Told(
                    member.id(),
                    member.email(),
                    member.role(),
                    member.accepted(),
                    member.createdAt(),
                    invitation,
                    passwordReset);
        }
    }

    /** @param path on the console, to be handed to the person */
    record Link(String token, String path, Instant expiresAt) {

        static Link invitation(Invited invited) {
            return to("/invitation", invited);
        }

        static Link to(String page, Invited invited) {
            return new Link(invited.token(), page + "?token=" + invited.token(), invited.expiresAt());
        }
    }
}

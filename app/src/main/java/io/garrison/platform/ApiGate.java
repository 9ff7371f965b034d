package io.garrison.platform;

import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.Refusal;
import io.garrison.tenancy.SignIn;
import io.garrison.tenancy.SignInAttempts;
import io.garrison.tenancy.SignedIn;
import io.garrison.tenancy.TenancyException;
import io.garrison.tenancy.TenantDirectory;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets callers of the API in: finds out who they are, and, below a tenant's path, whether that tenant is theirs to enter;
 * binds both for the rest of the request. A tenant that is not theirs and one that does not exist look the same.
 */
class ApiGate extends OncePerRequestFilter {

    /** By these, people get a credential in the first place. */
    private static final Set<String> OPEN =
            Set.of("/api/v1/auth/token", "/api/v1/invitations/accept", "/api/v1/password-resets", "/api/v1/setup");

    private final SignIn signIn;
    private final TenantDirectory tenants;
    private final Problems problems;
    private final SignInAttempts attempts;

    ApiGate(SignIn signIn, TenantDirectory tenants, Problems problems, SignInAttempts attempts) {
        this.signIn = signIn;
        this.tenants = tenants;
        this.problems = problems;
        this.attempts = attempts;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            if (OPEN.contains(request.getServletPath()) && request.getMethod().equals("POST")) {
                attempts.admit(request.getRemoteAddr());
                chain.doFilter(request, response);
                return;
            }
            var who = credential(request).flatMap(signIn::byCredential).orElseThrow(TenancyException.NotSignedIn::new);
            if (request.getServletPath().startsWith("/actuator")
                    && !who.may(Permission.SYSTEM_VIEW, Optional.empty())) {
                throw new TenancyException.Forbidden(Permission.SYSTEM_VIEW);
            }
            var path = TenantPath.of(request);
            SignedIn.<Void, Exception>callAs(who, request.getRemoteAddr(), () -> {
                if (path.isPresent()) {
                    enter(who, path.get(), () -> chain.doFilter(request, response));
                } else {
                    chain.doFilter(request, response);
                }
                return null;
            });
        } catch (Refusal refusal) {
            problems.write(response, refusal);
        } catch (ServletException | IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new ServletException(e);
        }
    }

    private void enter(SignedIn who, TenantPath path, Passage passage) throws Exception {
        var tenant = path.id();
        if (tenant == null || !who.mayEnter(tenant)) {
            throw new TenancyException.NotFound();
        }
        CurrentTenant.<Void, Exception>callAs(tenant, () -> {
            if (tenants.find(tenant).isEmpty()) {
                throw new TenancyException.NotFound();
            }
            passage.go();
            return null;
        });
    }

    private static Optional<String> credential(HttpServletRequest request) {
        var header = request.getHeader("Authorization");
        return header != null && header.regionMatches(true, 0, "Bearer ", 0, 7)
                ? Optional.of(header.substring(7).strip())
                : Optional.empty();
    }

    private interface Passage {
        void go() throws ServletException, IOException;
    }
}

package io.garrison.platform;

import io.garrison.tenancy.SignIn;
import io.garrison.tenancy.SignedIn;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Binds the person who is signed in at the console, with the roles of this moment, for the rest of the request. Somebody
 * who has lost every role is signed out.
 */
class ConsoleGate extends OncePerRequestFilter {

    private final SignIn signIn;

    ConsoleGate(SignIn signIn) {
        this.signIn = signIn;
    }

    @Override
    protected boolean shouldNotFilterAsyncDispatch() {
        return false;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var person = person();
        if (person.isEmpty()) {
            chain.doFilter(request, response);
            return;
        }
        var who = signIn.byAccount(person.get().account());
        if (who.isEmpty()) {
            SecurityContextHolder.clearContext();
            var session = request.getSession(false);
            if (session != null) {
                session.invalidate();
            }
            response.sendRedirect(request.getContextPath() + "/login");
            return;
        }
        try {
            SignedIn.<Void, Exception>callAs(who.get(), request.getRemoteAddr(), () -> {
                chain.doFilter(request, response);
                return null;
            });
        } catch (ServletException | IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new ServletException(e);
        }
    }

    private static Optional<ConsolePerson> person() {
        var authentication = SecurityContextHolder.getContext().getAuthentication();
        return authentication != null && authentication.getPrincipal() instanceof ConsolePerson person
                ? Optional.of(person)
                : Optional.empty();
    }
}

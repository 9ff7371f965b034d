package io.garrison.platform;

import io.garrison.tenancy.Refusal;
import io.garrison.tenancy.SignIn;
import io.garrison.tenancy.SignInAttempts;
import java.util.Locale;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.web.authentication.WebAuthenticationDetails;
import org.springframework.stereotype.Component;

/** Signs people in at the console with the same checks as the API. */
@Component
class PasswordSignIn implements AuthenticationProvider {

    private final SignIn signIn;
    private final SignInAttempts attempts;

    PasswordSignIn(SignIn signIn, SignInAttempts attempts) {
        this.signIn = signIn;
        this.attempts = attempts;
    }

    @Override
    public Authentication authenticate(Authentication attempt) {
        var email = attempt.getName().strip().toLowerCase(Locale.ROOT);
        try {
            if (attempt.getDetails() instanceof WebAuthenticationDetails from) {
                attempts.admit(from.getRemoteAddress());
            }
            var account = signIn.verify(email, String.valueOf(attempt.getCredentials()));
            if (signIn.byAccount(account).isEmpty()) {
                throw new BadCredentialsException("no role anywhere");
            }
            return UsernamePasswordAuthenticationToken.authenticated(
                    new ConsolePerson(account, email), null, AuthorityUtils.createAuthorityList("ROLE_USER"));
        } catch (Refusal e) {
            throw new BadCredentialsException("refused", e);
        }
    }

    @Override
    public boolean supports(Class<?> kind) {
        return UsernamePasswordAuthenticationToken.class.isAssignableFrom(kind);
    }
}

package io.garrison.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.tenancy.SignIn;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.web.authentication.WebAuthenticationDetails;

class PasswordSignInTests {

    private final List<String> checked = new ArrayList<>();

    /** A flood from one address costs no hashing, as at the API. */
    @Test
    void checksNoPasswordForAnAddressWithTooManyAttempts() {
        var passwords = new PasswordSignIn(signIn(), address -> {
            if (address.equals("192.0.2.66")) {
                throw new PlatformException.TooManyAttempts(30);
            }
        });

        assertThatExceptionOfType(BadCredentialsException.class)
                .isThrownBy(() -> passwords.authenticate(attempt("192.0.2.66")))
                .havingCause()
                .isInstanceOf(PlatformException.TooManyAttempts.class);
        assertThat(checked).isEmpty();
        assertThatExceptionOfType(BadCredentialsException.class)
                .isThrownBy(() -> passwords.authenticate(attempt("192.0.2.67")));
        assertThat(checked).containsExactly("verify", "byAccount");
    }

    /** Knows one account, which has no role. */
    private SignIn signIn() {
        return (SignIn) Proxy.newProxyInstance(
                SignIn.class.getClassLoader(), new Class<?>[] {SignIn.class}, (proxy, method, arguments) -> {
                    checked.add(method.getName());
                    return method.getName().equals("verify") ? UUID.randomUUID() : java.util.Optional.empty();
                });
    }

    private static UsernamePasswordAuthenticationToken attempt(String address) {
        var request = new MockHttpServletRequest();
        request.setRemoteAddr(address);
        var attempt = UsernamePasswordAuthenticationToken.unauthenticated("anna@example.com", "a long password");
        attempt.setDetails(new WebAuthenticationDetails(request));
        return attempt;
    }
}

package io.garrison.platform;

import com.vaadin.flow.spring.security.VaadinAwareSecurityContextHolderStrategy;
import com.vaadin.flow.spring.security.VaadinSecurityConfigurer;
import io.garrison.tenancy.SignIn;
import io.garrison.tenancy.SignInAttempts;
import io.garrison.tenancy.TenantDirectory;
import java.time.Clock;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.AuthorizeHttpRequestsConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.security.web.session.DisableEncodeUrlFilter;

/** Which requests pass which gate: programs by credential, probes and documents openly, people by session. */
@Configuration(proxyBeanMethods = false)
@EnableWebSecurity
@EnableConfigurationProperties(SignInThrottle.Settings.class)
class SecurityChains {

    /**
     * Vaadin installs its strategy only after all singletons exist; filters that read the static field before would keep
     * another one. So it is installed first, and the instance is shared.
     */
    static {
        SecurityContextHolder.setContextHolderStrategy(new VaadinAwareSecurityContextHolderStrategy());
    }

    @Bean
    static SecurityContextHolderStrategy securityContextHolderStrategy() {
        return SecurityContextHolder.getContextHolderStrategy();
    }

    @Bean
    SignInThrottle signInThrottle(Clock clock, SignInThrottle.Settings settings) {
        return new SignInThrottle(clock, settings);
    }

    @Bean
    @Order(10)
    SecurityFilterChain api(
            HttpSecurity http,
            SignIn signIn,
            TenantDirectory tenants,
            Problems problems,
            SignInAttempts attempts,
            IdempotencyStore idempotency) {
        return stateless(http.securityMatcher("/api/**", "/actuator/**"))
                .addFilterBefore(new FaultFilter(problems), DisableEncodeUrlFilter.class)
                .addFilterBefore(new ApiGate(signIn, tenants, problems, attempts), AuthorizationFilter.class)
                .addFilterBefore(new BodyLimitFilter(problems), AuthorizationFilter.class)
                .addFilterBefore(new IdempotencyFilter(idempotency, problems), AuthorizationFilter.class)
                .build();
    }

    /** What monitors and readers of the documentation may see without a credential. */
    @Bean
    @Order(20)
    SecurityFilterChain open(HttpSecurity http) {
        return stateless(http.securityMatcher(
                        "/livez",
                        "/readyz",
                        "/v3/api-docs/**",
                        "/v3/api-docs.yaml",
                        "/docs",
                        "/docs/**",
                        "/swagger-ui/**"))
                .build();
    }

    private static HttpSecurity stateless(HttpSecurity http) {
        return http.csrf(AbstractHttpConfigurer::disable)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .authorizeHttpRequests(requests -> requests.anyRequest().permitAll());
    }

    @Bean
    @Order(100)
    SecurityFilterChain console(HttpSecurity http, SignIn signIn, PasswordSignIn passwords) {
        http.authenticationProvider(passwords)
                .authorizeHttpRequests(requests -> requests.requestMatchers(
                                "/garrison.css",
                                "/vendor/**",
                                "/charts/**",
                                "/icons/**",
                                "/images/**",
                                "/favicon.ico",
                                "/error")
                        .permitAll())
                .with(
                        VaadinSecurityConfigurer.vaadin(),
                        vaadin -> vaadin.loginView("/login")
                                // An address that no view has is answered by the console itself, which says so.
                                .anyRequest(AuthorizeHttpRequestsConfigurer.AuthorizedUrl::authenticated))
                .addFilterAfter(new ConsoleGate(signIn), AuthorizationFilter.class);
        return http.build();
    }

    /** PostgreSQL keeps no NUL; parameters are held to that as paths are. */
    @Bean
    HttpFirewall httpFirewall() {
        var firewall = new StrictHttpFirewall();
        firewall.setAllowedParameterValues(value -> value.indexOf('\0') < 0);
        return firewall;
    }

    /** What the firewall refuses (encoded slashes, line breaks) is told like any other bad input. */
    @Bean
    RequestRejectedHandler requestRejectedHandler(Problems problems) {
        return (request, response, rejected) ->
                problems.write(response, Problems.of(400, "malformed", "This address is not acceptable.", List.of()));
    }
}

package io.garrison.platform;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.util.List;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The description of the API for programs, at {@code /v3/api-docs}, and for people, at {@code /docs}. */
@Configuration(proxyBeanMethods = false)
class ApiDocumentation {

    @Bean
    OpenAPI garrisonApi() {
        return new OpenAPI()
                .info(new Info()
                        .title("Garrison")
                        .version("v1")
                        .description("Errors are RFC 9457 problems with a stable code. Mutable resources have an ETag;"
                                + " changes need If-Match. POST accepts Idempotency-Key.")
                        .license(new License().name("Apache-2.0")))
                .components(new Components()
                        .addSecuritySchemes(
                                "bearer",
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer")
                                        .description("A token of POST /api/v1/auth/token, or an API key")))
                .addSecurityItem(new SecurityRequirement().addList("bearer"));
    }

    @Bean
    OpenApiCustomizer whatForceLeadsTo() {
        return api -> List.of("quarantine", "decommission").forEach(verb -> {
            var path = api.getPaths().get("/api/v1/tenants/{t}/instances/{i}/" + verb);
            if (path != null) {
                path.getPost()
                        .description(
                                "409 instance.holds-addresses if the instance holds shared addresses and has peers:"
                                        + " drain it first. With force=true it keeps them while a peer takes them too,"
                                        + " until the machine is off.");
            }
        });
    }

    @Bean
    OpenApiCustomizer whatTheDoctorDoes() {
        return api -> {
            var path = api.getPaths().get("/api/v1/tenants/{t}/instances/{i}/doctor");
            if (path != null) {
                path.getPost()
                        .description("Has the instance look for what is wrong with it. It hears of that with its next"
                                + " heartbeat; follow it with GET. Asked again before the end, that one goes on. 409"
                                + " instance.illegal-transition if management can't ask it.");
                path.getGet()
                        .description(
                                "How the latest examination stands, and the newest result, which is of an earlier one"
                                        + " unless the state is DONE. Its cause is the finding to begin with.");
            }
        };
    }
}

package io.garrison.platform;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
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
}

package io.garrison.platform;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.valves.ErrorReportValve;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;

/** What the API answers where no controller does, and that it speaks JSON and no other language of documents. */
@Configuration(proxyBeanMethods = false)
class ApiEdges implements WebMvcConfigurer {

    /** Libraries on the class path bring converters along, which know nothing of the strictness of {@link StrictJson}. */
    private static final Set<String> NOT_SPOKEN = Set.of("xml", "yaml", "cbor", "x-jackson-smile");

    /** After all that is mapped to controllers (from -100 to 2), before the console, which takes whatever is left. */
    private static final int AFTER_CONTROLLERS = 1_000;

    private final Problems problems;

    ApiEdges(Problems problems) {
        this.problems = problems;
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new AcceptCheck(problems)).addPathPatterns("/api/**");
    }

    @Override
    public void configureMessageConverters(HttpMessageConverters.ServerBuilder builder) {
        builder.configureMessageConvertersList(all -> all.removeIf(ApiEdges::isNotSpoken));
    }

    private static boolean isNotSpoken(HttpMessageConverter<?> converter) {
        return converter.getSupportedMediaTypes().stream().anyMatch(type -> NOT_SPOKEN.contains(type.getSubtype()));
    }

    @Bean
    static SimpleUrlHandlerMapping nothingHere(Problems problems) {
        HttpRequestHandler nothing = (request, response) -> problems.write(response, Problems.of(404));
        var mapping = new SimpleUrlHandlerMapping(Map.of("/api/**", nothing, "/actuator/**", nothing));
        mapping.setOrder(AFTER_CONTROLLERS);
        return mapping;
    }

    /** Has no order, and so comes after Spring Boot's own, which puts a valve there that speaks HTML. */
    @Bean
    static WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> problemsOfTheContainer(Problems problems) {
        return factory -> factory.addContextCustomizers(context -> {
            var host = (StandardHost) context.getParent();
            for (var valve : List.of(host.getPipeline().getValves())) {
                if (valve instanceof ErrorReportValve) {
                    host.getPipeline().removeValve(valve);
                }
            }
            host.getPipeline().addValve(new ProblemValve(problems));
            host.setErrorReportValveClass(ProblemValve.class.getName()); // it adds no other if this one is there
        });
    }
}

package io.garrison.instances.ui;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.VirtualService;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceFormTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"rateLimit\":{\"requestsPerSecond\":5,\"connectionsPerSecond\":7,\"requestsPerMinute\":100}",
                "\"rateLimit\":{\"requestsPerMinute\":100}",
                "\"rateLimit\":{\"connectionsPerSecond\":7}",
                "\"rateLimit\":null"
            })
    void givesBackTheLimitsThatItWasFilledWith(String limit) {
        var json = "{\"name\":\"shop\",\"address\":\"192.0.2.1\",\"port\":80,\"pool\":\"web\",%s}".formatted(limit);
        var service = ProtocolJson.read(json.getBytes(StandardCharsets.UTF_8), VirtualService.class);

        assertThat(new ServiceForm(service, List.of("web"), List.of(), () -> {}).value())
                .isEqualTo(service);
    }
}

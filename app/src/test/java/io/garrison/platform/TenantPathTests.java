package io.garrison.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.tenancy.TenantId;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;

class TenantPathTests {

    private static final String ID = "0b6e4a1c-52a4-4f0c-9f43-1d5f7f1a2b3c";

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/members", "/stacks/x/policy"})
    void namesTheTenant(String below) {
        assertThat(of("/api/v1/tenants/" + ID + below)).contains(new TenantPath(new TenantId(UUID.fromString(ID))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/tenants", "/api/v1/members", "/api/v1/tenantsx/" + ID, "/x/api/v1/tenants/" + ID})
    void isNotBelowATenant(String path) {
        assertThat(of(path)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "1-1-1-1-1",
                "0B6E4A1C-52A4-4F0C-9F43-1D5F7F1A2B3C",
                "00000000-0000-0000-0000-000000000000",
                " " + ID,
                ID + "\n",
                ID + ".json",
                "{" + ID + "}",
            })
    void isBelowSomethingThatIsNoTenantsName(String name) {
        assertThat(of("/api/v1/tenants/" + name + "/members")).contains(new TenantPath(null));
    }

    @Test
    void looksAtBothPartsOfThePath() {
        var request = new MockHttpServletRequest();
        request.setServletPath("/api/v1");
        request.setPathInfo("/tenants/" + ID);

        assertThat(TenantPath.of(request)).contains(new TenantPath(new TenantId(UUID.fromString(ID))));
    }

    private static Optional<TenantPath> of(String path) {
        var request = new MockHttpServletRequest();
        request.setServletPath(path);
        return TenantPath.of(request);
    }
}

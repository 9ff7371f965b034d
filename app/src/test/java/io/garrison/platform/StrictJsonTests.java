package io.garrison.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.garrison.platform.PlantedEndpoints.Form;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.mock.http.MockHttpInputMessage;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

class StrictJsonTests {

    private final JsonMapper mapper = mapper();

    private static JsonMapper mapper() {
        var builder = JsonMapper.builder(new StrictJson().jsonFactory());
        new StrictJson().strictly().customize(builder);
        return builder.build();
    }

    @Test
    void readsWhatIsWellFormed() {
        var form = mapper.readValue("""
                {"text":"Gr\\u00fc\u00dfe \ud83d\ude00 \\ud83d\\ude00\\n","number":5,"at":"2026-11-01T00:00:00.5Z","colour":"RED",
                 "forms":[{"at":"2026-11-01T02:00:00+02:00"}]}""", Form.class);

        assertThat(form.text()).isEqualTo("Gr\u00fc\u00dfe \ud83d\ude00 \ud83d\ude00\n");
        assertThat(form.forms())
                .containsExactly(new Form(null, null, Instant.parse("2026-11-01T00:00:00Z"), null, null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "{                                        | -              | syntax",
                "{\"text\":\"a\",\"text\":\"b\"}          | -              | syntax",
                "{'text':'a'}                             | -              | syntax",
                "{\"text\":\"a\"} {}                      | -              | trailing",
                "{\"text\":\"a\"} x                       | -              | syntax",
                "{\"nothing\":1}                          | nothing        | unknown-field",
                "{\"forms\":[{},{\"nothing\":1}]}         | forms.1.nothing | unknown-field",
                "[]                                       | -              | wrong-type",
                "\"text\"                                 | -              | wrong-type",
                "{\"number\":\"1\"}                       | number         | wrong-type",
                "{\"number\":1.5}                         | number         | wrong-type",
                "{\"number\":true}                        | number         | wrong-type",
                "{\"number\":99999999999}                 | number         | wrong-type",
                "{\"number\":1e99}                        | number         | wrong-type",
                "{\"text\":5}                             | text           | wrong-type",
                "{\"text\":{}}                            | text           | wrong-type",
                "{\"at\":5}                               | at             | wrong-type",
                "{\"at\":\"yesterday\"}                   | at             | wrong-type",
                "{\"at\":\"+10000-01-01T00:00:00Z\"}      | at             | wrong-type",
                "{\"at\":\"2026-02-30T00:00:00Z\"}        | at             | wrong-type",
                "{\"colour\":\"BLUE\"}                    | colour         | wrong-type",
                "{\"colour\":0}                           | colour         | wrong-type",
                "{\"forms\":{}}                           | forms          | wrong-type",
                "{\"text\":\"a\\u0000b\"}                 | text           | text",
                "{\"text\":\"a\\ud800b\"}                 | text           | text",
                "{\"forms\":[{\"text\":\"\\udc00\"}]}     | forms.0.text   | text",
            })
    void saysWhatIsWrongAndWhere(String json, String field, String code) {
        var told = told(json.getBytes(StandardCharsets.UTF_8));

        assertThat(told.field()).isEqualTo(field == null ? "" : field);
        assertThat(told.code()).isEqualTo(code);
        assertThat(told.message()).doesNotContain("garrison").doesNotContain("java");
    }

    @Test
    void refusesWhatIsTooDeepOrTooLong() {
        var deep = "{\"forms\":[".repeat(30) + "]}".repeat(30);
        var text = "{\"text\":\"" + "x".repeat((1 << 20) + 1) + "\"}";
        var number = "{\"number\":" + "1".repeat(101) + "}";

        for (var json : new String[] {deep, text, number}) {
            assertThat(told(json.getBytes(StandardCharsets.UTF_8)).code()).isEqualTo("too-large");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"text\":\"\u00ff\u00ff\"}", "\u00ff\u00fe"})
    void refusesWhatIsNotUtf8(String latin1) {
        assertThat(told(latin1.getBytes(StandardCharsets.ISO_8859_1)).code()).isEqualTo("syntax");
    }

    private io.garrison.tenancy.Refusal.FieldError told(byte[] json) {
        var fault = catchThrowableOfType(JacksonException.class, () -> mapper.readValue(json, Form.class));
        assertThat(fault).as(new String(json, StandardCharsets.UTF_8)).isNotNull();
        return JsonFaults.explain(
                new HttpMessageNotReadableException("unreadable", fault, new MockHttpInputMessage(json)));
    }
}

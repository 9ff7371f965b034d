package io.garrison.platform;

import io.garrison.tenancy.Refusal.FieldError;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.http.converter.HttpMessageNotReadableException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Says what is wrong with a JSON body, by field, in words of our own: a library's may name classes. */
final class JsonFaults {

    private JsonFaults() {}

    static FieldError explain(HttpMessageNotReadableException e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof UnrecognizedPropertyException unknown) {
                return new FieldError(path(unknown), "unknown-field", "There is no such field.");
            }
            if (cause instanceof InvalidFormatException text && text.getTargetType() == String.class) {
                return new FieldError(path(text), "text", "Text may not hold NUL or half a character.");
            }
            if (cause instanceof MismatchedInputException mismatch) {
                if (mismatch.getPath().isEmpty() && isTrailing(mismatch)) {
                    return new FieldError("", "trailing", "There is more after the end of the document.");
                }
                return new FieldError(path(mismatch), "wrong-type", "This value is not of the expected type or form.");
            }
            if (cause instanceof StreamConstraintsException) {
                return new FieldError("", "too-large", "The document is too large or nested too deeply.");
            }
            if (cause instanceof InputCoercionException range) {
                return new FieldError(path(range), "wrong-type", "This number is out of range here.");
            }
            if (cause instanceof StreamReadException syntax) {
                return new FieldError(
                        "",
                        "syntax",
                        "Not valid JSON at line %d, column %d."
                                .formatted(
                                        syntax.getLocation().getLineNr(),
                                        syntax.getLocation().getColumnNr()));
            }
            if (cause instanceof JacksonException json) {
                return new FieldError(path(json), "invalid", "This value is not acceptable.");
            }
        }
        return new FieldError("", "required", "A JSON body is required.");
    }

    /** Jackson has no exception of its own for it. */
    private static boolean isTrailing(MismatchedInputException e) {
        return e.getOriginalMessage().startsWith("Trailing token");
    }

    private static String path(JacksonException e) {
        List<JacksonException.Reference> path = e.getPath();
        return path.stream()
                .map(reference -> reference.getPropertyName() == null
                        ? Integer.toString(reference.getIndex())
                        : reference.getPropertyName())
                .collect(Collectors.joining("."));
    }
}

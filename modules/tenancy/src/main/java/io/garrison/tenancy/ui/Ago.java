package io.garrison.tenancy.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.Tag;
import com.vaadin.flow.component.dependency.JsModule;
import com.vaadin.flow.data.renderer.LitRenderer;
import com.vaadin.flow.function.ValueProvider;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A moment relative to now, kept current by the browser; the absolute time in the reader's zone on hover. */
@Tag("garrison-time")
@JsModule("context://assets/garrison/time.js")
public final class Ago extends Component {
    private static final long serialVersionUID = 1L;

    public Ago(@Nullable Instant at) {
        setInstant(at);
    }

    /** The absolute time instead, with the relative one on hover. */
    public static Ago absolute(Instant at) {
        var ago = new Ago(at);
        ago.getElement().setAttribute("absolute", true);
        return ago;
    }

    public void setInstant(@Nullable Instant at) {
        getElement().setAttribute("at", at == null ? "" : at.toString());
    }

    /** For a grid column; cheaper than a component per row. The view must hold one {@link Ago}, or load this class's script. */
    public static <T> LitRenderer<T> column(ValueProvider<T, @Nullable Instant> moment, boolean absolute) {
        var template = absolute
                ? "<garrison-time absolute .at=${item.at}></garrison-time>"
                : "<garrison-time .at=${item.at}></garrison-time>";
        return LitRenderer.<T>of(template).withProperty("at", row -> {
            var at = moment.apply(row);
            return at == null ? "" : at.toString();
        });
    }
}

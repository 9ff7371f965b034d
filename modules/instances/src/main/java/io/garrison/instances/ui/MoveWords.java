package io.garrison.instances.ui;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.html.Span;
import io.garrison.tenancy.Refusal;

/** What both sides of a move say in the same way. */
final class MoveWords {

    private MoveWords() {}

    static Div fingerprint(String fingerprint, String why) {
        var code = new Span(fingerprint);
        code.addClassName("mono");
        var line = new Div(new Span("Fingerprint "), code);
        var all = new Div(line, quiet(why));
        all.addClassName("fingerprint");
        return all;
    }

    static Paragraph quiet(String text) {
        var told = new Paragraph(text);
        told.addClassName("quiet");
        return told;
    }

    /** In its place, until the next attempt. */
    static Div refused(Refusal refusal) {
        return bad(String.valueOf(refusal.getMessage()));
    }

    static Div bad(String text) {
        var hint = new Div(new Span(text));
        hint.addClassNames("hint", "bad");
        hint.getElement().setAttribute("role", "alert");
        return hint;
    }
}

package io.garrison.tenancy.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Code;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.icon.VaadinIcon;

/** Text to be taken elsewhere as it is: a token, a command. */
public final class CopyField extends Div {
    private static final long serialVersionUID = 1L;

    public CopyField(String label, String text) {
        addClassName("copy-field");
        var name = new Span(label);
        name.addClassName("label");
        var code = new Code(text);
        var copy = new Button("Copy", VaadinIcon.COPY_O.create());
        copy.addThemeVariants(ButtonVariant.TERTIARY);
        copy.setAriaLabel("Copy " + label.toLowerCase(java.util.Locale.ROOT));
        copy.addClickListener(click -> {
            // the clipboard needs a secure context; on a plain address the text is at least selected
            copy.getElement().executeJs("""
                    const range = document.createRange(); range.selectNodeContents($0);
                    getSelection().removeAllRanges(); getSelection().addRange(range);
                    if (navigator.clipboard) navigator.clipboard.writeText($0.textContent); else document.execCommand('copy');
                    """, code.getElement());
            Notices.done("Copied");
        });
        var line = new Div(code, copy);
        line.addClassName("copy-line");
        add(name, line);
    }
}

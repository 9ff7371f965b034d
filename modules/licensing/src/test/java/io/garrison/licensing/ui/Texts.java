package io.garrison.licensing.ui;

import com.vaadin.flow.component.Component;

/** What a reader sees, with plain spaces. */
final class Texts {

    private Texts() {}

    static String of(Component component) {
        return plain(component.getElement().getTextRecursively());
    }

    static String plain(String text) {
        return text.replace('\u00a0', ' ').replace('\u202f', ' ');
    }
}

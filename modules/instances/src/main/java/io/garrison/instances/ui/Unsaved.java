package io.garrison.instances.ui;

/** Part of a page in which something may be typed that is lost when the reader goes elsewhere. */
interface Unsaved {

    boolean isUnsaved();
}

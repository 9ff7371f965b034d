package io.garrison.licensing.ui;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.textfield.EmailField;
import com.vaadin.flow.component.textfield.TextField;
import io.garrison.tenancy.ResellerManagement;
import io.garrison.tenancy.ResellerManagement.NewReseller;
import io.garrison.tenancy.ui.EditDialog;
import io.garrison.tenancy.ui.FormProblems;
import io.garrison.tenancy.ui.Notices;

/** Makes a reseller. */
final class ResellerDialog {

    private final ResellerManagement resellers;
    private final Runnable made;
    private final TextField name = new TextField("Name");
    private final TextField slug = new TextField("Short name");
    private final EmailField contact = new EmailField("Contact e-mail address");

    ResellerDialog(ResellerManagement resellers, Runnable made) {
        this.resellers = resellers;
        this.made = made;
    }

    void open() {
        name.setHelperText("As on contracts and bills");
        slug.setHelperText("In file names and lists; a–z, 0–9 and -. Cannot be changed later");
        contact.setHelperText("Who is told about its licences");
        var form = new Div(name, slug, contact);
        form.addClassName("form");
        var problems =
                new FormProblems().field("name", name).field("slug", slug).field("contactEmail", contact);
        var dialog = new EditDialog("Create reseller", "Create reseller", form, () -> problems.attempt(this::create));
        name.addValueChangeListener(change -> dialog.changed());
        slug.addValueChangeListener(change -> dialog.changed());
        contact.addValueChangeListener(change -> dialog.changed());
        dialog.open();
    }

    private void create() {
        var one = resellers.create(new NewReseller(
                name.getValue().strip(),
                slug.getValue().strip(),
                contact.getValue().strip()));
        Notices.done(one.name() + " can be allotted parts of licences");
        made.run();
    }
}

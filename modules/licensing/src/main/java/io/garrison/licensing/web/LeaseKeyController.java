package io.garrison.licensing.web;

import io.garrison.licensing.LeaseKeyAdministration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** For {@code garrison license verify --installation-key}. */
@RestController
@RequestMapping("/api/v1/lease-key")
class LeaseKeyController {

    private final LeaseKeyAdministration key;

    LeaseKeyController(LeaseKeyAdministration key) {
        this.key = key;
    }

    @GetMapping(produces = "application/x-pem-file")
    String get() {
        return key.pem();
    }
}

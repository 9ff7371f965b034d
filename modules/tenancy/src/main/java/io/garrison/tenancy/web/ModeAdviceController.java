package io.garrison.tenancy.web;

import io.garrison.tenancy.ModeAdvisor;
import io.garrison.tenancy.ModeAdvisor.ModeAdvice;
import io.garrison.tenancy.ModeAdvisor.Situation;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/mode-advice")
class ModeAdviceController {

    private final ModeAdvisor advisor;

    ModeAdviceController(ModeAdvisor advisor) {
        this.advisor = advisor;
    }

    /** Which deployment mode suits a customer, why, and what each would take. */
    @GetMapping
    ModeAdvice advise(
            @RequestParam int instances,
            @RequestParam(defaultValue = "false") boolean ownManagement,
            @RequestParam(defaultValue = "false") boolean dataStaysAtCustomer,
            @RequestParam(defaultValue = "true") boolean providerReachable,
            @RequestParam(defaultValue = "false") boolean kubernetes,
            @RequestParam(defaultValue = "0") int spareInstanceMebibytes,
            @RequestParam(defaultValue = "0") int spareMachineMebibytes,
            @RequestParam(defaultValue = "0") int providerInstances) {
        return advisor.advise(new Situation(
                instances,
                ownManagement,
                dataStaysAtCustomer,
                providerReachable,
                kubernetes,
                spareInstanceMebibytes,
                spareMachineMebibytes,
                providerInstances));
    }
}

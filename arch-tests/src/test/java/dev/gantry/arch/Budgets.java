package dev.gantry.arch;

import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

/// The hard limits on size; docs of a target that is lower are in CONTRIBUTING.md.
final class Budgets {
    static final int PARAMETERS = 7;
    static final int LINES_OF_A_FILE = 600;
    static final int LINES_OF_A_FILE_TO_MENTION = 200;
    static final int LINES_OF_A_METHOD = 60;
    static final int FILES_OF_A_PACKAGE = 30;

    private Budgets() {}

    static ArchCondition<JavaMethod> haveAtMostSevenParameters() {
        return new ArchCondition<>("have at most " + PARAMETERS + " parameters") {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                int parameters = method.getRawParameterTypes().size();
                boolean generated =
                        method.getModifiers().contains(com.tngtech.archunit.core.domain.JavaModifier.SYNTHETIC);
                events.add(new SimpleConditionEvent(
                        method,
                        generated || parameters <= PARAMETERS,
                        method.getFullName() + " has " + parameters + " parameters"));
            }
        };
    }
}

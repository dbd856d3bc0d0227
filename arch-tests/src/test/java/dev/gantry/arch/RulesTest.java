package dev.gantry.arch;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every rule holds for what is shipped, and is broken by its fixture.
class RulesTest {
    @ParameterizedTest
    @EnumSource
    void holdsForEveryModule(Rule rule) {
        rule.rule().check(Production.classes());
    }

    @ParameterizedTest
    @EnumSource
    void isBrokenByItsFixture(Rule rule) {
        var fixtures = new ClassFileImporter().importClasses(rule.offenders());
        assertThat(rule.rule().evaluate(fixtures).hasViolation()).isTrue();
    }
}

package dev.gantry.arch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import dev.gantry.oci.fixture.UpwardDependency;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Dependencies between modules point in one direction.
class ModulesTest {
    /// What each module may know of the others.
    private static final Map<String, List<String>> KNOWS = Map.of(
            "oci", List.of(),
            "kernel", List.of(),
            "store", List.of("oci", "kernel"),
            "registry", List.of("oci"),
            "runtime", List.of("oci", "kernel"),
            "bundle", List.of("oci", "kernel", "runtime"),
            "engine", List.of("oci", "kernel", "store", "registry", "runtime"),
            "api", List.of("oci", "kernel", "engine", "runtime"),
            // the command line speaks to the daemon as a stranger would; kernel is for the terminal
            "cli", List.of("kernel"),
            "daemon", List.of("oci", "kernel", "store", "runtime", "engine", "api"));

    static Stream<String> modules() {
        return Production.modules().stream();
    }

    @Test
    void haveARuleEach() {
        assertThat(Production.modules()).containsExactlyInAnyOrderElementsOf(KNOWS.keySet());
    }

    @ParameterizedTest
    @MethodSource("modules")
    void areSeenByTheScan(String module) {
        Path directory = Production.classDirectory(module);
        List<JavaClass> seen = Production.classes().stream()
                .filter(type ->
                        type.getSource().orElseThrow().getUri().getPath().startsWith(directory.toString()))
                .toList();
        assertThat(seen).as("classes of %s", module).hasSizeGreaterThan(1);
        assertThat(seen)
                .filteredOn(type -> !type.getSimpleName().equals("module-info"))
                .allMatch(type -> (type.getPackageName() + ".").startsWith("dev.gantry." + module + "."));
    }

    @Test
    void areSeenByTheScanInFull() {
        assertThat(Production.classes()).hasSizeGreaterThan(200);
    }

    @ParameterizedTest
    @MethodSource("modules")
    void knowOnlyModulesToTheirLeft(String module) {
        direction(module).check(Production.classes());
    }

    @Test
    void areRefusedWhenTheyLookRight() {
        var classes = new ClassFileImporter().importClasses(UpwardDependency.class);
        assertThat(direction("oci").evaluate(classes).hasViolation()).isTrue();
    }

    private static ArchRule direction(String module) {
        String[] unknown = KNOWS.keySet().stream()
                .filter(other -> !other.equals(module) && !KNOWS.get(module).contains(other))
                .map(other -> "dev.gantry." + other + "..")
                .toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage("dev.gantry." + module + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(unknown)
                .because("the direction of modules is in ARCHITECTURE.md");
    }
}

package dev.gantry.arch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.arch.SourceTree.Found;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rules about source text, which bytecode does not show.
class SourcesTest {
    private static final Pattern BANNED_OPENING = Pattern.compile(
            "(failed to|unable to|could not|error while|something went wrong).*",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    /// Docker's own texts, which clients and scripts match on.
    private static final List<String> TEXTS_OF_DOCKER = List.of(
            "Failed to initialize: unable to resolve docker endpoint: ",
            "failed to create the container ID file: ",
            "failed to parse template: ",
            "failed to execute template: ",
            "failed to parse ",
            "failed to parse platform: ",
            "failed to export container",
            "failed to save image",
            "Could not find the file ",
            "failed to parse value as time or duration: \"",
            "Unable to find image '",
            "unable to find user ",
            "unable to find group ",
            "Unable to find group ");
    /// Split, so that this file does not break its own rule.
    private static final List<String> BANNED_WORDS = List.of("TO" + "DO", "FIX" + "ME", "XX" + "X ");

    private static final List<Path> MAIN = Production.sources("main");
    private static final List<Path> TESTS = Production.sources("test");
    private static final SourceTree MAIN_TREE = SourceTree.parse(MAIN);
    private static final SourceTree TEST_TREE = SourceTree.parse(TESTS);

    @TempDir
    Path directory;

    @Test
    void stayBelowSixHundredLines() {
        Map<Path, Long> lengths =
                lengths(Stream.concat(MAIN.stream(), TESTS.stream()).toList());
        List<String> tooLong = lengths.entrySet().stream()
                .filter(entry -> entry.getValue() > Budgets.LINES_OF_A_FILE_TO_MENTION)
                .map(entry -> Production.root().relativize(entry.getKey()) + " " + entry.getValue())
                .toList();
        System.getLogger("dev.gantry.arch").log(System.Logger.Level.WARNING, "files over 200 lines: {0}", tooLong);
        assertThat(lengths)
                .allSatisfy((file, lines) ->
                        assertThat(lines).as("lines of %s", file).isLessThanOrEqualTo(Budgets.LINES_OF_A_FILE));
    }

    @Test
    void haveMethodsBelowSixtyLines() {
        assertThat(longMethods(MAIN_TREE)).isEmpty();
        assertThat(longMethods(TEST_TREE)).isEmpty();
    }

    @Test
    void haveAtMostThirtyFilesInAPackage() {
        Map<Path, Long> sizes = MAIN.stream().collect(Collectors.groupingBy(Path::getParent, Collectors.counting()));
        assertThat(sizes)
                .allSatisfy((directory, files) ->
                        assertThat(files).as("files of %s", directory).isLessThanOrEqualTo(Budgets.FILES_OF_A_PACKAGE));
    }

    @Test
    void openNoMessageWithAnEmptyPhrase() {
        assertThat(emptyPhrases(MAIN_TREE)).isEmpty();
    }

    @Test
    void deferNothing() {
        assertThat(Stream.concat(MAIN.stream(), TESTS.stream()).filter(SourcesTest::defers))
                .isEmpty();
    }

    @Test
    void explainEveryPackageAndModule() {
        Stream<Path> descriptors =
                MAIN.stream().filter(file -> file.endsWith("package-info.java") || file.endsWith("module-info.java"));
        assertThat(descriptors)
                .isNotEmpty()
                .allSatisfy(file -> assertThat(Production.read(file)).contains("///"));
        assertThat(MAIN.stream()
                        .filter(file -> !file.endsWith("module-info.java"))
                        .map(Path::getParent)
                        .distinct())
                .allSatisfy(directory ->
                        assertThat(directory.resolve("package-info.java")).exists());
    }

    @Test
    void ofTestsAreNamedAsSentences() {
        assertThat(TEST_TREE.methods()).noneMatch(method -> method.text().matches("test([A-Z_].*)?"));
    }

    @Test
    void ofTestsWaitForConditionsInsteadOfSleeping() {
        assertThat(TEST_TREE.calls()).noneMatch(call -> call.text().equals("Thread.sleep"));
    }

    @Test
    void ofTestsUseNoMockingLibrary() {
        assertThat(TESTS).noneMatch(file -> Production.read(file).contains("import org." + "mockito"));
    }

    /// AssertJ puts words of its own before the reason of a skip, whose beginning `./check` reads.
    @Test
    void ofTestsAssumeWithJUnit() {
        assertThat(TEST_TREE.calls()).noneMatch(call -> call.text().equals("assumeThat"));
    }

    @Test
    void areSeenInEveryModule() {
        assertThat(Production.modules())
                .allSatisfy(module -> assertThat(MAIN)
                        .anyMatch(file -> file.startsWith(Production.root().resolve(module))));
        assertThat(MAIN_TREE.methods()).hasSizeGreaterThan(100);
        assertThat(MAIN_TREE.literals()).hasSizeGreaterThan(100);
    }

    @Test
    void areRefusedByTheRulesWhenTheyBreakThem() throws IOException {
        String body = "x++;\n".repeat(Budgets.LINES_OF_A_METHOD + 1);
        Path offender = Files.writeString(
                directory.resolve("Offender.java"),
                "class Offender { // " + BANNED_WORDS.getFirst() + "\n void m(int x) {\n" + body
                        + "}\n String s = \"Failed to think\"; }\n");
        SourceTree tree = SourceTree.parse(List.of(offender));
        assertThat(longMethods(tree)).hasSize(1);
        assertThat(emptyPhrases(tree)).hasSize(1);
        assertThat(defers(offender)).isTrue();
    }

    private static List<Found> longMethods(SourceTree tree) {
        return tree.methods().stream()
                .filter(method -> method.size() > Budgets.LINES_OF_A_METHOD)
                .toList();
    }

    private static List<Found> emptyPhrases(SourceTree tree) {
        return tree.literals().stream()
                .filter(literal -> BANNED_OPENING.matcher(literal.text()).matches())
                .filter(literal -> !TEXTS_OF_DOCKER.contains(literal.text()))
                .toList();
    }

    private static boolean defers(Path file) {
        String text = Production.read(file);
        return BANNED_WORDS.stream().anyMatch(text::contains);
    }

    private static Map<Path, Long> lengths(List<Path> files) {
        return files.stream()
                .collect(Collectors.toMap(
                        file -> file, file -> Production.read(file).lines().count()));
    }
}

package dev.gantry.arch;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The tree under test: its modules, their sources, their compiled classes.
final class Production {
    private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");
    private static final JavaClasses CLASSES = importClasses();

    private Production() {}

    /// The nearest directory above the working directory that holds the Maven wrapper.
    static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("mvnw"))) {
            directory = directory.getParent();
        }
        return directory;
    }

    /// Every module of the root pom.
    static List<String> allModules() {
        return MODULE.matcher(read(root().resolve("pom.xml")))
                .results()
                .map(MatchResult::group)
                .map(element -> element.replaceAll("<[^>]+>", ""))
                .toList();
    }

    /// The modules that are shipped: those with a module descriptor.
    static List<String> modules() {
        return allModules().stream()
                .filter(module -> Files.exists(root().resolve(module).resolve("src/main/java/module-info.java")))
                .toList();
    }

    static Path classDirectory(String module) {
        return root().resolve(module).resolve("target/classes");
    }

    /// The classes of all shipped modules.
    static JavaClasses classes() {
        return CLASSES;
    }

    private static JavaClasses importClasses() {
        return new ClassFileImporter()
                .importPaths(modules().stream().map(Production::classDirectory).toList());
    }

    /// The source files below `src/<kind>/java` of every module, kind being `main` or `test`.
    static List<Path> sources(String kind) {
        return allModules().stream()
                .map(module ->
                        root().resolve(module).resolve("src").resolve(kind).resolve("java"))
                .filter(Files::isDirectory)
                .flatMap(Production::javaFiles)
                .sorted()
                .toList();
    }

    private static Stream<Path> javaFiles(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
